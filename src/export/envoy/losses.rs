//! What each promise of the table is worth in stock Envoy.

use super::apart;
use super::{Plan, budget};
use crate::export::profile::{listed, shown};
use crate::export::promise::{Kept, Level};
use crate::export::{self, only_if};
use crate::limits::gateways;
use crate::number;
use crate::table::format::Decision;

/// What the access log holds, and what it does not.
const LOG: &str = "one line of JSON a request on standard output, which `govctl audit` reads: what was stated, the decision with \
    its rules, route, hop, status, and where the primary was left the trigger, the statement and its `log as` name; the line \
    does not say who asked, what single attempts did, tokens, cost, prompt version, data sources or who confirmed";

/// What refusals look like, and to whom not.
const ANSWERS: &str = "direct responses with status, headers and body, also to what is not HTTP; only two that have a content type of gRPC \
    are answered in gRPC's form, with status 200: a request that HTTP does not allow (a broken body, no host, an upgrade), and \
    one by a connection whose table is no longer kept";

/// Every promise with its level.
pub(super) fn promises(plan: &Plan) -> Vec<Kept> {
    let mut all = export::promises(|promise| keeps(plan, promise));
    for kept in &mut all {
        told_apart(plan, kept);
    }
    export::profile::named(plan.table, all)
}

/// What counts apart, with what it does not: name, by what, and what nothing tells of that.
fn counted<'a>(plan: &'a Plan, promise: &str) -> Vec<(&'a str, Option<&'a str>, Option<&'static str>)> {
    let quotas = plan.table.quotas.iter().enumerate().map(|(number, quota)| {
        let covers = |decision: &Decision| decision.quotas.contains(&number);
        (quota.name.as_str(), quota.per.as_deref(), apart::untold(plan, quota.per.as_deref(), covers))
    });
    let budgets = budget::counted(plan).map(|(number, budget)| {
        let covers = |decision: &Decision| decision.budgets.contains(&number);
        (budget.name.as_str(), budget.per.as_deref(), apart::untold(plan, budget.per.as_deref(), covers))
    });
    match promise {
        "quotas" => quotas.collect(),
        "budgets" => budgets.collect(),
        _ => Vec::new(),
    }
}

/// Says of quotas and budgets what is counted together for want of who asks or whose it is, and who a user is.
fn told_apart(plan: &Plan, kept: &mut Kept) {
    let all = counted(plan, kept.promise);
    let mut lost = Vec::new();
    for dimension in apart::STATED.into_iter().chain(["user"]) {
        let mine = all.iter().filter(|(_, _, untold)| *untold == Some(dimension));
        let names: Vec<String> = mine.map(|(name, ..)| format!("`{}`", shown(name))).collect();
        if names.is_empty() {
            continue;
        }
        let whose = if dimension == "user" {
            "without `request.jwks` nobody says who asks, so all users".to_owned()
        } else {
            format!(
                "use cases of which the table holds no `{dimension}`, since `attribution` does not require it,"
            )
        };
        lost.push(format!("{whose} together use up {}", listed(names)));
    }
    if all.iter().any(|(_, per, untold)| *per == Some("user") && untold.is_none()) {
        kept.why +=
            "; a user is the token's claim `sub`, without which no request passes that such a limit covers";
        if plan.options.rate_limit_service.is_none() {
            kept.why += &format!(
                ", and after {} others it is forgotten what a user had used",
                number::counted(gateways::ENVOY_USERS)
            );
        }
    }
    if !lost.is_empty() {
        kept.level = Level::Lost;
        kept.why = format!("{}; {}", lost.join("; "), kept.why);
    }
}

/// Quotas are counted, by each proxy for itself or by the rate limit service for all of them.
fn quotas(plan: &Plan, promise: &str) -> Option<(Level, &'static str)> {
    if plan.table.quotas.is_empty() {
        return None;
    }
    let is_shared = plan.options.rate_limit_service.is_some();
    match promise {
        "quotas" if is_shared && super::quota::counts_tokens(plan) => Some((
            Level::Native,
            "the rate limit service counts for every proxy, in whole minutes and days; without its answer nobody is asked; \
             tokens are estimated before the answer, one for four bytes and `max_tokens`",
        )),
        "quotas" if is_shared => Some((
            Level::Native,
            "the rate limit service counts for every proxy, in whole minutes and days; without its answer nobody is asked",
        )),
        "quotas" if super::quota::counts_tokens(plan) => Some((
            Level::Native,
            "local rate limits: each proxy counts for itself, and anew with each new table; tokens are estimated before the answer, one for four bytes \
             and `max_tokens`",
        )),
        "quotas" => Some((
            Level::Native,
            "local rate limits: each proxy counts for itself, and anew with each new table",
        )),
        "quota-then" => Some((
            Level::Native,
            "what is used up is answered as a terminal, or fails over as `rate-limited`",
        )),
        _ => None,
    }
}

