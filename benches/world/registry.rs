//! Providers and models: real names, prices and limits; invented contracts.

use super::Size;
use super::catalogue::{self, ENTERPRISE, Entry};
use super::estate;
use super::random::Random;

/// A provider, its contract invented.
#[derive(Debug, Clone)]
pub struct Provider {
    pub name: &'static str,
    pub hosting: &'static str,
    pub jurisdiction: &'static str,
    pub dpa: &'static str,
    pub regions: Vec<&'static str>,
    pub compliance: Vec<&'static str>,
    /// Days; none: not stated.
    pub retention_days: Option<u32>,
    pub trains_on_data: Option<bool>,
    /// In hundredths of a percent.
    pub availability: u32,
    pub requests_per_minute: usize,
}

/// A model as one provider serves it.
#[derive(Debug, Clone)]
pub struct Model {
    pub id: String,
    pub provider: usize,
    pub name: String,
    pub entry: Entry,
    pub ceiling: usize,
    /// Its own regions; none: the provider's.
    pub regions: Option<Vec<&'static str>>,
    pub approved: Vec<String>,
    /// Economy, standard, premium; none: not stated.
    pub tier: Option<usize>,
    /// p50 and p95 in milliseconds; none: not stated.
    pub latency: Option<(u32, u32)>,
    pub failover_to: Option<String>,
    /// Approved for everything and fit for most of it.
    pub flagship: bool,
}

/// Names of the levels.
pub const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];
/// Where work is done.
pub const REGIONS: [&str; 4] = ["eu", "us", "uk", "apac"];
/// What a provider may be certified for.
pub const COMPLIANCE: [&str; 6] = ["soc2", "gdpr", "iso27001", "hipaa", "pci", "fedramp"];
/// Our own providers: they hold everything.
pub const DATACENTRES: [&str; 2] = ["datacentre-north", "datacentre-south"];
const TIERS: [&str; 3] = ["economy", "standard", "premium"];

impl Provider {
    /// Whether it is one of our own.
    pub fn is_ours(&self) -> bool {
        DATACENTRES.contains(&self.name)
    }
}

impl Model {
    /// How fast our own machines run it: 0.0024 USD a second and 20% on top are a price without a fraction.
    fn tokens_per_second(&self) -> u64 {
        [1_200, 1_250, 1_440, 1_500, 1_600, 1_800, 1_920, 2_000][self.name.len() % 8]
    }

    /// Millionths of a USD per 1M input and output tokens.
    pub fn prices(&self, provider: &Provider) -> (u64, u64) {
        if provider.is_ours() {
            let price = 2_880_000_000 / self.tokens_per_second();
            return (price, price);
        }
        (millionths(self.entry.input), millionths(self.entry.output))
    }

    /// Whether it may not be used any more on the day of the worlds.
    pub fn is_retired(&self) -> bool {
        !self.entry.retires.is_empty() && self.entry.retires <= super::AS_OF
    }
}

/// A decimal in millionths.
fn millionths(decimal: &str) -> u64 {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(0);
    number(whole) * 1_000_000 + number(&format!("{fraction:0<6}"))
}

/// The models and their providers of a size; our own come first.
pub fn invent(size: Size) -> (Vec<Provider>, Vec<Model>) {
    let Size { models, use_cases, .. } = size;
    let ours = (models / 40).clamp(4, 40);
    let mut providers: Vec<Provider> = DATACENTRES.iter().map(|name| datacentre(name, use_cases)).collect();
    let mut made = our_models(ours);
    // The first model of each of our own providers is where others fall over to.
    let homes = [made[0].id.clone(), made[1].id.clone()];
    for entry in catalogue::choose(models.saturating_sub(ours)) {
        let known = providers.iter().position(|provider| provider.name == entry.provider);
        let provider = known.unwrap_or_else(|| {
            providers.push(outside(entry.provider, use_cases));
            providers.len() - 1
        });
        made.push(bought(provider, &providers[provider], entry, &homes, size));
    }
    let flagships = 3 + models / 100;
    let fit = made.iter_mut().filter(|model| {
        let provider = &providers[model.provider];
        let broad = provider.compliance.len() >= 3 && provider.dpa == "confirmed" && model.regions.is_none();
        broad && !provider.is_ours() && model.entry.is_able() && model.entry.retires.is_empty()
    });
    for model in fit.take(flagships) {
        model.flagship = true;
        model.ceiling = 2;
        model.approved = vec!["*".to_owned()];
    }
    (providers, made)
}

