//! The common grid of two sides: every context that either of them tells apart.
//!
//! A fact or a value that a side does not know counts there as not stated. A classification that a side does not know
//! counts there as the next higher one that it knows, else as its highest: never as a lower one.

use super::sides::{Case, Side};
use crate::model::context::{Band, Cut, bands};
use crate::number::{self, Rational};

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
}

/// One axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// `classification`, `budget.remaining` or a fact.
    pub name: String,
    /// Its positions.
    pub steps: Vec<Step>,
    /// The position of a request that states nothing.
    pub usual: usize,
}

/// All axes of a use case on two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// In the order classification, `budget.remaining`, facts by name.
    pub axes: Vec<Axis>,
}

/// A side's part in a grid.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The side.
    pub side: &'a Side,
    /// The use case on it.
    pub case: &'a Case,
}

impl Part<'_> {
    /// How many cells one step on each of its axes spans: classification, budget, its facts.
    fn strides(&self) -> (usize, usize, Vec<usize>) {
        let mut stride = 1usize;
        let mut facts = vec![0; self.case.facts.len()];
        for (slot, fact) in facts.iter_mut().zip(&self.case.facts).rev() {
            *slot = stride;
            stride = stride.saturating_mul(self.side.facts.get(*fact).map_or(1, |(_, f)| f.values.len()));
        }
        let budget = stride;
        (budget.saturating_mul(self.case.cuts.len() + 1), budget, facts)
    }

    /// How far the classification of a request leads from the use case's own.
    fn classification(&self, name: &str, from: &Side) -> usize {
        if !self.case.by_class {
            return 0;
        }
        let own = &self.side.classifications;
        let known = |name: &String| own.iter().position(|known| known == name);
        let higher = from.classifications.iter().skip_while(|known| *known != name);
        let level = higher.into_iter().find_map(known).unwrap_or(own.len().saturating_sub(1));
        level.max(self.case.level) - self.case.level
    }

    /// The fact as an axis of the cells: its values, its default, its stride.
    fn fact(&self, name: &str) -> Option<(&[String], usize, usize)> {
        let (.., strides) = self.strides();
        let mut axes = self.case.facts.iter().zip(strides);
        axes.find_map(|(at, stride)| {
            let (known, fact) = self.side.facts.get(*at)?;
            let default = fact.values.iter().position(|value| *value == fact.default)?;
            (known == name).then_some((fact.values.as_slice(), default, stride))
        })
    }
}

impl Grid {
    /// The grid of a use case on two sides.
    pub fn new(old: Part, new: Part) -> Self {
        let mut axes = vec![classification(old, new), budget(old, new)];
        let mut names: Vec<&String> =
            old.side.facts.iter().chain(&new.side.facts).map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        axes.extend(names.into_iter().map(|name| fact(name, old, new)));
        Self { axes }
    }

    /// How many contexts it has.
    pub fn len(&self) -> usize {
        self.axes.iter().fold(1, |n, axis| n.saturating_mul(axis.steps.len()))
    }

    /// Whether it has none, which it never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls for every context, the last axis fastest, with the cells of both sides and the positions.
    pub fn each(&self, mut see: impl FnMut(usize, usize, &[usize])) {
        let mut at = vec![0usize; self.axes.len()];
        loop {
            let steps = self.axes.iter().zip(&at).filter_map(|(axis, at)| axis.steps.get(*at));
            let (old, new) = steps.fold((0, 0), |(old, new), step| (old + step.old, new + step.new));
            see(old, new, &at);
            if !self.next(&mut at) {
                return;
            }
        }
    }

    fn next(&self, at: &mut [usize]) -> bool {
        for (position, axis) in at.iter_mut().zip(&self.axes).rev() {
            *position += 1;
            if *position < axis.steps.len() {
                return true;
            }
            *position = 0;
        }
        false
    }

