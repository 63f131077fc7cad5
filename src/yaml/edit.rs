//! Edits of YAML in place: only the bytes of a value change, or a line is put in; comments, order and layout stay.
//!
//! Every result is read again and compared with what was meant, so an edit is right or refused: an anchor that others use,
//! or a layout that nobody thought of, is never edited wrongly.

mod brackets;

use std::collections::{BTreeMap, HashSet};

pub use super::alike::same;
use super::alike::{differs_only, json};
use super::{Kind, Value};
use crate::source::{FileId, Span};

/// One value to be put in place of another, or beside others.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The keys and places that lead to it.
    pub path: Vec<String>,
    /// Keys of the same map behind which it stands where it is new; the last that is there counts.
    pub behind: Vec<String>,
    /// The value as YAML on one line.
    pub new: String,
}

/// Bytes to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What stands there instead.
    pub text: String,
}

/// Makes edits in a text; why not where one of them cannot be made.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, String> {
    splices(text, edits).map(|splices| spliced(text, splices))
}

/// The bytes that edits replace; why not where one of them cannot be made.
pub fn splices(text: &str, edits: &[Edit]) -> Result<Vec<Splice>, String> {
    let before = read(text)?;
    let newline = newline(text);
    let mut splices = Vec::new();
    let mut in_empty: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for edit in edits {
        match edit.path.split_last() {
            Some((key, map)) if is_empty(&before, map) => {
                in_empty.entry(map).or_default().push(format!("{key}: {}", edit.new));
            }
            _ => splices.push(splice(text, &before, edit, newline).ok_or_else(|| refused(&edit.path))?),
        }
    }
    for (map, entries) in in_empty {
        splices.push(filled(text, &before, map, &entries).ok_or_else(|| refused(map))?);
    }
    // What cannot be read is what was put in, not what its author wrote.
    let read_again = read(&spliced(text, splices.clone()))
        .map_err(|_| edits.first().map_or_else(String::new, |edit| refused(&edit.path)))?;
    for edit in edits {
        let wanted = read(&format!("x: {}", edit.new))?;
        let is =
            at(&read_again, &edit.path).zip(wanted.get("x")).is_some_and(|(new, wanted)| same(new, wanted));
        if !is {
            return Err(refused(&edit.path));
        }
    }
    let changed: HashSet<&[String]> = edits.iter().map(|edit| edit.path.as_slice()).collect();
    if !differs_only(&before, &read_again, &mut Vec::new(), &changed) {
        return Err(changes_more(text, &before, edits));
    }
    Ok(splices)
}

/// The keys and places that lead to what stands at a place: a value, or the value of a key.
pub fn path_to(root: &Value, place: Span) -> Option<Vec<String>> {
    if root.span == place {
        return Some(Vec::new());
    }
    let below = |step: String, value: &Value| {
        path_to(value, place).map(|rest| std::iter::once(step).chain(rest).collect())
    };
    match &root.kind {
        Kind::List(items) => items.iter().enumerate().find_map(|(at, item)| below(at.to_string(), item)),
        Kind::Map(entries) => entries.iter().find_map(|(key, value)| {
            if key.span == place { Some(vec![key.value.clone()]) } else { below(key.value.clone(), value) }
        }),
        _ => None,
    }
}

/// A list, and the lines of each entry that is put behind its last one, without indentation, the first without `-`.
pub type Added = (Vec<String>, Vec<Vec<String>>);

/// Puts entries behind the last of lists, in brackets or not, and begins lists of which there is nothing.
pub fn append(text: &str, added: &[Added]) -> Result<String, String> {
    let before = read(text)?;
    let newline = newline(text);
    let mut splices = Vec::new();
    for (list, entries) in added {
        let put = if at(&before, list).is_some_and(|list| !list.items().is_empty()) { behind } else { begun };
        splices.extend(put(text, &before, list, entries, newline).ok_or_else(|| refused(list))?);
    }
    let after = spliced(text, splices);
    let any = || added.first().map_or_else(String::new, |(list, _)| refused(list));
    let read_again = read(&after).map_err(|_| any())?;
    for (list, entries) in added {
        let [old, now] =
            [&before, &read_again].map(|root| at(root, list).map(Value::items).unwrap_or_default());
        let kept =
            now.len() == old.len() + entries.len() && old.iter().zip(now).all(|(old, new)| same(old, new));
        if !kept {
            return Err(refused(list));
        }
    }
    let changed = added.iter().map(|(list, _)| list.as_slice()).collect();
    if differs_only(&before, &read_again, &mut Vec::new(), &changed) { Ok(after) } else { Err(any()) }
}

/// What puts entries behind the last of a list.
fn behind(
    text: &str,
    root: &Value,
    list: &[String],
    entries: &[Vec<String>],
    newline: &str,
) -> Option<Vec<Splice>> {
    let list = at(root, list)?;
    if is_flow(text, list) {
        return brackets::behind(text, list, entries, newline);
    }
    let last = list.items().last()?;
    let (start, dash) = dash_of(text, last)?;
    let indent = text.get(start..dash)?;
    let place = line_end(text, end_of(text, last));
    Some(vec![Splice { start: place, end: place, text: laid_out(entries, newline, indent) }])
}

