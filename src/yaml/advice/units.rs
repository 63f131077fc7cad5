//! Keys that say what one of ours says in another unit: their value is converted, or nothing is written for it.

use crate::diag::quantity::{self, Wanted};
use crate::number::{self, Rational, over, times};
use crate::yaml::{Kind, Value};

/// Keys of ours whose names say a unit, or that count in one; with the map around those that stand in one.
const OURS: [(&str, Option<&str>); 10] = [
    ("latency_sla_ms", None),
    ("p95_ms", Some("latency")),
    ("p50_ms", Some("latency")),
    ("peak_requests_per_minute", None),
    ("requests_per_minute", Some("rate_limits")),
    ("tokens_per_minute", Some("rate_limits")),
    ("budget_estimate_usd_per_month", None),
    ("max_daily_spend_usd", None),
    ("min_context", None),
    ("context_window", None),
];

/// What a key says, without its unit, and the unit.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said<'k> {
    /// The words that are no unit, in the order of the alphabet.
    what: Vec<&'k str>,
    /// Milliseconds, as microseconds.
    length: Option<u64>,
    /// A period, in minutes.
    period: Option<u64>,
    money: Option<&'k str>,
    /// How many one of it counts.
    scale: Option<u64>,
}

/// Minutes of a day, and of a month, which has 30 days.
const DAY: u64 = 1_440;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

fn said(key: &str) -> Said<'_> {
    let mut said = Said::default();
    let mut is_rate = false;
    for part in key.split('_') {
        let period = match part {
            "second" | "sec" | "s" if is_rate => Some(0),
            "minute" | "min" if is_rate => Some(1),
            "hour" | "hourly" | "h" => Some(60),
            "day" | "daily" => Some(DAY),
            "week" | "weekly" => Some(7 * DAY),
            "month" | "monthly" => Some(MONTH),
            "year" | "yearly" | "annual" | "annually" => Some(YEAR),
            _ => None,
        };
        let length = match part {
            "us" | "micros" | "microseconds" => Some(1),
            "ms" | "msec" | "millis" | "milliseconds" => Some(1_000),
            "s" | "sec" | "secs" | "second" | "seconds" => Some(1_000_000),
            "minutes" | "mins" => Some(60_000_000),
            _ => None,
        };
        let scale = match part {
            "k" | "thousand" | "thousands" | "1k" => Some(1_000),
            "m" | "million" | "millions" | "1m" => Some(1_000_000),
            _ => None,
        };
        match part {
            "per" => is_rate = true,
            _ if period.is_some() => said.period = period,
            _ if length.is_some() => said.length = length,
            _ if scale.is_some() => said.scale = scale,
            "usd" | "dollar" | "dollars" => said.money = Some("usd"),
            "eur" | "euro" | "euros" | "gbp" | "pounds" | "chf" | "jpy" | "cent" | "cents" => {
                said.money = Some(part);
            }
            part => said.what.push(part),
        }
    }
    said.what.sort_unstable();
    said
}

/// Whether two keys may mean one thing, but not in one unit.
pub(super) fn differ(theirs: &str, ours: &str) -> bool {
    let (theirs, ours) = (said(theirs), said(ours));
    let other = |a: Option<u64>, b: Option<u64>| a.zip(b).is_some_and(|(a, b)| a != b);
    other(theirs.length, ours.length)
        || other(theirs.period, ours.period)
        || theirs.money.is_some_and(|money| ours.money.is_some_and(|ours| ours != money))
        || (theirs.scale.is_some() && theirs.scale != ours.scale)
}

/// What is said of a key that differs from one of ours in its unit, where its value is not known.
pub(super) fn told(ours: &str) -> String {
    format!("the key here is `{ours}`, in another unit: write the value in that one")
}

