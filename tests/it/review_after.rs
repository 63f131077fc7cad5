//! `review`: what becomes of requests when something ends, what logs say of traffic, and whose tables are believed.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::bundle::{self, root, run, status, stderr, stdout};
use crate::usage::{REGISTRY, workspace};

fn page(folder: &Path, more: &[&str]) -> String {
    let output = run(folder, &[&["review"], more].concat());
    assert!(status(&output) < 2, "{}", stderr(&output));
    stdout(&output)
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
}

/// The enterprise: a model that ends moves requests to the next one at a price, a budget's end changes no route, and all
/// of it together leads elsewhere than each alone.
#[test]
fn what_becomes_of_requests_stands_beside_what_ends() {
    let of = page(&root("examples/enterprise"), &["--as-of", "2026-11-26"]);
    has(
        &of,
        &[
            "If nothing is renewed, on 2027-03-01 6 use cases are decided otherwise than today, and none is blocked; those that are still served cost 713.10 less, in US dollars a month.",
            "| model `openai/gpt-5-mini` | 2026-12-10 | 1 | `hr.training` | `openai/gpt-5-mini`, then `openai/gpt-5.4-mini`, then `anthropic/claude-sonnet-4-5` | `openai/gpt-5.4-mini`, then `anthropic/claude-sonnet-4-5` | 47.50 more |",
            "; widens to `ovhcloud/llama-3.3-70b` | the same |",
            "| the same models as today; regions, terms of failover, budgets, quotas or audit duties change | the same |",
            "| 1 | `hr.training` | `openai/gpt-5-mini`, then `openai/gpt-5.4-mini`, then `anthropic/claude-sonnet-4-5` | `openai/gpt-5.4-mini` | 47.50 more |",
        ],
    );
}

/// What no model may serve once something has ended is to be mended first.
#[test]
fn what_an_ending_blocks_needs_a_decision() {
    let folder = workspace();
    let ends = REGISTRY.replace("{name: alpha,", "{name: alpha, lifecycle: {sunset: 2026-11-30},");
    fs::write(folder.path().join("registry/r.yaml"), ends).expect("a file");
    let of = page(folder.path(), &["--as-of", "2026-11-21"]);
    has(
        &of,
        &[
            "| Model `north/alpha` ends, and then no model may serve `chat`, `drafts` and `silent` |",
            "| `north/alpha` | **blocked: no model may serve it** |  |",
            "If nothing is renewed, on 2026-11-30 3 use cases are decided otherwise than today, and 3 of them are blocked.",
        ],
    );
}

/// What ends for some requests only, or leaves nothing decided, is said so.
#[test]
fn requests_that_an_ending_alone_stops_are_not_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    let model = |name: &str, ceiling: &str, cost: &str, life: &str| {
        format!(
            "      - name: {name}\n        approved_use_cases: [\"*\"]\n        data_classification_max: {ceiling}\n        cost_per_1m_tokens_input: {cost}\n        cost_per_1m_tokens_output: {cost}\n{life}"
        )
    };
    let models = model("high", "restricted", "2", "        lifecycle: {sunset: 2026-12-10}\n")
        + &model("low", "internal", "1", "");
    let head = "providers:\n  p:\n    owner: p@example.com\n    regions: [eu, us]\n    region_selectable: true\n    models:\n";
    write("registry/r.yaml", &(head.to_owned() + &models));
    write(
        "estate/e.yaml",
        "use_cases:\n  - {name: chat, owner: c@example.com, team: t, data_classification: internal}\n",
    );
    write("policies/p.gov", "classifications internal < restricted\n");
    let of = page(folder.path(), &["--as-of", "2026-11-21"]);
    has(
        &of,
        &[
            "Model `p/high` ends, and then some requests for `chat` are blocked",
            "; some other requests are blocked",
            "1 use case is decided otherwise than today, and some requests for 1 of them are blocked.",
        ],
    );
    write(
        "policies/p.gov",
        "classifications internal < restricted\ncompliance rule stay { until 2026-12-01 process in eu because \"x\" }\n",
    );
    let of = page(folder.path(), &["--as-of", "2026-11-21"]);
    has(
        &of,
        &[
            "| rule `stay` | 2026-12-01 | 1 | `chat` | `p/low` | the same models as today; regions, terms of failover, budgets, quotas or audit duties change |",
        ],
    );
}

