//! Everything that a decision can name, once: two sides decide alike exactly where they have the same number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use serde::Serialize;

use super::holds::{Holder, Lead};
use crate::model::Trigger;
use crate::model::trigger::OUTAGE;
use crate::table::format::{Action, Audit, Failover, Model};
use crate::vocabulary::DpaStatus;

/// Equal things by number.
#[derive(Debug)]
pub struct Shelf<T> {
    by_text: HashMap<String, u32>,
    items: Vec<T>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_text: HashMap::new(), items: Vec::new() }
    }
}

impl<T: Serialize> Shelf<T> {
    /// The number of a thing, new or known.
    pub fn put(&mut self, item: T) -> u32 {
        // Plain data with text keys always serialises, and equal data serialises alike.
        let text = serde_json::to_string(&item).unwrap_or_default();
        let next = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let number = *self.by_text.entry(text).or_insert(next);
        if number == next {
            self.items.push(item);
        }
        number
    }
}

impl<T> Shelf<T> {
    /// The thing with a number that this shelf gave out.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.items.get(number as usize)
    }
}

/// Equal things by number, where they can be told apart without being written out.
#[derive(Debug)]
struct Numbered<T> {
    numbers: HashMap<T, u32>,
    items: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), items: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    fn put(&mut self, item: T) -> u32 {
        if let Some(&number) = self.numbers.get(&item) {
            return number;
        }
        let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(item.clone());
        self.numbers.insert(item, number);
        number
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.items.get(number as usize)
    }
}

/// What is decided in a context, in numbers of the [`Store`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberedDecision {
    /// What serves first; none: nothing serves.
    pub primary: Option<Target>,
    /// Per trigger, in the order of the grammar, the number of what is tried; none: nothing is.
    pub paths: [Option<u32>; Trigger::ALL.len()],
    /// Names of the budgets that apply.
    pub budgets: Vec<u32>,
    /// Names of the quotas that apply.
    pub quotas: Vec<u32>,
    /// What is to be audited.
    pub audit: Audited,
    /// The certifications that somebody asks for here.
    pub needed: u32,
}

/// What auditing a request demands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Audited {
    /// By these audit statements, ascending.
    Statements(Vec<u32>),
    /// Altogether: a table does not say by which statements.
    Merged(Option<Audit>),
}

/// What is tried when the primary fails, in numbers of the [`Store`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    /// The statement, without its name.
    pub failover: u32,
    /// Models, in order.
    pub targets: Vec<Target>,
}

/// A model as it serves in a [`NumberedDecision`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    /// Its number in the store.
    pub model: u32,
    /// Its cost over the primary's, as a table has it.
    pub multiplier: u32,
    /// The number of the list of cost actions.
    pub actions: u32,
    /// The regions it is pinned to.
    pub regions: u32,
}

/// A model as a gateway knows it, and what else data risks with it: a model whose price changed is another.
#[derive(Debug, Clone, Serialize)]
pub struct Portrait {
    /// What a table says of it.
    pub model: Model,
    /// What a table does not say; none: this side is a table.
    pub promised: Option<Promised>,
}

/// What a provider promises of data beyond what a table says.
#[derive(Debug, Clone, Serialize)]
pub struct Promised {
    /// The state of the data processing agreement; none: not stated.
    #[serde(serialize_with = "by_place")]
    pub agreement: Option<DpaStatus>,
    /// Whether it trains on data; none: not stated.
    pub trains_on_data: Option<bool>,
}

/// By its place in the order, as the fingerprints of changes that are accepted have it.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes the field")]
fn by_place<S: serde::Serializer>(status: &Option<DpaStatus>, serializer: S) -> Result<S::Ok, S::Error> {
    status.map(|status| status as u8).serialize(serializer)
}

/// An audit statement without its name.
#[derive(Debug, Clone, Serialize)]
pub struct Duty {
    /// Its `when`, canonical; empty: everywhere.
    pub when: String,
    /// What it demands alone.
    pub audit: Audit,
}

/// Everything that both sides name.
#[derive(Debug, Default)]
pub struct Store {
    /// What a comparison reads of each model.
    pub models: Shelf<Portrait>,
    /// Costs over the primary's.
    pub multipliers: Shelf<String>,
    /// Cost actions of a target.
    pub actions: Shelf<Vec<Action>>,
    /// Regions that a target is pinned to.
    pub regions: Shelf<Option<Vec<String>>>,
    /// Failover statements; the name is left empty, for a new name changes no decision.
    pub failovers: Shelf<Failover>,
    /// Names of budgets and quotas.
    pub names: Shelf<String>,
    /// What `audit` obliges to, equal ones once.
    pub duties: Shelf<Duty>,
    /// What spending is attributed to, equal ones once.
    pub tags: Shelf<BTreeMap<String, String>>,
    /// Certifications that are asked for; none: a table does not say, so all that anything holds.
    pub needed: Shelf<Option<BTreeSet<String>>>,
    /// What failover statements ask of their targets.
    pub holders: Shelf<Holder>,
    /// Which of these lead; their names decide nothing, so they are no part of an outcome.
    pub leads: Shelf<Lead>,
    paths: Numbered<Path>,
    outcomes: Numbered<NumberedDecision>,
}

