//! Regions that lie within regions, and where a request may be processed.

use std::collections::{HashMap, HashSet};

use super::names::{Set, Symbol};
use super::{Fact, FactId, FactValueId, Rule, Table, UseCase, World};
use crate::source::Span;
use crate::work;

/// Which regions enclose which: what the workspace's `regions` list says.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    /// Per region that lies within others, all of these, innermost first.
    enclosing: HashMap<Symbol, Vec<Symbol>>,
    /// Every region of the list.
    listed: HashSet<Symbol>,
}

impl Regions {
    /// Says which regions enclose one, innermost first.
    pub(super) fn enclose(&mut self, region: Symbol, enclosing: Vec<Symbol>) {
        self.listed.insert(region);
        if !enclosing.is_empty() {
            self.enclosing.insert(region, enclosing);
        }
    }

    /// Every region of the list, in no order.
    pub fn listed(&self) -> impl Iterator<Item = Symbol> + '_ {
        self.listed.iter().copied()
    }

    /// Whether the list has a region.
    pub fn is_listed(&self, region: Symbol) -> bool {
        self.listed.contains(&region)
    }

    /// The regions that enclose one, innermost first.
    pub fn enclosing(&self, region: Symbol) -> &[Symbol] {
        self.enclosing.get(&region).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every region with each that encloses it.
    pub fn pairs(&self) -> impl Iterator<Item = (Symbol, Symbol)> + '_ {
        self.enclosing.iter().flat_map(|(inner, outer)| outer.iter().map(|outer| (*inner, *outer)))
    }

    /// Whether a region lies within another one: within itself, and within all that enclose it.
    pub fn lies_within(&self, region: Symbol, outer: Symbol) -> bool {
        work::step();
        region == outer || self.enclosing.get(&region).is_some_and(|enclosing| enclosing.contains(&outer))
    }

    /// Whether a region lies within some region of a set.
    pub fn is_in(&self, region: Symbol, set: &Set) -> bool {
        set.has(region) || self.enclosing(region).iter().any(|outer| set.has(*outer))
    }

    /// Whether every region of the second set lies within some region of the first.
    pub fn covers(&self, outer: &Set, inner: &Set) -> bool {
        inner.iter().all(|region| self.is_in(region, outer))
    }

    /// Whether some region of a set lies within a region.
    pub fn has(&self, set: &Set, outer: Symbol) -> bool {
        set.iter().any(|region| self.lies_within(region, outer))
    }

    /// The regions of the first set that lie within some region of the second.
    pub fn inside(&self, set: &Set, outer: &Set) -> Set {
        set.iter().filter(|region| self.is_in(*region, outer)).collect()
    }

    /// Whether some region of the first set lies within some region of the second.
    pub fn meets(&self, set: &Set, outer: &Set) -> bool {
        set.iter().any(|region| self.is_in(region, outer))
    }

    /// What lies within both: `{eu}` and `{eu-central-1, us}` share `{eu-central-1}`.
    pub fn shared(&self, a: &Set, b: &Set) -> Set {
        let of_a = a.iter().filter(|region| self.is_in(*region, b));
        of_a.chain(b.iter().filter(|region| self.is_in(*region, a))).collect()
    }
}

/// A `process in`: the request is processed in one of these.
#[derive(Debug, Clone)]
pub struct ProcessIn {
    /// Regions and facts in regions, in the order written.
    pub places: Vec<Place>,
    /// Where findings about these places are reported.
    pub span: Span,
}

/// A region by its name, or the value of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The region itself and all within it.
    Region(Symbol),
    /// The region that the fact states.
    Fact(FactId),
}

impl ProcessIn {
    /// The regions that it names, given the values of the facts.
    pub fn regions(&self, world: &World, facts: &Table<Fact, FactValueId>) -> Set {
        let region = |place: &Place| match place {
            Place::Region(region) => *region,
            Place::Fact(id) => world.facts[*id].symbols[facts[*id]],
        };
        self.places.iter().map(region).collect()
    }
}

impl UseCase {
    /// The regions that it states; none: every region.
    pub fn stated_residency(&self) -> Option<&Set> {
        (!self.residency.is_empty()).then_some(&self.residency)
    }
}

impl Rule {
    /// The facts that its `process in` reads.
    pub fn placing_facts(&self) -> impl Iterator<Item = FactId> {
        self.process_in.iter().flat_map(|clause| &clause.places).filter_map(|place| match place {
            Place::Fact(id) => Some(*id),
            Place::Region(_) => None,
        })
    }

    /// Whether it narrows what may serve a request.
    pub fn has_promise(&self) -> bool {
        !self.promises.is_empty() || !self.process_in.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `eu { central { frankfurt }, west }, us`.
    fn regions() -> (Regions, [Symbol; 5]) {
        let all @ [eu, central, frankfurt, west, _] = [0, 1, 2, 3, 4].map(Symbol);
        let mut regions = Regions::default();
        regions.enclose(eu, Vec::new());
        regions.enclose(central, vec![eu]);
        regions.enclose(frankfurt, vec![central, eu]);
        regions.enclose(west, vec![eu]);
        (regions, all)
    }

    #[test]
    fn a_region_lies_within_itself_and_all_that_enclose_it() {
        let (regions, [eu, central, frankfurt, west, us]) = regions();
        assert!(regions.lies_within(frankfurt, frankfurt));
        assert!(regions.lies_within(frankfurt, central) && regions.lies_within(frankfurt, eu));
        assert!(!regions.lies_within(eu, frankfurt) && !regions.lies_within(west, central));
        assert!(!regions.lies_within(us, eu));
    }

    #[test]
    fn what_two_sets_share_is_the_narrower_of_each_pair() {
        let (regions, [eu, central, frankfurt, west, us]) = regions();
        let set = |symbols: &[Symbol]| symbols.iter().copied().collect::<Set>();
        assert_eq!(regions.shared(&set(&[eu]), &set(&[frankfurt, us])), set(&[frankfurt]));
        assert_eq!(regions.shared(&set(&[central, us]), &set(&[eu])), set(&[central]));
        assert_eq!(regions.shared(&set(&[west]), &set(&[central])), set(&[]));
        assert!(regions.covers(&set(&[eu]), &set(&[frankfurt, west])));
        assert!(!regions.covers(&set(&[frankfurt]), &set(&[eu])));
        assert!(regions.has(&set(&[frankfurt]), eu) && !regions.has(&set(&[eu]), frankfurt));
    }
}
