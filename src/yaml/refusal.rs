//! Text that is not YAML, or not YAML that is read here: what is wrong, where, and what to write.

use serde_saphyr::Location;

use super::slip::{self, Line, line_at};
use super::{entry, marks};
use crate::diag::{Finding, code};
use crate::limits::MAX_YAML_DEPTH;
use crate::source::{FileId, Span};

/// What serde-saphyr says, in our words.
pub(super) fn refusal(id: FileId, text: &str, error: &serde_saphyr::Error) -> Finding {
    let location = error.location().unwrap_or(Location::UNKNOWN);
    let start = offset(text, location);
    let end = text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |c| start + c.len_utf8());
    let said = error.without_snippet().to_string();
    let said = said.split(" at line ").next().unwrap_or_default().trim().trim_end_matches('.');
    let said = said.lines().next().unwrap_or_default();
    let lower = said.to_lowercase();
    let slipped = |slip: slip::Slip| {
        Finding::error(code::SCHEMA, Span::new(id, slip.start, slip.end), slip.message).help(slip.help)
    };
    if lower.contains("duplicate") {
        let slip = marks::thousands(text, start);
        let slip = slip.or_else(|| entry::dash(text, start)).or_else(|| entry::swallowed(text, start));
        return slip.map_or_else(|| twice(id, text, start), slipped);
    }
    let (message, help) = if lower.contains("merge key") {
        (
            "merge keys (`<<`) are not read here".to_owned(),
            "write the keys out: every entry states its own facts",
        )
    } else if lower.contains("document") && is_parted(text) {
        let rest = text.get(start..).unwrap_or_default().trim_start_matches(['-', '.']);
        let is_last = rest.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let help =
            if is_last { "leave this mark out" } else { "move what follows `---` to a file of its own" };
        ("a file holds one YAML document".to_owned(), help)
    } else if lower.contains("depth") || lower.contains("nesting") || lower.contains("recursion") {
        (format!("nested deeper than {MAX_YAML_DEPTH} levels"), "a registry or an estate needs eight")
    } else if let Some(slip) = slip::find(text, start, &lower) {
        return slipped(slip);
    } else if lower.contains("alias") || lower.contains("anchor") {
        ("aliases unfold to more than is read".to_owned(), "write the values out where they are used")
    } else if lower.contains("non-finite") {
        ("a number here is too large or too small to be read exactly".to_owned(), "write an ordinary decimal")
    } else if lower.contains("budget") || lower.contains("limit") {
        ("this document is larger than is read".to_owned(), "split the file")
    } else {
        (
            format!("this is not YAML: {}", sentence(said)),
            "check the indentation, colons and quotes of this line and the one before",
        )
    };
    Finding::error(code::SCHEMA, Span::new(id, start, end), message).help(help)
}

/// Whether a mark that ends a document stands in a text.
fn is_parted(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("---") || line.starts_with("..."))
}

/// A key that appears twice in a map, with the place where it stands first.
fn twice(id: FileId, text: &str, start: usize) -> Finding {
    let key = key_at(text, start);
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find([':', '\n', ',', '}']).unwrap_or(rest.len());
    let length = rest.get(..length).map_or(0, |key| key.trim_end().len());
    let span = Span::new(id, start, start + length);
    let message = format!("the key `{key}` appears twice in this map");
    let finding = Finding::error(code::SCHEMA, span, message).label("again here");
    let finding = finding.help("keep one of the two: which one counts is not guessed");
    match first(text, start, &key) {
        Some(at) => finding.related(Span::new(id, at, at + length), "first here"),
        None => finding,
    }
}

/// Where a key stands for the first time in the map in which it stands again at a place.
fn first(text: &str, start: usize, key: &str) -> Option<usize> {
    let line = line_at(text, start);
    let before = text.get(line.start..start)?;
    if before.contains('{') {
        let flow = before.rfind('{')?;
        let begins =
            |at: &usize| before.get(..*at).is_some_and(|before| before.trim_end().ends_with(['{', ',']));
        let mut places = before.match_indices(key).map(|(at, _)| at).filter(|at| *at > flow);
        return places.find(begins).map(|at| line.start + at);
    }
    let mut end = line.start;
    while let Some(above) = text.get(..end.checked_sub(1)?) {
        let at = above.rfind('\n').map_or(0, |newline| newline + 1);
        let above = Line::new(text, at);
        end = at;
        if above.is_blank() || above.column > line.column {
            continue;
        }
        if above.column < line.column {
            return None;
        }
        if above.entry().is_some_and(|(known, _)| known.trim_matches(['"', '\'']) == key) {
            return Some(above.start + above.column);
        }
        if above.is_item() {
            return None;
        }
    }
    None
}

fn sentence(said: &str) -> String {
    let mut chars = said.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

fn key_at(text: &str, start: usize) -> String {
    let rest = text.get(start..).unwrap_or_default();
    let key: String = rest.chars().take_while(|c| !matches!(c, ':' | '\n' | ',' | '}')).take(80).collect();
    key.trim().trim_matches(['"', '\'']).to_owned()
}

/// Byte offset of a location, on a character boundary.
fn offset(text: &str, location: Location) -> usize {
    if let Some(bytes) = location.span().byte_offset() {
        let mut at = usize::try_from(bytes).unwrap_or(usize::MAX).min(text.len());
        while !text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        return at;
    }
    let line = usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let within = text.get(start..).unwrap_or_default();
    start + within.chars().take(column).take_while(|c| *c != '\n').map(char::len_utf8).sum::<usize>()
}