/// Requests that were answered, refused and led elsewhere are counted by use case, attempts that failed apart, and held
/// beside what is expected and what was spent.
#[test]
fn what_logs_cover_is_said() {
    let folder = workspace();
    let event = |id: &str, use_case: &str, more: serde_json::Value| {
        let mut event = json!({"request_id": id, "time": "2026-10-05T00:00:00Z", "use_case": use_case});
        for (key, value) in more.as_object().expect("an object") {
            event[key] = value.clone();
        }
        event.to_string() + "\n"
    };
    let log = [
        event("a", "chat", json!({"route": "north/alpha", "hop": 0, "status": "error"})),
        event("a", "help.chat", json!({"route": "north/alpha", "hop": 1, "status": "success"})),
        event("b", "chat", json!({"status": "blocked"})),
        event("c", "nobody", json!({"route": "north/alpha", "status": "success"})),
        event("d", "chat", json!({"route": "north/alpha", "hop": 0, "status": "success"})),
        event("d", "chat", json!({"route": "north/alpha", "hop": 0, "status": "success"})),
    ];
    fs::write(folder.path().join("log.ndjson"), log.concat()).expect("a log");
    fs::write(folder.path().join("bill.csv"), "use_case,month,usd,requests\nchat,2026-10,5,8\n")
        .expect("a bill");
    let (log, bill) = (folder.path().join("log.ndjson"), folder.path().join("bill.csv"));
    let (log, bill) = (log.to_str().expect("UTF-8"), bill.to_str().expect("UTF-8"));
    let of = page(folder.path(), &["--audit", log, "--usage", bill]);
    has(
        &of,
        &[
            "They tell of 4 requests that came to an end: answered by a failover 1, blocked, queued or degraded 1; attempts that failed: 1.",
            "They cover 4.5% of the requests that the estate expects in 1 day; of 1 use case that expects requests, none is logged.",
            "In 2026-10 what was spent stands for 8 requests, and the logs hold 4 (50.0%).",
            "| `chat` | 3 | 33 | 9.0% | 1 | 1 | 1 | ",
            "| `drafts` | 0 | 33 | 0.0% | 0 | 0 | 0 | 0 |",
            "| none that is known | 1 |  |  | 0 | 0 | 0 | **1** |",
            " | `c@example.com` | now | Logged and decided |",
        ],
    );
}

/// An error of which no hop is told is no attempt among others: the request ended in it.
#[test]
fn a_request_that_ended_in_an_error_is_one() {
    let folder = workspace();
    let event = |id: &str, more: &str| {
        format!(
            "{{\"request_id\": \"{id}\", \"time\": \"2026-10-05T00:00:00Z\", \"use_case\": \"chat\", \"route\": \"north/alpha\", \"status\": \"error\"{more}}}\n"
        )
    };
    let log = folder.path().join("log.ndjson");
    fs::write(&log, event("a", "") + &event("b", ", \"hop\": 0") + &event("a", "")).expect("a log");
    let of = page(folder.path(), &["--audit", log.to_str().expect("UTF-8")]);
    has(
        &of,
        &[
            "They tell of 1 request that came to an end: answered by a failover 0, blocked, queued or degraded 0, ended in an error 1; attempts that failed: 1.",
        ],
    );
}

/// A back quote in a name turns nothing about: the name is one piece of code, and what follows is none.
#[test]
fn back_quotes_in_names_stay_in_their_code() {
    let folder = workspace();
    let ends = REGISTRY.replace("{name: alpha,", "{name: 'al`p` ha`', lifecycle: {sunset: 2026-11-30},");
    fs::write(folder.path().join("registry/r.yaml"), ends).expect("a file");
    let html = page(folder.path(), &["--as-of", "2026-11-21", "--format", "html"]);
    crate::review::is_page(&html);
    has(
        &html,
        &[
            "model <code>north/al`p` ha`</code>",
            "<code>north/al`p` ha`</code> ends, and then no model may serve <code>chat</code>",
        ],
    );
    let markdown = page(folder.path(), &["--as-of", "2026-11-21"]);
    has(&markdown, &["model `north/al'p' ha'` |", "no model may serve `chat`, `drafts` and `silent`"]);
}

/// A table that somebody else has signed, or nobody, is no ground for a page.
#[test]
fn tables_are_believed_where_they_are_signed() {
    let folder = workspace();
    let key = |name: &str| root("loaders/rust/tests/signing").join(name).display().to_string();
    let table = folder.path().join("table.json").display().to_string();
    let make = run(folder.path(), &["compile", "-o", &table, "--sign-key", &key("ci.key")]);
    assert_eq!(status(&make), 0, "{}", stderr(&make));
    let event = json!({"time": "2026-11-21T00:00:00Z", "use_case": "chat", "route": "north/alpha"});
    fs::write(folder.path().join("log.ndjson"), event.to_string()).expect("a log");
    let ask = |public: &str| -> Output {
        let key = key(public);
        let arguments = ["review", "--audit", "log.ndjson", "--table", "table.json", "--trusted-key", &key];
        let mut govctl = bundle::govctl();
        govctl.current_dir(folder.path()).args(arguments).output().expect("govctl runs")
    };
    let output = ask("ci.pub");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    has(&stdout(&output), &["`table.json`", "1 event on 2026-11-21 was held against the decisions of "]);
    assert_eq!(status(&ask("other.pub")), 2);
    fs::remove_file(folder.path().join("table.json.sig")).expect("a signature");
    assert_eq!((status(&ask("ci.pub")), stdout(&ask("ci.pub"))), (2, String::new()));
}
