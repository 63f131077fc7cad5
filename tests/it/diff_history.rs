//! A year of one workspace in git, and what a portfolio owner reads at the end of each quarter.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::bundle::{self, govctl, root, stderr, stdout};
use crate::diff_git::{commit, git};

fn edit(folder: &Path, path: &str, from: &str, to: &str) {
    let path = folder.join(path);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "`{from}` is not there");
    std::fs::write(path, text.replace(from, to)).expect("write");
}

const REGISTRY: &str = "registry/providers.yaml";
const ROUTING: &str = "policies/routing.gov";
const FAILOVER: &str = "policies/failover.gov";

/// A small model beside the large one, for what a large one is too dear for.
const SMALL_MODEL: &str = "      - name: gpt-4o-mini
        tier: economy
        approved_use_cases: [analysis, content-generation]
        data_classification_max: internal
        cost_per_1k_tokens_input: 0.00015
        cost_per_1k_tokens_output: 0.0006
        context_window: 128000
        capabilities: [tools, json-schema]
        latency: {p50_ms: 400, p95_ms: 1100}
        failover_to: null

  anthropic:
";

/// The year's commits; a tag at the end of each quarter.
fn year(folder: &Path) {
    bundle::copy(&root("examples/logistics"), folder);
    let gdpr = (
        "compliance: [soc2, gdpr, hipaa]\n    data_retention: zero",
        "compliance: [soc2, {name: gdpr, expires: 2026-11-30}, hipaa]\n    data_retention: zero",
    );
    edit(folder, REGISTRY, gdpr.0, gdpr.1);
    git(folder, &["init", "-q"]);
    commit(folder, "the portfolio as the year begins");
    git(folder, &["tag", "2025Q4"]);
    edit(folder, REGISTRY, "  anthropic:\n", SMALL_MODEL);
    commit(folder, "add gpt-4o-mini");
    git(folder, &["tag", "2026Q1"]);
    edit(
        folder,
        ROUTING,
        "when    use_case in [planning, structured-output]",
        "when    use_case == planning",
    );
    commit(folder, "structured output no longer needs the strongest model");
    edit(folder, REGISTRY, "cost_per_1k_tokens_input: 0.003\n", "cost_per_1k_tokens_input: 0.0015\n");
    commit(folder, "anthropic cuts its price");
    git(folder, &["tag", "2026Q2"]);
    let text = std::fs::read_to_string(folder.join(ROUTING)).expect("a file");
    let (head, tail) = text.split_once("preference rule customer-tone").expect("the rule");
    std::fs::write(folder.join(ROUTING), head).expect("write");
    std::fs::write(
        folder.join("policies/wishes.gov"),
        format!("# What we would like.\npreference rule customer-tone{tail}"),
    )
    .expect("write");
    commit(folder, "wishes get a file of their own");
    git(folder, &["tag", "2026Q3"]);
    let text = std::fs::read_to_string(folder.join(REGISTRY)).expect("a file");
    let (before, rest) = text.split_once("  openai:\n").expect("the provider");
    let (_, after) = rest.split_once("  anthropic:\n").expect("the next");
    std::fs::write(folder.join(REGISTRY), format!("{before}  anthropic:\n{after}")).expect("write");
    edit(folder, "policies/wishes.gov", "prefer  openai, anthropic", "prefer  anthropic");
    edit(folder, "policies/budgets.gov", "  on      openai\n", "");
    edit(folder, FAILOVER, "then    queue for 15 minutes", "then    queue for 30 minutes");
    commit(folder, "leave openai");
    git(folder, &["tag", "2026Q4"]);
}

fn review(folder: &Path, old: (&str, &str), new: (&str, &str), more: &[&str]) -> String {
    let mut govctl = Command::new(env!("CARGO_BIN_EXE_govctl"));
    govctl
        .current_dir(folder)
        .args(["diff", old.0, new.0, "--old-as-of", old.1, "--as-of", new.1])
        .args(more);
    let output = govctl.output().expect("govctl runs");
    format!("{}{}", stdout(&output), stderr(&output))
}

#[test]
fn each_quarter_says_what_changed_for_whom_and_what_it_costs() {
    let folder = tempfile::tempdir().expect("a folder");
    year(folder.path());
    let ends = [
        ("2025Q4", "2025-12-31"),
        ("2026Q1", "2026-03-31"),
        ("2026Q2", "2026-06-30"),
        ("2026Q3", "2026-09-30"),
        ("2026Q4", "2026-12-31"),
    ];
    for (old, new) in ends.into_iter().zip(ends.into_iter().skip(1)) {
        let review = review(folder.path(), old, new, &["--source"]);
        let wide = review.lines().find(|line| line.chars().count() > 100 && line.trim().contains(' '));
        assert_eq!(wide, None, "wider than 100 columns");
        insta::assert_snapshot!(format!("review-{}", new.0), masked(&review));
    }
    // What happens by the end of the year if nobody does anything.
    let idle = review(folder.path(), ends[3], ("2026Q3", "2026-12-31"), &["--format", "markdown"]);
    insta::assert_snapshot!("review-if-nothing-is-done", masked(&idle));
}

/// A review without the ids of its commits, which hold the time at which the test ran.
fn masked(review: &str) -> String {
    let mut text = String::new();
    for (at, part) in review.split("(commit ").enumerate() {
        // In Markdown it is code.
        let (quote, bare) = part.strip_prefix('`').map_or(("", part), |bare| ("`", bare));
        let id = bare.chars().take_while(char::is_ascii_hexdigit).count();
        let is_id = at > 0 && id == 40;
        text += if at == 0 { "" } else { "(commit " };
        text += quote;
        text += if is_id { "…" } else { "" };
        text += if is_id { bare.get(id..).unwrap_or_default() } else { bare };
    }
    text
}

#[test]
fn a_statement_that_begins_or_ends_in_between_is_the_cause() {
    let cause = |clause: &str, what: &str, change: &str| {
        let rule =
            format!("cost rule dear {{ {clause} when use_case == mail prefer far because \"x\" }}\nfailover");
        let folder = crate::diff::with(&[("failover", rule.as_str())]);
        let mut command = govctl();
        command.arg("diff").arg(folder.path()).arg(folder.path());
        command.args(["--old-as-of", "2026-11-21", "--as-of", "2027-02-01", "--format", "json"]);
        let report = crate::bundle::json(&command.output().expect("govctl runs"));
        // What else ends on the way makes nothing of it.
        assert_eq!(report["changes"][0]["kind"], json!(["primary"]), "{report:#}");
        let causes = report["changes"][0]["causes"].as_array().expect("causes").iter();
        let said = causes.map(|cause| (cause["what"].clone(), cause["change"].clone())).collect::<Vec<_>>();
        assert_eq!(said, [(json!(what), json!(change))]);
    };
    cause("from 2027-01-10", "rule dear from 2027-01-10", "began");
    cause("until 2026-12-15", "rule dear", "ended");
}
