//! Use cases: names that mean one thing, axes in order, one cell for every position on them.

use std::collections::{HashMap, HashSet};

use super::Checked;
use super::decisions::{distinct, first_need, left_over};
use super::forms::{ascending, index};
use crate::decimal::Cut;
use crate::error::{Refusal, shown};
use crate::format::{Axis, AxisName, Table, UseCase};
use crate::hash::Seed;
use crate::place::Place;

pub(super) fn use_cases(table: &Table) -> Checked {
    let sizes = grids(table)?;
    let use_cases = Place::Table.key("use_cases");
    ascending(&use_cases, table.use_cases.iter().map(|use_case| &use_case.name))?;
    endpoint_tags(&use_cases, table)?;
    let levels: HashSet<&String> = table.classifications.iter().collect();
    let (mut grids, mut decisions) = (0, 0);
    for (at, use_case) in table.use_cases.iter().enumerate() {
        let place = use_cases.item(at);
        index(&place.key("axes"), use_case.axes, "grids", table.grids.len())?;
        first_need(&place.key("axes"), use_case.axes, &mut grids, "grids")?;
        classification(&place, table, use_case, &levels)?;
        let size = sizes.get(use_case.axes).copied().unwrap_or_default();
        if use_case.cells.len() != size {
            let what = format!("there are {}, where the axes make {size}", use_case.cells.len());
            return Err(place.key("cells").fault(Refusal::Cells, what));
        }
        cells(&place.key("cells"), table, use_case, &mut decisions)?;
        tags(&place.key("tags"), table, use_case)?;
    }
    left_over("grids", grids, table.grids.len(), "use case")?;
    left_over("decisions", decisions, table.decisions.len(), "cell")
}

/// It is known, and an axis of classifications begins there.
fn classification(place: &Place, table: &Table, use_case: &UseCase, levels: &HashSet<&String>) -> Checked {
    if !levels.contains(&use_case.classification) {
        let what = format!("`{}` is not a classification", shown(&use_case.classification));
        return Err(place.key("classification").fault(Refusal::Index, what));
    }
    let axis = table.grids.get(use_case.axes).and_then(|grid| grid.first());
    let begins =
        axis.filter(|axis| axis.name() == AxisName::Classification).and_then(|axis| axis.values.as_ref());
    match begins.and_then(|values| values.first()) {
        Some(first) if *first != use_case.classification => Err(place
            .key("axes")
            .fault(Refusal::Cells, "its classifications are not those from the use case's own up")),
        _ => Ok(()),
    }
}

/// A request that carries a name or a tag means one use case.
fn endpoint_tags(place: &Place, table: &Table) -> Checked {
    let mut meaning: HashMap<&str, &str, Seed> =
        HashMap::with_capacity_and_hasher(2 * table.use_cases.len(), Seed::of(&table.digest));
    for use_case in &table.use_cases {
        meaning.insert(&use_case.name, &use_case.name);
    }
    for (at, use_case) in table.use_cases.iter().enumerate() {
        let Some(tag) = &use_case.endpoint_tag else { continue };
        let place = place.item(at);
        if tag.is_empty() {
            return Err(place.key("endpoint_tag").fault(Refusal::Range, "an empty name"));
        }
        let other = meaning.insert(tag, &use_case.name).filter(|other| *other != use_case.name);
        if let Some(other) = other {
            let what = format!("`{}` means `{}` too", shown(tag), shown(other));
            return Err(place.key("endpoint_tag").fault(Refusal::Order, what));
        }
    }
    Ok(())
}

/// Each leads to a decision, and decisions stand in the order in which the cells first need them.
fn cells(place: &Place, table: &Table, use_case: &UseCase, needed: &mut usize) -> Checked {
    for (at, cell) in use_case.cells.iter().enumerate() {
        if *cell >= *needed {
            index(&place.item(at), *cell, "decisions", table.decisions.len())?;
            first_need(&place.item(at), *cell, needed, "decisions")?;
        }
    }
    Ok(())
}

fn tags(place: &Place, table: &Table, use_case: &UseCase) -> Checked {
    let required = table.attribution.as_ref().map_or(&[][..], |attribution| &attribution.require);
    match use_case.tags.keys().find(|tag| required.binary_search(tag).is_err()) {
        Some(tag) => Err(place.key(tag).fault(Refusal::UnknownField, "attribution does not require it")),
        None => Ok(()),
    }
}

