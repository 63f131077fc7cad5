//! Expressions of routing rules, as far as they translate: what is known of the caller is settled, what headers and
//! parameters state becomes facts.

use crate::import::condition::Test;
use crate::import::facts::Facts;
use crate::limits::MAX_IMPORTED_VALUE;
use crate::number::{self, Rational};

/// What is known of a request before it is sent.
pub(super) struct Known<'a> {
    /// Variables that are texts, with their values; none: it may be any other than the ones that rules name.
    pub(super) texts: &'a [(&'static str, Option<String>)],
    /// The budgets that count for it; none where its provider is not known.
    pub(super) budgets: Option<&'a [String]>,
}

/// A condition of a rule, as far as it has a meaning here.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Is(bool),
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Not(Box<Expr>),
    /// `left == right` and the like.
    Compare(Operand, &'static str, Operand),
    /// `left in ["a", "b"]`.
    In(Operand, Vec<Operand>),
    /// `left.startsWith("a")` and the like.
    Call(Operand, String, String),
    /// `"a" in headers`, `has(headers.a)`.
    Stated(Operand),
    /// `when ? yes : no`.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Anything else, as written; whether it asks for what a request may lack.
    Untold(String, bool),
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Variable(String),
    /// `headers["x"]`, `params["x"]`.
    Field(String, String),
    Text(String),
    Number(Rational),
}

impl Operand {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Variable(name) => name.clone(),
            Self::Field(root, key) => format!("{root}[\"{key}\"]"),
            Self::Text(text) => format!("\"{text}\""),
            Self::Number(number) => number::exact(number),
        }
    }
}

impl Expr {
    /// Texts that the model is compared with.
    pub(super) fn models(&self, found: &mut Vec<String>) {
        let is_model = |operand: &Operand| *operand == Operand::Variable("model".to_owned());
        let mut add = |operand: &Operand| {
            if let Operand::Text(text) = operand {
                found.push(text.clone());
            }
        };
        match self {
            Self::Is(_) | Self::Call(..) | Self::Stated(_) | Self::Untold(..) => {}
            Self::Any(all) | Self::All(all) => all.iter().for_each(|one| one.models(found)),
            Self::Choice(when, yes, no) => [when, yes, no].into_iter().for_each(|one| one.models(found)),
            Self::Not(inner) => inner.models(found),
            Self::Compare(left, _, right) if is_model(left) => add(right),
            Self::Compare(left, _, right) if is_model(right) => add(left),
            Self::In(left, list) if is_model(left) => list.iter().for_each(add),
            Self::Compare(..) | Self::In(..) => {}
        }
    }

    /// When it is true, or with `holds` false when it is false. An error on the way is neither: a rule whose header is
    /// missing does not match.
    pub(super) fn test(&self, holds: bool, known: &Known, facts: &mut Facts) -> Test {
        match self {
            Self::Is(value) => Test::of(*value == holds),
            Self::Not(inner) => inner.test(!holds, known, facts),
            Self::Any(all) | Self::All(all) => {
                let tests: Vec<Test> = all.iter().map(|one| one.test(holds, known, facts)).collect();
                if matches!(self, Self::Any(_)) == holds { Test::any(tests) } else { Test::all(tests) }
            }
            Self::Compare(left, sign, right) => compare(left, sign, right, holds, known, facts),
            Self::In(left, list) => {
                let one = |item: &Operand, facts: &mut Facts| compare(left, "==", item, holds, known, facts);
                let tests: Vec<Test> = list.iter().map(|item| one(item, facts)).collect();
                if holds { Test::any(tests) } else { Test::all(tests) }
            }
            Self::Call(left, method, argument) => call(left, method, argument, holds, known, facts),
            Self::Stated(field) => stated(field, holds, facts),
            Self::Choice(when, yes, no) => {
                Test::any([(true, yes), (false, no)].map(|(is, then)| {
                    Test::all([when.test(is, known, facts), then.test(holds, known, facts)])
                }))
            }
            Self::Untold(shown, may_lack) => facts.opaque(shown, holds, *may_lack),
        }
    }
}

/// Whether a request brings a header or parameter at all.
fn stated(field: &Operand, holds: bool, facts: &mut Facts) -> Test {
    let Operand::Field(_, key) = field else { return facts.opaque(&field.shown(), holds, false) };
    let is = facts.stated_but(&field.shown(), key, None);
    if holds { is } else { is.not() }
}

