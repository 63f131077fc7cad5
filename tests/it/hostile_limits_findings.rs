//! Bounds of what findings name and look into, passed.

use crate::bundle::{status, stderr, stdout};
use crate::hostile_limits::{ESTATE, REGISTRY, run, workspace, write};

#[test]
fn use_cases_past_those_that_are_named_are_counted() {
    let folder = workspace();
    let use_case = |at| format!("  - {{name: case-{at}, owner: o, data_classification: internal}}\n");
    let guarantee = |at| {
        format!("guarantee g{at} {{\n  never model.input_cost <= 9 usd per 1m tokens\n  because \"x\"\n}}\n")
    };
    write(
        folder.path(),
        "estate/main.yaml",
        &format!("use_cases:\n{}", (0..300).map(use_case).collect::<String>()),
    );
    write(folder.path(), "policies/promises.gov", &(0..340).map(guarantee).collect::<String>());
    let text = stdout(&run(folder.path(), &["check", "--format", "json"]));
    assert!(text.contains("it concerns 200 more use cases, which are not named"), "{}", text.len());
    assert!(text.contains("it concerns 299 more use cases, which are not named"), "{}", text.len());
}

#[test]
fn endings_past_those_that_are_tried_say_so() {
    let folder = workspace();
    let provider = |at| {
        let model = REGISTRY.split("    models:\n").nth(1).expect("models");
        format!(
            "  p{at}:\n    owner: o\n    compliance: [{{name: soc2, expires: 2026-12-01}}]\n    models:\n{model}"
        )
    };
    write(
        folder.path(),
        "registry/main.yaml",
        &format!("providers:\n{}", (0..150).map(provider).collect::<String>()),
    );
    write(
        folder.path(),
        "estate/main.yaml",
        &ESTATE.replace("owner: o\n", "owner: o\n    compliance: [soc2]\n"),
    );
    let text = stdout(&run(folder.path(), &["check", "--format", "json", "--as-of", "2026-11-21"]));
    assert!(text.contains("too much ends to decide again without each"), "{text}");
}

#[test]
fn wishes_past_those_that_are_looked_into_are_named_without_a_reason() {
    let folder = workspace();
    let model = |at| {
        format!(
            "      - {{name: m{at}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
             cost_per_1m_tokens_input: {at}, cost_per_1m_tokens_output: 2}}\n"
        )
    };
    let use_case =
        |at| format!("  - {{name: u{at}, owner: o, data_classification: internal, team: t{at}}}\n");
    let rule =
        |at| format!("cost rule r{at} {{\n  when team == t{at}\n  prefer alpha\n  because \"x\"\n}}\n");
    let models: String = (0..300).map(model).collect();
    write(
        folder.path(),
        "registry/main.yaml",
        &format!("providers:\n  alpha:\n    owner: o\n    models:\n{models}"),
    );
    write(
        folder.path(),
        "estate/main.yaml",
        &format!("use_cases:\n{}", (0..700).map(use_case).collect::<String>()),
    );
    write(folder.path(), "policies/wishes.gov", &(0..700).map(rule).collect::<String>());
    let text = stdout(&run(folder.path(), &["check", "--format", "json", "--all-findings"]));
    assert!(text.contains("there are too many rules like it to say why"), "{}", text.len());
    assert_eq!(text.matches("changes no decision").count(), 700);
}

fn use_cases(n: usize, volume: &str) -> String {
    let one =
        |at| format!("  - {{name: u{at}, owner: o, data_classification: internal, team: t{at}{volume}}}\n");
    format!("use_cases:\n{}", (0..n).map(one).collect::<String>())
}

const VOLUME: &str = ", expected_monthly: {input_tokens: 1000, output_tokens: 1000}";

#[test]
fn sums_past_those_that_are_shown_are_counted() {
    let folder = workspace();
    let budget = |at| format!("budget b{at:03} {{\n  per team\n  limit 0 usd per day\n}}\n");
    write(folder.path(), "estate/main.yaml", &use_cases(110, VOLUME));
    write(folder.path(), "policies/budgets.gov", &(0..110).map(budget).collect::<String>());
    let text = stdout(&run(folder.path(), &["check", "--format", "json"]));
    assert!(text.contains("10 more sums that exceed it are not shown"), "{}", text.len());
    assert!(text.contains("109 more sums that exceed it are not shown"), "{}", text.len());
}

