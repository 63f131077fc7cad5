//! Which outages to rehearse next: the routes that outages lead to, and what drills prove of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Counts, Report, Service, count_of};
use crate::model::{Date, Drill, World};

/// What to rehearse.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What to take down, the outages that prove most first.
    pub steps: Vec<Step<'a>>,
    /// The routes that drills prove, by use case.
    pub proven: Vec<Route>,
}

/// An outage to rehearse.
#[derive(Debug)]
pub struct Step<'a> {
    /// What is taken down, by name.
    pub down: &'a [&'a str],
    /// The routes that it would prove and no drill does: the stopped first, the more critical first, by name.
    pub proves: Vec<Route>,
}

/// Where an outage sends a use case. Each belongs to one outage: the smallest that leads there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Position in [`Report::services`].
    pub service: usize,
    /// Position among its targets; none: it is stopped.
    pub route: Option<usize>,
    /// Its last drill: the day, and what came of it.
    pub last: Option<(Date, DrillResult)>,
}

/// What came of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrillResult {
    /// It passed, and what answered is still expected to.
    Passed,
    /// What was expected did not answer.
    Failed,
    /// It passed, and another model answered than the one expected now.
    Otherwise,
    /// It passed, and nobody is called as what answered: it is not known what it proves.
    Unknown,
}

/// What to rehearse of a report on outages.
pub fn plan<'a>(world: &World, report: &'a Report<'a>) -> Plan<'a> {
    let drilled = drilled(world, report);
    let (mut steps, mut proven) = (Vec::new(), Vec::new());
    for combination in &report.combinations {
        let mut proves = Vec::new();
        for hit in report.together(combination) {
            let drill = drilled.get(&(hit.service, hit.route));
            let last = drill.map(|(drill, outcome)| (drill.date, *outcome));
            let route = Route { service: hit.service, route: hit.route, last };
            let is_proven =
                drill.is_some_and(|(drill, outcome)| *outcome == DrillResult::Passed && world.counts(drill));
            if is_proven { proven.push(route) } else { proves.push(route) }
        }
        if !proves.is_empty() {
            steps.push(Step { down: &combination.down, proves });
        }
    }
    steps.sort_by_cached_key(|step| {
        let requests = step.requests(report);
        (Reverse(step.by_criticality(report)), Reverse(requests), step.down.len(), step.down)
    });
    proven.sort_by_key(|route| (route.service, route.route));
    Plan { steps, proven }
}

impl Plan<'_> {
    /// How many routes outages lead to.
    pub fn routes(&self) -> usize {
        self.proven.len() + self.steps.iter().map(|step| step.proves.len()).sum::<usize>()
    }
}

impl Step<'_> {
    /// How many routes it would prove, by criticality, highest first.
    pub fn by_criticality(&self, report: &Report) -> Counts {
        let mut counts = Counts::default();
        for service in self.services(report) {
            *count_of(&mut counts, service.criticality) += 1;
        }
        counts
    }

    /// Expected requests a month of the use cases whose routes it would prove.
    pub fn requests(&self, report: &Report) -> u64 {
        self.services(report).filter_map(|service| service.requests).fold(0, u64::saturating_add)
    }

    fn services<'r>(&self, report: &'r Report) -> impl Iterator<Item = &'r Service<'r>> {
        self.proves.iter().filter_map(|route| report.services.get(route.service))
    }
}

/// The last drill of every route that was rehearsed, and what came of it.
fn drilled<'w>(
    world: &'w World,
    report: &Report,
) -> BTreeMap<(usize, Option<usize>), (&'w Drill, DrillResult)> {
    let mut drilled = BTreeMap::new();
    for (at, service) in report.services.iter().enumerate() {
        for drill in world.drills_of(service.id) {
            let is_down = |model| drill.down.iter().any(|down| down.takes(world, model));
            if !service.targets.first().is_some_and(|primary| is_down(primary.id)) {
                continue;
            }
            let route = service.targets.iter().position(|target| !is_down(target.id));
            drilled.entry((at, route)).or_insert((drill, outcome(world, service, route, drill)));
        }
    }
    drilled
}

/// What came of a drill: as far as it says, what answered is held to what is expected now.
fn outcome(world: &World, service: &Service, route: Option<usize>, drill: &Drill) -> DrillResult {
    let expected = route.and_then(|position| service.targets.get(position));
    let is_expected =
        |answered: &String| expected.is_some_and(|target| world.find_model(answered).contains(&target.id));
    match &drill.answered_by {
        _ if !drill.passed => DrillResult::Failed,
        Some(answered) if world.find_model(answered).is_empty() => DrillResult::Unknown,
        Some(answered) if !is_expected(answered) => DrillResult::Otherwise,
        _ => DrillResult::Passed,
    }
}
