//! What is known of a kind of finding, and of a finding that was silenced: what outputs tell, whatever finds them.

use jiff::civil::Date;

use super::{Code, Finding, Severity};

/// What is known of a kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The code under which it is reported, silenced and explained.
    pub code: Code,
    /// As it is without `lints`.
    pub severity: Severity,
    /// One line: what it means.
    pub summary: &'static str,
    /// Why it matters: what goes wrong in a company that merges it.
    pub why: &'static str,
    /// Whether it is reported though `lints` does not name it.
    pub is_on: bool,
}

/// A finding that a comment silences, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// What would have been reported.
    pub finding: Finding,
    /// The comment's reason.
    pub reason: String,
    /// Its last day, where it has one.
    pub until: Option<Date>,
}
