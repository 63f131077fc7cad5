//! Rules: a few that every world has, then as many as are wanted, each written around a use case that it applies to.

use super::THRESHOLDS;
use super::estate::UseCase;
use super::random::Random;
use super::registry::{CLASSIFICATIONS, DATACENTRES, Model, Provider};

/// What rules are made from.
#[derive(Debug, Clone, Copy)]
pub struct Stock<'a> {
    pub providers: &'a [Provider],
    pub models: &'a [Model],
    pub use_cases: &'a [UseCase],
}

/// The rules of every world.
pub const ALWAYS: &str = r#"compliance rule restricted-stays-home {
  when    classification == restricted
  require model.hosting == self-hosted
  because "restricted data must not leave our machines"
}

compliance rule data-needs-an-agreement {
  when    data has pii or data has health or data has payment or data has financial or data has source-code
  require model.dpa == confirmed
  forbid  model.trains_on_data
  because "what people entrust to us goes only where an agreement is signed"
}

compliance rule without-consent {
  when    consent == withheld and data has pii
  require model.retention <= 30 days
  because "who did not agree is forgotten soon"
}

compliance rule regulated-output {
  when    regulated_output
  require model.tier >= standard
  forbid  model.lifecycle == preview
  because "what a regulator may read is written by a proven model"
}

latency rule interactive-is-fast {
  when    workload == interactive
  require model.latency_p95 <= latency_sla
  because "somebody is waiting"
}

cost rule trials-are-cheap {
  when    tenant == trial
  forbid  model.tier == premium
  because "a trial earns nothing yet"
}
"#;
/// How many rules [`ALWAYS`] has.
const ALWAYS_RULES: usize = 6;

/// Promises that our own models keep, and something to say for each.
const PROMISES: [(&str, &str); 18] = [
    ("require model.dpa == confirmed", "legal asked for an agreement"),
    ("forbid  model.trains_on_data", "nobody trains on this"),
    ("require model.compliance has soc2", "audited since 2024"),
    ("require model.compliance has iso27001", "the customer asks for the certificate"),
    ("require model.compliance covers regulations", "what regulates the data certifies the model"),
    ("require model.jurisdiction in [eu, us] or model.hosting == self-hosted", "no other courts"),
    ("require model.retention <= 30 days", "nothing is kept longer than a month"),
    ("require model.retention <= 90 days or model.hosting != cloud", "nothing is kept longer than a quarter"),
    ("forbid  model.tier == premium and model.cost > 20 usd per 1m tokens", "no luxury"),
    ("require model.cost <= 30 usd per 1m tokens", "the price that was agreed"),
    ("require model.input_cost <= 12 usd per 1m tokens", "the prompts are long"),
    ("require model.latency_p95 <= 4 seconds", "people leave after four seconds"),
    ("require model.availability >= 99.5%", "it has to be there"),
    ("require model.context_window >= 32000", "shorter ones lose the thread"),
    ("forbid  model.lifecycle == preview or model.lifecycle == deprecated", "no experiments"),
    ("require model.open_weights or model.dpa == confirmed", "ours or under contract"),
    ("require model.capabilities has tools", "it calls our tools"),
    ("require model.data_classification_max >= internal", "a public model says too little"),
];

/// Writes so many rules; not fewer than those that every world has.
pub fn write(stock: Stock<'_>, count: usize) -> String {
    let mut text = ALWAYS.to_owned();
    let mut random = Random::new("rules");
    let mut units = distinct(stock.use_cases, |use_case| use_case.business_unit);
    let mut applications = distinct(stock.use_cases, |use_case| &use_case.application);
    let mut teams = distinct(stock.use_cases, |use_case| &use_case.team);
    let bound = chained_units(stock.use_cases);
    for unit in &bound {
        text.push('\n');
        text.push_str(&contracts(stock, &mut random, unit));
    }
    for at in ALWAYS_RULES + bound.len()..count {
        let rule = match at % 20 {
            0 | 5 | 10 | 15 => preference(stock, &mut random, &mut teams, at),
            2 | 9 | 16 => latency(&mut random, &mut applications, at),
            4 | 11 | 14 | 18 => cost(&mut random, &mut units, at),
            _ => None,
        };
        text.push('\n');
        text.push_str(&rule.unwrap_or_else(|| compliance(stock, &mut random, at)));
    }
    text
}

/// Business units whose failover is a chain from the models that they have contracts for: every fourth.
pub fn chained_units(use_cases: &[UseCase]) -> Vec<&str> {
    let mut units = distinct(use_cases, |use_case| use_case.business_unit);
    units.reverse();
    units.into_iter().step_by(4).collect()
}

fn flagships(stock: Stock<'_>) -> Vec<&str> {
    let flagships = stock.models.iter().filter(|model| model.flagship);
    flagships.map(|model| model.id.as_str()).collect()
}

/// A business unit begins with the models on its chain.
fn contracts(stock: Stock<'_>, random: &mut Random, unit: &str) -> String {
    let mut chosen = flagships(stock);
    while chosen.len() > 4 {
        chosen.remove(random.below(chosen.len()));
    }
    chosen.push(DATACENTRES[0]);
    let prefer = chosen.join(", ");
    format!(
        "preference rule contracts-{unit} {{\n  when    business_unit == {unit}\n  prefer  {prefer}\n  because \"paid for in advance\"\n}}\n"
    )
}

/// The values of an attribute in the estate, each once, the last to be taken first.
fn distinct<'a>(use_cases: &'a [UseCase], of: impl Fn(&'a UseCase) -> &'a str) -> Vec<&'a str> {
    let mut values: Vec<&str> = use_cases.iter().map(of).collect();
    values.sort_unstable();
    values.dedup();
    values.reverse();
    values
}

