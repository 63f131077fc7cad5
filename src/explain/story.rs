//! How a decision came about, under headings: what `resolve -v` adds to the sentence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::explanation::{Explanation, Halt};
use super::phrases;
use super::words::{actions, and, kept};
use super::{choice, cost, halt, obligations, reason};
use crate::decide::reference::{Deciding, Removed, Silence};
use crate::decide::{Gate, LeftOut, Path, show};
use crate::limits::shown;
use crate::model::names::Set;
use crate::model::words::set;
use crate::model::{BudgetId, Model, ModelId, Per, RuleId, Selector, Terminal, Trigger, UsedUp, World};
use crate::number::{money, whole};

/// Every part that has something to say, each under its heading.
pub fn story(explanation: &Explanation) -> String {
    let mut text = String::new();
    let mut section = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "  {heading}");
            for line in lines {
                let _ = writeln!(text, "    {line}");
            }
        }
    };
    section("rules", rules(explanation));
    section("route", route(explanation));
    section("regions", regions(explanation));
    section("retention", retention(explanation));
    section("agreement", agreement(explanation));
    section("certifications", certifications(explanation));
    section("alternatives", alternatives(explanation));
    section("other triggers", triggers(explanation));
    section("budgets and quotas", limits(explanation));
    section("obligations", obligations::all(explanation));
    text
}

/// The rules that apply, each with what its wishes come to.
fn rules(explanation: &Explanation) -> Vec<String> {
    let world = explanation.world();
    let rules = explanation.decision().rules.iter().map(|id| (*id, &world.rules[*id]));
    let lines = rules.map(|(id, rule)| {
        let because = rule.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{} ({}){}{because}", rule.name.value, rule.tier.name(), part(explanation, id))
    });
    lines.collect()
}

/// What the wishes of a rule come to: `, decides`, ``, overridden by `x` ``.
fn part(explanation: &Explanation, id: RuleId) -> String {
    if let Some((_, why)) = explanation.silent.iter().find(|(silent, _)| *silent == id) {
        return match why {
            Silence::Overridden(by) => format!(", overridden by `{}`", explanation.rule(*by)),
            Silence::Unconditional(by) => {
                format!(", silent, as `{}` of the same tier has a `when`", explanation.rule(*by))
            }
        };
    }
    let decides = |by: Deciding| matches!(by, Deciding::Preference(rule, _) if rule == id);
    let wishes = !explanation.world().rules[id].prefers.is_empty();
    let silences = explanation.silent.iter().filter_map(|(silent, why)| match why {
        Silence::Overridden(by) | Silence::Unconditional(by) if *by == id => {
            Some(format!("`{}`", explanation.rule(*silent)))
        }
        Silence::Overridden(_) | Silence::Unconditional(_) => None,
    });
    let silences: Vec<String> = silences.collect();
    let silences = if silences.is_empty() { String::new() } else { format!(", silences {}", and(&silences)) };
    let orders = || explanation.ranking().windows(2).skip(1).any(|pair| decides(deciding(explanation, pair)));
    let part = match explanation.steps().iter().any(|step| decides(step.by)) {
        true => ", decides",
        false if wishes && orders() => ", orders what comes after the primary",
        false if wishes && silences.is_empty() => ", decides nothing here",
        false => "",
    };
    format!("{part}{silences}")
}

/// What puts the first of two before the second.
fn deciding(explanation: &Explanation, pair: &[ModelId]) -> Deciding {
    let [first, second] = pair else { return Deciding::Id };
    explanation.reading.deciding(*first, *second)
}

/// The primary, and what is tried on the trigger that is asked for, else on an outage.
fn route(explanation: &Explanation) -> Vec<String> {
    let Some(id) = explanation.decision().primary else { return Vec::new() };
    let primary = explanation.model(id);
    let down = down(explanation, id);
    let mut lines = vec![format!("+ {}: primary, {}{down}", primary.id, costs(explanation, primary))];
    let on = explanation.question.on;
    match (explanation.decision().path(on), on) {
        (Some(path), _) => lines.extend(of_path(explanation, path)),
        (None, Some(trigger)) => lines.extend(uncovered(&[trigger])),
        (None, None) => {}
    }
    lines
}

