//! What keeps other models out than those that serve, in words: it stands behind the few that are left.

use super::explanation::{Cause, Explanation, Narrowed};
use super::reason::{narrowing_out, rules};
use super::words::and;
use crate::decide::Gate;
use crate::decide::reference::Removed;
use crate::model::Model;
use crate::model::names::Set;
use crate::model::words::set;

/// ``rule `home` excludes 2 other approved models and rule `dpa` excludes 1 more``; the only one by its name.
pub(super) fn narrowed(explanation: &Explanation, by: &Narrowed) -> String {
    let parts = by.parts.iter().enumerate();
    let mut words: Vec<String> = parts
        .map(|(at, (causes, out))| {
            let models = match out.as_slice() {
                [one] if at == 0 => format!("`{}`", explanation.id(one.model)),
                _ if at > 0 => format!("{} more", out.len()),
                _ => format!("{} {}", out.len(), others(explanation, causes, out.len())),
            };
            keeps_out(explanation, causes, out, &models)
        })
        .collect();
    match by.others {
        0 => {}
        1 => words.push("1 more is out for another reason".to_owned()),
        more => words.push(format!("{more} more are out for other reasons")),
    }
    and(&words)
}

/// How the first that are kept out are called, where they are several.
fn others(explanation: &Explanation, causes: &[Cause], count: usize) -> String {
    // Where it keeps out approved models too that could not do the work anyhow, the count is not that of all approved.
    let is_out = |removed: &&Removed| causes.first().is_some_and(|cause| Cause::of(removed).contains(cause));
    let all = explanation.approved().iter().filter(is_out).count();
    let which = if all == count { "other approved" } else { "other approved, capable" };
    format!("{which} models")
}

/// One part: what keeps some out.
fn keeps_out(explanation: &Explanation, causes: &[Cause], out: &[&Removed], models: &str) -> String {
    let world = explanation.world();
    let count = out.len();
    let unstated = |is_unstated: fn(&Model) -> bool| {
        out.iter().filter(|removed| is_unstated(explanation.model(removed.model))).count()
    };
    let words =
        |[none, none_of_many]: [&str; 2], unstated: usize, [all, all_of_many]: [&str; 2], some: &str| {
            let (none, all) = if count > 1 { (none_of_many, all_of_many) } else { (none, all) };
            let words = match unstated {
                0 => none,
                unstated if unstated == count => all,
                _ => some,
            };
            words.to_owned()
        };
    match causes {
        [] => String::new(),
        [Cause::Rule(rule)] => format!("rule `{}` excludes {models}", explanation.rule(*rule)),
        [Cause::Rule(_), ..] => {
            let names = causes.iter().filter_map(|cause| match cause {
                Cause::Rule(rule) => Some(format!("`{}`", explanation.rule(*rule))),
                Cause::Gate(_) => None,
            });
            format!("rules {} each exclude {models}", and(&names.collect::<Vec<String>>()))
        }
        [Cause::Gate(Gate::ClassificationCeiling), ..] => {
            let data = explanation.question.classification();
            format!("{models} may not see `{data}` data")
        }
        [Cause::Gate(Gate::ComplianceCoverage), ..] => {
            let lacking = words(
                ["lacks a certificate that it needs", "lack a certificate that it needs"],
                unstated(|model| model.compliance.is_none()),
                if out.iter().all(|removed| explanation.model(removed.model).has_lapsed("compliance")) {
                    ["proves no certificate any more", "prove no certificate any more"]
                } else {
                    ["states no certificate", "state no certificate"]
                },
                "lack or do not state a certificate that it needs",
            );
            format!("{models} {lacking}")
        }
        [Cause::Gate(Gate::Residency), ..] => {
            let inside = explanation.reading.residency().map(|regions| set(world, regions));
            let models_out: Vec<&Model> =
                out.iter().map(|removed| explanation.model(removed.model)).collect();
            let by = narrowing_out(explanation, &models_out);
            let by = if by.is_empty() { String::new() } else { format!(" ({})", rules(&by)) };
            let cannot = words(
                ["cannot be kept in"; 2],
                unstated(|model| model.regions.as_ref().is_none_or(Set::is_empty)),
                unstated_regions(&models_out),
                "cannot be kept, or do not say that they process, in",
            );
            format!("{models} {cannot} {}{by}", inside.unwrap_or_default())
        }
        [Cause::Gate(Gate::Retention), ..] => {
            let keeps = words(
                ["keeps data too long", "keep data too long"],
                unstated(|model| model.retention.is_none()),
                ["does not say how long it keeps data", "do not say how long they keep data"],
                "keep data too long or do not say how long",
            );
            format!("{models} {keeps}")
        }
        [Cause::Gate(gate), ..] => format!("gate `{}` removes {models}", gate.name()),
    }
}

/// What is said of models that state no region that is still known, one and many.
fn unstated_regions(out: &[&Model]) -> [&'static str; 2] {
    if out.iter().all(|model| model.has_lapsed("regions")) {
        ["is no longer known to process in", "are no longer known to process in"]
    } else {
        ["does not say that it processes in", "do not say that they process in"]
    }
}
