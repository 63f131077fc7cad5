//! What a person asks: a request from the words of a command line.

use std::collections::BTreeSet;

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::{completions, terminal};
use crate::decide::Decision;
use crate::decide::survey::{Case, Survey};
use crate::diag::quantity::{self, Wanted};
use crate::diag::{elsewhere, nearest};
use crate::explain::Question;
use crate::limits::shown;
use crate::model::{BudgetId, Context, Down, ModelId, Trigger, UseCase, UseCaseId, World};
use crate::number::{self, Rational, whole};
use crate::source::visible;

/// The parts of a request that a person can state.
#[derive(Debug, Args)]
pub(super) struct RequestArguments {
    /// Raise the classification of the data
    #[arg(long, value_name = "CLASSIFICATION", add = ArgValueCandidates::new(completions::classifications))]
    pub(super) classification: Option<String>,
    /// The smallest share left of the budgets that apply, or of one budget
    #[arg(long, value_name = "[BUDGET=]PERCENT", value_parser = parse_share, allow_hyphen_values = true, add = ArgValueCandidates::new(completions::shares))]
    pub(super) budget_remaining: Vec<Share>,
    /// State a fact of the request
    #[arg(long = "fact", value_name = "NAME=VALUE", value_parser = parse_fact, add = ArgValueCandidates::new(completions::facts))]
    pub(super) facts: Vec<(String, String)>,
    /// Assume that a provider, failure domain or model is down
    #[arg(long, value_name = "PROVIDER|DOMAIN|MODEL", add = ArgValueCandidates::new(completions::selectors))]
    pub(super) down: Vec<String>,
    /// Show what is tried when the primary fails in this way
    #[arg(long, value_name = "TRIGGER", value_parser = parse_trigger, add = ArgValueCandidates::new(completions::triggers))]
    pub(super) on: Option<Trigger>,
}

/// What remains of all budgets together, or of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Share {
    /// One budget's name; none: all that apply together.
    pub(super) budget: Option<String>,
    /// Percent, 0 to 100.
    pub(super) percent: Rational,
}

fn parse_share(text: &str) -> Result<Share, String> {
    let (budget, percent) = match text.rsplit_once('=') {
        Some((name, percent)) if !name.is_empty() => (Some(name.to_owned()), percent),
        _ => (None, text),
    };
    if budget.is_none()
        && let Some((name, percent)) = text.rsplit_once([':', ' '])
        && !name.is_empty()
        && parse_percent(percent).is_ok()
    {
        return Err(format!("write {name}={percent}"));
    }
    Ok(Share { budget, percent: parse_percent(percent)? })
}

/// A percent as in a policy: a bare number may mean a share or a percent, so it is refused.
pub(super) fn parse_percent(text: &str) -> Result<Rational, String> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = number::parse_decimal(digits).filter(|_| plain);
    let value = value.ok_or_else(|| match percent_in(text) {
        Some(right) => format!("write a percent as in {right}"),
        None if text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => {
            "a share lies between 0% and 100%: of a budget that is overspent, 0% is left".to_owned()
        }
        None => "write a percent, as in 15%".to_owned(),
    })?;
    if value > whole(100) {
        return Err("a share lies between 0% and 100%".to_owned());
    }
    if digits.len() == text.len() {
        let meant = if digits.contains('.') && value <= whole(1) { &value * whole(100) } else { value };
        return Err(format!("write a percent, as in {}%", number::exact(&meant)));
    }
    Ok(value)
}

/// The percent that a text means in another spelling: `10,5%`, `10 percent`.
fn percent_in(text: &str) -> Option<String> {
    let (quantity, length) = quantity::read(text, Wanted::Percent)?;
    quantity.written(Wanted::Percent).filter(|right| length == text.len() && right != text)
}

