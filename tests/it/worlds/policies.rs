//! Policies: every statement with every clause.

use std::fmt::Write as _;

use super::conditions::{About, condition};
use super::{Dice, LEVELS, REGIONS, Shape};

pub(super) fn policies(dice: &mut Dice, shape: &Shape) -> String {
    let mut text = String::new();
    if dice.rarely(3) {
        text += "classifications public < internal < confidential < restricted\n";
    }
    if dice.rarely(3) {
        text += "precedence compliance > preference > cost > latency\n";
    }
    text += "compliance soc2, gdpr, hipaa\ndata pii, health\n";
    text += dice.pick(&[
        "regions eu { eu-central { frankfurt }, eu-west }, us, asia\n",
        "regions eu { eu-central { frankfurt }, eu-west }, world {us, asia {\"far east\"}}\n",
    ]);
    if dice.rarely(4) {
        text += "teams t0, t1\nbusiness_units b\nprojects j\napplications p0, p1, p2, p3, p4, p5, p6, p7\n";
    }
    if dice.rarely(3) {
        text += "capabilities tools, \"vision\"\n";
    }
    facts(shape, &mut text);
    // One rule with wishes a tier at most, so that most workspaces are unambiguous.
    for tier in ["compliance", "cost", "latency", "preference"] {
        for number in 0..dice.roll(3) {
            rule(dice, shape, &mut text, tier, number);
        }
    }
    failovers(dice, shape, &mut text);
    budgets(dice, shape, &mut text);
    duties(dice, shape, &mut text);
    guarantees(dice, shape, &mut text);
    test(dice, shape, &mut text);
    text
}

fn facts(shape: &Shape, text: &mut String) {
    if shape.has("tenant") {
        text.push_str("fact tenant in {standard, premium, \"free tier\"} default standard\n");
    }
    if shape.has("channel") {
        text.push_str("fact channel in {c0, c1, c2, c3, c4, c5, c6, c7} default c0\n");
    }
    if shape.has("place") {
        text.push_str("fact place in regions default eu\n");
    }
    if shape.has("seen") {
        text.push_str("fact seen in classifications default internal\n");
    }
}

fn rule(dice: &mut Dice, shape: &Shape, text: &mut String, tier: &str, number: usize) {
    let _ = write!(text, "{tier} rule {tier}-{number} {{ ");
    // Without a wish of its own where another of the tier may have one, unless it overrides that.
    let overrides = number == 1 && dice.rarely(4);
    let wishes = number == 0 || overrides;
    if !wishes || dice.roll(3) > 0 {
        let _ = write!(text, "when {} ", condition(dice, shape, About::Request, 2));
    }
    if wishes {
        for _ in 0..dice.roll(3) {
            let wish = match dice.roll(5) {
                0 => "cheapest".to_owned(),
                1 => "fastest".to_owned(),
                2 => "most-available".to_owned(),
                3 => format!("where {}", condition(dice, shape, About::Candidate, 1)),
                _ => format!("{}, p0", shape.models[dice.roll(shape.models.len())]),
            };
            let _ = write!(text, "prefer {wish} ");
        }
    }
    if overrides {
        let _ = write!(text, "overrides {tier}-0 ");
    }
    if dice.rarely(5) {
        let named = dice.several(&REGIONS);
        let _ = write!(text, "process in {named} ");
        if shape.has("place") {
            text.push_str("process in place ");
        }
    }
    if dice.rarely(4) {
        let promise = condition(dice, shape, About::Candidate, 1);
        let _ = write!(text, "{} {promise} ", dice.pick(&["require", "forbid"]));
    }
    if dice.rarely(5) {
        let regions = dice.pick(&["eu", "us, eu", "asia", if shape.has("place") { "place" } else { "us" }]);
        let _ = write!(text, "process in {regions} ");
    }
    force(dice, text);
    text.push_str("because \"a reason\" }\n");
}

/// When a statement is in force: mostly always.
fn force(dice: &mut Dice, text: &mut String) {
    if dice.rarely(6) {
        let days = [
            "from 2026-11-21",
            "from 2026-11-22",
            "until 2026-11-21",
            "until 2026-11-20",
            "until 2027-01-15",
        ];
        let _ = write!(text, "{} ", dice.pick(&days));
    } else if dice.rarely(12) {
        text.push_str("from 2026-01-01 until 2027-06-30 ");
    }
}

