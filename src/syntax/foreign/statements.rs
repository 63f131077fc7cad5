//! Statements and clauses that other languages have.

use crate::syntax::label::{CLAUSE, Label};
use crate::syntax::message::Scene;
use crate::syntax::scan::Kind;
use crate::syntax::words;

/// The values of a fact.
pub(super) fn fact(scene: &Scene<'_>) -> Option<String> {
    let values = scene.first == "fact" && scene.before_text() == "in" && scene.found?.kind == Kind::Word;
    let mut items = scene.listed(0);
    items.truncate(items.iter().position(|item| *item == "default").unwrap_or(items.len()));
    let known =
        matches!(items.as_slice(), ["string" | "strings" | "text" | "bool" | "boolean" | "number" | "enum"]);
    values.then(|| {
        if known {
            "write its values: `{a, b}`".to_owned()
        } else {
            format!("write `{{{}}}`", items.join(", "))
        }
    })
}

/// The head of a statement.
pub(super) fn head(scene: &Scene<'_>) -> Option<String> {
    let (found, before) = (scene.found_text(), scene.before_text());
    if found == "{"
        && scene.expects_group("a name")
        && (before == "rule" || words::CLAUSES.iter().any(|(home, _)| home.contains(before)))
    {
        return Some(format!("give it a name: `{before} NAME {{`"));
    }
    let tier = words::TIERS.contains(&scene.first) && scene.expects_group("a statement");
    match (tier, before) {
        (true, "rules" | "Rule" | "policy") => Some(format!("write `{} rule {found}`", scene.first)),
        (true, name) if found == "{" => Some(format!("write `{} rule {name}`", scene.first)),
        _ => None,
    }
}

/// The beginning of a statement from elsewhere.
pub(super) fn statement(scene: &Scene<'_>) -> Option<String> {
    if !scene.expects_group("a statement") {
        return None;
    }
    let found = scene.found_text();
    let folded = found.to_lowercase();
    let name = scene.behind(1).filter(|next| next.starts_with(|c: char| c.is_alphabetic()));
    if scene.behind(1) == Some("rule") && words::TIERS.contains(&folded.as_str()) {
        return Some(format!("write `{folded} rule`"));
    }
    if scene.behind(1) == Some("rule") {
        return Some(match TIERS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str())) {
            Some((_, tier)) => format!("write `{tier} rule`"),
            None => format!("a rule names its tier first: write {}", tiers(None)),
        });
    }
    match folded.as_str() {
        "rule" | "rules" | "policy" | "policies" | "route" | "routing" | "when" | "if" | "allow" | "deny" | "permit"
        | "forbid" | "require" | "prefer" => Some(format!(
            "a rule names its tier first: write {}",
            tiers(name)
        )),
        "import" | "include" | "use" | "package" | "module" | "from" => {
            Some("leave it out: every file of `policies/` is read".to_owned())
        }
        "version" | "apiversion" | "kind" | "metadata" => Some("leave it out: a policy has no header".to_owned()),
        "let" | "const" | "var" | "def" | "define" | "set" => {
            Some("there are no variables: what requests state is a `fact`, closed lists are `teams a, b` and the like".to_owned())
        }
        "providers" | "use_cases" | "models" | "governance" | "---" => {
            Some("this looks like YAML: registry and estate stand in `.yaml` files".to_owned())
        }
        "<" if scene.behind(1) == Some("!") => Some("a comment begins with `#`".to_owned()),
        _ => None,
    }
}

/// The clause of a rule, budget or failover statement that another language has.
pub(super) fn clause(scene: &Scene<'_>) -> Option<String> {
    let home = scene.expected.iter().find_map(|label| match label {
        Label::Group(phrase, _) => phrase.strip_prefix(CLAUSE).map(str::trim_start),
        _ => None,
    })?;
    let found = scene.found_text().to_lowercase().replace('-', "_");
    let known = CLAUSES.iter().find(|(of, theirs, _)| home.contains(of) && theirs.contains(&found.as_str()));
    if let Some((.., help)) = known {
        return Some((*help).to_owned());
    }
    None
}

const TIER_WORDS: [&str; 4] = ["compliance", "cost", "latency", "preference"];

fn tiers(name: Option<&str>) -> String {
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    let tiers = TIER_WORDS.map(|tier| format!("`{tier} rule{name}`"));
    let [init @ .., last] = tiers;
    format!("{} or {last}", init.join(", "))
}

/// Tiers of other languages.
const TIERS: &[(&[&str], &str)] = &[
    (
        &[
            "security",
            "privacy",
            "legal",
            "safety",
            "regulatory",
            "data",
            "gdpr",
            "governance",
            "residency",
            "hard",
        ],
        "compliance",
    ),
    (&["budget", "price", "money", "finops", "spend", "spending", "costs", "cheap"], "cost"),
    (&["speed", "performance", "fast", "sla", "slo"], "latency"),
    (&["quality", "routing", "default", "taste", "soft", "model", "preferences", "prefer"], "preference"),
];

