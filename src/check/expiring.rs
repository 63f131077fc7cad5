//! `expiring`: something that carries a use case ends within 90 days.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::endings::{Concerned, Ends, What, carried};
use super::{Check, Family, Run};
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::decide::trial::{Asked, Changed, Reached};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::{count, some};
use crate::model::{Aspect, Date, EndingKind, Expiry, Id, Table, Timed, UseCaseId, World};
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

/// How many names are shown of each kind.
const SHOWN: usize = 6;

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

/// Who rests on something that ends.
#[derive(Debug, Default)]
pub struct Rests {
    /// The use cases.
    pub use_cases: BTreeSet<UseCaseId>,
    /// What its end changes for them.
    pub changed: Changed,
}

/// The use cases that rest on each of some entries of the registry and then on each of some statements in force: those
/// of which a decision is another one without it, of an agreement also those whose data it covers, of a guarantee those
/// that it speaks of.
pub fn rests(survey: &Survey, entries: &[&Expiry], statements: &[&Timed]) -> Vec<Rests> {
    let concerned = Concerned::new(survey, Asked::Fates);
    let ends = ends(&concerned, entries, statements);
    let carried = carried(&concerned, &ends);
    let all = ends.iter().zip(carried);
    all.map(|(end, changed)| Rests {
        use_cases: resting(&concerned, end.what, &changed).into_iter().collect(),
        changed,
    })
    .collect()
}

/// What ends, entries before statements.
fn ends<'a>(concerned: &Concerned<'a>, entries: &[&'a Expiry], statements: &[&'a Timed]) -> Vec<Ends<'a>> {
    let entries = entries.iter().map(|expiry| entry(concerned, expiry));
    let statements = statements.iter().map(|statement| {
        let next = successor(concerned.survey().world, statement);
        let touched = match next {
            _ if statement.kind == "guarantee" => Vec::new(),
            Some(_) => concerned.all(),
            None => applying(concerned, statement),
        };
        Ends { what: What::Statement(statement, next), touched, near: concerned.all() }
    });
    entries.chain(statements).collect()
}

/// The use cases that rest on what ends, by what changes without it.
fn resting(concerned: &Concerned, what: What, changed: &Changed) -> Vec<UseCaseId> {
    let mut use_cases = changed.use_cases.clone();
    match what {
        What::Entry(expiry) => use_cases.extend(promised(concerned, expiry)),
        // A guarantee decides nothing: it carries those that it speaks of, unless another one goes on.
        What::Statement(statement, None) if statement.kind == "guarantee" => {
            use_cases = applying(concerned, statement);
        }
        What::Statement(..) => {}
    }
    use_cases
}

fn entry<'a>(concerned: &Concerned, expiry: &'a Expiry) -> Ends<'a> {
    Ends { what: What::Entry(expiry), touched: concerned.touched(expiry), near: concerned.approving(expiry) }
}

/// Whose data an agreement covers, though no decision asks for it.
fn promised(concerned: &Concerned, expiry: &Expiry) -> Vec<UseCaseId> {
    if expiry.kind == EndingKind::Dpa { concerned.with_data(expiry) } else { Vec::new() }
}

/// The use cases for which a statement's condition is true in some context.
fn applying(concerned: &Concerned, statement: &Timed) -> Vec<UseCaseId> {
    let survey = concerned.survey();
    let Some(at) = find(survey.world, statement) else { return Vec::new() };
    let ids = survey.engine.may_concern(at).unwrap_or_else(|| concerned.all());
    concerned.among(&ids, |decided| survey.engine.held(decided.use_case, decided.space, at).somewhere())
}

/// A statement that is in force, by its number.
fn find(world: &World, statement: &Timed) -> Option<Statement> {
    let head = statement.head;
    match statement.kind {
        "rule" => at(&world.rules, head, |one| one.head).map(Statement::Rule),
        "failover" => at(&world.failovers, head, |one| one.head).map(Statement::Failover),
        "budget" => at(&world.budgets, head, |one| one.head).map(Statement::Budget),
        "quota" => at(&world.quotas, head, |one| one.head).map(Statement::Quota),
        "audit" => at(&world.audits, head, |one| one.head).map(Statement::Audit),
        "guarantee" => at(&world.guarantees, head, |one| one.head).map(Statement::Guarantee),
        _ => None,
    }
}

fn at<T>(all: &Table<T>, head: Span, of: impl Fn(&T) -> Span) -> Option<Id<T>> {
    all.position(|one| of(one) == head)
}

fn in_force(world: &World, statement: &Timed) -> bool {
    statement.from.is_none_or(|from| from <= world.as_of)
}

/// The statement of the same kind and name that begins the day after.
fn successor<'w>(world: &'w World, statement: &Timed) -> Option<&'w Timed> {
    let next = statement.until?.tomorrow().ok()?;
    let is_it =
        |one: &&Timed| one.kind == statement.kind && one.name == statement.name && one.from == Some(next);
    world.timed.iter().find(is_it)
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
    let served = some(&finding.use_cases, SHOWN);
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
    for ((model, use_cases), how) in new.chain(more).take(SHOWN) {
        let model = &world.models[*model];
        let names: Vec<String> = use_cases.iter().map(name).collect();
        let names = some(&names, SHOWN);
        finding = finding.note(format!("its end widens the route: `{}` {how} {names}", model.id));
    }
    let more = (reached.len() + wider.len()).saturating_sub(SHOWN);
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
    for span in of_compliance.iter().take(SHOWN) {
        finding = finding.related(*span, "this asks for all that the primary holds, and then for less");
    }
    if of_compliance.is_empty() {
        return finding;
    }
    finding.help(
        "renew it before then; a rule with `require model.compliance has …` keeps what is meant, where `match compliance` asks for no more than the primary holds",
    )
}
