//! What a lookup needs, in the order in which it needs it: names to numbers, numbers to a cell, a cell to a decision.

use std::collections::HashMap;

use super::decimal::{Cut, Share};
use super::format::{Axis, AxisName, Table};
use super::hash::Seed;
use super::names::{Facts, Names, is_name};

/// Up to so many facts have their strides in full; a shape of more keeps those that change something.
const DENSE: usize = 64;

/// The table by what a request says.
#[derive(Debug, Clone)]
pub(super) struct Index {
    use_cases: HashMap<Box<str>, Entry, Seed>,
    pub(super) classifications: Names,
    pub(super) facts: Facts,
    /// The budgets that have an attribute, by position among those.
    pub(super) budgets: Names,
    shapes: Box<[Shape]>,
    /// The strides of facts, of each shape all; nothing where there are many facts.
    strides: Box<[u32]>,
    cut_lists: Box<[Cuts]>,
    /// The decisions of all cells.
    cells: Box<[u32]>,
}

/// A use case, found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its position.
    pub(super) use_case: u32,
    shape: u32,
    first_cell: u32,
}

/// How cells are laid out: use cases of one classification and one grid share it.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Level of the use case's own classification.
    pub(super) level: u32,
    pub(super) level_stride: u32,
    /// The cell of a request that states nothing.
    pub(super) baseline: u32,
    smallest: Steps,
    named: Box<[(u32, Steps)]>,
    /// The strides of those facts that change anything, by fact.
    facts: Box<[(u32, u32)]>,
}

/// An axis of a remaining share: how far a position is from the next, and where it is cut.
#[derive(Debug, Clone, Copy, Default)]
struct Steps {
    stride: u32,
    cuts: u32,
}

/// A list of cuts, and for every whole percent how many of them hold.
#[derive(Debug, Clone)]
struct Cuts {
    cuts: Box<[Cut]>,
    whole: Box<[u32; 101]>,
}

impl Cuts {
    fn new(texts: &[String]) -> Self {
        let cuts: Box<[Cut]> = texts.iter().filter_map(|text| Cut::parse(text)).collect();
        let mut whole = Box::new([0; 101]);
        for (percent, held) in (0u8..).zip(whole.iter_mut()) {
            *held = count(&cuts, Share::whole(percent));
        }
        Self { cuts, whole }
    }

    /// How many cuts a share satisfies.
    fn held(&self, share: Share) -> u32 {
        match share.as_whole().and_then(|whole| self.whole.get(usize::from(whole))) {
            Some(held) => *held,
            None => count(&self.cuts, share),
        }
    }
}

/// The cuts ascend: whoever satisfies one satisfies all after it.
fn count(cuts: &[Cut], share: Share) -> u32 {
    let first = cuts.partition_point(|cut| !cut.holds(share));
    u32::try_from(cuts.len() - first).unwrap_or_default()
}

impl Index {
    pub(super) fn new(table: &Table) -> Self {
        let seed = Seed::of(&table.digest);
        let facts = Facts::new(table.facts.iter(), seed);
        let named = table.budgets.iter().map(|budget| budget.name.as_str()).filter(|name| is_name(name));
        let mut index = Self {
            use_cases: HashMap::with_capacity_and_hasher(2 * table.use_cases.len(), seed),
            classifications: Names::new(table.classifications.iter().map(String::as_str), seed),
            facts,
            budgets: Names::new(named, seed),
            shapes: Box::default(),
            strides: Box::default(),
            cut_lists: Box::default(),
            cells: Box::default(),
        };
        index.fill(table);
        index
    }

