//! One decision in one sentence: what the request is, where it goes, why, and what happens then.

use std::collections::BTreeSet;

use super::acting::Halted;
use super::explanation::{self, Cause, Explanation};
use super::halt;
use super::phrases::Elsewhere;
use super::words::count;
use super::{choice, failover, phrases, reason};
use crate::decide::outage::Outcome;
use crate::decide::reference::Removed;
use crate::model::{BudgetId, ModelId};
use crate::number::whole;

/// A sentence takes up more than where a request goes, why, and what happens on an outage only while it has at most
/// so many words.
pub const MOST_WORDS: usize = 35;

/// So many words more may stand where budgets act and something follows besides.
const OF_AN_END: usize = 4;

/// At most so many targets are named, fewer where the sentence is long.
const NAMED: usize = 3;

/// So many other triggers are told of; `-v` has all.
const ELSEWHERE: usize = 2;

/// The sentence.
pub fn sentence(explanation: &Explanation) -> String {
    let subject = subject(explanation);
    let text = match (explanation.outcome, explanation.question.on) {
        (Outcome::Unroutable, _) => unroutable(explanation, &subject),
        (_, Some(trigger)) => {
            let lower = subject.replacen('A', "a", 1);
            failover::tried(explanation, trigger, &lower)
        }
        (Outcome::Terminal, None) => nowhere(explanation, &subject),
        (Outcome::Route(model), None) => routed(explanation, &subject, model),
    };
    phrases::ended(&text)
}

/// The sentence of a request that a model serves.
fn routed(explanation: &Explanation, subject: &str, model: ModelId) -> String {
    let (why, rule) = if explanation.decision().primary == Some(model) {
        choice::of_primary(explanation, true)
    } else {
        (stands_in(explanation, model), None)
    };
    let full = rule.and_then(|rule| choice::with_reason(explanation, &why, rule));
    let goes = |why: &str, rest: &[String]| {
        let to = target(explanation, model);
        let first = format!("{subject} goes to {to}{why}");
        [vec![first], rest.to_vec()].concat().join("; ")
    };
    let halted = halt::of(explanation);
    if let Some(Halted::Stopped(stopped)) = &halted {
        return stopped_words(explanation, subject, model, [full.as_deref(), Some(why.as_str())], stopped);
    }
    let noted = match halted {
        Some(Halted::Noted(noted)) => Some(noted),
        Some(Halted::Stopped(_)) | None => None,
    };
    let mut noted = phrases::noted(noted, halt::share(explanation));
    let notice = halt::notice(explanation);
    let sends_notice = notice.is_some();
    noted.splice(0..0, notice);
    let (urgent, others): (Vec<Elsewhere>, Vec<Elsewhere>) =
        failover::elsewhere(explanation, model).into_iter().partition(|one| one.is_of_outage);
    let full_urgent: Vec<String> = urgent.iter().map(|one| one.full.clone()).collect();
    let with = |outage: String, urgent: &[String]| [&noted[..], &[outage], urgent].concat();
    let naming = |named: usize| with(failover::on_outage(explanation, model, named), &full_urgent);
    let fits = |named: &usize| count(&goes(&why, &naming(*named))) <= MOST_WORDS;
    let mut rest = naming((1..=NAMED).rev().find(fits).unwrap_or(1));
    for part in others.into_iter().take(ELSEWHERE.saturating_sub(urgent.len())) {
        let more = [rest.clone(), vec![part.full]].concat();
        if count(&goes(&why, &more)) <= MOST_WORDS {
            rest = more;
        }
    }
    let why = full.filter(|full| count(&goes(full, &rest)) <= MOST_WORDS).unwrap_or(why);
    let is_long = |why: &str, rest: &[String]| count(&goes(why, rest)) > MOST_WORDS;
    let why = if is_long(&why, &rest) { brief(explanation, model, &why) } else { why };
    if is_long(&why, &rest) && explanation.ranking().len() == 1 {
        // That no other may serve is said already.
        for part in &mut rest {
            *part = part.replace(failover::NO_OTHER, "");
        }
    }
    // What keeps others out comes before what orders those that are left.
    let kept_out = why.split_once(": ").filter(|_| is_long(&why, &rest));
    let why = kept_out.map_or(why.clone(), |(_, kept_out)| format!(", as {kept_out}"));
    if is_long(&why, &rest) {
        // How long it waits is said by `-v`, then why nothing follows, and all of it where budgets act at once.
        let outage = failover::on_outage_briefly(explanation, model);
        let brief_urgent: Vec<String> = urgent.into_iter().map(|one| one.brief).collect();
        let bare = outage.split(", as ").next().unwrap_or(&outage).to_owned();
        let bare = with(bare, &brief_urgent);
        let is_hopeless = count(&goes(&why, &bare)) > MOST_WORDS + OF_AN_END;
        let last = if is_hopeless { hopeless(&noted, &bare, sends_notice) } else { bare.clone() };
        let ways = [with(outage.clone(), &full_urgent), with(outage, &brief_urgent), bare];
        rest = ways.into_iter().find(|way| !is_long(&why, way)).unwrap_or(last);
    }
    with_more(explanation, rest, |rest| goes(&why, rest))
}

