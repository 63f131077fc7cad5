//! LANGUAGE §6 to §8, one function a paragraph: short, slow and obviously right.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use num_traits::Zero;

use super::{Audit, Decision, Excluded, Gate, LeftOut, Multiplier, Path, Target, Undefined};
use crate::model::attribute::{Attribute, ChainAttribute, ModelAttribute, RequestAttribute};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::trigger::{TRIGGERS, Triggers};
use crate::model::{
    Aspect, Candidates, Context, CostAction, Expr, FactDomain, Failover, FailoverId, FailoverTo, Guarantee,
    Model, ModelId, Prefer, PreferKind, ProviderId, Rule, RuleId, Tier, Trigger, UseCase, World,
};
use crate::number::{self, Rational, whole};
use crate::source::Span;

/// Everything that an expression may read.
#[derive(Clone, Copy)]
struct Scope<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    context: &'a Context,
    model: Option<&'a Model>,
    chain: Option<&'a Chain>,
    /// Where the request may be processed (none: everywhere): in a condition what the use case states, elsewhere what
    /// `process in` leaves of it.
    residency: Option<&'a Set>,
}

impl<'a> Scope<'a> {
    /// A request as a condition reads it.
    fn of(world: &'a World, use_case: &'a UseCase, context: &'a Context) -> Self {
        Self { world, use_case, context, model: None, chain: None, residency: use_case.stated_residency() }
    }
}

/// A set as an expression reads it.
enum Many<'a> {
    Unknown,
    /// Every region.
    Everywhere,
    These(std::borrow::Cow<'a, Set>),
}

/// The chain of targets as guarantees see it (§6).
#[derive(Debug)]
struct Chain {
    length: Rational,
    providers: Rational,
    failure_domains: Rational,
    max_cost_multiplier: Multiplier,
    /// Percent; none where a target's is unknown.
    availability: Option<Rational>,
}

/// A value as it is compared; of unknown ones nothing is known.
#[derive(Debug, PartialEq)]
enum Datum<'a> {
    Unknown,
    Symbol(Symbol),
    Level(usize),
    Number(std::borrow::Cow<'a, Rational>),
    Infinite,
    Bool(bool),
}

/// The decision for a use case in a context (§8).
pub fn decide(world: &World, use_case: &UseCase, context: &Context) -> Result<Decision, Undefined> {
    let scope = Scope::of(world, use_case, context);
    let rules = applying_rules(scope);
    let mut undefined =
        Undefined { preferences: ambiguous_preferences(world, &rules), ..Undefined::default() };
    let mut led = Vec::new();
    for trigger in TRIGGERS {
        match applying_failovers(scope, trigger).as_slice() {
            [] => {}
            [one] => led.push((trigger, *one)),
            several => undefined.failovers.push((trigger, several.to_vec())),
        }
    }
    undefined.forks = forking(world, &led);
    if undefined != Undefined::default() {
        return Err(undefined);
    }
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    let eligible = eligible(scope, &rules);
    let ranking = ranking(scope, &rules, eligible);
    let primary = ranking.first().copied();
    let paths = primary.map(|primary| paths(scope, &rules, &ranking, primary, &led)).unwrap_or_default();
    let (budgets, quotas) = (
        holding(scope, world.budgets.iter().map(|b| b.when.as_ref())),
        holding(scope, world.quotas.iter().map(|q| q.when.as_ref())),
    );
    let audit = audit(scope).map(Arc::new);
    Ok(Decision {
        rules: rules.into(),
        primary,
        paths: paths.into(),
        budgets: budgets.into(),
        quotas: quotas.into(),
        audit,
        residency: residency.map(Arc::new),
    })
}

/// The failover statements that some trigger leads to, by name; of a trigger that several claim, none.
pub fn led(world: &World, use_case: &UseCase, context: &Context) -> BTreeSet<FailoverId> {
    let scope = Scope::of(world, use_case, context);
    let left = TRIGGERS.into_iter().map(|trigger| applying_failovers(scope, trigger));
    left.filter_map(|left| if let [one] = left.as_slice() { Some(*one) } else { None }).collect()
}

/// The eligible models, best first.
pub fn rank(world: &World, use_case: &UseCase, context: &Context) -> Vec<ModelId> {
    let scope = Scope::of(world, use_case, context);
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    ranking(scope, &rules, eligible(scope, &rules))
}

/// Every model that is not eligible, with all that removes it; by id.
pub fn exclusions(world: &World, use_case: &UseCase, context: &Context) -> Vec<Excluded> {
    let scope = Scope::of(world, use_case, context);
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    let all = (0..world.models.len()).map(|model| removed_by(scope, &rules, model));
    all.filter(|excluded| !excluded.gates.is_empty() || !excluded.rules.is_empty()).collect()
}

