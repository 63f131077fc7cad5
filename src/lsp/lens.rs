//! Code lenses: what a rule, a failover statement or a use case comes to, above its first line.

use std::collections::BTreeSet;

use super::{Kind, Seen};
use crate::decide::survey::Survey;
use crate::limits::shown;
use crate::model::words::{contexts, count};
use crate::model::{Failover, FailoverId, ModelId, Rule, Table, UseCaseId};
use crate::source::{FileId, Span, listed};

/// A line above a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// Above this.
    pub span: Span,
    /// What it says.
    pub text: String,
    /// The use cases whose sentences it shows when it is chosen; of many the first.
    pub resolve: Vec<String>,
}

/// The lenses of a file.
pub fn lenses(seen: Seen, file: FileId) -> Vec<Lens> {
    let Some(survey) = seen.survey() else { return Vec::new() };
    let mut reaches = None;
    let mut lenses = Vec::new();
    for one in seen.now.index().in_file(file).iter().filter(|one| one.is_definition) {
        let name = one.symbol.name.as_str();
        let text = match one.symbol.kind {
            Kind::Rule => reaches.get_or_insert_with(|| Reaches::of(survey)).rule(survey, name),
            Kind::Failover => reaches.get_or_insert_with(|| Reaches::of(survey)).failover(survey, name),
            Kind::UseCase => {
                lenses.extend(of_use_case(survey, name, one.span));
                continue;
            }
            _ => continue,
        };
        lenses.extend(text.map(|reach| {
            let resolve = reach.names(survey).take(shown::RESOLVED).collect();
            let text = format!("{}{}", reach.text(), reach.primaries(survey));
            Lens { span: one.span, text, resolve }
        }));
    }
    lenses
}

/// How far a statement reaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    /// The use cases for which it counts somewhere.
    use_cases: Vec<UseCaseId>,
    /// In how many of their contexts.
    contexts: u64,
    /// Where requests go in these contexts.
    primaries: BTreeSet<ModelId>,
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

    /// `, primary a/b`: where requests go where it counts; of several models the first.
    fn primaries(&self, survey: &Survey) -> String {
        let ids = self.primaries.iter().take(shown::PRIMARIES).map(|id| survey.world.models[*id].id.as_str());
        let ids: Vec<&str> = ids.collect();
        let more = self.primaries.len().saturating_sub(ids.len());
        match ids.as_slice() {
            [] => String::new(),
            [one] => format!(", primary {one}"),
            all => format!(", primaries {}", listed::and_more(&all.join(", "), more)),
        }
    }

    /// The names of its use cases.
    pub(super) fn names(&self, survey: &Survey) -> impl Iterator<Item = String> {
        self.use_cases.iter().map(|id| survey.world.use_cases[*id].name.value.clone())
    }

    fn add(&mut self, use_case: UseCaseId, contexts: u64, primary: Option<ModelId>) {
        self.primaries.extend(primary);
        if self.use_cases.last() != Some(&use_case) {
            self.use_cases.push(use_case);
        }
        self.contexts = self.contexts.saturating_add(contexts);
    }
}

/// How far every rule and every failover statement reaches.
pub(super) struct Reaches {
    rules: Table<Rule, Reach>,
    failovers: Table<Failover, Reach>,
}

impl Reaches {
    /// Goes through all decisions once.
    pub(super) fn of(survey: &Survey) -> Self {
        let world = survey.world;
        let mut reaches = Self {
            rules: world.rules.iter().map(|_| Reach::default()).collect(),
            failovers: world.failovers.iter().map(|_| Reach::default()).collect(),
        };
        for decided in survey.decided() {
            let mut weights = vec![0u64; decided.all.distinct.len()];
            for (at, cell) in decided.cells().enumerate() {
                if let Some(weight) = weights.get_mut(cell) {
                    *weight = weight.saturating_add(decided.space.weight(at));
                }
            }
            for (decision, weight) in decided.all.distinct.iter().zip(weights) {
                let Ok(decision) = decision else { continue };
                for rule in decision.rules.iter() {
                    reaches.rules[*rule].add(decided.id, weight, decision.primary);
                }
                let mut failovers: Vec<FailoverId> =
                    decision.paths.iter().map(|path| path.failover).collect();
                failovers.sort_unstable();
                failovers.dedup();
                for failover in failovers {
                    reaches.failovers[failover].add(decided.id, weight, decision.primary);
                }
            }
        }
        reaches
    }

    /// Where a rule applies; none where no rule of this name is in force.
    pub(super) fn rule(&self, survey: &Survey, name: &str) -> Option<&Reach> {
        let id = survey.world.rules.search(|rule| rule.name.value.as_str().cmp(name))?;
        Some(&self.rules[id])
    }

    /// Where a failover statement leads; none where none of this name is in force.
    pub(super) fn failover(&self, survey: &Survey, name: &str) -> Option<&Reach> {
        let id = survey.world.failovers.search(|one| one.name.value.as_str().cmp(name))?;
        Some(&self.failovers[id])
    }
}

fn of_use_case(survey: &Survey, name: &str, span: Span) -> Option<Lens> {
    let world = survey.world;
    let id = world.use_cases.search(|one| one.name.value.as_str().cmp(name))?;
    let use_case = &world.use_cases[id];
    let contexts = contexts(world.count_contexts(use_case), u64::MAX);
    let goes = match survey.decided_at(id) {
        None => "not decided".to_owned(),
        Some(decided) => match decided.baseline.primary {
            None => "no model may serve it".to_owned(),
            Some(primary) => format!("primary {}", world.models[primary].id),
        },
    };
    Some(Lens { span, text: format!("{contexts}, {goes}"), resolve: vec![name.to_owned()] })
}
