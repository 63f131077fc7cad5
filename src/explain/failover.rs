//! What happens when the primary fails, in words.

use super::acting::Halted;
use super::compose::{Part, Worth};
use super::explanation::Explanation;
use super::ways::{End, Fate, Stop};
use super::words::{actions, and, in_brackets, or};
use super::{compose, halt, phrases, reason, triggers};
use crate::decide::{Decision, LeftOut, Path, Target};
use crate::limits::shown;
use crate::model::{Candidates, ModelId, Terminal, Trigger};

/// Why nothing follows where nothing can.
const NO_OTHER: &str = "no other model may serve it";

/// What follows while a model serves: on an outage, and where other triggers lead elsewhere.
pub(super) fn follows(explanation: &Explanation, route: ModelId) -> Vec<Part> {
    let decision = explanation.decision();
    let usual = decision.outage_path();
    let led = |from: Option<ModelId>| {
        triggers::led(usual.is_some(), |trigger| Some(fate(explanation, decision.path_on(trigger)?, from)))
    };
    let uncovered = || Fate::blocked(Some(uncovered(decision).to_owned()));
    let of_outage = usual.map_or_else(uncovered, |path| explained(explanation, path, route));
    if decision.primary == Some(route) {
        let when = if explanation.question.down.is_empty() { "on an outage" } else { "if that is down too" };
        return triggers::clauses(when, &of_outage, led(Some(route)));
    }
    let mut parts = vec![Part::clause(of_outage.wordings("if that is down too"))];
    // As which of its triggers what is down fails may lead elsewhere.
    let whole = usual.map(|path| fate(explanation, path, None));
    parts.extend(whole.and_then(|usual| triggers::depending(&usual, led(None))).map(Part::kept));
    parts
}

/// Where a path leads from a model that has failed, how it ends, and why nothing follows.
fn explained(explanation: &Explanation, path: &Path, from: ModelId) -> Fate {
    let fate = fate(explanation, path, Some(from));
    let says_none = matches!(explanation.statement(path).candidates, Candidates::None);
    let why = (fate.stops.is_empty() && !says_none).then(|| no_more(explanation, path, Some(from)));
    // Where one model alone may serve, that is said with it.
    Fate { why: why.filter(|why| why != NO_OTHER || explanation.ranking().len() > 1), ..fate }
}

/// Where a path leads from a model that has failed, and how it ends.
fn fate(explanation: &Explanation, path: &Path, from: Option<ModelId>) -> Fate {
    let up = |target: &&Target| Some(target.model) != from && explanation.is_up(target.model);
    let up: Vec<&Target> = path.targets.iter().filter(up).collect();
    let halted = up.first().and_then(|first| match halt::at(explanation, first.model) {
        Some(Halted::Stopped(stopped)) => Some(stopped),
        Some(Halted::Noted(_)) | None => None,
    });
    let stop = |target: &&Target| Stop {
        id: explanation.id(target.model).to_owned(),
        asks: notes(&actions(target)),
        held: held(explanation, target).filter(|_| halted.is_none()).into_iter().collect(),
        multiplier: Some(target.multiplier.clone()),
        is_confirmed: target.confirm,
        is_throttled: target.throttle,
    };
    Fate { stops: up.iter().map(stop).collect(), end: end(explanation, path), why: None, halted }
}

/// Why a path has no further target that is up.
fn no_more(explanation: &Explanation, path: &Path, from: Option<ModelId>) -> String {
    if path.targets.is_empty() {
        return empty(explanation, path);
    }
    let statement = explanation.statement(path);
    let name = &statement.name.value;
    let primary = explanation.decision().primary;
    let mut others =
        explanation.ranking().iter().filter(|model| Some(**model) != from && Some(**model) != primary);
    let is_new = |model: &ModelId| explanation.is_up(*model) && !path.models().any(|target| target == *model);
    let left_out: Vec<&LeftOut> = path.left_out.iter().filter(|left_out| is_new(&left_out.model)).collect();
    let left_out_too = |model: &ModelId| left_out.iter().any(|left_out| left_out.model == *model);
    if others.clone().next().is_none() && left_out.is_empty() {
        return NO_OTHER.to_owned();
    }
    let is_open = others.any(|model| is_new(model) && !left_out_too(model));
    let count = path.targets.len() as u64;
    match left_out.as_slice() {
        _ if is_open && count >= statement.limit => {
            format!("failover `{name}` ends after {count} {}", if count == 1 { "target" } else { "targets" })
        }
        [] if is_open => format!("failover `{name}` leads nowhere else"),
        [] => "nothing else that may serve it is up".to_owned(),
        some => leaves_out(explanation, name, some),
    }
}

