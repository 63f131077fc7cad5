//! Reads a file one statement after another.

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diag::{Finding, code};
use crate::limits::{MAX_FINDINGS_PER_FILE, MAX_STATEMENT_BYTES};
use crate::source::{FileId, Span};

use super::grammar::{GovParser, Pair, Rule};
use super::lower::Lower;
use super::message::{self, Failure};
use super::{bounds, recover, scan, shape, tree};

/// Reads a policy file, whose text has no byte order mark: the statements that parse, and what is wrong
/// with the rest.
///
/// The findings stand in the order of their places and have the code `syntax` or `duplicate-clause`.
pub fn parse(id: FileId, text: &str) -> (tree::File, Vec<Finding>) {
    let mut reader = Reader { id, text, at: 0, statements: Vec::new(), findings: Vec::new() };
    if let Some(finding) = bounds::check(id, text) {
        reader.findings.push(finding);
    } else {
        reader.read();
        // Where the parser met it, it is said there.
        let is_said = |hidden: &Finding| {
            let at = hidden.primary.span.start;
            reader
                .findings
                .iter()
                .map(|finding| finding.primary.span)
                .any(|span| (span.start..span.end).contains(&at))
        };
        let hidden = bounds::hidden(id, text).filter(|hidden| !is_said(hidden));
        reader.findings.extend(hidden);
    }
    let Reader { statements, mut findings, .. } = reader;
    findings.sort_by_key(|finding| finding.primary.span);
    findings.truncate(MAX_FINDINGS_PER_FILE);
    (tree::File { id, statements }, findings)
}

/// How much text pest is shown first: more than most statements have.
const FIRST_WINDOW: usize = 16 * 1024;

/// What stands at a place.
enum Window<'t> {
    /// A statement, and after it the beginning of another one or the end of the file.
    Statement(Pair<'t>),
    /// It does not parse, with where and what was expected.
    Failure(Failure<'t>),
    /// More than is read, up to here.
    TooLong(usize),
}

struct Reader<'t> {
    id: FileId,
    text: &'t str,
    /// Everything before this place is done.
    at: usize,
    statements: Vec<tree::Statement>,
    findings: Vec<Finding>,
}

impl<'t> Reader<'t> {
    fn read(&mut self) {
        while self.findings.len() < MAX_FINDINGS_PER_FILE {
            self.at = scan::skip(self.text, self.at);
            if self.at >= self.text.len() {
                return;
            }
            match self.window(FIRST_WINDOW) {
                Window::Statement(pair) => match self.keep(&pair, true) {
                    Some(end) => self.at = end,
                    None => self.unreadable(),
                },
                Window::Failure(failure) => self.step_over(&failure),
                Window::TooLong(end) => self.too_long(end),
            }
        }
    }

    /// Parses the statement that begins here. pest is shown only as much text as it needs: its errors
    /// copy the line that they are on.
    fn window(&self, mut size: usize) -> Window<'t> {
        loop {
            let end = scan::boundary(self.text, self.at.saturating_add(size));
            let window = self.shown(end);
            let (seen, is_statement) = match &window {
                Window::Statement(pair) => (self.at + pair.as_span().end(), true),
                Window::Failure(failure) => (failure.failed, false),
                Window::TooLong(_) => return window,
            };
            // The whole text gives the same if the token where pest stopped is whole.
            let next = scan::next(self.text, seen);
            if end == self.text.len() || next.is_none_or(|next| next.end < end) {
                return window;
            }
            if size >= MAX_STATEMENT_BYTES {
                // White space and comments behind a statement may be as long as they like.
                let over = next.is_some_and(|next| {
                    next.start >= end && !matches!(next.text(self.text), "," | "<" | ">" | "{" | "}")
                });
                return if is_statement && over { window } else { Window::TooLong(end) };
            }
            size = size.saturating_mul(8).min(MAX_STATEMENT_BYTES);
        }
    }

    /// Parses the text up to an end as if it were the end of the file.
    fn shown(&self, end: usize) -> Window<'t> {
        match GovParser::parse(Rule::entry, self.text.get(self.at..end).unwrap_or("")) {
            Ok(mut pairs) => {
                let statement = pairs.next().and_then(|entry| entry.into_inner().next());
                statement.map_or(Window::TooLong(end), Window::Statement)
            }
            Err(error) => Window::Failure(self.failure(error)),
        }
    }

    fn failure(&self, error: Error<Rule>) -> Failure<'t> {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        let expected = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Failure { file: self.id, text: self.text, start: self.at, failed: self.at + at, expected }
    }

    /// Takes a statement into the tree; returns its end. One that is not whole has enough wrong with it.
    fn keep(&mut self, pair: &Pair<'t>, whole: bool) -> Option<usize> {
        let mut lower = Lower { file: self.id, base: self.at, findings: &mut self.findings };
        let end = lower.span(pair).end as usize;
        let statement = lower.statement(pair)?;
        if whole {
            shape::check(self.text, &statement, &mut self.findings);
        }
        self.statements.push(statement);
        Some(end)
    }

    /// Says what is wrong with a statement and goes on behind it. One that is only followed by something
    /// wrong stays.
    fn step_over(&mut self, failure: &Failure<'t>) {
        let Failure { text, start, failed, .. } = *failure;
        self.findings.push(message::finding(failure));
        let alone = text.get(start..failed).and_then(|text| GovParser::parse(Rule::statement, text).ok());
        let kept = alone.and_then(|mut pairs| {
            let pair = pairs.next()?;
            self.keep(&pair, pair.as_str().trim_end().ends_with('}'))
        });
        let from = kept.or_else(|| scan::next(text, start).map(|token| token.end));
        self.at = recover::resume(text, start, from.unwrap_or(text.len()), failed);
    }

    /// A statement that would take more memory than all others together.
    fn too_long(&mut self, end: usize) {
        let most = MAX_STATEMENT_BYTES / (1024 * 1024);
        let label = format!("a statement has at most {most} MiB");
        self.refuse(end, "statement is too long", label, "split it into several statements");
    }

    /// A statement that parses and has no place in the tree: a mistake of ours.
    fn unreadable(&mut self) {
        let label = "it parses, and has no place in the tree".to_owned();
        self.refuse(self.at, "statement cannot be read", label, "this is a bug in govctl: please report it");
    }

    /// Goes on behind a statement that is not read at all.
    fn refuse(&mut self, end: usize, message: &str, label: String, help: &str) {
        let first = scan::next(self.text, self.at).map_or(self.text.len(), |token| token.end);
        let span = Span::new(self.id, self.at, first);
        self.findings.push(Finding::error(code::SYNTAX, span, message).label(label).help(help));
        self.at = recover::resume(self.text, self.at, first, end);
    }
}