fn failovers(dice: &mut Dice, shape: &Shape, text: &mut String) {
    let mut earlier: Vec<String> = Vec::new();
    for number in 0..dice.roll(4) {
        let _ = write!(text, "failover f{number} {{ ");
        if number > 0 && !dice.rarely(4) {
            let _ = write!(text, "when {} ", condition(dice, shape, About::Request, 1));
        }
        path(dice, shape, text);
        if dice.rarely(5) {
            let aspects = [
                "compliance",
                "classification",
                "residency",
                "retention",
                "hosting",
                "capabilities",
                "context-window",
            ];
            let aspects =
                if dice.roll(2) == 0 { dice.pick(&aspects).to_owned() } else { dice.several(&aspects) };
            let _ = write!(text, "match {aspects} ");
        }
        if dice.roll(2) == 1 {
            let _ = write!(text, "limit {} {} ", dice.roll(5), dice.pick(&["hops", "hop"]));
        }
        if dice.roll(2) == 1 {
            text.push_str(
                "above 1.5x cost notify \"a@example.com\" above 2 x cost throttle above 0.5x cost confirm ",
            );
        }
        if dice.rarely(4) {
            text.push_str(
                dice.pick(&["above 100x cost block ", "above 3x cost notify above 100x cost block "]),
            );
        }
        terminal(dice, text);
        if dice.roll(2) == 1 {
            let triggers = [
                "timeout",
                "unavailable",
                "rate-limited",
                "server-error",
                "content-filtered",
                "context-exceeded",
                "out-of-credit",
                "unauthorized",
            ];
            let _ = write!(
                text,
                "on {} retry 2 times cooldown 90 seconds log as event notify \"a\", \"b\" ",
                dice.several(&triggers)
            );
        }
        // Without `overrides`, statements for other triggers stand side by side, and some claim one trigger twice.
        if earlier.len() > 1 && !dice.rarely(4) {
            let _ = write!(text, "overrides {} ", earlier[1..].join(", "));
        }
        earlier.push(format!("f{number}"));
        force(dice, text);
        text.push_str("because \"b\" }\n");
    }
}

/// Where a failover statement leads.
fn path(dice: &mut Dice, shape: &Shape, text: &mut String) {
    match dice.roll(5) {
        0 => text.push_str("follow ranking "),
        1 => text.push_str("none "),
        2 => text.push_str("follow registry "),
        // Ascending, so never a circle.
        _ => {
            let from = dice.roll(shape.models.len());
            let step = 1 + dice.roll(2);
            let chain: Vec<&str> = shape.models.iter().skip(from).step_by(step).map(String::as_str).collect();
            if chain.len() > 1 {
                let _ = write!(text, "chain {} ", chain.join(" -> "));
            } else {
                text.push_str("follow ranking ");
            }
        }
    }
}

fn terminal(dice: &mut Dice, text: &mut String) {
    const UNITS: [&str; 15] = [
        "minutes", "minute", "seconds", "second", "hours", "hour", "days", "day", "weeks", "week", "years",
        "year", "ms", "s", "Hours",
    ];
    match dice.roll(6) {
        0 => {}
        1 => {
            let _ = write!(text, "then queue for {} {} ", 1 + dice.roll(20), dice.pick(&UNITS));
        }
        other => text
            .push_str(["then degrade \"sorry\" ", "then block ", "then queue ", "then degrade "][other - 2]),
    }
}

fn budgets(dice: &mut Dice, shape: &Shape, text: &mut String) {
    for name in &shape.budgets {
        let per = shape.per(dice);
        let on = dice.pick(&["", "", "on p0 ", "on p0/m0, p0 "]);
        let period = dice.pick(&["month", "week", "day", "quarter", "year"]);
        let _ = match *name {
            "whole" => {
                let mode = dice.pick(&["", "mode chargeback ", "mode showback "]);
                write!(
                    text,
                    "budget whole {{ {per}{on}{mode}limit 100000 usd per {period} at 80% notify \"a\" escalate \"b\", \"c\" because \"b\" "
                )
            }
            "within-it" => {
                let act = dice.pick(&["queue", "throttle", "notify", "block"]);
                let when = condition(dice, shape, About::UseCase, 1);
                write!(
                    text,
                    "budget within-it {{ within whole when {when} limit 1 USD per week at 50% {act} at 99.5% block escalate \"b\" "
                )
            }
            _ => {
                let when = condition(dice, shape, About::UseCase, 1);
                write!(
                    text,
                    "budget {name} {{ when {when} {per}{on}limit 10 usd per {period} at 90% throttle escalate \"b\" "
                )
            }
        };
        force(dice, text);
        text.push_str("owner \"a\" }\n");
    }
}

