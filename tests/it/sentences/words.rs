//! What sentences are made of: names, numbers, costs.

use govctl::decide::Multiplier;
use govctl::model::Trigger;
use govctl::number::{self, whole};

pub(super) type Read<T> = Result<T, String>;

/// The text behind a prefix.
pub(super) fn after<'t>(text: &'t str, prefix: &str) -> Read<&'t str> {
    text.strip_prefix(prefix).ok_or_else(|| format!("expected `{prefix}` at `{text}`"))
}

/// A name in back quotes, and the rest.
pub(super) fn quoted(text: &str) -> Read<(&str, &str)> {
    after(text, "`")?.split_once('`').ok_or_else(|| format!("no name at `{text}`"))
}

/// A number, and the rest.
pub(super) fn counted(text: &str) -> Read<(usize, &str)> {
    let (number, rest) = text.split_once(' ').ok_or_else(|| format!("no number at `{text}`"))?;
    Ok((number.parse().map_err(|_| format!("no number at `{text}`"))?, rest))
}

pub(super) fn require(holds: bool, claim: &str) -> Read<()> {
    if holds { Ok(()) } else { Err(format!("not true: {claim}")) }
}

pub(super) const MET: [(&str, Trigger); 6] = [
    ("a rate-limited request", Trigger::RateLimited),
    ("a request that meets a server error", Trigger::ServerError),
    ("a request that times out", Trigger::Timeout),
    ("a filtered prompt", Trigger::ContentFiltered),
    ("a prompt too long", Trigger::ContextExceeded),
    ("a request with a refused key", Trigger::Unauthorized),
];

/// The ways in which a primary fails, as `on … it` says them.
pub(super) const WAYS: [(&str, Trigger); 8] = [
    ("a rate limit", Trigger::RateLimited),
    ("a server error", Trigger::ServerError),
    ("a timeout", Trigger::Timeout),
    ("unavailability", Trigger::Unavailable),
    ("a content filter", Trigger::ContentFiltered),
    ("an exceeded context", Trigger::ContextExceeded),
    ("used-up credit", Trigger::OutOfCredit),
    ("a refused key", Trigger::Unauthorized),
];

/// Whether what is said of a cost is true of a multiplier.
pub(super) fn costs(said: &str, multiplier: &Multiplier) -> bool {
    let Multiplier::Finite(times) = multiplier else { return said == "not free, unlike the primary" };
    let said = &said.replace(',', "");
    let (one, little) = (whole(1), number::parse_decimal("0.005").expect("a number"));
    match said.as_str() {
        "slightly dearer" => return *times > one && times - &one <= little,
        "slightly cheaper" => return *times < one && one - times <= little,
        _ => {}
    }
    let (about, said) = match said.strip_prefix("about ") {
        Some(said) => (true, said),
        None => (false, said.as_str()),
    };
    let number = |text: &str| number::parse_decimal(text).expect("a number");
    let (value, off) = if said == "free" {
        (whole(0), whole(0))
    } else if said == "half the cost" {
        (number("0.5"), number("0.005"))
    } else if let Some(count) = said.strip_suffix(" the cost") {
        let count = count.strip_suffix(" times").unwrap_or(if count == "twice" { "2" } else { count });
        let count = number(count);
        let off = if count < whole(10) { number("0.05") } else { number("0.5") };
        (count, off)
    } else {
        let Some((part, how)) = said.rsplit_once(' ') else { return false };
        let percent = match part {
            "a tenth" => "10",
            "a fifth" => "20",
            "a quarter" => "25",
            "a third" => "33",
            other => other.trim_end_matches('%'),
        };
        let part = number(percent) / whole(100);
        let value = if how == "dearer" { whole(1) + part } else { whole(1) - part };
        (value, if percent == "99" { number("0.01") } else { number("0.005") })
    };
    let difference = if *times > value { times - &value } else { &value - times };
    difference <= off && (!about || difference != whole(0))
}
