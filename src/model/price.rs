//! What a model costs a use case: docs/language.md, "Blended cost".

use super::{LongPrompt, Model, UseCase};
use crate::number::{Rational, whole};

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
    /// Input.
    pub input: Rational,
    /// Output.
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
    pub fn blended(&self, usage: &Usage, (input, output): (&Rational, &Rational)) -> Rational {
        let one = || whole(1);
        let (cached, long) = (&usage.cached, usage.long_share(self.long_prompt.as_ref()));
        let mixed = |plain: &Rational, cache: Option<&Rational>| {
            (one() - cached) * plain + cached * cache.unwrap_or(plain)
        };
        let mut of_input = mixed(&self.input, self.cached_input.as_ref());
        let mut of_output = self.output.clone();
        if let Some(prices) = &self.long_prompt {
            let long_input = mixed(&prices.input, prices.cached_input.as_ref());
            of_input = (one() - &long) * of_input + &long * long_input;
            of_output = (one() - &long) * of_output + &long * &prices.output;
        }
        let cost = (of_input * input + of_output * output) / (input + output);
        match &self.batch_discount {
            Some(discount) if usage.batch => cost * (whole(100) - discount) / whole(100),
            _ => cost,
        }
    }

    /// Cost of a month in US dollars, for so many input and output tokens.
    pub fn monthly(&self, usage: &Usage, (input, output): (u64, u64)) -> Rational {
        if input == 0 && output == 0 {
            return whole(0);
        }
        let (input, output) = (whole(input), whole(output));
        self.blended(usage, (&input, &output)) * (input + output) / whole(1_000_000)
    }
}

impl Model {
    /// Its prices.
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
        model.prices().blended(&self.usage, (&self.blend.0, &self.blend.1))
    }
}
