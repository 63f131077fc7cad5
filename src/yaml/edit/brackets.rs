//! Entries behind the last of a list in brackets, and lists in brackets of which there is nothing yet.

use super::{Splice, as_json, at, end_of, is_flow, line_end, nothing, read};
use crate::yaml::write::flow;
use crate::yaml::{Kind, Value};

/// What puts entries behind the last of a list in brackets: on lines of their own where the last one stands so.
pub(super) fn behind(
    text: &str,
    list: &Value,
    entries: &[Vec<String>],
    newline: &str,
) -> Option<Vec<Splice>> {
    let last = list.items().last()?;
    let (end, close) = (end_of(text, last), end_of(text, list).checked_sub(1)?);
    let start = opening(text, last)?;
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = text.get(line..start).filter(|indent| line > 0 && indent.trim().is_empty());
    let written: Vec<String> = entries.iter().map(|lines| entry(text, last, lines)).collect::<Option<_>>()?;
    let Some(indent) = indent else {
        return Some(vec![put(end, format!(", {}", written.join(", ")))]);
    };
    let lines: Vec<String> = written
        .iter()
        .zip(entries)
        .flat_map(|(new, lines)| {
            let said = lines.iter().filter(|line| line.starts_with('#') && !new.starts_with("{\""));
            said.cloned().chain([new.clone()]).collect::<Vec<_>>()
        })
        .collect();
    let of_last = line_end(text, end);
    let has_comma = text.get(end..close)?.trim_start().starts_with(',');
    let last_line = lines.len().checked_sub(1)?;
    let laid_out: String = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let comma = if !line.starts_with('#') && (at < last_line || has_comma) { "," } else { "" };
            format!("{newline}{indent}{line}{comma}")
        })
        .collect();
    if of_last < close {
        let comma = if has_comma { "" } else { "," };
        return Some(vec![put(end, comma.to_owned()), put(of_last, laid_out)]);
    }
    // The bracket stands behind the last one, on its line.
    let comma = if has_comma { return None } else { "," };
    Some(vec![put(end, format!("{comma}{laid_out}"))])
}

/// What begins the list of a key in a map in brackets.
pub(super) fn begun(
    text: &str,
    root: &Value,
    list: &[String],
    entries: &[Vec<String>],
) -> Option<Vec<Splice>> {
    let (name, parent) = list.split_last()?;
    let map = at(root, parent)?;
    let written: Vec<String> = entries.iter().map(|lines| entry(text, map, lines)).collect::<Option<_>>()?;
    let written = format!("[{}]", written.join(", "));
    if map.get(name).is_some() {
        let (start, end) = nothing(text, root, list)?;
        let lead = if text.get(..start)?.ends_with(':') { " " } else { "" };
        return Some(vec![Splice { start, end, text: format!("{lead}{written}") }]);
    }
    let (_, last) = map.entries().last()?;
    let key = as_json(text, map, &crate::yaml::write::scalar(name)).unwrap_or_else(|| name.clone());
    Some(vec![put(end_of(text, last), format!(", {key}: {written}"))])
}

fn put(at: usize, text: String) -> Splice {
    Splice { start: at, end: at, text }
}

/// An entry on one line, in the style of a map beside or around it.
fn entry(text: &str, beside: &Value, lines: &[String]) -> Option<String> {
    let new = read(&lines.join("\n")).ok()?;
    let is_map = matches!(beside.kind, Kind::Map(_)) && !beside.entries().is_empty();
    let json = if is_map && is_flow(text, beside) { as_json(text, beside, &flow(&new)) } else { None };
    Some(json.unwrap_or_else(|| flow(&new)))
}

/// Where an item of a list in brackets begins.
fn opening(text: &str, item: &Value) -> Option<usize> {
    let start = item.span.start as usize;
    if is_flow(text, item) { super::opening(text, start) } else { Some(start) }
}