#[test]
fn forecasts_past_those_that_are_added_up_say_so() {
    let folder = workspace();
    let budget =
        |at| format!("budget b{at:03} {{\n  when use_case != u{at}\n  per team\n  limit 0 usd per day\n}}\n");
    write(folder.path(), "estate/main.yaml", &use_cases(460, VOLUME));
    write(folder.path(), "policies/budgets.gov", &(0..460).map(budget).collect::<String>());
    let text = stdout(&run(folder.path(), &["check", "--format", "json"]));
    for said in [
        "the expected cost of the budget `b435` is not added up",
        "25 budgets have no forecast, starting with this one: the budgets before it, by name, already cover 200000 use \
         cases",
    ] {
        assert!(text.contains(said), "{}", text.len());
    }
}

#[test]
fn statements_asked_in_too_many_contexts_are_a_finding() {
    let folder = workspace();
    let listed = (0..1000).map(|at| format!("v{at}")).collect::<Vec<String>>().join(", ");
    let rule = |at| format!("cost rule r{at} {{\n  when f == v{at}\n  prefer alpha\n  because \"x\"\n}}\n");
    write(folder.path(), "estate/main.yaml", &use_cases(50, ""));
    write(
        folder.path(),
        "policies/wishes.gov",
        &(format!("fact f in {{{listed}}} default v0\n") + &(0..500).map(rule).collect::<String>()),
    );
    let text = stdout(&run(folder.path(), &["check", "--all-findings"]));
    for said in [
        "more than 5,000,000 statements are to be asked in the contexts of all use cases",
        "estate/main.yaml:",
        "contexts that have to be decided apart, and in each 501 statements may hold",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

/// Two facts of so many values, each compared with one of them.
fn two_facts(values: usize, statement: impl Fn(&str) -> String) -> String {
    let listed = (0..values).map(|at| format!("v{at}")).collect::<Vec<String>>().join(", ");
    let one = |name: &str| format!("fact {name} in {{{listed}}} default v0\n{}\n", statement(name));
    one("f") + &one("g")
}

fn rule(fact: &str) -> String {
    format!(
        "compliance rule of-{fact} {{\n  when {fact} == v1\n  forbid model.context_window < 1\n  because \"x\"\n}}"
    )
}

#[test]
fn contexts_that_are_decided_alike_are_not_too_many() {
    let folder = workspace();
    let guarantee = |fact: &str| {
        format!(
            "guarantee {fact} {{\n  for {fact} == v1\n  never model.data_classification_max == public\n  because \"x\"\n}}"
        )
    };
    for (policy, is_refused) in
        [(two_facts(4000, guarantee), false), (two_facts(600, rule), false), (two_facts(750, rule), true)]
    {
        write(folder.path(), "policies/more.gov", &policy);
        let output = run(folder.path(), &["check"]);
        let text = stdout(&output);
        assert_eq!(text.contains("too-many-contexts"), is_refused, "{text}");
        let compiled = run(folder.path(), &["compile", "-o", "table.json"]);
        assert_eq!(status(&compiled), i32::from(is_refused), "{}{}", stdout(&compiled), stderr(&compiled));
    }
}

#[test]
fn cells_past_those_of_a_table_are_findings() {
    let folder = workspace();
    write(folder.path(), "policies/more.gov", &two_facts(750, rule));
    let text = stdout(&run(folder.path(), &["check"]));
    for said in [
        "`chat` would take more than 500,000 cells in the decision table",
        "`f` multiplies by 750: read by `rule of-f`",
        "give these facts fewer values",
    ] {
        assert!(text.contains(said), "{text}");
    }
    write(folder.path(), "policies/more.gov", &two_facts(700, rule));
    write(folder.path(), "estate/main.yaml", &use_cases(21, ""));
    let text = stdout(&run(folder.path(), &["check"]));
    for said in [
        "the decision table would have more than 10,000,000 cells for all use cases",
        "cells up to this use case, in the order of names",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn sets_of_conflicting_statements_past_those_that_are_named_are_counted() {
    let folder = workspace();
    let facts: String = (0..10).map(|at| format!("fact x{at} in {{a, b}} default a\n")).collect();
    let failover =
        |at| format!("failover f{at} {{\n  when x{at} == a\n  follow ranking\n  because \"x\"\n}}\n");
    let rule =
        |at| format!("cost rule r{at} {{\n  when x{at} == a\n  prefer cheapest\n  because \"x\"\n}}\n");
    // A thousand sets of two to ten of them, each met in some context.
    for (policy, code) in [
        ((0..10).map(failover).collect::<String>(), "ambiguous-failover"),
        ((0..10).map(rule).collect::<String>(), "ambiguous-preference"),
    ] {
        write(folder.path(), "policies/main.gov", &format!("{facts}{policy}"));
        let text = stdout(&run(folder.path(), &["check", "--format", "json"]));
        assert_eq!(text.matches(&format!("\"{code}\"")).count(), 500);
        assert!(text.contains("there are at least 500 sets like this: not all are named"));
    }
}
