//! The common grid of two sides: every context that either of them tells apart.
//!
//! A fact or a value that a side does not know counts there as not stated. A classification that a side does not know
//! counts there as the next higher one that it knows, else as its highest: never as a lower one.
//!
//! Each axis is a list of steps, and each step says how far it leads in the cells of either side. The old side declares
//! `tenant in {standard, premium}` and cuts at 20%, the new one adds `trial` and cuts at 50%:
//!
//! ```text
//! tenant       standard  premium  trial          remaining    <20%   20%–50%   50% and more
//! old cell         0        +1      0            old cell       0       +2          +2
//! new cell         0        +1     +2            new cell       0        0          +3
//! ```
//!
//! A context is one step of each axis: its cell on a side is the sum of that side's row.

mod axes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::sides::{AxisKind, Case, CaseAxis, Side};
use crate::model::{ClassificationId, Classifications, context::Cut};
use crate::table::format::{self, AxisName};
use crate::table::{following, strides};
use axes::{budget, classification, fact};

/// One position of an axis: how far to go in the cells of each side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What stands in a context; none: not stated.
    pub shown: Option<String>,
    /// What a person reads instead: of a band not one value in it, but where it begins and ends.
    pub words: Option<String>,
    /// In the old side's cells.
    pub old: usize,
    /// In the new side's cells.
    pub new: usize,
    /// How many values lead to the same cells on both sides: this one shows them all.
    pub count: usize,
    /// The last of these values; none: not stated.
    pub last: Option<String>,
    /// Each of these values, or the band that they are; empty: not stated.
    pub values: Vec<String>,
}

/// What one axis of both sides comes to: a position for each value that either knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What it is called.
    pub name: AxisName<String>,
    /// In the order in which both sides list them.
    pub steps: Vec<Step>,
    /// The position of a request that states nothing.
    pub usual: usize,
}

/// All axes of a use case on two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// In the order classification, `budget.remaining`, named budgets by name, facts by name.
    pub axes: Vec<Axis>,
}

/// A side's part in a grid.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The side that decides.
    pub side: &'a Side,
    /// The use case on it.
    pub case: &'a Case,
}

impl<'a> Part<'a> {
    /// Whether both have the same contexts and decide each alike.
    pub fn decides_like(&self, other: Part) -> bool {
        let frame = |part: &Part<'a>| (&part.side.classifications, &part.side.facts, part.case.level);
        let ours = frame(self);
        ours == (&other.side.classifications, &other.side.facts, other.case.level)
            && self.case.axes == other.case.axes
            && self.case.cells == other.case.cells
    }

    /// The highest classification of its data.
    pub fn highest(&self) -> ClassificationId {
        let from_own = self.side.classifications.rest(self.case.level);
        self.case.level.after(from_own.len() - 1)
    }

    /// How many contexts it has.
    pub fn contexts(&self) -> usize {
        let levels = self.side.classifications.rest(self.case.level).len();
        let shares = self.case.axes.iter().filter(|axis| matches!(axis.kind, AxisKind::Share(..)));
        let facts = self.side.facts.iter().map(|(_, fact)| fact.values.len());
        let all = shares.map(|axis| axis.of.len()).chain(facts);
        all.fold(levels.max(1), usize::saturating_mul)
    }

    /// What it decides for a request that states nothing.
    pub fn usual(&self) -> Option<u32> {
        let mut at = 0usize;
        for (axis, stride) in strides(&self.case.axes, |axis| axis.classes) {
            let position = match &axis.kind {
                AxisKind::Classification => 0,
                AxisKind::Share(..) => axis.of.len().saturating_sub(1),
                AxisKind::Fact(fact) => {
                    let (_, fact) = self.side.facts.get(*fact)?;
                    fact.values.iter().position(|value| *value == fact.default)?
                }
            };
            at = at.saturating_add(stride.saturating_mul(*axis.of.get(position)? as usize));
        }
        self.case.cells.get(at).copied()
    }

    /// An axis of the cells and how many cells one class of it spans.
    fn axis(&self, wanted: impl Fn(&AxisKind) -> bool) -> Option<(&'a CaseAxis, usize)> {
        strides(&self.case.axes, |axis| axis.classes).find(|(axis, _)| wanted(&axis.kind))
    }

