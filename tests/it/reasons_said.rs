//! Reasons and the commands that show them: each once named another path, another request or too much.

use std::fs;

use tempfile::TempDir;

use crate::bundle::{check, json, run, stderr, stdout};
use crate::said::{FOLLOW, PLAIN, workspace};

#[track_caller]
fn said(folder: &TempDir, arguments: &[&str]) -> String {
    stdout(&run(folder.path(), &[arguments, &["--as-of", "2026-11-25"]].concat()))
}

#[track_caller]
fn is(folder: &TempDir, arguments: &[&str], wanted: &str) {
    assert_eq!(said(folder, arguments), format!("{wanted}\n"));
}

/// A path of its own for prompts that are too long.
const LONG: &str = "failover ctx {\n  on context-exceeded\n  follow ranking\n  because \"x\"\n}\n";

#[test]
fn why_not_names_the_path_of_an_outage_before_that_of_another_trigger() {
    let asked = |failover: &str, model: &str| {
        let folder = workspace(PLAIN, "", &format!("{failover}{LONG}"));
        said(&folder, &["resolve", "chat", "--why-not", model])
    };
    let window = "failover `ctx` leaves it out, as its context window is not stated, so not known to be larger than the primary's";
    let limited = "failover one {\n  chain a/x -> b/w -> c/v\n  limit 1 hop\n  because \"x\"\n}\n";
    let wanted = format!(
        "\n`c/v` may serve `chat`, but `a/x` is cheaper; on an outage failover `one` ends after 1 target, before `c/v`; on context-exceeded: {window}.\n"
    );
    assert!(asked(limited, "c/v").ends_with(&wanted), "{}", asked(limited, "c/v"));
    // The limit is no reason where the chain does not lead there anyhow.
    let before = "failover one {\n  chain c/v -> a/x -> b/w\n  limit 1 hop\n  because \"x\"\n}\n";
    assert!(
        asked(before, "c/v")
            .contains("on an outage nothing on the chains of `one` leads from `a/x` to `c/v`")
    );
    let none = "failover one {\n  none\n  because \"x\"\n}\n";
    assert!(
        asked(none, "b/w").contains(
            "but `a/x` is cheaper; on an outage failover `one` says that nothing is tried; on context-exceeded: failover `ctx`"
        )
    );
    let dear = "failover one {\n  follow ranking\n  above 2.5x cost block\n  because \"x\"\n}\n";
    assert!(
        asked(dear, "c/v").contains(
            "on an outage failover `one` leaves it out, as it is 3 times the cost and `above 2.5x cost block` leaves that out; on context-exceeded"
        )
    );
    // What another trigger alone leads to is no target of an outage.
    let led = format!("{none}{}", LONG.replace("context-exceeded", "content-filtered"));
    let folder = workspace(PLAIN, "", &led);
    let text = said(&folder, &["resolve", "chat", "--why-not", "b/w"]);
    assert!(
        text.contains("target 1 of failover `ctx` on content-filtered. It is not the primary, as"),
        "{text}"
    );
    assert!(text.contains(" On an outage failover `one` says that nothing is tried."), "{text}");
}

#[test]
fn the_clause_that_would_be_missing_is_named_of_several() {
    let policy = format!(
        "preference rule two {{\n  prefer where model.hosting == cloud\n  prefer c\n  because \"x\"\n}}\n{FOLLOW}"
    );
    let text = said(&workspace(PLAIN, "", &policy), &["resolve", "chat", "--why-not", "a/x"]);
    assert!(text.contains("Without the second `prefer` of rule `two`, it would be the primary."), "{text}");
}

