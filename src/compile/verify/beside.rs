//! What stands in a table beside the answers of its cells, held to the world.
//!
//! That names ascend, that every item is needed, in the order in which it is first needed, and that equal lists stand
//! once, the loader has checked: what is left is what they say.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Difference, Same, derive, same};
use crate::compile;
use crate::decide::telling::Telling;
use crate::model::{ModelId, UseCase, World};
use crate::table::DecisionTable;
use crate::table::format::{self, Table};
use crate::workspace::Verified;

/// Everything but cells, decisions, their lists, and the proof.
pub(super) fn check(table: &DecisionTable, verified: &Verified) -> Same {
    let world = verified.world();
    let found = table.table();
    same("as_of", &found.as_of, &world.as_of.to_string())?;
    same("sources", &found.sources, &compile::sources(verified.sources()))?;
    same("classifications", found.classifications.as_slice(), world.classifications.as_slice())?;
    same("facts", &found.facts, &derive::facts(world))?;
    let ids: Vec<ModelId> = found.models.iter().filter_map(|model| id(world, &model.id)).collect();
    let models = ids.iter().map(|id| &world.models[*id]);
    same("models", &found.models, &models.map(|model| derive::model(world, model)).collect())?;
    statements(found, world)?;
    let request = verified.request().map(derive::object);
    same("request", &found.request, &request.unwrap_or_default())?;
    same("reasons", &found.reasons, &reasons(found, world))?;
    use_cases(found, world)?;
    for (use_case, written) in found.use_cases.iter().zip(&world.use_cases) {
        axes(found, use_case, world, written)?;
    }
    let (until, ends) = verified.last_day().map(|(day, ends)| (day.to_string(), ends.clone())).unzip();
    same("valid_until", &found.valid_until, &until)?;
    same("ends", &found.ends, &ends)
}

fn id(world: &World, id: &str) -> Option<ModelId> {
    world.models.search(|model| model.id.as_str().cmp(id))
}

fn statements(found: &Table, world: &World) -> Same {
    let named = |name: &str| world.failovers.iter().find(|failover| failover.name.value == name);
    let failovers = found.failovers.iter().filter_map(|failover| named(&failover.name));
    same("failovers", &found.failovers, &failovers.map(derive::failover).collect())?;
    let budgets = world.budgets.iter().map(|budget| derive::budget(world, budget));
    same("budgets", &found.budgets, &budgets.collect())?;
    let quotas = world.quotas.iter().map(|quota| derive::quota(world, quota));
    same("quotas", &found.quotas, &quotas.collect())?;
    same("attribution", &found.attribution, &world.attribution.as_ref().map(derive::attribution))
}

/// Why those statements are as they are that decisions name.
fn reasons(found: &Table, world: &World) -> BTreeMap<String, Option<String>> {
    let rules = world.rules.iter().map(|rule| ("rule", &rule.name.value, &rule.because));
    let failovers = world.failovers.iter().map(|one| ("failover", &one.name.value, &one.because));
    let all = rules.chain(failovers).map(|(kind, name, because)| (format!("{kind} {name}"), because.clone()));
    let named = found.rule_sets.iter().flatten().map(|name| format!("rule {name}"));
    let named = named.chain(found.failovers.iter().map(|failover| format!("failover {}", failover.name)));
    let named: std::collections::BTreeSet<String> = named.collect();
    all.filter(|(name, _)| named.contains(name)).collect()
}

/// A use case without its cells.
#[derive(PartialEq, Serialize)]
struct Head<'a> {
    name: &'a str,
    endpoint_tag: Option<&'a str>,
    classification: &'a str,
    tags: std::borrow::Cow<'a, BTreeMap<String, String>>,
}

fn use_cases(found: &Table, world: &World) -> Same {
    let heads = found.use_cases.iter().map(|use_case| Head {
        name: &use_case.name,
        endpoint_tag: use_case.endpoint_tag.as_deref(),
        classification: &use_case.classification,
        tags: std::borrow::Cow::Borrowed(&use_case.tags),
    });
    let wanted = world.use_cases.iter().map(|use_case| Head {
        name: &use_case.name.value,
        endpoint_tag: use_case.endpoint_tag.as_ref().map(|tag| tag.value.as_str()),
        classification: &world.classifications[use_case.classification],
        tags: std::borrow::Cow::Owned(derive::tags(world, use_case)),
    });
    same("use_cases", &heads.collect::<Vec<_>>(), &wanted.collect())
}

