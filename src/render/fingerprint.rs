//! A name for a finding that stays the same as long as the finding does, whatever moves around it.

use std::collections::HashMap;

use crate::diag::Finding;
use crate::source::Sources;
use crate::table::sha256_hex;

/// What a finding is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The same as long as the finding is: kind, file, names and use cases, but no line and no amounts.
    pub now: String,
    /// The same with amounts, as older files have it.
    pub before: String,
}

/// Counts findings that are called alike.
#[derive(Debug, Default)]
pub(super) struct Seen {
    now: HashMap<String, usize>,
    before: HashMap<String, usize>,
}

/// The fingerprint of every finding, in their order.
pub fn all(sources: &Sources, findings: &[Finding]) -> Vec<Fingerprint> {
    let mut seen = Seen::default();
    findings.iter().map(|finding| of(sources, finding, &mut seen)).collect()
}

/// The fingerprint of the next finding.
pub(super) fn of(sources: &Sources, finding: &Finding, seen: &mut Seen) -> Fingerprint {
    let span = finding.primary.span;
    let (text, message) = (sources.text(span), finding.message.as_str());
    let key = |text: &str, message: &str| {
        let use_cases = finding.use_cases.join("\u{1f}");
        [finding.code.0, sources.path(span.file), text, message, &use_cases].join("\u{1e}")
    };
    Fingerprint {
        now: counted(&key(&without_amounts(text), &without_amounts(message)), &mut seen.now),
        before: counted(&key(text, message), &mut seen.before),
    }
}

fn counted(key: &str, seen: &mut HashMap<String, usize>) -> String {
    let count = seen.entry(key.to_owned()).or_default();
    *count += 1;
    sha256_hex(format!("{key}\u{1e}{count}").as_bytes()).chars().take(32).collect()
}

/// A text with a mark in place of every amount; what is quoted is a name unless it is nothing but an amount, and a day
/// stays a day.
///
/// Amounts move while a finding stays what it is: a peak grows by some requests, and 12 days become 11.
pub fn without_amounts(text: &str) -> String {
    let mut found = String::new();
    let (mut rest, mut before, mut quote) = (text, ' ', None);
    while let Some(first) = rest.chars().next() {
        let amount = amount(rest);
        let after = rest.get(amount..).unwrap_or_default().chars().next();
        let starts = !(before.is_alphanumeric() || "_-./".contains(before));
        let is_counted = match quote {
            None => starts,
            Some(quote) => before == quote && after == Some(quote),
        };
        let length = if amount > 0 && is_counted {
            found.push('#');
            amount
        } else {
            // The rest of a word is none of another amount, and neither are the parts of a day.
            let length = if amount == 0 { day(rest).unwrap_or(first.len_utf8()) } else { amount };
            found.push_str(rest.get(..length).unwrap_or_default());
            length
        };
        match quote {
            None if matches!(first, '`' | '"') => quote = Some(first),
            Some(open) if first == open => quote = None,
            _ => {}
        }
        before = rest.get(..length).and_then(|taken| taken.chars().last()).unwrap_or(first);
        rest = rest.get(length..).unwrap_or_default();
    }
    found
}

/// How long the amount is that a text starts with; a day is none.
fn amount(text: &str) -> usize {
    if day(text).is_some() {
        return 0;
    }
    let mut length = 0;
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    while is_digit(length)
        || (length > 0 && matches!(bytes.get(length), Some(b',' | b'.')) && is_digit(length + 1))
    {
        length += 1;
    }
    let is_unit = matches!(bytes.get(length), Some(b'%' | b'x'));
    if length > 0 && is_unit { length + 1 } else { length }
}

/// How long the day is that a text starts with: `2026-11-25`.
fn day(text: &str) -> Option<usize> {
    let day = text.as_bytes().get(..10)?;
    let is_day = day.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_day.then_some(10)
}

#[cfg(test)]
mod tests {
    use super::without_amounts;

    #[test]
    fn amounts_go_and_names_and_days_stay() {
        for (text, left) in [
            ("`a-4/m-2` gets 1,770 requests and allows 600", "`a-4/m-2` gets # requests and allows #"),
            ("costs 3.5x and `99.9%` of `4o-mini`", "costs # and `#` of `4o-mini`"),
            ("until 2026-11-25, in 12 days", "until 2026-11-25, in # days"),
            ("600", "#"),
            ("limit 2000 usd per month", "limit # usd per month"),
            ("gpt-4 m2 `9 lives` é1", "gpt-4 m2 `9 lives` é1"),
            ("1 \"2 or 3\" 4", "# \"2 or 3\" #"),
        ] {
            assert_eq!(without_amounts(text), left);
        }
    }
}
