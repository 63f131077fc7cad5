//! What happens when the primary fails, in words.

use super::acting::Halted;
use super::explanation::Explanation;
use super::halt;
use super::phrases::Elsewhere;
use super::sentence::MOST_WORDS;
use super::words::{actions, and, count, in_brackets, or};
use super::{phrases, reason};
use crate::decide::{Decision, LeftOut, Path, Target};
use crate::model::trigger::{OUTAGE, TRIGGERS, Triggers};
use crate::model::{Candidates, ModelId, Terminal, Trigger};

const BLOCKED: &str = "is blocked";

/// Why nothing follows where one model alone may serve.
pub(super) const NO_OTHER: &str = ", as no other model may serve it";

/// Every target is named.
const ALL: usize = usize::MAX;

/// What follows on an outage while a model serves.
pub(super) fn on_outage(explanation: &Explanation, route: ModelId, named: usize) -> String {
    let (when, fate) = next(explanation, route, named);
    format!("{when} it {fate}")
}

/// The same without saying how long a request waits in the end.
pub(super) fn on_outage_briefly(explanation: &Explanation, route: ModelId) -> String {
    let (when, fate) = next(explanation, route, 1);
    // Why nothing follows where one model alone may serve is said with that model.
    let fate = if explanation.ranking().len() == 1 { fate.replace(NO_OTHER, "") } else { fate };
    format!("{when} it {}", phrases::briefly(&fate))
}

fn next(explanation: &Explanation, route: ModelId, named: usize) -> (&'static str, String) {
    let decision = explanation.decision();
    let path = decision.outage_path();
    let when = if decision.primary == Some(route) { "on an outage" } else { "if that is down too" };
    match path {
        Some(path) => (when, fate(explanation, path, Some(route), named)),
        None => (when, format!("{BLOCKED}, as {}", uncovered(decision))),
    }
}

/// Triggers that lead elsewhere than an outage does: first those as which what is down fails, then the others that a
/// statement covers.
pub(super) fn elsewhere(explanation: &Explanation, route: ModelId) -> Vec<Elsewhere> {
    let decision = explanation.decision();
    // Of a primary that is down the other triggers say nothing.
    if decision.primary != Some(route) {
        return Vec::new();
    }
    let usual = decision.outage_path();
    let fate = |path: Option<&Path>, named: usize| {
        path.map_or(BLOCKED.to_owned(), |path| fate(explanation, path, Some(route), named))
    };
    let usual_end = usual.map_or(BLOCKED.to_owned(), |path| end(explanation, path));
    let is_covered = |trigger: &Trigger| {
        decision.path_on(*trigger).is_some() || (usual.is_some() && Triggers::usual().has(*trigger))
    };
    let rest = TRIGGERS.into_iter().filter(|trigger| !OUTAGE.contains(trigger));
    let covered = OUTAGE.into_iter().chain(rest).filter(is_covered);
    let led = covered.map(|trigger| {
        let path = decision.path_on(trigger);
        (trigger, fate(path, ALL), phrases::briefly(&fate(path, 1)))
    });
    phrases::elsewhere(led, &fate(usual, ALL), &usual_end)
}

/// Where a path leads from a model that has failed, and how it ends.
fn fate(explanation: &Explanation, path: &Path, from: Option<ModelId>, named: usize) -> String {
    let up: Vec<&Target> = path
        .targets
        .iter()
        .filter(|target| Some(target.model) != from && explanation.is_up(target.model))
        .collect();
    let end = end(explanation, path);
    let Some(first) = up.first() else {
        return match explanation.statement(path).candidates {
            Candidates::None => end,
            _ => format!("{end}, as {}", no_more(explanation, path, from)),
        };
    };
    if let Some(Halted::Stopped(stopped)) = halt::at(explanation, first.model) {
        return format!("would go to {}, but {stopped}", target_words(explanation, first));
    }
    let more = up.len().saturating_sub(named);
    let mut words: Vec<String> =
        up.iter().take(named).map(|target| with_budgets(explanation, target)).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    format!("goes to {}, else {end}", words.join(", then "))
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
        return "no other model may serve it".to_owned();
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
        let words: Vec<&str> = common.iter().map(|aspect| aspect.word()).collect();
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
        ([], _) if explanation.ranking().len() == 1 => "no other model may serve it".to_owned(),
        ([], Some(primary)) => format!("`{}` is on no chain of `{name}`", explanation.id(primary)),
        ([], None) => format!("failover `{name}` leads nowhere else"),
        (some, _) => leaves_out(explanation, name, &some.iter().collect::<Vec<_>>()),
    }
}

