//! The last day of a comment that silences: `until 2027-01-31` before its reason, and other ways in which people say that
//! it ends. A day within the reason is a part of that: it ends nothing, and is named once it has passed.

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
    /// The end that the reason speaks of.
    pub(super) within: Option<Within>,
}

/// `until 2027-01-31` within a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) at: usize,
    /// How long it is, in bytes.
    pub(super) length: usize,
    pub(super) day: Date,
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

/// Words that say of something that it ends on a day; of those with one beginning, the longest first.
const WORDS: [&str; 15] = [
    "until",
    "till",
    "til",
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

/// Those of them that say so of times that are no days, and within a sentence too.
fn words_of_ends() -> impl Iterator<Item = &'static str> + Clone {
    WORDS.into_iter().filter(|word| !matches!(*word, "through" | "thru" | "up to" | "end"))
}

/// What a text behind the bracket says.
pub(super) fn read(said: &str) -> Said {
    let text = said.trim();
    let lead = said.len() - said.trim_start().len();
    let head = canonical(text).or_else(|| in_other_words(text)).or_else(|| unread(text));
    let within = if head.is_none() { within(text) } else { None };
    let (until, at, reason) = head.unwrap_or((None, None, text));
    Said {
        until,
        at: at.map(|at| lead + at),
        reason: reason.trim().to_owned(),
        within: within.map(|within| Within { at: lead + within.at, ..within }),
    }
}

/// The last day, where it is written, and the reason.
type Parts<'t> = (Option<Result<Date, Wrong>>, Option<usize>, &'t str);

/// `until 2027-01-31 reason`.
fn canonical(text: &str) -> Option<Parts<'_>> {
    let rest = text.strip_prefix("until").filter(|rest| rest.starts_with(char::is_whitespace))?;
    let rest = rest.trim_start();
    let (written, reason) = a_day(rest)?;
    let day = if is_iso(written) { written.parse().ok() } else { None };
    Some((Some(day.ok_or_else(|| Wrong::Day(written.to_owned()))), Some(text.len() - rest.len()), reason))
}

/// `UNTIL 2027-01-31`, `expires 2027-01-31`.
fn in_other_words(text: &str) -> Option<Parts<'_>> {
    let folded = text.to_ascii_lowercase();
    let from = WORDS.into_iter().find_map(|word| value_of(&folded, word))?;
    let (written, reason) = a_day(text.get(from..)?)?;
    Some(match iso(written) {
        Some(day) => {
            let whole = text.get(..from + written.len())?.to_owned();
            (Some(Err(Wrong::Words(whole, format!("until {day}")))), Some(0), reason)
        }
        None => (Some(Err(Wrong::Day(written.to_owned()))), Some(from), reason),
    })
}

/// Where what a word says begins, for a text that begins with the word.
fn value_of(folded: &str, word: &str) -> Option<usize> {
    let rest = folded.strip_prefix(word)?;
    let value = rest.trim_start_matches([':', '=', ' ', '\t']);
    (value.len() < rest.len()).then_some(folded.len() - value.len())
}

/// `until next year`, `for 30 days`: an end, and no day.
fn unread(text: &str) -> Option<Parts<'_>> {
    let folded = text.to_ascii_lowercase();
    let words = words_of_ends();
    let mut values = words.filter_map(|word| folded.get(value_of(&folded, word)?..));
    let is_end = values.any(is_period) || folded.strip_prefix("for ").is_some_and(is_span);
    is_end.then_some((Some(Err(Wrong::Nothing)), None, text))
}

/// `30 days`, and nothing behind it that makes it a part of a sentence.
fn is_span(value: &str) -> bool {
    const SPANS: [&str; 8] = ["day", "days", "week", "weeks", "month", "months", "year", "years"];
    let value = value.trim_start();
    let rest = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let (word, behind) = word(rest.trim_start());
    rest.len() < value.len() && SPANS.contains(&word) && closes(behind)
}

