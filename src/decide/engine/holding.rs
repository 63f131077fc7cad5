//! Which statements of one kind hold in which contexts of a use case, context by context.

use super::condition::{Held, Residual};
use crate::invariant::there;
use crate::model::Id;

/// The statements of one kind that hold in some context.
#[derive(Debug)]
pub(super) struct Holding<E> {
    /// Those that hold in all, ascending.
    always: Vec<Id<E>>,
    /// The others, ascending.
    sometimes: Vec<Id<E>>,
    /// Which of the others hold: so many words for each context, by position, with a bit for each of them.
    rows: Vec<u64>,
    width: usize,
}

/// Bits of a word.
const WORD: usize = 64;

impl<E> Holding<E> {
    /// Statements with the contexts in which they hold, ascending; of so many contexts.
    pub(super) fn new(held: impl Iterator<Item = (Id<E>, Held)>, contexts: usize) -> Self {
        let mut holding = Self { always: Vec::new(), sometimes: Vec::new(), rows: Vec::new(), width: 0 };
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
        holding.width = varying.len().div_ceil(WORD);
        holding.rows = vec![0; holding.width * contexts];
        for (position, contexts) in varying.iter().enumerate() {
            for at in contexts.ones() {
                if let Some(word) = holding.rows.get_mut(at * holding.width + position / WORD) {
                    *word |= 1 << (position % WORD);
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
        let row = self.row(context);
        let many: u32 = row.iter().map(|word| word.count_ones()).sum();
        let mut ids = Vec::with_capacity(self.always.len() + many as usize);
        let mut always = self.always.iter().copied().peekable();
        let positions =
            row.iter().enumerate().flat_map(|(at, word)| bits(*word).map(move |bit| at * WORD + bit));
        for id in positions.filter_map(|position| self.sometimes.get(position)) {
            ids.extend(std::iter::from_fn(|| always.next_if(|before| before < id)));
            ids.push(*id);
        }
        ids.extend(always);
        ids
    }

    /// Adds what tells the contexts apart in which others hold.
    pub(super) fn key(&self, context: usize, key: &mut Vec<u64>) {
        key.extend_from_slice(self.row(context));
    }

    fn row(&self, context: usize) -> &[u64] {
        let start = context * self.width;
        there(self.rows.get(start..start + self.width), "the row")
    }
}

/// The bits of a word, ascending.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}
