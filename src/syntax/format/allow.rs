//! Comments that silence a finding keep covering what they cover (see `src/check/allow.rs`): the statement that
//! begins in their line or, on a line of their own, in the next one; else that line.

use super::parts::Statement;
use super::tokens::{Break, Token, Trailing};

/// What such a comment begins with, behind its `#`.
const MARK: &str = "govctl: allow(";

/// Whether a comment silences something.
pub(super) fn allows(comment: &str) -> bool {
    comment.match_indices('#').any(|(at, _)| {
        let behind = comment.get(at + 1..).unwrap_or_default();
        behind.trim_start().starts_with(MARK)
    })
}

/// Moves comments whose line will be no more, and keeps lines together that a comment covers.
pub(super) fn bind(tokens: &mut [Token], statements: &[Statement]) {
    for index in 0..tokens.len() {
        let Some(token) = tokens.get(index) else { return };
        let first = token.before.iter().position(|comment| allows(comment.text));
        if let Some(comment) = token.after {
            trailing(tokens, statements, index, comment);
        }
        if let Some(first) = first {
            own_line(tokens, statements, index, first);
        }
    }
}

/// A comment behind a token.
fn trailing(tokens: &mut [Token], statements: &[Statement], index: usize, comment: Trailing) {
    let ended = statements.partition_point(|statement| statement.range.end <= index);
    let ended = statements.get(ended).filter(|block| block.range.end == index + 1 && block.has_clauses());
    if !allows(comment.text) {
        // A block that is written on one line will not stay on it: what is said behind it is said of it all.
        let start = ended.and_then(|block| tokens.get(block.range.start));
        if let (Some(block), true) = (ended, start.is_some_and(|start| start.line == comment.line)) {
            put_behind(tokens, index, block.head_end());
        }
    } else if let Some(statement) = begun(tokens, statements, comment.line) {
        let end = statement.head_end().min(index);
        put_behind(tokens, index, end);
        together(tokens, statement.range.start, end);
    } else {
        let first = behind_comma(tokens, tokens.partition_point(|token| token.line < comment.line));
        // The brace at the end of a block will stand on a line of its own.
        let last = if ended.is_some() && first < index { index - 1 } else { index };
        put_behind(tokens, index, last);
        begin(tokens, first);
        together(tokens, first, last);
    }
}

/// A comment on a line of its own before a token: one of several, the first that silences something.
fn own_line(tokens: &mut [Token], statements: &[Statement], index: usize, first: usize) {
    let Some(line) = tokens.get(index).map(|token| token.line) else { return };
    match begun(tokens, statements, line).map(|statement| statement.range.start) {
        // The statement begins behind the end of another one.
        Some(start) if start > index => {
            let Some(token) = tokens.get_mut(index) else { return };
            let mut moved = token.before.split_off(first);
            if let Some(start) = tokens.get_mut(start) {
                moved.append(&mut start.before);
                start.before = moved;
            }
        }
        Some(_) => {}
        None => {
            let end = behind_comma(tokens, tokens.partition_point(|token| token.line <= line));
            begin(tokens, index);
            together(tokens, index, end.saturating_sub(1));
            begin(tokens, end);
        }
    }
}

/// The first statement that begins in a line.
fn begun<'s>(tokens: &[Token], statements: &'s [Statement], line: usize) -> Option<&'s Statement> {
    let line_of = |statement: &Statement| tokens.get(statement.range.start).map_or(0, |token| token.line);
    let first = statements.partition_point(|statement| line_of(statement) < line);
    statements.get(first).filter(|statement| line_of(statement) == line)
}

/// A place where a line may begin: a comma stays with what it ends.
fn behind_comma(tokens: &[Token], index: usize) -> usize {
    index + usize::from(tokens.get(index).is_some_and(|token| token.is(",")))
}

/// Moves the comment behind one token behind another one on the same line.
fn put_behind(tokens: &mut [Token], from: usize, to: usize) {
    if from != to
        && let Some(comment) = tokens.get_mut(from).and_then(|token| token.after.take())
        && let Some(token) = tokens.get_mut(to)
    {
        token.after = Some(comment);
    }
}

/// Ends no line within a stretch, both ends included.
fn together(tokens: &mut [Token], first: usize, last: usize) {
    for token in tokens.get_mut(first + 1..=last).unwrap_or_default() {
        token.breaks = Break::Never;
    }
}

/// Begins a line at a token.
fn begin(tokens: &mut [Token], index: usize) {
    if let Some(token) = tokens.get_mut(index) {
        token.breaks = Break::Always;
    }
}
