//! Models that nobody uses, and those on their way out or not yet in.

use std::collections::BTreeMap;

use super::endings::AHEAD_DAYS;
use super::{Block, Cell, Input, Section, Table, Tone};
use crate::decide::Decision;
use crate::model::words::{count, some};
use crate::model::{ModelId, days_between};

/// Most use cases that are named.
const MOST_NAMES: usize = 4;

/// No model says what follows it: what the policy decides then does.
const LEAVE: &str = "route elsewhere before that day; `govctl resolve USE_CASE` with `--as-of` says where requests go from then on";

/// The section.
pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let mut serves: BTreeMap<ModelId, Vec<String>> = BTreeMap::new();
    for decided in input.survey.decided() {
        let reached: std::collections::BTreeSet<ModelId> =
            decided.distinct().flat_map(Decision::reaches).collect();
        for id in reached {
            serves.entry(id).or_default().push(decided.name());
        }
    }
    let heads = ["Model", "Status", "First day without it", "Use cases#", "Who reaches it", "What to do"];
    let mut table = Table::new(
        format!("Models that nobody reaches, that are not active, or that end within {AHEAD_DAYS} days"),
        &heads,
        "Every model is active and reached.",
    );
    for (id, model) in world.models.enumerated() {
        let status = world.names.name(model.lifecycle);
        let names = serves.get(&id).map(Vec::as_slice).unwrap_or_default();
        let ends = model.sunset.is_some_and(|day| days_between(world.as_of, day) <= AHEAD_DAYS);
        let (todo, tone) = match (status, names.is_empty()) {
            ("active", false) if ends => (LEAVE, Tone::Warn),
            ("active", false) => continue,
            ("active", true) if ends => ("take it out", Tone::Muted),
            ("active", true) => ("route to it, or take it out", Tone::Muted),
            ("preview", true) => ("approve it once it is tried", Tone::Muted),
            ("retired", _) | (_, true) => ("take it out", Tone::Muted),
            ("preview", false) => ("keep previews away from what people rely on", Tone::Warn),
            _ => (LEAVE, Tone::Warn),
        };
        let status = if status == "active" && ends { "active, ends" } else { status };
        table.rows.push(vec![
            Cell::name(&model.id),
            Cell::text(status).tone(tone),
            Cell::text(model.sunset.map_or_else(String::new, |day| day.to_string())),
            Cell::text(names.len().to_string()),
            Cell::text(if names.is_empty() { "nobody".to_owned() } else { some(names, MOST_NAMES) }),
            Cell::text(todo),
        ]);
    }
    let lead = format!("{} of {}.", table.rows.len(), count(world.models.len(), "model", "models"));
    Section { id: "models", title: "Unused and outgoing models", lead, blocks: vec![Block::Table(table)] }
}
