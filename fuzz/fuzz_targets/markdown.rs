//! `cargo +nightly fuzz run --dev -s none markdown`: see `fuzz/bodies.rs`.

#![no_main]

#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::markdown(data));