fn datacentre(name: &'static str, use_cases: usize) -> Provider {
    Provider {
        name,
        hosting: "self-hosted",
        jurisdiction: "eu",
        dpa: "confirmed",
        regions: REGIONS.to_vec(),
        compliance: COMPLIANCE.to_vec(),
        retention_days: Some(0),
        trains_on_data: Some(false),
        availability: 9990,
        requests_per_minute: 2_000 + use_cases * 60,
    }
}

/// Open models that can do everything, on our own machines.
fn our_models(count: usize) -> Vec<Model> {
    let mut names: Vec<String> = Vec::new();
    let mut made: Vec<Model> = Vec::new();
    for entry in catalogue::entries().into_iter().filter(|entry| entry.open_weights() && entry.is_able()) {
        let name = entry.name.rsplit(['/', ':']).next().unwrap_or(entry.name).to_lowercase();
        if made.len() == count || names.contains(&name) {
            continue;
        }
        names.push(name.clone());
        let provider = made.len() % 2;
        made.push(Model {
            id: format!("{}/{name}", DATACENTRES[provider]),
            provider,
            name,
            entry: Entry { retires: "", ..entry },
            ceiling: 3,
            regions: None,
            approved: vec!["*".to_owned()],
            tier: Some(1),
            latency: Some((400, 1_400)),
            failover_to: None,
            flagship: false,
        });
    }
    assert!(made.len() == count, "the catalogue has {} open models that can do everything", made.len());
    // Each falls over to the next, the last to none.
    for at in 1..made.len() {
        made[at - 1].failover_to = Some(made[at].id.clone());
    }
    made
}

fn outside(name: &'static str, use_cases: usize) -> Provider {
    let mut random = Random::new(name);
    let enterprise = ENTERPRISE.contains(&name);
    let certificates: [usize; 6] =
        if enterprise { [100, 100, 90, 75, 45, 35] } else { [70, 60, 40, 20, 10, 3] };
    let odds: Vec<(&'static str, usize)> = COMPLIANCE.into_iter().zip(certificates).collect();
    let mut regions = random.some(&[("eu", 55), ("us", 75), ("uk", 20), ("apac", 35)]);
    if regions.is_empty() {
        regions.push("us");
    }
    Provider {
        name,
        hosting: if name == "databricks" || name == "snowflake" { "private-cloud" } else { "cloud" },
        jurisdiction: if enterprise {
            random.pick(&["us", "us", "eu"])
        } else {
            random.pick(&["us", "eu", "cn", "sg"])
        },
        dpa: if enterprise {
            "confirmed"
        } else {
            random.pick(&["confirmed", "confirmed", "pending", "none"])
        },
        regions,
        compliance: random.some(&odds),
        retention_days: [Some(0), Some(30), Some(30), Some(90), None]
            [random.below(if enterprise { 3 } else { 5 })],
        trains_on_data: [Some(false), Some(false), Some(false), None, Some(true)]
            [random.below(if enterprise { 3 } else { 5 })],
        availability: 9_950 + u32::try_from(random.below(49)).unwrap_or(0),
        requests_per_minute: 1_000 + use_cases * (10 + random.below(50)),
    }
}

fn bought(provider: usize, of: &Provider, entry: Entry, homes: &[String; 2], size: Size) -> Model {
    let id = format!("{}/{}", of.name, entry.name);
    let mut random = Random::new(&id);
    let price: f64 = entry.output.parse().unwrap_or(0.0);
    let tier = if price < 1.0 { 0 } else { 1 + usize::from(price >= 10.0) };
    let p50 = 200 + u32::try_from(random.below(900)).unwrap_or(0);
    let enterprise = ENTERPRISE.contains(&of.name);
    let home = homes[random.below(2)].clone();
    Model {
        provider,
        name: entry.name.to_owned(),
        entry,
        ceiling: if enterprise { 1 + random.below(2).max(random.below(2)) } else { random.below(3) },
        regions: regions_in(entry.name),
        approved: approvals(&mut random, size.use_cases, if size.models < 100 { 50 } else { 15 }),
        tier: random.percent(90).then_some(tier),
        latency: random
            .percent(85)
            .then_some((p50, p50 * 2 + u32::try_from(random.below(2_000)).unwrap_or(0))),
        failover_to: random.percent(85).then_some(home),
        flagship: false,
        id,
    }
}

/// Some catalogue names say where the model runs.
fn regions_in(name: &str) -> Option<Vec<&'static str>> {
    let starts = |with: &str| name.starts_with(with);
    if starts("eu.") || starts("eu/") || starts("eu-") {
        Some(vec!["eu"])
    } else if starts("us.") || starts("us/") || starts("us-") {
        Some(vec!["us"])
    } else if starts("apac.") || starts("ap-") || starts("au.") || starts("jp.") || starts("in.") {
        Some(vec!["apac"])
    } else {
        None
    }
}

