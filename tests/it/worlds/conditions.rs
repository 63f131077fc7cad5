//! Conditions that fit their types: every attribute and every operator.

use super::{CERTIFICATES, DATA, Dice, LEVELS, REGIONS, SKILLS, Shape};

const PERCENTS: [&str; 7] = ["20%", "50%", "0%", "100%", "12.5%", "80%", "33.3333%"];
const ORDERS: [&str; 6] = ["<", ">=", "<=", ">", "==", "!="];

/// What a condition may speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The use case alone: of budgets, quotas and audit duties.
    UseCase,
    Request,
    Candidate,
    /// Guarantees: also the whole chain.
    Chain,
}

pub(super) fn condition(dice: &mut Dice, shape: &Shape, about: About, depth: usize) -> String {
    if depth > 0 {
        match dice.roll(6) {
            3 => return format!("not {}", group(dice, shape, about, depth)),
            word @ 4.. => {
                let (left, right) = (group(dice, shape, about, depth), group(dice, shape, about, depth));
                return format!("({left} {} {right})", if word == 4 { "and" } else { "or" });
            }
            _ => {}
        }
    }
    match about {
        About::Chain if dice.roll(4) > 2 => of_chain(dice),
        About::Candidate | About::Chain if dice.roll(3) > 0 => of_candidate(dice, shape),
        About::UseCase if dice.roll(3) > 0 => of_use_case(dice, shape),
        About::UseCase => of_facts(dice, shape),
        _ if dice.roll(2) == 0 => of_context(dice, shape),
        _ => of_use_case(dice, shape),
    }
}

fn group(dice: &mut Dice, shape: &Shape, about: About, depth: usize) -> String {
    format!("({})", condition(dice, shape, about, depth - 1))
}

fn of_context(dice: &mut Dice, shape: &Shape) -> String {
    let (order, percent) = (dice.pick(&ORDERS), dice.pick(&PERCENTS));
    match dice.roll(6) {
        0 | 1 if !shape.budgets.is_empty() => {
            let share = format!("budget.{}.remaining", dice.pick(&shape.budgets));
            match dice.roll(4) {
                0 => format!("{share} in [{percent}, 40%]"),
                1 => format!("not ({share} {order} {percent})"),
                _ => format!("{share} {order} {percent}"),
            }
        }
        0 => format!("budget.remaining in [{percent}, 40%]"),
        1 | 2 => format!("budget.remaining {order} {percent}"),
        _ => of_facts(dice, shape),
    }
}

/// Of classification and facts: what budgets, quotas and audit duties may read of a context.
fn of_facts(dice: &mut Dice, shape: &Shape) -> String {
    let (order, level) = (dice.pick(&ORDERS), dice.pick(&LEVELS));
    match dice.roll(8) {
        1 => format!("classification in [{level}, public]"),
        2 | 3 if shape.has("tenant") => dice
            .pick(&["tenant == premium", "tenant != premium", "tenant in [premium, \"free tier\"]"])
            .to_owned(),
        4 | 5 if shape.has("place") => {
            dice.pick(&["residency has place", "place in [eu, us]", "place == eu"]).to_owned()
        }
        6 if shape.has("seen") => format!("seen {order} classification"),
        7 if shape.has("channel") => format!("channel in [c1, c{}]", dice.roll(8)),
        _ => format!("classification {order} {level}"),
    }
}

