//! What the walked links of the baseline leave out: shared by all `failover-…` findings at a link.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::decide::survey::Survey;
use crate::decide::{Decision, Gate, LeftOut, Path};
use crate::diag::Finding;
use crate::model::words::some;
use crate::model::{Model, UseCase, World};
use crate::source::Span;

/// One candidate that a walk left out.
#[derive(Clone, Copy)]
pub struct Walked<'a> {
    /// The world whose links are walked.
    pub world: &'a World,
    /// For which use case.
    pub use_case: &'a UseCase,
    /// The primary of its route.
    pub primary: &'a Model,
    /// The model before.
    pub from: &'a Model,
    /// The candidate that is left out.
    pub to: &'a Model,
    /// What keeps the candidate out.
    pub left_out: &'a LeftOut,
    /// The path that walked it.
    pub path: &'a Path,
    /// The decision that has it.
    pub decision: &'a Decision,
}

/// The links at which something is found, and of which use cases: what a finding need not say again.
#[derive(Debug, Default)]
pub struct Reported(BTreeMap<Span, BTreeSet<String>>);

impl Reported {
    /// Hears of what a check of links has found.
    pub(super) fn hear(&mut self, found: &[Finding]) {
        for finding in found {
            self.0.entry(finding.primary.span).or_default().extend(finding.use_cases.iter().cloned());
        }
    }

    /// Whether something is found at a link for a use case.
    pub(super) fn has(&self, link: Span, use_case: &str) -> bool {
        self.0.get(&link).is_some_and(|use_cases| use_cases.contains(use_case))
    }
}

/// One finding a link: `build` makes it from the first use case concerned, the rest is added here.
pub fn by_link(
    survey: &Survey,
    concerns: impl Fn(Walked) -> bool,
    build: impl Fn(Walked, Span) -> Finding,
) -> Vec<Finding> {
    let world = survey.world;
    let mut found: BTreeMap<Span, (Finding, Vec<String>)> = BTreeMap::new();
    for decided in survey.decided() {
        let Some(primary) = decided.baseline.primary.map(|primary| &world.models[primary]) else { continue };
        let paths = decided.baseline.paths.iter();
        let walked = paths.flat_map(|path| path.left_out.iter().map(move |left_out| (path, left_out)));
        for (path, left_out) in walked {
            let Some(link) = left_out.link else { continue };
            let (from, to) = (&world.models[left_out.from], &world.models[left_out.model]);
            let (use_case, decision) = (decided.use_case, decided.baseline);
            let walked = Walked { world, use_case, primary, from, to, left_out, path, decision };
            if concerns(walked) {
                let entry = found.entry(link).or_insert_with(|| (build(walked, link), Vec::new()));
                if entry.1.last() != Some(&decided.use_case.name.value) {
                    entry.1.push(decided.name());
                }
            }
        }
    }
    let findings = found.into_values().map(|(finding, use_cases)| {
        let others: Vec<&String> = use_cases.iter().skip(1).collect();
        let noted = if others.is_empty() {
            finding
        } else {
            finding.note(format!("it concerns {} too", some(&others, 5)))
        };
        noted.use_cases(use_cases)
    });
    findings.collect()
}

/// The findings of a gate.
pub fn of_gate(survey: &Survey, gate: Gate, build: impl Fn(Walked, Span) -> Finding) -> Vec<Finding> {
    by_link(survey, |walked| walked.left_out.gates.contains(&gate), build)
}

impl Walked<'_> {
    /// A finding at the link: what the failover would do, and that the candidate is left out.
    pub fn finding(self, rule: &Check, link: Span, would: &str) -> Finding {
        let message = format!("failover of `{}` would {would} `{}`", self.use_case.name.value, self.to.id);
        rule.finding(link, message).label(format!("`{}` fails over to `{}` here", self.from.id, self.to.id))
    }
}
