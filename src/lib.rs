//! govctl: a compiler and checker for LLM routing, failover and budget policies.
//!
//! [`table`] is a package of its own, `govctl-table`: the loader and lookup that a gateway embeds.

pub mod limits;
pub mod vocabulary;
pub mod work;
pub mod invariant;
pub mod number;
pub mod source;
pub mod diag;
pub mod syntax;
pub mod yaml;
pub mod load;
pub mod registry;
pub mod estate;
pub mod model;
pub mod decide;
pub mod cost;
pub mod explain;
pub mod testing;
pub mod check;
pub mod workspace;
pub mod fix;
pub mod compile;
pub mod vectors;
pub mod export;
pub mod accepted;
pub mod diff;
pub mod outages;
pub mod who;
pub mod graph;
pub mod event;
pub mod audit;
pub mod usage;
pub mod catalogue;
pub mod import;
pub mod scan;
pub mod render;
pub mod lsp;
pub mod review;
pub mod cli;

pub use govctl_table as table;
