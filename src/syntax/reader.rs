//! Reads a file one statement after another.

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diag::Finding;
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::FileId;

use super::grammar::{GovParser, Pair, Rule};
use super::lower::Lower;
use super::message::{self, Failure};
use super::{bounds, recover, scan, shape, tree};

/// Reads a policy file, whose text has no byte order mark: the statements that parse, and what is wrong with the rest.
///
/// The findings stand in the order of their places and have the code `syntax` or `duplicate-clause`.
pub fn parse(id: FileId, text: &str) -> (tree::File, Vec<Finding>) {
    let mut reader = Reader { id, text, at: 0, statements: Vec::new(), findings: Vec::new() };
    if let Some(finding) = bounds::check(id, text) {
        reader.findings.push(finding);
    } else {
        reader.read();
    }
    let Reader { statements, mut findings, .. } = reader;
    findings.sort_by_key(|finding| finding.primary.span);
    findings.truncate(MAX_FINDINGS_PER_FILE);
    (tree::File { id, statements }, findings)
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
            let Some(rest) = self.text.get(self.at..).filter(|rest| !rest.is_empty()) else { return };
            match GovParser::parse(Rule::entry, rest) {
                Ok(mut pairs) => {
                    let statement = pairs.next().and_then(|entry| entry.into_inner().next());
                    let end = statement.and_then(|pair| self.keep(pair));
                    self.at = end.unwrap_or(self.text.len());
                }
                Err(error) => self.step_over(rest, error),
            }
        }
    }

    /// Takes a statement into the tree; returns its end.
    fn keep(&mut self, pair: Pair<'t>) -> Option<usize> {
        let mut lower = Lower { file: self.id, base: self.at, findings: &mut self.findings };
        let end = lower.span(&pair).end as usize;
        let statement = lower.statement(&pair)?;
        shape::check(&statement, &mut self.findings);
        self.statements.push(statement);
        Some(end)
    }

    /// Says what is wrong with a statement and goes on behind it. One that is only followed by something wrong stays.
    fn step_over(&mut self, rest: &'t str, error: Error<Rule>) {
        let start = self.at;
        let failed = start + match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let expected = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let failure = Failure { file: self.id, text: self.text, start, failed, expected };
        self.findings.push(message::finding(&failure));
        let alone = GovParser::parse(Rule::statement, rest).ok().and_then(|mut pairs| pairs.next());
        let kept = alone.and_then(|pair| self.keep(pair));
        let from = kept.or_else(|| scan::next(self.text, start).map(|token| token.end));
        self.at = recover::resume(self.text, start, from.unwrap_or(self.text.len()), failed);
    }
}
