//! `docs/gateways.md` says of every gateway what its export declares, for the table of every shape.

use govctl::export::promise::PROMISES;
use govctl::export::{
    Export, bedrock, bifrost, cloudflare, envoy, envoy_ai_gateway, litellm, portkey, tensorzero,
};
use govctl::table::format::Table;
use serde_json::json;

use crate::bundle;

/// The table of every shape, with endpoints, tokens, and a model in Amazon Bedrock.
fn table() -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        let protocol = if model.provider == "anthropic" { "bedrock" } else { "openai" };
        let endpoint = json!({"base_url": "https://models.example/v1", "protocol": protocol});
        model.endpoint = endpoint.as_object().cloned().expect("an object");
    }
    let request = json!({"from_credentials": ["use_case"], "jwks": {"file": "jwks.json"}});
    table.request = request.as_object().cloned().unwrap_or_default();
    table
}

fn levels() -> String {
    let table = table();
    let all: Vec<Export> = [
        envoy::export(&table, &envoy::Options::default()),
        litellm::export(&table),
        portkey::export(&table),
        tensorzero::export(&table),
        envoy_ai_gateway::export(&table),
        bifrost::export(&table),
        cloudflare::export(&table),
        bedrock::export(&table),
    ]
    .into_iter()
    .map(|export| export.expect("an export"))
    .collect();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let names = all.iter().map(|export| format!("`{}`", export.target));
    let mut text = row(std::iter::once("promise".to_owned()).chain(names).collect());
    text += &row(vec!["---".to_owned(); all.len() + 1]);
    for (at, (promise, _)) in PROMISES.iter().enumerate() {
        let levels = all.iter().map(|export| export.promises[at].level.name().to_owned());
        text += &row(std::iter::once(format!("`{promise}`")).chain(levels).collect());
    }
    text
}

#[test]
fn the_page_shows_what_every_export_declares() {
    const FROM: &str = "<!-- promises: generated from the exports -->\n";
    const TO: &str = "<!-- end of promises -->";
    let path = bundle::root("docs/gateways.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = page.split_once(FROM).expect("the beginning of the table of promises");
    let (_, after) = rest.split_once(TO).expect("its end");
    let made = format!("{before}{FROM}\n{}\n{TO}{after}", levels());
    if std::env::var_os("GOVCTL_BLESS").is_some() {
        std::fs::write(&path, &made).expect("the page can be written");
        return;
    }
    assert!(page == made, "the table of promises is not what the exports declare: run with GOVCTL_BLESS=1");
}
