//! `failover-mismatch`: a failover breaks its own match clause.

use super::links::by_link;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;
use crate::model::{Aspect, Model};

pub(super) const CHECK: Check = Check {
    code: Code("failover-mismatch"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover leads to a model that does not hold a `match` aspect",
    why: "The statement itself demands that targets match the primary, and this one does not: it is left out, and the chain is shorter than it reads. `match` compares with the primary of the moment; what every target must hold is better promised with `require`.",
    example: example!("failover-mismatch"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    by_link(
        survey,
        |walked| !walked.left_out.mismatches.is_empty(),
        |walked, link| {
            let all = &walked.left_out.mismatches;
            let words =
                |aspects: Vec<Aspect>| list(&aspects.iter().map(|aspect| aspect.name()).collect::<Vec<_>>());
            let (own, first) = (unstated(all, walked.to), unstated(all, walked.primary));
            let is_stated = |aspect: &Aspect| !own.contains(aspect) && !first.contains(aspect);
            let differing: Vec<Aspect> = all.iter().copied().filter(is_stated).collect();
            let is_known = own.is_empty() && first.is_empty();
            let mut label = Vec::new();
            if !differing.is_empty() {
                label.push(format!("does not match the primary's {}", words(differing)));
            }
            if !own.is_empty() {
                label.push(format!("nothing states its {}", words(own)));
            }
            if !first.is_empty() {
                label.push(format!("nothing states the primary's {}", words(first)));
            }
            let state = if is_known { "" } else { ", state the fact in the registry" };
            walked
                .finding(&CHECK, link, &format!("break `match` on {} with", words(all.clone())))
                .related(walked.primary.name.span, "the primary it must match")
                .related(walked.to.name.span, label.join("; "))
                .help(format!("fail over to a model that matches{state}, or take the aspect out of `match`"))
        },
    )
}

/// The aspects of which a model states nothing.
fn unstated(aspects: &[Aspect], model: &Model) -> Vec<Aspect> {
    let is_unstated = |aspect: &&Aspect| match aspect {
        Aspect::Compliance => model.compliance.is_none(),
        Aspect::Classification => false,
        Aspect::Residency => model.regions.is_none(),
        Aspect::Retention => model.retention.is_none(),
        Aspect::Hosting => model.hosting.is_none(),
        Aspect::Capabilities => model.capabilities.is_none(),
        Aspect::ContextWindow => model.context_window.is_none(),
    };
    aspects.iter().filter(is_unstated).copied().collect()
}
