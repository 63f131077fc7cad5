//! Use cases: names that mean one thing, axes in order, one cell for every position on them.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::forms::{ascending, index};
use super::{BUDGET_REMAINING, CLASSIFICATION, Checked};
use crate::decimal::Cut;
use crate::error::shown;
use crate::format::{Axis, Table, UseCase};
use crate::place::Place;

pub(super) fn use_cases(table: &Table) -> Checked {
    let use_cases = Place::Table.key("use_cases");
    ascending(&use_cases, table.use_cases.iter().map(|use_case| &use_case.name))?;
    endpoint_tags(&use_cases, table)?;
    let mut needed = 0;
    for (at, use_case) in table.use_cases.iter().enumerate() {
        let place = use_cases.item(at);
        let size = axes(&place, table, use_case)?;
        if use_case.cells.len() != size {
            let what = format!("there are {}, where the axes make {size}", use_case.cells.len());
            return Err(place.key("cells").fault(what));
        }
        cells(&place.key("cells"), table, use_case, &mut needed)?;
        tags(&place.key("tags"), table, use_case)?;
    }
    if needed < table.decisions.len() {
        return Err(Place::Table.key("decisions").item(needed).fault("no cell needs it"));
    }
    Ok(())
}

/// A request that carries a name or a tag means one use case.
fn endpoint_tags(place: &Place, table: &Table) -> Checked {
    let mut meaning: HashMap<&str, &str> = HashMap::new();
    for use_case in &table.use_cases {
        meaning.insert(&use_case.name, &use_case.name);
    }
    for (at, use_case) in table.use_cases.iter().enumerate() {
        let Some(tag) = &use_case.endpoint_tag else { continue };
        let place = place.item(at);
        if tag.is_empty() {
            return Err(place.key("endpoint_tag").fault("an empty name"));
        }
        let other = meaning.insert(tag, &use_case.name).filter(|other| *other != use_case.name);
        if let Some(other) = other {
            let what = format!("`{}` means `{}` too", shown(tag), shown(other));
            return Err(place.key("endpoint_tag").fault(what));
        }
    }
    Ok(())
}

/// Each leads to a decision, and decisions stand in the order in which the cells first need them.
fn cells(place: &Place, table: &Table, use_case: &UseCase, needed: &mut usize) -> Checked {
    for (at, cell) in use_case.cells.iter().enumerate() {
        index(&place.item(at), *cell, "decisions", table.decisions.len())?;
        match (*cell).cmp(needed) {
            Ordering::Less => {}
            Ordering::Equal => *needed += 1,
            Ordering::Greater => {
                let what = format!("it needs decision {cell} before any cell needs decision {needed}");
                return Err(place.item(at).fault(what));
            }
        }
    }
    Ok(())
}

fn tags(place: &Place, table: &Table, use_case: &UseCase) -> Checked {
    let required = table.attribution.as_ref().map_or(&[][..], |attribution| &attribution.require);
    match use_case.tags.keys().find(|tag| required.binary_search(tag).is_err()) {
        Some(tag) => Err(place.key(tag).fault("attribution does not require it")),
        None => Ok(()),
    }
}

/// Checks the axes of a use case and says how many cells they make.
fn axes(place: &Place, table: &Table, use_case: &UseCase) -> Checked<usize> {
    let level = table.classifications.iter().position(|known| *known == use_case.classification);
    let Some(upward) = level.and_then(|level| table.classifications.get(level..)) else {
        let what = format!("`{}` is no classification", shown(&use_case.classification));
        return Err(place.key("classification").fault(what));
    };
    let list = place.key("axes");
    let mut size = 1usize;
    let mut last: Option<(u8, &str)> = None;
    for (at, axis) in use_case.axes.iter().enumerate() {
        let place = list.item(at);
        let rank = match axis.fact.as_str() {
            CLASSIFICATION => 0,
            BUDGET_REMAINING => 1,
            _ => 2,
        };
        let this = Some((rank, axis.fact.as_str()));
        if last >= this {
            return Err(
                place.fault("the axes are classification, `budget.remaining`, facts by name, each once")
            );
        }
        last = this;
        let positions = match rank {
            0 => values(&place, axis, upward, "the classifications from the use case's own up")?,
            1 => cuts(&place, axis)?,
            _ => match table.facts.get(&axis.fact) {
                Some(fact) => values(&place, axis, &fact.values, "the values of the fact")?,
                None => return Err(place.key("fact").fault(format!("`{}` is no fact", shown(&axis.fact)))),
            },
        };
        if positions < 2 {
            return Err(place.fault("it has one position, so it changes nothing"));
        }
        size = size.checked_mul(positions).ok_or_else(|| list.fault("they make too many cells"))?;
    }
    Ok(size)
}

fn values(place: &Place, axis: &Axis, expected: &[String], what: &str) -> Checked<usize> {
    if axis.cuts.is_some() {
        return Err(place.key("cuts").fault(format!("they stand on `{BUDGET_REMAINING}` only")));
    }
    if axis.values.as_deref() != Some(expected) {
        return Err(place.key("values").fault(format!("they are not {what}")));
    }
    Ok(expected.len())
}

/// Each cut is satisfied by more than the one before it.
fn cuts(place: &Place, axis: &Axis) -> Checked<usize> {
    if axis.values.is_some() {
        return Err(place.key("values").fault(format!("they do not stand on `{BUDGET_REMAINING}`")));
    }
    let list = place.key("cuts");
    let cuts = axis.cuts.as_deref().unwrap_or_default();
    let mut last: Option<Cut> = None;
    for (at, text) in cuts.iter().enumerate() {
        let place = list.item(at);
        let Some(cut) = Cut::parse(text) else {
            return Err(place.fault(format!("`{}` is no cut of 0% to 100%", shown(text))));
        };
        if last.is_some_and(|last| last >= cut) {
            return Err(place.fault(format!("`{}` does not ascend", shown(text))));
        }
        last = Some(cut);
    }
    Ok(cuts.len() + 1)
}
