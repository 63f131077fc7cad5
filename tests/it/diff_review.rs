//! `diff` as a portfolio owner reads it: whom a change concerns, what exactly makes it, what of the registry moved.

use serde_json::{Value, json};

use crate::bundle::{self, govctl, status, stderr, stdout};
use crate::diff::{listed, report, with};

fn text(old: &[(&str, &str)], new: &[(&str, &str)], more: &[&str]) -> String {
    let (old, new) = (with(old), with(new));
    let output = govctl().arg("diff").arg(old.path()).arg(new.path()).args(more).output();
    stdout(&output.expect("govctl runs"))
}

fn change<'a>(report: &'a Value, use_case: &str) -> &'a Value {
    let changes = report["changes"].as_array().expect("changes");
    changes.iter().find(|change| change["use_case"] == use_case).expect("it changes")
}

fn causes(change: &Value, kind: &str) -> Vec<String> {
    let details = change["details"].as_array().expect("details");
    listed(&details.iter().find(|detail| detail["kind"] == kind).expect("the kind")["causes"])
}

/// `mail` is served by `small` and falls over to `large`.
const STANDARD: &str = "then queue because \"b\" }";

#[test]
fn causes_belong_to_kinds_and_what_is_needed_together_says_so_there_only() {
    // A second home of `large` and a first wish for it: the provider is gained by either.
    let second = "      - name: huge\n        approved_use_cases: [chat]\n        data_classification_max: internal\n        cost_per_1m_tokens_input: 11\n        cost_per_1m_tokens_output: 22\n=== estate";
    let edits = [
        ("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]"),
        ("=== estate", second),
        (STANDARD, "then block because \"b\" }"),
    ];
    let report = report(&[], &edits);
    let chat = change(&report, "chat");
    assert_eq!(causes(chat, "terminal"), ["policies/main.gov:1 failover standard changed"]);
    let both = [
        "registry/main.yaml:22 model far/large approved_use_cases changed (together)",
        "registry/main.yaml:26 model far/huge added (together)",
    ];
    assert_eq!(causes(chat, "widened"), both);
    let text = text(&[], &edits, &[]);
    let wanted = "  because together: widened, failover
    registry/main.yaml:22 model far/large approved_use_cases changed
    registry/main.yaml:26 model far/huge added
  because policies/main.gov:1 failover standard changed: terminal\n";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_new_price_of_the_old_primary_does_not_make_another_primary() {
    // Once `small` may serve `mail` again it is dearer than before: that is another change, and no part of this one.
    let edits = [
        ("approved_use_cases: [\"*\"]", "approved_use_cases: [chat]"),
        ("tokens_input: 1\n", "tokens_input: 2\n"),
    ];
    let report = report(&[], &edits);
    let mail = change(&report, "mail");
    assert_eq!(
        causes(mail, "primary"),
        ["registry/main.yaml:10 model near/small approved_use_cases changed"]
    );
}

/// Entries without what names them to a machine.
fn without_fingerprint(entries: &Value) -> Value {
    let mut entries = entries.clone();
    for entry in entries.as_array_mut().expect("entries") {
        entry.as_object_mut().expect("an entry").remove("fingerprint").expect("a fingerprint");
    }
    entries
}

#[test]
fn an_edit_of_a_budget_or_a_quota_is_one_entry_and_no_change_of_a_use_case() {
    let duties = |limit: &str, on: &str| {
        format!(
            "{STANDARD}\nbudget web {{ limit {limit} usd per month at 80% notify \"a@example.com\" owner \"o@example.com\" escalate \"e@example.com\" }}\nquota calm {{ {on} limit 10 requests per minute }}"
        )
    };
    let (old, new) = (duties("100", "on near"), duties("200", ""));
    let edited = report(&[(STANDARD, &old)], &[(STANDARD, &new)]);
    assert_eq!(edited["changes"], json!([]));
    let budget = json!({
        "name": "web", "limit": {"old": "100.00", "new": "200.00"}, "period": "month",
        "forecast": {"old": "5.00", "new": "5.00"}, "worst": {"old": "5.00", "new": "5.00"}, "differs": []
    });
    assert_eq!(without_fingerprint(&edited["budgets"]), json!([budget]));
    let quota = json!({"what": "quota calm", "change": "changed", "differs": ["on: near → all traffic"]});
    assert_eq!(without_fingerprint(&edited["obligations"]), json!([quota]));
    let added = report(&[], &[(STANDARD, &new)]);
    assert_eq!(added["changes"], json!([]));
    assert_eq!(added["budgets"][0]["limit"], json!({"old": null, "new": "200.00"}));
    assert_eq!(added["budgets"][0]["differs"], json!(["newly covers `chat` and `mail`"]));
}

