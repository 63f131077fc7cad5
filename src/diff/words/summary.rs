//! The paragraph that sums a comparison up: who reaches more, who is left without, what makes it, what else to look at.

use std::collections::BTreeMap;

use super::super::causes::How;
use super::super::findings::{Findings, Found};
use super::super::kind::Kind;
use super::super::phrase::Phrase;
use super::super::risk::Gain;
use super::super::{Change, Diff};
use crate::diag::Severity;
use crate::limits::shown;
use crate::model::words::count;

/// What to know first, one sentence each, without a final period.
pub fn summary(diff: &Diff, findings: &Findings) -> Vec<Phrase> {
    let lines = [
        widened(diff),
        of_kind(diff, Kind::Unroutable, "no model is left for"),
        of_kind(diff, Kind::Added, "added:"),
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

/// Who reaches what: those that reach the same more are named together.
fn widened(diff: &Diff) -> Option<Phrase> {
    let mut groups: Vec<(&Gain, Vec<&String>)> = Vec::new();
    for change in with(diff, Kind::Widened) {
        let gained = &change.compared.gained;
        match groups.iter_mut().find(|(known, _)| *known == gained) {
            Some((_, names)) => names.push(&change.use_case),
            None => groups.push((gained, vec![&change.use_case])),
        }
    }
    let more: usize = groups.iter().skip(shown::SUMMED_GROUPS).map(|(_, names)| names.len()).sum();
    let said = groups.iter().take(shown::SUMMED_GROUPS).map(|(gained, names)| {
        let whom = Phrase::of("for ").then(Phrase::list(names, shown::SUMMED_USE_CASES));
        whom.words(": ").then(Phrase::joined(gained.phrases(), ", "))
    });
    let line = Phrase::of("newly reachable ").then(Phrase::joined(said, "; "));
    let line = if more > 0 {
        line.words("; and more for ").figures(count(more, "other use case", "other use cases"))
    } else {
        line
    };
    (!groups.is_empty()).then_some(line)
}

fn of_kind(diff: &Diff, kind: Kind, words: &'static str) -> Option<Phrase> {
    let changes = with(diff, kind);
    let names: Vec<&String> = changes.iter().map(|change| &change.use_case).collect();
    (!names.is_empty())
        .then(|| Phrase::of(words).words(" ").then(Phrase::list(&names, shown::SUMMED_USE_CASES)))
}

/// What makes most of the changes: the same line counts once, however many use cases it moves.
fn causes(diff: &Diff) -> Option<Phrase> {
    let mut moved: BTreeMap<String, usize> = BTreeMap::new();
    for change in &diff.changes {
        for cause in change.causes.iter().filter(|cause| cause.surest() != How::Perhaps) {
            *moved.entry(cause.to_string()).or_default() += 1;
        }
    }
    let mut all: Vec<(usize, String)> = moved.into_iter().map(|(cause, moved)| (moved, cause)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let more = all.len().saturating_sub(shown::SUMMED_CAUSES);
    if all.is_empty() {
        return None;
    }
    let named = all.into_iter().take(shown::SUMMED_CAUSES).map(|(moved, cause)| {
        let moved = count(moved, "use case", "use cases");
        Phrase::default().text(cause).words(" (").figures(moved).words(")")
    });
    let line = Phrase::of("because of ").then(Phrase::joined(named, "; "));
    Some(if more > 0 { line.words("; and ").figures(format!("{more} more")) } else { line })
}

fn found(findings: &Findings) -> Option<Phrase> {
    let tally = |all: &[Found]| {
        let of = |severity| all.iter().filter(|found| found.finding.severity == severity).count();
        let parts =
            [(of(Severity::Error), "error", "errors"), (of(Severity::Warning), "warning", "warnings")];
        let parts = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(n, one, many));
        parts.collect::<Vec<String>>().join(" and ")
    };
    match (findings.new.is_empty(), findings.gone.is_empty()) {
        (true, true) => None,
        (false, true) => Some(Phrase::of("`check` newly finds ").figures(tally(&findings.new))),
        (true, false) => Some(Phrase::of("`check` no longer finds ").figures(tally(&findings.gone))),
        (false, false) => {
            let newly = Phrase::of("`check` newly finds ").figures(tally(&findings.new));
            Some(newly.words(", and no longer finds ").figures(tally(&findings.gone)))
        }
    }
}

fn latent(diff: &Diff) -> Option<Phrase> {
    let promises = count(diff.latent.len(), "promise is", "promises are");
    let line = Phrase::default().figures(promises).words(" gone though no decision changes by it");
    (!diff.latent.is_empty()).then_some(line)
}

fn edited(diff: &Diff) -> Option<Phrase> {
    let names = diff.statements.edited();
    (!names.is_empty()).then(|| Phrase::of("edited: ").then(Phrase::list(&names, shown::SUMMED_USE_CASES)))
}
