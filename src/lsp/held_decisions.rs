//! A rename held to the rest of its promise: that nothing is decided otherwise. Names order what nothing else tells apart,
//! and a provider is by its name the failure domain of what states none.

use super::held::Rename;
use super::{Kind, View};
use crate::decide::compare::Side;
use crate::decide::compare::renamed::{self, Called, Moved, Renaming, Thing};
use crate::decide::survey::Survey;
use crate::model::{ModelId, World};
use crate::registry::{self, Provider};
use crate::source::{Spanned, visible};
use crate::syntax::tree::VocabularyKind;

/// Why something would be decided otherwise after a rename; nothing where nothing would, or where it is not decided before
/// and after.
pub(super) fn decided_alike(before: &View, after: &View, rename: &Rename) -> Result<(), String> {
    let (Some(old), Some(new)) = (&before.checked.survey, &after.checked.survey) else { return Ok(()) };
    let called = |thing: Thing, name: &str| rename.name_after(&kind(thing), name);
    let called: Called = &called;
    let renaming = Renaming::between(old.world, new.world, called);
    for case in &old.cases {
        let use_case = &old.world.use_cases[case.id];
        let name = rename.name_after(&Kind::UseCase, &use_case.name.value);
        let there = new.world.use_cases.search(|one| one.name.value.as_str().cmp(&name));
        let Some(there) = there else { continue };
        let (Some(decided), Some(decided_after)) = (&case.decisions, &new.cases[there].decisions) else {
            continue;
        };
        let side = Side { world: old.world, use_case, decisions: decided };
        let use_case_after = &new.world.use_cases[there];
        let side_after = Side { world: new.world, use_case: use_case_after, decisions: decided_after };
        if let Some(moved) = renamed::moved(side, side_after, &renaming) {
            let named = visible::inline(&use_case.name.value);
            let place = before.workspace.sources.place(use_case.name.span);
            let why = otherwise(&format!("`{named}` ({place})"), moved, (old, new));
            return Err(format!("as `{}`, {why}", visible::inline(rename.name())));
        }
    }
    Ok(())
}

/// What the things of decisions are for an editor.
fn kind(thing: Thing) -> Kind {
    match thing {
        Thing::Model => Kind::Model,
        Thing::Rule => Kind::Rule,
        Thing::Failover => Kind::Failover,
        Thing::Budget => Kind::Budget,
        Thing::Quota => Kind::Quota,
        Thing::Fact => Kind::Fact,
        Thing::Value(fact) => Kind::Value(fact.to_owned()),
        Thing::Classification => Kind::Classification,
        Thing::Region => Kind::Word(VocabularyKind::Regions),
        Thing::Data => Kind::Word(VocabularyKind::Data),
    }
}

fn otherwise(use_case: &str, moved: Moved, (old, new): (&Survey, &Survey)) -> String {
    let model = |world: &World, id: Option<ModelId>| {
        id.map_or_else(
            || "nowhere".to_owned(),
            |id| format!("to `{}`", visible::inline(&world.models[id].id)),
        )
    };
    let by_name = "the order of names decides where nothing else does: choose another name, or say first what comes first";
    match moved {
        Moved::Primary(from, to) => format!(
            "{use_case} would go {} and not {}; {by_name}",
            model(new.world, to),
            model(old.world, from)
        ),
        Moved::Targets => format!("{use_case} would fail over in another order; {by_name}"),
        Moved::Otherwise => format!("{use_case} would be decided otherwise: choose another name"),
        Moved::Untold => {
            format!(
                "it cannot be said whether {use_case} would be decided as it is: it has too many contexts"
            )
        }
    }
}

/// Why other models would fail together with those of a renamed provider, or no longer do.
pub(super) fn falls_alike(before: &View, rename: &Rename) -> Result<(), String> {
    if rename.old.kind != Kind::Provider {
        return Ok(());
    }
    let (registry, _) = registry::read::read(&before.trees.registry);
    let (old, new) = (rename.old.name.as_str(), rename.name());
    let is_named = |domain: &&Spanned<String>| domain.value == old || domain.value == new;
    let (own, others): (Vec<&Provider>, Vec<&Provider>) =
        registry.providers.iter().partition(|provider| provider.name.value == old);
    let by_default = |provider: &&Provider| {
        let mut models = provider.models.iter();
        provider.facts.failure_domain.is_none() && models.any(|model| model.facts.failure_domain.is_none())
    };
    let mut stated = others.iter().flat_map(|one| domains(one)).filter(is_named);
    let mixed = || own.iter().filter(|one| by_default(one)).flat_map(|one| domains(one)).find(is_named);
    let Some(domain) = stated.next().or_else(mixed) else { return Ok(()) };
    let place = before.workspace.sources.place(domain.span);
    let (old, new) = (visible::inline(old), visible::inline(new));
    Err(if domain.value == rename.old.name {
        format!(
            "`failure_domain: {old}` ({place}) says what fails together with it by its name, and would not as `{new}`: name another domain there first, and state it for this provider"
        )
    } else {
        format!(
            "`failure_domain: {new}` ({place}) would say that it fails together with it by its name: choose another name"
        )
    })
}

/// The failure domains that a provider and its models state.
fn domains(provider: &Provider) -> impl Iterator<Item = &Spanned<String>> {
    let models = provider.models.iter().map(|model| &model.facts);
    models.chain([&provider.facts]).filter_map(|facts| facts.failure_domain.as_ref())
}
