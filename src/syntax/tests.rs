//! Tests of the parser; most are data in `tests/cases/syntax`.

mod cases;
mod hostile;
mod tree;
