//! A use case decided as if one of its rules did not stand in the policy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Engine;
use super::case::{Case, Situation};
use super::leads::Leads;
use crate::decide::{Decision, Path, Undefined};
use crate::model::{ModelId, Rule, RuleId, Tier};

/// A use case that is decided without one of its rules.
pub struct Without<'e, 'w>(Case<'e, 'w>);

/// What leaving out a rule does to the wishes that order the models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shift {
    /// The same ones order.
    None,
    /// These order: per tier at most one.
    Other(Vec<(Tier, Vec<RuleId>)>),
    /// Several rules of one tier would order: nothing is decided.
    Undefined,
}

/// What holds in one context, to be ordered by other wishes.
pub struct Place<'a> {
    case: &'a Case<'a, 'a>,
    situation: Situation<'a>,
    leads: Arc<Leads>,
}

/// The wishes of the rules that apply, by what leaving out one rule makes of them.
pub struct Wishes<'a> {
    engine: &'a Engine<'a>,
    applying: BTreeSet<RuleId>,
    /// How many applying rules override a rule.
    overridden: BTreeMap<RuleId, usize>,
    /// Per tier the rules that prefer and that none overrides: those with a `when`, and those without.
    left: BTreeMap<Tier, [BTreeSet<RuleId>; 2]>,
}

impl<'e, 'w> Without<'e, 'w> {
    pub(super) fn new(case: Case<'e, 'w>) -> Self {
        Self(case)
    }

    /// The decisions in some contexts of its space without a rule.
    pub fn decide(
        &mut self,
        rule: RuleId,
        contexts: impl IntoIterator<Item = usize>,
    ) -> Vec<Result<Decision, Undefined>> {
        self.0.without = Some(rule);
        contexts.into_iter().map(|context| self.0.at(context)).collect()
    }

    /// Whether the same models, regions and wishes are left in a context of its space without a rule: the decision is then
    /// the same too, and nothing has to be ordered to say so.
    pub fn is_idle(&mut self, rule: RuleId, at: usize) -> bool {
        self.0.without = None;
        let with = self.0.applying(at);
        let rest: Vec<RuleId> = with.iter().copied().filter(|id| *id != rule).collect();
        let (before, after) = (self.0.situation_of(at, &with), self.0.situation_of(at, &rest));
        before.zip(after).is_some_and(|(before, after)| {
            before.eligible == after.eligible
                && before.residency == after.residency
                && self.0.preferring(&with) == self.0.preferring(&rest)
        })
    }

    /// What holds in a context of its space where these rules apply.
    pub fn place(&self, at: usize, applying: &[RuleId]) -> Option<Place<'_>> {
        let situation = self.0.situation_of(at, applying)?;
        Some(Place { case: &self.0, situation, leads: self.0.leads_at(at) })
    }
}

impl Place<'_> {
    /// The primary and the paths where these rules order: promises are as they were.
    pub fn decided(&self, preferring: &[(Tier, Vec<RuleId>)]) -> (Option<ModelId>, Vec<Path>) {
        self.case.ordered(&self.situation, preferring, &self.leads)
    }
}

impl<'a> Wishes<'a> {
    pub(super) fn of(engine: &'a Engine<'a>, applying: &[RuleId]) -> Self {
        let mut wishes = Self {
            engine,
            applying: applying.iter().copied().collect(),
            overridden: BTreeMap::new(),
            left: BTreeMap::new(),
        };
        for over in applying.iter().flat_map(|id| engine.overridden(*id)) {
            *wishes.overridden.entry(*over).or_default() += 1;
        }
        for id in applying.iter().filter(|id| !wishes.overridden.contains_key(id)) {
            let Some((tier, at)) = place(&engine.world.rules[*id]) else { continue };
            if let Some(left) = wishes.left.entry(tier).or_default().get_mut(at) {
                left.insert(*id);
            }
        }
        wishes
    }

    /// What leaving out a rule does to them.
    pub fn shift(&self, rule: RuleId) -> Shift {
        let rules = &self.engine.world.rules;
        let mut changed: BTreeMap<Tier, [Vec<RuleId>; 2]> = BTreeMap::new();
        let own = place(&rules[rule]).filter(|_| !self.overridden.contains_key(&rule));
        changed.extend(own.map(|(tier, _)| (tier, <[Vec<RuleId>; 2]>::default())));
        for over in self.engine.overridden(rule) {
            let alone = self.overridden.get(over) == Some(&1) && self.applying.contains(over);
            let Some((tier, at)) = place(&rules[*over]).filter(|_| alone) else { continue };
            if let Some(heard) = changed.entry(tier).or_default().get_mut(at) {
                heard.push(*over);
            }
        }
        let nobody = <[BTreeSet<RuleId>; 2]>::default();
        let mut others: BTreeMap<Tier, Vec<RuleId>> = BTreeMap::new();
        let mut is_other = false;
        for (tier, added) in &changed {
            let left = self.left.get(tier).unwrap_or(&nobody);
            let before = heard(left.iter().map(two));
            let parts = left.iter().zip(added);
            let after = parts.map(|(ids, added)| {
                let ids = ids.iter().copied().filter(|id| *id != rule);
                ids.chain(added.iter().copied()).take(2).collect()
            });
            let after = heard(after);
            if after.len() > 1 {
                return Shift::Undefined;
            }
            is_other |= after != before;
            others.insert(*tier, after);
        }
        if !is_other {
            return Shift::None;
        }
        let tiers = self.engine.world.precedence.iter();
        let ordering = tiers.map(|tier| {
            let same = || self.left.get(tier).map(|left| heard(left.iter().map(two))).unwrap_or_default();
            (*tier, others.remove(tier).unwrap_or_else(same))
        });
        Shift::Other(ordering.filter(|(_, rules)| !rules.is_empty()).collect())
    }
}

/// Of the rules of a tier, those with a `when` and those without, the ones that order: two stand for any number of them.
fn heard(left: impl Iterator<Item = Vec<RuleId>>) -> Vec<RuleId> {
    left.into_iter().find(|rules| !rules.is_empty()).unwrap_or_default()
}

/// Two of some rules, if there are so many.
fn two(rules: &BTreeSet<RuleId>) -> Vec<RuleId> {
    rules.iter().copied().take(2).collect()
}

/// The tier of a rule that prefers something, and whether it has no `when`.
fn place(rule: &Rule) -> Option<(Tier, usize)> {
    (!rule.prefers.is_empty()).then(|| (rule.tier, usize::from(rule.when.is_none())))
}
