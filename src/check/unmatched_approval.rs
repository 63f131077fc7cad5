//! `unmatched-approval`: an approval that no use case matches.

use std::collections::BTreeSet;

use super::{Check, Family, Run};
use crate::decide::reference;
use crate::decide::survey::Survey;
use crate::diag::fix::{Change, Fix};
use crate::diag::nearest;
use crate::diag::{Code, Finding, Severity};
use crate::model::{UseCase, World};

pub(super) const CHECK: Check = Check {
    code: Code("unmatched-approval"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "an approval that no use case matches",
    why: "An approval for a use case that does not exist is a typo, or stale; the next use case of that name would be approved without review.",
    example: example!("unmatched-approval"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let names: Vec<&str> = world.use_cases.iter().map(|use_case| use_case.name.value.as_str()).collect();
    // `support.` of `support.reply`: what an approval with a `*` begins with.
    let begins: BTreeSet<&str> = names.iter().filter_map(|name| name.get(..=name.rfind('.')?)).collect();
    let begins: Vec<&str> = begins.into_iter().collect();
    let mut findings = Vec::new();
    let mut effort = nearest::Effort::default();
    for model in &world.models {
        for entry in &model.approved {
            if is_matched(world, &entry.value) {
                continue;
            }
            let message =
                format!("`{}` is approved for `{}`, which matches no use case", model.id, entry.value);
            let near: Vec<String> = match entry.value.strip_suffix('*') {
                Some(begin) => {
                    effort.nearest(begin, &begins).iter().map(|begin| format!("{begin}*")).collect()
                }
                None => effort.nearest(&entry.value, &names).iter().map(|name| (*name).to_owned()).collect(),
            };
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let help = if near.is_empty() {
                "add the use case to the estate, or remove the approval".to_owned()
            } else {
                format!("did you mean {}?", nearest::either(&near))
            };
            let finding = CHECK.finding(entry.span, message).help(help);
            // An approval is somebody's decision: whom it was meant for, only they know.
            let meant = near.iter().map(|name| {
                Fix::choice(
                    format!("approve it for `{name}` instead"),
                    Change::Name(entry.span, (*name).to_owned()),
                )
            });
            let finding = meant.fold(finding, Finding::fix);
            let title = "remove the approval, which approves nothing";
            findings.push(finding.fix(Fix::choice(title, Change::Item(entry.span))));
        }
    }
    findings
}

/// Whether an entry of `approved_use_cases` names or prefixes some use case.
pub(super) fn is_matched(world: &World, entry: &str) -> bool {
    first_matched(world, entry).is_some()
}

/// The first use case by name that an entry of `approved_use_cases` names or prefixes.
pub(super) fn first_matched<'w>(world: &'w World, entry: &str) -> Option<&'w UseCase> {
    let wanted = entry.strip_suffix('*').unwrap_or(entry);
    // Use cases are sorted by name: those with a prefix stand together.
    let use_cases = world.use_cases.as_slice();
    let at = use_cases.partition_point(|use_case| use_case.name.value.as_str() < wanted);
    use_cases.get(at).filter(|use_case| reference::approves(entry, &use_case.name.value))
}
