//! What the estate should expect, from what was used: `expected_monthly` as YAML.

use std::collections::BTreeMap;

use super::report::Names;
use super::{Ledger, Sum};
use crate::cost::forecast::Forecast;
use crate::decide::survey::Survey;

/// The use of a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The use case's name.
    pub use_case: String,
    /// The value of `expected_monthly`.
    pub yaml: String,
}

/// For each use case whose tokens are known in a month and are not what it expects.
pub fn suggestions(
    survey: &Survey<'_>,
    forecast: &Forecast,
    ledger: &Ledger,
    month: &str,
) -> Vec<Suggestion> {
    let names = Names::new(survey.world, forecast);
    let mut used: BTreeMap<&str, Sum> = BTreeMap::new();
    for (key, sum) in ledger.sums.iter().filter(|(key, _)| key.month == month) {
        if let Some(name) = key.use_case.as_deref().and_then(|stated| names.use_case(stated)) {
            used.entry(name).or_default().add(sum);
        }
    }
    let expected = |name: &str| {
        let use_case = survey.world.use_cases.iter().find(|use_case| use_case.name.value == name)?;
        Some((use_case.requests, use_case.tokens))
    };
    let suggestion = |(name, sum): (&str, Sum)| {
        let known = expected(name);
        // Bills state tokens and no requests: what the estate says of them stays.
        let requests = match sum.requests {
            0 => known.and_then(|(requests, _)| requests),
            stated => Some(stated),
        };
        let is_same = known == Some((requests, Some((sum.input, sum.output))));
        let is_known = sum.input > 0 || sum.output > 0;
        (is_known && !is_same).then(|| Suggestion { use_case: name.to_owned(), yaml: yaml(&sum, requests) })
    };
    used.into_iter().filter_map(suggestion).collect()
}

fn yaml(sum: &Sum, requests: Option<u64>) -> String {
    let cached = match sum.cached.min(sum.input) {
        0 => String::new(),
        cached => format!(", cached_input_tokens: {cached}"),
    };
    let requests = requests.map(|requests| format!("requests: {requests}, ")).unwrap_or_default();
    format!("{{{requests}input_tokens: {}, output_tokens: {}{cached}}}", sum.input, sum.output)
}
