//! Typed indices: an [`Id`] of one kind of thing, [`Table`], which that kind of id alone indexes, and [`IdSet`].

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use fixedbitset::FixedBitSet;

use crate::invariant;

/// Where a thing of a kind stands in its list. The order of ids is the order of the list.
pub struct Id<E> {
    at: usize,
    of: PhantomData<fn() -> E>,
}

impl<E> Id<E> {
    /// The id of a position.
    #[inline]
    pub const fn new(at: usize) -> Self {
        Self { at, of: PhantomData }
    }

    /// The position in the list, from 0.
    #[inline]
    pub const fn position(self) -> usize {
        self.at
    }

    /// The id so many places further on.
    #[inline]
    #[must_use]
    pub const fn after(self, places: usize) -> Self {
        Self::new(self.at.saturating_add(places))
    }

    /// So many places after another; none where it stands before it.
    #[inline]
    pub fn places_after(self, other: Self) -> Option<usize> {
        self.at.checked_sub(other.at)
    }
}

// Written out, because what is derived would ask the same of `E`.
impl<E> Clone for Id<E> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Id<E> {}

impl<E> PartialEq for Id<E> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<E> Eq for Id<E> {}

impl<E> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Id<E> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

impl<E> Hash for Id<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

impl<E> fmt::Debug for Id<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.fmt(formatter)
    }
}

/// Some of the things of a kind, as bits.
pub struct IdSet<E> {
    bits: FixedBitSet,
    of: PhantomData<fn() -> E>,
}

impl<E> IdSet<E> {
    /// None of the things of a table.
    pub fn none_of<T>(all: &Table<E, T>) -> Self {
        Self { bits: FixedBitSet::with_capacity(all.len()), of: PhantomData }
    }

    /// Whether it has a thing.
    #[inline]
    pub fn contains(&self, id: Id<E>) -> bool {
        self.bits.contains(id.at)
    }

    /// Its things, in order.
    pub fn ids(&self) -> impl Iterator<Item = Id<E>> {
        self.bits.ones().map(Id::new)
    }

    /// Adds everything that another one has.
    pub fn add_all(&mut self, other: &Self) {
        self.bits.union_with(&other.bits);
    }
}

impl<E> From<FixedBitSet> for IdSet<E> {
    fn from(bits: FixedBitSet) -> Self {
        Self { bits, of: PhantomData }
    }
}

impl<E> Extend<Id<E>> for IdSet<E> {
    fn extend<I: IntoIterator<Item = Id<E>>>(&mut self, ids: I) {
        self.bits.extend(ids.into_iter().map(Id::position));
    }
}

impl<E> Clone for IdSet<E> {
    fn clone(&self) -> Self {
        self.bits.clone().into()
    }
}

impl<E> fmt::Debug for IdSet<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.ids()).finish()
    }
}

/// One value for each thing of a kind: the things themselves, or what is known of each.
///
/// An id is made from the table that it indexes, so a lookup has no fallback: `table[id]`.
#[derive(Clone)]
pub struct Table<E, T = E> {
    list: Vec<T>,
    of: PhantomData<fn() -> E>,
}

impl<E, T> Table<E, T> {
    /// Adds a value, and gives its id.
    pub fn push(&mut self, value: T) -> Id<E> {
        self.list.push(value);
        Id::new(self.list.len() - 1)
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<E>> + Clone + use<E, T> {
        (0..self.list.len()).map(Id::new)
    }

    /// Every value, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    /// Every value with its id, in order.
    pub fn enumerated(&self) -> impl DoubleEndedIterator<Item = (Id<E>, &T)> + ExactSizeIterator {
        self.list.iter().enumerate().map(|(at, value)| (Id::new(at), value))
    }

    /// Every value, in order.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.list.iter_mut()
    }

    /// Every value, in order.
    pub fn as_slice(&self) -> &[T] {
        &self.list
    }

    /// The values from one on, in order: at least that one.
    #[track_caller]
    pub fn rest(&self, first: Id<E>) -> &[T] {
        match self.list.get(first.at..) {
            Some(rest) if !rest.is_empty() => rest,
            _ => broken(first, self.list.len()),
        }
    }

    /// The value of something that may be named without being there: a budget that is not in force.
    pub fn if_there(&self, id: Id<E>) -> Option<&T> {
        self.list.get(id.at)
    }

    /// The first value, if there is any.
    pub fn first(&self) -> Option<&T> {
        self.list.first()
    }

