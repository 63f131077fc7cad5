//! `review-due`: a review that `govctl.yaml` plans was not held in time.

use super::{Check, Family, Run};
use crate::diag::{Code, Finding, Severity};
use crate::model::Date;
use crate::model::reviews::Review;

pub(super) const CHECK: Check = Check {
    code: Code("review-due"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "a review that `govctl.yaml` plans was not held in time",
    why: "A registry is true on the day it is written. Prices, agreements and models move on, and only somebody who looks again on a day that is planned notices.",
    example: example!("review-due"),
    hides: &[],
    run: Run::Reading,
};

/// The reviews that are due.
pub(crate) fn find(reviews: &[Review], as_of: Date) -> Vec<Finding> {
    let due = reviews.iter().filter(|review| review.is_due(as_of));
    due.map(|review| {
        let name = &review.name.value;
        let help = format!(
            "`{}` holds it, {}: `govctl review` makes the page; then write the day as `last`",
            review.owner, review.cadence
        );
        let finding = match (review.last, review.next) {
            (Some((last, span)), Some(next)) => CHECK
                .finding(span, format!("the review `{name}` was due on {next}: the last one was on {last}")),
            _ => CHECK.finding(review.name.span, format!("the review `{name}` was never held")),
        };
        finding.help(help)
    })
    .collect()
}
