//! Lines as they are written: columns, and comments at the ends of neighbouring lines under each other.

use crate::limits::shown;
use unicode_width::UnicodeWidthStr;

/// A line without its newline.
#[derive(Debug, Default)]
struct Line<'t> {
    code: String,
    width: usize,
    comment: Option<&'t str>,
}

/// The text that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer<'t> {
    lines: Vec<Line<'t>>,
    current: Line<'t>,
    /// The column at which the next token stands, if it stands on this line.
    column: Option<usize>,
    /// The line before which none is blank: the first of the file or of a block.
    top: usize,
}

impl<'t> Writer<'t> {
    /// Whether the next token begins a line.
    pub(super) fn at_line_start(&self) -> bool {
        self.current.code.is_empty()
    }

    /// The column at which a token would begin.
    pub(super) fn column(&self, spaced: bool, indent: usize) -> usize {
        if self.at_line_start() {
            return indent;
        }
        let next = self.current.width + usize::from(spaced);
        self.column.map_or(next, |column| column.max(next))
    }

    /// Writes a token.
    pub(super) fn token(&mut self, text: &str, width: usize, spaced: bool, indent: usize) {
        let column = self.column(spaced, indent);
        let gap = column.saturating_sub(self.current.width);
        self.current.code.extend(std::iter::repeat_n(' ', gap));
        self.current.code.push_str(text);
        self.current.width = column + width;
        self.column = None;
    }

    /// The next token stands at a column, if it stands on this line.
    pub(super) fn pad_to(&mut self, column: usize) {
        self.column = Some(column);
    }

    /// Ends the line, with a comment behind it.
    pub(super) fn trailing(&mut self, comment: &'t str) {
        self.current.comment = Some(comment);
        self.end_line();
    }

    /// Ends the line if something stands on it.
    pub(super) fn end_line(&mut self) {
        if !self.at_line_start() {
            self.lines.push(std::mem::take(&mut self.current));
        }
        self.column = None;
    }

    /// A comment on a line of its own.
    pub(super) fn comment(&mut self, text: &str, indent: usize) {
        self.end_line();
        self.token(text, text.width(), false, indent);
        self.end_line();
    }

    /// Ends the line that opens a block.
    pub(super) fn open(&mut self) {
        self.end_line();
        self.top = self.lines.len();
    }

    /// A blank line, but at the start of the file or of a block.
    pub(super) fn blank_line(&mut self) {
        self.end_line();
        if self.lines.len() > self.top {
            self.lines.push(Line::default());
        }
    }

    /// The whole text.
    pub(super) fn finish(mut self, newline: &str) -> String {
        self.end_line();
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.code.len() + 2).sum());
        let joins = |line: &Line| line.comment.is_some() && line.width <= shown::ALIGNED;
        for run in self.lines.chunk_by(|a, b| joins(a) && joins(b)) {
            let column = run.iter().map(|line| line.width + 2).max().unwrap_or(0);
            for line in run {
                text.push_str(&line.code);
                if let Some(comment) = line.comment {
                    text.extend(std::iter::repeat_n(' ', column.saturating_sub(line.width)));
                    text.push_str(comment);
                }
                text.push_str(newline);
            }
        }
        text
    }
}
