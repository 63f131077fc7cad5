//! Expected money: what use cases cost, and what they spend against limits.

pub mod forecast;
mod spending;
mod sums;

pub use spending::{Spending, Which, a_month, has_forecast};
pub use sums::{Exceeded, Sum};

use crate::model::{Model, Period, UseCase};
use crate::number::{Rational, money, whole};

/// Expected cost of a use case on a model, US dollars a month; nothing where no tokens are stated.
pub fn monthly(use_case: &UseCase, model: &Model) -> Rational {
    use_case.tokens.map_or_else(|| whole(0), |tokens| model.prices().monthly(&use_case.usage, tokens))
}

/// Two amounts with enough decimals to tell them apart.
pub fn both(a: &Rational, b: &Rational) -> (String, String) {
    let text = |decimals| (money(a, decimals), money(b, decimals));
    (2..9).map(text).find(|(a, b)| a != b).unwrap_or_else(|| text(9))
}

/// The words of a period.
pub fn per(period: Period) -> &'static str {
    match period {
        Period::Day => "a day",
        Period::Week => "a week",
        Period::Month => "a month",
        Period::Quarter => "a quarter",
        Period::Year => "a year",
    }
}