/// Whether a condition over the request is true; no condition is.
pub fn applies(world: &World, use_case: &UseCase, context: &Context, when: Option<&Expr>) -> bool {
    holds(Scope::of(world, use_case, context), when)
}

/// Whether an expression over the request is true; none is unknown.
pub fn truth(world: &World, use_case: &UseCase, context: &Context, node: &Node) -> Option<bool> {
    evaluate(Scope::of(world, use_case, context), node)
}

fn holds(scope: Scope, when: Option<&Expr>) -> bool {
    let scope = Scope { residency: scope.use_case.stated_residency(), ..scope };
    when.is_none_or(|expr| evaluate(scope, &expr.root) == Some(true))
}

fn holding<'a>(scope: Scope, conditions: impl Iterator<Item = Option<&'a Expr>>) -> Vec<usize> {
    conditions.enumerate().filter(|(_, when)| holds(scope, *when)).map(|(id, _)| id).collect()
}

// §8.1 Gates.

/// Whether a model passes a gate.
pub fn passes(world: &World, use_case: &UseCase, context: &Context, model: &Model, gate: Gate) -> bool {
    let scope = Scope::of(world, use_case, context);
    let residency =
        if gate == Gate::Residency { effective_residency(scope, &applying_rules(scope)) } else { None };
    passes_in(Scope { residency: residency.as_ref(), ..scope }, model, gate)
}

fn passes_in(scope: Scope, model: &Model, gate: Gate) -> bool {
    let (use_case, context, regions) = (scope.use_case, scope.context, &scope.world.regions);
    match gate {
        Gate::ApprovedUseCase => {
            model.approved.iter().any(|entry| approves(&entry.value, &use_case.name.value))
        }
        Gate::ClassificationCeiling => context.classification <= model.ceiling,
        Gate::ComplianceCoverage => {
            covers(model.compliance.as_ref(), Some(&use_case.compliance)) == Some(true)
        }
        Gate::Residency => scope.residency.is_none_or(|residency| {
            let stated = model.regions.as_ref().filter(|stated| !stated.is_empty());
            stated.is_some_and(|stated| match model.region_selectable {
                Some(true) => !regions.inside(stated, residency).is_empty(),
                Some(false) | None => regions.covers(residency, stated),
            })
        }),
        Gate::Retention => use_case
            .retention_max
            .as_ref()
            .is_none_or(|max| model.retention.as_ref().is_some_and(|retention| retention <= max)),
        Gate::Lifecycle => !model.retired,
        Gate::Capability => {
            let covered = covers(model.capabilities.as_ref(), Some(&use_case.capabilities)) == Some(true);
            let wide = |min: &Rational| model.context_window.as_ref().is_some_and(|window| window >= min);
            covered && use_case.min_context.as_ref().is_none_or(wide)
        }
    }
}

/// Whether an entry of `approved_use_cases` names or prefixes a use case.
pub fn approves(entry: &str, use_case: &str) -> bool {
    entry == use_case || entry.strip_suffix('*').is_some_and(|prefix| use_case.starts_with(prefix))
}

// §8.2 Rules.

fn applying_rules(scope: Scope) -> Vec<RuleId> {
    holding(scope, scope.world.rules.iter().map(|rule| rule.when.as_ref()))
}

/// The regions where a request may be processed: those that the use case states, narrowed by every `process in`; none
/// is every region.
fn effective_residency(scope: Scope, rules: &[RuleId]) -> Option<Set> {
    let (world, facts) = (scope.world, &scope.context.facts);
    let rules = rules.iter().filter_map(|id| world.rules.get(*id));
    let clauses = rules.flat_map(|rule| &rule.process_in).map(|clause| clause.regions(world, facts));
    clauses.fold(scope.use_case.stated_residency().cloned(), |so_far, named| match so_far {
        None => Some(named),
        Some(so_far) => Some(world.regions.shared(&so_far, &named)),
    })
}

/// The regions where a request may be processed in a context; none is every region.
pub fn residency(world: &World, use_case: &UseCase, context: &Context) -> Option<Set> {
    let scope = Scope::of(world, use_case, context);
    effective_residency(scope, &applying_rules(scope))
}

/// Where a request would be processed by a model: where it is pinned to, else wherever the model processes.
fn processed_in<'a>(
    world: &World,
    residency: Option<&Set>,
    model: &'a Model,
) -> Option<std::borrow::Cow<'a, Set>> {
    let stated = model.regions.as_ref()?;
    Some(match residency {
        Some(residency) if model.region_selectable == Some(true) => {
            std::borrow::Cow::Owned(world.regions.inside(stated, residency))
        }
        Some(_) | None => std::borrow::Cow::Borrowed(stated),
    })
}

