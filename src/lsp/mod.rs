//! What an editor asks of a workspace: pure functions from what is written and decided, and a place in a file, to answers in
//! the words of the Language Server Protocol.
//!
//! [`View`] is one reading of the workspace with everything that a check gives. [`Seen`] is the newest view and, while that
//! one cannot be decided because somebody is in the middle of a word, the last that could: names and places are then
//! taken from the newest, facts and decisions from the last good one. One file a capability.

pub mod actions;
pub mod completion;
mod completion_conditions;
mod completion_names;
mod completion_policies;
pub mod diagnostics;
pub mod format;
pub mod go;
mod held;
mod held_decisions;
pub mod hints;
pub mod hover;
mod hover_names;
mod hover_without;
mod index;
mod index_config;
mod index_policies;
mod index_yaml;
mod keywords;
pub mod lens;
mod operands;
pub mod outline;
mod provider_id;
pub mod rename;
mod rename_places;
mod rename_unread;
pub mod text;
pub mod tokens;
mod view;
mod words;
mod yaml_keys;
mod yaml_lists;

pub use held::held;
pub use index::{Index, Kind, Occurrence, Symbol};
pub use view::{Memory, Seen, View};
