//! What the tokens of an event cost, exact to a billionth of a dollar.

use super::{Event, Field, Nanos, Prompts, money};

/// The prices of a model, in billionths of a dollar per million tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Price {
    plain: Rates,
    long: Option<(u64, Rates)>,
    /// Off every price of a batch, in billionths of a percent.
    batch_discount: Option<Nanos>,
}

/// What a million tokens cost, in billionths of a dollar.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    /// Of tokens of the prompt.
    pub input: Nanos,
    /// Input from a cache.
    pub cached: Nanos,
    /// Of tokens of the answer.
    pub output: Nanos,
}

/// A hundred percent.
const WHOLE: Nanos = 100 * money::DOLLAR;
/// Where a provider charges for writing to a cache, a token costs up to so many times its price.
const WRITING: Nanos = 2;
/// Prices are of so many tokens.
const MILLION: Nanos = 1_000_000;

/// What an event costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The ordinary cost, or that of a batch where the event says it is one.
    pub usual: Nanos,
    /// What it costs instead if it was a batch, which neither the event nor its use case says.
    pub batch: Option<Nanos>,
    /// Some of what it used has a price that is not known, so that no amount can be held against the cost.
    pub is_open: bool,
    /// Of such a cost the most that it can be, where that is known: what came from a cache costs less, and what went to one
    /// more.
    pub most: Option<Nanos>,
    /// It adds up requests of which some may have had a long prompt, at another price.
    pub is_guess: bool,
}

impl Cost {
    /// How far an amount is from it; 0 where it is one of the two, or no more than the most.
    pub fn off(&self, stated: Nanos) -> Nanos {
        if let Some(most) = self.most {
            return (stated - most).max(0);
        }
        let usual = (stated - self.usual).abs();
        self.batch.map_or(usual, |batch| usual.min((stated - batch).abs()))
    }
}

impl Price {
    /// Of ordinary prompts; of those of more than so many input tokens, where they cost otherwise; and off every price of
    /// a batch, in billionths of a percent.
    pub fn new(plain: Rates, long: Option<(u64, Rates)>, batch_discount: Option<Nanos>) -> Self {
        Self { plain, long, batch_discount }
    }

    /// The cost of an event; none where it does not state its tokens. Where it does not say whether it was a batch, its use
    /// case may.
    pub fn cost(&self, event: &Event<'_>, of_use_case: impl FnOnce() -> Option<bool>) -> Option<Cost> {
        let (input, output) = (event.input_tokens()?, event.count(Field::OutputTokens)?);
        let cached = event.count(Field::CachedTokens).unwrap_or(0);
        let (is_long, is_guess) = self.length(event, input);
        let rates = self.long.filter(|_| is_long).map_or(self.plain, |(_, rates)| rates);
        let times = |tokens: u64, rate: Nanos| i128::from(tokens).saturating_mul(rate);
        let sum = times(input - cached, rates.input)
            .saturating_add(times(cached, rates.cached))
            .saturating_add(times(output, rates.output));
        let full = || money::divided(sum, MILLION);
        // Rounded once.
        let reduced = |discount: Nanos| money::divided(sum.saturating_mul(WHOLE - discount), MILLION * WHOLE);
        let is_batch = || event.text(Field::Workload).map(|said| said == "batch").or_else(of_use_case);
        let (usual, batch) = match self.batch_discount.map(|discount| (discount, is_batch())) {
            Some((discount, Some(true))) => (reduced(discount), None),
            Some((discount, None)) => (full(), Some(reduced(discount))),
            Some((_, Some(false))) | None => (full(), None),
        };
        let is_cache_open = event.is_cache_unsaid() && rates.cached != rates.input && input > 0;
        let has_other_price = has_other_price(event);
        let writing = || money::divided(times(input, rates.input.saturating_mul(WRITING - 1)), MILLION);
        let most = (is_cache_open && !has_other_price && !is_guess).then(|| usual.saturating_add(writing()));
        Some(Cost { usual, batch, is_open: is_cache_open || has_other_price, most, is_guess })
    }

    /// Whether an event's prompts were long; none where long ones do not cost otherwise, and where that is a guess.
    pub fn is_long(&self, event: &Event<'_>) -> Option<bool> {
        self.long?;
        let (is_long, is_guess) = self.length(event, event.input_tokens()?);
        (!is_guess).then_some(is_long)
    }

    /// Whether the prompts were long, and whether that is a guess: requests that are added up are told by their mean, and
    /// where nobody says how many they are, by what the record says of their prompts.
    fn length(&self, event: &Event<'_>, input: u64) -> (bool, bool) {
        let Some((above, _)) = self.long else { return (false, false) };
        match (event.prompts(), event.requests()) {
            _ if input <= above => (false, false),
            (Some(Prompts::Said { above: least, .. }), _) if least >= above => (true, false),
            (Some(Prompts::Said { up_to: Some(most), .. }), _) if most <= above => (false, false),
            (Some(_), _) => (false, true),
            (None, 0 | 1) => (true, false),
            (None, many) => (input / many > above, true),
        }
    }
}

/// Whether some of it is priced in a way that registries do not state: writing to a cache, another tier.
fn has_other_price(event: &Event<'_>) -> bool {
    const ORDINARY: [&str; 4] = ["standard", "default", "auto", "batch"];
    let is_other = |tier: &str| !ORDINARY.iter().any(|one| tier.eq_ignore_ascii_case(one));
    event.count(Field::CacheWriteTokens).is_some_and(|tokens| tokens > 0)
        || event.text(Field::Tier).is_some_and(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Value;

    fn event(input: u64, output: u64) -> Event<'static> {
        let mut event = Event::default();
        event.set(Field::InputTokens, Value::Count(input));
        event.set(Field::OutputTokens, Value::Count(output));
        event
    }

    fn price(input: Nanos, discount: Option<Nanos>) -> Price {
        Price::new(Rates { input, cached: input, output: input }, None, discount)
    }

    #[test]
    fn a_cost_is_rounded_once_and_half_to_even() {
        let cost =
            |price: &Price, tokens: u64| price.cost(&event(tokens, 0), || Some(true)).map(|cost| cost.usual);
        // A half of a billionth a token.
        let plain = price(500_000, None);
        assert_eq!([1, 3, 5].map(|tokens| cost(&plain, tokens)), [Some(0), Some(2), Some(2)]);
        // Half of 1.25 is 0.625; rounded twice it would be half of 1, which is even at 0.
        let half = price(250_000, Some(50 * money::DOLLAR));
        assert_eq!([5, 12, 20].map(|tokens| cost(&half, tokens)), [Some(1), Some(2), Some(2)]);
    }

    #[test]
    fn a_batch_is_one_where_the_event_says_so_else_where_its_use_case_does() {
        let price = price(1_000_000, Some(50 * money::DOLLAR));
        let costs = |workload: Option<&'static str>, of_use_case: Option<bool>| {
            let mut event = event(100, 0);
            if let Some(said) = workload {
                event.set(Field::Workload, Value::Text(said.into()));
            }
            price.cost(&event, || of_use_case).map(|cost| (cost.usual, cost.batch))
        };
        assert_eq!(costs(Some("batch"), Some(false)), Some((50, None)));
        assert_eq!(costs(Some("interactive"), Some(true)), Some((100, None)));
        assert_eq!(costs(None, Some(true)), Some((50, None)));
        assert_eq!(costs(None, Some(false)), Some((100, None)));
        assert_eq!(costs(None, None), Some((100, Some(50))));
    }
}
