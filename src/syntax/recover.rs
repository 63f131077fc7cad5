//! Where to go on after a statement that does not parse.

use super::scan::{self, Kind, Token};
use super::words;

/// The place to go on from: the beginning of the next statement, or of the first line after the broken
/// block.
///
/// `start` is where the broken statement begins, `from` a place behind its first token (nothing before
/// it is looked at), `failed` where its parser gave up.
pub(super) fn resume(text: &str, start: usize, from: usize, failed: usize) -> usize {
    let earliest = from.max(scan::line_start(text, failed));
    let limit = indent(text, scan::line_start(text, start), start);
    // The braces of a fact or of regions are not their end.
    let first = scan::next(text, start).map_or("", |token| token.text(text));
    let block = !matches!(first, "" | "fact" | "regions");
    let mut depth = 0_usize;
    let mut over = false;
    let mut last = from;
    for token in scan::tokens(text, from) {
        let own = indent_after(text, last, token.start);
        let goes_on = token.start >= earliest && begins(text, token, depth, own, limit);
        if goes_on || (over && own.is_some()) {
            return token.start;
        }
        match token.text(text) {
            "{" => depth += 1,
            "}" => {
                over |= depth == 1 && block && token.end > failed;
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        last = token.end;
    }
    text.len()
}

/// A statement begins here, as far as one can tell inside a broken one: at its level, any keyword at the
/// start of a line; inside its block, one that stands no further right than it does; anywhere, a whole
/// head.
fn begins(text: &str, token: Token, depth: usize, own: Option<usize>, limit: Option<usize>) -> bool {
    if token.kind != Kind::Word || !words::STATEMENTS.contains(&token.text(text)) {
        return false;
    }
    let outdented = own.is_some() && own <= limit;
    let whole = is_head(text, token);
    if depth == 0 { whole || own.is_some() } else { outdented || (whole && own.is_some()) }
}

/// The column of a token, where it is the first of its line; `last` is the end of the token before it.
fn indent_after(text: &str, last: usize, at: usize) -> Option<usize> {
    let between = text.as_bytes().get(last..at)?;
    let newline = between.iter().rposition(|&b| b == b'\n')?;
    Some(between.len() - newline - 1)
}

/// The column of a place with nothing but white space before it on its line.
fn indent(text: &str, line: usize, at: usize) -> Option<usize> {
    let before = text.get(line..at)?;
    before.bytes().all(|b| b == b' ' || b == b'\t').then_some(before.len())
}

/// A keyword with what follows it in the head of a statement that has a block.
pub(super) fn is_head(text: &str, token: Token) -> bool {
    let mut rest = scan::tokens(text, token.end);
    let second = rest.next();
    let second_text = second.map_or("", |token| token.text(text));
    match token.text(text) {
        "compliance" | "cost" | "latency" | "preference" => second_text == "rule",
        "failover" | "budget" | "quota" | "audit" | "guarantee" | "test" => {
            second.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Text { .. }))
                && rest.next().is_some_and(|token| token.text(text) == "{")
        }
        "attribution" => second_text == "{",
        _ => false,
    }
}
