//! The text that a fix takes: only the bytes of what changes, so that comments, order and layout stay.

use crate::diag::fix::{Change, Edit, Fix};
use crate::model::words::{reference, written};
use crate::source::{FileKind, SourceFile, Sources, Span};
use crate::workspace::Workspace;
use crate::yaml::edit as yaml_edit;
use crate::yaml::{self, write};

/// The edits of a fix; none where one of its changes cannot be made in the text as it is.
pub fn edits(workspace: &Workspace, fix: &Fix) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for change in &fix.changes {
        edits.push(edit(workspace, change)?);
    }
    Some(edits)
}

fn edit(workspace: &Workspace, change: &Change) -> Option<Edit> {
    let sources = &workspace.sources;
    match change {
        Change::Text(span, text) => Some(Edit { span: *span, text: text.clone() }),
        Change::Name(span, name) => Some(Edit { span: *span, text: name_at(sources, *span, name)? }),
        Change::Clause(span, text) => clause(workspace, *span, text),
        Change::Below(span, key, value) => entry(sources, *span, key, value, true),
        Change::Beside(span, key, value) => entry(sources, *span, key, value, false),
        Change::Comment(span) => comment(sources, *span),
        Change::Item(span) => item(sources, *span),
    }
}

/// A name as it is written where another one stands; none where that cannot be said.
pub fn name_at(sources: &Sources, span: Span, name: &str) -> Option<String> {
    let marked = sources.text(span);
    let plain = if sources.file(span.file)?.kind == FileKind::Policy {
        if marked.starts_with('"') { written(name) } else { reference(name) }
    } else if marked.starts_with(['|', '>', '*', '&', '!']) {
        return None;
    } else {
        write::scalar(name)
    };
    let quote = marked.chars().next().filter(|first| matches!(first, '"' | '\''));
    Some(match quote {
        Some(quote) if !plain.starts_with('"') => format!("{quote}{plain}{quote}"),
        _ => plain,
    })
}

/// A clause at the end of the statement that has a place: in a line of its own where the others have theirs.
fn clause(workspace: &Workspace, place: Span, text: &str) -> Option<Edit> {
    let within = |span: &&Span| span.file == place.file && span.start <= place.start && place.end <= span.end;
    let statement = workspace.statements.iter().find(within)?;
    let file = workspace.sources.file(place.file)?;
    if let Some(span) = blank(file, *statement, text) {
        return Some(Edit { span, text: text.to_owned() });
    }
    let brace = (statement.end as usize).checked_sub(1)?;
    if file.text.get(brace..statement.end as usize) != Some("}") {
        return None;
    }
    let (_, line) = file.line_at(brace);
    let before = file.text.get(line..brace)?;
    if before.trim().is_empty() {
        let span = Span::new(place.file, line, line);
        return Some(Edit { span, text: format!("{before}  {text}{}", newline(file)) });
    }
    let kept = file.text.get(..brace)?.trim_end().len();
    let space = file.text.get(kept..brace)?;
    let space = if space.is_empty() { " " } else { space };
    let span = Span::new(place.file, brace, brace);
    let lead = if kept == brace { " " } else { "" };
    Some(Edit { span, text: format!("{lead}{text}{space}") })
}

/// Where a statement has the clause already, with nothing in its quotes.
fn blank(file: &SourceFile, statement: Span, clause: &str) -> Option<Span> {
    let word = clause.split(' ').next()?;
    let text = file.text.get(statement.start as usize..statement.end as usize)?;
    text.match_indices(word).find_map(|(at, _)| {
        let is_begun = text.get(..at)?.ends_with([' ', '\t', '\n', '{']);
        let rest = text.get(at + word.len()..)?;
        let inner = rest.trim_start().strip_prefix('"')?;
        let end = text.len() - inner.trim_start_matches([' ', '\t']).strip_prefix('"')?.len();
        let start = statement.start as usize;
        is_begun.then(|| Span::new(statement.file, start + at, start + end))
    })
}

