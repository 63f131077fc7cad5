//! Everything of a decision besides its route and its price, compared and put into words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::change::Lens;
use super::store::{Audited, NumberedDecision, Path, Store, Target};
use crate::limits::shown;
use crate::model::Trigger;
use crate::number::grouped;
use crate::table::format::{Action, Audit, Budget, Failover, Model, Quota, QuotaTerminal, Terminal};
use crate::table::sha256_hex;

/// What happens when no target is up on a trigger, or in an outage where none is asked for.
pub fn terminal(store: &Store, outcome: &NumberedDecision, on: Option<Trigger>) -> Terminal {
    let path = store.path_of(outcome, on).filter(|_| outcome.primary.is_some());
    let failover = path.and_then(|path| store.failovers.get(path.failover));
    failover.map_or(Terminal::Block {}, |failover| failover.then.clone())
}

/// A terminal in words.
pub fn terminal_words(terminal: &Terminal) -> String {
    match terminal {
        Terminal::Queue { seconds: None } => "queue".to_owned(),
        Terminal::Queue { seconds: Some(seconds) } => format!("queue for {}", duration(*seconds)),
        Terminal::Degrade { message: None } => "degrade".to_owned(),
        Terminal::Degrade { message: Some(message) } => format!("degrade \"{message}\""),
        Terminal::Block {} => "block".to_owned(),
    }
}

