//! Steps of work: counted where a loop does not allocate, so that tests see how it grows without measuring time.

use std::sync::atomic::{AtomicU64, Ordering};

static STEPS: AtomicU64 = AtomicU64::new(0);

/// Counts one step; nothing where the program is built for use.
pub fn step() {
    if cfg!(debug_assertions) {
        STEPS.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many steps all threads have counted.
pub fn steps() -> u64 {
    STEPS.load(Ordering::Relaxed)
}
