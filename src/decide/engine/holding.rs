//! Which statements of one kind hold in which contexts of a use case, context by context.

use fixedbitset::FixedBitSet;

use super::condition::{Held, Residual};
use crate::model::Id;

/// The statements of one kind that hold in some context.
#[derive(Debug)]
pub(super) struct Holding<E> {
    /// Those that hold in all, ascending.
    always: Vec<Id<E>>,
    /// The others, ascending.
    sometimes: Vec<Id<E>>,
    /// Per context, by position, which of the others hold.
    rows: Vec<FixedBitSet>,
}

impl<E> Holding<E> {
    /// Statements with the contexts in which they hold, ascending; of so many contexts.
    pub(super) fn new(held: impl Iterator<Item = (Id<E>, Held)>, contexts: usize) -> Self {
        let mut holding = Self { always: Vec::new(), sometimes: Vec::new(), rows: Vec::new() };
        let mut varying = Vec::new();
        for (id, held) in held {
            match held {
                Held::Never => {}
                Held::Always => holding.always.push(id),
                Held::In(contexts) => {
                    holding.sometimes.push(id);
                    varying.push(contexts);
                }
            }
        }
        if !varying.is_empty() {
            holding.rows = vec![FixedBitSet::with_capacity(varying.len()); contexts];
        }
        for (position, contexts) in varying.iter().enumerate() {
            for at in contexts.ones() {
                if let Some(row) = holding.rows.get_mut(at) {
                    row.insert(position);
                }
            }
        }
        holding
    }

    /// The same of what is left of statements.
    pub(super) fn of<'r, 'e: 'r>(
        all: &'r [(Id<E>, Residual<'e>)],
        held: impl Fn(&'r Residual<'e>) -> Held,
        contexts: usize,
    ) -> Self {
        Self::new(all.iter().map(|(id, residual)| (*id, held(residual))), contexts)
    }

    /// Those that hold in some context, ascending.
    pub(super) fn ids(&self) -> Vec<Id<E>> {
        let mut ids = self.always.clone();
        ids.extend(&self.sometimes);
        ids.sort();
        ids
    }

    /// Those that hold in a context, ascending.
    pub(super) fn at(&self, context: usize) -> Vec<Id<E>> {
        let mut ids = self.always.clone();
        if let Some(row) = self.rows.get(context) {
            ids.extend(row.ones().filter_map(|position| self.sometimes.get(position)));
            // Two lists that are sorted: this joins them.
            ids.sort();
        }
        ids
    }

    /// Adds what tells the contexts apart in which others hold.
    pub(super) fn key(&self, context: usize, key: &mut Vec<u64>) {
        if let Some(row) = self.rows.get(context) {
            key.extend(row.as_slice().iter().map(|word| *word as u64));
        }
    }
}
