//! Brackets, braces and quotes that are not closed on their line, and commas that are missing between them.

use super::pointer;
use super::slip::{Slip, copied, short};

/// As many lines are looked at above the place that the parser names: what is open swallows the lines below it.
const LINES: usize = 50;

/// What is open in a line: the bracket, and of a brace where the value of the last key begins.
struct Open {
    at: usize,
    bracket: char,
    value: Option<usize>,
}

/// The line nearest above a place, or its own, on which something is not closed, closed twice or not parted.
pub(super) fn find(text: &str, at: usize) -> Option<Slip> {
    let end = text.get(at..)?.find('\n').map_or(text.len(), |length| at + length);
    let before = text.get(..end)?;
    let mut found = None;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut rest = before.len();
    for line in before.rsplit('\n').take(LINES) {
        rest = rest.saturating_sub(line.len());
        lines.push((rest, line));
        rest = rest.saturating_sub(1);
    }
    for (start, line) in lines {
        let next = text.get(start + line.len()..).unwrap_or_default();
        found = found.or_else(|| of_line(start, line, next));
    }
    found
}

/// Whether the lines below go on with the block, so that nothing of a line may be left open.
fn goes_on(line: &str, below: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let next = below.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    next.is_none_or(|next| {
        let key = next.trim_start().trim_start_matches("- ");
        indent(next) <= indent(line) + 2 && (key.contains(": ") || key.trim_end().ends_with(':'))
    })
}

/// `{key: ${NAME}}`: nothing is put in for a variable, and its brace is one of YAML.
fn variable(start: usize, line: &str) -> Option<Slip> {
    let at = line.find(": ${")? + 2;
    let inner = line.get(at + 2..)?;
    let name = inner.get(..inner.find('}')?)?;
    let end = at + 2 + name.len() + 1;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let key = line.get(..at)?.trim_end_matches([':', ' ']).rsplit(|c| !is_name(c)).next()?;
    let shown = short(line.get(at..end)?);
    let plain = !name.is_empty() && name.chars().all(is_name);
    let help = match (key, plain) {
        ("api_key_env", true) => format!("write `{}`", short(name)),
        _ => "write the value itself, in quotes".to_owned(),
    };
    Some(Slip {
        start: start + at,
        end: start + end,
        message: format!("nothing is put in for `{shown}` here"),
        help,
    })
}

fn of_line(start: usize, line: &str, below: &str) -> Option<Slip> {
    if let Some(slip) = variable(start, line) {
        return Some(slip);
    }
    let mut open: Vec<Open> = Vec::new();
    let mut seen = false;
    let mut chars = line.char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        match c {
            '#' if last == ' ' => break,
            '"' | '\'' if begins(line, at) => {
                let Some(length) = quoted(line.get(at..)?, c) else {
                    return goes_on(line, below).then(|| unclosed_quote(start, line, at, c, &open));
                };
                while chars.next_if(|(next, _)| *next < at + length).is_some() {}
            }
            '[' | '{' if begins(line, at) => {
                seen = true;
                open.push(Open { at, bracket: c, value: None });
            }
            ']' | '}' if !open.is_empty() || seen => {
                if let Some(slip) = closed(start, line, at, c, &mut open) {
                    return Some(slip);
                }
            }
            ',' => {
                if let Some(open) = open.last_mut() {
                    open.value = None;
                }
            }
            ':' if line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) => {
                if let Some(open) = open.last_mut().filter(|open| open.bracket == '{') {
                    if let Some(value) = open.value {
                        return no_comma(start, line, value, at);
                    }
                    open.value = Some(at + 1);
                }
            }
            _ => {}
        }
        last = c;
    }
    let Open { at, bracket, .. } = open.pop()?;
    if !goes_on(line, below) {
        return None;
    }
    let end = line.find(" #").map_or(line, |comment| line.get(..comment).unwrap_or(line)).trim_end().len();
    Some(unclosed(start, line, at, end, bracket))
}

/// Whether a quote or a bracket begins a value here, and is not part of a text.
pub(super) fn begins(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with([':', ',', '[', '{', '-'])
}

