//! Who may reach what: use cases by providers, with classification and agreement.

use std::collections::BTreeSet;

use super::{Block, Cell, Input, Section, Table, Tone};
use crate::decide::survey::Decided;
use crate::model::{Model, ModelId, ProviderId, UseCase, World};
use crate::who::posture;

/// Level of a confirmed agreement.
const CONFIRMED: usize = 2;
/// Past so many rows a table is shown on demand.
const MANY: usize = 60;

/// The section.
pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let lead = "`first` is where the ordinary request goes, `next` where it fails over to, `other` what is reached in other contexts only: another classification, fact or remaining budget. An empty cell is never reached, in no context."
        .to_owned();
    let blocks = vec![Block::Table(matrix(input)), Block::Table(agreements(world))];
    Section { id: "reach", title: "Who may reach what", lead, blocks }
}

fn matrix(input: &Input<'_>) -> Table {
    let world = input.survey.world;
    let mut decided: Vec<Decided> = input.survey.decided().collect();
    decided.sort_by_key(|one| (std::cmp::Reverse(one.use_case.classification), one.id));
    let reached: BTreeSet<ProviderId> = decided
        .iter()
        .flat_map(|one| one.distinct().flat_map(crate::decide::Decision::reaches))
        .map(|id| world.models[id].provider)
        .collect();
    let mut table = Table::new(
        "Use cases and the providers that they may reach, the most sensitive first",
        &["Use case", "Classification", "Data"],
        "No use case has a decision.",
    );
    let names = reached.iter().map(|id| &world.providers[*id]);
    table.columns.extend(names.map(|provider| (provider.name.value.clone(), false)));
    table.rows = decided.iter().map(|one| row(world, one, &reached)).collect();
    table.folded_past(MANY)
}

fn row(world: &World, decided: &Decided, providers: &BTreeSet<ProviderId>) -> Vec<Cell> {
    let use_case = decided.use_case;
    let class = world.classifications.get(use_case.classification).cloned().unwrap_or_default();
    let mut cells = vec![
        Cell::name(&use_case.name.value),
        Cell::name(class),
        Cell::text(world.names.sorted(&use_case.data).join(", ")),
    ];
    let first = decided.baseline.primary;
    let next = decided.baseline.reaches();
    let all: BTreeSet<ModelId> = decided.distinct().flat_map(crate::decide::Decision::reaches).collect();
    for provider in providers {
        let of = |id: &ModelId| world.models[*id].provider == *provider;
        let word = if first.as_ref().is_some_and(of) {
            "first"
        } else if next.iter().any(of) {
            "next"
        } else if all.iter().any(of) {
            "other"
        } else {
            cells.push(Cell::default());
            continue;
        };
        let mut models = all.iter().filter(|id| of(id)).map(|id| &world.models[*id]);
        cells.push(if models.any(|model| is_unagreed(world, use_case, model)) {
            Cell::text(format!("{word}, no agreement")).tone(Tone::Bad)
        } else {
            Cell::text(word).tone(if word == "other" { Tone::Muted } else { Tone::Plain })
        });
    }
    cells
}

/// Data goes to somebody else's machines without a confirmed agreement.
fn is_unagreed(world: &World, use_case: &UseCase, model: &Model) -> bool {
    let is_own = model.hosting.is_some_and(|hosting| world.names.name(hosting) == "self-hosted");
    !use_case.data.is_empty() && !is_own && model.dpa != Some(CONFIRMED)
}

fn agreements(world: &World) -> Table {
    let heads = ["Model", "Agreement", "Until", "Certifications", "Regions", "Hosting", "Status"];
    let mut table = Table::new(
        "What is known of each model that is not retired",
        &heads,
        "The registry has no such model.",
    );
    let all = posture::all(world);
    table.rows = world
        .models
        .iter()
        .filter(|model| !model.retired)
        .map(|model| {
            let posture = all.iter().find(|posture| posture.model == model.id);
            let until = posture.and_then(|posture| posture.agreement_held.as_ref()?.until);
            let agreement = posture.and_then(|posture| posture.agreement).unwrap_or("not stated");
            let set = |set: &Option<crate::model::names::Set>| {
                set.as_ref().map_or_else(|| "not known".to_owned(), |set| world.names.sorted(set).join(", "))
            };
            vec![
                Cell::name(&model.id),
                Cell::text(agreement),
                Cell::text(until.map_or_else(String::new, |day| day.to_string())),
                Cell::text(set(&model.compliance)),
                Cell::text(set(&model.regions)),
                Cell::text(model.hosting.map_or("not stated", |hosting| world.names.name(hosting))),
                Cell::text(world.names.name(model.lifecycle)),
            ]
        })
        .collect();
    table.folded_past(MANY)
}
