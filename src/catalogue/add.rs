//! A new model in a registry: what a catalogue knows of it, and nothing of what it cannot know.

use super::Entry;
use super::lines::{fact_lines, price_lines};
use crate::source::visible;
use crate::yaml::Value;
use crate::yaml::write::scalar;

/// The lines of a model's entry; it is approved for nothing.
pub fn lines(name: &str, entry: &Entry, catalogue: &str, day: &str) -> Vec<String> {
    let catalogue = visible::comment(catalogue);
    let mut lines = vec![
        format!("name: {}", scalar(name)),
        format!(
            "# Prices and limits from {catalogue} on {day}. Approved for nothing, and for the lowest data:"
        ),
        "# state `approved_use_cases` and `data_classification_max`.".to_owned(),
        "data_classification_max: public".to_owned(),
    ];
    if let Ok(price) = &entry.price {
        lines.extend(price_lines(price));
    }
    lines.extend(fact_lines(entry));
    lines
}

/// A new file for a provider with one model.
pub fn file(provider: &str, lines: &[String]) -> String {
    let mut text = format!(
        "# State what no catalogue knows: `owner`, `hosting`, `jurisdiction`, `dpa`, `regions`, `compliance`, `data_retention`,\n\
         # `trains_on_data`, `availability`.\nproviders:\n  {}:\n    models:\n",
        scalar(provider)
    );
    for (at, line) in lines.iter().enumerate() {
        text += if at == 0 { "      - " } else { "        " };
        text += line;
        text.push('\n');
    }
    text
}

/// The path of a provider's list of models, if a document has the provider.
pub fn models_of(root: &Value, provider: &str) -> Option<Vec<String>> {
    let wrapped = [None, Some("governance")];
    wrapped.into_iter().find_map(|wrapper| {
        let top = wrapper.map_or(Some(root), |key| root.get(key))?;
        top.get("providers")?.get(provider)?;
        let steps = ["providers", provider, "models"].map(str::to_owned);
        Some(wrapper.into_iter().map(str::to_owned).chain(steps).collect())
    })
}

/// A text of the endpoint of a provider, if a document has one.
pub fn endpoint<'a>(root: &'a Value, provider: &str, key: &str) -> Option<&'a str> {
    let top = root.get("governance").unwrap_or(root);
    top.get("providers")?.get(provider)?.get("endpoint")?.get(key)?.text()
}

/// What the file of a provider is called.
pub fn file_name(provider: &str) -> String {
    let tame = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    provider.chars().map(tame).collect()
}
