//! Use cases by what serves them in turn: those that share their targets fare alike, whatever is down.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::{Combination, Counts, Hit, Service, Serving, count_of};
use crate::model::names::Symbol;
use crate::number::{Rational, add_up, whole};
use crate::work;

/// All use cases that something serves.
#[derive(Debug)]
pub(super) struct Chains {
    all: Vec<Chain>,
    /// By the failure domain of their primary: nothing happens to a use case while that is up.
    by_primary: HashMap<Symbol, Vec<usize>>,
    /// The use cases, the more critical first, then those with more requests, then by name.
    order: Vec<usize>,
}

/// Use cases that share their targets.
#[derive(Debug)]
struct Chain {
    /// The failure domains of the targets.
    domains: Vec<Symbol>,
    /// Positions in [`Chains::order`], ascending.
    members: Vec<usize>,
    /// How many there are, by criticality.
    counts: Counts,
    /// Expected requests a month.
    requests: u64,
    /// Of how many it is known what they cost.
    known: usize,
    /// What they cost on their primaries and on a route, by route.
    costs: BTreeMap<Option<usize>, (Rational, Rational)>,
}

/// What happens to the use cases of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fall {
    chain: usize,
    /// The position of the first target that is up; none: they are stopped.
    pub(super) route: Option<usize>,
    /// Whether every failure domain that is down has a part in it.
    pub(super) together: bool,
}

impl Chains {
    pub(super) fn new(services: &[Service]) -> Self {
        let mut order: Vec<usize> = (0..services.len()).collect();
        // Services stand in the order of names.
        order
            .sort_by_key(|at| services.get(*at).map(|one| (Reverse(one.criticality), Reverse(one.requests))));
        let mut chains =
            Self { all: Vec::new(), by_primary: HashMap::new(), order: Vec::with_capacity(order.len()) };
        let mut known: HashMap<*const Serving, usize> = HashMap::new();
        for (rank, at) in order.into_iter().enumerate() {
            chains.order.push(at);
            let Some(service) = services.get(at).filter(|service| !service.targets.is_empty()) else {
                continue;
            };
            let new = chains.all.len();
            let number = *known.entry(service.targets.as_ptr()).or_insert(new);
            if number == new {
                let domains: Vec<Symbol> = service.targets.iter().map(|target| target.domain).collect();
                if let Some(primary) = domains.first() {
                    chains.by_primary.entry(*primary).or_default().push(new);
                }
                chains.all.push(Chain::new(domains));
            }
            if let Some(chain) = chains.all.get_mut(number) {
                chain.add(rank, service);
            }
        }
        chains
    }

    /// What happens to the chains whose primary is down.
    fn falls(&self, down: &[Symbol]) -> Vec<Fall> {
        let chains = down.iter().filter_map(|domain| self.by_primary.get(domain)).flatten();
        let fall = |number: &usize| Some(self.all.get(*number)?.fall(*number, down));
        chains.filter_map(fall).collect()
    }

    /// What failure domains being down do.
    pub(super) fn combination<'a>(
        &mut self,
        services: &[Service],
        names: Vec<&'a str>,
        domains: Vec<Symbol>,
    ) -> Combination<'a> {
        let falls = self.falls(&domains);
        let mut combination = Combination {
            down: names,
            domains,
            stopped: [0; 3],
            rerouted: [0; 3],
            known: 0,
            requests_stopped: 0,
            cost_normal: whole(0),
            cost_down: whole(0),
        };
        for fall in falls {
            let order = &self.order;
            if let Some(chain) = self.all.get_mut(fall.chain) {
                chain.add_to(&mut combination, fall.route, order, services);
            }
        }
        combination
    }

    /// The use cases to which something happens that is wanted: the stopped first, then in order.
    pub(super) fn hits(&self, down: &[Symbol], wanted: impl Fn(&Fall) -> bool) -> Vec<Hit> {
        let falls = self.falls(down).into_iter().filter(wanted);
        let mut hits: Vec<(bool, usize, Fall)> = falls
            .flat_map(|fall| {
                let members = self.all.get(fall.chain).map(|chain| chain.members.as_slice());
                members.unwrap_or_default().iter().map(move |rank| (fall.route.is_some(), *rank, fall))
            })
            .collect();
        hits.sort_unstable_by_key(|(is_served, rank, _)| (*is_served, *rank));
        let hit = |(_, rank, fall): (bool, usize, Fall)| {
            let service = *self.order.get(rank)?;
            Some(Hit { service, route: fall.route, together: fall.together })
        };
        hits.into_iter().filter_map(hit).collect()
    }
}

impl Chain {
    fn new(domains: Vec<Symbol>) -> Self {
        let (members, costs) = (Vec::new(), BTreeMap::new());
        Self { domains, members, counts: Counts::default(), requests: 0, known: 0, costs }
    }

    fn add(&mut self, rank: usize, service: &Service) {
        self.members.push(rank);
        *count_of(&mut self.counts, service.criticality) += 1;
        self.requests = self.requests.saturating_add(service.requests.unwrap_or_default());
        self.known += usize::from(service.asked.tokens.is_some());
    }

    fn fall(&self, chain: usize, down: &[Symbol]) -> Fall {
        work::step();
        let is_down = |domain: &Symbol| down.contains(domain);
        let route = self.domains.iter().position(|domain| !is_down(domain));
        let passed = self.domains.get(..route.unwrap_or(self.domains.len())).unwrap_or_default();
        Fall { chain, route, together: down.iter().all(|one| passed.contains(one)) }
    }

    fn add_to(
        &mut self,
        combination: &mut Combination,
        route: Option<usize>,
        order: &[usize],
        services: &[Service],
    ) {
        let counts = if route.is_none() { &mut combination.stopped } else { &mut combination.rerouted };
        for (count, more) in counts.iter_mut().zip(self.counts) {
            *count += more;
        }
        if route.is_none() {
            combination.requests_stopped = combination.requests_stopped.saturating_add(self.requests);
        }
        if self.known == 0 {
            return;
        }
        combination.known += self.known;
        let members = &self.members;
        let (normal, down) = self.costs.entry(route).or_insert_with(|| {
            let (mut normal, mut down) = (whole(0), whole(0));
            let members = members.iter().filter_map(|rank| services.get(*order.get(*rank)?));
            for costs in members.filter_map(|service| service.costs(route)) {
                add_up(&mut normal, &costs.0);
                add_up(&mut down, &costs.1);
            }
            (normal, down)
        });
        add_up(&mut combination.cost_normal, normal);
        add_up(&mut combination.cost_down, down);
    }
}
