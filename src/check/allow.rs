//! `# govctl: allow(code) reason`: a warning silenced where it stands, and `unused-allow` where none is left to silence.

use super::{Family, RULES, Rule};
use crate::diag::{Code, Finding, Severity, nearest};
use crate::source::{FileId, SourceFile, Sources, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("unused-allow"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "a comment silences a finding that does not occur",
    run: None,
};

const MARK: &str = "govctl: allow(";

/// A finding that a comment silences, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// The comment's reason.
    pub reason: String,
}

/// A comment that silences.
struct Allow {
    code: String,
    reason: String,
    /// The comment, from its mark to its closing parenthesis.
    span: Span,
    /// What it covers: its line, or the line or statement after it.
    covers: Span,
    used: bool,
}

/// Splits off what comments silence; comments that silence nothing are findings themselves.
pub fn apply(
    sources: &Sources,
    statements: &[Span],
    findings: Vec<Finding>,
) -> (Vec<Finding>, Vec<Silenced>) {
    let mut allows: Vec<Allow> = sources.iter().flat_map(|(id, file)| allows(id, file, statements)).collect();
    let (mut kept, mut silenced) = (Vec::new(), Vec::new());
    for finding in findings {
        let place = finding.primary.span;
        let fits = |allow: &&mut Allow| {
            allow.code == finding.code.0
                && allow.covers.file == place.file
                && (allow.covers.start..=allow.covers.end).contains(&place.start)
        };
        match allows.iter_mut().find(fits) {
            Some(allow) if finding.severity == Severity::Warning => {
                allow.used = true;
                silenced.push(Silenced { finding, reason: allow.reason.clone() });
            }
            _ => kept.push(finding),
        }
    }
    kept.extend(allows.iter().filter(|allow| !allow.used).map(unused));
    (kept, silenced)
}

fn unused(allow: &Allow) -> Finding {
    let code = &allow.code;
    match super::rule(code).map(|rule| rule.severity) {
        Some(Severity::Error) => RULE
            .finding(allow.span, format!("`{code}` is an error and cannot be silenced"))
            .help("mend what it reports, and remove this comment"),
        Some(Severity::Warning) => RULE
            .finding(allow.span, format!("there is no `{code}` here to silence"))
            .help("remove the comment"),
        None => {
            let codes: Vec<&str> = RULES.iter().map(|rule| rule.code.0).collect();
            RULE.finding(allow.span, format!("no finding is called `{code}`"))
                .help(nearest::help(code, "finding", &codes))
        }
    }
}

/// The comments of a file.
fn allows(id: FileId, file: &SourceFile, statements: &[Span]) -> Vec<Allow> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        if let Some((at, code, reason)) = comment(line) {
            let end = start + at + MARK.len() + code.len() + 1;
            let alone = line.trim_start().starts_with('#');
            let target = if alone { next_line(&file.text, start + line.len()) } else { start };
            let covers = covered(id, &file.text, target, statements);
            let span = Span::new(id, start + at, end);
            found.push(Allow { code, reason, span, covers, used: false });
        }
        start += line.len();
    }
    found
}

/// Where the mark stands in a line, the code and the reason.
fn comment(line: &str) -> Option<(usize, String, String)> {
    let hash = line.match_indices('#').map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        let after = line.get(at + 1..).unwrap_or_default();
        (before.is_empty() || before.ends_with(char::is_whitespace)) && after.trim_start().starts_with(MARK)
    })?;
    let at = hash + line.get(hash..)?.find(MARK)?;
    let (code, reason) = line.get(at + MARK.len()..)?.split_once(')')?;
    Some((at, code.trim().to_owned(), reason.trim().to_owned()))
}

/// Start of the first line from an offset on that is neither empty nor a comment.
fn next_line(text: &str, from: usize) -> usize {
    let mut start = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return start;
        }
        start += line.len();
    }
    start
}

/// The statement that begins in a line, else the line.
fn covered(id: FileId, text: &str, line: usize, statements: &[Span]) -> Span {
    let rest = text.get(line..).unwrap_or_default();
    let end = line + rest.find('\n').unwrap_or(rest.len());
    let whole = Span::new(id, line, end);
    let begins = |span: &&Span| span.file == id && (whole.start..=whole.end).contains(&span.start);
    statements.iter().find(begins).copied().unwrap_or(whole)
}
