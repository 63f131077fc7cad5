//! Models that nobody uses, and those on their way out or not yet in.

use std::collections::HashMap;

use super::endings::AHEAD_DAYS;
use super::{Block, Cell, Input, Section, Tone};
use crate::limits::shown;
use crate::model::words::{count, some};
use crate::model::{Model, ModelId, Table, UseCaseId, days_between};

/// No model says what follows it: what the policy decides then does.
const LEAVE: &str = "route elsewhere before that day; `govctl resolve USE_CASE` with `--as-of` says where requests go from then on";

pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let mut serves: Table<Model, Vec<&str>> = world.models.iter().map(|_| Vec::new()).collect();
    let mut alike: HashMap<UseCaseId, Vec<ModelId>> = HashMap::new();
    for decided in input.survey.decided() {
        let first = input.survey.cases[decided.id].first_alike;
        for id in alike.entry(first).or_insert_with(|| decided.reached()) {
            serves[*id].push(&decided.use_case.name.value);
        }
    }
    let heads = ["Model", "Status", "First day without it", "Use cases#", "Who reaches it", "What to do"];
    let mut table = super::Table::new(
        format!("Models that nobody reaches, that are not active, or that end within {AHEAD_DAYS} days"),
        &heads,
        "Every model is active and reached.",
    );
    for (id, model) in world.models.enumerated() {
        let status = world.names.name(model.lifecycle);
        let names = serves[id].as_slice();
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
            Cell::text(if names.is_empty() { "nobody".to_owned() } else { some(names, shown::REVIEW_NAMES) }),
            Cell::text(todo),
        ]);
    }
    let lead = format!(
        "{} of {}.{}",
        table.rows.len(),
        count(world.models.len(), "model", "models"),
        input.left_out(", so what they reach does not count here")
    );
    Section { id: "models", title: "Unused and outgoing models", lead, blocks: vec![Block::Table(table)] }
}