/// Every axis changes something, every cut too, and cuts lie where something is compared with them.
fn axes(table: &Table, use_case: &format::UseCase, world: &World, written: &UseCase) -> Same {
    let axes = table.axes(use_case);
    if axes.is_empty() {
        return Ok(());
    }
    let telling = Telling::new(world, written);
    for (dimension, axis) in axes.iter().enumerate() {
        let differs = |table: String, workspace: String| {
            let place = format!("`axes` of `{}`: `{}`", use_case.name, axis.fact);
            Err(Difference { place, table, workspace })
        };
        if let Some(cuts) = &axis.cuts {
            let known = thresholds(world, written, &axis.fact);
            if let Some(cut) = cuts.iter().find(|cut| !known.contains(cut)) {
                let known: Vec<String> = known.iter().map(|cut| format!("`{cut}`")).collect();
                let known = if known.is_empty() { "no cut".to_owned() } else { known.join(", ") };
                return differs(format!("`{cut}`"), known);
            }
        }
        // Worked out here again, so that nothing but the format says how cells are numbered.
        let apart: usize = axes.iter().skip(dimension + 1).map(format::Axis::positions).product();
        // The decisions at each position, in the order of the positions on the other axes.
        let mut at = vec![Vec::new(); axis.positions()];
        for context in table.contexts(use_case) {
            if let Some(decisions) = at.get_mut(context.cell / apart % axis.positions()) {
                decisions.push(context.decision);
            }
        }
        unlike(world, written, &telling, (axis, &at))
            .map_or(Ok(()), |(table, workspace)| differs(table, workspace))?;
        let mut differ = at.windows(2).map(|pair| matches!(pair, [a, b] if a != b));
        let matters =
            if axis.cuts.is_some() { differ.all(|differ| differ) } else { differ.any(|differ| differ) };
        if !matters {
            return differs("that it changes the decision".to_owned(), "that some of it does not".to_owned());
        }
    }
    Ok(())
}

/// Two positions of an axis that nothing tells apart, though the table decides otherwise at each: what stands there, and
/// what should. Of such positions only one is decided again.
fn unlike(
    world: &World,
    use_case: &UseCase,
    telling: &Telling,
    (axis, decided): (&format::Axis, &[Vec<usize>]),
) -> Option<(String, String)> {
    let own = world.axes(use_case).find(|own| world.axis_name(*own) == axis.fact)?;
    let alike = telling.along(own)?;
    let known = thresholds(world, use_case, &axis.fact);
    // Per position of the world the one in the table: a band lies behind all cuts below it.
    let of_table: Vec<usize> = match &axis.cuts {
        Some(cuts) => {
            let is_cut = |at: usize| usize::from(known.get(at).is_some_and(|cut| cuts.contains(cut)));
            let passed = (0..alike.of.len()).scan(0usize, |passed, at| {
                let here = *passed;
                *passed += is_cut(at);
                Some(here)
            });
            passed.collect()
        }
        None => (0..alike.of.len()).collect(),
    };
    let shown = |at: usize| match &axis.values {
        Some(values) => format!("`{}`", values.get(at).map_or("", String::as_str)),
        None => known.get(at).map_or_else(|| "what is above all cuts".to_owned(), |cut| format!("`{cut}`")),
    };
    let at = |position: usize| of_table.get(position).and_then(|at| decided.get(*at));
    let apart = alike.of.iter().enumerate().find(|(one, other)| at(*one) != at(**other));
    apart.map(|(one, other)| {
        (format!("another decision at {} than at {}", shown(one), shown(*other)), "the same".to_owned())
    })
}

/// The conditions that tell the bands of a remaining share apart.
fn thresholds(world: &World, use_case: &UseCase, name: &str) -> Vec<String> {
    let Some(axis) = world.axes(use_case).find(|axis| world.axis_name(*axis) == name) else {
        return Vec::new();
    };
    let bands = world.bands_of(axis);
    let below = bands.iter().take(bands.len().saturating_sub(1));
    let cut = below.map(|band| {
        let sign = if band.high_in { "<=" } else { "<" };
        format!("{sign}{}", derive::percent(&band.high))
    });
    cut.collect()
}
