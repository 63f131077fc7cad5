//! The example of every finding and its mending: the very files that the tests run.

/// The two files of a code.
macro_rules! example {
    ($code:literal) => {
        (
            $code,
            include_str!(concat!("../../tests/cases/check/", $code, "/has.txt")),
            include_str!(concat!("../../tests/cases/check/", $code, "/near-miss.txt")),
        )
    };
}

/// Code, a workspace that has it, a workspace that has not.
pub(super) const EXAMPLES: &[(&str, &str, &str)] = &[
    example!("syntax"),
    example!("schema"),
    example!("unknown-name"),
    example!("duplicate-name"),
    example!("duplicate-clause"),
    example!("type-mismatch"),
    example!("too-many-contexts"),
    example!("missing-attribute"),
    example!("unroutable"),
    example!("unroutable-context"),
    example!("ambiguous-preference"),
    example!("ambiguous-failover"),
    example!("overrides-cycle"),
    example!("failover-cycle"),
    example!("failover-fork"),
    example!("failover-classification"),
    example!("failover-compliance"),
    example!("failover-residency"),
    example!("failover-retention"),
    example!("failover-retired"),
    example!("failover-unapproved"),
    example!("failover-capability"),
    example!("failover-mismatch"),
    example!("failover-cost"),
    example!("primary-off-chain"),
    example!("no-failover"),
    example!("single-provider-chain"),
    example!("availability-shortfall"),
    example!("latency-shortfall"),
    example!("failover-overload"),
    example!("dead-rule"),
    example!("ineffective-rule"),
    example!("guarantee-violated"),
    example!("vacuous-guarantee"),
    example!("test-failed"),
    example!("expired-certification"),
    example!("stale-evidence"),
    example!("expiring"),
    example!("unconfirmed-dpa"),
    example!("unmatched-approval"),
    example!("unused-model"),
    example!("budget-forecast"),
    example!("budget-failover"),
    example!("budget-overcommitted"),
    example!("budget-cycle"),
    example!("missing-owner"),
    example!("unbudgeted"),
    example!("quota-overcommitted"),
    example!("quota-shared"),
    example!("missing-attribution"),
    example!("missing-lineage"),
    example!("missing-reason"),
    example!("unused-allow"),
];
