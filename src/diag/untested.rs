//! What no condition tests: keys of the files that are no attributes, each with what to write instead.

/// A key of the estate or the registry that no condition tests, and what says it here.
const KEYS: &[(&[&str], &str)] = &[
    (
        &["owner", "owner_email", "owned_by"],
        "conditions test whose a use case is by `team`, `business_unit`, `project` or `use_case`",
    ),
    (
        &["description"],
        "conditions test `use_case`, whole or by its beginning, as in `use_case == support.*`",
    ),
    (
        &[
            "peak_requests_per_minute",
            "requests_per_minute",
            "tokens_per_minute",
            "rate_limits",
            "rpm",
            "tpm",
        ],
        "a `quota` limits how much is sent, as in `limit 600 requests per minute`",
    ),
    (
        &["expected_monthly", "cached_input_tokens", "output_tokens"],
        "a `quota` limits requests and tokens, a `budget` money",
    ),
    (
        &["input_tokens", "prompt_tokens", "prompt_length", "input_length", "token_count", "long_prompts"],
        "how long prompts may be is stated as `min_context`, the context window that the use case needs: test that",
    ),
    (
        &["budget_estimate_usd_per_month", "max_daily_spend_usd", "budget_estimate", "monthly_cost"],
        "a `budget` limits what is spent, and conditions test `budget.remaining`",
    ),
    (
        &[
            "sunset",
            "sunset_date",
            "retires",
            "retires_on",
            "retirement",
            "end_of_life",
            "eol",
            "deprecation_date",
        ],
        "conditions test `model.lifecycle`, as in `model.lifecycle == active`",
    ),
    (
        &["renews", "dpa.renews", "dpa.expires", "dpa_expires", "dpa.status", "dpa.document", "dpa_status"],
        "conditions test `model.dpa`, as in `model.dpa == confirmed`, which no longer holds once it has lapsed",
    ),
    (
        &["evidence", "read_on"],
        "once evidence has expired, what it stood for is unknown, and no `require` of it holds",
    ),
    (
        &["cost_multiplier", "price_multiplier", "relative_cost", "multiplier"],
        "a failover statement says what a target may cost, as in `above 2x cost block`, and a guarantee tests `chain.max_cost_multiplier`",
    ),
    (
        &["failover_to", "fallbacks"],
        "a failover statement says what follows a model: `follow registry`, or a `chain`",
    ),
    (&["approved_use_cases"], "a model serves only what its `approved_use_cases` say, without a rule"),
    (&["aliases"], "conditions test `model.id`"),
    (
        &["base_url", "protocol", "api_key_env"],
        "conditions test `model.provider`, `model.hosting` and `model.regions`",
    ),
    (
        &["pricing", "batch_discount", "long_prompt"],
        "conditions test `model.cost`, as in `model.cost <= 5 usd per 1m tokens`",
    ),
    (&["data_sources"], "conditions test `data`, the kinds of data in the prompt, as in `data has pii`"),
];

/// What is said of a name that is such a key, with or without what it is a key of.
pub fn help(name: &str) -> Option<String> {
    const OF: [&str; 7] =
        ["model.", "provider.", "use_case.", "request.", "lifecycle.", "expected_monthly.", "estate."];
    let mut bare = name;
    while let Some(rest) = OF.iter().find_map(|of| bare.strip_prefix(of)) {
        bare = rest;
    }
    let (_, instead) = KEYS.iter().find(|(keys, _)| keys.contains(&bare))?;
    Some(format!("no condition tests `{name}`: {instead}"))
}
