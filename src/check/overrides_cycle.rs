//! `overrides-cycle`: rules or failover statements override each other in a circle.

use super::circles::{circles, drawing};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Failover, Id, Rule, Table};
use crate::source::{Span, Spanned};

pub(super) const CHECK: Check = Check {
    code: Code("overrides-cycle"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "rules or failover statements override each other in a circle",
    why: "Rules that override each other in a circle silence each other: each author believes theirs to count, and none of them orders anything.",
    example: example!("overrides-cycle"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let rules = world.rules.iter();
    let rules: Table<Rule, Overriding<Rule>> =
        rules.map(|rule| (rule.name.value.as_str(), rule.head, rule.overrides.as_slice())).collect();
    let failovers = world.failovers.iter();
    let failovers = failovers.map(|it| (it.name.value.as_str(), it.head, it.overrides.as_slice()));
    let failovers: Table<Failover, Overriding<Failover>> = failovers.collect();
    let mut findings = of_kind("rules", &rules);
    findings.extend(of_kind("failover statements", &failovers));
    findings
}

/// A statement's name, its head, and what it overrides.
type Overriding<'a, E> = (&'a str, Span, &'a [Spanned<Id<E>>]);

fn of_kind<E>(what: &str, statements: &Table<E, Overriding<E>>) -> Vec<Finding> {
    let edges = statements.enumerated();
    let edges = edges.flat_map(|(from, (.., overrides))| overrides.iter().map(move |to| (from, to.value)));
    circles(edges).findings(|circle| {
        let names: Vec<&str> = circle.iter().map(|id| statements[*id].0).collect();
        let next = circle.iter().cycle().skip(1);
        let links = circle.iter().zip(next).filter_map(|(from, to)| {
            let (name, _, overrides) = &statements[*from];
            let (next, ..) = &statements[*to];
            let over = overrides.iter().find(|over| over.value == *to)?;
            Some((over.span, format!("`{name}` overrides `{next}`")))
        });
        let (_, first, _) = &statements[*circle.first()?];
        let message = match names.as_slice() {
            [one] => format!("`{one}` overrides itself"),
            _ => format!("the {what} override each other in a circle: {}", drawing(&names)),
        };
        let mut finding = CHECK.finding(*first, message);
        for (link, label) in links {
            finding = finding.related(link, label);
        }
        Some(finding.help("remove one of these `overrides`: together they silence each other, and none of them orders anything"))
    })
}
