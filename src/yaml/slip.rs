//! Slips of the pen for which YAML is known: tabs, indentation, colons, characters that mean something.

use super::{behind, entry, lines, marks, policy, unquoted};
use crate::limits::effort;
use crate::limits::shown;
use crate::source::visible;

/// A line that YAML cannot read, with what was meant.
pub(super) struct Slip {
    /// First byte of what is wrong.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// What is wrong.
    pub(super) message: String,
    /// What to write.
    pub(super) help: String,
}

/// As many lines are looked at around the place that the parser names.
const LINES: usize = 50;

/// The slip at or next to the place where the parser gave up, with what it said in lower case.
pub(super) fn find(text: &str, at: usize, said: &str) -> Option<Slip> {
    policy::find(text, at)
        .or_else(|| marks::find(text, at))
        .or_else(|| tab(text, at, said))
        .or_else(|| comment(text, at))
        .or_else(|| lines::find(text, at, said))
        .or_else(|| super::flow::find(text, at))
        .or_else(|| behind::find(text, at))
        .or_else(|| unquoted::find(text, at, said))
        .or_else(|| entry::misplaced(text, at, said))
        .or_else(|| entry::glued(text, at, said))
        .or_else(|| entry::named(text, at, said))
        .or_else(|| colon(text, at, said))
        .or_else(|| no_colon(text, at, said))
        .or_else(|| bracket(text, at, said))
        .or_else(|| indentation(text, at, said))
}

/// A line with its place and what it begins with.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
    /// Spaces and `- ` before its key.
    pub(super) column: usize,
}

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let mut column = line.len() - line.trim_start_matches(' ').len();
        while line.get(column..).is_some_and(|rest| rest.starts_with("- ")) {
            let rest = line.get(column + 1..).unwrap_or_default();
            column += 1 + (rest.len() - rest.trim_start_matches(' ').len());
        }
        Self { start, text: line, column }
    }

    /// What stands behind the white space and the dashes.
    pub(super) fn body(&self) -> &'t str {
        self.text.get(self.column..).unwrap_or_default().trim_end()
    }

    /// Its key and its value; none where it has no colon.
    pub(super) fn entry(&self) -> Option<(&'t str, &'t str)> {
        let (key, value) = self.body().split_once(':')?;
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-. \"'".contains(c));
        plain.then(|| (key.trim(), value.trim()))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() || self.text.trim_start().starts_with('#')
    }

    pub(super) fn is_item(&self) -> bool {
        self.text.trim_start().starts_with("- ")
    }
}

/// The line that holds a place.
pub(super) fn line_at(text: &str, at: usize) -> Line<'_> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    Line::new(text, start)
}

/// The lines close above one, nearest first, that say something.
pub(super) fn above<'t>(text: &'t str, line: Line<'t>) -> impl Iterator<Item = Line<'t>> {
    all_above(text, line).take(LINES)
}

/// The lines above one, nearest first, that say something.
pub(super) fn all_above<'t>(text: &'t str, line: Line<'t>) -> impl Iterator<Item = Line<'t>> {
    let before = text.get(..line.start).unwrap_or_default();
    let mut end = before.len();
    let lines = std::iter::from_fn(move || {
        let last = before.get(..end)?.strip_suffix('\n')?;
        let start = last.rfind('\n').map_or(0, |newline| newline + 1);
        end = start;
        Some(Line::new(text, start))
    });
    lines.filter(|line| !line.is_blank())
}

/// What to write, whole as far as it fits in a line: what is cut short cannot be copied.
pub(super) fn copied(text: &str) -> String {
    cut(text, 180)
}

pub(super) fn short(text: &str) -> String {
    cut(&visible::inline(text), shown::SLIP)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// A tab in the indentation of the line or of one soon after it.
fn tab(text: &str, at: usize, said: &str) -> Option<Slip> {
    let here = line_at(text, at);
    let mut start = here.start;
    let looked = if said.contains("tab") { LINES } else { 1 };
    for line in text.get(here.start..)?.split_inclusive('\n').take(looked) {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..indentation)?.find('\t') {
            return Some(Slip {
                start: start + tab,
                end: start + tab + 1,
                message: "tabs are not allowed in YAML indentation".to_owned(),
                help: "indent with spaces, as the lines around it".to_owned(),
            });
        }
        start += line.len();
    }
    None
}

