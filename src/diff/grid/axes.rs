//! The axes of a grid: what stands on each for both sides.

use super::{Axis, Fact, Part, Step, offset};
use crate::diff::sides::CaseAxis;
use crate::model::context::{Band, Cut, bands};
use crate::number::{self, Rational};

/// Every classification at or above the use case's own on either side.
pub(super) fn classification(old: Part, new: Part) -> Axis {
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
        Step { old: a, new: b, shown: Some(name), words: None, count: 1, last: None }
    });
    with_usual("classification", steps.collect(), 0, 0)
}

/// A remaining share as an axis of the cells of one side: its cuts, the axis and its stride.
type ShareAxis<'a> = Option<(&'a [Cut], &'a CaseAxis, usize)>;

/// The bands of a remaining share that the cuts of both sides make; neighbours that lead to the same cells are one.
pub(super) fn budget(name: &str, old: Part, new: Part) -> Axis {
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
    });
    let steps: Vec<Step> = steps.collect();
    let usual = steps.len().saturating_sub(1);
    Axis { name: name.to_owned(), steps, usual }
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
pub(super) fn fact(name: &str, old: Part, new: Part) -> Axis {
    let declared = |part: Part| {
        let fact = part.side.facts.iter().find(|(known, _)| known == name);
        fact.map(|(_, fact)| fact.values.clone()).unwrap_or_default()
    };
    let mut all = declared(new);
    let more: Vec<String> = declared(old).into_iter().filter(|value| !all.contains(value)).collect();
    all.extend(more);
    let (old_fact, new_fact) = (old.fact(name), new.fact(name));
    let cell = |fact: &Option<Fact>, value: &String| {
        let Some(fact) = fact else { return 0 };
        fact.cell(fact.values.iter().position(|known| known == value).unwrap_or(fact.default))
    };
    let steps = all.into_iter().map(|value| Step {
        old: cell(&old_fact, &value),
        new: cell(&new_fact, &value),
        shown: Some(value),
        words: None,
        count: 1,
        last: None,
    });
    let usual = |fact: &Option<Fact>| fact.as_ref().map_or(0, |fact| fact.cell(fact.default));
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
        steps.insert(0, Step { shown: None, words: None, old, new, count: 1, last: None });
        0
    });
    Axis { name: name.to_owned(), steps, usual }
}
