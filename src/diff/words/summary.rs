//! The paragraph that sums a comparison up: who reaches more, who is left without, what makes it, what else to look at.

use std::collections::BTreeMap;

use super::super::causes::How;
use super::super::findings::{Findings, Found};
use super::super::kind::Kind;
use super::super::risk::Gain;
use super::super::{Change, Diff};
use crate::diag::Severity;
use crate::model::words::{count, some};

/// The most use cases that a line names.
const MOST_USE_CASES: usize = 5;

/// The most causes that it names.
const MOST_CAUSES: usize = 3;

/// What to know first, one sentence each, without a final period.
pub fn summary(diff: &Diff, findings: &Findings) -> Vec<String> {
    let lines = [
        widened(diff),
        of_kind(diff, Kind::Unroutable, "no model is left for"),
        of_kind(diff, Kind::Removed, "removed:"),
        causes(diff),
        found(findings),
        latent(diff),
        edited(diff),
    ];
    lines.into_iter().flatten().collect()
}

fn with(diff: &Diff, kind: Kind) -> Vec<&Change> {
    diff.changes.iter().filter(|change| change.kinds().has(kind)).collect()
}

fn widened(diff: &Diff) -> Option<String> {
    let changes = with(diff, Kind::Widened);
    let mut gained = Gain::default();
    for change in &changes {
        gained.join(change.compared.gained.clone());
    }
    let names: Vec<&String> = changes.iter().map(|change| &change.use_case).collect();
    let whose = some(&names, MOST_USE_CASES);
    (!changes.is_empty()).then(|| format!("newly reachable for {whose}: {}", gained.words().join(", ")))
}

fn of_kind(diff: &Diff, kind: Kind, words: &str) -> Option<String> {
    let changes = with(diff, kind);
    let names: Vec<&String> = changes.iter().map(|change| &change.use_case).collect();
    (!names.is_empty()).then(|| format!("{words} {}", some(&names, MOST_USE_CASES)))
}

/// What makes most of the changes: the same line counts once, however many use cases it moves.
fn causes(diff: &Diff) -> Option<String> {
    let mut moved: BTreeMap<String, usize> = BTreeMap::new();
    for change in &diff.changes {
        for cause in change.causes.iter().filter(|cause| cause.surest() != How::Perhaps) {
            *moved.entry(cause.to_string()).or_default() += 1;
        }
    }
    let mut all: Vec<(usize, String)> = moved.into_iter().map(|(cause, moved)| (moved, cause)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let more = all.len().saturating_sub(MOST_CAUSES);
    let named = all.iter().take(MOST_CAUSES);
    let named = named.map(|(moved, cause)| format!("{cause} ({})", count(*moved, "use case", "use cases")));
    let named = named.collect::<Vec<String>>().join("; ");
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("because of {named}{more}"))
}

fn found(findings: &Findings) -> Option<String> {
    let tally = |all: &[Found]| {
        let of = |severity| all.iter().filter(|found| found.finding.severity == severity).count();
        let parts =
            [(of(Severity::Error), "error", "errors"), (of(Severity::Warning), "warning", "warnings")];
        let parts = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(n, one, many));
        parts.collect::<Vec<String>>().join(" and ")
    };
    match (findings.new.is_empty(), findings.gone.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("`check` newly finds {}", tally(&findings.new))),
        (true, false) => Some(format!("`check` no longer finds {}", tally(&findings.gone))),
        (false, false) => {
            let (new, gone) = (tally(&findings.new), tally(&findings.gone));
            Some(format!("`check` newly finds {new}, and no longer finds {gone}"))
        }
    }
}

fn latent(diff: &Diff) -> Option<String> {
    let promises = count(diff.latent.len(), "promise is", "promises are");
    (!diff.latent.is_empty()).then(|| format!("{promises} gone though no decision changes by it"))
}

fn edited(diff: &Diff) -> Option<String> {
    let names = diff.statements.edited();
    (!names.is_empty()).then(|| format!("edited: {}", some(&names, MOST_USE_CASES)))
}
