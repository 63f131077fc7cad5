//! A table as a gateway's own configuration, with a statement of what each promise of the table is worth there.
//!
//! From the table alone: whoever exports needs no workspace.

mod address;
pub mod bedrock;
pub mod bifrost;
pub(crate) mod cells;
pub mod cloudflare;
pub mod endpoint;
pub mod envoy;
pub mod envoy_ai_gateway;
pub mod litellm;
pub mod members;
pub mod names;
pub mod portkey;
pub mod profile;
pub mod promise;
pub mod request;
pub mod sql;
mod status;
pub mod tensorzero;
pub(crate) mod yaml;

use std::collections::BTreeMap;

use crate::invariant::there;
use crate::limits::gateways::RETRIES;
use crate::table::format::{Action, Table};
use serde::Serialize;

use promise::{Kept, Level, PROMISES};

/// Lost where the table asks for it; else it cannot happen.
pub(crate) fn only_if(asked: bool, lost: &'static str, never: &'static str) -> (Level, &'static str) {
    if asked { (Level::Lost, lost) } else { (Level::ByConstruction, never) }
}

/// Every promise with its level and why, as one gateway keeps them.
pub(crate) fn promises(keeps: impl Fn(&str) -> (Level, &'static str)) -> Vec<Kept> {
    let kept = |promise: &'static str| {
        let (level, why) = keeps(promise);
        Kept { promise, level, why: why.to_owned() }
    };
    PROMISES.iter().map(|(promise, _)| kept(promise)).collect()
}

/// What is lost the same way in every gateway that is not asked to do it.
pub(crate) fn asked_in_vain(table: &Table, promise: &str) -> Option<(Level, &'static str)> {
    let on_targets = |action: fn(&Action) -> bool| {
        table.target_lists.iter().flatten().any(|target| target.actions.iter().any(action))
    };
    Some(match promise {
        "action:notify" => only_if(
            on_targets(|action| matches!(action, Action::Notify { .. })),
            "the gateway notifies nobody: watch its log",
            "no target asks for it",
        ),
        "action:throttle" => only_if(
            on_targets(|action| matches!(action, Action::Throttle {})),
            "the gateway does not slow single targets down",
            "no target asks for it",
        ),
        "action:confirm" => only_if(
            on_targets(|action| matches!(action, Action::Confirm {})),
            "the gateway cannot ask anybody: such a target serves at once",
            "no target asks for it",
        ),
        "notify" => only_if(
            table.failovers.iter().any(|failover| !failover.notify.is_empty()),
            "the gateway notifies nobody: watch its log",
            "no failover statement asks for it",
        ),
        "budgets" => only_if(
            !table.budgets.is_empty(),
            "the gateway counts no spending: what states the remaining shares has to count it",
            "the table has no budget",
        ),
        "quotas" | "quota-then" => only_if(
            !table.quotas.is_empty(),
            "the gateway counts no requests by quota",
            "the table has no quota",
        ),
        "audit" => only_if(
            table.decisions.iter().any(|decision| decision.audit.is_some()),
            "the gateway keeps no prompts and masks nothing in what providers see",
            "no decision asks for records",
        ),
        "regions" => only_if(
            pins_further(table),
            "a pin that is narrower than the endpoint is not sent: give each region an endpoint of its own",
            "every endpoint processes in no other regions than its decisions allow",
        ),
        _ => return None,
    })
}

/// The same, and what a gateway loses besides that is given no settings and keeps no state.
pub(crate) fn plain_in_vain(table: &Table, promise: &str) -> Option<(Level, &'static str)> {
    asked_in_vain(table, promise).or_else(|| stateless_in_vain(table, promise))
}

fn stateless_in_vain(table: &Table, promise: &str) -> Option<(Level, &'static str)> {
    Some(match promise {
        "profile" => only_if(
            table.models.iter().any(|model| !model.profile.is_empty()),
            "settings of profiles are not written",
            "no model has a profile",
        ),
        "cooldown" => only_if(
            table.failovers.iter().any(|failover| failover.cooldown_seconds.is_some()),
            "the gateway keeps no such state",
            "no failover statement asks for a cooldown",
        ),
        "answers" | "headers" => (Level::Lost, "answers are the gateway's own"),
        _ => return None,
    })
}

/// Whether some target is pinned to fewer regions than its endpoint processes in.
fn pins_further(table: &Table) -> bool {
    let narrower = |model: usize, pinned: Option<&Vec<String>>| {
        let own = table.models.get(model).and_then(|model| model.regions.as_ref());
        pinned.is_some_and(|pinned| own.is_none_or(|own| own.iter().any(|region| !pinned.contains(region))))
    };
    let primaries = table.decisions.iter().filter_map(|decision| decision.primary.as_ref());
    table.target_lists.iter().flatten().any(|target| narrower(target.model, target.regions.as_ref()))
        || primaries.into_iter().any(|primary| narrower(primary.model, primary.regions.as_ref()))
}

