//! Use cases of two sides compared: those that are decided alike on both sides once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::change::{Compared, Detail, Lens};
use super::grid::{Grid, Part};
use super::holds::{Holds, Losses};
use super::kind::Kind;
use super::paid::Paid;
use super::pairs::Pairs;
use super::risk::{Gain, Reach, Scale};
use super::sides::{CaseAxis, Side, Volume};
use super::{change, duties, extent};
use crate::limits::{MAX_COMPARED_CONTEXTS, MAX_COMPARED_CONTEXTS_IN_ALL};
use crate::model::ClassificationId;

/// What differs, and what both sides decide by default.
pub(super) type Seen = (Arc<Compared>, (Option<u32>, Option<u32>));

/// How much was compared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    /// Contexts that were gone through, one for all that are decided alike.
    contexts: usize,
    /// Decisions that were held against each other.
    pairs: usize,
}

/// Contexts that are gone through in the time in which an entry is read and decided.
const CONTEXTS_PER_ENTRY: usize = 1000;

/// Decisions that are held against each other, or made, in that time.
const PAIRS_PER_ENTRY: usize = 5;

impl Work {
    /// In the time of reading and deciding so many entries.
    pub(super) fn entries(self) -> usize {
        (self.contexts / CONTEXTS_PER_ENTRY).saturating_add(self.pairs / PAIRS_PER_ENTRY)
    }
}

/// In the time of reading and deciding so many entries every use case of a side is decided.
pub(super) fn deciding(side: &Side) -> usize {
    let mut all: Vec<u32> = side.cases.values().flat_map(|case| case.cells.iter().copied()).collect();
    let contexts = all.len();
    all.sort_unstable();
    all.dedup();
    Work { contexts, pairs: all.len() }.entries()
}

/// Everything that a comparison of a use case depends on.
#[derive(PartialEq, Eq, Hash)]
struct Whole<'a> {
    shapes: [(ClassificationId, &'a [CaseAxis], &'a [u32]); 2],
    /// What both sides expect, where that differs or is paid otherwise.
    volumes: Option<[Option<&'a Volume>; 2]>,
    tags: Vec<String>,
}

/// The comparison of two sides at work.
pub(super) struct Comparing<'a> {
    pub(super) lens: Lens<'a>,
    pairs: Pairs,
    known: HashMap<Whole<'a>, Seen>,
    contexts: usize,
    holds: Holds<'a>,
    /// Whether a model that both sides have is priced otherwise.
    is_repriced: bool,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(lens: Lens<'a>, old: &Side, new: &Side) -> Self {
        let pairs = Pairs::of(old.cases.len().max(new.cases.len()));
        let is_repriced = old
            .prices
            .iter()
            .any(|(id, before)| new.prices.get(lens.new_id(id)).is_some_and(|after| after != before));
        Self { lens, pairs, known: HashMap::new(), contexts: 0, holds: Holds::default(), is_repriced }
    }

    /// How much was done.
    pub(super) fn work(&self) -> Work {
        Work { contexts: self.contexts, pairs: self.pairs.judged }
    }

    /// Compares a use case that both sides have; none where both together have too many contexts.
    pub(super) fn both(&mut self, before: Part<'a>, after: Part<'a>, volume: bool) -> Option<Seen> {
        let tags = duties::of_tags(&self.lens, before.case.tags, after.case.tags);
        if !volume && tags.is_empty() && before.decides_like(after) {
            let usual = before.usual();
            let compared = Compared { contexts: before.contexts(), ..Compared::default() };
            return Some((Arc::new(compared), (usual, usual)));
        }
        let shape = |part: Part<'a>| (part.case.level, part.case.axes.as_slice(), part.case.cells.as_slice());
        let expected = [before.case.volume.as_ref(), after.case.volume.as_ref()];
        let volumes = (volume || self.is_repriced).then_some(expected);
        let whole = Whole { shapes: [shape(before), shape(after)], volumes, tags: tags.clone() };
        if let Some(known) = self.known.get(&whole) {
            return Some(known.clone());
        }
        let grid = Grid::new(before, after);
        self.contexts = self.contexts.saturating_add(grid.len());
        if grid.len() > MAX_COMPARED_CONTEXTS || self.contexts > MAX_COMPARED_CONTEXTS_IN_ALL {
            return None;
        }
        let (a, b) = grid.cells(&grid.usual());
        let usual = (before.case.cells.get(a).copied(), after.case.cells.get(b).copied());
        let lens = Lens { volume, tags: &tags, ..self.lens };
        let mut paid = Paid::by(before, after, volume);
        let compared = change::compare(lens, (&mut self.pairs, &mut paid), &grid, before, after);
        if self.pairs.are_too_many() {
            return None;
        }
        let extent = if lens.is_trial {
            extent::Extent::default()
        } else {
            extent::between(&lens, (&mut self.pairs, &mut paid), &grid, before, after)
        };
        if self.pairs.are_too_many() {
            return None;
        }
        let seen = (Arc::new(Compared { extent, ..compared }), usual);
        self.known.insert(whole, seen.clone());
        Some(seen)
    }

    /// What the targets of a use case that both sides have are no longer held to; nobody asks that of a trial. None where
    /// both together have too many contexts.
    pub(super) fn unheld(&mut self, before: Part<'a>, after: Part<'a>) -> Option<Arc<Losses>> {
        let lens = self.lens;
        if lens.is_trial { Some(Arc::default()) } else { self.holds.lost(lens.store, before, after) }
    }

    /// A use case that only one side has, and what it decides by default.
    pub(super) fn alone(&self, part: Part, kind: Kind) -> Seen {
        let (lens, store) = (self.lens, self.lens.store);
        let grid = Grid::new(part, part);
        let usual = part.case.cells.get(grid.cells(&grid.usual()).0).copied();
        let (old, new) = if kind == Kind::Added { (None, usual) } else { (usual, None) };
        let extent = extent::alone(store, &grid, part);
        let mut compared =
            Compared { contexts: grid.contexts(), changed: grid.contexts(), extent, ..Compared::default() };
        let cells: BTreeSet<u32> = part.case.cells.iter().copied().collect();
        let mut routes = Vec::new();
        for cell in cells {
            let reach = store.get(cell).map(|outcome| Reach::of(store, outcome)).unwrap_or_default();
            let scale = Scale { needed: None, enclosing: lens.enclosing };
            let gain = Gain::between(scale, &Reach::default(), &reach);
            let tried = store.routes(cell);
            if kind == Kind::Added {
                compared.gained.join(gain);
                routes.push((Vec::new(), tried));
            } else {
                compared.lost.join(gain);
                routes.push((tried, Vec::new()));
            }
        }
        compared.routes = change::shortened(&routes.iter().collect());
        let example = change::example(store, &grid, &grid.usual(), (old, new), kind);
        let level = part.highest().position();
        compared.details.push(Detail { kind, contexts: grid.contexts(), level, example });
        (Arc::new(compared), (old, new))
    }
}
