//! Conditions as other languages write them.

use crate::diag::quantity::Wanted;
use crate::diag::{day, elsewhere};
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `time in [22:00, 06:00]`, `hour between 22 and 6`, `date > 2027-01-31`: a condition knows no clock.
pub(in crate::syntax) fn clock(scene: &Scene<'_>) -> Option<String> {
    let mut tokens = scene.clause();
    let opener = tokens.first()?.text(scene.text);
    if !matches!(opener, "when" | "require" | "forbid" | "where" | "for" | "always" | "never") {
        return None;
    }
    tokens.extend(scene.onward().into_iter().take_while(|token| !words::is_clause(token.text(scene.text))));
    let said = |token: &Token| token.text(scene.text);
    let is_day = |token: &&Token| token.kind == Kind::Number && day::is_day(said(token));
    if let Some(day) = tokens.iter().find(is_day) {
        return Some(format!(
            "a condition knows no clock: `from` and `until` say on which days a statement is in force, as in `from {}`",
            said(day)
        ));
    }
    let compares =
        |token: &Token| words::COMPARISONS.contains(&said(token)) || matches!(said(token), "between" | "in");
    let of_clock = tokens.windows(2).any(|pair| {
        let [name, next] = pair else { return false };
        elsewhere::CLOCK.contains(&said(name)) && compares(next)
    });
    let counts = tokens.iter().any(|token| token.kind == Kind::Number);
    let is_known = tokens.iter().any(|token| is_time(said(token))) || (of_clock && counts);
    is_known.then(|| elsewhere::NO_CLOCK.to_owned())
}

