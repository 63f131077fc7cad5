//! Policies for Amazon Bedrock: what they name, what nobody gets past them, and what AWS would refuse.

use std::collections::BTreeSet;

use govctl::export::bedrock;
use govctl::export::promise::Level;
use govctl::table::format::Table;
use serde_json::{Value, json};

use crate::bundle;

const SONNET: &str = "anthropic.claude-3-5-sonnet-20241022-v2:0";

/// The table of every shape, in which every model is one of Bedrock, asked by this id and pinned to these regions.
fn table(model: &str, regions: Option<&[&str]>) -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    let regions: Option<Vec<String>> = regions.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
    for own in &mut table.models {
        let endpoint = json!({"base_url": "https://bedrock.example", "protocol": "bedrock", "model": model});
        own.endpoint = endpoint.as_object().cloned().expect("an object");
        own.regions.clone_from(&regions);
    }
    for target in table.target_lists.iter_mut().flatten() {
        target.regions = None;
    }
    for primary in table.decisions.iter_mut().filter_map(|decision| decision.primary.as_mut()) {
        primary.regions = None;
    }
    table
}

fn control(table: &Table) -> Value {
    let export = bedrock::export(table).expect("an export");
    serde_json::from_str(&export.files["scp.json"]).expect("JSON")
}

/// The resources that a policy does not deny by name.
fn named(policy: &Value) -> BTreeSet<&str> {
    let all = policy["Statement"][0]["NotResource"].as_array().expect("resources");
    all.iter().filter_map(Value::as_str).collect()
}

/// What is denied to models past their profiles.
fn past(policy: &Value) -> Vec<&Value> {
    let all = policy["Statement"].as_array().expect("statements").iter();
    all.filter(|one| one["Sid"].as_str().is_some_and(|id| id.starts_with("OnlyThroughProfiles"))).collect()
}

fn regions(table: &Table) -> Level {
    let export = bedrock::export(table).expect("an export");
    export.promises.iter().find(|kept| kept.promise == "regions").expect("a promise").level
}

#[test]
fn a_model_of_a_geography_is_asked_through_its_profile_alone() {
    let profile = format!("arn:aws:bedrock:*:*:inference-profile/eu.{SONNET}");
    let model = format!("arn:aws:bedrock:*::foundation-model/{SONNET}");
    // The id of the profile says the same as the model's own and a geography: gateways ask for what is stated.
    for table in [table(SONNET, Some(&["eu"])), table(&format!("eu.{SONNET}"), Some(&["eu"]))] {
        let policy = control(&table);
        assert_eq!(named(&policy), BTreeSet::from([profile.as_str(), model.as_str()]));
        let [only] = past(&policy)[..] else { panic!("{policy}") };
        assert_eq!(only["Resource"], json!([model]));
        let through = json!({"StringNotLike": {"bedrock:InferenceProfileArn": ["arn:aws:bedrock:*:*:inference-profile/eu.*"]}});
        assert_eq!(only["Condition"], through);
        assert_eq!(regions(&table), Level::Native);
        let asked: Value = serde_json::from_str(
            &bedrock::export(&table).expect("an export").files["inference-profiles.json"],
        )
        .expect("JSON");
        assert_eq!(asked[0]["ask_for"], format!("eu.{SONNET}"));
    }
}

#[test]
fn a_model_of_a_region_is_asked_there() {
    let table = table(SONNET, Some(&["eu-central-1", "eu-west-1"]));
    let policy = control(&table);
    let model = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/{SONNET}");
    assert_eq!(named(&policy), BTreeSet::from([model("eu-central-1").as_str(), model("eu-west-1").as_str()]));
    assert!(past(&policy).is_empty() && regions(&table) == Level::Native);
    let mut both = table;
    both.models[0].regions = Some(vec!["eu".to_owned()]);
    let policy = control(&both);
    let [only] = past(&policy)[..] else { panic!("{policy}") };
    let direct = json!({"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]});
    assert_eq!(only["Condition"]["StringNotEquals"], direct);
}

#[test]
fn a_profile_holds_no_pin_to_less_than_its_geography() {
    for pin in ["eu-central-1", "germany"] {
        assert_eq!(regions(&table(&format!("eu.{SONNET}"), Some(&[pin]))), Level::Lost, "{pin}");
    }
    assert_eq!(regions(&table(&format!("eu.{SONNET}"), None)), Level::Native);
    let refused =
        |model: &str, pin: &str| bedrock::export(&table(model, Some(&[pin]))).expect_err("a refusal").message;
    assert_eq!(
        refused("amazon.nova", "germany"),
        "a decision pins `amazon.nova` to `germany`, which is neither a region nor a geography of Amazon Bedrock"
    );
    assert_eq!(
        refused("global.amazon.nova", "eu"),
        "a decision pins `global.amazon.nova`, whose profile processes anywhere in the world, to `eu`"
    );
}

#[test]
fn a_policy_that_is_too_long_is_refused() {
    let all: Vec<String> = (0..60).map(|number| format!("eu-central-{number}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let refused = bedrock::export(&table(SONNET, Some(&all))).expect_err("a refusal");
    assert!(refused.message.starts_with("the service control policy would have "), "{}", refused.message);
    assert!(refused.message.ends_with(" characters, and AWS takes at most 5120"), "{}", refused.message);
}
