//! Everything that `check` finds: one file and one line here for each finding.

/// The example of a code, from its folder of cases.
macro_rules! example {
    ($code:literal) => {
        crate::check::Example {
            has: include_str!(concat!("../../tests/cases/check/", $code, "/has.txt")),
            mended: include_str!(concat!("../../tests/cases/check/", $code, "/near-miss.txt")),
        }
    };
}

pub mod circles;
pub mod document;
pub mod links;
pub mod lint;

// What several findings use.
mod applying;
mod approvals;
mod cut;
mod every_path;
mod idle;
mod last_day;
mod named;
mod nobody;
mod nowhere;
mod one_overrides;
mod out;
mod passed;
mod places;
mod rate_limits;
mod seen;
mod smallest;

// One line a finding, in the order in which `check` tells of them; `build.rs` makes `CHECKS` of these lines.
mod reading;
pub mod too_many_contexts;
pub mod missing_attribute;
mod unroutable;
mod unroutable_context;
mod ambiguous_preference;
mod ambiguous_failover;
mod overrides_cycle;
mod failover_cycle;
mod failover_fork;
mod failover_classification;
mod failover_compliance;
mod failover_residency;
mod failover_retention;
mod failover_retired;
mod failover_unapproved;
mod failover_capability;
mod failover_window;
mod failover_mismatch;
mod failover_cost;
mod primary_off_chain;
mod no_failover;
mod no_failover_context;
mod partial_outage;
mod single_provider_chain;
mod availability_shortfall;
mod latency_shortfall;
mod overload;
mod failover_overload;
mod drill_due;
mod drill_too_slow;
mod dead_rule;
mod ineffective_rule;
mod guarantee_violated;
mod vacuous_guarantee;
mod test_failed;
mod expired_certification;
mod stale_evidence;
mod expiring;
mod price_drift;
mod unknown_model;
mod retiring_unstated;
mod unconfirmed_dpa;
mod unmatched_approval;
mod unused_model;
mod secret_in_registry;
mod budget_forecast;
mod budget_failover;
mod budget_overcommitted;
mod budget_cycle;
mod missing_owner;
mod unbudgeted;
mod quota_overcommitted;
mod quota_shared;
mod missing_attribution;
mod missing_lineage;
mod missing_reason;
pub(crate) mod review_due;
mod expired_statement;
pub mod allow;
mod audit_incomplete;
mod unlogged_failover;
mod no_cost_breaker;
mod excessive_retries;
mod deprecated_model;
mod no_alert;
mod estimate_exceeded;
mod unknown_volume;
pub mod unpinned_region;

use crate::cost::Spending;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Kind, Severity};
use links::Reported;
use rayon::prelude::*;

/// What is known of a kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The code, which names the file, the folder of its cases and its heading in docs/findings.md.
    pub code: Code,
    /// Without `lints`, which may raise it.
    pub severity: Severity,
    /// What it belongs to.
    pub family: Family,
    /// One line: what it means.
    pub summary: &'static str,
    /// Why it matters: what goes wrong in a company that merges it.
    pub why: &'static str,
    /// What has it, and what has not.
    pub example: Example,
    /// What is not reported of the same thing while this is.
    pub hides: &'static [Code],
    /// What finds it.
    pub run: Run,
}

/// A smallest workspace that has a finding and the mended one: files one after the other, each under `=== path`. The
/// very files that the tests run.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "said above")]
pub struct Example {
    pub has: &'static str,
    pub mended: &'static str,
}

/// What finds something.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Reading and resolving the files, before anything is decided.
    Reading,
    /// Catalogues, where somebody names any.
    Catalogues,
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
    /// What the language does not ask for: off unless turned on.
    Practice,
}

impl Family {
    /// All, in the order in which a person would mend their findings.
    pub const ALL: [Family; 8] = [
        Self::Reading,
        Self::Routing,
        Self::Failover,
        Self::Guarantees,
        Self::Registry,
        Self::Budgets,
        Self::Accountability,
        Self::Practice,
    ];

    /// As `docs/findings.md` and `explain` have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "Reading the files",
            Self::Routing => "Routing",
            Self::Failover => "Failover",
            Self::Guarantees => "Guarantees and tests",
            Self::Registry => "The registry",
            Self::Budgets => "Budgets and quotas",
            Self::Accountability => "Accountability",
            Self::Practice => "Good practice",
        }
    }
}

/// Every kind of finding, in the order of the modules above.
pub const CHECKS: &[Check] = include!(concat!(env!("OUT_DIR"), "/checks.rs"));

/// The name under which `lints` turns on all findings of good practice.
pub const PRACTICE: &str = "good-practice";

/// Runs every check over a survey.
pub fn check(survey: &Survey) -> Vec<Finding> {
    let spending = Spending::new(survey);
    let first = |check: &Check| match check.run {
        Run::Survey(run) | Run::Links(run) => run(survey),
        Run::Spending(run) => run(&spending),
        Run::Reading | Run::Catalogues | Run::After(_) => Vec::new(),
    };
    let mut found: Vec<Vec<Finding>> = if survey.is_small() {
        CHECKS.iter().map(first).collect()
    } else {
        CHECKS.par_iter().map(first).collect()
    };
    let mut reported = Reported::default();
    for (check, found) in CHECKS.iter().zip(&found) {
        if let Run::Links(_) = check.run {
            reported.hear(found);
        }
    }
    for (check, found) in CHECKS.iter().zip(&mut found) {
        if let Run::After(run) = check.run {
            *found = run(survey, &reported);
        }
    }
    found.into_iter().flatten().collect()
}

/// What shows the reason of a rule or of a failover statement.
const READ_REASONS: [Check; 3] = [failover_compliance::CHECK, missing_reason::CHECK, test_failed::CHECK];

/// Whether findings of a kind show the reasons of statements.
pub fn reads_reasons(code: Code) -> bool {
    READ_REASONS.iter().any(|check| check.code == code)
}

/// Everything that is found, given what does not show reasons, where nothing else has changed.
pub fn reworded(survey: &Survey, mut found: Vec<Finding>) -> Vec<Finding> {
    for check in READ_REASONS {
        if let Run::Survey(run) | Run::Links(run) = check.run {
            found.extend(run(survey));
        }
    }
    found.sort_by_cached_key(|finding| CHECKS.iter().position(|check| check.code == finding.code));
    found
}

/// What is known of every kind of finding.
pub fn kinds() -> Vec<Kind> {
    CHECKS.iter().map(Check::kind).collect()
}

/// The check of a code.
pub fn named(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code.0 == code)
}

impl Check {
    /// What outputs tell of it.
    pub fn kind(&self) -> Kind {
        let Self { code, severity, summary, why, .. } = *self;
        Kind { code, severity, summary, why, is_on: self.is_on() }
    }

    /// Whether it is reported though `lints` does not name it.
    pub fn is_on(&self) -> bool {
        self.family != Family::Practice
    }

    /// A finding of this kind.
    pub fn finding(&self, span: crate::source::Span, message: impl Into<String>) -> Finding {
        match self.severity {
            Severity::Error => Finding::error(self.code, span, message),
            Severity::Warning => Finding::warning(self.code, span, message),
        }
    }
}
