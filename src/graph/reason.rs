//! Why a link is cut: a few words for the picture, and the code for whoever looks it up.

use crate::decide::outside::{Outside, outside};
use crate::decide::{Gate, LeftOut, Multiplier, show};
use crate::explain::Explanation;
use crate::model::{Model, ModelId, RuleId};

/// Why a model is left out: for people, and for machines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reason {
    /// A few words.
    pub(super) short: String,
    /// As `resolve` names it: `gate:residency`, `rule:stay-home`.
    pub(super) code: String,
}

/// What a gate or a rule has against a model.
pub(super) fn against(explanation: &Explanation, model: ModelId) -> Vec<Reason> {
    let Some(removed) = explanation.removed_by(model) else { return Vec::new() };
    let model = explanation.model(model);
    let gates = removed.gates.iter().map(|gate| of_gate(explanation, model, *gate));
    gates.chain(removed.rules().into_iter().map(|rule| of_rule(explanation, rule))).collect()
}

/// Why a walk left a candidate out.
pub(super) fn of(explanation: &Explanation, left_out: &LeftOut) -> Vec<Reason> {
    let model = explanation.model(left_out.model);
    let gates = left_out.gates.iter().map(|gate| of_gate(explanation, model, *gate));
    let rules = left_out.rules.iter().map(|rule| of_rule(explanation, *rule));
    let mismatches = left_out.mismatches.iter().map(|aspect| Reason {
        short: format!("no match on {}", aspect.name()),
        code: format!("match:{}", aspect.name()),
    });
    let too_dear = left_out
        .too_dear
        .map(|_| Reason { short: cost(&left_out.multiplier), code: "above:block".to_owned() });
    let window = left_out
        .window
        .then(|| Reason { short: "no larger context".to_owned(), code: "match:context-window".to_owned() });
    gates.chain(rules).chain(mismatches).chain(window).chain(too_dear).collect()
}

fn of_rule(explanation: &Explanation, rule: RuleId) -> Reason {
    let name = explanation.rule(rule);
    Reason { short: format!("rule {name}"), code: format!("rule:{name}") }
}

fn of_gate(explanation: &Explanation, model: &Model, gate: Gate) -> Reason {
    let (world, use_case) = (explanation.world(), explanation.question.use_case);
    let short = match gate {
        Gate::ApprovedUseCase => "not approved".to_owned(),
        Gate::ClassificationCeiling => {
            format!("capped at {}", world.classifications[model.ceiling])
        }
        Gate::ComplianceCoverage => {
            let held = model.compliance.clone().unwrap_or_default();
            format!("lacks {}", world.names.sorted(&use_case.compliance.without(&held)).join(", "))
        }
        Gate::Residency => of_residency(explanation, model),
        Gate::Retention if model.retention.is_none() => "retention unknown".to_owned(),
        Gate::Retention => "keeps data too long".to_owned(),
        Gate::Lifecycle => "retired".to_owned(),
        Gate::Capability => {
            let held = model.capabilities.clone().unwrap_or_default();
            match world.names.sorted(&use_case.capabilities.without(&held)).as_slice() {
                [] if model.context_window.is_none() => "context window unknown".to_owned(),
                [] => "context too small".to_owned(),
                lacking => format!("lacks {}", lacking.join(", ")),
            }
        }
    };
    Reason { short, code: format!("gate:{}", gate.name()) }
}

/// Where the model is not, or not for certain.
fn of_residency(explanation: &Explanation, model: &Model) -> String {
    let world = explanation.world();
    let Some(residency) = explanation.decision().residency.as_deref() else { return String::new() };
    let wanted = world.names.sorted(residency).join(", ");
    match outside(world, residency, model) {
        Outside::Nowhere => "no region left".to_owned(),
        Outside::Unstated | Outside::NotKnown => "regions unknown".to_owned(),
        Outside::Elsewhere(_) => format!("not in {wanted}"),
        Outside::NotPinned(_) | Outside::PinUnknown(_) => format!("cannot be pinned to {wanted}"),
    }
}

/// What a model costs beside the primary.
pub(super) fn cost(multiplier: &Multiplier) -> String {
    match multiplier {
        Multiplier::Infinite => "costs, unlike the primary".to_owned(),
        Multiplier::Finite(_) => format!("{}x the cost", short_number(&show::multiplier(multiplier))),
    }
}

/// A decimal cut to two places: a picture needs no more, and the hint has the rest.
pub(super) fn short_number(text: &str) -> String {
    match crate::number::parse_decimal(text) {
        Some(number) if text.split_once('.').is_some_and(|(_, fraction)| fraction.len() > 2) => {
            let short = crate::number::round_half_even(&number, 2);
            if short == "0" { text.to_owned() } else { short }
        }
        _ => text.to_owned(),
    }
}
