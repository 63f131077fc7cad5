//! `test`: what comes out of a run, what it reaches, and that what it suggests holds.

use std::path::Path;

use govctl::testing::{self, coverage, suggest};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bundle::{self, run, status, stderr, stdout};
use crate::properties;
use crate::worlds;

const EXAMPLES: [&str; 4] = ["logistics", "logistics-as-published", "hospital", "saas"];

/// The hospital with expectations that are not met.
fn failing() -> tempfile::TempDir {
    let folder = bundle::copy_of("hospital");
    let path = folder.path().join("policies/guarantees.gov");
    let text = std::fs::read_to_string(&path).expect("the policy");
    let text = text
        .replace("expect terminal queue", "expect terminal block")
        .replace(
            "expect never mistral",
            "expect never bedrock-eu\n  expect rule consent-first\n  expect unroutable",
        )
        .replace("expect basement/llama-3-70b then queue", "expect azure-eu/gpt-4o")
        .replace("expect primary azure-eu", "expect mistral -> basement then block")
        .replace(
            "given  use_case staff-handbook, budget.remaining 5%\n  expect primary mistral",
            "given  use_case staff-handbook\n  expect primary mistral",
        );
    std::fs::write(path, text).expect("written");
    folder
}

fn json_of(workspace: &Path, arguments: &[&str]) -> Value {
    bundle::json(&run(workspace, &[&["test", "--format", "json"], arguments].concat()))
}

