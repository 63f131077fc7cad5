//! Whom a budget covers, and what each counts together with.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::decide::engine::{Held, Statement};
use crate::decide::show;
use crate::decide::survey::Survey;
use crate::diff::rename::Names;
use crate::model::{Budget, BudgetId, Per, UseCase, World};
use crate::work;

/// The use cases that a budget covers in some context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coverage {
    use_cases: BTreeMap<String, Covered>,
    /// Whether it covers them whatever a request states.
    pub(super) is_fixed: bool,
}

/// How a use case is covered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Covered {
    /// In all contexts.
    always: bool,
    /// Its value of the dimension of which every value has a limit of its own; none where that is no dimension of theirs.
    value: Option<String>,
}

impl Coverage {
    /// Of a budget; none where there is more to ask than is left of what may be asked.
    pub(super) fn of(survey: &Survey, id: BudgetId, left: &mut usize) -> Option<Self> {
        let world = survey.world;
        let budget = &world.budgets[id];
        let statement = Statement::Budget(id);
        let is_fixed = !budget.when.iter().flat_map(|when| &when.reads).any(|(read, _)| read.is_of_context());
        let asked = survey.engine.may_concern(statement).unwrap_or_else(|| world.use_cases.ids().collect());
        let mut use_cases = BTreeMap::new();
        for id in asked {
            work::step();
            // What cannot be decided is not compared.
            let Some(decisions) = &survey.cases[id].decisions else { continue };
            let contexts = if is_fixed { 1 } else { decisions.space.contexts.len() };
            *left = left.checked_sub(contexts)?;
            let use_case = &world.use_cases[id];
            let held = survey.engine.held(use_case, &decisions.space, statement);
            if held.somewhere() {
                let always =
                    held == Held::Always || (0..decisions.space.contexts.len()).all(|at| held.at(at));
                let covered = Covered { always, value: value(world, budget, use_case) };
                use_cases.insert(use_case.name.value.clone(), covered);
            }
        }
        Some(Self { use_cases, is_fixed })
    }

    /// The same with the names that use cases have on the new side.
    pub(super) fn renamed(&self, names: &Names) -> Self {
        let new = |name: &String| names.of("use_case", name).unwrap_or(name).clone();
        let use_cases = self.use_cases.iter().map(|(name, covered)| (new(name), covered.clone()));
        Self { use_cases: use_cases.collect(), is_fixed: self.is_fixed }
    }

    /// Who is covered in all contexts.
    pub(super) fn always(&self) -> impl Iterator<Item = &String> {
        self.use_cases.iter().filter(|(_, covered)| covered.always).map(|(name, _)| name)
    }

    /// Use cases of these that another covers and it does not, and those that it no longer covers in all contexts.
    pub(super) fn misses(&self, other: &Self, known: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
        let (mut gone, mut partly) = (Vec::new(), Vec::new());
        for (name, covered) in other.use_cases.iter().filter(|(name, _)| known.contains(*name)) {
            match self.use_cases.get(name) {
                None => gone.push(name.clone()),
                Some(own) if covered.always && !own.always => partly.push(name.clone()),
                Some(_) => {}
            }
        }
        (gone, partly)
    }

    /// Use cases that another counts together with such as it does not: of each group those that most are not with.
    pub(super) fn apart(&self, other: &Self) -> Vec<String> {
        let mut groups: BTreeMap<&Option<String>, BTreeMap<&Option<String>, Vec<&String>>> = BTreeMap::new();
        for (name, together) in &other.use_cases {
            if let Some(own) = self.use_cases.get(name) {
                groups.entry(&together.value).or_default().entry(&own.value).or_default().push(name);
            }
        }
        let mut apart: Vec<String> = Vec::new();
        for (together, parts) in groups {
            let most =
                parts.iter().max_by_key(|(value, names)| (names.len(), **value == together, Reverse(*value)));
            let most = most.map(|(value, _)| *value);
            apart.extend(
                parts
                    .iter()
                    .filter(|(value, _)| Some(**value) != most)
                    .flat_map(|(_, names)| names.iter().map(|name| (*name).clone())),
            );
        }
        apart.sort();
        apart
    }
}

fn value(world: &World, budget: &Budget, use_case: &UseCase) -> Option<String> {
    match budget.per {
        Some(Per::Dimension(dimension)) => {
            show::stated(use_case, dimension).map(|value| world.names.name(value).to_owned())
        }
        Some(Per::Fact(_)) | None => None,
    }
}
