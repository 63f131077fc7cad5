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

/// Every file below a folder, by its path.
fn files(folder: &std::path::Path) -> std::collections::BTreeSet<String> {
    let all = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    let all = all.filter(|entry| entry.file_type().is_file());
    let path = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).expect("inside");
        path.to_string_lossy().replace('\\', "/")
    };
    all.map(path).collect()
}

#[test]
fn an_export_takes_the_place_of_the_one_before_it_and_of_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let shown = out.to_string_lossy().into_owned();
    let export = |workspace: &std::path::Path, target: &str| {
        let output = bundle::run(workspace, &["export", target, "-o", &shown, "--as-of", "2026-11-21"]);
        (bundle::status(&output), bundle::stderr(&output))
    };
    let [before, hospital] = ["logistics", "hospital"].map(|name| bundle::root("examples").join(name));
    let is_that_of = |own: &[&str]| {
        let manifest = std::fs::read_to_string(out.join("export.json")).expect("a manifest");
        let json: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let mut wanted: std::collections::BTreeSet<String> =
            json["files"].as_object().expect("files").keys().cloned().collect();
        wanted.extend(own.iter().map(|own| (*own).to_owned()));
        wanted.insert("export.json".to_owned());
        assert_eq!(files(&out), wanted);
    };
    for target in ["cloudflare", "portkey"] {
        assert_eq!(export(&before, target).0, 0);
        std::fs::write(out.join("notes.txt"), "mine").expect("write");
        let (status, said) = export(&hospital, target);
        assert_eq!(status, 0, "{said}");
        is_that_of(&["notes.txt"]);
    }
    // What somebody has changed is in the way, and stays.
    assert_eq!(export(&before, "cloudflare").0, 0);
    std::fs::write(out.join("routes/planning.json"), "{}").expect("write");
    let (status, said) = export(&hospital, "cloudflare");
    assert_eq!(status, 2, "{said}");
    assert!(
        said.contains(
            "routes/planning.json` is of an earlier export, whose gateway may load it, and was changed since"
        ),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(out.join("routes/planning.json")).expect("a file"), "{}");
    std::fs::remove_file(out.join("routes/planning.json")).expect("remove");
    assert_eq!(export(&hospital, "envoy").0, 0);
    is_that_of(&["notes.txt"]);
}

/// The files of keys that the listeners of an export name, and those that are there.
fn keys(out: &std::path::Path) -> [std::collections::BTreeSet<String>; 2] {
    let listeners = std::fs::read_to_string(out.join("xds/listeners.json")).expect("listeners");
    let named = listeners.split("\"./xds/secrets/").skip(1).filter_map(|rest| rest.split('"').next());
    [named.map(str::to_owned).collect(), files(&out.join("xds/secrets"))]
}

#[test]
fn keys_stay_as_long_as_a_listener_names_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let hospital = bundle::root("examples/hospital");
    let output = bundle::run(&hospital, &["compile", "--as-of", "2026-11-21"]);
    let mut table: govctl::table::format::Table =
        serde_json::from_slice(&output.stdout).expect("a table on standard output");
    let mut counts = Vec::new();
    for number in 0..7 {
        // Each table is another one, by the variable of its models' keys.
        for model in &mut table.models {
            model.endpoint.insert("api_key_env".to_owned(), format!("KEY_{number}").into());
        }
        table.digest = format!("sha256:{number:0<64}");
        let mut export = govctl::export::envoy::export(&table, &govctl::export::envoy::Options::default())
            .expect("an export");
        govctl::export::envoy::over::keep(&mut export.files, |path| {
            std::fs::read_to_string(out.join(path)).ok()
        });
        let _ = std::fs::remove_dir_all(&out);
        for (path, text) in &export.files {
            let path = out.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("create");
            std::fs::write(path, text).expect("write");
        }
        let [named, there] = keys(&out);
        assert_eq!(named, there, "{number}");
        counts.push(there.len());
    }
    // The keys of the table and of the four before it.
    assert!(counts[0] > 0);
    assert_eq!(counts, [1, 2, 3, 4, 5, 5, 5].map(|tables| tables * counts[0]));
}

#[test]
fn a_key_of_another_variable_leaves_the_earlier_one_to_listeners_that_are_kept() {
    let hospital = bundle::copy_of("hospital");
    let out = hospital.path().join("out");
    let shown = out.to_string_lossy().into_owned();
    let registry = hospital.path().join("registry");
    for key in ["AZURE_API_KEY", "AZURE_KEY_2"] {
        for name in files(&registry) {
            let text = std::fs::read_to_string(registry.join(&name)).expect("a file");
            std::fs::write(registry.join(&name), text.replace("AZURE_API_KEY", key)).expect("write");
        }
        let output =
            bundle::run(hospital.path(), &["export", "envoy", "-o", &shown, "--as-of", "2026-11-21"]);
        assert_eq!(bundle::status(&output), 0, "{}", bundle::stderr(&output));
    }
    let [named, there] = keys(&out);
    assert_eq!(named, there);
    let texts = there.iter().map(|name| std::fs::read_to_string(out.join("xds/secrets").join(name)));
    let texts: String = texts.map(|text| text.expect("a key")).collect();
    assert!(texts.contains("AZURE_API_KEY") && texts.contains("AZURE_KEY_2"), "{texts}");
}

#[test]
fn an_earlier_manifest_cannot_name_what_is_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    std::fs::create_dir(&out).expect("create");
    std::fs::write(folder.path().join("precious"), "").expect("write");
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let precious = folder.path().join("precious").to_string_lossy().into_owned();
    let manifest =
        serde_json::json!({"format": "govctl-export/1", "files": {"../precious": empty, precious: empty}});
    std::fs::write(out.join("export.json"), manifest.to_string()).expect("write");
    let shown = out.to_string_lossy().into_owned();
    let (status, said) = run(&["export", "tensorzero", "-o", &shown, "--as-of", "2026-11-21"]);
    assert_eq!(status, 0, "{said}");
    assert!(folder.path().join("precious").is_file());
}
