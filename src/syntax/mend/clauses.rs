//! Clauses without their first word, and operators that are negated with a mark: `follow ranking 3`, `chargeback`, `team !in [a]`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `follow ranking 3`, `follow ranking top 3 models`: how many may follow is a clause of its own.
pub(super) fn hops(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let follows = matches!(scene.before_text(), "ranking" | "registry")
        && scene.second_before.is_some_and(|second| second.text(scene.text) == "follow");
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let filler = |token: &&Token| {
        matches!(text(token), "top" | "first" | "max" | "limit" | "up" | "to" | "the" | "," | "(" | ":")
    };
    let skipped = onward.iter().take_while(filler).count();
    let (number, behind) = onward.get(skipped..)?.split_first()?;
    let count: u8 = text(number).parse::<u8>().ok().filter(|count| follows && *count > 0)?;
    let noun = |token: &&Token| {
        matches!(text(token), "hops" | "hop" | "models" | "targets" | "times" | "deep" | ")")
    };
    let end = behind.iter().take_while(noun).last().map_or(number.end, |last| last.end);
    let right = format!("limit {count} hops");
    let help = format!("how many may follow is a clause of its own: write it as `{right}`");
    Some(Mend::new(found.start, end, right).help(help))
}

/// `chargeback`: who pays stands behind `mode`.
pub(super) fn mode(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| words::MODES.contains(&found.text(scene.text)))?;
    let right = format!("mode {}", found.text(scene.text));
    let onward = scene.onward();
    let is_flag =
        |token: &&Token| matches!(token.text(scene.text), "true" | "yes" | "on" | "required" | "enabled");
    let end = onward.get(1).filter(is_flag).map_or(found.end, |flag| flag.end);
    scene.expects("mode").then(|| Mend::new(found.start, end, right))
}

/// `team !in [a, b]`: the negation stands before the comparison.
pub(super) fn negated(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.text(scene.text) == "!")?;
    let onward = scene.onward();
    let operator = onward.get(1).filter(|next| next.start == found.end)?.text(scene.text);
    let left = scene.comparison();
    let right = scene.operand(onward.get(2..)?);
    let is_known = matches!(operator, "in" | "has" | "covers") && !left.is_empty();
    let right_text = scene.written(right).filter(|_| is_known)?;
    let text = format!("not {} {operator} {right_text}", scene.written(&left)?);
    Some(
        Mend::new(left.first()?.start, right.last()?.end, text.clone()).help(format!("write it as `{text}`")),
    )
}

/// `require one of a, b`: what models are compared with.
pub(super) fn one_of(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let text = |token: &Token| token.text(scene.text);
    let all: Vec<Token> = clause.iter().chain(&scene.onward()).copied().collect();
    let (keyword, one, of) = match all.as_slice() {
        [keyword, at, least, one, of, ..] if (text(at), text(least)) == ("at", "least") => (keyword, one, of),
        [keyword, one, of, ..] => (keyword, one, of),
        _ => return None,
    };
    let is_clause = matches!(text(keyword), "require" | "forbid" | "always" | "never" | "where");
    let is_one = matches!(text(one), "one" | "any" | "either" | "some");
    let is_near = scene.found.is_some_and(|found| found.start <= of.start);
    if !(is_clause && is_one && is_near && text(of) == "of") {
        return None;
    }
    let onward: Vec<Token> = all.iter().skip_while(|token| token.start < of.start).copied().collect();
    let start = clause.get(1)?.start;
    let ends = |token: &&Token| text(token) == "}" || words::opens_rule(text(token));
    let rest: Vec<Token> = onward.iter().skip(1).take_while(|token| !ends(token)).copied().collect();
    let names: Vec<&str> = rest
        .iter()
        .filter(|token| matches!(token.kind, Kind::Word | Kind::Text { closed: true }) && text(token) != "or")
        .map(text)
        .collect();
    let is_list = rest.iter().all(|token| {
        names.contains(&text(token)) || matches!(text(token), "," | "or" | "[" | "]" | "(" | ")")
    });
    let ids = names.iter().filter(|name| name.contains('/')).count();
    let what = match ids {
        0 => "provider",
        all if all == names.len() => "id",
        _ => return None,
    };
    let right = format!("model.{what} in [{}]", names.join(", "));
    let is_name = |name: &&str| !words::RESERVED.contains(name) && !name.starts_with("model.");
    (is_list && !names.is_empty() && names.iter().all(is_name)).then(|| {
        Mend::new(start, rest.last().map_or(one.end, |last| last.end), right.clone())
            .help(format!("write it as `{right}`"))
    })
}