fn parse_trigger(text: &str) -> Result<Trigger, String> {
    let each: Vec<&str> = text.split(',').map(str::trim).collect();
    if each.len() > 1 && each.iter().all(|word| Trigger::parse(word).is_some()) {
        let each: Vec<String> = each.iter().map(|word| format!("`--on {word}`")).collect();
        return Err(format!("the primary fails on one of them: ask once for each, {}", each.join(" and ")));
    }
    Trigger::parse(text).ok_or_else(|| match elsewhere::meant(text, Trigger::NAMES) {
        Some(trigger) => format!("did you mean `{trigger}`?"),
        None => nearest::help(text, "trigger", Trigger::NAMES).text,
    })
}

impl RequestArguments {
    /// What remains of all budgets together, if stated.
    pub(super) fn together(&self) -> Option<&Rational> {
        self.budget_remaining.iter().find(|share| share.budget.is_none()).map(|share| &share.percent)
    }

    /// What remains of single budgets, by name.
    pub(super) fn shares(&self) -> impl Iterator<Item = (&str, &Rational)> {
        self.budget_remaining.iter().filter_map(|share| Some((share.budget.as_deref()?, &share.percent)))
    }

    /// Refuses what is stated twice.
    pub(super) fn once(&self) -> Result<(), String> {
        let facts = self.facts.iter().map(|(name, _)| format!("the fact `{name}`"));
        let shares = self.budget_remaining.iter().map(|share| match &share.budget {
            None => "what remains of the budgets".to_owned(),
            Some(name) => format!("what remains of the budget `{name}`"),
        });
        let mut seen = std::collections::BTreeSet::new();
        match facts.chain(shares).find(|stated| !seen.insert(stated.clone())) {
            Some(twice) => Err(format!("{twice} is stated twice")),
            None => Ok(()),
        }
    }
}

fn parse_fact(text: &str) -> Result<(String, String), String> {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    let each: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    if each.len() > 1 && each.iter().all(|one| one.split_once('=').is_some_and(|(name, _)| is_name(name))) {
        let each: Vec<String> = each.iter().map(|one| format!("--fact {one}")).collect();
        return Err(format!("one fact at a time; repeat the option: {}", each.join(" ")));
    }
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, as in tenant=premium".to_owned()),
    }
}

/// A use case by name or endpoint tag.
pub(super) fn use_case<'a>(world: &'a World, name: &str) -> Result<(UseCaseId, &'a UseCase), String> {
    let all = || world.use_cases.enumerated();
    let by_name = all().find(|(_, use_case)| use_case.name.value == name);
    let by_tag =
        || all().find(|(_, use_case)| use_case.endpoint_tag.as_ref().is_some_and(|tag| tag.value == name));
    by_name.or_else(by_tag).ok_or_else(|| {
        let names = world.use_cases.iter().map(|use_case| use_case.name.value.as_str());
        let tags = world.use_cases.iter().filter_map(|use_case| use_case.endpoint_tag.as_ref());
        let candidates: Vec<&str> = names.chain(tags.map(|tag| tag.value.as_str())).collect();
        unknown("use case", name, &candidates)
    })
}

/// A word for every use case, and a pattern, in the place of one.
pub(super) fn not_several(name: &str) -> Result<(), String> {
    let is_all = matches!(name.to_lowercase().as_str(), "all" | "every" | "everything" | "any" | "each");
    if is_all || name.contains('*') {
        let name = visible::inline(name);
        return Err(format!("`{name}` is not a use case: write `govctl resolve --all` for every one"));
    }
    if name.contains(',') {
        let name = visible::inline(name);
        return Err(format!(
            "`{name}` is several names: ask for one use case, or write `govctl resolve --all` for every one"
        ));
    }
    Ok(())
}

/// Says that a classification lower than a use case's own lowers nothing.
pub(super) fn note_lower(asked: Option<&str>, decided: &str, use_case: &str) {
    if let Some(asked) = asked.filter(|asked| *asked != decided) {
        let (asked, use_case) = (visible::inline(asked), visible::inline(use_case));
        terminal::say(&format!(
            "note: `{use_case}` is `{}` by its own data, and a request cannot lower that to `{asked}`: decided as `{0}`\n",
            visible::inline(decided)
        ));
    }
}