    /// In how many axes a context differs from a request that states nothing.
    pub fn distance(&self, at: &[usize]) -> usize {
        self.axes.iter().zip(at).filter(|(axis, at)| axis.usual != **at).count()
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
    pub fn show(&self, at: &[usize]) -> Vec<(String, String)> {
        let shown = self
            .axes
            .iter()
            .zip(at)
            .filter_map(|(axis, at)| Some((axis.name.clone(), axis.steps.get(*at)?.shown.clone()?)));
        shown.collect()
    }
}

impl Grid {
    /// Of a context only what differs from a request that states nothing.
    pub fn unusual(&self, at: &[usize]) -> Vec<(String, String)> {
        let apart = self.axes.iter().zip(at).filter(|(axis, at)| axis.usual != **at);
        let shown = apart.map(|(axis, at)| {
            let step = axis.steps.get(*at);
            let words = step.and_then(|step| step.words.as_ref().or(step.shown.as_ref()).cloned());
            (axis.name.clone(), words.unwrap_or_else(|| "not stated".to_owned()))
        });
        shown.collect()
    }
}

/// Every classification at or above the use case's own on either side.
fn classification(old: Part, new: Part) -> Axis {
    let (old_stride, ..) = old.strides();
    let (new_stride, ..) = new.strides();
    let names = |part: Part| -> Vec<String> {
        part.side.classifications.iter().skip(part.case.level).cloned().collect()
    };
    let (mut all, others) = (names(new), names(old));
    // What only the old side has stands before the first higher name that both have.
    for (at, name) in others.iter().enumerate() {
        if !all.contains(name) {
            let next = others.iter().skip(at + 1).find_map(|next| all.iter().position(|known| known == next));
            all.insert(next.unwrap_or(all.len()), name.clone());
        }
    }
    let steps = all.into_iter().map(|name| {
        let knows = |part: Part| part.side.classifications.contains(&name);
        let old_from = if knows(old) { old.side } else { new.side };
        let new_from = if knows(new) { new.side } else { old.side };
        let (a, b) = (old.classification(&name, old_from), new.classification(&name, new_from));
        Step { old: a * old_stride, new: b * new_stride, shown: Some(name), words: None }
    });
    with_usual("classification", steps.collect(), 0, 0)
}

/// The bands that the cuts of both sides make.
fn budget(old: Part, new: Part) -> Axis {
    let ((_, old_stride, _), (_, new_stride, _)) = (old.strides(), new.strides());
    let cuts: Vec<Cut> = old.case.cuts.iter().chain(&new.case.cuts).cloned().collect();
    let mut below: Option<Cut> = None;
    let mut steps = Vec::new();
    for band in bands(cuts) {
        let passed = |part: Part| match &below {
            None => 0,
            Some(below) => part.case.cuts.iter().filter(|cut| *cut <= below).count(),
        };
        let shown = Some(format!("{}%", number::exact(&band.shown())));
        let words = Some(band_words(&band));
        steps.push(Step { shown, words, old: passed(old) * old_stride, new: passed(new) * new_stride });
        below = Some(Cut { percent: band.high.clone(), above: band.high_in });
    }
    let usual = steps.len().saturating_sub(1);
    Axis { name: "budget.remaining".to_owned(), steps, usual }
}

/// `less than 20%`.
fn band_words(band: &Band) -> String {
    let percent = |value: &Rational| format!("{}%", number::exact(value));
    if band.low == band.high {
        return percent(&band.high);
    }
    let low = (band.low > number::whole(0) || !band.low_in)
        .then(|| format!("{} {}", if band.low_in { "at least" } else { "more than" }, percent(&band.low)));
    let high = (band.high < number::whole(100) || !band.high_in)
        .then(|| format!("{} {}", if band.high_in { "at most" } else { "less than" }, percent(&band.high)));
    let ends: Vec<String> = low.into_iter().chain(high).collect();
    if ends.is_empty() { "any share".to_owned() } else { ends.join(" and ") }
}

/// Every value that either side declares.
fn fact(name: &str, old: Part, new: Part) -> Axis {
    let declared = |part: Part| {
        let fact = part.side.facts.iter().find(|(known, _)| known == name);
        fact.map(|(_, fact)| fact.values.clone()).unwrap_or_default()
    };
    let mut all = declared(new);
    let more: Vec<String> = declared(old).into_iter().filter(|value| !all.contains(value)).collect();
    all.extend(more);
    let (old_fact, new_fact) = (old.fact(name), new.fact(name));
    let cell = |fact: &Option<(&[String], usize, usize)>, value: &String| match fact {
        None => 0,
        Some((values, default, stride)) => {
            values.iter().position(|known| known == value).unwrap_or(*default) * stride
        }
    };
    let steps = all.into_iter().map(|value| Step {
        old: cell(&old_fact, &value),
        new: cell(&new_fact, &value),
        shown: Some(value),
        words: None,
    });
    let usual = |fact: &Option<(&[String], usize, usize)>| {
        fact.as_ref().map_or(0, |(_, default, stride)| default * stride)
    };
    let mut axis = with_usual(name, steps.collect(), usual(&old_fact), usual(&new_fact));
    // Of several values that are the usual one, the declared default is it.
    let default = |part: Part| {
        let fact = part.side.facts.iter().find(|(known, _)| known == name);
        fact.map(|(_, fact)| fact.default.clone())
    };
    let declared = [default(new), default(old)].into_iter().flatten().find_map(|default| {
        axis.steps.iter().position(|step| {
            step.shown.as_ref() == Some(&default)
                && (step.old, step.new) == (usual(&old_fact), usual(&new_fact))
        })
    });
    axis.usual = declared.unwrap_or(axis.usual);
    axis
}

/// An axis whose usual position leads to these cells; where no name does, a request that states nothing is added.
fn with_usual(name: &str, mut steps: Vec<Step>, old: usize, new: usize) -> Axis {
    let known = steps.iter().position(|step| (step.old, step.new) == (old, new));
    let usual = known.unwrap_or_else(|| {
        steps.insert(0, Step { shown: None, words: None, old, new });
        0
    });
    Axis { name: name.to_owned(), steps, usual }
}
