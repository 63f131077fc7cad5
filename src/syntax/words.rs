//! The words of the language by the place where they stand: what messages list and suggest.

use crate::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};

/// What begins a statement.
pub(super) const STATEMENTS: &[&str] = &[
    "compliance",
    "cost",
    "latency",
    "preference",
    "failover",
    "budget",
    "quota",
    "guarantee",
    "test",
    "audit",
    "attribution",
    "fact",
    "classifications",
    "regions",
    "data",
    "capabilities",
    "teams",
    "business_units",
    "projects",
    "applications",
    "precedence",
];

/// Words that are names only in quotes.
pub(super) const RESERVED: &[&str] =
    &["and", "or", "not", "in", "has", "covers", "where", "then", "per", "true", "false"];

/// The clauses of a rule.
pub(super) const RULE: &[&str] =
    &["when", "require", "forbid", "prefer", "process", "overrides", "from", "until", "because"];

/// The clauses of a failover statement, those that it has exactly one of first.
pub(super) const FAILOVER: &[&str] = &[
    "chain",
    "follow",
    "none",
    "when",
    "on",
    "match",
    "limit",
    "above",
    "retry",
    "cooldown",
    "then",
    "log",
    "notify",
    "overrides",
    "from",
    "until",
    "because",
];

/// The clauses of a budget.
pub(super) const BUDGET: &[&str] =
    &["limit", "at", "when", "on", "per", "mode", "within", "owner", "escalate", "from", "until", "because"];

/// The clauses of a quota.
pub(super) const QUOTA: &[&str] = &["on", "limit", "when", "per", "then", "from", "until", "because"];

/// The clauses of `attribution`.
pub(crate) const ATTRIBUTION: &[&str] = &["require", "mode", "anomaly"];

/// The clauses of an audit statement.
pub(crate) const AUDIT: &[&str] = &["when", "retain", "lineage", "mask", "owner", "from", "until", "because"];

/// The clauses of a guarantee.
pub(crate) const GUARANTEE: &[&str] = &["for", "always", "never", "from", "until", "because"];

/// The clauses of a test.
pub(crate) const TEST: &[&str] = &["given", "expect"];

/// Which statement has which clauses.
pub(crate) const CLAUSES: &[(&str, &[&str])] = &[
    ("a rule", RULE),
    ("a failover statement", FAILOVER),
    ("a budget", BUDGET),
    ("a quota", QUOTA),
    ("`attribution`", ATTRIBUTION),
    ("an audit statement", AUDIT),
    ("a guarantee", GUARANTEE),
    ("a test", TEST),
];

/// What a test can be given, besides a fact.
pub(super) const GIVEN: &[&str] = &["use_case", "classification", "budget.remaining", "down", "on"];

/// What a test can expect, besides targets.
pub(super) const EXPECTED: &[&str] = &["primary", "never", "terminal", "unroutable", "rule"];

pub(super) const TIERS: &[&str] = Tier::NAMES;

pub(super) const VOCABULARIES: &[&str] = VocabularyKind::NAMES;

/// What sets a failover off.
pub(super) const TRIGGERS: &[&str] = Trigger::NAMES;

/// What a target shares with the primary.
pub(super) const ASPECTS: &[&str] = Aspect::NAMES;

/// What spend is attributed to.
pub(super) const DIMENSIONS: &[&str] = Dimension::NAMES;

/// The periods of a budget.
pub(super) const PERIODS: &[&str] = Period::NAMES;

/// Who pays.
pub(super) const MODES: &[&str] = Mode::NAMES;

/// What a quota counts.
pub(super) const QUOTA_UNITS: &[&str] = QuotaUnit::NAMES;

/// What may stand behind `per` in a quota.
pub(super) const QUOTA_PERIODS: &[&str] = QuotaPeriod::NAMES;

/// What a quota answers that is used up.
pub(super) const USED_UP: &[&str] = &["queue", "failover", "block"];

/// Where a failover ends.
pub(super) const TERMINALS: &[&str] = TerminalKind::NAMES;

/// What a `prefer` orders by, besides a list.
pub(super) const PREFERENCES: &[&str] = &["cheapest", "fastest", "most-available", "where"];

/// The order of a `prefer` that an attribute of models stands for.
pub(crate) fn order_of(attribute: &str) -> Option<&'static str> {
    match attribute.strip_prefix("model.").unwrap_or(attribute) {
        "cost" | "input_cost" | "output_cost" | "price" => Some("cheapest"),
        "latency_p50" | "latency_p95" | "latency" | "speed" => Some("fastest"),
        "availability" | "uptime" => Some("most-available"),
        _ => None,
    }
}

/// What happens to a dear target.
pub(super) const COST_ACTIONS: &[&str] = &["notify", "confirm", "throttle", "block"];

/// What a budget does.
pub(super) const BUDGET_ACTIONS: &[&str] = &["notify", "throttle", "queue", "block"];

/// Units of time.
pub(super) const DURATIONS: &[&str] = &["seconds", "minutes", "hours", "days", "weeks", "years", "ms", "s"];

/// What can stand after a number.
pub(crate) const UNITS: &[&str] =
    &["%", "x", "seconds", "minutes", "hours", "days", "weeks", "years", "ms", "s", "usd"];

pub(super) const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];

