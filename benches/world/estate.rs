//! Use cases: spread over domains, teams, classifications, regulations and regions.

use super::random::Random;
use super::registry::CLASSIFICATIONS;

/// Domains of work: the first part of a use case's name, the business unit, and the data that it is likely to see.
const DOMAINS: [(&str, &str, &str); 24] = [
    ("support", "service", "pii"),
    ("sales", "commerce", "pii"),
    ("marketing", "commerce", "pii"),
    ("legal", "corporate", "pii"),
    ("finance", "corporate", "financial"),
    ("claims", "insurance", "health"),
    ("billing", "commerce", "payment"),
    ("people", "corporate", "pii"),
    ("payroll", "corporate", "financial"),
    ("procurement", "operations", "financial"),
    ("helpdesk", "technology", "pii"),
    ("security", "technology", "source-code"),
    ("engineering", "technology", "source-code"),
    ("analytics", "technology", "pii"),
    ("research", "science", "health"),
    ("clinical", "care", "health"),
    ("pharmacy", "care", "health"),
    ("logistics", "operations", "payment"),
    ("fleet", "operations", "pii"),
    ("warehouse", "operations", "payment"),
    ("quality", "science", "source-code"),
    ("underwriting", "insurance", "financial"),
    ("press", "service", "pii"),
    ("training", "service", "pii"),
];
const WORK: [&str; 12] = [
    "reply",
    "summary",
    "triage",
    "draft",
    "extract",
    "translate",
    "classify",
    "search",
    "review",
    "forecast",
    "plan",
    "report",
];
/// Use cases that one team has, about.
const PER_TEAM: usize = 25;
/// Use cases in one file.
const PER_FILE: usize = 2_500;

/// A use case.
#[derive(Debug, Clone)]
pub struct UseCase {
    pub name: String,
    pub tag: Option<String>,
    pub domain: &'static str,
    pub business_unit: &'static str,
    pub team: String,
    pub project: String,
    pub application: String,
    pub interactive: bool,
    pub classification: usize,
    pub data: Vec<&'static str>,
    pub compliance: Vec<&'static str>,
    pub regulations: Vec<&'static str>,
    pub residency: Vec<&'static str>,
    pub retention_days: Option<u32>,
    pub regulated_output: bool,
    pub risk: &'static str,
    pub criticality: &'static str,
    pub capabilities: Vec<&'static str>,
    pub min_context: Option<u32>,
    pub latency_ms: Option<u32>,
    pub availability: Option<&'static str>,
    /// Requests, input and output tokens a month.
    pub monthly: Option<(u64, u64, u64)>,
    pub peak: u64,
}

/// The domains of an estate of so many use cases: small ones have few.
pub fn domains(use_cases: usize) -> &'static [(&'static str, &'static str, &'static str)] {
    &DOMAINS[..(use_cases / 4).clamp(1, DOMAINS.len())]
}

/// So many use cases.
pub fn invent(count: usize) -> Vec<UseCase> {
    let mut random = Random::new("estate");
    (0..count).map(|at| one(&mut random, at, count)).collect()
}

