//! What can be written at a place: by the grammar, by the types of attributes, by the names of the workspace.

use super::hover::about_attribute;
use super::{Kind, Seen, yaml_keys};
use crate::diag::Severity;
use crate::fix::reference;
use crate::model::attribute::Attribute;
use crate::model::words::written;
use crate::source::{FileId, FileKind, Span};
use crate::workspace::{self, stated};
use crate::yaml::write::scalar;

use super::completion_policies;

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As it is listed.
    pub label: String,
    /// As it is written.
    pub text: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it means, in a few words.
    pub detail: String,
    /// `text` has places to fill in, as snippets have.
    pub is_snippet: bool,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "plain words")]
pub enum ItemKind {
    Keyword,
    Attribute,
    Name,
    Model,
    Key,
    Operator,
}

/// What can be written, and the text that it takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is replaced.
    pub span: Span,
    /// What can stand there.
    pub items: Vec<Item>,
}

impl Item {
    pub(super) fn word(word: &str, detail: impl Into<String>) -> Self {
        Self::new(word, word, ItemKind::Keyword, detail)
    }

    pub(super) fn new(
        label: impl Into<String>,
        text: impl Into<String>,
        kind: ItemKind,
        detail: impl Into<String>,
    ) -> Self {
        Self { label: label.into(), text: text.into(), kind, detail: detail.into(), is_snippet: false }
    }
}

/// What can be written at a place; none in comments and strings.
pub fn complete(seen: Seen, file: FileId, offset: usize) -> Option<Completion> {
    let source = seen.now.workspace.sources.file(file)?;
    let text = source.text.as_str();
    if source.kind == FileKind::Policy {
        let (start, items) = completion_policies::items(seen, file, text, offset)?;
        return Some(Completion { span: Span::new(file, start, offset), items });
    }
    let place = yaml_keys::place(text, offset)?;
    let mut items =
        if place.key.is_some() { values(seen, source.kind, &place) } else { keys(seen, source.kind, &place) };
    items.retain(|item| !place.listed.contains(&item.label));
    if items.is_empty() && place.is_entry {
        items = keys(seen, source.kind, &place);
    }
    Some(Completion { span: Span::new(file, place.start, offset), items })
}

/// The keys that can stand at a place, and are not there yet.
fn keys(seen: Seen, kind: FileKind, place: &yaml_keys::Place) -> Vec<Item> {
    let mut keys = yaml_keys::keys(kind, place);
    if kind == FileKind::Config && place.path == ["lints"] {
        let warnings = workspace::kinds().into_iter().filter(|kind| kind.severity == Severity::Warning);
        keys.push((workspace::PRACTICE.to_owned(), "all findings of good practice".to_owned()));
        keys.extend(warnings.map(|kind| (kind.code.0.to_owned(), kind.summary.to_owned())));
    }
    if kind == FileKind::Config && place.path == ["request", "claims"] {
        keys.extend(stated_by_requests(seen).into_iter().map(|(name, about)| (scalar(&name), about)));
    }
    let new = keys.into_iter().filter(|(key, _)| !place.beside.contains(key));
    new.map(|(key, about)| Item::new(&key, format!("{key}: "), ItemKind::Key, about)).collect()
}

/// What a request can state, with what each is.
fn stated_by_requests(seen: Seen) -> Vec<(String, String)> {
    let said = |text: &str| text.to_owned();
    let fixed = stated::FIXED.map(|name| {
        let about = Attribute::named(name)
            .map_or_else(String::new, |attribute| about_attribute(attribute).to_owned());
        (said(name), about)
    });
    let names = |kind: &Kind| named(seen, kind, said).into_iter().map(|item| (item.label, item.detail));
    let budgets = names(&Kind::Budget)
        .map(|(name, _)| (format!("budget.{name}.remaining"), said("what remains of this budget")));
    fixed.into_iter().chain(names(&Kind::Fact)).chain(budgets).collect()
}

