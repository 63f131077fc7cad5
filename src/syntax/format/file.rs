//! A whole file: statements, the lines between them, and the clauses in them.

use std::ops::Range;

use super::layout::Layout;
use super::lines::Writer;
use super::node::{self, Arrow};
use super::parts::{Clauses, Statement};
use super::tokens::{Break, Comment, Token};

/// How far the clauses of a block stand in.
const INDENT: usize = 2;

/// How far a head stands in where a comment breaks it.
const HEAD_INDENT: usize = 4;

/// Writes all statements of a file; the last token is the empty one at its end.
pub(super) fn write<'t>(tokens: &[Token<'t>], statements: &[Statement]) -> Writer<'t> {
    let mut file = File { layout: Layout::new(tokens), tokens };
    let mut columns = columns(tokens, statements).into_iter();
    for (number, statement) in statements.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|before| statements.get(before));
        file.gap(before, Some(statement));
        match &statement.block {
            Some(block) => file.block(&statement.range, block, statement.arrow),
            None => file.line(&statement.range, columns.next().unwrap_or(0), statement.arrow),
        }
    }
    file.gap(statements.last(), None);
    file.layout.writer
}

/// For each statement without a block the column at which its values stand: vocabulary lists right under each other
/// are a table.
fn columns(tokens: &[Token], statements: &[Statement]) -> Vec<usize> {
    let lines: Vec<&Statement> = statements.iter().filter(|statement| statement.block.is_none()).collect();
    let first = |statement: &Statement| tokens.get(statement.range.start);
    let width = |statement: &&Statement| first(statement).map_or(0, |token| token.width + 1);
    let follows = |before: &Statement, after: &Statement| {
        let near = first(after).is_some_and(|token| !has_blank(token));
        before.is_list && after.is_list && near && before.range.end == after.range.start
    };
    let tables = lines.chunk_by(|before, after| follows(before, after));
    let of_table = |table: &[&Statement]| {
        let column = table.iter().map(width).max().unwrap_or(0);
        std::iter::repeat_n(column, table.len()).collect::<Vec<usize>>()
    };
    tables.flat_map(of_table).collect()
}

/// Whether a blank line stands somewhere between the token before and this one.
fn has_blank(token: &Token) -> bool {
    token.blank || token.before.iter().any(|comment| comment.blank)
}

struct File<'t, 'a> {
    layout: Layout<'t, 'a>,
    tokens: &'a [Token<'t>],
}

impl<'t> File<'t, '_> {
    /// What stands before a statement or the end of the file: comments, and one blank line beside a block. Statements
    /// without a block may stand right under each other.
    fn gap(&mut self, before: Option<&Statement>, after: Option<&Statement>) {
        let end = self.tokens.len().saturating_sub(1);
        let Some(token) = self.tokens.get(after.map_or(end, |after| after.range.start)) else { return };
        let is_block = |statement: Option<&Statement>| statement.is_some_and(|s| s.block.is_some());
        let apart = is_block(before) || (is_block(after) && !has_blank(token));
        let left = self.comments(&token.before, 0, before.is_some() && apart);
        if after.is_some() && (left || token.blank) {
            self.layout.writer.blank_line();
        }
    }

    /// Comments on lines of their own, with the blank lines between them and perhaps one before the first; true where
    /// that one is still to come.
    fn comments(&mut self, comments: &[Comment<'t>], indent: usize, blank: bool) -> bool {
        let mut blank = blank;
        for comment in comments {
            if comment.blank || blank {
                self.layout.writer.blank_line();
            }
            blank = false;
            self.layout.writer.comment(comment.text, indent);
        }
        blank
    }

    /// A statement without a block.
    fn line(&mut self, range: &Range<usize>, column: usize, arrow: Arrow) {
        self.layout.bare_token(range.start, 0);
        self.body(range.start + 1..range.end, column, arrow);
        self.layout.writer.end_line();
    }

    fn block(&mut self, range: &Range<usize>, block: &Clauses, arrow: Arrow) {
        let close = range.end.saturating_sub(1);
        self.layout.bare_token(range.start, 0);
        self.layout.flat(&(range.start + 1..block.open + 1), HEAD_INDENT);
        if !(block.clauses.is_empty() && self.is_shut(block.open, close)) {
            if block.clauses.first().is_none_or(|first| self.begins_line(first.start)) {
                self.layout.writer.open();
            }
            let column = INDENT + self.keyword_width(block) + 1;
            for clause in &block.clauses {
                self.clause(clause, column, arrow);
            }
            if let Some(token) = self.tokens.get(close) {
                self.comments(&token.before, INDENT, false);
            }
            self.layout.writer.end_line();
        }
        self.layout.bare_token(close, 0);
        self.layout.writer.end_line();
    }

    /// Whether a clause begins a line: it does unless a comment covers the line that it stands on with others.
    fn begins_line(&self, start: usize) -> bool {
        self.tokens.get(start).is_none_or(|token| token.breaks != Break::Never)
    }

    /// Whether an empty block stands on one line: nothing is said in it, nor of its end alone.
    fn is_shut(&self, open: usize, close: usize) -> bool {
        let (Some(open), Some(close)) = (self.tokens.get(open), self.tokens.get(close)) else { return false };
        let is_silent = open.after.is_none() && close.before.is_empty();
        is_silent && (close.after.is_none() || open.line == close.line)
    }

    /// Columns of the longest keyword that something follows.
    fn keyword_width(&self, block: &Clauses) -> usize {
        let with_value = block.clauses.iter().filter(|clause| clause.len() > 1);
        with_value.map(|clause| self.keyword(clause).1).max().unwrap_or(0)
    }

    /// Tokens and columns of a clause's keyword: its first word, but for `log as` and `process in`.
    fn keyword(&self, clause: &Range<usize>) -> (usize, usize) {
        let word = |at: usize| self.tokens.get(at).filter(|_| at < clause.end);
        let width = |at: usize| word(at).map_or(0, |token| token.width);
        let is = |at: usize, text: &str| word(at).is_some_and(|token| token.is(text));
        let two = [("log", "as"), ("process", "in")];
        if two.iter().any(|(one, other)| is(clause.start, one) && is(clause.start + 1, other)) {
            (2, width(clause.start) + 1 + width(clause.start + 1))
        } else {
            (1, width(clause.start))
        }
    }

    fn clause(&mut self, clause: &Range<usize>, column: usize, arrow: Arrow) {
        let Some(first) = self.tokens.get(clause.start) else { return };
        if self.begins_line(clause.start) {
            self.layout.writer.end_line();
        }
        self.comments(&first.before, INDENT, false);
        if first.blank {
            self.layout.writer.blank_line();
        }
        self.layout.bare_token(clause.start, INDENT);
        let value = clause.start + self.keyword(clause).0;
        self.layout.flat(&(clause.start + 1..value), column);
        self.body(value..clause.end, column, arrow);
    }

    /// What follows a keyword, from a column on.
    fn body(&mut self, range: Range<usize>, column: usize, arrow: Arrow) {
        self.layout.writer.pad_to(column);
        if !range.is_empty() {
            let node = node::parse(self.tokens, range, arrow);
            self.layout.node(&node, column, 0);
        }
    }
}
