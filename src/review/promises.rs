//! What the policy promises, and that every context was decided to see whether it holds.

use super::{Block, Cell, Input, Section, Table, Tone};
use crate::decide::engine::Statement;
use crate::limits::shown;
use crate::model::attribute::Attribute;
use crate::model::words::{contexts, count, some};
use crate::model::{Guarantee, GuaranteeId};

pub(super) fn section(input: &Input<'_>) -> Section {
    let world = input.survey.world;
    let heads = ["Guarantee", "Why", "Result"];
    let (all, undecided) = (world.use_cases.len(), input.undecided().len());
    let caption = match undecided {
        0 => "Guarantees, decided in every context".to_owned(),
        _ => format!("Guarantees, decided in every context of {} of {all} use cases", all - undecided),
    };
    let mut table = Table::new(caption, &heads, "The policy states no guarantees.");
    table.rows = world
        .guarantees
        .enumerated()
        .map(|(id, guarantee)| {
            let (result, tone) = result(input, id, guarantee);
            vec![
                Cell::name(&guarantee.name.value),
                Cell::name(guarantee.because.clone().unwrap_or_default()),
                Cell::text(result).tone(tone),
            ]
        })
        .collect();
    let decided = input.survey.decided().map(|decided| world.count_contexts(decided.use_case));
    let contexts = contexts(decided.fold(0, u64::saturating_add), u64::MAX);
    let of = if undecided == 0 { "every use case" } else { "every use case that is decided" };
    let lead = format!(
        "{} over {contexts}: every classification, fact and band of budgets of {of}.{}",
        count(world.guarantees.len(), "guarantee", "guarantees"),
        input.left_out(", so whether a guarantee about them holds is not known")
    );
    Section { id: "promises", title: "Promises", lead, blocks: vec![Block::Table(table)] }
}

/// What is known of a guarantee, whether somebody has accepted that or not.
fn result(input: &Input<'_>, id: GuaranteeId, guarantee: &Guarantee) -> (String, Tone) {
    let silenced = input.silenced.iter().map(|one| &one.finding);
    let found = input.findings.iter().chain(silenced);
    let is_found = |code: &str| {
        found.clone().any(|finding| finding.code.0 == code && finding.primary.span == guarantee.name.span)
    };
    if is_found("guarantee-violated") {
        return ("violated".to_owned(), Tone::Bad);
    }
    if is_found("vacuous-guarantee") {
        return ("speaks of nothing".to_owned(), Tone::Warn);
    }
    let open = undecided(input, id, guarantee);
    if open.is_empty() {
        return ("holds".to_owned(), Tone::Good);
    }
    let are = if open.len() == 1 { "is" } else { "are" };
    (format!("not known: {} {are} not decided", some(&open, shown::REVIEW_NAMES)), Tone::Bad)
}

/// The use cases without a decision that a guarantee may speak of.
fn undecided<'i>(input: &'i Input<'_>, id: GuaranteeId, guarantee: &Guarantee) -> Vec<&'i str> {
    let survey = input.survey;
    let reads = |attribute: Attribute| {
        let premise = guarantee.premise.iter().flat_map(|premise| &premise.reads);
        premise.into_iter().any(|(read, _)| *read == attribute)
    };
    let concerned = survey.cases.iter().filter(|case| {
        let use_case = &survey.world.use_cases[case.id];
        !case.is_decided()
            && (case.missing.iter().any(|missing| reads(missing.attribute))
                || survey.engine.holds_somewhere(use_case, Statement::Guarantee(id)))
    });
    concerned.map(|case| survey.world.use_cases[case.id].name.value.as_str()).collect()
}