    /// The id of the first value of which something is true.
    pub fn position(&self, is_it: impl FnMut(&T) -> bool) -> Option<Id<E>> {
        self.list.iter().position(is_it).map(Id::new)
    }

    /// The id of a value that is there.
    #[track_caller]
    pub fn id_of(&self, is_it: impl FnMut(&T) -> bool) -> Id<E> {
        self.position(is_it).unwrap_or_else(|| broken(Id::<E>::new(self.len()), self.len()))
    }

    /// The id of a position that is there.
    #[track_caller]
    pub fn at(&self, position: usize) -> Id<E> {
        if position < self.list.len() {
            Id::new(position)
        } else {
            broken(Id::<E>::new(position), self.list.len())
        }
    }

    /// The id of a value in a sorted list; `order` says how a value compares with the one that is looked for.
    pub fn search(&self, order: impl FnMut(&T) -> Ordering) -> Option<Id<E>> {
        self.list.binary_search_by(order).ok().map(Id::new)
    }
}

impl<E, T: PartialEq> PartialEq for Table<E, T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl<E, T: Eq> Eq for Table<E, T> {}

impl<E, T> Default for Table<E, T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<E, T> From<Vec<T>> for Table<E, T> {
    fn from(list: Vec<T>) -> Self {
        Self { list, of: PhantomData }
    }
}

impl<E, T> FromIterator<T> for Table<E, T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::from(values.into_iter().collect::<Vec<T>>())
    }
}

impl<E, T> IntoIterator for Table<E, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, E, T> IntoIterator for &'a Table<E, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<'a, E, T> IntoIterator for &'a mut Table<E, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter_mut()
    }
}

impl<E, T: fmt::Debug> fmt::Debug for Table<E, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(formatter)
    }
}

impl<E, T> Index<Id<E>> for Table<E, T> {
    type Output = T;

    #[track_caller]
    #[inline]
    fn index(&self, id: Id<E>) -> &T {
        match self.list.get(id.at) {
            Some(value) => value,
            None => broken(id, self.list.len()),
        }
    }
}

impl<E, T> IndexMut<Id<E>> for Table<E, T> {
    #[track_caller]
    fn index_mut(&mut self, id: Id<E>) -> &mut T {
        let len = self.list.len();
        match self.list.get_mut(id.at) {
            Some(value) => value,
            None => broken(id, len),
        }
    }
}

/// An id that came from another table.
#[cold]
#[track_caller]
fn broken<E>(id: Id<E>, len: usize) -> ! {
    let kind = std::any::type_name::<E>();
    let kind = kind.rsplit("::").next().unwrap_or(kind);
    invariant::broken(format_args!("no {kind} has the index {}: there are {len}", id.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Lamp;

    #[test]
    fn an_id_finds_what_it_was_made_for() {
        let mut lit: Table<Lamp, bool> = [false, true].into_iter().collect();
        let on = lit.position(|is_lit| *is_lit).expect("one that is lit");
        assert_eq!(on.position(), 1);
        lit[on] = false;
        assert!(lit.ids().all(|id| !lit[id]));
    }

    #[test]
    #[should_panic(expected = "no Lamp has the index 2: there are 2")]
    fn an_id_of_another_table_ends_everything() {
        let lit: Table<Lamp, bool> = [false, true].into_iter().collect();
        let _ = lit[Id::new(2)];
    }

    #[test]
    fn what_stands_from_one_on() {
        let lit: Table<Lamp, bool> = [false, true].into_iter().collect();
        let on = lit.id_of(|is_lit| *is_lit);
        assert_eq!(lit.rest(on), [true]);
        assert_eq!(Id::<Lamp>::new(0).after(1), on);
        assert_eq!((on.places_after(Id::new(0)), Id::new(0).places_after(on)), (Some(1), None));
    }

    #[test]
    #[should_panic(expected = "no Lamp has the index 2: there are 2")]
    fn nothing_stands_from_an_id_of_another_table_on() {
        let lit: Table<Lamp, bool> = [false, true].into_iter().collect();
        let _ = lit.rest(Id::new(2));
    }

    #[test]
    #[should_panic(expected = "no Lamp has the index 1: there are 1")]
    fn what_must_be_there_and_is_not_ends_everything() {
        let lit: Table<Lamp, bool> = [false].into_iter().collect();
        let _ = lit.id_of(|is_lit| *is_lit);
    }
}