    fn fill(&mut self, table: &Table) {
        let mut cells = Vec::with_capacity(table.use_cases.iter().map(|use_case| use_case.cells.len()).sum());
        let (mut shapes, mut by_shape) = (Shapes::default(), HashMap::new());
        for (at, use_case) in (0u32..).zip(&table.use_cases) {
            let level = self.classifications.find(&use_case.classification).unwrap_or_default();
            let shape = *by_shape.entry((level, use_case.axes)).or_insert_with(|| {
                let axes = table.grids.get(use_case.axes).map(Vec::as_slice).unwrap_or_default();
                shapes.add(self, level, axes)
            });
            let first_cell = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            let entry = Entry { use_case: at, shape, first_cell };
            self.use_cases.insert(use_case.name.as_str().into(), entry);
            if let Some(tag) = &use_case.endpoint_tag {
                self.use_cases.insert(tag.as_str().into(), entry);
            }
            cells.extend(use_case.cells.iter().map(|cell| u32::try_from(*cell).unwrap_or(u32::MAX)));
        }
        self.cells = cells.into();
        self.shapes = shapes.shapes.into();
        self.strides = shapes.strides.into();
        self.cut_lists = shapes.cut_lists.into();
    }

    /// A use case by name or endpoint tag.
    pub(super) fn use_case(&self, name: &str) -> Option<Entry> {
        self.use_cases.get(name).copied()
    }

    pub(super) fn shape(&self, entry: Entry) -> Option<&Shape> {
        self.shapes.get(entry.shape as usize)
    }

    /// How far a fact's next value is from one; 0 where the fact changes nothing.
    pub(super) fn fact_stride(&self, entry: Entry, fact: u32) -> u32 {
        if self.facts.len() <= DENSE {
            let at = entry.shape as usize * self.facts.len() + fact as usize;
            return self.strides.get(at).copied().unwrap_or(0);
        }
        let facts = self.shape(entry).map(|shape| &shape.facts[..]).unwrap_or_default();
        let at = facts.binary_search_by_key(&fact, |(known, _)| *known).ok();
        at.and_then(|at| facts.get(at)).map_or(0, |(_, stride)| *stride)
    }

    /// How far a smallest remaining share is from 100%.
    pub(super) fn smallest_steps(&self, shape: &Shape, share: Share) -> u32 {
        self.steps(shape.smallest, share)
    }

    /// How far the remaining share of a budget is from 100%.
    pub(super) fn budget_steps(&self, shape: &Shape, budget: u32, share: Share) -> u32 {
        let at = shape.named.binary_search_by_key(&budget, |(known, _)| *known).ok();
        at.and_then(|at| shape.named.get(at)).map_or(0, |(_, axis)| self.steps(*axis, share))
    }

    fn steps(&self, axis: Steps, share: Share) -> u32 {
        if axis.stride == 0 {
            return 0;
        }
        let cuts = self.cut_lists.get(axis.cuts as usize);
        cuts.map_or(0, |cuts| cuts.held(share).wrapping_mul(axis.stride))
    }

    /// The decision of a use case's cell.
    pub(super) fn decision(&self, entry: Entry, cell: u32) -> Option<u32> {
        self.cells.get(entry.first_cell.wrapping_add(cell) as usize).copied()
    }
}

/// The shapes so far.
#[derive(Default)]
struct Shapes<'t> {
    shapes: Vec<Shape>,
    strides: Vec<u32>,
    cut_lists: Vec<Cuts>,
    by_cuts: HashMap<&'t [String], u32>,
}

impl<'t> Shapes<'t> {
    /// Adds the shape of a classification and a grid, whose last axis is the fastest.
    fn add(&mut self, index: &Index, level: u32, axes: &'t [Axis]) -> u32 {
        let first = self.strides.len();
        if index.facts.len() <= DENSE {
            self.strides.resize(first + index.facts.len(), 0);
        }
        let mut shape = Shape {
            level,
            level_stride: 0,
            baseline: 0,
            smallest: Steps::default(),
            named: Box::default(),
            facts: Box::default(),
        };
        let (mut stride, mut named, mut facts) = (1u32, Vec::new(), Vec::new());
        for axis in axes.iter().rev() {
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
            stride = stride.wrapping_mul(u32::try_from(axis.positions()).unwrap_or_default());
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
            self.cut_lists.push(Cuts::new(texts));
        }
        at
    }
}
