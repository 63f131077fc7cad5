//! Money in an event: exact to a billionth of a dollar, and quick.

use crate::limits::{MAX_EXPONENT, MAX_MONEY_DIGITS};

/// US dollars in billionths. An event that states more decimals is rounded to these, half to even.
pub type Nanos = i128;

/// One US dollar in billionths.
pub const DOLLAR: Nanos = 1_000_000_000;

/// The most that one event may state: a million million dollars.
const MOST: Nanos = 1_000_000_000_000 * DOLLAR;

/// Dollars in a text: `12`, `0.0035`, `3.5e-06`, with a `$` or without.
pub fn parse(text: &str) -> Option<Nanos> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let (mantissa, exponent) = match (!is_plain).then(|| text.split_once(['e', 'E'])).flatten() {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.len() + decimals.len();
    if digits == 0 || digits > MAX_MONEY_DIGITS || exponent.unsigned_abs() > MAX_EXPONENT.unsigned_abs() {
        return None;
    }
    let digits_of = || whole.bytes().chain(decimals.bytes());
    let number = match digits {
        // Mostly a register holds them.
        ..=18 => {
            digits_of().try_fold(0u64, |number, byte| Some(number * 10 + u64::from(digit(byte)?)))?.into()
        }
        _ => digits_of().try_fold(0i128, |number, byte| Some(number * 10 + i128::from(digit(byte)?)))?,
    };
    let nanos = shifted(number, 9 + exponent - i32::try_from(decimals.len()).ok()?)?;
    (nanos <= MOST).then_some(if negative { -nanos } else { nanos })
}

fn digit(byte: u8) -> Option<u8> {
    byte.checked_sub(b'0').filter(|digit| *digit < 10)
}

/// A number times a power of ten, rounded half to even.
fn shifted(number: i128, power: i32) -> Option<i128> {
    if number == 0 || power == 0 {
        return Some(number);
    }
    if power >= 0 {
        return number.checked_mul(10i128.checked_pow(power.unsigned_abs())?);
    }
    // Past all digits nothing is left.
    let Some(scale) = 10i128.checked_pow(power.unsigned_abs()) else { return Some(0) };
    Some(divided(number, scale))
}

/// Dollars of a JSON number. Up to fifteen digits it is what was written.
pub fn of_float(number: f64) -> Option<Nanos> {
    // The shortest text that reads back as the same number is the one that was written.
    if number.is_finite() { parse(&number.to_string()) } else { None }
}

/// Dollars with at least two decimals and as many as there are: `0.0035`, `12.00`.
pub fn exact(nanos: Nanos) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, rest) = (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    let decimals = format!("{rest:09}");
    let kept = decimals.trim_end_matches('0').len().max(2);
    format!("{sign}{whole}.{}", decimals.get(..kept).unwrap_or_default())
}

/// Dollars and cents, rounded half to even.
pub fn cents(nanos: Nanos) -> String {
    let (sign, cents) = rounded(nanos, DOLLAR / 100);
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// Whole dollars, rounded half to even.
pub fn whole_dollars(nanos: Nanos) -> String {
    let (sign, dollars) = rounded(nanos, DOLLAR);
    format!("{sign}{dollars}")
}

/// One amount in percent of another, to a tenth, rounded half to even; the other is more than nothing.
pub fn share(amount: Nanos, of: Nanos) -> String {
    let (sign, tenths) = rounded(amount.saturating_mul(1000), of.saturating_abs());
    let is_negative = (sign == "-") != (of < 0) && tenths > 0;
    format!("{}{}.{}%", if is_negative { "-" } else { "" }, tenths / 10, tenths % 10)
}

/// The same of a difference, with its sign: `+3.2%`; none where it is of nothing or less, of which there are no percents.
pub fn change(by: Nanos, of: Nanos) -> Option<String> {
    let share = || share(by, of);
    (of > 0).then(share).map(|share| if share.starts_with('-') { share } else { format!("+{share}") })
}

/// The sign and how many of a unit, rounded half to even.
fn rounded(nanos: Nanos, unit: Nanos) -> (&'static str, u128) {
    let many = divided(nanos, unit);
    (if many < 0 { "-" } else { "" }, many.unsigned_abs())
}

/// Divided and rounded half to even; by nothing as by one.
pub fn divided(amount: Nanos, by: Nanos) -> Nanos {
    let (size, unit) = (amount.unsigned_abs(), by.unsigned_abs().max(1));
    // Mostly a register holds both, and dividing takes a tenth of the time.
    let (many, rest) = match (u64::try_from(size), u64::try_from(unit)) {
        (Ok(size), Ok(unit)) => (u128::from(size / unit), u128::from(size % unit)),
        _ => (size / unit, size % unit),
    };
    let is_up = rest > unit - rest || (rest == unit - rest && many % 2 == 1);
    let many = Nanos::try_from(many + u128::from(is_up)).unwrap_or(Nanos::MAX);
    if (amount < 0) == (by < 0) { many } else { -many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_exactly_to_the_billionth() {
        let cases = [
            ("12", Some(12 * DOLLAR)),
            ("0.0035", Some(3_500_000)),
            ("3.5e-06", Some(3500)),
            ("-1.50", Some(-1_500_000_000)),
            ("$2", Some(2 * DOLLAR)),
            ("0.0000000005", Some(0)),
            ("0.0000000015", Some(2)),
            ("-0.0000000025", Some(-2)),
            ("0.000571200", Some(571_200)),
            ("123456789.123456789", Some(123_456_789_123_456_789)),
            ("1234567890.123456789", Some(1_234_567_890_123_456_789)),
            ("12345.67890123456789012", Some(12_345_678_901_235)),
            ("1e3", Some(1000 * DOLLAR)),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("one", None),
            ("1e400", None),
            ("1e-2147483648", None),
            ("0e2147483647", None),
            ("99999999999999999999999999999999", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(parse(text), wanted, "{text}");
        }
        assert_eq!(of_float(0.1 + 0.2), Some(300_000_000));
        assert_eq!((of_float(3.5e-6), of_float(f64::NAN)), (Some(3500), None));
    }

    #[test]
    fn what_is_divided_is_rounded_half_to_even() {
        let wide = 10i128.pow(30);
        for (amount, by, wanted) in [
            (5, 10, 0),
            (15, 10, 2),
            (16, 10, 2),
            (25, 10, 2),
            (-15, 10, -2),
            (-5, 10, 0),
            (15, -10, -2),
            (7, 0, 7),
            (wide * 3 / 2, wide, 2),
            (wide * 5 / 2, wide, 2),
            (wide * 5 / 2 + 1, wide, 3),
        ] {
            assert_eq!(divided(amount, by), wanted, "{amount} by {by}");
        }
    }

    #[test]
    fn dollars_are_written_as_people_do() {
        assert_eq!(
            [share(1, 3), share(2, 3), share(-1, 2000), share(3, 2000)],
            ["33.3%", "66.7%", "0.0%", "0.2%"]
        );
        assert_eq!(exact(3_500_000), "0.0035");
        assert_eq!((exact(12 * DOLLAR), exact(-1_500_000_000)), ("12.00".into(), "-1.50".into()));
        assert_eq!(
            (cents(5_000_000), cents(15_000_000), cents(-1)),
            ("0.00".into(), "0.02".into(), "0.00".into())
        );
    }
}
