//! What a lookup needs, in the order in which it needs it: names to numbers, numbers to a cell, a cell to a decision.

use std::collections::HashMap;

use super::decimal::{Cut, Share};
use super::format::{Axis, AxisName, Table};
use super::hash::Seed;
use super::names::{Facts, Names, is_name};
use super::use_cases::UseCases;
use super::walk::strides;

/// Up to so many facts have their strides in full; a shape of more keeps those that change something.
const DENSE: usize = 64;

/// How many whole percents there are.
const WHOLE: usize = 101;

/// The table by what a request says.
#[derive(Debug, Clone)]
pub(super) struct Index {
    use_cases: UseCases,
    pub(super) classifications: Names,
    pub(super) facts: Facts,
    /// The budgets that have an attribute, by position among those.
    pub(super) budgets: Names,
    shapes: Box<[Shape]>,
    /// The strides of facts, of each shape all; nothing where there are many facts.
    strides: Box<[u32]>,
    cut_lists: Box<[Box<[Cut]>]>,
    /// How many cuts hold at every whole percent, of each list.
    held: Box<[u32]>,
    /// The decisions of all cells.
    cells: Box<[u32]>,
    /// The models of the primaries of all decisions.
    primaries: Box<[u32]>,
}

/// A use case, found, with what every lookup reads of its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it stands in the table's list.
    pub(super) use_case: u32,
    /// Level of its own classification.
    pub(super) level: u32,
    pub(super) level_stride: u32,
    /// The cell of a request that states nothing, among those of all use cases.
    pub(super) cell: u32,
    smallest: Steps,
    shape: u32,
}

impl Entry {
    /// That of no use case.
    pub(super) const NONE: Self = Self {
        use_case: u32::MAX,
        level: 0,
        level_stride: 0,
        cell: u32::MAX,
        smallest: Steps { stride: 0, cuts: 0 },
        shape: u32::MAX,
    };
}

/// How cells are laid out: use cases of one grid share it.
#[derive(Debug, Clone)]
struct Shape {
    level_stride: u32,
    /// The cell of a request that states nothing.
    baseline: u32,
    smallest: Steps,
    named: Box<[(u32, Steps)]>,
    /// The strides of those facts that change anything, by fact.
    facts: Box<[(u32, u32)]>,
}

/// An axis of a remaining share: how far a position is from the next, and where it is cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Steps {
    stride: u32,
    cuts: u32,
}

/// The cuts ascend: whoever satisfies one satisfies all after it.
#[inline(never)]
fn count(cuts: &[Cut], share: Share) -> u32 {
    let first = cuts.partition_point(|cut| !cut.holds(share));
    u32::try_from(cuts.len() - first).unwrap_or_default()
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let seed = Seed::of(&table.digest);
        let facts = Facts::new(table.facts.iter(), seed);
        let named = table.budgets.iter().map(|budget| budget.name.as_str()).filter(|name| is_name(name));
        let primaries = table.decisions.iter().map(|decision| {
            decision
                .primary
                .as_ref()
                .and_then(|primary| u32::try_from(primary.model).ok())
                .unwrap_or(u32::MAX)
        });
        let mut index = Self {
            use_cases: UseCases::new(&[], seed),
            classifications: Names::new(table.classifications.iter().map(String::as_str), seed),
            facts,
            budgets: Names::new(named, seed),
            shapes: Box::default(),
            strides: Box::default(),
            cut_lists: Box::default(),
            held: Box::default(),
            cells: Box::default(),
            primaries: primaries.collect(),
        };
        index.fill(table, seed);
        index
    }

    fn fill(&mut self, table: &Table, seed: Seed) {
        let mut cells = Vec::with_capacity(table.use_cases.iter().map(|use_case| use_case.cells.len()).sum());
        let mut names = Vec::with_capacity(table.use_cases.len());
        let (mut shapes, mut by_shape) = (Shapes::default(), HashMap::new());
        for (at, use_case) in (0u32..).zip(&table.use_cases) {
            let level = self.classifications.find(&use_case.classification).unwrap_or_default();
            let number = *by_shape.entry(use_case.axes).or_insert_with(|| {
                let axes = table.grids.get(use_case.axes).map(Vec::as_slice).unwrap_or_default();
                shapes.add(self, axes)
            });
            let first_cell = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            let entry = shapes.shapes.get(number as usize).map_or(Entry::NONE, |shape| Entry {
                use_case: at,
                level,
                level_stride: shape.level_stride,
                cell: first_cell.wrapping_add(shape.baseline),
                smallest: shape.smallest,
                shape: number,
            });
            names.push((use_case.name.as_str(), entry));
            let tag = use_case.endpoint_tag.as_deref().filter(|tag| *tag != use_case.name);
            names.extend(tag.map(|tag| (tag, entry)));
            cells.extend(use_case.cells.iter().map(|cell| u32::try_from(*cell).unwrap_or(u32::MAX)));
        }
        self.use_cases = UseCases::new(&names, seed);
        self.cells = cells.into();
        self.shapes = shapes.shapes.into();
        self.strides = shapes.strides.into();
        self.cut_lists = shapes.cut_lists.into();
        self.held = shapes.held.into();
    }

    /// A use case by name or endpoint tag.
    pub(super) fn use_case(&self, name: &str) -> Option<&Entry> {
        self.use_cases.find(name)
    }

    /// How far a fact's next value is from one; 0 where the fact changes nothing.
    #[inline]
    pub(super) fn fact_stride(&self, entry: &Entry, fact: u32) -> u32 {
        if self.facts.len() > DENSE {
            return self.sparse_stride(entry, fact);
        }
        let first = (entry.shape as usize).wrapping_mul(self.facts.len());
        self.strides.get(first.wrapping_add(fact as usize)).copied().unwrap_or(0)
    }

    #[inline(never)]
    fn sparse_stride(&self, entry: &Entry, fact: u32) -> u32 {
        let facts = self.shapes.get(entry.shape as usize).map(|shape| &shape.facts[..]).unwrap_or_default();
        let at = facts.binary_search_by_key(&fact, |(known, _)| *known).ok();
        at.and_then(|at| facts.get(at)).map_or(0, |(_, stride)| *stride)
    }

    /// How far a smallest remaining share is from 100%.
    pub(super) fn smallest_steps(&self, entry: &Entry, share: Share) -> u32 {
        self.steps(entry.smallest, share)
    }

    /// How far the remaining share of a budget is from 100%.
    pub(super) fn budget_steps(&self, entry: &Entry, budget: u32, share: Share) -> u32 {
        let Some(shape) = self.shapes.get(entry.shape as usize) else { return 0 };
        let at = shape.named.binary_search_by_key(&budget, |(known, _)| *known).ok();
        at.and_then(|at| shape.named.get(at)).map_or(0, |(_, axis)| self.steps(*axis, share))
    }

    /// A share that is no axis has a stride of 0, wherever its cuts may be.
    #[inline]
    fn steps(&self, axis: Steps, share: Share) -> u32 {
        let held = match share.as_whole() {
            Some(whole) => {
                let first = (axis.cuts as usize).wrapping_mul(WHOLE);
                self.held.get(first.wrapping_add(whole.into())).copied().unwrap_or(0)
            }
            None => self.cut_lists.get(axis.cuts as usize).map_or(0, |cuts| count(cuts, share)),
        };
        held.wrapping_mul(axis.stride)
    }

    /// The decision of a cell.
    pub(super) fn decision(&self, cell: u32) -> Option<u32> {
        self.cells.get(cell as usize).copied()
    }

    /// The model of a decision's primary; no model where there is none.
    pub(super) fn primary(&self, decision: u32) -> usize {
        self.primaries.get(decision as usize).map_or(usize::MAX, |model| *model as usize)
    }
}

