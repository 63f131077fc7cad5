//! Conditions, wishes and days in everyday words: `confidential or higher`, `no training`, `prefer tier premium`.

use super::Mend;
use crate::diag::{day, elsewhere};
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `expires 2026-12-31`, `valid from 2026-01-01`: the days on which a statement is in force.
pub(super) fn days(scene: &Scene<'_>) -> Option<Mend> {
    const LAST: [&str; 12] = [
        "expires",
        "expire",
        "expiry",
        "expiration",
        "ends",
        "end",
        "valid_until",
        "valid_to",
        "to",
        "through",
        "till",
        "sunset",
    ];
    const FIRST: [&str; 10] = [
        "starts",
        "start",
        "begins",
        "begin",
        "effective",
        "since",
        "valid_from",
        "active_from",
        "as_of",
        "starting",
    ];
    let found = scene.found.filter(|_| scene.expects("until"))?;
    let onward = scene.onward();
    let said = |token: &Token| token.text(scene.text).to_lowercase();
    let mut rest = onward.as_slice();
    if let [first, behind @ ..] = rest
        && matches!(said(first).as_str(), "valid" | "active" | "in_force" | "enforced")
    {
        rest = behind;
    }
    let (first, mut rest) = rest.split_first()?;
    let word = said(first);
    let ours = match word.as_str() {
        "until" => "until",
        "from" => "from",
        word if LAST.contains(&word) => "until",
        word if FIRST.contains(&word) => "from",
        _ => return None,
    };
    while let [filler, behind @ ..] = rest
        && matches!(said(filler).as_str(), "on" | "at" | ":" | "=" | "the" | "date" | "from" | "by")
    {
        rest = behind;
    }
    let start = rest.first()?.start;
    (1..=rest.len().min(5)).find_map(|count| {
        let end = rest.get(count - 1)?.end;
        let right = day::read(scene.text.get(start..end)?.trim_matches(['"', '\'']))?;
        let right = format!("{ours} {right}");
        Some(Mend::new(found.start, end, right))
    })
}

/// `classification confidential or higher`, `classification == confidential+`.
pub(super) fn ordered(scene: &Scene<'_>) -> Option<Mend> {
    if !scene.in_condition() {
        return None;
    }
    let tokens = whole(scene);
    let text = |token: &Token| token.text(scene.text);
    let (left, rest) = tokens.split_first().filter(|(left, _)| is_attribute(scene, left))?;
    let (sign, rest) = match rest {
        [sign, rest @ ..] if matches!(text(sign), "==" | "=" | "is" | ":" | ">=" | "<=") => {
            (text(sign), rest)
        }
        rest => ("", rest),
    };
    let (at, end, operator) = rest.iter().enumerate().take(4).find_map(|(at, token)| {
        let next = rest.get(at + 1);
        match (text(token), next.map(text)) {
            ("+", None | Some("and" | "or" | "}")) => Some((at, token.end, ">=")),
            ("or" | "and", Some(word)) => {
                elsewhere::direction(word).and_then(|operator| Some((at, next?.end, operator)))
            }
            _ => None,
        }
    })?;
    let value = scene.written(rest.get(..at)?)?;
    let is_turned = matches!(sign, ">=" | "<=") && sign != operator;
    let is_joined = value.contains(" or ") || value.contains(" and ");
    let is_apart = is_joined || value.contains(['+', '<', '>', '=']) || words::is_set(text(left));
    let right = format!("{} {operator} {value}", text(left));
    (!is_turned && !is_apart).then(|| Mend::new(left.start, end, right.clone()).help(write_as(&right)))
}

