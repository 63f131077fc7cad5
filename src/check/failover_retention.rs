//! `failover-retention`: a failover would keep data longer than allowed.

use super::links::of_gate;
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::number::{self, Rational, SECONDS_PER_DAY, whole};

pub(super) const CHECK: Check = Check {
    code: Code("failover-retention"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover would keep data longer than the use case allows",
    why: "A zero-retention primary would fail over to a provider that keeps prompts for weeks; the copies outlive the outage.",
    example: example!("failover-retention"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::Retention, |walked, link| {
        let max = walked.use_case.retention_max.as_ref().map(days).unwrap_or_default();
        let would = match max.as_str() {
            "0" => "hand data that may not be kept to".to_owned(),
            "1" => "hand data that may be kept for 1 day to".to_owned(),
            max => format!("hand data that may be kept for {max} days to"),
        };
        let mut finding = walked.finding(&CHECK, link, &would);
        finding = match (&walked.to.retention, walked.to.retention_span) {
            (Some(kept), Some(span)) => {
                finding.related(span, format!("`{}` keeps data for {} days", walked.to.id, days(kept)))
            }
            _ => finding.related(walked.to.name.span, "states no `data_retention` that is still known"),
        };
        if let Some(span) = walked.use_case.spans.retention_max {
            finding = finding.related(span, format!("`{}` allows {max} days", walked.use_case.name.value));
        }
        finding.help("name a model here that keeps data no longer, or take this one out: until then, failover skips it")
    })
}

fn days(seconds: &Rational) -> String {
    number::exact(&(seconds / whole(SECONDS_PER_DAY)))
}
