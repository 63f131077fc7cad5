//! `export sql`: the view labels every event as `audit` does, on `SQLite` as Python has it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::audit::made::{self, Maker};
use crate::audit::{table, workspace};
use crate::bundle::{self, root, run, status, stderr, stdout};

/// What the view says, in its order.
const LABELS: [&str; 7] = [
    "unknown-use-case",
    "not-understood",
    "unknown-model",
    "not-allowed",
    "wrong-trigger",
    "wrong-hop",
    "wrong-region",
];

/// The first label of each event by line, as `audit` has it.
fn audited(folder: &Path, log: &str) -> BTreeMap<u64, usize> {
    let output = bundle::govctl()
        .current_dir(folder)
        .args(["audit", log, "--table", "table.json", "--format", "lines"])
        .output()
        .expect("govctl runs");
    assert!(status(&output) < 2, "{}", stderr(&output));
    let mut found: BTreeMap<u64, usize> = BTreeMap::new();
    for line in stdout(&output).lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let label = LABELS.iter().position(|label| value["code"] == *label);
        if let Some(label) = label {
            let line = value["line"].as_u64().expect("a line");
            let place = found.entry(line).or_insert(label);
            *place = label.min(*place);
        }
    }
    found
}

/// The same as the view has it, and how many rows it has.
fn labelled(folder: &Path, log: &str) -> Option<(BTreeMap<u64, usize>, u64)> {
    let output = Command::new("python3")
        .arg(root("tests/it/audit_events.py"))
        .arg(folder.join("sql"))
        .arg(folder.join(log))
        .output();
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("not held against SQLite: there is no python3 here");
            return None;
        }
        output => output.expect("python3 runs"),
    };
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let mut lines: Vec<&str> = text.lines().collect();
    let count = lines.pop().and_then(|count| count.parse().ok()).expect("a count");
    let one = |line: &&str| {
        let (number, label) = line.split_once(' ').expect("a number and a label");
        let label = LABELS.iter().position(|known| *known == label).expect("a known label");
        (number.parse().expect("a number"), label)
    };
    Some((lines.iter().map(one).collect(), count))
}

fn export(folder: &Path, table: &str) {
    let target = folder.join("sql");
    let arguments = ["export", "sql", "--table", table, "-o", target.to_str().expect("UTF-8")];
    let output = run(folder, &arguments);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    // What is lost for one reason is said once.
    let said = stderr(&output);
    let lost: Vec<&str> = said.lines().filter(|line| line.contains(" lost: ")).collect();
    assert!(
        matches!(lost.as_slice(), [one] if one.contains(" promises are lost: rows in a warehouse")),
        "{said}"
    );
}

/// The facts that a table knows.
fn govctl_facts(table: &str) -> Vec<String> {
    made::parsed(table).facts.keys().cloned().collect()
}

/// Events of which about one in five is wrong, some in two ways.
fn events(text: &str, count: usize) -> String {
    let mut maker = Maker::new(text, 23);
    let mut lines = String::new();
    for number in 0..count {
        let code = LABELS[number / 5 % LABELS.len()];
        let mut event =
            if number % 5 == 0 { maker.planted(code) } else { None }.unwrap_or_else(|| maker.clean());
        match number % 35 {
            7 => drop(event.remove("hop")),
            12 => drop(event.remove("trigger")),
            17 => drop(event.insert("hop".to_owned(), 2.into())),
            22 => drop(event.insert("trigger".to_owned(), "unauthorized".into())),
            // Providers of ours that may not sell the model, and one that is none.
            9 => drop(event.insert("gen_ai.provider.name".to_owned(), "House".into())),
            14 => drop(event.insert("gen_ai.provider.name".to_owned(), "openai".into())),
            19 => drop(event.insert("gen_ai.provider.name".to_owned(), "azure.ai.openai".into())),
            // A route without its provider, alone and beside providers of ours and of nobody's.
            2 | 16 | 23 | 31 => {
                let bare = event.get("route").and_then(|id| id.as_str()?.split_once('/'));
                let bare = bare.map(|(_, name)| name.to_owned());
                drop(bare.and_then(|name| event.insert("route".to_owned(), name.into())));
                let provider = ["", "House", "openai", "somebody"][number % 4];
                drop(event.insert("gen_ai.provider.name".to_owned(), provider.into()));
            }
            27 => drop(event.insert("budget.remaining".to_owned(), "150%".into())),
            // What is empty is not stated.
            3 | 10 | 24 => {
                let facts = govctl_facts(text).into_iter().map(|name| (name, "".into()));
                event.insert("facts".to_owned(), serde_json::Value::Object(facts.collect()));
                event.insert("classification".to_owned(), "".into());
            }
            // A status that says that no model was asked, beside what belies it and alone.
            8 | 13 | 20 | 25 | 32 => drop(event.insert("status".to_owned(), "blocked".into())),
            5 | 18 | 30 => {
                event.insert("status".to_owned(), "queued".into());
                event.remove("gen_ai.usage.output_tokens");
                event.insert("billed_usd".to_owned(), if number % 2 == 0 { 0.into() } else { 0.5.into() });
            }
            _ => {}
        }
        lines += &(serde_json::Value::Object(event).to_string() + "\n");
    }
    lines
}

