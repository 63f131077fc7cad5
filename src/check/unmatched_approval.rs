//! `unmatched-approval`: an approval that no use case matches.

use std::collections::{BTreeMap, BTreeSet};

use super::approvals::is_matched;
use super::{Check, Family, Run};
use crate::decide::show;
use crate::decide::survey::Survey;
use crate::diag::fix::{Change, Fix};
use crate::diag::nearest;
use crate::diag::{Code, Finding, Severity};
use crate::limits::shown;
use crate::model::{Dimension, World};
use crate::work;

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
    let tagged = tagged(world);
    let mut findings = Vec::new();
    let mut effort = nearest::Effort::default();
    for model in &world.models {
        let listed: BTreeSet<&str> = model.approved.iter().map(|entry| entry.value.as_str()).collect();
        for entry in &model.approved {
            if is_matched(world, &entry.value) {
                continue;
            }
            let message =
                format!("`{}` is approved for `{}`, which matches no use case", model.id, entry.value);
            if let Some((help, right)) = otherwise(world, &tagged, &entry.value) {
                let is_listed = |right: &String| listed.contains(right.as_str());
                let help = match right.as_ref().filter(|right| is_listed(right)) {
                    Some(right) => {
                        let why = help.strip_suffix(&format!(": write `{right}`")).unwrap_or(&help);
                        format!("{why}; `{right}` stands in this list already: remove it")
                    }
                    None => help,
                };
                let finding = CHECK.finding(entry.span, message).help(help);
                let finding = match right.filter(|right| !is_listed(right)) {
                    Some(right) => finding.fix(Fix::choice(
                        format!("approve it for `{right}` instead"),
                        Change::Name(entry.span, right),
                    )),
                    None => finding,
                };
                let title = "remove the approval, which approves nothing";
                findings.push(finding.fix(Fix::choice(title, Change::Item(entry.span))));
                continue;
            }
            let near: Vec<String> = match entry.value.strip_suffix('*') {
                Some(begin) => {
                    effort.nearest(begin, &begins).iter().map(|begin| format!("{begin}*")).collect()
                }
                None => effort.nearest(&entry.value, &names).iter().map(|name| (*name).to_owned()).collect(),
            };
            let (listed, near): (Vec<&str>, Vec<&str>) =
                near.iter().map(String::as_str).partition(|name| listed.contains(name));
            let help = if let ([], [listed, ..]) = (near.as_slice(), listed.as_slice()) {
                format!("remove it: `{listed}` stands in this list already")
            } else if near.is_empty() {
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

/// The use cases by endpoint tag, the first by name of several.
fn tagged(world: &World) -> BTreeMap<&str, &str> {
    let mut tagged = BTreeMap::new();
    for use_case in &world.use_cases {
        work::step();
        if let Some(tag) = &use_case.endpoint_tag {
            tagged.entry(tag.value.as_str()).or_insert(use_case.name.value.as_str());
        }
    }
    tagged
}

/// What is said of an entry in the notation of other tools, and what to write instead of it where that is known.
fn otherwise(world: &World, tagged: &BTreeMap<&str, &str>, entry: &str) -> Option<(String, Option<String>)> {
    const PATTERN: &str = "a pattern is the beginning of names with `*` behind it, as in `support.*`";
    if let Some(name) = entry.strip_prefix(['!', '-', '^', '~']).filter(|name| !name.starts_with(['"', '\\']))
        && is_matched(world, name)
        && !entry.starts_with('^')
    {
        let help = "there is no negation: list the use cases that the model is approved for";
        return Some((help.to_owned(), None));
    }
    if matches!(entry.to_lowercase().as_str(), "all" | "any" | "everything" | "every" | ".*" | "**") {
        return Some(("every use case is written `\"*\"`".to_owned(), Some("*".to_owned())));
    }
    if let Some(name) = tagged.get(entry).map(|name| (*name).to_owned()) {
        let help = format!("`{entry}` is an endpoint tag, and approvals name use cases: write `{name}`");
        return Some((help, Some(name)));
    }
    if let Some(help) = of_another_kind(world, entry) {
        return Some((help, None));
    }
    let is_odd = entry
        .strip_suffix('*')
        .unwrap_or(entry)
        .contains(['*', '\\', '^', '$', '+', '?', '(', '[', '|', '%']);
    if !is_odd {
        return None;
    }
    // `support\..+` is `support.*` here.
    let begin = entry.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".").replace("\\-", "-");
    let begin = begin.trim_end_matches(['*', '+', '%']);
    let begin = begin.strip_suffix("..").map_or_else(|| begin.to_owned(), |begin| format!("{begin}."));
    let pattern = format!("{begin}*");
    let plain =
        !begin.is_empty() && begin.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if plain && is_matched(world, &pattern) {
        return Some((format!("{PATTERN}: write `{pattern}`"), Some(pattern)));
    }
    Some((format!("{PATTERN}: write the names themselves"), None))
}

/// What is said of an entry that is a team, a business unit or the like: the use cases that it has.
fn of_another_kind(world: &World, entry: &str) -> Option<String> {
    let kinds = [Dimension::Team, Dimension::BusinessUnit, Dimension::Project, Dimension::Application];
    let symbol = world.names.find(entry)?;
    kinds.into_iter().find_map(|kind| {
        let of = world.use_cases.iter().filter(|one| show::stated(one, kind) == Some(symbol));
        let names: Vec<&str> = of.map(|one| one.name.value.as_str()).collect();
        let shown: Vec<&str> = names.iter().copied().take(shown::APPROVED).collect();
        let more = if names.len() > shown::APPROVED { ", …" } else { "" };
        let article = if kind == Dimension::Application { "an" } else { "a" };
        let kind = kind.name().replace('_', " ");
        (!names.is_empty()).then(|| {
            format!(
                "`{entry}` is {article} {kind}, and approvals name use cases: write `{}{more}`",
                shown.join(", ")
            )
        })
    })
}
