//! Combinations of failure domains, and how many there may be.

use super::TooMany;
use crate::limits::MAX_OUTAGE_COMBINATIONS;

/// Every combination of one to so many of some things: by size, then in order.
pub(super) struct Combinations<'a, T> {
    of: &'a [T],
    most: usize,
    /// The positions of the next one; empty: done.
    next: Vec<usize>,
}

impl<'a, T> Combinations<'a, T> {
    pub(super) fn new(of: &'a [T], most: usize) -> Self {
        let next = if of.is_empty() || most == 0 { Vec::new() } else { vec![0] };
        Self { of, most, next }
    }

    /// The positions after these; empty after the last.
    fn after(&self, mut positions: Vec<usize>) -> Vec<usize> {
        let size = positions.len();
        let highest = |at: usize| self.of.len() - (size - at);
        let movable = positions.iter().enumerate().rposition(|(at, position)| *position < highest(at));
        match movable {
            Some(at) => {
                let start = positions.get(at).map_or(0, |position| position + 1);
                for (position, value) in positions.iter_mut().skip(at).zip(start..) {
                    *position = value;
                }
                positions
            }
            None if size < self.most => (0..=size).collect(),
            None => Vec::new(),
        }
    }
}

impl<T: Copy> Iterator for Combinations<'_, T> {
    type Item = Vec<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next.is_empty() {
            return None;
        }
        let positions = std::mem::take(&mut self.next);
        let item = positions.iter().filter_map(|position| self.of.get(*position).copied()).collect();
        self.next = self.after(positions);
        Some(item)
    }
}

/// How many combinations of one to `most` of `n` things there are; saturates.
fn count(n: usize, most: usize) -> usize {
    let (mut all, mut of_size) = (0usize, 1u128);
    for size in 1..=most.min(n) {
        let factor = (n - size + 1) as u128;
        of_size = match of_size.checked_mul(factor) {
            Some(product) => product / size as u128,
            None => return usize::MAX,
        };
        all = all.saturating_add(usize::try_from(of_size).unwrap_or(usize::MAX));
    }
    all
}

/// Refuses more combinations than can be worked out.
pub(super) fn bounded(failure_domains: usize, most_down: usize) -> Result<(), TooMany> {
    let combinations = count(failure_domains, most_down);
    if combinations <= MAX_OUTAGE_COMBINATIONS {
        return Ok(());
    }
    let fits = |most: &usize| count(failure_domains, *most) <= MAX_OUTAGE_COMBINATIONS;
    let possible = (0..most_down).take_while(fits).last().unwrap_or(0);
    Err(TooMany { failure_domains, combinations, possible })
}

#[cfg(test)]
mod tests {
    use super::{Combinations, count};

    #[test]
    fn combinations_come_by_size_and_each_once() {
        let of = [3, 5, 8, 9];
        let all: Vec<Vec<usize>> = Combinations::new(&of, 3).collect();
        assert_eq!(all.len(), count(4, 3));
        assert_eq!(all.first(), Some(&vec![3]));
        assert_eq!(all.get(4), Some(&vec![3, 5]));
        assert_eq!(all.last(), Some(&vec![5, 8, 9]));
        let mut sorted = all.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), all.len());
    }

    #[test]
    fn the_count_is_that_of_the_combinations() {
        for n in 0..7 {
            let of: Vec<usize> = (0..n).collect();
            for most in 0..=n {
                assert_eq!(Combinations::new(&of, most).count(), count(n, most), "{most} of {n}");
            }
        }
        assert_eq!(count(10_000, 9_000), usize::MAX);
    }
}
