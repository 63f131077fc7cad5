//! Policies: vocabulary, rules, failover, budgets and quotas, duties and guarantees.

use super::estate::UseCase;
use super::registry::{Model, Provider};
use super::rules::{self, Stock};

/// The words of every world.
pub const VOCABULARY: &str = "compliance   soc2, gdpr, iso27001, hipaa, pci, fedramp
regions      eu, us, uk, apac
data         pii, health, payment, financial, source-code
capabilities tools, vision, json-schema, reasoning, audio, pdf

fact tenant  in {standard, premium, trial} default standard
fact consent in {given, withheld} default given
";

const DUTIES: &str = r#"audit personal-data {
  when    data has pii or data has health
  retain  3 years
  lineage required
  mask    pii, health
  owner   "dpo@example.com"
  because "the record of who saw what"
}

audit regulated-output {
  when    regulated_output
  retain  10 years
  owner   "compliance@example.com"
  because "regulators ask late"
}

audit high-risk {
  when    risk == high and criticality >= normal
  retain  5 years
  owner   "risk@example.com"
  because "the AI Act"
}

attribution {
  require business_unit, team, use_case
  mode    chargeback
  anomaly above 25%
}

guarantee restricted-stays-home {
  for     classification == restricted
  always  model.hosting == self-hosted
  because "restricted data must not leave our machines"
}

guarantee data-stays-certified {
  for     data has pii or data has health
  always  model.compliance covers compliance
  always  model.dpa == confirmed
  never   model.trains_on_data
  because "GDPR, HIPAA"
}

guarantee no-consent-no-memory {
  for     consent == withheld and data has pii
  always  model.retention <= 30 days
  because "who did not agree is forgotten soon"
}

guarantee failover-is-affordable {
  always  chain.max_cost_multiplier <= 50x
  because "a long outage must not eat the budget"
}
"#;

/// The policies' files.
pub fn files(
    providers: &[Provider],
    models: &[Model],
    use_cases: &[UseCase],
    rules: usize,
) -> Vec<(String, String)> {
    let stock = Stock { providers, models, use_cases };
    let mut units: Vec<&str> = use_cases.iter().map(|use_case| use_case.business_unit).collect();
    units.sort_unstable();
    units.dedup();
    let files = [
        ("policies/budgets.gov", budgets(&units, use_cases.len(), providers)),
        ("policies/duties.gov", DUTIES.to_owned()),
        ("policies/failover.gov", failovers(&units, models)),
        ("policies/routing.gov", rules::write(stock, rules)),
        ("policies/tests.gov", tests(use_cases)),
        ("policies/vocabulary.gov", VOCABULARY.to_owned()),
    ];
    files.map(|(path, text)| (path.to_owned(), text)).to_vec()
}

/// One statement for each business unit, of every kind in turn, and one for all others.
fn failovers(units: &[&str], models: &[Model]) -> String {
    let mut text = String::from(
        "failover otherwise {\n  follow  ranking\n  above   3x cost notify \"finops@example.com\"\n  above   50x cost block\n  then    block\n  because \"what nobody thought of\"\n}\n
failover restricted-waits {\n  when    classification == restricted\n  none\n  then    queue for 4 hours\n  log as  governance-event\n  notify  \"platform@example.com\"\n  because \"restricted data waits for its own machine\"\n}\n",
    );
    let flagships: Vec<&str> =
        models.iter().filter(|model| model.flagship).map(|model| model.id.as_str()).collect();
    let [first, second] = [&models[0].id, &models[1].id];
    for (at, unit) in units.iter().enumerate() {
        let path = match at % 4 {
            0 => {
                let mut chains = format!("  chain   {first} -> {second}\n");
                for flagship in &flagships {
                    chains.push_str(&format!("  chain   {flagship} -> {first}\n"));
                }
                chains + "  match   compliance, classification, retention\n"
            }
            1 => "  follow  registry\n  limit   1 hop\n".to_owned(),
            2 => "  follow  ranking\n  limit   3 hops\n  match   classification, hosting\n".to_owned(),
            _ => "  follow  ranking\n  above   2x cost confirm\n  above   5x cost throttle\n".to_owned(),
        };
        let then = ["queue for 15 minutes", "degrade \"Please try again later.\"", "block"][at % 3];
        text.push_str(&format!(
            "\nfailover {unit} {{\n  when    business_unit == {unit} and classification < restricted\n  on      rate-limited, server-error, timeout\n{path}  above   50x cost block\n  retry   1 times\n  then    {then}\n  log as  failover-event\n  notify  \"{unit}@example.com\"\n  because \"agreed with {unit}\"\n}}\n"
        ));
    }
    text
}

fn budgets(units: &[&str], use_cases: usize, providers: &[Provider]) -> String {
    let company = 10_000 + use_cases * 3_000;
    let owners = |name: &str| format!("  owner    \"{name}@example.com\"\n  escalate \"cfo@example.com\"\n");
    let mut text = format!(
        "budget company {{\n  limit    {company} usd per month\n  at       80% notify \"finops@example.com\"\n  at       100% throttle\n  mode     chargeback\n{}}}\n",
        owners("finops")
    );
    let share = company / (units.len() + 1);
    for unit in units {
        text.push_str(&format!(
            "\nbudget {unit} {{\n  when     business_unit == {unit}\n  limit    {share} usd per month\n  at       90% throttle\n  within   company\n{}}}\n",
            owners(unit)
        ));
    }
    text.push_str(&format!(
        "\nbudget teams {{\n  when     workload == batch\n  per      team\n  limit    30000 usd per month\n  at       80% notify \"teams@example.com\"\n{}}}\n",
        owners("teams")
    ));
    for provider in providers.iter().filter(|provider| !provider.is_ours()).take(5) {
        let (name, limit) = (provider.name, provider.requests_per_minute / 4);
        text.push_str(&format!(
            "\nquota {name}-batch {{\n  when    workload == batch\n  on      {name}\n  limit   {limit} requests per minute\n  because \"work at night leaves room for people\"\n}}\n"
        ));
    }
    text
}

/// What a reader could try by hand, for the first few use cases.
fn tests(use_cases: &[UseCase]) -> String {
    let mut text = String::new();
    for use_case in use_cases.iter().take(8) {
        let name = &use_case.name;
        text.push_str(&format!(
            "test \"{name} waits with restricted data while our machines are down\" {{\n  given  use_case {name}, classification restricted, down datacentre-north, down datacentre-south\n  expect terminal queue\n  expect rule restricted-stays-home\n}}\n\n"
        ));
    }
    text
}
