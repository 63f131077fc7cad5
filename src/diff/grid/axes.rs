//! The axes of a grid: what stands on each for both sides.

use std::collections::{HashMap, HashSet};

use super::{Axis, Cells, Declared, Part, Step, offset};
use crate::diff::sides::CaseAxis;
use crate::model::context::{Band, Cut, bands};
use crate::number::{self, Rational};
use crate::table::format::AxisName;

/// Every classification at or above the use case's own on either side.
pub(super) fn classification(old: Part, new: Part) -> Axis {
    fn names<'a>(part: &Part<'a>) -> &'a [String] {
        part.side.classifications.rest(part.case.level)
    }
    let all = joined_levels(names(&old), names(&new));
    // A name that a side does not know is looked for in the order of the other.
    let (old_own, new_own) = (&old.side.classifications, &new.side.classifications);
    let in_old = (old.classifications(old_own), old.classifications(new_own));
    let in_new = (new.classifications(new_own), new.classifications(old_own));
    let cell = |(own, others): &(Cells, Cells), name: &str| {
        own.get(name).or_else(|| others.get(name)).copied().unwrap_or_default()
    };
    let steps = all.into_iter().map(|name| Step {
        old: cell(&in_old, name),
        new: cell(&in_new, name),
        shown: Some(name.to_owned()),
        words: None,
        count: 1,
        last: None,
        values: Vec::new(),
    });
    with_usual(AxisName::Classification, steps.collect(), 0, 0)
}

/// The new names in their order; what only the old side has stands before the first higher name that both have.
fn joined_levels<'n>(old: &'n [String], new: &'n [String]) -> Vec<&'n str> {
    let known: HashSet<&str> = new.iter().map(String::as_str).collect();
    let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waiting = Vec::new();
    for name in old {
        if known.contains(name.as_str()) {
            before.entry(name).or_insert_with(|| std::mem::take(&mut waiting));
        } else {
            waiting.push(name.as_str());
        }
    }
    let mut all = Vec::new();
    for name in new {
        all.extend(before.remove(name.as_str()).unwrap_or_default());
        all.push(name.as_str());
    }
    all.extend(waiting);
    all
}

/// A remaining share as an axis of the cells of one side: its cuts, the axis and its stride.
type ShareAxis<'a> = Option<(&'a [Cut], &'a CaseAxis, usize)>;

/// The bands of a remaining share that the cuts of both sides make; neighbours that lead to the same cells are one.
pub(super) fn budget(name: Option<&str>, old: Part, new: Part) -> Axis {
    let (old, new): (ShareAxis, ShareAxis) = (old.share(name), new.share(name));
    let cuts = [&old, &new].into_iter().flatten().flat_map(|(cuts, ..)| *cuts).cloned().collect();
    let mut below: Option<Cut> = None;
    let mut joined: Vec<(Band, (usize, usize), usize)> = Vec::new();
    for band in bands(cuts) {
        let cell = |part: &ShareAxis| {
            let Some((cuts, axis, stride)) = part else { return 0 };
            let passed = match &below {
                None => 0,
                Some(below) => cuts.iter().filter(|cut| *cut <= below).count(),
            };
            offset(axis, passed, *stride)
        };
        let cells = (cell(&old), cell(&new));
        below = Some(Cut { percent: band.high.clone(), above: band.high_in });
        match joined.last_mut() {
            Some((before, same, count)) if *same == cells => {
                (before.high, before.high_in) = (band.high, band.high_in);
                *count += 1;
            }
            _ => joined.push((band, cells, 1)),
        }
    }
    let steps = joined.into_iter().map(|(band, (old, new), count)| Step {
        shown: Some(format!("{}%", number::exact(&band.shown()))),
        words: Some(band_words(&band)),
        old,
        new,
        count,
        last: None,
        values: Vec::new(),
    });
    let steps: Vec<Step> = steps.collect();
    let usual = steps.len().saturating_sub(1);
    let name = name.map_or(AxisName::Remaining, AxisName::RemainingOf).owned();
    Axis { name, steps, usual }
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
pub(super) fn fact(name: &str, old: Option<&Declared>, new: Option<&Declared>) -> Axis {
    let declared = |fact: Option<&Declared>| fact.map(|one| one.fact.values.clone()).unwrap_or_default();
    let mut all = declared(new);
    let known: HashSet<&String> = all.iter().collect();
    let more: Vec<String> = declared(old).into_iter().filter(|value| !known.contains(value)).collect();
    all.extend(more);
    let in_old = old.map(|one| (one.cells(), one.fact.default.as_str()));
    let in_new = new.map(|one| (one.cells(), one.fact.default.as_str()));
    // What a side does not know counts there as not stated.
    let cell = |known: &Option<(Cells, &str)>, value: &str| {
        let Some((cells, default)) = known else { return 0 };
        cells.get(value).or_else(|| cells.get(default)).copied().unwrap_or_default()
    };
    let usual = |known: &Option<(Cells, &str)>| match known {
        Some((cells, default)) => cells.get(default).copied().unwrap_or_default(),
        None => 0,
    };
    let usual = (usual(&in_old), usual(&in_new));
    let steps = all.into_iter().map(|value| Step {
        old: cell(&in_old, &value),
        new: cell(&in_new, &value),
        shown: Some(value),
        words: None,
        count: 1,
        last: None,
        values: Vec::new(),
    });
    let mut axis = with_usual(AxisName::Fact(name), steps.collect(), usual.0, usual.1);
    // Of several values that are the usual one, the declared default is it.
    let declared = [new, old].into_iter().flatten().find_map(|one| {
        axis.steps
            .iter()
            .position(|step| step.shown.as_ref() == Some(&one.fact.default) && (step.old, step.new) == usual)
    });
    axis.usual = declared.unwrap_or(axis.usual);
    axis
}

/// An axis whose usual position leads to these cells; where no name does, a request that states nothing is added.
fn with_usual(name: AxisName<&str>, mut steps: Vec<Step>, old: usize, new: usize) -> Axis {
    let known = steps.iter().position(|step| (step.old, step.new) == (old, new));
    let usual = known.unwrap_or_else(|| {
        steps
            .insert(0, Step { shown: None, words: None, old, new, count: 1, last: None, values: Vec::new() });
        0
    });
    Axis { name: name.owned(), steps, usual }
}