#[test]
fn a_test_says_what_was_given_and_that_budgets_do_not_count() {
    let policy = format!(
        "budget t1 {{\n  limit 10 usd per month\n  owner \"o\"\n  escalate \"e\"\n}}\ntest \"t\" {{\n  given use_case chat, budget.t1.remaining 0%\n  expect terminal block\n}}\n{FOLLOW}"
    );
    let text = stdout(&run(workspace(PLAIN, "", &policy).path(), &["test", "--as-of", "2026-11-25"]));
    for line in [
        "  given     use_case chat, budget.t1.remaining 0%\n",
        "  because   tests do not count what budgets and quotas do, else it is blocked by budget `t1`\n",
        "  see       govctl resolve chat --budget-remaining t1=0%\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn a_context_window_that_is_known_is_compared() {
    let folder = workspace(
        PLAIN,
        "",
        &format!(
            "{LONG}{FOLLOW}test \"n\" {{\n  given use_case chat, on context-exceeded\n  expect b/w\n}}\n"
        ),
    );
    let registry = folder.path().join("registry/r.yaml");
    let text = fs::read_to_string(&registry).expect("a registry");
    let text = text.replace("name: x,", "name: x, context_window: 200000,");
    fs::write(&registry, text.replace("name: w,", "name: w, context_window: 64000,")).expect("write");
    let text = stdout(&run(folder.path(), &["test", "--as-of", "2026-11-25"]));
    let wanted = "the context window of `b/w` of 64,000 is not larger than the 200,000 of the primary";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_sentence_says_what_is_left_out_in_few_words() {
    let hosted = [
        "    hosting: cloud\n    compliance: [soc2]\n",
        "    hosting: self-hosted\n    compliance: [soc2]\n",
        "    hosting: self-hosted\n",
    ];
    let failover = "failover rest {\n  follow ranking\n  match compliance, hosting\n  then degrade\n  because \"x\"\n}\n";
    is(
        &workspace(hosted, "", failover),
        &["resolve", "chat"],
        "An `internal` request for `chat` goes to `a/x`, the cheapest; on an outage it gets a degraded answer, as failover `rest` leaves out `b/w` and `c/v` (no match in hosting).",
    );
}

#[test]
fn a_rule_that_orders_twice_is_named_once() {
    let policy = format!(
        "latency rule fast {{\n  prefer fastest\n  prefer where model.provider == c\n  because \"x\"\n}}\n{FOLLOW}"
    );
    let folder = workspace(PLAIN, "", &policy);
    let registry = folder.path().join("registry/r.yaml");
    let text = fs::read_to_string(&registry).expect("a registry");
    let text = text.replace("name: v,", "name: v, latency: {p95_ms: 5},");
    fs::write(&registry, text.replace("name: w,", "name: w, latency: {p95_ms: 5},")).expect("write");
    let text = said(&folder, &["resolve", "chat"]);
    assert!(text.contains("`c/v`, put first by rule `fast`"), "{text}");
    assert!(text.contains(" among the 2 fastest") && !text.contains("2 fastest by"), "{text}");
}

#[test]
fn a_long_sentence_drops_the_reason_of_a_statement_and_keeps_how_it_ends() {
    let because = "the board has decided that nobody waits for an answer longer than it takes to make tea";
    let policy = format!(
        "failover f {{\n  follow ranking\n  then queue for 15 minutes\n  because \"{because}\"\n}}\n"
    );
    let folder = workspace(PLAIN, "", &policy);
    is(
        &folder,
        &["resolve", "chat", "--on", "timeout"],
        "When `a/x` times out, an `internal` request for `chat` goes to `b/w` (twice the cost) by failover `f`; if that fails too it goes to `c/v` (3 times the cost), else queues.",
    );
    let text = said(&folder, &["resolve", "chat", "--on", "unavailable"]);
    assert!(text.starts_with("When `a/x` is unavailable, "), "{text}");
    let text = said(&folder, &["resolve", "chat", "--down", "a"]);
    assert!(
        text.ends_with(", else queues.\n") || text.ends_with(", else queues for up to 15 minutes.\n"),
        "{text}"
    );
}

#[test]
fn what_would_serve_is_dearer_only_than_what_is_named() {
    let budget = |name: &str| {
        format!("budget {name} {{\n  limit 10 usd per month\n  owner \"o\"\n  escalate \"e\"\n}}\n")
    };
    let policy = format!("{}{}{FOLLOW}", budget("the-company-as-a-whole"), budget("the-corporate-functions"));
    let text = said(
        &workspace(PLAIN, "", &policy),
        &["resolve", "chat", "--budget-remaining", "0%", "--down", "a", "--down", "c"],
    );
    assert!(!text.contains("twice the cost") || text.contains("`a/x`"), "{text}");
    assert!(text.contains("otherwise it would go to `b/w`"), "{text}");
}

#[test]
fn a_broken_obligation_is_seen_in_full_and_a_target_on_its_path() {
    let noted = |policy: &str| {
        let text = stdout(&check(workspace(PLAIN, "", policy).path(), &[]));
        text.split_whitespace().collect::<Vec<&str>>().join(" ")
    };
    let kept = format!("guarantee kept {{\n  always audit.lineage\n  because \"x\"\n}}\n{FOLLOW}");
    assert!(noted(&kept).contains("see it with `govctl resolve chat -v`"), "{}", noted(&kept));
    let filtered = "failover f {\n  none\n  because \"x\"\n}\nfailover g {\n  on content-filtered\n  follow ranking\n  because \"x\"\n}\nguarantee cheap {\n  always model.cost <= 1 usd per 1m tokens\n  because \"x\"\n}\n";
    let wanted = "see it with `govctl resolve chat --on content-filtered`";
    assert!(noted(filtered).contains(wanted), "{}", noted(filtered));
}

#[test]
fn a_name_that_policies_repeat_may_be_misspelt_elsewhere() {
    let policy = format!(
        "cost rule one {{\n  when team == support\n  prefer cheapest\n  because \"x\"\n}}\nlatency rule two {{\n  when team == support\n  prefer fastest\n  because \"x\"\n}}\n{FOLLOW}"
    );
    let text = stdout(&check(workspace(PLAIN, ", team: suport", &policy).path(), &[]));
    let words = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let wanted = "did you mean `suport`? if that is the misspelt one, correct it where the registry or the estate states it";
    assert!(words.contains(wanted), "{text}");
}

/// The findings of a peak, with a baseline.
fn left(folder: &TempDir, baseline: &str) -> String {
    let file = folder.path().join("known.yaml");
    fs::write(&file, baseline).expect("write");
    let file = file.to_str().expect("a path");
    let output = check(folder.path(), &["--baseline", file]);
    format!("{}{}", stdout(&output), stderr(&output))
}

#[test]
fn an_accepted_finding_stays_accepted_while_its_amounts_move() {
    let limited = ["    rate_limits: {requests_per_minute: 100}\n", "", ""];
    let folder = workspace(limited, ", peak_requests_per_minute: 250", FOLLOW);
    let first = stdout(&check(folder.path(), &["--write-baseline"]));
    assert!(first.contains("`a` gets 250 requests a minute at peak and allows 100"), "{first}");
    // A file of before has names with amounts in them.
    let log = json(&check(folder.path(), &["--format", "sarif"]));
    let results = log["runs"][0]["results"].as_array().expect("results");
    let entries = results.iter().map(|result| {
        let name = result["partialFingerprints"]["govctl/v1"].as_str().expect("a name");
        format!("  - {{fingerprint: \"{name}\", owner: o, reason: known, until: 2027-12-31}}\n")
    });
    let before = format!("accepted:\n{}", entries.collect::<String>());
    assert!(!left(&folder, &before).contains("overload"), "{}", left(&folder, &before));
    let estate = folder.path().join("estate/e.yaml");
    let text = fs::read_to_string(&estate).expect("an estate");
    fs::write(&estate, text.replace("250", "260")).expect("write");
    assert!(!left(&folder, &first).contains("overload"), "{}", left(&folder, &first));
    assert!(left(&folder, "accepted: []\n").contains("`a` gets 260 requests"));
    // Another limit is another finding.
    let registry = folder.path().join("registry/r.yaml");
    let text = fs::read_to_string(&registry).expect("a registry");
    let rate = "  b:\n    owner: o@example.com\n";
    fs::write(
        &registry,
        text.replace(rate, &format!("{rate}    rate_limits: {{requests_per_minute: 10}}\n")),
    )
    .expect("write");
    assert!(left(&folder, &first).contains("failover-overload"), "{}", left(&folder, &first));
}