/// What a model is approved for: everything, some domains, or nothing yet.
fn approvals(random: &mut Random, use_cases: usize, everything: usize) -> Vec<String> {
    match random.below(100) {
        at if at < everything => vec!["*".to_owned()],
        at if at < 90 => {
            let domains = estate::domains(use_cases);
            let first = random.below(domains.len());
            let count = (2 + random.below(5)).min(domains.len());
            (0..count).map(|at| format!("{}.*", domains[(first + at) % domains.len()].0)).collect()
        }
        _ => Vec::new(),
    }
}

/// One file a provider.
pub fn files(providers: &[Provider], models: &[Model]) -> Vec<(String, String)> {
    let mut texts: Vec<String> = providers.iter().map(head).collect();
    for model in models {
        body(&mut texts[model.provider], &providers[model.provider], model);
    }
    providers
        .iter()
        .zip(texts)
        .map(|(provider, text)| (format!("registry/{}.yaml", provider.name), text))
        .collect()
}

fn head(provider: &Provider) -> String {
    let mut text = format!("providers:\n  {}:\n", provider.name);
    let mut line = |key: &str, value: &str| text.push_str(&format!("    {key}: {value}\n"));
    line("hosting", provider.hosting);
    line("jurisdiction", provider.jurisdiction);
    line("owner", "ai-platform@example.com");
    match provider.dpa {
        "confirmed" => line("dpa", "{status: confirmed, document: \"DPA-2026-014\", renews: 2028-03-01}"),
        status => line("dpa", &format!("{{status: {status}}}")),
    }
    line("regions", &format!("[{}]", provider.regions.join(", ")));
    // A request can be pinned to one of them: what a use case in one region needs.
    line("region_selectable", "true");
    let certificates = provider.compliance.iter().map(|name| match *name {
        "hipaa" => "{name: hipaa, expires: 2028-01-31, evidence: \"report 88-1\"}".to_owned(),
        name => name.to_owned(),
    });
    line("compliance", &format!("[{}]", certificates.collect::<Vec<String>>().join(", ")));
    match provider.retention_days {
        Some(0) => line("data_retention", "zero-retention"),
        Some(days) => line("data_retention", &format!("{days}-days")),
        None => {}
    }
    if let Some(trains) = provider.trains_on_data {
        line("trains_on_data", if trains { "true" } else { "false" });
    }
    line("availability", &percent(provider.availability));
    let requests = provider.requests_per_minute;
    line(
        "rate_limits",
        &format!("{{requests_per_minute: {requests}, tokens_per_minute: {}}}", requests * 2_000),
    );
    let name = provider.name;
    line("endpoint", &format!("{{protocol: openai, base_url: \"https://{name}.example/v1\"}}"));
    text.push_str("    models:\n");
    text
}

fn percent(hundredths: u32) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn body(text: &mut String, provider: &Provider, model: &Model) {
    let entry = &model.entry;
    text.push_str(&format!("      - name: \"{}\"\n", model.name));
    let mut line = |key: &str, value: &str| text.push_str(&format!("        {key}: {value}\n"));
    if let Some(tier) = model.tier {
        line("tier", TIERS[tier]);
    }
    if !model.approved.is_empty() {
        line("approved_use_cases", &format!("[\"{}\"]", model.approved.join("\", \"")));
    }
    line("data_classification_max", CLASSIFICATIONS[model.ceiling]);
    if provider.is_ours() {
        let speed = model.tokens_per_second();
        let pricing = format!("per_second: 0.0024, tokens_per_second: {speed}, overhead: 20%");
        line("pricing", &format!("{{unit: compute-seconds, {pricing}}}"));
    } else {
        line("cost_per_1m_tokens_input", entry.input);
        line("cost_per_1m_tokens_output", entry.output);
    }
    if !entry.context_window.is_empty() {
        line("context_window", entry.context_window);
    }
    line("capabilities", &format!("[{}]", entry.capabilities().join(", ")));
    if entry.open_weights() {
        line("open_weights", "true");
    }
    if let Some(regions) = &model.regions {
        line("regions", &format!("[{}]", regions.join(", ")));
    }
    if let Some((p50, p95)) = model.latency {
        line("latency", &format!("{{p50_ms: {p50}, p95_ms: {p95}}}"));
    }
    if !entry.retires.is_empty() {
        line("lifecycle", &format!("{{status: active, sunset: {}}}", entry.retires));
    }
    if let Some(next) = &model.failover_to {
        line("failover_to", &format!("\"{next}\""));
    }
}
