//! Use cases: the names that models are approved for and rules speak of, as a skeleton.

use std::collections::BTreeMap;

use super::Document;
use crate::import::{CLASSIFICATIONS, Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::source::{FileId, Span, Spanned};
use crate::yaml::Value;

/// Writes the estate; how many use cases stand in it.
pub(super) fn write(document: &Document, in_rules: &[Spanned<String>], notes: &mut Notes) -> (String, usize) {
    let mut found: BTreeMap<&str, (Span, Option<&str>)> = BTreeMap::new();
    for (_, provider) in document.providers {
        for model in provider.get("models").map(Value::items).unwrap_or_default() {
            let ceiling = model.get("data_classification_max").and_then(Value::text);
            ceiling_is_known(ceiling, model, notes);
            for name in model.get("approved_use_cases").map(Value::items).unwrap_or_default() {
                let Some(text) = name.text() else { continue };
                if text.ends_with('*') {
                    notes
                        .state(name.span, format!("the use cases that `{}` stands for", text::comment(text)));
                } else {
                    let known = found.entry(text).or_insert((name.span, None));
                    known.1 = known.1.into_iter().chain(ceiling).max_by_key(|name| rank(name));
                }
            }
        }
    }
    for name in in_rules {
        found.entry(name.value.as_str()).or_insert((name.span, None));
    }
    if found.len() > MAX_IMPORTED_ENTRIES {
        notes.left(Span::start_of(FileId::NONE), format!("use cases beyond {MAX_IMPORTED_ENTRIES}"));
    }
    let mut estate = head(document);
    for (name, (span, ceiling)) in found.iter().take(MAX_IMPORTED_ENTRIES) {
        let classification = ceiling.unwrap_or("restricted");
        let shown = text::comment(name);
        estate += &format!(
            "  - name: {}\n    owner: unassigned\n    data_classification: {}\n",
            text::scalar(name),
            text::scalar(classification)
        );
        notes.state(*span, format!("who owns `{shown}`, and what its data is"));
    }
    if found.is_empty() {
        estate = estate.replace("use_cases:\n", "use_cases: []\n");
    }
    (estate, found.len().min(MAX_IMPORTED_ENTRIES))
}

fn head(document: &Document) -> String {
    format!(
        "# The use cases that {} names, as a skeleton: it says nothing else about them.\n\
         # `owner`: name somebody. `data_classification`: state what the data is. What stands here is the highest that\n\
         # a model approved for the use case may see there (`restricted` where none is), so that no less careful model\n\
         # is chosen before somebody has looked.\n\
         use_cases:\n",
        document.file
    )
}

/// The place of a classification among those that are known; an unknown one is the highest.
fn rank(name: &str) -> usize {
    CLASSIFICATIONS.iter().position(|known| *known == name).unwrap_or(CLASSIFICATIONS.len())
}

fn ceiling_is_known(ceiling: Option<&str>, model: &Value, notes: &mut Notes) {
    let Some(ceiling) = ceiling.filter(|ceiling| rank(ceiling) == CLASSIFICATIONS.len()) else { return };
    let span = model.get("data_classification_max").map_or(model.span, |value| value.span);
    let shown = text::comment(ceiling);
    notes.state(
        span,
        format!("where `{shown}` stands among the classifications: `classifications public < …`"),
    );
}