fn compare(
    left: &Operand,
    sign: &str,
    right: &Operand,
    holds: bool,
    known: &Known,
    facts: &mut Facts,
) -> Test {
    let shown = format!("{} {sign} {}", left.shown(), right.shown());
    let (operand, other, sign) = match (left, right) {
        (Operand::Text(_) | Operand::Number(_), _) => (right, left, flipped(sign)),
        _ => (left, right, sign),
    };
    let is_equal = match sign {
        "==" => Some(holds),
        "!=" => Some(!holds),
        _ => None,
    };
    match (operand, other, is_equal) {
        (Operand::Variable(name), Operand::Text(text), Some(is_equal)) => match known.text(name) {
            Some(Some(value)) => Test::of((value == text) == is_equal),
            // Another one than any that is named.
            Some(None) => Test::of(!is_equal),
            None => facts.opaque(&shown, holds, false),
        },
        (Operand::Variable(name), Operand::Number(number), None) if name == "budget_used" => {
            budget(sign, number, holds, known).unwrap_or_else(|| facts.opaque(&shown, holds, false))
        }
        (Operand::Field(_, key), Operand::Text(text), Some(is_equal)) if text.len() <= MAX_IMPORTED_VALUE => {
            let whole = operand.shown();
            match (is_equal, text.as_str()) {
                (true, "") => Test::Never,
                (false, "") => facts.stated_but(&whole, key, None),
                (true, text) => facts.stated_as(&whole, key, text),
                (false, text) => facts.stated_but(&whole, key, Some(text)),
            }
        }
        _ => facts.opaque(&shown, holds, matches!(operand, Operand::Field(..))),
    }
}

fn call(left: &Operand, method: &str, argument: &str, holds: bool, known: &Known, facts: &mut Facts) -> Test {
    let value = match left {
        Operand::Variable(name) => known.text(name).cloned().flatten(),
        _ => None,
    };
    let settled = value.and_then(|value| match method {
        "startsWith" => Some(value.starts_with(argument)),
        "endsWith" => Some(value.ends_with(argument)),
        "contains" => Some(value.contains(argument)),
        _ => None,
    });
    let shown = format!("{}.{method}(\"{argument}\")", left.shown());
    settled.map_or_else(
        || facts.opaque(&shown, holds, matches!(left, Operand::Field(..))),
        |is| Test::of(is == holds),
    )
}

/// What is used of the budget that is used most, as what is left of all that count.
fn budget(sign: &str, percent: &Rational, holds: bool, known: &Known) -> Option<Test> {
    let hundred = number::whole(100);
    if *percent < number::whole(0) || *percent > hundred {
        return None;
    }
    let sign = match (sign, holds) {
        (">", true) | ("<=", false) => "<",
        (">=", true) | ("<", false) => "<=",
        ("<", true) | (">=", false) => ">",
        ("<=", true) | (">", false) => ">=",
        _ => return None,
    };
    let budgets = known.budgets?;
    let left = hundred - percent;
    let one =
        |name: &String| Test::Plain(format!("budget.{name}.remaining {sign} {}%", number::exact(&left)));
    let more_used = sign.starts_with('<');
    if budgets.is_empty() {
        // Nothing is used of no budget.
        let all_left = number::whole(100);
        return Some(Test::of(match sign {
            "<" => all_left < left,
            "<=" => all_left <= left,
            ">" => all_left > left,
            _ => all_left >= left,
        }));
    }
    let tests: Vec<Test> = budgets.iter().map(one).collect();
    Some(if more_used { Test::any(tests) } else { Test::all(tests) })
}

impl Known<'_> {
    /// The value of a text variable: none where it is not one, none in it where it is not settled.
    fn text(&self, name: &str) -> Option<&Option<String>> {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

fn flipped(sign: &str) -> &'static str {
    match sign {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        "!=" => "!=",
        _ => "==",
    }
}

#[cfg(test)]
mod tests {
    use super::super::lower;
    use super::super::parse::Why;
    use super::*;

    fn read(text: &str) -> String {
        let texts =
            [("model", Some("gpt-4o".to_owned())), ("team_name", Some("ml".to_owned())), ("provider", None)];
        let budgets = ["openai-spend".to_owned()];
        let known = Known { texts: &texts, budgets: Some(&budgets) };
        let mut facts = Facts::default();
        match lower::read(text) {
            Ok((_, Some(fault))) => format!("? {fault}"),
            Ok((expr, None)) => {
                expr.test(true, &known, &mut facts).text(&facts).unwrap_or_else(|| "true".to_owned())
            }
            Err(Why::Invalid(why)) => format!("! {why}"),
            Err(Why::Bound(why)) => format!("# {why}"),
        }
    }

