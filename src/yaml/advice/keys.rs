//! Keys that a file does not have, and which of ours they stand for.

use super::{belongs, price, tools, units};
use crate::diag::{Finding, nearest};
use crate::limits::effort;
use crate::yaml::Value;

/// What to do with a key where ours stands.
fn already(ours: &str) -> String {
    format!("leave it out, or write its value there: `{ours}` {HERE_ALREADY}")
}

/// What to write instead of a key that does not exist; of keys that stand there already none is offered.
pub(in crate::yaml) fn unknown_key(
    name: &str,
    known: &[&str],
    present: &[&str],
    home: Option<&str>,
) -> String {
    if name.starts_with("//") || name.starts_with("/*") {
        return "a comment begins with `#`, on a line of its own: this one is read as a part of the key"
            .to_owned();
    }
    if matches!(name, "api_key" | "apikey" | "key" | "token" | "secret") {
        let write = if known.contains(&"api_key_env") {
            "api_key_env: OPENAI_API_KEY"
        } else {
            "endpoint: {api_key_env: OPENAI_API_KEY}"
        };
        return format!("keep keys out of the registry: name the variable that holds it, `{write}`");
    }
    if let Some(help) =
        glued(name, known).or_else(|| elsewhere(name, known)).or_else(|| belongs::belongs(name, known))
    {
        return help;
    }
    if let Some(ours) = price::key(name, known, present) {
        return if present.contains(&ours.as_str()) {
            already(&ours)
        } else {
            format!("did you mean `{ours}`?")
        };
    }
    let folded = name.to_lowercase().replace('-', "_");
    like_ours(name, &folded, (known, present))
        .or_else(|| tools::of_tool(name))
        .or_else(|| home.map(|home| format!("`{name}` is a key of {home}: indent it like the others there")))
        .or_else(|| tools::anywhere(name, known))
        // At the top of a file, where few keys are known.
        .or_else(|| belongs::in_policies(&folded).filter(|_| known.len() <= 3))
        .unwrap_or_else(|| all_known(known))
}

/// A key that looks like one of ours, or means the same.
fn like_ours(name: &str, folded: &str, (known, present): (&[&str], &[&str])) -> Option<String> {
    let is_free = |ours: &&str| !present.contains(ours);
    let mut near = nearest::nearest(name, known.iter().copied());
    let differs = |ours: &&str| units::differ(name, ours);
    if let Some(ours) = near.first().filter(|ours| differs(ours) && is_free(ours)) {
        return Some(units::told(ours));
    }
    near.retain(|ours| !differs(ours));
    let free: Vec<&str> = near.iter().copied().filter(is_free).collect();
    // Where the nearest stands here already, a farther one is not meant.
    if !free.is_empty() && near.first().is_some_and(is_free) {
        return Some(format!("did you mean {}?", nearest::either(&free)));
    }
    let meant = KEYS.iter().filter(|(theirs, _)| theirs.contains(&folded));
    let meant: Vec<&str> = meant.map(|(_, ours)| *ours).filter(|ours| known.contains(ours)).collect();
    let free: Vec<&str> = meant.iter().copied().filter(is_free).take(3).collect();
    if !free.is_empty() {
        return Some(format!("did you mean {}?", nearest::either(&free)));
    }
    near.first().or(meant.first()).map(|ours| already(ours))
}

/// What to choose from where nothing is like the key.
fn all_known(known: &[&str]) -> String {
    match known {
        few if few.len() <= 12 => {
            format!("the keys here are {}", nearest::either(few).replace(" or ", " and "))
        }
        _ => format!(
            "none of the {} keys here is like it, and what it says is not read: `govctl explain schema` shows a file",
            known.len()
        ),
    }
}

/// `p95_ms:800`: without a space, the colon belongs to the key.
fn glued(name: &str, known: &[&str]) -> Option<String> {
    let (key, value) = name.split_once(':')?;
    let (key, value) = (key.trim(), value.trim());
    (known.contains(&key) && !value.is_empty())
        .then(|| format!("a space is missing behind the colon: write it as `{key}: {value}`"))
}

/// Where the keys of another file stand.
fn elsewhere(name: &str, known: &[&str]) -> Option<String> {
    let home = match name {
        "providers" if known.contains(&"use_cases") => "providers stand in the files of `registry/`",
        "fallback" | "fallbacks" | "failover" | "failover_to" | "backup"
            if known.contains(&"data_sources") =>
        {
            "who steps in is written in a policy, as in `failover NAME { follow ranking }`"
        }
        "use_cases" if known.contains(&"providers") => "use cases stand in the files of `estate/`",
        _ => return None,
    };
    Some(home.to_owned())
}

/// Whether a key that lacks stands there in other letters, which is told there.
pub(in crate::yaml) fn is_misspelt(name: &str, map: &Value, known: &[String]) -> bool {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let glued = format!("{name}:");
    let unknown = map.entries().iter().map(|(key, _)| key.value.as_str()).filter(|key| !known.contains(key));
    unknown.take(effort::MISSPELT_KEYS).any(|key| {
        let help = unknown_key(key, &known, &[], None);
        let is_meant = help.starts_with("did you mean ") && help.contains(&format!("`{name}`"));
        key.starts_with(&glued) || is_meant || help.ends_with(&format!("answers to it here is `{name}`"))
    })
}