/// A target with what it costs and asks for.
pub(super) fn target_words(explanation: &Explanation, target: &Target) -> String {
    phrases::target(explanation.id(target.model), Some(&target.multiplier), &notes(&actions(target)))
}

/// The same with what budgets do to what goes there.
fn with_budgets(explanation: &Explanation, target: &Target) -> String {
    let mut all = notes(&actions(target));
    all.extend(halt::at(explanation, target.model).map(|halted| match halted {
        Halted::Stopped(words) => words.trim_start_matches("is ").to_owned(),
        Halted::Noted(words) => words.trim_start_matches("it is ").to_owned(),
    }));
    phrases::target(explanation.id(target.model), Some(&target.multiplier), &all)
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
    let end = path.map_or(BLOCKED.to_owned(), |path| end(explanation, path));
    format!("{end}, as {why}")
}

/// What is missing where no path is taken on an outage.
fn uncovered(decision: &Decision) -> &'static str {
    if decision.paths.is_empty() {
        "no failover statement covers it"
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
    let first = format!("When `{primary}` fails with {}, {subject}", phrases::failed_with(trigger));
    let path = explanation.decision().path_on(trigger);
    let noted = match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => {
            let mut targets = path.iter().flat_map(|path| &path.targets);
            let next = targets.find(|target| explanation.is_up(target.model));
            let would = next.map(|target| target_words(explanation, target));
            let would = would.map(|next| format!("; otherwise it would go to {next}")).unwrap_or_default();
            return format!("{first} {stopped}{would}");
        }
        Some(Halted::Noted(noted)) => format!("; {noted}"),
        None => halt::notice(explanation).map(|notice| format!("; {notice}")).unwrap_or_default(),
    };
    let Some(path) = path else {
        return format!("{first} {BLOCKED}, as no failover statement covers that{noted}");
    };
    // The statement's own reason is the least of what is said, then how long a request waits, then the last targets.
    let ways = [(true, false, ALL), (false, false, ALL), (false, true, ALL), (false, true, 2)];
    let text = |(because, is_brief, named)| {
        let text = format!("{first} {}{noted}", tried_by(explanation, path, because, named));
        if is_brief { phrases::briefly(&text) } else { text }
    };
    let mut all = ways.into_iter().map(text);
    let fits = all.find(|text| count(text) <= MOST_WORDS);
    fits.unwrap_or_else(|| text((false, true, 1)))
}

/// What follows by a path's statement, with its own reason or without it, and with so many targets named.
fn tried_by(explanation: &Explanation, path: &Path, because: bool, named: usize) -> String {
    let failover = explanation.statement(path);
    let because = failover.because.as_ref().filter(|_| because);
    let by = format!("failover `{}`{}", failover.name.value, in_brackets(because));
    let end = end(explanation, path);
    let up = path.targets.iter().filter(|target| explanation.is_up(target.model));
    let up: Vec<String> = up.map(|target| with_budgets(explanation, target)).collect();
    let ids: Vec<String> = path.models().map(|model| format!("`{}`", explanation.id(model))).collect();
    match (up.as_slice(), ids.as_slice()) {
        ([], _) if matches!(failover.candidates, Candidates::None) => {
            format!("{end}, as {by} says that nothing is tried")
        }
        ([], []) => format!("{end}, as {}", empty(explanation, path)),
        ([], [one]) => format!("{end}, as {one}, where {by} leads, is down"),
        ([], all) => format!("{end}, as {}, where {by} leads, are down", and(all)),
        ([one], _) => format!("goes to {one} by {by}; if that fails too it {end}"),
        ([one, rest @ ..], _) => {
            let more = rest.len().saturating_sub(named);
            let mut words: Vec<String> = rest.iter().take(named).cloned().collect();
            if more > 0 {
                words.push(format!("{more} more"));
            }
            let rest = words.join(", then ");
            format!("goes to {one} by {by}; if that fails too it goes to {rest}, else {end}")
        }
    }
}

/// How a path ends.
pub(super) fn end(explanation: &Explanation, path: &Path) -> String {
    match &explanation.statement(path).then {
        Terminal::Queue(seconds) => phrases::queues(seconds.as_ref()),
        Terminal::Degrade(_) => "gets a degraded answer".to_owned(),
        Terminal::Block => BLOCKED.to_owned(),
    }
}
