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

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut found: BTreeMap<FailoverId, Vec<(String, &str)>> = BTreeMap::new();
    for decided in survey.decided() {
        let Some(primary) = decided.baseline.primary else { continue };
        let mut led: Vec<FailoverId> = decided.baseline.paths.iter().map(|path| path.failover).collect();
        led.sort_unstable();
        led.dedup();
        for id in led {
            if is_off_chain(world, id, primary) {
                let model = world.models[primary].id.as_str();
                found.entry(id).or_default().push((decided.name(), model));
            }
        }
    }
    let findings = found.into_iter().filter_map(|(id, cases)| {
        let failover = &world.failovers[id];
        let (use_case, primary) = cases.first()?;
        let message = format!(
            "`{use_case}` goes to `{primary}`, which is on no chain of `{}`: nothing follows it",
            failover.name.value
        );
        let names: Vec<String> = cases.iter().map(|(name, _)| name.clone()).collect();
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
