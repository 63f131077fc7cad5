//! Text that nobody means well with.