/// A key in a map of a YAML file.
fn entry(sources: &Sources, place: Span, key: &str, value: &str, is_below: bool) -> Option<Edit> {
    let value = write::scalar(value);
    if is_below { put(sources, place, &[key], value, 0) } else { beside(sources, place, &[key], value) }
}

/// Keys, one within the other, and a value as YAML, beside the key or value at a place.
pub fn beside(sources: &Sources, place: Span, keys: &[&str], value: String) -> Option<Edit> {
    put(sources, place, keys, value, 1)
}

/// The same so many levels above what the place leads to.
fn put(sources: &Sources, place: Span, keys: &[&str], new: String, above: usize) -> Option<Edit> {
    let file = sources.file(place.file)?;
    let root = yaml::parse(place.file, &file.text).0?;
    let mut path = yaml_edit::path_to(&root, place)?;
    path.truncate(path.len().saturating_sub(above));
    path.extend(keys.iter().map(|key| (*key).to_owned()));
    let behind = ["name", "hosting"].map(str::to_owned).to_vec();
    let edit = yaml_edit::Edit { path, behind, new };
    let splices = yaml_edit::splices(&file.text, &[edit]).ok()?;
    let [splice] = splices.as_slice() else { return None };
    let span = Span::new(place.file, splice.start, splice.end);
    Some(Edit { span, text: splice.text.clone() })
}

/// A comment gone, and its line where nothing else stands in it.
fn comment(sources: &Sources, place: Span) -> Option<Edit> {
    let file = sources.file(place.file)?;
    let (_, line) = file.line_at(place.start as usize);
    let head = file.text.get(line..place.start as usize)?;
    let hash = head.rfind('#').filter(|at| head.get(at + 1..).is_some_and(|rest| rest.trim().is_empty()))?;
    let rest = file.text.get(line..)?;
    let end = line + rest.find('\n').unwrap_or(rest.len());
    let before = head.get(..hash)?;
    let (start, end) = if before.trim().is_empty() {
        (line, (end + 1).min(file.text.len()))
    } else {
        let kept = if file.text.get(..end)?.ends_with('\r') { end - 1 } else { end };
        (line + before.trim_end().len(), kept)
    };
    Some(Edit { span: Span::new(place.file, start, end), text: String::new() })
}

/// An item of a list gone: with its comma, or of a list with one item a line with its line.
fn item(sources: &Sources, place: Span) -> Option<Edit> {
    let file = sources.file(place.file)?;
    let (start, end) = (place.start as usize, place.end as usize);
    let before = file.text.get(..start)?.trim_end();
    let gone = |start: usize, end: usize| {
        Some(Edit { span: Span::new(place.file, start, end), text: String::new() })
    };
    match before.chars().next_back()? {
        ',' => gone(before.len() - 1, end),
        '[' => {
            let rest = file.text.get(end..)?;
            let after = rest.trim_start();
            let comma = after.strip_prefix(',').map(str::trim_start);
            gone(start, file.text.len() - comma.map_or(rest.len(), str::len))
        }
        '-' => {
            let (_, line) = file.line_at(start);
            let head = file.text.get(line..start)?;
            let rest = file.text.get(end..)?;
            let tail = rest.split('\n').next().unwrap_or_default();
            let is_alone = head.trim() == "-" && (tail.trim().is_empty() || tail.trim().starts_with('#'));
            if !is_alone {
                return None;
            }
            let note = tail.trim_start();
            if note.is_empty() {
                return gone(line, (end + tail.len() + 1).min(file.text.len()));
            }
            // A comment stays where the item stood.
            let indent = head.len() - head.trim_start().len();
            gone(line + indent, end + tail.len() - note.len())
        }
        _ => None,
    }
}

fn newline(file: &SourceFile) -> &'static str {
    if file.text.contains("\r\n") { "\r\n" } else { "\n" }
}
