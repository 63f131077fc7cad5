//! `govctl import governance` of rules that say more than a condition and an action.

use crate::bundle::stdout;
use crate::import_reading::imported;

const HEAD: &str = "governance:
  providers:
    p:
      models:
        - {name: m, approved_use_cases: [a], data_classification_max: internal, cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}
  routing_policies:
";

/// What a rule with one more line becomes: the policies, and what is said.
fn with(line: &str) -> (String, String) {
    let rule =
        format!("    - rule: \"use_case == 'a'\"\n      action: block\n      reason: r\n      {line}\n");
    let (_folder, out, output) =
        imported("governance", "article.yaml", (HEAD.to_owned() + &rule).as_bytes(), &[]);
    let policy = std::fs::read_to_string(out.join("policies/routing.gov")).unwrap_or_default();
    (policy.split_whitespace().collect::<Vec<_>>().join(" "), stdout(&output))
}

#[test]
fn what_limits_a_rule_takes_it_along() {
    for line in [
        "dry_run: true",
        "mode: audit",
        "exceptions: [planning]",
        "expires: soon",
        "expires: 2026-2-30",
        "effective_from: 2027-01-01T00:00:00Z",
        "severity: warn",
        "enforce: false",
        "applies_to: [x]",
        "log_only: true",
        "alert_only: yes",
        "strict: false",
        "in_force: false",
    ] {
        let (policy, said) = with(line);
        assert!(!policy.contains("forbid"), "{line}\n{policy}");
        assert!(said.contains("article.yaml:7: the rule `use_case == 'a'`: `"), "{line}\n{said}");
    }
}

#[test]
fn what_limits_nothing_is_listed_beside_the_rule() {
    for line in [
        "dry_run: false",
        "mode: enforce",
        "exceptions: []",
        "owner: somebody",
        "severity: high",
        "priority: 3",
        "enforced: yes",
        "enforcement: true",
        "status: enabled",
        "severity: High",
        "log_only: false",
        "notify_owner: true",
    ] {
        let (policy, said) = with(line);
        assert!(policy.contains("forbid true"), "{line}\n{policy}");
        let key = line.split(':').next().unwrap_or_default();
        assert!(said.contains(&format!("article.yaml:10: `{key}` of the rule")), "{line}\n{said}");
    }
}

#[test]
fn days_become_those_of_the_rule() {
    let (policy, said) = with("effective_from: 2027-01-01\n      expires: \"2027-06-30\"");
    assert!(policy.contains("from 2027-01-01") && policy.contains("until 2027-06-30"), "{policy}");
    assert!(said.contains("as `until 2027-06-30`, that day included"), "{said}");
    let (policy, said) = with("effective_from: 2027-07-01\n      expires: 2027-06-30");
    assert!(!policy.contains("forbid") && said.contains("it begins on 2027-07-01 and ends on"), "{said}");
    let (policy, said) = with("effective_from: 2027-01-01\n      dry_run: true");
    assert!(!policy.contains("forbid") && !said.contains("as `from 2027-01-01`"), "{said}");
}

#[test]
fn a_level_that_nobody_declares_is_asked_for() {
    let rule = "    - rule: \"data_classification == 'secret' or risk == 'huge' or data_classification == 'public'\"\n      action: block\n      reason: r\n";
    let (_folder, _, output) =
        imported("governance", "article.yaml", (HEAD.to_owned() + rule).as_bytes(), &[]);
    let said = stdout(&output);
    assert!(
        said.contains(
            "article.yaml:7: where `secret` stands among the classifications: `classifications public < …`"
        ),
        "{said}"
    );
    assert!(
        said.contains("where `huge` stands among the levels of risk") && !said.contains("where `public`"),
        "{said}"
    );
}
