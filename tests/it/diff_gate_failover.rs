//! What failover holds its targets to cannot be dropped by another name, by another statement or on a later day.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  cloud:
    hosting: cloud
    owner: b@example.com
    compliance: [soc2, gdpr]
    models:
      - {name: c1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 6}
      - {name: c2, approved_use_cases: [chat], data_classification_max: internal, compliance: [gdpr], cost_per_1m_tokens_input: 4, cost_per_1m_tokens_output: 8}
";
const ESTATE: &str = "use_cases:
  - {name: chat, owner: chat@example.com, data_classification: internal}
  - {name: clinic, endpoint_tag: ward.note, owner: clinic@example.com, data_classification: restricted}
";
const STANDARD: &str = "failover standard {
  follow  ranking
  limit   3 hops
  match   compliance
  because \"base\"
}
";
const SPECIAL: &str = "failover s2 { when use_case == chat follow ranking limit 3 hops because \"x\" }\n";

fn make(folder: &Path, policy: &str) {
    let files =
        [("registry/main.yaml", REGISTRY), ("estate/main.yaml", ESTATE), ("policies/main.gov", policy)];
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("write");
    }
}

fn gate(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    let day = ["--as-of", "2026-11-21", "--deny", "widened"];
    govctl.current_dir(folder).args(["diff", "old", "new"]).args(day).args(arguments);
    govctl.output().expect("govctl runs")
}

fn sides(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    make(&folder.path().join("old"), old);
    make(&folder.path().join("new"), new);
    folder
}

#[track_caller]
fn loosened(old: &str, new: &str, said: &str) {
    let folder = sides(old, new);
    denied(&gate(folder.path(), &[]), &format!("gate loosened: {said}"));
}