fn one(random: &mut Random, at: usize, count: usize) -> UseCase {
    let domains = domains(count);
    let (domain, business_unit, kind) = domains[at % domains.len()];
    let teams = (count / domains.len() / PER_TEAM).max(1);
    let team = format!("{domain}-{}", random.below(teams) + 1);
    let work = WORK[random.below(WORK.len())];
    let name = format!("{domain}.{work}-{:05}", at + 1);
    let classification = [0, 1, 1, 1, 1, 2, 2, 2, 2, 3][random.below(10)];
    let data = if classification > 0 && random.percent(70) { data(random, kind) } else { Vec::new() };
    let has = |wanted: &str| data.contains(&wanted);
    let mut compliance = random.some(&[("soc2", 60), ("iso27001", 15), ("fedramp", 2)]);
    let mut regulations = Vec::new();
    for (kind, certificate) in [("pii", "gdpr"), ("health", "hipaa"), ("payment", "pci")] {
        if has(kind) {
            compliance.push(certificate);
            regulations.push(certificate);
        }
    }
    let regions = [&["eu"][..], &["us"], &["eu", "us"], &["eu", "uk"], &["apac", "us"], &[], &[], &[]];
    let interactive = random.percent(65);
    let input = 1_000_000 * (1 + u64::try_from(random.below(80)).unwrap_or(0));
    let peak = 1 + u64::try_from(random.below(40)).unwrap_or(0);
    UseCase {
        tag: random.percent(30).then(|| format!("{work}.{domain}-{at}")),
        project: format!("{team}-{}", ["core", "pilot", "portal"][random.below(3)]),
        application: format!("{domain}-{}", ["agent", "portal", "pipeline"][random.below(3)]),
        interactive,
        classification,
        compliance,
        regulations,
        residency: regions[random.below(regions.len())].to_vec(),
        retention_days: [None, None, None, Some(30), Some(90), Some(0)][random.below(6)],
        regulated_output: random.percent(8),
        risk: ["minimal", "limited", "limited", "high"][random.below(4)],
        criticality: ["low", "normal", "normal", "high"][random.below(4)],
        capabilities: random.some(&[("tools", 35), ("json-schema", 25), ("vision", 12), ("reasoning", 10)]),
        min_context: [None, Some(8_000), Some(32_000), Some(128_000)][random.below(4)],
        latency_ms: interactive.then(|| [1_500, 2_000, 3_000, 5_000][random.below(4)]),
        availability: [None, Some("99%"), Some("99.5%"), Some("99.9%")][random.below(4)],
        monthly: random.percent(90).then_some((input / 700, input, input / [2, 4, 8][random.below(3)])),
        peak,
        name,
        domain,
        business_unit,
        team,
        data,
    }
}

fn data(random: &mut Random, likely: &'static str) -> Vec<&'static str> {
    let mut kinds = vec![likely];
    for kind in random.some(&[("pii", 25), ("financial", 8), ("payment", 5)]) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// The estate's files.
pub fn files(use_cases: &[UseCase]) -> Vec<(String, String)> {
    let chunks = use_cases.chunks(PER_FILE).enumerate();
    let file = |(at, chunk): (usize, &[UseCase])| {
        let mut text = String::from("use_cases:\n");
        for use_case in chunk {
            write(&mut text, use_case);
        }
        (format!("estate/{at:03}.yaml"), text)
    };
    chunks.map(file).collect()
}

fn write(text: &mut String, use_case: &UseCase) {
    text.push_str(&format!("  - name: {}\n", use_case.name));
    let mut line = |key: &str, value: &str| text.push_str(&format!("    {key}: {value}\n"));
    let list = |of: &[&str]| format!("[{}]", of.join(", "));
    line("description", &format!("What {} does every day in {}", use_case.team, use_case.project));
    line("owner", &format!("{}@example.com", use_case.team));
    if let Some(tag) = &use_case.tag {
        line("endpoint_tag", tag);
    }
    line("business_unit", use_case.business_unit);
    line("team", &use_case.team);
    line("project", &use_case.project);
    line("application", &use_case.application);
    if !use_case.interactive {
        line("workload", "batch");
    }
    line("data_classification", CLASSIFICATIONS[use_case.classification]);
    if !use_case.data.is_empty() {
        line("data", &list(&use_case.data));
        line("data_sources", &format!("[{{name: lake.{}, kind: table}}]", use_case.domain));
    }
    for (key, set) in [
        ("compliance", &use_case.compliance),
        ("regulations", &use_case.regulations),
        ("residency", &use_case.residency),
        ("capabilities", &use_case.capabilities),
    ] {
        if !set.is_empty() {
            line(key, &list(set));
        }
    }
    match use_case.retention_days {
        Some(0) => line("retention_max", "zero-retention"),
        Some(days) => line("retention_max", &format!("{days}-days")),
        None => {}
    }
    if use_case.regulated_output {
        line("regulated_output", "true");
    }
    line("risk", use_case.risk);
    line("criticality", use_case.criticality);
    if let Some(tokens) = use_case.min_context {
        line("min_context", &tokens.to_string());
    }
    if let Some(latency) = use_case.latency_ms {
        line("latency_sla_ms", &latency.to_string());
    }
    if let Some(target) = use_case.availability {
        line("availability_target", target);
    }
    if let Some((requests, input, output)) = use_case.monthly {
        let counts = format!("requests: {requests}, input_tokens: {input}, output_tokens: {output}");
        line("expected_monthly", &format!("{{{counts}}}"));
    }
    line("peak_requests_per_minute", &use_case.peak.to_string());
}
