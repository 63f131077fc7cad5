//! `examples/enterprise`: everything in it is there for a reason, and what its year and its logs hold is found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use govctl::audit::Kind;
use serde_json::Value;

use crate::bundle::{bless, govctl, json, root, run, status, stderr, stdout};

fn enterprise() -> PathBuf {
    root("examples/enterprise")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(enterprise().join(path)).expect("a file of the example")
}

#[test]
fn it_is_as_large_as_it_says_and_its_warnings_make_a_point() {
    let report = json(&run(&enterprise(), &["check", "--format", "json"]));
    let summary = &report["summary"];
    assert_eq!((&summary["use_cases"], &summary["models"]), (&30.into(), &42.into()));
    let matrix = json(&run(&enterprise(), &["who", "--format", "json"]));
    let models = matrix["models"].as_array().expect("models").iter();
    let providers: BTreeSet<&str> =
        models.filter_map(|model| Some(model["model"].as_str()?.split_once('/')?.0)).collect();
    assert_eq!(providers.len(), 8, "{providers:?}");
    let costs = json(&run(&enterprise(), &["cost", "--by", "team", "--format", "json"]));
    assert_eq!(costs["groups"].as_array().expect("teams").len(), 6);
    let found: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(
        found,
        [
            "drill-due",
            "drill-too-slow",
            "drill-due",
            "expiring",
            "expiring",
            "expiring",
            "expired-certification",
            "deprecated-model",
        ],
        "{report:#}"
    );
}

#[test]
fn every_word_of_the_language_is_used_and_every_statement_is_reached_by_a_test() {
    let grammar = std::fs::read_to_string(root("grammar/gov.pest")).expect("the grammar");
    let policies: String = std::fs::read_dir(enterprise().join("policies"))
        .expect("policies")
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a policy"))
        .collect();
    let is_part = |character: char| character.is_alphanumeric() || ['-', '_', '.'].contains(&character);
    let used: BTreeSet<&str> = policies.split(|character| !is_part(character)).collect();
    for line in grammar.lines().filter(|line| line.starts_with("kw_")) {
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        assert!(words.iter().any(|word| used.contains(word)), "no policy uses {words:?}");
    }
    let output = run(&enterprise(), &["test", "--coverage", "--format", "json"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    let coverage = &json(&output)["coverage"];
    for kind in coverage["kinds"].as_array().expect("kinds") {
        assert_eq!(kind["reached"], kind["all"], "{kind}: {:#}", coverage["unreached"]);
    }
}

#[test]
fn its_prices_are_those_of_the_catalogue_and_a_refresh_brings_back_exactly_these_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let prices = enterprise().join("prices.json");
    let prices = prices.to_str().expect("UTF-8");
    for part in ["registry", "estate", "policies"] {
        let to = folder.path().join(part);
        std::fs::create_dir(&to).expect("a folder");
        for entry in std::fs::read_dir(enterprise().join(part)).expect("a folder") {
            let entry = entry.expect("an entry");
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a file");
        }
    }
    let refresh = |arguments: &[&str]| {
        run(folder.path(), &[&["registry", "refresh", "--from", prices], arguments].concat())
    };
    assert_eq!(status(&refresh(&["--check"])), 0, "{}", stdout(&refresh(&["--check"])));
    // What an older price list said, and what it did not say yet.
    let older = [
        (
            "anthropic",
            "        cost_per_1m_tokens_input: 4\n",
            "        cost_per_1m_tokens_input: 5   # dear\n",
        ),
        ("anthropic", "lifecycle: {sunset: 2026-11-30}", "lifecycle: {sunset: 2027-01-31}"),
        (
            "vertex-eu",
            "long_prompt: {above_tokens: 200000, input: 4, ",
            "long_prompt: {above_tokens: 200000, input: 3.5, ",
        ),
        ("azure-eu", "        context_window: 922000\n", "        context_window: 400000\n"),
        ("openai", "        batch_discount: 50%\n", "        batch_discount: 25%\n"),
    ];
    let mut now = BTreeMap::new();
    for (name, since, before) in older {
        let path = folder.path().join(format!("registry/{name}.yaml"));
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(since), "{name}: {since}");
        now.entry(path.clone()).or_insert_with(|| text.clone());
        std::fs::write(path, text.replacen(since, before, 1)).expect("a file");
    }
    assert_eq!(status(&refresh(&["--check"])), 1);
    assert_eq!(status(&refresh(&[])), 0);
    for (path, text) in now {
        let refreshed = std::fs::read_to_string(&path).expect("a file").replace("   # dear", "");
        assert_eq!(refreshed, text, "{}", path.display());
    }
}

/// Runs the script that makes the year; none where there is no Python.
fn year(folder: &Path) -> Option<()> {
    match Command::new("python3").arg(enterprise().join("history/make.py")).arg(folder).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("the year is not made: there is no python3 here");
            None
        }
        output => {
            let output = output.expect("python3 runs");
            assert_eq!(status(&output), 0, "{}", stderr(&output));
            Some(())
        }
    }
}

const QUARTERS: [(&str, &str); 4] = [
    ("2026-q1", "2026-02-16"),
    ("2026-q2", "2026-05-18"),
    ("2026-q3", "2026-08-17"),
    ("2026-q4", "2026-11-16"),
];

