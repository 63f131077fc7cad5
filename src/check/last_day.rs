//! The last day of a comment that silences: `until 2027-01-31` before its reason, and other ways in which people say that
//! it ends. None of them is taken for a reason: what is to end would never end.

use crate::diag::day;
use crate::model::Date;

/// What stands behind the bracket of a comment that silences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Its last day, where it has one.
    pub(super) until: Option<Result<Date, Wrong>>,
    /// Where that begins.
    pub(super) at: Option<usize>,
    pub(super) reason: String,
}

/// A last day that counts for nothing as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// There is no such day, or it is written otherwise.
    Day(String),
    /// What is written, and what to write for all of it.
    Words(String, String),
    /// No day can be read.
    Nothing,
}

/// How long a day is, in bytes.
pub(super) const DAY: usize = 10;

/// What a text behind the bracket says.
pub(super) fn read(said: &str) -> Said {
    let text = said.trim();
    let lead = said.len() - said.trim_start().len();
    let (until, at, reason) = canonical(text)
        .or_else(|| in_other_words(text))
        .or_else(|| within(text))
        .unwrap_or((None, None, text));
    Said { until, at: at.map(|at| lead + at), reason: reason.trim().to_owned() }
}

/// The last day, where it is written, and the reason.
type Parts<'t> = (Option<Result<Date, Wrong>>, Option<usize>, &'t str);

/// `until 2027-01-31 reason`.
fn canonical(text: &str) -> Option<Parts<'_>> {
    let rest = text.strip_prefix("until").filter(|rest| rest.starts_with(char::is_whitespace))?;
    let rest = rest.trim_start();
    let at = Some(text.len() - rest.len());
    Some(match a_day(rest) {
        Some((written, reason)) if is_iso(written) => {
            (Some(written.parse().map_err(|_| Wrong::Day(written.to_owned()))), at, reason)
        }
        Some((written, reason)) => (Some(Err(Wrong::Day(written.to_owned()))), at, reason),
        None => (Some(Err(Wrong::Nothing)), None, text),
    })
}

/// `UNTIL 2027-01-31`, `expires 2027-01-31`, `for 30 days`.
fn in_other_words(text: &str) -> Option<Parts<'_>> {
    const WORDS: [&str; 15] = [
        "until",
        "til",
        "till",
        "expires on",
        "expires",
        "expiry",
        "expiring",
        "ends on",
        "ends",
        "end",
        "valid until",
        "through",
        "thru",
        "up to",
        "not after",
    ];
    const SPANS: [&str; 4] = ["day", "week", "month", "year"];
    let folded = text.to_ascii_lowercase();
    let behind = |word: &'static str| {
        let rest = folded.strip_prefix(word)?;
        let value = rest.trim_start_matches([':', '=', ' ', '\t']);
        (value.len() < rest.len()).then_some((word, text.len() - value.len()))
    };
    if let Some((word, from)) = WORDS.into_iter().find_map(behind) {
        let rest = text.get(from..)?;
        let day = a_day(rest).map(|(written, reason)| (written, reason, from + written.len()));
        return match day {
            Some((written, reason, end)) => {
                let right = if is_iso(written) { Some(written.to_owned()) } else { day::read(written) };
                let wrong = right.map_or(Wrong::Nothing, |day| {
                    Wrong::Words(text.get(..end).unwrap_or_default().to_owned(), format!("until {day}"))
                });
                Some((Some(Err(wrong)), Some(0), reason))
            }
            None if matches!(word, "until" | "til" | "till") => Some((Some(Err(Wrong::Nothing)), None, text)),
            None => None,
        };
    }
    let mut words = folded.strip_prefix("for ")?.split_whitespace();
    let (number, span) = (words.next()?, words.next()?);
    let is_span = number.bytes().all(|byte| byte.is_ascii_digit())
        && SPANS.contains(&span.trim_end_matches(|c: char| c.is_ascii_punctuation()).trim_end_matches('s'));
    is_span.then_some((Some(Err(Wrong::Nothing)), None, text))
}

/// `on trial until 2027-01-31`: a day within the reason counts like one before it.
fn within(text: &str) -> Option<Parts<'_>> {
    const WORD: &str = " until ";
    let from = text.to_ascii_lowercase().find(WORD)? + WORD.len();
    let (written, _) = a_day(text.get(from..)?)?;
    let day = if is_iso(written) { written.to_owned() } else { day::read(written)? };
    let at = is_iso(written).then_some(from);
    Some((Some(day.parse().map_err(|_| Wrong::Day(written.to_owned()))), at, text))
}

fn is_iso(written: &str) -> bool {
    written.len() == DAY
        && written.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A day at the beginning of a text, however it is written, and what follows it: it begins with a number, or is a month
/// with one.
fn a_day(text: &str) -> Option<(&str, &str)> {
    let ends = text.match_indices(char::is_whitespace).map(|(at, _)| at).chain([text.len()]);
    let ends: Vec<usize> = ends.take(MOST_WORDS).collect();
    let parts = |end: usize| {
        let day = text.get(..end)?.trim_end_matches([':', ',', ';', '.', ')']);
        Some((day, text.get(end..)?))
    };
    // The shortest that is a day: what follows is the reason.
    let all = ends.iter().filter_map(|end| parts(*end));
    let read = all.clone().find(|(day, _)| is_iso(day) || day::is_day(day));
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    read.or_else(|| ends.first().filter(|_| is_number).and_then(|end| parts(*end)))
}

/// How many words a day has at most: `31 December 2027`.
const MOST_WORDS: usize = 3;
