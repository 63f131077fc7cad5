//! What the estate should expect, from what was used: `expected_monthly` as YAML.

use std::collections::BTreeMap;

use super::report::Names;
use super::{Ledger, Sum};
use crate::decide::survey::Survey;
use crate::model::UseCase;
use crate::number::{fixed_half_even, to_whole, whole};
use crate::source::Span;

/// The use of a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The use case's name.
    pub use_case: String,
    /// Where it stands in the estate.
    pub span: Span,
    /// The value of `expected_monthly`.
    pub yaml: String,
    /// The value of `long_prompts`, where that should be another one: `12.5%`.
    pub long_prompts: Option<String>,
}

/// For each use case whose tokens are known in a month and are not what it expects.
pub fn suggestions(survey: &Survey<'_>, ledger: &Ledger, month: &str) -> Vec<Suggestion> {
    let names = Names::new(survey.world);
    let mut used: BTreeMap<&str, Sum> = BTreeMap::new();
    for (key, sum) in ledger.sums.iter().filter(|(key, _)| key.month == month) {
        if let Some(name) = key.use_case.as_deref().and_then(|stated| names.use_case(stated)) {
            used.entry(name).or_default().add(sum);
        }
    }
    let all = survey.world.use_cases.iter();
    let known: BTreeMap<&str, &UseCase> = all.map(|one| (one.name.value.as_str(), one)).collect();
    let suggestion = |(name, sum): (&str, Sum)| {
        let use_case = known.get(name)?;
        // Bills state tokens and no requests: what the estate says of them stays.
        let requests = match sum.requests {
            0 => use_case.requests,
            stated => Some(stated),
        };
        // So does what it says of caches, where no record does.
        let expected = cached(use_case);
        let cached = if sum.says_cached { sum.cached } else { expected.unwrap_or(0) }.min(sum.input);
        let is_same = (use_case.requests, use_case.tokens) == (requests, Some((sum.input, sum.output)))
            && expected == Some(cached);
        let is_known = sum.input > 0 || sum.output > 0;
        let long_prompts = long(use_case, &sum);
        (is_known && (!is_same || long_prompts.is_some())).then(|| Suggestion {
            use_case: name.to_owned(),
            span: use_case.name.span,
            yaml: yaml(&sum, requests, cached),
            long_prompts,
        })
    };
    used.into_iter().filter_map(suggestion).collect()
}

/// How many tokens of a use case are expected to come from a cache.
fn cached(use_case: &UseCase) -> Option<u64> {
    let (input, _) = use_case.tokens?;
    to_whole(&(&use_case.usage.cached * whole(input)).round())
}

/// The share of tokens in long prompts, where records say it and the estate takes it to be another one: where it states
/// none, by the average prompt, which is right where all prompts were long or none was.
fn long(use_case: &UseCase, sum: &Sum) -> Option<String> {
    if sum.measured == 0 {
        return None;
    }
    let percent = fixed_half_even(&(whole(sum.long) * whole(100) / whole(sum.measured)), 1);
    let text = format!("{}%", percent.strip_suffix(".0").unwrap_or(&percent));
    let stated = use_case.usage.long_prompts.as_ref();
    let stated = stated.map(|share| fixed_half_even(&(share * whole(100)), 1));
    // Where only some were measured, others pull the average down.
    let are_all = sum.measured == sum.input.saturating_add(sum.output);
    let is_average = sum.long == 0 || sum.long == sum.measured && are_all;
    let is_same = stated.map_or(is_average, |stated| stated == percent);
    (!is_same).then_some(text)
}

fn yaml(sum: &Sum, requests: Option<u64>, cached: u64) -> String {
    let cached = if cached == 0 { String::new() } else { format!(", cached_input_tokens: {cached}") };
    let requests = requests.map(|requests| format!("requests: {requests}, ")).unwrap_or_default();
    format!("{{{requests}input_tokens: {}, output_tokens: {}{cached}}}", sum.input, sum.output)
}