/// Entries of a list in lines of their own, each with the line break before it.
fn laid_out(entries: &[Vec<String>], newline: &str, indent: &str) -> String {
    let lines = entries.iter().flat_map(|lines| lines.iter().enumerate());
    let lines =
        lines.map(|(at, line)| format!("{newline}{indent}{} {line}", if at == 0 { "-" } else { " " }));
    lines.collect()
}

fn read(text: &str) -> Result<Value, String> {
    let (value, findings) = super::read::parse_as_written(FileId::NONE, text);
    match (value, findings.first()) {
        (Some(value), None) => Ok(value),
        (_, Some(finding)) => Err(finding.message.clone()),
        (None, None) => Err("it is empty".to_owned()),
    }
}

fn refused(path: &[String]) -> String {
    format!("`{}` cannot be edited in place: edit it by hand", path.join("."))
}

/// Why edits change more than was meant, by the first whose value is shared.
fn changes_more(text: &str, root: &Value, edits: &[Edit]) -> String {
    let place = |edit: &&Edit| {
        let (key, map) = edit.path.split_last()?;
        let (key, value) = at(root, map)?.entries().iter().find(|(known, _)| known.value == *key)?;
        let (key, value) = (key.span.start as usize, value.span.start as usize);
        let head = text.get(..value)?.trim_end();
        let is_named = head.rsplit(char::is_whitespace).next().is_some_and(|word| word.starts_with('&'));
        (value < key || is_named).then_some(key)
    };
    let Some((edit, key)) = edits.iter().find_map(|edit| Some((edit, place(&edit)?))) else {
        return "an edit would change more than was meant: edit the file by hand".to_owned();
    };
    let line = text.get(..key).map_or(1, |head| head.matches('\n').count() + 1);
    format!(
        "`{}` in line {line} shares its value with others through an anchor, and an edit would change all of them: edit it by hand",
        edit.path.join(".")
    )
}

/// A value as it is written in a map whose keys are quoted, as in JSON; none in any other map.
fn as_json(text: &str, map: &Value, new: &str) -> Option<String> {
    let (key, _) = map.entries().last()?;
    let start = key.span.start as usize;
    let is_quoted = text.get(start..)?.starts_with('"') || text.get(..start)?.ends_with('"');
    (is_quoted && is_flow(text, map)).then(|| json(read(&format!("x: {new}")).ok()?.get("x")?)).flatten()
}

/// The value at a path.
fn at<'a>(root: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(root, |value, step| match &value.kind {
        Kind::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    })
}

fn splice(text: &str, root: &Value, edit: &Edit, newline: &str) -> Option<Splice> {
    if let Some(old) = at(root, &edit.path) {
        if let Some(colon) = unwritten(text, root, &edit.path) {
            return Some(Splice { start: colon, end: colon, text: format!(" {}", edit.new) });
        }
        let start = old.span.start as usize;
        let (start, end) = if is_flow(text, old) {
            (opening(text, start)?, end_of(text, old))
        } else {
            (start, end_of(text, old))
        };
        let map = edit.path.split_last().and_then(|(_, map)| at(root, map));
        let new = map.and_then(|map| as_json(text, map, &edit.new));
        return Some(Splice { start, end, text: new.unwrap_or_else(|| edit.new.clone()) });
    }
    let (key, map) = edit.path.split_last()?;
    let map = at(root, map).filter(|map| !map.entries().is_empty())?;
    let behind = map.entries().iter().rfind(|(key, _)| edit.behind.contains(&key.value));
    let (anchor, value) = behind.or_else(|| map.entries().last())?;
    let end = end_of(text, value);
    if is_flow(text, map) {
        let entry = as_json(text, map, &edit.new).map(|new| format!(", \"{key}\": {new}"));
        return Some(Splice {
            start: end,
            end,
            text: entry.unwrap_or_else(|| format!(", {key}: {}", edit.new)),
        });
    }
    let start = anchor.span.start as usize;
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    // A key behind the dash of its list item stands as far right as the others.
    let indent: String = text.get(line..start)?.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let place = line_end(text, end);
    Some(Splice { start: place, end: place, text: format!("{newline}{indent}{key}: {}", edit.new) })
}

/// Whether a key is there whose value is nothing, or a map of nothing.
fn is_empty(root: &Value, map: &[String]) -> bool {
    at(root, map).is_some_and(|value| match &value.kind {
        Kind::Null => true,
        Kind::Map(entries) => entries.is_empty(),
        _ => false,
    })
}

/// Puts entries where a key has nothing.
fn filled(text: &str, root: &Value, map: &[String], entries: &[String]) -> Option<Splice> {
    let (start, end) = nothing(text, root, map)?;
    let lead = if text.get(..start)?.ends_with(':') { " " } else { "" };
    Some(Splice { start, end, text: format!("{lead}{{{}}}", entries.join(", ")) })
}

