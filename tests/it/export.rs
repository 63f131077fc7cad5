//! `govctl export` from the outside: what it writes, what it refuses, how it ends.

use std::process::Output;

use crate::bundle;

/// Runs the program on the hospital.
fn run(arguments: &[&str]) -> (i32, String) {
    let Output { status, stderr, .. } = bundle::run(&bundle::root("examples/hospital"), arguments);
    (status.code().expect("a status"), String::from_utf8(stderr).expect("text"))
}

fn compiled(folder: &std::path::Path) -> String {
    let table = folder.join("table.json").to_string_lossy().into_owned();
    let (status, said) = run(&["compile", "--as-of", "2026-11-21", "-o", &table]);
    assert_eq!(status, 0, "{said}");
    table
}

#[test]
fn an_export_is_the_same_bytes_and_names_every_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = compiled(folder.path());
    let mut seen = Vec::new();
    for name in ["a", "b"] {
        let out = folder.path().join(name);
        let shown = out.to_string_lossy().into_owned();
        let (status, said) =
            run(&["export", "envoy", "--table", &table, "-o", &shown, "--as-of", "2026-11-21"]);
        assert_eq!(status, 0, "{said}");
        let manifest = std::fs::read_to_string(out.join("export.json")).expect("a manifest");
        let json: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let files = json["files"].as_object().expect("files");
        assert!(files.len() > 5, "{manifest}");
        for path in files.keys() {
            assert!(out.join(path).is_file(), "{path}");
        }
        seen.push(manifest);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_faithful_export_is_asked_for_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = compiled(folder.path());
    let out = folder.path().join("out").to_string_lossy().into_owned();
    let base =
        ["export", "envoy", "--table", &table, "-o", &out, "--as-of", "2026-11-21", "--require-faithful"];
    let (status, said) = run(&base);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("  signature is lost: whoever writes the files checks it"), "{said}");
    let (status, said) = run(&[&base[..], &["--allow-loss", "signatur"]].concat());
    assert_eq!(status, 2);
    assert!(said.contains("`signature`"), "{said}");
}

#[test]
fn every_gateway_has_a_level_for_every_promise() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = compiled(folder.path());
    let targets = [
        "envoy",
        "litellm",
        "portkey",
        "tensorzero",
        "envoy-ai-gateway",
        "bifrost",
        "cloudflare",
        "bedrock",
        "sql",
    ];
    for target in targets {
        let out = folder.path().join(target);
        let shown = out.to_string_lossy().into_owned();
        let (status, said) =
            run(&["export", target, "--table", &table, "-o", &shown, "--as-of", "2026-11-21"]);
        assert_eq!(status, 0, "{target}: {said}");
        let manifest = std::fs::read_to_string(out.join("export.json")).expect("a manifest");
        let json: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let promises: Vec<&str> = json["losses"]
            .as_array()
            .expect("losses")
            .iter()
            .filter_map(|kept| kept["promise"].as_str())
            .collect();
        let all: Vec<&str> = govctl::export::promise::PROMISES.iter().map(|(name, _)| *name).collect();
        assert_eq!(promises, all, "{target}");
    }
}
