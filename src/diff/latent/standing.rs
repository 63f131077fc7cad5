//! For whom a promise that is gone is still made by others, and who loses it.

use std::collections::{BTreeMap, BTreeSet};

use super::TODAY_ALONE;
use super::promises::{Clause, said_by, said_in};
use crate::decide::engine::{Decisions, Statement as Id};
use crate::decide::survey::{Case, Survey};
use crate::model::{UseCase, World};
use crate::syntax::tree::StatementKind;

/// Statements by what they promise.
pub(super) type Standing = BTreeMap<String, BTreeSet<Id>>;

/// So many statements are asked one by one.
const FEW: usize = 8;

/// Of some statements those that may concern a use case.
pub(super) fn concerning(survey: &Survey, use_case: &UseCase, all: &BTreeSet<Id>) -> Vec<Id> {
    if all.len() <= FEW {
        return all.iter().copied().collect();
    }
    survey.engine.promising(use_case).filter(|id| all.contains(id)).collect()
}

/// The cases for which a statement's condition may be true, ascending.
pub(super) fn may_concern<'a>(survey: &'a Survey, statement: Id) -> Vec<&'a Case> {
    match survey.engine.may_concern(statement) {
        Some(ids) => ids.into_iter().map(|id| &survey.cases[id]).collect(),
        None => survey.cases.iter().collect(),
    }
}

/// Whether a statement's condition is true in some context that is decided apart; false where nothing is decided.
pub(super) fn holds_somewhere(survey: &Survey, case: &Case, statement: Id) -> bool {
    let use_case = &survey.world.use_cases[case.id];
    let held = |decisions: &Decisions| survey.engine.held(use_case, &decisions.space, statement).somewhere();
    case.decisions.as_ref().is_some_and(held)
}

/// The statements of a side that promise something, those aside that promise again.
pub(super) fn of(world: &World) -> Standing {
    let is_ours = |name: &str| name.starts_with("promise ");
    let rules = world.rules.enumerated().filter(|(_, rule)| !is_ours(&rule.name.value));
    let rules = rules.map(|(id, rule)| (Id::Rule(id), said_by(world, rule)));
    let guarantees = world.guarantees.enumerated().filter(|(_, one)| !is_ours(&one.name.value));
    let guarantees = guarantees.map(|(id, one)| (Id::Guarantee(id), said_in(world, one)));
    let mut standing = Standing::new();
    for (id, said) in rules.chain(guarantees) {
        for said in BTreeSet::from_iter(said) {
            standing.entry(said).or_default().insert(id);
        }
    }
    standing
}

impl Clause {
    /// Whether it stands in a guarantee, which decides nothing.
    pub(super) fn is_of_a_guarantee(&self) -> bool {
        matches!(self.statement.kind, StatementKind::Guarantee(_))
    }

    /// The use cases for which nobody promises it any more in some context where the old side did: no use case where it
    /// was promised to none, since it would have been to the next, and where others promise it to all that there are, since
    /// they would not to the next.
    pub(super) fn concerned(&self, survey: &Survey, standing: &Standing) -> Concerned {
        let world = survey.world;
        let own = world.rules.position(|rule| rule.name.value == self.name).map(Id::Rule);
        let guarantee = || world.guarantees.position(|one| one.name.value == self.name);
        let mut concerned = Concerned::default();
        let Some(own) = own.or_else(|| guarantee().map(Id::Guarantee)) else { return concerned };
        let lasts = |id: &Id| match id {
            Id::Rule(id) => self.kept_by.contains(&world.rules[*id].name.value),
            Id::Guarantee(id) => self.kept_by.contains(&world.guarantees[*id].name.value),
            Id::Failover(_) | Id::Budget(_) | Id::Quota(_) | Id::Audit(_) => false,
        };
        let others = standing.get(&self.said).into_iter().flatten().copied().filter(lasts).collect();
        for case in may_concern(survey, own) {
            let Some(decisions) = &case.decisions else { continue };
            let use_case = &world.use_cases[case.id];
            let held = |id: Id| survey.engine.held(use_case, &decisions.space, id);
            let promised = held(own);
            if !promised.somewhere() {
                continue;
            }
            concerned.is_promised = true;
            let kept: Vec<_> = concerning(survey, use_case, &others).into_iter().map(held).collect();
            let is_lost = |at: usize| promised.at(at) && !kept.iter().any(|held| held.at(at));
            if (0..decisions.space.contexts.len()).any(is_lost) {
                concerned.use_cases.insert(use_case.name.value.clone());
            }
        }
        concerned
    }

    /// Says that it is still promised somewhere, where it is.
    pub(super) fn name_change(&self, change: &mut String, concerned: &Concerned) {
        if concerned.use_cases.is_empty() && concerned.is_promised {
            *change = change.replace("dropped", TODAY_ALONE);
        } else if self.is_kept_somewhere {
            *change = change.replace(" dropped", " narrowed");
        }
    }
}

/// Whom a promise that is gone concerns.
#[derive(Debug, Default)]
pub(super) struct Concerned {
    /// Those that lose it.
    pub(super) use_cases: BTreeSet<String>,
    /// Whether it was promised to any.
    is_promised: bool,
}
