//! One use case in all its contexts.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::candidate::{Asked, Candidate};
use super::condition::Residual;
use super::costs::Costs;
use super::gates::Gates;
use super::holding::Holding;
use super::leads::Leads;
use super::order::{Order, SortKey};
use super::ordered::{Known, Ordered};
use super::residual::Residuals;
use super::space::Space;
use super::{Beside, Decisions, Engine, PreferPlan, RulePlan};
use crate::decide::{Decision, Multiplier, Path, Undefined};
use crate::model::attribute::ModelAttribute;
use crate::model::names::Set;
use crate::model::{
    Audit as AuditStatement, Axis, Budget, Context, Failover, IdSet, ModelId, Quota, Rule, RuleId, Table,
    Tier, UseCase,
};

/// A use case made ready to be decided.
pub(super) struct Case<'e, 'w> {
    pub(super) engine: &'e Engine<'w>,
    pub(super) use_case: &'e UseCase,
    pub(super) space: Arc<Space>,
    pub(super) gates: Gates,
    pub(super) costs: Costs<'e>,
    /// Per model that passes the gates its rank by blended cost.
    by_cost: OnceCell<Arc<[u32]>>,
    pub(super) rules: Holding<Rule>,
    /// A rule that is left out.
    pub(super) without: Option<RuleId>,
    failovers: Holding<Failover>,
    budgets: Holding<Budget>,
    quotas: Holding<Quota>,
    audits: Holding<AuditStatement>,
    /// Per rule the models that keep its promises, where the use case decides it.
    kept: HashMap<RuleId, FixedBitSet>,
    /// Per rule and clause the models that a `prefer where` puts first, where the use case decides it.
    wished: HashMap<(RuleId, usize), FixedBitSet>,
    pub(super) multipliers: RefCell<HashMap<(ModelId, ModelId), Multiplier>>,
    /// What was ordered.
    pub(super) known: Known,
}

/// What holds in one context.
pub(super) struct Situation<'a> {
    pub(super) context: &'a Context,
    pub(super) rules: Vec<RuleId>,
    /// Per applying rule with promises the models that keep them.
    pub(super) kept: Vec<(RuleId, Cow<'a, FixedBitSet>)>,
    pub(super) eligible: FixedBitSet,
    /// Where the request may be processed; none is every region.
    pub(super) residency: Option<Arc<Set>>,
    /// The models that pass the gate `residency`.
    pub(super) resident: Arc<FixedBitSet>,
}

impl<'e, 'w> Case<'e, 'w> {
    /// Works out what no context changes. None where there are too many contexts.
    pub(super) fn new(engine: &'e Engine<'w>, use_case: &'e UseCase) -> Option<Self> {
        let residuals = Residuals::new(engine, use_case);
        let space = residuals.space(engine, use_case).ok()?;
        let held = |residual: &Residual| residual.held(engine.world, &engine.atoms, &space, use_case);
        let contexts = space.contexts.len();
        let mut case = Self {
            gates: Gates::new(engine, use_case),
            costs: engine.prices.costs(use_case),
            by_cost: OnceCell::new(),
            rules: Holding::of(&residuals.rules, held, contexts),
            without: None,
            failovers: Holding::of(&residuals.failovers, held, contexts),
            budgets: Holding::of(&residuals.budgets, held, contexts),
            quotas: Holding::of(&residuals.quotas, held, contexts),
            audits: Holding::of(&residuals.audits, held, contexts),
            kept: HashMap::new(),
            wished: HashMap::new(),
            multipliers: RefCell::default(),
            known: Known::default(),
            engine,
            use_case,
            space,
        };
        case.settle();
        Some(case)
    }

