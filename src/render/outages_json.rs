//! `outages --format json`, as schemas/outages.schema.json has it.

use serde::Serialize;

use super::json::to_text;
use crate::number::dollars;
use crate::outages::{CRITICALITIES, Combination, Hit, Report, Service};

#[derive(Serialize)]
struct Whole<'a> {
    most_down: usize,
    failure_domains: &'a [&'a str],
    use_cases: Vec<UseCase<'a>>,
    undecided: &'a [&'a str],
    combinations: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct UseCase<'a> {
    use_case: &'a str,
    criticality: &'static str,
    targets: Vec<&'a str>,
    route: Option<&'a str>,
    then: &'static str,
    monthly_requests: Option<u64>,
    monthly_cost: Option<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    down: &'a [&'a str],
    stopped: Counts,
    rerouted: Counts,
    stops_first: Option<&'a str>,
    monthly_requests_stopped: u64,
    monthly_cost: Cost,
    use_cases: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Counts {
    total: usize,
    high: usize,
    normal: usize,
    low: usize,
}

#[derive(Serialize)]
struct Cost {
    normal: String,
    down: String,
}

#[derive(Serialize)]
struct Change<'a> {
    use_case: &'a str,
    criticality: &'static str,
    outcome: &'static str,
    normal: Option<&'a str>,
    route: Option<&'a str>,
    then: &'static str,
    cost_multiplier: Option<&'a str>,
    actions: &'a [&'static str],
    monthly_cost: Option<Cost>,
    only_together: bool,
}

/// The report, one line feed at the end.
pub fn render(report: &Report) -> String {
    to_text(&Whole {
        most_down: report.most_down,
        failure_domains: &report.failure_domains,
        use_cases: report.services.iter().map(use_case).collect(),
        undecided: &report.undecided,
        combinations: report.combinations.iter().map(|combination| row(report, combination)).collect(),
    })
}

fn use_case<'a>(service: &'a Service) -> UseCase<'a> {
    let primary = service.targets.first();
    UseCase {
        use_case: service.use_case,
        criticality: criticality(service),
        targets: service.targets.iter().map(|target| target.model).collect(),
        route: primary.map(|target| target.model),
        then: service.then,
        monthly_requests: service.requests,
        monthly_cost: primary.and_then(|target| target.monthly_cost.as_ref()).map(dollars),
    }
}

fn criticality(service: &Service) -> &'static str {
    CRITICALITIES.get(service.criticality).copied().unwrap_or_default()
}

fn row<'a>(report: &'a Report, combination: &'a Combination) -> Row<'a> {
    let first = combination.first().and_then(|hit| report.services.get(hit.service));
    let changes =
        combination.hits.iter().filter_map(|hit| Some(change(hit, report.services.get(hit.service)?)));
    Row {
        down: &combination.down,
        stopped: counts(combination.stopped),
        rerouted: counts(combination.rerouted),
        stops_first: first.map(|service| service.use_case),
        monthly_requests_stopped: combination.requests_stopped,
        monthly_cost: Cost {
            normal: dollars(&combination.cost_normal),
            down: dollars(&combination.cost_down),
        },
        use_cases: changes.collect(),
    }
}

fn counts([high, normal, low]: [usize; 3]) -> Counts {
    Counts { total: high + normal + low, high, normal, low }
}

fn change<'a>(hit: &Hit, service: &'a Service) -> Change<'a> {
    let normal = service.targets.first();
    let route = hit.route.and_then(|position| service.targets.get(position));
    let costs = service.costs(hit.route);
    Change {
        use_case: service.use_case,
        criticality: criticality(service),
        outcome: if route.is_some() { "route" } else { "terminal" },
        normal: normal.map(|target| target.model),
        route: route.map(|target| target.model),
        then: service.then,
        cost_multiplier: route.map(|target| target.cost_multiplier.as_str()),
        actions: route.map(|target| target.actions.as_slice()).unwrap_or_default(),
        monthly_cost: costs.map(|(normal, down)| Cost { normal: dollars(&normal), down: dollars(&down) }),
        only_together: hit.together,
    }
}
