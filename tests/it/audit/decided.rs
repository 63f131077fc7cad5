//! What an event leaves open is decided by what is known besides, and nothing is asserted that may be otherwise.

use serde_json::{Value, json};

use super::logs::said;
use super::{audit, table, workspace};
use crate::bundle::{self, root, run, status, stderr, stdout};
use crate::schemas;

/// An event of `numbers`, in which nothing is wrong, with more stated.
fn event(more: &Value) -> String {
    let mut event = json!({"time": "2026-11-20T08:00:00Z", "request_id": "x", "use_case": "numbers", "user": "u",
        "business_unit": "ops", "team": "planning", "prompt_version": "v1", "route": "north/alpha", "hop": 0,
        "environment": "dev", "data_mode": "test"});
    event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    event.to_string() + "\n"
}

/// The price of a batch is that of use cases that are batches, where an event does not say what it was.
#[test]
fn a_workload_that_is_not_stated_is_that_of_the_use_case() {
    let folder = workspace();
    table(folder.path());
    let tokens = |cost: &str, more: Value| {
        let mut tokens = json!({"gen_ai.usage.input_tokens": 40_000, "gen_ai.usage.output_tokens": 4_000, "cost_usd": cost});
        tokens.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        event(&tokens)
    };
    // 0.18 usd, and 0.09 as a batch, which `numbers` is and `vault` is not.
    let is_off = |line: &str, of: &[&str]| {
        std::fs::write(folder.path().join("log.ndjson"), line).expect("a log");
        let arguments = [&["log.ndjson", "--format", "lines"], of].concat();
        let output = audit(folder.path(), &arguments);
        assert!(status(&output) < 2, "{}", stderr(&output));
        stdout(&output).contains("\"cost-off\"")
    };
    let (by_workspace, by_table) = ([], ["--table", "table.json"]);
    let (batch, full) = (tokens("0.09", json!({})), tokens("0.18", json!({})));
    assert_eq!([is_off(&batch, &by_workspace), is_off(&full, &by_workspace)], [false, true]);
    // A table alone does not say it: both prices may be right.
    assert_eq!([is_off(&batch, &by_table), is_off(&full, &by_table)], [false, false]);
    let both = ["--table", "table.json", "-C", "."];
    assert_eq!([is_off(&batch, &both), is_off(&full, &both)], [false, true]);
    let stated = json!({"workload": "interactive"});
    assert_eq!(
        [is_off(&tokens("0.09", stated.clone()), &[]), is_off(&tokens("0.18", stated), &[])],
        [true, false]
    );
    let vault = json!({"use_case": "vault"});
    assert_eq!(
        [is_off(&tokens("0.09", vault.clone()), &[]), is_off(&tokens("0.18", vault), &[])],
        [true, false]
    );
}

/// What no model served though the table led to one is not replayed; what the table refused itself is.
#[test]
fn what_an_outage_or_a_budget_stopped_goes_nowhere_else() {
    let folder = workspace();
    table(folder.path());
    let (outage, refused) = (
        [
            event(
                &json!({"request_id": "a", "status": "queued", "trigger": "unavailable", "failover": "outage"}),
            ),
            event(&json!({"request_id": "b", "status": "blocked"})),
            event(
                &json!({"request_id": "c", "status": "queued", "trigger": "unavailable", "hop": 2, "requests": 3}),
            ),
        ],
        // Nothing follows on it.
        event(&json!({"request_id": "d", "status": "blocked", "trigger": "unauthorized", "hop": 1})),
    );
    std::fs::write(folder.path().join("log.ndjson"), outage.concat() + &refused).expect("a log");
    let replay = |format: &str| {
        let arguments = ["log.ndjson", "--table", "table.json", "--replay", "table.json", "--format", format];
        audit(folder.path(), &arguments)
    };
    let report = bundle::json(&replay("json"));
    schemas::holds("replay", &report);
    assert_eq!(
        (&report["unserved"], &report["summary"]["requests"], &report["summary"]["same"]),
        (&json!(5), &json!(1), &json!(1)),
        "{report:#}"
    );
    let said = stdout(&replay("human"));
    assert!(
        said.contains("\nnote: 5 requests were served by no model though their table led to one, as in an outage or for a budget, and were not replayed\n"),
        "{said}"
    );
    // Where another table leads on, that is told.
    let rules = folder.path().join("policies/rules.gov");
    let policy = std::fs::read_to_string(&rules).expect("the policy");
    let more = "\nfailover keys {\n  on unauthorized\n  follow ranking\n  because \"a test\"\n}\n";
    std::fs::write(&rules, policy + more).expect("a file");
    let arguments = ["log.ndjson", "--table", "table.json", "--replay", ".", "--format", "json"];
    let moved = bundle::json(&audit(folder.path(), &arguments));
    let moves = &moved["use_cases"][0]["moves"];
    assert_eq!((&moves[0]["from"], &moves[0]["requests"]), (&json!("refused"), &json!(1)), "{moved:#}");
}

