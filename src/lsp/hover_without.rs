//! What would be decided without a rule. That nothing would is said only where every decision that the rule can move was
//! made again without it, and came out the same in everything that requests get: where they go, through which regions, what
//! is tried then and with which actions, and what they owe.

use std::collections::HashMap;

use super::hover::code;
use super::hover_names::some;
use crate::decide::compare::are_alike;
use crate::decide::engine::Statement;
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Decision, Undefined, show};
use crate::limits::effort;
use crate::model::words::count;
use crate::model::{ModelId, RuleId, UseCaseId, World};

/// How a decision comes out otherwise: the first of these that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    /// Requests go to the second instead of the first.
    Primary(Option<ModelId>, Option<ModelId>),
    /// A model may process requests in the second of these regions instead of the first; none: everywhere.
    Regions(ModelId, Option<Vec<String>>, Option<Vec<String>>),
    /// Others are tried when something fails.
    Targets,
    /// Something else, or it is not defined.
    Otherwise,
}

/// How a use case comes out without a rule.
#[derive(Debug, Clone)]
enum WithoutRule {
    Same,
    Otherwise(Change),
    /// Too little was tried.
    Untold,
}

/// What trying came to.
#[derive(Debug, Default)]
struct Tried {
    /// Decisions that were made again.
    decisions: usize,
    /// Use cases for which they were.
    made_ready: usize,
    /// Use cases of which as many were as is needed to say how they are decided.
    whole: usize,
    /// Use cases for which none was made.
    left: usize,
    /// Those that are decided otherwise, each with how.
    changed: Vec<(String, Change)>,
}

/// What would be decided without a rule.
pub(super) fn without(survey: &Survey, id: RuleId) -> String {
    let mattering = survey.tried.mattering.get();
    // The check has tried rules that only wish, in all that they touch.
    let is_idle = survey.complete() && !survey.world.rules[id].has_promise();
    if is_idle && mattering.is_some_and(|mattering| !mattering.contains(id)) {
        return NOTHING.to_owned();
    }
    said(survey.world, &Tried::of(survey, id))
}

const NOTHING: &str = "without it nothing would be decided otherwise";

impl Tried {
    fn of(survey: &Survey, id: RuleId) -> Self {
        let mut tried = Self::default();
        // Those that are decided alike are decided alike without it.
        let mut known: HashMap<UseCaseId, WithoutRule> = HashMap::new();
        for decided in survey.concerned(Statement::Rule(id)).filter(|one| one.all.rules.contains(id)) {
            let first = survey.cases[decided.id].first_alike;
            let outcome = match known.get(&first) {
                Some(outcome) => outcome.clone(),
                None if !survey.engine.may_matter(decided.use_case, id) => WithoutRule::Same,
                None if tried.is_enough() => WithoutRule::Untold,
                None => tried.try_out(survey, &decided, id),
            };
            known.insert(first, outcome.clone());
            match outcome {
                WithoutRule::Same => {}
                WithoutRule::Otherwise(change) => tried.changed.push((decided.name(), change)),
                WithoutRule::Untold => {
                    tried.left += 1;
                    continue;
                }
            }
            tried.whole += 1;
        }
        tried
    }

    fn is_enough(&self) -> bool {
        self.decisions >= effort::DECISIONS_WITHOUT || self.made_ready >= effort::USE_CASES_WITHOUT
    }

    /// How a use case comes out.
    fn try_out(&mut self, survey: &Survey, decided: &Decided, id: RuleId) -> WithoutRule {
        let examples = decided.examples();
        let mut concerned: Vec<&(usize, &Decision)> =
            examples.iter().filter(|(_, decision)| decision.rules.binary_search(&id).is_ok()).collect();
        let left = effort::DECISIONS_WITHOUT.saturating_sub(self.decisions);
        let is_whole = concerned.len() <= left;
        concerned.truncate(left);
        self.decisions += concerned.len();
        self.made_ready += 1;
        let Some(mut without) = survey.engine.without(decided.use_case) else { return WithoutRule::Untold };
        concerned.retain(|(at, _)| !without.is_idle(id, *at));
        let after = without.decide(id, concerned.iter().map(|(at, _)| *at));
        let changes = concerned.iter().zip(after);
        let changes = changes.filter_map(|((_, before), after)| change(survey.world, before, &after));
        match changes.min_by_key(Change::rank) {
            Some(change) => WithoutRule::Otherwise(change),
            None if is_whole => WithoutRule::Same,
            None => WithoutRule::Untold,
        }
    }
}