/// A time that is not a day: `next year`, `the end of March`, `Q1 2027`, `31 February 2027`, `2027`.
fn is_period(value: &str) -> bool {
    const BEFORE: [&str; 11] =
        ["the", "early", "mid", "late", "end", "of", "in", "on", "next", "this", "coming"];
    const TIMES: [&str; 17] = [
        "week",
        "month",
        "quarter",
        "year",
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "christmas",
    ];
    const SURE: [&str; 8] = ["tomorrow", "q1", "q2", "q3", "q4", "h1", "h2", "eoy"];
    let (mut rest, mut is_near) = (value, false);
    loop {
        let (next, behind) = word(rest);
        if !BEFORE.contains(&next) {
            break;
        }
        is_near |= matches!(next, "next" | "this" | "coming" | "end");
        rest = behind.trim_start_matches([' ', '\t', '-']);
    }
    let (first, behind) = word(rest);
    let is_number =
        |word: &str| (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let (second, more) = word(behind.trim_start_matches([' ', '\t', '.', ',', '-', '/']));
    let (third, _) = word(more.trim_start_matches([' ', '\t', '.', ',', '-', '/']));
    SURE.contains(&first)
        || (TIMES.contains(&first) && (is_near || closes(behind)))
        || (is_year(first) && (closes(behind) || (behind.starts_with('-') && is_number(second))))
        || (is_month(first) && (closes(behind) || is_year(second) || (is_number(second) && is_year(third))))
        || (is_number(first)
            && (is_month(second) || behind.starts_with('/'))
            && (is_year(second) || is_year(third)))
}

/// The letters and digits with which a text begins, and what follows them.
fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()))
}

/// Whether what follows a time begins something else: it is nothing, or begins with a mark.
fn closes(behind: &str) -> bool {
    !behind.trim_start().starts_with(char::is_alphanumeric)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_month(word: &str) -> bool {
    word.len() >= 3 && day::MONTHS.iter().any(|month| month.starts_with(word))
}

/// `on trial until 2027-01-31`, `for the pilot (expires 2027-01-31)`: the first such day within a reason.
fn within(text: &str) -> Option<Within> {
    let folded = text.to_ascii_lowercase();
    let words = words_of_ends();
    let begins = |at: usize| {
        let rest = folded.get(at..)?;
        let from = words.clone().find_map(|word| value_of(rest, word))?;
        let (written, _) = a_day(text.get(at + from..)?)?;
        let day = iso(written)?.parse().ok()?;
        Some(Within { at, length: from + written.len(), day })
    };
    let mut letters = false;
    let starts = folded.char_indices().filter(|(_, c)| {
        let starts = !letters && c.is_alphanumeric();
        letters = c.is_alphanumeric();
        starts
    });
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    starts.into_iter().find_map(begins)
}

/// A day that exists, as it is to be written.
fn iso(written: &str) -> Option<String> {
    if is_iso(written) {
        written.parse::<Date>().ok().map(|_| written.to_owned())
    } else {
        day::read(written)
    }
}

/// `2027-02-30`, `31.02.2027`, `12-2026`: two or three numbers, one of them a year.
fn is_shaped(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
    matches!(parts.len(), 2 | 3)
        && parts
            .iter()
            .all(|part| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.iter().filter(|part| part.len() == 4).count() == 1
}

fn is_iso(written: &str) -> bool {
    written.len() == DAY
        && written.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A day at the beginning of a text, however it is written and whether or not it exists, and what follows it.
fn a_day(text: &str) -> Option<(&str, &str)> {
    let ends = text.match_indices(char::is_whitespace).map(|(at, _)| at).chain([text.len()]);
    let ends: Vec<usize> = ends.take(DAY_WORDS).collect();
    let parts = |end: usize| {
        let day = text.get(..end)?.trim_end_matches([':', ',', ';', '.', ')']);
        Some((day, text.get(end..)?))
    };
    // The shortest that is a day: what follows is the reason.
    let all = ends.iter().filter_map(|end| parts(*end));
    let read = all.clone().find(|(day, _)| is_iso(day) || day::is_day(day));
    read.or_else(|| ends.first().and_then(|end| parts(*end)).filter(|(day, _)| is_shaped(day)))
}

/// How many words a day has at most: `31 December 2027`.
const DAY_WORDS: usize = 3;