/// Clauses of other languages: in which statement, the words, and how it is said here.
const CLAUSES: &[(&str, &[&str], &str)] = &[
    (
        "rule",
        &["else", "otherwise", "elif", "elsif", "elseif"],
        "there is no `else`: write a second rule whose `when` is the opposite, `when not …`",
    ),
    ("rule", &["unless", "except"], "write `when not …`"),
    ("rule", &["then", "do", "so"], "leave it out: the clauses stand one below the other"),
    (
        "rule",
        &["priority", "weight", "order", "rank", "precedence"],
        "rules have no numbers: `overrides NAME` says which of two counts",
    ),
    (
        "rule",
        &["use", "select", "route", "choose", "pick", "send", "model", "target", "provider"],
        "write `prefer …` for a wish, `require …` for a promise",
    ),
    (
        "rule",
        &["exclude", "ban", "not", "avoid", "never", "prohibit"],
        "write `forbid …`, for example `forbid model.provider == openai`",
    ),
    (
        "rule",
        &["only", "must", "ensure", "restrict", "limit_to"],
        "write `require …`, for example `require model.hosting == self-hosted`",
    ),
    (
        "rule",
        &["fallback", "failover", "chain", "follow"],
        "failover is a statement of its own: `failover NAME { follow ranking }`",
    ),
    ("rule", &["residency", "region", "regions", "location", "pin"], "write `process in eu`"),
    (
        "rule",
        &["enabled", "disabled", "active"],
        "a rule is in force unless `from` or `until` says otherwise",
    ),
    (
        "rule",
        &["action", "effect", "return", "severity", "message"],
        "leave it out: a rule says `require`, `forbid` or `prefer`",
    ),
    (
        "rule",
        &["like", "matches", "startswith"],
        "compare with `==`, `in [ … ]` or, of `use_case`, a pattern such as `support.*`",
    ),
    ("rule", &["all", "any", "exists", "no"], "write `has`, for example `data has pii`"),
    (
        "failover",
        &["else", "otherwise", "finally", "default", "last"],
        "write `then queue for 15 minutes`, `then degrade` or `then block`",
    ),
    ("failover", &["hops", "max_hops", "max", "depth", "attempts"], "write `limit 2 hops`"),
    ("failover", &["retries", "max_retries"], "write `retry 2 times`"),
    ("failover", &["cost", "max_cost", "multiplier"], "write `above 2x cost block`"),
    ("failover", &["trigger", "triggers", "errors"], "write `on rate-limited, timeout`"),
    ("failover", &["circuit_breaker", "breaker", "wait", "backoff"], "write `cooldown 30 seconds`"),
    (
        "failover",
        &["order", "models", "route", "use", "fallback", "fallbacks", "targets"],
        "write `chain a/b -> c/d`, `follow ranking` or `follow registry`",
    ),
    (
        "budget",
        &["max", "amount", "cap", "monthly", "ceiling", "maximum", "total"],
        "write `limit 500 usd per month`",
    ),
    ("budget", &["scope", "filter", "applies_to"], "write `when …`"),
    ("budget", &["currency"], "leave it out: amounts are in US dollars"),
    ("budget", &["period", "reset", "interval"], "the period stands in the limit: `limit 500 usd per month`"),
    ("budget", &["alert", "warn", "threshold", "notify"], "write `at 80% notify \"finops@example.com\"`"),
    ("budget", &["action", "enforce", "hard", "stop"], "write `at 100% block`"),
    ("budget", &["rollover", "carry_over"], "leave it out: what is left does not carry over"),
    ("quota", &["max", "rpm", "requests", "cap", "tpm", "tokens"], "write `limit 500 requests per minute`"),
    ("quota", &["at", "action", "exceeded", "else"], "write `then queue`, `then failover` or `then block`"),
    ("quota", &["provider", "model", "for", "of"], "write `on openai`"),
    ("audit", &["keep", "store", "ttl", "retention"], "write `retain 3 years`"),
    ("audit", &["redact", "hide", "anonymize", "anonymise", "scrub", "pseudonymise"], "write `mask pii`"),
    ("audit", &["log", "trace", "record"], "write `lineage required`"),
    ("guarantee", &["assert", "ensure", "must", "check", "invariant", "holds"], "write `always …`"),
    ("guarantee", &["not", "deny", "exclude"], "write `never …`"),
    ("guarantee", &["forall", "for_all", "where", "if", "given", "scope", "all"], "write `for …`"),
    ("test", &["when", "if", "request", "input", "use_case"], "write `given use_case NAME`"),
    ("test", &["then", "should", "result", "output", "assert"], "write `expect …`"),
    ("attribution", &["tags", "dimensions", "labels", "by"], "write `require team, project`"),
];
