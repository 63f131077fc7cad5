//! `TensorZero`: a model for each decision. It has no conditions: whoever calls names the decision's route.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::cells;
use super::endpoint::Endpoint;
use super::promise::Level;
use super::request::RequestSettings;
use super::{Export, Refused, Route, Start};
use crate::table::format::{Decision, Table};

/// The version that the export was proved on.
const VERSION: &str = "tensorzero 2026.6.0";

/// Where a key is read from: a variable of the environment.
const KEY_FROM: &str = "env";

/// One configuration, and the route of every context.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<Vec<Endpoint>, _>>()?;
    let mut text = format!(
        "# Table {}, valid until: {}.\n[gateway]\nobservability.enabled = false\n\
         disable_pseudonymous_usage_analytics = true\n",
        table.digest,
        table.valid_until.as_deref().unwrap_or("no last day")
    );
    for (at, decision) in table.decisions.iter().enumerate() {
        text += &model(table, &endpoints, at, decision);
    }
    let files = BTreeMap::from([("tensorzero.toml".to_owned(), text)]);
    Ok(Export {
        target: "tensorzero",
        versions: vec![VERSION],
        start: Start {
            file: "tensorzero.toml".to_owned(),
            command: "gateway --config-file tensorzero.toml".to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise)),
        files,
        routes: routes(table),
    })
}

/// A decision with a primary as a model whose providers are tried in order.
fn model(table: &Table, endpoints: &[Endpoint], at: usize, decision: &Decision) -> String {
    let Some(primary) = &decision.primary else { return String::new() };
    let outage = decision.outage_path();
    let lists = outage.and_then(|path| table.target_lists.get(path.targets));
    let chain = std::iter::once(primary.model).chain(lists.into_iter().flatten().map(|target| target.model));
    let chain: Vec<usize> = chain.collect();
    let milliseconds = RequestSettings::read(&table.request).first_byte_milliseconds();
    let names: Vec<String> = (0..chain.len()).map(|hop| format!("\"hop{hop}\"")).collect();
    let mut text = format!("\n[models.\"decision-{at}\"]\nrouting = [{}]\n", names.join(", "));
    for (hop, model) in chain.iter().enumerate() {
        let Some(endpoint) = endpoints.get(*model) else { continue };
        let base = table.models.get(*model).and_then(|model| model.endpoint.get("base_url"));
        let base = base.and_then(serde_json::Value::as_str).unwrap_or_default().trim_end_matches('/');
        let key =
            endpoint.key.as_ref().map_or_else(|| "none".to_owned(), |name| format!("{KEY_FROM}::{name}"));
        let _ = write!(
            text,
            "[models.\"decision-{at}\".providers.hop{hop}]\ntype = \"openai\"\nmodel_name = {}\napi_base = {}\n\
             api_key_location = {}\ntimeouts = {{ streaming = {{ ttft_ms = {milliseconds} }} }}\n",
            toml(&endpoint.model),
            toml(&format!("{base}/")),
            toml(&key)
        );
    }
    text
}

/// Text as TOML's basic string, whose escapes are JSON's.
fn toml(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string().replace('\u{7f}', "\\u007f")
}

/// For every context of every use case the model to ask for.
fn routes(table: &Table) -> Vec<Route> {
    let mut routes = Vec::new();
    for use_case in &table.use_cases {
        for cell in cells::of(table, use_case) {
            let has_primary = table.decisions.get(cell.decision).is_some_and(|found| found.primary.is_some());
            let route = if has_primary {
                format!("tensorzero::model_name::decision-{}", cell.decision)
            } else {
                String::new()
            };
            let attributes = cells::attributes(&cell);
            routes.push(Route {
                route,
                use_case: use_case.name.clone(),
                attributes,
                decision: cell.decision,
            });
        }
    }
    routes
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
    }
    match promise {
        "caller" => (
            Level::ByCaller,
            "whoever calls must ask for the route of its context in `export.json` and drop every member that begins with `tensorzero::`: \
             `tensorzero::extra_body` changes the model that a provider is asked for with our key, `tensorzero::extra_headers` the \
             headers, and another `model`, such as `tensorzero::model_name::openai::…`, leads anywhere",
        ),
        "use-case" | "unknown-names" | "classification" | "facts" | "budget-bands" | "credentials" => (
            Level::ByCaller,
            "there are no conditions: whoever calls must ask for the route of its context in `export.json`",
        ),
        "order" => (Level::Native, "`routing` is tried in its order"),
        "no-other-walk" => (
            Level::Lost,
            "every failure walks, 400 and 401 too, and a provider's redirect is followed with the whole prompt, wherever it leads",
        ),
        "retries" => super::only_if(
            table.failovers.iter().any(|failover| failover.retry > 0),
            "a provider is tried once",
            "no failover statement asks for it",
        ),
        "trigger:timeout" => (
            Level::Lost,
            "streams that begin too late walk; for other answers only the whole time could be bounded",
        ),
        name if name.starts_with("trigger:") => {
            (Level::Lost, "nothing about triggers can be configured: every failure walks")
        }
        name if name.starts_with("terminal:") => {
            (Level::Lost, "the gateway answers 502 when all have failed")
        }
        "tags" | "log" => (Level::ByCaller, "the gateway logs the tags that it is sent"),
        "streams" => (Level::Native, "streams pass piece by piece"),
        "hot-swap" => (Level::Lost, "a new table needs a restart"),
        _ => (Level::Lost, "whoever writes the file checks it"),
    }
}
