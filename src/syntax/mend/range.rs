//! A range, `in [0%..20%]`: two comparisons.

use super::Mend;
use crate::syntax::message::Scene;

/// What stands between the ends of a range.
const BETWEEN: [&str; 8] = ["..=", "..<", "...", "..", "…", "–", " to ", "-"];

/// Attributes whose values stand in an order and are names.
const ORDERED: [&str; 6] =
    ["classification", "risk", "criticality", "model.tier", "model.dpa", "model.data_classification_max"];

/// The range as two comparisons, both ends in it.
pub(super) fn range(scene: &Scene<'_>) -> Option<Mend> {
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let at = tokens.iter().position(|token| token.text(scene.text) == "in")?;
    let ([left], right) = (tokens.get(..at)?, scene.operand(tokens.get(at + 1..)?)) else { return None };
    let within = scene.written(right)?.trim_matches(['[', ']', '(', ')', ' ']);
    let ends = BETWEEN.iter().find_map(|mark| within.split_once(mark));
    let (low, high) = ends.map(|(low, high)| (low.trim(), high.trim()))?;
    let attribute = left.text(scene.text);
    let is_ordered = ORDERED.contains(&attribute) && within.contains("..");
    if !(is_number(low) && is_number(high) || is_ordered && is_name(low) && is_name(high)) {
        return None;
    }
    let text = format!("{attribute} >= {low} and {attribute} <= {high}");
    Some(Mend::condition(scene, left.start, right.last()?.end, &text))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// `5`, `0.5`, `99.9%`: what begins with a number, with one point at most.
fn is_number(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_digit());
    begins && text.matches('.').count() <= 1 && !text.ends_with('.') && !text.contains([',', ':'])
}
