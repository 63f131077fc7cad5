//! `usage` on what providers and gateways export: pages, costs, dates, names of models, spending by team.

use std::path::Path;

use serde_json::{Value, json};

use crate::bundle::{run, status, stderr, stdout};
use crate::usage::{ESTATE, POLICY, REGISTRY, found, pairs, report, usage, workspace};

/// The registry with what providers and gateways call models.
fn with_endpoints(folder: &Path) {
    let more = "      - {name: beta, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1, long_prompt: {above_tokens: 200000, input: 2, output: 2}, endpoint: {model: eu.north.beta-v1, protocol: openai}}
  openai:
    owner: o@example.com
    models:
      - {name: gpt, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
  anthropic:
    owner: a@example.com
    models:
      - {name: claude, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1, long_prompt: {above_tokens: 200000, input: 2, output: 2}}
";
    std::fs::write(folder.join("registry/r.yaml"), REGISTRY.to_owned() + more).expect("a file");
}

fn refused(folder: &Path, name: &str, text: &str) -> String {
    let output = usage(folder, name, text, &[]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    stderr(&output).replace(&(folder.display().to_string() + "/"), "")
}

/// 2026-10-05, in seconds.
const OCTOBER: u64 = 1_791_158_400;

fn page(rows: &Value, more: Option<&str>) -> String {
    let bucket = json!({"object": "bucket", "start_time": OCTOBER, "results": rows});
    let page = json!({"object": "page", "data": [bucket], "has_more": more.is_some(), "next_page": more});
    page.to_string() + "\n"
}

fn row(input: u64) -> Value {
    json!([{"object": "organization.usage.completions.result", "model": "gpt", "input_tokens": input, "output_tokens": 0,
        "num_model_requests": 1}])
}

#[test]
fn an_answer_in_pages_counts_where_it_is_whole() {
    let folder = workspace();
    with_endpoints(folder.path());
    let (first, second) = (page(&row(1_000_000), Some("page_two")), page(&row(2_000_000), None));
    let why = "error: cannot read `log.json` to its end: its last page says that more follow, from `page_two` on; name their files after it\n";
    assert_eq!(refused(folder.path(), "log.json", &first), why);
    let both = report(folder.path(), "log.json", &(first.clone() + &second), &[]);
    assert_eq!(both["total"]["usd"], "3.00");
    let (one, two) = (folder.path().join("one.json"), folder.path().join("two.json"));
    std::fs::write(&one, &first).expect("a file");
    std::fs::write(&two, &second).expect("a file");
    let (one, two) = (one.to_str().expect("UTF-8"), two.to_str().expect("UTF-8"));
    let ask =
        |files: [&str; 2]| status(&run(folder.path(), &["usage", files[0], files[1], "--format", "json"]));
    assert_eq!((ask([one, two]), ask([two, one])), (1, 2));
    // A page without anything is a page.
    let empty = json!({"object": "page", "data": [], "has_more": false, "next_page": null}).to_string();
    let nothing = "error: nothing was spent: no record names a time and an amount\n";
    assert_eq!(refused(folder.path(), "empty.json", &empty), nothing);
    let empty = json!({"data": [], "has_more": false, "next_page": null}).to_string();
    assert_eq!(refused(folder.path(), "empty.json", &empty), nothing);
}

#[test]
fn pages_of_costs_are_read_as_what_was_billed() {
    let folder = workspace();
    with_endpoints(folder.path());
    let cost = |value: Value, item: Value| json!({"object": "organization.costs.result", "amount": {"value": value, "currency": "usd"}, "line_item": item});
    let rows = json!([cost(json!(0.06), Value::Null), cost(json!("12.345678901"), json!("gpt, input"))]);
    let of = report(folder.path(), "costs.json", &page(&rows, None), &["--by", "model"]);
    assert_eq!(of["total"]["usd"], "12.405678901");
    assert_eq!(of["rows"][0]["value"], "openai/gpt");
    let anthropic = |amount: &str| {
        let row = json!({"currency": "USD", "amount": amount, "model": "claude", "cost_type": "tokens"});
        let bucket = json!({"starting_at": "2026-10-05T00:00:00Z", "results": [row]});
        json!({"data": [bucket], "has_more": false, "next_page": null}).to_string()
    };
    let of = report(folder.path(), "costs.json", &anthropic("123.78912"), &["--by", "model"]);
    assert_eq!(
        (&of["total"]["usd"], &of["rows"][0]["value"]),
        (&json!("1.2378912"), &json!("anthropic/claude"))
    );
    let why = "error: cannot add up `costs.json`: line 1: `amount` is in cents, not `much`\n";
    assert_eq!(refused(folder.path(), "costs.json", &anthropic("much")), why);
}

/// Usage and costs of one day tell of the same requests: the tokens of one, the money of the other.
#[test]
fn usage_beside_costs_of_the_same_day_costs_once() {
    let folder = workspace();
    with_endpoints(folder.path());
    let bucket = |at: u64, mut row: Value, project: Option<&str>| {
        row["project_id"] = json!(project);
        json!({"object": "page", "data": [{"object": "bucket", "start_time": at, "results": [row]}], "has_more": false, "next_page": null}).to_string()
    };
    let used = |project: Option<&str>| bucket(OCTOBER, row(1_000_000)[0].clone(), project);
    let cost = |at: u64, project: Option<&str>| {
        let amount = json!({"value": 0.8, "currency": "usd"});
        bucket(
            at,
            json!({"object": "organization.costs.result", "amount": amount, "line_item": "gpt, input"}),
            project,
        )
    };
    let of = |pages: [String; 2]| {
        let report = report(folder.path(), "both.json", &pages.join("\n"), &[]);
        let (usd, summary) = (report["total"]["usd"].clone(), &report["summary"]);
        let usd = usd.as_str().expect("a sum").to_owned();
        (usd, summary["in_costs"].as_u64(), summary["priced"].as_u64())
    };
    let once = ("0.80".to_owned(), Some(1), Some(0));
    let twice = ("1.80".to_owned(), Some(0), Some(1));
    assert_eq!(of([used(None), cost(OCTOBER, None)]), once);
    assert_eq!(of([cost(OCTOBER, Some("p")), used(Some("p"))]), once);
    assert_eq!(of([used(Some("p")), cost(OCTOBER, None)]), once);
    // Costs of another day or of another project alone say nothing of these requests.
    assert_eq!(of([used(None), cost(OCTOBER + 86_400, None)]), twice);
    assert_eq!(of([used(Some("p")), cost(OCTOBER, Some("q"))]), twice);
    let pages = used(None) + "\n" + &cost(OCTOBER, None);
    let text = stdout(&usage(folder.path(), "both.json", &pages, &[]));
    let note = "note: 1 record of usage counts with its tokens alone: pages of costs of that day state what it cost\n";
    assert!(text.contains(note), "{text}");
}

#[test]
fn models_are_known_by_what_providers_and_gateways_call_them() {
    let folder = workspace();
    with_endpoints(folder.path());
    let is_known = |provider: &str, model: &str| {
        let spent = format!("use_case,month,usd,provider,model\nchat,2026-10,100,{provider},{model}\n");
        let report = report(folder.path(), "spend.csv", &spent, &[]);
        !found(&report).iter().any(|(_, code)| code == "unknown-model")
    };
    for (provider, model) in [
        ("", "eu.north.beta-v1"),
        ("north", "eu.north.beta-v1"),
        ("", "north/alpha-1"),
        ("", "north/eu.north.beta-v1"),
        ("", "north_ai/eu/alpha"),
    ] {
        assert!(is_known(provider, model), "{provider} {model}");
    }
    for (provider, model) in
        [("openai", "alpha"), ("", "openai/alpha"), ("", "deepinfra/alpha"), ("openai", "north/alpha")]
    {
        assert!(!is_known(provider, model), "{provider} {model}");
    }
}

#[test]
fn a_time_that_is_not_understood_is_no_money_left_out() {
    let folder = workspace();
    with_endpoints(folder.path());
    let focus = |at: &str| format!("BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,{at}\n");
    for at in ["2026-10-05 00:00:00 UTC", "2026-10-05T00:00:00Z", "2026-10-05 00:00:00", "2026-10-05"] {
        assert_eq!(report(folder.path(), "bill.csv", &focus(at), &[])["total"]["usd"], "1.00", "{at}");
    }
    let why = "error: cannot add up `bill.csv`: line 2: `ChargePeriodStart` is not a time: `10/05/2026`\n";
    assert_eq!(refused(folder.path(), "bill.csv", &focus("10/05/2026")), why);
    let portkey = json!({"ai_org": "north", "ai_model": "alpha", "created_at": OCTOBER * 1000, "cost": 250,
        "cost_currency": "USD"});
    let of = report(folder.path(), "portkey.jsonl", &(portkey.to_string() + "\n"), &["--by", "model"]);
    assert_eq!((&of["total"]["usd"], &of["rows"][0]["value"]), (&json!("2.50"), &json!("north/alpha")));
    let event = json!({"time": "soon", "use_case": "chat", "cost_usd": 1}).to_string() + "\n";
    let why = "error: cannot add up `log.ndjson`: line 1: `soon` is not a time\n";
    assert_eq!(refused(folder.path(), "log.ndjson", &event), why);
}

/// What a team spent counts for budgets that cover all of its use cases, and is somebody's.
#[test]
fn spending_by_team_counts_for_budgets_that_cover_the_team() {
    let folder = workspace();
    let more = "budget half {\n  when use_case == chat\n  limit 1 usd per month\n}\nbudget each {\n  per team\n  limit 500 usd per month\n}\n";
    std::fs::write(folder.path().join("policies/p.gov"), POLICY.to_owned() + more).expect("a file");
    let spent = "team,month,usd\nsupport,2026-10,130\nops,2026-10,5\nnobody,2026-10,2\n";
    let report = report(folder.path(), "spend.csv", spent, &["--by", "team", "--drift", "90%"]);
    assert_eq!(found(&report), pairs(&[("nobody", "unknown-team"), ("support", "over-budget")]));
    let usd = |name: &str| {
        let budgets = report["budgets"].as_array().expect("budgets").iter();
        budgets.clone().find(|budget| budget["name"] == name).map(|budget| budget["usd"].clone())
    };
    assert_eq!(
        [usd("support"), usd("half"), usd("each")],
        [Some(json!("130.00")), Some(json!("0.00")), Some(json!("135.00"))]
    );
}

/// Prompts that are added up are long where the record says so, or on the mean; else it is said that they may have been.
#[test]
fn prompts_that_are_added_up_are_no_long_prompt() {
    let folder = workspace();
    with_endpoints(folder.path());
    let of = |window: Value| {
        let row = json!({"model": "claude", "uncached_input_tokens": 1_000_000, "output_tokens": 0, "context_window": window});
        let bucket = json!({"starting_at": "2026-10-05T00:00:00Z", "results": [row]});
        let page = json!({"data": [bucket], "has_more": false, "next_page": null}).to_string();
        let report = report(folder.path(), "log.json", &page, &[]);
        (report["total"]["usd"].clone(), report["summary"]["guessed"].clone())
    };
    assert_eq!(of(Value::Null), (json!("1.00"), json!(1)));
    assert_eq!(of(json!("0-200k")), (json!("1.00"), json!(0)));
    assert_eq!(of(json!("200k-1M")), (json!("2.00"), json!(0)));
    let of = |requests: u64| {
        let event = json!({"time": "2026-10-05T00:00:00Z", "use_case": "chat", "route": "north/beta", "requests": requests,
            "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0});
        let report = report(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &[]);
        (report["total"]["usd"].clone(), report["summary"]["guessed"].clone())
    };
    assert_eq!(
        [of(1), of(2), of(100)],
        [(json!("2.00"), json!(0)), (json!("2.00"), json!(1)), (json!("1.00"), json!(1))]
    );
    let event = json!({"time": "2026-10-05T00:00:00Z", "use_case": "chat", "route": "north/beta", "requests": 100,
        "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0});
    let output = usage(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &[]);
    assert!(
        stdout(&output)
            .contains("\nnote: 1 record that is priced by the registry may have cost more or less: ")
    );
}

/// A month that goes on says nothing of a whole one; what is not billed is said to be effective.
#[test]
fn what_was_left_open_is_said() {
    let folder = workspace();
    let event = json!({"time": "2026-11-05T00:00:00Z", "use_case": "chat", "route": "north/alpha", "effective_usd": 1,
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10});
    let text = event.to_string() + "\n";
    let of = report(folder.path(), "log.ndjson", &text, &["--month", "2026-11", "--suggest"]);
    assert_eq!((&of["suggestions"], &of["summary"]["not_billed"]), (&json!([]), &json!(1)));
    let said = stdout(&usage(folder.path(), "log.ndjson", &text, &["--month", "2026-11", "--suggest"]));
    for note in [
        "note: 2026-11 is not over, so nothing is held against its forecast, and nothing is suggested from it\n",
        "note: 1 record states no billed amount: its effective one counts\n",
    ] {
        assert!(said.contains(note), "{said}");
    }
    assert!(ESTATE.contains("chat"));
}

/// Percents are rounded half to even, as `cost` and `review` do.
#[test]
fn percents_are_rounded() {
    let folder = workspace();
    let said = |usd: &str| {
        let spent = format!("use_case,month,usd\nchat,2026-10,{usd}\n");
        stdout(&usage(folder.path(), "spend.csv", &spent, &[]))
    };
    // 79.99 of 120 are 66.658%.
    assert!(said("79.99").contains("66.7%"), "{}", said("79.99"));
    assert!(said("79.99").contains("-46.7%"), "{}", said("79.99"));
}
