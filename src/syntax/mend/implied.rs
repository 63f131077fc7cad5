//! One condition that follows from another: `a implies b`, `if a then b`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Token};
use crate::syntax::words;

/// `a implies b`, `if a then b`: a guarantee says it in two clauses, a rule as `when` and `require`.
pub(super) fn implied(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let keyword = clause.first()?.text(scene.text);
    let ours = match keyword {
        "always" | "never" | "for" => ("for", if keyword == "never" { "never" } else { "always" }),
        "when" | "require" | "forbid" => ("when", if keyword == "forbid" { "forbid" } else { "require" }),
        _ => return None,
    };
    let onward = scene.onward();
    let whole: Vec<Token> = clause.iter().skip(1).chain(&onward).copied().collect();
    // `requires` that begins its line is a clause of its own.
    let begins_line = |token: &Token| {
        let line = scan::line_start(scene.text, token.start);
        scene.text.get(line..token.start).is_some_and(|gap| gap.trim().is_empty())
    };
    let joins = |token: &Token| {
        matches!(token.text(scene.text), "implies" | "=>" | "==>" | "->" | "then" | "requires")
            && !(token.text(scene.text) == "requires" && begins_line(token))
    };
    let at = whole.iter().position(joins)?;
    let begins = usize::from(whole.first()?.text(scene.text) == "if");
    let closes = |token: &Token| token.text(scene.text) == "}";
    let end = whole.iter().position(closes).unwrap_or(whole.len());
    let (a, b) = (scene.written(whole.get(begins..at)?)?, scene.written(whole.get(at + 1..end)?)?);
    let tests = |token: &Token| {
        let text = token.text(scene.text);
        words::COMPARISONS.contains(&text) || matches!(text, "has" | "in" | "covers") || text.contains('.')
    };
    let rest = whole.get(at + 1..end)?;
    if !rest.iter().any(tests) || rest.iter().any(|token| words::opens_rule(token.text(scene.text))) {
        return None;
    }
    // A rule promises something of models: what is said of the request is one more condition.
    let of_models = |token: &Token| {
        let text = token.text(scene.text);
        ["model.", "chain.", "audit.", "failover."].iter().any(|family| text.starts_with(family))
    };
    if ours.0 == "when" && !rest.iter().any(of_models) {
        if keyword != "when" {
            return None;
        }
        let part = |part: &str| if part.contains(" or ") { format!("({part})") } else { part.to_owned() };
        let text = format!("when {} and {}", part(a), part(b));
        let help = format!("join the two with `and`: write it as `{text}`");
        return Some(Mend::new(clause.first()?.start, whole.get(end.checked_sub(1)?)?.end, text).help(help));
    }
    let text = format!("{} {a} {} {b}", ours.0, ours.1);
    let help = format!("write two clauses: `{} {a}` and `{} {b}`", ours.0, ours.1);
    Some(Mend::new(clause.first()?.start, whole.get(end.checked_sub(1)?)?.end, text).help(help))
}
