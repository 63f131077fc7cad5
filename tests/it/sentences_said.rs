//! Single sentences of small workspaces, each once said wrongly.

use tempfile::TempDir;

use crate::bundle::{run, status, stdout};
use crate::said::{FOLLOW, PLAIN, workspace};

#[track_caller]
fn says(folder: &TempDir, arguments: &[&str], wanted: &str) {
    let output = run(folder.path(), &[arguments, &["--as-of", "2026-11-25"]].concat());
    let text = stdout(&output);
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn why_nothing_follows_is_the_limit_or_what_was_left_out() {
    let limited = workspace(
        PLAIN,
        "",
        "failover f {\n  follow ranking\n  limit 1 hop\n  then queue\n  because \"x\"\n}\n",
    );
    says(&limited, &["resolve", "chat", "--down", "a"], "queues, as failover `f` ends after 1 target.");
    says(&limited, &["resolve", "chat", "--down", "b"], "queues, as failover `f` ends after 1 target");
    let dear =
        workspace(PLAIN, "", "failover f {\n  follow ranking\n  above 2.5x cost block\n  because \"x\"\n}\n");
    says(&dear, &["resolve", "chat", "--down", "a"], "failover `f` leaves out `c/v` (too dear)");
    let all =
        workspace(PLAIN, "", "failover f {\n  follow ranking\n  above 1.5x cost block\n  because \"x\"\n}\n");
    says(&all, &["resolve", "chat"], "failover `f` leaves out `b/w` and `c/v` (too dear)");
    let chained = workspace(
        PLAIN,
        "",
        "preference rule p {\n  prefer c\n  because \"x\"\n}\nfailover f {\n  chain a/x -> b/w\n  because \"x\"\n}\n",
    );
    says(&chained, &["resolve", "chat"], "as `c/v` is on no chain of `f`");
    says(
        &workspace(PLAIN, "", FOLLOW),
        &["resolve", "chat", "--down", "b", "--down", "c"],
        "as nothing else that may serve it is up",
    );
}

/// Compiles a workspace, and asks the table.
#[track_caller]
fn table_says(folder: &TempDir, arguments: &[&str], wanted: &str) {
    let table = folder.path().join("table.json");
    let table = table.to_str().expect("a path");
    assert_eq!(status(&run(folder.path(), &["compile", "--as-of", "2026-11-25", "-o", table])), 0);
    says(folder, &[arguments, &["--table", table]].concat(), wanted);
}

#[test]
fn a_notice_that_is_sent_is_said() {
    let budget =
        "budget b1 {\n  limit 100 usd per month\n  at 80% notify\n  owner \"o\"\n  escalate \"e\"\n}\n";
    let folder = workspace(PLAIN, "", &format!("{budget}{FOLLOW}"));
    let left = ["resolve", "chat", "--budget-remaining", "10%"];
    let wanted = "; budget `b1` sends a notice; on an outage it goes to `b/w`";
    says(&folder, &left, wanted);
    table_says(&folder, &left, wanted);
    // Whose share it is is not known.
    let other = "budget b2 {\n  limit 100 usd per month\n  owner \"o\"\n  escalate \"e\"\n}\n";
    let short = FOLLOW.replace("follow ranking", "follow ranking\n  limit 1 hop");
    let folder = workspace(PLAIN, "", &format!("{budget}{other}{short}"));
    let wanted = "; a notice is sent if that budget is `b1`; on an outage";
    says(&folder, &left, wanted);
    table_says(&folder, &left, wanted);
}

#[test]
fn a_share_of_one_of_two_budgets_that_leads_elsewhere_is_told_of_the_table_too() {
    let budgets = "budget b1 {\n  limit 100 usd per month\n  at 100% throttle\n  owner \"o\"\n  escalate \"e\"\n}\nbudget b2 {\n  limit 50 usd per month\n  at 100% block\n  owner \"o\"\n  escalate \"e\"\n  within b1\n}\n";
    let rules = "cost rule save {\n  when budget.b2.remaining <= 10%\n  prefer cheapest\n  because \"save\"\n}\npreference rule best {\n  prefer c\n  because \"best\"\n}\n";
    let folder = workspace(PLAIN, "", &format!("{budgets}{rules}{FOLLOW}"));
    let left = |percent: &'static str| ["resolve", "chat", "--budget-remaining", percent];
    let wanted = "; if that budget is `b2`, it goes to `a/x`; on an outage";
    table_says(&folder, &left("10%"), wanted);
    says(&folder, &left("10%"), "; if that budget is `b2`, it goes to `a/x`");
    // What is throttled by that very budget goes elsewhere too.
    let throttled = budgets.replace("at 100% block", "at 90% throttle\n  at 100% block");
    let both = workspace(PLAIN, "", &format!("{throttled}{rules}{FOLLOW}"));
    let wanted = "; it is throttled if that budget is `b2`, and then goes to `a/x`";
    table_says(&both, &left("10%"), wanted);
    says(&both, &left("10%"), wanted);
    // What stops it goes nowhere.
    let wanted = "; it is blocked if that budget is `b2`, throttled if that budget is `b1`; on an outage";
    table_says(&folder, &left("0%"), wanted);
    let text = stdout(&run(folder.path(), &[&left("0%")[..], &["--as-of", "2026-11-25"]].concat()));
    assert!(
        text.contains("it is blocked if that budget is `b2`") && !text.contains("`b2`, it goes to"),
        "{text}"
    );
}

#[test]
fn what_is_stopped_one_way_or_another_says_by_which_budget() {
    let budgets = "budget b1 {\n  limit 100 usd per month\n  at 90% block\n  owner \"o\"\n  escalate \"e\"\n}\nbudget b2 {\n  limit 50 usd per month\n  at 90% queue\n  owner \"o\"\n  escalate \"e\"\n  within b1\n}\n";
    let folder = workspace(PLAIN, "", &format!("{budgets}{FOLLOW}"));
    let left = ["resolve", "chat", "--budget-remaining", "5%"];
    let wanted =
        " is blocked if that budget is `b1`, queued if that budget is `b2`; otherwise it would go to";
    says(&folder, &left, wanted);
    table_says(&folder, &left, wanted);
}

#[test]
fn what_goes_nowhere_is_not_throttled() {
    let budgets =
        "budget b1 {\n  limit 100 usd per month\n  at 90% throttle\n  owner \"o\"\n  escalate \"e\"\n}\n";
    let folder = workspace(PLAIN, "", &format!("{budgets}{FOLLOW}"));
    let left = ["resolve", "chat", "--budget-remaining", "5%", "--down", "a", "--down", "b", "--down", "c"];
    let wanted = " is blocked, as `a/x`, ";
    says(&folder, &left, wanted);
    table_says(&folder, &left, wanted);
    let text = stdout(&run(folder.path(), &[&left[..], &["--table", "table.json"]].concat()));
    assert!(!text.contains("throttled"), "{text}");
}

#[test]
fn a_budget_of_a_target_acts_where_the_target_would() {
    let policy = format!(
        "budget ob {{\n  on b\n  limit 10 usd per month\n  at 100% queue\n  owner \"o\"\n  escalate \"e\"\n}}\n{FOLLOW}"
    );
    let folder = workspace(PLAIN, "", &policy);
    let left = ["resolve", "chat", "--budget-remaining", "ob=0%"];
    says(&folder, &left, "on an outage it would go to `b/w` (twice the cost), but is queued by budget `ob`.");
    let full = [&left[..], &["-v"]].concat();
    says(&folder, &full, "+ b/w: target 1, 2 usd per 1m tokens, twice the cost, queued by budget `ob`");
    says(&folder, &full, "budget ob on b: 10 usd per month: queued at b/w");
    let table = folder.path().join("table.json");
    let table = table.to_str().expect("a path");
    assert_eq!(status(&run(folder.path(), &["compile", "--as-of", "2026-11-25", "-o", table])), 0);
    let of_table = [&left[..], &["--table", table]].concat();
    says(
        &folder,
        &of_table,
        "on an outage it would go to `b/w` (twice the cost), but is queued by budget `ob`",
    );
    says(&folder, &[&of_table[..], &["-v"]].concat(), "budget ob on b: 10 usd per month: queued at b/w");
    says(
        &folder,
        &["resolve", "chat", "--table", table, "--on", "content-filtered"],
        "as no failover statement covers that",
    );
}

#[test]
fn a_table_tells_of_notices_too() {
    let policy = format!(
        "budget b {{\n  limit 10 usd per month\n  at 80% notify \"o@example.com\"\n  owner \"o\"\n  escalate \"e\"\n}}\n{FOLLOW}"
    );
    let folder = workspace(PLAIN, "", &policy);
    let table = folder.path().join("table.json");
    let table = table.to_str().expect("a path");
    assert_eq!(status(&run(folder.path(), &["compile", "--as-of", "2026-11-25", "-o", table])), 0);
    let asked = ["resolve", "chat", "--budget-remaining", "10%", "-v"];
    says(&folder, &asked, "10 usd per month: let through with a notice");
    says(&folder, &[&asked[..], &["--table", table]].concat(), "10 usd per month: let through with a notice");
}

#[test]
fn the_way_of_failing_that_is_covered_is_the_one_that_is_named() {
    let folder = workspace(
        PLAIN,
        "",
        "failover f {\n  on timeout\n  follow ranking\n  then queue\n  because \"x\"\n}\n",
    );
    let wanted = "; on a timeout it goes to `b/w` (twice the cost), then `c/v` (3 times the cost), else queues; on a rate limit, a server error or unavailability it is blocked.";
    says(&folder, &["resolve", "chat"], wanted);
    // By the table it has two words more.
    let (first, _) = wanted.split_once("; on a rate limit").expect("the rest");
    table_says(&folder, &["resolve", "chat"], &format!("{first}; otherwise it is blocked."));
    let wanted = ", the first after `a/x`; if that is down too it goes to `c/v` (3 times the cost), else queues; that is on a timeout; on a server error or unavailability it is blocked.";
    says(&folder, &["resolve", "chat", "--down", "a"], wanted);
    says(&folder, &["resolve", "chat", "--on", "unavailable"], "When `a/x` is unavailable, an `internal`");
}

#[test]
fn what_is_not_stated_is_not_said_to_be_too_long_or_lacking() {
    let kept = ["", "", "    data_retention: 30-days\n    compliance: [gdpr]\n"];
    let retained = workspace(kept, ", retention_max: 30-days", FOLLOW);
    says(&retained, &["resolve", "chat"], "2 other approved models do not say how long they keep data");
    let certified = workspace(kept, ", compliance: [gdpr]", FOLLOW);
    says(&certified, &["resolve", "chat"], "2 other approved models state no certificate");
    let some = ["    data_retention: 60-days\n", "", "    data_retention: 30-days\n"];
    let mixed = workspace(some, ", retention_max: 30-days", FOLLOW);
    says(&mixed, &["resolve", "chat"], "2 other approved models keep data too long or do not say how long");
}

#[test]
fn one_reason_more_is_a_reason() {
    let policy = format!(
        "compliance rule r1 {{ require model.hosting == self-hosted because \"home\" }}\ncompliance rule r2 {{ require model.dpa == confirmed because \"paper\" }}\n{FOLLOW}"
    );
    says(&workspace(PLAIN, "", &policy), &["resolve", "chat"], "(and 1 more reason)");
}

#[test]
fn an_agreement_that_ended_is_not_said_to_be_pending_alone() {
    let more = ["    dpa: {status: confirmed, renews: 2026-11-24}\n", "    dpa: {status: confirmed}\n", ""];
    let policy =
        format!("compliance rule paper {{ require model.dpa == confirmed because \"x\" }}\n{FOLLOW}");
    let folder = workspace(more, "", &policy);
    let ended = "(`model.dpa` is `pending` since the agreement ended on 2026-11-24)";
    says(&folder, &["resolve", "chat", "--why-not", "a"], ended);
    says(&folder, &["resolve", "chat", "--why-not", "c"], "(`model.dpa` is not stated)");
}
