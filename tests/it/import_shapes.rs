//! `govctl import governance` where a section has another shape than the published one: nothing weaker comes of it.

use crate::bundle::{json, run, status, stderr, stdout};
use crate::import::{imported, notes, read};

const PROVIDERS: &str = "  providers:
    acme:
      models:
        - {name: a, data_classification_max: internal, approved_use_cases: [x], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
";

/// The report of a document with these sections, and where its result lies.
fn report(sections: &str) -> (tempfile::TempDir, std::path::PathBuf, serde_json::Value) {
    let (folder, out, output) = imported("governance", &format!("governance:\n{PROVIDERS}{sections}"));
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    (folder, out, json(&output))
}

#[track_caller]
fn has(notes: &[String], expected: &str) {
    assert!(notes.iter().any(|note| note == expected), "{expected}\n{notes:#?}");
}

#[test]
fn a_list_of_failover_policies_keeps_what_a_map_would() {
    let (_folder, out, report) = report(
        "  failover_policies:
    - require_compliance_match: true
      max_failover_cost_multiplier: 2
    - require_data_classification_match: true
      max_failover_cost_multiplier: 3
",
    );
    let policy = read(out.join("policies/failover.gov"));
    for clause in ["match  compliance, classification\n", "above  2x cost throttle\n"] {
        assert!(policy.contains(clause), "{clause}: {policy}");
    }
    has(
        &notes(&report, "read"),
        "7: `failover_policies` as one map: it is a list, and what its entries say holds together",
    );
    let left = notes(&report, "left");
    has(&left, "10: `max_failover_cost_multiplier: 3`: an entry before it says `2`, which counts");
    // What follows and asks for less than the first, or cannot be read, may narrow what the first allows.
    for (entry, weaker) in [
        ("strict", "`strict`"),
        ("max_failover_cost_multiplier: 1.5", "the second `max_failover_cost_multiplier`"),
    ] {
        let (_folder, out, report) = self::report(&format!(
            "  failover_policies:\n    - {{max_failover_cost_multiplier: 2}}\n    - {entry}\n"
        ));
        assert!(!out.join("policies/failover.gov").exists(), "{entry}");
        let left = notes(&report, "left");
        let said = format!("no failover is written, since one without {weaker} may go");
        assert!(left.iter().any(|note| note.contains(&said)), "{entry}: {left:#?}");
    }
}

#[test]
fn a_section_that_says_nothing_that_can_be_read_is_named_and_not_written() {
    let (_folder, out, report) = report("  routing_policies: none\n  failover_policies: [strict]\n");
    let left = notes(&report, "left");
    has(&left, "6: `routing_policies`: it is a text, `none`, and no list of rules");
    has(&left, "7: `failover_policies`: it is a list, `[strict]`, and says nothing that can be read");
    assert!(!out.join("policies/failover.gov").exists(), "a failover that keeps nothing is none");
}

#[test]
fn a_map_of_rules_has_their_names() {
    let (_folder, out, report) = report(
        "  routing_policies:
    secret things:
      rule: \"data_classification == 'restricted'\"
      action: block
    other: 5
",
    );
    let policy = read(out.join("policies/routing.gov"));
    assert!(policy.contains("compliance rule secret-things {"), "{policy}");
    has(&notes(&report, "left"), "10: a rule that is a number, `5`, and no map");
    let (_folder, out, _) = self::report("  routing_policies: {rule: \"team == 'x'\", action: block}\n");
    let policy = read(out.join("policies/routing.gov"));
    assert!(policy.contains("team == x"), "{policy}");
}

#[test]
fn a_list_of_providers_is_read_by_their_names() {
    let text = "\
governance:
  providers:
    - name: acme
      owner: somebody
      models:
        - {name: a, data_classification_max: internal, cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
    - owner: nobody
    - {name: acme, owner: other}
";
    let (_folder, out, output) = imported("governance", text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let registry = read(out.join("registry/providers.yaml"));
    assert!(registry.contains("  acme:\n    owner: somebody\n    models:\n      - name: a\n"), "{registry}");
    let left = notes(&json(&output), "left");
    has(&left, "7: an entry of `providers` that does not say what it is called");
    has(&left, "8: `acme` stands in `providers` again: the first entry counts");
    for (written, is) in [("[5]", "a list in which nothing has a name"), ("open", "a text and names none")] {
        let (_folder, _, output) = imported("governance", &format!("providers: {written}\n"));
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).contains(&format!("its `providers` is {is}")), "{}", stderr(&output));
    }
}

#[test]
fn a_rule_for_every_request_is_said_to_be_one() {
    let (_folder, out, report) = report(
        "  routing_policies:
    - {action: block, reason: r}
    - {rule: \"\", action: prefer_acme, reason: r}
    - {rule: \"team == 'x'\", action: [block, prefer_acme], reason: r}
    - {rule: \"cost_budget_remaining < 120_percent\", action: block, reason: r}
",
    );
    let read_as = notes(&report, "read");
    has(&read_as, "7: a rule without a condition, `block`, as one for every request");
    has(&read_as, "8: a rule without a condition, `prefer_acme`, as one for every request");
    let left = notes(&report, "left");
    has(&left, "9: the rule `team == 'x'`: its action is a list, `[block, prefer_acme]`, and no text");
    has(
        &left,
        "10: the rule `cost_budget_remaining < 120_percent`: `120%` is more than the whole of a budget",
    );
    let check = stdout(&run(&out, &["check", "--format", "json"]));
    assert!(!check.contains("\"syntax\""), "{check}");
}

#[test]
fn a_list_of_fallbacks_and_a_truth_written_as_text_are_read() {
    let (_folder, out, report) = report(
        "    other:
      models:
        - {name: b, data_classification_max: internal, approved_use_cases: [x], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
  routing_policies:
    - {rule: \"use_case == 'x'\", action: prefer_acme, fallback: [other, nobody, b], reason: r}
    - {rule: \"team == 'y'\", action: route_to_acme, fallback: [], reason: r}
    - {rule: \"team == 'z'\", action: block, enabled: \"false\", reason: r}
    - {rule: \"team == 'z'\", action: block, enabled: \"True\", reason: r}
  failover_policies:
    require_compliance_match: \"True\"
    require_data_classification_match: \"true\"
    require_residency_match: \"false\"
",
    );
    let left = notes(&report, "left");
    has(&left, "10: `fallback: nobody`: no provider or model has that name");
    has(&left, "12: the rule `team == 'z'`: it is switched off by `enabled: false`");
    assert_eq!(left.len(), 2, "{left:#?}");
    has(&notes(&report, "read"), "16: `require_data_classification_match` as true: it is written as a text");
    let routing = read(out.join("policies/routing.gov"));
    assert!(routing.contains("prefer  acme, other, \"other/b\""), "{routing}");
    assert!(routing.contains("require model.provider == acme"), "{routing}");
    let failover = read(out.join("policies/failover.gov"));
    assert!(failover.contains("match  compliance, classification\n"), "{failover}");
}

#[test]
fn a_key_that_is_not_carried_over_is_not_in_the_result() {
    let text = "governance:
  providers:
    acme:
      base_url: https://api.acme.example/v1
      hosting: cloud
      models:
        - {name: a, data_classification_max: internal, rpm: 9, approved_use_cases: [x], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1, max_tokens: 5, zeta: 1}
        - {data_classification_max: public}
  routing_policies:
    - {rule: \"\", action: block}
";
    let (_folder, out, output) = imported("governance", text);
    let left = notes(&json(&output), "left");
    for key in [
        "4: there is no key `base_url` here",
        "7: there is no key `rpm` here",
        "7: there is no key `max_tokens` here",
        "8: a model of `acme` without a name",
    ] {
        has(&left, key);
    }
    let stated = notes(&json(&output), "state");
    has(&stated, "10: a reason for the rule without a condition");
    assert!(!stdout(&output).contains("``"), "{}", stdout(&output));
    let check = stdout(&run(&out, &["check"]));
    assert!(!check.contains("there is no key"), "{check}");
    assert!(read(out.join("registry/providers.yaml")).contains("hosting: cloud"));
}

#[test]
fn a_failover_that_is_switched_off_is_not_written() {
    let (_folder, out, report) =
        report("  failover_policies: {enabled: \"False\", require_compliance_match: true}\n");
    assert!(!out.join("policies/failover.gov").exists());
    has(
        &notes(&report, "left"),
        "6: `failover_policies`: it is switched off by `enabled: false`, so no failover is written; switched on, it says what stands there",
    );
    let (_folder, out, report) = self::report(
        "  failover_policies: {enabled: true, failover: \"yes\", disable_failover: false, require_compliance_match: true}\n",
    );
    assert!(read(out.join("policies/failover.gov")).contains("match  compliance\n"));
    assert!(notes(&report, "left").is_empty(), "{report}");
    for switch in [
        "disable_failover: true",
        "forbid_failover: true",
        "failover: false",
        "failover_enabled: false",
        "no_failover: true",
    ] {
        let (_folder, out, report) =
            self::report(&format!("  failover_policies: {{require_compliance_match: true, {switch}}}\n"));
        assert!(!out.join("policies/failover.gov").exists(), "{switch}");
        let said = format!(
            "6: `failover_policies`: it is switched off by `{switch}`, so no failover is written; switched on, it says what stands there"
        );
        has(&notes(&report, "left"), &said);
    }
}

#[test]
fn of_an_article_the_document_in_it_is_to_be_saved_alone() {
    let article =
        "An Article: About Much\n\n  • A point\n\nWhen: this: and: that\n\ngovernance:\n  providers: {}\n";
    let (_folder, _out, output) = imported("governance", article);
    assert_eq!(status(&output), 2);
    let said = stderr(&output);
    let help = "help: a document begins with `governance:` on line 7: save that part alone as a file, without the text around it, and import that";
    assert!(said.contains(help), "{said}");
}

#[test]
fn no_failover_is_written_in_the_place_of_one_that_is_not_understood() {
    for (key, is_written) in [
        ("require_compliance_match: yes", true),
        ("require_compliance_match: \"on\"", true),
        ("max_failover_cost_multiplier: \"3x\"", true),
        ("log_failover_as: \"x\\n\"", true),
        ("require_data_classification_match: 1", false),
        ("max_failover_cost_multiplier: dear", false),
        ("require_moon_match: true", false),
        ("no_failover_for: [hr]", false),
        ("allowed_providers: [acme]", false),
        ("only_within_region: true", false),
        ("same_region_required: true", false),
        ("forbid_cloud: true", false),
        ("maximum_failover_cost_multiplier: 3", false),
        ("enabled: perhaps", false),
        ("standard: {require_compliance_match: true}", false),
        (
            "forbid_cloud: false\n    description: as agreed\n    notify_on_call: ops\n    log_level: 5\n    require_compliance_match: true",
            true,
        ),
    ] {
        let (_folder, out, report) = report(&format!("  failover_policies:\n    {key}\n"));
        assert_eq!(out.join("policies/failover.gov").exists(), is_written, "{key}: {report}");
        let left = notes(&report, "left");
        let said = left.iter().any(|note| note.contains("no failover is written, since one without"));
        assert_eq!(said, !is_written, "{key}: {left:?}");
        if is_written {
            let policy = read(out.join("policies/failover.gov"));
            let clauses = ["match  compliance\n", "above  3x cost throttle\n", "log as x\n"];
            assert!(clauses.iter().any(|clause| policy.contains(clause)), "{key}: {policy}");
        }
    }
}

#[test]
fn links_that_nothing_follows_are_named() {
    let text = format!("governance:\n{}", PROVIDERS.replace("{name: a,", "{name: a, failover_to: acme/b,"));
    let (_folder, out, output) = imported("governance", &text);
    let state = notes(&json(&output), "state");
    let said = |part: &str| assert!(state.iter().any(|note| note.contains(part)), "{part}: {state:#?}");
    said("1 link by `failover_to` and no `failover_policies`, so that nothing follows them");
    said("at least one statement, such as a rule or");
    assert!(!out.join("policies/failover.gov").exists());
}

#[test]
fn conditions_on_what_a_use_case_needs_are_carried_over() {
    let (_folder, out, report) = report(
        "  routing_policies:
    - {rule: \"min_context > 1000 and latency_sla <= 2s\", action: prefer_acme, reason: x}
    - {rule: \"retention_max < 30_days or availability_target >= 99.9%\", action: prefer_acme, reason: x}
    - {rule: \"use_case = 'x'\", action: prefer_acme, reason: x}
    - {rule: \"use_case == 'plan*'\", action: prefer_acme, reason: x}
",
    );
    let policy = read(out.join("policies/routing.gov"));
    for condition in [
        "min_context > 1000 and latency_sla <= 2s",
        "retention_max < 30 days or availability_target >= 99.9%",
    ] {
        assert!(policy.contains(condition), "{policy}");
    }
    let notes = notes(&report, "read");
    has(&notes, "9: the rule `use_case = 'x'`: `use_case = …` as `==`");
    has(
        &notes,
        "10: the rule `use_case == 'plan*'`: `plan*` as that very name: `*` stands for nothing else in a comparison",
    );
}

#[test]
fn one_bad_entry_loses_no_list_and_where_it_does_the_list_is_named() {
    let text = "governance:
  providers:
    acme:
      regions: [eu, 5]
      compliance: [soc2, 27001, {name: gdpr, expires: someday}]
      dpa: {status: maybe, document: D-1}
      models:
        - {name: a, data_classification_max: internal, approved_use_cases: [hr, 5], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
        - {name: 0x1F, data_classification_max: internal, approved_use_cases: [hr], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
        - {name: '0x2F', data_classification_max: internal, approved_use_cases: ['0b1', hr], cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
";
    let (_folder, out, output) = imported("governance", text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let registry = read(out.join("registry/providers.yaml"));
    for kept in ["compliance: [soc2]", "approved_use_cases: [hr]", "name: \"0x2F\"", "[\"0b1\", hr]"] {
        assert!(registry.contains(kept), "{kept}: {registry}");
    }
    assert!(!registry.contains("regions:") && !registry.contains("dpa:"), "{registry}");
    let left = notes(&json(&output), "left");
    for whole in
        ["4: `regions: [eu, 5]`: with it goes", "6: `dpa: {status: maybe, document: D-1}`: with it goes"]
    {
        assert!(left.iter().any(|note| note.starts_with(whole)), "{whole}: {left:#?}");
    }
    assert!(left.iter().any(|note| note.starts_with("5: ") && note.contains("27001")), "{left:#?}");
    let check = stdout(&run(&out, &["check"]));
    let faults: Vec<&str> = check.lines().filter(|line| line.starts_with("error[schema]")).collect();
    assert_eq!(faults, ["error[schema]: the policies have no statement"], "{check}");
}