#[test]
fn whom_an_audit_covers_by_its_own_edit_is_said_once_and_by_another_team_of_each() {
    let audit = |team: &str, days: u32| {
        format!(
            "{STANDARD}\naudit web {{ when use_case == {team} retain {days} days owner \"o@example.com\" }}"
        )
    };
    let (old, new) = (audit("chat", 30), audit("mail", 60));
    let report = report(&[(STANDARD, &old)], &[(STANDARD, &new)]);
    assert_eq!(report["changes"], json!([]));
    let wanted = json!([
        "audit retention: 30 days → 60 days",
        "when: use_case == `chat` → use_case == `mail`",
        "newly covers `mail`",
        "no longer covers `chat`"
    ]);
    assert_eq!(
        without_fingerprint(&report["obligations"]),
        json!([{"what": "audit web", "change": "changed", "differs": wanted}])
    );
}

#[test]
fn a_band_of_the_budget_is_told_by_its_ends() {
    let rule = |below: &str| {
        format!("{STANDARD}\ncost rule save {{ when budget.remaining < {below} prefer far because \"b\" }}")
    };
    let (old, new) = (rule("20%"), rule("35%"));
    let text = text(&[(STANDARD, &old)], &[(STANDARD, &new)], &[]);
    assert!(
        text.contains("primary in 1 context, with at least 20% and less than 35% of the budget left:"),
        "{text}"
    );
}

#[test]
fn a_use_case_that_changes_teams_takes_its_cost_along() {
    let mail = ("name: mail\n", "name: mail\n    team: web\n");
    let edits = [
        mail,
        ("team: web\n    data_class", "team: site\n    data_class"),
        ("tokens_input: 1\n", "tokens_input: 2\n"),
    ];
    let report = report(&[mail], &edits);
    let teams = &report["portfolio"]["spend_by_team"];
    assert_eq!(
        *teams,
        json!({"site": {"old": "0.00", "new": "8.00"}, "web": {"old": "5.00", "new": "0.00"}})
    );
    assert_eq!(change(&report, "chat")["obligations"], json!([]), "no attribution is asked for");
    assert_eq!(report["renamed"], json!([]));
    assert_eq!(
        (&change(&report, "chat")["owner"], &change(&report, "chat")["team"]),
        (&json!("o@example.com"), &json!("site"))
    );
}

#[test]
fn what_is_priced_otherwise_and_costs_the_same_says_so() {
    let approved = ("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]");
    let text = text(&[approved], &[approved, ("tokens_input: 10\n", "tokens_input: 12\n")], &[]);
    assert!(
        text.contains(
            "  cost: 5.00 usd a month, as before; at worst 50.00 → 56.00 usd a month (+6.00, +12%)\n"
        ),
        "{text}"
    );
    assert!(text.contains("price of `far/large`: input 10 → 12 (+20%) usd per 1m tokens\n"), "{text}");
}

#[test]
fn a_total_of_nothing_known_is_not_known() {
    let sides = ["examples/logistics-as-published", "examples/logistics"].map(bundle::root);
    let total = |old: usize, new: usize| {
        let output =
            bundle::govctl().arg("diff").args([&sides[old], &sides[new]]).output().expect("govctl runs");
        bundle::stdout(&output)
            .lines()
            .find(|line| line.starts_with("expected"))
            .unwrap_or_default()
            .to_owned()
    };
    let words = "expected cost: not known → 4,593.60 usd a month; at worst not known → 5,391.60 usd a month";
    assert_eq!(total(0, 1), words);
    assert!(total(1, 0).starts_with("expected cost: 4,593.60 usd a month → not known;"), "{}", total(1, 0));
}