fn removed_by(scope: Scope, rules: &[RuleId], model: ModelId) -> Excluded {
    let Some(candidate) = scope.world.models.get(model) else {
        return Excluded { model, gates: Gate::ALL.to_vec(), rules: Vec::new() };
    };
    let gates = Gate::ALL.into_iter().filter(|gate| !passes_in(scope, candidate, *gate)).collect();
    let on_model = Scope { model: Some(candidate), ..scope };
    let excludes = |id: &&RuleId| scope.world.rules.get(**id).is_some_and(|rule| excludes(on_model, rule));
    Excluded { model, gates, rules: rules.iter().filter(excludes).copied().collect() }
}

/// Whether a promise of a rule is not kept by the scope's model.
fn excludes(scope: Scope, rule: &Rule) -> bool {
    rule.promises.iter().any(|promise| evaluate(scope, &promise.expr.root) != Some(!promise.forbid))
}

fn eligible(scope: Scope, rules: &[RuleId]) -> Vec<ModelId> {
    let applying: Vec<&Rule> = rules.iter().filter_map(|id| scope.world.rules.get(*id)).collect();
    let eligible = scope.world.models.iter().enumerate().filter(|(_, model)| {
        let mut gates = Gate::ALL.into_iter();
        let on_model = Scope { model: Some(model), ..scope };
        gates.all(|gate| passes_in(scope, model, gate))
            && !applying.iter().any(|rule| excludes(on_model, rule))
    });
    eligible.map(|(id, _)| id).collect()
}

// §8.3 Ranking.

/// Per tier in `precedence` order, the rules whose `prefer` clauses are left.
fn preferring(world: &World, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
    let rules: Vec<(RuleId, &Rule)> =
        applying.iter().filter_map(|id| Some((*id, world.rules.get(*id)?))).collect();
    let overridden = |id: RuleId| {
        rules.iter().any(|(by, rule)| *by != id && rule.overrides.iter().any(|over| over.value == id))
    };
    let tiers = world.precedence.iter().map(|tier| {
        let of_tier = rules
            .iter()
            .filter(|(id, rule)| rule.tier == *tier && !rule.prefers.is_empty() && !overridden(*id));
        let of_tier: Vec<&(RuleId, &Rule)> = of_tier.collect();
        let specific = of_tier.iter().any(|(_, rule)| rule.when.is_some());
        let left = of_tier.into_iter().filter(|(_, rule)| !specific || rule.when.is_some());
        (*tier, left.map(|(id, _)| *id).collect())
    });
    tiers.collect()
}

fn ambiguous_preferences(world: &World, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
    preferring(world, applying).into_iter().filter(|(_, rules)| rules.len() > 1).collect()
}

fn ranking(scope: Scope, rules: &[RuleId], eligible: Vec<ModelId>) -> Vec<ModelId> {
    let preferring = preferring(scope.world, rules);
    let left = preferring.iter().flat_map(|(_, rules)| rules).filter_map(|id| scope.world.rules.get(*id));
    let prefers: Vec<&Prefer> = left.flat_map(|rule| &rule.prefers).collect();
    let keyed = eligible.into_iter().filter_map(|id| {
        let model = scope.world.models.get(id)?;
        let mut keys: Vec<Key> = prefers.iter().map(|prefer| key(scope, &prefer.kind, id, model)).collect();
        keys.push(Key::Number(scope.use_case.blended_cost(model)));
        Some((keys, model.id.as_bytes(), id))
    });
    let mut keyed: Vec<(Vec<Key>, &[u8], ModelId)> = keyed.collect();
    keyed.sort();
    keyed.into_iter().map(|(.., id)| id).collect()
}

/// A key of the ranking; an unknown one comes last.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Position(usize),
    Number(Rational),
    Unknown,
}

/// The key of a `prefer` clause for a model.
fn key(scope: Scope, kind: &PreferKind, id: ModelId, model: &Model) -> Key {
    let known = |number: Option<Rational>| number.map_or(Key::Unknown, Key::Number);
    match kind {
        PreferKind::Cheapest => Key::Number(scope.use_case.blended_cost(model)),
        PreferKind::Fastest => known(model.latency_p95.clone()),
        PreferKind::MostAvailable => known(model.availability.as_ref().map(|percent| -percent)),
        PreferKind::Where(expr) => {
            let holds = evaluate(Scope { model: Some(model), ..scope }, &expr.root) == Some(true);
            Key::Position(usize::from(!holds))
        }
        PreferKind::Selectors(list) => {
            let first = list.iter().position(|selector| selector.matches(scope.world, id));
            Key::Position(first.unwrap_or(list.len()))
        }
    }
}

// §8.5 Failover.