    /// Decides, for all contexts, the promises that depend on the use case and not on the context.
    fn settle(&mut self) {
        let stated = self.use_case.stated_residency();
        let narrowed = self.is_narrowed();
        let ids = self.rules.ids();
        let settled = |one: &Candidate| one.axes.is_empty() && !(narrowed && one.places);
        let open = ids.iter().map(|id| (*id, &self.engine.rules[*id]));
        let open = open.filter(|(_, rule)| {
            rule.kept.is_none() && rule.promises.iter().all(|(_, promise)| settled(promise))
        });
        let kept: HashMap<RuleId, FixedBitSet> =
            open.map(|(id, rule)| (id, self.keeping(rule, self.asked(None, stated)))).collect();
        self.kept = kept;
        let open = ids.iter().map(|id| (*id, &self.engine.rules[*id]));
        let clauses =
            open.flat_map(|(id, rule)| rule.prefers.iter().enumerate().map(move |(at, wish)| (id, at, wish)));
        let wished = clauses.filter_map(|(id, at, wish)| match wish {
            PreferPlan::Where(candidate) if candidate.of_models().is_none() && settled(candidate) => {
                Some(((id, at), candidate.tri(self.asked(None, stated)).yes))
            }
            _ => None,
        });
        self.wished = wished.collect();
    }

    /// The models that keep all promises of a rule.
    fn keeping(&self, rule: &RulePlan, asked: Asked) -> FixedBitSet {
        let mut kept = self.engine.index.all();
        for (forbid, promise) in &rule.promises {
            let known = promise.of_models().map(Cow::Borrowed);
            let tri = known.unwrap_or_else(|| Cow::Owned(promise.tri(asked)));
            kept.intersect_with(if *forbid { &tri.no } else { &tri.yes });
        }
        kept
    }

