//! Keys that belong elsewhere: in the file of another kind, in a policy, or under another name in this place.

/// What an unknown key stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Provider,
    Model,
    UseCase,
}

/// What the keys that are known in a place say of it.
fn here(known: &[&str]) -> Option<Here> {
    if known.contains(&"approved_use_cases") {
        Some(Here::Model)
    } else if known.contains(&"models") && known.contains(&"dpa") {
        Some(Here::Provider)
    } else if known.contains(&"data_sources") {
        Some(Here::UseCase)
    } else {
        None
    }
}

/// Keys of use cases, each with what a model or its provider has that answers to it.
const OF_USE_CASES: &[(&str, &str)] = &[
    ("residency", "regions"),
    ("data_classification", "data_classification_max"),
    ("retention_max", "data_retention"),
    ("regulations", "compliance"),
    ("latency_sla_ms", "latency"),
    ("availability_target", "availability"),
    ("min_context", "context_window"),
    ("team", ""),
    ("business_unit", ""),
    ("project", ""),
    ("application", ""),
    ("endpoint_tag", ""),
    ("data", ""),
    ("data_sources", ""),
    ("regulated_output", ""),
    ("risk", ""),
    ("criticality", ""),
    ("workload", ""),
    ("expected_monthly", ""),
    ("long_prompts", ""),
    ("peak_requests_per_minute", ""),
    ("budget_estimate_usd_per_month", ""),
];

/// Keys of models and providers for which a use case has none of its own.
const OF_MODELS: [&str; 22] = [
    "tier",
    "aliases",
    "approved_use_cases",
    "cost_per_1k_tokens_input",
    "cost_per_1k_tokens_output",
    "cost_per_1m_tokens_input",
    "cost_per_1m_tokens_output",
    "long_prompt",
    "batch_discount",
    "pricing",
    "max_daily_spend_usd",
    "lifecycle",
    "hosting",
    "jurisdiction",
    "dpa",
    "region_selectable",
    "failure_domain",
    "trains_on_data",
    "rate_limits",
    "endpoint",
    "evidence",
    "profile",
];

/// What people write as keys that is said in a policy.
const IN_POLICIES: &[(&[&str], &str)] = &[
    (
        &[
            "chain",
            "chains",
            "fallback",
            "fallbacks",
            "failover",
            "failover_to",
            "backup",
            "retries",
            "max_retries",
            "retry",
        ],
        "who steps in, and how often it is tried, is written in a policy, as in `failover NAME { follow ranking }`",
    ),
    (
        &[
            "prefer",
            "preferred",
            "routing",
            "route_to",
            "rules",
            "rule",
            "weight",
            "weights",
            "max_cost",
            "strategy",
        ],
        "which model is chosen is written in a policy, as in `preference rule NAME { prefer cheapest }`",
    ),
    (
        &[
            "limit",
            "limits",
            "quota",
            "quotas",
            "alert",
            "alerts",
            "budgets",
            "spend_limit",
            "monthly_budget",
        ],
        "limits are written in a policy, as in `budget NAME { limit 500 usd per month }`",
    ),
    (
        &["audit", "audits", "retain", "mask", "masking", "lineage", "log", "logging", "audit_log"],
        "what is recorded is written in a policy, as in `audit NAME { retain 7 years }`",
    ),
];

/// Where an unknown key belongs, where it is no key that is misspelt.
pub(super) fn belongs(name: &str, known: &[&str]) -> Option<String> {
    let here = here(known)?;
    let folded = name.to_lowercase().replace('-', "_");
    let folded = folded.as_str();
    if let Some(help) = of_here(here, folded) {
        return Some(help);
    }
    if here == Here::UseCase {
        let is_of_model = OF_MODELS.contains(&folded);
        let at_model = || format!("`{folded}` is a key of models and providers, in the files of `registry/`");
        return if is_of_model { Some(at_model()) } else { in_policies(folded) };
    }
    if let Some((_, ours)) = OF_USE_CASES.iter().find(|(theirs, _)| *theirs == folded) {
        let at_use_case = format!("`{folded}` is a key of use cases, in the files of `estate/`");
        return Some(match (known.contains(ours), *ours) {
            (true, ours) => format!("{at_use_case}: what answers to it here is `{ours}`"),
            (false, "") => at_use_case,
            (false, ours) => format!("{at_use_case}: what answers to it is `{ours}`, at each model"),
        });
    }
    // What a model says of its failover has a key of its own.
    let is_failover =
        here == Here::Model && IN_POLICIES.first().is_some_and(|(keys, _)| keys.contains(&folded));
    if is_failover { None } else { in_policies(folded) }
}

