//! Findings and reports as a terminal, a program or a code host reads them: one file each.

mod columns;
pub mod cost;
pub mod coverage;
pub mod drills;
pub mod fingerprint;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod outages;
pub mod outages_json;
pub mod pieces;
pub mod root;
pub mod sarif;
pub mod test_json;
pub mod test_run;
pub mod told;

/// How many things were looked at, for the last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Use cases read.
    pub use_cases: usize,
    /// Models read.
    pub models: usize,
    /// Contexts decided.
    pub contexts: u64,
}

/// How many findings are errors and warnings.
pub fn tally(findings: &[crate::diag::Finding]) -> (usize, usize) {
    let errors = findings.iter().filter(|f| f.severity == crate::diag::Severity::Error).count();
    (errors, findings.len() - errors)
}
pub mod usage;
pub mod usage_json;
pub mod who;