/// A comment behind a value, with the mark of another language.
fn comment(text: &str, at: usize) -> Option<Slip> {
    let here = line_at(text, at);
    let mut lines = std::iter::once(here).chain(all_above(text, here).take(1));
    lines.find_map(|line| {
        let mark = line.text.find(" // ").or_else(|| line.text.find(" /* "))?;
        let before = line.text.get(..mark)?;
        if before.contains(" #") || before.matches('"').count() % 2 == 1 || before.trim().is_empty() {
            return None;
        }
        let written = line.text.get(mark + 1..)?.trim_end();
        let said = written.get(3..)?.trim_end_matches("*/").trim();
        let start = line.start + mark + 1;
        Some(Slip {
            start,
            end: start + written.len(),
            message: "a comment begins with `#` in YAML".to_owned(),
            help: format!("write `# {}`", copied(said)),
        })
    })
}

/// A colon inside a value, or a line that is indented deeper than it should be.
fn colon(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !said.contains("mapping values are not allowed") {
        return None;
    }
    let line = line_at(text, at);
    let (key, value) = line.entry()?;
    let first = line.start + line.column + line.body().find(':')?;
    if at > first {
        let start = line.start + line.column + line.body().len() - value.len();
        if let Some(slip) = unbraced(key, value, start)
            .or_else(|| lines::behind(key, value, start))
            .or_else(|| behind::two_keys(key, value, start))
            .or_else(|| behind::two_colons(key, value, start))
        {
            return Some(slip);
        }
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        return Some(Slip {
            start,
            end: start + value.len(),
            message: format!("the value of `{}` has a `:` in it and needs quotes", short(key)),
            help: format!("write `\"{}\"`", copied(&quoted)),
        });
    }
    let lines: Vec<Line<'_>> = above(text, line).take(2).collect();
    let before = lines.first()?;
    let trimmed = before.text.trim_start();
    if !before.body().contains(':') {
        let help = match trimmed.strip_prefix("//") {
            Some(_) => "begin a comment with `#`".to_owned(),
            None => format!("write `{}: …`", short(before.body())),
        };
        let start = before.start + before.column;
        let message = format!("`{}` is not a key with a value", short(before.body()));
        return Some(Slip { start, end: start + before.body().len(), message, help });
    }
    odd_above(text, line, &lines).or_else(|| misplaced(line, lines.get(..1)?))
}

/// Keys whose value is a map.
const MAPS: [&str; 8] =
    ["expected_monthly", "endpoint", "latency", "dpa", "rate_limits", "lifecycle", "pricing", "long_prompt"];

