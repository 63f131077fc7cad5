//! Why a model may not serve a request: each gate, each promise, each demand of a failover statement, in words.

use super::explanation::{Explanation, Unreached};
use super::words::{and, beside, in_brackets, kept, thousands};
use crate::decide::reference::Removed;
use crate::decide::show::{self, Asking};
use crate::decide::{Gate, LeftOut, Multiplier, Path, outside};
use crate::model::attribute::Attribute;
use crate::model::names::Set;
use crate::model::words::{list, set};
use crate::model::{Aspect, Model, ModelId, Promise, RuleId, Tier};
use crate::number::exact;
use crate::source::Span;

/// Everything that removes a model, in words.
pub fn all(explanation: &Explanation, removed: &Removed) -> String {
    and(&each(explanation, removed))
}

/// Each gate and rule that removes a model, in words.
fn each(explanation: &Explanation, removed: &Removed) -> Vec<String> {
    let model = explanation.model(removed.model);
    let gates = removed.gates.iter().map(|gate| of_gate(explanation, model, *gate));
    let rules = removed.rules().into_iter().map(|rule| of_rule(explanation, removed, rule));
    gates.chain(rules).collect()
}

/// The strongest of the reasons that remove a model: what protects data before what the work needs; in full with the
/// reason that a rule states, and with the rules that narrow where it may be processed.
pub(super) fn strongest(explanation: &Explanation, removed: &Removed, is_full: bool) -> Option<String> {
    let model = explanation.model(removed.model);
    let compliance = |rule: &RuleId| explanation.world().rules[*rule].tier == Tier::Compliance;
    let rules = removed.rules();
    let promised = rules.iter().find(|rule| compliance(rule)).copied();
    let other = rules.first().copied();
    let first = [
        Gate::ClassificationCeiling,
        Gate::ComplianceCoverage,
        Gate::Residency,
        Gate::Retention,
        Gate::Lifecycle,
    ];
    let has = |gate: &Gate| removed.gates.contains(gate);
    if let Some(gate) = first.into_iter().find(has) {
        let brief = (gate == Gate::Residency && !is_full).then(|| of_residency(explanation, model, false));
        return Some(brief.unwrap_or_else(|| of_gate(explanation, model, gate)));
    }
    if let Some(rule) = promised.or(other) {
        let because = explanation.world().rules[rule].because.as_ref().filter(|_| is_full);
        return Some(format!("rule `{}`{} excludes it", explanation.rule(rule), in_brackets(because)));
    }
    let gate = [Gate::Capability, Gate::ApprovedUseCase].into_iter().find(has)?;
    Some(of_gate(explanation, model, gate))
}

/// A rule with what of the model its broken promises read: ``rule `home` excludes it (`model.hosting` is `cloud`)``.
pub fn of_rule(explanation: &Explanation, removed: &Removed, rule: RuleId) -> String {
    let model = explanation.model(removed.model);
    let promises = &explanation.world().rules[rule].promises;
    let broken = removed.promises.iter().filter(|(by, _)| *by == rule);
    let broken = broken.filter_map(|(_, position)| promises.get(*position));
    let mut facts: Vec<String> = broken.flat_map(|promise| read(explanation, model, promise)).collect();
    facts.dedup();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", and(&facts)) };
    format!("rule `{}` excludes it{facts}", explanation.rule(rule))
}

/// What a broken promise reads of a model, and what the registry states of it; of several parts only what breaks it.
fn read(explanation: &Explanation, model: &Model, promise: &Promise) -> Vec<String> {
    let question = &explanation.question;
    let (world, use_case) = (question.world, question.use_case);
    let breaking = explanation.reading.breaking(model, promise);
    let places: Vec<Span> =
        breaking.into_iter().filter_map(|at| promise.expr.parts.get(at).copied()).collect();
    let breaks = |span: Span| {
        places.is_empty() || places.iter().any(|place| place.start <= span.start && span.end <= place.end)
    };
    let asking = Asking { use_case: Some(use_case), residency: explanation.reading.residency() };
    let of_model = |attribute: &Attribute| match attribute {
        Attribute::Model(attribute) => Some(show::fact(world, asking, model, *attribute)),
        Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
    };
    let read = promise.expr.reads.iter().filter(|(_, span)| breaks(*span));
    let facts: Vec<String> = read.filter_map(|(attribute, _)| of_model(attribute)).collect();
    if facts.is_empty() {
        // An attribute is remembered where it is first read, which may be in another part.
        return promise.expr.reads.iter().filter_map(|(attribute, _)| of_model(attribute)).collect();
    }
    facts
}

