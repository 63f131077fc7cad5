//! The question that everybody is asked, as numbers: which models may serve a request, cheapest first, and of these the first
//! and two more within three times its cost.
//!
//! Everything that a peer would have to work out for each request and that does not depend on it is worked out here:
//! sets are also given as bits, unknown values as numbers that fail or pass as they should.

use crate::requests::Asked;
use crate::world::World;
use crate::world::estate::{UseCase, domains};
use crate::world::registry::{COMPLIANCE, Model, REGIONS};

/// More than any duration, price or retention here.
pub const FAR: i64 = 1 << 40;
/// Bit of `*` in approvals, and of "anywhere" in regions.
const ALL: u64 = 1 << 40;
/// Below so many percent of the budget, a model may cost [`CAP`] at most.
pub const SHORT: u32 = 25;
/// Millionths of a USD per 1M tokens.
const CAP: i64 = 5_000_000;
const CAPABILITIES: [&str; 6] = ["tools", "vision", "json-schema", "reasoning", "audio", "pdf"];

/// The same policy in our own language, beside [`crate::world::rules::ALWAYS`].
pub const POLICY: &str = r#"
cost rule saving {
  when    budget.remaining < 25%
  require model.cost <= 5 usd per 1m tokens
  because "what is left should last"
}

failover all {
  follow  ranking
  limit   2 hops
  above   3x cost block
  then    block
  because "within three times the price"
}
"#;

/// A model, every fact a number.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: String,
    pub approved: u64,
    pub approved_domains: Vec<&'static str>,
    pub ceiling: i64,
    pub compliance: u64,
    pub compliance_names: Vec<&'static str>,
    pub regions: u64,
    pub region_names: Vec<&'static str>,
    pub retention: i64,
    pub usable: bool,
    pub capabilities: u64,
    pub capability_names: Vec<&'static str>,
    pub window: i64,
    pub self_hosted: bool,
    /// A signed agreement, and known not to train on data.
    pub agreed: bool,
    /// 0 to 2; -1: not stated.
    pub tier: i64,
    pub p95: i64,
    pub input: i64,
    pub output: i64,
}

/// A use case, every need a number.
#[derive(Debug, Clone)]
pub struct Need {
    pub name: String,
    pub domain: &'static str,
    pub approved: u64,
    pub compliance: u64,
    pub compliance_names: Vec<&'static str>,
    pub residency: u64,
    pub residency_names: Vec<&'static str>,
    pub retention: i64,
    pub capabilities: u64,
    pub capability_names: Vec<&'static str>,
    pub window: i64,
    pub has_data: bool,
    pub has_pii: bool,
    pub regulated: bool,
    pub latency: i64,
    /// Tokens a month: what input and output prices weigh.
    pub inputs: i64,
    pub outputs: i64,
    /// The dearest cost (prices times tokens) while the budget is short.
    pub cap: i64,
}

/// What is asked of everybody.
#[derive(Debug)]
pub struct Question {
    pub candidates: Vec<Candidate>,
    pub needs: Vec<Need>,
}

impl Question {
    pub fn new(world: &World) -> Self {
        let candidates = world.models.iter().map(|model| candidate(world, model)).collect();
        Self { candidates, needs: world.use_cases.iter().map(need).collect() }
    }

    /// The loop that a gateway would write by hand: bits and numbers, no engine.
    pub fn by_hand(&self, asked: &Asked) -> Vec<&str> {
        let need = &self.needs[asked.at];
        let (withheld, trial) = (asked.facts[0].1 == "withheld", asked.facts[1].1 == "trial");
        let retention = if withheld && need.has_pii { need.retention.min(30) } else { need.retention };
        let cap = if asked.percent < SHORT { need.cap } else { i64::MAX };
        let level = i64::try_from(asked.level).unwrap_or(FAR);
        let (low, high) = tiers(need.regulated, trial);
        let mut ranked: Vec<(i64, &str)> = Vec::new();
        for model in &self.candidates {
            let fits = model.approved & need.approved != 0
                && level <= model.ceiling
                && model.compliance & need.compliance == need.compliance
                && model.regions & need.residency != 0
                && model.retention <= retention
                && model.usable
                && model.capabilities & need.capabilities == need.capabilities
                && model.window >= need.window
                && (level < 3 || model.self_hosted)
                && (!need.has_data || model.agreed)
                && model.tier >= low
                && model.tier <= high
                && model.p95 <= need.latency;
            let cost = model.input * need.inputs + model.output * need.outputs;
            if fits && cost <= cap {
                ranked.push((cost, &model.id));
            }
        }
        ranked.sort_unstable();
        let most = ranked.first().map_or(0, |(cost, _)| cost * 3);
        ranked.into_iter().take(3).filter(|(cost, _)| *cost <= most).map(|(_, id)| id).collect()
    }
}

