//! `primary-off-chain`: a failover statement has chains and the primary is on none of them.

use super::nowhere::is_off_chain;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::FailoverId;
use crate::model::words::some;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: Code("primary-off-chain"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a failover statement has chains and the primary is on none of them",
    why: "The chain was written for another primary. After a change of preference, the model that requests go to stands on no chain, so nothing follows it.",
    example: example!("primary-off-chain"),
    hides: &[Code("no-failover")],
    run: Run::Survey(run),
};

/// A use case that a statement leads nowhere.
struct Led<'w> {
    use_case: String,
    primary: &'w str,
    /// On which triggers, where that is not on an outage.
    on: String,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut found: BTreeMap<FailoverId, Vec<Led>> = BTreeMap::new();
    for decided in survey.decided() {
        let Some(primary) = decided.baseline.primary else { continue };
        let outage = decided.baseline.outage_path().map(|path| path.failover);
        for path in decided.baseline.paths.iter() {
            if !is_off_chain(world, path.failover, primary) {
                continue;
            }
            let led = found.entry(path.failover).or_default();
            if led.last().is_none_or(|last| last.use_case != decided.name()) {
                // Where an outage leads by another statement, something follows it there.
                let others = (outage.is_some() && outage != Some(path.failover)).then(|| path.on.names());
                led.push(Led {
                    use_case: decided.name(),
                    primary: world.models[primary].id.as_str(),
                    on: others.map(|on| format!(" on {}", on.join(", "))).unwrap_or_default(),
                });
            }
        }
    }
    let findings = found.into_iter().filter_map(|(id, cases)| {
        let failover = &world.failovers[id];
        let Led { use_case, primary, on } = cases.first()?;
        let message = format!(
            "`{use_case}` goes to `{primary}`, which is on no chain of `{}`: nothing follows it{on}",
            failover.name.value
        );
        let names: Vec<String> = cases.iter().map(|led| led.use_case.clone()).collect();
        let mut finding = CHECK.finding(failover.name.span, message);
        if names.len() > 1 {
            finding =
                finding.note(format!("it concerns {} too", some(names.get(1..).unwrap_or_default(), 5)));
        }
        let help = format!("begin a chain with `{primary}`, or narrow the statement's `when`");
        Some(finding.help(help).use_cases(names))
    });
    findings.collect()
}
