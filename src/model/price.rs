//! What a model costs a use case: docs/language.md, "Blended cost".

use std::borrow::Cow;

use num_traits::Zero;

use super::{LongPrompt, Model, UseCase};
use crate::number::{ONE, Rational, over, quotient_of_sums, times, whole};

/// What a use case says of its cost beside the tokens of a month.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Usage {
    /// The share of its input that is read from a cache, 0 to 1.
    pub cached: Rational,
    /// The share of its tokens that stand in long prompts, 0 to 1, where stated.
    pub long_prompts: Option<Rational>,
    /// Input tokens of an average prompt, where known.
    pub prompt_tokens: Option<Rational>,
    /// It runs in batches.
    pub batch: bool,
}

/// The prices of a model, US dollars per 1M tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    /// US dollars for a million tokens of a prompt.
    pub input: Rational,
    /// US dollars for a million tokens of an answer.
    pub output: Rational,
    /// Input from the cache, where stated.
    pub cached_input: Option<Rational>,
    /// Long prompts, where stated.
    pub long_prompt: Option<LongPrompt>,
    /// Percent off every price for batch use cases, where stated.
    pub batch_discount: Option<Rational>,
}

impl Usage {
    /// The share of tokens that cost what `long_prompt` says, 0 to 1.
    pub fn long_share(&self, long_prompt: Option<&LongPrompt>) -> Rational {
        let Some(long) = long_prompt else { return whole(0) };
        let is_long = || self.prompt_tokens.as_ref().is_some_and(|tokens| *tokens > whole(long.above_tokens));
        self.long_prompts.clone().unwrap_or_else(|| whole(u64::from(is_long())))
    }
}

impl Prices {
    /// The mean price of 1M tokens, `input` and `output` of them in proportion, which are not both zero.
    pub fn blended(&self, usage: &Usage, tokens: (&Rational, &Rational)) -> Rational {
        let prices = Listed {
            input: &self.input,
            output: &self.output,
            cached_input: self.cached_input.as_ref(),
            long_prompt: self.long_prompt.as_ref(),
            batch_discount: self.batch_discount.as_ref(),
        };
        prices.blended(usage, tokens)
    }

    /// Cost of a month in US dollars, for so many input and output tokens.
    pub fn monthly(&self, usage: &Usage, (input, output): (u64, u64)) -> Rational {
        if input == 0 && output == 0 {
            return whole(0);
        }
        let all = input.checked_add(output);
        let (input, output) = (whole(input), whole(output));
        let blended = self.blended(usage, (&input, &output));
        match all {
            Some(all) => over(&times(&blended, all), 1_000_000),
            None => blended * (input + output) / whole(1_000_000),
        }
    }
}

/// The prices of a model where they stand.
struct Listed<'a> {
    input: &'a Rational,
    output: &'a Rational,
    cached_input: Option<&'a Rational>,
    long_prompt: Option<&'a LongPrompt>,
    batch_discount: Option<&'a Rational>,
}

impl Listed<'_> {
    /// Fresh input, cached input and output, of short prompts and of long ones: a share of the tokens, times a price.
    fn blended(&self, usage: &Usage, (input, output): (&Rational, &Rational)) -> Rational {
        let (cached, long) = (&usage.cached, usage.long_share(self.long_prompt));
        let (fresh, short) = (rest(cached), rest(&long));
        let paid = match self.batch_discount {
            Some(discount) if usage.batch => Cow::Owned((whole(100) - discount) / whole(100)),
            _ => Cow::Borrowed(&*ONE),
        };
        let of_short = (&*short, self.input, self.cached_input, self.output);
        let of_long = self.long_prompt.map(|of| (&long, &of.input, of.cached_input.as_ref(), &of.output));
        let mut products: Vec<[&Rational; 5]> = Vec::with_capacity(6);
        for (share, plain, from_cache, answer) in [Some(of_short), of_long].into_iter().flatten() {
            products.push([share, &paid, input, &fresh, plain]);
            products.push([share, &paid, input, cached, from_cache.unwrap_or(plain)]);
            products.push([share, &paid, output, &ONE, answer]);
        }
        products.retain(|factors| !factors.iter().any(|factor| factor.is_zero()));
        // Not both are zero.
        quotient_of_sums(&products, [input, output]).unwrap_or_default()
    }
}

/// What a share leaves.
fn rest(share: &Rational) -> Cow<'_, Rational> {
    if share.is_zero() { Cow::Borrowed(&*ONE) } else { Cow::Owned(&*ONE - share) }
}

impl Model {
    fn listed(&self) -> Listed<'_> {
        Listed {
            input: &self.input_cost,
            output: &self.output_cost,
            cached_input: self.cached_input_cost.as_ref(),
            long_prompt: self.long_prompt.as_ref(),
            batch_discount: self.batch_discount.as_ref(),
        }
    }

    /// What it charges, without the rest of the model.
    pub fn prices(&self) -> Prices {
        Prices {
            input: self.input_cost.clone(),
            output: self.output_cost.clone(),
            cached_input: self.cached_input_cost.clone(),
            long_prompt: self.long_prompt.clone(),
            batch_discount: self.batch_discount.clone(),
        }
    }
}

impl UseCase {
    /// Blended cost of a model for this use case, US dollars per 1M tokens.
    pub fn blended_cost(&self, model: &Model) -> Rational {
        model.listed().blended(&self.usage, (&self.blend.0, &self.blend.1))
    }
}
