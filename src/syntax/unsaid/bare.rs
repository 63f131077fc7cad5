//! Clauses that end before they have said anything, and marks that stand for a value: `then`, `at 80%`, `{{ level }}`.

use super::Said;
use super::untested::when_of;
use crate::diag::elsewhere;
use crate::diag::quantity::{self, Wanted};
use crate::syntax::foreign;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// Clauses with an example of each; the statement is empty where several have the clause.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("failover", "follow", "follow ranking"),
    ("failover", "then", "then queue for 15 minutes"),
    ("failover", "chain", "chain a/b -> c/d"),
    ("failover", "on", "on rate-limited, timeout"),
    ("failover", "match", "match compliance, residency"),
    ("failover", "limit", "limit 2 hops"),
    ("failover", "retry", "retry 2 times"),
    ("failover", "cooldown", "cooldown 30 seconds"),
    ("failover", "above", "above 2x cost notify"),
    ("failover", "log", "log as governance-event"),
    ("budget", "limit", "limit 500 usd per month"),
    ("budget", "at", "at 80% notify"),
    ("budget", "on", "on openai"),
    ("budget", "within", "within company"),
    ("quota", "limit", "limit 600 requests per minute"),
    ("quota", "on", "on openai"),
    ("quota", "then", "then queue"),
    ("audit", "retain", "retain 3 years"),
    ("audit", "mask", "mask pii"),
    ("audit", "lineage", "lineage required"),
    ("test", "given", "given use_case support.reply"),
    ("test", "expect", "expect primary azure-eu"),
    ("attribution", "require", "require team, project"),
    ("attribution", "anomaly", "anomaly above 25%"),
    ("budget", "per", "per team"),
    ("quota", "per", "per team"),
    ("", "where", "prefer where model.tier == premium"),
    ("", "mode", "mode showback"),
    ("", "overrides", "overrides batch-is-cheap"),
    ("", "prefer", "prefer cheapest"),
    ("", "process", "process in eu"),
    ("", "require", "require model.hosting == self-hosted"),
    ("", "forbid", "forbid model.hosting == cloud"),
    ("", "when", "when classification == restricted"),
    ("", "for", "for classification == restricted"),
    ("", "always", "always model.hosting == self-hosted"),
    ("", "never", "never model.hosting == cloud"),
    ("", "from", "from 2027-01-31"),
    ("", "until", "until 2027-01-31"),
];

pub(super) fn example(statement: &str, clause: &str) -> Option<&'static str> {
    let mut known = EXAMPLES.iter().filter(|(_, word, _)| *word == clause);
    known.find(|(of, ..)| of.is_empty() || *of == statement).map(|(.., example)| *example)
}

/// A clause with nothing behind it on its line: what stands on the next one was read as its value.
pub(super) fn clause(scene: &Scene<'_>) -> Option<Said> {
    let breaks = |a: Token, b: Option<Token>| {
        b.is_none_or(|b| {
            scene.text.get(a.end..b.start).is_some_and(|gap| gap.contains('\n')) || b.text(scene.text) == "}"
        })
    };
    let tokens = scene.clause();
    let (first, last) = (*tokens.first()?, *tokens.last()?);
    let same_line = scene.text.get(first.start..last.end).is_some_and(|text| !text.contains('\n'));
    if same_line && scene.beginnings().is_none() && breaks(last, scene.found) && is_beginning(scene, &tokens)
    {
        return said(scene, first, last);
    }
    // The next clause was read as a name.
    let (read, lacking) = (scene.before?, scene.second_before?);
    let is_read = words::is_clause(read.text(scene.text)) && breaks(lacking, Some(read));
    let opener = match lacking.text(scene.text) {
        "as" | "in" if is_read => {
            let third = scene.third_before().filter(|third| matches!(*third, "log" | "process"))?;
            let start = lacking.start.checked_sub(third.len() + 1)?;
            Token { start, end: start + third.len(), kind: Kind::Word }
        }
        _ => lacking,
    };
    let is_list = matches!(
        opener.text(scene.text),
        "mask"
            | "overrides"
            | "within"
            | "on"
            | "chain"
            | "prefer"
            | "per"
            | "expect"
            | "log"
            | "process"
            | "for"
            | "require"
    );
    (is_read && is_list && first.start == read.start).then(|| said(scene, opener, lacking))?
}

/// Whether tokens are no more than the beginning of a clause.
fn is_beginning(scene: &Scene<'_>, tokens: &[Token]) -> bool {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text(scene.text)).collect();
    matches!(
        texts.as_slice(),
        [_] | ["log", "as"]
            | ["process", "in"]
            | ["anomaly", "above"]
            | ["at", _, "%"]
            | ["above", .., "cost"]
    )
}

