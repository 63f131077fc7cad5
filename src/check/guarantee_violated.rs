//! `guarantee-violated`: some context breaks a guarantee.

use super::named::Named;
use super::{Check, Family, Run};
use crate::decide::engine::{Held, Statement};
use crate::decide::show::{self, Asking};
use crate::decide::survey::Survey;
use crate::decide::{Decision, Path, reference};
use crate::diag::{Code, Finding, Severity};
use crate::explain::command;
use crate::model::attribute::{Attribute, ChainAttribute, ModelAttribute, RequestAttribute};
use crate::model::{
    Context, FactDomain, Guarantee, GuaranteeId, GuaranteePart, IdSet, Model, ModelId, Table, UseCase,
    UseCaseId, World,
};
use crate::source::Span;
use crate::work;
use std::cell::LazyCell;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: Code("guarantee-violated"),
    severity: Severity::Error,
    family: Family::Guarantees,
    summary: "some context breaks a guarantee",
    why: "What the company promised to auditors does not hold in at least one context. The counterexample is a request that shows it.",
    example: example!("guarantee-violated"),
    hides: &[],
    run: Run::Survey(run),
};

/// A context in which a target breaks a part of a guarantee.
struct Counterexample<'a> {
    distance: usize,
    use_case: &'a UseCase,
    context: &'a Context,
    decision: &'a Decision,
    broken: reference::Broken,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let mut named = Named::new();
    let before = survey.tried.before.as_ref();
    let is_new = |id: UseCaseId| before.is_none_or(|before| before.anew.contains(id));
    let all = LazyCell::new(|| Reached::new(survey, &|_| true));
    let anew = LazyCell::new(|| Reached::new(survey, &is_new));
    let mut unbroken = IdSet::none_of(&survey.world.guarantees);
    let mut findings = Vec::new();
    for (id, guarantee) in survey.world.guarantees.enumerated() {
        // Whoever is decided as before keeps it as before.
        let found = if before.is_some_and(|before| before.is_unbroken(id)) {
            violated(survey, (&anew, &is_new), id, guarantee, &mut named)
        } else {
            violated(survey, (&all, &|_| true), id, guarantee, &mut named)
        };
        if found.is_none() {
            unbroken.extend([id]);
        }
        findings.extend(found);
    }
    // Another look at the same survey has found the same.
    let _ = survey.tried.unbroken.set(unbroken);
    findings
}

/// Whether a use case is looked at.
type Looked<'a> = &'a dyn Fn(UseCaseId) -> bool;

/// The lists of targets that some decision has: what a guarantee says of one, it says wherever the same stand.
#[derive(Default)]
struct Reached<'a> {
    /// Each once, whatever its targets cost.
    lists: Lists<'a>,
    /// Each once with what its targets cost over the primary.
    priced: Lists<'a>,
}

/// Lists, and who has them.
#[derive(Default)]
struct Lists<'a> {
    /// Each with a decision that has it and whose that is.
    all: Vec<(&'a UseCase, &'a Context, &'a Decision)>,
    /// Per use case, per distinct decision the position of its list.
    of: Table<UseCase, Vec<usize>>,
}

impl<'a> Lists<'a> {
    fn add(&mut self, one: (&'a UseCase, &'a Context, &'a Decision)) -> usize {
        self.all.push(one);
        self.all.len() - 1
    }
}

impl<'a> Reached<'a> {
    fn new(survey: &'a Survey, of: Looked) -> Self {
        let mut reached = Self::default();
        for lists in [&mut reached.lists, &mut reached.priced] {
            lists.of = survey.cases.iter().map(|_| Vec::new()).collect();
        }
        if survey.world.guarantees.is_empty() {
            return reached;
        }
        let mut known: HashMap<(Vec<ModelId>, Vec<ModelId>), usize> = HashMap::new();
        // Decisions that agree on what is tried share the list.
        let mut priced: HashMap<(Option<ModelId>, *const Path), (usize, usize)> = HashMap::new();
        for decided in survey.decided().filter(|decided| of(decided.id)) {
            work::step();
            // What is decided alike reaches the same; the first stands before the others.
            let first = survey.cases[decided.id].first_alike;
            if first != decided.id && !reached.lists.of[first].is_empty() {
                for lists in [&mut reached.lists, &mut reached.priced] {
                    let of_first = lists.of[first].clone();
                    lists.of[decided.id] = of_first;
                }
                continue;
            }
            let size = decided.all.distinct.len();
            let mut of = (vec![usize::MAX; size], vec![usize::MAX; size]);
            for ((cell, context), decision) in decided.cells().zip(&decided.space.contexts).zip(
                decided.cells().map(|cell| decided.all.distinct.get(cell).and_then(|one| one.as_ref().ok())),
            ) {
                let slots = (of.0.get_mut(cell).filter(|at| **at == usize::MAX), of.1.get_mut(cell));
                let (Some(list), Some(price), Some(decision)) = (slots.0, slots.1, decision) else {
                    continue;
                };
                let one = (decided.use_case, context, decision);
                let at = priced.entry((decision.primary, decision.paths.as_ptr())).or_insert_with(|| {
                    let models = (decision.reaches(), decision.chain());
                    let list = known.entry(models).or_insert_with(|| reached.lists.add(one));
                    (*list, reached.priced.add(one))
                });
                (*list, *price) = *at;
            }
            (reached.lists.of[decided.id], reached.priced.of[decided.id]) = of;
        }
        reached
    }
}

/// How a guarantee's verdict on a decision is found.
enum Verdicts<'r> {
    /// It reads nothing but the registry, or the cost over the primary: per list of targets.
    Known(&'r Lists<'r>, Vec<Option<reference::Broken>>),
    /// It reads the use case too: decision by decision.
    Decided,
    /// It reads the context: context by context.
    Varying,
}

