//! Every field of compiled tables is tampered with, the digest made to fit again, and each time the loader or `verify`
//! must notice.

use std::collections::{BTreeMap, BTreeSet};

use govctl::compile::{self, verify};
use govctl::load;
use govctl::model::Date;
use govctl::table::{DecisionTable, LoadOptions, canonical_json, sha256_hex};
use govctl::workspace::{self, Verified, Workspace};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::bundle;

/// A place in a table; the last step of it is what is changed.
type Path = Vec<Step>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Item(usize),
}

fn shown(path: &[Step]) -> String {
    path.iter().fold(String::new(), |path, step| match step {
        Step::Key(key) => format!("{path}/{key}"),
        Step::Item(at) => format!("{path}/{at}"),
    })
}

/// The path without the numbers: what kind of field it is.
fn kind(path: &[Step]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Key(key) => format!(".{key}"),
        Step::Item(_) => "[]".to_owned(),
    });
    steps.collect()
}

fn at<'v>(value: &'v Value, path: &[Step]) -> &'v Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &value[key],
        Step::Item(at) => &value[at],
    })
}

fn at_mut<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Item(at) => &mut value[at],
    })
}

/// Every value of a table but the table itself, with its place.
fn places(table: &Value) -> Vec<Path> {
    fn walk(value: &Value, path: &mut Path, places: &mut Vec<Path>) {
        let steps: Vec<(Step, &Value)> = match value {
            Value::Object(members) => {
                members.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect()
            }
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, value)| (Step::Item(at), value)).collect()
            }
            _ => Vec::new(),
        };
        for (step, value) in steps {
            path.push(step);
            places.push(path.clone());
            walk(value, path, places);
            path.pop();
        }
    }
    let mut places = Vec::new();
    walk(table, &mut Vec::new(), &mut places);
    places
}

/// Other values for a place: near ones, which only `verify` can tell, and impossible ones.
fn others(value: &Value, alike: &BTreeSet<String>) -> Vec<Value> {
    let mut others = vec![Value::Null, json!("x"), json!(0), json!(true), json!([]), json!({})];
    match value {
        Value::String(text) => {
            others.extend([json!(format!("{text}x")), json!(""), json!(moved(text))]);
            // Text that stands elsewhere in a field like this one is what a forger would write.
            others.extend(alike.iter().filter(|other| *other != text).take(3).map(|text| json!(text)));
        }
        Value::Number(number) => {
            let number = number.as_u64().expect("a whole number");
            others.extend([json!(number + 1), json!(number.saturating_sub(1)), json!(number.to_string())]);
        }
        Value::Bool(flag) => others.push(json!(!flag)),
        _ => {}
    }
    others.retain(|other| other != value);
    others.dedup();
    others
}

/// Text with its last digit moved: another day, price, percent or hash.
fn moved(text: &str) -> String {
    let Some((at, digit)) = text.char_indices().rev().find(|(_, c)| c.is_ascii_digit()) else {
        return text.to_uppercase();
    };
    let digit = digit.to_digit(10).expect("a digit");
    format!("{}{}{}", &text[..at], (digit + 1) % 10, &text[at + 1..])
}

/// What is done to a table.
#[derive(Debug)]
struct Mutation {
    what: String,
    table: Value,
}

/// Everything that is done at one place.
fn mutations(table: &Value, places: &[Path], path: &[Step], alike: &BTreeSet<String>) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut add = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = table.clone();
        change(&mut changed);
        if changed != *table {
            all.push(Mutation { what: format!("{}: {what}", shown(path)), table: changed });
        }
    };
    for other in others(at(table, path), alike) {
        add(&format!("became {other}"), &|table| *at_mut(table, path) = other.clone());
    }
    let (last, parent) = path.split_last().expect("a step");
    match last {
        Step::Key(key) => {
            let remove =
                |table: &mut Value| at_mut(table, parent).as_object_mut().expect("an object").remove(key);
            add("removed", &|table| drop(remove(table)));
            add("renamed", &|table| {
                let value = remove(table).expect("a member");
                at_mut(table, parent)[format!("{key}x")] = value;
            });
            add("joined by another", &|table| {
                at_mut(table, parent)[format!("{key}x")] = at(table, path).clone();
            });
        }
        Step::Item(item) => {
            let list = |table: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
                change(at_mut(table, parent).as_array_mut().expect("a list"));
            };
            add("removed", &|table| list(table, &|items| drop(items.remove(*item))));
            add("doubled", &|table| list(table, &|items| items.insert(*item, items[*item].clone())));
            add("doubled at the end", &|table| list(table, &|items| items.push(items[*item].clone())));
            add("swapped with the next", &|table| {
                list(table, &|items| {
                    let next = (item + 1).min(items.len() - 1);
                    items.swap(*item, next);
                });
            });
            add("swapped with the first", &|table| list(table, &|items| items.swap(*item, 0)));
        }
    }
    // Something of another list of this kind is added to this one: a target, a rule, an address.
    if let Some(items) = at(table, path).as_array() {
        let of_kind = places.iter().filter(|other| kind(other) == kind(path));
        let mut found = of_kind.filter_map(|other| at(table, other).as_array()?.last());
        if let Some(stranger) = found.find(|stranger| !items.contains(stranger)) {
            for place in [0, items.len()] {
                add("joined by one of another list", &|table| {
                    at_mut(table, path).as_array_mut().expect("a list").insert(place, stranger.clone());
                });
            }
        }
    }
    all
}

