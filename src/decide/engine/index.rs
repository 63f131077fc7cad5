//! The registry turned on its side: for every value the models that have it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use fixedbitset::FixedBitSet;

use super::scalar::number_of;
use crate::model::names::{Set, Symbol};
use crate::model::{Classification, Table, attribute::ModelAttribute};
use crate::model::{Model, World};
use crate::number::{Rational, compare, compare_small, equal, small};

/// The models of a registry by what gates and promises ask for.
#[derive(Debug)]
pub(super) struct Index {
    /// How many models there are.
    pub(super) size: usize,
    pub(super) compliance: SetIndex,
    pub(super) regions: SetIndex,
    pub(super) capabilities: SetIndex,
    /// Per classification the models whose ceiling is not below it.
    pub(super) ceilings: Table<Classification, FixedBitSet>,
    /// Per region, those that lie within it and where some model may process.
    inside: HashMap<Symbol, Vec<Symbol>>,
    /// Models that are not retired.
    pub(super) alive: FixedBitSet,
    /// Models of which a request can choose the region.
    pub(super) selectable: FixedBitSet,
    numbers: BTreeMap<ModelAttribute, Ranks>,
    /// The models with a number on some side of another one, by what was asked: use cases ask for few numbers.
    beside: Mutex<HashMap<Beside, Arc<FixedBitSet>>>,
    approved: HashMap<String, FixedBitSet>,
    approved_by_prefix: HashMap<String, FixedBitSet>,
}

/// An attribute, a number, and whether models count that lie above it; else those below.
type Beside = (ModelAttribute, Rational, bool);

/// Models by the elements of one of their sets.
#[derive(Debug)]
pub(super) struct SetIndex {
    by_symbol: BTreeMap<Symbol, FixedBitSet>,
    /// Models whose set is known.
    pub(super) known: FixedBitSet,
    nothing: FixedBitSet,
}

/// A number of every model as its rank among the distinct ones.
#[derive(Debug)]
pub(super) struct Ranks {
    /// The distinct numbers, ascending.
    distinct: Vec<Rational>,
    /// Per model; [`UNKNOWN`] where it is not stated.
    pub(super) of: Vec<u32>,
    /// Models that state it.
    pub(super) known: FixedBitSet,
}

/// The rank of an unknown number: after all others.
pub(super) const UNKNOWN: u32 = u32::MAX;

const NUMBERS: [ModelAttribute; 7] = [
    ModelAttribute::Retention,
    ModelAttribute::LatencyP50,
    ModelAttribute::LatencyP95,
    ModelAttribute::Availability,
    ModelAttribute::ContextWindow,
    ModelAttribute::InputCost,
    ModelAttribute::OutputCost,
];

impl Index {
    pub(super) fn new(world: &World) -> Self {
        let models = world.models.as_slice();
        let size = models.len();
        let which = |keep: &dyn Fn(&Model) -> bool| -> FixedBitSet {
            let mut set = FixedBitSet::with_capacity(size);
            set.extend(models.iter().enumerate().filter(|(_, model)| keep(model)).map(|(id, _)| id));
            set
        };
        let (mut approved, mut approved_by_prefix) = (HashMap::new(), HashMap::new());
        for (id, entry) in
            models.iter().enumerate().flat_map(|(id, m)| m.approved.iter().map(move |e| (id, e)))
        {
            let (map, key): (&mut HashMap<String, FixedBitSet>, &str) = match entry.value.strip_suffix('*') {
                Some(prefix) => (&mut approved_by_prefix, prefix),
                None => (&mut approved, &entry.value),
            };
            if let Some(set) = map.get_mut(key) {
                set.insert(id);
            } else {
                let mut set = FixedBitSet::with_capacity(size);
                set.insert(id);
                map.insert(key.to_owned(), set);
            }
        }
        Self {
            size,
            compliance: SetIndex::new(models, |model| model.compliance.as_ref()),
            regions: SetIndex::new(models, |model| model.regions.as_ref()),
            capabilities: SetIndex::new(models, |model| model.capabilities.as_ref()),
            ceilings: world
                .classifications
                .ids()
                .map(|level| which(&|model| model.ceiling >= level))
                .collect(),
            inside: HashMap::new(),
            alive: which(&|model| !model.retired),
            selectable: which(&|model| model.region_selectable == Some(true)),
            numbers: NUMBERS
                .into_iter()
                .map(|attribute| (attribute, Ranks::new(models, attribute)))
                .collect(),
            beside: Mutex::default(),
            approved,
            approved_by_prefix,
        }
        .placed(world)
    }

    fn placed(mut self, world: &World) -> Self {
        for region in self.regions.by_symbol.keys() {
            for outer in [*region].iter().chain(world.regions.enclosing(*region)) {
                self.inside.entry(*outer).or_default().push(*region);
            }
        }
        self
    }

    /// The regions within a region, itself counted, where some model may process.
    pub(super) fn inside(&self, outer: Symbol) -> &[Symbol] {
        self.inside.get(&outer).map(Vec::as_slice).unwrap_or_default()
    }

