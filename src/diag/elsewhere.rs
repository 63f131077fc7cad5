//! Words that people know from elsewhere, and ours.

use crate::vocabulary::{Criticality, DpaStatus, Hosting, Lifecycle, ModelTier, Risk, Trigger, Workload};

/// The word of ours that one from elsewhere stands for, of those that may stand there.
pub fn meant<'a>(word: &str, ours: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['_', ' '], "-");
    let mut known = WORDS.iter().filter(|(theirs, _)| theirs.contains(&word.as_str()));
    known.find_map(|(_, meant)| ours.iter().copied().find(|our| our == meant))
}

/// The attributes whose values are a few words.
const VALUES: &[(&str, &[&str])] = &[
    ("model.dpa", DpaStatus::NAMES),
    ("model.hosting", Hosting::NAMES),
    ("model.tier", ModelTier::NAMES),
    ("model.lifecycle", Lifecycle::NAMES),
    ("risk", Risk::NAMES),
    ("criticality", Criticality::NAMES),
    ("workload", Workload::NAMES),
];

/// The value of an attribute that a word stands for: the word itself where any may be one.
pub fn value_of<'a>(attribute: &str, word: &'a str) -> &'a str {
    let Some((_, values)) = VALUES.iter().find(|(known, _)| *known == attribute) else { return word };
    if values.contains(&word) { word } else { meant(word, values).unwrap_or(word) }
}

/// The attribute that alone has a word as its value.
pub fn attribute_of(word: &str) -> Option<&'static str> {
    let mut all = VALUES.iter().filter(|(_, values)| values.contains(&word)).map(|(attribute, _)| *attribute);
    all.next().filter(|_| all.next().is_none())
}

/// Whether the last part of an attribute's name stands for a percent.
pub fn is_percent(name: &str) -> bool {
    const LEFT: [&str; 4] = ["remaining", "budget_remaining", "remaining_budget", "budget_left"];
    LEFT.contains(&name) || matches!(name, "availability" | "availability_target")
}

/// The operator that a word behind `or` means: `confidential or higher`.
pub fn direction(word: &str) -> Option<&'static str> {
    match word {
        "higher" | "above" | "more" | "up" | "upwards" | "over" | "greater" | "stricter" | "worse"
        | "beyond" | "longer" => Some(">="),
        "lower" | "below" | "less" | "down" | "under" | "fewer" | "shorter" | "better" => Some("<="),
        _ => None,
    }
}

/// A value of an attribute, for an example.
pub fn example_of(attribute: &str) -> &'static str {
    let known = VALUES.iter().find(|(known, _)| *known == attribute);
    known.and_then(|(_, values)| values.last()).copied().unwrap_or("…")
}

/// Names for the time, which no condition knows.
pub const CLOCK: &[&str] = &[
    "time",
    "hour",
    "hours",
    "weekday",
    "weekend",
    "date",
    "day",
    "now",
    "month",
    "night",
    "today",
    "clock",
    "time_of_day",
    "day_of_week",
    "timestamp",
    "current_time",
];

/// What is said of a condition on the time of day.
pub const NO_CLOCK: &str = "a condition knows no clock: declare a fact that the gateway states with each request, such as `fact shift in {day, night} default day`, and test `shift == night`";