#[test]
fn what_nobody_serves_any_more_is_no_saving() {
    let text = text(&[], &[("approved_use_cases: [\"*\"]", "approved_use_cases: [mail]")], &[]);
    let text = text.replace("\n    ", " ").replace("use\n  case", "use case").replace("1\n  use", "1 use");
    assert!(text.contains("-100%); 5.00 of it is no saving: no model serves 1 use case\n"), "{text}");
    assert!(
        text.contains("  cost: 5.00 usd a month → nothing, for no model serves it by default\n"),
        "{text}"
    );
}

#[test]
fn each_of_many_entries_is_the_cause_of_its_own_use_case() {
    let mut estate = String::new();
    for at in 0..60 {
        estate += &format!(
            "  - name: u{at}\n    owner: o@example.com\n    team: web\n    data_classification: internal\n    expected_monthly: {{requests: 1, input_tokens: 3000000, output_tokens: 1}}\n"
        );
    }
    let many = format!("use_cases:\n{estate}");
    let report = report(
        &[("use_cases:\n", &many)],
        &[
            ("use_cases:\n", &many),
            ("input_tokens: 3000000, output_tokens: 1}", "input_tokens: 4000000, output_tokens: 1}"),
        ],
    );
    let changes = report["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 60);
    for change in changes {
        let causes = listed(&change["causes"]);
        let [cause] = causes.as_slice() else { panic!("{change}") };
        let wanted =
            format!("use case {} expected_monthly changed", change["use_case"].as_str().expect("a name"));
        assert!(cause.ends_with(&wanted), "{cause}");
    }
}

#[test]
fn a_table_beside_its_own_workspace_moves_nothing_in_the_portfolio() {
    let far = "    owner: o@example.com\n    jurisdiction: us\n";
    let more = format!(
        "{far}    dpa: {{status: confirmed, renews: 2027-06-30}}\n    evidence: [{{facts: [regions], source: \"a page\"}}]\n"
    );
    let folder = with(&[(far, &more), ("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]")]);
    let table = folder.path().join("table.json");
    bundle::run(folder.path(), &["compile", "-o", table.to_str().expect("a path")]);
    for (old, new) in [(table.as_path(), folder.path()), (folder.path(), table.as_path())] {
        let output = govctl().arg("diff").arg(old).arg(new).output().expect("govctl runs");
        assert!(!stdout(&output).contains("portfolio"), "{}", stdout(&output));
    }
}

#[test]
fn a_price_to_nine_decimals_in_a_table_is_no_other_cost() {
    let third = [(
        "cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 2\n",
        "pricing: {unit: compute-seconds, per_second: 0.001, tokens_per_second: 900}\n",
    )];
    let old = with(&third);
    let table = old.path().join("table.json");
    bundle::run(old.path(), &["compile", "-o", table.to_str().expect("a path")]);
    let new = with(&[third[0], (STANDARD, "then block because \"b\" }")]);
    let output = govctl().arg("diff").arg(&table).arg(new.path()).output().expect("govctl runs");
    let text = stdout(&output);
    assert!(text.contains("chat: terminal in") && !text.contains("→ 4.44"), "{text}");
    assert!(text.contains("expected cost: 4.44 usd a month, as before\n"), "{text}");
}

#[test]
fn the_portfolio_tells_everything_that_begins_ends_and_moves() {
    let old = [
        (
            "    owner: o@example.com\n    jurisdiction: us\n",
            "    owner: o@example.com\n    jurisdiction: us\n    dpa: {status: confirmed, renews: 2027-06-30}\n    evidence: [{facts: [regions], source: \"a page\", expires: 2027-01-31}, {facts: [data_retention], source: \"a letter\"}]\n",
        ),
        (
            "data_classification_max: restricted",
            "data_classification_max: restricted\n        lifecycle: {sunset: 2027-12-31}",
        ),
    ];
    let new = [
        (
            "    owner: o@example.com\n    jurisdiction: us\n",
            "    owner: o@example.com\n    jurisdiction: us\n    dpa: {status: confirmed, renews: 2028-06-30}\n    evidence: [{facts: [regions], source: \"a page\", expires: 2026-12-31}, {facts: [jurisdiction]}]\n",
        ),
        (
            "data_classification_max: restricted",
            "data_classification_max: restricted\n        lifecycle: {status: deprecated, sunset: 2027-03-31}",
        ),
        (
            "compliance: [soc2, {name: gdpr, expires: 2026-12-31}]",
            "compliance: [{name: soc2, expires: 2027-05-01}, gdpr]",
        ),
        ("compliance: [soc2]\n    data_retention: 30", "compliance: [hipaa]\n    data_retention: 30"),
        ("approved_use_cases: [mail]", "approved_use_cases: [mail, \"m.*\"]"),
        ("  far:\n", "  idle:\n    owner: o@example.com\n    models: []\n  far:\n"),
    ];
    let text = text(&old, &new, &[]);
    let (_, portfolio) = text.split_once("\nportfolio\n").expect("a portfolio");
    let (portfolio, _) = portfolio.split_once("\n\n").unwrap_or((portfolio, ""));
    let wanted = "  providers added: `idle`
  lifecycle of `near/small`: active → deprecated, sunset 2027-12-31 → 2027-03-31
  certifications of `far/large`: gained `hipaa`, lost `soc2`
  certifications of `near/small`: `gdpr` no longer ends on 2026-12-31, `soc2` now ends on 2027-05-01
  agreement of `far/large`: renewed 2027-06-30 → 2028-06-30
  evidence of `far/large`: gained `evidence (for jurisdiction)`, lost `a letter (for
    data_retention)`, `a page (for regions)` shortened 2027-01-31 → 2026-12-31
  approvals of `far/large`: gained `m.*`";
    assert_eq!(portfolio.trim_end(), wanted);
    let report = report(&old, &new);
    assert_eq!(
        report["portfolio"]["lifecycle"][0]["sunset"],
        json!({"old": "2027-12-31", "new": "2027-03-31"})
    );
    assert_eq!(
        report["portfolio"]["compliance"][1]["renewed"],
        json!([{"name": "gdpr", "old": "2026-12-31", "new": null}, {"name": "soc2", "old": null, "new": "2027-05-01"}])
    );
}

#[test]
fn what_decides_the_gate_is_a_part_of_the_change() {
    let rule = "cost rule quiet { when use_case == chat prefer cheapest }\n";
    let quiet = "# govctl: allow(missing-reason) for now\ncost rule quiet { when use_case == chat prefer cheapest }\n";
    let (old, new) = (with(&[]), with(&[]));
    let policies = "policies/more.gov";
    for (side, text) in [(&old, rule), (&new, quiet)] {
        std::fs::write(side.path().join(policies), text).expect("write");
    }
    let run = |arguments: &[&str]| {
        let mut govctl = govctl();
        govctl.current_dir(new.path()).arg("diff").arg(old.path()).args(arguments);
        govctl.output().expect("govctl runs")
    };
    let output = run(&[]);
    let text = stdout(&output).replace("\n  ", " ");
    assert!(
        text.contains("gate loosened: a comment newly silences `missing-reason`"),
        "{text}{}",
        stderr(&output)
    );
    assert_eq!((status(&output), status(&run(&["--deny", "widened"]))), (0, 1));
    std::fs::write(new.path().join(policies), rule).expect("write");
    assert_eq!(status(&run(&["--deny", "widened"])), 0);
    std::fs::write(new.path().join("govctl.yaml"), "lints: {missing-reason: allow, unused-model: deny}\n")
        .expect("write");
    let text = stdout(&run(&[]));
    assert!(
        text.contains("gate loosened: `govctl.yaml` sets `missing-reason` to allow, before warn"),
        "{text}"
    );
    assert!(text.contains("gate: `govctl.yaml` sets `unused-model` to deny, before warn"), "{text}");
    assert_eq!(status(&run(&["--deny", "widened"])), 1);
    let comment = stdout(&run(&["--format", "markdown"]));
    assert!(comment.contains("**gate loosened**"), "{comment}");
    std::fs::write(new.path().join("govctl.yaml"), "lints: {unused-model: deny}\n").expect("write");
    assert_eq!(status(&run(&["--deny", "widened"])), 0);
}
