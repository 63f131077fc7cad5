//! Exact numbers: read from text, written rounded half to even, never through a float.

use crate::limits::MAX_WHOLE;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::LazyLock;

use num_rational::BigRational;
use num_traits::{CheckedAdd, CheckedMul, One, Pow, Signed, ToPrimitive, Zero};

/// An exact rational number.
pub type Rational = BigRational;

/// The bignum integer that [`Rational`] is made of.
pub type Integer = <Ratio as Parts>::Int;

type Ratio = BigRational;

/// Names the integer type without a dependency of our own on it.
pub trait Parts {
    /// The integer type.
    type Int;
}

impl<T> Parts for num_rational::Ratio<T> {
    type Int = T;
}

pub use crate::limits::{MAX_DIGITS, MAX_EXPONENT, MAX_SUM_BITS};

/// Reads `12`, `0.01`, `1_000` or `-2.5e-3` exactly; `None` for anything else and for numbers past the limits.
pub fn parse_decimal(text: &str) -> Option<Rational> {
    small_decimal(text).or_else(|| any_decimal(text))
}

/// The same of up to 18 digits and nothing else but a point, without a detour: nearly every number is one.
fn small_decimal(text: &str) -> Option<Rational> {
    if text.len() > 19 {
        return None;
    }
    let (mut number, mut scale, mut point, mut digits) = (0u64, 1u64, false, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if digits > 18 {
                    return None;
                }
                number = number * 10 + u64::from(byte - b'0');
                if point {
                    scale *= 10;
                }
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let common = greatest_common_divisor(number, scale);
    Some(Rational::new_raw(Integer::from(number / common), Integer::from(scale / common)))
}

/// Of two numbers that are not both 0.
fn greatest_common_divisor<N: Copy + Zero + std::ops::Rem<Output = N>>(mut a: N, mut b: N) -> N {
    while !b.is_zero() {
        (a, b) = (b, a % b);
    }
    a
}

fn any_decimal(text: &str) -> Option<Rational> {
    let text: String = text.chars().filter(|c| *c != '_').collect();
    let (negative, text) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest.to_owned()),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa.to_owned(), exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let plausible =
        !digits.is_empty() && digits.len() <= MAX_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    if !plausible || exponent.unsigned_abs() > MAX_EXPONENT.unsigned_abs() {
        return None;
    }
    let value = Rational::from_integer(digits.parse::<Integer>().ok()?);
    let scale = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let value = value * ten_to(scale);
    Some(if negative { -value } else { value })
}

/// The number 1, made once: factors begin with it.
pub static ONE: LazyLock<Rational> = LazyLock::new(Rational::one);

/// A whole number as a rational.
pub fn whole(n: u64) -> Rational {
    Rational::from_integer(Integer::from(n))
}

/// 10 to some power, negative ones included.
fn ten_to(power: i32) -> Rational {
    let ten = Integer::from(10u8);
    let magnitude: Integer = Pow::pow(ten, power.unsigned_abs());
    if power < 0 { Rational::new(Integer::one(), magnitude) } else { Rational::from_integer(magnitude) }
}

/// Writes with at most `decimals` decimals, rounded half to even, without trailing zeros.
pub fn round_half_even(value: &Rational, decimals: u32) -> String {
    let fixed = fixed_half_even(value, decimals);
    if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.').to_owned() } else { fixed }
}

