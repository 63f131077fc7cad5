//! Use cases by name and endpoint tag, found without a search however many there are.
//!
//! The hash of a name leads to a bucket of two names or so, and the bucket to a number by which its names are spread
//! over slots that nobody else has. So a lookup reads one number and one slot, and compares one name with the asked one.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::hash::Seed;
use super::index::Entry;
use super::words::Words;

/// How many numbers are tried to spread a bucket: names that none of them tells apart have no slot.
const TRIES: u16 = 4096;

/// The names of a table.
#[derive(Debug, Clone)]
pub(super) struct UseCases {
    seed: Seed,
    /// By bucket: what spreads its names.
    spreads: Box<[u16]>,
    slots: Box<[Slot]>,
    /// Names without a slot, such as those that are longer than words.
    rest: HashMap<Box<str>, Entry, Seed>,
}

/// One line of a processor's cache: what a lookup reads of a use case stands together.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Slot {
    eights: [u64; 4],
    len: u32,
    entry: Entry,
}

impl Slot {
    /// No name is as long.
    const NOBODY: Self = Self { eights: [0; 4], len: u32::MAX, entry: Entry::NONE };
}

/// A name that is to have a slot.
struct Named<'n> {
    hash: u64,
    bucket: usize,
    name: &'n str,
    slot: Slot,
}

impl UseCases {
    /// Of names that differ.
    pub(super) fn new(names: &[(&str, Entry)], seed: Seed) -> Self {
        let size = (names.len() / 7 * 8).max(names.len() + 1).next_power_of_two();
        let buckets = size.div_ceil(2);
        let mut made = Self {
            seed,
            spreads: vec![0; buckets].into(),
            slots: vec![Slot::NOBODY; size].into(),
            rest: HashMap::with_hasher(seed),
        };
        let mut short = Vec::with_capacity(names.len());
        for &(name, entry) in names {
            if let Some(words) = Words::of(name) {
                let hash = words.hash(seed);
                let slot = Slot { eights: words.eights, len: words.len, entry };
                short.push(Named { hash, bucket: within(hash, buckets), name, slot });
            } else {
                made.rest.insert(name.into(), entry);
            }
        }
        short.sort_unstable_by_key(|named| (named.bucket, named.hash));
        let mut groups: Vec<&[Named]> = short.chunk_by(|a, b| a.bucket == b.bucket).collect();
        // The largest first, while there is room.
        groups.sort_by_key(|group| Reverse(group.len()));
        let mut taken = vec![false; size];
        for group in groups {
            made.place(group, &mut taken);
        }
        made
    }

    /// Gives the names of a bucket slots that are free.
    fn place(&mut self, group: &[Named], taken: &mut [bool]) {
        let size = self.slots.len();
        let mut places = Vec::with_capacity(group.len());
        for spread in 0..TRIES {
            places.clear();
            for named in group {
                let place = place(named.hash, spread, size);
                if taken.get(place) != Some(&false) || places.contains(&place) {
                    break;
                }
                places.push(place);
            }
            if places.len() == group.len() {
                for (named, at) in group.iter().zip(&places) {
                    if let (Some(taken), Some(slot)) = (taken.get_mut(*at), self.slots.get_mut(*at)) {
                        (*taken, *slot) = (true, named.slot);
                    }
                    if let Some(known) = self.spreads.get_mut(named.bucket) {
                        *known = spread;
                    }
                }
                return;
            }
        }
        self.rest.extend(group.iter().map(|named| (named.name.into(), named.slot.entry)));
    }

    /// A use case by name or endpoint tag.
    #[inline]
    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        let Some(words) = Words::of(name) else { return self.among_rest(name) };
        let hash = words.hash(self.seed);
        let spread = self.spreads.get(within(hash, self.spreads.len())).copied().unwrap_or_default();
        match self.slots.get(place(hash, spread, self.slots.len())) {
            Some(slot) if words.are(&slot.eights, slot.len) => Some(&slot.entry),
            _ => self.among_rest(name),
        }
    }

    #[inline(never)]
    fn among_rest(&self, name: &str) -> Option<&Entry> {
        if self.rest.is_empty() { None } else { self.rest.get(name) }
    }
}

/// A hash as a number below a power of two.
#[inline]
fn within(hash: u64, size: usize) -> usize {
    usize::try_from(hash & (size as u64).wrapping_sub(1)).unwrap_or_default()
}

/// Where a bucket's number puts a name: each in steps of its own.
#[inline]
fn place(hash: u64, spread: u16, size: usize) -> usize {
    let step = hash >> 43 | 1;
    within((hash >> 22).wrapping_add(step.wrapping_mul(spread.into())), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(use_case: usize) -> Entry {
        let mut entry = Entry::NONE;
        entry.use_case = u32::try_from(use_case).expect("few");
        entry
    }

    fn made(names: &[String]) -> UseCases {
        let names: Vec<(&str, Entry)> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), entry(at))).collect();
        UseCases::new(&names, Seed::of(&format!("sha256:{}", "0123456789abcdef".repeat(4))))
    }

    #[test]
    fn a_slot_is_a_line_of_the_cache() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    /// None, one, and many; short, long, and one the beginning of the next.
    #[test]
    fn every_name_is_found_and_no_other() {
        let numbered = |count: usize| (0..count).map(|at| format!("use-case-{at}")).collect();
        let grown = |from: &str| (1..=80).map(|length| from.repeat(length)).collect();
        let letters = (b'a'..=b'z').map(|letter| char::from(letter).to_string()).collect();
        let lists: [Vec<String>; 8] = [
            vec![],
            numbered(1),
            numbered(2),
            numbered(9),
            numbered(10_000),
            grown("x"),
            grown("ü"),
            letters,
        ];
        for names in lists {
            let use_cases = made(&names);
            for (at, name) in names.iter().enumerate() {
                assert_eq!(use_cases.find(name), Some(&entry(at)), "{name}");
                for other in [format!("{name}\0"), format!("-{name}"), name.to_uppercase()] {
                    assert!(use_cases.find(&other).is_none() || names.contains(&other), "{other}");
                }
            }
            for other in ["", "\0", "no-such-use-case", &"y".repeat(40)] {
                assert_eq!(use_cases.find(other), None, "{other}");
            }
            let long = names.iter().filter(|name| name.len() > 32).count();
            assert_eq!(use_cases.rest.len(), long, "all others have a slot");
        }
    }

    /// Names whose hashes are one cannot be spread: they are found all the same.
    #[test]
    fn names_that_cannot_be_spread_are_found() {
        let mut names: Vec<String> = (0..100).map(|at| format!("use-case-{at}")).collect();
        names.push(names[7].clone());
        let use_cases = made(&names);
        assert!(use_cases.rest.contains_key("use-case-7"));
        for (at, name) in names.iter().enumerate() {
            let found = use_cases.find(name).expect("it is there").use_case;
            assert!(found as usize == at || name == "use-case-7", "{name}");
        }
    }
}