    /// How far each classification of a list leads from the use case's own: one that the side does not know counts as the
    /// next higher one of the list that it knows, else as its highest.
    fn classifications<'n>(&self, list: &'n Classifications) -> Cells<'n> {
        let own = &self.side.classifications;
        let known: HashMap<&str, ClassificationId> =
            own.enumerated().map(|(level, name)| (name.as_str(), level)).collect();
        let axis = self.axis(|kind| *kind == AxisKind::Classification);
        let mut level = self.highest();
        let mut cells = HashMap::new();
        for name in list.iter().rev() {
            level = known.get(name.as_str()).copied().unwrap_or(level);
            let steps = level.places_after(self.case.level).unwrap_or(0);
            cells.insert(name.as_str(), axis.map_or(0, |(axis, stride)| offset(axis, steps, stride)));
        }
        cells
    }

    /// Its declared facts, by name.
    fn facts(&self) -> HashMap<&'a str, Declared<'a>> {
        let all = strides(&self.case.axes, |axis| axis.classes);
        let of_facts = all.filter_map(|(axis, stride)| match axis.kind {
            AxisKind::Fact(fact) => Some((fact, (axis, stride))),
            AxisKind::Classification | AxisKind::Share(..) => None,
        });
        let axes: HashMap<usize, (&CaseAxis, usize)> = of_facts.collect();
        let declared = self
            .side
            .facts
            .iter()
            .enumerate()
            .map(|(at, (name, fact))| (name.as_str(), Declared { fact, axis: axes.get(&at).copied() }));
        declared.collect()
    }

    /// What remains of a budget, or of all, as an axis of the cells: its cuts, the axis and its stride.
    fn share(&self, budget: Option<&str>) -> Option<(&'a [Cut], &'a CaseAxis, usize)> {
        let is_it = |kind: &AxisKind| matches!(kind, AxisKind::Share(known, _) if known.as_deref() == budget);
        let (axis, stride) = self.axis(is_it)?;
        match &axis.kind {
            AxisKind::Share(_, cuts) => Some((cuts, axis, stride)),
            AxisKind::Classification | AxisKind::Fact(_) => None,
        }
    }

    fn budgets(&self) -> impl Iterator<Item = &'a str> {
        self.case.axes.iter().filter_map(|axis| match &axis.kind {
            AxisKind::Share(budget, _) => budget.as_deref(),
            AxisKind::Classification | AxisKind::Fact(_) => None,
        })
    }
}

/// How far names lead in the cells of one side.
type Cells<'n> = HashMap<&'n str, usize>;

/// A fact of one side, and the axis that it is among the cells, if it is one, with its stride.
#[derive(Clone, Copy)]
struct Declared<'a> {
    fact: &'a format::Fact,
    axis: Option<(&'a CaseAxis, usize)>,
}

impl Declared<'_> {
    /// How far each of its values leads in the cells.
    fn cells(&self) -> Cells<'_> {
        let Some((axis, stride)) = self.axis else { return HashMap::new() };
        let values = self.fact.values.iter().enumerate();
        values.map(|(position, value)| (value.as_str(), offset(axis, position, stride))).collect()
    }
}

/// How far a position of an axis leads in the cells.
fn offset(axis: &CaseAxis, position: usize, stride: usize) -> usize {
    axis.of.get(position).map_or(0, |class| (*class as usize).saturating_mul(stride))
}

impl Grid {
    /// The grid of a use case on two sides.
    pub fn new(old: Part, new: Part) -> Self {
        let mut axes = vec![classification(old, new), budget(None, old, new)];
        let budgets: BTreeSet<&str> = old.budgets().chain(new.budgets()).collect();
        axes.extend(budgets.into_iter().map(|name| budget(Some(name), old, new)));
        let mut names: Vec<&String> =
            old.side.facts.iter().chain(&new.side.facts).map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        let (old, new) = (old.facts(), new.facts());
        axes.extend(names.into_iter().map(|name| fact(name, old.get(name.as_str()), new.get(name.as_str()))));
        axes.iter_mut().for_each(Axis::join);
        Self { axes }
    }

    /// How many of its contexts are gone through.
    pub fn len(&self) -> usize {
        self.axes.iter().fold(1, |n, axis| n.saturating_mul(axis.steps.len()))
    }