/// Unknown keys that say parts of one key of ours are one slip: written one by one, that key would stand there twice.
pub(in crate::yaml) fn together(mut findings: Vec<Finding>) -> Vec<Finding> {
    let parts: Vec<Option<(String, String)>> = findings.iter().map(part).collect();
    let mut kept = vec![true; findings.len()];
    for (at, finding) in findings.iter_mut().enumerate() {
        let Some((outer, _)) = parts.get(at).and_then(Option::as_ref).filter(|_| kept.get(at) == Some(&true))
        else {
            continue;
        };
        let is_of = |part: &Option<(String, String)>| part.as_ref().is_some_and(|(of, _)| of == outer);
        let mut inner: Vec<&str> = Vec::new();
        for (other, part) in parts.iter().enumerate().filter(|(_, part)| is_of(part)) {
            if let (Some((_, text)), Some(kept)) = (part, kept.get_mut(other)) {
                *kept = other == at;
                if !inner.contains(&text.as_str()) {
                    inner.push(text);
                }
            }
        }
        let others = parts.iter().filter(|part| is_of(part)).count() - 1;
        if others > 0 {
            let close = if outer.ends_with('[') { ']' } else { '}' };
            let keys = if others == 1 { "the key" } else { "the keys" };
            let whole = format!("{outer}{}{close}", inner.join(", "));
            finding.help = Some(match finding.help.as_deref() {
                Some(help) if help.contains(HERE_ALREADY) => {
                    let (head, _) = help.split_once(HERE_ALREADY).unwrap_or_default();
                    format!("{head}{HERE_ALREADY}: say all of it there, as in `{whole}`")
                }
                _ => format!(
                    "say it once, as `{whole}`, in place of this key and {keys} below that say the rest"
                ),
            });
        }
    }
    let mut kept = kept.into_iter();
    findings.retain(|_| kept.next().unwrap_or(true));
    findings
}

/// What is said of a key of ours that stands there.
pub(super) const HERE_ALREADY: &str = "stands here already";

/// The key of ours, up to the bracket behind it, and what stands within, of a help that gives both.
fn part(finding: &Finding) -> Option<(String, String)> {
    let help = finding.help.as_deref()?;
    let right = help.strip_prefix("write `").or_else(|| {
        help.split_once(HERE_ALREADY).and_then(|(_, rest)| rest.split_once("as in `")).map(|(_, right)| right)
    })?;
    let right = right.split_once('`')?.0;
    let open = right.find(": {").or_else(|| right.find(": ["))? + 3;
    let (outer, inner) = right.split_at_checked(open)?;
    Some((outer.to_owned(), inner.strip_suffix(['}', ']'])?.to_owned()))
}

