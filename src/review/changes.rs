//! What changed since the last review: the comparison's own words, worst first.

use super::{Block, Cell, Input, Section, Table, Tone, sentence};
use crate::diff::gate::Moved;
use crate::diff::phrase::Phrase;
use crate::diff::{Change, Diff, words};
use crate::limits::shown;
use crate::model::words::at_least;
use crate::source::listed;
use crate::source::spans::quoted;

pub(super) fn section(input: &Input<'_>) -> Section {
    let Some((diff, findings)) = input.since else {
        return Section {
            id: "changes",
            title: "What changed",
            lead: "There is nothing to compare with: name the revision of the last review, as in `govctl review 2026Q3`."
                .to_owned(),
            blocks: Vec::new(),
        };
    };
    let mut lines = vec![format!("{}.", sentence(&words::sides(diff)))];
    lines.extend(words::summary(diff, findings).into_iter().map(|line| format!("{}.", sentence(&line))));
    let mut blocks = vec![Block::Lines(String::new(), lines), Block::Table(changes(diff))];
    let (new, gone) = words::findings(findings);
    let lists = [
        ("Providers and models", words::portfolio(diff)),
        ("Rules of the gate", diff.gate.iter().map(|moved| Phrase::default().text(gate(moved))).collect()),
        ("Budgets", words::budgets(diff)),
        ("Obligations", words::obligations(diff)),
        ("Promises that are gone though no decision changes", words::latent(diff)),
        ("Newly found by `check`", new),
        ("No longer found by `check`", gone),
    ];
    let lists = lists.into_iter().filter(|(_, lines)| !lines.is_empty());
    blocks.extend(lists.map(|(title, lines)| {
        Block::Lines(title.to_owned(), lines.iter().map(ToString::to_string).collect())
    }));
    Section {
        id: "changes",
        title: "What changed",
        lead: format!("{}.", sentence(&words::headline(diff))),
        blocks,
    }
}

fn gate(moved: &Moved) -> String {
    if moved.loosened { format!("loosened: {}", moved.text) } else { moved.text.clone() }
}

fn changes(diff: &Diff) -> Table {
    let heads = ["Use case", "What changes", "Owner", "Contexts#", "USD a month", "Why", "Accepted"];
    let has_accepted = diff.changes.iter().any(|change| change.accepted.is_some());
    let heads =
        if has_accepted { &heads[..] } else { heads.split_last().map_or(&[][..], |(_, heads)| heads) };
    let mut table =
        Table::new("Use cases whose decisions change, the worst first", heads, "No decision changes.");
    table.rows = diff.changes.iter().map(row).collect();
    for row in &mut table.rows {
        row.truncate(heads.len());
    }
    table.folded_past(shown::OPEN_CHANGES)
}

fn row(change: &Change) -> Vec<Cell> {
    let kinds = words::kinds(change);
    let tone = if kinds.iter().any(|kind| kind.risk() <= 2) { Tone::Bad } else { Tone::Plain };
    let money = words::amounts(&change.money.monthly).unwrap_or_default();
    let causes = change.causes.iter().take(shown::REVIEW_CAUSES).map(|cause| quoted(&cause.to_string()));
    let more = change.causes.len().saturating_sub(shown::REVIEW_CAUSES);
    let causes = listed::and_more(&causes.collect::<Vec<String>>().join(", "), more);
    let accepted = change
        .accepted
        .as_ref()
        .map(|entry| format!("until {}: {} ({})", entry.until, quoted(&entry.reason), quoted(&entry.owner)));
    let (changed, contexts) = (change.compared.changed, change.compared.contexts);
    vec![
        Cell::name(&change.use_case),
        Cell::text(words::names(&kinds)).tone(tone),
        Cell::name(change.owner.clone().unwrap_or_default()),
        Cell::text(format!("{}{changed} of {}{contexts}", at_least(changed), at_least(contexts))),
        Cell::text(money.replace(" usd a month", "")),
        Cell::text(causes),
        Cell::text(accepted.unwrap_or_default()),
    ]
}
