//! What an import takes, for each dimension of a gateway's configuration.

use govctl::import::{Imported, Options, bifrost, litellm, portkey};
use govctl::source::{FileId, FileKind, SourceFile, Sources};
use govctl::yaml::{self, Value};

use crate::text::{each, listed};
use crate::{Cost, Counted, measured};

/// Imports a text, and counts what that takes.
fn cost(text: &str, import: fn(&Sources, FileId, Value) -> Result<Imported, String>) -> Cost {
    let counted = Counted::new();
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("theirs.yaml".to_owned(), FileKind::Registry, text));
    let (root, findings) = yaml::parse_foreign(id, text);
    assert!(findings.is_empty(), "{findings:?}");
    let imported = import(&sources, id, root.expect("a document")).expect("imported");
    assert!(!imported.files.is_empty());
    counted.cost()
}

fn of_litellm(text: &str) -> Cost {
    cost(text, |sources, id, root| litellm::import(sources, &[(id, root)], Vec::new(), Options::default()))
}

fn of_portkey(text: &str) -> Cost {
    cost(text, |sources, id, root| portkey::import(sources, &[(id, root)], Options::default()))
}

fn of_bifrost(text: &str) -> Cost {
    cost(text, |sources, id, root| bifrost::import(sources, id, &root, Options::default()))
}

/// A test for each dimension: its name, how much of it there is, whose configuration, and one that has so much.
macro_rules! imports {
    ($($name:ident $n:literal $import:ident $text:expr;)*) => {
        $(#[test]
        fn $name() {
            let text: fn(usize) -> String = $text;
            measured(stringify!($name), $n, |n| $import(&text(n)));
        })*
    };
}

/// A list of deployments, each of a provider as this says.
fn deployments(n: usize, provider: impl Fn(usize) -> String) -> String {
    let one = |at| {
        let provider = provider(at);
        format!(
            "  - {{model_name: m{at}, litellm_params: {{model: {provider}/x{at}, api_key: os.environ/K}}}}\n"
        )
    };
    format!("model_list:\n{}", each(n, one))
}

fn openai(_: usize) -> String {
    "openai".to_owned()
}

/// A target of a key of its own.
fn target(at: usize) -> String {
    format!(
        "{{\"name\": \"t{at}\", \"provider\": \"openai\", \"api_key\": \"{{{{K{at}}}}}\", \"override_params\": {{\"model\": \"x{at}\"}}}}"
    )
}

/// A gateway with one provider and one virtual key, and what governs it besides.
fn governed(models: usize, more: &str) -> String {
    let models = listed(models, |at| format!("\"m{at}\""));
    format!(
        "{{\"version\": 2, \"providers\": {{\"openai\": {{\"keys\": [{{\"name\": \"k\", \"value\": \"env.O\", \"models\": [{models}]}}]}}}}, \
         \"governance\": {{{more}}}}}"
    )
}

/// A virtual key.
fn key(at: usize, more: &str) -> String {
    format!(
        "{{\"id\": \"vk{at}\", \"name\": \"key-{at}\", \"value\": \"env.V{at}\"{more}, \
         \"provider_configs\": [{{\"provider\": \"openai\", \"allowed_models\": [\"m0\"], \"weight\": 1}}]}}"
    )
}

imports! {
    deployments_of_one_provider 100 of_litellm |n| deployments(n, openai);
    deployments_of_a_provider_each 100 of_litellm |n| deployments(n, |at| format!("p{at}"));
    budgets_of_providers 100 of_litellm |n| {
        let budget = |at| format!("    p{at}: {{budget_limit: 5, time_period: 1d}}\n");
        deployments(n, |at| format!("p{at}")) + "router_settings:\n  provider_budget_config:\n" + &each(n, budget)
    };
    fallbacks_in_a_ring 100 of_litellm |n| {
        let ring = |at| format!("    - {{m{at}: [m{}]}}\n", (at + 1) % n);
        deployments(n, openai) + "router_settings:\n  fallbacks:\n" + &each(n, ring)
    };
    aliases_of_deployments 100 of_litellm |n| {
        let alias = |at| format!("    a{at}: m{at}\n");
        deployments(n, openai) + "router_settings:\n  model_group_alias:\n" + &each(n, alias)
    };
    wildcards_beside_fallbacks_to_nobody 100 of_litellm |n| {
        let wildcard = |at| format!("  - {{model_name: \"p{at}/*\", litellm_params: {{model: \"p{at}/*\"}}}}\n");
        let nobody = |at| format!("    - {{m0: [nobody{at}]}}\n");
        deployments(2, openai) + &each(n, wildcard) + "router_settings:\n  fallbacks:\n" + &each(n, nobody)
    };
    targets_that_are_tried_in_turn 150 of_portkey |n| {
        format!("{{\"strategy\": {{\"mode\": \"fallback\"}}, \"targets\": [{}]}}", listed(n, target))
    };
    targets_of_one_model 150 of_portkey |n| {
        format!("{{\"strategy\": {{\"mode\": \"fallback\"}}, \"targets\": [{}]}}", listed(n, |_| target(0)))
    };
    targets_that_chance_picks 150 of_portkey |n| {
        format!("{{\"strategy\": {{\"mode\": \"loadbalance\"}}, \"targets\": [{}]}}", listed(n, target))
    };
    chances_in_turn 100 of_portkey |n| {
        let one = |at| format!("{{\"strategy\": {{\"mode\": \"loadbalance\"}}, \"targets\": [{}, {}]}}", target(at), target(at + 1));
        format!("{{\"strategy\": {{\"mode\": \"fallback\"}}, \"targets\": [{}]}}", listed(n, one))
    };
    virtual_keys 100 of_bifrost |n| {
        governed(2, &format!("\"virtual_keys\": [{}]", listed(n, |at| key(at, ""))))
    };
    teams 100 of_bifrost |n| {
        let teams = listed(n, |at| format!("{{\"id\": \"t{at}\", \"name\": \"team {at}\"}}"));
        let keys = listed(n, |at| key(at, &format!(", \"team_id\": \"t{at}\"")));
        governed(2, &format!("\"teams\": [{teams}], \"virtual_keys\": [{keys}]"))
    };
    models_of_a_key 100 of_bifrost |n| governed(n, "");
    fallbacks_of_a_rule 100 of_bifrost |n| {
        let fallbacks = listed(n, |at| format!("\"openai/m{at}\""));
        let rule = format!(
            "{{\"name\": \"r\", \"enabled\": true, \"scope\": \"global\", \"cel_expression\": \"true\", \
             \"targets\": [{{\"provider\": \"openai\", \"model\": \"m0\", \"weight\": 1}}], \"fallbacks\": [{fallbacks}]}}"
        );
        governed(n, &format!("\"virtual_keys\": [{}], \"routing_rules\": [{rule}]", key(0, "")))
    };
    rules_that_ask_a_header 50 of_bifrost |n| {
        let rule = |at| format!(
            "{{\"name\": \"r{at}\", \"enabled\": true, \"priority\": {at}, \"scope\": \"virtual_key\", \"scope_id\": \"vk{at}\", \
             \"cel_expression\": \"headers['x-p'] == 'v{at}'\", \"targets\": [{{\"provider\": \"openai\", \"model\": \"m0\", \"weight\": 1}}]}}"
        );
        let keys = listed(n, |at| key(at, ""));
        governed(2, &format!("\"virtual_keys\": [{keys}], \"routing_rules\": [{}]", listed(n, rule)))
    };
}
