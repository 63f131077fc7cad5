//! `failover-cost`: a failover costs more than the policy allows.

use super::links::by_link;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::decide::{Multiplier, show};
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("failover-cost"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a failover is left out because it costs too much",
    why: "The candidate is too dear for the statement's own bound and is left out. Without the bound, an outage of a cheap primary turns into a cost incident.",
    example: example!("failover-cost"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

/// Over nothing everything costs infinitely more, so that no threshold would help.
const FREE: &str = "the primary costs nothing, so no threshold lets this pass: state what its capacity costs \
                    (`pricing: {unit: reserved, …}`), or write `notify` or `confirm` in place of `block`";

fn run(survey: &Survey) -> Vec<Finding> {
    by_link(
        survey,
        |walked| walked.left_out.too_dear.is_some(),
        |walked, link| {
            let multiplier = &walked.left_out.multiplier;
            let (would, help) = match multiplier {
                Multiplier::Infinite => ("pay for".to_owned(), FREE),
                Multiplier::Finite(_) => (
                    format!("pay {} times the price for", show::multiplier(multiplier)),
                    "fail over to a cheaper model, or raise the threshold",
                ),
            };
            let mut finding = walked.finding(&CHECK, link, &would);
            if let Some(above) = walked.left_out.too_dear {
                finding = finding.related(above, "blocked by this clause");
            }
            finding
                .related(
                    walked.primary.price_span,
                    format!("the price of the primary, `{}`", walked.primary.id),
                )
                .related(walked.to.price_span, format!("the price of `{}`", walked.to.id))
                .help(help)
        },
    )
}