/// The failover statements that are left for a trigger; two or more are ambiguous.
fn applying_failovers(scope: Scope, trigger: Trigger) -> Vec<FailoverId> {
    let all = &scope.world.failovers;
    let applying = holding(scope, all.iter().map(|failover| failover.when.as_ref()));
    let is = |id: &FailoverId, what: fn(&Failover) -> bool| all.get(*id).is_some_and(what);
    let mut left: Vec<FailoverId> = applying
        .into_iter()
        .filter(|id| all.get(*id).is_some_and(|failover| failover.triggers().has(trigger)))
        .collect();
    // Dropping those that another one of them overrides ...
    let overriding = left.clone();
    left.retain(|id| {
        let others = overriding.iter().filter(|other| *other != id).filter_map(|other| all.get(*other));
        !others.into_iter().any(|other| other.overrides.iter().any(|over| over.value == *id))
    });
    // ... if any with a `when` is left, those without ...
    if left.iter().any(|id| is(id, |failover| failover.when.is_some())) {
        left.retain(|id| is(id, |failover| failover.when.is_some()));
    }
    // ... and if any that states its `on` is left, those that do not.
    if left.iter().any(|id| is(id, |failover| failover.on.is_some())) {
        left.retain(|id| is(id, |failover| failover.on.is_some()));
    }
    left
}

/// The statements with a fork that some trigger leads to.
fn forking(world: &World, led: &[(Trigger, FailoverId)]) -> Vec<FailoverId> {
    let led: BTreeSet<FailoverId> = led.iter().map(|(_, id)| *id).collect();
    led.into_iter().filter(|id| world.failovers.get(*id).is_some_and(forks)).collect()
}

/// Whether a statement's chains give some model two successors.
pub fn forks(failover: &Failover) -> bool {
    let Candidates::Chains(chains) = &failover.candidates else { return false };
    chains.members.iter().any(|model| chains.successors(*model).len() > 1)
}

/// The candidate after a model, and the link that leads there.
fn next(world: &World, candidates: &Candidates, model: ModelId) -> Option<(ModelId, Span)> {
    match candidates {
        Candidates::Registry => match world.models.get(model)?.failover_to {
            FailoverTo::Model(next, span) => Some((next, span)),
            FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
        },
        Candidates::Chains(chains) => {
            let first = chains.arrows.iter().find(|arrow| arrow.from == model)?;
            Some((first.to, first.span))
        }
        Candidates::None | Candidates::Ranking => None,
    }
}

/// One path for each statement and list of targets: the triggers that lead to it, and what is tried then.
fn paths(
    scope: Scope,
    rules: &[RuleId],
    ranking: &[ModelId],
    primary: ModelId,
    led: &[(Trigger, FailoverId)],
) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for (trigger, id) in led {
        let Some(failover) = scope.world.failovers.get(*id) else { continue };
        let (targets, left_out) = walk(scope, rules, ranking, primary, failover, *trigger);
        match paths.iter_mut().find(|path| path.failover == *id && path.targets == targets) {
            Some(path) => {
                path.on.add(*trigger);
                // The walk is the same, and `context-exceeded` only knows more reasons.
                if *trigger == Trigger::ContextExceeded {
                    path.left_out = left_out;
                }
            }
            None => {
                paths.push(Path { on: Triggers::from_iter([*trigger]), failover: *id, targets, left_out });
            }
        }
    }
    paths
}

/// The targets of a statement on a trigger, and what was walked and left out.
fn walk(
    scope: Scope,
    rules: &[RuleId],
    ranking: &[ModelId],
    primary: ModelId,
    failover: &Failover,
    trigger: Trigger,
) -> (Vec<Target>, Vec<LeftOut>) {
    let (mut targets, mut left_out) = (Vec::new(), Vec::new());
    let mut met = vec![primary];
    let mut rest = ranking.iter().copied().skip(1);
    let mut from = primary;
    while (targets.len() as u64) < failover.limit {
        let step = match failover.candidates {
            Candidates::Ranking => rest.next().map(|model| (model, None)),
            _ => next(scope.world, &failover.candidates, from).map(|(model, link)| (model, Some(link))),
        };
        let Some((model, link)) = step else { break };
        if met.contains(&model) {
            break;
        }
        met.push(model);
        match candidate(scope, rules, failover, primary, Step { model, from, link, trigger }) {
            Ok(target) => targets.push(target),
            Err(reasons) => left_out.push(*reasons),
        }
        from = model;
    }
    (targets, left_out)
}

/// One step of a walk.
#[derive(Clone, Copy)]
struct Step {
    model: ModelId,
    from: ModelId,
    link: Option<Span>,
    trigger: Trigger,
}

