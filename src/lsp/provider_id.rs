//! What a provider calls a model: its name, unless `endpoint.model` states another id. A new name is one of ours, so the
//! old one is written down as that id, and gateways go on asking for it.

use super::{Seen, Symbol};
use crate::diag::fix::Edit;
use crate::fix::beside;
use crate::registry::{self, Facts};
use crate::source::visible;
use crate::yaml::write;

/// The edit that keeps the id of a model that gets another name; none where the registry states one.
pub(super) fn kept(seen: Seen, model: &Symbol) -> Result<Option<Edit>, String> {
    let (registry, _) = registry::read::read(&seen.now.trees.registry);
    let named = registry.providers.iter().find_map(|provider| {
        let own = |name: &str| format!("{}/{name}", provider.name.value) == model.name;
        let entry = provider.models.iter().find(|entry| own(&entry.name.value))?;
        Some((&provider.facts, entry))
    });
    let Some((of_provider, entry)) = named else { return Ok(None) };
    let states = |facts: &Facts| facts.endpoint.iter().any(|(key, _)| key.value == "model");
    if states(&entry.facts) || states(of_provider) {
        return Ok(None);
    }
    let id = write::scalar(&entry.name.value);
    let sources = &seen.now.workspace.sources;
    let edit = if entry.facts.endpoint.is_empty() {
        beside(sources, entry.name.span, &["endpoint"], format!("{{model: {id}}}"))
    } else {
        beside(sources, entry.name.span, &["endpoint", "model"], id)
    };
    // Only what is put in is no name that gets another one.
    edit.filter(|edit| edit.span.start == edit.span.end).map(Some).ok_or_else(|| {
        let (place, old) = (sources.place(entry.name.span), visible::inline(&entry.name.value));
        format!(
            "the provider knows it as `{old}`, and `endpoint: {{model: …}}`, which would say so, cannot be added at {place}: add it by hand first"
        )
    })
}