/// Of gateways that were never driven.
pub(crate) const NOT_RUN: &str = "the gateway was not run: whether pieces pass at once, and whether it walks once an answer has begun, is not known";

/// How often one endpoint may be asked. Each attempt is a part of a configuration, so a table may not ask for too many.
pub(crate) fn tries(retry: u64) -> usize {
    usize::try_from(retry).unwrap_or(usize::MAX).saturating_add(1)
}

/// Refuses what no configuration could hold.
pub fn check(table: &Table) -> Result<(), Refused> {
    let Some(failover) = table.failovers.iter().find(|failover| failover.retry > RETRIES) else {
        return Ok(());
    };
    Err(Refused {
        message: format!(
            "failover `{}` asks for {} retries; an export takes at most {RETRIES}",
            failover.name, failover.retry
        ),
        help: "write a smaller number after `retry`".to_owned(),
    })
}

/// What `export.json` says it is.
pub const FORMAT: &str = "govctl-export/1";

/// A gateway's configuration.
#[derive(Debug, Clone)]
pub struct Export {
    /// The target's name on the command line.
    pub target: &'static str,
    /// The versions that it was proved on.
    pub versions: Vec<&'static str>,
    /// How to start it.
    pub start: Start,
    /// Texts by `/`-separated path below the folder that is written.
    pub files: BTreeMap<String, String>,
    /// Every promise, in the order of [`PROMISES`].
    pub promises: Vec<Kept>,
    /// For targets without conditions: the names that callers choose from.
    pub routes: Vec<Route>,
}

/// The file and the command that start a gateway.
#[derive(Debug, Clone, Serialize)]
pub struct Start {
    /// Path below the folder.
    pub file: String,
    /// Run in the folder.
    pub command: String,
}

/// A named route that a caller chooses where the gateway has no conditions.
#[derive(Debug, Clone, Serialize)]
pub struct Route {
    /// The name to ask for.
    pub route: String,
    /// For which use case.
    pub use_case: String,
    /// In which context: attributes with their values.
    pub attributes: BTreeMap<String, String>,
    /// Index into the table's decisions.
    pub decision: usize,
}

/// Why a table cannot be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is in the way, in the table's own names.
    pub message: String,
    /// What to do.
    pub help: String,
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    target: &'static str,
    versions: &'a [&'static str],
    table: &'a str,
    valid_until: Option<&'a str>,
    start: &'a Start,
    files: BTreeMap<&'a str, String>,
    losses: &'a [Kept],
    #[serde(skip_serializing_if = "<[Route]>::is_empty")]
    routes: &'a [Route],
}

impl Export {
    /// Every file to write, `export.json` and `LOSSES.md` included.
    pub fn all_files(mut self, table: &Table) -> BTreeMap<String, String> {
        self.files.insert("LOSSES.md".to_owned(), self.losses(table));
        let files = self.files.iter().map(|(path, text)| (path.as_str(), sha256(text))).collect();
        let manifest = Manifest {
            format: FORMAT,
            target: self.target,
            versions: &self.versions,
            table: &table.digest,
            valid_until: table.valid_until.as_deref(),
            start: &self.start,
            files,
            losses: &self.promises,
            routes: &self.routes,
        };
        let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
        self.files.insert("export.json".to_owned(), json + "\n");
        self.files
    }

    /// Promises that are not kept, but for those that are taken as they are.
    pub fn unfaithful<'a>(&'a self, allowed: &'a [String]) -> impl Iterator<Item = &'a Kept> {
        let not =
            |kept: &&Kept| !kept.level.is_faithful() && !allowed.iter().any(|name| name == kept.promise);
        self.promises.iter().filter(not)
    }

    /// `LOSSES.md`: the same as in `export.json`, for people.
    fn losses(&self, table: &Table) -> String {
        let until = table
            .valid_until
            .as_deref()
            .map_or_else(|| "It has no last day.".to_owned(), |day| format!("Its last day is {day}."));
        let mut text = format!(
            "# What `{}` keeps of the table\n\nTable `{}`.\n{until}\n\n| promise | what it means | how it is kept | why |\n| --- | --- | --- | --- |\n",
            self.target, table.digest
        );
        for kept in &self.promises {
            let (_, means) = there(PROMISES.iter().find(|(name, _)| *name == kept.promise), "the promise");
            let why = kept.why.replace('|', "\\|");
            text += &format!("| `{}` | {means} | **{}** | {why} |\n", kept.promise, kept.level.name());
        }
        text
    }
}

fn sha256(text: &str) -> String {
    format!("sha256:{}", crate::table::sha256_hex(text.as_bytes()))
}
