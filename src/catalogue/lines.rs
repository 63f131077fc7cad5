//! What a catalogue says of a model as lines of a registry.

use super::{Entry, Price};
use crate::number;

/// A price as lines of the registry.
pub fn price_lines(price: &Price) -> Vec<String> {
    let exact = number::exact;
    let mut lines = vec![
        format!("cost_per_1m_tokens_input: {}", exact(&price.input)),
        format!("cost_per_1m_tokens_output: {}", exact(&price.output)),
    ];
    lines.extend(
        price
            .cached_input
            .as_ref()
            .map(|cached| format!("cost_per_1m_tokens_cached_input: {}", exact(cached))),
    );
    lines.extend(price.long_prompt.as_ref().map(|long| {
        let cached = long.cached_input.as_ref().map(|cached| format!(", cached_input: {}", exact(cached)));
        format!(
            "long_prompt: {{above_tokens: {}, input: {}, output: {}{}}}",
            long.above_tokens,
            exact(&long.input),
            exact(&long.output),
            cached.unwrap_or_default()
        )
    }));
    lines.extend(price.batch_discount.as_ref().map(|off| format!("batch_discount: {}%", exact(off))));
    lines
}

/// What is known beside the price.
pub fn fact_lines(entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(entry.context_window.map(|tokens| format!("context_window: {tokens}")));
    if !entry.capabilities.is_empty() {
        lines.push(format!("capabilities: [{}]", entry.capabilities.join(", ")));
    }
    let status = entry.is_deprecated.then(|| "status: deprecated".to_owned());
    let sunset = entry.sunset.map(|day| format!("sunset: {day}"));
    let lifecycle: Vec<String> = status.into_iter().chain(sunset).collect();
    if !lifecycle.is_empty() {
        lines.push(format!("lifecycle: {{{}}}", lifecycle.join(", ")));
    }
    lines
}
