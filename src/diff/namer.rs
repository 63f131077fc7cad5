//! Turns indices of a world into numbers of the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::conditions;
use super::edits::{Stated, Written};
use super::holds::{Holder, Lead};
use super::sides::{Case, Volume, case_axis};
use super::store::{Audited, Duty, NumberedDecision, Path, Portrait, Promised, Store, Target};
use crate::compile::parts;
use crate::decide::engine::{Held, Statement};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{self, show};
use crate::model::names::Set;
use crate::model::{
    Audit, Budget, Dimension, Expr, Failover, Guarantee, GuaranteeId, Model, ModelId, PreferKind, Quota,
    Rule, Table, UseCase, UseCaseId, World,
};
use crate::number::{self, SECONDS_PER_DAY, whole};
use crate::table::format;
use crate::vocabulary::Trigger;

/// Turns indices of a world into numbers of the store.
pub(super) struct Namer<'a> {
    survey: &'a Survey<'a>,
    store: &'a mut Store,
    pub(super) models: Table<Model, Option<u32>>,
    failovers: Table<Failover, u32>,
    /// Per failover statement the number of what it asks of its targets.
    holders: Table<Failover, u32>,
    budgets: Table<Budget, u32>,
    quotas: Table<Quota, u32>,
    /// Per audit statement its number among the duties.
    audits: Table<Audit, u32>,
    /// Per rule the certifications that it asks for.
    asked: Table<Rule, BTreeSet<String>>,
    /// Guarantees that ask for certifications.
    guarantees: Vec<(GuaranteeId, BTreeSet<String>)>,
    pub(super) written: Written,
    no_actions: u32,
    /// Whether only what is decided by default is asked for.
    usual_only: bool,
    /// Of the use case at hand, by primary and target: the price over the primary's.
    multipliers: HashMap<(Option<ModelId>, ModelId), u32>,
    /// Outcomes per context of the use cases that were named, by the first that is decided alike.
    known: HashMap<UseCaseId, Cells>,
    /// By target and residency: the regions it is pinned to.
    regions: HashMap<(ModelId, Option<Arc<Set>>), u32>,
}

/// Per context the number of its outcome, and that of what leads.
type Cells = (Vec<u32>, Vec<u32>);

/// Certifications that rules and audit statements ask for in one context.
type Layer = (BTreeSet<u32>, BTreeSet<String>);

impl<'a> Namer<'a> {
    pub(super) fn new(survey: &'a Survey, store: &'a mut Store, usual_only: bool) -> Self {
        let world = survey.world;
        let failovers = world.failovers.iter().map(|one| nameless(parts::failover(one)));
        let failovers = failovers.map(|one| store.failovers.put(one)).collect();
        let holders = world.failovers.iter().map(|one| store.holders.put(Holder::of(one))).collect();
        let names: Vec<&String> = world.budgets.iter().map(|budget| &budget.name.value).collect();
        let budgets = names.into_iter().map(|name| store.names.put(name.clone())).collect();
        let names: Vec<&String> = world.quotas.iter().map(|quota| &quota.name.value).collect();
        let quotas = names.into_iter().map(|name| store.names.put(name.clone())).collect();
        let audits: Table<Audit, u32> =
            world.audits.iter().map(|one| store.duties.put(duty(world, one))).collect();
        let guarantees = world.guarantees.enumerated().map(|(id, one)| (id, of_guarantee(world, one)));
        let written = written(world, &audits);
        Self {
            survey,
            models: world.models.iter().map(|_| None).collect(),
            failovers,
            holders,
            budgets,
            quotas,
            audits,
            asked: world.rules.iter().map(|rule| of_rule(world, rule)).collect(),
            guarantees: guarantees.filter(|(_, asked)| !asked.is_empty()).collect(),
            written,
            no_actions: store.actions.put(Vec::new()),
            usual_only,
            multipliers: HashMap::new(),
            known: HashMap::new(),
            regions: HashMap::new(),
            store,
        }
    }

    pub(super) fn case(&mut self, decided: &Decided) -> Case {
        let (world, use_case) = (self.survey.world, decided.use_case);
        let tags = self.store.tags.put(show::tags(world, use_case).into_iter().collect());
        self.multipliers.clear();
        self.regions.clear();
        let (cells, leads) = if self.usual_only { self.usual(decided) } else { self.cells_of_alike(decided) };
        Case {
            endpoint_tag: use_case.endpoint_tag.as_ref().map(|tag| tag.value.clone()),
            level: use_case.classification,
            axes: decided.space.axes.iter().map(|classes| case_axis(world, classes)).collect(),
            cells,
            leads,
            is_sensitive: is_sensitive(use_case),
            tags,
            volume: Some(Volume { tokens: use_case.tokens, usage: use_case.usage.clone() }),
            owner: Some(use_case.owner.clone()),
            dimensions: dimensions(world, use_case),
        }
    }