/// What can be the value of a key: what its schema lists, else the names that it takes.
fn values(seen: Seen, kind: FileKind, place: &yaml_keys::Place) -> Vec<Item> {
    use crate::syntax::tree::VocabularyKind as V;
    let listed = yaml_keys::values(kind, place);
    if !listed.is_empty() {
        let detail = format!("value of {}", place.key.as_deref().unwrap_or_default());
        let item = |value: String| Item::new(&value, &value, ItemKind::Name, detail.as_str());
        return listed.into_iter().map(item).collect();
    }
    let names = match place.key.as_deref().unwrap_or_default() {
        "from_credentials" if kind == FileKind::Config => {
            let item =
                |(name, about): (String, String)| Item::new(&name, scalar(&name), ItemKind::Attribute, about);
            return stated_by_requests(seen).into_iter().map(item).collect();
        }
        "down" | "answered_by" if kind == FileKind::Estate => {
            return [named(seen, &Kind::Provider, scalar), named(seen, &Kind::Model, scalar)].concat();
        }
        "use_case" | "approved_use_cases" => Kind::UseCase,
        "failover_to" => Kind::Model,
        "data_classification" | "data_classification_max" => Kind::Classification,
        "regions" | "residency" => Kind::Word(V::Regions),
        "compliance" | "regulations" => Kind::Word(V::Compliance),
        "capabilities" => Kind::Word(V::Capabilities),
        "data" => Kind::Word(V::Data),
        "team" => Kind::Word(V::Teams),
        "business_unit" => Kind::Word(V::BusinessUnits),
        "project" => Kind::Word(V::Projects),
        "application" => Kind::Word(V::Applications),
        _ => return Vec::new(),
    };
    named(seen, &names, scalar)
}

/// The names of one kind, each written as the file needs it.
pub(super) fn named(seen: Seen, kind: &Kind, write: impl Fn(&str) -> String) -> Vec<Item> {
    let mut names: Vec<String> = seen.now.index().names(kind).into_iter().map(str::to_owned).collect();
    // What cannot be read just now is still known from before.
    if let Some(good) = seen.now.good {
        let before = good.index().names(kind);
        let new: Vec<String> = before
            .into_iter()
            .filter(|name| !names.iter().any(|known| known == name))
            .map(str::to_owned)
            .collect();
        names.extend(new);
    }
    if *kind == Kind::Classification
        && let Some(survey) = seen.survey()
    {
        names = survey.world.classifications.as_slice().to_vec();
    }
    let of = if *kind == Kind::Model { ItemKind::Model } else { ItemKind::Name };
    names.iter().map(|name| Item::new(name, write(name), of, detail(seen, kind, name))).collect()
}

/// The same as policies write them.
pub(super) fn in_policy(seen: Seen, kind: &Kind) -> Vec<Item> {
    if *kind == Kind::Model { named(seen, kind, reference) } else { named(seen, kind, written) }
}

fn detail(seen: Seen, kind: &Kind, name: &str) -> String {
    let found = || {
        let world = seen.survey()?.world;
        match kind {
            Kind::Model => {
                let at = world.models.search(|model| model.id.as_str().cmp(name))?;
                let model = &world.models[at];
                let dollars = crate::number::dollars;
                Some(format!(
                    "{} usd in, {} usd out per 1M tokens",
                    dollars(&model.input_cost),
                    dollars(&model.output_cost)
                ))
            }
            Kind::UseCase => {
                let at = world.use_cases.search(|one| one.name.value.as_str().cmp(name))?;
                let use_case = &world.use_cases[at];
                Some(format!("use case, {}", world.classifications[use_case.classification]))
            }
            Kind::Rule => {
                let at = world.rules.search(|one| one.name.value.as_str().cmp(name))?;
                Some(format!("{} rule", world.rules[at].tier.name()))
            }
            _ => None,
        }
    };
    found().unwrap_or_else(|| kind.word().to_owned())
}
