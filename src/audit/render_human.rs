//! An audit for a terminal.

use super::report::{Report, Violation};
use super::tables::Tables;
use crate::event::adapters;
use crate::event::money::cents;
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
    text += &chosen(report, tables);
    text += &not_asked(report);
    text += "\n";
    text += &match report.violations() {
        0 => "nothing is wrong\n".to_owned(),
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
    text += &format!("  cost by its prices {} usd", cents(sums.by_price));
    for (name, sum) in [("stated", sums.stated), ("billed", sums.billed)] {
        if sum != 0 {
            text += &format!(", {name} {} usd", cents(sum));
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

/// What was decided where the events leave it open.
fn chosen(report: &Report, tables: &Tables) -> String {
    let oldest = tables.all().first().map_or("", |known| &known.table.table().as_of);
    let mut text = String::new();
    let mut note = |count: u64, one: &str, many: &str| {
        if count > 0 {
            text += &format!("\nnote: {} {}\n", plural(count, "event"), if count == 1 { one } else { many });
        }
    };
    note(
        report.before_tables,
        &format!("is of a day before the oldest table and held against it, that of {oldest}"),
        &format!("are of days before the oldest table and held against it, that of {oldest}"),
    );
    note(
        report.undated,
        "names no time and is held against the table in force today",
        "name no time and are held against the table in force today",
    );
    note(
        report.unheld,
        "states a cost that no price could be held against: it writes to a cache, is of another tier, or adds up prompts",
        "state a cost that no price could be held against: they write to a cache, are of another tier, or add up prompts",
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
    text
}

/// What some format cannot state, so that nothing was asked about it.
fn not_asked(report: &Report) -> String {
    let mut text = String::new();
    for name in report.formats.keys() {
        let Some(adapter) = adapters::named(name) else { continue };
        let missing: Vec<&str> = adapter.states.others().map(crate::event::Field::key).collect();
        if !missing.is_empty() {
            text += &format!(
                "\nnote: `{name}` does not say {}, so nothing was asked about these\n",
                missing.join(", ")
            );
        }
    }
    text
}
