//! What is known about one decision, taken once from the evaluator: every rendering reads it from here.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::Question;
use crate::decide::outage::{self, Outcome};
use crate::decide::reference::{Deciding, Reading, Removed, Silence};
use crate::decide::{Decision, Gate, Path};
use crate::model::{
    Budget, BudgetAction, BudgetId, Candidates, Down, Failover, FailoverTo, Model, ModelId, RuleId, World,
};
use crate::number::{Rational, whole};

/// One question, and everything that explains its answer.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    /// What is asked about.
    pub question: Question<'a>,
    /// Where the request goes.
    pub outcome: Outcome,
    /// Rules that apply and whose wishes are not heard.
    pub silent: Vec<(RuleId, Silence)>,
    /// What budgets do to this very request at the share that is left.
    pub halts: Vec<Halt>,
    /// What the policy says in this context.
    pub reading: Reading<'a>,
    ranking: OnceCell<Vec<ModelId>>,
    steps: OnceCell<Vec<Step>>,
    removed: OnceCell<Vec<Removed>>,
    approved: OnceCell<Vec<Removed>>,
}

/// Something that removes models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// What a candidate needs before any rule is asked.
    Gate(Gate),
    /// The promises of a rule.
    Rule(RuleId),
}

impl Cause {
    /// Everything that removes a model.
    pub fn of(removed: &Removed) -> Vec<Self> {
        let rules = removed.rules().into_iter().map(Self::Rule);
        removed.gates.iter().copied().map(Self::Gate).chain(rules).collect()
    }
}

/// What keeps out models that could serve otherwise.
#[derive(Debug, Clone)]
pub struct Narrowed<'e> {
    /// Gates and rules, each with those that it keeps out and nothing before it does; several where they keep out the
    /// same ones, as without one of them nothing would change.
    pub parts: Vec<(Vec<Cause>, Vec<&'e Removed>)>,
    /// How many more something else keeps out.
    pub others: usize,
}

/// One key of the ranking that put the primary before others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The clause, the cost or the id that the key is.
    pub by: Deciding,
    /// How many are level with the primary before it, the primary included.
    pub before: usize,
    /// And after it.
    pub after: usize,
}

/// What a budget does to a request at the share that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The budget that halts it.
    pub budget: BudgetId,
    /// What it does.
    pub action: BudgetAction,
    /// Whether the share is that of this budget; else the share may be another one's.
    pub is_certain: bool,
}

impl<'a> Explanation<'a> {
    /// Asks the evaluator everything that the renderings need.
    pub fn of(question: Question<'a>) -> Self {
        let (world, use_case, context) = (question.world, question.use_case, question.context);
        let reading = Reading::of(world, use_case, context);
        let outcome = outage::outcome(world, question.decision, question.on, question.down);
        Self {
            outcome,
            silent: reading.silent(),
            halts: halts(&question, outcome),
            reading,
            ranking: OnceCell::new(),
            steps: OnceCell::new(),
            removed: OnceCell::new(),
            approved: OnceCell::new(),
            question,
        }
    }

    /// The eligible models, best first.
    pub fn ranking(&self) -> &[ModelId] {
        self.ranking.get_or_init(|| self.reading.ranking())
    }

    /// What put the first before all others, key by key; empty where it is alone.
    pub fn steps(&self) -> &[Step] {
        self.steps.get_or_init(|| steps(&self.reading, self.ranking()))
    }

    /// What removes a model; none where it is eligible.
    pub fn removed_by(&self, model: ModelId) -> Option<&Removed> {
        let removed = self.removed();
        removed.get(removed.binary_search_by_key(&model, |one| one.model).ok()?)
    }

    /// Every model that is not eligible, with all that removes it, by id.
    pub fn removed(&self) -> &[Removed] {
        self.removed.get_or_init(|| self.reading.removed())
    }

    /// Those of them that are approved for the use case.
    pub fn approved(&self) -> &[Removed] {
        self.approved.get_or_init(|| self.reading.removed_approved())
    }

