//! A workspace as an importer of gateway configurations puts it together: endpoints, public names, and who steps in.

mod estate;
mod policy;
mod registry;

use std::collections::BTreeSet;

use super::condition::Test;
use super::facts::Facts;
use super::text::Names;
use super::{Imported, Notes, text};
use crate::catalogue::Catalogue;
use crate::catalogue::litellm::Stated;
use crate::source::Span;

/// What somebody who imports has to say beforehand.
#[derive(Debug, Default, Clone, Copy)]
pub struct Options<'a> {
    /// Where prices, windows and retirements are looked up.
    pub catalogue: Option<&'a Catalogue>,
    /// The classification up to which each model is approved for the names that it serves; none: nothing is approved.
    pub approve: Option<&'a str>,
}

/// One model as one provider serves it in one place.
#[derive(Debug, Default, Clone)]
pub(super) struct Endpoint {
    pub(super) provider: String,
    pub(super) name: String,
    /// The provider's own id of the model.
    pub(super) model: String,
    /// The whole name by which it is configured; catalogues may know it so.
    pub(super) asked_as: Vec<String>,
    /// Why nothing that a catalogue says of its provider's models holds where it is.
    pub(super) elsewhere: Option<String>,
    /// Whether a note already says why it has no price.
    pub(super) no_price: bool,
    /// What the gateway calls its provider, where that is something else.
    pub(super) of: Option<String>,
    pub(super) protocol: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) key_env: Option<String>,
    /// Prices and other facts that the file states itself.
    pub(super) stated: Stated,
    pub(super) requests_per_minute: Option<u64>,
    pub(super) tokens_per_minute: Option<u64>,
    pub(super) max_daily_spend: Option<String>,
    /// Lines of comments, without `#`.
    pub(super) comments: Vec<String>,
    pub(super) span: Option<Span>,
}

impl Endpoint {
    /// Its id in the registry.
    pub(super) fn id(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }
}

/// A public name: what callers ask for.
#[derive(Debug, Clone)]
pub(super) struct UseCase {
    pub(super) name: String,
    pub(super) span: Span,
    /// The team that it belongs to, if the file says so.
    pub(super) team: Option<String>,
    /// Endpoints that serve it themselves, in order.
    pub(super) serves: Vec<usize>,
    /// Where what a request states decides: the ways it may go, which exclude each other. None: all of them to `serves`.
    pub(super) routes: Vec<Route>,
    pub(super) comments: Vec<String>,
}

/// A way that requests of some kind go.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) when: Test,
    /// Endpoints in the order in which they come first; none: the gateway refuses the request, unless `is_lost`.
    pub(super) first: Vec<Step>,
    /// Whether something serves these requests that could not be carried over.
    pub(super) is_lost: bool,
    /// What the gateway calls it.
    pub(super) title: String,
}

/// One step of a failover: an endpoint, or a name that is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Endpoint(usize),
    Unknown(String),
}

/// Who steps in for a public name.
#[derive(Debug, Clone)]
pub(super) struct Failover {
    /// The place of the use case among the draft's.
    pub(super) use_case: usize,
    /// What the statement's name ends in; empty for the first.
    pub(super) suffix: String,
    /// For which requests beside the use case.
    pub(super) when: Test,
    pub(super) on: Vec<&'static str>,
    /// What is tried in turn, from each endpoint that may come first.
    pub(super) chains: Vec<Vec<Step>>,
    pub(super) retry: Option<u64>,
    pub(super) cooldown: Option<String>,
    pub(super) comments: Vec<String>,
}

/// What an import found, before it is written as a workspace.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) use_cases: Vec<UseCase>,
    pub(super) failovers: Vec<Failover>,
    /// What conditions read of a request.
    pub(super) facts: Facts,
    /// Statements about money and rates, as text.
    pub(super) money: String,
}

impl Draft {
    /// Writes the workspace; `source` names the file in comments.
    pub(super) fn write(mut self, source: &str, options: Options, mut notes: Notes) -> Imported {
        self.name_endpoints();
        let registry = self.registry(source, options, &mut notes);
        let estate = self.estate(source, options, &mut notes);
        let mut files = vec![("registry/providers.yaml", registry), ("estate/use-cases.yaml", estate)];
        let facts = self.facts.text();
        if !facts.is_empty() {
            let facts = format!(
                "# What the conditions of {source} read. Whatever sits in front of the gateway states it with each request.\n{facts}"
            );
            files.push(("policies/facts.gov", text::policy(&facts)));
        }
        files.push(("policies/routing.gov", text::policy(&self.routing(source, options))));
        if !self.failovers.is_empty() {
            files.push(("policies/failover.gov", text::policy(&self.failover(source))));
        }
        if !self.money.is_empty() {
            files.push((
                "policies/money.gov",
                text::policy(&format!("# What {source} limits.\n{}", self.money)),
            ));
        }
        let providers: BTreeSet<&str> = self.endpoints.iter().map(|one| one.provider.as_str()).collect();
        Imported {
            files,
            notes: notes.sorted(),
            providers: providers.len(),
            models: self.endpoints.len(),
            use_cases: self.use_cases.len(),
        }
    }

    /// Names that are unique within their providers.
    pub(super) fn name_endpoints(&mut self) {
        let mut taken = Names::default();
        let (named, unnamed): (Vec<_>, Vec<_>) =
            self.endpoints.iter_mut().partition(|endpoint| !endpoint.name.is_empty());
        for endpoint in named.into_iter().chain(unnamed) {
            let wanted = if endpoint.name.is_empty() { &endpoint.model } else { &endpoint.name };
            let name = text::unique(&format!("{}/{wanted}", endpoint.provider), &mut taken);
            let start = endpoint.provider.len() + 1;
            name.get(start..).unwrap_or_default().clone_into(&mut endpoint.name);
        }
    }
}