    /// A set of no models.
    pub(super) fn nobody(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.size)
    }

    /// A set of all models.
    pub(super) fn all(&self) -> FixedBitSet {
        let mut all = FixedBitSet::with_capacity(self.size);
        all.insert_range(..);
        all
    }

    /// The models approved for a use case.
    pub(super) fn approved(&self, use_case: &str) -> FixedBitSet {
        let mut found =
            self.approved.get(use_case).cloned().unwrap_or_else(|| FixedBitSet::with_capacity(self.size));
        let ends = use_case.char_indices().map(|(at, _)| at).chain([use_case.len()]);
        for prefix in ends.filter_map(|end| use_case.get(..end)) {
            if let Some(models) = self.approved_by_prefix.get(prefix) {
                found.union_with(models);
            }
        }
        found
    }

    /// The models of which a numeric attribute is a number, or above it where so asked, else below it.
    pub(super) fn beside(
        &self,
        attribute: ModelAttribute,
        number: &Rational,
        above: bool,
    ) -> Arc<FixedBitSet> {
        let asked = (attribute, number.clone(), above);
        // A thread that panicked has left at worst an entry fewer.
        let mut known = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&asked) {
            return Arc::clone(found);
        }
        let mut found = self.nobody();
        if let Some(ranks) = self.numbers(attribute) {
            let against = ranks.against(number);
            let wanted = if above { Ordering::Greater } else { Ordering::Less };
            let passes = |rank: u32| against(rank).is_some_and(|order| order.is_eq() || order == wanted);
            found.extend(ranks.of.iter().enumerate().filter(|(_, rank)| passes(**rank)).map(|(id, _)| id));
        }
        let found = Arc::new(found);
        known.insert(asked, Arc::clone(&found));
        found
    }

    /// A numeric attribute of the models, their blended cost aside.
    pub(super) fn numbers(&self, attribute: ModelAttribute) -> Option<&Ranks> {
        self.numbers.get(&attribute)
    }
}

impl SetIndex {
    fn new<'a>(models: &'a [Model], set: impl Fn(&'a Model) -> Option<&'a Set>) -> Self {
        let nothing = FixedBitSet::with_capacity(models.len());
        let (mut known, mut by_symbol) = (nothing.clone(), BTreeMap::new());
        for (id, set) in models.iter().enumerate().filter_map(|(id, model)| Some((id, set(model)?))) {
            known.insert(id);
            for symbol in set.iter() {
                by_symbol.entry(symbol).or_insert_with(|| nothing.clone()).insert(id);
            }
        }
        Self { by_symbol, known, nothing }
    }

    /// Models that have an element.
    pub(super) fn having(&self, symbol: Symbol) -> &FixedBitSet {
        self.by_symbol.get(&symbol).unwrap_or(&self.nothing)
    }

    /// Models that have every element of a set; all of them, unknown ones too, where it is empty.
    pub(super) fn covering(&self, set: &Set, all: &FixedBitSet) -> FixedBitSet {
        let mut found = all.clone();
        for symbol in set.iter() {
            found.intersect_with(self.having(symbol));
        }
        found
    }

    /// Models with a known set of which every element is of a kind.
    pub(super) fn only(&self, wanted: impl Fn(Symbol) -> bool) -> FixedBitSet {
        let mut found = self.known.clone();
        for (symbol, models) in &self.by_symbol {
            if !wanted(*symbol) {
                found.difference_with(models);
            }
        }
        found
    }
}

impl Ranks {
    fn new<'m>(models: &'m [Model], attribute: ModelAttribute) -> Self {
        let stated = |(id, model): (usize, &'m Model)| {
            let number = number_of(model, attribute)?;
            // Looked up once, and compared many times.
            Some((small(number), number, id))
        };
        let mut stated: Vec<_> = models.iter().enumerate().filter_map(stated).collect();
        stated.sort_unstable_by(|(a, number, _), (b, other, _)| match (a, b) {
            (Some(a), Some(b)) => compare_small(*a, *b),
            _ => compare(number, other),
        });
        let mut known = FixedBitSet::with_capacity(models.len());
        let mut of = vec![UNKNOWN; models.len()];
        let mut distinct: Vec<Rational> = Vec::new();
        for (_, number, id) in stated {
            if !distinct.last().is_some_and(|last| equal(last, number)) {
                distinct.push(number.clone());
            }
            known.insert(id);
            if let Some(rank) = of.get_mut(id) {
                *rank = u32::try_from(distinct.len() - 1).unwrap_or(UNKNOWN);
            }
        }
        Self { distinct, of, known }
    }

    /// Per model how its number stands to another one; none where it is unknown.
    pub(super) fn against(&self, number: &Rational) -> impl Fn(u32) -> Option<Ordering> {
        let found = self.distinct.binary_search_by(|known| compare(known, number));
        move |rank| {
            if rank == UNKNOWN {
                return None;
            }
            let rank = rank as usize;
            Some(match found {
                Ok(at) => rank.cmp(&at),
                Err(at) if rank < at => Ordering::Less,
                Err(_) => Ordering::Greater,
            })
        }
    }
}
