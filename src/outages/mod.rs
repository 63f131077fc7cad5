//! What stops, and what goes elsewhere, while failure domains are down: every combination of up to so many, worst first.

mod combine;
pub mod drills;
mod rank;

use std::collections::BTreeSet;

use crate::cost;
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Target, outage, show};
use crate::model::names::Symbol;
use crate::model::{ModelId, UseCaseId, World};
use crate::number::{Rational, add_up};
use combine::Combinations;

/// The levels of criticality, highest first.
pub const CRITICALITIES: [&str; 3] = ["high", "normal", "low"];

/// Every combination of failure domains down and what it does.
#[derive(Debug)]
pub struct Report<'a> {
    /// Most failure domains that are down together.
    pub most_down: usize,
    /// The failure domains that serve some target, by name.
    pub failure_domains: Vec<&'a str>,
    /// What serves each use case whose decision is defined, by name.
    pub services: Vec<Service<'a>>,
    /// Use cases without a defined decision, by name.
    pub undecided: Vec<&'a str>,
    /// All combinations, the worst first.
    pub combinations: Vec<Combination<'a>>,
}

/// What serves a use case in its baseline context.
#[derive(Debug)]
pub struct Service<'a> {
    /// The use case's number.
    pub id: UseCaseId,
    /// The use case.
    pub use_case: &'a str,
    /// Position in [`CRITICALITIES`].
    pub criticality: usize,
    /// Its targets in order; empty: no model is eligible, whatever is up.
    pub targets: Vec<Serving<'a>>,
    /// Its terminal.
    pub then: &'static str,
    /// Expected requests a month, where stated.
    pub requests: Option<u64>,
}

/// A target.
#[derive(Debug)]
pub struct Serving<'a> {
    /// The model's number.
    pub id: ModelId,
    /// Its id.
    pub model: &'a str,
    domain: Symbol,
    /// The name of what falls together with it.
    pub falls_with: &'a str,
    /// Its cost over the primary's, as it is printed.
    pub cost_multiplier: String,
    /// The cost actions on it, in the order `notify`, `throttle`, `confirm`.
    pub actions: Vec<&'static str>,
    /// Expected cost of the use case on it, US dollars a month; none where the use case states no tokens.
    pub monthly_cost: Option<Rational>,
}

/// Failure domains that are down together.
#[derive(Debug)]
pub struct Combination<'a> {
    /// Their names, sorted.
    pub down: Vec<&'a str>,
    /// The use cases whose route it changes: the stopped first, the more critical first, by name.
    pub hits: Vec<Hit>,
    /// How many end in their terminal, by criticality, highest first.
    pub stopped: [usize; 3],
    /// How many go to another model, by criticality, highest first.
    pub rerouted: [usize; 3],
    /// Expected requests a month that get no model.
    pub requests_stopped: u64,
    /// Expected cost a month of the use cases whose route it changes, with everything up.
    pub cost_normal: Rational,
    /// The same, with these down: what is stopped costs nothing.
    pub cost_down: Rational,
}

/// A use case whose route a combination changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Position in [`Report::services`].
    pub service: usize,
    /// Position among its targets of the first that is up; none: it is stopped.
    pub route: Option<usize>,
    /// Whether every failure domain of the combination has a part in it: no smaller one does the same.
    pub together: bool,
}

impl Combination<'_> {
    /// How many use cases end in their terminal.
    pub fn all_stopped(&self) -> usize {
        self.stopped.iter().sum()
    }

    /// How many use cases go to another model.
    pub fn all_rerouted(&self) -> usize {
        self.rerouted.iter().sum()
    }

    /// What it stops first: the most critical use case, of equals the one with the most requests.
    pub fn first(&self) -> Option<&Hit> {
        self.hits.first().filter(|hit| hit.route.is_none())
    }

    /// What it adds to the bill, US dollars a month: less than nothing where more is stopped than costs more.
    pub fn extra_cost(&self) -> Rational {
        &self.cost_down - &self.cost_normal
    }
}

impl Service<'_> {
    /// Expected cost a month on the primary and on another route, where both are known; nowhere it is nothing.
    pub fn costs(&self, route: Option<usize>) -> Option<(Rational, Rational)> {
        let normal = self.targets.first()?.monthly_cost.clone()?;
        let down = match route {
            Some(position) => self.targets.get(position)?.monthly_cost.clone()?,
            None => crate::number::whole(0),
        };
        Some((normal, down))
    }
}