    /// The world in which the question is asked.
    pub fn world(&self) -> &'a World {
        self.question.world
    }

    /// What is decided for the question.
    pub fn decision(&self) -> &'a Decision {
        self.question.decision
    }

    /// A model's id.
    pub fn id(&self, model: ModelId) -> &'a str {
        self.question.world.models[model].id.as_str()
    }

    /// A model that the explanation names.
    pub fn model(&self, model: ModelId) -> &'a Model {
        &self.question.world.models[model]
    }

    /// A rule's name.
    pub fn rule(&self, rule: RuleId) -> &'a str {
        self.question.world.rules[rule].name.value.as_str()
    }

    /// The statement of a path.
    pub fn statement(&self, path: &Path) -> &'a Failover {
        &self.question.world.failovers[path.failover]
    }

    /// The paths that are taken: that of the trigger that is asked about, if one is, else all.
    pub fn paths(&self) -> impl Iterator<Item = &'a Path> {
        let on = self.question.on;
        self.decision().paths.iter().filter(move |path| on.is_none_or(|on| path.on.has(on)))
    }

    /// The primary and the targets of these paths, each once, in this order.
    pub fn reached(&self) -> Vec<ModelId> {
        let mut known = HashSet::new();
        let all = self.decision().primary.into_iter().chain(self.paths().flat_map(Path::models));
        all.filter(|model| known.insert(*model)).collect()
    }

    /// Whether a model is up.
    pub fn is_up(&self, model: ModelId) -> bool {
        outage::is_up(self.question.world, self.question.down, model)
    }

    /// What budgets that count only some models do to what goes to one of these.
    pub fn halts_at(&self, model: ModelId) -> Vec<Halt> {
        let mut halts = halts(&self.question, Outcome::Route(model));
        halts.retain(|halt| !self.world().budgets[halt.budget].on.is_empty());
        halts
    }

    /// Models that are approved for the use case, exist and can do the work, and yet are not eligible: those that a
    /// promise keeps out.
    pub fn contenders(&self) -> impl Iterator<Item = &Removed> {
        self.approved().iter().filter(|removed| fits(removed))
    }

    /// What keeps the contenders out: first what keeps out most of them, then what keeps out most of the rest, until
    /// none is left or so many are said.
    pub fn narrowed(&self, most: usize) -> Narrowed<'_> {
        let mut left: Vec<&Removed> = self.contenders().collect();
        let mut parts = Vec::new();
        while parts.len() < most
            && let Some(causes) = strongest(&left)
        {
            let is_out = |removed: &&Removed| causes.iter().any(|cause| Cause::of(removed).contains(cause));
            let (out, rest) = left.into_iter().partition(is_out);
            left = rest;
            parts.push((causes, out));
        }
        Narrowed { parts, others: left.len() }
    }

    /// Why a path does not come to a model that is eligible.
    pub fn unreached(&self, path: &Path, model: ModelId) -> Unreached {
        let failover = self.statement(path);
        let full = path.targets.len() as u64 >= failover.limit;
        match &failover.candidates {
            Candidates::None => Unreached::Nothing,
            Candidates::Ranking if full => Unreached::Limit(failover.limit),
            Candidates::Registry if full && self.leads_on(path, model) => Unreached::Limit(failover.limit),
            Candidates::Ranking | Candidates::Registry => Unreached::Elsewhere,
            Candidates::Chains(chains) => {
                let primary = self.decision().primary;
                if primary.is_some_and(|primary| !chains.members.contains(&primary)) {
                    Unreached::PrimaryOffChain
                } else if !chains.members.contains(&model) {
                    Unreached::OffChain
                } else if full && self.leads_on(path, model) {
                    Unreached::Limit(failover.limit)
                } else {
                    Unreached::Before
                }
            }
        }
    }

    /// Whether the links of a statement would lead from the primary to a model if nothing ended them.
    fn leads_on(&self, path: &Path, model: ModelId) -> bool {
        let candidates = &self.statement(path).candidates;
        let next = |from: ModelId| match candidates {
            Candidates::Registry => match self.world().models[from].failover_to {
                FailoverTo::Model(next, _) => Some(next),
                FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
            },
            Candidates::Chains(chains) => {
                chains.arrows.iter().find(|arrow| arrow.from == from).map(|arrow| arrow.to)
            }
            Candidates::None | Candidates::Ranking => None,
        };
        let mut met: Vec<ModelId> = self.decision().primary.into_iter().collect();
        while let Some(next) = met.last().and_then(|from| next(*from))
            && !met.contains(&next)
        {
            if next == model {
                return true;
            }
            met.push(next);
        }
        false
    }
}

