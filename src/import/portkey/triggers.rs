//! What makes a fallback go on: statuses, as the triggers of the language that they stand for.

use super::numbers::codes;
use crate::import::{Notes, text};
use crate::model::words;
use crate::vocabulary::Trigger;
use crate::yaml::Value;

/// Triggers with the statuses by which the gateway knows them. A connection that fails is a 500 to it, its own time
/// limit a 408, and a guardrail's refusal a 446.
pub(super) const TRIGGERS: [(&str, &[u64]); 8] = [
    (Trigger::RateLimited.name(), &[429]),
    (Trigger::ServerError.name(), &[500, 502]),
    (Trigger::Timeout.name(), &[408, 504]),
    (Trigger::Unavailable.name(), &[500, 503, 529]),
    (Trigger::ContentFiltered.name(), &[400, 446]),
    (Trigger::ContextExceeded.name(), &[400, 413]),
    (Trigger::OutOfCredit.name(), &[402]),
    (Trigger::Unauthorized.name(), &[401, 403]),
];

/// For which triggers a fallback goes on, in the order of [`TRIGGERS`].
pub(super) fn goes_on(strategy: &Value, title: &str, has_timeout: bool, notes: &mut Notes) -> [bool; 8] {
    let shown = text::comment(title);
    let Some(codes) = codes(strategy.get("on_status_codes")) else {
        notes.read(strategy.span, format!("the fallback of {shown} without `on_status_codes`: on every answer but success, even an error of the caller's own making (400, 401)"));
        return [true; 8];
    };
    let span = strategy.get("on_status_codes").map_or(strategy.span, |value| value.span);
    if codes.is_empty() {
        notes.left(span, format!("the targets of {shown} behind the first: an empty `on_status_codes` goes on after no answer, so that none of them ever serves"));
    }
    let is_listed = |statuses: &[u64]| statuses.iter().any(|status| codes.contains(status));
    let triggers = TRIGGERS.map(|(_, statuses)| is_listed(statuses));
    let mut parts = Vec::new();
    for (name, statuses) in TRIGGERS {
        let found: Vec<String> =
            statuses.iter().filter(|status| codes.contains(status)).map(u64::to_string).collect();
        if !found.is_empty() && found.len() < statuses.len() {
            let found: Vec<&str> = found.iter().map(String::as_str).collect();
            parts.push(format!("`{name}` for {}", words::joined(&found)));
        }
    }
    if !parts.is_empty() {
        notes.read(span, format!("the fallback of {shown} covers only some of the statuses of a trigger, and here all of them: {}", parts.join(", ")));
    }
    let unknown: Vec<String> = codes
        .iter()
        .filter(|code| !TRIGGERS.iter().any(|(_, statuses)| statuses.contains(code)))
        .map(u64::to_string)
        .collect();
    if !unknown.is_empty() {
        notes.left(span, format!("the fallback of {shown} on {}: no trigger matches", unknown.join(", ")));
    }
    if has_timeout && !codes.contains(&408) {
        notes.read(span, format!("Portkey turns `request_timeout` into a 408, which {shown} does not list: it does not fail over from a target that is too slow"));
    }
    triggers
}
