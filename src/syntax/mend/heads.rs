//! Heads of statements: words of other languages, and words that belong to no name.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words with which other languages begin a statement, each with ours.
const STATEMENTS: &[(&[&str], &str)] = &[
    (&["ratelimit", "ratelimits", "limit", "quotas", "throttle", "throttling", "capacity"], "quota"),
    (&["budgets", "spend", "spending", "spendlimit", "costlimit", "cap", "costcap"], "budget"),
    (
        &[
            "assert",
            "assertion",
            "invariant",
            "invariants",
            "ensure",
            "property",
            "promise",
            "guarantees",
            "verify",
        ],
        "guarantee",
    ),
    (&["fallback", "fallbacks", "failovers", "backup", "resilience"], "failover"),
    (&["logging", "log", "logs", "retention", "audits", "record", "records"], "audit"),
    (&["case", "testcase", "scenario", "spec", "tests", "it", "example"], "test"),
];

/// `rate_limit x {`, `assert x {`.
pub(super) fn statement(scene: &Scene<'_>) -> Option<Mend> {
    if !scene.expects_group("a statement") {
        return None;
    }
    let onward = scene.onward();
    let [word, name, brace, ..] = onward.as_slice() else { return None };
    let is_head = matches!(name.kind, Kind::Word | Kind::Text { .. }) && brace.text(scene.text) == "{";
    let folded: String =
        word.text(scene.text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (_, ours) = STATEMENTS.iter().find(|(theirs, _)| is_head && theirs.contains(&folded.as_str()))?;
    let in_quotes = *ours == "test" && !matches!(name.kind, Kind::Text { .. });
    let named = name.text(scene.text);
    Some(if in_quotes {
        Mend::new(word.start, name.end, format!("{ours} \"{named}\""))
    } else {
        Mend::new(word.start, word.end, *ours)
    })
}

/// Words before the name of a statement that say what it is once more.
const KINDS: [&str; 20] = [
    "rule",
    "policy",
    "statement",
    "chain",
    "named",
    "called",
    "name",
    "failover",
    "budget",
    "quota",
    "audit",
    "guarantee",
    "attribution",
    "the",
    "a",
    "set",
    "limit",
    "compliance",
    "cost",
    "latency",
];

/// `failover rule f {`, `attribution company {`: a word too much.
pub(super) fn needless(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|token| matches!(token.kind, Kind::Word | Kind::Text { .. }))?;
    let before = scene.before?;
    if !scene.only_brace() {
        return None;
    }
    let onward = scene.onward();
    let brace = onward.get(1).filter(|token| token.text(scene.text) == "{")?;
    if scene.first == "attribution" {
        let help = format!(
            "leave out {}: `attribution` has no name",
            super::super::message::quote(scene.text, found)
        );
        return Some(Mend::new(found.start, brace.end, "{").help(help));
    }
    let word = before.text(scene.text);
    let is_head = scene.second_before.is_some_and(|second| {
        matches!(second.text(scene.text), "rule" | "failover" | "budget" | "quota" | "audit" | "guarantee")
    });
    if !is_head || !KINDS.contains(&word) {
        return None;
    }
    let name = found.text(scene.text);
    let help = format!("leave out `{word}`: write it as `{name}`");
    Some(Mend::new(before.start, found.end, name).help(help))
}

/// Whether the words of a head are those of a name, and not a clause.
pub(super) fn is_name(scene: &Scene<'_>, tokens: &[Token]) -> bool {
    const NO_NAMES: [&str; 12] = [
        "priority",
        "weight",
        "order",
        "rank",
        "precedence",
        "extends",
        "inherits",
        "if",
        "where",
        "with",
        "unless",
        "enabled",
    ];
    tokens.iter().skip(1).all(|token| {
        let text = token.text(scene.text);
        token.kind == Kind::Word && !words::is_clause(text) && !NO_NAMES.contains(&text)
    })
}
