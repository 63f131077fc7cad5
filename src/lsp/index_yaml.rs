//! The names of registry and estate.

use std::collections::BTreeMap;

use super::index::{Kind, Names, Occurrence, Symbol, reference};
use crate::estate;
use crate::registry::{self, Facts};
use crate::source::{Sources, Span, Spanned};
use crate::syntax::tree::VocabularyKind;
use crate::workspace::Trees;

/// Collects every name of registry and estate, and what references can name.
pub(super) fn collect(trees: &Trees, sources: &Sources, names: &mut Names, all: &mut Vec<Occurrence>) {
    let (registry, _) = registry::read::read(&trees.registry);
    let (estate, _) = estate::read::read(&trees.estate);
    let mut bare: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for provider in &registry.providers {
        let of = &provider.name.value;
        names.providers.insert(of.clone());
        for model in &provider.models {
            let id = format!("{of}/{}", model.name.value);
            names.models.insert(id.clone(), (id.clone(), true));
            bare.entry(&model.name.value).or_default().push(id.clone());
            for alias in &model.aliases {
                names.models.insert(alias.value.clone(), (id.clone(), false));
                names.models.insert(format!("{of}/{}", alias.value), (id.clone(), false));
            }
        }
    }
    for (name, ids) in bare {
        if let [one] = ids.as_slice() {
            names.models.insert(name.to_owned(), (one.clone(), true));
        }
    }
    for use_case in &estate.use_cases {
        if let Some(tag) = &use_case.endpoint_tag {
            names.use_cases.entry(tag.value.clone()).or_insert((use_case.name.value.clone(), false));
        }
    }
    for use_case in &estate.use_cases {
        let name = &use_case.name.value;
        names.use_cases.insert(name.clone(), (name.clone(), true));
    }
    for provider in &registry.providers {
        of_provider(provider, sources, names, all);
    }
    for use_case in &estate.use_cases {
        of_use_case(use_case, all);
    }
    for drill in &estate.drills {
        of_drill(drill, sources, names, all);
    }
}

fn of_drill(drill: &estate::Drill, sources: &Sources, names: &Names, all: &mut Vec<Occurrence>) {
    if let Some((name, is_name)) = names.use_cases.get(&drill.use_case.value) {
        let symbol = Symbol::new(Kind::UseCase, name.clone());
        let span = drill.use_case.span;
        all.push(Occurrence { is_other_name: !is_name, ..Occurrence::of(symbol, span) });
    }
    for name in drill.down.iter().chain(&drill.answered_by) {
        linked(sources, names, name, all);
    }
}

/// A reference to a provider or a model, quoted or not.
fn linked(sources: &Sources, names: &Names, written: &Spanned<String>, all: &mut Vec<Occurrence>) {
    reference(names, &written.value, written.span, sources.text(written.span), all);
}

fn define(kind: Kind, name: &str, span: Span, all: &mut Vec<Occurrence>) {
    let symbol = Symbol::new(kind, name);
    all.push(Occurrence { is_definition: true, ..Occurrence::of(symbol, span) });
}

fn mention(kind: &Kind, name: &Spanned<String>, all: &mut Vec<Occurrence>) {
    let symbol = Symbol::new(kind.clone(), name.value.clone());
    all.push(Occurrence::of(symbol, name.span));
}

fn words<'n>(
    kind: VocabularyKind,
    names: impl IntoIterator<Item = &'n Spanned<String>>,
    all: &mut Vec<Occurrence>,
) {
    let kind = Kind::Word(kind);
    for name in names {
        mention(&kind, name, all);
    }
}

fn of_provider(provider: &registry::Provider, sources: &Sources, names: &Names, all: &mut Vec<Occurrence>) {
    define(Kind::Provider, &provider.name.value, provider.name.span, all);
    facts(&provider.facts, all);
    for model in &provider.models {
        let id = format!("{}/{}", provider.name.value, model.name.value);
        define(Kind::Model, &id, model.name.span, all);
        for alias in &model.aliases {
            let symbol = Symbol::new(Kind::Model, id.clone());
            all.push(Occurrence { is_other_name: true, ..Occurrence::of(symbol, alias.span) });
        }
        facts(&model.facts, all);
        mention(&Kind::Classification, &model.data_classification_max, all);
        words(VocabularyKind::Capabilities, model.capabilities.iter().flat_map(|set| &set.value), all);
        for approved in model.approved_use_cases.iter().filter(|one| names.use_cases.contains_key(&one.value))
        {
            mention(&Kind::UseCase, approved, all);
        }
        if let Some(link) = &model.failover_to
            && let Some(target) = &link.value
        {
            linked(sources, names, &Spanned { value: target.clone(), span: link.span }, all);
        }
    }
}

fn facts(facts: &Facts, all: &mut Vec<Occurrence>) {
    words(VocabularyKind::Regions, facts.regions.iter().flat_map(|set| &set.value), all);
    let certifications = facts.compliance.iter().flat_map(|set| &set.value);
    words(VocabularyKind::Compliance, certifications.map(|one| &one.name), all);
}

fn of_use_case(use_case: &estate::UseCase, all: &mut Vec<Occurrence>) {
    define(Kind::UseCase, &use_case.name.value, use_case.name.span, all);
    if let Some(tag) = &use_case.endpoint_tag {
        let symbol = Symbol::new(Kind::UseCase, use_case.name.value.clone());
        all.push(Occurrence { is_other_name: true, ..Occurrence::of(symbol, tag.span) });
    }
    mention(&Kind::Classification, &use_case.data_classification, all);
    words(VocabularyKind::BusinessUnits, &use_case.business_unit, all);
    words(VocabularyKind::Teams, &use_case.team, all);
    words(VocabularyKind::Projects, &use_case.project, all);
    words(VocabularyKind::Applications, &use_case.application, all);
    words(VocabularyKind::Data, &use_case.data, all);
    words(VocabularyKind::Compliance, use_case.compliance.iter().chain(&use_case.regulations), all);
    words(VocabularyKind::Regions, &use_case.residency, all);
    words(VocabularyKind::Capabilities, &use_case.capabilities, all);
}