/// Why a gate does not let a model pass.
pub fn of_gate(explanation: &Explanation, model: &Model, gate: Gate) -> String {
    let (world, use_case) = (explanation.world(), explanation.question.use_case);
    match gate {
        Gate::ApprovedUseCase => format!("it is not approved for `{}`", use_case.name.value),
        Gate::ClassificationCeiling => {
            format!("it may see no more than `{}` data", world.classifications[model.ceiling])
        }
        Gate::ComplianceCoverage => {
            let lacking = use_case.compliance.without(&model.compliance.clone().unwrap_or_default());
            let since = ended(model, "compliance", &world.names.sorted(&lacking));
            let lacking = set(world, &lacking);
            match &model.compliance {
                Some(_) => format!("it does not hold {lacking}{since}"),
                None => format!("nothing says that it holds {lacking}{since}"),
            }
        }
        Gate::Residency => of_residency(explanation, model, true),
        Gate::Retention => {
            let max = use_case.retention_max.as_ref().map(kept).unwrap_or_default();
            if let Some(days) = &model.retention {
                return format!("it keeps data for {} where the most is {max}", kept(days));
            }
            let since = ended(model, "data_retention", &[]);
            format!("nothing says how long it keeps data where the most is {max}{since}")
        }
        Gate::Lifecycle => "it is retired".to_owned(),
        Gate::Capability => of_capability(explanation, model),
    }
}

/// Since when what a model states does not count, behind a space.
fn ended(model: &Model, fact: &str, missing: &[String]) -> String {
    model.lapse(fact, missing).map(|since| format!(" {since}")).unwrap_or_default()
}

fn of_capability(explanation: &Explanation, model: &Model) -> String {
    let (world, use_case) = (explanation.world(), explanation.question.use_case);
    let held = model.capabilities.clone().unwrap_or_default();
    let lacking = world.names.sorted(&use_case.capabilities.without(&held));
    let mut words = Vec::new();
    if !lacking.is_empty() {
        let unsaid = model.capabilities.is_none();
        let offers = if unsaid { "nothing says that it offers" } else { "it does not offer" };
        words.push(format!("{offers} {}", list(&lacking)));
    }
    match (&use_case.min_context, &model.context_window) {
        (Some(needed), Some(window)) if window < needed => words.push(format!(
            "its context window of {} is below the {} it needs",
            thousands(window),
            thousands(needed)
        )),
        (Some(needed), None) => {
            let needed = thousands(needed);
            words.push(format!("nothing states its context window where {needed} tokens are needed"));
        }
        _ => {}
    }
    and(&words)
}

/// In full with the rules that narrow where it may be processed.
fn of_residency(explanation: &Explanation, model: &Model, is_full: bool) -> String {
    let world = explanation.world();
    let Some(residency) = explanation.reading.residency() else { return String::new() };
    let by = if is_full { narrowing_out(explanation, &[model]) } else { Vec::new() };
    let by = if by.is_empty() { String::new() } else { format!(" (narrowed by {})", rules(&by)) };
    if residency.is_empty() {
        return format!("no region is left where it may be processed{by}");
    }
    let wanted = set(world, residency);
    match &model.regions {
        Some(stated) if !stated.is_empty() => {
            let outside: Set =
                stated.iter().filter(|region| !world.regions.is_in(*region, residency)).collect();
            if world.regions.inside(stated, residency).is_empty() {
                format!("it processes in {} and not in {wanted}{by}", set(world, stated))
            } else {
                format!("it may process in {} too and cannot be pinned to {wanted}{by}", set(world, &outside))
            }
        }
        _ => format!("nothing says that it processes in {wanted}{by}{}", ended(model, "regions", &[])),
    }
}

/// The applying rules whose `process in` narrows where the request may be processed.
pub(super) fn narrowing<'a>(explanation: &Explanation<'a>) -> Vec<(&'a str, Set)> {
    let (question, rules) = (&explanation.question, &explanation.decision().rules);
    let all = outside::narrowing(explanation.world(), question.use_case, question.context, rules);
    all.map(|(name, _, regions)| (name, regions)).collect()
}

