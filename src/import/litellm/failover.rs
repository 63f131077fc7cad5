//! The failover statements of a configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::fallbacks::{self, Path};
use super::group::{Class, Retries};
use super::names::{Names, Served};
use super::{Config, stated};
use crate::import::condition::Test;
use crate::import::draft::{Draft, Failover, Options, Step, UseCase};
use crate::import::{Notes, text};
use crate::limits::{MAX_IMPORTED_LINKS, MAX_IMPORTED_STEPS};
use crate::model::words;
use crate::yaml::Value;

const SECTIONS: [&str; 2] = ["router_settings", "litellm_settings"];

/// The failover statements of every public name.
pub(super) fn write(config: &Config, names: &Names, draft: &mut Draft, options: Options, notes: &mut Notes) {
    let lists = fallbacks::read(config, options.catalogue, names, notes);
    let retry = config.first(&SECTIONS, "num_retries");
    let retry = retry.and_then(|value| stated::whole(value, "`num_retries`", notes));
    let cooldown = config.first(&SECTIONS, "cooldown_time");
    let cooldown = cooldown.and_then(|value| stated::number(value, "`cooldown_time`", notes));
    let cooldown = cooldown
        .filter(|seconds| *seconds > crate::number::whole(0))
        .map(|seconds| format!("{} seconds", crate::number::exact(&seconds)));
    let retries = Retries::read(config, retry);
    let mut asked = None;
    let mut found = Vec::new();
    let mut without = Vec::new();
    let mut left = Some(MAX_IMPORTED_LINKS);
    for (at, use_case) in draft.use_cases.iter().enumerate() {
        let before = found.len();
        retries.say(&use_case.name, names.walk(&use_case.name), use_case.span, notes);
        let paths = lists.paths(&use_case.name, notes);
        if left.is_none() || lists.is_spent() {
            let shown = text::comment(&use_case.name);
            notes.left(use_case.span, format!("failover of `{shown}` and all names after it: the fallbacks lead to too many steps in total"));
            break;
        }
        lists.say_circles(&paths, notes);
        for path in paths {
            if path.is_cut {
                let shown = text::comment(&use_case.name);
                notes.left(use_case.span, format!("fallbacks of `{shown}` beyond {MAX_IMPORTED_STEPS}"));
            }
            let made = statements((at, use_case), &path, names, &retries, &mut left);
            asked = asked.or(made.iter().any(|(_, is_own)| *is_own).then_some(use_case.span));
            found.extend(made.into_iter().map(|(one, _)| Failover { cooldown: cooldown.clone(), ..one }));
        }
        if found.len() == before {
            let shown = text::comment(&use_case.name);
            if names.walk(&use_case.name).has_own_retries() {
                notes.left(use_case.span, format!("`num_retries` of a deployment of `{shown}`: it belongs to a failover statement, and nothing steps in there"));
            }
            without.push(format!("`{shown}`"));
        }
    }
    let steps = found.iter().flat_map(|one| one.chains.iter().flatten());
    let unknown =
        steps.filter_map(|step| if let Step::Unknown(name) = step { Some(name.as_str()) } else { None });
    lists.say_lost(&unknown.collect(), notes);
    // Whoever was not looked at may use any entry.
    if left.is_some() && !lists.is_spent() {
        lists.list_unused(names, notes);
    }
    if let Some(span) = asked {
        notes.read(span, "`retry 2 times` where `num_retries` is not stated: LiteLLM then retries twice, and only after the errors that it retries at all");
    }
    unsaid(config, &without, &lists, notes);
    let with = found.iter().filter_map(|one| Some(draft.use_cases.get(one.use_case)?.name.as_str()));
    retries.say_unused(&without, &with.collect(), notes);
    draft.failovers = found;
}

/// The statements of a path: one for all triggers for which the same is tried equally often, each with whether the number
/// of retries is the proxy's own. What gets more steps than are left is dropped.
fn statements(
    (at, use_case): (usize, &UseCase),
    path: &Path,
    names: &Names,
    retries: &Retries,
    left: &mut Option<usize>,
) -> Vec<(Failover, bool)> {
    let mut found: Vec<(Failover, bool)> = Vec::new();
    let mut made: BTreeMap<Class, (Vec<Step>, Vec<String>)> = BTreeMap::new();
    for trigger in path.on.iter().copied() {
        let Some(most) = *left else { break };
        let chain = || chain(use_case, path, names, retries, (trigger, most));
        let (steps, comments) = made.entry(retries.class(trigger)).or_insert_with(chain).clone();
        *left = left.and_then(|left| left.checked_sub(steps.len()));
        if steps.len() < 2 || left.is_none() {
            continue;
        }
        let times = retries.times(&use_case.name, names.walk(&use_case.name), trigger);
        let (retry, is_own) = times.map_or((None, false), |(times, is_own)| (Some(times), is_own));
        let same =
            |(known, _): &&mut (Failover, bool)| known.chains.first() == Some(&steps) && known.retry == retry;
        if let Some((known, _)) = found.iter_mut().find(same) {
            known.on.push(trigger);
            continue;
        }
        let suffix = match found.first() {
            None => path.error.suffix().to_owned(),
            Some(_) => format!("{}-{trigger}", path.error.suffix()),
        };
        let one = Failover {
            use_case: at,
            suffix,
            when: Test::Always,
            on: vec![trigger],
            chains: vec![steps],
            retry,
            cooldown: None,
            comments,
        };
        found.push((one, is_own));
    }
    found
}

