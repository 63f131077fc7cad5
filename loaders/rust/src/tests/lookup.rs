//! What a gateway is told.

use serde_json::{Value, json};

use super::{EXAMPLE, edited, example, load, sealed, targets};
use crate::format::{Terminal, Trigger};
use crate::{Decision, DecisionTable, NotUnderstood, Outcome, Request};

fn table() -> DecisionTable {
    load(EXAMPLE).expect("it loads")
}

/// The ids of a decision's targets.
fn route(decision: &Decision) -> Vec<String> {
    targets(decision).iter().map(|target| target.model().name.clone()).collect()
}

fn asked(use_case: &str, classification: &'static str, budget: &'static str, tenant: &str) -> Vec<String> {
    let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    let facts = [("tenant", tenant)];
    let facts = if tenant.is_empty() { &[][..] } else { &facts[..] };
    let (classification, budget_remaining) = (some(classification), some(budget));
    let request = Request { use_case, classification, budget_remaining, facts, ..Request::default() };
    route(&table().decide(&request))
}

const MINI: &str = "gpt-4o-mini";
const SONNET: &str = "claude-3-5-sonnet";
const SUPPORT: &str = "support.reply";

#[test]
fn a_request_that_states_nothing_has_the_defaults() {
    assert_eq!(asked("customer-communication", "", "", ""), [SONNET, MINI]);
    assert_eq!(asked(SUPPORT, "", "", ""), [SONNET, MINI]);
    assert_eq!(asked(SUPPORT, "confidential", "100", "standard"), [SONNET, MINI]);
    assert_eq!(asked("planning", "", "", ""), [SONNET]);
}

#[test]
fn every_axis_leads_to_its_cell() {
    assert_eq!(asked(SUPPORT, "", "19.9", ""), [MINI]);
    assert_eq!(asked(SUPPORT, "", "19.9", "standard"), [MINI]);
    assert_eq!(asked(SUPPORT, "", "19.9", "premium"), [MINI, SONNET]);
    assert_eq!(asked(SUPPORT, "", "20", "premium"), [SONNET, MINI]);
    for (budget, tenant) in [("", ""), ("5", ""), ("5", "premium"), ("", "premium")] {
        assert!(asked(SUPPORT, "restricted", budget, tenant).is_empty());
    }
}

#[test]
fn a_classification_is_raised_and_never_lowered() {
    for lower in ["public", "internal", "confidential"] {
        let request = Request { classification: Some(lower), ..Request::of(SUPPORT) };
        let table = table();
        let decision = table.decide(&request);
        assert_eq!((route(&decision).len(), decision.classification()), (2, "confidential"));
    }
    let request = Request { classification: Some("restricted"), ..Request::of("planning") };
    let table = table();
    let decision = table.decide(&request);
    assert_eq!(
        (route(&decision).len(), decision.classification()),
        (1, "restricted"),
        "nothing depends on it"
    );
}

#[test]
fn what_is_not_understood_is_block() {
    let table = table();
    let blocked = |request: Request, what: NotUnderstood| {
        let decision = table.decide(&request);
        assert_eq!(decision.not_understood(), Some(what), "{request:?}");
        assert!(decision.primary().is_none() && decision.paths().next().is_none());
        assert!(decision.index().is_none() && decision.use_case().is_none() && decision.audit().is_none());
        assert_eq!(decision.route(|_| false).terminal(), Some(&Terminal::Block {}));
        assert!(decision.rules().is_empty() && decision.tags().is_empty());
        assert!(decision.budgets().next().is_none() && decision.quotas().next().is_none());
        assert_eq!(decision.classification(), "");
        assert!(matches!(decision.route(|_| false), Outcome::Unroutable));
    };
    for use_case in ["", "support", "SUPPORT.REPLY", "support.reply ", "customer-communication\0", "ü"] {
        blocked(Request::of(use_case), NotUnderstood::UseCase);
    }
    for use_case in [SUPPORT, "planning"] {
        for name in ["", "secret", "Public"] {
            let request = Request { classification: Some(name), ..Request::of(use_case) };
            blocked(request, NotUnderstood::Classification);
        }
        for text in [
            "", "-", ".", "5.", ".5", "--5", "+5", "1e1", "NaN", "inf", " 5", "5 ", "5%%", "%", "5,5", "0x5",
            "٥", "5.-1",
        ] {
            blocked(
                Request { budget_remaining: Some(text), ..Request::of(use_case) },
                NotUnderstood::BudgetRemaining,
            );
        }
        let facts: [&[(&str, &str)]; 6] = [
            &[("tenant", "gold")],
            &[("tenant", "")],
            &[("zone", "standard")],
            &[("", "")],
            &[("classification", "public")],
            &[("tenant", "premium"), ("tenant", "premium")],
        ];
        for facts in facts {
            blocked(Request { facts, ..Request::of(use_case) }, NotUnderstood::Fact);
        }
    }
    assert_eq!(table.decide(&Request::of(SUPPORT)).not_understood(), None);
    let said = NotUnderstood::BudgetRemaining.to_string();
    assert_eq!(said, "what remains of the budget is not a decimal");
}

