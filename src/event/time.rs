//! Times of events: the day in UTC, which is what tables are in force by.

use std::borrow::Cow;

/// The day in UTC, `YYYY-MM-DD`, of a time such as `2026-11-21T10:15:00Z`; none for what is no time.
///
/// A time without a zone, as several exports write it, is taken as UTC.
pub fn day(time: &str) -> Option<String> {
    day_of_zoned(time).or_else(|| {
        let has_clock = time.trim().get(10..).is_some_and(|clock| clock.contains(':'));
        Some(civil(time).filter(|_| has_clock)?.date().to_string())
    })
}

/// A date and a clock without a zone, or with the word `UTC` as some databases write it.
fn civil(text: &str) -> Option<jiff::civil::DateTime> {
    let text = text.trim();
    let text = text.strip_suffix("UTC").map_or(text, str::trim_end);
    if offset(text).is_some() { None } else { text.parse().ok() }
}

/// A moment of a time with a zone. RFC 3339 knows no zone of 24 hours or more.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    let is_of_day = |zone: &str| zone.get(1..3).is_none_or(|hours| hours < "24");
    text.parse().ok().filter(|_| offset(text).is_none_or(is_of_day))
}

/// The zone behind a clock as hours and minutes: `+02:00`.
fn offset(text: &str) -> Option<&str> {
    // A name of the zone may follow: `-05:00[America/Port-au-Prince]`.
    let clock = text.trim().get(10..)?.split('[').next()?;
    clock.get(clock.rfind(['+', '-'])?..)
}

fn day_of_zoned(time: &str) -> Option<String> {
    if let Some(day) = plain_day(time) {
        return Some(day.to_owned());
    }
    Some(moment(time)?.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// The day of a time that is in UTC and ordinary: nothing needs to be worked out.
pub fn plain_day(time: &str) -> Option<&str> {
    let clock = time.strip_suffix('Z').or_else(|| time.strip_suffix("+00:00"))?;
    let (day, clock) = (clock.get(..10)?, clock.get(10..)?);
    let clock = clock.strip_prefix(['T', ' ', 't'])?;
    let shaped = |byte: u8, at: usize| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let is_day = day.bytes().enumerate().all(|(at, byte)| shaped(byte, at)) && is_date(day);
    let is_clock = clock.len() >= 8
        && clock.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
        && clock.get(..2)? < "24"
        && clock.get(2..3)? == ":";
    (is_day && is_clock).then_some(day)
}

fn is_date(day: &str) -> bool {
    let number = |from: usize, to: usize| day.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let (Some(year), Some(month), Some(date)) = (number(0, 4), number(5, 7), number(8, 10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&date)
}

/// A time in the spelling that all others of the same moment have too: UTC, `T`, `Z`, and no idle zeros of a second. What
/// is no time stays as it is.
pub fn of_one_spelling(text: &str) -> Cow<'_, str> {
    let is_plain = text.len() == 20 && text.as_bytes().get(10) == Some(&b'T') && text.ends_with('Z');
    if is_plain && plain_day(text).is_some() {
        return Cow::Borrowed(text);
    }
    moment(text)
        .or_else(|| without_zone(text))
        .map_or(Cow::Borrowed(text), |moment| Cow::Owned(moment.to_string()))
}

/// A time from seconds since 1970, with milliseconds where there are some; a number that is too large for those of people
/// now alive is one of milliseconds.
pub fn of_seconds(seconds: f64) -> Option<String> {
    let seconds = if seconds >= 1e11 { seconds / 1000.0 } else { seconds };
    if !(0.0..253_402_300_800.0).contains(&seconds) {
        return None;
    }
    let nanos = i128::from(millis(seconds)) * 1_000_000;
    Some(jiff::Timestamp::from_nanosecond(nanos).ok()?.to_string())
}

/// A time from nanoseconds since 1970, as OTLP has it.
pub fn of_nanos(nanos: &str) -> Option<String> {
    let nanos: i128 = nanos.parse().ok()?;
    Some(jiff::Timestamp::from_nanosecond(nanos).ok()?.to_string())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range was checked; a year 9999 in milliseconds fits"
)]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// A time without a zone, as several exports write it, taken as UTC: `2026-11-21 10:15:00.123`.
pub fn of_local(text: &str) -> Option<String> {
    if day_of_zoned(text).is_some() {
        return Some(text.to_owned());
    }
    without_zone(text).map(|moment| moment.to_string())
}

/// A time that names no zone, taken as UTC.
fn without_zone(text: &str) -> Option<jiff::Timestamp> {
    Some(civil(text)?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_utc() {
        let cases = [
            ("2026-11-21T10:15:00Z", Some("2026-11-21")),
            ("2026-11-21T10:15:00.123456Z", Some("2026-11-21")),
            ("2026-11-21T23:30:00-05:00", Some("2026-11-22")),
            ("2026-11-21T00:30:00+02:00", Some("2026-11-20")),
            ("2028-02-29T00:00:00Z", Some("2028-02-29")),
            ("2026-11-21T23:30:00", Some("2026-11-21")),
            ("2026-11-21 23:30:00.5", Some("2026-11-21")),
            ("2026-11-21 23:30:00 UTC", Some("2026-11-21")),
            ("2026-11-21T23:30:00+23:59", Some("2026-11-20")),
            ("2026-10-05T10:00:00+24:00", None),
            ("2026-10-05T10:00:00+25:00", None),
            ("2026-10-05T10:00:00-25:00", None),
            ("2026-10-05 10:00:00+02", Some("2026-10-05")),
            ("2026-11-21T23:30:00-05:00[America/Port-au-Prince]", Some("2026-11-22")),
            ("2026-02-29T00:00:00Z", None),
            ("2026-02-29T00:00:00", None),
            ("2026-11-21", None),
            ("yesterday", None),
            ("", None),
        ];
        for (time, wanted) in cases {
            assert_eq!(day(time).as_deref(), wanted, "{time}");
        }
    }

    #[test]
    fn one_moment_has_one_spelling() {
        let all = [
            "2026-10-05T00:00:00Z",
            "2026-10-05T00:00:00.000Z",
            "2026-10-05 00:00:00",
            "2026-10-05T02:00:00+02:00",
        ];
        for time in all {
            assert_eq!(of_one_spelling(time), all[0], "{time}");
        }
        assert_eq!(of_one_spelling("2026-10-05T00:00:00.5Z"), "2026-10-05T00:00:00.5Z");
        assert_eq!(of_one_spelling("yesterday"), "yesterday");
    }

    #[test]
    fn other_clocks_become_times() {
        assert_eq!(of_seconds(1_763_719_200.0).as_deref(), Some("2025-11-21T10:00:00Z"));
        assert_eq!(of_seconds(1_763_719_200.25).as_deref(), Some("2025-11-21T10:00:00.25Z"));
        assert_eq!(of_seconds(1_763_719_200_250.0).as_deref(), Some("2025-11-21T10:00:00.25Z"));
        assert_eq!(of_local("2026-11-05 00:00:00 UTC").as_deref(), Some("2026-11-05T00:00:00Z"));
        assert_eq!((of_seconds(-1.0), of_seconds(f64::NAN)), (None, None));
        assert_eq!(of_nanos("1763719200000000000").as_deref(), Some("2025-11-21T10:00:00Z"));
        assert_eq!(of_local("2026-11-21 10:15:00").as_deref(), Some("2026-11-21T10:15:00Z"));
        assert_eq!(of_local("2026-11-21T10:15:00Z").as_deref(), Some("2026-11-21T10:15:00Z"));
    }
}