/// The context of a request for a use case; a lower classification than its own is ignored.
pub(super) fn context(
    world: &World,
    use_case: &UseCase,
    request: &RequestArguments,
) -> Result<Context, String> {
    let mut context = world.baseline(use_case);
    if let Some(name) = &request.classification {
        let level = world.classifications.position(|known| known == name).ok_or_else(|| {
            let candidates: Vec<&str> = world.classifications.iter().map(String::as_str).collect();
            unknown("classification", name, &candidates)
        })?;
        context.classification = context.classification.max(level);
    }
    request.once()?;
    if let Some(budget) = request.together() {
        context.budget.clone_from(budget);
    }
    for (name, percent) in request.shares() {
        let budget = world.budgets.position(|budget| budget.name.value == name).ok_or_else(|| {
            let candidates: Vec<&str> = world.budgets.iter().map(|b| b.name.value.as_str()).collect();
            not_in_force(world, name).unwrap_or_else(|| unknown("budget", name, &candidates))
        })?;
        // What nothing compares, or a budget that does not cover the use case, is no part of the context.
        if let Some((_, share)) = context.shares.iter_mut().find(|(known, _)| *known == budget) {
            share.clone_from(percent);
        }
    }
    for (name, value) in &request.facts {
        let id = world.facts.position(|fact| fact.name == *name).ok_or_else(|| {
            let candidates: Vec<&str> = world.facts.iter().map(|fact| fact.name.as_str()).collect();
            own_option(name, value).unwrap_or_else(|| unknown("fact", name, &candidates))
        })?;
        let fact = &world.facts[id];
        let value = fact.values.position(|known| known == value).ok_or_else(|| {
            let candidates: Vec<&str> = fact.values.iter().map(String::as_str).collect();
            unknown(&format!("value of the fact `{name}`"), value, &candidates)
        })?;
        context.facts[id] = value;
    }
    Ok(context)
}

/// What is said of a budget that is written and not in force.
fn not_in_force(world: &World, name: &str) -> Option<String> {
    let as_of = world.as_of;
    let days = || world.timed.iter().filter(|timed| timed.kind == "budget" && timed.name == name);
    let begins = days().filter_map(|timed| timed.from).filter(|from| *from > as_of).min();
    let ended = days().filter_map(|timed| timed.until).filter(|until| *until < as_of).max();
    let when = match (begins, ended) {
        (Some(from), _) => format!("it begins on {from}"),
        (None, Some(until)) => format!("its last day was {until}"),
        (None, None) => return None,
    };
    Some(format!("the budget `{name}` is not in force on {as_of}: {when}; leave it out"))
}

/// What is said of a fact that is stated with an option of its own.
fn own_option(name: &str, value: &str) -> Option<String> {
    let option = match name {
        "classification" | "data_classification" => "classification",
        "budget.remaining" | "budget_remaining" => "budget-remaining",
        "down" => "down",
        "on" | "trigger" => "on",
        "use_case" => {
            return Some(format!(
                "`use_case` is not a fact; name the use case itself: `govctl resolve {value}`"
            ));
        }
        _ => return None,
    };
    Some(format!("`{name}` is not a fact; write `--{option} {value}`"))
}

/// What is down.
pub(super) fn down(world: &World, names: &[String]) -> Result<Vec<Down>, String> {
    names.iter().map(|name| one_down(world, name)).collect()
}

/// A provider or failure domain, else a model.
pub(super) fn one_down(world: &World, name: &str) -> Result<Down, String> {
    match world.down(name) {
        Some(down) => Ok(down),
        None if name.contains(',') => {
            let all: Vec<String> = name.split(',').map(|one| format!("--down {}", one.trim())).collect();
            Err(format!("`--down` takes one; repeat it: `{}`", all.join(" ")))
        }
        None => model(world, name, "provider, failure domain or model").map(Down::Model),
    }
}

