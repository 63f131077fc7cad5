//! Decimals of any length, compared by their digits: exact, and nothing is allocated.

use std::cmp::Ordering;

/// Whether a text is a decimal in its one form: no needless zeros, at most so many decimals.
pub(super) fn is_decimal(text: &str, max_decimals: usize) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return false,
        Some(parts) => parts,
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let lean = (whole == "0" || !whole.starts_with('0')) && !fraction.ends_with('0');
    !whole.is_empty() && digits(whole) && digits(fraction) && lean && fraction.len() <= max_decimals
}

/// Whether a text is a percent in its one form, such as `80%` or `12.5%`.
pub(super) fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|number| is_decimal(number, usize::MAX))
}

/// Compares two percents in their one form.
pub(super) fn compare_percents(a: &str, b: &str) -> Ordering {
    let parts = |text| {
        let (whole, fraction) = split(text);
        (whole.len(), whole, fraction)
    };
    parts(a).cmp(&parts(b))
}

fn split(percent: &str) -> (&str, &str) {
    let number = percent.trim_end_matches('%');
    number.split_once('.').unwrap_or((number, ""))
}

/// A share of 0% to 100%, exact to every decimal; it borrows its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Share<'a> {
    whole: u8,
    /// Without zeros at the end, so that the order of the digits is the order of the numbers.
    fraction: &'a [u8],
}

impl<'a> Share<'a> {
    /// 100%: nothing is spent.
    pub(super) const ALL: Share<'static> = Share { whole: 100, fraction: &[] };
    /// Nothing of it.
    const NONE: Share<'static> = Share { whole: 0, fraction: &[] };

    /// A whole percent of at most 100.
    pub(super) fn whole(percent: u8) -> Self {
        Self { whole: percent, fraction: &[] }
    }

    /// The percent if it is whole.
    pub(super) fn as_whole(self) -> Option<u8> {
        self.fraction.is_empty().then_some(self.whole)
    }

    /// Reads a percent such as `15`, `12.5` or `12.5%`; what lies outside 0 to 100 is clamped.
    #[inline]
    pub(super) fn clamped(text: &'a str) -> Option<Self> {
        match *text.as_bytes() {
            // Almost all are whole and short.
            [a @ b'0'..=b'9', b @ b'0'..=b'9'] | [a @ b'0'..=b'9', b @ b'0'..=b'9', b'%'] => {
                Some(Self::whole((a - b'0') * 10 + (b - b'0')))
            }
            [a @ b'0'..=b'9'] | [a @ b'0'..=b'9', b'%'] => Some(Self::whole(a - b'0')),
            [b'1', b'0', b'0'] => Some(Self::ALL),
            _ => Self::any(text),
        }
    }

    #[inline(never)]
    fn any(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            all => (false, all),
        };
        let digits = digits.strip_suffix(b"%").unwrap_or(digits);
        let mut whole = 0u8;
        let mut rest = digits;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            whole = whole.saturating_mul(10).saturating_add(digit - b'0');
            rest = after;
        }
        let fraction = match rest {
            _ if rest.len() == digits.len() => return None,
            [] => &[],
            [b'.', fraction @ ..] if !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit) => {
                fraction
            }
            _ => return None,
        };
        Some(match whole {
            _ if negative => Self::NONE,
            100.. => Self::ALL,
            _ => Self { whole, fraction: without_zeros(fraction) },
        })
    }
}

fn without_zeros(mut fraction: &[u8]) -> &[u8] {
    while let [rest @ .., b'0'] = fraction {
        fraction = rest;
    }
    fraction
}

/// A condition on `budget.remaining` such as `<20%` or `<=12.5%`, ordered by how much satisfies it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    whole: u8,
    fraction: Box<[u8]>,
    /// `<=` rather than `<`.
    inclusive: bool,
}

impl Cut {
    /// Reads a condition that some shares satisfy and some do not, in its one form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('<')?;
        let (inclusive, percent) = rest.strip_prefix('=').map_or((false, rest), |rest| (true, rest));
        let hundred = compare_percents(percent, "100%");
        let splits = hundred == Ordering::Less || (hundred == Ordering::Equal && !inclusive);
        if !is_percent(percent) || !splits || text == "<0%" {
            return None;
        }
        let share = Share::clamped(percent)?;
        Some(Self { whole: share.whole, fraction: share.fraction.into(), inclusive })
    }

    /// Whether a share satisfies it.
    pub(super) fn holds(&self, share: Share) -> bool {
        // Mostly the whole parts tell, and then nothing branches.
        if share.whole != self.whole {
            return share.whole < self.whole;
        }
        match share.fraction.cmp(&self.fraction) {
            Ordering::Less => true,
            Ordering::Equal => self.inclusive,
            Ordering::Greater => false,
        }
    }
}
