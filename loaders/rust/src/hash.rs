//! The hash of names: fixed, fast, and seeded by the table's digest.
//!
//! Requests only look up, so whoever sends hostile names makes no chain longer. And whoever writes a table cannot
//! prepare names that collide: changing one changes the digest, and so the seed.

use std::hash::{BuildHasher, Hasher};

use super::words::ends;

/// Makes hashers for one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed([u64; 4]);

impl Seed {
    /// The seed of a table with this digest.
    pub(super) fn of(digest: &str) -> Self {
        let digits = digest.trim_start_matches("sha256:");
        let number = |at: usize| {
            let digits = digits.get(at..at + 16);
            digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
        };
        Self([0, 16, 32, 48].map(number))
    }

    /// The hash of four numbers and a short one.
    #[inline]
    pub(super) fn mixed(self, numbers: [u64; 4], short: u32) -> u64 {
        let [a, b, c, d] = numbers;
        let [one, two, three, four] = self.0;
        folded(a ^ one ^ u64::from(short), b ^ two) ^ folded(c ^ three, d ^ four)
    }
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        let [state, factor, ..] = self.0;
        Folded { state, factor }
    }
}

/// Sixteen bytes at a time: one multiplication, its halves folded together.
#[derive(Debug)]
pub(super) struct Folded {
    state: u64,
    factor: u64,
}

impl Folded {
    fn fold(&mut self, bytes: &[u8]) {
        let (first, last) = ends(bytes);
        self.state = folded(self.state ^ first, self.factor ^ last);
    }
}

/// The halves of a product.
#[inline]
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a).wrapping_mul(u128::from(b));
    low(product >> 64) ^ low(product)
}

fn low(word: u128) -> u64 {
    u64::try_from(word & u128::from(u64::MAX)).unwrap_or_default()
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        // The length tells apart texts that have one word.
        self.state ^= bytes.len() as u64;
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

    fn write_u64(&mut self, number: u64) {
        self.state = folded(self.state ^ number, self.factor);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_usize(number.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        self.state
    }
}
