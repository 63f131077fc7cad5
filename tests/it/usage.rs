//! `usage`: what is planted among the spending is found, whatever form it comes in.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::bundle::{self, run, status, stderr, stdout};
use crate::schemas;

pub(crate) const ESTATE: &str = "use_cases:
  - {name: chat, owner: c@example.com, team: support, endpoint_tag: help.chat, data_classification: internal, expected_monthly: {requests: 1000, input_tokens: 80000000, output_tokens: 20000000}}
  - {name: drafts, owner: d@example.com, team: support, data_classification: internal, expected_monthly: {requests: 1000, input_tokens: 40000000, output_tokens: 10000000}}
  - {name: silent, owner: s@example.com, team: ops, data_classification: internal}
";
pub(crate) const REGISTRY: &str = "providers:
  north:
    owner: n@example.com
    models:
      - {name: alpha, aliases: [alpha-1], approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
";
pub(crate) const POLICY: &str = "budget support {\n  when team == support\n  limit 120 usd per month\n  at 80% notify \"a@example.com\"\n  owner \"a@example.com\"\n  escalate \"b@example.com\"\n}\n\nattribution {\n  require team\n  mode showback\n  anomaly above 30%\n}\n\nfailover only {\n  none\n  because \"one model\"\n}\n";

pub(crate) fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [("registry/r.yaml", REGISTRY), ("estate/e.yaml", ESTATE), ("policies/p.gov", POLICY)]
    {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

pub(crate) fn usage(folder: &Path, name: &str, text: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join(name), text).expect("a file");
    let path = folder.join(name);
    run(folder, &[&["usage", path.to_str().expect("UTF-8")], arguments].concat())
}

pub(crate) fn report(folder: &Path, name: &str, text: &str, arguments: &[&str]) -> Value {
    let output = usage(folder, name, text, &[arguments, &["--format", "json"]].concat());
    assert!(status(&output) < 2, "{}", stderr(&output));
    let report = bundle::json(&output);
    schemas::holds("usage", &report);
    let is_fine = report["summary"]["findings"] == 0;
    assert_eq!(status(&output), i32::from(!is_fine));
    report
}

/// What is found by value.
pub(crate) fn found(report: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for row in report["rows"].as_array().expect("rows") {
        for code in row["found"].as_array().expect("codes") {
            let value = row["value"].as_str().unwrap_or("-");
            found.push((value.to_owned(), code.as_str().expect("a code").to_owned()));
        }
    }
    for unknown in report["unknown"].as_array().expect("names") {
        let name = unknown["name"].as_str().unwrap_or("-");
        found.push((name.to_owned(), unknown["code"].as_str().expect("a code").to_owned()));
    }
    for budget in report["budgets"].as_array().expect("budgets") {
        if budget["over"] == true {
            found.push((budget["name"].as_str().expect("a name").to_owned(), "over-budget".to_owned()));
        }
    }
    found
}

pub(crate) fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn what_is_planted_is_found_and_nothing_besides() {
    let folder = workspace();
    let clean = "use_case,month,usd,provider,model\nchat,2026-09,99,north,alpha\nchat,2026-10,100.01,north,alpha\nhelp.chat,2026-10,0.50,north,alpha-1\ndrafts,2026-09,50,north,alpha\ndrafts,2026-10,49,north,alpha\n";
    let report_of = |text: &str, arguments: &[&str]| report(folder.path(), "spend.csv", text, arguments);
    // 149.51 of 120: the budget is planted in the forecast itself.
    assert_eq!(found(&report_of(clean, &[])), pairs(&[("support", "over-budget")]));
    let total = &report_of(clean, &[])["total"];
    assert_eq!(
        (&total["usd"], &total["forecast_usd"], &total["before_usd"]),
        (&json!("149.51"), &json!("150.00"), &json!("149.00"))
    );
    let drifts = clean.to_owned()
        + "drafts,2026-10,20,north,alpha\nnobody,2026-10,3,north,alpha\nchat,2026-10,1,east,omega\n,2026-10,2,north,alpha\n";
    assert_eq!(
        found(&report_of(&drifts, &[])),
        pairs(&[
            ("drafts", "drift"),
            ("drafts", "anomaly"),
            ("nobody", "unknown-use-case"),
            ("-", "untagged"),
            ("omega", "unknown-model"),
            ("support", "over-budget")
        ])
    );
    assert_eq!(
        found(&report_of(&drifts, &["--drift", "50%", "--by", "team"])),
        pairs(&[
            ("nobody", "unknown-use-case"),
            ("-", "untagged"),
            ("omega", "unknown-model"),
            ("support", "over-budget")
        ])
    );
    // What is expected and not spent is drift too.
    let missing = "use_case,month,usd\nchat,2026-10,100\n";
    assert_eq!(found(&report_of(missing, &[])), pairs(&[("drafts", "drift")]));
    // This month is not over.
    let running = "use_case,month,usd\nchat,2026-11,1\n";
    let report = report_of(running, &[]);
    assert_eq!((&report["month_is_over"], found(&report)), (&json!(false), vec![]));
}

/// An export that states tokens and no amount is priced by the registry, and that is said.
#[test]
fn what_states_no_amount_is_priced_by_the_registry() {
    let folder = workspace();
    let log = concat!(
        r#"{"time":"2026-10-02T08:00:00Z","request_id":"a","use_case":"chat","gen_ai.provider.name":"north","gen_ai.response.model":"alpha","gen_ai.usage.input_tokens":2000000,"gen_ai.usage.output_tokens":1000000}"#,
        "\n",
        r#"{"time":"2026-10-02T08:00:01Z","request_id":"b","use_case":"chat","route":"north/alpha","gen_ai.usage.input_tokens":500000,"gen_ai.usage.output_tokens":0,"cost_usd":"7.25"}"#,
        "\n",
        r#"{"time":"2026-10-02T08:00:02Z","request_id":"c","use_case":"chat","gen_ai.response.model":"omega","gen_ai.usage.input_tokens":9,"gen_ai.usage.output_tokens":9}"#,
        "\n",
    );
    let report = report(folder.path(), "gw.ndjson", log, &[]);
    assert_eq!(report["total"]["usd"], "10.25");
    let summary = &report["summary"];
    assert_eq!(
        (&summary["priced"], &summary["priced_usd"], &summary["unpriced"]),
        (&json!(1), &json!("3.00"), &json!(1))
    );
    let said = stdout(&usage(folder.path(), "gw.ndjson", log, &[]));
    assert!(
        said.contains("\nnote: 1 record states no amount and is priced by the registry: 3.00 usd\n"),
        "{said}"
    );
    assert!(
        said.contains(
            "\nnote: 1 record states no amount and no model with a price: its tokens count, and no money\n"
        ),
        "{said}"
    );
}

/// The same file twice is refused, under another name too; the same records in other files count once.
#[test]
fn nothing_is_added_up_twice_without_a_word() {
    let folder = workspace();
    let spent = "use_case,month,usd\nchat,2026-10,100\n";
    let _ = usage(folder.path(), "a.csv", spent, &[]);
    std::fs::write(folder.path().join("b.csv"), spent).expect("a file");
    let ask = |files: &[&str]| {
        let paths: Vec<String> =
            files.iter().map(|file| folder.path().join(file).display().to_string()).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        run(folder.path(), &[&["usage"][..], &paths, &["--format", "json"]].concat())
    };
    let output = ask(&["a.csv", "a.csv"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).ends_with("a.csv` is named twice, and would count twice: name it once\n"));
    let output = ask(&["a.csv", "b.csv"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).ends_with("a.csv` holds, byte for byte, and would count twice\n"));
    let event = |id: &str| {
        format!(
            "{{\"time\":\"2026-10-02T08:00:00Z\",\"request_id\":\"{id}\",\"use_case\":\"chat\",\"cost_usd\":1}}\n"
        )
    };
    std::fs::write(folder.path().join("one.ndjson"), event("a") + &event("b")).expect("a file");
    std::fs::write(folder.path().join("two.ndjson"), event("b") + &event("c")).expect("a file");
    let report = bundle::json(&ask(&["one.ndjson", "two.ndjson"]));
    schemas::holds("usage", &report);
    assert_eq!((&report["total"]["usd"], &report["summary"]["repeated"]), (&json!("3.00"), &json!(1)));
}

/// A month that has not begun, or of which nothing is known, is no month to look at.
#[test]
fn a_month_is_one_that_the_records_are_of() {
    let folder = workspace();
    let spent = "use_case,month,usd\nchat,2026-09,100\nchat,2026-10,100\n";
    for (month, why) in [
        ("2027-05", "error: 2027-05 has not begun on 2026-11-21\n"),
        ("2025-05", "error: no record is of 2025-05: there is 2026-09, 2026-10\n"),
    ] {
        let output = usage(folder.path(), "spend.csv", spent, &["--month", month]);
        assert_eq!((status(&output), stderr(&output)), (2, why.to_owned()));
    }
    let ahead = "use_case,month,usd\nchat,2027-01,100\n";
    let output = usage(folder.path(), "spend.csv", ahead, &[]);
    let why = "error: every record is of a month that has not begun on 2026-11-21: 2027-01\n";
    assert_eq!((status(&output), stderr(&output)), (2, why.to_owned()));
}

/// A limit for each user is no limit for all together, and a campaign of November has nothing to say of October.
#[test]
fn only_budgets_that_a_month_decides_are_held_against_it() {
    let folder = workspace();
    let more = "budget each {\n  per user\n  limit 1 usd per day\n}\nbudget later {\n  limit 1 usd per month\n  from 2026-11-01\n}\nbudget now {\n  limit 1000 usd per month\n  from 2026-10-31\n}\n";
    std::fs::write(folder.path().join("policies/p.gov"), POLICY.to_owned() + more).expect("a file");
    let spent = "use_case,month,usd\nchat,2026-10,100\n";
    let of = |report: &Value| -> Vec<String> {
        let budgets = report["budgets"].as_array().expect("budgets").iter();
        budgets.map(|budget| budget["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(of(&report(folder.path(), "spend.csv", spent, &[])), ["now", "support"]);
}

#[test]
fn a_model_of_one_provider_is_not_that_of_another() {
    let folder = workspace();
    let south = "  south:\n    owner: s@example.com\n    models:\n      - {name: beta, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n";
    std::fs::write(folder.path().join("registry/r.yaml"), REGISTRY.to_owned() + south).expect("a file");
    let found_for = |provider: &str, model: &str| {
        let spent = format!("use_case,month,usd,provider,model\nchat,2026-10,100,{provider},{model}\n");
        found(&report(folder.path(), "spend.csv", &spent, &[]))
            .contains(&("beta".to_owned(), "unknown-model".to_owned()))
    };
    assert!(found_for("north", "beta"), "north sells no beta");
    assert!(!found_for("south", "beta"));
    // A provider that is none of ours sells nothing of ours, whatever its models are called.
    assert!(found_for("Some Reseller", "beta"));
    assert!(!found_for("South Ltd.", "beta"));
    assert!(!found_for("south", "south/beta"));
}

#[test]
fn a_provider_is_known_by_what_others_call_it() {
    let folder = workspace();
    let south = "  south-eu:\n    owner: s@example.com\n    models:\n      - {name: alpha, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n";
    std::fs::write(folder.path().join("registry/r.yaml"), REGISTRY.to_owned() + south).expect("a file");
    let of = |provider: &str| {
        let spent = format!("use_case,month,usd,provider,model\nchat,2026-10,100,{provider},alpha\n");
        let report = report(folder.path(), "spend.csv", &spent, &["--by", "provider"]);
        (report["rows"][0]["value"].clone(), report["unknown"].as_array().expect("names").len())
    };
    assert_eq!(of("North"), (json!("north"), 0));
    assert_eq!(of("south.ai.inference"), (json!("south-eu"), 0));
    // Both sell it, and nothing says which.
    assert_eq!(of("Some Reseller"), (json!("Some Reseller"), 1));
}

#[test]
fn what_states_no_amount_counts_with_its_tokens() {
    let folder = workspace();
    let event = json!({"time": "2026-10-05T00:00:00", "use_case": "drafts", "gen_ai.request.model": "omega",
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10});
    let arguments = ["--suggest"];
    let report = report(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &arguments);
    assert_eq!((&report["total"]["usd"], &report["summary"]["unpriced"]), (&json!("0.00"), &json!(1)));
    let wanted = "{requests: 1, input_tokens: 1000, output_tokens: 10}";
    assert_eq!(
        report["suggestions"],
        json!([{"use_case": "drafts", "file": "estate/e.yaml", "line": 3, "expected_monthly": wanted}])
    );
    let output = usage(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &[]);
    assert!(stdout(&output).contains(
        "note: 1 record states no amount and no model with a price: its tokens count, and no money\n"
    ));
}

/// Cached tokens that were counted beside the input are part of what is suggested; what no record says of caches stays.
#[test]
fn what_is_suggested_knows_caches() {
    let folder = workspace();
    let expects = |cached: &str| {
        let tokens = format!("{{requests: 1, input_tokens: 1000, output_tokens: 1000{cached}}}");
        let estate =
            ESTATE.replace("{requests: 1000, input_tokens: 40000000, output_tokens: 10000000}", &tokens);
        std::fs::write(folder.path().join("estate/e.yaml"), estate).expect("a file");
    };
    let suggested = |input: u64, cached: Option<u64>| {
        let mut event = json!({"time": "2026-10-05T00:00:00Z", "use_case": "drafts", "route": "north/alpha",
            "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": 1000});
        if let Some(cached) = cached {
            event["gen_ai.usage.cache_read.input_tokens"] = json!(cached);
        }
        let report = report(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &["--suggest"]);
        report["suggestions"][0]["expected_monthly"].as_str().map(str::to_owned)
    };
    let of = |input: u64, cached: u64| {
        let cached = if cached == 0 { String::new() } else { format!(", cached_input_tokens: {cached}") };
        Some(format!("{{requests: 1, input_tokens: {input}, output_tokens: 1000{cached}}}"))
    };
    expects("");
    assert_eq!(suggested(100, Some(1_000_000)), of(1_000_100, 1_000_000));
    assert_eq!(suggested(1000, None), None);
    expects(", cached_input_tokens: 900");
    assert_eq!(suggested(1000, Some(0)), of(1000, 0));
    assert_eq!(suggested(1000, Some(900)), None);
    assert_eq!(suggested(1000, None), None);
    assert_eq!(suggested(1001, None), of(1001, 900));
    assert_eq!(suggested(500, None), of(500, 500));
}

#[test]
fn bills_and_logs_say_the_same_as_a_table_and_stand_beside_each_other() {
    let folder = workspace();
    let focus = "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ServiceProviderName,SkuId,Tags\n100,90,USD,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,North,alpha,\"{\"\"use_case\"\": \"\"chat\"\"}\"\n50,40,USD,2026-10-31T23:00:00Z,2026-11-01T00:00:00Z,North,alpha,\"{\"\"endpoint_tag\"\": \"\"help.chat\"\"}\"\n";
    let report_of = |text: &str, arguments: &[&str]| report(folder.path(), "bill.csv", text, arguments);
    assert_eq!(report_of(focus, &[])["total"]["usd"], "150.00");
    assert_eq!(report_of(focus, &["--amount", "effective"])["total"]["usd"], "130.00");
    let older = focus.replace("ServiceProviderName", "ProviderName");
    assert_eq!(report_of(&older, &["--by", "provider"])["rows"][0]["value"], "north");
    let log: String = (0..4)
        .map(|number| {
            let event = json!({"time": format!("2026-10-0{}T00:00:00Z", number + 1), "use_case": "drafts",
                "gen_ai.provider.name": "north", "gen_ai.request.model": "alpha", "billed_usd": "12.5",
                "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10,
                "gen_ai.usage.cache_read.input_tokens": 400});
            event.to_string() + "\n"
        })
        .collect();
    std::fs::write(folder.path().join("focus.csv"), focus).expect("a file");
    let bill = folder.path().join("focus.csv");
    let arguments = ["--bill", bill.to_str().expect("UTF-8"), "--suggest"];
    let report = report(folder.path(), "log.ndjson", &log, &arguments);
    assert_eq!(
        report["reconciliation"],
        json!([{"month": "2026-10", "provider": "north", "logs_usd": "50.00", "bill_usd": "150.00", "found": ["unreconciled"]}])
    );
    let wanted = "{requests: 4, input_tokens: 4000, output_tokens: 40, cached_input_tokens: 1600}";
    assert_eq!(
        report["suggestions"],
        json!([{"use_case": "drafts", "file": "estate/e.yaml", "line": 3, "expected_monthly": wanted}])
    );
    // What is suggested is YAML that the estate takes.
    let estate = ESTATE.replace("{requests: 1000, input_tokens: 40000000, output_tokens: 10000000}", wanted);
    std::fs::write(folder.path().join("estate/e.yaml"), estate).expect("a file");
    assert_eq!(status(&run(folder.path(), &["check"])), 0);
}

#[test]
fn an_amount_that_cannot_be_read_is_an_error_with_its_line() {
    let folder = workspace();
    let refused = |text: &str| {
        let output = usage(folder.path(), "spend.csv", text, &[]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
        let path = folder.path().display().to_string() + "/";
        stderr(&output).replace(&path, "")
    };
    assert_eq!(
        refused("use_case,month,usd\nchat,2026-10,1\nchat,2026-10,much\n"),
        "error: cannot add up `spend.csv`: line 3: `usd` is an amount of US dollars, not `much`\n"
    );
    assert_eq!(
        refused("use_case,month,usd\nchat,October,1\n"),
        "error: cannot add up `spend.csv`: line 2: `October` is not a month; write it as 2026-11\n"
    );
    let euros = "BilledCost,BillingCurrency,ChargePeriodStart\n1,EUR,2026-10-01T00:00:00Z\n";
    assert_eq!(
        refused(euros),
        "error: cannot add up `spend.csv`: line 2: the currency is `EUR`, and amounts are in US dollars\n"
    );
    assert_eq!(
        refused("use_case,month,usd\n"),
        "error: nothing was spent: no record names a time and an amount\n"
    );
}
