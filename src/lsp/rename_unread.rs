//! A rename held to files that cannot be read as they are: of their names nothing is known but what stood there before, so
//! a place where the old name stands otherwise may mean it.

use super::{Kind, Occurrence, Seen, Symbol};
use crate::model::attribute::budget_of_share;
use crate::source::{FileId, FileKind, SourceFile, Span, visible};
use crate::syntax::scan;

/// Why something cannot be renamed while files cannot be read; nothing where none of them seems to name it.
pub(super) fn is_read(seen: Seen, symbol: &Symbol, new: &str) -> Result<(), String> {
    let sources = &seen.now.workspace.sources;
    for id in seen.now.unread() {
        let Some(file) = sources.file(id).filter(|file| may_hold(&symbol.kind, file.kind)) else { continue };
        let known = seen.now.index().in_file(id);
        let is_known = |start: usize, end: usize| {
            let holds = |one: &Occurrence| one.span.start as usize <= end && start <= one.span.end as usize;
            known.iter().any(holds)
        };
        let mut stretches = stretches(file).into_iter();
        let found = stretches.find_map(|(start, end)| {
            let text = file.text.get(start..end)?;
            let at = start + place(text, symbol, new)?;
            (!is_known(at, at + 1)).then_some(at)
        });
        if let Some(at) = found {
            return Err(refusal(seen, id, at, symbol));
        }
    }
    Ok(())
}

fn refusal(seen: Seen, file: FileId, at: usize, symbol: &Symbol) -> String {
    let place = seen.now.workspace.sources.place(Span::new(file, at, at));
    let (kind, name) = (symbol.kind.word(), visible::inline(symbol.bare()));
    format!(
        "{place} may name the {kind} `{name}`, in a file that cannot be read as it is: mend that file first"
    )
}

/// Whether files of a kind name things of a kind.
fn may_hold(kind: &Kind, file: FileKind) -> bool {
    match file {
        FileKind::Policy => true,
        FileKind::Registry | FileKind::Estate => matches!(
            kind,
            Kind::UseCase | Kind::Provider | Kind::Model | Kind::Classification | Kind::Word(_)
        ),
        FileKind::Config => matches!(kind, Kind::Fact | Kind::Budget),
        FileKind::Ignored => false,
    }
}

/// The stretches of a file that can hold a name: of a policy its words and strings, of YAML what is no comment.
fn stretches(file: &SourceFile) -> Vec<(usize, usize)> {
    let text = file.text.as_str();
    if file.kind == FileKind::Policy {
        let is_name = |token: &scan::Token| matches!(token.kind, scan::Kind::Word | scan::Kind::Text { .. });
        return scan::tokens(text, 0).filter(is_name).map(|token| (token.start, token.end)).collect();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let comment = line.find(" #").or_else(|| line.trim_start().starts_with('#').then_some(0));
        let said = line.get(..comment.unwrap_or(line.len())).unwrap_or_default();
        scalars(said, start, &mut found);
        start += line.len();
    }
    found
}

/// The keys and values of a line, each whole: a name within a longer text is none.
fn scalars(line: &str, start: usize, found: &mut Vec<(usize, usize)>) {
    let mut from = 0;
    let mut take = |from: usize, to: usize| {
        let part = line.get(from..to).unwrap_or_default();
        let inner = part.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
        let at = start + from + part.len() - inner.len();
        let scalar = inner.trim_end();
        if !scalar.is_empty() {
            found.push((at, at + scalar.len()));
        }
    };
    for (at, c) in line.char_indices() {
        let after = line.get(at + 1..).and_then(|rest| rest.chars().next());
        let is_end = match c {
            '[' | ']' | '{' | '}' | ',' => true,
            ':' => after.is_none_or(char::is_whitespace),
            _ => false,
        };
        if is_end {
            take(from, at);
            from = at + 1;
        }
    }
    take(from, line.len());
}

/// Where a stretch names something, or begins to match its old name or its new one and not both.
fn place(text: &str, symbol: &Symbol, new: &str) -> Option<usize> {
    let name = symbol.bare();
    let inner = text.trim_matches(['"', '\'']);
    let lead = text.len() - text.trim_start_matches(['"', '\'']).len();
    if inner == name {
        return Some(lead);
    }
    match symbol.kind {
        Kind::UseCase => {
            let begin = inner.strip_suffix('*')?;
            (name.starts_with(begin) != new.starts_with(begin)).then_some(lead)
        }
        Kind::Provider => {
            let (provider, _) = text.split_once('/')?;
            (provider.trim_matches(['"', '\'']) == name).then_some(0)
        }
        Kind::Model => {
            let (_, model) = text.split_once('/')?;
            (model.trim_matches(['"', '\'']) == name).then(|| text.len() - model.len())
        }
        Kind::Budget => {
            let budget = budget_of_share(inner)?;
            (budget == name).then_some(lead + "budget.".len())
        }
        _ => None,
    }
}
