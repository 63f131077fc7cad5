//! A registry: prices of every form, also none and enormous; facts stated, left open and fallen due.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Dice, LEVELS, Shape};

/// What evidence can be about.
const EVIDENCED: [&str; 10] = [
    "regions",
    "data_retention",
    "trains_on_data",
    "compliance",
    "hosting",
    "dpa",
    "region_selectable",
    "availability",
    "jurisdiction",
    "open_weights",
];

/// Prices of every form.
const PRICES: [&str; 9] = [
    "cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 2",
    "cost_per_1k_tokens_input: 0.003\n        cost_per_1k_tokens_output: 0.015",
    "pricing: {unit: compute-seconds, per_second: 0.0042, tokens_per_second: 700, overhead: 20%}",
    "pricing: {unit: characters, per_1k_input: 0, per_1k_output: 0, characters_per_token: 3}",
    "cost_per_1m_tokens_input: 999999999999.999999\n        cost_per_1m_tokens_output: 0.000001",
    "cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 2\n        cost_per_1m_tokens_cached_input: 0.1",
    "cost_per_1k_tokens_input: 0.003\n        cost_per_1k_tokens_output: 0.015\n        cost_per_1k_tokens_cached_input: 0.0003\n        long_prompt: {above_tokens: 200000, input: 0.006, output: 0.0225}",
    "cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 2\n        long_prompt: {above_tokens: 899999, input: 2, output: 3, cached_input: 0.7}",
    "pricing: {unit: reserved, per_month: 20000, tokens_per_month: 7000000000}",
];

pub(super) fn registry(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = "providers:\n".to_owned();
    for provider in 0..shape.providers {
        let _ = writeln!(text, "  p{provider}:\n    owner: o@example.com\n    jurisdiction: j{provider}");
        facts(dice, &mut text, "    ", 4);
        if dice.rarely(4) {
            text += "    rate_limits: {requests_per_minute: 50, tokens_per_minute: 2000}\n";
        }
        if dice.rarely(4) {
            let until = dice.pick(&["2026-11-21", "2026-11-20", "2027-01-01"]);
            let of = [dice.pick(&EVIDENCED), dice.pick(&["regions", "dpa", "compliance", "hosting"])];
            let of = BTreeSet::from(of).into_iter().collect::<Vec<&str>>().join(", ");
            let _ = writeln!(
                text,
                "    evidence: [{{facts: [{of}], source: s, read_on: 2026-01-01, expires: {until}}}]"
            );
        }
        beside(dice, &mut text, "    ", 8);
        text += "    models:\n";
        for number in (0..shape.models.len()).filter(|number| number % shape.providers == provider) {
            model(dice, shape, &mut text, number);
        }
    }
    // The same, as a document of governance holds it.
    if dice.rarely(12) {
        text.lines().fold("governance:\n".to_owned(), |all, line| all + "  " + line + "\n")
    } else {
        text
    }
}

/// What no decision reads and a gateway does, and what a day may end.
fn beside(dice: &mut Dice, text: &mut String, indent: &str, seldom: usize) {
    let mut now_and_then = |dice: &mut Dice, line: &str| {
        if dice.rarely(seldom) {
            let _ = writeln!(text, "{indent}{line}");
        }
    };
    now_and_then(
        dice,
        "endpoint: {protocol: openai, base_url: \"https://x.example/v1\", model: x-1, api_key_env: X_API_KEY}",
    );
    now_and_then(dice, "profile: {temperature: 0.2}");
}