fn duration(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let unit = units.into_iter().find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    let (length, word) = unit.unwrap_or((1, "second"));
    let count = seconds / length;
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// How two outcomes differ in duties, in words.
pub fn differences(lens: &Lens, old: &NumberedDecision, new: &NumberedDecision) -> Vec<String> {
    let mut found = Vec::new();
    of_paths(lens, old, new, &mut found);
    let edits = lens.edits;
    named("budget", (&old.budgets, &new.budgets), lens.store, &edits.budgets, &mut found);
    named("quota", (&old.quotas, &new.quotas), lens.store, &edits.quotas, &mut found);
    let audit = |outcome: &NumberedDecision| lens.store.audit(&outcome.audit, &edits.audits);
    // A table says what is to be audited, and not by which statements.
    let (before, after) = match (&old.audit, &new.audit) {
        (Audited::Statements(_), Audited::Statements(_)) => (audit(old), audit(new)),
        _ => (lens.store.audit(&old.audit, &BTreeSet::new()), lens.store.audit(&new.audit, &BTreeSet::new())),
    };
    of_audit(before.as_ref(), after.as_ref(), &mut found);
    found.extend(lens.tags.iter().cloned());
    found
}

fn changed(what: &str, old: &str, new: &str, found: &mut Vec<String>) {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    if old != new {
        found.push(format!("{what}: {} → {}", shown(old), shown(new)));
    }
}

/// What is said of one trigger, by what it is: before and after.
type Said = BTreeMap<String, (String, String)>;

/// What differs on the way of each trigger; what differs alike on several is said once.
fn of_paths(lens: &Lens, old: &NumberedDecision, new: &NumberedDecision, found: &mut Vec<String>) {
    // Where nothing serves nothing fails over: that is said once, as `unroutable` or `routable`.
    if old.primary.is_none() || new.primary.is_none() {
        return;
    }
    let same_primary = !lens.other_primary(old, new);
    let mut ways: BTreeMap<(String, (String, String)), Vec<&str>> = BTreeMap::new();
    let mut failing = 0;
    for trigger in Trigger::ALL {
        let paths = [old, new].map(|outcome| lens.store.path_on(outcome, trigger));
        failing += usize::from(paths.iter().any(Option::is_some));
        let at = trigger as usize;
        if old.primary == new.primary && old.paths.get(at) == new.paths.get(at) {
            continue;
        }
        let mut said = Said::new();
        of_statement(lens, paths, &mut said);
        of_targets(lens, &lens.common(old, new, trigger), same_primary, &mut said);
        for entry in said.into_iter().filter(|(_, (old, new))| old != new) {
            ways.entry(entry).or_default().push(trigger.name());
        }
    }
    for ((what, (before, after)), on) in ways {
        let is_everywhere = on.len() >= failing || what.starts_with(OF_A_MODEL);
        let of = if is_everywhere { what } else { format!("{what} on {}", on.join(", ")) };
        changed(of.trim_start_matches(OF_A_MODEL), &before, &after, found);
    }
}

/// Marks what is a model's whatever fails.
const OF_A_MODEL: char = '\u{1}';

fn of_statement(lens: &Lens, paths: [Option<&Path>; 2], said: &mut Said) {
    let statement = |path: Option<&Path>| lens.store.failovers.get(path?.failover);
    let [old, new] = paths.map(statement);
    let mut both = |what: &str, words: &dyn Fn(&Failover) -> String| {
        let of = |failover: Option<&Failover>| failover.map(words).unwrap_or_default();
        said.insert(what.to_owned(), (of(old), of(new)));
    };
    both("cooldown in seconds", &|f| {
        f.cooldown_seconds.map(|seconds| seconds.to_string()).unwrap_or_default()
    });
    both("retries", &|f| if f.retry == 0 { String::new() } else { f.retry.to_string() });
    both("log as", &|f| f.log_as.clone().unwrap_or_default());
    both("notify", &|f| f.notify.join(", "));
}

fn of_targets(lens: &Lens, common: &[(Target, Target)], same_primary: bool, said: &mut Said) {
    let store = lens.store;
    for (a, b) in common {
        let (Some(before), Some(after)) = (store.models.get(a.model), store.models.get(b.model)) else {
            continue;
        };
        let id = &after.model.id;
        // Behind another primary the thresholds count from another price.
        if same_primary {
            said.insert(
                format!("cost actions of `{id}`"),
                (actions(store, a.actions), actions(store, b.actions)),
            );
        }
        let pinned = |regions| match store.regions.get(regions).cloned().flatten() {
            Some(all) => all.join(", "),
            None => "anywhere".to_owned(),
        };
        let pins = (pinned(a.regions), pinned(b.regions));
        said.insert(format!("{OF_A_MODEL}pinned regions of `{id}`"), pins);
        settings(&before.model, &after.model, said);
    }
}

/// Names that apply on one side only, those of edited statements aside.
fn named(
    what: &str,
    (old, new): (&[u32], &[u32]),
    store: &Store,
    edited: &BTreeSet<String>,
    found: &mut Vec<String>,
) {
    let names = |all: &[u32]| -> BTreeSet<String> {
        let names = all.iter().filter_map(|number| store.names.get(*number));
        names.filter(|name| !edited.contains(*name)).cloned().collect()
    };
    let (old, new) = (names(old), names(new));
    found.extend(new.difference(&old).map(|name| format!("{what} `{name}` applies")));
    found.extend(old.difference(&new).map(|name| format!("{what} `{name}` no longer applies")));
}

/// What differs between two budgets, in words.
pub fn of_budget(old: &Budget, new: &Budget) -> Vec<String> {
    compared(&budget_words(old), &budget_words(new))
}

/// What differs between two quotas, in words.
pub fn of_quota(old: &Quota, new: &Quota) -> Vec<String> {
    compared(&quota_words(old), &quota_words(new))
}

type Words = Vec<(&'static str, String)>;

fn compared(old: &Words, new: &Words) -> Vec<String> {
    let mut found = Vec::new();
    for ((word, old), (_, new)) in old.iter().zip(new) {
        changed(word, old, new, &mut found);
    }
    found
}

fn budget_words(budget: &Budget) -> Words {
    let at = budget.at.iter().map(|at| {
        let whom = at.notify.iter().flatten().map(|address| format!(" {address}"));
        format!("{} {}{}", at.used, at.action, whom.collect::<String>())
    });
    let or_none = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        ("limit", format!("{} usd per {}", budget.limit_usd, budget.period)),
        ("on", budget.on.join(", ")),
        ("per", or_none(&budget.per)),
        ("within", or_none(&budget.within)),
        ("mode", or_none(&budget.mode)),
        ("at", at.collect::<Vec<String>>().join(", ")),
        ("owner", or_none(&budget.owner)),
        ("escalate", budget.escalate.join(", ")),
    ]
}

fn quota_words(quota: &Quota) -> Words {
    let limit = |limit: Option<u64>| limit.map(|limit| grouped(&limit.to_string())).unwrap_or_default();
    vec![
        ("on", quota.on.clone().unwrap_or_else(|| "all traffic".to_owned())),
        ("per", quota.per.clone().unwrap_or_default()),
        ("requests per minute", limit(quota.requests_per_minute)),
        ("tokens per minute", limit(quota.tokens_per_minute)),
        ("requests per day", limit(quota.requests_per_day)),
        ("tokens per day", limit(quota.tokens_per_day)),
        ("then", quota_terminal(&quota.then)),
    ]
}

fn quota_terminal(then: &QuotaTerminal) -> String {
    match then {
        QuotaTerminal::Queue { seconds } => terminal_words(&Terminal::Queue { seconds: *seconds }),
        QuotaTerminal::Failover {} => "failover".to_owned(),
        QuotaTerminal::Block {} => "block".to_owned(),
    }
}

fn days(days: u64) -> String {
    format!("{} day{}", grouped(&days.to_string()), if days == 1 { "" } else { "s" })
}

/// How two audit duties differ, in words.
pub fn of_audit(old: Option<&Audit>, new: Option<&Audit>, found: &mut Vec<String>) {
    match (old, new) {
        (None, Some(_)) => found.push("an audit duty applies".to_owned()),
        (Some(_), None) => found.push("no audit duty applies any more".to_owned()),
        (Some(old), Some(new)) if old != new => {
            let days = |audit: &Audit| audit.retain_days.map(self::days).unwrap_or_default();
            changed("audit retention", &days(old), &days(new), found);
            let lineage = |audit: &Audit| if audit.lineage { "required" } else { "not required" };
            changed("lineage", lineage(old), lineage(new), found);
            changed("masked", &old.mask.join(", "), &new.mask.join(", "), found);
            changed("audit owners", &old.owners.join(", "), &new.owners.join(", "), found);
        }
        _ => {}
    }
}

/// How attribution tags differ, in words.
pub(super) fn of_tags(lens: &Lens, old: u32, new: u32) -> Vec<String> {
    let mut found = Vec::new();
    let both = lens.store.tags.get(old).zip(lens.store.tags.get(new)).filter(|_| old != new);
    let Some((old, new)) = both else { return found };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let value = |tags: &BTreeMap<String, String>| tags.get(key).cloned().unwrap_or_default();
        let before = value(old);
        let before = lens.names.of(key, &before).unwrap_or(&before);
        changed(&format!("attribution {key}"), before, &value(new), &mut found);
    }
    found
}

