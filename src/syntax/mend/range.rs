//! A range, `in [0%..20%]`: two comparisons.

use super::Mend;
use crate::syntax::message::Scene;

/// What stands between the ends of a range.
const BETWEEN: [&str; 8] = ["..=", "..<", "...", "..", "…", "–", " to ", "-"];

/// The range as two comparisons, both ends in it.
pub(super) fn range(scene: &Scene<'_>) -> Option<Mend> {
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let at = tokens.iter().position(|token| token.text(scene.text) == "in")?;
    let ([left], right) = (tokens.get(..at)?, scene.operand(tokens.get(at + 1..)?)) else { return None };
    let within = scene.written(right)?.trim_matches(['[', ']', '(', ')', ' ']);
    let ends = BETWEEN.iter().find_map(|mark| within.split_once(mark));
    let (low, high) = ends.map(|(low, high)| (low.trim(), high.trim()))?;
    if !(is_number(low) && is_number(high)) {
        return None;
    }
    let attribute = left.text(scene.text);
    let text = format!("{attribute} >= {low} and {attribute} <= {high}");
    Some(Mend::condition(scene, left.start, right.last()?.end, &text))
}

/// `5`, `0.5`, `99.9%`: what begins with a number, with one point at most.
fn is_number(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_digit());
    begins && text.matches('.').count() <= 1 && !text.ends_with('.') && !text.contains([',', ':'])
}