/// What a statement comes to and leaves out, and why.
fn leaves_out(explanation: &Explanation, name: &str, all: &[&LeftOut]) -> String {
    let ids: Vec<String> = all.iter().map(|one| format!("`{}`", explanation.id(one.model))).collect();
    let what = if ids.len() > 2 { format!("{} models", ids.len()) } else { and(&ids) };
    format!("failover `{name}` leaves out {what} ({})", cuts(all))
}

/// Why all of some candidates are left out: what they have in common, else each reason once.
fn cuts(all: &[&LeftOut]) -> String {
    let aspects = |one: &LeftOut| {
        if one.gates.is_empty() && one.rules.is_empty() { one.mismatches.clone() } else { Vec::new() }
    };
    let mut common = all.first().map(|one| aspects(one)).unwrap_or_default();
    common.retain(|aspect| all.iter().all(|one| aspects(one).contains(aspect)));
    if !common.is_empty() {
        let words: Vec<&str> = common.iter().map(|aspect| aspect.name()).collect();
        return format!("no match in {}", words.join(" and "));
    }
    let mut why: Vec<String> = Vec::new();
    for one in all {
        let cut = reason::cut(one);
        if !why.contains(&cut) {
            why.push(cut);
        }
    }
    why.truncate(3);
    or(&why)
}

/// Why a path has no target, though its statement does not say `none`.
fn empty(explanation: &Explanation, path: &Path) -> String {
    let statement = explanation.statement(path);
    let name = &statement.name.value;
    let chains = match &statement.candidates {
        Candidates::Chains(chains) => Some(chains),
        Candidates::None | Candidates::Ranking | Candidates::Registry => None,
    };
    let off = explanation
        .decision()
        .primary
        .filter(|primary| chains.is_some_and(|chains| !chains.members.contains(primary)));
    match (path.left_out.as_slice(), off) {
        ([], _) if explanation.ranking().len() == 1 => NO_OTHER.to_owned(),
        ([], Some(primary)) => format!("`{}` is on no chain of `{name}`", explanation.id(primary)),
        ([], None) => format!("failover `{name}` leads nowhere else"),
        (some, _) => leaves_out(explanation, name, &some.iter().collect::<Vec<_>>()),
    }
}

/// A target with what it costs and asks for.
pub(super) fn target_words(explanation: &Explanation, target: &Target) -> String {
    phrases::target(explanation.id(target.model), Some(&target.multiplier), &notes(&actions(target)))
}

/// What budgets and quotas do to what goes to a target.
fn held(explanation: &Explanation, target: &Target) -> Option<String> {
    Some(match halt::at(explanation, target.model)? {
        Halted::Stopped(words) => words.trim_start_matches("is ").to_owned(),
        Halted::Noted(words) => words.trim_start_matches("it is ").to_owned(),
    })
}

fn notes(actions: &[&str]) -> Vec<String> {
    actions.iter().map(|action| (*action).to_owned()).collect()
}