impl Store {
    /// The number of an outcome, new or known.
    pub fn outcome(&mut self, outcome: NumberedDecision) -> u32 {
        self.outcomes.put(outcome)
    }

    /// The outcome with a number that this store gave out.
    pub fn get(&self, number: u32) -> Option<&NumberedDecision> {
        self.outcomes.get(number)
    }

    /// The number of a path, new or known.
    pub fn path(&mut self, path: Path) -> u32 {
        self.paths.put(path)
    }

    /// What an outcome tries on a trigger.
    pub fn path_on(&self, outcome: &NumberedDecision, trigger: Trigger) -> Option<&Path> {
        let number = outcome.paths.get(trigger as usize).copied().flatten()?;
        self.paths.get(number)
    }

    /// What an outcome tries on a trigger, or on an outage where none is asked for.
    pub fn path_of(&self, outcome: &NumberedDecision, on: Option<Trigger>) -> Option<&Path> {
        match on {
            Some(trigger) => self.path_on(outcome, trigger),
            None => OUTAGE.into_iter().find_map(|trigger| self.path_on(outcome, trigger)),
        }
    }

    /// The models of an outcome on a trigger, or on an outage where none is asked for: the primary first.
    pub fn route<'a>(
        &'a self,
        outcome: &'a NumberedDecision,
        on: Option<Trigger>,
    ) -> impl Iterator<Item = (&'a Target, &'a Portrait)> {
        let tried = self.path_of(outcome, on).into_iter().flat_map(|path| &path.targets);
        let all = outcome.primary.iter().chain(tried.filter(|_| outcome.primary.is_some()));
        all.filter_map(|target| Some((target, self.models.get(target.model)?)))
    }

    /// The models of an outcome on an outage, the primary first.
    pub fn targets<'a>(
        &'a self,
        outcome: &'a NumberedDecision,
    ) -> impl Iterator<Item = (&'a Target, &'a Model)> {
        self.route(outcome, None).map(|(target, portrait)| (target, &portrait.model))
    }

    /// Everything that an outcome can reach: the primary and the targets of every path.
    pub fn reached<'a>(
        &'a self,
        outcome: &'a NumberedDecision,
    ) -> impl Iterator<Item = (&'a Target, &'a Portrait)> {
        let mut paths: Vec<u32> = outcome.paths.iter().flatten().copied().collect();
        paths.sort_unstable();
        paths.dedup();
        let tried = paths.into_iter().filter_map(|path| self.paths.get(path)).flat_map(|path| &path.targets);
        let all = outcome.primary.iter().chain(tried.filter(|_| outcome.primary.is_some()));
        all.filter_map(|target| Some((target, self.models.get(target.model)?)))
    }

    /// The ids of an outcome's models on a trigger, or on an outage, the primary first.
    pub fn ids(&self, outcome: &NumberedDecision, on: Option<Trigger>) -> Vec<String> {
        self.route(outcome, on).map(|(_, portrait)| portrait.model.id.clone()).collect()
    }

    /// What an outcome tries, one text for each list: the triggers and the models.
    pub fn routes(&self, number: u32) -> Vec<String> {
        let Some(outcome) = self.get(number) else { return Vec::new() };
        let mut lists: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
        for trigger in Trigger::ALL {
            let ids = self.ids(outcome, Some(trigger));
            match lists.iter_mut().find(|(_, known)| *known == ids) {
                Some((triggers, _)) => triggers.push(trigger.name()),
                None => lists.push((vec![trigger.name()], ids)),
            }
        }
        lists.into_iter().map(|(on, ids)| format!("{}: {}", on.join(" "), ids.join(" "))).collect()
    }

    /// What an outcome asks to be audited, some statements aside.
    pub fn audit(&self, audited: &Audited, without: &BTreeSet<u32>) -> Option<Audit> {
        let statements = match audited {
            Audited::Merged(audit) => return audit.clone(),
            Audited::Statements(statements) => statements,
        };
        let kept = statements.iter().filter(|number| !without.contains(number));
        kept.filter_map(|number| self.duties.get(*number)).map(|duty| duty.audit.clone()).reduce(joined)
    }
}

/// Two audit duties as one.
fn joined(a: Audit, b: Audit) -> Audit {
    let both = |mut a: Vec<String>, b: Vec<String>| {
        a.extend(b);
        a.sort();
        a.dedup();
        a
    };
    Audit {
        retain_days: a.retain_days.max(b.retain_days),
        lineage: a.lineage || b.lineage,
        mask: both(a.mask, b.mask),
        owners: both(a.owners, b.owners),
    }
}
