//! govctl: a compiler and checker for LLM routing, failover and budget policies.
//!
//! [`table`] is a package of its own, `govctl-table`: the loader and lookup that a gateway embeds.

pub mod audit;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod compile;
pub mod cost;
pub mod decide;
pub mod diag;
pub mod diff;
pub mod estate;
pub mod event;
pub mod explain;
pub mod export;
pub mod graph;
pub mod import;
pub mod limits;
pub mod load;
pub mod model;
pub mod number;
pub mod outages;
pub mod registry;
pub mod render;
pub mod source;
pub mod syntax;
pub mod testing;
pub mod vectors;
pub mod workspace;
pub mod yaml;

pub use govctl_table as table;