/// `audit.lineage required`, `model.trains_on_data no`: what is true or false stands alone, or behind `not`.
pub(super) fn flag(scene: &Scene<'_>) -> Option<Mend> {
    let tokens = whole(scene);
    let text = |token: &Token| token.text(scene.text);
    let (left, rest) = tokens.split_first().filter(|(left, _)| words::is_boolean(text(left)))?;
    let rest = scene.operand(rest);
    let words: Vec<&str> = rest
        .iter()
        .map(text)
        .filter(|word| !matches!(*word, "is" | "are" | "be" | "must" | "should" | "=" | "==" | ":"))
        .collect();
    let is = |word: &str| {
        matches!(word, "required" | "true" | "yes" | "on" | "set" | "enabled" | "mandatory" | "needed")
    };
    let is_not = |word: &str| matches!(word, "false" | "no" | "off" | "disabled");
    let attribute = text(left);
    let right = match words.as_slice() {
        [word] if is(word) => attribute.to_owned(),
        [word] if is_not(word) => format!("not {attribute}"),
        ["not", word] if is(word) => format!("not {attribute}"),
        _ => return None,
    };
    Some(Mend::new(left.start, rest.last()?.end, right.clone()).help(write_as(&right)))
}

/// `require no training`: whether prompts are trained on.
pub(super) fn training(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let opener = clause.first()?.text(scene.text);
    let tokens = whole(scene);
    let text = |token: &Token| token.text(scene.text);
    let is_no = matches!(text(tokens.first()?), "no" | "never" | "without" | "not" | "zero");
    let rest = scene.operand(tokens.get(usize::from(is_no)..)?);
    let (first, behind) = rest.split_first()?;
    let trains = matches!(
        text(first).to_lowercase().as_str(),
        "training" | "trains" | "train" | "trained" | "model_training" | "training_on_data" | "data_training"
    );
    let filler = |token: &Token| {
        matches!(
            text(token),
            "on" | "with" | "of" | "data" | "our" | "prompts" | "prompt" | "the" | "customer" | "user" | "it"
        )
    };
    let fits = match opener {
        "require" | "always" | "where" => is_no,
        "forbid" | "never" => !is_no,
        _ => false,
    };
    if !(fits && trains && behind.iter().all(filler)) {
        return None;
    }
    let right = if is_no { "not model.trains_on_data" } else { "model.trains_on_data" };
    Some(Mend::new(tokens.first()?.start, rest.last()?.end, right).help(write_as(right)))
}

/// `when team: hr`: a comparison has an operator.
pub(super) fn colon(scene: &Scene<'_>) -> Option<Mend> {
    let found =
        scene.found.filter(|found| matches!(found.text(scene.text), ":" | "：") && scene.in_condition())?;
    let left = scene.comparison();
    let [left] = left.as_slice() else { return None };
    let onward = scene.onward();
    let [value] = scene.operand(onward.get(1..)?) else { return None };
    let attribute = left.text(scene.text);
    let is_name = is_attribute(scene, left) && matches!(value.kind, Kind::Word | Kind::Text { closed: true });
    let operator = if words::is_set(attribute) { "has" } else { "==" };
    let right = format!("{attribute} {operator} {}", elsewhere::value_of(attribute, value.text(scene.text)));
    let end = value.end.max(found.end);
    is_name.then(|| Mend::new(left.start, end, right.clone()).help(write_as(&right)))
}

