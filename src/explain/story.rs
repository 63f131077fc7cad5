//! How a decision came about, model by model: `resolve -v` and `--why-not`.

use std::fmt::Write as _;

use super::{Question, and, reason};
use crate::decide::outage;
use crate::decide::{Excluded, LeftOut, Path, reference, show};
use crate::model::{Model, ModelId};

/// The rules that apply, then every model with what became of it.
pub fn story(question: &Question) -> String {
    let world = question.world;
    let mut text = String::new();
    let rules = question.decision.rules.iter().filter_map(|id| world.rules.get(*id));
    for rule in rules {
        let because = rule.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let _ = writeln!(text, "  rule {} ({}){because}", rule.name.value, rule.tier.word());
    }
    if let Some(primary) = question.decision.primary.and_then(|primary| world.models.get(primary)) {
        let down = down(question, question.decision.primary);
        let _ = writeln!(text, "  + {}: primary, {}{down}", primary.id, cost(question, primary));
    }
    for path in question.decision.paths.iter() {
        of_path(question, path, &mut text);
    }
    let reached = question.decision.reaches();
    let met = |model: &ModelId| {
        reached.contains(model) || left_out(question).any(|left_out| left_out.model == *model)
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

/// A path: its statement, its targets, and what was left out on the way.
fn of_path(question: &Question, path: &Path, text: &mut String) {
    let world = question.world;
    let Some(failover) = world.failovers.get(path.failover) else { return };
    let because = failover.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let (on, then) = (path.on.names().join(", "), failover.then.kind().word());
    let _ = writeln!(text, "  failover {} on {on}, then {then}{because}", failover.name.value);
    for (position, target) in path.targets.iter().enumerate() {
        let Some(model) = world.models.get(target.model) else { continue };
        let (times, down) = (show::multiplier(&target.multiplier), down(question, Some(target.model)));
        let _ = writeln!(
            text,
            "    + {}: target {}, {}, {times}x{down}",
            model.id,
            position + 1,
            cost(question, model)
        );
    }
    for left_out in &path.left_out {
        let words = left_out_words(question, left_out);
        let _ = writeln!(text, "    - {}: left out: {words}", question.id(left_out.model));
    }
}

/// What is left out on some path.
fn left_out<'a>(question: &Question<'a>) -> impl Iterator<Item = &'a LeftOut> {
    question.decision.paths.iter().flat_map(|path| &path.left_out)
}

fn down(question: &Question, model: Option<ModelId>) -> &'static str {
    if model.is_none_or(|model| outage::is_up(question.world, question.down, model)) { "" } else { ", down" }
}

fn cost(question: &Question, model: &Model) -> String {
    super::cost::words(question.use_case, model)
}

/// Why one model does not serve the request, in a sentence.
pub fn why_not(question: &Question, model: ModelId) -> String {
    let id = question.id(model);
    let name = &question.use_case.name.value;
    if question.decision.primary == Some(model) {
        return format!("`{id}` does serve `{name}`: it is the primary.");
    }
    let positions = question.decision.paths.iter().filter_map(|path| {
        let position = path.models().position(|target| target == model)?;
        let failover = question.world.failovers.get(path.failover)?;
        let on = path.on.names().join(", ");
        Some(format!("target {} of failover `{}` on {on}", position + 1, failover.name.value))
    });
    let positions: Vec<String> = positions.collect();
    if !positions.is_empty() {
        return format!("`{id}` does serve `{name}`: it is {}.", and(&positions));
    }
    if let Some(left_out) = left_out(question).find(|left_out| left_out.model == model) {
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

fn left_out_words(question: &Question, left_out: &LeftOut) -> String {
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
    if left_out.window {
        words.push("its context window is not known to be larger than the primary's".to_owned());
    }
    if left_out.too_dear.is_some() {
        let times = show::multiplier(&left_out.multiplier);
        words.push(format!("it costs {times} times the primary, which `above … block` forbids"));
    }
    words.join(", ")
}
