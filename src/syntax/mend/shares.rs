//! What a budget does at a share of its limit, said in another order or of what is left: `block at 100%`, `at 20% left notify`.

use super::Mend;
use crate::number::{self, whole};
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// Words for what is left of a limit.
const LEFT: [&str; 10] = [
    "remaining",
    "left",
    "unspent",
    "unused",
    "free",
    "available",
    "remain",
    "remains",
    "budget.remaining",
    "leftover",
];

/// Words for what is spent.
const SPENT: [&str; 22] = [
    "spent",
    "used",
    "consumed",
    "utilized",
    "utilised",
    "utilization",
    "utilisation",
    "reached",
    "gone",
    "exhausted",
    "usage",
    "spend",
    "spending",
    "hit",
    "exceeded",
    "reaches",
    "exceeds",
    "passed",
    "burned",
    "burnt",
    "full",
    "depleted",
];

/// Words and marks that say no more.
const FILLERS: [&str; 27] = [
    "at", "when", "if", "on", "once", "of", "the", "budget", "limit", "is", "are", "has", "been", "still",
    "only", "just", "and", ",", "then", "%", "percent", "pct", "to", "it", "=", "==", "have",
];

/// Those that say up to where, and from where on.
const UNDER: [&str; 7] = ["<", "<=", "below", "under", "less", "than", "or"];
const OVER: [&str; 8] = [">", ">=", "above", "over", "more", "than", "or", "after"];

/// One share, and what is done there.
pub(super) fn share(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "budget" {
        return None;
    }
    let tokens = line(scene)?;
    let text = |token: &Token| token.text(scene.text);
    let is_action = |token: &Token| words::BUDGET_ACTIONS.contains(&text(token));
    let share = one_share(scene, &tokens)?;
    let is_left = tokens.iter().any(|token| LEFT.contains(&text(token)));
    let is_said = tokens.iter().any(|token| SPENT.contains(&text(token)));
    let is_turned = is_action(tokens.first()?);
    let is_plain = text(tokens.first()?) == "at";
    if is_plain && !is_left && !is_said && !is_turned {
        return None;
    }
    let compares: &[&str] = if is_left { &UNDER } else { &OVER };
    let is_known = |token: &Token| {
        let said = text(token);
        is_action(token)
            || matches!(token.kind, Kind::Number | Kind::Text { closed: true })
            || [&LEFT[..], &SPENT, &FILLERS, compares].iter().any(|list| list.contains(&said))
    };
    if !tokens.iter().all(is_known) {
        return None;
    }
    let shown = if is_left { whole(100) - share } else { share };
    let head = format!("at {}%", number::exact(&shown));
    let mut clauses: Vec<String> = Vec::new();
    let mut texts: Vec<&str> = Vec::new();
    for token in &tokens {
        match token.kind {
            Kind::Text { .. } => texts.push(text(token)),
            _ if is_action(token) => clauses.push(format!("{head} {}", text(token))),
            _ => {}
        }
    }
    if !texts.is_empty() {
        let told = clauses.iter_mut().find(|clause| clause.ends_with(" notify"))?;
        *told += &format!(" {}", texts.join(", "));
    }
    let right = clauses.join(" ");
    let written = if clauses.len() > 1 {
        format!("write a clause for each: {}", super::joined::each(&clauses))
    } else {
        format!("write it as `{right}`")
    };
    let help = if is_left { format!("`at` counts what is spent: {written}") } else { written };
    (!right.is_empty()).then(|| {
        Mend::new(
            tokens.first().map_or(0, |first| first.start),
            tokens.last().map_or(0, |last| last.end),
            right,
        )
        .help(help)
    })
}

/// The tokens of the clause on whose line the parser gave up.
fn line(scene: &Scene<'_>) -> Option<Vec<Token>> {
    let found = scene.found?;
    let start = scan::line_start(scene.text, found.start);
    let is_first = scene.text.get(start..found.start).is_some_and(|before| before.trim().is_empty());
    let onward = scene.onward();
    let mut tokens: Vec<Token> = Vec::new();
    if !(is_first && scene.beginnings().is_some()) {
        tokens = scene.clause();
        let is_known = matches!(tokens.first()?.text(scene.text), "at" | "when" | "on");
        if !is_known || tokens.first()?.start < start {
            return None;
        }
    }
    tokens.extend(onward);
    let end = tokens.iter().position(|token| token.text(scene.text) == "}");
    tokens.truncate(end.unwrap_or(tokens.len()));
    Some(tokens)
}

/// The one percent among the tokens.
fn one_share(scene: &Scene<'_>, tokens: &[Token]) -> Option<number::Rational> {
    let mut numbers = tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Number);
    let (at, number) = numbers.next()?;
    let is_percent =
        tokens.get(at + 1).is_some_and(|next| matches!(next.text(scene.text), "%" | "percent" | "pct"));
    let value = number::parse_decimal(number.text(scene.text))?;
    (is_percent && numbers.next().is_none() && value <= whole(100)).then_some(value)
}