/// `prefer region eu`, `prefer tier premium`: what is preferred of models is a condition.
pub(super) fn wish(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let [prefer, kind] = clause.as_slice() else { return None };
    let text = |token: &Token| token.text(scene.text);
    let (attribute, operator) = match text(kind).to_lowercase().as_str() {
        "region" | "regions" | "residency" => ("model.regions", "has"),
        "certification" | "certified" | "compliance" | "certifications" => ("model.compliance", "has"),
        "capability" | "capabilities" => ("model.capabilities", "has"),
        "tier" => ("model.tier", "=="),
        "hosting" | "hosted" => ("model.hosting", "=="),
        "lifecycle" | "status" => ("model.lifecycle", "=="),
        "jurisdiction" | "country" => ("model.jurisdiction", "=="),
        "dpa" | "agreement" => ("model.dpa", "=="),
        "failure_domain" => ("model.failure_domain", "=="),
        _ => return None,
    };
    let onward = scene.onward();
    let filler = |token: &&Token| matches!(text(token), "==" | "=" | ":" | "is" | "has" | "in");
    let skipped = onward.iter().take_while(filler).count();
    let [value] = scene.operand(onward.get(skipped..)?) else { return None };
    let is_name = matches!(value.kind, Kind::Word | Kind::Text { closed: true });
    let value_of = elsewhere::value_of(attribute, text(value));
    let right = format!("prefer where {attribute} {operator} {value_of}");
    (text(prefer) == "prefer" && is_name)
        .then(|| Mend::new(prefer.start, value.end, right.clone()).help(write_as(&right)))
}

/// `log as governance event`: a name of several words stands in quotes.
pub(super) fn logged(scene: &Scene<'_>) -> Option<Mend> {
    let (first, second) = (scene.before?, scene.second_before?);
    let found = scene.found.filter(|found| found.kind == Kind::Word)?;
    let is_log = second.text(scene.text) == "as" && scene.third_before() == Some("log");
    let gap = scene.text.get(first.end..found.start)?;
    if !is_log || gap.contains('\n') || first.kind != Kind::Word || words::is_clause(found.text(scene.text)) {
        return None;
    }
    let onward = scene.onward();
    let named = |token: &&Token| {
        matches!(token.kind, Kind::Word | Kind::Number) && !words::is_clause(token.text(scene.text))
    };
    let end = onward.iter().take_while(named).last()?.end;
    let right = format!("\"{}\"", scene.text.get(first.start..end)?);
    let help = format!("a name of several words stands in quotes: write it as `{right}`");
    Some(Mend::new(first.start, end, right).help(help))
}

/// `given budget.remaining < 10%`: a test is given one value.
pub(super) fn one_value(scene: &Scene<'_>) -> Option<Mend> {
    let name = scene.before.filter(|before| scene.first == "test" && before.kind == Kind::Word)?;
    let onward = scene.onward();
    let [sign, number, percent, ..] = onward.as_slice() else { return None };
    let text = |token: &Token| token.text(scene.text);
    let share: u8 = text(number).parse::<u8>().ok().filter(|share| *share <= 100 && text(percent) == "%")?;
    let (value, others) = match text(sign) {
        "<" => (share.checked_sub(1)?, "below"),
        "<=" | "=<" | "≤" => (share, "up to"),
        ">" if share < 100 => (share + 1, "above"),
        ">=" | "=>" | "≥" => (share, "from"),
        _ => return None,
    };
    let right = format!("{} {value}%", text(&name));
    let message = format!(
        "a test is given one value of `{}`, and not `{}`",
        text(&name),
        scene.text.get(sign.start..percent.end)?
    );
    let help = format!("write it as `{right}`, or with another value {others} {share}%");
    Some(Mend::new(name.start, percent.end, right).message(message).help(help).choice())
}

/// The comparison in which the parser gave up, with what goes on.
fn whole(scene: &Scene<'_>) -> Vec<Token> {
    let mut tokens = scene.comparison();
    let onward = scene.onward();
    let ends = |token: &Token| {
        let text = token.text(scene.text);
        matches!(text, "}" | ")") || words::opens_rule(text)
    };
    let starts = tokens.is_empty();
    let kept = onward.iter().enumerate().take_while(|(at, token)| (*at == 0 && starts) || !ends(token));
    tokens.extend(kept.map(|(_, token)| *token));
    tokens
}

fn is_attribute(scene: &Scene<'_>, token: &Token) -> bool {
    let text = token.text(scene.text);
    token.kind == Kind::Word && !words::RESERVED.contains(&text) && !words::opens_rule(text)
}

fn write_as(right: &str) -> String {
    format!("write it as `{right}`")
}