    /// How many contexts it has.
    pub fn contexts(&self) -> usize {
        let counts = self.axes.iter().map(|axis| axis.steps.iter().map(|step| step.count).sum());
        counts.fold(1, usize::saturating_mul)
    }

    /// How many contexts are shown by one of them.
    fn count(&self, at: &[usize]) -> usize {
        let steps = self.axes.iter().zip(at).filter_map(|(axis, at)| axis.steps.get(*at));
        steps.fold(1, |n, step| n.saturating_mul(step.count))
    }

    /// Whether it has none, which it never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls for every context, the last axis fastest, with the cells of both sides, the positions, and how many
    /// contexts it shows.
    pub fn each(&self, mut see: impl FnMut(usize, usize, &[usize], usize)) {
        let mut at = vec![0usize; self.axes.len()];
        loop {
            let steps = self.axes.iter().zip(&at).filter_map(|(axis, at)| axis.steps.get(*at));
            let (old, new) = steps.fold((0, 0), |(old, new), step| (old + step.old, new + step.new));
            see(old, new, &at, self.count(&at));
            if !following(&mut at, self.axes.iter().map(|axis| axis.steps.len())) {
                return;
            }
        }
    }

    /// In how many axes a context differs from a request that states nothing.
    pub fn distance(&self, at: &[usize]) -> usize {
        self.axes.iter().zip(at).filter(|(axis, at)| axis.usual != **at).count()
    }

    /// The highest classification that a context shows.
    pub fn classification(&self, at: &[usize]) -> Option<&str> {
        let (axis, at) = self.axes.iter().zip(at).find(|(axis, _)| axis.name == AxisName::Classification)?;
        axis.steps.get(*at)?.last.as_deref()
    }

    /// The positions of a request that states nothing.
    pub fn usual(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.usual).collect()
    }

    /// The cells of both sides at some positions.
    pub fn cells(&self, at: &[usize]) -> (usize, usize) {
        let steps = self.axes.iter().zip(at).filter_map(|(axis, at)| axis.steps.get(*at));
        steps.fold((0, 0), |(old, new), step| (old + step.old, new + step.new))
    }

    /// A context in names, what is not stated left out.
    pub fn show(&self, at: &[usize]) -> Vec<(AxisName<String>, String)> {
        let shown = self
            .axes
            .iter()
            .zip(at)
            .filter_map(|(axis, at)| Some((axis.name.clone(), axis.steps.get(*at)?.shown.clone()?)));
        shown.collect()
    }
}

impl Axis {
    /// Joins the positions that lead to the same cells: the usual one shows its own, else the first.
    fn join(&mut self) {
        let usual = self.usual;
        let mut kept: Vec<(usize, Step)> = Vec::new();
        let mut known: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (at, step) in std::mem::take(&mut self.steps).into_iter().enumerate() {
            let joined = known.get(&(step.old, step.new)).and_then(|slot| kept.get_mut(*slot));
            let name = step.words.as_ref().or(step.shown.as_ref()).cloned().unwrap_or_default();
            if let Some((shown, joined)) = joined {
                let count = joined.count.saturating_add(step.count);
                let last = step.shown.clone();
                let mut values = std::mem::take(&mut joined.values);
                values.push(name);
                if at == usual {
                    (*shown, *joined) = (at, step);
                }
                (joined.count, joined.last, joined.values) = (count, last, values);
            } else {
                known.insert((step.old, step.new), kept.len());
                let last = step.shown.clone();
                kept.push((at, Step { last, values: vec![name], ..step }));
            }
        }
        // In the order in which they stand: the first of several equally near contexts is the example.
        kept.sort_by_key(|(at, _)| *at);
        self.usual = kept.iter().position(|(at, _)| *at == usual).unwrap_or(0);
        self.steps = kept.into_iter().map(|(_, step)| step).collect();
    }
}

impl Grid {
    /// Of a context only what differs from a request that states nothing.
    pub fn unusual(&self, at: &[usize]) -> Vec<(AxisName<String>, String)> {
        let apart = self.axes.iter().zip(at).filter(|(axis, at)| axis.usual != **at);
        let shown = apart.map(|(axis, at)| {
            let step = axis.steps.get(*at);
            let words = step.and_then(|step| step.words.as_ref().or(step.shown.as_ref()).cloned());
            (axis.name.clone(), words.unwrap_or_else(|| "not stated".to_owned()))
        });
        shown.collect()
    }
}