    /// As if everything were decided as by default: enough where a side is compared with itself.
    fn usual(&mut self, decided: &Decided) -> Cells {
        let number = self.outcome(decided.baseline, Layer::default());
        (vec![number; decided.all.cells.len()], Vec::new())
    }

    /// Use cases that are decided alike have the same numbers.
    fn cells_of_alike(&mut self, decided: &Decided) -> Cells {
        let first = self.survey.cases[decided.id].first_alike;
        if let Some(cells) = self.known.get(&first) {
            return cells.clone();
        }
        let cells = self.cells(decided);
        self.known.insert(first, cells.clone());
        cells
    }

    fn cells(&mut self, decided: &Decided) -> Cells {
        let (always, sometimes) = self.layers(decided);
        // A decided case has no undefined decision, so positions among the distinct ones hold.
        let distinct: Vec<&decide::Decision> = decided.distinct().collect();
        let mut known: HashMap<(usize, Vec<usize>), u32> = HashMap::new();
        let mut led: HashMap<usize, u32> = HashMap::new();
        let mut cells = Vec::with_capacity(decided.all.cells.len());
        let mut leads = Vec::with_capacity(decided.all.cells.len());
        for (context, at) in decided.cells().enumerate() {
            let Some(decision) = distinct.get(at) else { continue };
            let held = sometimes.iter().enumerate().filter(|(_, (held, _))| held.at(context));
            let key = (at, held.map(|(layer, _)| layer).collect::<Vec<usize>>());
            let number = if let Some(number) = known.get(&key) {
                *number
            } else {
                let mut layer = always.clone();
                for (_, more) in key.1.iter().filter_map(|layer| sometimes.get(*layer)) {
                    layer.0.extend(more.0.iter().copied());
                    layer.1.extend(more.1.iter().cloned());
                }
                let number = self.outcome(decision, layer);
                known.insert(key, number);
                number
            };
            cells.push(number);
            leads.push(*led.entry(at).or_insert_with(|| self.lead(decision)));
        }
        (cells, leads)
    }

    /// The number of what leads when the primary fails.
    fn lead(&mut self, decision: &decide::Decision) -> u32 {
        // Where nothing serves, nothing can follow.
        if decision.primary.is_none() {
            return self.store.leads.put(Lead::new());
        }
        let mut lead = vec![None; Trigger::ALL.len()];
        for path in decision.paths.iter() {
            for trigger in path.on.iter() {
                if let Some(slot) = lead.get_mut(trigger as usize) {
                    *slot = Some(self.holders[path.failover]);
                }
            }
        }
        self.store.leads.put(lead)
    }

    /// What audit statements and guarantees ask of a use case in every context, and what only in some.
    fn layers(&self, decided: &Decided) -> (Layer, Vec<(Held, Layer)>) {
        let (world, use_case) = (self.survey.world, decided.use_case);
        let mut always = Layer::default();
        for set in [&use_case.compliance, &use_case.regulations] {
            always.1.extend(world.names.sorted(set));
        }
        let audits = self.audits.enumerated();
        let audits =
            audits.map(|(id, duty)| (Statement::Audit(id), (BTreeSet::from([*duty]), BTreeSet::new())));
        let guarantees = self.guarantees.iter();
        let guarantees =
            guarantees.map(|(id, asked)| (Statement::Guarantee(*id), (BTreeSet::new(), asked.clone())));
        let mut sometimes = Vec::new();
        for (statement, layer) in audits.chain(guarantees) {
            match self.survey.engine.held(use_case, decided.space, statement) {
                Held::Never => {}
                Held::Always => {
                    always.0.extend(layer.0);
                    always.1.extend(layer.1);
                }
                held @ Held::In(_) => sometimes.push((held, layer)),
            }
        }
        (always, sometimes)
    }

    fn outcome(&mut self, decision: &decide::Decision, (audits, mut asked): Layer) -> u32 {
        for rule in decision.rules.iter() {
            asked.extend(self.asked[*rule].iter().cloned());
        }
        let mut paths = [None; Trigger::ALL.len()];
        for path in decision.paths.iter() {
            let failover = self.failovers[path.failover];
            let targets = path.targets.iter().map(|target| self.target(decision, target)).collect();
            let number = self.store.path(Path { failover, targets });
            for trigger in path.on.iter() {
                if let Some(slot) = paths.get_mut(trigger as usize) {
                    *slot = Some(number);
                }
            }
        }
        let primary = decision.chain_targets();
        let primary = primary.first().filter(|_| decision.primary.is_some());
        let outcome = NumberedDecision {
            primary: primary.map(|target| self.target(decision, target)),
            paths,
            budgets: decision.budgets.iter().map(|id| self.budgets[*id]).collect(),
            quotas: decision.quotas.iter().map(|id| self.quotas[*id]).collect(),
            audit: Audited::Statements(audits.into_iter().collect()),
            needed: self.store.needed.put(Some(asked)),
        };
        self.store.outcome(outcome)
    }

