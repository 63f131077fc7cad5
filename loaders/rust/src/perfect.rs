//! Few keys, each at a slot of its own: found by one multiplication for each number of a key, and no search.

/// More keys than that are not tried.
const FEW: usize = 512;

/// How many lists of factors are tried for each number of slots.
const TRIES: usize = 64;

const NOBODY: u16 = u16::MAX;

/// Keys of so many numbers, each at a slot of its own.
#[derive(Debug, Clone)]
pub(super) struct Perfect<const N: usize> {
    slots: Box<[u16]>,
    factors: [u64; N],
    shift: u32,
}

impl<const N: usize> Perfect<N> {
    /// None where there are many keys, two are the same, or no factors tell them apart soon.
    pub(super) fn new(keys: &[[u64; N]]) -> Option<Self> {
        if keys.len() > FEW {
            return None;
        }
        let least = (2 * keys.len().max(2)).next_power_of_two().trailing_zeros();
        let mut random = 0;
        for bits in least..least + 6 {
            for _ in 0..TRIES {
                let factors = [(); N].map(|()| next(&mut random) | 1);
                let shift = 64 - bits;
                if let Some(slots) = slots(keys, &factors, shift) {
                    return Some(Self { slots, factors, shift });
                }
            }
        }
        None
    }

    /// Where a key stands if it is one of them, and no place if its slot is nobody's.
    #[inline]
    pub(super) fn find(&self, key: &[u64; N]) -> usize {
        self.slots.get(slot(key, &self.factors, self.shift)).copied().unwrap_or(NOBODY).into()
    }
}

/// Whether two keys are one; nothing branches on where they differ.
#[inline]
pub(super) fn same<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn slots<const N: usize>(keys: &[[u64; N]], factors: &[u64; N], shift: u32) -> Option<Box<[u16]>> {
    let mut slots = vec![NOBODY; 1usize.checked_shl(64 - shift)?];
    for (at, key) in (0u16..).zip(keys) {
        let slot = slots.get_mut(slot(key, factors, shift))?;
        if *slot != NOBODY {
            return None;
        }
        *slot = at;
    }
    Some(slots.into())
}

#[inline]
fn slot<const N: usize>(key: &[u64; N], factors: &[u64; N], shift: u32) -> usize {
    let products = key.iter().zip(factors).map(|(number, factor)| number.wrapping_mul(*factor));
    let sum = products.fold(0u64, u64::wrapping_add);
    usize::try_from(sum.wrapping_shr(shift)).unwrap_or(usize::MAX)
}

/// Numbers without a pattern, the same each time (`SplitMix64`).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_a_slot_of_its_own() {
        for count in [0, 1, 2, 3, 40, 300] {
            let keys: Vec<[u64; 2]> = (0..count).map(|at| [at, at % 3]).collect();
            let perfect = Perfect::new(&keys).expect("they differ");
            for (at, key) in keys.iter().enumerate() {
                assert_eq!(perfect.find(key), at);
            }
            let other = keys.get(perfect.find(&[u64::MAX, 7]));
            assert!(other.is_none_or(|key| !same(key, &[u64::MAX, 7])));
        }
    }

    #[test]
    fn equal_keys_and_many_have_none() {
        assert!(Perfect::new(&[[1, 2], [3, 4], [1, 2]]).is_none());
        assert!(Perfect::new(&(0..=512).map(|at| [at]).collect::<Vec<[u64; 1]>>()).is_none());
    }
}
