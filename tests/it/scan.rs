//! `govctl scan`: what it finds in code, what it tells apart, what it never shows.

use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, json, root, status, stderr, stdout};
use crate::schemas;

fn scan(folder: &Path, more: &[&str]) -> Output {
    let mut command = govctl();
    command.current_dir(folder).args(["scan", "."]).args(more);
    command
        .arg("-C")
        .arg(root("examples/logistics"))
        .arg("--catalogue")
        .arg(root("examples/litellm/prices.json"));
    command.output().expect("govctl runs")
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn hits(output: &Output) -> Vec<String> {
    let report = json(output);
    schemas::holds("scan", &report);
    let hits = report["hits"].as_array().expect("hits").clone();
    let shown = |hit: &serde_json::Value| {
        let text = |key: &str| hit[key].as_str().unwrap_or("-").to_owned();
        format!("{}:{}:{} {} {}", text("file"), hit["line"], hit["column"], text("text"), text("place"))
    };
    hits.iter().map(shown).collect()
}

#[test]
fn words_count_where_they_stand_alone_and_places_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    write(home, "a.py", "M = 'gpt-4-turbo'  # not gpt-4o\nN = 'gpt-4-turbo-x', 'my-gpt-4o', 'gpt-4o.'\n");
    write(home, "b.ts", "const m = 'openai/gpt-4o'; // gpt-4o\n/**\n * gpt-4o\n */\nconst é = `gpt-4o`;\n");
    write(home, "values.yaml", "model: gpt-4o-mini\nurl: https://api.openai.example/v1\n");
    write(home, "tests/x.py", "'gpt-4o'\n");
    write(home, "README.md", "gpt-4o\n");
    write(home, "yarn.lock", "gpt-4o\n");
    write(home, "build/out.js", "'gpt-4o'\n");
    write(home, ".gitignore", "build/\n");
    write(home, "image.bin", "gpt-4o\0");
    let output = scan(home, &["--format", "json"]);
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let expected = [
        "README.md:1:1 gpt-4o document",
        "a.py:1:6 gpt-4-turbo code",
        "a.py:1:26 gpt-4o comment",
        "a.py:2:36 gpt-4o code",
        "b.ts:1:12 openai/gpt-4o code",
        "b.ts:1:31 gpt-4o comment",
        "b.ts:3:4 gpt-4o comment",
        "b.ts:5:12 gpt-4o code",
        "tests/x.py:1:2 gpt-4o test",
        "values.yaml:1:8 gpt-4o-mini code",
        "values.yaml:2:14 api.openai.example code",
        "yarn.lock:1:1 gpt-4o lock",
    ];
    assert_eq!(hits(&output), expected);
    assert_eq!(json(&output)["score"], 6);
    let registered = json(&output)["hits"][1].clone();
    assert_eq!(registered["registered"], "openai/gpt-4-turbo");
    assert_eq!(registered["sunset"], "2026-10-23");
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    write(home, "a.py", "'gpt-4o'\n");
    let written = scan(home, &["--write-baseline", "known.json"]);
    assert_eq!(status(&written), 0, "{}", stderr(&written));
    write(home, "a.py", "\n\n'gpt-4o'\n");
    let output = scan(home, &["--baseline", "known.json", "--format", "json"]);
    assert_eq!((status(&output), hits(&output).len()), (0, 0));
    write(home, "a.py", "'gpt-4o'\n'gpt-4o'\n");
    let output = scan(home, &["--baseline", "known.json", "--format", "json"]);
    assert_eq!(hits(&output), ["a.py:2:2 gpt-4o code"]);
    // Another key is new, though it begins as the known one.
    let key = |end: &str| ["'sk-", "proj-abcdefghijklmnop01234567", end, "'\n"].concat();
    write(home, "a.py", &key("89"));
    assert_eq!(status(&scan(home, &["--write-baseline", "known.json"])), 0);
    assert_eq!(status(&scan(home, &["--baseline", "known.json"])), 0);
    write(home, "a.py", &key("90"));
    assert_eq!(status(&scan(home, &["--baseline", "known.json"])), 1);
    let baseline = std::fs::read_to_string(home.join("known.json")).expect("a baseline");
    assert!(!baseline.contains("abcdefghijklmnop"), "{baseline}");
    write(home, "known.json", "[]");
    assert_eq!(status(&scan(home, &["--baseline", "known.json"])), 2);
}

#[test]
fn a_signed_token_is_found_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = ["eyJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJtZSJ9.", "c2lnbmF0dXJlLW9mLWl0"].concat();
    // Two parts are none, and neither is what begins within a word.
    let other = "'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9abcdefgh' xeyJa.b.c";
    write(folder.path(), "a.py", &format!("headers = {{'Authorization': 'Bearer {token}'}}\nx = {other}\n"));
    let output = scan(folder.path(), &["--format", "json"]);
    let found = hits(&output);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("a.py:1:") && !stdout(&output).contains(&token), "{found:?}");
}

