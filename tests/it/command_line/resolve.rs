//! `resolve` field by field.

use serde_json::{Value, json};

use super::table::{compiled, resolve_table};
use super::{BROKEN, clean_examples, keys_as_written, logistics, resolve};
use crate::bundle::{self, json, run, status, stderr, stdout};

#[test]
fn an_unknown_use_case_is_2_with_the_nearest_names() {
    let output = run(&logistics(), &["resolve", "planing", "--format", "json"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(
        stderr(&output).contains("`planing`") && stderr(&output).contains("`planning`"),
        "{}",
        stderr(&output)
    );
    let table = compiled(&logistics());
    let output = resolve_table(table.path(), &["planing"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("`planning`"), "{}", stderr(&output));
}

#[test]
fn every_other_unknown_word_of_a_request_is_2_with_the_nearest() {
    let asked: [(&[&str], &str); 4] = [
        (&["planning", "--classification", "restrictd"], "`restricted`"),
        (&["planning", "--down", "opena"], "`openai`"),
        (&["planning", "--why-not", "gpt-4-turb"], "`gpt-4-turbo`"),
        (&["planning", "--fact", "tenant=premium"], "`tenant`"),
    ];
    for (arguments, nearest) in asked {
        let output = run(&logistics(), &[&["resolve"], arguments].concat());
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(stderr(&output).contains(nearest), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn of_names_that_several_models_share_none_is_offered() {
    let model = |name: &str| {
        format!(
            "      - {{name: {name}, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}}\n"
        )
    };
    let provider = |name: &str, models: &[&str]| {
        format!("  {name}:\n    models:\n{}", models.iter().map(|name| model(name)).collect::<String>())
    };
    let registry =
        format!("providers:\n{}{}", provider("alpha", &["m1"]), provider("beta", &["m1", "alpha", "m2"]));
    let policy = "classifications internal\nprecedence compliance > preference > cost > latency\n";
    let estate = "use_cases:\n  - {name: chat, owner: o@example.com, data_classification: internal}\n";
    let folder = bundle::unpack_text(&format!(
        "=== policies/main.gov\n{policy}=== registry/main.yaml\n{registry}=== estate/main.yaml\n{estate}"
    ));
    let output = run(folder.path(), &["resolve", "chat", "--down", "nope"]);
    let message = "error: no provider, failure domain or model is called `nope`; write one of `alpha`, `beta`, `alpha/m1`, `beta/alpha`, `beta/m1`, `beta/m2` or `m2`\n";
    assert_eq!((status(&output), stderr(&output).as_str()), (2, message));
}

#[test]
fn resolve_answers_field_by_field() {
    let output = run(&logistics(), &["resolve", "support.reply", "--format", "json"]);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
    let mut answer = json(&output);
    let sentence = answer.as_object_mut().and_then(|answer| answer.remove("sentence")).expect("a sentence");
    let sentence = sentence.as_str().expect("text");
    assert!(
        sentence.contains("anthropic/claude-3-5-sonnet") && !sentence.trim_end().contains('\n'),
        "{sentence}"
    );
    // Claude: (3*30 + 15*8) / 38 = 105/19; the fleet model: 0.0042 / 1500 * 1.2 * 1e6 = 3.36; 3.36 * 19 / 105 = 0.608.
    assert_eq!(
        answer,
        json!({
            "use_case": "customer-communication",
            "context": {"classification": "confidential", "budget.remaining": "100%"},
            "outcome": "route",
            "primary": {"model": "anthropic/claude-3-5-sonnet", "regions": ["eu"], "up": true},
            "paths": [{
                "on": ["rate-limited", "server-error", "timeout", "unavailable"],
                "failover": "customers-are-answered",
                "targets": [{"model": "self_hosted/llama-3-70b-fleet-v2", "cost_multiplier": "0.608", "actions": [], "regions": ["eu"], "up": true}],
                "then": "degrade",
                "retry": 0,
                "cooldown_seconds": null,
                "log_as": "governance-event",
                "notify": ["platform-team@example.com"],
            }],
            "route": "anthropic/claude-3-5-sonnet",
            "then": "degrade",
            "rules": ["customer-tone", "personal-data-needs-an-agreement"],
            "obligations": {
                "budgets": ["company"],
                "quotas": [],
                "audit": {"retain_days": 1095, "lineage": true, "mask": ["pii"], "owners": ["dpo@example.com"]},
                "tags": {"business_unit": "cx", "team": "support", "use_case": "customer-communication"},
            },
            "excluded": [{"model": "openai/gpt-4-turbo", "by": ["gate:approved-use-case", "gate:classification-ceiling"]}],
        })
    );
}

#[test]
fn what_resolve_answers_stands_in_a_fixed_order() {
    let output = run(&logistics(), &["resolve", "support.reply", "--format", "json"]);
    let order = [
        "use_case",
        "context",
        "outcome",
        "primary",
        "paths",
        "route",
        "then",
        "rules",
        "obligations",
        "excluded",
        "sentence",
    ];
    assert_eq!(keys_as_written(&stdout(&output)), order);
    let text = stdout(&output);
    for order in [
        [
            "\"primary\"",
            "\"paths\"",
            "\"failover\"",
            "\"targets\"",
            "\"retry\"",
            "\"cooldown_seconds\"",
            "\"log_as\"",
        ],
        [
            "\"cost_multiplier\"",
            "\"actions\"",
            "\"retry\"",
            "\"notify\"",
            "\"rules\"",
            "\"obligations\"",
            "\"budgets\"",
        ],
        [
            "\"budgets\"",
            "\"quotas\"",
            "\"audit\"",
            "\"retain_days\"",
            "\"lineage\"",
            "\"mask\"",
            "\"owners\"",
        ],
    ] {
        let places: Vec<Option<usize>> = order.iter().map(|key| text.find(key)).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{order:?} are at {places:?}");
    }
}

#[test]
fn a_raised_classification_and_a_low_budget_are_answered() {
    let answer = resolve(&logistics(), &["planning", "--budget-remaining", "19.99%"]);
    assert_eq!(answer["context"]["budget.remaining"], "19.99%");
    assert_eq!(answer["route"], "anthropic/claude-3-5-sonnet");
    assert_eq!(answer["rules"], json!(["planner-quality", "save-the-budget"]));
    let at = resolve(&logistics(), &["planning", "--budget-remaining", "20%"]);
    assert_eq!(at["rules"], json!(["planner-quality"]));
    assert_eq!(at["route"], "openai/gpt-4-turbo");
    let lower = resolve(&logistics(), &["planning", "--classification", "public"]);
    assert_eq!(lower["context"]["classification"], "internal", "a lower one is ignored");
    let raised =
        run(&logistics(), &["resolve", "planning", "--classification", "restricted", "--format", "json"]);
    assert_eq!(status(&raised), 1);
    let raised = json(&raised);
    assert_eq!(raised["outcome"], "unroutable");
    assert_eq!(
        (&raised["primary"], &raised["route"], &raised["then"], &raised["paths"]),
        (&Value::Null, &Value::Null, &json!("block"), &json!([]))
    );
    assert_eq!(raised["excluded"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_is_down_moves_the_route_and_none_up_is_1() {
    let first = resolve(&logistics(), &["support.reply", "--down", "anthropic"]);
    assert_eq!(
        (&first["outcome"], &first["route"]),
        (&json!("route"), &json!("self_hosted/llama-3-70b-fleet-v2"))
    );
    assert_eq!(first["primary"]["up"], false);
    assert_eq!(first["paths"][0]["targets"][0]["up"], true);
    let arguments = [
        "resolve",
        "support.reply",
        "--down",
        "anthropic",
        "--down",
        "llama-3-70b-fleet-v2",
        "--format",
        "json",
    ];
    let none = run(&logistics(), &arguments);
    assert_eq!(status(&none), 1);
    let none = json(&none);
    assert_eq!(
        (&none["outcome"], &none["route"], &none["then"]),
        (&json!("terminal"), &Value::Null, &json!("degrade"))
    );
    let alias = resolve(&logistics(), &["planning", "--down", "openai/gpt-4-turbo-2024-04-09"]);
    assert_eq!(alias["primary"]["up"], false, "an alias is down too");
}

#[test]
fn all_is_an_array_by_name() {
    for workspace in clean_examples() {
        let output = run(&workspace, &["resolve", "--all", "--format", "json"]);
        let answers = json(&output);
        let answers = answers.as_array().expect("an array");
        let names: Vec<&str> =
            answers.iter().map(|answer| answer["use_case"].as_str().expect("a name")).collect();
        assert!(names.is_sorted() && names.len() > 1, "{names:?}");
        for answer in answers.iter().take(7) {
            let alone = resolve(&workspace, &[answer["use_case"].as_str().expect("a name")]);
            assert_eq!(&alone, answer);
            let names = ["budgets", "quotas"]
                .map(|key| answer["obligations"][key].as_array().expect("names").clone());
            assert!(
                names.iter().all(|names| names.is_sorted_by_key(|name| name.as_str().map(str::to_owned)))
            );
        }
    }
}

#[test]
fn a_workspace_with_errors_is_resolved_where_they_leave_a_decision() {
    let folder = bundle::unpack_text(BROKEN);
    let one = run(folder.path(), &["resolve", "chat", "--format", "json"]);
    assert_eq!(status(&one), 0);
    assert!(stderr(&one).contains("unroutable"), "the errors are noted: {}", stderr(&one));
    let undefined = BROKEN.replace("none because", "follow ranking because")
        + "preference rule a { when use_case == chat prefer alpha because \"a\" }\n\
           preference rule b { when use_case == chat prefer cheapest because \"b\" }\n";
    let folder = bundle::unpack_text(&undefined);
    let one = run(folder.path(), &["resolve", "chat"]);
    assert_eq!((status(&one), stdout(&one).as_str()), (2, ""));
    let all = run(folder.path(), &["resolve", "--all", "--format", "json"]);
    assert_eq!(status(&all), 1);
    let all = json(&all);
    let names: Vec<&Value> =
        all.as_array().expect("an array").iter().map(|answer| &answer["use_case"]).collect();
    assert_eq!(names, ["secret"]);
    let syntax = bundle::unpack_text(&format!("{BROKEN}rule\n"));
    let one = run(syntax.path(), &["resolve", "chat"]);
    assert_eq!((status(&one), stdout(&one).as_str()), (2, ""));
}

#[test]
fn a_classification_below_the_own_one_lowers_nothing_and_that_is_said() {
    let own = |output: &std::process::Output| json(output)["context"]["classification"].clone();
    let table = compiled(&logistics());
    let ask = |arguments: &[&str]| {
        let of_workspace = [&["resolve", "--format", "json"], arguments].concat();
        [run(&logistics(), &of_workspace), resolve_table(table.path(), arguments)]
    };
    for plain in ask(&["support.reply"]) {
        assert_eq!(own(&plain), "confidential");
        for lower in ask(&["support.reply", "--classification", "public"]) {
            assert_eq!(own(&lower), "confidential");
            assert_eq!(
                stderr(&lower),
                "note: `customer-communication` is `confidential` by its own data, and a request cannot lower that to `public`: decided as `confidential`\n"
            );
        }
    }
    for same in ["confidential", "restricted"] {
        for output in ask(&["support.reply", "--classification", same]) {
            assert_eq!(stderr(&output), "", "{same}");
        }
    }
}
