//! Everything of a decision besides its route and its price, compared and put into words.

use std::collections::{BTreeMap, BTreeSet};

use super::store::{Outcome, Store};
use crate::model::words::list;
use crate::table::format::{Action, Audit, Budget, Failover, Model, Quota, QuotaTerminal, Terminal, Trigger};

/// What happens when no target is up.
pub fn terminal(store: &Store, outcome: &Outcome) -> Terminal {
    let failover = outcome.failover.and_then(|at| store.failovers.get(at));
    match failover {
        Some((_, failover)) if !outcome.targets.is_empty() => failover.then.clone(),
        _ => Terminal::Block {},
    }
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

/// How two outcomes differ in duties, in words; targets are paired as given.
pub fn differences(store: &Store, old: &Outcome, new: &Outcome, common: &[(usize, usize)]) -> Vec<String> {
    let mut found = Vec::new();
    of_failover(store, old, new, &mut found);
    named("budget", &budgets(store, old), &budgets(store, new), &mut found);
    named("quota", &quotas(store, old), &quotas(store, new), &mut found);
    of_audit(old.audit.as_ref(), new.audit.as_ref(), &mut found);
    of_tags(store, old, new, &mut found);
    for (at, other) in common {
        let (Some(a), Some(b)) = (old.targets.get(*at), new.targets.get(*other)) else { continue };
        let (Some(before), Some(after)) = (store.models.get(a.model), store.models.get(b.model)) else {
            continue;
        };
        let of = |what: &str| format!("{what} of `{}`", after.id);
        // Behind another primary the thresholds count from another price.
        if common.contains(&(0, 0)) {
            changed(&of("cost actions"), &actions(store, a.actions), &actions(store, b.actions), &mut found);
        }
        let pinned = |regions| store.regions.get(regions).cloned().flatten().map(|all| all.join(", "));
        let (before_pin, after_pin) = (pinned(a.regions), pinned(b.regions));
        let anywhere = || "anywhere".to_owned();
        let pins = (before_pin.unwrap_or_else(anywhere), after_pin.unwrap_or_else(anywhere));
        changed(&of("pinned regions"), &pins.0, &pins.1, &mut found);
        settings(before, after, &mut found);
    }
    found
}

fn changed(what: &str, old: &str, new: &str, found: &mut Vec<String>) {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    if old != new {
        found.push(format!("{what}: {} → {}", shown(old), shown(new)));
    }
}

fn of_failover(store: &Store, old: &Outcome, new: &Outcome, found: &mut Vec<String>) {
    // Where nothing serves nothing fails over: that is said once, as `unroutable` or `routable`.
    if old.targets.is_empty() || new.targets.is_empty() {
        return;
    }
    let get = |outcome: &Outcome| outcome.failover.and_then(|at| store.failovers.get(at)).cloned();
    let none = || {
        let failover = Failover {
            name: String::new(),
            retry: 0,
            cooldown_seconds: None,
            then: Terminal::Block {},
            log_as: None,
            notify: Vec::new(),
        };
        (Vec::new(), failover)
    };
    let ((old_on, old), (new_on, new)) = (get(old).unwrap_or_else(none), get(new).unwrap_or_else(none));
    let on = |triggers: &[Trigger]| {
        let mut names: Vec<&str> = triggers.iter().map(|trigger| trigger.name()).collect();
        names.sort_unstable();
        names.join(", ")
    };
    changed("failover on", &on(&old_on), &on(&new_on), found);
    let cooldown = |failover: &Failover| {
        failover.cooldown_seconds.map(|seconds| seconds.to_string()).unwrap_or_default()
    };
    changed("cooldown in seconds", &cooldown(&old), &cooldown(&new), found);
    changed("retries", &old.retry.to_string(), &new.retry.to_string(), found);
    let log = |failover: &Failover| failover.log_as.clone().unwrap_or_default();
    changed("log as", &log(&old), &log(&new), found);
    changed("notify", &old.notify.join(", "), &new.notify.join(", "), found);
}

/// Names with what stands under each: words and values.
type Named = Vec<(String, Vec<(&'static str, String)>)>;

fn budgets(store: &Store, outcome: &Outcome) -> Named {
    let all = outcome.budgets.iter().filter_map(|at| store.budgets.get(*at));
    all.map(|budget| (budget.name.clone(), budget_words(budget))).collect()
}

fn budget_words(budget: &Budget) -> Vec<(&'static str, String)> {
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

fn quotas(store: &Store, outcome: &Outcome) -> Named {
    let all = outcome.quotas.iter().filter_map(|at| store.quotas.get(*at));
    let limit = |limit: Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    let words = |quota: &Quota| {
        vec![
            ("on", quota.on.clone().unwrap_or_else(|| "all traffic".to_owned())),
            ("per", quota.per.clone().unwrap_or_default()),
            ("requests per minute", limit(quota.requests_per_minute)),
            ("tokens per minute", limit(quota.tokens_per_minute)),
            ("requests per day", limit(quota.requests_per_day)),
            ("tokens per day", limit(quota.tokens_per_day)),
            ("then", quota_terminal(&quota.then)),
        ]
    };
    all.map(|quota| (quota.name.clone(), words(quota))).collect()
}

fn quota_terminal(then: &QuotaTerminal) -> String {
    match then {
        QuotaTerminal::Queue { seconds } => terminal_words(&Terminal::Queue { seconds: *seconds }),
        QuotaTerminal::Failover {} => "failover".to_owned(),
        QuotaTerminal::Block {} => "block".to_owned(),
    }
}

fn named(what: &str, old: &Named, new: &Named, found: &mut Vec<String>) {
    let get = |all: &Named, name: &str| all.iter().find(|(known, _)| known == name).cloned();
    let names: BTreeSet<&String> = old.iter().chain(new).map(|(name, _)| name).collect();
    for name in names {
        match (get(old, name), get(new, name)) {
            (None, Some(_)) => found.push(format!("{what} `{name}` applies")),
            (Some(_), None) => found.push(format!("{what} `{name}` no longer applies")),
            (Some((_, before)), Some((_, after))) => {
                for ((word, old), (_, new)) in before.iter().zip(&after) {
                    changed(&format!("{what} `{name}` {word}"), old, new, found);
                }
            }
            _ => {}
        }
    }
}

fn of_audit(old: Option<&Audit>, new: Option<&Audit>, found: &mut Vec<String>) {
    match (old, new) {
        (None, Some(_)) => found.push("an audit duty applies".to_owned()),
        (Some(_), None) => found.push("no audit duty applies any more".to_owned()),
        (Some(old), Some(new)) if old != new => {
            let days =
                |audit: &Audit| audit.retain_days.map(|days| format!("{days} days")).unwrap_or_default();
            changed("audit retention", &days(old), &days(new), found);
            let lineage = |audit: &Audit| if audit.lineage { "required" } else { "not required" };
            changed("lineage", lineage(old), lineage(new), found);
            changed("masked", &old.mask.join(", "), &new.mask.join(", "), found);
            changed("audit owners", &old.owners.join(", "), &new.owners.join(", "), found);
        }
        _ => {}
    }
}

fn of_tags(store: &Store, old: &Outcome, new: &Outcome, found: &mut Vec<String>) {
    let (Some(old), Some(new)) = (store.tags.get(old.tags), store.tags.get(new.tags)) else { return };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let value = |tags: &BTreeMap<String, String>| tags.get(key).cloned().unwrap_or_default();
        changed(&format!("attribution {key}"), &value(old), &value(new), found);
    }
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
fn settings(old: &Model, new: &Model, found: &mut Vec<String>) {
    for (what, old_all, new_all) in
        [("profile", &old.profile, &new.profile), ("endpoint", &old.endpoint, &new.endpoint)]
    {
        let keys = old_all.keys().chain(new_all.keys());
        let mut keys: Vec<&String> = keys.filter(|key| old_all.get(*key) != new_all.get(*key)).collect();
        keys.sort();
        keys.dedup();
        if !keys.is_empty() {
            found.push(format!("{what} of `{}`: {} changed", new.id, list(&keys)));
        }
    }
}
