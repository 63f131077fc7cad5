//! Everything that `check` finds: one file a finding, one line each in [`RULES`].

pub mod allow;
pub mod circles;
pub mod document;
pub(crate) mod endings;
pub mod links;

mod ambiguous_failover;
mod ambiguous_preference;
mod availability_shortfall;
mod budget_cycle;
mod budget_failover;
mod budget_forecast;
mod budget_overcommitted;
mod dead_rule;
mod examples;
mod expired_certification;
mod expired_statement;
mod expiring;
mod failover_capability;
mod failover_classification;
mod failover_compliance;
mod failover_cost;
mod failover_cycle;
mod failover_fork;
mod failover_mismatch;
mod failover_overload;
mod failover_residency;
mod failover_retention;
mod failover_retired;
mod failover_unapproved;
mod failover_window;
mod guarantee_violated;
mod ineffective_rule;
mod latency_shortfall;
mod missing_attribute;
mod missing_attribution;
mod missing_lineage;
mod missing_owner;
mod missing_reason;
mod no_failover;
mod no_failover_context;
mod nowhere;
mod overload;
mod overrides_cycle;
mod partial_outage;
mod primary_off_chain;
mod quota_overcommitted;
mod quota_shared;
mod rate_limits;
mod reading;
mod seen;
mod single_provider_chain;
mod smallest;
mod stale_evidence;
mod test_failed;
pub mod too_many_contexts;
mod unbudgeted;
mod unconfirmed_dpa;
mod unmatched_approval;
mod unroutable;
mod unroutable_context;
mod unused_model;
mod vacuous_guarantee;
mod why;

use crate::cost::Spending;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use links::Reported;
use rayon::prelude::*;

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
    /// What finds it.
    pub run: Run,
}

/// What finds something.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Reading and resolving the files, before anything is decided.
    Reading,
    /// A look at all decisions.
    Survey(fn(&Survey) -> Vec<Finding>),
    /// The same, and what it finds stands at failover links.
    Links(fn(&Survey) -> Vec<Finding>),
    /// A look at what is spent.
    Spending(fn(&Spending) -> Vec<Finding>),
    /// A look at all decisions that leaves out what is already said of a link.
    After(fn(&Survey, &Reported) -> Vec<Finding>),
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

impl Family {
    /// All, in the order in which a person would mend their findings.
    pub const ALL: [Family; 7] = [
        Self::Reading,
        Self::Routing,
        Self::Failover,
        Self::Guarantees,
        Self::Registry,
        Self::Budgets,
        Self::Accountability,
    ];

    /// Its heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "Reading the files",
            Self::Routing => "Routing",
            Self::Failover => "Failover",
            Self::Guarantees => "Guarantees and tests",
            Self::Registry => "The registry",
            Self::Budgets => "Budgets and quotas",
            Self::Accountability => "Accountability",
        }
    }
}

/// Every kind of finding.
pub const RULES: &[Rule] = &[
    reading::SYNTAX,
    reading::SCHEMA,
    reading::UNKNOWN_NAME,
    reading::DUPLICATE_NAME,
    reading::DUPLICATE_CLAUSE,
    reading::TYPE_MISMATCH,
    reading::IGNORED_FILE,
    too_many_contexts::RULE,
    missing_attribute::RULE,
    unroutable::RULE,
    unroutable_context::RULE,
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
    failover_window::RULE,
    failover_mismatch::RULE,
    failover_cost::RULE,
    primary_off_chain::RULE,
    no_failover::RULE,
    no_failover_context::RULE,
    partial_outage::RULE,
    single_provider_chain::RULE,
    availability_shortfall::RULE,
    latency_shortfall::RULE,
    overload::RULE,
    failover_overload::RULE,
    dead_rule::RULE,
    ineffective_rule::RULE,
    guarantee_violated::RULE,
    vacuous_guarantee::RULE,
    test_failed::RULE,
    expired_certification::RULE,
    stale_evidence::RULE,
    expiring::RULE,
    unconfirmed_dpa::RULE,
    unmatched_approval::RULE,
    unused_model::RULE,
    budget_forecast::RULE,
    budget_failover::RULE,
    budget_overcommitted::RULE,
    budget_cycle::RULE,
    missing_owner::RULE,
    unbudgeted::RULE,
    quota_overcommitted::RULE,
    quota_shared::RULE,
    missing_attribution::RULE,
    missing_lineage::RULE,
    missing_reason::RULE,
    expired_statement::RULE,
    allow::RULE,
];

/// Runs every check over a survey.
pub fn check(survey: &Survey) -> Vec<Finding> {
    let spending = Spending::new(survey);
    let first = |rule: &Rule| match rule.run {
        Run::Survey(run) | Run::Links(run) => run(survey),
        Run::Spending(run) => run(&spending),
        Run::Reading | Run::After(_) => Vec::new(),
    };
    let mut found: Vec<Vec<Finding>> = if survey.is_small() {
        RULES.iter().map(first).collect()
    } else {
        RULES.par_iter().map(first).collect()
    };
    let mut reported = Reported::default();
    for (rule, found) in RULES.iter().zip(&found) {
        if let Run::Links(_) = rule.run {
            reported.hear(found);
        }
    }
    for (rule, found) in RULES.iter().zip(&mut found) {
        if let Run::After(run) = rule.run {
            *found = run(survey, &reported);
        }
    }
    found.into_iter().flatten().collect()
}

/// What is known of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0 == code)
}

impl Rule {
    /// Why it matters: what goes wrong in a company that merges it.
    pub fn why(&self) -> &'static str {
        why::WHY.iter().find(|(code, _)| *code == self.code.0).map_or("", |(_, why)| why)
    }

    /// A smallest workspace that has it and the mended one, as files one after the other, each under `=== path`.
    pub fn examples(&self) -> (&'static str, &'static str) {
        let known = examples::EXAMPLES.iter().find(|(code, ..)| *code == self.code.0);
        known.map_or(("", ""), |(_, has, mended)| (has, mended))
    }

    /// A finding of this kind.
    pub fn finding(&self, span: crate::source::Span, message: impl Into<String>) -> Finding {
        match self.severity {
            Severity::Error => Finding::error(self.code, span, message),
            Severity::Warning => Finding::warning(self.code, span, message),
        }
    }
}
