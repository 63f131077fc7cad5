//! What a loaded table is looked up in: flat lists, made once, so that a lookup is an index computation.

use std::collections::HashMap;

use super::decimal::{Cut, Share};
use super::format::{Axis, Table, UseCase};
use super::hash::Seed;
use super::names::Names;

/// The flat lists of a table that has no fault.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// By name and by endpoint tag.
    use_cases: HashMap<Box<str>, Entry, Seed>,
    /// Each once: most use cases have the axes of many others.
    shapes: Vec<Shape>,
    /// The cells of all use cases, one after the other: positions in `decisions`.
    cells: Vec<u32>,
    pub(super) classifications: Names,
    facts: Names,
    fact_values: Vec<FactValues>,
}

/// Where to find what a use case is looked up in; no table is so large that a position passes 32 bits.
#[derive(Debug, Clone, Copy)]
struct Entry {
    use_case: u32,
    shape: u32,
    first_cell: u32,
}

/// How requests move over the cells of use cases that have one classification and the same axes.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// The level of the classification.
    pub(super) level: usize,
    /// How far apart classifications stand; 0: they change nothing.
    pub(super) level_stride: usize,
    /// The cell of a request that states nothing.
    pub(super) baseline: usize,
    /// How far apart the positions on `budget.remaining` stand.
    budget_stride: usize,
    cuts: Vec<Cut>,
    /// How far apart the values of each fact stand; 0: it changes nothing.
    facts: Vec<usize>,
}

#[derive(Debug, Clone)]
struct FactValues {
    values: Names,
    default: usize,
}

/// A use case that a request names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    /// Its position in `use_cases`.
    pub(super) use_case: usize,
    /// How a request moves over its cells.
    pub(super) shape: &'a Shape,
    first_cell: usize,
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let seed = Seed::of(&table.digest);
        let mut index = Self {
            use_cases: HashMap::with_capacity_and_hasher(2 * table.use_cases.len(), seed),
            shapes: Vec::new(),
            cells: Vec::with_capacity(table.use_cases.iter().map(|use_case| use_case.cells.len()).sum()),
            classifications: Names::new(&table.classifications, seed),
            facts: Names::new(table.facts.keys(), seed),
            fact_values: Vec::with_capacity(table.facts.len()),
        };
        for fact in table.facts.values() {
            let values = Names::new(&fact.values, seed);
            let default = values.find(&fact.default).unwrap_or(0);
            index.fact_values.push(FactValues { values, default });
        }
        let mut shapes: HashMap<(&str, &[Axis]), usize> = HashMap::new();
        for (at, use_case) in table.use_cases.iter().enumerate() {
            let shape = *shapes.entry((&use_case.classification, &use_case.axes)).or_insert_with(|| {
                index.shapes.push(index.shape(use_case));
                index.shapes.len() - 1
            });
            let entry =
                Entry { use_case: narrow(at), shape: narrow(shape), first_cell: narrow(index.cells.len()) };
            index.use_cases.insert(use_case.name.as_str().into(), entry);
            if let Some(tag) = &use_case.endpoint_tag {
                index.use_cases.insert(tag.as_str().into(), entry);
            }
            index.cells.extend(use_case.cells.iter().map(|cell| narrow(*cell)));
        }
        index
    }

    fn shape(&self, use_case: &UseCase) -> Shape {
        let mut shape = Shape {
            level: self.classifications.find(&use_case.classification).unwrap_or(0),
            level_stride: 0,
            baseline: 0,
            budget_stride: 0,
            cuts: Vec::new(),
            facts: vec![0; self.facts.len()],
        };
        // The first axis is the most significant, so strides grow from the last.
        let mut stride = 1;
        for axis in use_case.axes.iter().rev() {
            let fact = self.facts.find(&axis.fact);
            if let Some(cuts) = &axis.cuts {
                shape.cuts = cuts.iter().filter_map(|cut| Cut::parse(cut)).collect();
                shape.budget_stride = stride;
                // All of the budget is left: that satisfies no cut.
                shape.baseline += shape.cuts.len() * stride;
                stride *= shape.cuts.len() + 1;
            } else if let Some((fact, of_fact)) = fact.and_then(|at| Some((at, self.fact_values.get(at)?))) {
                if let Some(own) = shape.facts.get_mut(fact) {
                    *own = stride;
                }
                shape.baseline += of_fact.default * stride;
                stride *= of_fact.values.len();
            } else {
                shape.level_stride = stride;
                stride *= axis.values.as_ref().map_or(1, Vec::len);
            }
        }
        shape
    }

    /// The use case with this name or endpoint tag.
    pub(super) fn use_case(&self, name: &str) -> Option<Found<'_>> {
        let entry = self.use_cases.get(name)?;
        Some(Found {
            use_case: entry.use_case as usize,
            shape: self.shapes.get(entry.shape as usize)?,
            first_cell: entry.first_cell as usize,
        })
    }

    /// The decision of a cell of a use case.
    pub(super) fn decision(&self, found: Found, cell: usize) -> Option<usize> {
        self.cells.get(found.first_cell + cell).map(|decision| *decision as usize)
    }

    /// A fact, and the positions of a value of it and of its default.
    pub(super) fn fact(&self, name: &str, value: &str) -> Option<(usize, usize, usize)> {
        let at = self.facts.find(name)?;
        let fact = self.fact_values.get(at)?;
        Some((at, fact.values.find(value)?, fact.default))
    }
}

/// A position that the size of a table keeps small; were it not, it would lead nowhere, and nowhere is block.
fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

impl Shape {
    /// How far apart the values of a fact stand; 0: it changes nothing.
    pub(super) fn fact_stride(&self, fact: usize) -> usize {
        self.facts.get(fact).copied().unwrap_or(0)
    }

    /// How far back from its baseline a share of the budget lies.
    pub(super) fn budget_steps(&self, share: Share) -> usize {
        self.cuts.iter().map(|cut| usize::from(cut.holds(share))).sum::<usize>() * self.budget_stride
    }
}
