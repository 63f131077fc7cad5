//! An audit for programs: the whole report, or one violation a line.

use serde::Serialize;

use super::kind::Kind;
use super::report::{Report, Violation};
use super::tables::Tables;
use crate::event::adapters;
use crate::event::money::exact;
use crate::render::json::{to_line, to_text};

#[derive(Serialize)]
struct Document<'r> {
    events: u64,
    requests: u64,
    from: Option<&'r str>,
    to: Option<&'r str>,
    tables: Vec<Held<'r>>,
    formats: Vec<Format<'r>>,
    violations: Vec<OfKind<'r>>,
    cost: Cost,
    summary: Summary,
}

#[derive(Serialize)]
struct Held<'r> {
    digest: &'r str,
    as_of: &'r str,
    events: u64,
}

#[derive(Serialize)]
struct Format<'r> {
    format: &'r str,
    events: u64,
    not_asked: Vec<&'static str>,
}

#[derive(Serialize)]
struct OfKind<'r> {
    code: &'static str,
    count: u64,
    examples: Vec<One<'r>>,
}

#[derive(Serialize)]
struct One<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    file: &'r str,
    line: u64,
    request_id: Option<&'r str>,
    use_case: Option<&'r str>,
    message: &'r str,
}

#[derive(Serialize)]
struct Cost {
    by_price_usd: String,
    stated_usd: String,
    billed_usd: String,
}

#[derive(Serialize)]
struct Summary {
    violations: u64,
    events_with_violations: u64,
    repeated_events: u64,
    events_before_tables: u64,
    events_without_time: u64,
    events_not_remembered: u64,
    events_with_cost_not_held: u64,
    events_without_model: u64,
    events_between_tables: u64,
    charges_of_other_services: u64,
    records_passed_over: u64,
    unreadable_records: u64,
    logs_without_events: u64,
}

/// The whole report.
pub fn render(report: &Report, tables: &Tables) -> String {
    let held = tables.all().iter().zip(&report.tables).map(|(known, events)| {
        let table = known.table.table();
        Held { digest: &table.digest, as_of: &table.as_of, events: *events }
    });
    let formats = report.formats.iter().map(|(name, events)| {
        let adapter = adapters::named(name);
        let missing = adapter.into_iter().flat_map(|adapter| adapter.states.others());
        Format { format: name, events: *events, not_asked: missing.map(crate::event::Field::key).collect() }
    });
    let violations = report.kinds.iter().map(|(kind, of_kind)| OfKind {
        code: kind.code(),
        count: of_kind.count,
        examples: of_kind.examples.iter().map(|example| one(None, example)).collect(),
    });
    let document = Document {
        events: report.events,
        requests: report.requests,
        from: report.days.as_ref().map(|(first, _)| first.as_str()),
        to: report.days.as_ref().map(|(_, last)| last.as_str()),
        tables: held.collect(),
        formats: formats.collect(),
        violations: violations.collect(),
        cost: Cost {
            by_price_usd: exact(report.sums.by_price),
            stated_usd: exact(report.sums.stated),
            billed_usd: exact(report.sums.billed),
        },
        summary: Summary {
            violations: report.violations(),
            events_with_violations: report.wrong_events,
            repeated_events: report.repeated,
            events_before_tables: report.before_tables,
            events_without_time: report.undated,
            events_not_remembered: report.forgotten,
            events_with_cost_not_held: report.unheld,
            events_without_model: report.of_no_model,
            events_between_tables: report.of_several,
            charges_of_other_services: report.of_other_services,
            records_passed_over: report.passed,
            unreadable_records: report.unread,
            logs_without_events: report.empty.len() as u64,
        },
    };
    to_text(&document)
}

/// One violation on a line of its own.
pub fn line(kind: Kind, violation: &Violation) -> String {
    to_line(&one(Some(kind), violation))
}

fn one(kind: Option<Kind>, violation: &Violation) -> One<'_> {
    One {
        code: kind.map(Kind::code),
        file: &violation.file,
        line: violation.line,
        request_id: violation.request_id.as_deref(),
        use_case: violation.use_case.as_deref(),
        message: &violation.message,
    }
}
