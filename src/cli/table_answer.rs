//! `resolve --table`: the answer that a gateway would give, without a workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::answer::{self, Answer, Audit, Obligations, Primary, Target};
use super::ask::{self, RequestArguments, unknown};
use super::table_words::Told;
use super::{Common, keys, verify};
use crate::diag::nearest;
use crate::number;
use crate::table::format::{Action, Axis, AxisName, Model, Table, Trigger};
use crate::table::{self, Decision, DecisionTable, LoadOptions, Outcome, Request};

/// The answers for one use case, or for all, each with what `-v` adds.
pub(super) fn answers(
    path: &Path,
    trusted_keys: &[PathBuf],
    use_case: Option<&str>,
    asked: &RequestArguments,
    common: &Common,
) -> Result<Vec<(Answer, String)>, String> {
    let mut options = LoadOptions::at(common.as_of().to_string());
    options.trusted_keys = keys::trusted(trusted_keys)?;
    let table = verify::load_table(path, &options).map_err(|(_, message)| message)?;
    check(table.table(), use_case, asked)?;
    let names: Vec<&str> = match use_case {
        Some(name) => vec![name],
        None => table.table().use_cases.iter().map(|use_case| use_case.name.as_str()).collect(),
    };
    if let Some(name) = use_case {
        let request = Request { classification: asked.classification.as_deref(), ..Request::of(name) };
        let decision = table.decide(&request);
        let called = decision.use_case().map_or(name, |use_case| use_case.name.as_str());
        ask::note_lower(request.classification, decision.classification(), called);
    }
    names.into_iter().map(|name| answer(&table, name, asked)).collect()
}

/// A person's slips are errors, where a gateway would block.
fn check(table: &Table, use_case: Option<&str>, asked: &RequestArguments) -> Result<(), String> {
    if let Some(name) = use_case {
        let tags = table.use_cases.iter().filter_map(|use_case| use_case.endpoint_tag.as_deref());
        let known: Vec<&str> =
            table.use_cases.iter().map(|use_case| use_case.name.as_str()).chain(tags).collect();
        if !known.contains(&name) {
            return Err(unknown("use case", name, &known));
        }
    }
    if let Some(name) = &asked.classification
        && !table.classifications.contains(name)
    {
        let known: Vec<&str> = table.classifications.iter().map(String::as_str).collect();
        return Err(unknown("classification", name, &known));
    }
    for name in &asked.down {
        down(table, name)?;
    }
    asked.once()?;
    for (name, _) in asked.shares() {
        let known: Vec<&str> = table.budgets.iter().map(|budget| budget.name.as_str()).collect();
        if !known.contains(&name) {
            return Err(unknown("budget of this table", name, &known));
        }
    }
    for (name, value) in &asked.facts {
        let Some(fact) = table.facts.get(name) else {
            let known: Vec<&str> = table.facts.keys().map(String::as_str).collect();
            return Err(unknown("fact", name, &known));
        };
        if !fact.values.contains(value) {
            let known: Vec<&str> = fact.values.iter().map(String::as_str).collect();
            return Err(unknown(&format!("value of the fact `{name}`"), value, &known));
        }
    }
    Ok(())
}

/// Refuses a name that is no provider, failure domain or model of the table, or that several models share.
fn down(table: &Table, name: &str) -> Result<(), String> {
    let models = || table.models.iter();
    let whole = |model: &Model| [model.provider.as_str(), model.failure_domain.as_str()].contains(&name);
    if models().any(|model| whole(model) || model.id == name) {
        return Ok(());
    }
    let bare: Vec<&str> =
        models().filter(|model| model.name == name).map(|model| model.id.as_str()).collect();
    match bare.as_slice() {
        [_] => Ok(()),
        [] => {
            let known = models().flat_map(|model| {
                [&model.provider, &model.failure_domain, &model.id, &model.name].map(String::as_str)
            });
            let known: BTreeSet<&str> = known.collect();
            let known: Vec<&str> = known.into_iter().collect();
            Err(unknown("provider, failure domain or model of this table", name, &known))
        }
        several => {
            Err(format!("several providers have a model `{name}`: write {}", nearest::either(several)))
        }
    }
}

