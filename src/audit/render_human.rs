//! An audit for a terminal.

use super::Kind;
use super::report::{Report, Violation};
use super::tables::Tables;
use crate::event::adapters;
use crate::event::money::cents;
use crate::limits::shown;
use crate::number::grouped;
use crate::render::human::thousands;
use crate::source::visible;

/// The report: what was read, what is wrong, what could not be asked.
pub fn render(report: &Report, tables: &Tables) -> String {
    let mut text = head(report, tables);
    for (kind, of_kind) in &report.kinds {
        text += &format!("\n{}: {} ({})\n", kind.code(), thousands(of_kind.count), kind.about());
        for example in &of_kind.examples {
            text += &format!("  {}\n", line(example));
        }
        let more = of_kind.count.saturating_sub(of_kind.examples.len() as u64);
        if more > 0 {
            text += &format!("  … and {} more\n", thousands(more));
        }
    }
    let oldest = tables.all().first().map_or("", |known| &known.table.table().as_of);
    let mut notes = chosen(report, oldest);
    notes.extend(not_asked(report));
    for note in &notes {
        text += &format!("\nnote: {note}\n");
    }
    text += "\n";
    text += &match report.violations() {
        0 if notes.is_empty() => "nothing is wrong\n".to_owned(),
        0 => "nothing is wrong in what was asked\n".to_owned(),
        violations => {
            format!("{} in {}\n", plural(violations, "violation"), plural(report.wrong_events, "event"))
        }
    };
    text
}

fn head(report: &Report, tables: &Tables) -> String {
    let mut text = plural(report.events, "event");
    if report.requests != report.events {
        text += &format!(" of {}", plural(report.requests, "request"));
    }
    text += &match &report.days {
        Some((first, last)) if first == last => format!(" on {first}\n"),
        Some((first, last)) => format!(" from {first} to {last}\n"),
        None => "\n".to_owned(),
    };
    for (known, events) in tables.all().iter().zip(&report.tables).filter(|(_, events)| **events > 0) {
        let table = known.table.table();
        let digest = table.digest.get(..19).unwrap_or(&table.digest);
        text += &format!("  {} held against the table of {} ({digest}…)\n", thousands(*events), table.as_of);
    }
    let sums = &report.sums;
    text += &format!("  cost by its prices {} usd", grouped(&cents(sums.by_price)));
    for (name, sum) in [("stated", sums.stated), ("billed", sums.billed)] {
        if sum != 0 {
            text += &format!(", {name} {} usd", grouped(&cents(sum)));
        }
    }
    text + "\n"
}

/// A count with its word.
fn plural(count: u64, word: &str) -> String {
    format!("{} {word}{}", thousands(count), if count == 1 { "" } else { "s" })
}

/// A violation on one line.
fn line(violation: &Violation) -> String {
    let Violation { file, line, request_id, use_case, message } = violation;
    let id = request_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    let of = use_case.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
    visible::inline(&format!("{file}:{line}{id}{of}: {message}")).into_owned()
}

/// What was decided where the events leave it open; `oldest` is the day of the oldest table.
pub fn chosen(report: &Report, oldest: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let mut of = |count: u64, word: &str, one: &str, many: &str| {
        if count > 0 {
            notes.push(format!("{} {}", plural(count, word), if count == 1 { one } else { many }));
        }
    };
    if !report.kinds.contains_key(&Kind::UnreadableEvent) {
        of(
            report.unread,
            "record",
            "is not an event, and nothing was asked about it",
            "are not events, and nothing was asked about them",
        );
    }
    of(report.passed, "record", "asks no model and was passed over", "ask no model and were passed over");
    let mut note = |count: u64, one: &str, many: &str| of(count, "event", one, many);
    note(
        report.before_tables,
        &format!("is of a day before the oldest table and held against it, that of {oldest}"),
        &format!("are of days before the oldest table and held against it, that of {oldest}"),
    );
    note(
        report.of_several,
        "is of a day on which several tables were in force and held against the one that fits it best",
        "are of days on which several tables were in force and held against the ones that fit them best",
    );
    note(
        report.of_other_services,
        "is a charge of a service other than a model, so nothing was asked about it",
        "are charges of services other than models, so nothing was asked about them",
    );
    note(
        report.undated,
        "names no time and is held against the table in force today",
        "name no time and are held against the table in force today",
    );
    note(
        report.unheld,
        "states a cost that no price could be held against: it writes to a cache, is of another tier, adds up prompts, or does not say what came from a cache",
        "state a cost that no price could be held against: they write to a cache, are of another tier, add up prompts, or do not say what came from a cache",
    );
    note(
        report.of_no_model,
        "names no model, so nothing was asked about where it went",
        "name no model, so nothing was asked about where they went",
    );
    note(
        report.repeated,
        "was read before: its requests and its cost count once",
        "were read before: their requests and their cost count once",
    );
    note(
        report.forgotten,
        "could not be remembered: if it was read again, nothing says so",
        "could not be remembered: if they were read again, nothing says so",
    );
    if !report.empty.is_empty() {
        let shown = report.empty.iter().take(shown::LOGS);
        let mut names: Vec<String> = shown.map(|name| format!("`{}`", visible::inline(name))).collect();
        if report.empty.len() > shown::LOGS {
            names.push(format!("{} more", report.empty.len() - shown::LOGS));
        }
        let hold = if report.empty.len() == 1 { "holds" } else { "hold" };
        notes.push(format!("{} {hold} no event", names.join(", ")));
    }
    notes
}

/// What some format cannot state, so that nothing was asked about it.
fn not_asked(report: &Report) -> Vec<String> {
    let adapters = report.formats.keys().filter_map(|name| adapters::named(name));
    let missing = adapters.filter_map(|adapter| {
        let missing: Vec<&str> = adapter.states.others().map(crate::event::Field::key).collect();
        let name = adapter.name;
        (!missing.is_empty()).then(|| {
            format!("`{name}` does not say {}, so nothing was asked about these", missing.join(", "))
        })
    });
    missing.collect()
}
