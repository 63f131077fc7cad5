//! The decision table: the format, the loader and the lookup that a gateway embeds.
//!
//! A package of its own: no parser, no terminal, no graph library.
//! A table is data in the form of [`format::Table`], which `compile` fills and [`format::Table::to_canonical_json`]
//! writes; [`DecisionTable::from_slice`] checks and indexes it; [`DecisionTable::decide`] looks up.

mod answer;
mod canonical;
mod day;
mod decimal;
mod error;
mod faults;
pub mod format;
mod hash;
mod index;
mod limits;
mod live;
mod load;
mod lookup;
mod metadata;
mod names;
mod perfect;
mod place;
mod prepared;
mod quick;
mod scan;
pub mod signature;
#[cfg(test)]
mod tests;
mod use_cases;
pub mod vocabulary;
mod walk;
mod words;

pub use answer::{Decision, Outcome, Path, Target};
pub use canonical::{canonical_json, sha256_hex};
pub use error::{LoadError, Refusal};
pub use format::Trigger;
pub use live::Live;
pub use load::{DecisionTable, LoadOptions};
pub use lookup::{NotUnderstood, Request};
pub use metadata::Down;
pub use prepared::{Prepared, UseCaseKey, Value};
pub use signature::{KeyError, TrustedKey};
pub use walk::{Context, Contexts, Position, following, strides};
