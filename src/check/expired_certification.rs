//! `expired-certification`: a certification has passed its date.

use super::passed::stale;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::EndingKind;

pub(super) const CHECK: Check = Check {
    code: Code("expired-certification"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "a certification has passed its date",
    why: "The certification no longer counts, so models that relied on it drop out of routing. Auditors ask for exactly this list.",
    example: example!("expired-certification"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    stale(survey, EndingKind::Certification)
        .into_iter()
        .map(|(owner, ending)| {
            let message =
                format!("`{}` of `{owner}` ended on {}: it is not held", ending.name, ending.last_day);
            CHECK.finding(ending.span, message).help("renew it and correct `expires`, or remove it")
        })
        .collect()
}