#[test]
fn keys_are_found_and_never_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = ["sk-", "proj-abcdefghijklmnop0123456789"].concat();
    write(folder.path(), "tests/a.py", &format!("key = '{key}'\n# sk-short ask-0123456789012345678901234\n"));
    write(folder.path(), "a\u{1b}[2J.py", "'gpt-4o'\n");
    for format in ["human", "json", "sarif"] {
        let output = scan(folder.path(), &["--format", format]);
        assert!(stdout(&output).contains("sk-p…"), "{}", stdout(&output));
        assert!(!stdout(&output).contains("abcdefghijklmnop"), "{format}");
        assert!(!stdout(&output).contains('\u{1b}'), "{format}");
    }
    assert_eq!(hits(&scan(folder.path(), &["--format", "json"])).len(), 2);
}

#[test]
fn sarif_keeps_to_its_published_schema() {
    let text = std::fs::read_to_string(root("tests/data/sarif-2.1.0.schema.json")).expect("the schema");
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&text).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let log = json(&scan(&root("examples/scan"), &["--format", "sarif"]));
    let wrong: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(log["runs"][0]["results"].as_array().is_some_and(|results| results.len() >= 3));
}

#[test]
fn what_cannot_be_looked_into_is_status_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        govctl().current_dir(folder.path()).args(arguments).output().expect("govctl runs")
    };
    assert_eq!(status(&run(&["scan", "."])), 2, "neither a registry nor a catalogue");
    let prices = root("examples/litellm/prices.json");
    let prices = prices.to_str().expect("a path");
    assert_eq!(status(&run(&["scan", "nowhere", "--catalogue", prices])), 2);
    assert_eq!(status(&run(&["scan", ".", "--catalogue", prices])), 0);
}

/// Figures in the document are those of the marked lines that are in the repository.
#[test]
fn the_documents_figures_are_those_of_the_sample() {
    let text = std::fs::read_to_string(root("tests/data/scan-sample.csv")).expect("the sample");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert!(rows.len() >= 200 && rows.iter().all(|row| row.len() == 6), "{} lines", rows.len());
    let page = std::fs::read_to_string(root("docs/scan.md")).expect("the document");
    for draw in ["first", "second"] {
        let drawn: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == draw).collect();
        let count = |test: &dyn Fn(&Vec<&str>) -> bool| drawn.iter().filter(|row| test(row)).count();
        let marked = count(&|row| row[3] == "yes");
        let hits = count(&|row| row[4] != "no");
        let head = format!("| {draw}: {} lines, {marked} marked, {hits} with a hit |", drawn.len());
        let share = |column: usize, is: &str| {
            let both = count(&|row| row[3] == "yes" && row[column] == is);
            let shown = |of: usize| {
                // In tenths of a percent, rounded.
                let tenths = (both * 2000 + of) / (2 * of);
                format!("{}.{}%", tenths / 10, tenths % 10)
            };
            format!("{} | {}", shown(count(&|row| row[column] == is)), shown(marked))
        };
        let row = format!("{head} {} | {} |", share(4, "code"), share(5, "yes"));
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn dates_belong_to_names_and_vague_names_count_in_quotes_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    write(
        home,
        "a.py",
        "A = ['gpt-4o-2024-05-13', 'gpt-4o-0513', 'gpt-4o-latest', 'gpt-4o-1', 'gpt-4o-2024-05']\n",
    );
    write(
        home,
        "b.py",
        "x = \"\"\"\nuse gpt-4o\n\"\"\"\ny = f(\"\"\"gpt-4o\"\"\")\n\"\"\"gpt-4o\"\"\"\nC = \"https://api.openai.com/auth\"\n",
    );
    let output = scan(home, &["--format", "json"]);
    let expected = [
        "a.py:1:7 gpt-4o-2024-05-13 code",
        "a.py:1:28 gpt-4o-0513 code",
        "b.py:2:5 gpt-4o code",
        "b.py:4:10 gpt-4o code",
        "b.py:5:4 gpt-4o comment",
    ];
    assert_eq!(hits(&output), expected);
}

#[test]
fn a_whole_part_of_an_address_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "a.py",
        "A = 'https://x.example/deployments/gpt-4o/chat', 'https://x.example/models/gpt-4o:generateContent'\n\
         B = 'https://x.example/models/gpt-4o:latest', 'https://x.example/models/gpt-4o.json', 'gpt-4o/chat'\n\
         C = 'https://x.example/?model=gpt-4o&x=1', 'https://x.example/gpt-4o'\n",
    );
    let expected =
        ["a.py:1:36 gpt-4o code", "a.py:1:76 gpt-4o code", "a.py:3:31 gpt-4o code", "a.py:3:63 gpt-4o code"];
    assert_eq!(hits(&scan(folder.path(), &["--format", "json"])), expected);
}

