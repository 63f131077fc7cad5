//! The decision table: the format, the loader and the lookup that a gateway embeds.
//!
//! Builds alone with `default-features = false`: no parser, no terminal, no graph library.
//!
//! ```
//! use govctl::table::{DecisionTable, LoadOptions, Request};
//!
//! # fn main() -> Result<(), govctl::table::LoadError> {
//! let bytes = include_bytes!("example.table.json");
//! let table = DecisionTable::from_slice(bytes, &LoadOptions::at("2026-11-21"))?;
//! let decision = table.decide(&Request::of("support.reply"));
//! assert_eq!(decision.targets().primary().map(|target| target.model().id.as_str()), Some("anthropic/claude-3-5-sonnet"));
//! # Ok(())
//! # }
//! ```

mod canonical;
mod error;
mod faults;
pub mod format;
mod load;
mod lookup;

pub use canonical::{canonical_json, sha256_hex};
pub use error::LoadError;
pub use load::{DecisionTable, LoadOptions};
pub use lookup::{Decision, Outcome, Request, Target, Targets};
