//! Cloudflare AI Gateway: one dynamic route a use case, a tree of conditions over the metadata of a request.
//!
//! Only `$eq` is written: an operator that negates would match what is missing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cells::{self, Cell, slug};
use super::promise::Level;
use super::request::RequestSettings;
use super::{Export, Refused, Route, Start, names};
use crate::limits::gateways::CLOUDFLARE_METADATA;
use crate::table::format::{Table, UseCase};

/// One file a use case, as the API takes it.
pub fn export(table: &Table) -> Result<Export, Refused> {
    names::metadata(table)?;
    let mut files = BTreeMap::new();
    let mut routes = Vec::new();
    for use_case in &table.use_cases {
        let axes = table.grids.get(use_case.axes).map_or(0, Vec::len);
        if axes > CLOUDFLARE_METADATA {
            return Err(Refused {
                message: format!(
                    "use case `{}` depends on {axes} attributes; a request carries at most {CLOUDFLARE_METADATA} entries of metadata",
                    use_case.name
                ),
                help: "export to a gateway that decides by itself, such as `envoy`".to_owned(),
            });
        }
        let name = slug(&use_case.name);
        let route = json!({"name": name, "elements": Graph::of(table, use_case).elements});
        files.insert(format!("routes/{name}.json"), format!("{route:#}\n"));
        for cell in cells::of(table, use_case) {
            let route = format!("dynamic/{name}");
            let attributes = cells::attributes(&cell);
            routes.push(Route {
                route,
                use_case: use_case.name.clone(),
                attributes,
                decision: cell.decision,
            });
        }
    }
    Ok(Export {
        target: "cloudflare",
        versions: Vec::new(),
        start: Start {
            file: "routes".to_owned(),
            command: "for route in routes/*.json; do curl --fail --request POST --header \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" \
                      --json @\"$route\" \"https://api.cloudflare.com/client/v4/accounts/$ACCOUNT/ai-gateway/gateways/$GATEWAY/routes\"; done"
                .to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise)),
        files,
        routes,
    })
}

/// The elements of one route.
struct Graph<'a> {
    table: &'a Table,
    elements: Vec<Value>,
    /// Per decision the element that begins it.
    known: BTreeMap<usize, String>,
}

impl<'a> Graph<'a> {
    fn of(table: &'a Table, use_case: &'a UseCase) -> Self {
        let mut graph = Self { table, elements: Vec::new(), known: BTreeMap::new() };
        let cells: Vec<Cell> = cells::of(table, use_case).collect();
        let first = graph.branch(&cells, 0);
        graph
            .elements
            .insert(0, json!({"id": "start", "type": "start", "outputs": {"next": {"elementId": first}}}));
        graph.elements.push(json!({"id": "end", "type": "end", "outputs": {}}));
        graph
    }

    /// Cells that agree on the axes before this one.
    fn branch(&mut self, cells: &[Cell], axis: usize) -> String {
        let Some(first) = cells.first() else { return "end".to_owned() };
        let Some((name, _)) = first.stated.get(axis) else { return self.decision(first.decision) };
        let key = format!("metadata.{}", names::metadata_key(&name.to_string()));
        let value = |cell: &Cell| cell.stated.get(axis).map_or("", |(_, value)| *value).to_owned();
        let mut groups: Vec<(String, Vec<Cell>)> = Vec::new();
        for cell in cells {
            match groups.iter_mut().find(|(known, _)| *known == value(cell)) {
                Some((_, group)) => group.push(cell.clone()),
                None => groups.push((value(cell), vec![cell.clone()])),
            }
        }
        // What is none of the values goes to the end, and nobody is asked.
        let mut otherwise = "end".to_owned();
        for (value, group) in groups.iter().rev() {
            let inside = self.branch(group, axis.saturating_add(1));
            let id = format!("if-{}", self.elements.len());
            self.elements.push(
                json!({"id": id, "type": "conditional", "properties": {"conditions": {&key: {"$eq": value}}},
                "outputs": {"true": {"elementId": inside}, "false": {"elementId": otherwise}}}),
            );
            otherwise = id;
        }
        otherwise
    }

    /// The chain of a decision, its last model first.
    fn decision(&mut self, at: usize) -> String {
        if let Some(known) = self.known.get(&at) {
            return known.clone();
        }
        let Some(decision) = self.table.decisions.get(at) else { return "end".to_owned() };
        let timeout = RequestSettings::read(&self.table.request).first_byte_milliseconds();
        let retry = decision
            .outage_path()
            .and_then(|path| self.table.failovers.get(path.failover))
            .map_or(0, |failover| failover.retry);
        let mut next = "end".to_owned();
        for (hop, model) in cells::chain(self.table, decision).iter().enumerate().rev() {
            let id = format!("decision-{at}-hop-{hop}");
            let name = model.endpoint.get("model").and_then(Value::as_str).unwrap_or(&model.name);
            self.elements.push(json!({"id": id, "type": "model",
                "properties": {"provider": model.provider, "model": name, "retries": retry, "timeout": timeout},
                "outputs": {"success": {"elementId": "end"}, "fallback": {"elementId": next}}}));
            next = id;
        }
        self.known.insert(at, next.clone());
        next
    }
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
    }
    match promise {
        "use-case" | "classification" | "facts" | "budget-bands" | "unknown-names" | "credentials"
        | "caller" => (
            Level::ByCaller,
            "whoever calls names the route and states the metadata: the effective classification, and each share as the \
             band that `export.json` names; put a service before the gateway that does",
        ),
        "order" => (Level::Native, "the output `fallback` of each model is the next one"),
        "no-other-walk" => (Level::Lost, "every failure takes the output `fallback`"),
        "retries" => (Level::Native, "`retries` of each model"),
        name if name.starts_with("trigger:") => {
            (Level::Lost, "nothing about triggers can be configured: every failure walks")
        }
        name if name.starts_with("terminal:") => {
            (Level::Lost, "a route that comes to its end without a model answers in the gateway's own way")
        }
        "tags" | "log" => (Level::ByCaller, "the gateway logs the metadata that it is sent"),
        "streams" => (Level::Lost, super::NOT_RUN),
        "hot-swap" => (
            Level::Lost,
            "`start` makes routes that are not there: of one that is, whoever brings a new table makes and deploys a version by the API, \
             and deletes the routes of use cases that are gone",
        ),
        _ => (
            Level::Lost,
            "whoever deploys the routes checks it; the providers' names are Cloudflare's own and are not checked",
        ),
    }
}
