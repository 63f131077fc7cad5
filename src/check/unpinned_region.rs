//! `unpinned-region`: a promise asks that a model has a region, and nothing keeps requests there.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Check, Family, Run};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Decision, reference};
use crate::diag::{Code, Finding, Severity};
use crate::limits::shown;
use crate::model::attribute::{Attribute, ModelAttribute, RequestAttribute};
use crate::model::expr::{Expr, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::words::{set, some, written};
use crate::model::{Context, Model, ModelId, World};
use crate::source::Span;

/// How `lints:` names it.
pub const CODE: &str = CHECK.code.0;

pub(super) const CHECK: Check = Check {
    code: Code("unpinned-region"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "a promise asks that a model has a region, and requests may be processed elsewhere",
    why: "`model.regions has eu` holds of a model that can also work in other places: the promise is kept, and the data is processed where nobody meant it to be.",
    example: example!("unpinned-region"),
    hides: &[],
    run: Run::Survey(run),
};

/// A `require` or an `always` that asks for regions.
struct Asks<'w> {
    span: Span,
    is_guarantee: bool,
    /// The rule's `when` or the guarantee's `for`.
    when: Option<&'w Expr>,
    /// What it asks for.
    regions: Vec<&'w Term>,
}

/// A model that has the region and may process elsewhere, and where.
struct Elsewhere<'w> {
    model: ModelId,
    processed_in: Set,
    region: &'w Term,
    /// None: in the ordinary context.
    context: Option<&'w Context>,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let asking = asking(survey.world);
    let findings = asking.iter().filter_map(|asks| {
        let seen = survey
            .decided()
            .filter_map(|decided| Some((decided.name(), seen(survey.world, asks, &decided)?)));
        let seen: Vec<(String, Elsewhere)> = seen.collect();
        finding(survey.world, asks, &seen)
    });
    findings.collect()
}

fn finding(world: &World, asks: &Asks, seen: &[(String, Elsewhere)]) -> Option<Finding> {
    let (use_case, first) = seen.iter().min_by_key(|(_, first)| first.context.is_some())?;
    let region = named(world, first.region);
    let message = format!("`model.regions has {region}` keeps no request in `{region}`");
    let (model, places) = (&world.models[first.model].id, set(world, &first.processed_in));
    let help = if asks.is_guarantee {
        format!(
            "write `process in {region}` in a rule, which keeps requests there, and `always residency covers model.processed_in` here"
        )
    } else {
        format!(
            "write `process in {region}`: it keeps requests there, and `has` asks only whether a model can work there"
        )
    };
    let names: Vec<String> = seen.iter().map(|(name, _)| name.clone()).collect();
    let finding = CHECK
        .finding(asks.span, message)
        .note(format!("`{model}` may process a request for `{use_case}` in {places}"))
        .note(format!("requests that may be processed elsewhere: {}", some(&names, shown::UNPINNED)))
        .help(help)
        .use_cases(names);
    Some(match first.context {
        Some(context) => finding.context(world.show_context(context)),
        None => finding,
    })
}

/// A region as it is written in a condition: a name or a fact.
fn named(world: &World, region: &Term) -> String {
    match region {
        Term::Attribute(Attribute::Request(RequestAttribute::Fact(fact))) => world.facts[*fact].name.clone(),
        Term::Attribute(other) => other.name().to_owned(),
        Term::Value(Value::Symbol(symbol)) => written(world.names.name(*symbol)),
        Term::Value(_) => String::new(),
    }
}

fn asks<'w>(is_guarantee: bool, when: Option<&'w Expr>, span: Span, expr: &'w Expr) -> Option<Asks<'w>> {
    let mut regions = Vec::new();
    asked(&expr.root, &mut regions);
    (!regions.is_empty()).then_some(Asks { span, is_guarantee, when, regions })
}

/// Every clause that asks that a model has a region.
fn asking(world: &World) -> Vec<Asks<'_>> {
    let rules = world.rules.iter().flat_map(|rule| {
        let promises = rule.promises.iter().filter(|promise| !promise.forbid);
        promises.filter_map(move |promise| asks(false, rule.when.as_ref(), promise.span, &promise.expr))
    });
    let guarantees = world.guarantees.iter().flat_map(|guarantee| {
        let parts = guarantee.parts.iter().filter(|part| !part.never);
        parts.filter_map(move |part| asks(true, guarantee.premise.as_ref(), part.span, &part.expr))
    });
    rules.chain(guarantees).collect()
}

/// The regions that an expression asks a model to have, where they are no part of a negation.
fn asked<'w>(node: &'w Node, found: &mut Vec<&'w Term>) {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| asked(part, found)),
        Node::Has(Attribute::Model(ModelAttribute::Regions), region) => found.push(region),
        Node::Const(_) | Node::Not(_) | Node::Is(_) | Node::Compare(..) | Node::In(..) | Node::Within(..) => {
        }
        Node::Has(..) | Node::Covers(..) => {}
    }
}

/// The first context of a use case in which a clause is kept and a target may process elsewhere, the ordinary one first.
fn seen<'w>(world: &'w World, asks: &Asks<'w>, decided: &Decided<'w>) -> Option<Elsewhere<'w>> {
    // Only what may be processed in several places can leave one of them.
    let roams = |decision: &Decision| {
        let mut reached = decision.reaches().into_iter();
        reached.any(|model| many(world, decision, &world.models[model]).is_some())
    };
    let decisions = decided.all.distinct.iter();
    let roaming: Vec<Option<&Decision>> =
        decisions.map(|decision| decision.as_ref().ok().filter(|decision| roams(decision))).collect();
    let mut found: Option<(usize, Elsewhere)> = None;
    for (at, (context, cell)) in decided.space.contexts.iter().zip(decided.cells()).enumerate() {
        let Some(decision) = roaming.get(cell).copied().flatten() else { continue };
        let distance = decided.space.distance(at);
        if found.as_ref().is_some_and(|(nearest, _)| *nearest <= distance)
            || !reference::applies(world, decided.use_case, context, asks.when)
        {
            continue;
        }
        if let Some((model, processed_in, region)) = leaves(world, asks, decided, (context, decision)) {
            let context = (distance > 0).then_some(context);
            found = Some((distance, Elsewhere { model, processed_in, region, context }));
        }
    }
    found.map(|(_, elsewhere)| elsewhere)
}

fn leaves<'w>(
    world: &World,
    asks: &Asks<'w>,
    decided: &Decided,
    (context, decision): (&Context, &Decision),
) -> Option<(ModelId, Set, &'w Term)> {
    let lies_in = |place: Symbol, region: &Term| {
        let place = Term::Value(Value::Symbol(place));
        let node = Node::Within(place, Arc::from([region.clone()]));
        reference::truth(world, decided.use_case, context, &node) == Some(true)
    };
    decision.reaches().into_iter().find_map(|id| {
        let model = &world.models[id];
        let processed_in = many(world, decision, model)?;
        let regions = model.regions.as_ref()?;
        let region = asks.regions.iter().find(|region| {
            regions.iter().any(|place| lies_in(place, region))
                && processed_in.iter().any(|place| !lies_in(place, region))
        })?;
        Some((id, processed_in.into_owned(), *region))
    })
}

/// Where a model may process a request, if that is in several places.
fn many<'w>(world: &World, decision: &Decision, model: &'w Model) -> Option<Cow<'w, Set>> {
    let processed_in = reference::processed_in(world, decision.residency.as_deref(), model)?;
    let is_many = processed_in.iter().nth(1).is_some();
    is_many.then_some(processed_in)
}
