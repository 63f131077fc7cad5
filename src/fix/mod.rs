//! Findings mended: the ways that a finding knows, the text that each of them takes, and rounds of fixes that fresh checks
//! hold to what they promise.

mod edits;
mod rounds;
mod spoken;

pub use crate::model::words::reference;
pub use edits::{beside, edits, name_at};
pub use rounds::{Mended, Wanted, edited, mend, mend_in};

use crate::diag::Finding;
use crate::diag::fix::Fix;
use crate::source::Sources;

/// The ways to mend a finding, the best first: those that its kind knows, else those that its help says.
pub fn fixes(sources: &Sources, finding: &Finding) -> Vec<Fix> {
    if finding.fixes.is_empty() { spoken::fixes(sources, finding) } else { finding.fixes.clone() }
}
