//! Who rests on what ends: on each entry of the registry and each statement alone.

use std::collections::BTreeSet;

use super::{Concerned, Ends, What, carried};
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::decide::trial::{Asked, Changed};
use crate::model::{EndingKind, Expiry, Id, Table, Timed, UseCaseId, World};
use crate::source::Span;

/// Who rests on something that ends.
#[derive(Debug, Default)]
pub struct Rests {
    /// Those whose decisions may change with it.
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
pub fn ends<'a>(
    concerned: &Concerned<'a>,
    entries: &[&'a Expiry],
    statements: &[&'a Timed],
) -> Vec<Ends<'a>> {
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
pub fn resting(concerned: &Concerned, what: What, changed: &Changed) -> Vec<UseCaseId> {
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

/// Whether a statement has begun.
pub fn in_force(world: &World, statement: &Timed) -> bool {
    statement.from.is_none_or(|from| from <= world.as_of)
}

/// The statement of the same kind and name that begins the day after.
fn successor<'w>(world: &'w World, statement: &Timed) -> Option<&'w Timed> {
    let next = statement.until?.tomorrow().ok()?;
    let is_it =
        |one: &&Timed| one.kind == statement.kind && one.name == statement.name && one.from == Some(next);
    world.timed.iter().find(is_it)
}
