//! Two sides of one use case, context by context.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::duties;
use super::edits::Edits;
use super::extent::Extent;
use super::fingerprint;
use super::grid::{Grid, Part};
use super::kind::{Kind, Kinds};
use super::paid::{Differing, Paid};
use super::pairs::{Judged, Pairs};
use super::rename::Names;
use super::risk::{Enclosing, Gain, Reach, Scale};
use super::store::{NumberedDecision, Portrait, Store, Target};
use crate::limits::effort;
use crate::model::Trigger;
use crate::table::format::{AxisName, Model};

/// Names that a thing has on the old side, with those that it has on the new one.
pub type Renames = BTreeMap<String, String>;

/// What differs for one use case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Contexts compared.
    pub contexts: usize,
    /// Contexts in which something differs.
    pub changed: usize,
    /// Each kind of change, in the order of [`Kind::ALL`].
    pub details: Vec<Detail>,
    /// What is newly reachable in some context.
    pub gained: Gain,
    /// What is no longer reachable in some context.
    pub lost: Gain,
    /// How duties differ, in words.
    pub duties: BTreeSet<String>,
    /// Whether a model that serves on both sides is priced otherwise.
    pub is_priced: bool,
    /// Whether the expected use differs.
    pub is_other_volume: bool,
    /// Every distinct pair of what is tried that differs, by trigger; of many what stands for them.
    pub routes: Vec<String>,
    /// Where that holds; of a trial nobody asks.
    pub extent: Extent,
}

impl Compared {
    /// Whether another comparison says the same of a kind beyond where it shows.
    pub fn agrees(&self, other: &Self, kind: Kind) -> bool {
        match kind {
            Kind::Widened => self.gained == other.gained,
            Kind::Narrowed => self.lost == other.lost,
            Kind::Obligations => self.duties == other.duties,
            _ => true,
        }
    }
}

/// One kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What changes: the primary, the failover, the cost and so on.
    pub kind: Kind,
    /// In how many contexts.
    pub contexts: usize,
    /// The highest classification of the data concerned, as a level.
    pub level: usize,
    /// The context nearest to a request that states nothing.
    pub example: Example,
}

/// A context and what both sides decide in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Names and values; what is not stated is left out.
    pub context: Vec<(AxisName<String>, String)>,
    /// What of it differs from a request that states nothing.
    pub unusual: Vec<(AxisName<String>, String)>,
    /// The way of failing whose targets are shown; none: an outage.
    pub on: Option<Trigger>,
    /// The old side's targets.
    pub old: Vec<String>,
    /// The new side's targets.
    pub new: Vec<String>,
    /// What happens on the old side when none is up.
    pub old_then: String,
    /// What happens on the new side when none is up.
    pub new_then: String,
}

/// What two outcomes are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Lens<'a> {
    /// Where outcomes are kept.
    pub store: &'a Store,
    /// What has another name on the new side.
    pub names: &'a Names,
    /// Statements that say something else on each side: what they do to decisions is said once, of them.
    pub edits: &'a Edits,
    /// Which regions lie within which on both sides.
    pub enclosing: &'a Enclosing,
    /// Whether the expected use differs.
    pub volume: bool,
    /// How the attribution tags of the use case differ, in words.
    pub tags: &'a [String],
    /// Whether nobody asks where a change holds.
    pub is_trial: bool,
}

