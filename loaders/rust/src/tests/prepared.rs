//! Names resolved once, and axes of single budgets: the answers are those of a request in words.

use serde_json::json;

use super::{EXAMPLE, edited, load};
use crate::{DecisionTable, NotUnderstood, Request};

/// The example, and the same with the share of one budget where the smallest stood.
fn tables() -> [(DecisionTable, &'static str); 2] {
    let named = "budget.planning-daily.remaining";
    let of_one = edited("/grids/0/1/fact", Some(json!(named)));
    [(load(EXAMPLE).expect("it loads"), "budget.remaining"), (load(&of_one).expect("it loads"), named)]
}

#[test]
fn the_share_of_a_budget_is_an_axis_of_its_own() {
    let [_, (table, _)] = tables();
    let asked = |budgets: &[(&str, &str)], smallest: Option<&str>| {
        let request = Request { budgets, budget_remaining: smallest, ..Request::of("support.reply") };
        table.decide(&request).index()
    };
    let (rich, poor) = (asked(&[], None), asked(&[("planning-daily", "19.9%")], None));
    assert_ne!(rich, poor);
    assert_eq!(asked(&[("planning-daily", "20")], None), rich);
    // The smallest share, or that of another budget, is not this one.
    assert_eq!(asked(&[("company", "1")], Some("1")), rich);
    // Outside 0 to 100% it is clamped.
    assert_eq!(
        (asked(&[("planning-daily", "-5")], None), asked(&[("planning-daily", "500%")], None)),
        (poor, rich)
    );
}

#[test]
fn a_budget_that_is_unknown_twice_or_no_number_is_not_understood() {
    let [_, (table, _)] = tables();
    for budgets in [
        &[("nobody", "5")][..],
        &[("planning-daily", "5"), ("planning-daily", "5")],
        &[("company", "5"), ("company", "6")],
        &[("planning-daily", "much")],
        &[("planning-daily", "")],
        &[("", "5")],
    ] {
        let decision = table.decide(&Request { budgets, ..Request::of("support.reply") });
        assert_eq!(decision.not_understood(), Some(NotUnderstood::Budget), "{budgets:?}");
        assert!(decision.primary().is_none());
    }
}

#[test]
fn a_prepared_request_is_answered_as_one_in_words() {
    for (table, share) in tables() {
        let prepared = table.prepare(&["classification", share, "tenant"]).expect("known names");
        for use_case in ["customer-communication", "support.reply", "planning"] {
            let key = prepared.use_case(use_case).expect("a use case");
            for level in ["public", "internal", "confidential", "restricted"] {
                for remaining in ["0", "19.999", "20", "20%", "100", "250", "-1"] {
                    for tenant in ["standard", "premium"] {
                        let values = [(0, level), (1, remaining), (2, tenant)];
                        let values = values.map(|(at, text)| prepared.value(at, text).expect("a value"));
                        let budget = [("planning-daily", remaining)];
                        let smallest = share == "budget.remaining";
                        let request = Request {
                            use_case,
                            classification: Some(level),
                            budget_remaining: smallest.then_some(remaining),
                            budgets: if smallest { &[] } else { &budget },
                            facts: &[("tenant", tenant)],
                        };
                        let wanted = table.decide(&request);
                        let found = prepared.decide(key, &values);
                        assert_eq!(found.index(), wanted.index(), "{request:?}");
                        assert_eq!(found.classification(), wanted.classification(), "{request:?}");
                    }
                }
            }
            assert_eq!(prepared.decide(key, &[]).index(), table.decide(&Request::of(use_case)).index());
        }
    }
}

#[test]
fn what_cannot_be_prepared_is_named() {
    let [(table, _), _] = tables();
    for (names, what) in [
        (&["tenants"][..], NotUnderstood::Fact),
        (&["use_case"], NotUnderstood::Fact),
        (&["budget.nobody.remaining"], NotUnderstood::Budget),
        (&["tenant", "tenant"], NotUnderstood::Fact),
        (&["classification", "classification"], NotUnderstood::Classification),
        (&["budget.remaining", "budget.remaining"], NotUnderstood::BudgetRemaining),
    ] {
        assert_eq!(table.prepare(names).map(drop).expect_err("not known"), what, "{names:?}");
    }
    let prepared = table.prepare(&["classification", "budget.remaining", "tenant"]).expect("known names");
    assert!(prepared.use_case("nobody").is_none());
    for (at, text) in [(0, "secret"), (1, "much"), (2, "gold"), (3, "premium")] {
        assert!(prepared.value(at, text).is_none(), "{text}");
    }
    let key = prepared.use_case("planning").expect("a use case");
    for (at, text, what) in [
        (0, "restricted", NotUnderstood::Classification),
        (1, "5", NotUnderstood::BudgetRemaining),
        (2, "premium", NotUnderstood::Fact),
    ] {
        let value = prepared.value(at, text).expect("a value");
        assert_eq!(prepared.decide(key, &[value, value]).not_understood(), Some(what));
    }
}