/// The tiers that may serve: a regulator reads no economy model, a trial pays for no premium one, and neither takes one
/// that states no tier.
pub fn tiers(regulated: bool, trial: bool) -> (i64, i64) {
    let low = if regulated {
        1
    } else if trial {
        0
    } else {
        -1
    };
    (low, if trial { 1 } else { 2 })
}

fn bits(of: &[&'static str], all: &[&str]) -> u64 {
    all.iter().enumerate().filter(|(_, name)| of.contains(name)).fold(0, |bits, (at, _)| bits | 1 << at)
}

fn candidate(world: &World, model: &Model) -> Candidate {
    let provider = &world.providers[model.provider];
    let names: Vec<&str> = domains(world.use_cases.len()).iter().map(|domain| domain.0).collect();
    let approved: Vec<&'static str> = domains(world.use_cases.len())
        .iter()
        .map(|domain| domain.0)
        .filter(|name| model.approved.iter().any(|entry| entry.strip_suffix(".*") == Some(*name)))
        .collect();
    let everything = model.approved.iter().any(|entry| entry == "*");
    let regions = model.regions.clone().unwrap_or_else(|| provider.regions.clone());
    let (input, output) = model.prices(provider);
    let number = |number: u64| i64::try_from(number).unwrap_or(FAR);
    Candidate {
        id: model.id.clone(),
        approved: bits(&approved, &names) | if everything { ALL } else { 0 },
        approved_domains: if everything { vec!["*"] } else { approved },
        ceiling: i64::try_from(model.ceiling).unwrap_or(FAR),
        compliance: bits(&provider.compliance, &COMPLIANCE),
        compliance_names: provider.compliance.clone(),
        regions: bits(&regions, &REGIONS) | ALL,
        region_names: regions,
        retention: provider.retention_days.map_or(FAR, i64::from),
        usable: !model.is_retired(),
        capabilities: bits(&model.entry.capabilities(), &CAPABILITIES),
        capability_names: model.entry.capabilities(),
        window: model.entry.context_window.parse().unwrap_or(-1),
        self_hosted: provider.is_ours(),
        agreed: provider.dpa == "confirmed" && provider.trains_on_data == Some(false),
        tier: model.tier.map_or(-1, |tier| i64::try_from(tier).unwrap_or(FAR)),
        p95: model.latency.map_or(FAR, |(_, p95)| i64::from(p95)),
        input: number(input),
        output: number(output),
    }
}

fn need(use_case: &UseCase) -> Need {
    let names: Vec<&str> = domains(usize::MAX).iter().map(|domain| domain.0).collect();
    let (_, inputs, outputs) = use_case.monthly.unwrap_or((0, 3, 1));
    let (inputs, outputs) = (i64::try_from(inputs).unwrap_or(FAR), i64::try_from(outputs).unwrap_or(FAR));
    let residency = bits(&use_case.residency, &REGIONS);
    Need {
        name: use_case.name.clone(),
        domain: use_case.domain,
        approved: bits(&[use_case.domain], &names) | ALL,
        compliance: bits(&use_case.compliance, &COMPLIANCE),
        compliance_names: use_case.compliance.clone(),
        residency: if residency == 0 { ALL } else { residency },
        residency_names: use_case.residency.clone(),
        retention: use_case.retention_days.map_or(FAR, i64::from),
        capabilities: bits(&use_case.capabilities, &CAPABILITIES),
        capability_names: use_case.capabilities.clone(),
        window: use_case.min_context.map_or(-1, i64::from),
        has_data: !use_case.data.is_empty(),
        has_pii: use_case.data.contains(&"pii"),
        regulated: use_case.regulated_output,
        latency: use_case.latency_ms.map_or(FAR, i64::from),
        inputs,
        outputs,
        cap: CAP * (inputs + outputs),
    }
}
