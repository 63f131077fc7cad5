//! Bounds of `diff` and of fixes, each passed: what was not tried or compared is said, and never taken for nothing.

use std::fs;
use std::path::Path;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_git::{commit, git};
use crate::hostile_limits::write;

fn model(name: &str, price: usize) -> String {
    format!(
        "      - {{name: {name}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
         cost_per_1m_tokens_input: {price}, cost_per_1m_tokens_output: 2}}\n"
    )
}

/// A workspace with these models and these statements, whose one use case is `chat`.
fn workspace(models: &str, policy: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let providers = format!(
        "providers:\n  alpha:\n    owner: o\n    models:\n{models}  beta:\n    owner: o\n    models:\n{}",
        model("b1", 9)
    );
    write(path, "registry/main.yaml", &providers);
    write(
        path,
        "estate/main.yaml",
        "use_cases:\n  - {name: chat, owner: o, data_classification: internal}\n",
    );
    write(path, "policies/main.gov", policy);
    folder
}

const STANDARD: &str = "failover standard {\n  follow ranking\n  because \"base\"\n}\n";

fn two() -> String {
    model("a1", 1) + &model("a2", 2)
}

/// What `diff` says of two workspaces, on both streams.
fn diff(old: &Path, new: &Path, more: &[&str]) -> (i32, String) {
    let mut govctl = govctl();
    govctl.arg("diff").arg(old).arg(new).args(more);
    let output = govctl.output().expect("govctl runs");
    (status(&output), stdout(&output) + &stderr(&output))
}

