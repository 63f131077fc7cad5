//! Budgets and rate limits as statements.

use std::collections::{BTreeMap, BTreeSet};

use super::callers::{Caller, VirtualKey};
use super::owners::{BUDGET, Owned, Owner, back_linked, by_id, linked, owners, unlinked, unused};
use super::unread;
use crate::import::Notes;
use crate::import::draft::Draft;
use crate::import::text::{self, Names};
use crate::limits::{MAX_IMPORTED_ENTRIES, MAX_IMPORTED_LINKS};
use crate::number;
use crate::yaml::Value;

struct Limit<'a> {
    owner: Owner,
    /// The budget or rate limit.
    value: &'a Value,
    /// Its name in the workspace.
    name: String,
}

impl Limit<'_> {
    /// What notes call it: what the file does, where it does.
    fn shown(&self) -> String {
        text::comment(self.value.get("id").and_then(Value::text).unwrap_or(&self.name))
    }
}

/// All limits of a configuration.
pub(super) struct Money<'a> {
    budgets: Vec<Limit<'a>>,
    rates: Vec<Limit<'a>>,
}

/// A period of the language, where one is as long.
fn period(written: &str) -> Option<&'static str> {
    match written {
        "1d" | "24h" => Some("day"),
        "1w" | "7d" => Some("week"),
        "1M" | "30d" => Some("month"),
        "1Q" | "3M" | "90d" => Some("quarter"),
        "1Y" | "365d" => Some("year"),
        _ => None,
    }
}

impl<'a> Money<'a> {
    pub(super) fn read(governance: Option<&'a Value>, keys: &[VirtualKey], notes: &mut Notes) -> Self {
        let Some(governance) = governance else { return Self { budgets: Vec::new(), rates: Vec::new() } };
        let list = |key: &str| governance.get(key).map(Value::items).unwrap_or_default();
        let (budgets, rates) = (list("budgets"), list("rate_limits"));
        let (budget_ids, rate_ids) = (by_id(budgets), by_id(rates));
        let mut found: Owned = Vec::new();
        let mut limited: Owned = Vec::new();
        for (owner, item) in owners(governance) {
            unlinked(item, "budget", &budget_ids, notes);
            unlinked(item, "rate_limit", &rate_ids, notes);
            found.extend(linked(item, ["budget_id", "budget_ids"], &budget_ids, &owner));
            found.extend(linked(item, ["budget", "budgets"], &BTreeMap::new(), &owner));
            limited.extend(linked(item, ["rate_limit_id", "rate_limit_ids"], &rate_ids, &owner));
            limited.extend(linked(item, ["rate_limit", "rate_limits"], &BTreeMap::new(), &owner));
        }
        found.extend(back_linked(governance, keys));
        unused("budget", budgets, &found, notes);
        unused("rate limit", rates, &limited, notes);
        rest(governance, &found, &limited, notes);
        let mut taken = Names::default();
        let mut named = |all: Owned<'a>, end: &str| -> Vec<Limit<'a>> {
            let one = |(owner, value)| {
                let name = text::slug(&format!("{} {end}", title(&owner)), &mut taken);
                Limit { owner, value, name }
            };
            all.into_iter().map(one).collect()
        };
        Self { budgets: named(found, "spend"), rates: named(limited, "rate") }
    }

    /// Names of the budgets that `budget_used` speaks of for a model of a provider.
    pub(super) fn of(&self, provider: &str, model: Option<&str>, key: Option<&VirtualKey>) -> Vec<String> {
        let counts = |limit: &&Limit| match &limit.owner {
            Owner::Provider(name) => name == provider,
            Owner::Model(name, of) => {
                Some(name.as_str()) == model && of.as_deref().is_none_or(|of| of == provider)
            }
            Owner::OfKey(id, name) => name == provider && key.is_some_and(|key| key.id == *id),
            _ => false,
        };
        let readable = |limit: &&Limit| amount(limit.value).is_some();
        self.budgets.iter().filter(counts).filter(readable).map(|limit| limit.name.clone()).collect()
    }

