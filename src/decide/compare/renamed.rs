//! The same of two worlds that should differ in names alone: who knows what is called otherwise says how, and every
//! decision is compared by the names that it has then.

use super::{Side, all_pairs};
use crate::decide::{Audit, Decision, Multiplier, Target, show};
use crate::model::trigger::Triggers;
use crate::model::{Axis, FactDomain, FactId, FactValue, Model, ModelId, Table, Terminal, World};
use crate::number::Rational;

/// Something that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the things of docs/language.md")]
pub enum Thing<'n> {
    Model,
    Rule,
    Failover,
    Budget,
    Quota,
    Fact,
    /// A value of a fact, by the fact's old name.
    Value(&'n str),
    Classification,
    Region,
    Data,
}

/// What something of the old world is called in the new one.
pub type Called<'a> = &'a dyn Fn(Thing, &str) -> String;

/// What the things of an old world are called in a new one.
pub struct Renaming<'a> {
    old: &'a World,
    called: Called<'a>,
    /// Per model of the old world the same one of the new; none where it is gone.
    models: Table<Model, Option<ModelId>>,
    /// Per fact of the old world where each of its values stands in the new one.
    values: Table<crate::model::Fact, Table<FactValue, usize>>,
}

/// How decisions of a use case differ that should be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Requests go to the second where they went to the first, each by its number in its world.
    Primary(Option<ModelId>, Option<ModelId>),
    /// When something fails, others are tried or in another order.
    Targets,
    /// In something else.
    Otherwise,
    /// There are too many contexts to compare.
    Untold,
}

impl<'a> Renaming<'a> {
    /// A renaming between two worlds.
    pub fn between(old: &'a World, new: &World, called: Called<'a>) -> Self {
        let model = |model: &Model| {
            let name = called(Thing::Model, &model.id);
            new.models.search(|one| one.id.as_str().cmp(&name))
        };
        let values = old.facts.iter().map(|fact| {
            let name = called(Thing::Fact, &fact.name);
            let there = new.facts.iter().find(|one| one.name == name);
            let thing = match fact.domain {
                FactDomain::Own => Thing::Value(&fact.name),
                FactDomain::Regions => Thing::Region,
                FactDomain::Classifications => Thing::Classification,
            };
            let position = |(at, value): (usize, &String)| {
                let value = called(thing, value);
                let there = there.and_then(|fact| fact.values.iter().position(|one| *one == value));
                there.unwrap_or(at)
            };
            fact.values.iter().enumerate().map(position).collect()
        });
        Self { old, called, models: old.models.iter().map(model).collect(), values: values.collect() }
    }

    /// What an axis of the old world is called in the new one.
    pub(super) fn axis(&self, axis: Axis) -> String {
        match axis {
            Axis::Fact(fact) => (self.called)(Thing::Fact, &self.old.facts[fact].name),
            Axis::Share(budget) => {
                format!("budget.{}.remaining", (self.called)(Thing::Budget, self.old.budget_name(budget)))
            }
            Axis::Classification | Axis::Budget => self.old.axis_name(axis),
        }
    }

    /// Where a position of an axis stands in the new world.
    pub(super) fn position(&self, axis: Axis, at: usize) -> usize {
        match axis {
            Axis::Fact(fact) => self.of_fact(fact, at),
            Axis::Classification | Axis::Budget | Axis::Share(_) => at,
        }
    }

    fn of_fact(&self, fact: FactId, at: usize) -> usize {
        // The new world may have more values: those past the old ones stand where they are.
        self.values[fact].as_slice().get(at).copied().unwrap_or(at)
    }

    fn sorted(&self, thing: Thing, names: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut names: Vec<String> = names.into_iter().map(|name| (self.called)(thing, &name)).collect();
        names.sort_unstable();
        names
    }
}