/// The budgets whose remaining shares change a decision of the use case: of single budgets a table knows only these.
fn compared(table: &DecisionTable, use_case: &str) -> Vec<String> {
    let found = table.decide(&Request::of(use_case)).use_case();
    let axes = found.map(|use_case| table.table().axes(use_case)).unwrap_or_default();
    let budget = |axis: &Axis| match axis.name() {
        AxisName::RemainingOf(budget) => Some(budget.to_owned()),
        _ => None,
    };
    axes.iter().filter_map(budget).collect()
}

fn answer(table: &DecisionTable, name: &str, asked: &RequestArguments) -> Result<(Answer, String), String> {
    let facts: Vec<(&str, &str)> = stated(table.table(), asked);
    let budget = asked.together().map(number::exact);
    let compared = compared(table, name);
    let shares = asked.shares().filter(|(name, _)| compared.iter().any(|known| known == name));
    let shares: Vec<(&str, String)> = shares.map(|(name, percent)| (name, number::exact(percent))).collect();
    let shares: Vec<(&str, &str)> = shares.iter().map(|(name, share)| (*name, share.as_str())).collect();
    let request = Request {
        use_case: name,
        classification: asked.classification.as_deref(),
        budget_remaining: budget.as_deref(),
        budgets: &shares,
        facts: &facts,
    };
    let decision = table.decide(&request);
    if let Some(why) = decision.not_understood() {
        return Err(format!("the table does not understand the question: {why}"));
    }
    let names: Vec<&str> = asked.down.iter().map(String::as_str).collect();
    let down = table.down(&names);
    let model_down = |model: &Model| down.has(model);
    let on = asked.on;
    let outcome = routed(&decision, on, &model_down);
    let (word, route) = match outcome {
        Outcome::Route(target) => ("route", Some(target.model().id.clone())),
        Outcome::Terminal(_) => ("terminal", None),
        Outcome::Unroutable => ("unroutable", None),
    };
    let primary = decision.primary().map(|primary| Primary {
        model: primary.model().id.clone(),
        regions: primary.regions().map(<[String]>::to_vec),
        up: !model_down(primary.model()),
    });
    let path = match on {
        Some(trigger) => decision.on(trigger),
        None => decision.outage_path(),
    };
    let paths = decision.paths().filter(|path| on.is_none_or(|trigger| path.triggers().contains(&trigger)));
    let paths = paths.map(|path| answered(&path, on, &model_down)).collect();
    let mut context = vec![("classification".to_owned(), decision.classification().to_owned())];
    context.extend(shares_in_full(budget.as_deref(), &compared, &shares));
    context.extend(facts_in_full(table.table(), asked));
    let then = path.map_or("block", |path| path.then().name());
    let mut answer = Answer {
        use_case: decision.use_case().map(|use_case| use_case.name.clone()).unwrap_or_default(),
        context,
        outcome: word,
        primary,
        paths,
        route,
        then: then.to_owned(),
        rules: decision.rules().to_vec(),
        obligations: obligations(&decision),
        excluded: None,
        sentence: String::new(),
        why_not: None,
    };
    let mut open = compared.iter().map(String::as_str).filter(|name| is_open(&decision, asked, name));
    let share = open.find_map(|name| {
        let own = [&shares[..], &[(name, budget.as_deref()?)]].concat();
        let decision = table.decide(&Request { budgets: &own, ..request });
        let goes = elsewhere(&routed(&decision, on, &model_down), answer.route.as_ref())?;
        Some((name.to_owned(), goes))
    });
    let told = Told { answer: &answer, decision: &decision, asked, on, is_down: &model_down, share };
    let (sentence, story) = (told.sentence(), told.story());
    answer.sentence = sentence;
    Ok((answer, story))
}

/// What is left of the budgets together, and of each that is compared.
fn shares_in_full<'a>(
    together: Option<&str>,
    compared: &'a [String],
    shares: &'a [(&str, &str)],
) -> impl Iterator<Item = (String, String)> + use<'a> {
    let together = ("budget.remaining".to_owned(), format!("{}%", together.unwrap_or("100")));
    let single = compared.iter().map(|name| {
        let share = shares.iter().find(|(known, _)| known == name).map_or("100", |(_, share)| share);
        (format!("budget.{name}.remaining"), format!("{share}%"))
    });
    std::iter::once(together).chain(single)
}

