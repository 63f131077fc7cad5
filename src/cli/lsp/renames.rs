//! A rename tried before it is given: the texts after it are read, checked and held to what a rename promises.

use std::collections::BTreeMap;

use super::analyst::Analyst;
use crate::diag::fix::Edit;
use crate::diag::{Code, Finding, Severity, code};
use crate::fix;
use crate::load::{self, Texts};
use crate::lsp::{Memory, Seen, View, held, rename};
use crate::source::{FileId, visible};
use crate::workspace;

/// How many errors there are of each kind.
fn errors(findings: &[Finding]) -> BTreeMap<Code, i64> {
    let mut errors: BTreeMap<Code, i64> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        *errors.entry(finding.code).or_default() += 1;
    }
    errors
}

/// The first error of a kind of which there are fewer elsewhere.
fn more<'f>(findings: &'f [Finding], elsewhere: &[Finding]) -> Option<&'f Finding> {
    let mut left = errors(elsewhere);
    findings.iter().filter(|one| one.severity == Severity::Error).find(|finding| {
        let count = left.entry(finding.code).or_default();
        *count -= 1;
        *count < 0
    })
}

/// Texts with edits made in the files of a view.
fn with(view: &View, mut texts: Texts, edits: &[Edit]) -> Texts {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    for (id, mut edits) in by_file {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let Some(file) = view.workspace.sources.file(id) else { continue };
        texts.insert(file.path.clone(), fix::edited(&file.text, &edits));
    }
    texts
}

impl Analyst {
    /// Why a rename of what stands at a place means something else, decides something otherwise, or gives a workspace
    /// without errors, or with few, more of them.
    pub(super) fn breaks(
        &self,
        view: &View,
        asked: (FileId, usize, &str),
        edits: &[Edit],
    ) -> Result<(), String> {
        let texts = with(view, self.documents.texts.clone(), edits);
        let (after, trees) = workspace::read_with_trees(load::load_over(&self.root, &texts)?, self.as_of());
        let checked = after.check();
        let first = more(&checked.findings, &view.checked.findings);
        let is_unread = first.is_some_and(|first| [code::SYNTAX, code::SCHEMA].contains(&first.code));
        if !is_unread {
            let names = Memory::default();
            let view_after = View::new(&after, &trees, &checked, self.client.encoding, &names, view.good);
            held(view, &view_after, asked, edits)?;
        }
        if let Some(first) = first {
            let place = after.sources.place(first.primary.span);
            return Err(format!("this name breaks something: {} ({place})", visible::inline(&first.message)));
        }
        if view.checked.survey.is_some()
            && checked.survey.is_some()
            && let Some(gone) = more(&view.checked.findings, &checked.findings)
        {
            let place = view.workspace.sources.place(gone.primary.span);
            return Err(format!(
                "this name would hide something: {} ({place})",
                visible::inline(&gone.message)
            ));
        }
        self.breaks_before(view, asked)
    }

    /// The same of the last reading that could be decided, where what is written now cannot: half a word is soon whole.
    fn breaks_before(&self, view: &View, (file, offset, new): (FileId, usize, &str)) -> Result<(), String> {
        let (None, Some(good), Some(here)) = (&view.checked.survey, view.good, view.index().at(file, offset))
        else {
            return Ok(());
        };
        let index = good.index();
        let places = index.definitions(&here.symbol).chain(index.occurrences(&here.symbol));
        let Some(there) = places.into_iter().find(|one| !one.is_other_name) else { return Ok(()) };
        let asked = (there.span.file, there.span.start as usize, new);
        let edits = rename::rename(Seen { now: good }, asked.0, asked.1, new)?;
        let texts = good.workspace.sources.iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
        let texts = with(good, texts.collect(), &edits);
        let (after, trees) = workspace::read_with_trees(load::load_over(&self.root, &texts)?, self.as_of());
        let checked = after.check();
        if checked.survey.is_none() {
            return Ok(());
        }
        let names = Memory::default();
        held(good, &View::new(&after, &trees, &checked, self.client.encoding, &names, None), asked, &edits)
    }
}
