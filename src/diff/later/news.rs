//! What of a later day is new: what of the kinds that are denied was not said yet, and is no matter of what is renewed in
//! time.

use std::collections::{BTreeMap, BTreeSet};

use super::Search;
use super::known::{News, Whom, is_more, said, whom};
use crate::diff::change::Lens;
use crate::diff::edits::Edits;
use crate::diff::grid::{Grid, Part};
use crate::diff::kind::Kind;
use crate::diff::risk::{Gain, Reach, Scale};
use crate::diff::sides::Side;
use crate::diff::store::{NumberedDecision, Portrait, Store, Target};
use crate::diff::{Diff, agreed, endpoints};
use crate::limits::MAX_COMPARED_CONTEXTS;
use crate::model::Date;

/// The sides of a day on which something in the old side's registry has ended.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    /// The old side on that day.
    pub(super) then: &'a Side,
    /// The old side with the statements of that day and the registry of its own.
    pub(super) frozen: &'a Side,
    /// The new side on that day.
    pub(super) new: &'a Side,
}

/// A context of the new side, and a model that it reaches there with the regions that it is pinned to.
type Place = (usize, u32, u32);

impl Search<'_> {
    /// Whether something in the old side's registry has ended by a day.
    pub(super) fn lapses(&self, day: Date) -> bool {
        self.texts.old.1.survey.world.expiries.iter().any(|expiry| expiry.last_day < day)
    }

    /// What of the kinds that are denied was not said yet. Where something in the registry has ended, contexts in which
    /// that alone makes a difference would count as well, so there how many there are is no news.
    pub(super) fn news(&self, later: &Diff, counts: bool) -> News {
        let mut news = News::new();
        for change in &later.changes {
            let (whom, mut found) = (whom(change), said(change, self.deny));
            let reaches_more = self.reaches_more(&whom, &found.gained);
            let known = self.known.get(&whom).map(|known| &known.kinds);
            // An acceptance is of the change as it is today, in the contexts in which it is so.
            let is_other = self.accepted.get(&whom).is_some_and(|known| *known != change.fingerprint);
            found.kinds.retain(|kind, extent| match known.and_then(|known| known.get(kind)) {
                Some(at) => {
                    is_other || (*kind == Kind::Widened && reaches_more) || (counts && is_more(*extent, *at))
                }
                None => true,
            });
            if !found.kinds.is_empty() {
                news.insert(whom, found);
            }
        }
        news
    }

    /// Whether something was not said yet to be reachable.
    fn reaches_more(&self, whom: &Whom, gained: &Gain) -> bool {
        let known = self.known.get(whom).map(|known| known.gained.clone()).unwrap_or_default();
        let mut joined = known.clone();
        joined.join(gained.clone());
        joined != known
    }

    /// What is news beside the old side of the day, and beside the one in whose registry nothing has ended: each may
    /// excuse some models of an answer, but what is more than either is news, however they differ.
    pub(super) fn of_both(&self, store: &Store, mut news: News, sides: Sides, later: &Diff) -> News {
        let frozen = crate::diff::diff(store, sides.frozen, sides.new);
        let renewed = self.news(&frozen, false);
        news.retain(|whom, known| {
            let other = renewed.get(whom);
            let common = other.map(|other| known.gained.in_common(&other.gained)).unwrap_or_default();
            let is_widened = self.reaches_more(whom, &common)
                || (self.accepted.contains_key(whom)
                    && other.is_some_and(|o| o.kinds.contains_key(&Kind::Widened)));
            let is_apart =
                || known.kinds.contains_key(&Kind::Widened) && apart(store, sides, [later, &frozen], whom);
            let stays = is_widened || is_apart();
            known.kinds.retain(|kind, _| match kind {
                Kind::Widened => stays,
                _ => other.is_some_and(|other| other.kinds.contains_key(kind)),
            });
            if is_widened {
                known.gained = common;
            }
            !known.kinds.is_empty()
        });
        news
    }
}

