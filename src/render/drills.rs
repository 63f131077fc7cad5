//! `drill plan`, for people and as JSON.

use serde::Serialize;

use super::columns::{self, Column};
use super::human::{Style, paint, thousands};
use super::json::to_text;
use crate::model::Date;
use crate::model::words::{count, joined};
use crate::outages::drills::{DrillResult, Plan, Route, Step};
use crate::outages::{Report, Service, Serving};

/// A plan and the report that it was made from.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// What to rehearse.
    pub plan: &'a Plan<'a>,
    /// Outages and what they do.
    pub report: &'a Report<'a>,
    /// How many outages are shown.
    pub most: usize,
    /// The day that it was made for.
    pub as_of: Date,
}

impl<'a> Planned<'a> {
    fn steps(&self) -> impl Iterator<Item = &'a Step<'a>> + use<'a> {
        self.plan.steps.iter().take(self.most)
    }

    fn service(&self, route: &Route) -> Option<&'a Service<'a>> {
        self.report.services.get(route.service)
    }
}

/// The plan as text.
pub fn human(planned: &Planned, style: Style) -> String {
    let Planned { plan, report, .. } = planned;
    let routes = plan.routes();
    let together = match report.most_down {
        0 | 1 => "an outage of one failure domain leads to".to_owned(),
        most => format!("outages of up to {most} failure domains lead to"),
    };
    let mut text =
        format!("{together} {}; drills prove {}\n", count(routes, "route", "routes"), plan.proven.len());
    if plan.steps.is_empty() {
        return text
            + if routes == 0 {
                "there is nothing to rehearse\n"
            } else {
                "nothing has to be rehearsed now\n"
            };
    }
    text += &table(planned, style);
    match plan.steps.len().saturating_sub(planned.most) {
        0 => {}
        1 => text += "… and 1 outage more; `--all` prints everything\n",
        more => text += &format!("… and {more} outages more; `--all` prints everything\n"),
    }
    for step in planned.steps() {
        text += &format!("\n{}\n", paint(&format!("{} down", step.down.join(" + ")), "1", style));
        let rows: Vec<Vec<String>> =
            step.proves.iter().filter_map(|route| Some(row(route, planned.service(route)?))).collect();
        let columns = [Column::Cut, Column::Left, Column::Cut, Column::Right, Column::Cut, Column::Left];
        for line in columns::lines(&columns, &rows, 2, style.columns) {
            text += &format!("{line}\n");
        }
    }
    text + "\nadd what you measure to `drills:` in the estate\n"
}

fn table(planned: &Planned, style: Style) -> String {
    let head = ["", "take down", "proves", "requests"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (rank, step) in (1..).zip(planned.steps()) {
        let counts = step.by_criticality(planned.report);
        let all: usize = counts.iter().sum();
        let proves = match counts {
            [0, ..] => all.to_string(),
            [high, ..] => format!("{all} ({high} high)"),
        };
        let requests = step.requests(planned.report);
        let requests = if requests == 0 { "-".to_owned() } else { thousands(requests) };
        rows.push(vec![format!("{rank}"), step.down.join(" + "), proves, requests]);
    }
    let columns = [Column::Right, Column::Cut, Column::Left, Column::Right];
    let mut lines = columns::lines(&columns, &rows, 0, style.columns).into_iter();
    let head = lines.next().map(|line| paint(&line, "1", style)).unwrap_or_default();
    std::iter::once(head).chain(lines).map(|line| line + "\n").collect()
}

fn row(route: &Route, service: &Service) -> Vec<String> {
    let target = route.route.and_then(|position| service.targets.get(position));
    let to = match target {
        None => format!("stops: {}", service.then),
        Some(target) if target.actions.is_empty() => format!("to {}", target.model),
        Some(target) => format!("to {} ({})", target.model, joined(&target.actions)),
    };
    let times = target.map(|target| format!("{}x", target.cost_multiplier)).unwrap_or_default();
    let was = service.targets.first().map(|primary| format!("was {}", primary.model)).unwrap_or_default();
    let last = match route.last {
        None => "never".to_owned(),
        Some((date, DrillResult::Passed)) => format!("passed {date}"),
        Some((date, DrillResult::Failed)) => format!("failed {date}"),
        Some((date, DrillResult::Otherwise)) => format!("went elsewhere {date}"),
        Some((date, DrillResult::Unknown)) => format!("answered by an unknown model {date}"),
    };
    let criticality = service.criticality.name();
    vec![service.use_case.to_owned(), criticality.to_owned(), to, times, was, last]
}

#[derive(Serialize)]
struct Whole<'a> {
    as_of: String,
    most_down: usize,
    routes: usize,
    undecided: &'a [&'a str],
    steps: Vec<StepRow<'a>>,
    proven: Vec<RouteRow<'a>>,
}

#[derive(Serialize)]
struct StepRow<'a> {
    down: &'a [&'a str],
    monthly_requests: u64,
    proves: Vec<RouteRow<'a>>,
}

#[derive(Serialize)]
struct RouteRow<'a> {
    use_case: &'a str,
    criticality: &'static str,
    normal: Option<&'a str>,
    route: Option<&'a str>,
    then: &'static str,
    cost_multiplier: Option<&'a str>,
    actions: &'a [&'static str],
    last: Option<Last>,
}

#[derive(Serialize)]
struct Last {
    date: String,
    result: &'static str,
}

/// The plan as schemas/drill-plan.schema.json has it: always all of it.
pub fn json(planned: &Planned) -> String {
    let rows = |routes: &[Route]| {
        let rows = routes.iter().filter_map(|route| Some(route_row(route, planned.service(route)?)));
        rows.collect()
    };
    let step = |step: &Step<'_>| (step.requests(planned.report), rows(&step.proves));
    let steps = planned.plan.steps.iter().map(|one| {
        let (monthly_requests, proves) = step(one);
        StepRow { down: one.down, monthly_requests, proves }
    });
    to_text(&Whole {
        as_of: planned.as_of.to_string(),
        most_down: planned.report.most_down,
        routes: planned.plan.routes(),
        undecided: &planned.report.undecided,
        steps: steps.collect(),
        proven: rows(&planned.plan.proven),
    })
}

fn route_row<'a>(route: &Route, service: &'a Service<'a>) -> RouteRow<'a> {
    let target: Option<&Serving> = route.route.and_then(|position| service.targets.get(position));
    RouteRow {
        use_case: service.use_case,
        criticality: service.criticality.name(),
        normal: service.targets.first().map(|primary| primary.model),
        route: target.map(|target| target.model),
        then: service.then,
        cost_multiplier: target.map(|target| target.cost_multiplier.as_str()),
        actions: target.map(|target| target.actions.as_slice()).unwrap_or_default(),
        last: route.last.map(|(date, outcome)| Last { date: date.to_string(), result: word(outcome) }),
    }
}

fn word(outcome: DrillResult) -> &'static str {
    match outcome {
        DrillResult::Passed => "passed",
        DrillResult::Failed => "failed",
        DrillResult::Otherwise => "other-route",
        DrillResult::Unknown => "unknown-model",
    }
}
