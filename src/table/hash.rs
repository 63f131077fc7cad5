//! The hash of use-case names: fixed, fast, and seeded by the table's digest.
//!
//! Requests only look up, so whoever sends hostile names makes no chain longer. Whoever writes a table cannot prepare
//! names that collide: changing one changes the digest, and so the seed.

use std::hash::{BuildHasher, Hasher};

/// Makes hashers for one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed(u64, u64);

impl Seed {
    /// The seed of a table with this digest.
    pub(super) fn of(digest: &str) -> Self {
        let mut halves = digest.trim_start_matches("sha256:").as_bytes().chunks(16).map(hexadecimal);
        let mut half = || halves.next().unwrap_or(0) | 1;
        Self(half(), half())
    }
}

fn hexadecimal(digits: &[u8]) -> u64 {
    std::str::from_utf8(digits).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded { state: self.0, factor: self.1 }
    }
}

/// Eight bytes at a time: one multiplication, its halves folded together.
#[derive(Debug)]
pub(super) struct Folded {
    state: u64,
    factor: u64,
}

impl Folded {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word).wrapping_mul(u128::from(self.factor));
        let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(product >> 64).unwrap_or(0);
        self.state = low ^ high;
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        // The length tells texts apart that differ in zeros at their end.
        self.fold(u64::from_le_bytes(last) ^ (bytes.len() as u64).rotate_left(32));
    }

    /// The end of a text; its length has said as much.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.state
    }
}
