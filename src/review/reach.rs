//! Who may reach what: use cases by providers, with classification and agreement.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Block, Cell, Input, Section, Table, Tone};
use crate::decide::survey::Decided;
use crate::decide::{Decision, Path};
use crate::limits::shown;
use crate::model::{Model, ModelId, ProviderId, UseCase, UseCaseId, World};
use crate::vocabulary::DpaStatus;
use crate::who::posture;
use crate::work;

pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let lead = "`first` is where the ordinary request goes, `next` where it fails over to, `other` what is reached in other contexts only: another classification, fact or remaining budget. An empty cell is never reached, in no context."
        .to_owned()
        + &input.left_out(", so whom they reach is not known");
    let blocks = vec![Block::Table(matrix(input)), Block::Table(agreements(world))];
    Section { id: "reach", title: "Who may reach what", lead, blocks }
}

fn matrix(input: &Input<'_>) -> Table {
    let world = input.survey.world;
    let mut decided: Vec<Decided> = input.survey.decided().collect();
    decided.sort_by_key(|one| (std::cmp::Reverse(one.use_case.classification), one.id));
    // Use cases that are decided alike share their paths.
    let mut known: HashSet<(Option<ModelId>, *const Path)> = HashSet::new();
    let distinct = decided.iter().flat_map(Decided::distinct);
    let distinct = distinct.filter(|decision| known.insert((decision.primary, decision.paths.as_ptr())));
    let reached: BTreeSet<ProviderId> =
        distinct.flat_map(Decision::reaches).map(|id| world.models[id].provider).collect();
    let mut table = Table::new(
        "Use cases and the providers that they may reach, the most sensitive first",
        &["Use case", "Classification", "Data"],
        "No use case has a decision.",
    );
    let names = reached.iter().map(|id| &world.providers[*id]);
    table.columns.extend(names.map(|provider| (provider.name.value.clone(), false)));
    let mut alike: HashMap<UseCaseId, Vec<Cell>> = HashMap::new();
    table.rows = decided
        .iter()
        .map(|one| {
            let first = input.survey.cases[one.id].first_alike;
            let ways = alike.entry(first).or_insert_with(|| ways(world, one, &reached));
            head(world, one.use_case).into_iter().chain(ways.iter().cloned()).collect()
        })
        .collect();
    let undecided = input.survey.cases.iter().filter(|case| !case.is_decided());
    table.rows.extend(undecided.map(|case| {
        let mut cells = Vec::from(head(world, &world.use_cases[case.id]));
        cells.resize_with(table.columns.len(), || Cell::text("not known").tone(Tone::Warn));
        cells
    }));
    table.folded_past(shown::OPEN_REACH)
}

/// What a use case says of itself.
fn head(world: &World, use_case: &UseCase) -> [Cell; 3] {
    let class = world.classifications[use_case.classification].clone();
    let data = world.names.sorted(&use_case.data).join(", ");
    [Cell::name(&use_case.name.value), Cell::name(class), Cell::text(data)]
}

/// Which way it goes to each provider: the same for all that are decided alike.
fn ways(world: &World, decided: &Decided, providers: &BTreeSet<ProviderId>) -> Vec<Cell> {
    work::step();
    let of = |id: ModelId| world.models[id].provider;
    let first = decided.baseline.primary.map(of);
    let next: BTreeSet<ProviderId> = decided.baseline.reaches().into_iter().map(of).collect();
    let all = decided.reached();
    let other: BTreeSet<ProviderId> = all.iter().copied().map(of).collect();
    let is_unagreed = |id: &ModelId| is_unagreed(world, decided.use_case, &world.models[*id]);
    let unagreed: BTreeSet<ProviderId> = all.into_iter().filter(is_unagreed).map(of).collect();
    let way = |provider: &ProviderId| {
        let word = if first == Some(*provider) {
            "first"
        } else if next.contains(provider) {
            "next"
        } else if other.contains(provider) {
            "other"
        } else {
            return Cell::default();
        };
        if unagreed.contains(provider) {
            Cell::text(format!("{word}, no agreement")).tone(Tone::Bad)
        } else {
            Cell::text(word).tone(if word == "other" { Tone::Muted } else { Tone::Plain })
        }
    };
    providers.iter().map(way).collect()
}

/// Data goes to somebody else's machines without a confirmed agreement.
fn is_unagreed(world: &World, use_case: &UseCase, model: &Model) -> bool {
    let is_own = model.hosting.is_some_and(|hosting| world.names.name(hosting) == "self-hosted");
    !use_case.data.is_empty() && !is_own && model.dpa != Some(DpaStatus::Confirmed)
}

fn agreements(world: &World) -> Table {
    let heads = ["Model", "Agreement", "Until", "Certifications", "Regions", "Hosting", "Status"];
    let mut table = Table::new(
        "What is known of each model that is not retired",
        &heads,
        "The registry has no such model.",
    );
    let all = posture::all(world);
    let all: HashMap<&str, &posture::Posture> = all.iter().map(|one| (one.model.as_str(), one)).collect();
    table.rows = world
        .models
        .iter()
        .filter(|model| !model.retired)
        .map(|model| {
            let posture = all.get(model.id.as_str());
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
    table.folded_past(shown::OPEN_REACH)
}