#[test]
fn the_view_labels_every_event_as_the_audit_does() {
    let bundle = workspace();
    let mut folders = vec![(bundle.path().to_owned(), table(bundle.path()))];
    let examples: Vec<tempfile::TempDir> = ["examples/logistics", "examples/hospital", "examples/saas"]
        .iter()
        .map(|example| {
            let folder = tempfile::tempdir().expect("a folder");
            let text = stdout(&run(&root(example), &["compile"]));
            std::fs::write(folder.path().join("table.json"), &text).expect("a file");
            folders.push((folder.path().to_owned(), text));
            folder
        })
        .collect();
    for (folder, text) in &folders {
        export(folder, folder.join("table.json").to_str().expect("UTF-8"));
        let count = 1500;
        std::fs::write(folder.join("log.ndjson"), events(text, count)).expect("a log");
        let wanted = audited(folder, "log.ndjson");
        let Some((found, rows)) = labelled(folder, "log.ndjson") else { return };
        assert_eq!(rows, count as u64, "an event is one row");
        assert!(wanted.len() > count / 12, "{}", wanted.len());
        assert_eq!(found, wanted);
    }
    drop(examples);
}

#[test]
fn a_clean_log_is_ok_for_the_view_and_the_rows_say_where_they_are_from() {
    let folder = workspace();
    let text = table(folder.path());
    export(folder.path(), folder.path().join("table.json").to_str().expect("UTF-8"));
    let digest = made::parsed(&text).digest;
    for name in ["tables.sql", "events.sql", "view.sql", "README.md", "LOSSES.md", "export.json"] {
        let text = std::fs::read_to_string(folder.path().join("sql").join(name)).expect("a file");
        assert!(text.contains(&digest), "{name}");
        let names_day = text.lines().next().is_some_and(|line| line.contains("valid until"));
        assert!(names_day || !["tables.sql", "events.sql", "view.sql"].contains(&name), "{name}");
    }
    let mut maker = Maker::new(&text, 29);
    let lines: String =
        (0..200).map(|_| serde_json::Value::Object(maker.clean()).to_string() + "\n").collect();
    std::fs::write(folder.path().join("clean.ndjson"), lines).expect("a log");
    if let Some(labels) = labelled(folder.path(), "clean.ndjson") {
        assert_eq!(labels, (BTreeMap::new(), 200));
    }
}

/// What a fact is called, and its default, is code in the read-me, whatever it holds.
#[test]
fn a_name_with_back_quotes_is_no_markup_in_the_read_me() {
    let folder = workspace();
    let fact = "fact \"x `<img src=https://evil.example/t.png>` n\" in {no, \"a `<b>` | c\"} default \"a `<b>` | c\"\n";
    std::fs::create_dir_all(folder.path().join("policies")).expect("a folder");
    std::fs::write(folder.path().join("policies/hostile.gov"), fact).expect("write");
    table(folder.path());
    export(folder.path(), folder.path().join("table.json").to_str().expect("UTF-8"));
    let text = std::fs::read_to_string(folder.path().join("sql/README.md")).expect("a file");
    let wanted = "the fact `x '<img src=https://evil.example/t.png>' n`; null: `a '<b>' \\| c` |";
    assert!(text.contains(wanted), "{text}");
}
