//! Plain scalars by the YAML 1.2 core schema: `no` is a string, `0x1F` a number, `1_000` a string.

use super::Kind;
use crate::number::{self, Rational};

/// What a plain scalar means.
pub(super) fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number { exact: exact(text), text: text.to_owned() },
        _ => Kind::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let radix = |prefix: &str, digits: fn(char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(digits))
    };
    if radix("0x", |c| c.is_ascii_hexdigit()) || radix("0o", |c| ('0'..='7').contains(&c)) {
        return true;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if [".inf", ".Inf", ".INF"].contains(&unsigned) || [".nan", ".NaN", ".NAN"].contains(&text) {
        return true;
    }
    decimal(unsigned)
}

/// `[0-9]+ ( \. [0-9]* )?` or `\. [0-9]+`, then an exponent.
fn decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = !whole.is_empty() || !fraction.is_empty();
    some && digits(whole) && digits(fraction) && exponent_fits
}

fn exact(text: &str) -> Option<Rational> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok().map(number::whole);
        }
    }
    number::parse_decimal(text)
}