/// What is left of a sentence that is too long in any case.
fn hopeless(noted: &[String], bare: &[String], sends_notice: bool) -> Vec<String> {
    match noted {
        [] => bare.to_vec(),
        // What follows is worth more than a notice, and what else budgets do at once more than what follows.
        [_, ..] if sends_notice => bare.get(1..).unwrap_or_default().to_vec(),
        _ => noted.to_vec(),
    }
}

/// The sentence of a request that budgets stop, and where it would go otherwise.
fn stopped_words(
    explanation: &Explanation,
    subject: &str,
    model: ModelId,
    why: [Option<&str>; 2],
    by: &str,
) -> String {
    let would = |why: &str| {
        // What it costs is said beside the model that it stands in for.
        let to = if why.is_empty() { id(explanation, model) } else { target(explanation, model) };
        format!("{subject} {by}; otherwise it would go to {to}{why}")
    };
    let mut all = why.into_iter().flatten().chain([""]).map(would);
    all.find(|text| count(text) <= MOST_WORDS).unwrap_or_else(|| format!("{subject} {by}"))
}

/// With the obvious alternative, as far as there is room.
fn with_more(explanation: &Explanation, mut rest: Vec<String>, goes: impl Fn(&[String]) -> String) -> String {
    if let Some(alternative) = choice::alternative(explanation) {
        let more = [rest.clone(), vec![alternative]].concat();
        if count(&goes(&more)) <= MOST_WORDS {
            rest = more;
        }
    }
    goes(&rest)
}

/// Of how many it is the cheapest is the least of what is said.
fn brief(explanation: &Explanation, model: ModelId, why: &str) -> String {
    if explanation.decision().primary == Some(model) {
        choice::of_primary(explanation, false).0
    } else {
        // By which statement is the least of what is said.
        why.split(" by failover ").next().unwrap_or(why).to_owned()
    }
}

/// The sentence of a request for which everything that would be tried is down.
fn nowhere(explanation: &Explanation, subject: &str) -> String {
    let ends = failover::nowhere(explanation);
    match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => format!("{subject} {stopped}; otherwise it {ends}"),
        Some(Halted::Noted(noted)) => format!("{subject} {ends}; {noted}"),
        None => format!("{subject} {ends}"),
    }
}

fn id(explanation: &Explanation, model: ModelId) -> String {
    format!("`{}`", explanation.id(model))
}

/// A model that serves; in place of the primary with what it costs and asks for.
fn target(explanation: &Explanation, model: ModelId) -> String {
    if explanation.decision().primary == Some(model) {
        return format!("`{}`", explanation.id(model));
    }
    let path = explanation.decision().outage_path();
    let target = path.and_then(|path| path.targets.iter().find(|target| target.model == model));
    target.map_or_else(
        || format!("`{}`", explanation.id(model)),
        |target| failover::target_words(explanation, target),
    )
}

fn stands_in(explanation: &Explanation, model: ModelId) -> String {
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
    let path = explanation.decision().outage_path();
    let first = path.and_then(|path| path.models().next()) == Some(model);
    let which = if first { "the first" } else { "the first that is up" };
    let by = path.map_or("", |path| &explanation.statement(path).name.value);
    format!(", {which} after `{primary}` by failover `{by}`")
}

/// The sentence of a request that no model may serve, and what is nearest.
fn unroutable(explanation: &Explanation, subject: &str) -> String {
    let nearest = explanation.removed().iter().min_by_key(|removed| {
        let id = explanation.id(removed.model);
        (Cause::of(removed).len(), id)
    });
    let why = |removed: &Removed| {
        let others = Cause::of(removed).len() - 1;
        let more = match others {
            0 => String::new(),
            1 => " (and 1 more reason)".to_owned(),
            others => format!(" (and {others} more reasons)"),
        };
        let strongest = reason::strongest(explanation, removed)?;
        let nearest = format!("; the nearest, `{}`, is out as {strongest}", explanation.id(removed.model));
        let is_long = count(&nearest) + count(subject) + count(&more) > MOST_WORDS;
        Some(if is_long { nearest } else { nearest + &more })
    };
    let nearest = nearest.filter(|removed| !Cause::of(removed).is_empty()).and_then(why).unwrap_or_default();
    format!("{subject} is blocked, as no model may serve it{nearest}")
}

/// ``A `confidential` request for `x` with 15% of its budget left and tenant `premium` ``.
fn subject(explanation: &Explanation) -> String {
    let question = &explanation.question;
    let (world, context) = (question.world, question.context);
    let class = question.classification();
    let name = &question.use_case.name.value;
    let baseline = world.baseline(question.use_case);
    let mut given = Vec::new();
    if context.budget != baseline.budget {
        given.push(phrases::left(None, &context.budget));
    }
    let counting = explanation.decision().budgets.iter();
    let named = context.shares.iter().map(|(budget, _)| budget).chain(counting).copied();
    for budget in named.collect::<BTreeSet<BudgetId>>() {
        let Some(left) = question.left_of(budget).filter(|left| **left < whole(100)) else { continue };
        let name = world.budgets[budget].name.value.as_str();
        given.push(phrases::left(Some(name), left));
    }
    let facts = world.facts.iter().zip(context.facts.iter().zip(&baseline.facts));
    for (fact, (value, usual)) in facts {
        if value != usual {
            let value = fact.values.get(*value).map_or("", String::as_str);
            given.push(format!("{} `{value}`", fact.name));
        }
    }
    let down = explanation::down(question.down, world);
    phrases::subject(class, name, &given, &down).replacen('a', "A", 1)
}
