//! The seeds of the fuzz targets, as ordinary tests: what a fuzzer once reached is reached by every run.

use std::path::Path;

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use crate::bundle;

/// Runs a target on each of its seeds, and says which one it was that stopped it.
fn run(name: &str) {
    let (_, body) = bodies::TARGETS.iter().find(|(target, _)| *target == name).expect("a target");
    let folder = bundle::root("fuzz/corpus").join(name);
    let mut seeds: Vec<_> =
        std::fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("a seed").path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{} has no seeds", folder.display());
    for seed in seeds {
        let data = std::fs::read(&seed).expect("a seed");
        let stopped = std::panic::catch_unwind(|| body(&data)).is_err();
        assert!(!stopped, "{name} stops on {}", shown(&seed));
    }
}

fn shown(seed: &Path) -> String {
    seed.strip_prefix(bundle::root("")).unwrap_or(seed).display().to_string()
}

#[test]
fn seeds_of_check() {
    run("check");
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
fn seeds_of_policy() {
    run("policy");
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