fn actions(store: &Store, actions: u32) -> String {
    let words = store.actions.get(actions).into_iter().flatten().map(|action| match action {
        Action::Notify { notify } if notify.is_empty() => "notify".to_owned(),
        Action::Notify { notify } => format!("notify {}", notify.join(" ")),
        Action::Throttle {} => "throttle".to_owned(),
        Action::Confirm {} => "confirm".to_owned(),
    });
    words.collect::<Vec<String>>().join(", ")
}

/// Settings of requests, and where they are sent.
fn settings(old: &Model, new: &Model, said: &mut Said) {
    for (what, old_all, new_all) in
        [("profile", &old.profile, &new.profile), ("endpoint", &old.endpoint, &new.endpoint)]
    {
        let keys: BTreeSet<&String> = old_all.keys().chain(new_all.keys()).collect();
        for key in keys {
            let value = |all: &Map<String, Value>| all.get(key).map(Value::to_string).unwrap_or_default();
            let of = format!("{OF_A_MODEL}{what} `{key}` of `{}`", new.id);
            said.insert(of, (cut(&value(old_all)), cut(&value(new_all))));
        }
    }
}

/// Of a long setting its beginning, and a mark by which two can be told apart.
fn cut(text: &str) -> String {
    if text.chars().count() <= shown::SETTING {
        return text.to_owned();
    }
    let start: String = text.chars().take(shown::SETTING).collect();
    let mark: String = sha256_hex(text.as_bytes()).chars().take(8).collect();
    format!("{start}… ({mark})")
}
