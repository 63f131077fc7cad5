//! Providers and models: the registry's own keys, so everything that its schema takes is carried as it stands.

use super::Document;
use crate::import::{Notes, text};
use crate::registry;
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Value};

/// What a provider should state before it is relied on.
const FACTS: [&str; 7] =
    ["owner", "hosting", "jurisdiction", "dpa", "regions", "trains_on_data", "availability"];

/// Parts of names of providers that one may run oneself.
const OWN: [&str; 6] = ["self_hosted", "self-hosted", "selfhosted", "on_prem", "on-prem", "onprem"];

/// A registry as text, and how much stands in it.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) text: String,
    pub(super) providers: usize,
    pub(super) models: usize,
}

/// Writes the registry, and lists what it cannot hold.
pub(super) fn write(document: &Document, notes: &mut Notes) -> Registry {
    let wrong = faults(document, notes);
    let mut registry = Registry {
        text: format!(
            "# Providers and models of {}. What is not stated here is unknown, and does not satisfy a rule that asks for it.\nproviders:\n",
            document.file
        ),
        ..Registry::default()
    };
    for (name, value) in document.providers {
        if wrong.iter().any(|span| covers(name.span, *span)) {
            continue;
        }
        registry.providers += 1;
        registry.text += &format!("  {}:\n", text::scalar(&name.value));
        provider(document, (name, value), &wrong, &mut registry, notes);
    }
    registry
}

/// Where the registry's reader finds fault; what is missing is a note, and carried all the same.
fn faults(document: &Document, notes: &mut Notes) -> Vec<Span> {
    let key = |name: &str, span| Spanned::new(name.to_owned(), span);
    let whole =
        document.providers.first().map_or(Span::start_of(crate::source::FileId::NONE), |(name, _)| name.span);
    let providers = Value { span: whole, kind: Kind::Map(document.providers.to_vec()) };
    let root = Value { span: whole, kind: Kind::Map(vec![(key("providers", whole), providers)]) };
    let (_, findings) = registry::read::read(std::slice::from_ref(&root));
    let models = document.providers.iter().filter_map(|(_, value)| value.get("models"));
    let nameless = |model: &&Value| matches!(model.kind, Kind::Map(_)) && model.get("name").is_none();
    let nameless: Vec<Span> =
        models.flat_map(Value::items).filter(nameless).map(|model| model.span).collect();
    let mut wrong = Vec::new();
    // Of a model without a name nothing is carried over, and one note says so.
    let counts = |span: Span| !nameless.iter().any(|model| covers(*model, span));
    for finding in findings.into_iter().filter(|finding| counts(finding.primary.span)) {
        // All keys that there are would be no help here.
        let help = finding.help.as_deref().filter(|_| !finding.message.starts_with("there is no key"));
        let said =
            help.map_or_else(|| finding.message.clone(), |help| format!("{}; {help}", finding.message));
        if finding.message.contains(" has no `") || finding.message.ends_with(" has no price") {
            notes.state(finding.primary.span, said);
        } else {
            notes.left(finding.primary.span, said);
            wrong.push(finding.primary.span);
        }
    }
    wrong
}

fn covers(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

fn is_wrong((key, value): (&Spanned<String>, &Value), wrong: &[Span]) -> bool {
    // What speaks of a key with its value begins with the one and ends with the other.
    let is_entry = |span: Span| {
        span.file == key.span.file
            && span.start == key.span.start
            && (key.span.end..=value.span.end).contains(&span.end)
    };
    wrong.iter().any(|span| covers(key.span, *span) || covers(value.span, *span) || is_entry(*span))
}

/// Lists of what a model may do or holds: with fewer entries they promise less. Of regions, fewer promise more.
const PROMISES: [&str; 3] = ["approved_use_cases", "compliance", "capabilities"];

/// What of an entry is carried over: all of it, of some lists the entries without a fault, or nothing.
fn carried((key, value): (&Spanned<String>, &Value), wrong: &[Span], notes: &mut Notes) -> Option<String> {
    if !is_wrong((key, value), wrong) {
        return Some(text::flow(value));
    }
    let is_whole = |span: &Span| covers(*span, value.span) || !covers(value.span, *span);
    let mut touching = wrong.iter().filter(|span| is_wrong((key, value), std::slice::from_ref(*span)));
    if touching.clone().any(is_whole) {
        return None;
    }
    let in_item = |item: &Value| wrong.iter().any(|span| covers(item.span, *span));
    if PROMISES.contains(&key.value.as_str())
        && touching.all(|span| value.items().iter().any(|item| covers(item.span, *span)))
    {
        let kept: Vec<Value> = value.items().iter().filter(|item| !in_item(item)).cloned().collect();
        return (!kept.is_empty()).then(|| text::flow(&Value { span: value.span, kind: Kind::List(kept) }));
    }
    let shown = text::comment(&key.value);
    notes.left(key.span, format!("`{shown}: {}`: with it goes the rest of `{shown}`, which may say something else without what cannot be carried over", text::comment(&text::flow(value))));
    None
}

fn provider(
    document: &Document,
    (name, value): (&Spanned<String>, &Value),
    wrong: &[Span],
    registry: &mut Registry,
    notes: &mut Notes,
) {
    let shown = text::comment(&name.value);
    let looks_own = OWN.iter().any(|own| name.value.to_ascii_lowercase().contains(own));
    if looks_own && value.get("hosting").is_none() {
        registry.text += "    # Do your own machines run it? The name suggests it, but a name is not a fact. If so, remove the `#` from the next line.\n    # hosting: self-hosted\n";
        notes.state(
            name.span,
            format!("whether `{shown}` runs on your own machines: a commented line in registry/providers.yaml says so"),
        );
    }
    for (key, entry) in value.entries() {
        if key.value != "models"
            && let Some(carried) = carried((key, entry), wrong, notes)
        {
            let behind = document.comment(entry).unwrap_or_default();
            registry.text += &format!("    {}: {carried}{behind}\n", text::scalar(&key.value));
        }
    }
    let models = value.get("models").map(Value::items).unwrap_or_default();
    registry.text += if models.is_empty() { "    models: []\n" } else { "    models:\n" };
    for model in models {
        let bad_name = model.get("name").is_none_or(|name| wrong.iter().any(|span| covers(name.span, *span)));
        if bad_name {
            let why = if model.get("name").is_none() { "" } else { " that can be carried over" };
            notes.left(model.span, format!("a model of `{shown}` without a name{why}"));
            continue;
        }
        registry.models += 1;
        self::model(document, model, wrong, registry, notes);
    }
    let states = |fact: &str| {
        value.get(fact).is_some()
            || (!models.is_empty() && models.iter().all(|model| model.get(fact).is_some()))
    };
    let missing: Vec<String> =
        FACTS.into_iter().filter(|fact| !states(fact)).map(|fact| format!("`{fact}`")).collect();
    if !missing.is_empty() {
        notes.state(name.span, format!("facts about `{shown}`: {}", missing.join(", ")));
    }
}

fn model(document: &Document, model: &Value, wrong: &[Span], registry: &mut Registry, notes: &mut Notes) {
    let mut begin = "      - ";
    let name = model.entry("name");
    let rest = model.entries().iter().filter(|(key, _)| key.value != "name").map(|(key, value)| (key, value));
    for (key, value) in name.into_iter().chain(rest) {
        let Some(carried) = carried((key, value), wrong, notes) else { continue };
        let behind = document.comment(value).unwrap_or_default();
        registry.text += &format!("{begin}{}: {carried}{behind}\n", text::scalar(&key.value));
        begin = "        ";
    }
}
