//! Reading a workspace: the only reader of a folder, of a git revision and of `govctl.yaml`.
//!
//! Everything that is read may be anyone's. A folder is read from itself alone, a revision from the object store alone,
//! and both by the same rules: no link that leads out, no file that is not a regular one, nothing past a limit.

pub mod alike;
pub mod attributes;
pub mod file;
mod folder;
pub mod git;
mod missing;
mod near;
pub mod objects;
mod overlay;
mod reader;
pub mod repository;
mod tree;

pub use folder::{is_workspace, load, load_over, load_policies};
pub use near::{folders, names};
pub use overlay::Texts;
pub use reader::{CONFIG, Config, LintLevel, Loaded, inside};