    fn target(&mut self, decision: &decide::Decision, target: &decide::Target) -> Target {
        let model = self.model(target.model);
        let actions = self.actions(target);
        let Self { survey, store, multipliers, regions, .. } = self;
        let regions = regions.entry((target.model, decision.residency.clone())).or_insert_with(|| {
            store.regions.put(show::regions(survey.world, decision, &survey.world.models[target.model]))
        });
        let multiplier = multipliers
            .entry((decision.primary, target.model))
            .or_insert_with(|| store.multipliers.put(show::multiplier(&target.multiplier)));
        Target { model, multiplier: *multiplier, actions, regions: *regions }
    }

    /// The number of a target's cost actions.
    fn actions(&mut self, target: &decide::Target) -> u32 {
        if target.notify.is_none() && !target.throttle && !target.confirm {
            return self.no_actions;
        }
        self.store.actions.put(parts::actions(target))
    }

    /// The number of a model's portrait, drawn where it first serves.
    fn model(&mut self, id: ModelId) -> u32 {
        let Self { survey, store, models, .. } = self;
        *models[id].get_or_insert_with(|| {
            let model = &survey.world.models[id];
            let promised = Promised { agreement: model.dpa, trains_on_data: model.trains_on_data };
            let model = parts::model(survey.world, model);
            store.models.put(Portrait { model, promised: Some(promised) })
        })
    }
}

/// A failover statement without its name.
pub(super) fn nameless(failover: format::Failover) -> format::Failover {
    format::Failover { name: String::new(), ..failover }
}

/// The certifications that a rule asks for by name.
fn of_rule(world: &World, rule: &Rule) -> BTreeSet<String> {
    let wishes = rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
        PreferKind::Where(expr) => Some(expr),
        _ => None,
    });
    let all = rule.promises.iter().map(|promise| &promise.expr).chain(wishes);
    all.flat_map(|expr| conditions::certifications(world, expr)).collect()
}

fn of_guarantee(world: &World, guarantee: &Guarantee) -> BTreeSet<String> {
    let parts = guarantee.parts.iter();
    parts.flat_map(|part| conditions::certifications(world, &part.expr)).collect()
}

fn duty(world: &World, audit: &Audit) -> Duty {
    let days = audit.retain.as_ref().map(|seconds| number::ceil(&(seconds / whole(SECONDS_PER_DAY))));
    Duty {
        when: conditions::text(world, audit.when.as_ref()),
        audit: format::Audit {
            retain_days: days,
            lineage: audit.lineage.is_some(),
            mask: audit.mask.clone(),
            owners: audit.owner.iter().cloned().collect(),
        },
    }
}

fn written(world: &World, audits: &Table<Audit, u32>) -> Written {
    let when = |when: &Option<Expr>| Some(conditions::text(world, when.as_ref()));
    let budgets = parts::budgets(world).into_iter().zip(&world.budgets);
    let quotas = parts::quotas(world).into_iter().zip(&world.quotas);
    let audits = world.audits.iter().zip(audits);
    Written {
        budgets: budgets
            .map(|(said, budget)| (said.name.clone(), Stated { said, when: when(&budget.when) }))
            .collect(),
        quotas: quotas
            .map(|(said, quota)| (said.name.clone(), Stated { said, when: when(&quota.when) }))
            .collect(),
        audits: Some(audits.map(|(audit, number)| (audit.name.value.clone(), *number)).collect()),
    }
}

/// What a use case states of the dimensions whose values can be renamed.
fn dimensions(world: &World, use_case: &UseCase) -> BTreeMap<&'static str, String> {
    let all = [Dimension::Team, Dimension::BusinessUnit, Dimension::Project, Dimension::Application];
    let stated = all.into_iter().filter_map(|dimension| {
        let symbol = show::stated(use_case, dimension)?;
        Some((dimension.name(), world.names.name(symbol).to_owned()))
    });
    stated.collect()
}

/// Whether what a use case sends is not just anybody's to see.
fn is_sensitive(use_case: &UseCase) -> bool {
    let UseCase { classification, data, regulations, compliance, regulated_output, .. } = use_case;
    let is_said = [data, regulations, compliance].into_iter().any(|set| !set.is_empty());
    classification.position() > 0 || is_said || *regulated_output
}
