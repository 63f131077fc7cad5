//! What a provider calls a model: its name, unless `endpoint.model` states another id. A new name is one of ours, so the
//! old one is written down as that id, and gateways go on asking for it.

use super::{Seen, Symbol};
use crate::diag::fix::Edit;
use crate::registry::{self, Facts};
use crate::source::{Span, visible};
use crate::yaml::edit as yaml_edit;
use crate::yaml::{self, write};

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
    let is_begun = !entry.facts.endpoint.is_empty();
    edit(seen, entry.name.span, &entry.name.value, is_begun).map(Some).ok_or_else(|| {
        let place = seen.now.workspace.sources.place(entry.name.span);
        let old = visible::inline(&entry.name.value);
        format!(
            "the provider knows it as `{old}`, and `endpoint: {{model: …}}`, which would say so, cannot be added at {place}: add it by hand first"
        )
    })
}

/// The id beside the name, in the endpoint that the model has or in one of its own.
fn edit(seen: Seen, name: Span, id: &str, is_begun: bool) -> Option<Edit> {
    let file = seen.now.workspace.sources.file(name.file)?;
    let root = yaml::parse(name.file, &file.text).0?;
    let mut path = yaml_edit::path_to(&root, name)?;
    path.pop();
    path.push("endpoint".to_owned());
    let id = write::scalar(id);
    let (path, new) = if is_begun {
        path.push("model".to_owned());
        (path, id)
    } else {
        (path, format!("{{model: {id}}}"))
    };
    let put = yaml_edit::Edit { path, behind: vec!["name".to_owned()], new };
    let splices = yaml_edit::splices(&file.text, &[put]).ok()?;
    // Only what is put in is no name that gets another one.
    let [splice] = splices.as_slice() else { return None };
    if splice.start < splice.end {
        return None;
    }
    Some(Edit { span: Span::new(name.file, splice.start, splice.end), text: splice.text.clone() })
}
