//! Values that are valid and not what they look like: keys that hold nothing, texts behind a `#`, thousands with a dot.

use super::read::KEEPS_NULL;
use super::slip::{Line, short};

/// Keys of whole numbers and of amounts for a month or a day, where a dot and three digits are no fraction.
const LARGE: [&str; 18] = [
    "min_context",
    "context_window",
    "requests",
    "input_tokens",
    "output_tokens",
    "cached_input_tokens",
    "above_tokens",
    "max_output_tokens",
    "tokens_per_month",
    "requests_per_minute",
    "tokens_per_minute",
    "peak_requests_per_minute",
    "latency_sla_ms",
    "p50_ms",
    "p95_ms",
    "per_month",
    "max_daily_spend_usd",
    "budget_estimate_usd_per_month",
];

/// What is said of the values of a file, each with its place.
pub fn notes(text: &str) -> Vec<(usize, String)> {
    let mut notes = Vec::new();
    // The column of a key whose text stands below it.
    let mut block: Option<usize> = None;
    let mut lines = lines(text).filter(|line| !line.is_blank()).peekable();
    while let Some(line) = lines.next() {
        if block.is_some_and(|column| indent(&line) > column) {
            continue;
        }
        block = None;
        let Some((key, value)) = line.entry() else { continue };
        if value.starts_with(['|', '>']) {
            block = Some(line.column);
            continue;
        }
        let next = lines.peek().copied();
        let place = line.start + line.column;
        notes.extend(one(line, (key, value), next).into_iter().map(|note| (place, note)));
    }
    notes
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        Line::new(text, at)
    })
}

fn indent(line: &Line<'_>) -> usize {
    line.text.len() - line.text.trim_start_matches(' ').len()
}

fn one(line: Line<'_>, (key, value): (&str, &str), next: Option<Line<'_>>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(note) = hidden(key, value) {
        return vec![note];
    }
    let value = value.split(" #").next().unwrap_or_default();
    let value = if value.starts_with('#') { "" } else { value.trim() };
    let goes_on = next
        .is_some_and(|next| next.column > line.column && (!next.is_item() || indent(&next) >= line.column));
    let is_nothing = |value: &str| value.is_empty() || value == "&";
    if is_nothing(value) && !goes_on {
        notes.extend(nothing(key));
    }
    // The entries of a map on one line, and the one of the line itself.
    let body = if value.starts_with('{') { value } else { line.body() };
    for part in body.split(['{', '}', ',']) {
        let Some((key, value)) =
            part.split_once(": ").or_else(|| part.trim().strip_suffix(':').map(|key| (key, "")))
        else {
            continue;
        };
        let (key, value) = (key.trim(), value.split(" #").next().unwrap_or_default().trim());
        if value.is_empty() && body.starts_with('{') && key.chars().all(|c| c.is_alphanumeric() || c == '_') {
            notes.extend(nothing(key));
        }
        if LARGE.contains(&key)
            && let Some(whole) = thousands(value)
        {
            let read = value.trim_end_matches('0').trim_end_matches('.');
            notes.push(format!(
                "`{key}: {value}` is read as {read}: a dot begins a fraction; write `{whole}` if thousands are meant"
            ));
        }
    }
    notes
}

/// A key after which nothing stands.
fn nothing(key: &str) -> Option<String> {
    (key != KEEPS_NULL).then(|| {
        format!(
            "`{}` holds nothing, and is read as if it were not there: write its value, or leave it out",
            short(key)
        )
    })
}

/// `#support`, `https://x/ #y`: a comment, where a part of the value may be meant.
fn hidden(key: &str, value: &str) -> Option<String> {
    if value.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let at = if value.starts_with('#') { 0 } else { value.find(" #")? + 1 };
    let comment = value.get(at..)?;
    let is_meant = comment.get(1..)?.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    let whole = format!("{}{}", value.get(..at)?, comment);
    (is_meant && !whole.contains(['"', '\\'])).then(|| {
        format!(
            "`{}` is a comment: if it is a part of the value, write `{}: \"{}\"`; else a space stands behind the `#`",
            short(comment),
            short(key),
            short(&whole)
        )
    })
}

/// `480.000`: a number that is whole, and written with the dot of thousands.
fn thousands(value: &str) -> Option<String> {
    let (whole, thousands) = value.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_so = digits(whole) && digits(thousands) && thousands.len() == 3 && whole.len() <= 3;
    (is_so && !whole.starts_with('0')).then(|| format!("{whole}{thousands}"))
}

#[cfg(test)]
mod tests {
    use super::notes;

    fn said(text: &str) -> Vec<String> {
        notes(text)
            .into_iter()
            .map(|(at, note)| format!("{at} {}", note.split(':').next().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_key_holds_nothing_where_nothing_lies_below_it() {
        assert_eq!(said("a:\n  b: 1\nc:\n- d\ne: [1]\n"), [] as [&str; 0]);
        assert_eq!(said("a:\nb: 1\n"), ["0 `a` holds nothing, and is read as if it were not there"]);
        assert_eq!(said("- a:\n- b: 1\n").len(), 1);
        assert_eq!(said("a: {b: , c: 1}\n").len(), 1);
        assert_eq!(said("failover_to:\n"), [] as [&str; 0]);
        assert_eq!(said("a: |\n  b:\n  c:\nd: 1\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_comment_that_may_be_meant_as_a_value_is_told() {
        assert_eq!(said("a: #support\n"), ["0 `#support` is a comment"]);
        assert_eq!(said("a: help #desk\n"), ["0 `#desk` is a comment"]);
        assert_eq!(said("a: b # why\nc: \"x #y\"\nd: 1 # 2\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_dot_of_thousands_is_told_where_no_fraction_is_likely() {
        assert_eq!(said("a: {requests: 400.000, input_tokens: 48.5}\n"), ["0 `requests"]);
        assert_eq!(
            said("min_context: 128.000\ncost_per_1m_tokens_input: 1.125\np95_ms: 0.125\n"),
            ["0 `min_context"]
        );
    }
}
