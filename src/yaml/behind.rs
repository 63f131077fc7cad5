//! What stands behind a value that is closed on its line: a comma of JSON, a second text, words that belong into the brackets.

use super::entry::indent;
use super::flow::quoted;
use super::lines::LISTS;
use super::pointer;
use super::slip::{Line, Slip, above, all_above, copied, line_at, short};

/// Keys whose values are sentences for people: a quote within them is one of the sentence.
const SENTENCES: [&str; 4] = ["description", "note", "notes", "comment"];

/// The line of a place or the one above it, on which something stands behind a closed value.
pub(super) fn find(text: &str, at: usize) -> Option<Slip> {
    let here = line_at(text, at);
    let near = std::iter::once(here).chain(above(text, here).take(1));
    near.filter(|line| !is_within(text, line.start) && !is_prose(text, *line)).find_map(of_line)
}

/// Whether a line goes on with a text that begins above it, behind `key: >` or `key: text`.
fn is_prose(text: &str, line: Line<'_>) -> bool {
    let (mut least, mut is_next) = (indent(&line), true);
    for above in all_above(text, line) {
        let from = indent(&above);
        if from < least {
            let entry = above.entry();
            let value = entry.map_or(above.body(), |(_, value)| value);
            let value = value.split(" #").next().unwrap_or_default().trim_end();
            let base = if entry.is_some() { above.column } else { from };
            let is_block = value.starts_with(['|', '>'])
                && value.len() <= 3
                && value.chars().skip(1).all(|c| matches!(c, '+' | '-' | '1'..='9'));
            let goes_on = is_next && entry.is_some() && value.starts_with(char::is_alphanumeric);
            if least > base && (is_block || goes_on) {
                return true;
            }
            least = from;
        }
        if least == 0 {
            break;
        }
        is_next = false;
    }
    false
}

/// Whether a bracket or brace is open where a line begins, so that commas stand between what is closed.
fn is_within(text: &str, start: usize) -> bool {
    let mut depth = 0_usize;
    for line in text.get(..start).unwrap_or_default().lines() {
        let mut rest = line;
        while let Some(at) = rest.find(['[', ']', '{', '}', '"', '\'', '#']) {
            let before = rest.get(..at).unwrap_or_default();
            let found = rest.get(at..).unwrap_or_default();
            let mark = found.chars().next().unwrap_or(' ');
            let begins = before.is_empty() || before.ends_with([' ', ',', '[', '{', ':']);
            let length = match mark {
                '#' if begins => break,
                '"' | '\'' if begins => quoted(found, mark).unwrap_or(1),
                _ => 1,
            };
            match mark {
                '[' | '{' if begins => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            rest = found.get(length..).unwrap_or_default();
        }
    }
    depth > 0
}

/// The key of a line, empty where it has none, and its value.
fn value_of<'t>(line: &Line<'t>) -> Option<(&'t str, &'t str)> {
    let body = line.body();
    let first = body.chars().next()?;
    if matches!(first, '"' | '\'') {
        let length = quoted(body, first)?;
        let (key, rest) = body.split_at_checked(length)?;
        let value = rest.trim_start().strip_prefix(':');
        return Some(match value.filter(|value| value.is_empty() || value.starts_with(' ')) {
            Some(value) => (key.trim_matches(first), value.trim()),
            None => ("", body),
        });
    }
    match line.entry() {
        Some(entry) => Some(entry),
        None => matches!(first, '[' | '{').then_some(("", body)),
    }
}

/// How long a value is that is closed on its line, its brackets or quotes included.
fn closed(value: &str) -> Option<usize> {
    let first = value.chars().next()?;
    match first {
        '"' | '\'' => quoted(value, first),
        '[' | '{' => {
            let (mut depth, mut skipped) = (0_usize, 0);
            for (at, c) in value.char_indices() {
                match c {
                    _ if at < skipped => {}
                    '"' | '\'' if value.get(..at)?.trim_end().ends_with(['[', '{', ',', ':']) => {
                        skipped = at + quoted(value.get(at..)?, c)?;
                    }
                    '[' | '{' => depth += 1,
                    ']' | '}' => depth = depth.checked_sub(1)?,
                    _ => {}
                }
                if depth == 0 && at >= skipped {
                    return Some(at + 1);
                }
            }
            None
        }
        _ => None,
    }
}

