//! Quick fixes: the same edits as `check --fix`, those that it does not make unasked among them.

use lsp_types::Range;

use super::View;
use crate::diag::Finding;
use crate::diag::fix::{Applies, Edit, Fix};
use crate::fix;
use crate::source::FileId;

/// A way to mend a finding.
#[derive(Debug)]
pub struct Action<'a> {
    /// What is mended.
    pub finding: &'a Finding,
    /// What it does.
    pub fix: Fix,
    /// The text that it takes.
    pub edits: Vec<Edit>,
    /// `check --fix` does the same.
    pub is_preferred: bool,
}

/// The ways to mend what is found in a range of a file.
pub fn at<'a>(view: &View<'a>, file: FileId, range: Range) -> Vec<Action<'a>> {
    let (start, end) = (view.offset(file, range.start), view.offset(file, range.end));
    let touches = |finding: &&Finding| {
        let span = finding.primary.span;
        span.file == file && span.start as usize <= end && start <= span.end as usize
    };
    let mut actions = Vec::new();
    for finding in view.checked.findings.iter().filter(touches) {
        for fix in fix::fixes(&view.workspace.sources, finding) {
            if let Some(edits) = fix::edits(view.workspace, &fix) {
                let is_preferred = fix.applies == Applies::Safe;
                actions.push(Action { finding, fix, edits, is_preferred });
            }
        }
    }
    actions
}