fn said(scene: &Scene<'_>, first: Token, last: Token) -> Option<Said> {
    let clause = first.text(scene.text);
    let example = example(scene.first, clause)
        .or_else(|| words::TIERS.contains(&scene.first).then(|| example("", clause))?)?;
    let span = Token { end: last.end, ..first };
    let written = scene.text.get(first.start..last.end)?;
    let help = match clause {
        "at" | "above" if first.start != last.start => {
            format!("say what happens then, as in `{written} notify`")
        }
        _ => format!("write, for example, `{example}`"),
    };
    Some(Said::new(span, format!("nothing stands after {}", quote(scene.text, span)), help))
}

/// `when == restricted`: what is compared is not said.
pub(super) fn no_left(scene: &Scene<'_>) -> Option<Said> {
    let sign = scene.found.filter(|_| scene.expects_group("a condition"))?;
    let next = scene.behind(1)?;
    if !(words::COMPARISONS.contains(&sign.text(scene.text)) || sign.text(scene.text) == "=") {
        return None;
    }
    // Its own comparison stands behind it: it is the sign that is too much.
    if sign.text(scene.text) == "=" && crate::syntax::mend::compares_itself(scene) {
        return None;
    }
    let attribute = match next {
        "public" | "internal" | "confidential" | "restricted" | "secret" => "classification",
        next => elsewhere::attribute_of(next).unwrap_or("team"),
    };
    let help = format!("write before it what is compared, for example `{attribute} == {next}`");
    Some(Said::new(sign, format!("nothing stands before {}", quote(scene.text, sign)), help))
}

/// `classification == {{ level }}`: there are no variables.
pub(super) fn template(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.expects_group("a value or attribute"))?;
    let next = scene.behind(1)?;
    let is_template = match scene.found_text() {
        "{" => next == "{",
        "$" => !next.starts_with(|c: char| c.is_ascii_digit()),
        "%" | "@" => next.starts_with(|c: char| c.is_ascii_alphabetic()),
        _ => false,
    };
    let attribute = scene.second_before?.text(scene.text);
    let value = match attribute {
        "classification" => "restricted",
        "team" => "support",
        other => elsewhere::example_of(other),
    };
    let sign = scene.before_text();
    let onward = scene.onward();
    let is_open = matches!((scene.found_text(), next), ("{" | "$", "{") | ("%", _));
    let mut closers = onward.iter().skip(1).take(4);
    let close = closers.rfind(|token| is_open && matches!(token.text(scene.text), "}" | "%"));
    let end = close.or(onward.get(1)).map_or(found.end, |last| last.end);
    is_template.then(|| {
        Said::new(
            Token { end, ..found },
            "a policy has no variables",
            format!("write the value itself, as in `{attribute} {sign} {value}`"),
        )
    })
}

/// `team == claims` where a clause begins, in a statement that has its `when`.
pub(super) fn stated(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|found| words::is_tested(found.text(scene.text)))?;
    let is_clause = scene.beginnings().is_some_and(|words| words.contains(&"when"));
    // Directly behind a condition, it is joined to that one.
    let clause = scene.clause();
    let is_behind = clause
        .first()
        .is_some_and(|first| matches!(first.text(scene.text), "when" | "require" | "forbid" | "where"));
    let when = when_of(scene, "when").filter(|_| is_clause && !is_behind)?;
    let onward = scene.onward();
    let rest = scene.operand(&onward);
    let condition = super::super::mend::stated(scene, rest)?;
    let part = if when.contains(" or ") { format!("({when})") } else { when.to_owned() };
    let shown = Token { end: rest.last()?.end, ..found };
    Some(Said::new(
        shown,
        format!("a condition stands in the `when`, found {}", quote(scene.text, shown)),
        format!("say it in the `when` that the statement has: `when {part} and {condition}`"),
    ))
}

/// `overrides *`, `per *`, `mask *`: what is meant has a name.
pub(super) fn star(scene: &Scene<'_>) -> Option<Said> {
    let star = scene.found.filter(|found| found.text(scene.text) == "*")?;
    let help = match scene.before_text() {
        "overrides" => "name the statements that give way, separated by commas",
        "per" => "name what is counted apart, as in `per team`",
        "mask" => "name the kinds of data, as in `mask pii, health`",
        "match" => "name what a target shares with the primary, as in `match compliance, residency`",
        "prefer" => "leave this clause out: without a wish, the cheapest comes first",
        "on" if scene.first == "quota" => "name the provider or model that is counted: a quota for each",
        "require" if scene.first == "attribution" => "name the dimensions, as in `require team, project`",
        "require" | "forbid" | "always" | "never" => {
            "leave this clause out, or say what is tested, as in `model.hosting == self-hosted`"
        }
        _ => return None,
    };
    Some(Said::new(star, format!("a `*` names nothing after `{}`", scene.before_text()), help))
}

