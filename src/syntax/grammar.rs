//! The parser that pest makes from `grammar/gov.pest`; its rules are the kinds of nodes and tokens.

pub(super) use generated::{GovParser, Rule};

/// A node of the concrete syntax.
pub(super) type Pair<'i> = pest::iterators::Pair<'i, Rule>;

mod generated {
    /// Reads policy text by the rules of the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/gov.pest"]
    pub(in crate::syntax) struct GovParser;
}
