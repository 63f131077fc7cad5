//! `expiring`: something that carries a use case ends within 90 days.

use std::borrow::Cow;

use super::{Check, Family, Run};
use crate::decide::endings::{Concerned, What, carried, ends, in_force, resting};
use crate::decide::survey::Survey;
use crate::decide::trial::{Asked, Changed, Reached};
use crate::diag::{Code, Finding, Severity};
use crate::limits::shown;
use crate::model::words::{count, some};
use crate::model::{Aspect, Date, EndingKind, Expiry, Timed, UseCaseId, World};
use crate::source::Span;

pub(super) const CHECK: Check = Check {
    code: Code("expiring"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "something that carries a use case ends within 90 days",
    why: "On a known day in the next 90 a certification, agreement, piece of evidence, model or statement ends, and with it what routing rests on. There is still time to renew it.",
    example: example!("expiring"),
    hides: &[],
    run: Run::Survey(run),
};

/// What is said where too much ends to try each ending.
const UNTRIED: &str = "too much ends to decide again without each, so some of them may not depend on it";

/// How far ahead is looked, in days.
const AHEAD_DAYS: i64 = 90;

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let last = jiff::Span::new().try_days(AHEAD_DAYS).and_then(|span| world.as_of.checked_add(span));
    let soon = |day: Date| world.as_of <= day && day <= last.as_ref().copied().unwrap_or(Date::MAX);
    let entries: Vec<&Expiry> = world.expiries.iter().filter(|entry| soon(entry.last_day)).collect();
    let statements: Vec<&Timed> =
        world.timed.iter().filter(|one| in_force(world, one) && one.until.is_some_and(soon)).collect();
    if entries.is_empty() && statements.is_empty() {
        return Vec::new();
    }
    let concerned = Concerned::new(survey, Asked::Reached);
    let ends = ends(&concerned, &entries, &statements);
    let known = survey.tried.endings.get().filter(|known| known.len() == ends.len());
    let carried =
        known.map_or_else(|| Cow::Owned(carried(&concerned, &ends)), |known| Cow::Borrowed(known.as_slice()));
    let findings = ends.iter().zip(carried.iter()).filter_map(|(end, changed)| {
        let use_cases = resting(&concerned, end.what, changed);
        let Changed { reached, wider, is_untried, .. } = changed;
        let finding = finding(world, end.what, use_cases)?;
        let finding = if *is_untried { finding.note(UNTRIED) } else { finding };
        Some(widening(world, end.what, (reached, wider), finding))
    });
    let findings = findings.collect();
    if let Cow::Owned(carried) = carried {
        // Another look at the same survey has tried the same.
        let _ = survey.tried.endings.set(carried);
    }
    findings
}

fn finding(world: &World, ends: What, use_cases: Vec<UseCaseId>) -> Option<Finding> {
    let (place, what, last_day, help) = match ends {
        What::Entry(expiry) => {
            let owner = &expiry.owner;
            let what = match expiry.kind {
                EndingKind::Certification => format!("the certification `{}` of `{owner}`", expiry.name),
                EndingKind::Dpa => format!("the data processing agreement of `{owner}`"),
                EndingKind::Evidence => format!("evidence of `{owner}`"),
                EndingKind::Model => format!("the model `{owner}`"),
            };
            let help = match expiry.kind {
                EndingKind::Model => "route to another model before then; `--as-of` shows what happens after",
                _ => "renew it before then, or route around it; `--as-of` shows what happens after",
            };
            (expiry.place, what, expiry.last_day, help)
        }
        What::Statement(statement, next) => {
            let what = format!("{} `{}`", statement.kind, statement.name);
            let help = match next {
                None => {
                    "give it a later `until`, or write what takes its place; `--as-of` shows what happens after"
                }
                Some(_) => "another one of its name takes its place; `--as-of` shows what happens after",
            };
            (statement.head, what, statement.until?, help)
        }
    };
    let names = use_cases.into_iter().map(|id| &world.use_cases[id]);
    let names: Vec<String> = names.map(|use_case| use_case.name.value.clone()).collect();
    if names.is_empty() {
        return None;
    }
    let mut finding = CHECK.finding(place, format!("{what} ends after {last_day}")).use_cases(names);
    if let What::Entry(Expiry { kind: EndingKind::Model, span, .. }) = ends {
        finding = finding.related(*span, "the first day without it");
    }
    let served = some(&finding.use_cases, shown::EXPIRING);
    Some(finding.note(format!("these depend on it: {served}")).help(help))
}

/// Says which models become reachable that were not, and which `match` lets them in.
fn widening(
    world: &World,
    what: What,
    (reached, wider): (&Reached, &Reached),
    mut finding: Finding,
) -> Finding {
    let name = |id: &UseCaseId| world.use_cases[*id].name.value.clone();
    let new = reached.iter().map(|one| (one, "becomes reachable for"));
    let more = wider.iter().map(|one| (one, "becomes reachable in more contexts of"));
    for ((model, use_cases), how) in new.chain(more).take(shown::EXPIRING) {
        let model = &world.models[*model];
        let names: Vec<String> = use_cases.iter().map(name).collect();
        let names = some(&names, shown::EXPIRING);
        finding = finding.note(format!("its end widens the route: `{}` {how} {names}", model.id));
    }
    let more = (reached.len() + wider.len()).saturating_sub(shown::EXPIRING);
    if more > 0 {
        finding = finding.note(format!("and so do {}", count(more, "more model", "more models")));
    }
    let is_certification = matches!(what, What::Entry(expiry) if expiry.kind == EndingKind::Certification);
    if (reached.is_empty() && wider.is_empty()) || !is_certification {
        return finding;
    }
    let matches = world.failovers.iter().flat_map(|failover| &failover.matches);
    let of_compliance: Vec<Span> =
        matches.filter(|(aspect, _)| *aspect == Aspect::Compliance).map(|(_, span)| *span).collect();
    for span in of_compliance.iter().take(shown::EXPIRING) {
        finding = finding.related(*span, "this asks for all that the primary holds, and then for less");
    }
    if of_compliance.is_empty() {
        return finding;
    }
    finding.help(
        "renew it before then; a rule with `require model.compliance has …` keeps what is meant, where `match compliance` asks for no more than the primary holds",
    )
}