/// Why not every combination can be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Failure domains that serve some target.
    pub failure_domains: usize,
    /// How many combinations were asked for.
    pub combinations: usize,
    /// The largest number of failure domains down whose combinations can be; 0 if none.
    pub possible: usize,
}

/// Takes down every combination of up to so many failure domains that serve some target.
pub fn report<'a>(survey: &'a Survey<'a>, most_down: usize) -> Result<Report<'a>, TooMany> {
    let world = survey.world;
    let services: Vec<Service> = survey.decided().map(|decided| service(world, &decided)).collect();
    let serves: BTreeSet<Symbol> =
        services.iter().flat_map(|service| service.targets.iter().map(|target| target.domain)).collect();
    let by_name = world.failure_domains.iter().copied();
    let serving: Vec<Symbol> = by_name.filter(|domain| serves.contains(domain)).collect();
    let most_down = most_down.min(serving.len());
    combine::bounded(serving.len(), most_down)?;
    let name = |domain: &Symbol| world.names.name(*domain);
    let mut combinations: Vec<Combination> = Combinations::new(&serving, most_down)
        .map(|down| combination(&services, &down, down.iter().map(name).collect()))
        .collect();
    rank::worst_first(&mut combinations);
    let undecided = survey.cases.iter().filter(|case| !case.is_decided());
    let undecided = undecided.map(|case| &world.use_cases[case.id]);
    Ok(Report {
        most_down,
        failure_domains: serving.iter().map(name).collect(),
        undecided: undecided.map(|use_case| use_case.name.value.as_str()).collect(),
        services,
        combinations,
    })
}

fn service<'a>(world: &'a World, decided: &Decided<'a>) -> Service<'a> {
    let (use_case, decision) = (decided.use_case, decided.baseline);
    let serving = |target: &Target| {
        let model = &world.models[target.model];
        let actions =
            [("notify", target.notify.is_some()), ("throttle", target.throttle), ("confirm", target.confirm)];
        Some(Serving {
            id: target.model,
            model: &model.id,
            domain: model.domain(),
            falls_with: world.names.name(model.domain()),
            cost_multiplier: show::multiplier(&target.multiplier),
            actions: actions.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect(),
            monthly_cost: use_case.tokens.map(|_| cost::monthly(use_case, model)),
        })
    };
    Service {
        id: decided.id,
        use_case: &use_case.name.value,
        criticality: (CRITICALITIES.len() - 1).saturating_sub(use_case.criticality),
        targets: decision.chain_targets().iter().filter_map(serving).collect(),
        then: outage::terminal(world, decision, None).kind().word(),
        requests: use_case.requests,
    }
}

fn combination<'a>(services: &[Service], down: &[Symbol], names: Vec<&'a str>) -> Combination<'a> {
    let mut combination = Combination {
        down: names,
        hits: Vec::new(),
        stopped: [0; 3],
        rerouted: [0; 3],
        requests_stopped: 0,
        cost_normal: crate::number::whole(0),
        cost_down: crate::number::whole(0),
    };
    for (id, service) in services.iter().enumerate() {
        if let Some(hit) = hit(id, service, down) {
            combination.add(service, hit);
        }
    }
    rank::most_critical_first(&mut combination.hits, services);
    combination
}

/// What failure domains being down do to a use case; none where its route stays.
fn hit(id: usize, service: &Service, down: &[Symbol]) -> Option<Hit> {
    let is_down = |target: &Serving| down.contains(&target.domain);
    if !service.targets.first().is_some_and(is_down) {
        return None;
    }
    let route = service.targets.iter().position(|target| !is_down(target));
    let passed = service.targets.iter().take(route.unwrap_or(service.targets.len()));
    let parts: BTreeSet<Symbol> = passed.map(|target| target.domain).collect();
    Some(Hit { service: id, route, together: parts.len() == down.len() })
}

impl Combination<'_> {
    fn add(&mut self, service: &Service, hit: Hit) {
        let route = hit.route.and_then(|position| service.targets.get(position));
        let counts = if route.is_none() { &mut self.stopped } else { &mut self.rerouted };
        if let Some(count) = counts.get_mut(service.criticality) {
            *count += 1;
        }
        if route.is_none() {
            self.requests_stopped =
                self.requests_stopped.saturating_add(service.requests.unwrap_or_default());
        }
        if let Some((normal, down)) = service.costs(hit.route) {
            add_up(&mut self.cost_normal, &normal);
            add_up(&mut self.cost_down, &down);
        }
        self.hits.push(hit);
    }
}