#[track_caller]
fn passes(old: &str, new: &str) {
    let output = gate(sides(old, new).path(), &[]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

fn without_match(policy: &str) -> String {
    policy.replace("  match   compliance\n", "")
}

#[test]
fn whoever_leads_instead_asks_as_much() {
    let renamed = STANDARD.replace("failover standard", "failover std");
    loosened(
        STANDARD,
        &without_match(&renamed),
        "failover of `chat` and `clinic` no longer matches `compliance` (was `standard`, is `std`)",
    );
    let of_chat = "failover of `chat` no longer matches `compliance` (was `standard`, is `s2`)";
    loosened(STANDARD, &format!("{STANDARD}{SPECIAL}"), of_chat);
    let rest = "failover s1 { when use_case == clinic follow ranking limit 3 hops match compliance because \"x\" }\n";
    loosened(STANDARD, &format!("{SPECIAL}{rest}"), of_chat);
    loosened(
        STANDARD,
        &format!(
            "{STANDARD}failover other {{ on timeout follow ranking overrides standard because \"x\" }}\n"
        ),
        "failover of `chat` and `clinic` on `timeout` no longer matches `compliance` (was `standard`, is `other`)",
    );
    // By its own name it is said once.
    let folder = sides(STANDARD, &without_match(STANDARD));
    let output = gate(folder.path(), &[]);
    denied(&output, "gate loosened: failover `standard` no longer matches `compliance`");
    assert!(!stdout(&output).contains("failover of"), "{}", stdout(&output));
}

#[test]
fn another_name_or_another_statement_that_asks_as_much_loosens_nothing() {
    let renamed = STANDARD.replace("failover standard", "failover std");
    passes(STANDARD, &renamed);
    let matching = SPECIAL.replace("because", "match compliance because");
    passes(STANDARD, &format!("{STANDARD}{matching}"));
    passes(STANDARD, &format!("{STANDARD}{}", matching.replace("compliance", "retention, compliance")));
    passes(STANDARD, &format!("{STANDARD}failover s2 {{ when use_case == chat none because \"x\" }}\n"));
    // What was asked of nobody is not missed.
    passes(&without_match(STANDARD), &format!("{}{SPECIAL}", without_match(STANDARD)));
}

#[test]
fn an_acceptance_is_of_these_use_cases_and_this_statement() {
    let folder = sides(STANDARD, &format!("{STANDARD}{SPECIAL}"));
    let accepted = stdout(&gate(folder.path(), &["--write-accept"]));
    let held = |new: &str| {
        let folder = sides(STANDARD, new);
        fs::write(folder.path().join("accepted.yaml"), &accepted).expect("write");
        gate(folder.path(), &["--accept", "accepted.yaml"])
    };
    let output = held(&format!("{STANDARD}{SPECIAL}"));
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let more = SPECIAL.replace("when use_case == chat ", "overrides standard ");
    denied(&held(&format!("{STANDARD}{more}")), "failover of `chat` and `clinic` no longer matches");
}

#[test]
fn a_later_day_is_asked_today() {
    let later = SPECIAL.replace("s2", "later").replace("because", "from 2027-06-01 because");
    let matching = later.replace("from", "match compliance from");
    let (old, from) = (format!("{STANDARD}{matching}"), "from 2027-06-01, when failover");
    let by = |name: &str| format!("(was `later`, is `{name}`)");
    let lost = "failover of `chat` no longer matches `compliance`";
    loosened(&old, &format!("{STANDARD}{later}"), &format!("{from} `later` begins, {lost} (by `later`)"));
    let renamed = later.replace("later", "later2");
    loosened(
        &old,
        &format!("{STANDARD}{renamed}"),
        &format!("{from} `later2` begins, {lost} {}", by("later2")),
    );
    loosened(
        STANDARD,
        &format!("{STANDARD}{later}"),
        &format!("{from} `later` begins, {lost} (was `standard`, is `later`)"),
    );
    passes(STANDARD, &old);
    passes(&old, &format!("{STANDARD}{}", matching.replace("later", "later2")));
}

const NONE: &str = "failover standard {\n  none\n  because \"base\"\n}\n";

#[test]
fn failover_that_is_new_for_sensitive_data_is_held_to_something() {
    let following = without_match(STANDARD).replace("  because", "  match   hosting\n  because");
    let is_new = "is new and does not match `classification` and `compliance`: nothing could follow before";
    let of_both = format!("failover of `chat` and `clinic` {is_new} (by `standard`)");
    // In two steps as in one.
    passes(
        STANDARD,
        &format!(
            "{STANDARD}{}",
            NONE.replace("standard", "stop").replace("  none", "  overrides standard\n  none")
        ),
    );
    loosened(NONE, &following, &of_both);
    loosened(NONE, &without_match(STANDARD), &of_both);
    let budget = "budget b { limit 5 usd per month }\n";
    loosened(
        budget,
        &format!("{budget}{}", without_match(STANDARD)),
        &format!("failover of `chat` and `clinic` {is_new} (by `standard`, where there was none)"),
    );
    loosened(
        NONE,
        &format!("{NONE}{SPECIAL}"),
        &format!("failover of `chat` {is_new} (was `standard`, is `s2`)"),
    );
    loosened(
        NONE,
        STANDARD,
        "failover of `chat` and `clinic` is new and does not match `classification`: nothing",
    );
    passes(NONE, &STANDARD.replace("compliance", "compliance, classification"));
    let later = without_match(STANDARD)
        .replace("standard", "later")
        .replace("  follow", "  from 2027-06-01\n  overrides standard\n  follow");
    loosened(
        NONE,
        &format!("{NONE}{later}"),
        &format!(
            "from 2027-06-01, when failover `later` begins, failover of `chat` and `clinic` {is_new} (was `standard`, is `later`)"
        ),
    );
    // On other triggers as much is asked as on those on which something could follow.
    let filtered = "failover filtered { on content-filtered follow ranking because \"x\" }\n";
    loosened(
        STANDARD,
        &format!("{STANDARD}{filtered}"),
        "failover of `chat` and `clinic` on `content-filtered` is new and does not match `compliance`: nothing could follow before (by `filtered`, where there was none)",
    );
    passes(&without_match(STANDARD), &format!("{}{filtered}", without_match(STANDARD)));
    let folder = sides(NONE, &following);
    let accepted = stdout(&gate(folder.path(), &["--write-accept"]));
    fs::write(folder.path().join("accepted.yaml"), accepted).expect("write");
    assert_eq!(status(&gate(folder.path(), &["--accept", "accepted.yaml"])), 0);
}

#[test]
fn failover_that_is_new_for_what_anybody_may_see_asks_for_nothing() {
    let order = "classifications internal < restricted\n";
    let chat = |policy: &str| {
        format!("{order}{}", policy.replace("  because", "  when use_case == chat\n  because"))
    };
    passes(&chat(NONE), &chat(&without_match(STANDARD)));
}