/// Those that take a region away where one of some models could be as far as the use case goes; all where none is left.
pub(super) fn narrowing_out<'a>(explanation: &Explanation<'a>, models: &[&Model]) -> Vec<&'a str> {
    let regions = &explanation.world().regions;
    let stated = explanation.question.use_case.stated_residency();
    let is_out = |model: &Model, named: &Set| match &model.regions {
        Some(own) if !own.is_empty() => own.iter().any(|region| {
            stated.is_none_or(|stated| regions.is_in(region, stated)) && !regions.is_in(region, named)
        }),
        _ => true,
    };
    let is_left = explanation.reading.residency().is_some_and(|residency| !residency.is_empty());
    let mut by = narrowing(explanation);
    by.retain(|(_, named)| !is_left || models.iter().any(|model| is_out(model, named)));
    let mut names: Vec<&str> = by.into_iter().map(|(name, _)| name).collect();
    names.dedup();
    names
}

pub(super) fn rules(names: &[&str]) -> String {
    format!("{} {}", if names.len() == 1 { "rule" } else { "rules" }, list(names))
}

/// Why a failover statement leaves a candidate out.
pub fn left_out(explanation: &Explanation, left_out: &LeftOut) -> String {
    let mut words = Vec::new();
    if let Some(removed) = explanation.removed_by(left_out.model) {
        words.extend(each(explanation, removed));
    }
    words.extend(left_out.mismatches.iter().map(|aspect| mismatch(*aspect)));
    if left_out.window {
        words.push(format!("its context window {}", no_larger(explanation, left_out)));
    }
    if let Some(blocks) = left_out.too_dear.and_then(|clause| blocking(explanation, clause)) {
        words.push(format!("it is {} and {blocks} leaves that out", dear(&left_out.multiplier)));
    }
    and(&words)
}

/// What is said of the context window of a candidate that would have to be larger than the primary's.
pub fn no_larger(explanation: &Explanation, left_out: &LeftOut) -> String {
    let window = |model: ModelId| explanation.model(model).context_window.as_ref();
    let of_primary = explanation.decision().primary.and_then(window);
    match (window(left_out.model), of_primary) {
        (Some(its), Some(primary)) => {
            let (its, primary) = (thousands(its), thousands(primary));
            format!("of {its} is not larger than the {primary} of the primary")
        }
        (None, _) => "is not stated, so not known to be larger than the primary's".to_owned(),
        (_, None) => "is not known to be larger than the primary's, which is not stated".to_owned(),
    }
}

/// The `above … block` that stands at a place, as it is written.
pub fn blocking(explanation: &Explanation, clause: Span) -> Option<String> {
    let mut above = explanation.world().failovers.iter().flat_map(|failover| &failover.above);
    let above = above.find(|above| above.span == clause)?;
    Some(format!("`above {}x cost block`", exact(&above.multiplier)))
}

/// The first reason why a statement leaves a candidate out, in as few words as can be.
pub(super) fn cut(left_out: &LeftOut) -> String {
    let aspects: Vec<&str> = left_out.mismatches.iter().map(|aspect| aspect.name()).collect();
    if !left_out.gates.is_empty() || !left_out.rules.is_empty() {
        "may not serve it".to_owned()
    } else if !aspects.is_empty() {
        format!("no match in {}", aspects.join(" and "))
    } else if left_out.window {
        "no larger context window".to_owned()
    } else {
        "too dear".to_owned()
    }
}

/// What a `match` aspect asks for that the candidate does not hold.
pub fn mismatch(aspect: Aspect) -> String {
    format!("it does not match the primary's {}", aspect.name())
}

/// What a candidate that is too dear costs beside the primary.
pub fn dear(multiplier: &Multiplier) -> String {
    beside(multiplier).unwrap_or_else(|| "the same cost".to_owned())
}

/// Why a path does not come to a model that may serve.
pub fn unreached(explanation: &Explanation, path: &Path, id: &str, why: Unreached) -> String {
    let name = &explanation.statement(path).name.value;
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
    if id == primary {
        return format!("`{id}` is the primary, which has failed");
    }
    match why {
        Unreached::Nothing => format!("failover `{name}` says that nothing is tried"),
        Unreached::PrimaryOffChain => {
            format!("the primary `{primary}` is on no chain of `{name}`, so nothing follows it")
        }
        Unreached::OffChain => format!("`{id}` is on no chain of `{name}`"),
        Unreached::Limit(limit) => {
            let targets = if limit == 1 { "target" } else { "targets" };
            format!("failover `{name}` ends after {limit} {targets}, before `{id}`")
        }
        Unreached::Before => format!("nothing on the chains of `{name}` leads from `{primary}` to `{id}`"),
        Unreached::Elsewhere => format!("failover `{name}` does not lead to `{id}`"),
    }
}
