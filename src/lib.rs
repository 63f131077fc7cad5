//! govctl: a compiler and checker for LLM routing, failover and budget policies.
//!
//! The modules stand in the order in which data flows. With `default-features = false` only [`table`] is built: the
//! loader and lookup that a gateway embeds.

#[cfg(feature = "cli")]
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod compile;
#[cfg(feature = "cli")]
pub mod decide;
#[cfg(feature = "cli")]
pub mod diag;
#[cfg(feature = "cli")]
pub mod diff;
#[cfg(feature = "cli")]
pub mod estate;
#[cfg(feature = "cli")]
pub mod explain;
#[cfg(feature = "cli")]
pub mod graph;
#[cfg(feature = "cli")]
pub mod limits;
#[cfg(feature = "cli")]
pub mod model;
#[cfg(feature = "cli")]
pub mod number;
#[cfg(feature = "cli")]
pub mod outages;
#[cfg(feature = "cli")]
pub mod registry;
#[cfg(feature = "cli")]
pub mod render;
#[cfg(feature = "cli")]
pub mod source;
#[cfg(feature = "cli")]
pub mod syntax;
pub mod table;
#[cfg(feature = "cli")]
pub mod testing;
#[cfg(feature = "cli")]
pub mod workspace;
#[cfg(feature = "cli")]
pub mod yaml;