/// A model by id, unique bare name or alias.
pub(super) fn model(world: &World, name: &str, what: &str) -> Result<ModelId, String> {
    match world.find_model(name).as_slice() {
        [one] => Ok(*one),
        [] => {
            let ids = world.models.iter().map(|model| model.id.as_str());
            let bare = world.models.iter().map(|model| model.name.value.as_str());
            // Every provider is among them; the widest kind comes first, where it is asked for at all.
            let domains = world.failure_domains.iter().map(|domain| world.names.name(*domain));
            let domains = domains.filter(|_| what != "model");
            let candidates: Vec<&str> = domains.chain(ids).chain(bare).collect();
            Err(shared(world, name, what, &candidates).unwrap_or_else(|| {
                // Names of several models would be refused in turn, and one of a domain and a model is one name.
                let is_one = |name: &str| world.down(name).is_some() || world.find_model(name).len() == 1;
                let mut known = BTreeSet::new();
                let usable = candidates.iter().copied().filter(|name| is_one(name) && known.insert(*name));
                unknown(what, name, &usable.collect::<Vec<&str>>())
            }))
        }
        several => {
            let ids: Vec<&str> =
                several.iter().map(|id| &world.models[*id]).map(|model| model.id.as_str()).collect();
            Err(format!("several providers have a model `{name}`: write {}", nearest::either(&ids)))
        }
    }
}

/// What is said of a name that is near to one that several providers have: the ids, of which each can be written.
fn shared(world: &World, name: &str, what: &str, candidates: &[&str]) -> Option<String> {
    let near = nearest::nearest(name, candidates.iter().copied());
    let ids = near.iter().flat_map(|near| match world.find_model(near).as_slice() {
        [] | [_] => vec![*near],
        several => several.iter().map(|id| world.models[*id].id.as_str()).collect(),
    });
    let ids: Vec<&str> = ids.collect();
    let is_shared = ids.len() > near.len();
    is_shared.then(|| {
        let shown: Vec<&str> = ids.into_iter().take(shown::SHARED_NAMES).collect();
        format!("no {what} is called `{name}`; did you mean {}?", nearest::either(&shown))
    })
}

pub(super) fn unknown(what: &str, name: &str, candidates: &[&str]) -> String {
    format!("no {what} is called `{name}`; {}", nearest::help(name, what, candidates).text)
}

/// A use case as it is asked about, and its decision.
pub(super) struct Asked<'a> {
    use_case: &'a UseCase,
    context: Context,
    stated: Vec<(BudgetId, Rational)>,
    on: Option<Trigger>,
    pub(super) decision: &'a Decision,
}

/// What is asked of one use case; none where its decision is not defined.
pub(super) fn asked<'a>(
    survey: &'a Survey,
    case: &'a Case,
    request: &RequestArguments,
) -> Result<Option<Asked<'a>>, String> {
    let use_case = &survey.world.use_cases[case.id];
    let context = context(survey.world, use_case, request)?;
    if !case.is_decided() {
        return Ok(None);
    }
    let Some(Ok(decision)) = survey.decision(case, &context) else { return Ok(None) };
    let budgets = &survey.world.budgets;
    let stated = request.shares().filter_map(|(name, left)| {
        Some((budgets.position(|budget| budget.name.value == name)?, left.clone()))
    });
    Ok(Some(Asked { use_case, context, stated: stated.collect(), on: request.on, decision }))
}

impl Asked<'_> {
    /// The same as explanations take it.
    pub(super) fn question<'b>(&'b self, world: &'b World, down: &'b [Down]) -> Question<'b> {
        Question {
            world,
            use_case: self.use_case,
            context: &self.context,
            decision: self.decision,
            on: self.on,
            down,
            stated: &self.stated,
        }
    }
}
