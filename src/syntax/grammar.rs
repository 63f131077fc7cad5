//! The parser that pest makes from `grammar/gov.pest`; its rules are the kinds of nodes and tokens.

pub(super) use generated::{GovParser, Rule};

use crate::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger,
};

/// A node of the concrete syntax.
pub(super) type Pair<'i> = pest::iterators::Pair<'i, Rule>;

mod generated {
    /// Reads policy text by the rules of the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/gov.pest"]
    pub(in crate::syntax) struct GovParser;
}

const GRAMMAR: &[u8] = include_bytes!("../../grammar/gov.pest");

/// Stops the build where the words of a rule are not those of its vocabulary, in its order.
macro_rules! same_words {
    ($($rule:literal $vocabulary:ident)*) => {
        $(const _: () = assert!(
            lists(concat!("\n", $rule, " = ").as_bytes(), $vocabulary::NAMES),
            concat!("grammar/gov.pest: `", $rule, "` lists other words than `", stringify!($vocabulary), "`"),
        );)*
    };
}

same_words! {
    "tier_word" Tier
    "trigger" Trigger
    "aspect" Aspect
    "dimension" Dimension
    "period" Period
    "mode" Mode
    "quota_unit" QuotaUnit
    "quota_period" QuotaPeriod
    "terminal_kind" TerminalKind
}

/// Whether what stands in quotes between the head of a rule and its `}` are some words.
const fn lists(head: &[u8], words: &[&str]) -> bool {
    let mut rest = GRAMMAR;
    while !starts_with(rest, head) {
        let Some((_, after)) = rest.split_first() else { return false };
        rest = after;
    }
    let mut words = words;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'}' {
            return words.is_empty();
        }
        if *first == b'"' {
            let Some((word, more)) = words.split_first() else { return false };
            if !starts_with(rest, word.as_bytes()) {
                return false;
            }
            rest = rest.split_at(word.len()).1;
            let Some((b'"', after)) = rest.split_first() else { return false };
            rest = after;
            words = more;
        }
    }
    false
}

const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    let (mut text, mut start) = (text, start);
    while let Some((wanted, later)) = start.split_first() {
        let Some((found, rest)) = text.split_first() else { return false };
        if *found != *wanted {
            return false;
        }
        (text, start) = (rest, later);
    }
    true
}