/// A team's own taste; of two rules of one tier only one may apply, so each team has one at most.
fn preference(stock: Stock<'_>, random: &mut Random, teams: &mut Vec<&str>, at: usize) -> Option<String> {
    let team = teams.pop()?;
    let flagships = flagships(stock);
    let first = *flagships.get(random.below(flagships.len()))?;
    let outside: Vec<&Provider> = stock.providers.iter().filter(|provider| !provider.is_ours()).collect();
    let second = outside.get(random.below(outside.len()))?.name;
    let prefer = match random.below(4) {
        0 => format!("{first}, {second}"),
        1 => format!("where model.provider in [{second}, {}]", first.split('/').next()?),
        2 => "where model.tier == premium and model.latency_p95 < 3 seconds\n  prefer  most-available"
            .to_owned(),
        _ => format!("{first}\n  prefer  cheapest"),
    };
    let unit = stock.use_cases.iter().find(|use_case| use_case.team == team)?.business_unit;
    let bound = chained_units(stock.use_cases).contains(&unit);
    let overrides = if bound { format!("  overrides contracts-{unit}\n") } else { String::new() };
    Some(format!(
        "preference rule taste-{at:04} {{\n  when    team == {team}\n  prefer  {prefer}\n{overrides}  because \"the team compared them\"\n}}\n"
    ))
}

fn latency(random: &mut Random, applications: &mut Vec<&str>, at: usize) -> Option<String> {
    let application = applications.pop()?;
    let prefer = ["fastest", "where model.latency_p95 <= 1500 ms", "where model.latency_p50 < 600 ms"];
    let prefer = prefer[random.below(prefer.len())];
    Some(format!(
        "latency rule speed-{at:04} {{\n  when    application == {application} and workload == interactive\n  prefer  {prefer}\n  because \"people wait for it\"\n}}\n"
    ))
}

fn cost(random: &mut Random, units: &mut Vec<&str>, at: usize) -> Option<String> {
    let unit = units.pop()?;
    let left = THRESHOLDS[random.below(THRESHOLDS.len())];
    let prefer = ["cheapest", "where model.cost < 2 usd per 1m tokens", "where model.tier == economy"];
    let prefer = prefer[random.below(prefer.len())];
    Some(format!(
        "cost rule saving-{at:04} {{\n  when    business_unit == {unit} and budget.remaining < {left}%\n  prefer  {prefer}\n  because \"what is left should last\"\n}}\n"
    ))
}

/// Promises about a few use cases, written around one of them so that the rule applies somewhere.
fn compliance(stock: Stock<'_>, random: &mut Random, at: usize) -> String {
    let use_case = &stock.use_cases[random.below(stock.use_cases.len())];
    let when = [narrow(use_case, random), attribute(use_case, random)].join(" and ");
    let (first, because) = PROMISES[random.below(PROMISES.len())];
    let mut clauses = format!("  {first}\n");
    if random.percent(35) {
        let second = PROMISES[random.below(PROMISES.len())].0;
        clauses.push_str(&if second == first { String::new() } else { format!("  {second}\n") });
    }
    if random.percent(25) {
        let outside: Vec<&Provider> = stock.providers.iter().filter(|provider| !provider.is_ours()).collect();
        let banned = outside[random.below(outside.len())].name;
        clauses.push_str(&format!("  forbid  model.provider == {banned}\n"));
    }
    let tier = ["compliance", "compliance", "cost", "latency"][random.below(4)];
    format!("{tier} rule promise-{at:04} {{\n  when    {when}\n{clauses}  because \"{because}\"\n}}\n")
}

/// A condition that is true of a use case and of few others.
fn narrow(use_case: &UseCase, random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("team == {}", use_case.team),
        1 => format!("project == {}", use_case.project),
        2 => format!("application == {}", use_case.application),
        3 => format!("(business_unit == {} and risk == {})", use_case.business_unit, use_case.risk),
        _ => format!("(use_case == {} or team == {})", use_case.name, use_case.team),
    }
}

/// A condition that is true of a use case in some context.
fn attribute(use_case: &UseCase, random: &mut Random) -> String {
    let own = CLASSIFICATIONS[use_case.classification];
    let threshold = THRESHOLDS[random.below(THRESHOLDS.len())];
    match random.below(12) {
        0 => format!("classification >= {own}"),
        1 => format!("classification == {own} and workload == {}", workload(use_case)),
        2 => {
            use_case.data.first().map_or("not data has health".to_owned(), |kind| format!("data has {kind}"))
        }
        3 => {
            let regulation = use_case.regulations.first();
            regulation
                .map_or("not regulations has hipaa".to_owned(), |name| format!("regulations has {name}"))
        }
        4 => format!("criticality >= {}", use_case.criticality),
        5 => format!("risk in [{}, minimal]", use_case.risk),
        6 => format!("budget.remaining < {threshold}%"),
        7 => format!("budget.remaining >= {threshold}% and workload == {}", workload(use_case)),
        8 => "tenant == premium".to_owned(),
        9 => "(tenant == trial or consent == withheld)".to_owned(),
        10 => {
            let region = use_case.residency.first();
            region.map_or("not residency has apac".to_owned(), |region| format!("residency has {region}"))
        }
        _ => format!(
            "not (workload == {} or consent == given)",
            if use_case.interactive { "batch" } else { "interactive" }
        ),
    }
}

fn workload(use_case: &UseCase) -> &'static str {
    if use_case.interactive { "interactive" } else { "batch" }
}