pub(super) fn in_policies(name: &str) -> Option<String> {
    IN_POLICIES.iter().find(|(keys, _)| keys.contains(&name)).map(|(_, help)| (*help).to_owned())
}

/// What is said of some keys in one place.
fn of_here(here: Here, folded: &str) -> Option<String> {
    let help = match (here, folded) {
        (Here::Provider, "model") => "a provider lists its models below `models`, each with `- name: …`",
        (Here::Provider, "name" | "id") => "the name of a provider is its key, as in `openai:`",
        (Here::Provider, "max_daily_spend_usd" | "daily_limit" | "budget") => {
            "a model has `max_daily_spend_usd`; what all of a provider may cost is written in a policy, `budget NAME { on PROVIDER limit 500 usd per month }`"
        }
        (Here::Provider | Here::Model, "tags" | "labels" | "tag") => {
            "spend is told apart by the `team`, `business_unit`, `project` and `application` of use cases"
        }
        (Here::Provider | Here::Model, "description" | "notes" | "note" | "comment" | "comments") => {
            "what only people read stands in a comment, behind a `#`"
        }
        (Here::Provider | Here::Model, "processed_in") => {
            "where requests are processed is stated as `regions`"
        }
        (Here::Provider | Here::Model, "enabled" | "disabled" | "active") => {
            "a model that is not to be used has `lifecycle: {status: retired}`, or no approval"
        }
        (Here::Provider, "failover_to" | "fallback" | "fallbacks" | "backup" | "failover") => {
            "`failover_to` is a key of a model: indent it like the others there"
        }
        (Here::Provider, "classification" | "max_classification") => {
            "`data_classification_max` is a key of a model: indent it like the others there"
        }
        (Here::Provider, "status" | "state") => {
            "`lifecycle: {status: …}` is a key of a model: indent it like the others there"
        }
        (Here::Provider, "use_cases" | "usecases" | "approved_for" | "approved") => {
            "`approved_use_cases` is a key of a model: indent it like the others there"
        }
        (Here::Model, "provider" | "vendor") => {
            "a model stands below its provider, whose name is a key of `providers`"
        }
        (
            Here::UseCase,
            "model" | "models" | "provider" | "providers" | "approved_models" | "allowed_models",
        ) => {
            "a model says which use cases it may serve, `approved_use_cases`; a rule chooses among these, as in `prefer PROVIDER`"
        }
        (Here::UseCase, "processed_in") => "where requests may be processed is stated as `residency`",
        (Here::UseCase, "temperature" | "max_tokens" | "system_prompt" | "prompt" | "top_p") => {
            "how a model is asked is stated at the model, as in `profile: {temperature: 0.2}`"
        }
        (Here::UseCase, "rate_limit" | "rate_limits" | "tpm" | "rps") => {
            "what is sent at most is written in a policy, as in `quota NAME { limit 600 requests per minute }`; what is expected at the peak is `peak_requests_per_minute`"
        }
        (Here::UseCase, "max_budget" | "max_cost" | "max_spend") => {
            "limits are written in a policy, as in `budget NAME { limit 500 usd per month }`"
        }
        (
            Here::UseCase,
            "tokens" | "monthly_tokens" | "tokens_per_month" | "daily_tokens" | "tokens_per_day",
        ) => {
            "what is expected is told apart by what is read and what is written: `expected_monthly` has `input_tokens` and `output_tokens`"
        }
        (Here::UseCase, "status" | "enabled" | "active" | "disabled") => {
            "leave it out: a use case that stands here is in use"
        }
        (Here::UseCase, "facts" | "fact" | "tenant") => {
            "what differs from request to request is declared in a policy, as in `fact tenant in {standard, premium} default standard`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}
