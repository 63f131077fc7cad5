//! Two sides of one use case, context by context.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::duties;
use super::grid::{Grid, Part};
use super::kind::{Kind, Kinds};
use super::risk::{Gain, Reach};
use super::store::{Outcome, Store};

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
    /// Every distinct pair of target lists that differ.
    pub routes: BTreeSet<(Vec<String>, Vec<String>)>,
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
    /// Which.
    pub kind: Kind,
    /// In how many contexts.
    pub contexts: usize,
    /// The context nearest to a request that states nothing.
    pub example: Example,
}

/// A context and what both sides decide in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Names and values; what is not stated is left out.
    pub context: Vec<(String, String)>,
    /// What of it differs from a request that states nothing.
    pub unusual: Vec<(String, String)>,
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
    /// Models that have another id now.
    pub models: &'a Renames,
    /// Whether the use case's volumes differ.
    pub volume: bool,
}

impl Lens<'_> {
    fn new_id<'a>(&'a self, id: &'a str) -> &'a str {
        self.models.get(id).map_or(id, String::as_str)
    }

    /// How two outcomes differ.
    pub fn kinds(&self, old: &Outcome, new: &Outcome) -> Kinds {
        let mut kinds = Kinds::default();
        let (a, b): (Vec<&str>, Vec<&str>) = (
            self.store.targets(old).map(|(_, model)| self.new_id(&model.id)).collect(),
            self.store.targets(new).map(|(_, model)| model.id.as_str()).collect(),
        );
        kinds.set(Kind::Unroutable, !a.is_empty() && b.is_empty());
        kinds.set(Kind::Routable, a.is_empty() && !b.is_empty());
        if let ([first, ..], [other, ..]) = (a.as_slice(), b.as_slice()) {
            kinds.set(Kind::Primary, first != other);
            // Where another model serves first, the two that changed places are no change of failover.
            let rest = |all: &[&str]| -> Vec<String> {
                let rest = all.iter().skip(1).filter(|id| *id != first && *id != other);
                rest.map(|id| (*id).to_owned()).collect()
            };
            let after = if first == other { a.get(1..) != b.get(1..) } else { rest(&a) != rest(&b) };
            kinds.set(Kind::Failover, after);
            let then = duties::terminal(self.store, old) != duties::terminal(self.store, new);
            kinds.set(Kind::Terminal, then);
        }
        kinds.set(Kind::Obligations, !self.duties(old, new).is_empty());
        kinds.set(Kind::Cost, self.costs(old, new));
        let (before, after) = (Reach::of(self.store, old), Reach::of(self.store, new));
        kinds.set(Kind::Widened, !Gain::between(&before, &after).is_empty());
        kinds.set(Kind::Narrowed, !Gain::between(&after, &before).is_empty());
        kinds
    }

    /// Positions of the targets that both have.
    fn common(&self, old: &Outcome, new: &Outcome) -> Vec<(usize, usize)> {
        let ids: Vec<&str> = self.store.targets(new).map(|(_, model)| model.id.as_str()).collect();
        let common = self.store.targets(old).enumerate().filter_map(|(at, (_, model))| {
            let id = self.new_id(&model.id);
            Some((at, ids.iter().position(|known| *known == id)?))
        });
        common.collect()
    }

    fn duties(&self, old: &Outcome, new: &Outcome) -> Vec<String> {
        duties::differences(self.store, old, new, &self.common(old, new))
    }

    /// Whether a model that serves on both sides costs otherwise.
    fn costs(&self, old: &Outcome, new: &Outcome) -> bool {
        let common = self.common(old, new);
        let same_primary = common.contains(&(0, 0));
        let dearer = common.iter().any(|(at, other)| {
            let (Some(a), Some(b)) = (old.targets.get(*at), new.targets.get(*other)) else { return false };
            let (Some(before), Some(after)) =
                (self.store.models.get(a.model), self.store.models.get(b.model))
            else {
                return false;
            };
            before.input_usd_per_1m != after.input_usd_per_1m
                || before.output_usd_per_1m != after.output_usd_per_1m
                || (same_primary && a.multiplier != b.multiplier)
        });
        dearer || (self.volume && !old.targets.is_empty() && !new.targets.is_empty())
    }
}

/// The nearest context of a kind so far.
struct Nearest {
    contexts: usize,
    distance: usize,
    at: Vec<usize>,
    pair: (u32, u32),
}

/// Compares a use case on two sides.
pub fn compare(lens: Lens, grid: &Grid, old: Part, new: Part) -> Compared {
    let mut known: HashMap<(u32, u32), Kinds> = HashMap::new();
    let mut nearest: BTreeMap<Kind, Nearest> = BTreeMap::new();
    let mut compared = Compared { contexts: grid.contexts(), ..Compared::default() };
    grid.each(|a, b, at, count| {
        let (Some(&a), Some(&b)) = (old.case.cells.get(a), new.case.cells.get(b)) else { return };
        if a == b && !lens.volume {
            return;
        }
        let kinds = *known.entry((a, b)).or_insert_with(|| match (lens.store.get(a), lens.store.get(b)) {
            (Some(a), Some(b)) => lens.kinds(a, b),
            _ => Kinds::default(),
        });
        if kinds.is_empty() {
            return;
        }
        compared.changed = compared.changed.saturating_add(count);
        let distance = grid.distance(at);
        for kind in kinds.iter() {
            let found = nearest.entry(kind).or_insert_with(|| Nearest {
                contexts: 0,
                distance: usize::MAX,
                at: Vec::new(),
                pair: (a, b),
            });
            found.contexts = found.contexts.saturating_add(count);
            if distance < found.distance {
                (found.distance, found.pair, found.at) = (distance, (a, b), at.to_vec());
            }
        }
    });
    compared.details = nearest
        .into_iter()
        .map(|(kind, found)| Detail {
            kind,
            contexts: found.contexts,
            example: example(lens.store, grid, &found.at, (Some(found.pair.0), Some(found.pair.1))),
        })
        .collect();
    let mut pairs: Vec<(u32, u32)> =
        known.into_iter().filter(|(_, kinds)| !kinds.is_empty()).map(|(pair, _)| pair).collect();
    pairs.sort_unstable();
    for (a, b) in pairs {
        let (Some(before), Some(after)) = (lens.store.get(a), lens.store.get(b)) else { continue };
        let (old_reach, new_reach) = (Reach::of(lens.store, before), Reach::of(lens.store, after));
        compared.gained.join(Gain::between(&old_reach, &new_reach));
        compared.lost.join(Gain::between(&new_reach, &old_reach));
        compared.duties.extend(lens.duties(before, after));
        compared.routes.insert((lens.store.ids(a), lens.store.ids(b)));
    }
    compared
}

/// A context with what both sides decide in it; a side without the use case decides nothing.
pub fn example(store: &Store, grid: &Grid, at: &[usize], cells: (Option<u32>, Option<u32>)) -> Example {
    let ids = |number: Option<u32>| number.map(|number| store.ids(number)).unwrap_or_default();
    let then = |number: Option<u32>| {
        let outcome = number.and_then(|number| store.get(number));
        outcome.map_or_else(|| "block".to_owned(), |o| duties::terminal_words(&duties::terminal(store, o)))
    };
    Example {
        context: grid.show(at),
        unusual: grid.unusual(at),
        old: ids(cells.0),
        new: ids(cells.1),
        old_then: then(cells.0),
        new_then: then(cells.1),
    }
}