#[test]
fn notebooks_and_files_without_an_ending_are_read_as_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    write(home, "Dockerfile", "# gpt-4o\nENV MODEL=gpt-4o\n");
    let cell = r##"{"cell_type": "code", "outputs": [{"text": ["gpt-4o"]}], "source": ["m = \"gpt-4o\"\n", "# gpt-4o"]}"##;
    write(
        home,
        "n.ipynb",
        &format!("{{\"cells\": [\n{{\"cell_type\": \"markdown\", \"source\": [\"gpt-4o\"]}},\n{cell}]}}\n"),
    );
    let expected = [
        "Dockerfile:1:3 gpt-4o comment",
        "Dockerfile:2:11 gpt-4o code",
        "n.ipynb:2:39 gpt-4o document",
        "n.ipynb:3:46 gpt-4o document",
        "n.ipynb:3:76 gpt-4o code",
        "n.ipynb:3:92 gpt-4o comment",
    ];
    assert_eq!(hits(&scan(home, &["--format", "json"])), expected);
}

/// A link leads to a file that is there already; by whatever names a file is reached, it is changed once.
#[cfg(unix)]
#[test]
fn a_file_that_is_reached_twice_counts_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    write(home, "src/main.py", "M = 'gpt-4o'\n");
    std::os::unix::fs::symlink("main.py", home.join("src/a.py")).expect("a link");
    std::fs::hard_link(home.join("src/main.py"), home.join("src/z.py")).expect("a link");
    let output = scan(home, &["src", "./src/main.py", "src/a.py", "--format", "json"]);
    assert_eq!(hits(&output), ["src/main.py:1:6 gpt-4o code"]);
    assert_eq!(json(&output)["files"], 1);
}

#[test]
fn a_registered_model_without_a_last_day_is_gone_when_a_catalogue_says_so() {
    let folder = crate::registry_others::workspace("openai", "gpt-4o", "");
    let home = folder.path();
    let prices = r#"{"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "deprecation_date": "2026-04-14"},
        "elsewhere/gpt-4o": {"litellm_provider": "elsewhere", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6},
        "ft:gpt-4o-mini-2024-07-18": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}}"#;
    std::fs::write(home.join("prices.json"), prices).expect("a catalogue");
    write(home, "src/a.py", "M = 'gpt-4o'\nN = 'ft:gpt-4o-mini-2024-07-18:acme::abc'\n");
    let mut command = govctl();
    command.current_dir(home).args(["scan", "src", "-C", ".", "--catalogue", "prices.json"]);
    let output = command.args(["--as-of", "2026-11-21"]).output().expect("govctl runs");
    let said = stdout(&output);
    assert!(
        said.contains("`gpt-4o`: `openai/gpt-4o` of the registry, approved for chat; gone since 2026-04-14"),
        "{said}"
    );
    assert!(said.contains("a.py:2:6: `ft:gpt-4o-mini-2024-07-18`: not in the registry"), "{said}");
}

/// The longer word of a catalogue hides no model of the registry.
#[test]
fn what_a_catalogue_calls_a_model_of_the_registry_is_that_model() {
    let folder = crate::registry_others::workspace(
        "azure-eu",
        "gpt-4o",
        "endpoint: {protocol: azure-openai, model: eu/gpt-4o-2024}",
    );
    let home = folder.path();
    let names =
        ["azure/eu/gpt-4o-2024", "azure-eu/gpt-4o", "azure/us/gpt-4o", "openai/gpt-4o", "azure/gpt-5"];
    let listed: serde_json::Map<String, serde_json::Value> = names
        .iter()
        .map(|name| {
            let provider = name.split('/').next().unwrap_or_default();
            let entry = serde_json::json!({"litellm_provider": provider, "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6});
            ((*name).to_owned(), entry)
        })
        .collect();
    std::fs::write(home.join("prices.json"), serde_json::to_string(&listed).expect("JSON"))
        .expect("a catalogue");
    let source: String = names.iter().map(|name| format!("m = \"{name}\"\n")).collect();
    write(home, "src/a.py", &source);
    let mut command = govctl();
    command.current_dir(home).args(["scan", "src", "-C", ".", "--catalogue", "prices.json"]);
    let said = stdout(&command.args(["--as-of", "2026-11-21"]).output().expect("govctl runs"));
    for (at, name) in names.iter().enumerate() {
        let is_ours = at < 3;
        let line = said.lines().find(|line| line.contains(&format!("`{name}`:"))).unwrap_or(&said);
        assert_eq!(line.contains("`azure-eu/gpt-4o` of the registry, approved for chat"), is_ours, "{line}");
        assert_eq!(line.contains("not in the registry"), !is_ours, "{line}");
    }
}

/// A key that begins as no service's do is known by the name in front of it, in a text too.
#[test]
fn a_key_in_hexadecimal_is_known_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = "9f86d081884c7d659a2feaa0c55ad015";
    write(folder.path(), "run.sh", &format!("docker run -e AZURE_OPENAI_KEY={key} app\n"));
    write(folder.path(), "app.py", &format!("ARGS = \"--env OPENAI_API_KEY={key} --cache-key={key}\"\n"));
    let output = scan(folder.path(), &["--format", "json"]);
    assert_eq!(hits(&output).len(), 2, "{:?}", hits(&output));
    assert!(!stdout(&output).contains("9f86d0"), "{}", stdout(&output));
}
