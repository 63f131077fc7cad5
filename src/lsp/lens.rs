//! Code lenses: what a rule, a failover statement or a use case comes to, above its first line.

use super::{Kind, Seen};
use crate::decide::survey::{Decided, Survey};
use crate::model::words::count;
use crate::source::{FileId, Span};

/// A line above a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// Above this.
    pub span: Span,
    /// What it says.
    pub text: String,
    /// The use case whose sentence it shows when it is chosen.
    pub resolve: Option<String>,
}

/// The lenses of a file.
pub fn lenses(seen: Seen, file: FileId) -> Vec<Lens> {
    let Some(survey) = seen.survey() else { return Vec::new() };
    let mut lenses = Vec::new();
    for one in seen.now.index().in_file(file).iter().filter(|one| one.is_definition) {
        let name = one.symbol.name.as_str();
        let reach = match one.symbol.kind {
            Kind::Rule => of_rule(survey, name),
            Kind::Failover => of_failover(survey, name),
            Kind::UseCase => {
                lenses.extend(of_use_case(survey, name, one.span));
                continue;
            }
            _ => continue,
        };
        if let Some(text) = reach.map(|reach| reach.text()) {
            lenses.push(Lens { span: one.span, text, resolve: None });
        }
    }
    lenses
}

/// How far a statement reaches.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The use cases for which it counts somewhere.
    pub(super) use_cases: Vec<String>,
    /// In how many of their contexts.
    pub(super) contexts: u64,
}

impl Reach {
    /// `4 use cases, 34 contexts`.
    pub(super) fn text(&self) -> String {
        let contexts = usize::try_from(self.contexts).unwrap_or(usize::MAX);
        format!(
            "{}, {}",
            count(self.use_cases.len(), "use case", "use cases"),
            count(contexts, "context", "contexts")
        )
    }

    fn of(survey: &Survey, counts: impl Fn(&Decided, &crate::decide::Decision) -> bool) -> Self {
        let mut reach = Self::default();
        for decided in survey.decided() {
            let holds: Vec<bool> = decided
                .all
                .distinct
                .iter()
                .map(|decision| decision.as_ref().is_ok_and(|decision| counts(&decided, decision)))
                .collect();
            let contexts: u64 = decided
                .cells()
                .enumerate()
                .filter(|(_, cell)| holds.get(*cell).copied().unwrap_or(false))
                .map(|(at, _)| decided.space.weight(at))
                .fold(0, u64::saturating_add);
            if contexts > 0 {
                reach.use_cases.push(decided.name());
                reach.contexts = reach.contexts.saturating_add(contexts);
            }
        }
        reach
    }
}

/// Where a rule applies; none where no rule of this name is in force.
pub(super) fn of_rule(survey: &Survey, name: &str) -> Option<Reach> {
    let id = survey.world.rules.binary_search_by(|rule| rule.name.value.as_str().cmp(name)).ok()?;
    Some(Reach::of(survey, |decided, decision| {
        decided.all.rules.contains(id) && decision.rules.binary_search(&id).is_ok()
    }))
}

/// Where a failover statement leads; none where none of this name is in force.
pub(super) fn of_failover(survey: &Survey, name: &str) -> Option<Reach> {
    let id = survey.world.failovers.binary_search_by(|one| one.name.value.as_str().cmp(name)).ok()?;
    Some(Reach::of(survey, |_, decision| decision.paths.iter().any(|path| path.failover == id)))
}

fn of_use_case(survey: &Survey, name: &str, span: Span) -> Option<Lens> {
    let world = survey.world;
    let id = world.use_cases.binary_search_by(|one| one.name.value.as_str().cmp(name)).ok()?;
    let use_case = world.use_cases.get(id)?;
    let contexts = usize::try_from(world.count_contexts(use_case)).unwrap_or(usize::MAX);
    let contexts = count(contexts, "context", "contexts");
    let goes = match survey.decided_at(id) {
        None => "not decided".to_owned(),
        Some(decided) => match decided.baseline.primary.and_then(|primary| world.models.get(primary)) {
            None => "no model may serve it".to_owned(),
            Some(model) => format!("primary {}", model.id),
        },
    };
    Some(Lens { span, text: format!("{contexts}, {goes}"), resolve: Some(name.to_owned()) })
}
