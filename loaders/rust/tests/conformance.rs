//! The same answers as every other loader: `conformance/`, asked without the runner.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use govctl_table::{DecisionTable, LoadOptions, Trigger, TrustedKey};
use serde_json::{Value, json};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance").join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    found
}

fn keys(texts: &Value) -> Result<Vec<TrustedKey>, ()> {
    let texts = texts.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().expect("a key").parse().map_err(drop)).collect()
}

#[test]
fn every_vector_is_answered_as_it_says() {
    let mut asked = 0;
    for file in files("vectors", ".jsonl") {
        let name = file.file_name().expect("a name").to_string_lossy().replace(".jsonl", ".json");
        let path = file.with_file_name("../tables").join(&name);
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../conformance/tables")
            .join(path.file_name().expect("a name"));
        let (bytes, signature) = (
            std::fs::read(&path).expect("a table"),
            std::fs::read(path.with_extension("json.sig")).expect("a signature"),
        );
        let key: TrustedKey = std::fs::read_to_string(path.with_file_name("conformance.pub"))
            .expect("a key")
            .parse()
            .expect("a key");
        let mut by_day: BTreeMap<String, DecisionTable> = BTreeMap::new();
        for line in std::fs::read_to_string(&file).expect("vectors").lines() {
            let vector: Value = serde_json::from_str(line).expect("JSON");
            let day = vector["as_of"].as_str().expect("a day");
            let table = by_day.entry(day.to_owned()).or_insert_with(|| {
                let options = LoadOptions::at(day).trusting(key.clone());
                DecisionTable::from_signed_slice(&bytes, &signature, &options).expect("it loads")
            });
            let decision = table.decide_metadata(vector["request"].as_object().expect("a request"));
            let down: Vec<&str> =
                vector["down"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
            let down = table.down(&down);
            // A trigger that there is not leads nowhere.
            let (outcome, path) = match vector["on"].as_str().map(Trigger::parse) {
                None => (Some(decision.route(|model| down.has(model))), decision.outage_path()),
                Some(Some(on)) => (Some(decision.route_on(on, |model| down.has(model))), decision.on(on)),
                Some(None) => (None, None),
            };
            let found = json!({
                "decision": decision.index(),
                "route": outcome.and_then(|outcome| outcome.target()).map(|target| &target.model().id),
                "then": path.map_or(json!({"action": "block"}), |path| json!(path.then())),
            });
            let wanted =
                json!({"decision": vector["decision"], "route": vector["route"], "then": vector["then"]});
            assert_eq!(found, wanted, "{name}: {line}");
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked} vectors");
}

#[test]
fn every_refused_table_is_refused_with_its_code() {
    let mut wrong = Vec::new();
    let all = files("refused", ".json");
    assert!(all.len() > 50);
    for file in all {
        let case: Value = serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
        let code = case["code"].as_str().expect("a code");
        let found = refusal(&case);
        if found != code {
            wrong.push(format!("{}: {found}, not {code}", file.file_name().expect("a name").display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn refusal(case: &Value) -> String {
    let mut options = LoadOptions::default();
    options.as_of = case["as_of"].as_str().map(str::to_owned);
    options.allow_expired = case["allow_expired"] == true;
    options.allow_unsigned = case["allow_unsigned"] == true;
    options.least_serial = case["least_serial"].as_u64();
    match keys(&case["trusted_keys"]) {
        Ok(keys) => options.trusted_keys = keys,
        Err(()) => return "key".to_owned(),
    }
    let bytes = match (&case["table"], &case["table_base64"]) {
        (Value::String(text), _) => text.as_bytes().to_vec(),
        (_, Value::String(text)) => govctl_table::signature::base64::decode(text).expect("base64"),
        other => panic!("no table: {other:?}"),
    };
    let signature = case["signature"].as_str().map(str::as_bytes);
    match DecisionTable::load(&bytes, signature, &options) {
        Ok(_) => "loads".to_owned(),
        Err(error) => error.code().to_owned(),
    }
}
