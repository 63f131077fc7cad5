//! What is said where no model may serve: what removes each, and what would leave one.

use super::out::Out;
use super::smallest;
use crate::decide::outside::{clauses, narrowing, said};
use crate::decide::reference;
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Finding, nearest};
use crate::limits::shown;
use crate::model::attribute::Attribute;
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::words::{joined, list, written};
use crate::model::{Context, Lapsed, Model, UseCase, World};
use crate::source::Span;

/// Says of each model what removes it, the approved and the nearest first, and which promises would have to go.
pub(super) fn explain<'w>(
    (survey, known): (&Survey<'w>, &mut smallest::Known<'w>),
    decided: &Decided,
    context: &Context,
    mut finding: Finding,
) -> Finding {
    let (world, use_case) = (survey.world, decided.use_case);
    if world.models.is_empty() {
        return finding.help("the registry has no model: add a provider with one");
    }
    let (kept, left) = known.find(world, (survey.cases[decided.id].first_alike, use_case), context);
    let out = Out::with(world, use_case, context, kept);
    finding = out.told(shown::MODELS_OUT, finding);
    if out.by_residency() {
        finding = where_it_may_be(world, use_case, context, finding);
    }
    let help = match left {
        None => {
            "no rule can help, the gates alone remove every model: approve or certify one in the registry, or ask less in the estate".to_owned()
        }
        Some((model, promises)) => {
            let of_it = match promises.len() {
                1 => format!("without this promise `{}` would be left", model.id),
                n => format!("without these {n} promises `{}` would be left", model.id),
            };
            for (_, span) in &promises {
                finding = finding.related(*span, of_it.clone());
            }
            apart(world, use_case, context, (model, &promises)).unwrap_or_else(|| advice(world, use_case, model, &promises))
        }
    };
    if let Some(misspelt) = held_by_none(world, use_case) {
        return finding.help(misspelt);
    }
    let remedy =
        out.remedy(shown::MODELS_OUT).map(|remedy| format!("{remedy}; otherwise ")).unwrap_or_default();
    finding.help(remedy + &help)
}

/// What to do about a promise that no model could keep, whatever the registry said of it.
fn never_kept(world: &World, promises: &[smallest::Named]) -> Option<String> {
    let [(name, span)] = promises else { return None };
    let rule = world.rules.iter().find(|rule| rule.name.value == *name)?;
    let promise = rule.promises.iter().find(|promise| promise.span == *span)?;
    if let Some(of_model) = promise.expr.of_request_alone() {
        let ask =
            of_model.map(|of_model| format!(", or ask it of `{}`", of_model.name())).unwrap_or_default();
        return Some(format!(
            "this promise of `{name}` reads the request alone, so no model can keep it: write the condition in its `when`{ask}"
        ));
    }
    let Node::And(parts) = &promise.expr.root else { return None };
    if promise.forbid {
        return None;
    }
    let equals = |node: &Node| match node {
        Node::Compare(Term::Attribute(attribute), CompareOp::Eq, Term::Value(Value::Symbol(symbol))) => {
            Some((*attribute, *symbol))
        }
        _ => None,
    };
    let said: Vec<(Attribute, Symbol)> = parts.iter().filter_map(equals).collect();
    let (attribute, first) = *said
        .iter()
        .find(|(attribute, one)| said.iter().any(|(other, another)| other == attribute && another != one))?;
    let mut values = vec![written(world.names.name(first))];
    let others = said.iter().filter(|(other, symbol)| *other == attribute && *symbol != first);
    values.extend(others.map(|(_, symbol)| written(world.names.name(*symbol))));
    let attribute = attribute.name();
    Some(format!(
        "no model has several values of `{attribute}`: write `{attribute} in [{}]`",
        values.join(", ")
    ))
}

/// What to do so that one model is left which only promises keep out.
fn advice(world: &World, use_case: &UseCase, model: &Model, promises: &[smallest::Named]) -> String {
    if let Some(help) = never_kept(world, promises) {
        return help;
    }
    let mut names: Vec<&str> = promises.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let (what, asks) = match promises.len() {
        1 => ("this promise".to_owned(), "asks"),
        n => (format!("these {n} promises"), "ask"),
    };
    let conditional =
        |name: &&str| world.rules.iter().any(|rule| rule.name.value == **name && rule.when.is_some());
    let narrow = if names.iter().all(conditional) {
        "narrow the `when`".to_owned()
    } else {
        let it = if names.len() == 1 { "it" } else { "each" };
        format!("give {it} a `when` that leaves out `{}`", use_case.name.value)
    };
    format!(
        "give `{}` what {what} of {} {asks} for, or {narrow}: nothing else keeps it out",
        model.id,
        list(&names)
    )
}

