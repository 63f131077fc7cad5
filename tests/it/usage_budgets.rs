//! `usage` held against budgets: each value of `per`, quarters and years, and use cases without a decision.

use std::path::Path;

use serde_json::{Value, json};

use crate::bundle::{copy_of, root, run, status, stdout};
use crate::usage::{ESTATE, POLICY, REGISTRY, found, pairs, report, usage, workspace};

fn write(folder: &Path, path: &str, text: &str) {
    std::fs::write(folder.join(path), text).expect("a file");
}

/// A workspace of three use cases and two providers, with these budgets.
fn with_budgets(budgets: &str) -> tempfile::TempDir {
    let folder = workspace();
    write(folder.path(), "policies/p.gov", &(POLICY.to_owned() + budgets));
    let south = "  south:\n    owner: s@example.com\n    models:\n      - {name: beta, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n";
    write(folder.path(), "registry/r.yaml", &(REGISTRY.to_owned() + south));
    let nobody = "  - {name: lonely, owner: l@example.com, data_classification: internal}\n";
    write(folder.path(), "estate/e.yaml", &(ESTATE.to_owned() + nobody));
    folder
}

fn budget<'r>(report: &'r Value, name: &str) -> &'r Value {
    let all = report["budgets"].as_array().expect("budgets");
    all.iter().find(|one| one["name"] == name).unwrap_or(&Value::Null)
}

/// The values of a budget, each with what was spent and whether that is too much.
fn values(report: &Value, name: &str) -> Vec<(Option<String>, String, bool)> {
    let values = budget(report, name)["values"].as_array().expect("values");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let one = |one: &Value| (text(&one["value"]), text(&one["usd"]).expect("usd"), one["over"] == true);
    values.iter().map(one).collect()
}

/// A value, what was spent for it, and whether that is too much.
type Wanted<'a> = (Option<&'a str>, &'a str, bool);

fn of(values: &[Wanted]) -> Vec<(Option<String>, String, bool)> {
    values.iter().map(|(value, usd, over)| (value.map(str::to_owned), (*usd).to_owned(), *over)).collect()
}

/// `per` is a budget for each value: one team may be over though all together are not, and none though all together are.
#[test]
fn each_value_of_per_is_held_against_the_limit() {
    let cases: &[(&str, &str, &[Wanted], &str)] = &[
        (
            "team",
            "chat,2026-10,70,north,alpha\ndrafts,2026-10,50,north,alpha\nsilent,2026-10,1,north,alpha\nlonely,2026-10,2,north,alpha\n",
            &[(Some("support"), "120.00", true), (None, "2.00", false), (Some("ops"), "1.00", false)],
            "0.00",
        ),
        (
            "provider",
            "chat,2026-10,90,north,alpha\ndrafts,2026-10,90,south,beta\nsilent,2026-10,5,,\n",
            &[(Some("north"), "90.00", false), (Some("south"), "90.00", false)],
            "5.00",
        ),
        (
            "model",
            "chat,2026-10,101,north,alpha\ndrafts,2026-10,90,south,beta\n",
            &[(Some("north/alpha"), "101.00", true), (Some("south/beta"), "90.00", false)],
            "0.00",
        ),
        (
            "use_case",
            "help.chat,2026-10,60,north,alpha\nchat,2026-10,60,north,alpha\ndrafts,2026-10,90,north,alpha\n",
            &[(Some("chat"), "120.00", true), (Some("drafts"), "90.00", false)],
            "0.00",
        ),
    ];
    for (per, rows, wanted, untold) in cases {
        let folder = with_budgets(&format!("budget each {{\n  per {per}\n  limit 100 usd per month\n}}\n"));
        let bill = format!("use_case,month,usd,provider,model\n{rows}");
        let report = report(folder.path(), "spend.csv", &bill, &[]);
        assert_eq!(values(&report, "each"), of(wanted), "{per}");
        let each = budget(&report, "each");
        assert_eq!((&each["per"], &each["limit_usd"]), (&json!(per), &json!("100.00")));
        assert_eq!(each["untold_usd"], *untold, "{per}");
        let is_over = wanted.iter().any(|(.., over)| *over);
        assert_eq!(found(&report).contains(&("each".to_owned(), "over-budget".to_owned())), is_over, "{per}");
    }
}

/// What names a team and no use case counts for that team; what names several teams' business unit for none of them.
#[test]
fn what_names_no_use_case_counts_for_the_value_that_it_tells() {
    let folder = with_budgets("budget each {\n  per team\n  limit 100 usd per month\n}\n");
    let bill = "use_case,month,usd,team\n,2026-10,90,support\nchat,2026-10,20,\nchat,2026-10,7,ops\n";
    let report = report(folder.path(), "spend.csv", bill, &[]);
    assert_eq!(
        values(&report, "each"),
        of(&[(Some("support"), "110.00", true), (Some("ops"), "7.00", false)])
    );
}