    /// Writes all limits as statements; what has no equivalent is listed.
    pub(super) fn write(
        &self,
        draft: &mut Draft,
        keys: &[VirtualKey],
        callers: &[Caller],
        notes: &mut Notes,
    ) {
        let mut links = MAX_IMPORTED_LINKS;
        let written: BTreeSet<String> = draft.use_cases.iter().map(|one| one.name.clone()).collect();
        let callers: Vec<&Caller> = callers.iter().filter(|caller| written.contains(&caller.name)).collect();
        for limit in self.budgets.iter().take(MAX_IMPORTED_ENTRIES) {
            let shown = limit.shown();
            let Some((usd, of)) = amount(limit.value) else {
                notes.left(
                    limit.value.span,
                    format!("the budget `{shown}`: its limit or its `reset_duration` has no equivalent"),
                );
                continue;
            };
            let Some(scope) = scope(&limit.owner, draft, keys, &callers, &mut links) else {
                notes.left(
                    limit.value.span,
                    format!(
                        "the budget `{shown}`: none of the use cases or models it covers is carried over"
                    ),
                );
                continue;
            };
            let on =
                if scope.on.is_empty() { String::new() } else { format!("  on {}\n", scope.on.join(", ")) };
            draft.money += &format!(
                "\nbudget {} {{\n{}{on}  limit {usd} usd per {of}\n  at 100% block\n}}\n",
                limit.name, scope.when
            );
        }
        for limit in self.rates.iter().take(MAX_IMPORTED_ENTRIES) {
            let shown = limit.shown();
            let limits = rates(limit.value, &shown, notes);
            let Some(scope) =
                scope(&limit.owner, draft, keys, &callers, &mut links).filter(|_| !limits.is_empty())
            else {
                if !limits.is_empty() {
                    notes.left(
                        limit.value.span,
                        format!("the rate limit `{shown}`: none of the use cases or models it covers is carried over"),
                    );
                }
                continue;
            };
            if scope.on.len() > 1 {
                notes.read(limit.value.span, format!("the rate limit `{shown}` once for each place that it covers: a quota is on one provider or model"));
            }
            let places = if scope.on.is_empty() {
                vec![String::new()]
            } else {
                scope.on.iter().map(|on| format!("  on {on}\n")).collect()
            };
            for (at, on) in places.iter().enumerate() {
                let name = if at == 0 { limit.name.clone() } else { format!("{}-{}", limit.name, at + 1) };
                draft.money += &format!("\nquota {name} {{\n{}{on}{limits}}}\n", scope.when);
            }
        }
    }
}

/// What the gateway itself keeps of a budget, and how a period is lengthened by hand.
const BUDGET_STATE: [&str; 11] = [
    "current_usage",
    "last_reset",
    "calendar_aligned",
    "reset_config",
    "override_amount",
    "override_mode",
    "override_cycles_remaining",
    "override_cycles_total",
    "override_anchor_reset",
    "created_at",
    "updated_at",
];

/// Lists what nothing reads of limits and of what has them.
fn rest(governance: &Value, found: &Owned, limited: &Owned, notes: &mut Notes) {
    let list = |key: &str| governance.get(key).map(Value::items).unwrap_or_default();
    for (_, value) in found {
        unread(value, "a budget", &BUDGET, &BUDGET_STATE, notes);
    }
    for (_, value) in limited {
        unread(
            value,
            "a rate limit",
            &["id", "token_max_limit", "token_reset_duration", "request_max_limit", "request_reset_duration"],
            &[
                "token_current_usage",
                "token_last_reset",
                "request_current_usage",
                "request_last_reset",
                "calendar_aligned",
                "created_at",
                "updated_at",
            ],
            notes,
        );
    }
    for section in ["providers", "model_configs"] {
        for item in list(section) {
            unread(
                item,
                &format!("an entry of `{section}` of `governance`"),
                &[
                    "id",
                    "name",
                    "model_name",
                    "provider",
                    "budget_id",
                    "budget_ids",
                    "budget",
                    "budgets",
                    "rate_limit_id",
                    "rate_limit_ids",
                    "rate_limit",
                ],
                &[
                    "description",
                    "scope",
                    "scope_id",
                    "calendar_aligned",
                    "send_back_raw_request",
                    "send_back_raw_response",
                    "store_raw_request_response",
                    "network_config",
                    "proxy_config",
                    "custom_provider_config",
                    "concurrency_and_buffer_size",
                    "openai_config",
                ],
                notes,
            );
        }
    }
}

