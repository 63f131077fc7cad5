//! `failover-cycle`: failover links form a circle.

use std::collections::BTreeMap;

use super::circles::circles;
use super::circles::drawing;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Candidates, FailoverTo, ModelId, World};
use crate::source::Span;

pub(super) const CHECK: Check = Check {
    code: Code("failover-cycle"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "failover links form a circle",
    why: "Two providers that fail over to each other pass an outage back and forth as a retry storm, and each link drags data to a model that was only ever meant as an exit.",
    example: example!("failover-cycle"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let registry = world.models.enumerated().filter_map(|(from, model)| match model.failover_to {
        FailoverTo::Model(to, span) => Some((from, to, span)),
        FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
    });
    let registry: Vec<(ModelId, ModelId, Span)> = registry.collect();
    let mut findings = of_graph(
        world,
        &registry,
        "`failover_to` links",
        "set one of these `failover_to` to null, or name a model outside the circle",
    );
    for failover in &world.failovers {
        if let Candidates::Chains(chains) = &failover.candidates {
            let arrows: Vec<_> =
                chains.arrows.iter().map(|arrow| (arrow.from, arrow.to, arrow.span)).collect();
            let what = format!("the chains of `{}`", failover.name.value);
            findings.extend(of_graph(world, &arrows, &what, "end one of these chains before it comes back"));
        }
    }
    findings
}

fn of_graph(world: &World, links: &[(ModelId, ModelId, Span)], what: &str, help: &str) -> Vec<Finding> {
    let found = circles(links.iter().map(|(from, to, _)| (*from, *to)));
    // Of equal links the first counts.
    let places: BTreeMap<(ModelId, ModelId), Span> =
        links.iter().rev().map(|(from, to, span)| ((*from, *to), *span)).collect();
    found.findings(|circle| {
        let place = |from: ModelId, to: ModelId| places.get(&(from, to)).copied();
        let next = circle.iter().cycle().skip(1);
        // It begins at the model with the smallest id, wherever its links are written: moved about, they are the same.
        let links: Vec<(ModelId, ModelId, Span)> =
            circle.iter().zip(next).filter_map(|(a, b)| Some((*a, *b, place(*a, *b)?))).collect();
        let id = |model: ModelId| world.models[model].id.as_str();
        let names: Vec<&str> = links.iter().map(|(from, ..)| id(*from)).collect();
        let (first, rest) = links.split_first()?;
        let message = match names.as_slice() {
            [one] => format!("{what} lead from `{one}` back to itself"),
            _ => format!("{what} form a circle: {}", drawing(&names)),
        };
        let label = |from: ModelId, to: ModelId| format!("`{}` fails over to `{}`", id(from), id(to));
        let mut finding = CHECK.finding(first.2, message).label(label(first.0, first.1));
        for (from, to, span) in rest {
            finding = finding.related(*span, label(*from, *to));
        }
        Some(finding.help(help))
    })
}
