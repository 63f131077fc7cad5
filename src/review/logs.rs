//! What `audit` finds in the logs, by kind.

use super::spent::usd;
use super::{Block, Cell, Input, Section, Table, Tone, attention, traffic};
use crate::audit::report::{Report, Violation};
use crate::audit::{Kind, render_human};
use crate::event::{Field, adapters};
use crate::limits::shown;
use crate::model::words::count;
use crate::render::human::thousands;

/// What was logged of requests that went where no decision leads, or with what must not stand there.
const GRAVE: [Kind; 6] = [
    Kind::NotAllowed,
    Kind::WrongRegion,
    Kind::NotUnderstood,
    Kind::TestInProduction,
    Kind::MaskedData,
    Kind::RawUser,
];

/// What was found in logs, and what they were held against.
#[derive(Debug, Clone, Copy)]
pub struct Logged<'a> {
    /// What the audit of these logs says.
    pub report: &'a Report,
    /// The days of the tables, the oldest first.
    pub tables: &'a [String],
}

fn events(many: u64) -> String {
    if many == 1 { "1 event".to_owned() } else { format!("{} events", thousands(many)) }
}

/// The kinds, the gravest first, then the most frequent.
fn kinds(report: &Report) -> Vec<(Kind, u64, Option<&Violation>)> {
    let all = report.kinds.iter().map(|(kind, of_kind)| (*kind, of_kind.count, of_kind.examples.first()));
    let mut all: Vec<(Kind, u64, Option<&Violation>)> = all.collect();
    all.sort_by_key(|(kind, many, _)| (!GRAVE.contains(kind), std::cmp::Reverse(*many)));
    all
}

pub(super) fn section(input: &Input<'_>) -> Section {
    let (id, title) = ("logged", "Logged and decided");
    let Some(Logged { report, tables }) = input.logged else {
        let lead =
            "No log was read: name logs with `--audit FILE` to hold what was done against what was decided.";
        return Section { id, title, lead: lead.to_owned(), blocks: Vec::new() };
    };
    let mut lead = events(report.events);
    lead += &match &report.days {
        Some((first, last)) if first == last => format!(" on {first}"),
        Some((first, last)) => format!(" from {first} to {last}"),
        None => String::new(),
    };
    let held = if report.events == 1 { "was" } else { "were" };
    lead += &match tables {
        [one] => format!(" {held} held against the decisions of {one}"),
        [first, .., last] => {
            format!(" {held} held against {} tables of decisions, made from {first} to {last}", tables.len())
        }
        [] => String::new(),
    };
    let unasked = unasked(report, tables);
    lead += &match (report.wrong_events, report.events) {
        (0, 0) => ": there is none in the logs, so nothing was asked.".to_owned(),
        (0, _) if unasked.is_empty() => ": nothing is wrong.".to_owned(),
        (0, _) => ": nothing is wrong in what was asked.".to_owned(),
        (wrong, _) => format!(": something is wrong with {} of them.", thousands(wrong)),
    };
    if report.events > 0 {
        lead += &money(report);
    }
    let mut blocks = if report.kinds.is_empty() { Vec::new() } else { vec![Block::Table(table(report))] };
    blocks.extend(traffic::told(input, report));
    if !unasked.is_empty() {
        blocks.push(Block::Lines("What was not asked".to_owned(), unasked));
    }
    Section { id, title, lead, blocks }
}

/// What was not asked of the logs, or is not certain, a sentence each.
fn unasked(report: &Report, tables: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    let of_none = report.of_no_use_case();
    if of_none > 0 {
        let (are, were) = if of_none == 1 { ("is", "it was") } else { ("are", "they were") };
        all.push(format!(
            "{} of {} {are} of a format that names no use case, so whether {were} allowed was not asked.",
            events(of_none),
            thousands(report.events)
        ));
    }
    let notes = render_human::chosen(report, tables.first().map_or("", String::as_str));
    all.extend(notes.iter().map(|note| super::sentence(note) + "."));
    for adapter in report.formats.keys().filter_map(|name| adapters::named(name)) {
        let missing = ASKED.iter().filter(|field| !adapter.states.has(**field));
        let missing: Vec<String> = missing.map(|field| format!("`{}`", field.key())).collect();
        if !missing.is_empty() {
            all.push(format!(
                "`{}` does not say {}, so nothing was asked about these.",
                adapter.name,
                missing.join(", ")
            ));
        }
    }
    all
}

/// What most is asked about, of what some formats cannot say.
const ASKED: [Field; 12] = [
    Field::UseCase,
    Field::Classification,
    Field::Facts,
    Field::Route,
    Field::Hop,
    Field::Trigger,
    Field::Region,
    Field::Team,
    Field::PromptVersion,
    Field::Sources,
    Field::Masked,
    Field::RetainDays,
];

/// What the events cost, and what they say that they did.
fn money(report: &Report) -> String {
    let sums = &report.sums;
    let mut text = format!(" By the prices of the decisions they cost {} usd", usd(sums.by_price));
    for (name, sum) in [("stated", sums.stated), ("billed", sums.billed)] {
        if sum != 0 {
            text += &format!(", {name} are {}", usd(sum));
        }
    }
    text += ".";
    if report.repeated > 0 {
        let (one, many) =
            (" 1 event was read before, and counts once.", "events were read before, and count once.");
        text += &if report.repeated == 1 {
            one.to_owned()
        } else {
            format!(" {} {many}", thousands(report.repeated))
        };
    }
    text
}

fn table(report: &Report) -> Table {
    let heads = ["Kind", "What is wrong", "Times#", "First at", "Use case"];
    let mut table =
        Table::new("What is wrong in the logs, the gravest first; `govctl audit` lists all", &heads, "");
    table.rows = kinds(report)
        .into_iter()
        .map(|(kind, many, first)| {
            let tone = if GRAVE.contains(&kind) { Tone::Bad } else { Tone::Warn };
            let place = first.map(|one| format!("{}:{}", one.file, one.line)).unwrap_or_default();
            let use_case = first.and_then(|one| one.use_case.clone()).unwrap_or_default();
            vec![
                Cell::name(kind.code()),
                Cell::text(kind.about()).tone(tone),
                Cell::text(thousands(many)),
                Cell::name(place),
                Cell::name(use_case),
            ]
        })
        .collect();
    table
}

/// What wants somebody, who answers for it, and whether it is grave.
pub(super) fn open(input: &Input<'_>) -> Option<(String, String, bool)> {
    let report = input.logged?.report;
    let all = kinds(report);
    let (first, more) = (all.iter().take(shown::LOG_KINDS), all.len().saturating_sub(shown::LOG_KINDS));
    let named: Vec<String> =
        first.map(|(kind, many, _)| format!("`{}` {}", kind.code(), thousands(*many))).collect();
    let mut named = named.join(", ");
    if more > 0 {
        named += &format!(" and {}", count(more, "other kind", "other kinds"));
    }
    let is_grave = all.iter().any(|(kind, ..)| GRAVE.contains(kind));
    let is = if report.wrong_events == 1 { "is" } else { "are" };
    let what = format!("{} in the logs {is} not as decided: {}", events(report.wrong_events), named);
    let owners = attention::owners(input, &traffic::wrong(input, report));
    (!all.is_empty()).then_some((what, owners, is_grave))
}