/// What a limit is called after.
fn title(owner: &Owner) -> String {
    match owner {
        Owner::Key(id) | Owner::Team(id) | Owner::Customer(id) => id.clone(),
        Owner::Provider(name) => name.clone(),
        Owner::Model(name, of) => format!("{} {name}", of.as_deref().unwrap_or_default()),
        Owner::OfKey(id, provider) => format!("{id} {provider}"),
    }
}

/// How much in which period.
fn amount(budget: &Value) -> Option<(String, &'static str)> {
    let usd = budget.get("max_limit")?.number().filter(|usd| **usd > number::whole(0))?;
    Some((number::exact(usd), period(budget.get("reset_duration")?.text()?)?))
}

/// The clauses of a quota; a period that has no equivalent is listed.
fn rates(value: &Value, shown: &str, notes: &mut Notes) -> String {
    let mut clauses = String::new();
    for (what, unit) in [("request", "requests"), ("token", "tokens")] {
        let Some(most) = value.get(&format!("{what}_max_limit")) else { continue };
        let reset = value.get(&format!("{what}_reset_duration")).and_then(Value::text).unwrap_or_default();
        let per = match reset {
            "1m" | "60s" => Some("minute"),
            "1d" | "24h" => Some("day"),
            _ => None,
        };
        match (most.number().and_then(number::to_whole).filter(|most| *most > 0), per) {
            (Some(most), Some(per)) => clauses += &format!("  limit {most} {unit} per {per}\n"),
            _ => notes.left(
                most.span,
                format!(
                    "the rate limit `{shown}`: `{what}_max_limit` for `{}`, a quota is for a minute or a day",
                    text::comment(reset)
                ),
            ),
        }
    }
    clauses
}

struct Scope {
    when: String,
    on: Vec<String>,
}

/// For whom and on what a limit holds; none where nobody of it is carried over.
fn scope(
    owner: &Owner,
    draft: &Draft,
    keys: &[VirtualKey],
    callers: &[&Caller],
    links: &mut usize,
) -> Option<Scope> {
    let of_keys = |test: &dyn Fn(&VirtualKey) -> bool| {
        let names = callers.iter().filter(|caller| caller.key.and_then(|at| keys.get(at)).is_some_and(test));
        names.map(|caller| text::string(&caller.name)).collect::<Vec<String>>()
    };
    let endpoints = |test: &dyn Fn(&crate::import::draft::Endpoint) -> bool, whole: bool| {
        let mut on: Vec<String> = Vec::new();
        let others = draft.endpoints.iter().filter(|endpoint| !test(endpoint));
        let shared: BTreeSet<&str> = others.map(|endpoint| endpoint.provider.as_str()).collect();
        for endpoint in draft.endpoints.iter().filter(|endpoint| test(endpoint)) {
            let is_whole = whole && !shared.contains(endpoint.provider.as_str());
            let selector =
                if is_whole { text::name(&endpoint.provider) } else { text::string(&endpoint.id()) };
            if !on.contains(&selector) {
                on.push(selector);
            }
        }
        on
    };
    let of_provider = |name: &str| endpoints(&|endpoint| endpoint.of.as_deref() == Some(name), true);
    let (names, on) = match owner {
        Owner::Key(id) => (Some(of_keys(&|key| key.id == *id)), None),
        Owner::Team(id) => (Some(of_keys(&|key| key.team.as_ref().is_some_and(|team| team.id == *id))), None),
        Owner::Customer(id) => {
            (Some(of_keys(&|key| key.customer.as_ref().is_some_and(|customer| customer.id == *id))), None)
        }
        Owner::Provider(name) => (None, Some(of_provider(name))),
        Owner::Model(name, of) => (
            None,
            Some(endpoints(
                &|endpoint| {
                    (endpoint.name == *name || endpoint.model == *name || endpoint.asked_as.contains(name))
                        && of.as_ref().is_none_or(|of| endpoint.of.as_ref() == Some(of))
                },
                false,
            )),
        ),
        Owner::OfKey(id, provider) => (Some(of_keys(&|key| key.id == *id)), Some(of_provider(provider))),
    };
    if names.as_ref().is_some_and(Vec::is_empty) || on.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    *links = links.checked_sub(names.as_ref().map_or(0, Vec::len) + on.as_ref().map_or(0, Vec::len))?;
    let when = names.map_or_else(String::new, |names| format!("  when use_case in [{}]\n", names.join(", ")));
    Some(Scope { when, on: on.unwrap_or_default() })
}
