//! Which failover statement each trigger leads to: "Failover" in docs/language.md.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::Engine;
use super::condition::Condition;
use crate::model::trigger::Triggers;
use crate::model::{Candidates, Failover, FailoverId, FailoverTo, ModelId, Table, Trigger, World};
use crate::source::Span;

/// A failover statement made ready to be walked.
#[derive(Debug)]
pub(super) struct FailoverPlan<'w> {
    pub(super) when: Condition<'w>,
    /// Some model has two successors.
    pub(super) forks: bool,
    /// Chains and registry links: a model's successor and the link to it.
    pub(super) next: Arc<Links>,
    /// What the steps of a walk beyond those of a short chain count as, in statements that are asked.
    pub(super) beyond: usize,
}

/// A model's successor and the link to it.
type Links = HashMap<ModelId, (ModelId, Span)>;

/// The links of the registry, and how many of them the longest walk follows.
pub(super) type Registry = (Arc<Links>, usize);

/// So many steps of a chain cost no more than asking its statement.
const SHORT_CHAIN: usize = 32;

/// Each further step is walked and verified in about the time in which so many statements are asked.
const LONG_STEP: usize = 4;

impl<'w> FailoverPlan<'w> {
    /// The links of the registry are those of every statement that follows it.
    pub(super) fn new(
        world: &World,
        when: Condition<'w>,
        candidates: &Candidates,
        registry: &mut Option<Registry>,
    ) -> Self {
        let (next, steps) = links(world, candidates, registry);
        let forks = matches!(candidates, Candidates::Chains(chains) if chains.forks());
        Self { when, forks, next, beyond: beyond(steps) }
    }
}

/// The links that a statement follows, and how many of them its longest walk follows.
fn links(world: &World, candidates: &Candidates, registry: &mut Option<Registry>) -> Registry {
    match candidates {
        Candidates::None | Candidates::Ranking => (Arc::default(), 0),
        Candidates::Registry => registry.get_or_insert_with(|| of_registry(world)).clone(),
        Candidates::Chains(chains) => {
            let mut next = Links::new();
            for arrow in &chains.arrows {
                next.entry(arrow.from).or_insert((arrow.to, arrow.span));
            }
            let steps = next.len();
            (Arc::new(next), steps)
        }
    }
}

/// What the steps of a walk beyond those of a short chain count as.
fn beyond(steps: usize) -> usize {
    steps.saturating_sub(SHORT_CHAIN).saturating_mul(LONG_STEP)
}

/// Per failover statement what the steps of its walk count as.
pub(super) fn all_beyond(world: &World) -> Table<Failover, usize> {
    let mut registry = None;
    let of = |failover: &Failover| beyond(links(world, &failover.candidates, &mut registry).1);
    world.failovers.iter().map(of).collect()
}

fn of_registry(world: &World) -> Registry {
    let mut links = Links::new();
    for (id, model) in world.models.enumerated() {
        if let FailoverTo::Model(to, span) = model.failover_to {
            links.insert(id, (to, span));
        }
    }
    let mut steps: HashMap<ModelId, usize> = HashMap::new();
    for id in world.models.ids() {
        let mut walked = Vec::new();
        let mut at = Some(id);
        while let Some(model) = at.filter(|model| !steps.contains_key(model)) {
            steps.insert(model, 0);
            walked.push(model);
            at = links.get(&model).map(|(to, _)| *to);
        }
        let mut after = at.and_then(|model| steps.get(&model).copied()).unwrap_or_default();
        for model in walked.into_iter().rev() {
            after += 1;
            steps.insert(model, after);
        }
    }
    let longest = steps.values().max().copied().unwrap_or_default();
    (Arc::new(links), longest)
}

/// Where the triggers lead.
#[derive(Debug, Default)]
pub(super) struct Leads {
    /// The statements, and the triggers that lead to each; in the order of their first triggers.
    pub(super) to: Vec<(FailoverId, Triggers)>,
    /// Triggers that several statements claim, and these.
    pub(super) several: Vec<(Trigger, Vec<FailoverId>)>,
    /// Of the statements that some trigger leads to, those whose chains fork; by name.
    pub(super) forks: Vec<FailoverId>,
}

/// Where the triggers lead, by the statements whose `when` is true: many contexts have the same.
pub(super) type AllLeads = Mutex<HashMap<Vec<FailoverId>, Arc<Leads>>>;

impl Engine<'_> {
    /// Where the triggers lead, given the statements whose `when` is true.
    pub(super) fn leads(&self, applying: Vec<FailoverId>) -> Arc<Leads> {
        // A thread that panicked has left at worst an entry fewer.
        let mut known = self.leads.lock().unwrap_or_else(PoisonError::into_inner);
        let leads = known.entry(applying).or_insert_with_key(|applying| Arc::new(self.leads_of(applying)));
        Arc::clone(leads)
    }

    fn leads_of(&self, applying: &[FailoverId]) -> Leads {
        let mut leads = Leads::default();
        for trigger in Trigger::ALL {
            let left = self.left(applying, trigger);
            match left.as_slice() {
                [] => {}
                [one] => match leads.to.iter_mut().find(|(id, _)| id == one) {
                    Some((_, triggers)) => triggers.add(trigger),
                    None => leads.to.push((*one, Triggers::from_iter([trigger]))),
                },
                _ => leads.several.push((trigger, left)),
            }
        }
        let forks = |id: &FailoverId| self.failovers[*id].forks;
        leads.forks = leads.to.iter().map(|(id, _)| *id).filter(forks).collect();
        leads.forks.sort_unstable();
        leads
    }

    /// The statements that are left for a trigger.
    fn left(&self, applying: &[FailoverId], trigger: Trigger) -> Vec<FailoverId> {
        let answering = applying.iter().map(|id| (*id, &self.world.failovers[*id]));
        let answering: Vec<(FailoverId, &Failover)> =
            answering.filter(|(_, failover)| failover.triggers().has(trigger)).collect();
        let overridden: BTreeSet<FailoverId> = answering
            .iter()
            .flat_map(|(by, failover)| failover.overrides.iter().map(move |over| (*by, over.value)))
            .filter(|(by, over)| by != over)
            .map(|(_, over)| over)
            .collect();
        let mut left = answering;
        left.retain(|(id, _)| !overridden.contains(id));
        keep_if_any(&mut left, |failover| failover.when.is_some());
        keep_if_any(&mut left, |failover| failover.on.is_some());
        left.into_iter().map(|(id, _)| id).collect()
    }
}

/// Drops those that lack something, if one that has it is left.
fn keep_if_any(left: &mut Vec<(FailoverId, &Failover)>, has: fn(&Failover) -> bool) {
    if left.iter().any(|(_, failover)| has(failover)) {
        left.retain(|(_, failover)| has(failover));
    }
}
