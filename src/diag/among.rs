//! Words that name an order together with whom it is among: `cheapest_eligible`, `next_available`.

use super::elsewhere;

/// The orders that a wish may have.
const ORDERS: [&str; 3] = ["cheapest", "fastest", "most-available"];

/// The order that a word names together with whom it is among: `cheapest_eligible`, `fastest-available`.
pub fn order(word: &str) -> Option<&'static str> {
    const AMONG: [&str; 13] = [
        "eligible",
        "available",
        "allowed",
        "approved",
        "compliant",
        "permitted",
        "qualified",
        "model",
        "models",
        "provider",
        "first",
        "option",
        "capable",
    ];
    let word = word.to_lowercase().replace('_', "-");
    let (first, among) = word.split_once('-')?;
    let all = among.split('-').all(|part| AMONG.contains(&part));
    all.then(|| elsewhere::meant(first, &ORDERS).or_else(|| own(first)))?
}

/// The order of this name.
pub fn own(word: &str) -> Option<&'static str> {
    ORDERS.iter().copied().find(|order| *order == word)
}

/// Whether a word stands for whoever comes next: `next_eligible`, `any-available`, `cheapest_eligible`.
pub fn is_next(word: &str) -> bool {
    let folded = word.to_lowercase().replace('_', "-");
    let (first, among) = folded.split_once('-').unwrap_or((&folded, ""));
    let of_all = ["eligible", "available", "best", "cheapest", "allowed", "model", "provider", "approved"];
    order(word).is_some()
        || own(&folded).is_some()
        || (matches!(first, "next" | "any" | "best" | "other") && of_all.contains(&among))
}
