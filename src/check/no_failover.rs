//! `no-failover`: a use case has nowhere to fail over to.

use super::links::Reported;
use super::nowhere::{is_meant, is_off_chain, leads};
use super::{Check, Family, Run, cut};
use crate::decide::Path;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Failover;

pub(super) const CHECK: Check = Check {
    code: Code("no-failover"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a use case has nowhere to fail over to",
    why: "One rate limit or outage of a single model and the use case stands still. If that is meant, the policy says so with `none`.",
    example: example!("no-failover"),
    hides: &[Code("partial-outage")],
    run: Run::After(run),
};

fn run(survey: &Survey, reported: &Reported) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let Some(primary) = decided.baseline.primary else { continue };
        let model = &world.models[primary];
        let path = decided.baseline.outage_path();
        if leads(path) || is_meant(world, decided.baseline, path) {
            continue;
        }
        // Another finding already says why nothing follows.
        let name = &decided.use_case.name.value;
        let said = |path: &Path| {
            let links = path.left_out.iter().filter_map(|left_out| left_out.link);
            is_off_chain(world, path.failover, primary)
                || links.into_iter().any(|link| reported.has(link, name))
        };
        if path.is_some_and(said) {
            continue;
        }
        let message = format!("`{name}` has only `{}` and nowhere to fail over to", model.id);
        let mut finding = CHECK.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
        if let Some(path) = path {
            let context = world.baseline(decided.use_case);
            finding = cut::explain(world, decided.use_case, &context, model, path, finding);
        }
        findings.push(match path.map(|path| &world.failovers[path.failover]) {
            None if decided.baseline.paths.is_empty() => {
                finding.help("no failover statement applies to it: write one, with `none` if that is meant")
            }
            None => finding.help(
                "no failover statement answers `unavailable`, `server-error` or `timeout`: write one, with `none` if that is meant",
            ),
            Some(failover) => finding
                .related(failover.name.span, "this statement applies and finds no target after the primary")
                .help(ask(failover)),
        });
    }
    findings
}

/// What to do where a statement applies and has no target.
fn ask(failover: &Failover) -> &'static str {
    if failover.limit == 0 {
        "raise its `limit`, which allows no target, or say `none` if you mean that"
    } else {
        "give it a target that may serve it, or say `none` if you mean that"
    }
}
