//! What stops, and what goes elsewhere, while failure domains are down: every combination of up to so many, worst first.

mod chains;
mod combine;
pub mod drills;
mod rank;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::cost;
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Path, Target, outage, show};
use crate::model::names::Symbol;
use crate::model::{ModelId, UseCase, UseCaseId, World};
use crate::number::Rational;
use crate::vocabulary::Criticality;
use crate::work;
use chains::Chains;
use combine::Combinations;

/// How many there are of each criticality, highest first.
pub type Counts = [usize; Criticality::ALL.len()];

/// The count of a criticality.
fn count_of(counts: &mut Counts, criticality: Criticality) -> &mut usize {
    let [high, normal, low] = counts;
    match criticality {
        Criticality::High => high,
        Criticality::Normal => normal,
        Criticality::Low => low,
    }
}

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
    chains: Chains,
}

/// What serves a use case in its baseline context.
#[derive(Debug)]
pub struct Service<'a> {
    /// The use case's number.
    pub id: UseCaseId,
    /// As the estate writes it.
    pub use_case: &'a str,
    /// As the estate states it.
    pub criticality: Criticality,
    /// Its targets in order; empty: no model is eligible, whatever is up. Use cases that are decided alike share them.
    pub targets: Arc<[Serving<'a>]>,
    /// How the use case ends: `queue`, `degrade` or `block`.
    pub then: &'static str,
    /// Expected requests a month, where stated.
    pub requests: Option<u64>,
    asked: &'a UseCase,
    world: &'a World,
}

/// A model that answers, and at what cost.
#[derive(Debug)]
pub struct Serving<'a> {
    /// The model's number.
    pub id: ModelId,
    /// `provider/name`.
    pub model: &'a str,
    domain: Symbol,
    /// The name of what falls together with it.
    pub falls_with: &'a str,
    /// Its cost over the primary's, as it is printed.
    pub cost_multiplier: String,
    /// The cost actions on it, in the order `notify`, `throttle`, `confirm`.
    pub actions: Vec<&'static str>,
}

/// Failure domains that are down together.
#[derive(Debug)]
pub struct Combination<'a> {
    /// Their names, sorted.
    pub down: Vec<&'a str>,
    domains: Vec<Symbol>,
    /// How many end in their terminal, by criticality, highest first.
    pub stopped: [usize; 3],
    /// How many go to another model, by criticality, highest first.
    pub rerouted: [usize; 3],
    /// Of how many of these it is known what that costs.
    pub known: usize,
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

    /// Whether it changes no route.
    pub fn is_harmless(&self) -> bool {
        self.all_stopped() + self.all_rerouted() == 0
    }

    /// What it adds to the bill, US dollars a month: less than nothing where more is stopped than costs more.
    pub fn extra_cost(&self) -> Rational {
        &self.cost_down - &self.cost_normal
    }
}

impl Report<'_> {
    /// The use cases whose route a combination changes: the stopped first, the more critical first, of equals those with
    /// more requests, then by name. Worked out when they are asked for: of all combinations together they are many.
    pub fn hits(&self, combination: &Combination) -> Vec<Hit> {
        self.chains.hits(&combination.domains, |_| true)
    }

    /// Those of them in which every failure domain has a part.
    pub fn together(&self, combination: &Combination) -> Vec<Hit> {
        self.chains.hits(&combination.domains, |fall| fall.together)
    }

    /// What a combination stops first: the most critical use case, of equals the one with the most requests.
    pub fn first(&self, combination: &Combination) -> Option<&Service<'_>> {
        if combination.all_stopped() == 0 {
            return None;
        }
        let first = self.chains.hits(&combination.domains, |fall| fall.route.is_none());
        self.services.get(first.first()?.service)
    }
}

impl Service<'_> {
    /// Expected cost of the use case on one of its targets, US dollars a month; none where the use case states no tokens.
    pub fn monthly_cost(&self, target: &Serving) -> Option<Rational> {
        self.asked.tokens.map(|_| cost::monthly(self.asked, &self.world.models[target.id]))
    }

    /// Expected cost a month on the primary and on another route, where both are known; nowhere it is nothing.
    pub fn costs(&self, route: Option<usize>) -> Option<(Rational, Rational)> {
        let normal = self.monthly_cost(self.targets.first()?)?;
        let down = match route {
            Some(position) => self.monthly_cost(self.targets.get(position)?)?,
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
    let mut known = HashMap::new();
    let services: Vec<Service> =
        survey.decided().map(|decided| service(world, &decided, &mut known)).collect();
    let serves: BTreeSet<Symbol> =
        known.values().flat_map(|targets| targets.iter().map(|target| target.domain)).collect();
    let by_name = world.failure_domains.iter().copied();
    let serving: Vec<Symbol> = by_name.filter(|domain| serves.contains(domain)).collect();
    let most_down = most_down.min(serving.len());
    combine::bounded(serving.len(), most_down)?;
    let name = |domain: &Symbol| world.names.name(*domain);
    let mut chains = Chains::new(&services);
    let mut combinations: Vec<Combination> = Combinations::new(&serving, most_down)
        .map(|down| chains.combination(&services, down.iter().map(name).collect(), down))
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
        chains,
    })
}

/// Targets by the primary and the paths that decisions share.
type Known<'a> = HashMap<(Option<ModelId>, *const Path), Arc<[Serving<'a>]>>;

fn service<'a>(world: &'a World, decided: &Decided<'a>, known: &mut Known<'a>) -> Service<'a> {
    let (use_case, decision) = (decided.use_case, decided.baseline);
    let key = (decision.primary, decision.paths.as_ptr());
    let targets = known
        .entry(key)
        .or_insert_with(|| decision.chain_targets().iter().map(|target| serving(world, target)).collect());
    Service {
        id: decided.id,
        use_case: &use_case.name.value,
        criticality: use_case.criticality,
        targets: Arc::clone(targets),
        then: outage::terminal(world, decision, None).kind().name(),
        requests: use_case.requests,
        asked: use_case,
        world,
    }
}

fn serving<'a>(world: &'a World, target: &Target) -> Serving<'a> {
    work::step();
    let model = &world.models[target.model];
    let actions =
        [("notify", target.notify.is_some()), ("throttle", target.throttle), ("confirm", target.confirm)];
    Serving {
        id: target.model,
        model: &model.id,
        domain: model.domain(),
        falls_with: world.names.name(model.domain()),
        cost_multiplier: show::multiplier(&target.multiplier),
        actions: actions.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect(),
    }
}
