//! Tokens on lines: what fits stands on one, what does not is broken where its [`Node`] says.

use crate::limits::shown;
use std::ops::Range;

use super::lines::Writer;
use super::node::{Node, NodeKind};
use super::tokens::{Break, Token};

/// How far in stands what a comment keeps off the line of the bracket before it.
const BRACKET_INDENT: usize = 2;

/// Tokens, their widths summed up, and what is written of them.
pub(super) struct Layout<'t, 'a> {
    /// All tokens of the file.
    pub(super) tokens: &'a [Token<'t>],
    /// The lines so far.
    pub(super) writer: Writer<'t>,
    /// For each place, the columns of all tokens before it, each with the space before it.
    sums: Vec<usize>,
    /// For each place, the next one from it on at which a line must begin.
    forced: Vec<usize>,
}

impl<'t, 'a> Layout<'t, 'a> {
    /// Nothing written yet.
    pub(super) fn new(tokens: &'a [Token<'t>]) -> Self {
        let mut sums = Vec::with_capacity(tokens.len() + 1);
        let mut sum = 0_usize;
        sums.push(sum);
        for token in tokens {
            sum += token.width + usize::from(token.spaced);
            sums.push(sum);
        }
        let mut forced = vec![tokens.len(); tokens.len() + 1];
        let mut next = tokens.len();
        for (index, token) in tokens.iter().enumerate().rev() {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            let commented = before.is_some_and(|before| before.after.is_some());
            if commented || !token.before.is_empty() || token.breaks == Break::Always {
                next = index;
            }
            if let Some(place) = forced.get_mut(index) {
                *place = next;
            }
        }
        Self { tokens, writer: Writer::default(), sums, forced }
    }

    /// Columns of a stretch up to the first place in it where a line must begin.
    fn width(&self, range: &Range<usize>) -> usize {
        let end = self.next_forced(range.start + 1).min(range.end);
        let sum = |at: usize| self.sums.get(at).copied().unwrap_or_default();
        let space = self.tokens.get(range.start).is_some_and(|token| token.spaced);
        sum(end).saturating_sub(sum(range.start)).saturating_sub(usize::from(space))
    }

    /// Whether a stretch can stand on one line.
    fn is_flat(&self, range: &Range<usize>) -> bool {
        self.next_forced(range.start + 1) >= range.end
    }

    fn next_forced(&self, from: usize) -> usize {
        self.forced.get(from).copied().unwrap_or(self.tokens.len())
    }

    /// The column at which a stretch begins if it goes on here.
    fn column(&self, range: &Range<usize>, indent: usize) -> usize {
        let spaced = self.tokens.get(range.start).is_some_and(|token| token.spaced);
        self.writer.column(spaced, indent)
    }

    /// Whether a stretch, and so many columns behind it, fit where they go on.
    fn fits(&self, range: &Range<usize>, indent: usize, behind: usize) -> bool {
        self.is_flat(range) && self.column(range, indent) + self.width(range) + behind <= shown::COLUMNS
    }

    /// Writes a token and its comments; where a line begins, at the indent.
    pub(super) fn token(&mut self, index: usize, indent: usize) {
        self.token_below(index, indent, indent);
    }

    /// The same, with the comments before it at an indent of their own.
    fn token_below(&mut self, index: usize, comments: usize, indent: usize) {
        let Some(token) = self.tokens.get(index) else { return };
        for comment in &token.before {
            self.writer.comment(comment.text, comments);
        }
        if token.breaks == Break::Always {
            self.writer.end_line();
        }
        self.bare_token(index, indent);
    }

    /// The same without the comments before it.
    pub(super) fn bare_token(&mut self, index: usize, indent: usize) {
        let Some(token) = self.tokens.get(index) else { return };
        self.writer.token(&token.text, token.width, token.spaced, indent);
        if let Some(comment) = token.after {
            self.writer.trailing(comment.text);
        }
    }

    /// Writes a stretch in which nothing is broken but where it must be.
    pub(super) fn flat(&mut self, range: &Range<usize>, indent: usize) {
        for index in range.clone() {
            self.token(index, indent);
        }
    }

    /// Writes a node; `behind` columns stand behind it on its last line.
    pub(super) fn node(&mut self, node: &Node, indent: usize, behind: usize) {
        match &node.kind {
            NodeKind::Token => self.flat(&node.range, indent),
            NodeKind::Run(parts) => self.run(node, parts, indent, behind),
            NodeKind::Fill(parts) => self.fill(parts, self.column(&node.range, indent), behind),
            NodeKind::Operators(parts) => {
                let column = self.column(&node.range, indent);
                self.operators(node, parts, column, column, behind);
            }
        }
    }

    /// Parts one after another; what stands in brackets is further in where a comment breaks it.
    fn run(&mut self, node: &Node, parts: &[Node], indent: usize, behind: usize) {
        let mut opened = false;
        for part in parts {
            let rest = part.range.end..node.range.end;
            let behind = if rest.is_empty() {
                behind
            } else if self.is_flat(&rest) {
                self.width(&rest) + behind + 1
            } else {
                self.width(&rest) + 1
            };
            let bracket = self.tokens.get(part.range.start).filter(|_| matches!(part.kind, NodeKind::Token));
            match bracket {
                Some(close) if matches!(close.text.as_ref(), ")" | "]" | "}") => {
                    self.token_below(part.range.start, indent + BRACKET_INDENT, indent);
                }
                _ => self.node(part, if opened { indent + BRACKET_INDENT } else { indent }, behind),
            }
            opened = bracket.is_some_and(|token| matches!(token.text.as_ref(), "(" | "[" | "{"));
        }
    }

    /// As many parts on a line as fit.
    fn fill(&mut self, parts: &[Node], indent: usize, behind: usize) {
        let last = parts.len().saturating_sub(1);
        for (number, part) in parts.iter().enumerate() {
            let behind = if number == last { behind } else { 0 };
            if number > 0 && self.may_break(part) && !self.fits(&part.range, indent, behind) {
                self.writer.end_line();
            }
            self.node(part, indent, behind);
        }
    }

    /// All on one line, or a line for every operator. `first` is where the first part goes on when it is
    /// itself broken: further in than the operators, whose parts it is one of.
    fn operators(&mut self, node: &Node, parts: &[Node], indent: usize, column: usize, behind: usize) {
        if self.fits(&node.range, column, behind) {
            self.flat(&node.range, column);
            return;
        }
        let operator = parts.get(1).and_then(|part| self.tokens.get(part.range.start));
        let inner = indent + operator.map_or(0, |operator| operator.width + 1);
        let last = parts.len().saturating_sub(1);
        for (number, part) in parts.iter().enumerate() {
            let behind = if number == last { behind } else { 0 };
            match &part.kind {
                NodeKind::Operators(nested) if number == 0 => {
                    self.operators(part, nested, inner, column, behind);
                }
                _ if number == 0 => self.node(part, column, behind),
                _ => {
                    if self.may_break(part) {
                        self.writer.end_line();
                    }
                    self.node(part, indent, behind);
                }
            }
        }
    }

    fn may_break(&self, part: &Node) -> bool {
        self.tokens.get(part.range.start).is_some_and(|token| token.breaks != Break::Never)
    }
}
