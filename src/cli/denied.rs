//! Which changes make the status of `diff` 1, and why, on stderr.

use super::{Status, terminal};
use crate::diff::Diff;
use crate::diff::kind::Kind;
use crate::limits::shown;
use crate::model::words::{count, some};

/// What was not compared may have changed in any way. What makes the status 1 is said on stderr.
pub(super) fn status(diff: &Diff, deny: &[Kind], exit_code: bool) -> Status {
    let mut why = Vec::new();
    let open = || diff.changes.iter().filter(|change| change.accepted.is_none());
    for kind in deny {
        let changes = open().filter(|change| change.kinds().has(*kind));
        let names: Vec<&String> = changes.map(|change| &change.use_case).collect();
        if !names.is_empty() {
            why.push(format!("`{}` for {}", kind.name(), some(&names, shown::DENIED)));
        }
        let edited = diff.statements.open();
        if *kind == Kind::Obligations && !edited.is_empty() {
            why.push(format!("`{}` by {}", kind.name(), some(&edited, shown::DENIED)));
        }
    }
    let lost = diff.latent.iter().filter(|promise| !promise.accepted).count();
    if deny.contains(&Kind::Widened) && lost > 0 {
        why.push(count(lost, "promise that is gone", "promises that are gone"));
    }
    let is_gate = !deny.is_empty();
    let loosened: Vec<&str> =
        diff.gate.iter().filter(|moved| moved.loosened).map(|moved| moved.text.as_str()).collect();
    if let Some(first) = loosened.first().filter(|_| is_gate) {
        let all =
            count(loosened.len(), "rule of the gate that is loosened", "rules of the gate that are loosened");
        let more = match loosened.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more at `gate loosened`)"),
        };
        why.push(format!("{all}: {first}{more}"));
    }
    if !diff.left_out.is_empty() && (is_gate || exit_code) {
        why.push(count(
            diff.left_out.len(),
            "use case that is not compared",
            "use cases that are not compared",
        ));
    }
    if !why.is_empty() {
        terminal::say(&format!("denied: {}\n", why.join("; ")));
        return Status::Negative;
    }
    let is_other = open().next().is_some() || !diff.statements.open().is_empty();
    if exit_code && is_other { Status::Negative } else { Status::Fine }
}
