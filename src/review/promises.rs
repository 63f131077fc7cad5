//! What the policy promises, and that every context was decided to see whether it holds.

use super::{Block, Cell, Input, Section, Table, Tone};
use crate::model::words::{contexts, count};

/// The section.
pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let find = |code: &str, name: &str| {
        let named = format!("`{name}`");
        input.findings.iter().any(|finding| finding.code.0 == code && finding.message.contains(&named))
    };
    let heads = ["Guarantee", "Why", "Result"];
    let mut table =
        Table::new("Guarantees, decided in every context", &heads, "The policy states no guarantees.");
    table.rows = world
        .guarantees
        .iter()
        .map(|guarantee| {
            let name = &guarantee.name.value;
            let (result, tone) = if find("guarantee-violated", name) {
                ("violated", Tone::Bad)
            } else if find("vacuous-guarantee", name) {
                ("speaks of nothing", Tone::Warn)
            } else {
                ("holds", Tone::Good)
            };
            vec![
                Cell::name(name),
                Cell::name(guarantee.because.clone().unwrap_or_default()),
                Cell::text(result).tone(tone),
            ]
        })
        .collect();
    let contexts = contexts(input.survey.contexts(), u64::MAX);
    let lead = format!(
        "{} over {contexts}: every classification, fact and band of budgets of every use case.",
        count(world.guarantees.len(), "guarantee", "guarantees")
    );
    Section { id: "promises", title: "Promises", lead, blocks: vec![Block::Table(table)] }
}