/// Checks the grids by themselves, and says how many cells each makes.
fn grids(table: &Table) -> Checked<Vec<usize>> {
    let grids = Place::Table.key("grids");
    let mut sizes = Vec::with_capacity(table.grids.len());
    for (at, grid) in table.grids.iter().enumerate() {
        sizes.push(axes(&grids.item(at), table, grid)?);
    }
    distinct(&grids, &table.grids, Seed::of(&table.digest), "an equal grid stands before it")?;
    Ok(sizes)
}

fn axes(list: &Place, table: &Table, grid: &[Axis]) -> Checked<usize> {
    let mut size = 1usize;
    let mut last: Option<AxisName<&str>> = None;
    for (at, axis) in grid.iter().enumerate() {
        let place = list.item(at);
        let name = axis.name();
        if last >= Some(name) {
            return Err(place.fault(Refusal::Order, ORDER));
        }
        last = Some(name);
        let positions = match name {
            AxisName::Classification => levels(&place, axis, &table.classifications)?,
            AxisName::Remaining => cuts(&place, axis)?,
            AxisName::RemainingOf(name) => {
                let known = table.budgets.binary_search_by(|budget| budget.name.as_str().cmp(name));
                if known.is_err() {
                    let what = format!("no budget is called `{}`", shown(name));
                    return Err(place.key("fact").fault(Refusal::Index, what));
                }
                cuts(&place, axis)?
            }
            AxisName::Fact(name) => {
                if let Some(fact) = table.facts.get(name) {
                    values(&place, axis, &fact.values, "the values of the fact")?
                } else {
                    let what = format!("`{}` is not a fact", shown(name));
                    return Err(place.key("fact").fault(Refusal::Index, what));
                }
            }
        };
        if positions < 2 {
            return Err(place.fault(Refusal::Range, "it has one position, so it changes nothing"));
        }
        size = size
            .checked_mul(positions)
            .ok_or_else(|| list.fault(Refusal::Range, "they make too many cells"))?;
    }
    Ok(size)
}

const ORDER: &str = "the axes are classification, `budget.remaining`, `budget.NAME.remaining` by name, facts by name, each once";

/// The axis of classifications begins at some level, which must be that of every use case that has it.
fn levels(place: &Place, axis: &Axis, all: &[String]) -> Checked<usize> {
    let from = axis.values.as_ref().and_then(|values| values.first());
    let from = from.and_then(|first| all.iter().position(|known| known == first));
    let upward = from.and_then(|level| all.get(level..)).unwrap_or(all);
    values(place, axis, upward, "the classifications from one up")
}

fn values(place: &Place, axis: &Axis, expected: &[String], what: &str) -> Checked<usize> {
    if axis.cuts.is_some() {
        return Err(place.key("cuts").fault(Refusal::UnknownField, "they stand on remaining shares only"));
    }
    let Some(values) = &axis.values else {
        return Err(place.fault(Refusal::MissingField, "missing field `values`"));
    };
    if values != expected {
        return Err(place.key("values").fault(Refusal::Range, format!("they are not {what}")));
    }
    Ok(expected.len())
}

/// Each cut is satisfied by more than the one before it.
fn cuts(place: &Place, axis: &Axis) -> Checked<usize> {
    if axis.values.is_some() {
        let what = "they do not stand on remaining shares";
        return Err(place.key("values").fault(Refusal::UnknownField, what));
    }
    let Some(cuts) = &axis.cuts else {
        return Err(place.fault(Refusal::MissingField, "missing field `cuts`"));
    };
    let list = place.key("cuts");
    let mut last: Option<Cut> = None;
    for (at, text) in cuts.iter().enumerate() {
        let place = list.item(at);
        let Some(cut) = Cut::parse(text) else {
            return Err(place.fault(Refusal::Range, format!("`{}` is not a cut of 0% to 100%", shown(text))));
        };
        if last.is_some_and(|last| last >= cut) {
            return Err(place.fault(Refusal::Order, format!("`{}` does not ascend", shown(text))));
        }
        last = Some(cut);
    }
    Ok(cuts.len() + 1)
}
