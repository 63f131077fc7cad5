//! `govctl init`: what it makes is clean on any day, shows every kind of statement, and overwrites nothing.

use std::fs;
use std::path::Path;

use govctl::source::{FileKind, SourceFile, Sources};
use govctl::syntax;
use govctl::syntax::tree::StatementKind;

use crate::bundle::{govctl, run, status, stderr, stdout};

fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["init"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    folder
}

#[test]
fn it_is_clean_on_any_day() {
    let folder = made();
    for day in ["2026-01-01", "2027-07-31", "2030-02-28", "2036-12-31", "2099-01-01"] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
        let command = command.args(["check", "--deny", "warnings", "--as-of", day]);
        let output = command.arg(folder.path()).output().expect("govctl runs");
        assert_eq!(status(&output), 0, "{day}: {}", stdout(&output));
        assert!(stdout(&output).starts_with("ok: "), "{day}: {}", stdout(&output));
    }
    let output = run(folder.path(), &["fmt", "--check", "--diff"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, ""));
    let output =
        run(folder.path(), &["compile", "-o", folder.path().join("table.json").to_str().expect("a path")]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
}

/// Which of the statements of the language one is.
fn kind(statement: &StatementKind) -> String {
    let shown = format!("{statement:?}");
    let end = shown.find('(').unwrap_or(shown.len());
    match statement {
        StatementKind::Vocabulary(vocabulary, _) => format!("Vocabulary {vocabulary:?}"),
        StatementKind::Rule(rule) => format!("Rule {:?}", rule.tier),
        _ => shown[..end].to_owned(),
    }
}

#[test]
fn it_shows_every_kind_of_statement_once() {
    let folder = made();
    let mut kinds = Vec::new();
    for entry in fs::read_dir(folder.path().join("policies")).expect("policies") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a policy");
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("main.gov", FileKind::Policy, text.as_str()));
        kinds.extend(syntax::parse(id, &text).0.statements.iter().map(|statement| kind(&statement.kind)));
    }
    kinds.retain(|kind| kind != "Test");
    kinds.sort();
    let expected = [
        "Attribution",
        "Audit",
        "Budget",
        "Classifications",
        "Fact",
        "Failover",
        "Guarantee",
        "Precedence",
        "Quota",
        "Regions",
        "Rule Compliance",
        "Rule Cost",
        "Rule Latency",
        "Rule Preference",
        "Vocabulary Capabilities",
        "Vocabulary Compliance",
        "Vocabulary Data",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn it_says_what_to_do_next_and_that_works() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output =
        govctl().current_dir(folder.path()).args(["init", "my policies"]).output().expect("govctl runs");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  govctl ")).collect();
    assert_eq!(commands.len(), 3, "{text}");
    for command in commands {
        let words = command.replace("'my policies'", "my_policies");
        let words = words.split(' ').map(|word| word.replace("my_policies", "my policies"));
        let output = govctl().current_dir(folder.path()).args(words).output().expect("govctl runs");
        assert_eq!(status(&output), 0, "{command}: {}", stderr(&output));
    }
}

#[test]
fn nothing_is_overwritten() {
    for path in ["registry/other.yaml", "estate/use-cases.yaml", "policies/x.gov", "govctl.yaml", "registry"]
    {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let there = folder.path().join(path);
        fs::create_dir_all(there.parent().expect("a folder")).expect("a folder");
        fs::write(&there, "mine").expect("a file");
        let before = everything(folder.path());
        let output = run(folder.path(), &["init"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{path}");
        assert!(stderr(&output).contains(&format!("{path}` is there already")), "{}", stderr(&output));
        assert_eq!(everything(folder.path()), before, "{path}");
        assert_eq!(fs::read_to_string(there).expect("the file"), "mine");
    }
}

fn everything(folder: &Path) -> Vec<String> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    walk.into_iter().map(|entry| entry.expect("an entry").path().display().to_string()).collect()
}

#[test]
fn what_else_is_in_the_folder_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("README.md"), "mine").expect("a file");
    fs::create_dir(folder.path().join("policies")).expect("a folder");
    assert_eq!(status(&run(folder.path(), &["init"])), 0);
    assert_eq!(fs::read_to_string(folder.path().join("README.md")).expect("the file"), "mine");
}

#[test]
fn editors_are_told_what_the_files_are_on_request() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["init", "--editor"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    for (path, name) in [
        ("govctl.yaml", "config"),
        ("registry/providers.yaml", "registry"),
        ("estate/use-cases.yaml", "estate"),
    ] {
        let path = folder.path().join(path);
        let text = fs::read_to_string(&path).expect("a file");
        let first = text.lines().next().expect("a line");
        let schema = first.strip_prefix("# yaml-language-server: $schema=").expect("a schema");
        let schema = fs::read_to_string(path.parent().expect("a folder").join(schema)).expect("the schema");
        let ours = fs::read_to_string(crate::bundle::root(&format!("schemas/{name}.schema.json")));
        assert_eq!(schema, ours.expect("a schema"));
    }
    let extensions = fs::read_to_string(folder.path().join(".vscode/extensions.json")).expect("a file");
    let extensions: serde_json::Value = serde_json::from_str(&extensions).expect("JSON");
    assert!(extensions["recommendations"].as_array().is_some_and(|all| !all.is_empty()));
    let output = run(folder.path(), &["check", "--deny", "warnings"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn every_schema_is_printed_as_it_is() {
    let list = stdout(&run(Path::new("."), &["schema"]));
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(crate::bundle::root("schemas")).expect("schemas") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().replace(".schema.json", "");
        let printed = stdout(&run(Path::new("."), &["schema", &name]));
        assert_eq!(printed, fs::read_to_string(&path).expect("a schema"));
        names.push(name);
    }
    names.sort();
    let listed: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, names);
}