/// A map on one line without its braces: `latency: p50_ms: 700, p95_ms: 2200`.
fn unbraced(key: &str, value: &str, start: usize) -> Option<Slip> {
    let value = value.split(" #").next().unwrap_or_default().trim_end();
    let is_entry = |part: &str| {
        let key = part.trim().trim_start_matches('(').split_once(": ").map_or("", |(key, _)| key);
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let parts = value.split(", ");
    let is_map = parts.clone().count() > 1 || MAPS.contains(&key);
    let entries = parts.clone().filter(|part| is_entry(part)).count();
    let all = entries == parts.count();
    (is_map && all && value.len() <= effort::UNBRACED_BYTES).then(|| Slip {
        start,
        end: start + value.len(),
        message: format!("the map of `{}` has no braces", short(key)),
        help: format!("write `{{{}}}`", value.trim_matches(['{', '}', '(', ')'])),
    })
}

/// A line without the colon behind its key.
fn no_colon(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !said.contains("expected ':'") {
        return None;
    }
    let line = line_at(text, at);
    let body = line.body();
    let word = body.len() - body.trim_start_matches(|c: char| c.is_alphanumeric() || "_-".contains(c)).len();
    let (key, rest) = body.split_at_checked(word)?;
    let unseen =
        rest.strip_prefix(':').and_then(|rest| rest.chars().next()).filter(|c| visible::is_hidden(*c));
    let begins = |c: char| matches!(c, ' ' | ':' | '=' | '：' | '﹕' | '∶') || visible::is_hidden(c);
    let value = rest.trim_start_matches(begins).trim_end_matches(visible::is_hidden).trim();
    if key.is_empty() {
        return None;
    }
    let start = line.start + line.column;
    let message = match rest.chars().next() {
        Some(':') if let Some(c) = unseen => {
            format!("{} stands after `{}:` in the place of a space", visible::code_point(c), short(key))
        }
        Some(':') => format!("a space is missing after `{}:`", short(key)),
        Some('：' | '﹕' | '∶') => {
            format!("the colon after `{}` is another character than `:`", short(key))
        }
        _ => format!("a colon is missing after `{}`", short(key)),
    };
    let value = if value.is_empty() { "…".to_owned() } else { copied(value) };
    Some(Slip { start, end: start + body.len(), message, help: format!("write `{}: {value}`", short(key)) })
}

/// A bracket or a quote that is not closed.
fn bracket(text: &str, at: usize, said: &str) -> Option<Slip> {
    let open = text.get(at..)?.chars().next()?;
    let closer = match open {
        '[' => ']',
        '{' => '}',
        '"' | '\'' => open,
        _ => return None,
    };
    if !(said.contains("unclosed")
        || said.contains("end of stream")
        || said.contains("flow")
        || said.contains("quot"))
    {
        return None;
    }
    Some(Slip {
        start: at,
        end: at + 1,
        message: format!("`{open}` is not closed"),
        help: format!("close it with `{closer}`"),
    })
}

/// A line whose indentation fits nothing above it.
fn indentation(text: &str, at: usize, said: &str) -> Option<Slip> {
    if !(said.contains("block collection")
        || said.contains("block mapping")
        || said.contains("block sequence"))
    {
        return None;
    }
    let line = line_at(text, at);
    if line.is_item() {
        let indent = line.text.len() - line.text.trim_start().len();
        let start = line.start + indent;
        let dash = |line: &Line<'_>| line.text.len() - line.text.trim_start().len();
        let others = above(text, line).filter(|above| above.is_item() && dash(above).abs_diff(indent) <= 3);
        if let Some(like) =
            others.min_by_key(|above| dash(above).abs_diff(indent)).filter(|like| dash(like) != indent)
        {
            let spaces = dash(&like);
            let spaces = if spaces == 1 { "1 space".to_owned() } else { format!("{spaces} spaces") };
            return Some(Slip {
                start,
                end: start + 1,
                message: "this entry is not indented like the entries above it".to_owned(),
                help: format!("indent its `-` by {spaces}"),
            });
        }
        if let Some(slip) = entry::first(text, line) {
            return Some(slip);
        }
        return Some(Slip {
            start,
            end: start + 1,
            message: "a list entry stands where the lines above have keys".to_owned(),
            help: "begin every entry of the list with `- `, the first one too".to_owned(),
        });
    }
    let open: Vec<Line<'_>> = above(text, line).filter(|above| above.entry().is_some()).collect();
    odd_above(text, line, &open).or_else(|| misplaced(line, &open))
}

/// What a key should be indented like: the line of those above that is nearest to it.
fn misplaced(line: Line<'_>, above: &[Line<'_>]) -> Option<Slip> {
    let nearest = above.iter().min_by_key(|above| above.column.abs_diff(line.column))?;
    indented(line, nearest)
}

/// The line above one may be the odd one: then the block goes on below like this line.
fn odd_above(text: &str, line: Line<'_>, above: &[Line<'_>]) -> Option<Slip> {
    let [first, parent, ..] = above else { return None };
    let begins = parent.entry().is_some_and(|(_, value)| value.is_empty()) && parent.column < line.column;
    let goes_on = below(text, line).is_some_and(|next| next.column == line.column);
    let is_odd = begins && goes_on && !first.is_item() && first.column != line.column;
    if is_odd { indented(*first, &line) } else { None }
}

/// The next line that says something.
fn below<'t>(text: &'t str, line: Line<'t>) -> Option<Line<'t>> {
    let from = line.start + line.text.len();
    let rest = text.get(from..)?;
    let starts = rest.match_indices('\n').map(|(at, _)| Line::new(text, from + at + 1));
    starts.take(LINES).find(|line| !line.is_blank())
}

/// A line that should be indented like another one.
fn indented(line: Line<'_>, nearest: &Line<'_>) -> Option<Slip> {
    let (key, _) = line.entry()?;
    let (like, _) = nearest.entry().filter(|_| nearest.column != line.column)?;
    let start = line.start + line.column;
    let spaces = |count: usize| if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") };
    Some(Slip {
        start,
        end: start + key.len(),
        message: format!("the indentation of `{}` fits no line above it", short(key)),
        help: format!("indent it by {}, like `{}`", spaces(nearest.column), short(like)),
    })
}