/// Why a path does not come to an eligible model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The statement says `none`.
    Nothing,
    /// The primary stands on no chain, so nothing follows it.
    PrimaryOffChain,
    /// The model stands on no chain.
    OffChain,
    /// The path has so many targets before it.
    Limit(u64),
    /// On the chains it does not come after the primary.
    Before,
    /// No link leads there.
    Elsewhere,
}

/// What keeps out most of some models, a rule before a gate; with it the rules that keep out the same ones.
fn strongest(models: &[&Removed]) -> Option<Vec<Cause>> {
    let mut out: BTreeMap<Cause, Vec<ModelId>> = BTreeMap::new();
    for removed in models {
        for cause in Cause::of(removed) {
            out.entry(cause).or_default().push(removed.model);
        }
    }
    let weight = |(cause, models): &(&Cause, &Vec<ModelId>)| {
        (models.len(), matches!(cause, Cause::Rule(_)), Reverse(**cause))
    };
    let (first, its) = out.iter().max_by_key(weight)?;
    let is_rule = |cause: &Cause| matches!(cause, Cause::Rule(_));
    let also = out
        .iter()
        .filter(|(cause, models)| *cause == first || (is_rule(first) && is_rule(cause) && *models == its));
    Some(also.map(|(cause, _)| *cause).collect())
}

/// Whether a model exists and can do the work.
pub(super) fn fits(removed: &Removed) -> bool {
    !removed.gates.iter().any(|gate| [Gate::Lifecycle, Gate::Capability].contains(gate))
}

/// The keys that put the first of a ranking before the others, in their order.
fn steps(reading: &Reading, ranking: &[ModelId]) -> Vec<Step> {
    let Some((primary, others)) = ranking.split_first() else { return Vec::new() };
    let by = |other: &ModelId| reading.deciding(*primary, *other);
    let mut steps: Vec<Step> = Vec::new();
    // The last of a ranking is put behind by the first keys, the runner-up by the last.
    let mut left = ranking.len();
    for by in others.iter().rev().map(by) {
        match steps.last_mut() {
            Some(step) if step.by == by => step.after -= 1,
            _ => steps.push(Step { by, before: left, after: left - 1 }),
        }
        left -= 1;
    }
    steps
}

/// What each budget that covers the request does at the share that the context says is left; one that counts only
/// some models stops only what goes to one of them.
fn halts(question: &Question, outcome: Outcome) -> Vec<Halt> {
    let (world, context) = (question.world, question.context);
    let counts = |budget: &Budget| match outcome {
        Outcome::Route(model) => budget.on.is_empty() || budget.on.iter().any(|on| on.matches(world, model)),
        Outcome::Terminal | Outcome::Unroutable => budget.on.is_empty(),
    };
    let hundred = whole(100);
    let named = question.decision.budgets.iter();
    let budgets = || named.clone().map(|id| (*id, &world.budgets[*id]));
    // `budget.remaining` does not speak of budgets that count only some models.
    let general = || budgets().filter(|(_, budget)| budget.on.is_empty());
    let open = || general().filter(|(id, _)| question.left_of(*id).is_none());
    let alone = general().count() == 1;
    let mut halts = Vec::new();
    for (id, budget) in budgets().filter(|(_, budget)| counts(budget)) {
        if let Some(left) = question.left_of(id) {
            let action = acts(budget, &(&hundred - left));
            halts.extend(action.map(|action| Halt { budget: id, action, is_certain: true }));
        }
    }
    if context.budget < hundred {
        for (id, budget) in open() {
            let action = acts(budget, &(&hundred - &context.budget));
            halts.extend(action.map(|action| Halt { budget: id, action, is_certain: alone }));
        }
    }
    halts
}

/// The strongest that a budget does once so many percent are spent: it blocks at 100% unless it says otherwise there.
fn acts(budget: &Budget, used: &Rational) -> Option<BudgetAction> {
    let hundred = whole(100);
    let says_at_end = budget.at.iter().any(|at| at.used == hundred);
    let implied = (*used >= hundred && !says_at_end).then_some(BudgetAction::Block);
    let passed = budget.at.iter().filter(|at| at.used <= *used).map(|at| at.action.clone());
    passed.chain(implied).max_by_key(BudgetAction::kind)
}

/// What is down, by name.
pub(super) fn down(down: &[Down], world: &World) -> Vec<String> {
    down.iter().map(|one| format!("`{}`", one.name(world))).collect()
}
