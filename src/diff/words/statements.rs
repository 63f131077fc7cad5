//! Budgets, duties, dropped promises and findings in words, one line each.

use super::super::findings::Found;
use super::super::money::Pair;
use super::super::{Diff, findings};
use super::money::usd;
use crate::number::dollars;

/// Budgets that are others, and those of which other costs are expected.
pub fn budgets(diff: &Diff) -> Vec<String> {
    let lines = diff.statements.budgets.iter().map(|budget| {
        let period = &budget.period;
        let mut parts = Vec::new();
        match (&budget.limit.old, &budget.limit.new) {
            (None, Some(limit)) => parts.push(format!("added, {} usd per {period}", usd(limit))),
            (Some(limit), None) => parts.push(format!("removed, {} usd per {period}", usd(limit))),
            (Some(old), Some(new)) if old != new || budget.old_period.is_some() => {
                let before = budget.old_period.as_ref().map(|period| format!(" per {period}"));
                let before = before.unwrap_or_default();
                parts.push(format!("limit {}{before} → {} usd per {period}", usd(old), usd(new)));
            }
            _ => {}
        }
        parts.extend(moved("expected", &budget.forecast).map(|text| format!("{text} usd a {period}")));
        parts.extend(moved("at worst", &budget.worst).filter(|_| budget.worst != budget.forecast));
        parts.extend(budget.differs.iter().cloned());
        format!("budget `{}`: {}", budget.name, parts.join("; "))
    });
    lines.collect()
}

/// An amount that moved, or that stands beside a limit that did.
fn moved(what: &str, pair: &Pair) -> Option<String> {
    let amounts = match (&pair.old, &pair.new) {
        (Some(old), Some(new)) if dollars(old) == dollars(new) => usd(new),
        (Some(old), Some(new)) => format!("{} → {}", usd(old), usd(new)),
        (Some(amount), None) | (None, Some(amount)) => usd(amount),
        (None, None) => return None,
    };
    Some(format!("{what} {amounts}"))
}

/// Quotas and audit statements that say something else.
pub fn obligations(diff: &Diff) -> Vec<String> {
    let lines = diff.statements.duties.iter().map(|duty| {
        let differs =
            if duty.differs.is_empty() { String::new() } else { format!(": {}", duty.differs.join("; ")) };
        format!("{} `{}` {}{differs}", duty.kind, duty.name, duty.change)
    });
    lines.collect()
}

/// Promises that are gone without effect.
pub fn latent(diff: &Diff) -> Vec<String> {
    let lines = diff.latent.iter();
    lines.map(|one| format!("{} {}, {}: `{}`", one.place, one.what, one.change, one.text)).collect()
}

/// What `check` newly finds, and what it no longer does.
pub fn findings(findings: &findings::Findings) -> (Vec<String>, Vec<String>) {
    let line = |found: &Found| {
        let finding = found.finding;
        let place = found.sources.place(finding.primary.span);
        format!("{place} {}[{}]: {}", finding.severity.name(), finding.code, finding.message)
    };
    let lines = |all: &[Found]| all.iter().map(line).collect();
    (lines(&findings.new), lines(&findings.gone))
}