/// `22:00`.
fn is_time(text: &str) -> bool {
    let parts = text.split_once(':').map(|(hours, rest)| (hours.parse::<u8>(), rest.get(..2)));
    matches!(parts, Some((Ok(..=24), Some(minutes))) if minutes.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A call of a function that is nothing here.
fn call(scene: &Scene<'_>) -> Option<String> {
    let before = scene.before.filter(|before| before.kind == Kind::Word)?;
    let called = scene.found_text() == "(" && scene.found?.start == before.end && scene.expects("and");
    called.then(|| {
        let name = before.text(scene.text);
        let clause = scene.clause();
        let opener = clause.first().map_or("", |first| first.text(scene.text));
        let argument = scene.behind(1).unwrap_or_default();
        if words::is_set(argument) {
            return format!(
                "no condition counts what a set has, so no `{name}(…)`: name what it must have, as in `{argument} has …`"
            );
        }
        let example = match opener {
            "always" | "never" => "chain.length >= 2",
            "require" | "forbid" | "where" => "model.tier == premium",
            _ => "classification == restricted",
        };
        format!("there are no functions, so no `{name}(…)`: compare an attribute with a value, as in `{example}`")
    })
}

/// Arithmetic, and a choice within a condition.
pub(super) fn computed(scene: &Scene<'_>) -> Option<String> {
    let number = scene.behind(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    let condition = scene.expects("and")
        && scene
            .before
            .is_some_and(|token| token.kind == Kind::Word || (number && token.kind == Kind::Number));
    if let Some(help) = star(scene).or_else(|| multiplied(scene)).or_else(|| call(scene)) {
        return Some(help);
    }
    match scene.found_text() {
        "*" | "+" | "-" | "^" if condition => {
            Some("a condition compares and does not compute: write the number itself".to_owned())
        }
        "?" => {
            Some("there is no `… ? … : …`: write two rules, the second with the opposite `when`".to_owned())
        }
        word @ ("xor" | "nor" | "nand" | "iff") if scene.expects("and") => {
            Some(format!("there is no `{word}`: join conditions with `and`, `or` and `not`"))
        }
        _ => None,
    }
}

/// A number times an attribute: nothing is computed.
fn multiplied(scene: &Scene<'_>) -> Option<String> {
    let sign = matches!(scene.found_text(), "*" | "/" | "+" | "-" | "×") && scene.expects("and");
    let number = scene.before.is_some_and(|token| token.kind == Kind::Number);
    let next = scene.behind(1).filter(|next| next.starts_with(|c: char| c.is_alphabetic()))?;
    let (attribute, operator) = (scene.third_before()?, scene.second_before?.text(scene.text));
    if !(sign && number && words::COMPARISONS.contains(&operator)) || words::is_keyword(next) {
        return None;
    }
    let example = Wanted::of_attribute(attribute)?.example();
    Some(format!(
        "a condition compares and does not compute: write a number, for example `{attribute} {operator} {example}`"
    ))
}

/// A `*` that is not at the end of the beginning of names.
fn star(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    if scene.first == "test" || !(scene.expects("and") || scene.expects_group("a value or attribute")) {
        return None;
    }
    let is_pattern = scene.before.is_some_and(|token| token.kind == Kind::Word) && before.ends_with('*');
    if found == "*" && is_pattern {
        return Some(format!("leave out the second `*`: `{before}`"));
    }
    let clause = scene.clause();
    let keyword = clause.first().map_or("", |token| token.text(scene.text));
    let end = scene.found?.end;
    let glued = scan::next(scene.text, end).is_some_and(|next| next.start == end);
    if found == "*" && before == "==" && !glued && matches!(keyword, "when" | "for") {
        let alone = clause.len() == 3 && !scene.behind(1).is_some_and(|next| matches!(next, "and" | "or"));
        return Some(if alone {
            format!("leave the `{keyword}` out: without one, every request is meant")
        } else {
            "leave this comparison out: it would be true of every request".to_owned()
        });
    }
    let inside = is_pattern && matches!(found, "." | "-");
    let first = found == "*" && scene.expects_group("a value or attribute");
    (inside || first).then(|| {
        "a pattern is the beginning of names, with its `*` at the end, as in `support.*`: write the names themselves, `use_case in [a, b]`"
            .to_owned()
    })
}

/// A set compared as if it were one value, or tested with another word.
pub(super) fn set_test(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    let is_set = SETS.contains(&before.rsplit('.').next()?) && scene.expects("has");
    match found {
        "is" | "=" | "equals" | "contain" | "containing" | "include" if is_set => {
            Some(format!("write it as `{before} has {}`", scene.phrase(1)))
        }
        "[" if before == "all" || before == "any" => {
            let set = scene.third_before()?;
            let join = if before == "any" { " or " } else { " and " };
            let all: Vec<String> = scene.listed(1).iter().map(|item| format!("{set} has {item}")).collect();
            Some(format!("write it as `{}`", all.join(join)))
        }
        set if SETS.contains(&set) && matches!(before, "no" | "exists" | "any" | "some") => {
            Some(match before {
                "no" => format!("write it as `not {}`", scene.rest_of_line(0)),
                _ => format!("write it as `{set} has …`"),
            })
        }
        _ => None,
    }
}

/// `forbid model a/b`.
pub(super) fn model_named(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    (matches!(scene.before_text(), "model" | "provider") && scene.expects("==")).then(|| {
        let what = if found.contains('/') { "id" } else { "provider" };
        format!("write it as `model.{what} == {found}`")
    })
}

/// `use_case not in [a]`, `use_case is not a`.
pub(super) fn test_of_negation(scene: &Scene<'_>) -> Option<String> {
    let attribute = scene.before.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    if words::is_keyword(attribute) && !words::is_set(attribute) {
        return None;
    }
    match (scene.found_text(), scene.behind(1)?) {
        ("not", operator @ ("in" | "has" | "covers" | "contains")) => {
            let operator = if operator == "contains" { "has" } else { operator };
            let rest = scene.rest_of_line(2);
            Some(format!("write it as `not {attribute} {operator} {rest}`"))
        }
        ("is", "not") => Some(format!("write it as `{attribute} != {}`", scene.rest_of_line(2))),
        _ => None,
    }
}

/// `pii in data`: the set stands on the left.
pub(super) fn swapped(scene: &Scene<'_>) -> Option<String> {
    let set = scene.found.filter(|token| token.kind == Kind::Word)?.text(scene.text);
    let is_set = SETS.contains(&set.rsplit('.').next()?);
    let element = scene.second_before.filter(|_| is_set && scene.before_text() == "in")?;
    Some(format!("write it as `{set} has {}`", element.text(scene.text)))
}

const SETS: &[&str] =
    &["compliance", "regulations", "residency", "data", "capabilities", "regions", "processed_in"];

/// A list where one value is compared, a value where a list stands.
pub(super) fn listed(scene: &Scene<'_>) -> Option<String> {
    let value = scene.expects_group("a value or attribute");
    let operand = scene.second_before.map_or("…", |token| token.text(scene.text));
    let is_set = words::is_set(operand);
    match (scene.before_text(), scene.found_text()) {
        ("==" | "!=", "[" | "(" | "{") if value && is_set => {
            let not = if scene.before_text() == "!=" { "not " } else { "" };
            let all: Vec<String> =
                scene.listed(1).iter().map(|item| format!("{operand} has {item}")).collect();
            let all = all.join(" and ");
            let several = !not.is_empty() && all.contains(" and ");
            Some(format!("write it as `{not}{}`", if several { format!("({all})") } else { all }))
        }
        ("==", "[" | "(" | "{") if value => {
            Some(format!("write it as `{operand} in [{}]`", scene.listed(1).join(", ")))
        }
        ("!=", "[" | "(" | "{") if value => {
            Some(format!("write it as `not {operand} in [{}]`", scene.listed(1).join(", ")))
        }
        ("has" | "covers", "[" | "(" | "{") if value => {
            let all: Vec<String> =
                scene.listed(1).iter().map(|item| format!("{operand} has {item}")).collect();
            Some(format!("test one after the other: `{}`", all.join(" and ")))
        }
        ("in", _) if scene.expects("[") && scene.found?.kind == Kind::Word => {
            Some(format!("write `[{}]`", scene.listed(0).join(", ")))
        }
        (_, ",")
            if scene.second_before.is_some_and(|token| matches!(token.text(scene.text), "has" | "==")) =>
        {
            let (operand, operator) = (scene.third_before()?, scene.second_before?.text(scene.text));
            let value = scene.behind(1).filter(|next| {
                !words::is_keyword(next) && next.starts_with(|c: char| c.is_alphanumeric() || c == '"')
            })?;
            // `data has pii, origin == eu` joins two conditions.
            let condition = scene
                .behind(2)
                .is_some_and(|next| words::COMPARISONS.contains(&next) || matches!(next, "has" | "in"));
            Some(if condition {
                "join two conditions with `and`".to_owned()
            } else {
                format!(
                    "repeat the comparison: `{operand} {operator} {} and {operand} {operator} {value}`",
                    scene.before_text()
                )
            })
        }
        _ => None,
    }
}

/// `use_case matches support.*`.
pub(super) fn pattern(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text().to_lowercase().replace('_', "");
    let known = ["like", "matches", "startswith", "beginswith", "~", "=~", "~=", "!~", "glob", "match"]
        .contains(&found.as_str());
    let condition = scene.expects("==") || scene.expects("in");
    let begins = scene.behind(1)?.trim_matches(['"', '\'']).trim_end_matches(['*', '.', '%']);
    if scene.found_text() == "*" && scene.before_text().starts_with('/') {
        let provider = scene.second_before?.text(scene.text);
        return Some(format!("write it as `model.provider == {}`", provider.split('/').next()?));
    }
    (known && condition && scene.before_text() == "use_case")
        .then(|| format!("write it as `use_case == {begins}.*`"))
        .or_else(|| (known && condition).then(|| "compare with whole names: `==`, `in [ … ]`".to_owned()))
}