fn model(dice: &mut Dice, shape: &Shape, text: &mut String, number: usize) {
    let _ = writeln!(text, "      - name: m{number}");
    let approved = dice.pick(&["\"*\"", "u0, u1, u2", "\"u*\"", "u0", ""]);
    let _ = writeln!(text, "        approved_use_cases: [{approved}]");
    let ceiling = LEVELS[3 - dice.roll(4).min(dice.roll(4))];
    let _ = writeln!(text, "        data_classification_max: {ceiling}");
    let price = dice.pick(&PRICES);
    let _ = writeln!(text, "        {price}");
    if dice.rarely(4) {
        let _ = writeln!(text, "        batch_discount: {}", dice.pick(&["50%", "33.3%", "100%"]));
    }
    if dice.roll(2) == 0 {
        let _ = writeln!(text, "        context_window: {}", dice.pick(&["128000", "32000", "8000"]));
    }
    if dice.roll(2) == 0 {
        let _ = writeln!(
            text,
            "        latency: {{p50_ms: 100, p95_ms: {}}}",
            dice.pick(&["900", "2000", "2500"])
        );
    }
    if dice.rarely(3) {
        let _ = writeln!(text, "        tier: {}", dice.pick(&["economy", "standard", "premium"]));
    }
    if dice.rarely(4) {
        let _ = writeln!(text, "        aliases: [a{number}]");
    }
    if dice.rarely(4) {
        let later = (number + 1).min(shape.models.len() - 1);
        let to = if later == number { "null".to_owned() } else { shape.models[later].clone() };
        let _ = writeln!(text, "        failover_to: {to}");
    }
    if dice.rarely(6) {
        let life = dice.pick(&[
            "status: deprecated",
            "sunset: 2026-11-22",
            "sunset: 2026-11-21",
            "status: retired",
            "status: preview",
            "status: preview, sunset: 2026-11-22",
            "status: active",
        ]);
        let _ = writeln!(text, "        lifecycle: {{{life}}}");
    }
    if dice.roll(3) < 2 {
        text.push_str("        capabilities: [tools, vision]\n");
    }
    facts(dice, text, "        ", 6);
    beside(dice, text, "        ", 16);
    if dice.rarely(8) {
        let _ = writeln!(text, "        rate_limits: {{requests_per_minute: 20, tokens_per_minute: 1000}}");
    }
    if dice.rarely(8) {
        let fact = dice.pick(&EVIDENCED);
        let _ = writeln!(
            text,
            "        evidence: [{{facts: [{fact}], source: s, read_on: 2026-01-01, expires: 2027-01-01}}]"
        );
    }
    if dice.rarely(8) {
        let _ = writeln!(
            text,
            "        jurisdiction: {}\n        max_daily_spend_usd: 100",
            dice.pick(&["j0", "j9"])
        );
    }
}

/// Facts that a provider or a model may state.
fn facts(dice: &mut Dice, text: &mut String, indent: &str, seldom: usize) {
    let mut fact = |dice: &mut Dice, line: String| {
        if dice.roll(seldom) < 2 {
            let _ = writeln!(text, "{indent}{line}");
        }
    };
    let hosting = dice.pick(&["cloud", "private-cloud", "self-hosted"]);
    fact(dice, format!("hosting: {hosting}"));
    let regions = dice.pick(&["eu, us, asia", "eu", "us", "frankfurt, us", "", "eu-west, eu-central"]);
    fact(dice, format!("regions: [{regions}]"));
    let selectable = dice.pick(&["true", "true", "false"]);
    fact(dice, format!("region_selectable: {selectable}"));
    let domain = dice.pick(&["d0", "d1", "p0"]);
    fact(dice, format!("failure_domain: {domain}"));
    let held = dice.pick(&[
        "soc2, gdpr, hipaa",
        "soc2, gdpr",
        "soc2",
        "",
        "soc2, {name: gdpr, expires: 2026-11-20}",
        "{name: soc2, evidence: report, expires: 2027-01-01}, hipaa",
    ]);
    fact(dice, format!("compliance: [{held}]"));
    let retention = dice.pick(&["zero-retention", "30-days", "custom-365-days"]);
    fact(dice, format!("data_retention: {retention}"));
    let trains = dice.pick(&["false", "true"]);
    fact(dice, format!("trains_on_data: {trains}"));
    let open = dice.pick(&["false", "true"]);
    fact(dice, format!("open_weights: {open}"));
    let availability = dice.pick(&["99.9%", "99%", "100%"]);
    fact(dice, format!("availability: {availability}"));
    let dpa = dice.pick(&[
        "{status: confirmed}",
        "{status: confirmed, renews: 2026-11-20}",
        "{status: none}",
        "{status: pending, document: d}",
    ]);
    fact(dice, format!("dpa: {dpa}"));
}