impl Change {
    fn rank(&self) -> u8 {
        match self {
            Self::Primary(..) => 0,
            Self::Regions(..) => 1,
            Self::Targets => 2,
            Self::Otherwise => 3,
        }
    }
}

fn change(world: &World, before: &Decision, after: &Result<Decision, Undefined>) -> Option<Change> {
    let Ok(after) = after else { return Some(Change::Otherwise) };
    if are_alike(world, before, after) {
        return None;
    }
    if before.primary != after.primary {
        return Some(Change::Primary(before.primary, after.primary));
    }
    let targets = |decision: &Decision| -> Vec<Vec<ModelId>> {
        decision.paths.iter().map(|path| path.models().collect()).collect()
    };
    if targets(before) != targets(after) {
        return Some(Change::Targets);
    }
    let regions = |id: ModelId| {
        let of = |decision| show::regions(world, decision, &world.models[id]);
        let (before, after) = (of(before), of(after));
        (before != after).then_some(Change::Regions(id, before, after))
    };
    Some(before.reaches().into_iter().find_map(regions).unwrap_or(Change::Otherwise))
}

fn said(world: &World, tried: &Tried) -> String {
    let n = tried.changed.len();
    if n == 0 && tried.left == 0 {
        return NOTHING.to_owned();
    }
    let left = match tried.left {
        0 => String::new(),
        1 => "; 1 was not tried".to_owned(),
        several => format!("; {several} were not tried"),
    };
    if n == 0 {
        let whole = count(tried.whole, "use case", "use cases");
        return format!("without it nothing would be decided otherwise in {whole}{left}");
    }
    let at_least = if tried.left > 0 { "at least " } else { "" };
    let use_cases = format!("{at_least}{}", count(n, "use case", "use cases"));
    let Some((first, change)) = tried.changed.iter().min_by_key(|(_, change)| change.rank()) else {
        return NOTHING.to_owned();
    };
    let (use_case, model) = (code(first), |id: ModelId| code(&world.models[id].id));
    let said = match change {
        Change::Primary(before, after) => {
            let name = |id: &Option<ModelId>| id.map_or_else(|| "nowhere".to_owned(), model);
            format!(
                "without it {use_cases} would be decided otherwise: {use_case} would go to {}, not to {}",
                name(after),
                name(before)
            )
        }
        Change::Regions(id, before, after) => {
            let within = |regions: &Option<Vec<String>>| {
                regions
                    .as_ref()
                    .map_or_else(|| "everywhere".to_owned(), |names| format!("in {}", some(names)))
            };
            format!(
                "without it {use_cases} would be decided otherwise: {} could process {use_case} {}, not only {}",
                model(*id),
                within(after),
                within(before)
            )
        }
        Change::Targets => format!("without it {use_cases} would fail over otherwise"),
        Change::Otherwise => format!("without it {use_cases} would be decided otherwise"),
    };
    let is_told = matches!(change, Change::Primary(..) | Change::Regions(..));
    let names = tried.changed.iter().map(|(name, _)| name);
    let names: Vec<String> = names.filter(|name| !is_told || *name != first).cloned().collect();
    let names = match (names.is_empty(), is_told) {
        (true, _) => String::new(),
        (false, true) => format!("; the others: {}", some(&names)),
        (false, false) => format!(": {}", some(&names)),
    };
    format!("{said}{names}{left}")
}
