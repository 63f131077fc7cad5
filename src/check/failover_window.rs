//! `failover-window`: a prompt that is too long would find no larger context window.

use super::links::by_link;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Model, Trigger};
use crate::number::{exact, grouped};

pub(super) const CHECK: Check = Check {
    code: Code("failover-window"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "on `context-exceeded` a failover is left out, since its context window is not larger",
    why: "A prompt that is too long for the primary is too long for this model as well, so a failover on `context-exceeded` only repeats the refusal.",
    example: example!("failover-window"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    by_link(
        survey,
        |walked| {
            let on_window = walked.path.on.has(Trigger::ContextExceeded);
            walked.left_out.window && on_window && walked.path.targets.is_empty()
        },
        |walked, link| {
            walked
                .finding(&CHECK, link, "send a prompt that is too long for the primary to")
                .related(walked.primary.name.span, window(walked.primary, "the primary"))
                .related(walked.to.name.span, window(walked.to, "the candidate"))
                .help("fail over to a model with a larger context window, state `context_window` in the registry, or write `none` for `context-exceeded` if that is meant")
        },
    )
}

fn window(model: &Model, what: &str) -> String {
    match &model.context_window {
        Some(tokens) => format!("{what}: {} tokens", grouped(&exact(tokens))),
        None => format!("{what}: its context window is not known"),
    }
}
