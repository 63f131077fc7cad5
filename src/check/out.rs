//! What keeps models out, the approved and the nearest first: told by findings of use cases that have no model, or none to fail over to.

use std::rc::Rc;

use crate::decide::Gate;
use crate::decide::outside::{Outside, outside};
use crate::decide::reference::{Reading, Removed};
use crate::diag::{Finding, cloud};
use crate::explain::and;
use crate::model::names::Set;
use crate::model::words::{count, list, written};
use crate::model::{Context, Model, UseCase, World};
use crate::number::{Rational, exact, grouped};

/// The models that may not serve a use case in a context.
pub(super) struct Out<'w> {
    world: &'w World,
    use_case: &'w UseCase,
    context: &'w Context,
    residency: Option<Set>,
    removed: Rc<[Removed]>,
}

/// What keeps models out: the same of use cases that are decided alike.
#[derive(Clone)]
pub(super) struct Kept {
    residency: Option<Set>,
    /// Those that are approved for the use case first, then those with the least against them.
    removed: Rc<[Removed]>,
}

impl Kept {
    pub(super) fn of(world: &World, use_case: &UseCase, context: &Context) -> Self {
        let reading = Reading::of(world, use_case, context);
        let mut removed = reading.removed();
        removed.sort_by_key(|one| {
            let is_approved = !one.gates.contains(&Gate::ApprovedUseCase);
            (!is_approved, one.gates.len() + one.rules().len(), one.model)
        });
        Self { residency: reading.residency().cloned(), removed: removed.into() }
    }
}

impl<'w> Out<'w> {
    pub(super) fn of(world: &'w World, use_case: &'w UseCase, context: &'w Context) -> Self {
        Self::with(world, use_case, context, Kept::of(world, use_case, context))
    }

    /// The same of what is known.
    pub(super) fn with(world: &'w World, use_case: &'w UseCase, context: &'w Context, kept: Kept) -> Self {
        let Kept { residency, removed } = kept;
        Self { world, use_case, context, residency, removed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.removed.is_empty()
    }

    /// Whether where requests may be processed keeps some model out.
    pub(super) fn by_residency(&self) -> bool {
        self.removed.iter().any(|one| one.gates.contains(&Gate::Residency))
    }

    /// A note for each of so many models, and how many more there are.
    pub(super) fn told(&self, shown: usize, mut finding: Finding) -> Finding {
        for one in self.removed.iter().take(shown) {
            finding = finding.note(self.note(one));
        }
        match self.removed.len().saturating_sub(shown) {
            0 => finding,
            more => finding.note(format!("{} more are out too", count(more, "model", "models"))),
        }
    }

    /// What lets the first of so many models in that only its regions keep out.
    pub(super) fn remedy(&self, shown: usize) -> Option<String> {
        let alone = |one: &&Removed| one.gates == [Gate::Residency] && one.promises.is_empty();
        self.removed.iter().take(shown).filter(alone).find_map(|one| {
            let model = &self.world.models[one.model];
            let outside = self.outside(model)?;
            let remedy = outside.remedy().map(str::to_owned).or_else(|| self.within(&outside));
            Some(format!("for `{}`: {}", model.id, remedy?))
        })
    }

    /// What says that a region as a cloud calls it lies in one of those where requests may be processed.
    fn within(&self, outside: &Outside) -> Option<String> {
        let Outside::Elsewhere(regions) = outside else { return None };
        let wanted = self.world.names.sorted(self.residency.as_ref()?);
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        self.world.names.sorted(regions).into_iter().find_map(|region| {
            let outer = cloud::lies_in(&region, &wanted)?;
            Some(format!(
                "`{region}` lies within `{outer}`: say so in the list `regions` of a policy, `regions {} {{ {} }}`",
                written(outer),
                written(&region)
            ))
        })
    }

    fn note(&self, one: &Removed) -> String {
        let model = &self.world.models[one.model];
        let gates =
            one.gates.iter().map(|gate| (format!("gate `{}`", gate.name()), self.against(model, *gate)));
        let rules = one.rules().into_iter();
        let rules = rules.map(|id| (format!("rule `{}`", self.world.rules[id].name.value), None));
        let by: Vec<(String, Option<String>)> = gates.chain(rules).collect();
        let by = match by.as_slice() {
            [(name, Some(why))] => format!("{name}: {why}"),
            several => {
                let said = several.iter().map(|(name, why)| {
                    why.as_ref().map_or_else(|| name.clone(), |why| format!("{name} ({why})"))
                });
                and(&said.collect::<Vec<String>>())
            }
        };
        format!("`{}` is out by {by}", model.id)
    }

    /// What a gate has against a model.
    fn against(&self, model: &'w Model, gate: Gate) -> Option<String> {
        if gate == Gate::Residency {
            let outside = self.outside(model)?;
            return Some(format!("it {}", outside.words(self.world, self.residency.as_ref()?)));
        }
        against(self.world, self.use_case, self.context, model, gate)
    }

    fn outside(&self, model: &'w Model) -> Option<Outside> {
        Some(outside(self.world, self.residency.as_ref()?, model))
    }
}

/// What a gate has against a model, where it processes aside.
fn against(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    model: &Model,
    gate: Gate,
) -> Option<String> {
    let missing = |asked: &Set, held: Option<&Set>| {
        let missing = world.names.sorted(&asked.without(held.unwrap_or(&Set::default())));
        (!missing.is_empty()).then(|| list(&missing))
    };
    match gate {
        Gate::ComplianceCoverage => {
            let names = world
                .names
                .sorted(&use_case.compliance.without(model.compliance.as_ref().unwrap_or(&Set::default())));
            let missing = missing(&use_case.compliance, model.compliance.as_ref())?;
            let is_stated = model.compliance.is_some();
            let since =
                model.lapse("compliance", &names).map(|since| format!(" {since}")).unwrap_or_default();
            Some(if is_stated {
                format!("it does not hold {missing}{since}")
            } else {
                format!("nothing says that it holds {missing}{since}")
            })
        }
        Gate::Capability => {
            let offered = missing(&use_case.capabilities, model.capabilities.as_ref());
            let is_stated = model.capabilities.is_some();
            let offers = if is_stated { "it does not offer" } else { "nothing says that it offers" };
            let offered = offered.map(|missing| format!("{offers} {missing}"));
            let window = match (&use_case.min_context, &model.context_window) {
                (Some(needed), Some(window)) if window < needed => {
                    Some(format!("its context window of {} is below {}", tokens(window), tokens(needed)))
                }
                (Some(_), None) => Some("nothing states its context window".to_owned()),
                _ => None,
            };
            let all: Vec<String> = offered.into_iter().chain(window).collect();
            (!all.is_empty()).then(|| and(&all))
        }
        Gate::ClassificationCeiling => {
            let cap = &world.classifications[model.ceiling];
            let data = &world.classifications[context.classification];
            Some(format!("it may see no more than `{cap}` data, and this is `{data}`"))
        }
        Gate::Retention if model.retention.is_none() => {
            Some("nothing says how long it keeps data".to_owned())
        }
        Gate::Retention => Some("it keeps data longer than `retention_max`".to_owned()),
        Gate::ApprovedUseCase | Gate::Residency | Gate::Lifecycle => None,
    }
}

/// A number of tokens, with a comma between thousands.
fn tokens(number: &Rational) -> String {
    grouped(&exact(number))
}