impl Lens<'_> {
    pub(super) fn new_id<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.of("model", id).map_or(id, String::as_str)
    }

    /// How two outcomes differ whose gains and duties are known; of the cost, only beside the primary's.
    pub(super) fn kinds(
        &self,
        old: &NumberedDecision,
        new: &NumberedDecision,
        (gained, lost): (&Gain, &Gain),
        duties: &[String],
    ) -> Kinds {
        let mut kinds = Kinds::default();
        kinds.set(Kind::Unroutable, old.primary.is_some() && new.primary.is_none());
        kinds.set(Kind::Routable, old.primary.is_none() && new.primary.is_some());
        if old.primary.is_some() && new.primary.is_some() {
            kinds.set(Kind::Primary, self.other_primary(old, new));
            kinds.set(Kind::Failover, Trigger::ALL.iter().any(|on| self.other_targets(old, new, *on)));
            kinds.set(Kind::Terminal, Trigger::ALL.iter().any(|on| self.other_terminal(old, new, *on)));
        }
        kinds.set(Kind::Obligations, !duties.is_empty());
        kinds.set(Kind::Cost, self.is_multiplied(old, new));
        kinds.set(Kind::Widened, !gained.is_empty());
        kinds.set(Kind::Narrowed, !lost.is_empty());
        kinds
    }

    /// What is newly reachable, and what no longer is.
    pub(super) fn gains(&self, old: &NumberedDecision, new: &NumberedDecision) -> (Gain, Gain) {
        let both = self.needed(old, new);
        let scale = Scale { needed: both.as_ref(), enclosing: self.enclosing };
        let (before, after) = (Reach::of(self.store, old), Reach::of(self.store, new));
        (Gain::between(scale, &before, &after), Gain::between(scale, &after, &before))
    }

    /// The certifications that somebody asks for; none: a side does not say.
    pub(super) fn needed(&self, old: &NumberedDecision, new: &NumberedDecision) -> Option<BTreeSet<String>> {
        let needed = |outcome: &NumberedDecision| self.store.needed.get(outcome.needed).cloned().flatten();
        // What either side asks for counts: not to ask for it any more is what a reviewer must see.
        needed(old).zip(needed(new)).map(|(old, new)| &old | &new)
    }

    pub(super) fn model(&self, target: Option<&Target>) -> Option<&Model> {
        self.store.models.get(target?.model).map(|portrait| &portrait.model)
    }

    /// Whether another model serves first.
    pub(super) fn other_primary(&self, old: &NumberedDecision, new: &NumberedDecision) -> bool {
        let id =
            |outcome: &NumberedDecision| self.model(outcome.primary.as_ref()).map(|model| model.id.clone());
        id(old).as_deref().map(|id| self.new_id(id)) != id(new).as_deref()
    }

    /// Whether other models are tried on a trigger. Two that only changed places, one of them as the primary, do not
    /// count.
    fn other_targets(&self, old: &NumberedDecision, new: &NumberedDecision, on: Trigger) -> bool {
        let at = on as usize;
        let same_primary = !self.other_primary(old, new);
        if same_primary && old.paths.get(at) == new.paths.get(at) {
            return false;
        }
        let first = |outcome: &NumberedDecision| outcome.primary.as_ref().map(|target| target.model);
        let places: Vec<Option<&Model>> = [first(old), first(new)]
            .map(|model| model.and_then(|model| Some(&self.store.models.get(model)?.model)))
            .to_vec();
        let swapped: Vec<&str> = places.into_iter().flatten().map(|model| self.new_id(&model.id)).collect();
        let tried = |outcome: &NumberedDecision| -> Vec<String> {
            let ids = self.store.ids(outcome, Some(on)).into_iter().skip(1);
            ids.map(|id| self.new_id(&id).to_owned()).collect()
        };
        let (mut before, after) = (tried(old), tried(new));
        if let [was, is] = swapped.as_slice()
            && !same_primary
        {
            before.iter_mut().filter(|id| *id == is).for_each(|id| (*was).clone_into(id));
        }
        before != after
    }

    fn other_terminal(&self, old: &NumberedDecision, new: &NumberedDecision, on: Trigger) -> bool {
        let then = |outcome| duties::terminal(self.store, outcome, Some(on));
        then(old) != then(new)
    }

    /// Targets that both have on some trigger: old, new.
    pub(super) fn common(
        &self,
        old: &NumberedDecision,
        new: &NumberedDecision,
        on: Trigger,
    ) -> Vec<(Target, Target)> {
        let after: Vec<(&Target, &Portrait)> = self.store.route(new, Some(on)).collect();
        let common = self.store.route(old, Some(on)).filter_map(|(target, portrait)| {
            let id = self.new_id(&portrait.model.id);
            let (other, _) = after.iter().find(|(_, portrait)| portrait.model.id == id)?;
            Some((*target, **other))
        });
        common.collect()
    }

    /// Whether beside the same primary a model that serves on both sides costs another multiple of it.
    fn is_multiplied(&self, old: &NumberedDecision, new: &NumberedDecision) -> bool {
        let mut common = Trigger::ALL.into_iter().flat_map(|on| self.common(old, new, on));
        !self.other_primary(old, new) && common.any(|(old, new)| old.multiplier != new.multiplier)
    }

    /// The models that serve on both sides and may be paid otherwise, by the old and the new id.
    pub(super) fn billed(&self, old: &NumberedDecision, new: &NumberedDecision) -> Vec<(String, String)> {
        let common = Trigger::ALL.into_iter().flat_map(|on| self.common(old, new, on));
        let models = common.filter_map(|(old, new)| self.model(Some(&old)).zip(self.model(Some(&new))));
        let billed = models.filter(|(before, after)| self.volume || !same_price(before, after));
        let mut all: Vec<_> = billed.map(|(old, new)| (old.id.clone(), new.id.clone())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether two models cost the same, however a request is billed.
fn same_price(a: &Model, b: &Model) -> bool {
    a.input_usd_per_1m == b.input_usd_per_1m
        && a.output_usd_per_1m == b.output_usd_per_1m
        && a.cached_input_usd_per_1m == b.cached_input_usd_per_1m
        && a.long_prompt == b.long_prompt
        && a.batch_discount == b.batch_discount
}

/// The nearest context of a kind so far.
struct Nearest {
    contexts: usize,
    level: usize,
    distance: usize,
    at: Vec<usize>,
    pair: (u32, u32),
}

/// Compares a use case on two sides.
pub(super) fn compare(
    lens: Lens,
    (pairs, paid): (&mut Pairs, &mut Paid),
    grid: &Grid,
    old: Part,
    new: Part,
) -> Compared {
    let mut known: HashMap<(u32, u32), (Rc<Judged>, Differing)> = HashMap::new();
    let mut nearest: BTreeMap<Kind, Nearest> = BTreeMap::new();
    let mut compared = Compared { contexts: grid.contexts(), ..Compared::default() };
    let sides = [new.side, old.side];
    let level =
        |grid: &Grid, at: &[usize]| grid.classification(at).map_or(0, |name| super::level(sides, name));
    grid.each(|a, b, at, count| {
        let (Some(&a), Some(&b)) = (old.case.cells.get(a), new.case.cells.get(b)) else { return };
        if (a == b && !lens.volume && lens.tags.is_empty()) || pairs.are_too_many() {
            return;
        }
        let (_, differing) = known.entry((a, b)).or_insert_with(|| {
            let judged = pairs.judge(&lens, (a, b));
            let differing = paid.differing(&judged);
            (judged, differing)
        });
        let kinds = differing.kinds;
        if kinds.is_empty() {
            return;
        }
        compared.changed = compared.changed.saturating_add(count);
        let distance = grid.distance(at);
        for kind in kinds.iter() {
            let found = nearest.entry(kind).or_insert_with(|| Nearest {
                contexts: 0,
                level: 0,
                distance: usize::MAX,
                at: Vec::new(),
                pair: (a, b),
            });
            found.contexts = found.contexts.saturating_add(count);
            found.level = found.level.max(level(grid, at));
            if distance < found.distance {
                (found.distance, found.pair, found.at) = (distance, (a, b), at.to_vec());
            }
        }
    });
    compared.details = nearest
        .into_iter()
        .map(|(kind, found)| {
            let pair = (Some(found.pair.0), Some(found.pair.1));
            let example = example(lens.store, grid, &found.at, pair, kind);
            Detail { kind, contexts: found.contexts, level: found.level, example }
        })
        .collect();
    let mut judged: Vec<_> =
        known.into_iter().filter(|(_, (_, differing))| !differing.kinds.is_empty()).collect();
    judged.sort_unstable_by_key(|(pair, _)| *pair);
    for (_, (one, differing)) in &judged {
        compared.gained.join(one.gained.clone());
        compared.lost.join(one.lost.clone());
        compared.duties.extend(one.duties.iter().cloned());
        compared.is_priced |= differing.is_priced;
        compared.is_other_volume |= differing.is_used;
    }
    compared.routes = shortened(&judged.iter().map(|(_, (one, _))| &one.routes).collect());
    compared
}

/// Pairs of what is tried, in their order; of many what stands for all, made once for all use cases that have them.
pub(super) fn shortened(routes: &BTreeSet<&(Vec<String>, Vec<String>)>) -> Vec<String> {
    let all: Vec<String> = routes.iter().flat_map(|(old, new)| [old.join("; "), new.join("; ")]).collect();
    let many = routes.len() > effort::FINGERPRINT_ROUTES;
    if many { vec![fingerprint::whole(&all)] } else { all }
}

/// A context with what both sides decide in it; a side without the use case decides nothing.
pub fn example(
    store: &Store,
    grid: &Grid,
    at: &[usize],
    cells: (Option<u32>, Option<u32>),
    kind: Kind,
) -> Example {
    let (old, new) = (cells.0.and_then(|cell| store.get(cell)), cells.1.and_then(|cell| store.get(cell)));
    let on = shown(store, old, new, kind);
    let ids = |outcome: Option<&NumberedDecision>| {
        outcome.map(|outcome| store.ids(outcome, on)).unwrap_or_default()
    };
    let then = |outcome: Option<&NumberedDecision>| {
        outcome
            .map_or_else(|| "block".to_owned(), |o| duties::terminal_words(&duties::terminal(store, o, on)))
    };
    Example {
        context: grid.show(at),
        unusual: grid.unusual(at),
        on,
        old: ids(old),
        new: ids(new),
        old_then: then(old),
        new_then: then(new),
    }
}

/// The way of failing that shows how two outcomes differ: an outage where it does, else the first that does.
fn shown(
    store: &Store,
    old: Option<&NumberedDecision>,
    new: Option<&NumberedDecision>,
    kind: Kind,
) -> Option<Trigger> {
    let (old, new) = (old?, new?);
    let then = |on| duties::terminal(store, old, on) != duties::terminal(store, new, on);
    let targets = |on| store.ids(old, on) != store.ids(new, on);
    let ways = || std::iter::once(None).chain(Trigger::ALL.into_iter().map(Some));
    let first =
        if kind == Kind::Terminal { ways().find(|on| then(*on)) } else { ways().find(|on| targets(*on)) };
    first.or_else(|| ways().find(|on| targets(*on) || then(*on))).flatten()
}