/// Triggers that no failover statement covers.
fn uncovered(triggers: &[Trigger]) -> Option<String> {
    let it = if triggers.len() == 1 { "it" } else { "them" };
    let words: Vec<&str> = triggers.iter().map(|trigger| trigger.name()).collect();
    let line = format!("on {}: blocked, as no failover statement covers {it}", words.join(", "));
    (!triggers.is_empty()).then_some(line)
}

/// The other paths, and the triggers that take none.
fn triggers(explanation: &Explanation) -> Vec<String> {
    let decision = explanation.decision();
    if decision.primary.is_none() {
        return Vec::new();
    }
    let on = explanation.question.on;
    let told = decision.path(on);
    let paths = decision.paths.iter().filter(|path| Some(*path) != told);
    let mut lines: Vec<String> = paths.flat_map(|path| of_path(explanation, path)).collect();
    let open = |trigger: &Trigger| decision.path_on(*trigger).is_none() && Some(*trigger) != on;
    lines.extend(uncovered(&Trigger::ALL.into_iter().filter(open).collect::<Vec<Trigger>>()));
    lines
}

/// A path: its statement, its targets, and what was left out on the way.
fn of_path(explanation: &Explanation, path: &Path) -> Vec<String> {
    let failover = explanation.statement(path);
    let because = failover.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let then = match &failover.then {
        Terminal::Queue(seconds) => phrases::queue(seconds.as_ref()),
        Terminal::Degrade(None) => "degrade".to_owned(),
        Terminal::Degrade(Some(message)) => format!("degrade \"{message}\""),
        Terminal::Block => "block".to_owned(),
    };
    let mut lines = vec![format!(
        "failover {} on {}, then {then}{because}",
        failover.name.value,
        path.on.names().join(", ")
    )];
    for (position, target) in path.targets.iter().enumerate() {
        let model = explanation.model(target.model);
        let mut notes = vec![costs(explanation, model)];
        notes.push(super::beside(&target.multiplier).unwrap_or_else(|| "the same cost".to_owned()));
        notes.extend(actions(target).into_iter().map(str::to_owned));
        notes.extend(explanation.halts_at(target.model).iter().map(|halt| {
            format!(
                "{} by budget `{}`",
                halt::done(&halt.action),
                explanation.world().budgets[halt.budget].name.value
            )
        }));
        let down = down(explanation, target.model);
        lines.push(format!("+ {}: target {}, {}{down}", model.id, position + 1, notes.join(", ")));
    }
    for left_out in &path.left_out {
        let words = reason::left_out(explanation, left_out);
        lines.push(format!("- {}: left out: {words}", explanation.id(left_out.model)));
    }
    lines
}

/// The primary and the targets of the path that is told of, each with something that is said of it.
fn each(explanation: &Explanation, say: impl Fn(&Model) -> String) -> Vec<String> {
    let decision = explanation.decision();
    let path = decision.path(explanation.question.on);
    let chain = decision.primary.into_iter().chain(path.into_iter().flat_map(Path::models));
    let models = chain.map(|model| explanation.model(model));
    models.map(|model| format!("{}: {}", model.id, say(model))).collect()
}

