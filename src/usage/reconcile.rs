//! The gateway's spending beside the provider's bill.

use std::collections::BTreeMap;

use super::Ledger;
use crate::event::Nanos;

/// What two ledgers say of one provider in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// `YYYY-MM`.
    pub month: String,
    /// As the ledgers name it; none: not stated.
    pub provider: Option<String>,
    /// By the gateway's logs.
    pub gateway: Nanos,
    /// By the bill.
    pub bill: Nanos,
}

/// Every provider and month that the bill has, and those of the gateway in these months.
pub fn pairs(gateway: &Ledger, bill: &Ledger) -> Vec<Pair> {
    let months = bill.months();
    let mut pairs: BTreeMap<(String, Option<String>), (Nanos, Nanos)> = BTreeMap::new();
    for (key, sum) in &bill.sums {
        pairs.entry((key.month.clone(), folded(key.provider.as_deref()))).or_default().1 += sum.usd;
    }
    for (key, sum) in gateway.sums.iter().filter(|(key, _)| months.contains(&key.month.as_str())) {
        pairs.entry((key.month.clone(), folded(key.provider.as_deref()))).or_default().0 += sum.usd;
    }
    let pair = |((month, provider), (gateway, bill))| Pair { month, provider, gateway, bill };
    pairs.into_iter().map(pair).collect()
}

/// `OpenAI` on the bill is `openai` in the log.
fn folded(provider: Option<&str>) -> Option<String> {
    provider.map(str::to_lowercase)
}
