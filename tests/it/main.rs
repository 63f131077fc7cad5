//! Everything that is tested from outside: one program, so that it is linked once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    reason = "helpers of tests stop at the first thing amiss, as tests do"
)]

mod all;
mod bundle;
mod cases;
mod command_line;
mod diff;
mod diff_git;
mod diff_history;
mod diff_properties;
mod documents;
mod findings;
mod help;
mod hostile;
mod layers;
mod properties;
mod schemas;
mod watch;