/// Keys that people know from elsewhere, each with one of ours.
const KEYS: &[(&[&str], &str)] = &[
    (
        &[
            "id",
            "model",
            "title",
            "use_case",
            "label",
            "model_name",
            "model_id",
            "slug",
            "cert",
            "certificate",
            "certification",
            "standard",
            "framework",
        ],
        "name",
    ),
    (
        &[
            "data_types",
            "data_type",
            "data_kinds",
            "data_categories",
            "data_category",
            "personal_data",
            "contains",
            "kinds",
        ],
        "data",
    ),
    (
        &[
            "contact",
            "email",
            "owner_email",
            "maintainer",
            "responsible",
            "accountable",
            "owned_by",
            "owners",
        ],
        "owner",
    ),
    (&["policy", "policy_files", "policies_dir", "policy_dir", "gov"], "policies"),
    (
        &[
            "rules",
            "rule",
            "severity",
            "severities",
            "levels",
            "level",
            "checks",
            "findings",
            "warnings",
            "linter",
        ],
        "lints",
    ),
    (&["registries", "models", "providers", "catalogue"], "registry"),
    (&["use_cases", "usecases", "estates", "workloads"], "estate"),
    (&["headers", "header", "gateway", "requests"], "request"),
    (&["review", "audits"], "reviews"),
    (&["regulation", "laws", "law", "frameworks", "compliance", "certifications"], "regulations"),
    (&["criticality_level", "importance", "priority", "severity"], "criticality"),
    (&["risk_level", "risk_class", "risk_category", "ai_act"], "risk"),
    (&["mode", "interaction", "processing"], "workload"),
    (&["squad", "group", "owner_team"], "team"),
    (
        &[
            "cost",
            "price",
            "prices",
            "input_cost",
            "input_price",
            "cost_per_1m_input_tokens",
            "price_per_1m_input",
            "cost_per_million_input",
            "cost_per_1m_input",
        ],
        "cost_per_1m_tokens_input",
    ),
    (
        &[
            "output_cost",
            "output_price",
            "cost_per_1m_output_tokens",
            "price_per_1m_output",
            "cost_per_1m_output",
        ],
        "cost_per_1m_tokens_output",
    ),
    (&["cost_per_1k_input_tokens", "price_per_1k_input", "cost_per_1k_input"], "cost_per_1k_tokens_input"),
    (
        &["cost_per_1k_output_tokens", "price_per_1k_output", "cost_per_1k_output"],
        "cost_per_1k_tokens_output",
    ),
    (&["context", "window", "context_length", "max_context", "max_input_tokens"], "context_window"),
    (&["context", "context_window", "window", "context_length"], "min_context"),
    (&["approved_for", "approved", "use_cases", "allowed_use_cases", "approvals"], "approved_use_cases"),
    (
        &["max_classification", "classification", "classification_max", "ceiling", "data_classification"],
        "data_classification_max",
    ),
    (&["classification", "sensitivity", "confidentiality"], "data_classification"),
    (&["certifications", "certificates", "certs", "standards"], "compliance"),
    (&["residency", "data_residency", "region", "locations", "location"], "regions"),
    (&["data_residency", "regions", "region", "locations", "location"], "residency"),
    (&["retention", "retention_days", "log_retention"], "data_retention"),
    (&["retention", "max_retention", "data_retention", "retention_days"], "retention_max"),
    (&["training", "trains", "train_on_data", "used_for_training"], "trains_on_data"),
    (&["sla", "uptime"], "availability"),
    (&["availability", "sla", "uptime"], "availability_target"),
    (&["latency", "latency_ms", "sla_ms", "max_latency_ms"], "latency_sla_ms"),
    (&["country", "seat", "headquarters"], "jurisdiction"),
    (&["type", "deployment", "kind"], "hosting"),
    (&["limits", "quota", "quotas", "rpm", "tpm"], "rate_limits"),
    (&["rpm", "requests", "rate", "requests_per_min"], "requests_per_minute"),
    (&["tpm", "tokens", "tokens_per_min"], "tokens_per_minute"),
    (&["rpm", "peak", "peak_rpm", "peak_requests", "requests_per_minute"], "peak_requests_per_minute"),
    (
        &["fallback", "fallbacks", "fallback_to", "fallback_model", "failover", "backup", "next"],
        "failover_to",
    ),
    (
        &[
            "latency_p95_ms",
            "latency_p50_ms",
            "p95_latency_ms",
            "p50_latency_ms",
            "p95_ms",
            "latency_ms",
            "p95",
        ],
        "latency",
    ),
    (&["notes", "note", "comment", "comments", "summary", "about", "purpose"], "description"),
    (&["monthly_volume", "volumes", "expected_usage", "expected_volume"], "expected_monthly"),
    (&["url", "host", "api_base", "endpoint"], "base_url"),
    (&["status", "state", "deprecation"], "lifecycle"),
    (&["features", "modalities", "supports", "tools", "functions", "embedding"], "capabilities"),
    (&["prompt_tokens", "tokens_in", "input", "prompt", "tokens_input", "in"], "input_tokens"),
    (
        &[
            "completion_tokens",
            "tokens_out",
            "output",
            "completion",
            "tokens_output",
            "generated_tokens",
            "out",
        ],
        "output_tokens",
    ),
    (
        &["cache_read_tokens", "cached", "cached_prompt_tokens", "cache_read_input_tokens"],
        "cached_input_tokens",
    ),
    (&["calls", "invocations", "queries", "num_requests", "request_count"], "requests"),
    (&["state", "stage", "phase"], "status"),
    (&["quality", "class", "size", "grade"], "tier"),
    (&["daily_limit", "max_daily_spend", "spend_limit", "budget"], "max_daily_spend_usd"),
    (&["budget", "monthly_budget", "budget_usd", "estimate"], "budget_estimate_usd_per_month"),
    (&["volume", "monthly", "usage", "expected", "traffic"], "expected_monthly"),
    (&["tag", "tags", "route"], "endpoint_tag"),
    (&["app", "service", "agent"], "application"),
    (&["department", "division", "cost_center", "cost_centre", "costcenter", "bu"], "business_unit"),
    (&["department", "division", "cost_center", "cost_centre", "costcenter"], "project"),
    (&["until", "valid_until", "expiry", "end"], "expires"),
    (&["expires", "expiry", "until", "valid_until", "renewal", "expires_on", "end", "ends"], "renews"),
    (
        &[
            "eol",
            "end_of_life",
            "expires",
            "until",
            "end",
            "ends",
            "retires",
            "retired_on",
            "retirement",
            "shutdown",
            "removal",
            "deprecated_on",
            "last_day",
        ],
        "sunset",
    ),
    (&["doc", "file", "reference", "contract", "number", "link", "url"], "document"),
    (&["date", "read", "checked", "checked_on", "on", "retrieved"], "read_on"),
    (&["from", "where", "page", "url", "link", "document"], "source"),
    (&["p50", "median"], "p50_ms"),
    (&["p95", "p99"], "p95_ms"),
    (&["system", "prompt", "max_tokens", "temperature"], "profile"),
    (&["cloud", "zone", "domain"], "failure_domain"),
];