/// Why a request goes nowhere while everything that may serve it is down, and how it ends.
pub(super) fn nowhere(explanation: &Explanation) -> String {
    let chain = explanation.decision().chain();
    let ids: Vec<String> = chain.iter().map(|model| format!("`{}`", explanation.id(*model))).collect();
    let path = explanation.decision().outage_path();
    let why = match ids.as_slice() {
        [one] if explanation.ranking().len() == 1 => format!("the only model for it, {one}, is down"),
        [one] => {
            let further = no_further(explanation, path);
            let of_it = format!("{one} is ");
            format!("{one} is down and {}", further.strip_prefix(&of_it).unwrap_or(&further))
        }
        _ => format!("{} are down", and(&ids)),
    };
    let end = path.map_or(End::BLOCKED, |path| end(explanation, path));
    format!("{end}, as {why}")
}

/// What is missing where no path is taken on an outage.
fn uncovered(decision: &Decision) -> &'static str {
    if decision.paths.is_empty() {
        "no failover statement applies"
    } else {
        "no failover statement covers an outage"
    }
}

/// Why an outage leads from the primary to none of the other models that may serve.
fn no_further(explanation: &Explanation, path: Option<&Path>) -> String {
    match path {
        None => uncovered(explanation.decision()).to_owned(),
        Some(path) => match explanation.statement(path) {
            by if matches!(by.candidates, Candidates::None) => {
                format!("failover `{}` tries nothing", by.name.value)
            }
            _ => empty(explanation, path),
        },
    }
}

/// What is tried when the primary has failed in one way.
pub(super) fn tried(explanation: &Explanation, trigger: Trigger, subject: &str) -> String {
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
    let first = format!("When `{primary}` {}, {subject}", phrases::fails(trigger));
    let path = explanation.decision().path_on(trigger);
    let noted = match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => {
            let mut targets = path.iter().flat_map(|path| &path.targets);
            let next = targets.find(|target| explanation.is_up(target.model));
            let would = next.map(|target| target_words(explanation, target));
            let would = would.map(|next| format!("; otherwise it would go to {next}")).unwrap_or_default();
            return format!("{first} {stopped}{would}");
        }
        Some(Halted::Noted(noted)) => Some(Part::kept(noted)),
        None => halt::notice(explanation).map(Part::kept),
    };
    let mut parts = match path {
        Some(path) => tried_by(explanation, path),
        None => vec![Part::attached(vec![(
            Worth::Kept,
            " is blocked, as no failover statement covers that".to_owned(),
        )])],
    };
    parts.extend(noted);
    compose::composed(&first, &parts, shown::SENTENCE)
}

/// What follows by a path's statement, and then.
fn tried_by(explanation: &Explanation, path: &Path) -> Vec<Part> {
    let failover = explanation.statement(path);
    let name = &failover.name.value;
    let ids: Vec<String> = path.models().map(|model| format!("`{}`", explanation.id(model))).collect();
    let mut rest = fate(explanation, path, None);
    let first = if rest.stops.is_empty() { None } else { Some(rest.stops.remove(0).words(None)) };
    let end = &rest.end;
    let goes = |by: &str| match (&first, ids.as_slice()) {
        (Some(one), _) => format!(" goes to {one} by {by}"),
        (None, _) if matches!(failover.candidates, Candidates::None) => {
            format!(" {end}, as {by} says that nothing is tried")
        }
        (None, []) => format!(" {end}, as {}", empty(explanation, path)),
        (None, [one]) => format!(" {end}, as {one}, where {by} leads, is down"),
        (None, all) => format!(" {end}, as {}, where {by} leads, are down", and(all)),
    };
    let because = format!("failover `{name}`{}", in_brackets(failover.because.as_ref()));
    let goes = vec![(Worth::Because, goes(&because)), (Worth::Kept, goes(&format!("failover `{name}`")))];
    let then =
        first.is_some().then(|| Part::clause(Fate { halted: None, ..rest }.wordings("if that fails too")));
    [Part::attached(goes)].into_iter().chain(then).collect()
}

/// How a path ends.
pub(super) fn end(explanation: &Explanation, path: &Path) -> End {
    match &explanation.statement(path).then {
        Terminal::Queue(seconds) => End::queued(seconds.as_ref()),
        Terminal::Degrade(_) => End::DEGRADED,
        Terminal::Block => End::BLOCKED,
    }
}
