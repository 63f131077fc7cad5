//! Speaks the lines of `conformance/run`: one JSON object a line from standard input, one back.

use std::io::{BufRead, Write};

use govctl_table::signature::base64;
use govctl_table::{DecisionTable, LoadOptions, Trigger, TrustedKey};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut table = None;
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let answer = if asked.get("op").is_some_and(|op| op == "load") {
            load(&asked, &mut table)
        } else {
            ask(&asked, table.as_ref())
        };
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    base64::decode(value.as_str()?)
}

fn load(asked: &Value, kept: &mut Option<DecisionTable>) -> Value {
    let mut options = LoadOptions::default();
    options.as_of = asked["as_of"].as_str().map(str::to_owned);
    options.allow_expired = asked["allow_expired"] == true;
    options.allow_unsigned = asked["allow_unsigned"] == true;
    options.least_serial = asked["least_serial"].as_u64();
    for key in asked["trusted_keys"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        match key.parse::<TrustedKey>() {
            Ok(key) => options.trusted_keys.push(key),
            Err(why) => return json!({"refused": {"code": "key", "place": "", "text": why.to_string()}}),
        }
    }
    let signature = bytes(&asked["signature"]);
    match DecisionTable::load(&bytes(&asked["table"]).unwrap_or_default(), signature.as_deref(), &options) {
        Ok(table) => json!({"loaded": kept.insert(table).digest()}),
        Err(error) => {
            json!({"refused": {"code": error.code(), "place": error.place, "text": error.what}})
        }
    }
}

fn ask(asked: &Value, table: Option<&DecisionTable>) -> Value {
    let Some(table) = table else { return Value::Null };
    let decision = match asked["request"].as_object() {
        Some(request) => table.decide_metadata(request),
        None => table.decide_metadata(&serde_json::Map::new()),
    };
    let down: Vec<&str> = asked["down"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let down = table.down(&down);
    // A trigger that there is not leads nowhere.
    let (outcome, path) = match asked["on"].as_str().map(Trigger::parse) {
        None => (Some(decision.route(|model| down.has(model))), decision.outage_path()),
        Some(Some(on)) => (Some(decision.route_on(on, |model| down.has(model))), decision.on(on)),
        Some(None) => (None, None),
    };
    let route = outcome.and_then(|outcome| outcome.target()).map(|target| &target.model().id);
    let then = path.map_or_else(|| json!({"action": "block"}), |path| json!(path.then()));
    json!({"decision": decision.index(), "route": route, "then": then})
}