/// A candidate as a target, or the reasons why it is left out.
fn candidate(
    scope: Scope,
    rules: &[RuleId],
    failover: &Failover,
    primary: ModelId,
    step: Step,
) -> Result<Target, Box<LeftOut>> {
    let excluded = removed_by(scope, rules, step.model);
    let mut reasons = LeftOut {
        model: step.model,
        from: step.from,
        link: step.link,
        gates: excluded.gates,
        rules: excluded.rules,
        mismatches: Vec::new(),
        window: false,
        too_dear: None,
        multiplier: Multiplier::Infinite,
    };
    let (Some(first), Some(model)) = (scope.world.models.get(primary), scope.world.models.get(step.model))
    else {
        return Err(Box::new(reasons));
    };
    let aspects = failover.matches.iter().map(|(aspect, _)| *aspect);
    reasons.mismatches = aspects.filter(|aspect| !matches_primary(scope, *aspect, first, model)).collect();
    reasons.window = step.trigger == Trigger::ContextExceeded
        && !failover.matches.iter().any(|(aspect, _)| *aspect == Aspect::ContextWindow)
        && !matches_primary(scope, Aspect::ContextWindow, first, model);
    let multiplier = cost_multiplier(scope.use_case, first, model);
    let mut target = Target {
        model: step.model,
        multiplier: multiplier.clone(),
        notify: None,
        throttle: false,
        confirm: false,
    };
    for above in &failover.above {
        if multiplier <= Multiplier::Finite(above.multiplier.clone()) {
            continue;
        }
        match &above.action {
            CostAction::Notify(list) => target.notify.get_or_insert_default().extend(list.iter().cloned()),
            CostAction::Throttle => target.throttle = true,
            CostAction::Confirm => target.confirm = true,
            CostAction::Block => reasons.too_dear = reasons.too_dear.or(Some(above.span)),
        }
    }
    reasons.multiplier = multiplier;
    let kept = reasons.gates.is_empty()
        && reasons.rules.is_empty()
        && reasons.mismatches.is_empty()
        && !reasons.window
        && reasons.too_dear.is_none();
    if kept { Ok(target) } else { Err(Box::new(reasons)) }
}

/// The cost multiplier of a target: its blended cost over the primary's.
pub fn cost_multiplier(use_case: &UseCase, primary: &Model, target: &Model) -> Multiplier {
    let (base, cost) = (use_case.blended_cost(primary), use_case.blended_cost(target));
    match (base.is_zero(), cost.is_zero()) {
        (true, true) => Multiplier::Finite(whole(1)),
        (true, false) => Multiplier::Infinite,
        (false, _) => Multiplier::Finite(cost / base),
    }
}

fn matches_primary(scope: Scope, aspect: Aspect, primary: &Model, target: &Model) -> bool {
    match aspect {
        Aspect::Compliance => covers(target.compliance.as_ref(), primary.compliance.as_ref()) == Some(true),
        Aspect::Classification => target.ceiling >= primary.ceiling,
        Aspect::Residency => {
            let processed = |model| processed_in(scope.world, scope.residency, model);
            match (processed(primary), processed(target)) {
                (_, Some(target)) if target.is_empty() => true,
                (Some(primary), Some(target)) => scope.world.regions.covers(&primary, &target),
                _ => false,
            }
        }
        Aspect::Retention => match (&primary.retention, &target.retention) {
            (Some(primary), Some(target)) => target <= primary,
            _ => false,
        },
        Aspect::Hosting => primary.hosting.is_some() && primary.hosting == target.hosting,
        Aspect::Capabilities => {
            covers(target.capabilities.as_ref(), primary.capabilities.as_ref()) == Some(true)
        }
        Aspect::ContextWindow => match (&primary.context_window, &target.context_window) {
            (Some(primary), Some(target)) => target > primary,
            _ => false,
        },
    }
}

// §8.7 Obligations.

fn audit(scope: Scope) -> Option<Audit> {
    let applying = scope.world.audits.iter().filter(|audit| holds(scope, audit.when.as_ref()));
    let applying: Vec<_> = applying.collect();
    if applying.is_empty() {
        return None;
    }
    let longest = applying.iter().filter_map(|audit| audit.retain.as_ref()).max();
    let mut mask: Vec<String> = applying.iter().flat_map(|audit| audit.mask.iter().cloned()).collect();
    let mut owners: Vec<String> = applying.iter().filter_map(|audit| audit.owner.clone()).collect();
    for names in [&mut mask, &mut owners] {
        names.sort();
        names.dedup();
    }
    Some(Audit {
        retain_days: longest.map(|seconds| number::ceil(&(seconds / whole(86_400)))),
        lineage: applying.iter().any(|audit| audit.lineage.is_some()),
        mask,
        owners,
    })
}

