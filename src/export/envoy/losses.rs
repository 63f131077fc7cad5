//! What each promise of the table is worth in stock Envoy.

use crate::table::format::{Action, Target};

use super::Plan;
use crate::export::promise::{Kept, Level, PROMISES};

/// Every promise with its level.
pub(super) fn promises(plan: &Plan) -> Vec<Kept> {
    PROMISES
        .iter()
        .map(|(promise, _)| {
            let (level, why) = keeps(plan, promise);
            Kept { promise, level, why: why.to_owned() }
        })
        .collect()
}

/// Lost where the table asks for it; else it cannot happen.
fn only_if(asked: bool, lost: &'static str, never: &'static str) -> (Level, &'static str) {
    if asked { (Level::Lost, lost) } else { (Level::ByConstruction, never) }
}

fn keeps(plan: &Plan, promise: &str) -> (Level, &'static str) {
    let table = plan.table;
    let on_targets = |action: fn(&Action) -> bool| {
        table.target_lists.iter().flatten().any(|target| target.actions.iter().any(action))
    };
    match promise {
        "use-case" | "classification" | "facts" => (
            Level::Native,
            "a tree of matchers finds the cell from headers that only the front listener sets",
        ),
        "unknown-names" => (Level::Native, "what no matcher knows is answered with 403"),
        "credentials" if plan.request.jwks.is_some() => {
            (Level::Native, "verified tokens state them; the same attribute from a caller is refused")
        }
        "credentials" => (
            Level::ByCaller,
            "without `request.jwks` the headers are taken as an authenticator in front states them: put one there that removes a caller's own",
        ),
        "caller" => {
            (Level::Native, "members and headers that choose a model are replaced or removed at every hop")
        }
        "budget-bands" => (Level::Native, "shares that the credentials state are compared digit by digit"),
        "order" => (Level::Native, "groups of one priority each, one after the other"),
        "no-other-walk" => {
            (Level::Native, "a tier goes on only at outcomes of its own hops that its path names")
        }
        "retries" => (Level::Native, "a hop stands in its tier as often as it may be tried"),
        "cooldown" => only_if(
            table.failovers.iter().any(|failover| failover.cooldown_seconds.is_some()),
            "stock Envoy shares no such state between listeners",
            "no failover statement asks for a cooldown",
        ),
        "action:notify" => only_if(
            on_targets(|action| matches!(action, Action::Notify { .. })),
            "the proxy notifies nobody: watch the access log",
            "no target asks for it",
        ),
        "action:throttle" => only_if(
            on_targets(|action| matches!(action, Action::Throttle {})),
            "the proxy does not slow single targets down",
            "no target asks for it",
        ),
        "action:confirm" => only_if(
            on_targets(|action| matches!(action, Action::Confirm {})),
            "the proxy cannot ask anybody: such a target serves at once",
            "no target asks for it",
        ),
        "answers" => (Level::Native, "direct responses with status, headers and body"),
        "headers" => (Level::Native, "set on every answer; those of a provider are overwritten"),
        "regions" => only_if(
            pins_further(plan),
            "a pin that is narrower than the endpoint is not sent: give each region an endpoint of its own",
            "every endpoint processes in no other regions than its decisions allow",
        ),
        "profile" => only_if(
            table.models.iter().any(|model| model.profile.contains_key("system_prompt")),
            "system prompts are files of the workspace and not in the table; other settings are set in the body",
            "settings are set in the body of every hop",
        ),
        "tags" | "log" => (Level::Native, "one line of JSON a request on standard output"),
        "notify" => only_if(
            table.failovers.iter().any(|failover| !failover.notify.is_empty()),
            "the proxy notifies nobody: watch the access log",
            "no failover statement asks for it",
        ),
        "budgets" => only_if(
            !table.budgets.is_empty(),
            "the proxy counts no spending: what states the remaining shares has to count it",
            "the table has no budget",
        ),
        "quotas" | "quota-then" => only_if(
            !table.quotas.is_empty(),
            "the proxy counts no requests by quota",
            "the table has no quota",
        ),
        "audit" => only_if(
            table.decisions.iter().any(|decision| decision.audit.is_some()),
            "the proxy keeps no prompts and masks nothing in what providers see",
            "no decision asks for records",
        ),
        "streams" => {
            (Level::Native, "answers pass piece by piece; an answer that has begun is never tried again")
        }
        "hot-swap" => (Level::Native, "files replaced whole are read again; what is being answered goes on"),
        "valid-until" => only_if(
            table.valid_until.is_some(),
            "the proxy knows no date: whoever writes the files checks it",
            "the table has no last day",
        ),
        "signature" => (Level::Lost, "whoever writes the files checks it"),
        name if name.starts_with("trigger:") => {
            (Level::Native, "the hop names the outcome by status, `error.code` and what the proxy itself met")
        }
        name if name.starts_with("terminal:") => (Level::Native, "the last group of its tier answers"),
        _ => (Level::Lost, "not supported"),
    }
}

/// Whether some target is pinned to fewer regions than its endpoint processes in.
fn pins_further(plan: &Plan) -> bool {
    let narrower = |model: usize, pinned: Option<&Vec<String>>| {
        let own = plan.table.models.get(model).and_then(|model| model.regions.as_ref());
        pinned.is_some_and(|pinned| own.is_none_or(|own| own.iter().any(|region| !pinned.contains(region))))
    };
    let of_target = |target: &Target| narrower(target.model, target.regions.as_ref());
    let primaries = plan.table.decisions.iter().filter_map(|decision| decision.primary.as_ref());
    plan.table.target_lists.iter().flatten().any(of_target)
        || primaries.into_iter().any(|primary| narrower(primary.model, primary.regions.as_ref()))
}
