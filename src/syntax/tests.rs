//! Tests of the parser; most are data in `tests/cases/syntax`.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod editors;
mod hostile;
mod tree;
