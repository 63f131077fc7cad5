//! Which field a key means: every key has a slot of its own, found when this is compiled, and is compared with that one.

use super::Field;

/// The keys, each at its slot.
pub(super) struct Keys {
    factor: u64,
    slots: [u8; SLOTS],
}

const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 9;

/// No key's slot.
const NOBODY: u8 = u8::MAX;

impl Keys {
    /// Of the keys of all fields. It would not compile if no factor told them apart.
    pub(super) const fn new(keys: &[(&str, Field)]) -> Self {
        assert!(keys.len() < NOBODY as usize, "positions fit into slots");
        let mut factor = 0x9e37_79b9_7f4a_7c15;
        loop {
            if let Some(slots) = slots(keys, factor) {
                return Self { factor, slots };
            }
            factor = factor.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2) | 1;
        }
    }

    /// The position of the one key that a text may be.
    pub(super) fn position(&self, text: &str) -> usize {
        self.slots.get(slot(text.as_bytes(), self.factor)).copied().unwrap_or(NOBODY).into()
    }
}

#[expect(clippy::indexing_slicing, reason = "while this is compiled, and no other indexing is known then")]
const fn slots(keys: &[(&str, Field)], factor: u64) -> Option<[u8; SLOTS]> {
    let (mut slots, mut at) = ([NOBODY; SLOTS], 0u8);
    while (at as usize) < keys.len() {
        let slot = slot(keys[at as usize].0.as_bytes(), factor);
        if slots[slot] != NOBODY {
            return None;
        }
        slots[slot] = at;
        at += 1;
    }
    Some(slots)
}

#[allow(clippy::cast_possible_truncation, reason = "so few bits are left")]
const fn slot(key: &[u8], factor: u64) -> usize {
    (word(key).wrapping_mul(factor) >> (u64::BITS - SLOT_BITS)) as usize
}

/// What tells keys apart: their length, and how they begin, go on in the middle and end.
const fn word(key: &[u8]) -> u64 {
    let (first, middle, last) = match (key.first_chunk(), key.last_chunk()) {
        (Some(first), Some(last)) => {
            let (_, middle) = key.split_at(key.len() / 2 - 4);
            let middle = match middle.first_chunk() {
                Some(middle) => u64::from_le_bytes(*middle),
                None => 0,
            };
            (u64::from_le_bytes(*first), middle, u64::from_le_bytes(*last))
        }
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first) as u64, 0, u32::from_le_bytes(*last) as u64)
            }
            _ => match key {
                [first, .., last] => (*first as u64, 0, *last as u64),
                _ => (0, 0, 0),
            },
        },
    };
    first ^ middle.rotate_left(19) ^ last.rotate_left(43) ^ key.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_nothing_else() {
        for field in Field::ALL {
            for key in std::iter::once(&field.key()).chain(field.other_keys()) {
                assert_eq!(Field::of(key), Some(field), "{key}");
                let rest: String = key.chars().skip(1).collect();
                for other in [&format!("{key}s"), &rest, &format!("x{rest}"), &key.to_uppercase()] {
                    let is_key = Field::ALL
                        .iter()
                        .any(|one| one.key() == other || one.other_keys().contains(&other.as_ref()));
                    assert_eq!(Field::of(other).is_some(), is_key, "{other}");
                }
            }
        }
        assert_eq!((Field::of(""), Field::of("a"), Field::of("ho")), (None, None, None));
    }
}