#[test]
fn the_region_is_read_where_metadata_is_flat() {
    let folder = workspace();
    table(folder.path());
    let stated =
        json!({"use_case": "letters", "route": "house/gamma", "hop": "0", "region": "mars", "user": "u"});
    let is_found = |name: &str, row: Value| {
        let found = said(folder.path(), name, &row.to_string(), &[]);
        let wanted = "wrong-region: it was processed in `mars`, and may be in `eu` only";
        assert!(found.iter().any(|line| line == wanted), "{name}: {found:?}");
    };
    is_found(
        "portkey.json",
        json!({"id": "p", "created_at": 1_795_255_200_000_u64, "ai_org": "openai", "ai_model": "gamma",
            "metadata": stated}),
    );
    is_found(
        "litellm.json",
        json!({"request_id": "l", "startTime": "2026-11-20T08:00:00Z", "model": "gamma", "custom_llm_provider": "house",
            "metadata": {"requester_metadata": stated}}),
    );
    // Elsewhere the word means other things.
    let other = json!({"request_id": "l", "startTime": "2026-11-20T08:00:00Z", "model": "alpha",
        "custom_llm_provider": "north", "metadata": {"govctl": {"use_case": "letters"}, "region": "mars"}});
    let found = said(folder.path(), "other.json", &other.to_string(), &[]);
    assert!(!found.iter().any(|line| line.starts_with("wrong-region")), "{found:?}");
}

/// Where no trigger is named and several statements lead to a model, each of them may have.
#[test]
fn of_several_statements_none_is_asserted() {
    let folder = workspace();
    table(folder.path());
    let found = |more: Value| -> Vec<String> {
        let of_failover = ["wrong-trigger", "failover-not-logged", "not-confirmed", "wrong-decision"];
        let found = said(folder.path(), "log.ndjson", &event(&more), &[]);
        let is_of = |line: &String| of_failover.iter().any(|code| line.starts_with(code));
        let codes = found.into_iter().filter(is_of);
        codes.map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    // To `beta` lead `long`, which asks for nothing, and `outage`, which asks to be logged and confirmed.
    let to_beta = json!({"route": "north/beta", "hop": 1});
    assert_eq!(found(to_beta), ["wrong-trigger"]);
    let anywhere = json!({"route": "north/beta", "hop": null});
    assert_eq!(found(anywhere), ["wrong-trigger"]);
    let named = json!({"route": "north/beta", "hop": 1, "failover": "outage"});
    assert_eq!(found(named), ["wrong-trigger", "failover-not-logged", "not-confirmed"]);
    let logged = json!({"route": "north/beta", "hop": 1, "logged_as": "governance-event"});
    assert_eq!(found(logged), ["wrong-trigger", "not-confirmed"]);
    let unknown = json!({"route": "north/beta", "hop": 1, "failover": "another"});
    assert_eq!(found(unknown), ["wrong-trigger", "wrong-decision"]);
}

/// The log name of one statement is not missed for another.
#[test]
fn a_log_name_says_which_statement_led_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |logged: &str| {
        let event = json!({"time": "2026-11-21T08:00:00Z", "request_id": "a", "use_case": "assistant.premium",
            "team": "product", "route": "anthropic/claude-sonnet", "hop": 1, "logged_as": logged});
        let path = folder.path().join("log.ndjson");
        std::fs::write(&path, event.to_string() + "\n").expect("a log");
        let path = path.to_str().expect("UTF-8");
        let output = run(&root("examples/saas"), &["audit", path, "--format", "lines"]);
        assert!(status(&output) < 2, "{}", stderr(&output));
        stdout(&output)
    };
    for name in ["account-failover", "assistant-failover"] {
        assert!(!said(name).contains("failover-not-logged"), "{}", said(name));
    }
    let all = said("another");
    for name in [
        "failover `outage` is to be logged as `assistant-failover`",
        "or failover `empty-account` is to be logged as `account-failover`",
    ] {
        assert!(all.contains(name), "{all}");
    }
}