    fn asked<'a>(&'a self, context: Option<&'a Context>, residency: Option<&'a Set>) -> Asked<'a> {
        Asked {
            world: self.engine.world,
            index: &self.engine.index,
            use_case: self.use_case,
            costs: &self.costs,
            context,
            residency,
        }
    }

    /// Decides every context, as before where nothing that has changed counts.
    pub(super) fn decide(self, before: Option<Beside>) -> Decisions {
        let before = before.and_then(|before| before.aligned(&self));
        let (read, axes) = self.axes();
        let mut known: HashMap<Vec<u64>, u32> = HashMap::new();
        let mut distinct = Vec::new();
        let mut led = IdSet::none_of(&self.engine.failovers);
        let mut cells = Vec::with_capacity(self.space.contexts.len());
        let mut key = Vec::new();
        for at in 0..self.space.contexts.len() {
            self.key(at, &axes, &mut key);
            let cell = if let Some(cell) = known.get(&key) {
                *cell
            } else {
                let cell = u32::try_from(distinct.len()).unwrap_or(u32::MAX);
                let leads = self.leads_at(at);
                led.extend(leads.to.iter().map(|(id, _)| *id));
                let mut decision = match before.and_then(|before| before.at(at, &self)) {
                    Some(before) => Ok(self.taken_over(before)),
                    None => self.led(at, &leads, |situation, preferring| {
                        self.ordered_once(at, &read, situation, preferring, &leads)
                    }),
                };
                self.engine.shared.share(&mut decision);
                distinct.push(decision);
                known.insert(key.clone(), cell);
                cell
            };
            cells.push(cell);
        }
        distinct.shrink_to_fit();
        Decisions {
            rules: seen(&self.rules, &self.engine.rules),
            failovers: seen(&self.failovers, &self.engine.failovers),
            led,
            space: self.space,
            distinct,
            cells,
        }
    }

    /// The axes that promises and preferences of the rules in question read, and the one that the ceiling is held against;
    /// and these with the facts that say where a request is processed.
    fn axes(&self) -> (Vec<Axis>, Vec<Axis>) {
        let ids = self.rules.ids();
        let rules = ids.iter().map(|id| &self.engine.rules[*id]);
        let read =
            rules.flat_map(|rule| rule.candidates().flat_map(|candidate| candidate.axes.iter().copied()));
        let each = |mut axes: Vec<Axis>| {
            axes.sort_unstable();
            axes.dedup();
            axes
        };
        let read = each(read.chain([Axis::Classification]).collect());
        let narrowing = ids.iter().map(|id| &self.engine.world.rules[*id]);
        let facts = narrowing.flat_map(crate::model::Rule::placing_facts).map(Axis::Fact);
        let all = each(read.iter().copied().chain(facts).collect());
        (read, all)
    }

    /// Everything that the decision in a context depends on: contexts with equal keys decide alike.
    fn key(&self, at: usize, axes: &[Axis], key: &mut Vec<u64>) {
        key.clear();
        key.extend(axes.iter().map(|axis| self.space.class(at, *axis) as u64));
        self.rules.key(at, key);
        self.failovers.key(at, key);
        self.budgets.key(at, key);
        self.quotas.key(at, key);
        self.audits.key(at, key);
    }

    /// The rules that apply in a context.
    pub(super) fn applying(&self, at: usize) -> Vec<RuleId> {
        let mut rules = self.rules.at(at);
        rules.retain(|id| Some(*id) != self.without);
        rules
    }

    /// Decides one context.
    pub(super) fn at(&self, at: usize) -> Result<Decision, Undefined> {
        let leads = self.leads_at(at);
        self.led(at, &leads, |situation, preferring| {
            let (primary, paths) = self.ordered(situation, preferring, &leads);
            (primary, paths.into())
        })
    }

    /// Decides one context in which triggers lead to these failover statements, by what orders there.
    fn led(
        &self,
        at: usize,
        leads: &Leads,
        ordered: impl FnOnce(&Situation, &[(Tier, Vec<RuleId>)]) -> Ordered,
    ) -> Result<Decision, Undefined> {
        let context = self.space.contexts.get(at).ok_or_else(Undefined::default)?;
        let rules = self.applying(at);
        let preferring = self.preferring(&rules);
        let ambiguous = preferring.iter().filter(|(_, rules)| rules.len() > 1);
        let undefined = Undefined {
            preferences: ambiguous.cloned().collect(),
            forks: leads.forks.clone(),
            failovers: leads.several.clone(),
        };
        if undefined != Undefined::default() {
            return Err(undefined);
        }
        let situation = self.situation(context, rules);
        let (primary, paths) = ordered(&situation, &preferring);
        let audits = self.audits.at(at);
        Ok(Decision {
            rules: situation.rules.into(),
            primary,
            paths,
            budgets: self.budgets.at(at).into(),
            quotas: self.quotas.at(at).into(),
            audit: self.engine.shared.audit(self.engine.world, audits),
            residency: situation.residency,
        })
    }

    /// The primary and what is tried after it, where these rules order.
    pub(super) fn ordered(
        &self,
        situation: &Situation,
        preferring: &[(Tier, Vec<RuleId>)],
        leads: &Leads,
    ) -> (Option<ModelId>, Vec<Path>) {
        let mut ranking = self.order(situation, preferring).rank(&situation.eligible);
        let primary = ranking.get(0);
        let paths = primary.map(|primary| self.paths(situation, &mut ranking, primary, &leads.to));
        (primary, paths.unwrap_or_default())
    }

    /// What holds in a context where these rules apply.
    pub(super) fn situation_of(&self, at: usize, applying: &[RuleId]) -> Option<Situation<'_>> {
        Some(self.situation(self.space.contexts.get(at)?, applying.to_vec()))
    }

    /// Where the triggers lead in a context.
    pub(super) fn leads_at(&self, at: usize) -> Arc<Leads> {
        self.engine.leads(self.failovers.at(at))
    }

    /// The eligible models of a context, best first.
    pub(super) fn ranking(&self, at: usize) -> Vec<ModelId> {
        let Some(context) = self.space.contexts.get(at) else { return Vec::new() };
        let rules = self.applying(at);
        let preferring = self.preferring(&rules);
        let situation = self.situation(context, rules);
        self.order(&situation, &preferring).rank(&situation.eligible).all()
    }

    /// The models that are left by gates and promises.
    fn situation<'a>(&'a self, context: &'a Context, rules: Vec<RuleId>) -> Situation<'a> {
        let engine = self.engine;
        let mut eligible = self.gates.together.clone();
        eligible.intersect_with(&engine.index.ceilings[context.classification]);
        let residency = self.residency(context, &rules);
        let resident = engine.resident(residency.as_ref());
        eligible.intersect_with(&resident);
        let asked = self.asked(Some(context), residency.as_deref());
        let mut kept = Vec::new();
        for (id, rule) in rules.iter().map(|id| (*id, &engine.rules[*id])) {
            if rule.promises.is_empty() {
                continue;
            }
            let models = match rule.kept.as_ref().or_else(|| self.kept.get(&id)) {
                Some(models) => Cow::Borrowed(models),
                None => Cow::Owned(self.keeping(rule, asked)),
            };
            eligible.intersect_with(&models);
            kept.push((id, models));
        }
        Situation { context, rules, kept, eligible, residency, resident }
    }

    /// Per tier the rules whose `prefer` clauses are left.
    pub(super) fn preferring(&self, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
        let world = self.engine.world;
        let mut overridden = IdSet::none_of(&world.rules);
        for other in applying {
            overridden.extend(self.engine.overrides[*other].iter().copied());
        }
        let silenced = |id: RuleId| overridden.contains(id);
        let wishing: Vec<RuleId> = applying
            .iter()
            .copied()
            .filter(|id| !self.engine.rules[*id].prefers.is_empty())
            .filter(|id| !silenced(*id))
            .collect();
        let tiers = world.precedence.iter().map(|tier| {
            let of_tier = |id: &RuleId| world.rules[*id].tier == *tier;
            let conditional = |id: &RuleId| world.rules[*id].when.is_some();
            let mut rules: Vec<RuleId> = wishing.iter().copied().filter(of_tier).collect();
            if rules.iter().any(conditional) {
                rules.retain(conditional);
            }
            (*tier, rules)
        });
        tiers.filter(|(_, rules)| !rules.is_empty()).collect()
    }

    fn order<'a>(&'a self, situation: &'a Situation, preferring: &[(Tier, Vec<RuleId>)]) -> Order<'a> {
        let rules = preferring.iter().flat_map(|(_, rules)| rules);
        let rules = rules.map(|id| (*id, &self.engine.rules[*id]));
        let wishes = rules
            .flat_map(|(id, rule)| rule.prefers.iter().enumerate().map(move |(at, wish)| ((id, at), wish)));
        let asked = self.asked(Some(situation.context), situation.residency.as_deref());
        let ranks = |attribute| self.engine.index.numbers(attribute).map_or(&[][..], |ranks| &ranks.of);
        let keys = wishes.map(|(place, wish)| match wish {
            PreferPlan::Cheapest => SortKey::Cost,
            PreferPlan::Fastest => SortKey::Lowest(ranks(ModelAttribute::LatencyP95)),
            PreferPlan::MostAvailable => SortKey::Highest(ranks(ModelAttribute::Availability)),
            PreferPlan::Positions(positions) => SortKey::Lowest(positions),
            PreferPlan::Where(candidate) => SortKey::First(match candidate.of_models() {
                Some(tri) => Cow::Borrowed(&tri.yes),
                None => match self.wished.get(&place) {
                    Some(models) => Cow::Borrowed(models),
                    None => Cow::Owned(candidate.tri(asked).yes),
                },
            }),
        });
        let costs = self.by_cost.get_or_init(|| self.costs.ranks(&self.gates.together));
        Order { keys: keys.collect(), costs }
    }
}

/// What holds in some context, as a set.
fn seen<E, T>(holding: &Holding<E>, all: &Table<E, T>) -> IdSet<E> {
    let mut seen = IdSet::none_of(all);
    seen.extend(holding.ids());
    seen
}
