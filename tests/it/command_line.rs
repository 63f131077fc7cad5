//! The command line as CLI.md promises it: statuses, streams, and JSON field by field.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

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
fn a_workspace_is_named_in_four_ways() {
    let at = logistics();
    let wanted = stdout(&run(&at, &["check"]));
    let here = govctl().arg("check").current_dir(&at).output().expect("govctl runs");
    assert_eq!(stdout(&here), wanted);
    let plain = govctl().arg("check").arg(&at).output().expect("govctl runs");
    assert_eq!(stdout(&plain), wanted);
    let long = govctl().args(["check", "--workspace"]).arg(&at).output().expect("govctl runs");
    assert_eq!(stdout(&long), wanted);
}

#[test]
fn an_unknown_use_case_is_2_with_the_nearest_names() {
    let output = run(&logistics(), &["resolve", "planing", "--format", "json"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(
        stderr(&output).contains("`planing`") && stderr(&output).contains("`planning`"),
        "{}",
        stderr(&output)
    );
    let table = compiled(&logistics());
    let output = resolve_table(table.path(), &["planing"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("`planning`"), "{}", stderr(&output));
}

#[test]
fn every_other_unknown_word_of_a_request_is_2_with_the_nearest() {
    let asked: [(&[&str], &str); 4] = [
        (&["planning", "--classification", "restrictd"], "`restricted`"),
        (&["planning", "--down", "opena"], "`openai`"),
        (&["planning", "--why-not", "gpt-4-turb"], "`gpt-4-turbo`"),
        (&["planning", "--fact", "tenant=premium"], "`tenant`"),
    ];
    for (arguments, nearest) in asked {
        let output = run(&logistics(), &[&["resolve"], arguments].concat());
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(stderr(&output).contains(nearest), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one answer, whole")]
fn resolve_answers_field_by_field() {
    let output = run(&logistics(), &["resolve", "support.reply", "--format", "json"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    let order = [
        "use_case",
        "context",
        "outcome",
        "primary",
        "paths",
        "route",
        "then",
        "rules",
        "obligations",
        "excluded",
        "sentence",
    ];
    assert_eq!(keys_as_written(&stdout(&output)), order);
    let mut answer = json(&output);
    let sentence = answer.as_object_mut().and_then(|answer| answer.remove("sentence")).expect("a sentence");
    let sentence = sentence.as_str().expect("text");
    assert!(
        sentence.contains("anthropic/claude-3-5-sonnet") && !sentence.trim_end().contains('\n'),
        "{sentence}"
    );
    // Claude: (3*30 + 15*8) / 38 = 105/19; the fleet model: 0.0042 / 1500 * 1.2 * 1e6 = 3.36; 3.36 * 19 / 105 = 0.608.
    assert_eq!(
        answer,
        json!({
            "use_case": "customer-communication",
            "context": {"classification": "confidential", "budget.remaining": "100%"},
            "outcome": "route",
            "primary": {"model": "anthropic/claude-3-5-sonnet", "regions": ["eu"], "up": true},
            "paths": [{
                "on": ["rate-limited", "server-error", "timeout", "unavailable"],
                "failover": "customers-are-answered",
                "targets": [{"model": "self_hosted/llama-3-70b-fleet-v2", "cost_multiplier": "0.608", "actions": [], "regions": ["eu"], "up": true}],
                "then": "degrade",
                "retry": 0,
                "cooldown_seconds": null,
                "log_as": "governance-event",
                "notify": ["platform-team@example.com"],
            }],
            "route": "anthropic/claude-3-5-sonnet",
            "then": "degrade",
            "rules": ["customer-tone", "personal-data-needs-an-agreement"],
            "obligations": {
                "budgets": ["company"],
                "quotas": [],
                "audit": {"retain_days": 1095, "lineage": true, "mask": ["pii"], "owners": ["dpo@example.com"]},
                "tags": {"business_unit": "cx", "team": "support", "use_case": "customer-communication"},
            },
            "excluded": [{"model": "openai/gpt-4-turbo", "by": ["gate:approved-use-case", "gate:classification-ceiling"]}],
        })
    );
    let text = stdout(&output);
    for order in [
        [
            "\"primary\"",
            "\"paths\"",
            "\"failover\"",
            "\"targets\"",
            "\"retry\"",
            "\"cooldown_seconds\"",
            "\"log_as\"",
        ],
        [
            "\"cost_multiplier\"",
            "\"actions\"",
            "\"retry\"",
            "\"notify\"",
            "\"rules\"",
            "\"obligations\"",
            "\"budgets\"",
        ],
        [
            "\"budgets\"",
            "\"quotas\"",
            "\"audit\"",
            "\"retain_days\"",
            "\"lineage\"",
            "\"mask\"",
            "\"owners\"",
        ],
    ] {
        let places: Vec<Option<usize>> = order.iter().map(|key| text.find(key)).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{order:?} are at {places:?}");
    }
}

#[test]
fn a_raised_classification_and_a_low_budget_are_answered() {
    let answer = resolve(&logistics(), &["planning", "--budget-remaining", "19.99%"]);
    assert_eq!(answer["context"]["budget.remaining"], "19.99%");
    assert_eq!(answer["route"], "anthropic/claude-3-5-sonnet");
    assert_eq!(answer["rules"], json!(["planner-quality", "save-the-budget"]));
    let at = resolve(&logistics(), &["planning", "--budget-remaining", "20%"]);
    assert_eq!(at["rules"], json!(["planner-quality"]));
    assert_eq!(at["route"], "openai/gpt-4-turbo");
    let lower = resolve(&logistics(), &["planning", "--classification", "public"]);
    assert_eq!(lower["context"]["classification"], "internal", "a lower one is ignored");
    let raised =
        run(&logistics(), &["resolve", "planning", "--classification", "restricted", "--format", "json"]);
    assert_eq!(status(&raised), 1);
    let raised = json(&raised);
    assert_eq!(raised["outcome"], "unroutable");
    assert_eq!(
        (&raised["primary"], &raised["route"], &raised["then"], &raised["paths"]),
        (&Value::Null, &Value::Null, &json!("block"), &json!([]))
    );
    assert_eq!(raised["excluded"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_is_down_moves_the_route_and_none_up_is_1() {
    let first = resolve(&logistics(), &["support.reply", "--down", "anthropic"]);
    assert_eq!(
        (&first["outcome"], &first["route"]),
        (&json!("route"), &json!("self_hosted/llama-3-70b-fleet-v2"))
    );
    assert_eq!(first["primary"]["up"], false);
    assert_eq!(first["paths"][0]["targets"][0]["up"], true);
    let arguments = [
        "resolve",
        "support.reply",
        "--down",
        "anthropic",
        "--down",
        "llama-3-70b-fleet-v2",
        "--format",
        "json",
    ];
    let none = run(&logistics(), &arguments);
    assert_eq!(status(&none), 1);
    let none = json(&none);
    assert_eq!(
        (&none["outcome"], &none["route"], &none["then"]),
        (&json!("terminal"), &Value::Null, &json!("degrade"))
    );
    let alias = resolve(&logistics(), &["planning", "--down", "openai/gpt-4-turbo-2024-04-09"]);
    assert_eq!(alias["primary"]["up"], false, "an alias is down too");
}

#[test]
fn all_is_an_array_by_name() {
    for workspace in clean_examples() {
        let output = run(&workspace, &["resolve", "--all", "--format", "json"]);
        let answers = json(&output);
        let answers = answers.as_array().expect("an array");
        let names: Vec<&str> =
            answers.iter().map(|answer| answer["use_case"].as_str().expect("a name")).collect();
        assert!(names.is_sorted() && names.len() > 1, "{names:?}");
        for answer in answers.iter().take(7) {
            let alone = resolve(&workspace, &[answer["use_case"].as_str().expect("a name")]);
            assert_eq!(&alone, answer);
            let names = ["budgets", "quotas"]
                .map(|key| answer["obligations"][key].as_array().expect("names").clone());
            assert!(
                names.iter().all(|names| names.is_sorted_by_key(|name| name.as_str().map(str::to_owned)))
            );
        }
    }
}

#[test]
fn a_workspace_with_errors_is_resolved_where_they_leave_a_decision() {
    let folder = bundle::unpack_text(BROKEN);
    let one = run(folder.path(), &["resolve", "chat", "--format", "json"]);
    assert_eq!(status(&one), 0);
    assert!(stderr(&one).contains("unroutable"), "the errors are noted: {}", stderr(&one));
    let undefined = BROKEN.replace("none because", "follow ranking because")
        + "preference rule a { when use_case == chat prefer alpha because \"a\" }\n\
           preference rule b { when use_case == chat prefer cheapest because \"b\" }\n";
    let folder = bundle::unpack_text(&undefined);
    let one = run(folder.path(), &["resolve", "chat"]);
    assert_eq!((status(&one), stdout(&one).as_str()), (2, ""));
    let all = run(folder.path(), &["resolve", "--all", "--format", "json"]);
    assert_eq!(status(&all), 1);
    let all = json(&all);
    let names: Vec<&Value> =
        all.as_array().expect("an array").iter().map(|answer| &answer["use_case"]).collect();
    assert_eq!(names, ["secret"]);
    let syntax = bundle::unpack_text(&format!("{BROKEN}rule\n"));
    let one = run(syntax.path(), &["resolve", "chat"]);
    assert_eq!((status(&one), stdout(&one).as_str()), (2, ""));
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

/// A table on disk; the folder lives as long as the value.
struct Compiled(tempfile::TempDir);

impl Compiled {
    fn path(&self) -> &Path {
        self.0.path()
    }
}

fn table_of(folder: &Path) -> PathBuf {
    folder.join("table.json")
}

fn compiled(workspace: &Path) -> Compiled {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(workspace, &["compile", "-o", table_of(folder.path()).to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
    Compiled(folder)
}

fn resolve_table(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = govctl();
    // No workspace is read: there is none here.
    command.current_dir(folder).args(["resolve", "--format", "json", "--table", "table.json"]);
    command.args(arguments).output().expect("govctl runs")
}

#[test]
fn a_workspace_with_errors_is_not_compiled_and_leaves_no_file() {
    let folder = bundle::unpack_text(BROKEN);
    let table = folder.path().join("table.json");
    let output = run(folder.path(), &["compile", "-o", table.to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, ""));
    assert!(stderr(&output).contains("unroutable"), "{}", stderr(&output));
    assert!(!table.exists());
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(left.len(), 3, "no half file is left: {left:?}");
    std::fs::write(&table, "old").expect("write");
    assert_eq!(status(&run(folder.path(), &["compile", "-o", table.to_str().expect("UTF-8")])), 1);
    assert_eq!(std::fs::read_to_string(&table).expect("read"), "old", "an older table is left as it is");
}

#[test]
fn a_table_that_cannot_be_written_is_2() {
    let output = run(&logistics(), &["compile", "-o", "/nonexistent/folder/table.json"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("/nonexistent/folder/table.json"), "{}", stderr(&output));
}

#[test]
fn what_is_compiled_verifies_and_another_workspace_does_not() {
    for workspace in clean_examples() {
        let table = compiled(&workspace);
        let path = table_of(table.path());
        let output = run(&workspace, &["verify", path.to_str().expect("UTF-8")]);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        let text = stdout(&run(&workspace, &["compile"]));
        assert_eq!(text, std::fs::read_to_string(&path).expect("read"), "stdout and -o are the same");
    }
    let table = compiled(&logistics());
    let other = bundle::unpack_text(
        &BROKEN.replace("  - {name: secret, owner: a@example.com, data_classification: restricted}\n", ""),
    );
    let output = run(other.path(), &["verify", table_of(table.path()).to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, ""), "{}", stderr(&output));
}

#[test]
fn a_tampered_table_is_refused() {
    let table = compiled(&logistics());
    let path = table_of(table.path());
    let text = std::fs::read_to_string(&path).expect("read");
    let tampered = [
        text.replacen("claude-3-5-sonnet", "claude-3-5-sonnet2", 1),
        text.replacen("\"cells\":[0", "\"cells\":[1", 1),
        text.replacen("restricted-waits", "restricted-weits", 1),
        text.trim_end().trim_end_matches('}').to_owned(),
        format!("{text} {text}"),
        String::new(),
        "{}".to_owned(),
        "[".repeat(100_000),
    ];
    for (at, tampered) in tampered.iter().enumerate() {
        if *tampered == text {
            assert_eq!(at, 1, "nothing was changed in {at}");
            continue;
        }
        std::fs::write(&path, tampered).expect("write");
        let verified = run(&logistics(), &["verify", path.to_str().expect("UTF-8")]);
        assert_eq!((status(&verified), stdout(&verified).as_str()), (1, ""), "{at}: {}", stderr(&verified));
        let resolved = resolve_table(table.path(), &["planning"]);
        assert!(status(&resolved) != 0 && stdout(&resolved).is_empty(), "{at}: {}", stdout(&resolved));
        assert!(!stderr(&resolved).contains("panicked"), "{at}: {}", stderr(&resolved));
    }
    std::fs::remove_file(&path).expect("remove");
    assert_eq!(status(&run(&logistics(), &["verify", path.to_str().expect("UTF-8")])), 2);
    assert_eq!(status(&resolve_table(table.path(), &["planning"])), 2);
}

/// Takes out of a workspace's answer the shares of single budgets that change no decision: a table does not know them.
fn forget_shares(of_table: &Value, of_workspace: &mut Value) {
    let known = of_table["context"].as_object().expect("a context");
    let context = of_workspace["context"].as_object_mut().expect("a context");
    context.retain(|key, value| {
        known.contains_key(key)
            || !(key.starts_with("budget.") && key.ends_with(".remaining") && value == "100%")
    });
}

#[test]
fn the_table_answers_as_the_workspace_does() {
    for workspace in clean_examples() {
        let table = compiled(&workspace);
        let all = resolve(&workspace, &["--all"]);
        // Of the large example some are enough: `--all` below asks for everybody.
        for answer in all.as_array().expect("an array").iter().take(7) {
            let name = answer["use_case"].as_str().expect("a name");
            let primary = answer["primary"]["model"].as_str().expect("every use case has a primary");
            let (provider, _) = primary.split_once('/').expect("an id");
            let requests: [&[&str]; 6] = [
                &[],
                &["--classification", "restricted"],
                &["--budget-remaining", "0%"],
                &["--budget-remaining", "19.5%", "--classification", "confidential"],
                &["--down", provider],
                &["--down", provider, "--budget-remaining", "50%"],
            ];
            for request in requests {
                let arguments = [&[name], request].concat();
                let from_workspace =
                    run(&workspace, &[&["resolve", "--format", "json"][..], &arguments].concat());
                let from_table = resolve_table(table.path(), &arguments);
                assert_eq!(
                    status(&from_workspace),
                    status(&from_table),
                    "{arguments:?} {}",
                    stderr(&from_table)
                );
                let (mut wanted, mut found) = (json(&from_workspace), json(&from_table));
                assert!(found.get("excluded").is_none(), "a table has no reasons");
                for answer in [&mut wanted, &mut found] {
                    let answer = answer.as_object_mut().expect("an object");
                    answer.remove("excluded");
                    assert!(answer.remove("sentence").is_some());
                }
                forget_shares(&found, &mut wanted);
                assert_eq!(found, wanted, "{arguments:?}");
            }
        }
        let mut wanted = all.clone();
        for answer in wanted.as_array_mut().expect("an array") {
            let answer = answer.as_object_mut().expect("an object");
            answer.remove("excluded");
            answer.remove("sentence");
        }
        let mut found = json(&resolve_table(table.path(), &["--all"]));
        for answer in found.as_array_mut().expect("an array") {
            answer.as_object_mut().expect("an object").remove("sentence");
        }
        let pairs = found.as_array().expect("an array").iter().zip(wanted.as_array_mut().expect("an array"));
        for (found, wanted) in pairs {
            forget_shares(found, wanted);
        }
        assert_eq!(found, wanted);
    }
}

#[test]
fn an_expired_table_is_refused() {
    let table = compiled(&logistics());
    let late = govctl()
        .current_dir(table.path())
        .args(["resolve", "--format", "json", "--table", "table.json", "planning"])
        .output()
        .expect("govctl runs");
    assert_eq!(status(&late), 0);
    let mut late = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
    let late = late.current_dir(table.path()).args([
        "--as-of",
        "2199-01-01",
        "resolve",
        "--table",
        "table.json",
        "planning",
    ]);
    let late = late.output().expect("govctl runs");
    assert!(status(&late) != 0 && stdout(&late).is_empty(), "{}", stdout(&late));
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
fn a_closed_pipe_is_no_error() {
    for arguments in
        [&["check", "--format", "json"][..], &["check"], &["resolve", "--all"], &["explain", "syntax"]]
    {
        let mut command = govctl();
        command.arg("-C").arg(logistics()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("govctl runs");
        drop(child.stdout.take());
        let mut talk = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut talk).expect("UTF-8");
        let status = child.wait().expect("it ends").code();
        assert!(!talk.contains("panicked"), "{talk}");
        assert!(matches!(status, Some(0 | 1)), "{arguments:?}: {status:?}");
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
