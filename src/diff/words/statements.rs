//! Budgets, duties, dropped promises and findings in words, one line each.

use super::super::findings::Found;
use super::super::money::Pair;
use super::super::phrase::Phrase;
use super::super::{Diff, findings};
use super::money::usd;
use crate::number::dollars;

/// Budgets that are others, and those of which other costs are expected.
pub fn budgets(diff: &Diff) -> Vec<Phrase> {
    let lines = diff.statements.budgets.iter().map(|budget| {
        let period = &budget.period;
        let mut parts: Vec<Phrase> = Vec::new();
        let figures = |text: String| Phrase::default().figures(text);
        match (&budget.limit.old, &budget.limit.new) {
            (None, Some(limit)) => {
                parts.push(figures(format!("added, {} usd per {period}", usd(limit))));
            }
            (Some(limit), None) => {
                parts.push(figures(format!("removed, {} usd per {period}", usd(limit))));
            }
            (Some(old), Some(new)) if old != new || budget.old_period.is_some() => {
                let before = budget.old_period.as_ref().map(|period| format!(" per {period}"));
                let before = before.unwrap_or_default();
                let limits = format!("limit {}{before} → {} usd per {period}", usd(old), usd(new));
                parts.push(figures(limits));
            }
            _ => {}
        }
        let worst = moved("at worst", &budget.worst).filter(|_| budget.worst != budget.forecast);
        parts.extend(
            moved("expected", &budget.forecast)
                .map(|text| format!("{text} usd a {period}"))
                .into_iter()
                .chain(worst)
                .map(figures),
        );
        parts.extend(budget.differs.iter().map(|differs| Phrase::default().text(differs.as_str())));
        Phrase::of("budget ").name(&budget.name).words(": ").then(Phrase::joined(parts, "; "))
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
pub fn obligations(diff: &Diff) -> Vec<Phrase> {
    let lines = diff.statements.duties.iter().map(|duty| {
        let kind = Phrase::default().figures(duty.kind).words(" ").name(&duty.name);
        let line = kind.words(" ").figures(duty.change);
        let differs = duty.differs.iter().map(|differs| Phrase::default().text(differs.as_str()));
        let differs = Phrase::joined(differs, "; ");
        if duty.differs.is_empty() { line } else { line.words(": ").then(differs) }
    });
    lines.collect()
}

/// Promises that are gone without effect.
pub fn latent(diff: &Diff) -> Vec<Phrase> {
    let lines = diff.latent.iter().map(|one| {
        let what = format!("{} {}, {}", one.place, one.what, one.change);
        Phrase::default().text(what).words(": ").name(&one.text)
    });
    lines.collect()
}

/// What `check` newly finds, and what it no longer does.
pub fn findings(findings: &findings::Findings) -> (Vec<Phrase>, Vec<Phrase>) {
    let line = |found: &Found| {
        let finding = found.finding;
        let place = found.sources.place(finding.primary.span);
        let what = format!("{}[{}]", finding.severity.name(), finding.code);
        Phrase::default().text(format!("{place} {what}")).words(": ").text(finding.message.as_str())
    };
    let lines = |all: &[Found]| all.iter().map(line).collect();
    (lines(&findings.new), lines(&findings.gone))
}
