//! Policy text to tree. Never fails: what does not parse becomes findings, the statements around it stay.
//!
//! [`parse`] bounds the text first (`bounds`), then reads one statement after another with the grammar
//! of `grammar/gov.pest` (`reader`). A statement that parses is turned into the tree (`lower`) and
//! looked at for clauses that repeat or lack (`shape`). For one that does not, `message` says what was
//! expected, `help` what to do, and `recover` finds the place where the next one begins.
//!
//! [`format`](format()) goes the other way: tree and comments to canonical text.

pub mod ahead;
mod bounds;
mod foreign;
mod format;
mod grammar;
mod help;
mod label;
mod literal;
mod lower;
mod mend;
mod message;
mod reader;
mod recover;
pub mod scan;
mod shape;
pub mod tree;
mod unsaid;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use format::format;
pub use reader::parse;