/// A name's own deployments and those of the names behind it, in turn, with what is to be said about them. Whoever gets
/// more steps than there may be drops them all.
fn chain(
    use_case: &UseCase,
    path: &Path,
    names: &Names,
    retries: &Retries,
    (trigger, most): (&str, usize),
) -> (Vec<Step>, Vec<String>) {
    let mut comments = Vec::new();
    let own = retries.steps(&use_case.name, names.walk(&use_case.name), trigger);
    let mut met: BTreeSet<usize> = own.iter().copied().collect();
    let mut steps: Vec<Step> = own.into_iter().map(Step::Endpoint).collect();
    if steps.len() > 1 {
        let shown = text::comment(&use_case.name);
        comments.push(format!("`{shown}` has {} deployments of its own, which come first.", steps.len()));
    }
    if let Some(first) = &path.apart {
        let first = text::comment(first);
        let when = if names.picked(&use_case.name).is_empty() {
            "where fallbacks fail by different errors"
        } else {
            "after some of the names that the router picks, or where fallbacks fail by different errors"
        };
        comments.push(format!("From `{first}` on: asked only {when}."));
    }
    let mixed = if steps.len() > 1 { path.mixed.as_slice() } else { &[] };
    if let Some(first) = mixed.first() {
        let (first, shown) = (text::comment(first), text::comment(&use_case.name));
        comments.push(format!(
            "From `{first}` on: asked only where the deployments of `{shown}` fail by different errors."
        ));
    }
    let targets =
        path.without_order.as_ref().filter(|_| Retries::is_special(trigger)).unwrap_or(&path.targets);
    for target in targets.iter().chain(mixed) {
        if steps.len() > most {
            break;
        }
        let mut add = |serves: &[usize]| {
            steps.extend(serves.iter().filter(|at| met.insert(**at)).map(|at| Step::Endpoint(*at)));
        };
        match names.find(target) {
            Served::Public(_) => add(&names.walk(target).any()),
            Served::Model(serves) => add(serves),
            // What a wildcard serves may be a model that is here under another name.
            Served::Wildcard(_) if names.registered(target).is_some() => {
                if let Some((at, _)) = names.registered(target) {
                    add(&[at]);
                }
            }
            _ if names.mistaken(target).is_some() => {}
            _ => steps.push(Step::Unknown(target.clone())),
        }
    }
    if let Some((first, comment)) = closed(path, names, &steps) {
        comments.push(comment);
        steps.push(first);
    }
    (steps, comments)
}

/// What closes the circle that a path makes, if it makes one, and what is said of it.
fn closed(path: &Path, names: &Names, steps: &[Step]) -> Option<(Step, String)> {
    let (to, from) = path.circle.as_ref().and_then(|circle| circle.first().zip(circle.last()))?;
    let step = |name: &String| match names.find(name) {
        Served::Public(serves) | Served::Model(serves) => serves.first().copied().map(Step::Endpoint),
        Served::Wildcard(_) if names.registered(name).is_some() => {
            names.registered(name).map(|(at, _)| Step::Endpoint(at))
        }
        _ => steps.contains(&Step::Unknown(name.clone())).then(|| Step::Unknown(name.clone())),
    };
    // What lies between may be a second name of a deployment that stands there already: the arrow leads to that one.
    let is_last = |step: &Step| steps.last() == Some(step);
    let between = || step(from).filter(|before| steps.contains(before) && !is_last(before));
    let mut first = step(to)?;
    if is_last(&first) {
        first = between().unwrap_or(first);
    }
    let (from, to) = (text::comment(from), text::comment(to));
    let comment = format!(
        "A circle: `{from}` falls back to `{to}`, which was tried before. LiteLLM tries each name once: take out the last arrow."
    );
    Some((first, comment))
}

/// Lists settings of failover for names that have none.
fn unsaid(config: &Config, without: &[String], lists: &fallbacks::Fallbacks, notes: &mut Notes) {
    let settings = ["num_retries", "cooldown_time"].into_iter().filter(|_| !without.is_empty());
    for key in settings {
        if let Some(value) = config.first(&SECTIONS, key) {
            let names = words::some_plain(without, 5);
            notes.left(
                value.span,
                format!(
                    "`{key}: {}` for {names}: it belongs to a failover statement, and nothing steps in there",
                    shown(value)
                ),
            );
        }
    }
    if let Some(depth) = config.first(&SECTIONS, "max_fallbacks").filter(|_| lists.are_empty()) {
        notes.left(depth.span, format!("`max_fallbacks: {}`: there are no fallbacks", shown(depth)));
    }
}

fn shown(value: &Value) -> String {
    text::comment(&text::flow(value))
}
