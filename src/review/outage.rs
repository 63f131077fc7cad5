//! What single outages stop, and which of them to rehearse next.

use super::{Block, Cell, Input, Section, Table, Tile, Tone};
use crate::limits::shown;
use crate::model::words::{count, joined, some};
use crate::number::{Rational, grouped, whole};
use crate::outages::drills::{self, DrillResult, Plan, Route};
use crate::outages::{self, Combination, Report, Service};
use crate::source::spans::quoted;
use crate::vocabulary::Criticality;

/// Single outages and drills.
pub(super) struct Outages<'a> {
    report: Option<Report<'a>>,
    has_drills: bool,
    input: &'a Input<'a>,
}

impl<'a> Outages<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let survey = input.survey;
        Self { report: outages::report(survey, 1).ok(), has_drills: !survey.world.drills.is_empty(), input }
    }

    fn stopping(&self) -> usize {
        self.report.iter().flat_map(|report| &report.combinations).filter(|one| one.all_stopped() > 0).count()
    }

    /// The number at the top.
    pub(super) fn tile(&self) -> Tile {
        let stopping = self.stopping();
        let all = self.report.as_ref().map_or(0, |report| report.combinations.len());
        Tile {
            label: "Outages that stop something",
            value: format!("{stopping} of {all}"),
            note: match self.input.undecided().len() {
                0 => "one failure domain down".to_owned(),
                1 => "at least: 1 use case is not decided".to_owned(),
                many => format!("at least: {many} use cases are not decided"),
            },
            tone: if stopping > 0 || !self.input.survey.complete() { Tone::Warn } else { Tone::Good },
        }
    }

    pub(super) fn section(&self) -> Section {
        let (id, title) = ("outages", "Outages and drills");
        let Some(report) = &self.report else {
            let lead = "There are too many failure domains to take each down.".to_owned();
            return Section { id, title, lead, blocks: Vec::new() };
        };
        let plan = drills::plan(self.input.survey.world, report);
        let mut lead = format!(
            "Each of {} is taken down alone: {} something.",
            count(report.failure_domains.len(), "failure domain", "failure domains"),
            count(self.stopping(), "outage stops", "outages stop")
        );
        let drilled = format!(
            " Drills prove {} of {} that outages lead to.",
            plan.proven.len(),
            count(plan.routes(), "route", "routes")
        );
        lead += if self.has_drills { &drilled } else { " The estate keeps no drills." };
        lead += &self.input.left_out(", so what stops them is not known");
        let blocks = vec![
            Block::Table(taken_down(report)),
            Block::Table(alone(report)),
            Block::Table(to_rehearse(report, &plan)),
        ];
        Section { id, title, lead, blocks }
    }
}

fn taken_down(report: &Report) -> Table {
    let heads = ["Down", "Stops", "Which", "Moves#", "USD a month"];
    let mut table =
        Table::new("One failure domain down, the worst first", &heads, "No outage changes a route.");
    let harmful = report.combinations.iter().filter(|one| !one.is_harmless());
    table.rows = harmful.map(|one| down_row(report, one)).collect();
    table.folded_past(shown::OPEN_OUTAGES)
}

fn down_row(report: &Report, one: &Combination) -> Vec<Cell> {
    let hits = if one.all_stopped() == 0 { Vec::new() } else { report.hits(one) };
    let stopped = hits.iter().filter(|hit| hit.route.is_none());
    let names: Vec<&str> =
        stopped.filter_map(|hit| Some(report.services.get(hit.service)?.use_case)).collect();
    let [high, ..] = one.stopped;
    let (stops, tone) = match (names.len(), high) {
        (0, _) => ("nothing".to_owned(), Tone::Good),
        (all, 0) => (all.to_string(), Tone::Warn),
        (all, high) => (format!("{all} ({high} of high criticality)"), Tone::Bad),
    };
    let extra = more_or_less(&one.extra_cost());
    vec![
        Cell::name(one.down.join(" + ")),
        Cell::text(stops).tone(tone),
        Cell::text(if names.is_empty() { String::new() } else { some(&names, shown::REVIEW_OUTAGE_NAMES) }),
        Cell::text(one.all_rerouted().to_string()),
        Cell::text(if one.known > 0 { extra } else { String::new() }),
    ]
}

/// `12.00 more`, `12.00 less`, or that it is the same.
pub(super) fn more_or_less(extra: &Rational) -> String {
    let zero = whole(0);
    match extra.cmp(&zero) {
        std::cmp::Ordering::Greater => format!("{} more", super::money::usd(extra)),
        std::cmp::Ordering::Less => format!("{} less", super::money::usd(&(zero - extra))),
        std::cmp::Ordering::Equal => "the same".to_owned(),
    }
}

/// Use cases with nowhere to fail over to.
fn alone(report: &Report) -> Table {
    let heads = ["Use case", "Criticality", "Only model", "Then", "Requests a month#"];
    let mut table =
        Table::new("Use cases with nowhere to fail over to", &heads, "Every use case has a failover.");
    let alone = report.services.iter().filter(|service| service.targets.len() < 2);
    table.rows = alone
        .map(|service| {
            let level = service.criticality.name();
            let tone = if service.criticality == Criticality::High { Tone::Bad } else { Tone::Plain };
            vec![
                Cell::name(service.use_case),
                Cell::text(level).tone(tone),
                Cell::name(service.targets.first().map_or("none", |target| target.model)),
                Cell::text(service.then),
                Cell::text(requests(service)),
            ]
        })
        .collect();
    table.folded_past(shown::OPEN_OUTAGES)
}

fn requests(service: &Service) -> String {
    service.requests.map(|requests| grouped(&requests.to_string())).unwrap_or_default()
}

fn to_rehearse(report: &Report, plan: &Plan) -> Table {
    let heads = ["Take down", "Use case", "Criticality", "Expect", "Last drill"];
    let mut table = Table::new("Rehearse next: what proves most", &heads, "Every route is proven.");
    for step in plan.steps.iter().take(shown::REHEARSALS) {
        for route in step.proves.iter().take(shown::REVIEW_OUTAGE_NAMES) {
            let Some(service) = report.services.get(route.service) else { continue };
            table.rows.push(rehearsal(step.down, route, service));
        }
        let more = step.proves.len().saturating_sub(shown::REVIEW_OUTAGE_NAMES);
        if more > 0 {
            let mut row = vec![Cell::name(step.down.join(" + ")), Cell::text(format!("and {more} more"))];
            row.resize(table.columns.len(), Cell::default());
            table.rows.push(row);
        }
    }
    table
}

fn rehearsal(down: &[&str], route: &Route, service: &Service) -> Vec<Cell> {
    let target = route.route.and_then(|position| service.targets.get(position));
    let expect = match target {
        None => format!("stops: {}", service.then),
        Some(target) if target.actions.is_empty() => quoted(target.model),
        Some(target) => format!("{} ({})", quoted(target.model), joined(&target.actions)),
    };
    let last = match route.last {
        None => "never".to_owned(),
        Some((date, DrillResult::Passed)) => format!("{date}, too long ago"),
        Some((date, DrillResult::Failed)) => format!("{date}, failed"),
        Some((date, DrillResult::Otherwise)) => format!("{date}, went elsewhere"),
        Some((date, DrillResult::Unknown)) => format!("{date}, answered by an unknown model"),
    };
    vec![
        Cell::name(down.join(" + ")),
        Cell::name(service.use_case),
        Cell::text(service.criticality.name()),
        Cell::text(expect),
        Cell::text(last),
    ]
}
