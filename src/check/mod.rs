//! Everything that `check` finds: one file a finding, one line each in [`RULES`].

pub mod circles;
pub mod links;
pub mod survey;


mod ambiguous_failover;
mod ambiguous_preference;
mod failover_capability;
mod failover_classification;
mod failover_compliance;
mod failover_cost;
mod failover_cycle;
mod failover_fork;
mod failover_mismatch;
mod failover_residency;
mod failover_retention;
mod failover_retired;
mod failover_unapproved;
mod guarantee_violated;
mod missing_attribute;
mod overrides_cycle;
mod reading;
mod test_failed;
mod unroutable;

use crate::diag::{Code, Finding, Severity};
use survey::Survey;

/// What is known of a kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What it belongs to.
    pub family: Family,
    /// One line: what it means.
    pub summary: &'static str,
    /// Finds it; none for what reading and resolving the files already report.
    pub run: Option<fn(&Survey) -> Vec<Finding>>,
}

/// What a finding belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "plain words")]
pub enum Family {
    Reading,
    Routing,
    Failover,
    Guarantees,
    Registry,
    Budgets,
    Accountability,
}

/// Every kind of finding.
pub const RULES: &[Rule] = &[
    reading::SYNTAX,
    reading::SCHEMA,
    reading::UNKNOWN_NAME,
    reading::DUPLICATE_NAME,
    reading::DUPLICATE_CLAUSE,
    reading::TYPE_MISMATCH,
    missing_attribute::RULE,
    unroutable::RULE,
    ambiguous_preference::RULE,
    ambiguous_failover::RULE,
    overrides_cycle::RULE,
    failover_cycle::RULE,
    failover_fork::RULE,
    failover_classification::RULE,
    failover_compliance::RULE,
    failover_residency::RULE,
    failover_retention::RULE,
    failover_retired::RULE,
    failover_unapproved::RULE,
    failover_capability::RULE,
    failover_mismatch::RULE,
    failover_cost::RULE,
    guarantee_violated::RULE,
    test_failed::RULE,
];

/// Runs every check over a survey.
pub fn check(survey: &Survey) -> Vec<Finding> {
    RULES.iter().filter_map(|rule| rule.run).flat_map(|run| run(survey)).collect()
}

/// What is known of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0 == code)
}

impl Rule {
    /// A finding of this kind.
    pub fn finding(&self, span: crate::source::Span, message: impl Into<String>) -> Finding {
        match self.severity {
            Severity::Error => Finding::error(self.code, span, message),
            Severity::Warning => Finding::warning(self.code, span, message),
        }
    }
}