fn regions(explanation: &Explanation) -> Vec<String> {
    let world = explanation.world();
    let Some(residency) = explanation.reading.residency() else { return Vec::new() };
    let mut by: Vec<&str> = reason::narrowing(explanation).into_iter().map(|(rule, _)| rule).collect();
    by.dedup();
    let stated = explanation.question.use_case.stated_residency();
    let mut says: Vec<String> =
        stated.map(|stated| format!("the use case says {}", set(world, stated))).into_iter().collect();
    says.extend(by.iter().map(|rule| format!("rule `{rule}` narrows it")));
    let mut lines = vec![format!("processed in {}: {}", set(world, residency), says.join(", "))];
    lines.extend(each(explanation, |model| {
        let processes = match &model.regions {
            Some(regions) if !regions.is_empty() => set(world, regions),
            _ => return "not stated".to_owned(),
        };
        match show::regions(world, explanation.decision(), model) {
            Some(pinned) if model.region_selectable == Some(true) => {
                let names = pinned.iter().map(|name| format!("`{name}`")).collect::<Vec<String>>();
                let all = model.regions.as_ref().map_or(0, |regions| world.names.sorted(regions).len());
                let of = if names.len() == all { String::new() } else { format!(" of {processes}") };
                format!("pinned to {}{of}", super::words::or(&names))
            }
            _ => processes,
        }
    }));
    lines
}

fn retention(explanation: &Explanation) -> Vec<String> {
    let Some(max) = &explanation.question.use_case.retention_max else { return Vec::new() };
    let mut lines = vec![format!("at most {}", kept(max))];
    lines.extend(each(explanation, |model| match &model.retention {
        Some(days) if *days == whole(0) => "zero retention".to_owned(),
        Some(days) => kept(days),
        None => "not stated".to_owned(),
    }));
    lines
}

fn agreement(explanation: &Explanation) -> Vec<String> {
    let (world, data) = (explanation.world(), &explanation.question.use_case.data);
    if data.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("the prompt holds {}", set(world, data))];
    lines.extend(each(explanation, |model| {
        model.dpa.map_or("no agreement is stated".to_owned(), |status| format!("agreement {}", status.name()))
    }));
    lines
}

fn certifications(explanation: &Explanation) -> Vec<String> {
    let (world, needed) = (explanation.world(), &explanation.question.use_case.compliance);
    if needed.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("needs {}", set(world, needed))];
    lines.extend(each(explanation, |model| {
        let held: Set = model.compliance.as_ref().map(|held| held.shared(needed)).unwrap_or_default();
        let names = world.names.sorted(&held).into_iter().map(|name| {
            let ends = model
                .endings
                .iter()
                .find(|ending| ending.kind == crate::model::EndingKind::Certification && ending.name == name);
            ends.map_or(name.clone(), |ending| format!("{name} through {}", ending.last_day))
        });
        format!("holds {}", names.collect::<Vec<String>>().join(", "))
    }));
    lines
}

/// Models that are on no path: those that may serve, best first, then those that may not.
fn alternatives(explanation: &Explanation) -> Vec<String> {
    let decision = explanation.decision();
    let reached = decision.reaches();
    let met = |model: ModelId| {
        let mut left_out = decision.paths.iter().flat_map(|path| &path.left_out);
        reached.contains(&model) || left_out.any(|left_out: &LeftOut| left_out.model == model)
    };
    let mut lines = Vec::new();
    for id in explanation.ranking().iter().filter(|model| !met(**model)) {
        let model = explanation.model(*id);
        let mut words = vec![costs(explanation, model)];
        if let Some(primary) = decision.primary {
            words.push(choice::before(explanation, primary, *id));
        }
        if let Some(path) = decision.path(explanation.question.on) {
            let why = explanation.unreached(path, *id);
            words.push(reason::unreached(explanation, path, &model.id, why));
        }
        lines.push(format!(". {}: may serve, {}", model.id, words.join(", ")));
    }
    let removed = explanation.removed().iter().filter(|removed| !met(removed.model));
    let removed: Vec<&Removed> = removed.collect();
    let is_unapproved = |removed: &Removed| removed.gates.contains(&Gate::ApprovedUseCase);
    let unapproved = removed.iter().filter(|removed| is_unapproved(removed)).count();
    // A registry of many models would bury those that were meant to serve.
    let is_long = unapproved > shown::UNAPPROVED;
    for removed in removed.iter().filter(|removed| !is_long || !is_unapproved(removed)) {
        lines.push(format!("- {}: {}", explanation.id(removed.model), reason::all(explanation, removed)));
    }
    if is_long {
        let use_case = &explanation.question.use_case.name.value;
        lines.push(format!(
            "- {unapproved} models are not approved for `{use_case}`; `--why-not MODEL` says what else keeps one out"
        ));
    }
    lines
}

