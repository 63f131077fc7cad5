//! Policies that are deep, wide, or mean more contexts than can be decided.

use super::{POLICY, refused, status, stdout, survives, with};

#[test]
fn deep_nesting_of_a_policy_is_refused() {
    let n = 100_000;
    let rule = |expression: &str| format!("compliance rule deep {{\n  when {expression}\n}}\n");
    for text in [
        "(".repeat(n),
        rule(&"(".repeat(n)),
        rule(&("(".repeat(n) + "regulated_output" + &")".repeat(n))),
        rule(&("not ".repeat(n) + "regulated_output")),
        rule(&("team in [".repeat(n))),
        "rule a { ".repeat(n),
        "{".repeat(n),
        "[".repeat(n),
        "\"".repeat(n),
        "}".repeat(n),
        "compliance rule ".repeat(n),
        "a ".repeat(n),
    ] {
        refused("policies/main.gov", text.as_bytes());
    }
}

#[test]
fn wide_policies_are_survived() {
    let n = 20_000;
    let joined = |word: &str| vec!["regulated_output"; n].join(word);
    survives(
        with(
            "policies/main.gov",
            format!("compliance rule wide {{ when {} because \"a\" }}", joined(" and ")).as_bytes(),
        )
        .path(),
    );
    survives(
        with(
            "policies/main.gov",
            format!("compliance rule wide {{ when {} because \"a\" }}", joined(" or ")).as_bytes(),
        )
        .path(),
    );
    let names: Vec<String> = (0..n).map(|n| format!("n{n}")).collect();
    survives(with("policies/main.gov", format!("data {}\n{POLICY}", names.join(", ")).as_bytes()).path());
    survives(
        with(
            "policies/main.gov",
            format!("fact f in {{{}}} default n0\n{POLICY}", names.join(", ")).as_bytes(),
        )
        .path(),
    );
}

#[test]
fn too_many_contexts_are_refused() {
    let values: Vec<String> = (0..100).map(|n| format!("v{n}")).collect();
    let facts: String =
        (0..10).map(|n| format!("fact f{n} in {{ {} }} default v0\n", values.join(", "))).collect();
    // What no statement reads multiplies nothing.
    let reads: Vec<String> = (0..10).map(|n| format!("f{n} == v1")).collect();
    let reads = format!("cost rule reads {{ when {} prefer cheapest because \"a\" }}\n", reads.join(" or "));
    refused_somewhere(&(facts + &reads + POLICY));
    let bands: Vec<String> = (0..500).map(|n| format!("budget.remaining < {}.{}%", n / 10, n % 10)).collect();
    let rule =
        format!("cost rule many {{ when {} prefer cheapest because \"a\" }}\n{POLICY}", bands.join(" or "));
    survives(with("policies/main.gov", rule.as_bytes()).path());
}

#[track_caller]
fn refused_somewhere(policy: &str) {
    let output = survives(with("policies/main.gov", policy.as_bytes()).path());
    assert_eq!(status(&output), 1, "{}", stdout(&output));
}