    #[test]
    fn expressions_say_the_same() {
        let cases = [
            ("", "true"),
            ("true", "true"),
            ("headers[\"X-Tier\"] == \"premium\"", "x-tier == premium"),
            ("headers['x-tier'] != 'free'", "x-tier != unstated and x-tier != free"),
            ("!(headers['x-tier'] == 'free')", "x-tier != unstated and x-tier != free"),
            ("headers['x-tier'] in ['a', 'b c']", "x-tier == a or x-tier == \"b c\""),
            ("model == 'gpt-4o' && team_name != 'ml'", "false"),
            ("model.startsWith('gpt-') || headers['x'] == 'y'", "true"),
            ("provider == 'openai'", "false"),
            ("budget_used > 80", "budget.openai-spend.remaining < 20%"),
            ("90.5 <= budget_used", "budget.openai-spend.remaining <= 9.5%"),
            ("!(budget_used > 80)", "budget.openai-spend.remaining >= 20%"),
            ("tokens_used < 75", "when-tokens-used-75 == yes"),
            ("headers['x'].contains('a')", "when-headers-x-contains-a == yes"),
            ("!headers['x'].contains('a')", "when-headers-x-contains-a == no"),
            ("params[\"Tier\"] != \"\"", "tier != unstated"),
            ("'X-Tier' in headers", "x-tier != unstated"),
            ("!('x-tier' in headers)", "x-tier == unstated"),
            ("has(headers.tier)", "tier != unstated"),
            ("headers.tier == '1' // the tier", "tier == \"1\""),
            ("model == 'gpt-4o' ? headers['a'] == 'b' : true", "a == b"),
            ("headers['a'] == 'b' ? model == 'x' : true", "a != unstated and a != b"),
            ("model == \"\"\"gpt-4o\"\"\" && team_name == r'ml'", "true"),
            ("model == '\\u0067pt-4o'", "true"),
        ];
        for (theirs, ours) in cases {
            assert_eq!(read(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn what_is_valid_and_has_no_equivalent_is_stated_with_each_request() {
        let cases = [
            ("headers['n'].size() > 3", "when-headers-n-size-3 == yes"),
            ("int(headers['n']) >= 3", "when-int-headers-n-3 == yes"),
            ("matches(model, '^gpt')", "when-matches-model-gpt == yes"),
            ("['a', 'b'].exists(x, model.startsWith(x))", "when-a-b-exists-x-model-startswith-x == yes"),
            ("headers.all(k, k != 'y')", "when-headers-all-k-k-y == yes"),
            ("model + '-mini' == 'x'", "when-model-mini-x == yes"),
            (
                "timestamp('2026-01-01T00:00:00Z') < timestamp(headers['t'])",
                "when-timestamp-2026-01-01t00-00-00z-timestamp-headers-t == yes",
            ),
            (
                "{'a': 1}['a'] == 1 && bytes(model) == b'x'",
                "when-a-1-a-1 == yes and when-bytes-model-b-x == yes",
            ),
            ("tokens_used * 2.0 > 1e2", "when-tokens-used-2-0-1e2 == yes"),
            ("(model == 'a') == true", "when-model-a-true == yes"),
        ];
        for (theirs, ours) in cases {
            assert_eq!(read(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn what_is_no_expression_is_told_from_what_means_nothing_to_bifrost() {
        let cases = [
            ("headers['x-tier", "! a text is not closed"),
            ("model ==", "! something is missing at the end"),
            ("(model == 'a'", "! a `(` is not closed"),
            ("model = 'a'", "! `=` is not part of an expression"),
            ("model == 'a' and true", "! `and` where it cannot stand"),
            ("))((", "! `)` where it cannot stand"),
            ("model == 'a\\q'", "! `\\q` is not an escape"),
            ("model == if", "! `if` where it cannot stand"),
            ("request.model == 'x'", "? `request` is a number, which has no `model`"),
            ("body.model == 'x'", "? Bifrost documents no variable `body`"),
            ("has(headers['x'])", "? `has` asks for a field, as in `has(headers.name)`"),
            ("headers['n'] > 3", "? `headers['n']` is a text, and `3` is a number"),
            ("lower(model) == 'x'", "? CEL has no function `lower`"),
            ("model.startsWith()", "? `startsWith` takes 1, not 0"),
            ("model", "? it is a text, not true or false"),
            ("model && true", "? `model` is a text, where true or false is expected"),
        ];
        for (theirs, why) in cases {
            assert_eq!(read(theirs), why, "{theirs}");
        }
        let deep = "# an expression of more than 32 levels is not read";
        for nested in ["!".repeat(100) + "true", "(".repeat(2000), "a".to_owned() + &".b".repeat(1000)] {
            assert_eq!(read(&nested), deep, "{nested}");
        }
    }
}
