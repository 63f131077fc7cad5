//! Kleene's three values for many things at once: a bit each for those of which it is true and of which it is false.

use fixedbitset::FixedBitSet;

/// Where something is true and where it is false; where neither, it is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tri {
    /// True of these.
    pub(super) yes: FixedBitSet,
    /// False of these.
    pub(super) no: FixedBitSet,
}

impl Tri {
    /// The same of all `size` things.
    pub(super) fn same(size: usize, value: Option<bool>) -> Self {
        let (mut yes, mut no) = (FixedBitSet::with_capacity(size), FixedBitSet::with_capacity(size));
        match value {
            Some(true) => yes.insert_range(..),
            Some(false) => no.insert_range(..),
            None => {}
        }
        Self { yes, no }
    }

    /// True of `yes`, false of all other of `size` things.
    pub(super) fn of(yes: FixedBitSet, size: usize) -> Self {
        let mut no = FixedBitSet::with_capacity(size);
        no.insert_range(..);
        no.difference_with(&yes);
        Self { yes, no }
    }

    /// Of each of some things whether it is true.
    pub(super) fn all<T>(things: &[T], is_true: impl Fn(&T) -> bool) -> Self {
        let mut yes = FixedBitSet::with_capacity(things.len());
        for (at, _) in things.iter().enumerate().filter(|(_, thing)| is_true(thing)) {
            yes.insert(at);
        }
        Self::of(yes, things.len())
    }

    /// One by one.
    pub(super) fn each(size: usize, mut value: impl FnMut(usize) -> Option<bool>) -> Self {
        let mut tri = Self::same(size, None);
        for at in 0..size {
            match value(at) {
                Some(true) => tri.yes.insert(at),
                Some(false) => tri.no.insert(at),
                None => {}
            }
        }
        tri
    }

    /// True of `yes`, false of everything else that is known.
    pub(super) fn known(yes: FixedBitSet, known: &FixedBitSet) -> Self {
        let mut no = known.clone();
        no.difference_with(&yes);
        Self { yes, no }
    }

    /// Known to hold in both, or known not to in one.
    pub(super) fn and(&mut self, other: &Self) {
        self.yes.intersect_with(&other.yes);
        self.no.union_with(&other.no);
    }

    /// One of the two.
    pub(super) fn or(&mut self, other: &Self) {
        self.yes.union_with(&other.yes);
        self.no.intersect_with(&other.no);
    }

    /// What is unknown stays so.
    pub(super) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}
