//! What expressions become, and why some become nothing.

use super::read;

fn when(text: &str) -> String {
    read(text).map_or_else(|why| format!("! {why}"), |condition| condition.when.unwrap_or_default())
}

#[test]
fn conditions_say_the_same() {
    let cases = [
        ("data_classification == 'restricted'", "classification == restricted"),
        ("use_case == \"customer-communication\"", "use_case == customer-communication"),
        ("cost_budget_remaining < 20_percent", "budget.remaining < 20%"),
        ("cost_budget_remaining<=7.5%", "budget.remaining <= 7.5%"),
        ("budget_remaining < '20%'", "budget.remaining < 20%"),
        ("use_case in ['a', 'b c',]", "use_case in [a, \"b c\"]"),
        ("use_case not in ('a')", "not use_case in [a]"),
        (
            "team = 'x' && !(risk >= high || criticality == low)",
            "team == x and not (risk >= high or criticality == low)",
        ),
        (
            "(team == 'x' or team == 'y') and not not workload == batch",
            "(team == x or team == y) and not not workload == batch",
        ),
        ("team == 'x' or team == 'y' and risk == high", "team == x or team == y and risk == high"),
        ("'hipaa' in compliance and data contains 'pii'", "compliance has hipaa and data has pii"),
        ("regulated_output", "regulated_output"),
        ("always", ""),
        ("team == 'team'", "team == \"team\""),
        ("'restricted' == data_classification", "classification == restricted"),
        ("restricted <= data_classification and 'a' != team", "classification >= restricted and team != a"),
        ("20_percent > cost_budget_remaining", "budget.remaining < 20%"),
        ("not (true == regulated_output)", "not regulated_output == true"),
        (
            "min_context > 1000 and availability_target >= 99.9%",
            "min_context > 1000 and availability_target >= 99.9%",
        ),
        (
            "retention_max <= 30_days or latency_sla < '500 ms'",
            "retention_max <= 30 days or latency_sla < 500ms",
        ),
    ];
    for (theirs, ours) in cases {
        assert_eq!(when(theirs), ours, "{theirs}");
    }
}

#[test]
fn what_is_not_understood_says_why() {
    let cases = [
        ("latency > 5", "there is no attribute `latency`; if a request states it, declare it as a `fact`"),
        ("provider == 'openai'", "`provider` is a fact of a model: a condition speaks of the request"),
        ("cost_budget_remaining < 0.2", "`0.2` is not a percent, and a share of the budget has to be one"),
        (
            "latency_sla < 5",
            "`5` is not a length of time, as `latency_sla` is: write a number and its unit, as in `30 days` or `2 seconds`",
        ),
        ("min_context > 20%", "`20%` is not a number, as `min_context` is"),
        ("team == ", "`team` is compared with nothing"),
        ("team == 'x' team", "`team` is not understood after `team == x`"),
        ("(team == 'x'", "a `(` is not closed"),
        ("team < 'x'", "`team` has no order"),
        ("team == 'x", "a text is not closed"),
        ("? b", "`?` is not understood"),
        ("team == ''", "`team` is compared with an empty text, which names nothing"),
        ("team in ['x', ' ']", "`team` is compared with an empty text, which names nothing"),
        ("team not in []", "`team` is compared with an empty list"),
        ("team != null", "`team` is compared with `null`: no condition asks whether something is stated"),
        ("'a' == 'b'", "`'a'` stands where an attribute is expected"),
        ("5 < latency", "`5` stands where an attribute is expected"),
    ];
    for (theirs, why) in cases {
        assert_eq!(when(theirs), format!("! {why}"), "{theirs}");
    }
    assert!(when(&"(".repeat(40_000)).starts_with("! an expression of more than"));
    assert!(when(&"(".repeat(1000)).starts_with("! more than"));
    assert!(when(&"not ".repeat(900)).starts_with("! more than"));
}
