//! `unlogged-failover`: data may go elsewhere, and it is neither logged nor told.

use super::every_path::{Seen, every_path};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unlogged-failover"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "a failover of data that is neither logged nor told",
    why: "Data that goes to another provider goes under another contract. If that is neither logged nor told, nobody can say afterwards who had it.",
    example: example!("unlogged-failover"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let silent = every_path(survey, |seen| {
        let untold = seen.failover.log_as.is_none() && seen.failover.notify.is_empty();
        (untold && !seen.path.targets.is_empty() && !seen.use_case.data.is_empty()).then_some(())
    });
    let findings = silent.into_iter().map(|(id, Seen { use_cases, .. })| {
        let failover = &survey.world.failovers[id];
        let name = &failover.name.value;
        let message = format!("failover `{name}` takes data elsewhere, and is neither logged nor told");
        CHECK
            .finding(failover.head, message)
            .label("no `log as` and no `notify`")
            .help("add `log as NAME` for the record, and `notify \"…\"` for whoever must know")
            .use_cases(use_cases)
    });
    findings.collect()
}
