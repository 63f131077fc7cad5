//! Clauses outside of a block: `require model.dpa == confirmed` where a statement begins.

use super::Said;
use crate::limits::effort;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Token};
use crate::syntax::words;

/// A clause of a rule where a statement begins.
pub(super) fn clause(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let word = match scene.found_text() {
        "if" => "when",
        word @ ("when" | "require" | "forbid" | "prefer") => word,
        _ => return None,
    };
    let line = scan::line_start(scene.text, found.start);
    if !scene.text.get(line..found.start)?.trim().is_empty() {
        return None;
    }
    let message = format!("`{}` begins a clause, and no block is open here", scene.found_text());
    let run = Run::behind(scene, found);
    let said = |end: usize, help: String| Some(Said::new(Token { end, ..found }, message.clone(), help));
    let tier = tier(scene, &run.tokens, word);
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    // `when team == hr {`: its block is there, and has no head.
    if let Some(brace) = onward.iter().position(|token| text(token) == "{") {
        let condition = scene.written(onward.get(1..brace)?)?;
        let brace = onward.get(brace)?;
        return said(brace.end, format!("write `{tier} rule NAME {{ {word} {condition}`"));
    }
    if run.is_closed {
        return said(
            found.end,
            "leave out the `}` before it, with which its block ends too early".to_owned(),
        );
    }
    let last = *onward.last()?;
    let clause = scene.written(onward.get(1..)?).map_or(word.to_owned(), |rest| format!("{word} {rest}"));
    if run.lines > 1 || clause.len() > 100 {
        let help = format!(
            "write `{tier} rule NAME {{` on a line before it, and `}}` behind the last of its clauses"
        );
        return said(found.end, help);
    }
    let of_dimensions =
        onward.iter().skip(1).all(|token| text(token) == "," || words::DIMENSIONS.contains(&text(token)));
    if word == "require" && onward.len() > 1 && of_dimensions {
        return said(last.end, format!("write `attribution {{ {clause} }}`"));
    }
    let has = |clauses: &[&str]| onward.iter().any(|token| clauses.contains(&text(token)));
    let rest = if has(&["require", "forbid", "prefer", "process"]) { "" } else { " prefer cheapest" };
    let because = if has(&["because"]) { "" } else { " because \"…\"" };
    said(last.end, format!("write `{tier} rule NAME {{ {clause}{rest}{because} }}`"))
}

/// The clauses from one on that stand outside of a block.
struct Run {
    tokens: Vec<Token>,
    /// On how many lines a clause begins.
    lines: usize,
    /// A `}` closes them that nothing opened.
    is_closed: bool,
}

impl Run {
    fn behind(scene: &Scene<'_>, found: Token) -> Self {
        let mut run = Self { tokens: Vec::new(), lines: 0, is_closed: false };
        let (mut depth, mut last) = (0_usize, found.start);
        for token in scan::tokens(scene.text, found.start).take(effort::OUTSIDE_TOKENS) {
            let text = token.text(scene.text);
            let is_first = run.tokens.is_empty()
                || scene.text.get(last..token.start).is_some_and(|gap| gap.contains('\n'));
            match text {
                "{" => depth += 1,
                "}" if depth == 0 => {
                    run.is_closed = true;
                    break;
                }
                "}" => depth -= 1,
                // `compliance`, `cost` and `latency` stand in conditions too.
                _ if is_first && depth == 0 && words::STATEMENTS.contains(&text) => break,
                _ if is_first && depth == 0 && words::is_clause(text) => run.lines += 1,
                _ => {}
            }
            last = token.end;
            run.tokens.push(token);
            if text == "}" && depth == 0 {
                break;
            }
        }
        run
    }
}

/// The tier that a rule with these clauses has: a wish for an order tells it.
fn tier(scene: &Scene<'_>, tokens: &[Token], word: &str) -> &'static str {
    let text = |token: &Token| token.text(scene.text);
    let promises = tokens.iter().any(|token| matches!(text(token), "require" | "forbid" | "process"));
    let wish = tokens.iter().position(|token| text(token) == "prefer");
    match wish.and_then(|at| tokens.get(at + 1)).map(text) {
        _ if promises => "compliance",
        Some("cheapest") => "cost",
        Some("fastest") => "latency",
        Some(_) => "preference",
        None if word == "when" => "cost",
        None => "compliance",
    }
}
