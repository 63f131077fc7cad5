//! Names on one line: what the escapes of YAML can put into a text and nobody sees.

use super::slip::{copied, short};
use super::{Kind, Value};
use crate::diag::fix::{Change, Fix};
use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::source::{Span, visible};

/// Keys whose texts are prose, with lines and tabs.
const PROSE: [&str; 8] = ["description", "document", "note", "notes", "profile", "reason", "source", "what"];

/// A key that is prose where it has a text: it has a list of entries, too.
const PROVEN: &str = "evidence";

/// A finding for each text with a character that it cannot have.
pub(super) fn check(document: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    value(document, false, &mut findings);
    findings.truncate(MAX_FINDINGS_PER_FILE);
    findings
}

fn value(of: &Value, is_prose: bool, findings: &mut Vec<Finding>) {
    match &of.kind {
        Kind::String(text) => findings.extend(one(text, of.span, is_prose)),
        Kind::List(items) => items.iter().for_each(|item| value(item, is_prose, findings)),
        Kind::Map(entries) => {
            for (key, entry) in entries {
                findings.extend(one(&key.value, key.span, false));
                let key = key.value.as_str();
                let is_proven = key == PROVEN && matches!(entry.kind, Kind::String(_));
                value(entry, is_prose || is_proven || PROSE.contains(&key), findings);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number { .. } => {}
    }
}

fn one(text: &str, span: Span, is_prose: bool) -> Option<Finding> {
    if let Some(inner) = quoted(text).filter(|_| !is_prose) {
        let message = format!("the quotes of `{}` are none of YAML, and a part of the text", short(text));
        let finding = Finding::error(code::SCHEMA, span, message);
        // What they say without them is another text.
        let right = format!("\"{inner}\"");
        let finding = finding.help(format!("write `{}`", copied(&right)));
        return Some(finding.fix(Fix::not_safe(format!("write `{right}`"), Change::Text(span, right))));
    }
    let (what, found) = if is_prose {
        ("a text", visible::hidden_in_prose(text))
    } else {
        ("a name", visible::hidden_in_name(text))
    };
    let (at, c) = found?;
    let message = format!("the character {} cannot be in {what}", visible::code_point(c));
    // A text without quotes and escapes stands in the file as it is.
    let is_plain = span.end.saturating_sub(span.start) as usize == text.len();
    let start = span.start as usize + at;
    let span = if is_plain { Span::new(span.file, start, start + c.len_utf8()) } else { span };
    let help = if visible::is_blank(c) {
        "it only looks like a space: remove it, or write a space there"
    } else {
        "remove it"
    };
    Some(Finding::error(code::SCHEMA, span, message).help(help))
}

/// What stands within the quotes of a printed text, `“eu”`.
fn quoted(text: &str) -> Option<&str> {
    const OPEN: [char; 8] = ['“', '”', '„', '‟', '‘', '‚', '«', '‹'];
    const CLOSED: [char; 6] = ['”', '“', '’', '‘', '»', '›'];
    let inner = text.trim().strip_prefix(OPEN)?.strip_suffix(CLOSED)?;
    // `“a” and “b”` is no text in quotes.
    let has_others = inner.contains(['“', '”', '„', '‟', '‘', '‚', '«', '»', '‹', '›']);
    (!inner.is_empty() && !has_others && !inner.contains(['"', '\\'])).then_some(inner)
}