/// Who together leaves no region where the request may be processed, the fewest that do, and what else has to go for the
/// model that the fewest promises keep out; none where there is a region.
fn apart(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    (model, promises): (&Model, &[smallest::Named]),
) -> Option<String> {
    let rules = reference::applying(world, use_case, context);
    let is_out = |span: Span| promises.iter().any(|(_, promise)| *promise == span);
    let own =
        use_case.stated_residency().map(|regions| ("its `residency`".to_owned(), regions.clone(), false));
    let clauses: Vec<_> = clauses(world, &rules).collect();
    let by_rule = clauses.iter().map(|(_, name, clause)| {
        (format!("rule `{name}`"), clause.regions(world, &context.facts), is_out(clause.span))
    });
    let all: Vec<(String, Set, bool)> = own.into_iter().chain(by_rule).collect();
    let shared = |a: &Set, b: &Set| world.regions.shared(a, b);
    let (first, rest) = all.split_first()?;
    if !rest.iter().fold(first.1.clone(), |regions, other| shared(&regions, &other.1)).is_empty() {
        return None;
    }
    let pairs =
        all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (one, other)));
    let apart: Vec<_> = pairs.filter(|(one, other)| shared(&one.1, &other.1).is_empty()).collect();
    // One of whom the model needs to be rid says more than one that may stay.
    let pair = apart.iter().find(|(one, other)| one.2 != other.2).or_else(|| apart.first());
    let mut names: Vec<&str> = match pair {
        Some((one, other)) => vec![&one.0, &other.0],
        None => all.iter().map(|(name, ..)| name.as_str()).collect(),
    };
    names.dedup();
    let (who, alone) = (joined(&names), names.len() == 1);
    let mut out: Vec<&str> = all.iter().filter(|one| one.2).map(|one| one.0.as_str()).collect();
    out.dedup();
    let narrows = |span: Span| clauses.iter().any(|(_, _, clause)| clause.span == span);
    let others =
        promises.iter().filter(|(_, span)| !narrows(*span)).map(|(name, _)| format!("rule `{name}`"));
    let mut others: Vec<String> = others.collect();
    others.sort_unstable();
    others.dedup();
    let remedy = match (alone, out.as_slice()) {
        (true, _) if clauses.len() > 1 => format!(
            "{who} leaves no region, as each `process in` narrows what the others leave: name all that is meant in one"
        ),
        (true, _) => format!("{who} leaves no region: name one in it"),
        (false, []) => format!(
            "{who} together leave no region: let them name a common one, or let one of them not apply here"
        ),
        (false, out) => format!(
            "{who} together leave no region: let them name a common one, or let {} not apply here",
            joined(out)
        ),
    };
    let keep = if others.len() == 1 { "keeps" } else { "keep" };
    Some(match others.as_slice() {
        [] => remedy,
        others => {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            format!("{remedy}; then {} still {keep} `{}` out", joined(&others), model.id)
        }
    })
}

/// A certification or capability that no model of the registry has, which may be misspelt.
fn held_by_none(world: &World, use_case: &UseCase) -> Option<String> {
    let all = |of: fn(&Model) -> Option<&Set>| -> Set {
        world.models.iter().filter_map(of).flat_map(Set::iter).collect()
    };
    let held = all(|model| model.compliance.as_ref());
    let offered = all(|model| model.capabilities.as_ref());
    let asked = [("holds", &use_case.compliance, held), ("offers", &use_case.capabilities, offered)];
    let (verb, name, known) = asked.into_iter().find_map(|(verb, asked, known)| {
        let first = world.names.sorted(&asked.without(&known)).into_iter().next()?;
        Some((verb, first, world.names.sorted(&known)))
    })?;
    let lapsed = world.models.iter().filter(|_| verb == "holds").find_map(|model| {
        let names = |one: &&Lapsed| one.certification.as_deref() == Some(name.as_str());
        Some((model, model.lapsed.iter().find(names)?))
    });
    if let Some((model, lapsed)) = lapsed {
        let what = if lapsed.is_by_evidence { "evidence for `compliance`" } else { "the entry" };
        return Some(format!(
            "no model holds `{name}` any more: {what} of `{}` ended on {}; renew it in the registry, or ask for less in the estate",
            model.id, lapsed.last_day
        ));
    }
    if name.contains(char::is_whitespace) {
        let parts = name.split_whitespace().collect::<Vec<&str>>().join(", ");
        return Some(format!(
            "no model {verb} `{name}`: if these are several names, write commas between them, `{parts}`"
        ));
    }
    let near = nearest::nearest(&name, known.iter().map(String::as_str));
    Some(if near.is_empty() {
        format!(
            "no model {verb} `{name}`: state it in the registry where one does, or ask for less in the estate"
        )
    } else {
        format!("no model {verb} `{name}`; did you mean {}?", nearest::either(&near))
    })
}

/// Says who narrows where the request may be processed.
fn where_it_may_be(world: &World, use_case: &UseCase, context: &Context, finding: Finding) -> Finding {
    let rules = reference::applying(world, use_case, context);
    if narrowing(world, use_case, context, &rules).next().is_none() {
        return finding;
    }
    let says = said(world, use_case, context, &rules);
    finding.note(format!("where it may be processed: {}", says.join(", ")))
}
