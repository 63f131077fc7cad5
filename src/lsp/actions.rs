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

/// Everything that `check --fix` would do in a file in one go, as far as it does not overlap.
pub fn all_safe(view: &View, file: FileId) -> Vec<Edit> {
    let mut taken: Vec<Edit> = Vec::new();
    for finding in view.checked.findings.iter().filter(|finding| finding.primary.span.file == file) {
        let fixes = fix::fixes(&view.workspace.sources, finding);
        let safe = fixes.iter().find(|fix| fix.applies == Applies::Safe);
        let Some(edits) = safe.and_then(|fix| fix::edits(view.workspace, fix)) else { continue };
        let overlaps = |edit: &Edit| {
            taken.iter().any(|other| edit.span.start <= other.span.end && other.span.start <= edit.span.end)
        };
        if edits.iter().all(|edit| edit.span.file == file && !overlaps(edit)) {
            taken.extend(edits);
        }
    }
    taken
}
