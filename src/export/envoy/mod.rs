//! Stock Envoy, 1.40 or newer: a static bootstrap and xDS files, everything decided in the proxy itself.
//!
//! ```text
//! caller ─▶ front ─▶ tier of path 0 ─▶ tier of path 1 ─▶ … ─▶ hop of the primary
//!           (finds     │ on its triggers   │
//!            the cell) └▶ hops of targets  └▶ hops of targets
//!                         └▶ terminal         └▶ terminal
//! ```
//!
//! The front listener states what a request states in headers that no caller can set, and finds its cell in a tree of
//! matchers. A decision is a nest of tiers: each walks the tier inside it, then the targets of its path, then its
//! terminal, and goes on only at outcomes that its path names. Each hop is an internal listener whose one route leads
//! to one provider with that provider's credential, so that nothing of one attempt is seen by another.

mod apart;
mod budget;
mod front;
mod hop;
mod log;
mod losses;
mod matcher;
mod nest;
pub mod over;
mod parts;
mod quota;
mod service;
mod xds;

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::MAX_EXPORTED_LIMITS;
use crate::table::format::Table;

use super::endpoint::Endpoint;
use super::request::RequestSettings;
use super::{Export, Refused, Start};

/// The version that the export was proved on.
const VERSION: &str = "envoy 1.40.0";

/// What is set on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where callers connect.
    pub listen: (String, u16),
    /// Where the administration interface listens.
    pub admin: (String, u16),
    /// Host and port of a service that speaks `envoy.service.ratelimit.v3`; none: each proxy counts for itself.
    pub rate_limit_service: Option<(String, u16)>,
}

impl Default for Options {
    fn default() -> Self {
        let local = |port| ("127.0.0.1".to_owned(), port);
        Self { listen: local(8080), admin: local(9901), rate_limit_service: None }
    }
}

/// What every part of the export reads.
struct Plan<'a> {
    table: &'a Table,
    request: RequestSettings,
    options: &'a Options,
    endpoints: Vec<Endpoint>,
    nests: nest::Nests,
}

/// Refuses what no proxy could load: each decision carries a header for each budget and quota that holds for it, and each
/// model takes away those of all of them.
fn bounded(table: &Table) -> Result<(), Refused> {
    let limits = |decision: &usize| {
        table.decisions.get(*decision).map_or(0, |found| found.budgets.len() + found.quotas.len())
    };
    let of_use_cases = table.use_cases.iter().map(|use_case| {
        let distinct: BTreeSet<&usize> = use_case.cells.iter().collect();
        distinct.into_iter().map(limits).sum::<usize>()
    });
    let all = table.budgets.len() + table.quotas.len();
    let parts = of_use_cases.fold(all.saturating_mul(table.models.len()), usize::saturating_add);
    if parts <= MAX_EXPORTED_LIMITS {
        return Ok(());
    }
    Err(Refused {
        message: format!(
            "budgets and quotas come to {parts} parts of the configuration, over all decisions and models; Envoy gets at most {MAX_EXPORTED_LIMITS}"
        ),
        help: "narrow the `when` of budgets and quotas, or let one of them count `per` team or the like"
            .to_owned(),
    })
}

/// The whole configuration.
pub fn export(table: &Table, options: &Options) -> Result<Export, Refused> {
    bounded(table)?;
    let request = RequestSettings::read(&table.request);
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<_, _>>()?;
    let nests = nest::Nests::of(table);
    let plan = Plan { table, request, options, endpoints, nests };
    let files: BTreeMap<String, String> = xds::files(&plan);
    Ok(Export {
        target: "envoy",
        versions: vec![VERSION],
        start: Start {
            file: "bootstrap.json".to_owned(),
            command: "envoy -c bootstrap.json --reject-unknown-dynamic-fields --drain-strategy immediate"
                .to_owned(),
        },
        promises: losses::promises(&plan),
        files,
        routes: Vec::new(),
    })
}