/// How long a quoted text is, its quotes included; none where it does not end on the line.
pub(super) fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            '\'' if quote == '\'' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\'')) => {
                escaped = true;
            }
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn unclosed_quote(start: usize, line: &str, at: usize, quote: char, open: &[Open]) -> Slip {
    let rest = line.get(at..).unwrap_or_default();
    let end = if open.is_empty() { rest.len() } else { rest.find([',', '}', ']']).unwrap_or(rest.len()) };
    let text = rest.get(..end).unwrap_or_default().trim_end();
    // A quote that begins before the key is one too much.
    let is_first = line.get(..at).is_some_and(|before| before.trim_start_matches(['-', ' ']).is_empty());
    let inner = text.get(1..).unwrap_or_default();
    let help = if is_first && (inner.contains(": ") || inner.ends_with(':')) {
        format!("write `{}`", copied(inner))
    } else if let Some(path) = inner.strip_suffix('"').filter(|path| path.ends_with('\\') && quote == '"')
        && path.matches("\\\"").count() == 0
    {
        // `"C:\data\"`: the backslash belongs to the text, and the quote ends it.
        format!("write `'{}'`", copied(&path.replace('\'', "''")))
    } else {
        format!("write `{}{quote}`", copied(text))
    };
    Slip {
        start: start + at,
        end: start + at + text.len(),
        message: format!("`{quote}` is not closed"),
        help,
    }
}

fn closer(bracket: char) -> char {
    if bracket == '[' { ']' } else { '}' }
}

fn unclosed(start: usize, line: &str, at: usize, end: usize, bracket: char) -> Slip {
    let text = line.get(at..end).unwrap_or_default();
    let text = text.trim_end_matches([',', ' ']);
    let closer = closer(bracket);
    let help = match text.get(1..) {
        Some("") => {
            format!("close it with `{closer}`, or leave it out: what is indented below belongs to the key")
        }
        _ => format!("write `{}{closer}`", copied(text)),
    };
    Slip { start: start + at, end: start + end, message: format!("`{bracket}` is not closed"), help }
}

/// A closing bracket; what is wrong with it.
fn closed(start: usize, line: &str, at: usize, c: char, open: &mut Vec<Open>) -> Option<Slip> {
    let Some(last) = open.pop() else {
        let help = format!("leave it out: `{}` is closed already", if c == ']' { '[' } else { '{' });
        let (start, end) = (start + at, start + at + 1);
        return Some(Slip { start, end, message: format!("`{c}` closes nothing"), help });
    };
    if closer(last.bracket) == c {
        return None;
    }
    let missing = closer(last.bracket);
    if open.iter().any(|open| closer(open.bracket) == c) {
        return Some(unclosed(start, line, last.at, at, last.bracket));
    }
    Some(Slip {
        start: start + at,
        end: start + at + 1,
        message: format!("`{}` is closed with `{c}`", last.bracket),
        help: format!("write `{missing}`"),
    })
}

/// Two keys of a map on one line without a comma between them.
fn no_comma(start: usize, line: &str, value: usize, colon: usize) -> Option<Slip> {
    let between = line.get(value..colon)?;
    let key = between.rfind(' ')? + 1;
    let first = between.len() - between.trim_start().len();
    let (text, key) = (between.get(first..key)?.trim_end(), between.get(key..)?);
    if !pointer::is_key(key) {
        let rest = line.get(value + first..)?;
        let whole = rest.get(..rest.find([',', '}', ']']).unwrap_or(rest.len()))?.trim_end();
        let plain = !whole.contains(['"', '\\']);
        return plain.then(|| Slip {
            start: start + value + first,
            end: start + value + first + whole.len(),
            message: "a text with a `:` in it needs quotes".to_owned(),
            help: format!("write `\"{}\"`", copied(whole)),
        });
    }
    let text = text.trim_end_matches([';', '|']);
    (!text.is_empty()).then(|| Slip {
        start: start + value + first,
        end: start + colon,
        message: format!("a comma is missing before `{}`", short(key)),
        help: format!("write `{}, {}`", copied(text), copied(key)),
    })
}