/// What to write for a key with its value, `latency_sla_s: 3`: the same in our unit.
pub(super) fn other(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    let mut theirs = said(name);
    let (ours, outer) = OURS.iter().find(|(ours, outer)| {
        let is_known = known.contains(ours) || outer.is_some_and(|outer| known.contains(&outer));
        is_known && is_same(&theirs, &said(ours).what, *outer)
    })?;
    let outer = outer.filter(|_| !known.contains(ours));
    let wanted = said(ours);
    if is_in_m(name) {
        // Of a length of time it counts minutes; behind `per`, it may be a minute, a month or a million.
        if wanted.length.is_none() && name.ends_with("_per_m") {
            return Some(told(ours));
        }
        if wanted.length.is_some() {
            theirs = Said { length: Some(60_000_000), scale: None, ..theirs };
        }
    }
    let written = |right: &str| match outer {
        Some(outer) => format!("write `{outer}: {{{ours}: {right}}}`"),
        None => format!("write `{ours}: {right}`"),
    };
    let quoted = match &value.kind {
        Kind::String(text) => number::parse_decimal(text.trim()),
        _ => None,
    };
    if let (Kind::String(text), None) = (&value.kind, &quoted) {
        // The unit stands behind the number.
        let as_wanted = Wanted::of_key(ours).filter(|_| theirs.money.is_none() && wanted.length.is_some())?;
        let (quantity, length) = quantity::read(text, as_wanted)?;
        return quantity.written(as_wanted).filter(|_| length == text.len()).map(|right| written(&right));
    }
    // Without one, it is in that of the key, in quotes too.
    let number = quoted.as_ref().or_else(|| value.number())?;
    if let Some(money) = theirs.money.filter(|money| !matches!(*money, "usd" | "cent" | "cents")) {
        return Some(format!(
            "`{ours}` is in US dollars: write it with what the amount in {} is in those",
            money.to_uppercase()
        ));
    }
    if *ours == "max_daily_spend_usd" && theirs.period.is_some_and(|period| period != DAY) {
        let period = if theirs.period == Some(MONTH) { "a month" } else { "another period" };
        return Some(format!(
            "`{ours}` is the most for one day: the most for {period} is the limit of a budget in a policy, as in `limit 15000 usd per month`"
        ));
    }
    let right = converted(number, &theirs, &wanted)?;
    let is_whole = wanted.money.is_none();
    match number::to_whole(&right) {
        Some(whole) => Some(written(&whole.to_string())),
        None if is_whole => Some(told(ours)),
        None => Some(written(&number::round_half_even(&right, 2))),
    }
}

/// Whether a key ends in `m`, of which only what it stands with says what it is.
fn is_in_m(key: &str) -> bool {
    key.ends_with("_m")
}

/// Whether two keys speak of one thing; a key of a map may name the map too.
fn is_same(theirs: &Said<'_>, ours: &[&str], outer: Option<&str>) -> bool {
    if theirs.what.is_empty() {
        return false;
    }
    let mut rest = theirs.what.clone();
    if rest != ours {
        rest.retain(|part| Some(*part) != outer && *part != "max");
    }
    let mine: Vec<&str> = ours.iter().copied().filter(|part| *part != "max" || rest.contains(part)).collect();
    rest == mine
}

/// A number in our unit; none where it is in that already, or there is no telling.
fn converted(number: &Rational, theirs: &Said<'_>, ours: &Said<'_>) -> Option<Rational> {
    let mut right = number.clone();
    let mut changed = false;
    let mut by = |up: u64, down: u64| {
        right = over(&times(&right, up), down);
        changed = changed || up != down;
    };
    if let Some((a, b)) = theirs.length.zip(ours.length) {
        by(a, b);
    }
    match (theirs.period, ours.period) {
        // A month is not a number of weeks.
        (Some(a), Some(MONTH)) if a == 7 * DAY => return None,
        (Some(YEAR), Some(MONTH)) => by(1, 12),
        (Some(0), Some(b)) => by(60 * b, 1),
        (Some(a), Some(b)) => by(b, a),
        _ => {}
    }
    if matches!(theirs.money, Some("cent" | "cents")) {
        by(1, 100);
    }
    if let Some(scale) = theirs.scale {
        by(scale, 1);
    }
    changed.then_some(right)
}