/// The table with the digest that belongs to it.
fn sealed(mut table: Value) -> String {
    table.as_object_mut().expect("an object").remove("digest");
    table["digest"] = format!("sha256:{}", sha256_hex(canonical_json(&table).as_bytes())).into();
    canonical_json(&table)
}

/// Who notices: the loader, or `verify`; none where it passes.
fn noticed(text: &str, verified: &Verified) -> Option<&'static str> {
    match DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default()) {
        Err(_) => Some("loader"),
        Ok(table) => verify::verify(&table, verified).is_err().then_some("verify"),
    }
}

fn read(folder: &std::path::Path) -> Workspace {
    let as_of: Date = bundle::AS_OF.parse().expect("a day");
    workspace::read(load::load(folder).expect("a workspace"), as_of)
}

/// Runs something on the table of a workspace.
fn on_table<T>(workspace: &Workspace, run: impl Fn(&Value, &Verified) -> T) -> T {
    let verified = workspace.check().verified(workspace).expect("no errors");
    let text = compile::compile(&verified).to_canonical_json();
    assert_eq!(noticed(&text, &verified), None, "the table itself");
    run(&serde_json::from_str(&text).expect("JSON"), &verified)
}

fn everything() -> Workspace {
    let text = std::fs::read_to_string(bundle::root("tests/data/everything.txt")).expect("the bundle");
    read(bundle::unpack_text(&text).path())
}

/// Of the places of each kind the first and the last ones, so that `cargo test` stays quick; `GOVCTL_MUTATIONS=all`
/// takes every one.
fn sample(places: &[Path], of_each_kind: usize) -> Vec<&Path> {
    let mut kinds: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
    for path in places {
        kinds.entry(kind(path)).or_default().push(path);
    }
    let all = std::env::var("GOVCTL_MUTATIONS").is_ok_and(|value| value == "all");
    let some = kinds.into_values().flat_map(|paths| {
        let last = paths.len().saturating_sub(of_each_kind / 2);
        let chosen = paths.into_iter().enumerate();
        chosen
            .filter(move |(at, _)| all || *at < of_each_kind.div_ceil(2) || *at >= last)
            .map(|(_, path)| path)
    });
    some.collect()
}

/// Mutates values of every kind in a table; how often each of the two noticed.
fn tampered(workspace: &Workspace, of_each_kind: usize) -> BTreeMap<&'static str, usize> {
    on_table(workspace, |table, verified| {
        let places = places(table);
        let mut alike: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in &places {
            let text = at(table, path).as_str().map(str::to_owned);
            alike.entry(kind(path)).or_default().extend(text);
        }
        let results: Vec<(Option<&str>, String)> = sample(&places, of_each_kind)
            .into_par_iter()
            .flat_map_iter(|path| {
                let digest = kind(path) == ".digest";
                mutations(table, &places, path, &alike[&kind(path)]).into_iter().map(move |mutation| {
                    // A digest made to fit again is no mutation of the digest.
                    let text = if digest { canonical_json(&mutation.table) } else { sealed(mutation.table) };
                    (noticed(&text, verified), mutation.what)
                })
            })
            .collect();
        let passed: Vec<&String> =
            results.iter().filter(|(noticed, _)| noticed.is_none()).map(|(_, what)| what).collect();
        assert!(passed.is_empty(), "{} of {} mutations pass: {passed:#?}", passed.len(), results.len());
        let mut counts = BTreeMap::new();
        for (noticed, _) in results {
            *counts.entry(noticed.expect("noticed")).or_default() += 1;
        }
        counts
    })
}

#[test]
fn no_field_of_a_table_of_everything_can_be_tampered_with() {
    let counts = tampered(&everything(), 2);
    // Both have work: a loader that refused all would be as wrong as one that refused nothing.
    assert!(counts["loader"] > 800 && counts["verify"] > 400, "{counts:?}");
}

#[test]
fn no_field_of_the_examples_tables_can_be_tampered_with() {
    for name in ["hospital", "logistics"] {
        let counts = tampered(&read(&bundle::root("examples").join(name)), 1);
        assert!(counts["loader"] > 400 && counts["verify"] > 200, "{name}: {counts:?}");
    }
}