/// `always terminal == queue`: how a request ends is what a test expects.
pub(super) fn ending(scene: &Scene<'_>) -> Option<Said> {
    let then = scene.found.filter(|found| found.text(scene.text) == "then" && scene.first == "guarantee")?;
    let end = scene.behind(2).filter(|end| words::TERMINALS.contains(end)).unwrap_or("queue");
    scene.expects_group("a condition").then(|| {
        let help = format!("a test expects it: `expect terminal {end}`");
        Said::new(then, "no guarantee says how a request ends", help)
    })
}

/// `expect primary in [a, b]`: a route has one primary.
pub(super) fn primaries(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.first == "test" && scene.before_text() == "primary")?;
    let is_list = matches!(scene.found_text(), "in" | "[" | "one" | "any" | "either");
    let onward = scene.onward();
    let mut names =
        onward.iter().skip(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Text { .. }));
    let name = names
        .find(|token| !words::RESERVED.contains(&token.text(scene.text)) && token.text(scene.text) != "of")?;
    let end = onward.last()?.end;
    is_list.then(|| {
        Said::new(
            Token { end, ..found },
            "a route has one primary",
            format!("name the one that is expected: `expect primary {}`", name.text(scene.text)),
        )
    })
}

/// `limit 20000 usd per quarter, 5000 usd per month`: a budget has one limit.
pub(super) fn second_limit(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|found| matches!(found.text(scene.text), "," | "and" | "+" | "&"))?;
    let clause = scene.clause();
    let is_limit =
        scene.first == "budget" && clause.first().is_some_and(|first| first.text(scene.text) == "limit");
    let onward = scene.onward();
    let rest = scene.written(onward.get(1..)?)?;
    // `20,000` is one number.
    let is_apart = onward.get(1).is_some_and(|next| next.start > found.end);
    (is_limit && is_apart && rest.starts_with(|c: char| c.is_ascii_digit())).then(|| {
        let help = format!(
            "leave out {} and the rest: write a second budget for it, with `limit {rest}`",
            quote(scene.text, found)
        );
        Said::new(
            Token { end: onward.last().map_or(found.end, |last| last.end), ..found },
            "a budget has one limit",
            help,
        )
    })
}

/// `500 usd per day` in a line of its own beside a `limit`: a budget has one.
pub(super) fn limit_again(scene: &Scene<'_>) -> Option<Said> {
    let number = scene.found.filter(|found| found.kind == Kind::Number && scene.first == "budget")?;
    let begins = scene.beginnings().is_some_and(|words| words.contains(&"limit"));
    let onward = scene.onward();
    let is_money = onward.iter().take(3).any(|token| matches!(token.text(scene.text), "usd" | "$" | "USD"));
    let end = onward.iter().take_while(|token| token.text(scene.text) != "}").last()?.end;
    let line = scene.text.get(number.start..end)?;
    let (quantity, _) = quantity::read(line, Wanted::Budget)?;
    let right = quantity.written(Wanted::Budget).filter(|_| begins && is_money)?;
    let is_second = scene.before_text() != "limit" && foreign::stands_already(scene, "limit");
    let shown = Token { end, ..number };
    is_second.then(|| {
        let help = format!("leave it out, or write a second budget for it, with `limit {right}`");
        Said::new(shown, format!("a budget has one limit, found {}", quote(scene.text, shown)), help)
    })
}

/// `---`, `{`, `priority 1 rule x`: what begins no statement.
pub(super) fn beginning(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let next = scene.behind(1).unwrap_or_default();
    let tail = scene.text.get(found.start..).unwrap_or_default();
    if tail.starts_with("---") {
        let mark = Token { end: found.start + 3, ..found };
        return Some(Said::new(mark, "nothing parts statements", "leave the `---` out"));
    }
    let is_number = next.starts_with(|c: char| c.is_ascii_digit());
    let line = scan::line_start(scene.text, found.start);
    let is_first = scene.text.get(line..found.start).is_some_and(|before| before.trim().is_empty());
    match (found.text(scene.text), next) {
        ("{", _) if is_first => Some(Said::new(
            found,
            "a block stands behind the head of a statement",
            "write its head before it, as in `compliance rule NAME {`, or leave the braces out",
        )),
        ("default", "allow" | "deny" | "decision" | "effect" | "route" | "model") => Some(Said::new(
            found,
            "there are no defaults",
            "leave it out: what no rule forbids may serve, and `prefer` says what comes first",
        )),
        ("priority" | "order" | "weight", _) if is_number => {
            let name = scene.behind(3).unwrap_or("NAME");
            let end = scene.onward().get(1).map_or(found.end, |number| number.end);
            Some(Said::new(
                Token { end, ..found },
                "rules have no numbers",
                format!(
                    "name its tier first, `compliance rule {name} {{`; `overrides NAME` in it says which of two counts"
                ),
            ))
        }
        _ => None,
    }
}