/// The shapes so far.
#[derive(Default)]
struct Shapes<'t> {
    shapes: Vec<Shape>,
    strides: Vec<u32>,
    cut_lists: Vec<Box<[Cut]>>,
    held: Vec<u32>,
    by_cuts: HashMap<&'t [String], u32>,
}

impl<'t> Shapes<'t> {
    /// Adds the shape of a grid, whose last axis is the fastest.
    fn add(&mut self, index: &Index, axes: &'t [Axis]) -> u32 {
        let first = self.strides.len();
        if index.facts.len() <= DENSE {
            self.strides.resize(first + index.facts.len(), 0);
        }
        let mut shape = Shape {
            level_stride: 0,
            baseline: 0,
            smallest: Steps::default(),
            named: Box::default(),
            facts: Box::default(),
        };
        let (mut named, mut facts) = (Vec::new(), Vec::new());
        for (axis, stride) in strides(axes, |axis| axis.positions()) {
            let stride = u32::try_from(stride).unwrap_or_default();
            if let Some(cuts) = &axis.cuts {
                let last = u32::try_from(cuts.len()).unwrap_or_default();
                shape.baseline = shape.baseline.wrapping_add(last.wrapping_mul(stride));
            }
            let mut share = || Steps { stride, cuts: self.cuts(axis.cuts.as_deref().unwrap_or_default()) };
            match axis.name() {
                AxisName::Classification => shape.level_stride = stride,
                AxisName::Remaining => shape.smallest = share(),
                AxisName::RemainingOf(name) => {
                    named.extend(index.budgets.find(name).map(|budget| (budget, share())));
                }
                AxisName::Fact(name) => {
                    if let Some(fact) = index.facts.name(name) {
                        let (_, default) = index.facts.values(fact).unwrap_or_default();
                        shape.baseline = shape.baseline.wrapping_add(default.wrapping_mul(stride));
                        facts.push((fact, stride));
                        if let Some(slot) = self.strides.get_mut(first + fact as usize) {
                            *slot = stride;
                        }
                    }
                }
            }
        }
        named.sort_unstable_by_key(|(budget, _)| *budget);
        facts.sort_unstable_by_key(|(fact, _)| *fact);
        shape.named = named.into();
        shape.facts = facts.into();
        self.shapes.push(shape);
        u32::try_from(self.shapes.len() - 1).unwrap_or(u32::MAX)
    }

    fn cuts(&mut self, texts: &'t [String]) -> u32 {
        let next = u32::try_from(self.cut_lists.len()).unwrap_or(u32::MAX);
        let at = *self.by_cuts.entry(texts).or_insert(next);
        if at == next {
            let cuts: Box<[Cut]> = texts.iter().filter_map(|text| Cut::parse(text)).collect();
            self.held.extend((0u8..).take(WHOLE).map(|percent| count(&cuts, Share::whole(percent))));
            self.cut_lists.push(cuts);
        }
        at
    }
}