/// The report names the values that are over, the worst first, and says what is judged.
#[test]
fn values_that_are_over_are_named_the_worst_first() {
    let folder = with_budgets("budget each {\n  per team\n  limit 100 usd per month\n}\n");
    let said = |bill: &str| {
        let bill = format!("use_case,month,usd\n{bill}");
        stdout(&usage(folder.path(), "spend.csv", &bill, &["--drift", "1000%"]))
    };
    let both = said("chat,2026-10,101\nsilent,2026-10,350\n");
    let lines: Vec<&str> = both.lines().filter(|line| line.starts_with("each")).collect();
    assert!(
        lines[0].starts_with("each: ops ") && lines[0].ends_with(" 100.00  350.0%  over-budget"),
        "{both}"
    );
    assert!(lines[1].starts_with("each: support ") && lines[1].contains("101.0%"), "{both}");
    assert!(both.contains("\nnote: `each` allows this for each team: 2 of 2 spent more\n"), "{both}");
    let none = said("chat,2026-10,90\nsilent,2026-10,35\n");
    assert!(none.contains("\neach: support ") && !none.contains("each: ops"), "{none}");
    assert!(
        none.contains("\nnote: `each` allows this for each team: of 2, the dearest is shown\n"),
        "{none}"
    );
}

/// A quarter and a year stand beside what was spent in them so far, where the files cover it, or it is too much already.
#[test]
fn quarters_and_years_are_added_up_where_the_files_cover_them() {
    let folder =
        with_budgets("budget q {\n  limit 100 usd per quarter\n}\nbudget y {\n  limit 900 usd per year\n}\n");
    let report_of = |months: &[(u32, u32)], month: &str| {
        let rows = months.iter().map(|(month, usd)| format!("chat,2026-{month:02},{usd}\n"));
        let bill = "use_case,month,usd\n".to_owned() + &rows.collect::<String>();
        report(folder.path(), "spend.csv", &bill, &["--month", month])
    };
    let line = |report: &Value, name: &str| {
        let one = budget(report, name);
        (!one.is_null())
            .then(|| format!("{} {} {} {}", one["period"], one["usd"], one["limit_usd"], one["over"]))
    };
    let quarter = report_of(&[(7, 40), (8, 50)], "2026-08");
    assert_eq!(line(&quarter, "q").as_deref(), Some("\"quarter\" \"90.00\" \"100.00\" false"));
    assert_eq!(line(&quarter, "y"), None);
    // July is not there, so nobody knows.
    assert_eq!(line(&report_of(&[(8, 50)], "2026-08"), "q"), None);
    let over = report_of(&[(8, 101)], "2026-08");
    assert_eq!(line(&over, "q").as_deref(), Some("\"quarter\" \"101.00\" \"100.00\" true"));
    let whole: Vec<(u32, u32)> = (1..=10).map(|month| (month, 10)).collect();
    let year = report_of(&whole, "2026-10");
    assert_eq!(line(&year, "y").as_deref(), Some("\"year\" \"100.00\" \"900.00\" false"));
    assert_eq!(line(&year, "q").as_deref(), Some("\"quarter\" \"10.00\" \"100.00\" false"));
}

/// What a use case without a decision spends is its team's and its budgets' all the same: neither rests on a decision.
#[test]
fn what_is_not_decided_spends_all_the_same() {
    let folder = copy_of("logistics");
    let routing = root("examples/logistics/policies/routing.gov");
    let text = std::fs::read_to_string(routing).expect("a policy");
    let other = "\npreference rule planner-other {\n  when use_case in [planning, structured-output]\n  prefer anthropic, openai\n  because \"another view\"\n}\n";
    write(folder.path(), "policies/routing.gov", &(text + other));
    let bill = "use_case,month,usd,provider,model\nplanning,2026-10,9000.00,openai,gpt-4-turbo\n";
    write(folder.path(), "spend.csv", bill);
    let path = folder.path().join("spend.csv");
    let output =
        run(folder.path(), &["usage", path.to_str().expect("UTF-8"), "--by", "team", "--format", "json"]);
    assert_eq!(status(&output), 1);
    let report = crate::bundle::json(&output);
    let planning = &report["rows"][0];
    assert_eq!((&planning["value"], &planning["usd"]), (&json!("planning"), &json!("9000.00")));
    let over: Vec<(String, String)> =
        found(&report).into_iter().filter(|(_, code)| code == "over-budget").collect();
    assert_eq!(over, pairs(&[("company", "over-budget"), ("operations", "over-budget")]));
}