#[test]
fn an_empty_fact_is_not_stated() {
    let folder = workspace();
    table(folder.path());
    for empty in [
        json!({"facts": {"tenant": ""}, "classification": "", "budgets": {"daily": ""}}),
        json!({"facts.tenant": "", "budget.remaining": ""}),
        // The other reader: it has an escape.
        json!({"facts": {"tenant": ""}, "application": "a\tb"}),
    ] {
        assert_eq!(said(folder.path(), "log.ndjson", &event(&empty), &[]), Vec::<String>::new(), "{empty}");
    }
    let csv = "time,use_case,business_unit,team,user,prompt_version,route,hop,facts.tenant\n2026-11-20T08:00:00Z,numbers,ops,planning,u,v1,north/alpha,0,\n";
    assert_eq!(said(folder.path(), "log.csv", csv, &[]), Vec::<String>::new());
    let envoy = said(folder.path(), "log.ndjson", &event(&json!({"facts": {"tenant": "gold"}})), &[]);
    assert_eq!(envoy.len(), 1, "{envoy:?}");
}

#[test]
fn production_is_known_by_the_words_of_its_name() {
    let folder = workspace();
    table(folder.path());
    let is_found = |environment: &str, mode: &str| {
        let line = event(&json!({"environment": environment, "data_mode": mode}));
        said(folder.path(), "log.ndjson", &line, &[])
            == [format!("test-in-production: `{mode}` data in `{environment}`")]
    };
    for name in ["prod-eu", "prd", "production-eu-1", "prod ", "LIVE"] {
        assert!(is_found(name, "test"), "{name}");
        assert!(!is_found(name, "real") && !is_found(name, "production"), "{name}");
    }
    for name in ["non-prod", "pre-production", "staging", "products"] {
        assert!(!is_found(name, "test"), "{name}");
    }
    // The page lists the words.
    let page = std::fs::read_to_string(root("docs/events.md")).expect("a document");
    let words =
        |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<String>>().join(", ");
    for list in [&govctl::audit::PRODUCTION[..], &govctl::audit::REAL, &govctl::audit::NOT] {
        assert!(page.contains(&words(list)), "{}", words(list));
    }
}

/// A table of which nothing could be understood is refused before its rows are.
#[test]
fn a_table_that_says_nothing_is_refused_by_its_first_row() {
    let folder = workspace();
    table(folder.path());
    let refused = |text: &str, more: &[&str]| {
        std::fs::write(folder.path().join("log.csv"), text).expect("a file");
        let output = audit(folder.path(), &[&["log.csv", "--table", "table.json"], more].concat());
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{text}");
        stderr(&output).replace("error: cannot read `log.csv`: ", "")
    };
    assert_eq!(
        refused("time;use_case\n2026-11-20T08:00:00Z;numbers\n", &["--input", "event"]),
        "its columns are separated by `;`, and not by commas\n"
    );
    assert_eq!(
        refused("use_case,hop\nnumbers,0\n", &[]),
        "its first row does not name the column `time`, without which a table of `event` says nothing; one of `spend` has `use_case`, `month` and `usd`\n"
    );
}
