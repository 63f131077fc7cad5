//! The patterns of our schemas, each by hand: compiling regular expressions would cost more than all the rest of a start.

/// A pattern that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    NoSlash,
    Retention,
    Share,
    Day,
    Overhead,
    Latency,
    Wait,
    Prefix,
}

/// Each as a schema writes it.
const KNOWN: [(&str, Pattern); 8] = [
    ("^[^/]+$", Pattern::NoSlash),
    ("^(zero-retention|(custom-)?[0-9]{1,6}-days)$", Pattern::Retention),
    (r"^(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) ?%$", Pattern::Share),
    ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", Pattern::Day),
    (r"^[0-9]{1,9}(\.[0-9]+)? ?%$", Pattern::Overhead),
    (r"^[0-9]{1,9}(\.[0-9]{1,3})? ?(ms|s|seconds?|minutes?)$", Pattern::Latency),
    (
        r"^(([1-9][0-9]{0,7}(\.[0-9]{1,3})?|0\.(00[1-9]|0[1-9][0-9]?|[1-9][0-9]{0,2})) ?ms|([1-9][0-9]{0,5}(\.[0-9]{1,3})?|0\.(00[1-9]|0[1-9][0-9]?|[1-9][0-9]{0,2})) ?s(econds?)?|([1-9][0-9]{0,3}(\.[0-9]{1,3})?|0\.(00[1-9]|0[1-9][0-9]?|[1-9][0-9]{0,2})) ?minutes?)$",
        Pattern::Wait,
    ),
    ("^[a-z0-9]([a-z0-9-]*[a-z0-9])?-$", Pattern::Prefix),
];

impl Pattern {
    /// A pattern as a schema writes it; none if it is not known.
    pub(super) fn of(written: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, _)| *known == written).map(|(_, pattern)| *pattern)
    }

    /// Whether a text is of it.
    pub(super) fn matches(self, text: &str) -> bool {
        match self {
            Self::NoSlash => !text.is_empty() && !text.contains(['/', '\n']),
            Self::Retention => {
                let days =
                    text.strip_suffix("-days").map(|days| days.strip_prefix("custom-").unwrap_or(days));
                text == "zero-retention" || days.is_some_and(|days| is_digits(days) && days.len() <= 6)
            }
            Self::Day => {
                let is_one = |(at, byte): (usize, u8)| match at {
                    4 | 7 => byte == b'-',
                    _ => byte.is_ascii_digit(),
                };
                text.len() == 10 && text.bytes().enumerate().all(is_one)
            }
            Self::Share => percent(text).is_some_and(|(whole, fraction)| {
                whole.len() <= 2 || (whole == "100" && fraction.bytes().all(|digit| digit == b'0'))
            }),
            Self::Overhead => percent(text).is_some_and(|(whole, _)| whole.len() <= 9),
            Self::Latency => {
                duration(text).is_some_and(|(whole, fraction, _)| whole.len() <= 9 && fraction.len() <= 3)
            }
            Self::Wait => duration(text).is_some_and(|(whole, fraction, most)| {
                let is_some = if whole == "0" {
                    fraction.bytes().any(|digit| digit != b'0')
                } else {
                    !whole.starts_with('0')
                };
                is_some && whole.len() <= most && fraction.len() <= 3
            }),
            Self::Prefix => text.strip_suffix('-').is_some_and(|name| {
                let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
                name.bytes().all(|byte| is_name(byte) || byte == b'-')
                    && name.bytes().next().is_some_and(is_name)
                    && name.bytes().next_back().is_some_and(is_name)
            }),
        }
    }
}

/// The digits before and after the point of a duration, and how many a wait in its unit may have before it.
fn duration(text: &str) -> Option<(&str, &str, usize)> {
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == ' ').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let most = match unit.strip_prefix(' ').unwrap_or(unit) {
        "ms" => 8,
        "s" | "second" | "seconds" => 6,
        "minute" | "minutes" => 4,
        _ => return None,
    };
    let (whole, fraction) = decimal(number)?;
    Some((whole, fraction, most))
}

/// The digits before and after the point of a percentage.
fn percent(text: &str) -> Option<(&str, &str)> {
    let number = text.strip_suffix('%')?;
    decimal(number.strip_suffix(' ').unwrap_or(number))
}

/// The digits before and after the point; with a point there are some.
fn decimal(number: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
    (is_digits(whole) && fraction.is_none_or(is_digits)).then(|| (whole, fraction.unwrap_or_default()))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