/// What a diff between two quarters says first.
fn headlines(folder: &Path, from: usize) -> String {
    let ((old, old_day), (new, day)) = (QUARTERS[from], QUARTERS[from + 1]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
    command.arg("-C").arg(folder).args([
        "--as-of",
        day,
        "diff",
        &format!("git:{old}"),
        &format!("git:{new}"),
    ]);
    let output = command.args(["--old-as-of", old_day]).output().expect("govctl runs");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let head = text.split("\n\n").next().unwrap_or_default().split_once('\n').unwrap_or_default().1;
    let (_, head) = head.split_once('\n').unwrap_or_default();
    let portfolio = text.split("\n\n").find(|part| part.starts_with("portfolio")).unwrap_or_default();
    format!("{old} to {new}\n{head}\n{portfolio}\n")
}

#[test]
fn the_same_year_has_the_same_commits_and_each_quarter_tells_what_happened() {
    let folders = [0, 1].map(|_| tempfile::tempdir().expect("a folder"));
    for folder in &folders {
        if year(folder.path()).is_none() {
            return;
        }
    }
    let commits = folders.each_ref().map(|folder| {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder.path())
            .args(["rev-parse", "2026-q1", "2026-q4"])
            .output();
        stdout(&output.expect("git runs"))
    });
    assert_eq!(commits[0], commits[1]);
    let again =
        Command::new("python3").arg(enterprise().join("history/make.py")).arg(folders[0].path()).output();
    assert_eq!(status(&again.expect("python3 runs")), 1, "a folder with something in it is left alone");
    let folder = folders[0].path();
    for path in ["registry", "estate", "policies"] {
        for entry in std::fs::read_dir(enterprise().join(path)).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            let [made, ours] = [folder.join(path).join(&name), enterprise().join(path).join(&name)];
            assert_eq!(
                std::fs::read(made).ok(),
                std::fs::read(ours).ok(),
                "the last quarter is today's {name:?}"
            );
        }
    }
    let told: Vec<String> = (0..3).map(|from| headlines(folder, from)).collect();
    insta::assert_snapshot!("enterprise-year", told.join("\n"));
}

/// Compiles the tables that were in force in autumn.
fn tables() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for day in ["2026-08-17", "2026-10-01", "2026-11-16"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
        command.arg("compile").arg(enterprise()).args(["--as-of", day, "-o"]);
        let output = command.arg(folder.path().join(format!("{day}.json"))).output().expect("govctl runs");
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
    folder
}

/// The request ids of the log are the codes that are planted in them, and `ok-…` where there is nothing to find.
#[test]
fn every_violation_that_is_planted_in_the_log_is_found_and_none_besides() {
    let tables = tables();
    let table = std::fs::read_to_string(tables.path().join("2026-08-17.json")).expect("a table");
    let table: Value = serde_json::from_str(&table).expect("JSON");
    let august = table["digest"].as_str().expect("a digest");
    let path = enterprise().join("logs/november.ndjson");
    let mut log = read("logs/november.ndjson");
    let mut planted = BTreeSet::new();
    for line in read("logs/november.ndjson").lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let id = event["request_id"].as_str().expect("an id");
        if !id.starts_with("ok-") {
            let is_new = planted.insert((id.to_owned(), id.to_owned()));
            assert!(is_new || id == "repeated-event", "{id} stands there twice");
        }
        if let ("old-table", Some(stated)) = (id, event["table"].as_str()) {
            log = log.replace(stated, august);
        }
    }
    if bless() && log != read("logs/november.ndjson") {
        std::fs::write(&path, &log).expect("the log is written");
    }
    assert_eq!(
        log,
        read("logs/november.ndjson"),
        "the table of August has another digest: GOVCTL_BLESS=1 cargo test writes it"
    );
    let known: BTreeSet<String> = Kind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
    let codes: BTreeSet<String> = planted.iter().map(|(code, _)| code.clone()).collect();
    assert_eq!(codes, known, "one of each kind is planted");
    let mut command = govctl();
    command.arg("audit").arg(&path).arg("-C").arg(enterprise()).arg("--table").arg(tables.path());
    let output = command.args(["--format", "lines"]).output().expect("govctl runs");
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let found: Vec<(String, String)> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|line| ["code", "request_id"].map(|key| line[key].as_str().unwrap_or_default().to_owned()))
        .map(|[code, id]| (code, id))
        .collect();
    assert_eq!(found.len(), planted.len(), "{found:?}");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), planted);
}

#[test]
fn what_is_planted_in_its_spending_is_found_and_nothing_besides() {
    let spent = enterprise().join("logs/spend.csv");
    let output = run(&enterprise(), &["usage", spent.to_str().expect("UTF-8"), "--format", "json"]);
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let report = json(&output);
    let mut found = BTreeSet::new();
    for row in report["rows"].as_array().expect("rows") {
        let codes = row["found"].as_array().expect("codes").iter().filter_map(Value::as_str);
        found.extend(codes.map(|code| format!("{} {code}", row["value"].as_str().unwrap_or("-"))));
    }
    for one in report["unknown"].as_array().expect("names") {
        found.insert(format!(
            "{} {}",
            one["name"].as_str().unwrap_or("-"),
            one["code"].as_str().expect("a code")
        ));
    }
    for budget in report["budgets"].as_array().expect("budgets").iter().filter(|one| one["over"] == true) {
        found.insert(format!("{} over-budget", budget["name"].as_str().expect("a name")));
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "- untagged",
            "code.review anomaly",
            "code.review drift",
            "gpt-4o unknown-model",
            "hr.training anomaly",
            "hr.training drift",
            "people over-budget",
            "sales.pitch unknown-use-case",
        ]
    );
}