/// Writes with exactly `decimals` decimals, rounded half to even.
pub fn fixed_half_even(value: &Rational, decimals: u32) -> String {
    let rounded = small_rounded(value, decimals).map(|rounded| rounded.to_string());
    let rounded = rounded.unwrap_or_else(|| rounded_of(value, decimals).to_string());
    let negative = value.is_negative() && rounded != "0";
    let width = decimals as usize + 1;
    let digits = format!("{rounded:0>width$}");
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    let sign = if negative { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// So many times 10 to the power of `decimals` as the magnitude has, rounded half to even; none where that needs a bignum.
fn small_rounded(value: &Rational, decimals: u32) -> Option<u128> {
    let (numerator, denominator) = small(value)?;
    let denominator = u128::from(denominator);
    let scaled = u128::from(numerator.unsigned_abs()).checked_mul(10u128.checked_pow(decimals)?)?;
    let (floor, rest) = (scaled.checked_div(denominator)?, scaled.checked_rem(denominator)?);
    Some(match rest.saturating_mul(2).cmp(&denominator) {
        Ordering::Less => floor,
        Ordering::Equal => floor + floor % 2,
        Ordering::Greater => floor + 1,
    })
}

/// The same of any.
fn rounded_of(value: &Rational, decimals: u32) -> Integer {
    let scaled = value.abs() * ten_to(i32::try_from(decimals).unwrap_or(0));
    let floor = scaled.floor().to_integer();
    let rest = scaled - Rational::from_integer(floor.clone());
    let half = Rational::new(Integer::one(), Integer::from(2u8));
    let odd = (&floor % Integer::from(2u8)).is_one();
    let up = rest > half || (rest == half && odd);
    if up { floor + Integer::one() } else { floor }
}

/// Adds to a sum, whose denominator stays within [`MAX_SUM_BITS`]: past them it is rounded down, by far less than any
/// digit that is shown.
pub fn add_up(sum: &mut Rational, more: &Rational) {
    *sum = plus(sum, more).unwrap_or_else(|| &*sum + more);
    if sum.denom().bits() > MAX_SUM_BITS {
        let scale = Rational::from_integer(Integer::one() << (MAX_SUM_BITS / 2));
        *sum = (&*sum * &scale).floor() / scale;
    }
}

/// The sum of amounts, added up so.
pub fn total(amounts: impl IntoIterator<Item = impl Borrow<Rational>>) -> Rational {
    let mut sum = whole(0);
    amounts.into_iter().for_each(|amount| add_up(&mut sum, amount.borrow()));
    sum
}

/// A finite decimal in full (`17.5`); what has no finite decimal is rounded to 9 places.
pub fn exact(value: &Rational) -> String {
    if value.is_integer() {
        return value.numer().to_string();
    }
    for decimals in 0..=9 {
        let text = fixed_half_even(value, decimals);
        if parse_decimal(&text).as_ref() == Some(value) {
            return text;
        }
    }
    let long = (10..=120).find_map(|decimals| {
        let text = fixed_half_even(value, decimals);
        let read = text.replace('.', "").trim_start_matches('-').parse::<Integer>().ok()?;
        let read = Rational::from_integer(read) * ten_to(-i32::try_from(decimals).ok()?);
        (read == value.abs()).then_some(text)
    });
    long.unwrap_or_else(|| round_half_even(value, 9))
}

/// Seconds in a day; durations are kept in seconds.
pub const SECONDS_PER_DAY: u64 = 86_400;

/// US dollars with two decimals, rounded half to even.
pub fn dollars(amount: &Rational) -> String {
    fixed_half_even(amount, 2)
}

/// US dollars as people write them: whole where they are, else with two decimals, or with as many more as are asked
/// for and needed; a comma between thousands.
pub fn money(amount: &Rational, decimals: u32) -> String {
    let text = round_half_even(amount, decimals);
    let padded = match text.split_once('.') {
        Some((_, fraction)) if fraction.len() < 2 => text + "0",
        _ => text,
    };
    grouped(&padded)
}

/// A number with a comma between every three digits.
pub fn counted(number: impl std::fmt::Display) -> String {
    grouped(&number.to_string())
}

/// A number as text with a comma between thousands: `-1234.50` as `-1,234.50`.
pub fn grouped(number: &str) -> String {
    let (sign, rest) = match number.strip_prefix(['-', '+']) {
        Some(rest) => (number.split_at(1).0, rest),
        None => ("", number),
    };
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            groups.push(',');
        }
        groups.push(digit);
    }
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{groups}{fraction}")
}

/// What a number is over what, where both are small: nearly always.
pub fn small(number: &Rational) -> Option<(i64, u64)> {
    Some((number.numer().to_i64()?, number.denom().to_u64()?))
}

/// How two numbers stand; the same as [`Ord`], and quicker where both are small.
pub fn compare(a: &Rational, b: &Rational) -> Ordering {
    match (small(a), small(b)) {
        (Some(a), Some(b)) => compare_small(a, b),
        _ => a.cmp(b),
    }
}

/// The same of what [`small`] says of them.
pub fn compare_small((a, over_a): (i64, u64), (b, over_b): (i64, u64)) -> Ordering {
    (i128::from(a) * i128::from(over_b)).cmp(&(i128::from(b) * i128::from(over_a)))
}

/// Whether two numbers are the same; the same as [`Eq`], and quicker: they are reduced.
pub fn equal(a: &Rational, b: &Rational) -> bool {
    a.numer() == b.numer() && a.denom() == b.denom()
}

/// A whole number over another one that is not 0.
pub fn ratio(above: u64, below: u64) -> Rational {
    let common = greatest_common_divisor(above, below);
    Rational::new_raw(Integer::from(above / common), Integer::from(below / common))
}

/// A number so many times.
pub fn times(number: &Rational, by: u64) -> Rational {
    let Some((above, below)) = small(number) else { return number * whole(by) };
    let common = greatest_common_divisor(by, below);
    let above = i128::from(above) * i128::from(by / common);
    Rational::new_raw(Integer::from(above), Integer::from(below / common))
}

/// A number over a whole one that is not 0.
pub fn over(number: &Rational, by: u64) -> Rational {
    let Some((above, below)) = small(number) else { return number / whole(by) };
    let common = greatest_common_divisor(above.unsigned_abs(), by);
    let above = i128::from(above) / i128::from(common);
    Rational::new_raw(Integer::from(above), Integer::from(u128::from(below) * u128::from(by / common)))
}