#[test]
fn the_budget_is_compared_exactly_and_clamped() {
    let sixty = format!("{}1", "0".repeat(59));
    let cuts = ["<=0%", "<5%", "<=5%", "<20.5%", &format!("<20.5{sixty}%"), "<=20.51%", "<100%"];
    let mut table = example();
    table["grids"][1] = json!([{"fact": "budget.remaining", "cuts": cuts}]);
    // One decision per position, told apart by its rule.
    let mut decisions = table["decisions"].as_array().expect("decisions").clone();
    let mut cells = vec![4];
    for at in 1..8 {
        let mut decision = decisions[4].clone();
        decision["rules"] = json!(table["rule_sets"].as_array().expect("lists").len());
        table["rule_sets"].as_array_mut().expect("lists").push(json!([format!("r{at}")]));
        table["reasons"][format!("rule r{at}")] = Value::Null;
        cells.push(decisions.len());
        decisions.push(decision);
    }
    table["decisions"] = json!(decisions);
    table["use_cases"][1]["cells"] = json!(cells);
    let table = load(&sealed(table)).expect("it loads");
    for (budget, position) in [
        ("-0", 0),
        ("-17.5", 0),
        ("0", 0),
        ("000", 0),
        ("0.0", 0),
        ("0%", 0),
        ("0.000000000000000000000000000000000000000000000000000000000000000000001", 1),
        ("4.999999999999999999999999999999999999999999999999999999", 1),
        ("1", 1),
        ("4", 1),
        ("5", 2),
        ("5.000", 2),
        ("05", 2),
        ("5%", 2),
        ("5.0000000000000000000000000000000000000001", 3),
        ("9", 3),
        ("20", 3),
        ("20.4999", 3),
        ("20.5", 4),
        ("20.50", 4),
        (&format!("20.5{}9", "0".repeat(60)), 4),
        (&format!("20.5{sixty}"), 5),
        (&format!("20.5{sixty}1"), 5),
        ("20.51", 5),
        ("20.5100", 5),
        ("20.510001", 6),
        ("99.999", 6),
        ("21", 6),
        ("100", 7),
        ("100.0", 7),
        ("100.5", 7),
        ("101", 7),
        ("250", 7),
        ("256", 7),
        ("300", 7),
        ("1000000000000000000000", 7),
    ] {
        let request = Request { budget_remaining: Some(budget), ..Request::of("planning") };
        let wanted = if position == 0 { vec![] } else { vec![format!("r{position}")] };
        assert_eq!(table.decide(&request).rules(), wanted, "{budget}");
    }
    assert_eq!(table.decide(&Request::of("planning")).rules(), ["r7"]);
}

#[test]
fn a_decision_says_everything_that_the_table_does() {
    let table = table();
    let request = Request {
        use_case: SUPPORT,
        classification: None,
        budget_remaining: Some("3"),
        facts: &[("tenant", "premium")],
        ..Request::default()
    };
    let decision = table.decide(&request);
    let primary = decision.primary().expect("a primary");
    assert_eq!((primary.is_primary(), primary.cost_multiplier(), primary.actions().len()), (true, "1", 0));
    let path = decision.on(Trigger::Timeout).expect("a path");
    assert_eq!(path.triggers(), [Trigger::Timeout]);
    let second = path.targets().next().expect("a second target");
    assert_eq!((second.is_primary(), second.cost_multiplier()), (false, "22.8571"));
    assert_eq!(second.actions().len(), 2);
    assert_eq!(second.regions(), Some(&["eu".to_owned()][..]));
    assert_eq!(path.failover().map(|failover| failover.name.as_str()), Some("standard"));
    assert_eq!(path.then(), &Terminal::Queue { seconds: Some(900) });
    assert_eq!(decision.rules(), ["cheap-when-poor", "customer-tone"]);
    assert_eq!(decision.budgets().map(|budget| budget.name.as_str()).collect::<Vec<_>>(), ["company"]);
    assert_eq!(decision.quotas().count(), 0);
    assert_eq!(decision.audit().and_then(|audit| audit.retain_days), Some(365));
    assert_eq!(decision.tags().get("team").map(String::as_str), Some("support"));
    assert_eq!(path.targets().count(), 1);
    let reasons: Vec<(&str, Option<&str>)> = decision.reasons().collect();
    assert_eq!(reasons[1], ("customer-tone", Some("its tone suits our customers")));
    assert_eq!(decision.index(), Some(1));
    let planning = table.decide(&Request::of("planning"));
    assert!(planning.paths().next().is_none() && planning.audit().is_none());
    assert_eq!(planning.route(|_| true).terminal(), Some(&Terminal::Block {}));
    assert_eq!(planning.quotas().map(|quota| quota.name.as_str()).collect::<Vec<_>>(), ["openai-batch"]);
}