/// How some decision of the use case differs in more than names; nothing where none does.
pub fn moved(old: Side, new: Side, renaming: &Renaming) -> Option<Moved> {
    let mut found = None;
    let are_alike = all_pairs(old, new, Some(renaming), |a, b| {
        let of = |side: Side<'_>, at: u32| side.decisions.distinct.get(at as usize).map(Result::is_ok);
        let decisions = (old.decisions.distinct.get(a as usize), new.decisions.distinct.get(b as usize));
        found = match decisions {
            (Some(Ok(a)), Some(Ok(b))) => between((old.world, a), (new.world, b), renaming),
            _ => (of(old, a) != of(new, b)).then_some(Moved::Otherwise),
        };
        found.is_none()
    });
    found.or((!are_alike).then_some(Moved::Untold))
}

fn between(
    (old, a): (&World, &Decision),
    (new, b): (&World, &Decision),
    renaming: &Renaming,
) -> Option<Moved> {
    let there = |id: ModelId| renaming.models[id];
    if a.primary.map(there) != b.primary.map(Some) {
        return Some(Moved::Primary(a.primary, b.primary));
    }
    let before = a.paths.iter().map(|path| (path.on, path.models().map(there).collect::<Vec<_>>()));
    let after = b.paths.iter().map(|path| (path.on, path.models().map(Some).collect::<Vec<_>>()));
    if !before.eq(after) {
        return Some(Moved::Targets);
    }
    (Said::of(old, a, Some(renaming)) != Said::of(new, b, None)).then_some(Moved::Otherwise)
}

/// What of a decision is compared beside its models, by the new names.
#[derive(PartialEq)]
struct Said<'a> {
    /// Of the primary.
    regions: Option<Vec<String>>,
    paths: Vec<SaidPath<'a>>,
    rules: Vec<String>,
    budgets: Vec<String>,
    quotas: Vec<String>,
    audit: Option<Audit>,
}

#[derive(PartialEq)]
struct SaidPath<'a> {
    on: Triggers,
    statement: String,
    then: &'a Terminal,
    again: (u64, Option<&'a Rational>),
    told: (Option<&'a str>, &'a [String]),
    targets: Vec<SaidTarget<'a>>,
}

#[derive(PartialEq)]
struct SaidTarget<'a> {
    multiplier: &'a Multiplier,
    notify: Option<&'a [String]>,
    throttle: bool,
    confirm: bool,
    regions: Option<Vec<String>>,
}

impl<'a> Said<'a> {
    fn of(world: &'a World, decision: &'a Decision, renaming: Option<&Renaming>) -> Self {
        let called = |thing, name: &str| {
            renaming.map_or_else(|| name.to_owned(), |renaming| (renaming.called)(thing, name))
        };
        let sorted = |thing, names: Vec<String>| match renaming {
            Some(renaming) => renaming.sorted(thing, names),
            None => names,
        };
        let regions = |id: ModelId| {
            let names = show::regions(world, decision, &world.models[id]);
            names.map(|names| sorted(Thing::Region, names))
        };
        let target = |target: &'a Target| SaidTarget {
            multiplier: &target.multiplier,
            notify: target.notify.as_deref(),
            throttle: target.throttle,
            confirm: target.confirm,
            regions: regions(target.model),
        };
        let paths = decision.paths.iter().map(|path| {
            let failover = &world.failovers[path.failover];
            SaidPath {
                on: path.on,
                statement: called(Thing::Failover, &failover.name.value),
                then: &failover.then,
                again: (failover.retry, failover.cooldown.as_ref()),
                told: (failover.log_as.as_deref(), &failover.notify),
                targets: path.targets.iter().map(target).collect(),
            }
        });
        let name = |name: &String| name.clone();
        let rules = decision.rules.iter().map(|id| name(&world.rules[*id].name.value)).collect();
        let budgets = decision.budgets.iter().map(|id| name(&world.budgets[*id].name.value)).collect();
        let quotas = decision.quotas.iter().map(|id| name(&world.quotas[*id].name.value)).collect();
        let mut audit = decision.audit.as_deref().cloned();
        if let Some(audit) = &mut audit {
            audit.mask = sorted(Thing::Data, std::mem::take(&mut audit.mask));
        }
        Self {
            regions: decision.primary.and_then(regions),
            paths: paths.collect(),
            rules: sorted(Thing::Rule, rules),
            budgets: sorted(Thing::Budget, budgets),
            quotas: sorted(Thing::Quota, quotas),
            audit,
        }
    }
}
