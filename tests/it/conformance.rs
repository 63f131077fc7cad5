//! The tables of the examples and their vectors, as every loader is held to them: `GOVCTL_BLESS=1` writes both, then
//! `conformance/write-refused` signs the tables.

use std::path::Path;

use govctl::compile::{self, verify};
use govctl::load;
use govctl::table::{DecisionTable, LoadOptions};
use govctl::{vectors, workspace};

use crate::{bundle, properties, worlds};

/// The names of the workspaces among the examples that compile; one as somebody published it does not. The large
/// one is left out: its vectors are a megabyte that changes with every word of it.
fn examples() -> Vec<String> {
    let folder = std::fs::read_dir(bundle::root("examples")).expect("examples");
    let names = folder.map(|entry| entry.expect("an entry"));
    let names = names.filter(|entry| entry.path().join("registry").is_dir()).map(|entry| entry.file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.ends_with("-as-published") && name != "enterprise");
    names.sort();
    assert!(names.len() > 1, "{names:?}");
    names
}

/// The table of an example, which verifies, and its vectors.
fn compiled(name: &str) -> (String, String) {
    let loaded = load::load(&bundle::root("examples").join(name)).expect("a workspace");
    let workspace = workspace::read(loaded, bundle::AS_OF.parse().expect("a day"));
    let verified = workspace.check().verified(&workspace).unwrap_or_else(|| panic!("{name} has errors"));
    let text = compile::compile(&verified).to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default()).expect("a table");
    verify::verify(&table, &verified).unwrap_or_else(|difference| panic!("{name}: {difference}"));
    let vectors = vectors::of_table(&table, &format!("{name}.json"));
    (text, vectors.iter().map(|vector| format!("{vector}\n")).collect())
}

/// Writes a file, or holds it to what it should be.
fn hold(path: &Path, text: &str) {
    if bundle::bless() {
        std::fs::write(path, text).expect("a file is written");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not what the example gives; run this test with GOVCTL_BLESS=1, then conformance/write-refused",
        path.display()
    );
}

#[test]
fn the_loaders_are_held_to_the_tables_of_the_examples() {
    for name in examples() {
        let (table, vectors) = compiled(&name);
        let folder = bundle::root("conformance");
        hold(&folder.join(format!("tables/{name}.json")), &table);
        hold(&folder.join(format!("vectors/{name}.jsonl")), &vectors);
    }
}

/// How many random workspaces are tried, unless `GOVCTL_RANDOM_SEEDS` says so: about every seventh compiles.
const RANDOM_SEEDS: u64 = 100;
/// Where they are written: `conformance/run --data` reads them there.
const RANDOM_TABLES: &str = "target/random-tables";
/// The largest have thousands of contexts; the shapes are in the small ones.
const MAX_RANDOM_TABLE: usize = 60_000;

#[test]
fn every_loader_is_given_the_tables_of_random_workspaces() {
    let seeds = std::env::var("GOVCTL_RANDOM_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    let seeds: u64 = seeds.unwrap_or(RANDOM_SEEDS);
    let folder = bundle::root(RANDOM_TABLES);
    for part in ["tables", "vectors"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
    }
    let mut written: u64 = 0;
    for seed in 0..seeds {
        let workspace = properties::read(&worlds::workspace(&worlds::rolls(seed, 400)));
        let Some(verified) = workspace.check().verified(&workspace) else { continue };
        let text = compile::compile(&verified).to_canonical_json();
        if text.len() > MAX_RANDOM_TABLE {
            continue;
        }
        let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default()).expect("a table");
        let vectors = vectors::of_table(&table, &format!("{seed}.json"));
        let some = vectors.iter().step_by(1 + vectors.len() / 200);
        let lines: String = some.map(|vector| format!("{vector}\n")).collect();
        std::fs::write(folder.join(format!("tables/{seed}.json")), &text).expect("a table is written");
        std::fs::write(folder.join(format!("vectors/{seed}.jsonl")), lines).expect("vectors are written");
        written += 1;
    }
    assert!(written * 20 >= seeds, "only {written} of {seeds} random workspaces compile to a small table");
}
