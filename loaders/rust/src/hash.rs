//! The hash of use-case names: fixed, fast, and seeded by the table's digest.
//!
//! Requests only look up, so whoever sends hostile names makes no chain longer. And whoever writes a table cannot
//! prepare names that collide: changing one changes the digest, and so the seed.

use std::hash::{BuildHasher, Hasher};

use super::names::word;

/// Makes hashers for one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed {
    state: u64,
    factor: u64,
}

impl Seed {
    /// The seed of a table with this digest.
    pub(super) fn of(digest: &str) -> Self {
        let digits = digest.trim_start_matches("sha256:");
        let number = |digits: Option<&str>| digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        Self {
            state: number(digits.get(..16)).unwrap_or_default(),
            factor: number(digits.get(16..32)).unwrap_or_default(),
        }
    }
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded(*self)
    }
}

/// Sixteen bytes at a time: one multiplication, its halves folded together.
#[derive(Debug)]
pub(super) struct Folded(Seed);

impl Folded {
    fn fold(&mut self, bytes: &[u8]) {
        let word = word(bytes);
        let product =
            u128::from(self.0.state ^ high(word)).wrapping_mul(u128::from(self.0.factor ^ low(word)));
        self.0.state = high(product) ^ low(product);
    }
}

fn high(word: u128) -> u64 {
    low(word >> 64)
}

fn low(word: u128) -> u64 {
    u64::try_from(word & u128::from(u64::MAX)).unwrap_or_default()
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        // The length tells apart texts that have one word.
        self.0.state ^= bytes.len() as u64;
        let mut rest = bytes;
        while rest.len() > 16 {
            let (block, after) = rest.split_at(16);
            self.fold(block);
            rest = after;
        }
        self.fold(rest);
    }

    /// The end of a text; its length has said as much.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0.state
    }
}
