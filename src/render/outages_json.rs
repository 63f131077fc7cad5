//! `outages --format json`, as schemas/outages.schema.json has it.

use std::collections::HashMap;
use std::io;

use serde::Serialize;

use super::pieces::{Json, Take};
use crate::limits::effort;
use crate::number::dollars;
use crate::outages::{Combination, Hit, Report, Service};

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

/// The report in pieces, one line feed at the end.
pub fn write(report: &Report, out: &mut Take) -> io::Result<()> {
    let mut json = Json::new(out);
    json.object()?;
    json.field("most_down", &report.most_down)?;
    json.field("failure_domains", &report.failure_domains)?;
    json.list_of("use_cases")?;
    report.services.iter().try_for_each(|service| json.value(&use_case(service)))?;
    json.end()?;
    json.field("undecided", &report.undecided)?;
    json.list_of("combinations")?;
    let mut changes = Changes::default();
    report.combinations.iter().try_for_each(|one| row(&mut json, &mut changes, report, one))?;
    json.end()?;
    json.end()
}

/// What happens to use cases, as it is written: often the same, whatever else is down.
#[derive(Default)]
struct Changes {
    known: HashMap<(usize, Option<usize>, bool), String>,
}

impl Changes {
    fn write(&mut self, json: &mut Json, hit: &Hit, service: &Service) -> io::Result<()> {
        if self.known.len() >= effort::OUTAGES_KEPT {
            self.known.clear();
        }
        let key = (hit.service, hit.route, hit.together);
        let made = self.known.entry(key).or_insert_with(|| json.made(&change(hit, service)));
        json.text(made)
    }
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
        monthly_cost: primary.and_then(|target| service.monthly_cost(target)).as_ref().map(dollars),
    }
}

fn criticality(service: &Service) -> &'static str {
    service.criticality.name()
}

fn row(json: &mut Json, changes: &mut Changes, report: &Report, combination: &Combination) -> io::Result<()> {
    json.object()?;
    json.field("down", &combination.down)?;
    json.field("stopped", &counts(combination.stopped))?;
    json.field("rerouted", &counts(combination.rerouted))?;
    let hits = report.hits(combination);
    let first = hits.first().filter(|hit| hit.route.is_none());
    let first = first.and_then(|hit| report.services.get(hit.service));
    json.field("stops_first", &first.map(|service| service.use_case))?;
    json.field("monthly_requests_stopped", &combination.requests_stopped)?;
    let (normal, down) = (dollars(&combination.cost_normal), dollars(&combination.cost_down));
    json.field("monthly_cost", &Cost { normal, down })?;
    json.list_of("use_cases")?;
    for hit in hits {
        if let Some(service) = report.services.get(hit.service) {
            changes.write(json, &hit, service)?;
        }
    }
    json.end()?;
    json.end()
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