fn quotas(dice: &mut Dice, shape: &Shape, text: &mut String) {
    const LIMITS: [&str; 4] = [
        "limit 100 requests per minute ",
        "limit 5 tokens per minute ",
        "limit 15 requests per day ",
        "limit 9 tokens per day ",
    ];
    for name in ["q", "daily"] {
        if !dice.rarely(3) {
            continue;
        }
        let when = match dice.roll(3) {
            0 => String::new(),
            _ => format!("when {} ", condition(dice, shape, About::UseCase, 1)),
        };
        let on = dice.pick(&["", "on p0 ", "on p0/m0 ", "on \"p0/m0\" ", "on p0/\"m0\" "]);
        let per = shape.per(dice);
        let first = dice.roll(LIMITS.len());
        let limits = LIMITS.iter().cycle().skip(first).take(1 + dice.roll(LIMITS.len()));
        let limits: Vec<&str> = limits.copied().collect();
        let then = dice.pick(&["", "then queue ", "then queue for 1 hour ", "then failover ", "then block "]);
        let _ = write!(text, "quota {name} {{ {when}{on}{per}{}{then}", limits.concat());
        force(dice, text);
        text.push_str("because \"b\" }\n");
    }
}

/// Quotas, attribution, audit.
fn duties(dice: &mut Dice, shape: &Shape, text: &mut String) {
    quotas(dice, shape, text);
    if dice.rarely(3) {
        let mode = dice.pick(&["chargeback", "showback"]);
        let _ =
            writeln!(text, "attribution {{ require team, use_case, user mode {mode} anomaly above 20% }}");
    }
    if dice.rarely(3) {
        let when = condition(dice, shape, About::UseCase, 1);
        let _ = writeln!(
            text,
            "audit a {{ when {when} retain 3 years lineage required mask pii owner \"a\" {} because \"b\" }}",
            dice.pick(&["", "until 2026-12-31", "from 2026-12-01"])
        );
    }
    if dice.rarely(3) {
        let when = if shape.use_cases > 1 { "use_case != u1" } else { "use_case == u0" };
        let _ = writeln!(text, "audit b {{ when {when} retain 400 days mask health, pii }}");
    }
}

fn guarantees(dice: &mut Dice, shape: &Shape, text: &mut String) {
    if dice.rarely(3) {
        let premise = condition(dice, shape, About::Request, 1);
        let claim = condition(dice, shape, About::Chain, 1);
        let word = dice.pick(&["always", "never"]);
        let _ = write!(text, "guarantee g {{ for {premise} {word} {claim} ");
        force(dice, text);
        text.push_str("because \"b\" }\n");
    }
    if dice.rarely(3) {
        let bound = dice.pick(&[
            "chain.length <= 3",
            "chain.max_cost_multiplier <= 900x",
            "chain.providers >= 1",
            "chain.availability >= 90%",
        ]);
        let _ = writeln!(text, "guarantee c {{ always {bound} because \"b\" }}");
    }
}

fn test(dice: &mut Dice, shape: &Shape, text: &mut String) {
    if !dice.rarely(4) {
        return;
    }
    let model = &shape.models[dice.roll(shape.models.len())];
    let mut given = format!("use_case u0, budget.remaining {}%", dice.roll(101));
    if dice.rarely(3) {
        let _ = write!(given, ", classification {}", dice.pick(&LEVELS));
    }
    if dice.rarely(3) {
        let _ = write!(given, ", down {}", dice.pick(&["p0", "p0/m0"]));
    }
    if dice.rarely(4) {
        let _ = write!(
            given,
            ", on {}",
            dice.pick(&["timeout", "unavailable", "context-exceeded", "content-filtered", "unauthorized"])
        );
    }
    if !shape.budgets.is_empty() && dice.rarely(3) {
        let name = dice.pick(&shape.budgets);
        let _ = write!(given, ", budget.{name}.remaining {}%", dice.roll(101));
    }
    if shape.has("tenant") {
        let _ = write!(given, ", tenant {}", dice.pick(&["premium", "\"free tier\""]));
    }
    let kind = dice.pick(&["queue", "block", "degrade"]);
    let expected = match dice.roll(7) {
        0 => "never p0".to_owned(),
        1 => format!("primary {model}"),
        2 => format!("terminal {kind}"),
        3 => "unroutable".to_owned(),
        4 => format!("{model} then {kind}"),
        5 if text.contains("rule compliance-0 ") => "rule compliance-0".to_owned(),
        _ => shape.models.iter().take(3).map(String::as_str).collect::<Vec<&str>>().join(" -> "),
    };
    let _ = writeln!(text, "test \"t\" {{ given {given} expect {expected} }}");
}