/// The budgets and quotas that count the request, and what they do.
fn limits(explanation: &Explanation) -> Vec<String> {
    let world = explanation.world();
    let budgets = explanation.decision().budgets.iter().map(|id| (*id, &world.budgets[*id]));
    let mut halts: BTreeMap<BudgetId, &Halt> = BTreeMap::new();
    for halt in &explanation.halts {
        halts.entry(halt.budget).or_insert(halt);
    }
    let elsewhere = elsewhere(explanation);
    let mut lines: Vec<String> = budgets
        .map(|(id, budget)| {
            let what = halts.get(&id).map_or_else(
                || elsewhere.get(&id).cloned().unwrap_or_default(),
                |halt| {
                    let done = halt::done(&halt.action);
                    if halt.is_certain {
                        format!(": {done}")
                    } else {
                        format!(": {done} if what is left is its own")
                    }
                },
            );
            let limit = money(&budget.limit, phrases::MONEY);
            let counted = counted(world, &budget.on, budget.per);
            format!("budget {}{counted}: {limit} usd per {}{what}", budget.name.value, budget.period.name())
        })
        .collect();
    for quota in explanation.decision().quotas.iter().map(|id| &world.quotas[*id]) {
        let limits = [
            quota.requests_per_minute,
            quota.tokens_per_minute,
            quota.requests_per_day,
            quota.tokens_per_day,
        ];
        let counted = counted(world, quota.on.as_slice(), quota.per);
        let then = match &quota.then {
            UsedUp::Queue(seconds) => phrases::queue(seconds.as_ref()),
            UsedUp::Failover => "failover".to_owned(),
            UsedUp::Block => "block".to_owned(),
        };
        lines.push(phrases::quota(&quota.name.value, &counted, limits, &then));
    }
    lines
}

/// What budgets that count only some models do to what goes to a target: `: queued at b/w`.
fn elsewhere(explanation: &Explanation) -> BTreeMap<BudgetId, String> {
    let mut counting = explanation.decision().budgets.iter();
    if counting.all(|id| explanation.world().budgets[*id].on.is_empty()) {
        return BTreeMap::new();
    }
    let mut halts: BTreeMap<BudgetId, Vec<(&str, Halt)>> = BTreeMap::new();
    for model in explanation.decision().reaches() {
        for halt in explanation.halts_at(model) {
            halts.entry(halt.budget).or_default().push((explanation.id(model), halt));
        }
    }
    let words = |(budget, halts): (BudgetId, Vec<(&str, Halt)>)| {
        let ids: Vec<String> = halts.iter().map(|(id, _)| (*id).to_owned()).collect();
        let (_, first) = halts.first()?;
        Some((budget, format!(": {} at {}", halt::done(&first.action), and(&ids))))
    };
    halts.into_iter().filter_map(words).collect()
}

/// What a budget or quota counts, and for what each: ` on openai per tenant`.
fn counted(world: &World, on: &[Selector], per: Option<Per>) -> String {
    let on: Vec<&str> = on.iter().map(|on| on.name(world)).collect();
    phrases::counted(&on, per.as_ref().map(|per| per.name(world)))
}

fn down(explanation: &Explanation, model: ModelId) -> &'static str {
    if explanation.is_up(model) { "" } else { ", down" }
}

fn costs(explanation: &Explanation, model: &Model) -> String {
    cost::words(explanation.question.use_case, model)
}