/// Whether some model that the new side reaches is more than both old sides have in a context.
fn apart(store: &Store, sides: Sides, [then, frozen]: [&Diff; 2], whom: &Whom) -> bool {
    let before = places(store, sides, (sides.then, then), whom, false);
    !before.is_empty() && !before.is_disjoint(&places(store, sides, (sides.frozen, frozen), whom, true))
}

/// Where models of the new side are more than an old side has. Beside the one in whose registry nothing has ended, a
/// model that is worse than it was itself is more too.
fn places(
    store: &Store,
    sides: Sides,
    (old, diff): (&Side, &Diff),
    (name, asked_as): &Whom,
    is_frozen: bool,
) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    let is_it = |change: &&crate::diff::Change| change.use_case == *name && change.asked_as == *asked_as;
    let was = diff.changes.iter().find(is_it).and_then(|change| change.renamed_from.as_ref()).unwrap_or(name);
    let renamed = old.with_facts(&diff.names);
    let old = renamed.as_ref().unwrap_or(old);
    let (Some(before), Some(after)) = (old.cases.get(was), sides.new.cases.get(name)) else { return found };
    let grid = Grid::new(Part { side: old, case: before }, Part { side: sides.new, case: after });
    if grid.len() > MAX_COMPARED_CONTEXTS {
        return found;
    }
    let (edits, enclosing) = (Edits::default(), agreed(&old.enclosing, &sides.new.enclosing));
    let (names, enclosing) = (&diff.names, &enclosing);
    let lens = Lens { store, names, edits: &edits, enclosing, volume: false, tags: &[], is_trial: true };
    let mut known: BTreeMap<(u32, u32), Vec<(u32, u32)>> = BTreeMap::new();
    grid.each(|a, b, _, _| {
        let Some(pair) = before.cells.get(a).copied().zip(after.cells.get(b).copied()) else { return };
        let more = known.entry(pair).or_insert_with(|| {
            let Some((old, new)) = store.get(pair.0).zip(store.get(pair.1)) else { return Vec::new() };
            more(&lens, (old, new), is_frozen.then_some(sides))
        });
        found.extend(more.iter().map(|(model, regions)| (b, *model, *regions)));
    });
    found
}

/// The models of an outcome that are more than another one has.
fn more(
    lens: &Lens,
    (old, new): (&NumberedDecision, &NumberedDecision),
    frozen: Option<Sides>,
) -> Vec<(u32, u32)> {
    let needed = lens.needed(old, new);
    let scale = Scale { needed: needed.as_ref(), enclosing: lens.enclosing };
    let before = Reach::of(lens.store, old);
    let own = frozen.map(|_| endpoints::worse(lens, old, new).all).unwrap_or_default();
    let is_more = |(target, portrait): &(&Target, &Portrait)| {
        let mut gain =
            Gain::between(scale, &before, &Reach::over(lens.store, [(*target, *portrait)].into_iter()));
        let id = &portrait.model.id;
        gain.join(own.get(id).cloned().unwrap_or_default());
        let had = lens.store.reached(old).any(|(_, known)| lens.new_id(&known.model.id) == id);
        if let Some(sides) = frozen.filter(|_| had) {
            without_ended(&mut gain, lens, sides, id);
        }
        !gain.is_empty()
    };
    let reached = lens.store.reached(new).filter(is_more);
    reached.map(|(target, _)| (target.model, target.regions)).collect()
}

/// What a model lacks that has ended on both sides alike is no matter of the new one.
fn without_ended(gain: &mut Gain, lens: &Lens, sides: Sides, id: &str) {
    let then = sides.then.entries.iter().find(|(old, _)| lens.new_id(old) == id).map(|(_, entry)| entry);
    let (Some(then), Some(new)) = (then, sides.new.entries.get(id)) else { return };
    gain.uncertified.retain(|name| then.compliance.contains(name));
    gain.agreement = gain.agreement.filter(|_| then.dpa != new.dpa);
}