// Guarantees (§9).

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
    decision.reaches().into_iter().find_map(|id| {
        let model = world.models.get(id);
        let residency = decision.residency.as_deref();
        let scope = Scope { world, use_case, context, model, chain: Some(&chain), residency };
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
    fn of(world: &World, decision: &Decision, reads: impl Fn(ChainAttribute) -> bool) -> Self {
        let chain = decision.chain();
        let models = || chain.iter().filter_map(|id| world.models.get(*id));
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
fn availability<'a>(targets: impl Iterator<Item = &'a Model>) -> Option<Rational> {
    let mut best: BTreeMap<Symbol, &Rational> = BTreeMap::new();
    for model in targets {
        let availability = model.availability.as_ref()?;
        let entry = best.entry(model.failure_domain).or_insert(availability);
        *entry = (*entry).max(availability);
    }
    let down = best.values().fold(whole(1), |down, percent| down * (whole(1) - *percent / whole(100)));
    Some((whole(1) - down) * whole(100))
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

// §6 Evaluation, in Kleene's three-valued logic: none is unknown.

fn evaluate(scope: Scope, node: &Node) -> Option<bool> {
    match node {
        Node::Const(value) => Some(*value),
        Node::And(parts) => parts.iter().fold(Some(true), |all, part| match (all, evaluate(scope, part)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }),
        Node::Or(parts) => parts.iter().fold(Some(false), |any, part| match (any, evaluate(scope, part)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }),
        Node::Not(part) => evaluate(scope, part).map(|value| !value),
        Node::Is(attribute) => match read(scope, *attribute) {
            Datum::Bool(value) => Some(value),
            _ => None,
        },
        Node::Compare(left, op, right) => compare(&term(scope, left), *op, &term(scope, right)),
        Node::In(left, items) => {
            let left = term(scope, left);
            items.iter().fold(Some(false), |any, item| {
                match (any, compare(&left, CompareOp::Eq, &term(scope, item))) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            })
        }
        Node::Within(left, items) => {
            let Datum::Symbol(region) = term(scope, left) else { return None };
            let within = |item: &Term| match term(scope, item) {
                Datum::Symbol(outer) => Some(scope.world.regions.lies_within(region, outer)),
                _ => None,
            };
            items.iter().fold(Some(false), |any, item| match (any, within(item)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            })
        }
        Node::Has(set, element) => {
            let Datum::Symbol(symbol) = term(scope, element) else { return None };
            match set_of(scope, *set) {
                Many::Unknown => None,
                Many::Everywhere => Some(true),
                Many::These(these) if of_regions(*set) => Some(scope.world.regions.has(&these, symbol)),
                Many::These(these) => Some(these.has(symbol)),
            }
        }
        Node::Covers(a, b) => match (set_of(scope, *a), set_of(scope, *b)) {
            (_, Many::These(b)) if b.is_empty() => Some(true),
            (Many::Everywhere, _) => Some(true),
            (Many::Unknown, _) | (_, Many::Unknown) => None,
            (Many::These(_), Many::Everywhere) => Some(false),
            (Many::These(x), Many::These(y)) if of_regions(*a) => Some(scope.world.regions.covers(&x, &y)),
            (Many::These(x), Many::These(y)) => Some(x.covers(&y)),
        },
    }
}

/// Whether the first set covers the second: every set, an unknown one too, covers an empty one.
fn covers(a: Option<&Set>, b: Option<&Set>) -> Option<bool> {
    match (a, b) {
        (_, Some(b)) if b.is_empty() => Some(true),
        (Some(a), Some(b)) => Some(a.covers(b)),
        _ => None,
    }
}

fn compare(a: &Datum, op: CompareOp, b: &Datum) -> Option<bool> {
    if *a == Datum::Unknown || *b == Datum::Unknown {
        return None;
    }
    let order = match (a, b) {
        (Datum::Number(a), Datum::Number(b)) => a.cmp(b),
        (Datum::Infinite, Datum::Number(_)) => Ordering::Greater,
        (Datum::Number(_), Datum::Infinite) => Ordering::Less,
        (Datum::Level(a), Datum::Level(b)) => a.cmp(b),
        (a, b) if a == b => Ordering::Equal,
        // Names and booleans have no order: any answer but equal serves `==` and `!=`.
        _ => Ordering::Less,
    };
    Some(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    })
}

fn term<'a>(scope: Scope<'a>, term: &'a Term) -> Datum<'a> {
    match term {
        Term::Attribute(attribute) => read(scope, *attribute),
        Term::Value(Value::Symbol(symbol)) => Datum::Symbol(*symbol),
        Term::Value(Value::Level(level)) => Datum::Level(*level),
        Term::Value(Value::Number(number)) => Datum::Number(std::borrow::Cow::Borrowed(number)),
        Term::Value(Value::Bool(value)) => Datum::Bool(*value),
    }
}

/// Whether a set attribute holds regions, which lie within each other.
fn of_regions(attribute: Attribute) -> bool {
    use {ModelAttribute as M, RequestAttribute as R};
    matches!(attribute, Attribute::Request(R::Residency) | Attribute::Model(M::Regions | M::ProcessedIn))
}

fn set_of(scope: Scope<'_>, attribute: Attribute) -> Many<'_> {
    match attribute {
        Attribute::Request(RequestAttribute::Residency) => {
            scope.residency.map_or(Many::Everywhere, |set| Many::These(std::borrow::Cow::Borrowed(set)))
        }
        Attribute::Request(attribute) => these(request_set(scope.use_case, attribute)),
        Attribute::Model(attribute) => match (scope.model, attribute) {
            (None, _) => Many::Unknown,
            (Some(model), ModelAttribute::ProcessedIn) => {
                processed_in(scope.world, scope.residency, model).map_or(Many::Unknown, Many::These)
            }
            (Some(model), attribute) => these(model_set(model, attribute)),
        },
        Attribute::Chain(_) => Many::Unknown,
    }
}

fn these(set: Option<&Set>) -> Many<'_> {
    set.map_or(Many::Unknown, |set| Many::These(std::borrow::Cow::Borrowed(set)))
}

fn request_set(use_case: &UseCase, attribute: RequestAttribute) -> Option<&Set> {
    use RequestAttribute as R;
    match attribute {
        R::Compliance => Some(&use_case.compliance),
        R::Regulations => Some(&use_case.regulations),
        R::Residency => use_case.stated_residency(),
        R::Data => Some(&use_case.data),
        R::Capabilities => Some(&use_case.capabilities),
        R::UseCase | R::BusinessUnit | R::Team | R::Project | R::Application | R::Workload => None,
        R::Classification | R::Risk | R::Criticality | R::RetentionMax | R::LatencySla => None,
        R::AvailabilityTarget | R::MinContext | R::RegulatedOutput => None,
        R::BudgetRemaining | R::Share(_) | R::Fact(_) => None,
    }
}

fn model_set(model: &Model, attribute: ModelAttribute) -> Option<&Set> {
    use ModelAttribute as M;
    match attribute {
        M::Compliance => model.compliance.as_ref(),
        M::Regions | M::ProcessedIn => model.regions.as_ref(),
        M::Capabilities => model.capabilities.as_ref(),
        M::Id | M::Provider | M::FailureDomain | M::Hosting | M::Jurisdiction | M::Lifecycle => None,
        M::Tier | M::Dpa | M::Ceiling | M::Retention | M::LatencyP50 | M::LatencyP95 => None,
        M::Availability | M::ContextWindow | M::Cost | M::InputCost | M::OutputCost => None,
        M::TrainsOnData | M::OpenWeights | M::RegionSelectable => None,
    }
}

fn read(scope: Scope<'_>, attribute: Attribute) -> Datum<'_> {
    match attribute {
        Attribute::Request(attribute) => read_request(scope, attribute),
        Attribute::Model(attribute) => {
            scope.model.map_or(Datum::Unknown, |model| read_model(scope, model, attribute))
        }
        Attribute::Chain(attribute) => {
            scope.chain.map_or(Datum::Unknown, |chain| read_chain(chain, attribute))
        }
    }
}

fn read_request(scope: Scope<'_>, attribute: RequestAttribute) -> Datum<'_> {
    use RequestAttribute as R;
    let (use_case, context) = (scope.use_case, scope.context);
    match attribute {
        R::UseCase => Datum::Symbol(use_case.symbol),
        R::BusinessUnit => symbol(use_case.business_unit),
        R::Team => symbol(use_case.team),
        R::Project => symbol(use_case.project),
        R::Application => symbol(use_case.application),
        R::Workload => Datum::Symbol(use_case.workload),
        R::Classification => Datum::Level(context.classification),
        R::Risk => level(use_case.risk),
        R::Criticality => Datum::Level(use_case.criticality),
        R::RetentionMax => number_of(use_case.retention_max.as_ref()),
        R::LatencySla => number_of(use_case.latency_sla.as_ref()),
        R::AvailabilityTarget => number_of(use_case.availability_target.as_ref()),
        R::MinContext => number_of(use_case.min_context.as_ref()),
        R::RegulatedOutput => Datum::Bool(use_case.regulated_output),
        R::BudgetRemaining => number_of(Some(&context.budget)),
        R::Share(id) => match context.share(id) {
            Some(share) => number_of(Some(share)),
            // Of a budget that does not cover the use case everything remains.
            None => Datum::Number(std::borrow::Cow::Owned(whole(100))),
        },
        R::Fact(id) => read_fact(scope, id),
        // Sets, which are no single value.
        R::Compliance | R::Regulations | R::Residency | R::Data | R::Capabilities => Datum::Unknown,
    }
}

fn read_fact(scope: Scope<'_>, id: usize) -> Datum<'_> {
    let (Some(fact), Some(&value)) = (scope.world.facts.get(id), scope.context.facts.get(id)) else {
        return Datum::Unknown;
    };
    match fact.domain {
        FactDomain::Classifications => Datum::Level(value),
        FactDomain::Own | FactDomain::Regions => symbol(fact.symbols.get(value).copied()),
    }
}

fn read_model<'a>(scope: Scope<'a>, model: &'a Model, attribute: ModelAttribute) -> Datum<'a> {
    use ModelAttribute as M;
    match attribute {
        M::Id => Datum::Symbol(model.symbol),
        M::Provider => Datum::Symbol(model.provider_symbol),
        M::FailureDomain => Datum::Symbol(model.failure_domain),
        M::Hosting => symbol(model.hosting),
        M::Jurisdiction => symbol(model.jurisdiction),
        M::Lifecycle => Datum::Symbol(model.lifecycle),
        M::Tier => level(model.tier),
        M::Dpa => level(model.dpa),
        M::Ceiling => Datum::Level(model.ceiling),
        M::Retention => number_of(model.retention.as_ref()),
        M::LatencyP50 => number_of(model.latency_p50.as_ref()),
        M::LatencyP95 => number_of(model.latency_p95.as_ref()),
        M::Availability => number_of(model.availability.as_ref()),
        M::ContextWindow => number_of(model.context_window.as_ref()),
        M::Cost => Datum::Number(std::borrow::Cow::Owned(scope.use_case.blended_cost(model))),
        M::InputCost => number_of(Some(&model.input_cost)),
        M::OutputCost => number_of(Some(&model.output_cost)),
        M::TrainsOnData => model.trains_on_data.map_or(Datum::Unknown, Datum::Bool),
        M::OpenWeights => model.open_weights.map_or(Datum::Unknown, Datum::Bool),
        M::RegionSelectable => model.region_selectable.map_or(Datum::Unknown, Datum::Bool),
        M::Compliance | M::Regions | M::ProcessedIn | M::Capabilities => Datum::Unknown,
    }
}

fn read_chain(chain: &Chain, attribute: ChainAttribute) -> Datum<'_> {
    match attribute {
        ChainAttribute::Length => number_of(Some(&chain.length)),
        ChainAttribute::Providers => number_of(Some(&chain.providers)),
        ChainAttribute::FailureDomains => number_of(Some(&chain.failure_domains)),
        ChainAttribute::MaxCostMultiplier => match &chain.max_cost_multiplier {
            Multiplier::Finite(number) => number_of(Some(number)),
            Multiplier::Infinite => Datum::Infinite,
        },
        ChainAttribute::Availability => number_of(chain.availability.as_ref()),
    }
}

fn symbol(symbol: Option<Symbol>) -> Datum<'static> {
    symbol.map_or(Datum::Unknown, Datum::Symbol)
}

fn level(level: Option<usize>) -> Datum<'static> {
    level.map_or(Datum::Unknown, Datum::Level)
}

fn number_of(number: Option<&Rational>) -> Datum<'_> {
    number.map_or(Datum::Unknown, |number| Datum::Number(std::borrow::Cow::Borrowed(number)))
}

/// The promises that exclude a model in a context, as rule and position in the rule.
pub fn broken_promises(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    model: &Model,
) -> Vec<(RuleId, usize)> {
    let scope = Scope::of(world, use_case, context);
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let on_model = Scope { model: Some(model), residency: residency.as_ref(), ..scope };
    let broken = rules.into_iter().flat_map(|id| {
        let promises = world.rules.get(id).map(|rule| rule.promises.as_slice()).unwrap_or_default();
        let broken = promises
            .iter()
            .enumerate()
            .filter(move |(_, promise)| evaluate(on_model, &promise.expr.root) != Some(!promise.forbid));
        broken.map(move |(position, _)| (id, position))
    });
    broken.collect()
}

/// What puts one model before another in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deciding {
    /// A `prefer` clause: the rule and its position in it.
    Preference(RuleId, usize),
    /// Blended cost.
    Cost,
    /// The byte order of ids.
    Id,
}

/// The first key of the ranking (§8.3) in which two models differ.
pub fn deciding(world: &World, use_case: &UseCase, context: &Context, a: ModelId, b: ModelId) -> Deciding {
    let scope = Scope::of(world, use_case, context);
    let (Some(x), Some(y)) = (world.models.get(a), world.models.get(b)) else { return Deciding::Id };
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    for (_, rules) in preferring(world, &rules) {
        for (id, rule) in rules.iter().filter_map(|id| Some((*id, world.rules.get(*id)?))) {
            let differs = |prefer: &Prefer| key(scope, &prefer.kind, a, x) != key(scope, &prefer.kind, b, y);
            if let Some(position) = rule.prefers.iter().position(differs) {
                return Deciding::Preference(id, position);
            }
        }
    }
    let (cost_a, cost_b) = (use_case.blended_cost(x), use_case.blended_cost(y));
    if cost_a == cost_b { Deciding::Id } else { Deciding::Cost }
}
