//! Why a model may not serve a request: each gate, each promise, each demand of a failover statement, in words.

use super::explanation::{Cause, Explanation, Unreached};
use super::words::{and, beside, in_brackets, kept, thousands};
use crate::decide::reference::Removed;
use crate::decide::{Gate, LeftOut, Multiplier, Path, show};
use crate::model::attribute::Attribute;
use crate::model::names::Set;
use crate::model::words::{list, set};
use crate::model::{Aspect, Model, Promise, RuleId, Tier};
use crate::source::Span;

/// Everything that removes a model, in words.
pub fn all(explanation: &Explanation, removed: &Removed) -> String {
    let model = explanation.model(removed.model);
    let gates = removed.gates.iter().map(|gate| of_gate(explanation, model, *gate));
    let rules = removed.rules().into_iter().map(|rule| of_rule(explanation, removed, rule));
    gates.chain(rules).collect::<Vec<String>>().join(", ")
}

/// The strongest of the reasons that remove a model: what protects data before what the work needs.
pub(super) fn strongest(explanation: &Explanation, removed: &Removed) -> Option<String> {
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
        return Some(of_gate(explanation, model, gate));
    }
    if let Some(rule) = promised.or(other) {
        let because = explanation.world().rules[rule].because.as_ref();
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
    let of_model = |attribute: &Attribute| match attribute {
        Attribute::Model(attribute) => Some(show::fact(world, Some(use_case), model, *attribute)),
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
            let cap = world.classifications.get(model.ceiling).map_or("", String::as_str);
            format!("it may see no more than `{cap}` data")
        }
        Gate::ComplianceCoverage => match &model.compliance {
            Some(held) => format!("it does not hold {}", set(world, &use_case.compliance.without(held))),
            None => format!("nothing says that it holds {}", set(world, &use_case.compliance)),
        },
        Gate::Residency => of_residency(explanation, model),
        Gate::Retention => {
            let max = use_case.retention_max.as_ref().map(kept).unwrap_or_default();
            match &model.retention {
                Some(days) => format!("it keeps data for {} where {max} are allowed", kept(days)),
                None => format!("nothing says how long it keeps data, and {max} are allowed"),
            }
        }
        Gate::Lifecycle => "it is retired".to_owned(),
        Gate::Capability => of_capability(explanation, model),
    }
}

fn of_capability(explanation: &Explanation, model: &Model) -> String {
    let (world, use_case) = (explanation.world(), explanation.question.use_case);
    let held = model.capabilities.clone().unwrap_or_default();
    let lacking = world.names.sorted(&use_case.capabilities.without(&held));
    let mut words = Vec::new();
    if !lacking.is_empty() {
        words.push(format!("it does not offer {}", list(&lacking)));
    }
    match (&use_case.min_context, &model.context_window) {
        (Some(needed), Some(window)) if window < needed => words.push(format!(
            "its context window of {} is below the {} it needs",
            thousands(window),
            thousands(needed)
        )),
        (Some(needed), None) => {
            let needed = thousands(needed);
            words.push(format!("nothing states its context window, and it needs {needed}"));
        }
        _ => {}
    }
    words.join(", ")
}

fn of_residency(explanation: &Explanation, model: &Model) -> String {
    let world = explanation.world();
    let Some(residency) = explanation.reading.residency() else { return String::new() };
    let by = narrowing(explanation);
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
                format!(
                    "it may process in {} too, and cannot be pinned to {wanted}{by}",
                    set(world, &outside)
                )
            }
        }
        _ => format!("nothing says that it processes in {wanted}{by}"),
    }
}

/// The applying rules whose `process in` narrows where the request may be processed.
pub(super) fn narrowing<'a>(explanation: &Explanation<'a>) -> Vec<&'a str> {
    let world = explanation.world();
    let rules = explanation.decision().rules.iter().map(|rule| &world.rules[*rule]);
    rules.filter(|rule| !rule.process_in.is_empty()).map(|rule| rule.name.value.as_str()).collect()
}

fn rules(names: &[&str]) -> String {
    format!("{} {}", if names.len() == 1 { "rule" } else { "rules" }, list(names))
}

/// Why a failover statement leaves a candidate out.
pub fn left_out(explanation: &Explanation, left_out: &LeftOut) -> String {
    let mut words = Vec::new();
    if let Some(removed) = explanation.removed_by(left_out.model) {
        words.push(all(explanation, removed));
    }
    words.extend(left_out.mismatches.iter().map(|aspect| mismatch(*aspect)));
    if left_out.window {
        let primary = explanation.decision().primary.map(|primary| explanation.model(primary));
        let stated = |model: &Model| model.context_window.is_some();
        let is_known = primary.is_some_and(stated) && stated(explanation.model(left_out.model));
        let known = if is_known { "" } else { "known to be " };
        words.push(format!("its context window is not {known}larger than the primary's"));
    }
    if left_out.too_dear.is_some() {
        words.push(format!("it is {}, and `above … block` leaves that out", dear(&left_out.multiplier)));
    }
    words.join(", ")
}