#[test]
fn the_table_of_everything_has_every_key_of_the_format() {
    let mut declared: BTreeSet<String> = BTreeSet::new();
    for file in ["format.rs", "format/decisions.rs", "format/duties.rs", "format/models.rs"] {
        let file = format!("loaders/rust/src/{file}");
        let text = std::fs::read_to_string(bundle::root(&file)).expect("the format");
        let fields = text.lines().filter_map(|line| {
            let line = line.trim();
            let (name, _) = line.strip_prefix("pub ").unwrap_or(line).split_once(": ")?;
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte))
                .then_some(name)
        });
        declared.extend(fields.map(str::to_owned));
    }
    declared.insert("action".to_owned());
    assert!(declared.len() > 50, "{declared:?}");
    on_table(&everything(), |table, _| {
        let mut said: BTreeMap<String, bool> = BTreeMap::new();
        for path in places(table) {
            let value = at(table, &path);
            let empty = value.is_null() || *value == json!([]) || *value == json!({}) || *value == json!("");
            *said.entry(kind(&path)).or_default() |= !empty;
        }
        let silent: Vec<&String> = said.iter().filter(|(_, said)| !**said).map(|(kind, _)| kind).collect();
        assert!(silent.is_empty(), "these fields say nothing anywhere: {silent:?}");
        let keys: BTreeSet<&str> =
            said.keys().filter_map(|kind| kind.rsplit_once('.')).map(|(_, key)| key).collect();
        let keys: BTreeSet<&str> = keys.iter().map(|key| key.trim_end_matches("[]")).collect();
        let missing: Vec<&String> = declared.iter().filter(|key| !keys.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "the workspace gives no {missing:?}");
        for action in ["notify", "throttle", "confirm", "queue", "degrade", "block"] {
            assert!(canonical_json(table).contains(&format!("\"action\":\"{action}\"")), "no {action}");
        }
    });
}

#[test]
fn a_flipped_bit_anywhere_in_the_file_is_refused() {
    on_table(&everything(), |table, verified| {
        let text = canonical_json(table);
        let passed: Vec<usize> = (0..text.len())
            .into_par_iter()
            .step_by(3)
            .filter(|at| {
                let mut bytes = text.as_bytes().to_vec();
                bytes[*at] ^= 1 << (at % 7);
                let loaded = DecisionTable::from_slice(&bytes, &LoadOptions::default());
                loaded.is_ok_and(|table| verify::verify(&table, verified).is_ok())
            })
            .collect();
        assert!(passed.is_empty(), "flipped at {passed:?}");
    });
}

/// The difference that `verify` names after a change to the table of everything that loads.
fn named(change: &dyn Fn(&mut Value)) -> String {
    on_table(&everything(), |table, verified| {
        let mut table = table.clone();
        change(&mut table);
        let loaded = DecisionTable::from_slice(sealed(table).as_bytes(), &LoadOptions::default());
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        verify::verify(&loaded, verified).expect_err("it differs").to_string()
    })
}

#[test]
fn the_first_difference_is_named_with_both_sides() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 19] = [
        ("a cell that leads elsewhere", |table| table["use_cases"][1]["cells"][2] = json!(37)),
        ("two cells swapped", |table| {
            table["use_cases"][1]["cells"].as_array_mut().expect("cells").swap(6, 7);
        }),
        ("a target added", |table| {
            let target = json!({"model": 0, "cost_multiplier": "0.5", "actions": [], "regions": null});
            table["target_lists"][5].as_array_mut().expect("targets").push(target);
        }),
        ("a target taken away", |table| {
            drop(table["target_lists"][0].as_array_mut().expect("targets").pop());
        }),
        ("an action taken away", |table| {
            drop(table["target_lists"][0][1]["actions"].as_array_mut().expect("actions").pop());
        }),
        ("another list of rules", |table| table["decisions"][39]["rules"] = json!(13)),
        ("an audit that keeps nothing", |table| table["audits"][0]["retain_days"] = json!(1)),
        ("a failover that degrades otherwise", |table| {
            table["failovers"][0]["then"] = json!({"action": "degrade", "message": "Never."});
        }),
        ("a cooldown taken away", |table| table["failovers"][0]["cooldown_seconds"] = json!(null)),
        ("another day", |table| table["as_of"] = json!("2026-11-20")),
        ("a longer life", |table| table["valid_until"] = json!("2031-12-31")),
        ("another end", |table| table["ends"] = json!("model north/small")),
        ("a model that is elsewhere", |table| {
            table["models"][0]["endpoint"]["base_url"] = json!("https://evil.example");
        }),
        ("a quota without a limit", |table| table["quotas"][0]["requests_per_minute"] = json!(null)),
        ("a request read elsewhere", |table| table["request"]["header_prefix"] = json!("x-evil-")),
        ("another reason", |table| table["reasons"]["rule save"] = json!("a whim")),
        ("a cut elsewhere", |table| table["grids"][0][2]["cuts"] = json!(["<11%"])),
        ("an axis that changes nothing", |table| {
            let axis = json!({"fact": "channel", "values": ["web", "phone"]});
            table["grids"][2].as_array_mut().expect("axes").insert(1, axis);
            let cells = table["use_cases"][2]["cells"].as_array().expect("cells").clone();
            let twice = cells.chunks(3).flat_map(|cells| [cells, cells].concat());
            table["use_cases"][2]["cells"] = twice.collect();
        }),
        ("a proof of more", |table| table["proof"]["guarantees"][0]["contexts"] = json!(9)),
    ];
    let said: String =
        changes.iter().map(|(what, change)| format!("{what}\n  {}\n", named(change))).collect();
    insta::assert_snapshot!(said);
}