/// Words from elsewhere, each with one of ours; where one stands for several, what may stand there decides.
const WORDS: &[(&[&str], &str)] = &[
    // Levels of findings.
    (&["error", "fail", "forbid", "fatal"], "deny"),
    (&["off", "ignore", "none", "disable", "disabled", "skip", "info", "silent", "false"], "allow"),
    (&["on", "warning", "enable", "enabled", "true"], "warn"),
    // Values of registry and estate.
    (
        &[
            "on-prem",
            "onprem",
            "on-premise",
            "on-premises",
            "selfhosted",
            "own",
            "local",
            "in-house",
            "internal",
        ],
        "self-hosted",
    ),
    (&["vpc", "private", "dedicated", "single-tenant", "privatecloud"], "private-cloud"),
    (&["public", "saas", "hosted", "public-cloud", "api", "managed"], "cloud"),
    (&["signed", "yes", "true", "active", "in-force", "done", "ok", "complete", "approved"], "confirmed"),
    (
        &["requested", "in-review", "review", "in-progress", "open", "draft", "unsigned", "negotiating"],
        "pending",
    ),
    (&["no", "false", "missing", "not-needed"], "none"),
    (&["cheap", "small", "low", "basic", "mini", "budget", "lite", "nano"], "economy"),
    (&["medium", "mid", "middle", "normal", "default", "balanced"], "standard"),
    (&["high", "large", "top", "best", "frontier", "flagship", "expensive", "pro", "max"], "premium"),
    (&["ga", "stable", "live", "production", "available", "released", "current"], "active"),
    (&["beta", "alpha", "experimental", "early-access", "trial", "testing"], "preview"),
    (&["sunset", "legacy", "sunsetting", "old", "retiring", "obsolete"], "deprecated"),
    (&["eol", "removed", "gone", "dead", "shut-down", "end-of-life", "discontinued"], "retired"),
    (&["streaming", "realtime", "real-time", "online", "sync", "synchronous", "chat", "live"], "interactive"),
    (&["offline", "async", "asynchronous", "bulk", "background", "scheduled"], "batch"),
    (&["none", "low", "no", "negligible"], "minimal"),
    (&["medium", "moderate", "some", "normal", "mid"], "limited"),
    (&["unacceptable", "critical", "very-high", "severe", "big"], "high"),
    (&["minor", "minimal", "none"], "low"),
    (&["medium", "moderate", "standard", "mid"], "normal"),
    // Triggers of failover: what protocols and providers call them.
    (
        &[
            "429",
            "rate-limit",
            "ratelimit",
            "throttled",
            "throttling",
            "too-many-requests",
            "envoy-ratelimited",
            "quota",
            "quota-exceeded",
            "ratelimiterror",
            "rate-limit-error",
            "rate-limit-exceeded",
            "resource-exhausted",
        ],
        Trigger::RateLimited.name(),
    ),
    (
        &[
            "500",
            "502",
            "5xx",
            "error",
            "errors",
            "server",
            "server-errors",
            "internal-error",
            "failure",
            "api-error",
            "internal-server-error",
            "internalservererror",
            "server-side-error",
            "bad-gateway",
            "retriable-status-codes",
        ],
        Trigger::ServerError.name(),
    ),
    (
        &[
            "408",
            "504",
            "timeouts",
            "timed-out",
            "slow",
            "deadline",
            "gateway-timeout",
            "deadline-exceeded",
            "request-timeout",
            "timeout-error",
            "read-timeout",
        ],
        Trigger::Timeout.name(),
    ),
    (
        &[
            "503",
            "529",
            "outage",
            "down",
            "overloaded",
            "unreachable",
            "connection-error",
            "network",
            "network-error",
            "connection-refused",
            "connection-reset",
            "apiconnectionerror",
            "reset",
            "connect-failure",
            "refused-stream",
            "gateway-error",
            "reset-before-request",
            "service-unavailable",
            "serviceunavailableerror",
            "overloaded-error",
            "model-overloaded",
        ],
        Trigger::Unavailable.name(),
    ),
    (
        &[
            "content-filter",
            "filtered",
            "moderation",
            "safety",
            "blocked",
            "content-policy",
            "refusal",
            "content-policy-violation",
            "contentpolicyviolationerror",
            "content-filter-error",
            "guardrail",
        ],
        Trigger::ContentFiltered.name(),
    ),
    (
        &[
            "413",
            "context-length",
            "context-length-exceeded",
            "context-window-exceeded",
            "contextwindowexceedederror",
            "context-window",
            "context",
            "too-long",
            "max-tokens",
        ],
        Trigger::ContextExceeded.name(),
    ),
    (
        &["402", "insufficient-quota", "billing", "credit", "no-credit", "payment-required", "credits"],
        Trigger::OutOfCredit.name(),
    ),
    (
        &[
            "401",
            "403",
            "auth",
            "forbidden",
            "unauthenticated",
            "auth-error",
            "authentication",
            "401-403",
            "authentication-error",
            "authenticationerror",
            "permission-denied",
        ],
        Trigger::Unauthorized.name(),
    ),
    // Aspects of a match.
    (&["region", "regions", "location", "locations", "jurisdiction", "country"], "residency"),
    (&["certifications", "certification", "certificates", "certs", "regulations"], "compliance"),
    (&["sensitivity", "ceiling", "data-classification", "data-classification-max"], "classification"),
    (&["context", "window", "min-context", "context-length"], "context-window"),
    (&["tools", "features", "capability", "modalities"], "capabilities"),
    (&["data-retention", "retention-max", "logging"], "retention"),
    // Kinds of data.
    (&["phi", "hipaa", "medical", "patient", "patients", "medical-data", "health-data", "ephi"], "health"),
    (&["personal", "personal-data", "gdpr", "private-data", "pid", "customer-data"], "pii"),
    (&["pci", "card", "cards", "cardholder", "credit-card", "pan", "payment-card"], "payment"),
    (&["pci", "card", "cards", "cardholder", "credit-card", "bank", "banking", "payments"], "financial"),
    // How a request ends.
    (
        &[
            "fail",
            "error",
            "stop",
            "reject",
            "deny",
            "refuse",
            "abort",
            "drop",
            "blocked",
            "escalate",
            "raise",
            "failure",
            "failed",
            "rejected",
            "denied",
            "refused",
            "forbidden",
            "aborted",
        ],
        "block",
    ),
    (&["wait", "hold", "delay", "queued", "enqueue", "retry", "defer", "park"], "queue"),
    (&["degraded", "fallback", "static", "cached", "default", "downgrade", "return", "respond"], "degrade"),
    (&["reply", "answer", "say", "message", "apologise", "apologize", "apology", "canned"], "degrade"),
    (&["warn", "alert", "email", "mail", "page", "log", "inform", "tell", "escalate", "message"], "notify"),
    (&["slow", "limit", "slow-down", "rate-limit", "delay"], "throttle"),
    (&["ask", "approve", "approval", "confirmation", "manual"], "confirm"),
    // Where a failover goes.
    (&["rank", "order", "preference", "preferences", "cheapest", "ranked", "rules", "fastest"], "ranking"),
    (&["failover-to", "links", "models", "chain", "registered"], "registry"),
    // Orders of a prefer.
    (
        &[
            "cheap",
            "cheaper",
            "lowest-cost",
            "cost",
            "price",
            "low-cost",
            "cheapest-eligible",
            "lowest-price",
            "cheapest-first",
            "least-expensive",
            "most-affordable",
            "least-cost",
            "cost-based",
            "cost-based-routing",
            "lowest",
        ],
        "cheapest",
    ),
    (
        &[
            "fast",
            "faster",
            "latency",
            "lowest-latency",
            "low-latency",
            "speed",
            "quickest",
            "lowest-response-time",
            "most-responsive",
            "least-latency",
            "least-latent",
            "latency-based",
            "latency-based-routing",
            "fastest-eligible",
            "fastest-first",
        ],
        "fastest",
    ),
    (
        &[
            "availability",
            "available",
            "reliable",
            "most-reliable",
            "reliability",
            "uptime",
            "highest-availability",
            "best-availability",
            "most-stable",
            "highest-uptime",
            "mostavailable",
        ],
        "most-available",
    ),
    // Dimensions.
    (&["cost-center", "cost-centre", "costcenter", "department", "bu", "division", "org"], "business_unit"),
    (&["group", "squad", "owner"], "team"),
    (&["app", "service", "agent", "client"], "application"),
    (&["customer", "person", "account", "email"], "user"),
    (&["usecase", "use-cases", "endpoint", "tag"], "use_case"),
    (&["vendor"], "provider"),
    // Modes.
    (&["charge-back", "charge", "bill", "billing"], "chargeback"),
    (&["show-back", "show", "report", "reporting"], "showback"),
];

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn what_may_stand_there_decides_what_a_word_stands_for() {
        assert_eq!(meant("medium", &["economy", "standard", "premium"]), Some("standard"));
        assert_eq!(meant("Medium", &["minimal", "limited", "high"]), Some("limited"));
        assert_eq!(meant("on_prem", &["cloud", "self-hosted"]), Some("self-hosted"));
        assert_eq!(meant("escalate", &["queue", "degrade", "block"]), Some("block"));
        assert_eq!(meant("premium", &["premium"]), None);
    }
}
