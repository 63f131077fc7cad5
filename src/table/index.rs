//! What a loaded table is looked up in: flat lists, made once, so that a lookup is an index computation.

use std::collections::HashMap;

use super::decimal::{Cut, Share};
use super::format::{Table, UseCase};
use super::hash::Seed;

/// The flat lists of a table that has no fault.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Names and endpoint tags of use cases.
    use_cases: HashMap<String, usize, Seed>,
    plans: Vec<Plan>,
    pub(super) classifications: Names,
    facts: Names,
    fact_values: Vec<FactValues>,
    /// The cells of all use cases, one after the other: positions in `decisions`.
    cells: Vec<u32>,
}

/// How to find a use case's cell.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// The level of its own classification.
    pub(super) level: usize,
    /// The cell of a request that states nothing.
    pub(super) baseline: usize,
    /// How far apart classifications stand; 0: they change nothing.
    pub(super) level_stride: usize,
    /// How far apart the positions on `budget.remaining` stand.
    budget_stride: usize,
    cuts: Vec<Cut>,
    /// The facts that change its decision, and how far apart their values stand.
    facts: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct FactValues {
    values: Names,
    default: usize,
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let mut index = Self {
            use_cases: HashMap::with_capacity_and_hasher(2 * table.use_cases.len(), Seed::of(&table.digest)),
            plans: Vec::with_capacity(table.use_cases.len()),
            classifications: Names::new(&table.classifications),
            facts: Names::new(table.facts.keys()),
            fact_values: Vec::with_capacity(table.facts.len()),
            cells: Vec::with_capacity(table.use_cases.iter().map(|use_case| use_case.cells.len()).sum()),
        };
        for fact in table.facts.values() {
            let values = Names::new(&fact.values);
            let default = values.find(&fact.default).unwrap_or(0);
            index.fact_values.push(FactValues { values, default });
        }
        for use_case in &table.use_cases {
            index.add(use_case);
        }
        index
    }

    fn add(&mut self, use_case: &UseCase) {
        let at = self.plans.len();
        self.use_cases.extend(use_case.endpoint_tag.iter().map(|tag| (tag.clone(), at)));
        self.use_cases.insert(use_case.name.clone(), at);
        let mut plan = Plan {
            level: self.classifications.find(&use_case.classification).unwrap_or(0),
            baseline: self.cells.len(),
            level_stride: 0,
            budget_stride: 0,
            cuts: Vec::new(),
            facts: Vec::new(),
        };
        // The first axis is the most significant, so strides grow from the last.
        let mut stride = 1;
        for axis in use_case.axes.iter().rev() {
            let fact = self.facts.find(&axis.fact);
            if let Some(cuts) = &axis.cuts {
                plan.cuts = cuts.iter().filter_map(|cut| Cut::parse(cut)).collect();
                plan.budget_stride = stride;
                // All of the budget is left: that satisfies no cut.
                plan.baseline += plan.cuts.len() * stride;
                stride *= plan.cuts.len() + 1;
            } else if let Some((fact, of_fact)) = fact.and_then(|at| Some((at, self.fact_values.get(at)?))) {
                plan.facts.push((fact, stride));
                plan.baseline += of_fact.default * stride;
                stride *= of_fact.values.len();
            } else {
                plan.level_stride = stride;
                stride *= axis.values.as_ref().map_or(1, Vec::len);
            }
        }
        self.plans.push(plan);
        // The loader has checked every cell, and no table is so large that a position passes 32 bits.
        self.cells.extend(use_case.cells.iter().map(|cell| u32::try_from(*cell).unwrap_or(u32::MAX)));
    }

    /// The use case with this name or endpoint tag.
    pub(super) fn use_case(&self, name: &str) -> Option<(usize, &Plan)> {
        let at = *self.use_cases.get(name)?;
        Some((at, self.plans.get(at)?))
    }

    /// The decision of a cell.
    pub(super) fn decision(&self, cell: usize) -> Option<usize> {
        self.cells.get(cell).and_then(|decision| usize::try_from(*decision).ok())
    }

    /// A fact, and the positions of a value of it and of its default.
    pub(super) fn fact(&self, name: &str, value: &str) -> Option<(usize, usize, usize)> {
        let at = self.facts.find(name)?;
        let fact = self.fact_values.get(at)?;
        Some((at, fact.values.find(value)?, fact.default))
    }
}

impl Plan {
    /// How far apart the values of a fact stand; 0: it changes nothing.
    pub(super) fn fact_stride(&self, fact: usize) -> usize {
        self.facts.iter().find(|(known, _)| *known == fact).map_or(0, |(_, stride)| *stride)
    }

    /// How far back from its baseline a share of the budget lies.
    pub(super) fn budget_steps(&self, share: Share) -> usize {
        // The cuts ascend, so those that do not hold come first.
        let position = self.cuts.partition_point(|cut| !cut.holds(share));
        (self.cuts.len() - position) * self.budget_stride
    }
}

/// Names and their positions, found by length first: names differ in it more often than not.
#[derive(Debug, Clone)]
pub(super) struct Names(Vec<(Box<str>, usize)>);

impl Names {
    fn new<'n>(names: impl IntoIterator<Item = &'n String>) -> Self {
        let mut names: Vec<(Box<str>, usize)> =
            names.into_iter().enumerate().map(|(at, name)| (name.as_str().into(), at)).collect();
        names.sort_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        Self(names)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The position of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let order = |known: &str| known.len().cmp(&name.len()).then_with(|| known.cmp(name));
        let at = self.0.binary_search_by(|(known, _)| order(known)).ok()?;
        self.0.get(at).map(|(_, position)| *position)
    }
}