/// Budgets are counted by the rate limit service, where there is one.
fn budgets(plan: &Plan, promise: &str) -> Option<(Level, &'static str)> {
    let all = &plan.table.budgets;
    if promise != "budgets" || all.is_empty() || plan.options.rate_limit_service.is_none() {
        return None;
    }
    Some(if !all.iter().all(budget::has_period) {
        (Level::Lost, "the rate limit service counts no quarters; budgets of other periods block and queue")
    } else if all.iter().all(budget::only_stops) {
        (
            Level::Native,
            "the rate limit service adds what each answer cost and is asked before each attempt; without its answer nobody \
             is asked; requests that are under way can exceed a limit; a month is 30 days and a year 365, counted from 1970",
        )
    } else {
        (
            Level::Lost,
            "the rate limit service counts them and `block` and `queue` act; `notify` and `throttle` are only counted there, \
             so watch its metric `shadow_mode`",
        )
    })
}

const HOT_SWAP: &str = "`govctl export` into the proxy's folder keeps what the four tables before it need: a connection that is open goes on \
    by its table, as each of its answers says, until it closes, which is after one answer, or where it is idle after ten \
    minutes; one that is idle while five new tables come is answered with 503 (with 200 in gRPC's form if its content type is of \
    gRPC), and so is any open one where files are copied over all at once, which keep nothing of the old table";

fn keeps(plan: &Plan, promise: &str) -> (Level, &'static str) {
    let table = plan.table;
    if let Some(kept) = quotas(plan, promise).or_else(|| budgets(plan, promise)) {
        return kept;
    }
    if let Some(lost) = export::asked_in_vain(table, promise) {
        return lost;
    }
    match promise {
        "use-case" | "classification" | "facts" => (
            Level::Native,
            "a tree of matchers finds the cell from headers that only the front listener sets; a body that is nested more than 200 \
             deep is refused as none of JSON",
        ),
        "unknown-names" => (Level::Native, "what no matcher knows is answered with 403"),
        "credentials" if plan.request.jwks.is_some() => {
            (Level::Native, "verified tokens state them; the same attribute from a caller is refused")
        }
        "credentials" => (
            Level::ByCaller,
            "without `request.jwks` the headers are taken as an authenticator in front states them: put one there that removes a \
             caller's own, and the caller's `Connection`, which could name headers to be dropped",
        ),
        "caller" => (
            Level::Native,
            "every hop sets `model` and keeps of a body only members of chat completions and known settings of how a model \
                 answers; all others are dropped, also `metadata`, `store`, `service_tier`, `web_search_options` and what nobody \
                 knows yet; headers that choose are removed",
        ),
        "budget-bands" => (Level::Native, "shares that the credentials state are compared digit by digit"),
        "order" => (Level::Native, "groups of one priority each, one after the other"),
        "no-other-walk" => {
            (Level::Native, "a tier goes on only at outcomes of its own hops that its path names")
        }
        "retries" => (Level::Native, "a hop stands in its tier as often as it may be tried"),
        "cooldown" => only_if(
            table.failovers.iter().any(|failover| failover.cooldown_seconds.is_some()),
            "outlier detection would eject the endpoint for every decision, and only after 5xx, timeouts and resets: the table \
             rests it after any trigger of the path, for decisions whose path says so",
            "no failover statement asks for a cooldown",
        ),
        "answers" => (Level::Native, ANSWERS),
        "headers" => (Level::Native, "set on every answer; those of a provider are overwritten"),
        "profile" => only_if(
            table.models.iter().any(|model| model.profile.contains_key("system_prompt")),
            "system prompts are files of the workspace and not in the table; other settings are set in the body",
            "settings are set in the body of every hop",
        ),
        "tags" => (Level::Native, "the tags of the use case stand in the line of the access log"),
        "log" => (Level::Native, LOG),
        "streams" => {
            (Level::Native, "answers pass piece by piece; an answer that has begun is never tried again")
        }
        "hot-swap" => (Level::Native, HOT_SWAP),
        "valid-until" => only_if(
            table.valid_until.is_some(),
            "the proxy knows no date: whoever writes the files checks it",
            "the table has no last day",
        ),
        "signature" => (Level::Lost, "whoever writes the files checks it"),
        name if name.starts_with("trigger:") => trigger(name),
        name if name.starts_with("terminal:") => (Level::Native, "the last group of its tier answers"),
        _ => (Level::Lost, "not supported"),
    }
}

/// What stands in a body is only read as far as that goes.
fn trigger(promise: &str) -> (Level, &'static str) {
    match promise {
        "trigger:unavailable" => (
            Level::Native,
            "the hop names the outcome by status and what the proxy itself met; an answer with more than 1,000 headers, or with a \
             head above 512 KiB, counts as none",
        ),
        "trigger:content-filtered" | "trigger:context-exceeded" | "trigger:out-of-credit" => (
            Level::Native,
            "the hop names the outcome by status and `error.code`, in an error of up to 1 MiB that the provider, as asked, \
             did not compress and that is nested no more than 200 deep; another one is judged by its status alone",
        ),
        _ => (
            Level::Native,
            "the hop names the outcome by status, `error.code` and what the proxy itself met; for the rest of an error that has \
                 begun, and after an interim answer (100, 103), it waits as long as a stream may be silent, five minutes, and \
                 an error below 500 that breaks off in its body, or is longer than 20 MB and does not say so before, leads \
                 nowhere: the caller gets 503",
        ),
    }
}
