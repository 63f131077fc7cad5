//! The gateway's spending beside the provider's bill.

use std::collections::BTreeMap;

use super::report::{Names, exceeds};
use super::{Ledger, SpendingGroup};
use crate::cost::forecast::By;
use crate::decide::survey::Survey;
use crate::event::Nanos;
use crate::number::Rational;

/// What two ledgers say of one provider in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// `YYYY-MM`.
    pub month: String,
    /// As we name it, else as the ledgers do in small letters; none: not stated.
    pub provider: Option<String>,
    /// By the gateway's logs.
    pub gateway: Nanos,
    /// By the bill.
    pub bill: Nanos,
    /// They are further apart than is borne. What is on no bill is held against none: it may have another.
    pub is_off: bool,
}

/// Every provider and month that the bill has, and those of the gateway in these months. A provider is told as everywhere:
/// by the model, else by what it is called. `most` is how many percent of the bill they may be apart.
pub fn pairs(survey: &Survey<'_>, (gateway, bill): (&Ledger, &Ledger), most: &Rational) -> Vec<Pair> {
    if bill.sums.is_empty() {
        return Vec::new();
    }
    let (names, months) = (Names::new(survey.world), bill.months());
    let place = |key: &SpendingGroup| {
        let provider = names.value(key, By::Provider);
        let ours = provider.map(|name| if names.is_ours(&name) { name } else { name.to_lowercase() });
        (key.month.clone(), ours)
    };
    let mut pairs: BTreeMap<(String, Option<String>), (Nanos, Option<Nanos>)> = BTreeMap::new();
    for (key, sum) in &bill.sums {
        *pairs.entry(place(key)).or_default().1.get_or_insert(0) += sum.usd;
    }
    for (key, sum) in gateway.sums.iter().filter(|(key, _)| months.contains(&key.month.as_str())) {
        pairs.entry(place(key)).or_default().0 += sum.usd;
    }
    let pair = |((month, provider), (gateway, bill)): ((String, Option<String>), (Nanos, Option<Nanos>))| {
        // A charge and its credit are on the bill too, though nothing is left of them.
        let is_off = bill.is_some_and(|bill| exceeds(gateway - bill, bill, most));
        Pair { month, provider, gateway, bill: bill.unwrap_or_default(), is_off }
    };
    pairs.into_iter().map(pair).collect()
}