/// Where a request goes, unless it goes where another one does.
fn elsewhere(outcome: &Outcome, other: Option<&String>) -> Option<String> {
    match outcome {
        Outcome::Route(target) if Some(&target.model().id) == other => None,
        Outcome::Route(target) => Some(format!("goes to `{}`", target.model().id)),
        Outcome::Terminal(_) | Outcome::Unroutable if other.is_none() => None,
        Outcome::Terminal(_) => Some("finds nothing that is up".to_owned()),
        Outcome::Unroutable => Some("is blocked".to_owned()),
    }
}

fn routed<'t>(decision: &Decision<'t>, on: Option<Trigger>, is_down: &dyn Fn(&Model) -> bool) -> Outcome<'t> {
    match on {
        Some(trigger) => decision.route_on(trigger, is_down),
        None => decision.route(is_down),
    }
}

/// Whether what is left of the budgets together may be what is left of this one, of which nothing is said.
fn is_open(decision: &Decision, asked: &RequestArguments, name: &str) -> bool {
    let mut covering = decision.budgets().filter(|budget| budget.on.is_empty());
    covering.any(|budget| budget.name == name)
        && asked.together().is_some_and(|left| *left < number::whole(100))
        && asked.shares().all(|(stated, _)| stated != name)
}

/// The facts that the request states; of one stated twice the last counts.
fn stated<'a>(table: &'a Table, asked: &'a RequestArguments) -> Vec<(&'a str, &'a str)> {
    let last = |name: &str| asked.facts.iter().rev().find(|(known, _)| known == name);
    let stated = table.facts.keys().filter_map(|name| last(name));
    stated.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn facts_in_full(table: &Table, asked: &RequestArguments) -> Vec<(String, String)> {
    let stated = stated(table, asked);
    let facts = table.facts.iter().map(|(name, fact)| {
        let value =
            stated.iter().find(|(known, _)| known == name).map_or(fact.default.as_str(), |(_, value)| value);
        (name.clone(), value.to_owned())
    });
    facts.collect()
}

fn action(action: &Action) -> &'static str {
    match action {
        Action::Notify { .. } => "notify",
        Action::Throttle {} => "throttle",
        Action::Confirm {} => "confirm",
    }
}

/// A path as it is answered; of one trigger alone where one is asked for.
fn answered(path: &table::Path, on: Option<Trigger>, is_down: &dyn Fn(&Model) -> bool) -> answer::Path {
    let failover = path.failover();
    let targets = path.targets().map(|target| Target {
        model: target.model().id.clone(),
        cost_multiplier: target.cost_multiplier().to_owned(),
        actions: target.actions().iter().map(action).collect(),
        regions: target.regions().map(<[String]>::to_vec),
        up: !is_down(target.model()),
    });
    let all = || path.triggers().iter().map(|trigger| trigger.name()).collect();
    answer::Path {
        on: on.map_or_else(all, |trigger| vec![trigger.name()]),
        failover: failover.map(|failover| failover.name.clone()).unwrap_or_default(),
        targets: targets.collect(),
        then: path.then().name().to_owned(),
        retry: failover.map_or(0, |failover| failover.retry),
        cooldown_seconds: failover.and_then(|failover| failover.cooldown_seconds),
        log_as: failover.and_then(|failover| failover.log_as.clone()),
        notify: failover.map(|failover| failover.notify.clone()).unwrap_or_default(),
    }
}

fn obligations(decision: &Decision) -> Obligations {
    let tags = decision.use_case().map(|use_case| &use_case.tags);
    Obligations {
        budgets: decision.budgets().map(|budget| budget.name.clone()).collect(),
        quotas: decision.quotas().map(|quota| quota.name.clone()).collect(),
        audit: decision.audit().map(|audit| Audit {
            retain_days: audit.retain_days,
            lineage: audit.lineage,
            mask: audit.mask.clone(),
            owners: audit.owners.clone(),
        }),
        tags: tags.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect(),
    }
}