impl<'r> Verdicts<'r> {
    fn new(world: &World, reached: &'r Reached<'r>, guarantee: &Guarantee) -> Self {
        let reads = || guarantee.parts.iter().flat_map(|part| &part.expr.reads).map(|(read, _)| *read);
        let of_price = |read| read == Attribute::Chain(ChainAttribute::MaxCostMultiplier);
        if reads().all(|read| of_targets(read) || of_price(read)) {
            let lists = if reads().any(of_price) { &reached.priced } else { &reached.lists };
            let verdict = |(use_case, context, decision): &(&UseCase, &Context, &Decision)| {
                reference::breaks(world, use_case, context, decision, guarantee)
            };
            Self::Known(lists, lists.all.iter().map(verdict).collect())
        } else if reads().any(|read| read.is_of_context() || read.is_of_place()) {
            Self::Varying
        } else {
            Self::Decided
        }
    }
}

fn violated(
    survey: &Survey,
    (reached, of): (&Reached, Looked),
    id: GuaranteeId,
    guarantee: &Guarantee,
    named: &mut Named,
) -> Option<Finding> {
    let world = survey.world;
    let verdicts = Verdicts::new(world, reached, guarantee);
    if let Verdicts::Known(_, known) = &verdicts
        && known.iter().all(Option::is_none)
    {
        return None;
    }
    let mut smallest: Option<Counterexample> = None;
    let mut use_cases: Vec<UseCaseId> = Vec::new();
    for decided in survey.concerned(Statement::Guarantee(id)).filter(|decided| of(decided.id)) {
        let held = survey.engine.held(decided.use_case, decided.space, Statement::Guarantee(id));
        if held == Held::Never {
            continue;
        }
        // Contexts that share a decision share the verdict, unless the guarantee itself looks at the context.
        let mut known: Vec<Option<Option<reference::Broken>>> = match &verdicts {
            Verdicts::Known(lists, of_list) => {
                let of_list = |list: &usize| of_list.get(*list).cloned().flatten();
                lists.of[decided.id].iter().map(|list| Some(of_list(list))).collect()
            }
            Verdicts::Decided | Verdicts::Varying => vec![None; decided.all.distinct.len()],
        };
        if known.iter().all(|verdict| matches!(verdict, Some(None))) {
            continue;
        }
        let mut is_broken = false;
        for ((at, cell), (context, decision)) in decided.cells().enumerate().zip(decided.pairs()) {
            if !held.at(at) {
                continue;
            }
            let verdict = || reference::breaks(world, decided.use_case, context, decision, guarantee);
            let broken = match known.get_mut(cell) {
                Some(known) if !matches!(verdicts, Verdicts::Varying) => {
                    known.get_or_insert_with(verdict).clone()
                }
                _ => verdict(),
            };
            let Some(broken) = broken else { continue };
            is_broken = true;
            let distance = decided.space.distance(at);
            if smallest.as_ref().is_none_or(|known| distance < known.distance) {
                let use_case = decided.use_case;
                smallest = Some(Counterexample { distance, use_case, context, decision, broken });
            }
        }
        if is_broken {
            use_cases.push(decided.id);
        }
    }
    let smallest = smallest?;
    Some(named.on(world, finding(world, guarantee, &smallest), &use_cases))
}

/// Whether an attribute is the same of a list of targets whoever asks.
fn of_targets(attribute: Attribute) -> bool {
    match attribute {
        Attribute::Request(_) => false,
        Attribute::Model(attribute) => {
            !matches!(attribute, ModelAttribute::Cost | ModelAttribute::ProcessedIn)
        }
        Attribute::Chain(attribute) => attribute != ChainAttribute::MaxCostMultiplier,
        Attribute::Duty(_) => false,
    }
}

/// What an attribute of the model is for this very request.
fn fact(world: &World, found: &Counterexample, model: &Model, attribute: ModelAttribute) -> String {
    let asking = Asking { use_case: Some(found.use_case), residency: found.decision.residency.as_deref() };
    show::fact(world, asking, model, attribute)
}