/// The first reason why a statement leaves a candidate out, in as few words as can be.
pub(super) fn cut(left_out: &LeftOut) -> String {
    match left_out.mismatches.first() {
        _ if !left_out.gates.is_empty() || !left_out.rules.is_empty() => "may not serve it".to_owned(),
        Some(aspect) => format!("no match in {}", aspect.word()),
        None if left_out.window => "no larger context window".to_owned(),
        None => "too dear".to_owned(),
    }
}

/// What a `match` aspect asks for that the candidate does not hold.
pub fn mismatch(aspect: Aspect) -> String {
    format!("it does not match the primary's {}", aspect.word())
}

/// What a candidate that is too dear costs beside the primary.
pub fn dear(multiplier: &Multiplier) -> String {
    beside(multiplier).unwrap_or_else(|| "the same cost".to_owned())
}

/// Why a path does not come to a model that may serve.
pub fn unreached(explanation: &Explanation, path: &Path, id: &str, why: Unreached) -> String {
    let name = &explanation.statement(path).name.value;
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
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
        Unreached::Before => format!("on the chains of `{name}` nothing leads from `{primary}` to `{id}`"),
        Unreached::Elsewhere => format!("failover `{name}` does not lead to `{id}`"),
    }
}

/// What keeps others out, as it stands after a model that it leaves over.
pub(super) fn narrowed(explanation: &Explanation, causes: &[Cause], count: usize) -> String {
    let world = explanation.world();
    let Some(cause) = causes.first().copied() else { return String::new() };
    // Where it keeps out approved models too that could not do the work anyhow, the count is not that of all approved.
    let all = explanation.approved().iter().filter(|removed| Cause::of(removed).contains(&cause)).count();
    let which = if all == count { "other approved" } else { "other approved, capable" };
    let models = format!("{which} {}", if count == 1 { "model" } else { "models" });
    let unstated = |is_unstated: fn(&Model) -> bool| {
        let out = explanation.contenders().filter(|removed| Cause::of(removed).contains(&cause));
        out.filter(|removed| is_unstated(explanation.model(removed.model))).count()
    };
    match cause {
        Cause::Rule(rule) if causes.len() == 1 => {
            format!("rule `{}` excludes {count} {models}", explanation.rule(rule))
        }
        Cause::Rule(_) => {
            let names = causes.iter().filter_map(|cause| match cause {
                Cause::Rule(rule) => Some(format!("`{}`", explanation.rule(*rule))),
                Cause::Gate(_) => None,
            });
            format!("rules {} each exclude {count} {models}", and(&names.collect::<Vec<String>>()))
        }
        Cause::Gate(Gate::ClassificationCeiling) => {
            let data = explanation.question.classification();
            format!("{count} {models} may not see `{data}` data")
        }
        Cause::Gate(Gate::ComplianceCoverage) => {
            let lacks = if count == 1 { "lacks" } else { "lack" };
            let lacking = match unstated(|model| model.compliance.is_none()) {
                0 => format!("{lacks} a certificate that it needs"),
                _ if count == 1 => "states no certificate".to_owned(),
                unstated if unstated == count => "state no certificate".to_owned(),
                _ => "lack or do not state a certificate that it needs".to_owned(),
            };
            format!("{count} {models} {lacking}")
        }
        Cause::Gate(Gate::Residency) => {
            let inside = explanation.reading.residency().map(|regions| set(world, regions));
            let by = narrowing(explanation);
            let by = if by.is_empty() { String::new() } else { format!(" ({})", rules(&by)) };
            let cannot = match unstated(|model| model.regions.as_ref().is_none_or(Set::is_empty)) {
                0 => "cannot be kept in",
                _ if count == 1 => "does not say that it processes in",
                unstated if unstated == count => "do not say that they process in",
                _ => "cannot be kept, or do not say that they process, in",
            };
            format!("{count} {models} {cannot} {}{by}", inside.unwrap_or_default())
        }
        Cause::Gate(Gate::Retention) => {
            let keeps = if count == 1 { "keeps" } else { "keep" };
            let keeps = match unstated(|model| model.retention.is_none()) {
                0 => format!("{keeps} data too long"),
                _ if count == 1 => "does not say how long it keeps data".to_owned(),
                unstated if unstated == count => "do not say how long they keep data".to_owned(),
                _ => "keep data too long or do not say how long".to_owned(),
            };
            format!("{count} {models} {keeps}")
        }
        Cause::Gate(gate) => format!("gate `{}` removes {count} {models}", gate.name()),
    }
}