/// Symbols that people know from elsewhere, and ours.
pub(super) const SYMBOLS: &[(&str, &str)] = &[
    ("=", "=="),
    ("===", "=="),
    (":=", "=="),
    ("!==", "!="),
    ("<>", "!="),
    ("≠", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("&&", "and"),
    ("&", "and"),
    ("||", "or"),
    ("|", "or"),
    ("!", "not"),
    ("→", "->"),
    ("⟶", "->"),
    ("⇒", "->"),
    ("=>", "->"),
    ("=>", ">="),
    ("=<", "<="),
    (",", "->"),
    (">", "->"),
    ("->", ","),
    ("<", ">"),
    (">", "<"),
    (",", "<"),
    (",", ">"),
    ("(", "["),
    ("{", "["),
    ("(", "{"),
    ("[", "{"),
    (":", "{"),
    ("×", "x"),
    ("＜", "<"),
    ("﹤", "<"),
    ("＞", ">"),
    ("﹥", ">"),
    ("＝", "=="),
    ("*", "x"),
];

/// Words that people know from elsewhere, and ours.
pub(super) const SYNONYMS: &[(&str, &str)] = &[
    ("if", "when"),
    ("for", "when"),
    ("where", "when"),
    ("when", "for"),
    ("deny", "forbid"),
    ("disallow", "forbid"),
    ("block", "forbid"),
    ("never", "forbid"),
    ("allow", "require"),
    ("must", "require"),
    ("ensure", "require"),
    ("always", "require"),
    ("require", "always"),
    ("forbid", "never"),
    ("reason", "because"),
    ("description", "because"),
    ("contains", "has"),
    ("includes", "has"),
    ("is", "=="),
    ("equals", "=="),
    ("fallback", "failover"),
    ("fallback", "chain"),
    ("targets", "chain"),
    ("assert", "expect"),
    ("with", "given"),
    ("parent", "within"),
    ("keep", "retain"),
    ("sec", "seconds"),
    ("secs", "seconds"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("h", "hours"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("d", "days"),
    ("dollar", "usd"),
    ("dollars", "usd"),
    ("percent", "%"),
    ("to", "->"),
];

/// What stands in policies by mistake, and what to do.
pub(super) const MISTAKES: &[(&str, &str)] = &[
    (";", "leave out the `;`: clauses and statements need no separator"),
    (":", "leave out the `:`"),
    ("'", "a string stands in double quotes: \"…\""),
    ("‘", "a string stands in double quotes: \"…\""),
    ("’", "a string stands in double quotes: \"…\""),
    ("“", "a string stands in straight double quotes: \"…\""),
    ("”", "a string stands in straight double quotes: \"…\""),
    ("`", "a string stands in double quotes: \"…\""),
    ("//", "a comment begins with `#`"),
    ("/*", "a comment begins with `#` and ends with its line"),
    ("--", "a comment begins with `#`"),
    ("—", "a comment begins with `#`"),
    ("–", "a comment begins with `#`"),
    ("$", "money is written `500 usd`"),
    ("€", "money is written in US dollars: `500 usd`"),
    ("/", "a reference has no white space inside: `provider/model`"),
    ("eur", "money is written in US dollars: `500 usd`"),
    ("month", "a month has no fixed length: write `30 days`"),
    ("months", "a month has no fixed length: write `90 days`"),
    ("daily", "write `per day`"),
    ("weekly", "write `per week`"),
    ("monthly", "write `per month`"),
];

/// A word that begins a statement or a clause.
pub(super) fn is_keyword(word: &str) -> bool {
    STATEMENTS.contains(&word) || CLAUSES.iter().any(|(_, clauses)| clauses.contains(&word))
}

/// A word that begins a clause of some statement.
pub(crate) fn is_clause(word: &str) -> bool {
    CLAUSES.iter().any(|(_, clauses)| clauses.contains(&word))
}

/// A word that begins a clause and never stands in a condition.
pub(super) fn opens_rule(word: &str) -> bool {
    const OPENERS: [&str; 9] =
        ["when", "require", "forbid", "prefer", "process", "overrides", "because", "always", "never"];
    OPENERS.contains(&word)
}

/// An attribute that is true or false.
pub(super) fn is_boolean(word: &str) -> bool {
    const BOOLEANS: [&str; 8] = [
        "audit.lineage",
        "failover.logged",
        "failover.notified",
        "budget.covered",
        "quota.covered",
        "regulated_output",
        "model.trains_on_data",
        "model.region_selectable",
    ];
    BOOLEANS.contains(&word)
}

/// An attribute of requests.
pub(super) fn is_tested(word: &str) -> bool {
    const OF_REQUESTS: [&str; 19] = [
        "classification",
        "risk",
        "criticality",
        "workload",
        "team",
        "business_unit",
        "project",
        "application",
        "use_case",
        "data",
        "compliance",
        "regulations",
        "residency",
        "capabilities",
        "min_context",
        "latency_sla",
        "availability_target",
        "retention_max",
        "budget.remaining",
    ];
    OF_REQUESTS.contains(&word) || word.starts_with("model.")
}

/// An attribute that is a set.
pub(crate) fn is_set(attribute: &str) -> bool {
    const SETS: [&str; 8] =
        ["compliance", "regulations", "residency", "data", "capabilities", "regions", "processed_in", "mask"];
    attribute.rsplit('.').next().is_some_and(|last| SETS.contains(&last))
}