#[test]
fn promises_past_those_that_are_tried_are_named() {
    // Each alone leaves `alpha` out, so that none of them is missed unseen.
    let rule = |at| format!("compliance rule r{at} {{ require model.provider != alpha because \"x\" }}\n");
    let all: String = (0..60).map(rule).collect();
    let (old, new) = (workspace(&two(), &format!("{STANDARD}{all}")), workspace(&two(), STANDARD));
    let (status, text) = diff(old.path(), new.path(), &["--deny", "widened"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("10 promises are gone though no decision changes by it"), "{text}");
    assert!(
        text.contains("rule r59, require dropped") && !text.contains("rule r49, require dropped"),
        "{text}"
    );
}

#[test]
fn a_promise_that_is_not_tried_is_not_said_to_name_what_is_gone() {
    let many: String = (0..10_100).map(|at| model(&format!("m{at}"), 5)).collect();
    let rules = "compliance rule lost { forbid model.id == alpha/a2 because \"x\" }\n\
        compliance rule kept { forbid model.cost > 100 usd per 1m tokens because \"x\" }\n";
    let old = workspace(&(two() + &many), &format!("{STANDARD}{rules}"));
    let new = workspace(&(model("a1", 1) + &many), STANDARD);
    let (status, text) = diff(old.path(), new.path(), &["--deny", "widened"]);
    assert_eq!(status, 1, "{text}");
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let so = |rule: &str, so: &str| {
        text.split("gate loosened: ").any(|one| one.starts_with(rule) && one.contains(so))
    };
    assert!(
        so("rule `lost`", "it cannot be promised again, since something that it names is gone"),
        "{text}"
    );
    assert!(so("rule `kept`", "there is no time to find out what it changes"), "{text}");
}

#[test]
fn models_past_those_that_are_held_against_each_other_are_named() {
    let limited = |of: &str, at: usize| {
        let limit = format!("cost_per_1m_tokens_output: 2, max_daily_spend_usd: {}", 10_000 - at);
        model(&format!("{of}{at}"), 5).replace("cost_per_1m_tokens_output: 2", &limit)
    };
    let models = |of: &str| -> String { (0..450).map(|at| limited(of, at)).collect() };
    let (old, new) = (workspace(&models("a"), STANDARD), workspace(&models("b"), STANDARD));
    let (status, text) = diff(old.path(), new.path(), &["--deny", "widened"]);
    assert_eq!(status, 1, "{text}");
    let said = "new models of `alpha` may be held to less than those of it that are gone: there are too many to compare";
    assert!(text.split_whitespace().collect::<Vec<&str>>().join(" ").contains(said), "{text}");
}

#[test]
fn causes_past_those_that_are_tried_may_be_ones() {
    let facts: String = (0..5_100).map(|at| format!("fact f{at} in {{a}} default a\n")).collect();
    let policy = STANDARD.replace("ranking", "ranking\n  limit 30 hops") + &facts;
    let side = |price: fn(usize) -> usize| {
        let models: String = (0..40).map(|at| model(&format!("m{at}"), price(at))).collect();
        workspace(&models, &policy)
    };
    let (old, new) = (side(|at| 1 + at), side(|at| 1_000 - at));
    let (_, text) = diff(old.path(), new.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let causes = report["changes"][0]["causes"].as_array().expect("causes");
    assert_eq!(causes.len(), 20, "{text}");
    assert!(causes.iter().all(|cause| cause.to_string().contains("perhaps")), "{text}");
}

#[test]
fn use_cases_past_the_contexts_that_are_compared_are_not_taken_for_the_same() {
    let side = |names: [char; 2], more: usize| {
        let values = |name: char| {
            let all: Vec<String> = (0..35 + more).map(|at| format!("{name}{at}")).collect();
            format!("fact {name} in {{{}}} default {name}0\n", all.join(", "))
        };
        let rule = |name: char, at: usize| {
            format!(
                "compliance rule {name}{at} {{ when {name} == {name}{at} require model.tier != premium because \"x\" }}\n"
            )
        };
        let rules = |name: char| (1..35).map(|at| rule(name, at)).collect::<String>();
        let all: String = names.iter().map(|name| values(*name) + &rules(*name)).collect();
        workspace(&two(), &format!("{STANDARD}{all}"))
    };
    let (old, new) = (side(['p', 'q'], 0), side(['r', 's'], 1));
    let (status, text) = diff(old.path(), new.path(), &["--deny", "widened"]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("note: `chat` is not compared: both sides together have too many contexts"),
        "{text}"
    );
    assert!(text.contains("; 1 use case that is not compared"), "{text}");
}

#[test]
fn use_cases_past_the_decisions_that_are_held_against_each_other_are_not_taken_for_the_same() {
    // Each side knows eight facts that the other does not, and every combination is a decision of its own.
    let side = |name: char| {
        let models: String = (0..9).map(|at| model(&format!("m{at}"), at + 1)).collect();
        let rule = |at: usize| {
            format!(
                "fact {name}{at} in {{{name}no, {name}yes}} default {name}no\n\
                 compliance rule {name}{at} {{ when {name}{at} == {name}yes require model.id != alpha/m{at} because \"x\" }}\n"
            )
        };
        let all: String = (0..8).map(rule).collect();
        workspace(&models, &(STANDARD.replace("ranking", "ranking\n  limit 30 hops") + &all))
    };
    let (old, new) = (side('p'), side('q'));
    let (status, text) = diff(old.path(), new.path(), &["--deny", "widened"]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("note: `chat` is not compared: both sides together have too many contexts"),
        "{text}"
    );
    assert!(text.contains("; 1 use case that is not compared"), "{text}");
}

#[test]
fn a_commit_past_its_size_is_not_read() {
    let folder = workspace(&two(), STANDARD);
    git(folder.path(), &["init", "-q"]);
    commit(folder.path(), "base");
    let message = folder.path().join("message");
    fs::write(&message, "x".repeat(16 * 1024 * 1024)).expect("write");
    git(folder.path(), &["commit", "-q", "--allow-empty", "-F", message.to_str().expect("a path")]);
    let mut govctl = govctl();
    govctl.current_dir(folder.path()).args(["diff", "git:HEAD"]);
    let output = govctl.output().expect("govctl runs");
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("is too large"), "{}", stderr(&output));
}

#[test]
fn fixes_past_those_that_are_tried_are_said_to_be_left() {
    let rules = |count: usize, when: &str| -> String {
        let rule = |at| format!("cost rule r{at} {{ when {when} prefer cheapest because \"x\" }}\n");
        (0..count).map(rule).collect()
    };
    let said = |policies: &[String]| {
        let folder = workspace(&two(), STANDARD);
        for (at, policy) in policies.iter().enumerate() {
            write(folder.path(), &format!("policies/more-{at}.gov"), policy);
        }
        let mut govctl = govctl();
        govctl.current_dir(folder.path()).args(["check", "--fix", "--unsafe"]);
        let text = stdout(&govctl.output().expect("govctl runs"));
        text.lines().last().expect("a summary").to_owned()
    };
    let rest = "; there are too many fixes to try each of them";
    // Each shows more that is wrong than it mends, so that none is made.
    let slips = rules(30, "use_csae in [nobody, nothing, nowhere]");
    assert_eq!(said(std::slice::from_ref(&slips)), "fixed 0 findings, 30 left");
    let files: Vec<String> = (0..4).map(|at| slips.replace("rule r", &format!("rule of{at}-"))).collect();
    assert_eq!(said(&files), format!("fixed 0 findings, 120 left{rest}"));
    // The same with few, where each reading takes long.
    let large = slips + &"# nothing\n".repeat(60_000);
    assert_eq!(said(&[large]), format!("fixed 0 findings, 30 left{rest}"));
    // Each is mended in a round of its own, since together they show names that nobody knows.
    let many = said(&[rules(30, "use_case = caht")]);
    assert!(many.starts_with("fixed 20 findings, ") && many.ends_with(rest), "{many}");
}

#[test]
fn a_folder_past_what_is_looked_at_is_no_workspace() {
    let folder = tempfile::tempdir().expect("a folder");
    for at in 0..10_001 {
        fs::write(folder.path().join(format!("{at}.txt")), "").expect("write");
    }
    let output = govctl().current_dir(folder.path()).arg("check").output().expect("govctl runs");
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("is not a workspace"), "{}", stderr(&output));
}

#[test]
fn contexts_past_the_greatest_number_are_at_least_so_many() {
    let facts: String = (0..70).map(|at| format!("fact f{at} in {{a, b}} default a\n")).collect();
    let wish = "cost rule r {\n  prefer beta\n  because \"x\"\n}\n";
    let old = workspace(&two(), &format!("{STANDARD}{facts}"));
    let new = workspace(&two(), &format!("{STANDARD}{facts}{wish}"));
    let (_, text) = diff(old.path(), new.path(), &[]);
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let all = "at least 18,446,744,073,709,551,615";
    assert!(text.contains(&format!("{all} contexts of 1 use case compared")), "{text}");
    assert!(text.contains(&format!("in {all} of {all} contexts")), "{text}");
    let (_, text) = diff(old.path(), new.path(), &["--format", "markdown"]);
    let all = "at least 18446744073709551615";
    assert!(text.contains(&format!("| {all} of {all} |")), "{text}");
}