#[test]
fn tests_that_pass_have_a_line_each_and_status_0() {
    let output = run(&bundle::root("examples/hospital"), &["test"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    let text = stdout(&output);
    assert_eq!(text.lines().filter(|line| line.ends_with("… ok")).count(), 7, "{text}");
    assert!(text.ends_with("ok: 7 tests, 7 passed, 0 failed\n"), "{text}");
    // The folder may be a plain argument, as with `check`.
    let folder = bundle::root("examples/hospital");
    let plain = bundle::govctl().arg("test").arg(&folder).output().expect("govctl runs");
    assert_eq!(stdout(&plain), text);
}

#[test]
fn a_failure_says_what_was_expected_what_came_and_what_made_it_so() {
    let folder = failing();
    let output = run(folder.path(), &["test"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (1, ""));
    insta::assert_snapshot!("test_failures", stdout(&output));
}

#[test]
fn junit_has_a_suite_a_file_and_a_failure_a_test() {
    let folder = failing();
    let output = run(folder.path(), &["test", "--format", "junit"]);
    assert_eq!(status(&output), 1);
    insta::assert_snapshot!("test_junit", stdout(&output));
}

#[test]
fn a_test_fails_if_and_only_if_check_says_so() {
    let folder = failing();
    let report = json_of(folder.path(), &[]);
    let tests = report["tests"].as_array().expect("tests");
    let failed = tests.iter().filter(|test| test["status"] == "failed").map(|test| test["line"].clone());
    let check = bundle::json(&run(folder.path(), &["check", "--format", "json"]));
    let findings = check["findings"].as_array().expect("findings");
    let found = findings.iter().filter(|finding| finding["code"] == "test-failed");
    let found: Vec<Value> = found.map(|finding| finding["line"].clone()).collect();
    assert_eq!(failed.collect::<Vec<Value>>(), found);
    assert_eq!(report["summary"], json!({"tests": 7, "passed": 1, "failed": 6, "filtered_out": 0}));
}

#[test]
fn a_filter_picks_by_name_and_one_that_picks_none_is_a_slip() {
    let workspace = bundle::root("examples/logistics");
    let output = run(&workspace, &["test", "--filter", "ANTHROPIC"]);
    assert!(
        stdout(&output).ends_with("ok: 2 tests, 2 passed, 0 failed, 3 filtered out\n"),
        "{}",
        stdout(&output)
    );
    let none = run(&workspace, &["test", "--filter", "antrhopic"]);
    assert_eq!((status(&none), stdout(&none).as_str()), (2, ""));
    assert_eq!(stderr(&none), "error: no test has `antrhopic` in its name; the workspace has 5 tests\n");
}

const UNDECIDED: &str = "\
=== registry/main.yaml
providers:
  p:
    owner: o@example.com
    models:
      - {name: m, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
=== estate/main.yaml
use_cases:
  - {name: chat, owner: o@example.com, data_classification: internal, risk: high}
  - {name: odd, owner: o@example.com, data_classification: internal}
=== policies/main.gov
failover standard { none because \"b\" }
cost rule x { when risk == high prefer cheapest because \"b\" }
cost rule y { when risk == high prefer fastest because \"b\" }
test \"two rules\" { given use_case chat expect unroutable }
test \"no risk\" { given use_case odd expect primary p/m }
guarantee g { never model.cost > 0 usd per 1m tokens because \"b\" }
";

#[test]
fn a_test_without_a_defined_decision_fails_and_says_why() {
    let folder = bundle::unpack_text(UNDECIDED);
    let output = run(folder.path(), &["test"]);
    assert_eq!(status(&output), 1);
    let text = stdout(&output);
    for line in [
        "got       no decision: none is defined for `chat`",
        "because   the cost rules `x` and `y` both order it (policies/main.gov:2)",
        "because   `odd` does not state `risk`, which a condition tests (policies/main.gov:2)",
        "FAILED: 2 tests, 0 passed, 2 failed",
    ] {
        assert!(text.contains(line), "no line {line:?} in\n{text}");
    }
    let said = stderr(&output);
    assert!(
        said.contains("error[ambiguous-preference]") && said.contains("error[missing-attribute]"),
        "{said}"
    );
    let report = json_of(folder.path(), &["--coverage"]);
    assert_eq!(report["tests"][0]["status"], "undefined");
    assert_eq!(report["tests"][0]["expected"][0]["met"], false);
    assert_eq!(report["coverage"]["total"]["all"], 0);
}

#[test]
fn other_errors_of_the_workspace_are_noted_and_failed_tests_are_not() {
    let folder = failing();
    let path = folder.path().join("policies/more.gov");
    std::fs::write(&path, "guarantee cheap { always model.cost < 1 usd per 1m tokens because \"b\" }\n")
        .expect("written");
    let output = run(folder.path(), &["test"]);
    assert!(stderr(&output).starts_with("error[guarantee-violated]"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("test-failed"), "{}", stderr(&output));
    // What keeps every decision from being made keeps the tests from being run.
    std::fs::write(&path, "guarantee {").expect("written");
    let output = run(folder.path(), &["test"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
}

#[test]
fn coverage_counts_distinct_decisions_as_the_table_does() {
    for example in ["logistics", "hospital"] {
        let workspace = bundle::root("examples").join(example);
        let report = json_of(&workspace, &["--coverage"]);
        let table = bundle::json(&run(&workspace, &["compile"]));
        let decisions = table["decisions"].as_array().expect("decisions").len();
        assert_eq!(report["coverage"]["decisions"]["all"], decisions, "{example}");
    }
}

#[test]
fn coverage_names_what_no_test_reaches_by_its_line() {
    let folder = bundle::copy_of("hospital");
    let path = folder.path().join("policies/guarantees.gov");
    let text = std::fs::read_to_string(&path).expect("the policy");
    let (before, _) = text.split_once("test \"with the research cloud down").expect("a test of genomes");
    std::fs::write(&path, before).expect("written");
    let report = json_of(folder.path(), &["--coverage"]);
    let items = report["coverage"]["items"].as_array().expect("items");
    let unreached = items.iter().filter(|item| item["tests"] == 0 && item["reachable"] == true);
    let unreached: Vec<&str> = unreached.map(|item| item["what"].as_str().expect("text")).collect();
    assert_eq!(
        unreached,
        [
            "failover genome",
            "link research-north/llama-3-70b -> basement/llama-3-70b",
            "link basement/llama-3-70b -> research-south/llama-3-70b",
            "guarantee a-genome-outlives-a-cloud",
            "compliance rule genetic-data-stays-home",
        ]
    );
    let unreachable = items.iter().find(|item| item["reachable"] == false).expect("one");
    assert_eq!((&unreachable["kind"], &unreachable["line"]), (&json!("above"), &json!(17)));
}

#[test]
fn fail_under_is_1_below_and_0_at_the_figure() {
    let workspace = bundle::root("examples/logistics");
    assert_eq!(status(&run(&workspace, &["test", "--fail-under", "45"])), 0);
    let below = run(&workspace, &["test", "--fail-under", "45.2%"]);
    assert_eq!(status(&below), 1);
    assert_eq!(stderr(&below), "error: tests reach 45.1% of the policy, which is under 45.2%\n");
    assert!(!stdout(&below).contains("coverage"), "{}", stdout(&below));
    let above = run(&workspace, &["test", "--fail-under", "101"]);
    assert_eq!(status(&above), 2);
    assert!(String::from_utf8_lossy(&above.stderr).contains("a share lies between 0% and 100%"));
}

#[test]
fn lcov_names_the_lines_of_policy_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cover.lcov");
    let lcov = |workspace: &str| {
        let output = bundle::govctl()
            .current_dir(bundle::root(""))
            .args(["test", workspace, "--coverage-lcov"])
            .arg(&path)
            .output()
            .expect("govctl runs");
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        std::fs::read_to_string(&path).expect("the file")
    };
    let text = lcov("examples/hospital");
    insta::assert_snapshot!("test_lcov", text);
    for file in text.lines().filter_map(|line| line.strip_prefix("SF:")) {
        assert!(bundle::root(file).is_file(), "{file} is not where the viewer looks");
    }
    assert_eq!(lcov("./examples/hospital/"), text);
    let nowhere = run(&bundle::root("examples/hospital"), &["test", "--coverage-lcov", "no/such/folder/x"]);
    assert_eq!((status(&nowhere), stdout(&nowhere).as_str()), (2, ""));
}

#[test]
fn suggestions_parse_pass_and_leave_nothing_to_reach() {
    for example in EXAMPLES {
        let folder = bundle::copy_of(example);
        let suggested = run(folder.path(), &["test", "--suggest"]);
        assert_eq!(status(&suggested), 0, "{example}: {}", stderr(&suggested));
        let path = folder.path().join("policies/suggested.gov");
        std::fs::write(path, stdout(&suggested)).expect("written");
        let report = json_of(folder.path(), &["--coverage"]);
        assert_eq!(report["summary"]["failed"], 0, "{example}");
        assert_eq!(report["coverage"]["total"]["percent"], "100", "{example}");
        let again = run(folder.path(), &["test", "--suggest"]);
        assert_eq!((status(&again), stdout(&again).as_str()), (0, ""), "{example}");
        assert!(stderr(&again).ends_with("note: tests reach everything that a request can\n"), "{example}");
    }
}

#[test]
fn names_that_need_quotes_get_them_in_suggestions() {
    let folder = bundle::unpack_text(
        "=== registry/main.yaml\nproviders:\n  \"9 lives\":\n    owner: o@example.com\n    models:\n      - {name: \"a \\\"b\\\"\", approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n=== estate/main.yaml\nuse_cases:\n  - {name: \"use_case\", owner: o@example.com, data_classification: internal}\n  - {name: \"über # chat\", owner: o@example.com, data_classification: internal}\n=== policies/main.gov\nfact down in {\"in\", \"a b\", primary} default primary\nfailover standard { none because \"b\" }\ncost rule \"or\" { when down == \"in\" prefer cheapest because \"b\" }\ncompliance rule both { when down == \"a b\" require model.hosting == cloud because \"b\" }\n",
    );
    let suggested = run(folder.path(), &["test", "--suggest"]);
    let text = stdout(&suggested);
    std::fs::write(folder.path().join("policies/suggested.gov"), &text).expect("written");
    let report = json_of(folder.path(), &["--coverage"]);
    assert_eq!(report["summary"]["failed"], 0, "{text}");
    assert_eq!(report["coverage"]["total"]["percent"], "100", "{text}");
}

#[test]
fn suggestions_are_laid_out_as_fmt_does() {
    let facts: Vec<String> = (1..5)
        .map(|n| format!("fact requested-by-department-{n} in {{general, particular}} default general\n"))
        .collect();
    let when: Vec<String> = (1..5).map(|n| format!("requested-by-department-{n} == particular")).collect();
    let rule = format!(
        "{}compliance rule all {{ when {} require model.provider == far because \"b\" }}\nfailover",
        facts.concat(),
        when.join(" and ")
    );
    let folder = crate::diff::with(&[("failover", rule.as_str())]);
    let text = stdout(&run(folder.path(), &["test", "--suggest"]));
    assert!(text.contains("requested-by-department-4 particular"), "{text}");
    let path = folder.path().join("policies/suggested.gov");
    std::fs::write(&path, &text).expect("written");
    let again = run(folder.path(), &["fmt", "--check", &path.display().to_string()]);
    assert_eq!(status(&again), 0, "{}{text}", stderr(&again));
}

/// On random workspaces: `test` and `test-failed` agree, and suggestions parse, pass and leave nothing to reach.
fn holds(rolls: &[u16]) -> Result<(), TestCaseError> {
    let mut files = worlds::workspace(rolls);
    let workspace = properties::read(&files);
    let checked = workspace.check();
    let Some(survey) = &checked.survey else { return Err(TestCaseError::fail("no world")) };
    let runs = testing::run(survey, |_| true);
    let failed = runs.iter().filter(|run| matches!(run.verdict, testing::Verdict::Failed(_))).count();
    let found = checked.findings.iter().filter(|finding| finding.code.0 == "test-failed").count();
    prop_assert_eq!(failed, found);
    let measured = coverage::coverage(survey, &runs);
    let suggested = suggest::suggest(survey, &workspace.sources, &measured);
    prop_assert_eq!(suggested.left, 0);
    for test in &suggested.tests {
        files[2].1 += &test.text;
    }
    let more = properties::read(&files);
    prop_assert!(more.world.is_some(), "{:?}\n{}", more.findings, files[2].1);
    let checked = more.check();
    let Some(survey) = &checked.survey else { return Err(TestCaseError::fail("no world")) };
    let runs = testing::run(survey, |name| suggested.tests.iter().any(|test| test.name == name));
    prop_assert_eq!(runs.len(), suggested.tests.len());
    prop_assert!(runs.iter().all(testing::TestRun::passed), "{}", files[2].1);
    let after = coverage::coverage(survey, &testing::run(survey, |_| true)).total();
    prop_assert_eq!(after.reached, after.all);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: properties::cases(), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn suggestions_hold_on_random_workspaces(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        holds(&rolls)?;
    }
}