/// What to write where requests are processed elsewhere than is promised.
fn where_to_process(world: &World, guarantee: &Guarantee) -> String {
    let premise = guarantee.premise.iter().flat_map(|premise| &premise.reads);
    let place = premise.filter_map(|(attribute, _)| match attribute {
        Attribute::Request(RequestAttribute::Fact(id)) => Some(&world.facts[*id]),
        _ => None,
    });
    let place =
        place.filter(|fact| matches!(fact.domain, FactDomain::Regions)).map(|fact| fact.name.as_str()).next();
    let rule = match place {
        Some(fact) => format!("add a rule with `process in {fact}`"),
        None => "add a rule that says where, with `process in` and the regions that are meant".to_owned(),
    };
    format!("{rule}: it pins requests to regions, and keeps out models that cannot be pinned there")
}

fn finding(world: &World, guarantee: &Guarantee, found: &Counterexample) -> Finding {
    let (name, use_case) = (&guarantee.name.value, &found.use_case.name.value);
    let command = command::resolve(world, found.use_case, found.context) + &on_its_path(found);
    let part = guarantee.parts.get(found.broken.part);
    let inside = part.and_then(|part| part.expr.parts.get(found.broken.inside?).copied());
    let place = inside.or(part.map(|part| part.span)).unwrap_or(guarantee.name.span);
    let read: Vec<Attribute> = part.map(|part| read_within(part, place)).unwrap_or_default();
    let of_model = || {
        read.iter().filter_map(|attribute| match attribute {
            Attribute::Model(attribute) => Some(*attribute),
            Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
        })
    };
    let of_duty = || {
        read.iter().filter_map(|attribute| match attribute {
            Attribute::Duty(attribute) => Some(*attribute),
            Attribute::Request(_) | Attribute::Chain(_) | Attribute::Model(_) => None,
        })
    };
    let of_chain = read.iter().filter_map(|attribute| match attribute {
        Attribute::Chain(attribute) => Some(*attribute),
        Attribute::Request(_) | Attribute::Model(_) | Attribute::Duty(_) => None,
    });
    let model = of_model().next().map(|_| &world.models[found.broken.model]);
    let mut facts: Vec<String> = model
        .map(|model| of_model().map(|attribute| fact(world, found, model, attribute)).collect())
        .unwrap_or_default();
    facts.extend(of_chain.map(|attribute| {
        show::chain_fact(attribute, reference::chain_value(world, found.decision, attribute).as_ref())
    }));
    facts.extend(of_duty().map(|attribute| show::duty_fact(world, found.decision, attribute)));
    let is_duty = of_duty().next().is_some();
    let whom = match model {
        Some(model) if found.decision.primary == Some(found.broken.model) => {
            format!("`{use_case}` can reach `{}`, the primary", model.id)
        }
        Some(model) => format!("`{use_case}` can reach `{}`, a failover target", model.id),
        None if is_duty => format!("the obligations of `{use_case}` break it"),
        None => format!("the route of `{use_case}` breaks it"),
    };
    let verdict = if part.is_some_and(|part| part.never) { "not false" } else { "not true" };
    let why = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    let mut finding = CHECK
        .finding(guarantee.name.span, format!("guarantee `{name}` does not hold: {whom}"))
        .label("promised here")
        .related(place, format!("{verdict}{why}"));
    if let Some(model) = model {
        finding = finding.related(model.name.span, format!("`{}`", model.id));
    }
    finding
        .related(found.use_case.name.span, "the use case")
        .note(format!("see it with `{command}{}`", if is_duty { " -v" } else { "" }))
        .help(match model {
            Some(_) if of_model().any(|attribute| attribute == ModelAttribute::ProcessedIn) => {
                where_to_process(world, guarantee)
            }
            Some(_) => "add a rule that keeps such models out, state the fact in the registry if it is only missing, or narrow the guarantee's `for`".to_owned(),
            None if is_duty => "say it in the audit, failover, budget or quota statement that applies, or narrow the guarantee's `for`".to_owned(),
            None => "change the failover that makes this route, or narrow the guarantee's `for`".to_owned(),
        })
        .context(world.show_context(found.context))
}

/// The option that shows the path of a target that an outage does not lead to.
fn on_its_path(found: &Counterexample) -> String {
    let leads = |path: &Path| path.models().any(|model| model == found.broken.model);
    let decision = found.decision;
    if decision.chain().contains(&found.broken.model) {
        return String::new();
    }
    let path = decision.paths.iter().find(|path| leads(path));
    let trigger = path.and_then(|path| path.on.iter().next());
    trigger.map(|trigger| format!(" --on {}", trigger.name())).unwrap_or_default()
}

/// The attributes that a part of a guarantee reads in a place.
fn read_within(part: &GuaranteePart, place: Span) -> Vec<Attribute> {
    let within = |span: &Span| place.start <= span.start && span.end <= place.end;
    let read = part.expr.reads.iter().filter(|(_, span)| within(span)).map(|(attribute, _)| *attribute);
    let mut read: Vec<Attribute> = read.collect();
    // An attribute is remembered where it is first read: elsewhere in the clause, the whole clause says more.
    if read.is_empty() {
        read = part.expr.reads.iter().map(|(attribute, _)| *attribute).collect();
    }
    read
}