fn of_use_case(dice: &mut Dice, shape: &Shape) -> String {
    let order = dice.pick(&ORDERS);
    let equal = dice.pick(&["==", "!="]);
    match dice.roll(20) {
        0 => match dice.roll(3) {
            0 => format!("use_case == u{}", dice.roll(shape.use_cases)),
            1 => format!("use_case {equal} u*"),
            _ => format!("use_case in [u0*, u{}]", dice.roll(shape.use_cases)),
        },
        1 => format!("data has {}", dice.pick(&DATA)),
        2 => format!("risk {order} limited"),
        3 => format!("criticality {order} normal"),
        4 => format!("team {equal} t0"),
        5 => format!("business_unit {equal} b"),
        6 => format!("application {equal} p0"),
        7 => format!("workload {equal} batch"),
        8 => format!("regulations has {}", dice.pick(&CERTIFICATES)),
        9 => format!("residency has {}", dice.pick(&REGIONS)),
        10 => format!("capabilities has {}", dice.pick(&SKILLS)),
        11 => format!("retention_max {order} 1 year"),
        12 => format!("latency_sla {order} {}", dice.pick(&["2s", "2500 ms", "1 minute"])),
        13 => format!("availability_target {order} 99.9%"),
        14 => format!("min_context {order} 8_000"),
        15 => "not regulated_output".to_owned(),
        16 => "compliance covers regulations".to_owned(),
        // Not stated by every use case: rare, since it leaves such a use case without a decision.
        17 if dice.rarely(4) => format!("project {equal} j"),
        18 => dice.pick(&["true", "not false"]).to_owned(),
        _ => format!("compliance has {}", dice.pick(&CERTIFICATES)),
    }
}

fn of_candidate(dice: &mut Dice, shape: &Shape) -> String {
    let order = dice.pick(&ORDERS);
    let equal = dice.pick(&["!=", "=="]);
    let model = &shape.models[dice.roll(shape.models.len())];
    match dice.roll(31) {
        0 => format!("model.hosting {equal} cloud"),
        1 => format!("model.compliance has {}", dice.pick(&CERTIFICATES)),
        2 => "model.compliance covers regulations".to_owned(),
        3 => "model.regions covers residency".to_owned(),
        4 => format!("model.data_classification_max {order} {}", dice.pick(&LEVELS)),
        5 => format!("model.retention {order} 30 days"),
        6 => "model.trains_on_data".to_owned(),
        7 => format!("model.availability {order} 99.5%"),
        8 => format!("model.cost {order} 5 usd per 1m tokens"),
        9 => "model.latency_p95 <= latency_sla".to_owned(),
        10 => format!("model.provider in [p0, p{}]", shape.providers - 1),
        11 => format!("model.context_window {order} 32000"),
        12 => "model.dpa >= pending".to_owned(),
        13 => format!("model.jurisdiction {equal} j0"),
        14 => format!("model.lifecycle {equal} preview"),
        15 => format!("model.tier {order} standard"),
        16 => "model.capabilities covers capabilities".to_owned(),
        17 => format!("model.latency_p50 {order} 0.1 seconds"),
        18 => format!("model.input_cost {order} 0.003 usd per 1k tokens"),
        19 => format!("model.output_cost {order} model.input_cost"),
        20 => "model.open_weights == false".to_owned(),
        21 => format!("model.regions has {}", if shape.has("place") { "place" } else { "eu" }),
        22 => "model.data_classification_max >= classification".to_owned(),
        23 => "model.retention <= retention_max".to_owned(),
        24 => format!("model.processed_in has {}", dice.pick(&REGIONS)),
        25 => "residency covers model.processed_in".to_owned(),
        26 => format!("model.region_selectable {equal} true"),
        27 => format!("model.failure_domain {equal} p0"),
        28 => format!("residency has {}", dice.pick(&REGIONS)),
        29 => format!("model.id == \"{model}\""),
        _ => format!("model.id {equal} {model}"),
    }
}

fn of_chain(dice: &mut Dice) -> String {
    let order = dice.pick(&ORDERS);
    let whole = dice.pick(&["1", "2", "3"]);
    match dice.roll(13) {
        4 => format!("chain.failure_domains {order} {whole}"),
        0 => format!("chain.length {order} {whole}"),
        1 => format!("chain.providers {order} {whole}"),
        2 => format!("chain.max_cost_multiplier {order} {}", dice.pick(&["2x", "900x", "1.5", "1 X"])),
        3 => format!("chain.availability {order} 99.99%"),
        6 => format!("audit.retain {order} 1 year"),
        7 => "audit.lineage".to_owned(),
        8 => dice.pick(&["audit.mask covers data", "audit.mask has pii"]).to_owned(),
        9 => "failover.logged".to_owned(),
        10 => "failover.notified == true".to_owned(),
        11 => "budget.covered".to_owned(),
        12 => "not quota.covered".to_owned(),
        _ => "chain.availability >= availability_target".to_owned(),
    }
}