fn of_line(line: Line<'_>) -> Option<Slip> {
    let (key, whole) = value_of(&line)?;
    let value = whole.split(" #").next().unwrap_or_default().trim_end();
    let (inner, rest) = value.split_at_checked(closed(value)?)?;
    let said = rest.trim();
    if said.is_empty() || said.starts_with('#') {
        return None;
    }
    let start = line.start + line.column + line.body().len() - whole.len();
    let slip = |message: String, help: String| Some(Slip { start, end: start + value.len(), message, help });
    let of = if key.is_empty() { "the entry".to_owned() } else { format!("the value of `{}`", short(key)) };
    let is_quoted = inner.starts_with(['"', '\'']);
    // `"a",`, `[eu];`, `"a"".`
    if said.chars().all(|c| matches!(c, ',' | ';' | '"' | '\'' | '.')) {
        return slip(
            format!("`{}` stands behind {of}, which is closed", short(said)),
            format!("write `{}`: in YAML, the line ends what stands on it", copied(inner)),
        );
    }
    if is_quoted && inner.len() > 2 && said.starts_with([',', ';', '"', '\'']) {
        if let Some(slip) = two_keys(key, value, start) {
            return Some(slip);
        }
        let message = format!("{of} is more than one text");
        let Some(all) = texts(value) else {
            let help = format!("write `[{}]`, and any other key on a line of its own", copied(inner));
            return LISTS.contains(&key).then(|| slip(message, help))?;
        };
        let list = format!("[{}]", all.join(", "));
        return if LISTS.contains(&key) {
            slip(message, format!("write `{}`: a list on one line stands in brackets", copied(&list)))
        } else {
            slip(message, "write one text, all of it within one pair of quotes".to_owned())
        };
    }
    if is_quoted {
        return quotes_within(key, value, (inner, rest), slip);
    }
    let (bracket, what) = if inner.starts_with('[') { (']', "brackets") } else { ('}', "braces") };
    slip(
        format!("`{}` stands behind the `{bracket}` that ends {of}", short(said)),
        format!("leave it out, or write it within the {what}; a comment begins with `#`"),
    )
}

/// The quoted texts of a value that has nothing but commas and semicolons between them.
fn texts(value: &str) -> Option<Vec<&str>> {
    let (mut all, mut rest) = (Vec::new(), value);
    loop {
        rest = rest.trim_start_matches([',', ';', ' ']);
        let Some(quote) = rest.chars().next() else { return Some(all) };
        let length = if matches!(quote, '"' | '\'') {
            quoted(rest, quote)?
        } else {
            rest.find([',', ';', ' ']).unwrap_or(rest.len())
        };
        let (one, behind) = rest.split_at_checked(length)?;
        if one.ends_with(':') || behind.starts_with(':') {
            return None;
        }
        all.push(one);
        rest = behind;
    }
}

/// `"a "b" c"`, `"a" b`: a quote that ends the text, and belongs to it.
fn quotes_within(
    key: &str,
    value: &str,
    (first, rest): (&str, &str),
    slip: impl Fn(String, String) -> Option<Slip>,
) -> Option<Slip> {
    let quote = first.chars().next()?;
    let message = match key {
        "" => "a quote inside this text ends it".to_owned(),
        key => format!("a quote inside the text of `{}` ends it", short(key)),
    };
    // `""a""`
    let inner = rest.trim_matches(quote);
    if first.len() == 2 && rest.ends_with(quote) && !inner.contains(['"', '\'', '\\']) {
        return slip(message, format!("write `{quote}{}{quote}`", copied(inner)));
    }
    let whole = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    // What follows the closing quote at once, or leaves one quote over, stands within the outer two.
    let is_within = !rest.starts_with(' ') || value.matches(quote).count() % 2 == 1;
    let text = whole.filter(|_| is_within).unwrap_or(value);
    let written = if quote == '"' && text.contains(['\'', '\\']) {
        format!("\"{}\"", text.replace("\\\"", "\"").replace('"', "\\\""))
    } else {
        format!("'{}'", text.replace("''", "'").replace('\'', "''"))
    };
    let written = copied(&written);
    if SENTENCES.contains(&key) || (whole.is_some() && is_within) {
        return slip(message, format!("write `{written}`"));
    }
    // A name with quotes in it is another name.
    slip(
        message,
        format!(
            "leave out what stands behind `{}`, or write `{written}` if the quotes belong to the text",
            short(first)
        ),
    )
}

/// `hosting: cloud, jurisdiction: us`: two keys on one line.
pub(super) fn two_keys(key: &str, value: &str, start: usize) -> Option<Slip> {
    let (first, rest) = value.split_once([',', ';'])?;
    let (second, last) = rest.trim_start().split_once(": ")?;
    let is_quoted = |text: &str| {
        let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        quote.is_some_and(|quote| quoted(text, quote) == Some(text.len()))
    };
    let is_text = |text: &str| is_quoted(text.trim()) || !text.contains([':', '"', '\'']);
    let is_one = is_text(first) && is_text(last);
    if !is_one || !pointer::is_key(second) || !pointer::is_key(key) {
        return None;
    }
    Some(Slip {
        start,
        end: start + value.len(),
        message: format!("`{}` begins a second key on the line of `{}`", short(second), short(key)),
        help: format!(
            "write each on a line of its own, `{}: {}` and `{}: {}`",
            short(key),
            short(first.trim()),
            short(second),
            short(last.trim())
        ),
    })
}

/// `team: : a`: a colon too much.
pub(super) fn two_colons(key: &str, value: &str, start: usize) -> Option<Slip> {
    let right = value.strip_prefix(": ").filter(|right| !right.contains(": "))?;
    Some(Slip {
        start,
        end: start + value.len(),
        message: format!("two `:` stand behind `{}`", short(key)),
        help: format!("write `{}`", copied(right.trim())),
    })
}
