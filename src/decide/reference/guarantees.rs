//! Guarantees: what a decision reaches, and the chain that they read: "Guarantees and tests" in docs/language.md.

use std::collections::{BTreeMap, BTreeSet};

use super::duties::Duties;
use super::evaluation::{Datum, evaluate};
use super::values::read_chain;
use super::{Scope, applies};
use crate::decide::{Decision, Multiplier};
use crate::model::attribute::{Attribute, ChainAttribute};
use crate::model::expr::Node;
use crate::model::names::Symbol;
use crate::model::{Context, Guarantee, Model, ModelId, ProviderId, UseCase, World};
use crate::number::{Rational, compare, percent_of_any, whole};

/// The chain of targets as guarantees see it.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) length: Rational,
    pub(super) providers: Rational,
    pub(super) failure_domains: Rational,
    pub(super) max_cost_multiplier: Multiplier,
    /// Percent; none where a target's is unknown.
    pub(super) availability: Option<Rational>,
}

/// What a decision reaches and a part of a guarantee that it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Position of the part in the guarantee.
    pub part: usize,
    /// The primary, or a target of some path.
    pub model: ModelId,
    /// Position of what fails among the parts of an outermost `and` (of an `always`) or `or` (of a `never`).
    pub inside: Option<usize>,
}

/// Whether a guarantee's `for` is true in a context.
pub fn premise_holds(world: &World, use_case: &UseCase, context: &Context, guarantee: &Guarantee) -> bool {
    applies(world, use_case, context, guarantee.premise.as_ref())
}

/// The first model, of the primary and the targets of every path, and part by which a decision breaks a guarantee whose
/// premise holds.
pub fn breaks(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    decision: &Decision,
    guarantee: &Guarantee,
) -> Option<Broken> {
    let reads = |wanted| {
        let wanted = Attribute::Chain(wanted);
        guarantee.parts.iter().any(|part| part.expr.reads.iter().any(|(read, _)| *read == wanted))
    };
    let chain = Chain::of(world, decision, reads);
    let reads_duties = guarantee
        .parts
        .iter()
        .any(|part| part.expr.reads.iter().any(|(read, _)| matches!(read, Attribute::Duty(_))));
    let duties = reads_duties.then(|| Duties::of(world, decision));
    decision.reaches().into_iter().find_map(|id| {
        let model = Some(&world.models[id]);
        let residency = decision.residency.as_deref();
        let (chain, duties) = (Some(&chain), duties.as_ref());
        let scope = Scope { model, chain, duties, residency, ..Scope::of(world, use_case, context) };
        let broken =
            |part: &crate::model::GuaranteePart| evaluate(scope, &part.expr.root) != Some(!part.never);
        let part = guarantee.parts.iter().position(broken)?;
        let fails = |nodes: &[Node], wanted| nodes.iter().position(|n| evaluate(scope, n) != Some(wanted));
        let inside = guarantee.parts.get(part).and_then(|part| match &part.expr.root {
            Node::And(nodes) if !part.never => fails(nodes, true),
            Node::Or(nodes) if part.never => fails(nodes, false),
            _ => None,
        });
        Some(Broken { part, model: id, inside })
    })
}

impl Chain {
    /// What of it is read.
    pub(super) fn of(world: &World, decision: &Decision, reads: impl Fn(ChainAttribute) -> bool) -> Self {
        let chain = decision.chain();
        let models = || chain.iter().map(|id| &world.models[*id]);
        let domains: BTreeSet<Symbol> = models().map(|model| model.failure_domain).collect();
        let providers: BTreeSet<ProviderId> = models().map(|model| model.provider).collect();
        let targets = || decision.outage_path().into_iter().flat_map(|path| &path.targets);
        let dearest = || targets().map(|target| target.multiplier.clone()).fold(Multiplier::one(), Ord::max);
        let dearest = if reads(ChainAttribute::MaxCostMultiplier) { Some(dearest()) } else { None };
        Self {
            length: whole(chain.len() as u64),
            providers: whole(providers.len() as u64),
            failure_domains: whole(domains.len() as u64),
            max_cost_multiplier: dearest.unwrap_or_else(Multiplier::one),
            availability: reads(ChainAttribute::Availability).then(|| availability(models())).flatten(),
        }
    }
}

/// Of a chain that is up where any failure domain is, each at its best target; none where a target's is unknown.
pub(super) fn availability<'a>(targets: impl Iterator<Item = &'a Model>) -> Option<Rational> {
    let mut best: BTreeMap<Symbol, &Rational> = BTreeMap::new();
    for model in targets {
        let availability = model.availability.as_ref()?;
        let entry = best.entry(model.failure_domain).or_insert(availability);
        if compare(availability, entry).is_gt() {
            *entry = availability;
        }
    }
    Some(percent_of_any(best.values().copied()))
}

/// An attribute of the chain of targets: a number, or a percent; none where it is unknown.
pub fn chain_value(world: &World, decision: &Decision, attribute: ChainAttribute) -> Option<Multiplier> {
    let chain = Chain::of(world, decision, |read| read == attribute);
    match read_chain(&chain, attribute) {
        Datum::Number(number) => Some(Multiplier::Finite(number.into_owned())),
        Datum::Infinite => Some(Multiplier::Infinite),
        _ => None,
    }
}

/// `chain.availability` of a decision, in percent; none where a target's is unknown.
pub fn chain_availability(world: &World, decision: &Decision) -> Option<Rational> {
    Chain::of(world, decision, |read| read == ChainAttribute::Availability).availability
}
