//! The command line as CLI.md promises it: statuses, streams, and JSON field by field.

mod resolve;
mod table;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::bundle::{self, govctl, json, run, status, stderr, stdout};

fn logistics() -> PathBuf {
    bundle::root("examples/logistics")
}

/// The example workspaces that check without errors.
fn clean_examples() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(bundle::root("examples")).expect("the examples");
    let mut folders: Vec<PathBuf> = folders
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("registry").is_dir() && status(&run(path, &["check"])) == 0)
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no example checks clean");
    folders
}

fn resolve(workspace: &Path, arguments: &[&str]) -> Value {
    json(&run(workspace, &[&["resolve", "--format", "json"], arguments].concat()))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Keys in the order of the text, which a parsed map may lose: those at one depth of indentation.
fn keys_as_written(text: &str) -> Vec<String> {
    let keys = text.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once("\":"));
    keys.map(|(key, _)| key.to_owned()).collect()
}

const BROKEN: &str = "\
=== registry/main.yaml
providers:
  north:
    owner: north@example.com
    models:
      - {name: alpha, approved_use_cases: [chat], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
=== estate/main.yaml
use_cases:
  - {name: chat, owner: a@example.com, data_classification: internal}
  - {name: secret, owner: a@example.com, data_classification: restricted}
=== policies/main.gov
failover standard { none because \"an example\" }
";

#[test]
fn check_is_0_when_clean_and_1_when_not() {
    let clean = run(&logistics(), &["check"]);
    assert_eq!((status(&clean), stderr(&clean).as_str()), (0, ""));
    assert!(stdout(&clean).starts_with("ok: 7 use cases, 3 models, "), "{}", stdout(&clean));
    let published = run(&bundle::root("examples/logistics-as-published"), &["check"]);
    assert_eq!((status(&published), stderr(&published).as_str()), (1, ""));
}

#[test]
fn warnings_are_1_only_when_denied() {
    let folder = bundle::unpack_text(&BROKEN.replace("restricted", "internal, team: x"));
    let workspace = folder.path();
    std::fs::write(
        workspace.join("estate/main.yaml"),
        "use_cases:\n  - {name: chat, owner: a@example.com, data_classification: internal}\n",
    )
    .expect("write");
    std::fs::write(workspace.join("policies/main.gov"), "failover standard { none }\n").expect("write");
    assert_eq!(status(&run(workspace, &["check"])), 0);
    assert_eq!(status(&run(workspace, &["check", "--deny", "warnings"])), 1);
    std::fs::write(workspace.join("govctl.yaml"), "lints: {missing-reason: allow}\n").expect("write");
    assert_eq!(status(&run(workspace, &["check", "--deny", "warnings"])), 0);
    std::fs::write(workspace.join("govctl.yaml"), "lints: {missing-reason: deny}\n").expect("write");
    let denied = run(workspace, &["check", "--format", "json"]);
    assert_eq!(status(&denied), 1);
    assert_eq!(json(&denied)["findings"][0]["severity"], "error");
    assert_eq!(status(&run(workspace, &["compile"])), 1, "a denied warning stops compile");
}

#[test]
fn wrong_usage_is_2_with_nothing_on_stdout() {
    let wrong: [&[&str]; 12] = [
        &[],
        &["chekc"],
        &["check", "--format", "xml"],
        &["check", "--nonsense"],
        &["check", "a", "b"],
        &["resolve"],
        &["resolve", "planning", "--budget-remaining", "101%"],
        &["resolve", "planning", "--budget-remaining", "-1%"],
        &["resolve", "planning", "--budget-remaining", "much"],
        &["resolve", "planning", "--fact", "tenant"],
        &["resolve", "planning", "--all"],
        &["verify"],
    ];
    for arguments in wrong {
        let output = run(&logistics(), arguments);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn a_day_that_does_not_exist_is_2() {
    for day in ["2026-02-30", "2026-13-01", "today", "", "2026-2-3", "20260203", "2026-02-03T00:00:00Z", "-1"]
    {
        for command in ["check", "compile"] {
            let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
            let output = program.arg(command).arg(logistics()).arg(format!("--as-of={day}")).output();
            let output = output.expect("govctl runs");
            assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{command} {day}");
        }
    }
}

#[test]
fn help_and_version_are_0_on_stdout() {
    for argument in ["--help", "--version", "-h", "-V"] {
        let output = govctl().arg(argument).output().expect("govctl runs");
        assert_eq!((status(&output), stderr(&output).as_str()), (0, ""), "{argument}");
        assert!(stdout(&output).contains("govctl"), "{argument}");
    }
}

#[test]
fn the_version_says_what_it_was_built_from_where_it_is_asked_to() {
    for arguments in [["--version", "--verbose"], ["-v", "-V"]] {
        let mut govctl = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
        let output = govctl.args(arguments).output().expect("govctl runs");
        assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
        let text = stdout(&output);
        let said: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(said, ["govctl", "commit", "target", "profile"], "{text}");
        assert!(text.lines().all(|line| line.split(' ').count() == 2), "{text}");
    }
}

#[test]
fn a_workspace_is_named_in_four_ways() {
    let at = logistics();
    let wanted = stdout(&run(&at, &["check"]));
    let here = govctl().arg("check").current_dir(&at).output().expect("govctl runs");
    assert_eq!(stdout(&here), wanted);
    let plain = govctl().arg("check").arg(&at).output().expect("govctl runs");
    assert_eq!(stdout(&plain), wanted);
    let long = govctl().args(["check", "--workspace"]).arg(&at).output().expect("govctl runs");
    assert_eq!(stdout(&long), wanted);
    // Not in two at once, which need not be the same.
    for command in ["check", "compile", "test", "init"] {
        let both = govctl().args([command, "here", "-C", "there"]).output().expect("govctl runs");
        assert_eq!((status(&both), stdout(&both).as_str()), (2, ""));
        let said = String::from_utf8_lossy(&both.stderr).into_owned();
        assert_eq!(said, "error: two workspaces are named, `here` and `-C there`: name one\n");
    }
}

#[test]
fn findings_are_reported_field_by_field_and_sorted() {
    let output = run(&bundle::root("examples/logistics-as-published"), &["check", "--format", "json"]);
    let report = json(&output);
    assert_eq!(keys_as_written(&stdout(&output)), ["findings", "summary"]);
    assert_eq!(keys(&report["summary"]).len(), 5);
    let findings = report["findings"].as_array().expect("findings");
    let known = [
        "code",
        "severity",
        "message",
        "help",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "related",
        "use_cases",
        "context",
    ];
    for finding in findings {
        assert!(keys(finding).iter().all(|key| known.contains(key)), "{:?}", keys(finding));
        for key in
            ["code", "severity", "message", "file", "line", "column", "end_line", "end_column", "related"]
        {
            assert!(finding.get(key).is_some(), "no `{key}`");
        }
    }
    let order = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| finding[key].as_u64();
        (text("file"), number("line"), number("column"), text("code"))
    };
    assert!(findings.is_sorted_by_key(order));
    let severities = |wanted: &str| findings.iter().filter(|finding| finding["severity"] == wanted).count();
    assert_eq!(report["summary"]["errors"], severities("error"));
    assert_eq!(report["summary"]["warnings"], severities("warning"));
    let codes: Vec<&Value> = findings.iter().map(|finding| &finding["code"]).collect();
    assert!(
        codes.contains(&&json!("failover-cycle")) && codes.contains(&&json!("failover-classification")),
        "{codes:?}"
    );
}

#[test]
fn a_pipe_has_no_colour_and_always_has() {
    let published = bundle::root("examples/logistics-as-published");
    let plain = run(&published, &["check"]);
    assert!(!plain.stdout.contains(&0x1b), "a pipe has no escape codes");
    let always = run(&published, &["check", "--color", "always"]);
    assert!(always.stdout.contains(&0x1b), "--color always has them");
    let never = run(&published, &["check", "--color", "never"]);
    assert_eq!(never.stdout, plain.stdout);
    let quiet = govctl().env("NO_COLOR", "1").arg("check").arg(&published).output().expect("govctl runs");
    assert_eq!(quiet.stdout, plain.stdout);
    for arguments in [&["resolve", "planing"][..], &["check", "--as-of", "x"], &["chek"]] {
        let output = run(&published, arguments);
        assert!(!output.stderr.contains(&0x1b), "{arguments:?} has escape codes on stderr");
    }
}

#[test]
fn an_answer_that_nobody_reads_is_none_and_nothing_is_said_of_it() {
    for arguments in
        [&["check", "--format", "json"][..], &["check"], &["resolve", "--all"], &["explain", "syntax"]]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = govctl().arg("-C").arg(logistics()).args(arguments).stdout(writer).output();
        let output = output.expect("govctl runs");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(!stderr(&output).contains("error"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn the_same_question_has_the_same_bytes() {
    for workspace in [logistics(), bundle::root("examples/logistics-as-published")] {
        for arguments in [
            &["check"][..],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["check", "--format", "github"],
            &["resolve", "--all", "--format", "json"],
            &["resolve", "--all", "-v"],
            &["compile"],
        ] {
            let (first, second) = (run(&workspace, arguments), run(&workspace, arguments));
            assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr), "{arguments:?}");
        }
    }
}

#[test]
fn the_order_of_files_and_statements_changes_no_decision() {
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, path) in [("registry", "providers.yaml"), ("estate", "use-cases.yaml")] {
        std::fs::create_dir_all(folder.path().join(kind)).expect("a folder");
        std::fs::copy(logistics().join(kind).join(path), folder.path().join(kind).join(path)).expect("copy");
    }
    std::fs::create_dir_all(folder.path().join("policies")).expect("a folder");
    let mut statements = String::new();
    for file in ["vocabulary", "budgets", "routing", "guarantees", "failover"] {
        let text =
            std::fs::read_to_string(logistics().join(format!("policies/{file}.gov"))).expect("a policy");
        let parts: Vec<&str> = text.split("\n\n").collect();
        statements += &parts.into_iter().rev().map(|part| format!("{part}\n\n")).collect::<String>();
    }
    std::fs::write(folder.path().join("policies/z.gov"), statements).expect("write");
    let all = ["resolve", "--all", "--format", "json"];
    assert_eq!(stdout(&run(folder.path(), &all)), stdout(&run(&logistics(), &all)));
}

#[test]
fn a_use_case_without_a_decision_is_told_what_makes_it_so() {
    let folder = bundle::unpack_text(include_str!("../cases/check/missing-attribute/has.txt"));
    let output = run(folder.path(), &["resolve", "chat"]);
    assert_eq!(bundle::status(&output), 2);
    let why = "error: the decision for `chat` is not defined: `chat` does not state `risk`, which a condition tests\n";
    assert!(bundle::stderr(&output).ends_with(why), "{}", bundle::stderr(&output));
    let folder = bundle::unpack_text(include_str!("../cases/check/ambiguous-failover/has.txt"));
    let output = run(folder.path(), &["resolve", "chat"]);
    let why = "error: the decision for `chat` is not defined: the failover statements ";
    assert!(bundle::stderr(&output).contains(why), "{}", bundle::stderr(&output));
}

/// What is valid and does nothing is said beside what is found, and counts for nothing.
#[test]
fn what_does_nothing_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["registry", "estate", "policies"] {
        std::fs::create_dir(folder.path().join(part)).expect("a folder");
        for file in std::fs::read_dir(logistics().join(part)).expect("a folder") {
            let path = file.expect("a file").path();
            let name = path.file_name().expect("a name");
            std::fs::copy(&path, folder.path().join(part).join(name)).expect("copied");
        }
    }
    let note = || {
        let output = run(folder.path(), &["check", "--as-of", "2026-11-21"]);
        assert_eq!(status(&output), 0, "{}", stdout(&output));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(note(), "");
    let more = "guarantee idle {\n  because \"to be done\"\n}\n\nbudget nobody {\n  when use_case == planning and use_case == analysis\n  limit 10 usd per month\n  owner \"o@example.com\"\n  escalate \"e@example.com\"\n}\n";
    std::fs::write(folder.path().join("policies/z.gov"), more).expect("a file");
    std::fs::write(folder.path().join("beside.gov"), "").expect("a file");
    assert_eq!(
        note(),
        "note: `beside.gov` is not read: policies stand in `policies/`\n\
         note: policies/z.gov:1: guarantee `idle` promises nothing: it has no `always` and no `never`\n\
         note: policies/z.gov:5: budget `nobody` is of no request: its `when` is true in no context of any use case\n"
    );
    let json = run(folder.path(), &["check", "--as-of", "2026-11-21", "--format", "json"]);
    assert_eq!(stderr(&json), note());
}

/// What is valid and not read as it looks is said, with what to write.
#[test]
fn what_is_not_read_as_it_looks_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["registry", "estate", "policies"] {
        std::fs::create_dir(folder.path().join(part)).expect("a folder");
    }
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).expect("a file");
    write(
        "registry/a.yaml",
        "providers:\n  north:\n    owner: n@example.com\n    failure_domain: #eu-1\n    models:\n      - name: alpha\n        approved_use_cases: [chat]\n        data_classification_max: internal\n        cost_per_1m_tokens_input: 1.125\n        cost_per_1m_tokens_output: 1\n        context_window: 128.000\n",
    );
    write(
        "estate/a.yaml",
        "use_cases:\n  - name: chat\n    owner: c@example.com\n    data_classification: internal\n    project:\n    team: ops # who runs it\n",
    );
    write(
        "policies/a.gov",
        "failover standard {\n  none\n  notify \"\"\n  because \"x\"\n}\n\nguarantee g {\n  always true\n  because \"x\"\n}\n\naudit a {\n  retain 1.095 days\n  owner \"a@example.com\"\n  because \"x\"\n}\n",
    );
    let output = run(folder.path(), &["check", "--as-of", "2026-11-21"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_eq!(
        bundle::stderr(&output),
        "note: registry/a.yaml:4: `#eu-1` is a comment: if it is a part of the value, write `failure_domain: \"#eu-1\"`; else a space stands behind the `#`\n\
         note: registry/a.yaml:11: `context_window: 128.000` is read as 128: a dot begins a fraction; write `128000` if thousands are meant\n\
         note: estate/a.yaml:5: `project` holds nothing, and is read as if it were not there: write its value, or leave it out\n\
         note: policies/a.gov:3: `notify \"\"` tells nobody: write who is told, as in `notify \"team@example.com\"`\n\
         note: policies/a.gov:13: `1.095 days` is read as 1.095: a dot begins a fraction; write `1095` if thousands are meant\n\
         note: policies/a.gov:8: `always true` promises nothing: it holds whatever is decided\n"
    );
}
