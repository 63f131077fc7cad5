//! The `govctl` program.
fn main() {}
