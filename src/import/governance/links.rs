//! Circles of `failover_to`: `check` reports them, but not before every model has a price.

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use crate::import::{Notes, text};
use crate::model::words;
use crate::source::Span;
use crate::yaml::Value;

/// The id of a model, its name, and what it fails over to.
type Linked<'a> = (String, &'a str, Option<(&'a str, Span)>);

/// Says that nothing follows the links of a document without a section on failover.
pub(super) fn say_unfollowed(document: &Document, notes: &mut Notes) {
    let models = document
        .providers
        .iter()
        .flat_map(|(_, provider)| provider.get("models").map(Value::items).unwrap_or_default());
    let links = models.filter_map(|model| model.entry("failover_to"));
    let linked: Vec<Span> = links.filter(|(_, to)| to.text().is_some()).map(|(key, _)| key.span).collect();
    if let Some(first) = linked.first() {
        let many = words::count(linked.len(), "link", "links");
        notes.state(*first, format!("what failover keeps: the file has {many} by `failover_to` and no `failover_policies`, so that nothing follows them; `failover NAME {{ follow registry match … }}` does"));
    }
}

/// Says which models fail over to each other, once for each circle.
pub(super) fn say_circles(document: &Document, notes: &mut Notes) {
    let mut models: Vec<Linked> = Vec::new();
    for (provider, value) in document.providers {
        for model in value.get("models").map(Value::items).unwrap_or_default() {
            let Some(name) = model.get("name").and_then(Value::text) else { continue };
            let to = model.get("failover_to").and_then(|to| Some((to.text()?, to.span)));
            models.push((format!("{}/{name}", provider.value), name, to));
        }
    }
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (id, name, _)) in models.iter().enumerate() {
        named.entry(id).or_default().push(at);
        named.entry(name).or_default().push(at);
    }
    // A name that several models have leads nowhere in particular.
    let next: Vec<Option<usize>> = models
        .iter()
        .map(|(.., to)| match named.get(to.as_ref()?.0)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
        .collect();
    let mut done = BTreeSet::new();
    for start in 0..models.len() {
        let (mut path, mut at) = (Vec::new(), Some(start));
        while let Some(here) = at.filter(|here| done.insert(*here)) {
            path.push(here);
            at = next.get(here).copied().flatten();
        }
        let Some(first) = at.and_then(|at| path.iter().position(|met| *met == at)) else { continue };
        let circle = path.get(first..).unwrap_or_default();
        let ids: Vec<String> =
            circle.iter().filter_map(|at| Some(text::comment(&models.get(*at)?.0))).collect();
        let place = circle.first().and_then(|at| models.get(*at)?.2.map(|(_, span)| span));
        let Some(span) = place else { continue };
        let which = match ids.as_slice() {
            [one] => format!("`{one}` fails over to itself"),
            several => format!("`failover_to` of {} form a circle", words::some(several, 20)),
        };
        notes.read(
            span,
            format!("{which}: the links stay, so that `check` reports it once each model has a price"),
        );
    }
}
