//! How a decision came about, model by model: `resolve -v` and `--why-not`.

use std::fmt::Write as _;

use super::{Question, reason};
use crate::decide::outage;
use crate::decide::{Excluded, reference, show};
use crate::model::{Model, ModelId};
use crate::number;

/// The rules that apply, then every model with what became of it.
pub fn story(question: &Question) -> String {
    let world = question.world;
    let mut text = String::new();
    let rules = question.decision.rules.iter().filter_map(|id| world.rules.get(*id));
    for rule in rules {
        let because = rule.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let _ = writeln!(text, "  rule {} ({}){because}", rule.name.value, rule.tier.word());
    }
    if let Some(failover) = question.decision.failover.and_then(|id| world.failovers.get(id)) {
        let because = failover.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let _ = writeln!(text, "  failover {}{because}", failover.name.value);
    }
    for (position, target) in question.decision.targets.iter().enumerate() {
        let Some(model) = world.models.get(target.model) else { continue };
        let what = if position == 0 { "primary".to_owned() } else { format!("target {}", position + 1) };
        let down = if outage::is_up(world, question.down, target.model) { "" } else { ", down" };
        let times = show::multiplier(&target.multiplier);
        let _ = writeln!(text, "  + {}: {what}, {}, {times}x{down}", model.id, cost(question, model));
    }
    for left_out in question.decision.left_out.iter() {
        let _ = writeln!(text, "  - {}: on the failover path, left out: {}", question.id(left_out.model), {
            left_out_words(question, left_out)
        });
    }
    let met = |model: &ModelId| {
        question.decision.targets.iter().any(|target| target.model == *model)
            || question.decision.left_out.iter().any(|left_out| left_out.model == *model)
    };
    for model in question.ranking().iter().filter(|model| !met(model)) {
        let Some(model) = world.models.get(*model) else { continue };
        let _ = writeln!(text, "  . {}: eligible, not on the route, {}", model.id, cost(question, model));
    }
    for excluded in reference::exclusions(world, question.use_case, question.context) {
        if !met(&excluded.model) {
            let _ =
                writeln!(text, "  - {}: {}", question.id(excluded.model), all_reasons(question, &excluded));
        }
    }
    text
}

fn cost(question: &Question, model: &Model) -> String {
    let cost = question.use_case.blended_cost(model);
    format!("{} usd per 1m tokens", number::round_half_even(&cost, 4))
}

/// Why one model does not serve the request, in a sentence.
pub fn why_not(question: &Question, model: ModelId) -> String {
    let id = question.id(model);
    let name = &question.use_case.name.value;
    if let Some(position) = question.decision.targets.iter().position(|target| target.model == model) {
        return match position {
            0 => format!("`{id}` does serve `{name}`: it is the primary."),
            _ => format!("`{id}` does serve `{name}`: it is target {} of its route.", position + 1),
        };
    }
    if let Some(left_out) = question.decision.left_out.iter().find(|left_out| left_out.model == model) {
        return format!(
            "`{id}` is on the failover path of `{name}` and left out: {}.",
            left_out_words(question, left_out)
        );
    }
    let excluded = reference::exclusions(question.world, question.use_case, question.context);
    if let Some(excluded) = excluded.iter().find(|excluded| excluded.model == model) {
        return format!("`{id}` may not serve `{name}`: {}.", all_reasons(question, excluded));
    }
    let primary = question.ranking().first().copied().unwrap_or(model);
    let why = match reference::deciding(question.world, question.use_case, question.context, primary, model) {
        reference::Deciding::Preference(rule, _) => {
            let rule = question.world.rules.get(rule).map_or("", |rule| rule.name.value.as_str());
            format!("rule `{rule}` puts `{}` before it", question.id(primary))
        }
        reference::Deciding::Cost => format!("`{}` is cheaper", question.id(primary)),
        reference::Deciding::Id => {
            format!("`{}` costs the same and comes first by name", question.id(primary))
        }
    };
    format!("`{id}` may serve `{name}`, but {why}, and no failover leads to it.")
}

/// Every gate and rule that excludes a model, in words.
fn all_reasons(question: &Question, excluded: &Excluded) -> String {
    let Some(model) = question.world.models.get(excluded.model) else { return String::new() };
    let gates = excluded.gates.iter().map(|gate| reason::gate_words(question, model, *gate));
    let rules = excluded.rules.iter().filter_map(|id| question.world.rules.get(*id));
    let rules = rules.map(|rule| format!("rule `{}` excludes it", rule.name.value));
    gates.chain(rules).collect::<Vec<String>>().join(", ")
}

fn left_out_words(question: &Question, left_out: &crate::decide::LeftOut) -> String {
    let excluded =
        Excluded { model: left_out.model, gates: left_out.gates.clone(), rules: left_out.rules.clone() };
    let mut words = Vec::new();
    let reasons = all_reasons(question, &excluded);
    if !reasons.is_empty() {
        words.push(reasons);
    }
    for aspect in &left_out.mismatches {
        words.push(format!("it does not match the primary's {}", aspect.word()));
    }
    if left_out.too_dear.is_some() {
        let times = show::multiplier(&left_out.multiplier);
        words.push(format!("it costs {times} times the primary, which `above … block` forbids"));
    }
    words.join(", ")
}
