//! An estate: use cases that state what conditions test, and now and then do not.

use std::fmt::Write as _;

use super::{CERTIFICATES, DATA, Dice, LEVELS, REGIONS, SKILLS, Shape};

pub(super) fn estate(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = "use_cases:\n".to_owned();
    for number in 0..shape.use_cases {
        use_case(dice, &mut text, number);
    }
    if dice.rarely(8) {
        text += "drills:\n";
        for number in 0..shape.use_cases {
            let down = dice.pick(&["p0", "p0/m0"]);
            let result = dice.pick(&["passed", "failed"]);
            let _ = writeln!(
                text,
                "  - {{use_case: u{number}, date: 2026-11-0{}, down: [{down}], result: {result}, answered_by: {}, resolution_ms: 1800, note: n}}",
                1 + number,
                shape.models[number % shape.models.len()]
            );
        }
    }
    text
}

fn use_case(dice: &mut Dice, text: &mut String, number: usize) {
    let _ = writeln!(text, "  - name: u{number}\n    owner: o@example.com\n    team: t{}", number % 2);
    let _ = writeln!(text, "    business_unit: b\n    application: p{number}");
    // A name that the first use case states, so that conditions may test it; silence is then an error of its own.
    if number == 0 || !dice.rarely(12) {
        let _ = writeln!(text, "    project: j");
    }
    let _ = writeln!(text, "    data_classification: {}", LEVELS[1 + dice.roll(3) * dice.roll(2)]);
    let _ = writeln!(text, "    risk: {}", dice.pick(&["minimal", "limited", "high"]));
    let _ = writeln!(text, "    criticality: {}", dice.pick(&["normal", "low", "high"]));
    let _ = writeln!(
        text,
        "    data: [{}]\n    data_sources: [{{name: d{}}}]",
        dice.some(&DATA),
        dice.pick(&["", ", kind: k"])
    );
    let mut now_and_then = |dice: &mut Dice, sides: usize, line: String| {
        if dice.rarely(sides) {
            let _ = writeln!(text, "    {line}");
        }
    };
    now_and_then(dice, 3, format!("endpoint_tag: tag.u{number}"));
    let certificates = dice.some(&CERTIFICATES);
    now_and_then(dice, 5, format!("compliance: [{certificates}]"));
    let certificates = dice.some(&CERTIFICATES);
    now_and_then(dice, 3, format!("regulations: [{certificates}]"));
    let regions = dice.some(&REGIONS);
    now_and_then(dice, 5, format!("residency: [{regions}]"));
    let skills = dice.some(&SKILLS);
    now_and_then(dice, 6, format!("capabilities: [{skills}]"));
    let workload = dice.pick(&["batch", "batch", "interactive"]);
    now_and_then(dice, 4, format!("workload: {workload}"));
    now_and_then(dice, 6, "description: d".to_owned());
    now_and_then(dice, 6, "budget_estimate_usd_per_month: 50".to_owned());
    now_and_then(dice, 4, "regulated_output: true".to_owned());
    let requests = dice.pick(&["10", "60"]);
    now_and_then(dice, 4, format!("peak_requests_per_minute: {requests}"));
    let days = dice.pick(&["365-days", "30-days", "zero-retention"]);
    let _ = writeln!(text, "    retention_max: {}", if dice.rarely(6) { days } else { "365-days" });
    let window = if dice.rarely(6) { "32000" } else { "8000" };
    let _ = writeln!(text, "    min_context: {window}\n    availability_target: 99%");
    let _ = writeln!(text, "    latency_sla_ms: {}", dice.pick(&["3000", "2000"]));
    if dice.roll(2) == 1 {
        let volume = dice.pick(&[
            "{requests: 10, input_tokens: 9000000, output_tokens: 70000}",
            "{requests: 0, input_tokens: 0, output_tokens: 0}",
            "{requests: 1, input_tokens: 999999999999999, output_tokens: 1}",
            "{requests: 10, input_tokens: 9000000, output_tokens: 70000, cached_input_tokens: 3000000}",
            "{input_tokens: 9000000, output_tokens: 70000, cached_input_tokens: 9000000}",
        ]);
        let _ = writeln!(text, "    expected_monthly: {volume}");
        if dice.rarely(3) {
            let _ = writeln!(text, "    long_prompts: {}", dice.pick(&["5%", "0%", "100%", "12.5%"]));
        }
    }
}