#[test]
fn with_outages_the_first_target_that_is_up_serves() {
    let table = table();
    let request = Request::of(SUPPORT);
    let say = |outcome: Outcome| match outcome {
        Outcome::Route(target) => target.model().name.clone(),
        Outcome::Terminal(terminal) => format!("{terminal:?}"),
        Outcome::Unroutable => "unroutable".to_owned(),
    };
    let to = |down: &[&str]| say(table.route(&request, |model| down.contains(&model.provider.as_str())));
    assert_eq!(to(&[]), "claude-3-5-sonnet");
    assert_eq!(to(&["anthropic"]), "gpt-4o-mini");
    assert_eq!(to(&["azure-eu"]), "claude-3-5-sonnet");
    assert_eq!(to(&["anthropic", "azure-eu"]), "Queue { seconds: Some(900) }");
    let on = |trigger, down: &[&str]| {
        say(table.route_on(&request, trigger, |model| down.contains(&model.provider.as_str())))
    };
    assert_eq!(on(Trigger::Timeout, &[]), "gpt-4o-mini");
    assert_eq!(on(Trigger::Timeout, &["azure-eu"]), "Queue { seconds: Some(900) }");
    assert_eq!(on(Trigger::ContentFiltered, &[]), "Block", "a trigger that no path names");
    let raised = Request { classification: Some("restricted"), ..request };
    assert!(matches!(table.route(&raised, |_| false), Outcome::Unroutable));
    assert!(matches!(table.route_on(&raised, Trigger::Timeout, |_| false), Outcome::Unroutable));
    assert!(table.decide(&raised).paths().next().is_none());
}

#[test]
fn a_default_that_is_not_the_first_value_is_the_default() {
    let text = edited("/facts/tenant/default", Some(json!("premium")));
    let table = load(&text).expect("it loads");
    let request = Request { budget_remaining: Some("5"), ..Request::of(SUPPORT) };
    assert_eq!(route(&table.decide(&request)), [MINI, SONNET]);
    let standard = Request { facts: &[("tenant", "standard")], ..request };
    assert_eq!(route(&table.decide(&standard)), [MINI]);
}

#[test]
fn names_of_any_length_are_found() {
    let mut table = example();
    let names: Vec<String> = (0..40).map(|length| "x".repeat(length + 1)).collect();
    let use_case = table["use_cases"][1].clone();
    let mut use_cases = table["use_cases"].as_array().expect("use cases").clone();
    use_cases.extend(names.iter().map(|name| {
        let mut one = use_case.clone();
        one["name"] = Value::from(name.as_str());
        one
    }));
    table["use_cases"] = json!(use_cases);
    let table = load(&sealed(table)).expect("it loads");
    for name in &names {
        assert_eq!(table.decide(&Request::of(name)).use_case().map(|found| &found.name), Some(name));
        assert!(table.decide(&Request::of(&name.replacen('x', "y", 1))).use_case().is_none());
        assert!(table.decide(&Request::of(&format!("{name}\0"))).use_case().is_none());
    }
}

#[test]
fn names_that_begin_and_end_alike_are_told_apart() {
    let values = [
        "ab",
        "ab\0",
        "a\0b",
        "b",
        "\0b",
        "aaaaaaaaXbbbbbbbb",
        "aaaaaaaaYbbbbbbbb",
        "aaaaaaaabbbbbbbb",
        "aaaabbbb",
        "aabb",
    ];
    let mut table = example();
    table["facts"]["tenant"] = json!({"values": values, "default": "b"});
    table["grids"][0] = json!([{"fact": "tenant", "values": values}]);
    table["use_cases"][0]["cells"] = json!([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
    let table = load(&sealed(table)).expect("it loads");
    for (at, value) in values.into_iter().enumerate() {
        let facts = [("tenant", value)];
        let request = Request { facts: &facts, ..Request::of(SUPPORT) };
        assert_eq!(table.decide(&request).index(), Some(at % 4), "{value}");
    }
    for value in ["aaaaaaaaZbbbbbbbb", "a", "aaaabbb", "\0", "\0\0", ""] {
        let facts = [("tenant", value)];
        let request = Request { facts: &facts, ..Request::of(SUPPORT) };
        assert_eq!(table.decide(&request).not_understood(), Some(NotUnderstood::Fact), "{value}");
    }
}