/// The sum of two numbers; the same as `+`, and quicker where both are small.
fn plus(a: &Rational, b: &Rational) -> Option<Rational> {
    let parts = |number: &Rational| Some((number.numer().to_i128()?, number.denom().to_u64()?));
    let ((a, over_a), (b, over_b)) = (parts(a)?, parts(b)?);
    let common = greatest_common_divisor(over_a, over_b);
    let (a, b) = (a.checked_mul(i128::from(over_b / common))?, b.checked_mul(i128::from(over_a / common))?);
    let above = a.checked_add(b)?;
    let rest = u64::try_from(above.unsigned_abs() % u128::from(common)).ok()?;
    // What the sum and its denominator have in common is a part of what the denominators have in common.
    let twice = greatest_common_divisor(rest, common);
    let below = u128::from(over_a / twice) * u128::from(over_b / common);
    Some(Rational::new_raw(Integer::from(above / i128::from(twice)), Integer::from(below)))
}

/// In which percent of the time one of several things is up that fail each for itself, by the percents of each.
pub fn percent_of_any<'a>(each: impl Iterator<Item = &'a Rational> + Clone) -> Rational {
    small_percent_of_any(each.clone()).unwrap_or_else(|| {
        let down = each.fold(whole(1), |down, percent| down * (whole(1) - percent / whole(100)));
        (whole(1) - down) * whole(100)
    })
}

/// The same where all fit 128 bits: multiplied above and below, and reduced once.
fn small_percent_of_any<'a>(each: impl Iterator<Item = &'a Rational>) -> Option<Rational> {
    let (mut down, mut all) = (1i128, 1i128);
    for percent in each {
        let (above, below) = small(percent)?;
        let hundred = i128::from(below).checked_mul(100)?;
        down = down.checked_mul(hundred.checked_sub(i128::from(above))?)?;
        all = all.checked_mul(hundred)?;
    }
    let above = all.checked_sub(down)?.checked_mul(100)?;
    let common = i128::try_from(greatest_common_divisor(above.unsigned_abs(), all.unsigned_abs())).ok()?;
    Some(Rational::new_raw(Integer::from(above / common), Integer::from(all / common)))
}

/// A sum of products over another sum, reduced once: fractions that are reduced at every step spend their time in it.
/// Nothing where the lower sum is zero.
pub fn quotient_of_sums<const N: usize, const M: usize>(
    products: &[[&Rational; N]],
    over: [&Rational; M],
) -> Option<Rational> {
    let over = over.map(|one| [one]);
    small_quotient(products, &over).or_else(|| {
        let exact = |number: &Rational| Some((number.numer().clone(), number.denom().clone()));
        let (above, below) = (sum_of_products(products, exact)?, sum_of_products(&over, exact)?);
        let reduced = |(above, below): (Integer, Integer)| Rational::new(above, below);
        (!below.0.is_zero()).then(|| reduced(above) / reduced(below))
    })
}

/// The same of numbers that are not negative, as long as they fit 128 bits: nearly all do.
fn small_quotient<const N: usize>(products: &[[&Rational; N]], over: &[[&Rational; 1]]) -> Option<Rational> {
    let small = |number: &Rational| {
        Some((u128::from(number.numer().to_u64()?), u128::from(number.denom().to_u64()?)))
    };
    let (above, below) = (sum_of_products(products, small)?, sum_of_products(over, small)?);
    let (above, below) = (above.0.checked_mul(below.1)?, above.1.checked_mul(below.0)?);
    if below == 0 {
        return None;
    }
    let common = greatest_common_divisor(above, below);
    Some(Rational::new_raw(Integer::from(above / common), Integer::from(below / common)))
}

/// A sum of products as a fraction that is not reduced; nothing where a number is too large for its type.
fn sum_of_products<N: CheckedAdd + CheckedMul + Zero + One + PartialEq, const F: usize>(
    products: &[[&Rational; F]],
    parts: impl Fn(&Rational) -> Option<(N, N)>,
) -> Option<(N, N)> {
    let mut sum = (N::zero(), N::one());
    for factors in products {
        let mut product = (N::one(), N::one());
        for factor in factors {
            let (above, below) = parts(factor)?;
            product = (product.0.checked_mul(&above)?, product.1.checked_mul(&below)?);
        }
        sum = if sum.1 == product.1 {
            (sum.0.checked_add(&product.0)?, sum.1)
        } else {
            let (above, more) = (sum.0.checked_mul(&product.1)?, product.0.checked_mul(&sum.1)?);
            (above.checked_add(&more)?, sum.1.checked_mul(&product.1)?)
        };
    }
    Some(sum)
}

/// The value as an unsigned integer, if it is one.
pub fn to_whole(value: &Rational) -> Option<u64> {
    if value.is_integer() { value.to_integer().to_u64() } else { None }
}

/// The smallest integer not below the value; saturates at 2^53 − 1, the largest a table may hold.
pub fn ceil(value: &Rational) -> u64 {
    value.ceil().to_integer().to_u64().unwrap_or(MAX_WHOLE).min(MAX_WHOLE)
}

#[cfg(test)]
mod tests;
