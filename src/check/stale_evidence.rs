//! `stale-evidence`: evidence has passed its date.

use super::passed::stale;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::EndingKind;

pub(super) const CHECK: Check = Check {
    code: Code("stale-evidence"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "evidence has passed its date",
    why: "The facts that this evidence supported count as unknown, and a model is never approved by silence.",
    example: example!("stale-evidence"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    stale(survey, EndingKind::Evidence)
        .into_iter()
        .map(|(owner, ending)| {
            let message = format!(
                "evidence of `{owner}` ended on {}: what it speaks of may now be unknown",
                ending.last_day
            );
            CHECK
                .finding(ending.span, message)
                .help("read the source again and correct `read_on` and `expires`, or remove it")
        })
        .collect()
}
