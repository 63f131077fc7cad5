//! `estimate-exceeded`: a use case is expected to cost more than its owner said.

use super::{Check, Family, Run};
use crate::cost;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::number::whole;

pub(super) const CHECK: Check = Check {
    code: Code("estimate-exceeded"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "the expected cost is over the owner's estimate by more than 20%",
    why: "The owner agreed to a figure. If the expected volume on the model that is chosen costs more than a fifth over it, one of the two is wrong.",
    example: example!("estimate-exceeded"),
    hides: &[],
    run: Run::Survey(run),
};

/// How far the cost may be over the estimate, in percent.
const TOLERANCE: u64 = 20;

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let findings = survey.decided().filter_map(|decided| {
        let estimate = decided.use_case.budget_estimate.as_ref()?;
        let primary = &world.models[decided.baseline.primary?];
        let cost = cost::monthly(decided.use_case, primary);
        if cost <= &estimate.value * whole(100 + TOLERANCE) / whole(100) {
            return None;
        }
        let (estimated, expected) = cost::both(&estimate.value, &cost);
        let message = format!(
            "`{}` is estimated at {estimated} usd a month, and {expected} usd are expected on `{}`",
            decided.use_case.name.value, primary.id
        );
        Some(
            CHECK
                .finding(estimate.span, message)
                .label("the estimate")
                .related(primary.price_span, "the price")
                .help("correct the estimate or `expected_monthly`, or route it to a cheaper model")
                .use_cases([decided.name()]),
        )
    });
    findings.collect()
}
