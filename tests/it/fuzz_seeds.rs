//! The seeds of the fuzz targets, as ordinary tests: what a fuzzer once reached is reached by every run.

use std::collections::BTreeSet;
use std::path::Path;

use govctl::table::{DecisionTable, LoadOptions};

#[path = "../../fuzz/bodies.rs"]
pub(crate) mod bodies;

use crate::bundle;

/// How many changed seeds each target sees; `GOVCTL_FUZZ_ROUNDS` sets it for longer runs without a nightly toolchain.
const ROUNDS: u64 = 40;

/// Runs a target on each of its seeds and on some changed ones, and says which one it was that stopped it.
fn run(name: &str) {
    let (_, body) = bodies::TARGETS.iter().find(|(target, _)| *target == name).expect("a target");
    let folder = bundle::root("fuzz/corpus").join(name);
    let mut seeds: Vec<_> =
        std::fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("a seed").path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{} has no seeds", folder.display());
    let mut pool = Vec::new();
    for seed in seeds {
        let data = std::fs::read(&seed).expect("a seed");
        let stopped = std::panic::catch_unwind(|| body(&data)).is_err();
        assert!(!stopped, "{name} stops on {}", shown(&seed));
        pool.push(data);
    }
    let rounds = std::env::var("GOVCTL_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    for round in 0..rounds.unwrap_or(ROUNDS) {
        let data = changed(&pool, round);
        let stopped = std::panic::catch_unwind(|| body(&data)).is_err();
        assert!(!stopped, "{name} stops on round {round}:\n{}", String::from_utf8_lossy(&data));
    }
}

/// A seed with a few stretches cut, repeated, overwritten, or taken from another seed; the same for each round.
fn changed(pool: &[Vec<u8>], round: u64) -> Vec<u8> {
    let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 11).unwrap_or(0) % bound.max(1)
    };
    let mut data = pool[below(pool.len())].clone();
    for _ in 0..=below(4) {
        let start = below(data.len());
        let end = (start + below(24)).min(data.len());
        let other = &pool[below(pool.len())];
        let from = below(other.len());
        let taken = other[from..(from + below(48)).min(other.len())].to_vec();
        match below(5) {
            0 => drop(data.splice(start..end, [])),
            1 => drop(data.splice(start..start, data[start..end].to_vec())),
            2 => drop(data.splice(start..end, taken)),
            3 => drop(data.splice(start..start, taken)),
            _ => data
                .iter_mut()
                .skip(start)
                .take(1)
                .for_each(|byte| *byte = *b"09-\"#{}[]:,.\n x%<>"[below(19)..].first().unwrap_or(&b' ')),
        }
    }
    data
}

fn shown(seed: &Path) -> String {
    seed.strip_prefix(bundle::root("")).unwrap_or(seed).display().to_string()
}

#[test]
fn seeds_of_check() {
    run("check");
}

#[test]
fn seeds_of_format() {
    run("format");
}

#[test]
fn seeds_of_lookup() {
    run("lookup");
}

#[test]
fn seeds_of_parse() {
    run("parse");
}

#[test]
fn seeds_of_event() {
    run("event");
}

#[test]
fn seeds_of_policy() {
    run("policy");
}

#[test]
fn seeds_of_markdown() {
    run("markdown");
}

#[test]
fn seeds_of_table() {
    run("table");
}

#[test]
fn seeds_of_yaml() {
    run("yaml");
}

#[test]
fn every_target_is_built_and_has_seeds() {
    let manifest = std::fs::read_to_string(bundle::root("fuzz/Cargo.toml")).expect("the manifest");
    let mut built: Vec<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")).collect();
    built.sort_unstable();
    let files: Vec<String> = bodies::TARGETS.iter().map(|(name, _)| format!("{name}.rs\"")).collect();
    assert_eq!(built, files);
    for (name, _) in bodies::TARGETS {
        let target = std::fs::read_to_string(bundle::root(&format!("fuzz/fuzz_targets/{name}.rs")));
        assert!(target.expect("a target").contains(&format!("bodies::{name}(data)")), "{name}");
        assert!(bundle::root(&format!("fuzz/corpus/{name}")).is_dir(), "{name} has no seeds");
    }
}

#[test]
fn seeds_of_revision() {
    run("revision");
}

#[test]
fn seeds_of_signature() {
    run("signature");
}

/// A fuzzer starts from its seeds: what none of them holds it rarely comes to.
#[test]
fn seeds_hold_every_word_of_policies_and_every_key_of_registry_and_estate() {
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned();
    let seeds = |targets: &[&str]| {
        let folders = targets.iter().map(|target| bundle::root("fuzz/corpus").join(target));
        let seeds = folders.flat_map(|folder| std::fs::read_dir(folder).expect("seeds"));
        seeds.map(|seed| read(&seed.expect("a seed").path())).collect::<String>()
    };
    let whole = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let words_of = |text: &str| text.split(whole).map(str::to_owned).collect::<BTreeSet<String>>();
    let grammar = read(&bundle::root("grammar/gov.pest"));
    let code = grammar.lines().map(|line| line.split("//").next().unwrap_or_default());
    let quoted = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_word = |word: &&str| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_lowercase());
    let words: BTreeSet<String> =
        quoted.filter(is_word).filter(|word| !word.contains(whole)).map(str::to_owned).collect();
    assert!(words.len() > 100, "{words:?}");
    let mut keys = BTreeSet::new();
    for schema in ["registry", "estate"] {
        let schema = read(&bundle::root(&format!("schemas/{schema}.schema.json")));
        keys_of(&serde_json::from_str(&schema).expect("JSON"), &mut keys);
    }
    assert!(keys.len() > 80, "{keys:?}");
    let missing = |wanted: &BTreeSet<String>, text: &str| {
        wanted.difference(&words_of(text)).cloned().collect::<Vec<String>>()
    };
    assert!(missing(&words, &seeds(&["check", "policy", "parse", "format"])).is_empty());
    assert_eq!(missing(&keys, &seeds(&["check", "yaml"])), [""; 0]);
    let dictionary = read(&bundle::root("fuzz/gov.dict"));
    assert_eq!(missing(&(&words | &keys), &dictionary), [""; 0]);
}

fn keys_of(schema: &serde_json::Value, keys: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(serde_json::Value::as_object) {
        keys.extend(properties.keys().cloned());
    }
    match schema {
        serde_json::Value::Object(members) => members.values().for_each(|value| keys_of(value, keys)),
        serde_json::Value::Array(items) => items.iter().for_each(|value| keys_of(value, keys)),
        _ => {}
    }
}

/// Where no seed loads, what is asked of tables that load is asked of none.
#[test]
fn seeds_of_tables_load() {
    for name in ["hospital", "logistics", "second-edition"] {
        let seed = std::fs::read(bundle::root("fuzz/corpus/table").join(name)).expect("a seed");
        let loaded = DecisionTable::from_slice(&seed, &LoadOptions::default());
        assert!(loaded.is_ok(), "{name}: {:?}", loaded.err().map(|error| error.to_string()));
    }
}
