//! `usage`: what it says is of the month that is looked at, and in the words of the files that were read.

use std::path::Path;

use serde_json::{Value, json};

use crate::bundle::{run, status, stderr, stdout};
use crate::usage::{ESTATE, REGISTRY, found, pairs, report, usage, workspace};

fn refused(folder: &Path, name: &str, text: &str, more: &[&str]) -> String {
    let output = usage(folder, name, text, more);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    stderr(&output).replace(&(folder.display().to_string() + "/"), "")
}

fn lines(events: &[Value]) -> String {
    events.iter().map(|event| event.to_string() + "\n").collect()
}

/// A batch costs what `cost` expects of it, whether or not its records say that they are batches.
#[test]
fn what_a_batch_cost_is_told_by_its_use_case() {
    let folder = workspace();
    let beta = "      - {name: beta, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1, batch_discount: 50%}\n";
    std::fs::write(folder.path().join("registry/r.yaml"), REGISTRY.to_owned() + beta).expect("a file");
    let nightly = "  - {name: nightly, owner: n@example.com, endpoint_tag: night, team: ops, data_classification: internal, workload: batch}\n";
    std::fs::write(folder.path().join("estate/e.yaml"), ESTATE.to_owned() + nightly).expect("a file");
    let spent = |more: Value| {
        let mut event = json!({"time": "2026-10-05T00:00:00Z", "route": "north/beta",
            "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 1_000_000});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let report = report(folder.path(), "log.ndjson", &lines(&[event]), &[]);
        (report["total"]["usd"].clone(), report["summary"]["guessed"].clone())
    };
    let known = |usd: &str| (json!(usd), json!(0));
    assert_eq!(spent(json!({"use_case": "nightly"})), known("1.00"));
    assert_eq!(spent(json!({"endpoint_tag": "night"})), known("1.00"));
    assert_eq!(spent(json!({"use_case": "chat"})), known("2.00"));
    assert_eq!(spent(json!({"use_case": "nightly", "workload": "interactive"})), known("2.00"));
    // Nobody says.
    assert_eq!(spent(json!({})), (json!("2.00"), json!(1)));
    assert_eq!(spent(json!({"workload": "batch"})), known("1.00"));
}

#[test]
fn notes_are_of_the_month_alone() {
    let folder = workspace();
    let tokens = |month: &str, id: &str, model: &str| {
        json!({"time": format!("{month}-02T08:00:00Z"), "request_id": id, "use_case": "chat", "route": model,
            "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0})
    };
    let billed =
        json!({"time": "2026-10-02T08:00:00Z", "request_id": "d", "use_case": "chat", "billed_usd": 100});
    let repeated = tokens("2026-08", "b", "zzz/none");
    let log = lines(&[tokens("2026-08", "a", "north/alpha"), repeated.clone(), repeated, billed]);
    let counts = |month: &str| {
        let of = report(folder.path(), "log.ndjson", &log, &["--month", month]);
        let summary = ["priced", "priced_usd", "unpriced", "repeated"].map(|key| of["summary"][key].clone());
        (
            summary,
            stdout(&usage(folder.path(), "log.ndjson", &log, &["--month", month])).matches("note: ").count(),
        )
    };
    assert_eq!(counts("2026-10"), ([json!(0), json!("0.00"), json!(0), json!(0)], 0));
    assert_eq!(counts("2026-08"), ([json!(1), json!("1.00"), json!(1), json!(1)], 3));
    let path = folder.path().join("log.ndjson");
    let page = |month: &str| {
        let arguments = ["review", "--usage", path.to_str().expect("UTF-8"), "--month", month];
        stdout(&run(folder.path(), &arguments))
    };
    assert!(!page("2026-10").contains("priced by the registry"), "{}", page("2026-10"));
    assert!(page("2026-10").contains("Every name on this month's bills is known."));
    assert!(page("2026-08").contains("1 record states no amount and is priced by the registry: 1.00 usd."));
    assert!(page("2026-08").contains("| `zzz/none` | unknown model | 0.00 |"));
}

/// Logs and bills call a provider by other names, and it is one.
#[test]
fn a_provider_is_one_in_a_reconciliation() {
    let folder = workspace();
    let more = "  azure-eu:\n    owner: z@example.com\n    models:\n      - {name: gpt, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n";
    std::fs::write(folder.path().join("registry/r.yaml"), REGISTRY.to_owned() + more).expect("a file");
    let logs = "use_case,month,usd,provider,model\nchat,2026-10,3,azure-eu,gpt\nchat,2026-10,4,azure,gpt\nchat,2026-10,1,azure.ai.openai,\nchat,2026-10,9,Some Reseller,x\n";
    let bill = "BilledCost,BillingCurrency,ChargePeriodStart,ServiceProviderName,SkuId\n5,USD,2026-10-01T00:00:00Z,Microsoft,gpt\n2,USD,2026-10-01T00:00:00Z,Microsoft,a sku of theirs\n1,USD,2026-10-01T00:00:00Z,SOME RESELLER,x\n";
    std::fs::write(folder.path().join("bill.csv"), bill).expect("a file");
    let path = folder.path().join("bill.csv");
    let of = report(folder.path(), "spend.csv", logs, &["--bill", path.to_str().expect("UTF-8")]);
    assert_eq!(
        of["reconciliation"],
        json!([
            {"month": "2026-10", "provider": "azure-eu", "logs_usd": "8.00", "bill_usd": "7.00", "found": []},
            {"month": "2026-10", "provider": "some reseller", "logs_usd": "9.00", "bill_usd": "1.00", "found": ["unreconciled"]}
        ])
    );
}

#[test]
fn spending_for_a_team_that_nobody_is_in_is_found() {
    let folder = workspace();
    let found_for = |row: &str| {
        let spent = format!("month,usd,use_case,team,project,model\n2026-10,10,{row}\n");
        found(&report(folder.path(), "spend.csv", &spent, &["--drift", "1000%"]))
    };
    assert_eq!(found_for(",zzz,,"), pairs(&[("zzz", "unknown-team")]));
    assert_eq!(found_for(",,apollo,"), pairs(&[("apollo", "unknown-project")]));
    assert_eq!(found_for(",zzz,apollo,"), pairs(&[("zzz", "unknown-team"), ("apollo", "unknown-project")]));
    // It is the team's, or the use case's.
    assert_eq!(found_for(",support,apollo,"), pairs(&[]));
    assert_eq!(found_for("chat,zzz,,"), pairs(&[]));
    assert_eq!(found_for(",,,"), pairs(&[("-", "untagged")]));
    let said = stdout(&usage(folder.path(), "spend.csv", "month,usd,team\n2026-10,10,zzz\n", &[]));
    assert!(said.contains("\nunknown-team: 10.00 usd, 100.0% of the month\n  10.00 usd  zzz\n"), "{said}");
}

#[test]
fn what_cannot_be_read_is_named_as_the_file_does() {
    let folder = workspace();
    let why = |text: &str| {
        let said = refused(folder.path(), "spend.csv", text, &[]);
        said.replace("error: cannot add up `spend.csv`: line 2: ", "")
            .replace("error: cannot read `spend.csv`: ", "")
    };
    let amount = |text: &str| why(&format!("use_case,month,usd\nchat,2026-10,{text}\n"));
    assert_eq!(
        amount("\"1,250.50\""),
        "`usd` is an amount of US dollars, not `1,250.50`; write a point before the cents, and nothing between thousands\n"
    );
    assert_eq!(
        amount("9223372036854775807"),
        "`usd` is more than 1,000,000,000,000 US dollars: `9223372036854775807`\n"
    );
    let focus = |cost: &str, tags: &str| {
        format!(
            "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,Tags\n1,{cost},USD,2026-10-01T00:00:00Z,{tags}\n"
        )
    };
    assert_eq!(why(&focus("NULL", "")), "`EffectiveCost` is an amount of US dollars, not `NULL`\n");
    let no_tags = "`Tags` is neither a JSON object nor a list of `key` and `value`\n";
    assert_eq!(why(&focus("1", "use_case:chat;team:support")), no_tags);
    assert_eq!(why(&focus("1", "\"[\"\"chat\"\"]\"")), no_tags);
    let listed = "\"[{\"\"key\"\":\"\"use_case\"\",\"\"value\"\":\"\"chat\"\"}]\"";
    let bare = "\"\"\"use_case\"\": \"\"chat\"\"\"";
    for (tags, untagged) in [(listed, 0), (bare, 0), ("", 1), ("{}", 1), ("null", 1), ("[]", 1)] {
        let of = report(folder.path(), "bill.csv", &focus("1", tags), &["--drift", "1000%"]);
        assert_eq!(of["unknown"].as_array().expect("names").len(), untagged, "{tags}");
    }
    let portkey =
        json!({"ai_org": "north", "ai_model": "alpha", "created_at": 1_791_158_400_000_u64, "cost": "much"});
    assert_eq!(
        refused(folder.path(), "portkey.json", &portkey.to_string(), &[]),
        "error: cannot add up `portkey.json`: line 1: `cost` is in cents, not `much`\n"
    );
}

#[test]
fn a_table_that_states_no_money_is_told_what_it_lacks() {
    let folder = workspace();
    let why = |text: &str, more: &[&str]| {
        refused(folder.path(), "spend.csv", text, more).replace("error: cannot read `spend.csv`: ", "")
    };
    let separated = |by: &str| format!("its columns are separated by {by}, and not by commas\n");
    assert_eq!(why("use_case;month;usd\nchat;2026-10;12\n", &[]), separated("`;`"));
    assert_eq!(why("use_case;month;usd\nchat;2026-10;12,50\n", &["--input", "spend"]), separated("`;`"));
    assert_eq!(why("use_case\tmonth\tusd\nchat\t2026-10\t12\n", &[]), separated("tabs"));
    let lacks = |what: &str| format!("its first row does not name the {what}, without which a table of ");
    let euros = "use_case,month,eur\nchat,2026-10,12\n";
    let spend = "; one of `spend` has `use_case`, `month` and `usd`\n";
    assert_eq!(why(euros, &[]), lacks("column `time`") + "`event` says nothing" + spend);
    assert_eq!(why(euros, &["--input", "spend"]), lacks("column `usd`") + "`spend` says nothing\n");
    assert_eq!(
        why("use_case\nchat\n", &["--input", "spend"]),
        lacks("columns `month` and `usd`") + "`spend` says nothing\n"
    );
    assert_eq!(
        refused(folder.path(), "log.ndjson", "{\"use_case\":\"chat\",\"cost_usd\":1}\n", &[]),
        "error: nothing was spent: of 1 record none names a time\n"
    );
}

/// That nothing is suggested is said, and why.
#[test]
fn what_was_asked_for_and_is_not_there_is_said() {
    let folder = workspace();
    let said = |name: &str, text: &str| stdout(&usage(folder.path(), name, text, &["--suggest"]));
    let spent = said("spend.csv", "use_case,month,usd\nchat,2026-10,100\n");
    assert!(spent.contains("\nnote: nothing is suggested: no record of 2026-10 states tokens\n"), "{spent}");
    let log = lines(&[
        json!({"time": "2026-10-05T00:00:00Z", "use_case": "chat", "cost_usd": 100, "requests": 1000,
        "gen_ai.usage.input_tokens": 80_000_000, "gen_ai.usage.output_tokens": 20_000_000}),
    ]);
    let same = said("log.ndjson", &log);
    let note = "\nnote: nothing is suggested: no use case that is known used other tokens than it expects\n";
    assert!(same.contains(note), "{same}");
}