/// From where to where the nothing of a key stands.
fn nothing(text: &str, root: &Value, path: &[String]) -> Option<(usize, usize)> {
    if let Some(colon) = unwritten(text, root, path) {
        return Some((colon, colon));
    }
    let value = at(root, path)?;
    let (start, end) = (value.span.start as usize, end_of(text, value));
    let start = if is_flow(text, value) { opening(text, start)? } else { start };
    Some((start, end))
}

/// The place behind the colon of a key behind which nothing is written.
fn unwritten(text: &str, root: &Value, path: &[String]) -> Option<usize> {
    let (last, parent) = path.split_last()?;
    let (key, value) = at(root, parent)?.entries().iter().find(|(key, _)| key.value == *last)?;
    let from = key.span.end as usize;
    let colon = from + text.get(from..)?.find(':')? + 1;
    let start = value.span.start as usize;
    let written = text.get(start..end_of(text, value)).unwrap_or_default().trim();
    let is_unwritten = matches!(value.kind, Kind::Null) && !["~", "null", "Null", "NULL"].contains(&written);
    (start < colon || is_unwritten).then_some(colon)
}

/// What begins the block list of a key that has none, or an empty one, with entries.
fn begun(
    text: &str,
    root: &Value,
    list: &[String],
    entries: &[Vec<String>],
    newline: &str,
) -> Option<Vec<Splice>> {
    let (name, parent) = list.split_last()?;
    let map = at(root, parent).filter(|map| !map.entries().is_empty())?;
    if is_flow(text, map) {
        return brackets::begun(text, root, list, entries);
    }
    let (first, _) = map.entries().first()?;
    let start = first.span.start as usize;
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = text.get(line..start).filter(|indent| indent.trim().is_empty())?;
    let added = laid_out(entries, newline, &format!("{indent}  "));
    if map.get(name).is_some() {
        let (from, to) = nothing(text, root, list)?;
        let place = line_end(text, to);
        let put = Splice { start: place, end: place, text: added };
        let is_last = text.get(to..place)?.trim().is_empty();
        let from = if is_last { text.get(..from)?.trim_end_matches(' ').len() } else { from };
        return Some(vec![Splice { start: from, end: to, text: String::new() }, put]);
    }
    let (_, last) = map.entries().last()?;
    let place = line_end(text, end_of(text, last));
    Some(vec![Splice { start: place, end: place, text: format!("{newline}{indent}{name}:{added}") }])
}

/// Puts everything in, what stands at one place in the order of the edits.
fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.start);
    let mut after = String::with_capacity(text.len());
    let mut from = 0;
    for splice in splices {
        after += text.get(from..splice.start.max(from)).unwrap_or_default();
        after += &splice.text;
        from = splice.end.max(from);
    }
    after + text.get(from..).unwrap_or_default()
}

/// Whether a list or map is written in brackets.
pub fn is_flow(text: &str, value: &Value) -> bool {
    let wanted = match value.kind {
        Kind::List(_) => '[',
        Kind::Map(_) => '{',
        _ => return false,
    };
    let start = value.span.start as usize;
    if text.get(start..).is_some_and(|rest| rest.starts_with(wanted)) {
        return true;
    }
    before(text, start).is_some_and(|(_, c)| c == wanted)
}

/// The last character before a place that is no white space and in no comment, on the lines above too.
fn before(text: &str, place: usize) -> Option<(usize, char)> {
    text.get(..place)?.char_indices().rev().find(|(_, c)| !c.is_whitespace())
}

/// Where the bracket of a list or map in brackets stands.
fn opening(text: &str, start: usize) -> Option<usize> {
    match text.get(start..)?.chars().next()? {
        '[' | '{' => Some(start),
        _ => before(text, start).map(|(at, _)| at),
    }
}

/// Where a value ends, its closing bracket counted.
fn end_of(text: &str, value: &Value) -> usize {
    let last = match &value.kind {
        Kind::List(items) => items.last(),
        Kind::Map(entries) => entries.last().map(|(_, value)| value),
        _ => None,
    };
    let end = last.map_or(value.span.end as usize, |last| end_of(text, last));
    if !is_flow(text, value) {
        return end;
    }
    let rest = text.get(end..).unwrap_or_default();
    let closing = if matches!(value.kind, Kind::List(_)) { ']' } else { '}' };
    let is_empty_with_bracket = last.is_none() && text.get(..end).is_some_and(|text| text.ends_with(closing));
    let found = rest.find(closing).filter(|_| !is_empty_with_bracket);
    found.map_or(end, |at| end + at + 1)
}

/// The end of the line that a place is on, its newline not counted.
fn line_end(text: &str, place: usize) -> usize {
    let rest = text.get(place..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    place + line.strip_suffix('\r').unwrap_or(line).len()
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The beginning of the line of a block list's item, and where its dash stands.
fn dash_of(text: &str, item: &Value) -> Option<(usize, usize)> {
    let start = item.span.start as usize;
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let head = text.get(line..start)?;
    let dash = head.find('-').filter(|at| head.get(..*at).is_some_and(|indent| indent.trim().is_empty()))?;
    Some((line, line + dash))
}
