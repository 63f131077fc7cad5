//! Heads of statements: words of other languages, and words that belong to no name.

use super::Mend;
use crate::syntax::message::{Scene, quote};
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
        let help = format!("leave out {}: `attribution` has no name", quote(scene.text, found));
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

/// Statements with a name, other than rules.
const NAMED: [&str; 6] = ["failover", "budget", "quota", "audit", "guarantee", "test"];

/// `cost budget company {`, `compliance audit x {`: only a rule has a tier.
pub(super) fn tier_before(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let before = scene.before?;
    // A list was read where it begins like one.
    let (tier, kind, behind) = if scene.expects("rule") && NAMED.contains(&scene.found_text()) {
        (before, scene.found?, onward.get(1..)?)
    } else if NAMED.contains(&text(&before)) && scene.expects_group("a statement") {
        (scene.second_before?, before, onward.as_slice())
    } else {
        return None;
    };
    let [name, brace, ..] = behind else { return None };
    let is_name = matches!(name.kind, Kind::Word | Kind::Text { closed: true });
    let is_head = is_name && text(brace) == "{" && tier.start == scene.start;
    let first = text(&tier);
    // With what stands at the failure.
    let end = if kind.start < scene.failed { name.end } else { kind.end };
    let ours = scene.text.get(kind.start..end)?;
    let help = if words::TIERS.contains(&first) {
        format!("leave out `{first}`, for only a rule has a tier: write it as `{ours}`")
    } else {
        format!("leave out `{first}`: write it as `{ours}`")
    };
    is_head.then(|| Mend::new(tier.start, end, ours).help(help))
}

/// `export compliance rule x {`, `monthly budget x {`: a word before a statement.
pub(super) fn word_before(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let begins = |at: &usize| {
        let word = onward.get(*at).map_or("", text);
        let behind = onward.get(at + 1).map_or("", text);
        (words::TIERS.contains(&word) && behind == "rule") || (NAMED.contains(&word) && behind != "{")
    };
    let at = (1..onward.len().min(4)).find(begins)?;
    let (skipped, next) = (onward.get(..at)?, onward.get(at)?);
    let is_plain = |token: &Token| {
        (token.kind == Kind::Word && !words::STATEMENTS.contains(&text(token))) || text(token) == "-"
    };
    let has_block = onward.iter().any(|token| text(token) == "{");
    let shown = quote(scene.text, Token { end: skipped.last()?.end, ..found });
    let rule = onward.get(at + 1).filter(|rule| text(rule) == "rule");
    let end = rule.map_or(next.end, |rule| rule.end);
    let right = scene.text.get(next.start..end)?;
    let help = format!("leave out {shown}: write it as `{right}`");
    (has_block && skipped.iter().all(is_plain)).then(|| Mend::new(found.start, end, right).help(help))
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
