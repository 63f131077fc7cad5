//! Rounds of fixes: all that do not overlap, a fresh check, and again, for one finding hides others.
//!
//! A round counts only if the findings that it mends are gone and nothing new is wrong; else its fixes are tried one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::fix::{Applies, Edit, Fix};
use crate::diag::{Finding, Severity, code};
use crate::limits::effort;
use crate::limits::{MAX_FIX_BYTES, MAX_FIX_ROUNDS, MAX_FIX_TRIALS};
use crate::load::Texts;
use crate::source::{FileId, Sources};
use crate::workspace::{Checked, Workspace};

/// Which fixes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that say what was meant.
    Safe,
    /// Also those that a person has to look at.
    All,
}

impl Wanted {
    fn has(self, fix: &Fix) -> bool {
        match fix.applies {
            Applies::Safe => true,
            Applies::Unsafe => self == Self::All,
            Applies::Choice => false,
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Mended {
    /// The files that changed, whole.
    pub texts: Texts,
    /// How many findings were mended in each of them.
    pub fixed: BTreeMap<String, usize>,
    /// How many findings that are left have a fix that was not wanted.
    pub unwanted: usize,
    /// Whether fixes are left that were not tried, since that takes long.
    pub left_untried: bool,
}

/// A finding as it is known again after a round: lines move.
type FindingIdentity = (&'static str, String, String);

/// One fix that is to be made.
struct Candidate {
    key: FindingIdentity,
    edits: Vec<Edit>,
}

/// A workspace as it was read, with what can be mended in it.
struct Seen {
    workspace: Workspace,
    state: State,
    candidates: Vec<Candidate>,
    unwanted: usize,
}

/// What all rounds have in common.
struct Rounds<'p, R> {
    read: R,
    wanted: Wanted,
    /// The one file that is mended; none for all.
    only: Option<&'p str>,
    /// What is known not to help.
    refused: BTreeSet<FindingIdentity>,
    /// Bytes that were read so far, over all readings.
    bytes: usize,
}

/// Mends what can be mended. `read` reads the workspace with some texts over its files.
pub fn mend(read: impl Fn(&Texts) -> Result<Workspace, String>, wanted: Wanted) -> Result<Mended, String> {
    rounds(read, wanted, None)
}

/// The same in one file alone.
pub fn mend_in(
    read: impl Fn(&Texts) -> Result<Workspace, String>,
    wanted: Wanted,
    path: &str,
) -> Result<Mended, String> {
    rounds(read, wanted, Some(path))
}

fn rounds(
    read: impl Fn(&Texts) -> Result<Workspace, String>,
    wanted: Wanted,
    only: Option<&str>,
) -> Result<Mended, String> {
    let mut mended = Mended::default();
    let original = read(&Texts::new())?;
    let mut rounds = Rounds { read, wanted, only, refused: BTreeSet::new(), bytes: 0 };
    let Some(mut seen) = rounds.see(&mended.texts, |_, _, _| true)? else { return Ok(mended) };
    let mut trials = 0;
    for round in 0..MAX_FIX_ROUNDS {
        mended.unwanted = seen.unwanted;
        if seen.candidates.is_empty() {
            return Ok(mended);
        }
        if round >= effort::LEAST_FIX_ROUNDS && rounds.bytes > MAX_FIX_BYTES {
            break;
        }
        let all: Vec<&Candidate> = seen.candidates.iter().collect();
        let together = with(&seen.workspace.sources, &mended.texts, &all);
        if let Some(next) = rounds.try_out(&original, &seen.state, &all, &together)? {
            mended.take(&all, together);
            seen = rounds.again(&mended.texts, next)?;
            continue;
        }
        let mut next = None;
        for one in &seen.candidates {
            trials += 1;
            if trials > MAX_FIX_TRIALS || rounds.bytes > MAX_FIX_BYTES {
                mended.left_untried = true;
                return Ok(mended);
            }
            let texts = with(&seen.workspace.sources, &mended.texts, &[one]);
            next = rounds.try_out(&original, &seen.state, &[one], &texts)?;
            if next.is_some() {
                mended.take(&[one], texts);
                break;
            }
            rounds.refused.insert(one.key.clone());
        }
        let Some(next) = next else { return Ok(mended) };
        seen = rounds.again(&mended.texts, next)?;
    }
    mended.unwanted = seen.unwanted;
    mended.left_untried = !seen.candidates.is_empty();
    Ok(mended)
}

impl<R: Fn(&Texts) -> Result<Workspace, String>> Rounds<'_, R> {
    /// What is seen after a round that helped: what did not work before it may work now.
    fn again(&mut self, texts: &Texts, next: Seen) -> Result<Seen, String> {
        if self.refused.is_empty() {
            return Ok(next);
        }
        self.refused.clear();
        Ok(self.see(texts, |_, _, _| true)?.unwrap_or(next))
    }

    /// A workspace with some texts, if it is one that is wanted.
    fn see(
        &mut self,
        texts: &Texts,
        is_wanted: impl Fn(&Workspace, &Checked, &State) -> bool,
    ) -> Result<Option<Seen>, String> {
        let workspace = (self.read)(texts)?;
        self.bytes += workspace.sources.iter().map(|(_, file)| file.text.len()).sum::<usize>();
        let checked = workspace.check();
        let state = State::of(&workspace, &checked);
        if !is_wanted(&workspace, &checked, &state) {
            return Ok(None);
        }
        let mut candidates = candidates(&workspace, &checked, self.wanted, &self.refused);
        if let Some(path) = self.only {
            let is_in = |edit: &Edit| workspace.sources.path(edit.span.file) == path;
            candidates.retain(|one| one.edits.iter().all(is_in));
        }
        let unwanted = unwanted(&workspace, &checked, self.wanted);
        drop(checked);
        Ok(Some(Seen { workspace, state, candidates, unwanted }))
    }

    /// What some fixes lead to; none where they do not do what they are for, or something new is wrong.
    fn try_out(
        &mut self,
        original: &Workspace,
        before: &State,
        chosen: &[&Candidate],
        texts: &Texts,
    ) -> Result<Option<Seen>, String> {
        self.see(texts, |after, checked, state| {
            let is_sound = before.stage > 0 || state.stage == 0 || is_sound(original, after, checked);
            is_sound && before.gets_better(state, chosen) && !is_refused(after, checked, chosen)
        })
    }
}

impl Mended {
    fn take(&mut self, chosen: &[&Candidate], texts: Texts) {
        self.texts = texts;
        for one in chosen {
            *self.fixed.entry(one.key.1.clone()).or_default() += 1;
        }
    }

    /// How many findings were mended.
    pub fn count(&self) -> usize {
        self.fixed.values().sum()
    }
}

/// How many findings have a fix that can be made, and none that is wanted.
fn unwanted(workspace: &Workspace, checked: &Checked, wanted: Wanted) -> usize {
    let has = |finding: &&Finding| {
        let mut fixes = super::fixes(&workspace.sources, finding);
        fixes.retain(|fix| super::edits(workspace, fix).is_some());
        let mut unsafe_ones = fixes.iter().filter(|fix| fix.applies == Applies::Unsafe);
        !fixes.iter().any(|fix| wanted.has(fix)) && unsafe_ones.next().is_some()
    };
    checked.findings.iter().filter(has).count()
}

/// The first wanted fix of each finding, as far as they do not overlap.
fn candidates(
    workspace: &Workspace,
    checked: &Checked,
    wanted: Wanted,
    refused: &BTreeSet<FindingIdentity>,
) -> Vec<Candidate> {
    // By their starts; they lie apart.
    let mut taken: BTreeMap<FileId, BTreeMap<u32, u32>> = BTreeMap::new();
    let mut candidates = Vec::new();
    for finding in &checked.findings {
        let key = key(&workspace.sources, finding);
        if refused.contains(&key) {
            continue;
        }
        let fixes = super::fixes(&workspace.sources, finding);
        let edits = fixes.iter().filter(|fix| wanted.has(fix));
        let mut edits = edits.filter_map(|fix| super::edits(workspace, fix));
        let Some(edits) = edits.next() else { continue };
        let overlaps = |edit: &Edit| {
            let others = taken.get(&edit.span.file);
            // What is put in at the very place of another stands in no certain order.
            let last = others.and_then(|others| others.range(..=edit.span.end).next_back());
            last.is_some_and(|(_, end)| edit.span.start <= *end)
        };
        if edits.iter().any(overlaps) {
            continue;
        }
        for edit in &edits {
            let end = taken.entry(edit.span.file).or_default().entry(edit.span.start).or_default();
            *end = (*end).max(edit.span.end);
        }
        candidates.push(Candidate { key, edits });
    }
    candidates
}

/// Whether no error stands at something that was not there before: what can be read now must also be understood.
fn is_sound(original: &Workspace, after: &Workspace, checked: &Checked) -> bool {
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let files = original.sources.iter().map(|(_, file)| (file.path.as_str(), file.text.as_str()));
    let texts: BTreeMap<&str, &str> = files.collect();
    errors.into_iter().all(|finding| {
        let span = finding.primary.span;
        let Some(file) = after.sources.file(span.file) else { return true };
        let (_, line) = file.line_at(span.start as usize);
        // Another fix may have added to the line, between commas or brackets.
        let before = file.text.get(line..span.start as usize).unwrap_or_default();
        let from = before.rfind([',', '{', '[', '(']).map_or(line, |at| line + at + 1);
        let there = file.text.get(from..span.end as usize).unwrap_or_default().trim_start();
        texts.get(file.path.as_str()).is_none_or(|known| known.contains(there))
    })
}

/// Whether what was written is wrong in the way that it was to mend: the message names another text then.
fn is_refused(after: &Workspace, checked: &Checked, chosen: &[&Candidate]) -> bool {
    let written: BTreeSet<(&str, &str)> = chosen
        .iter()
        .flat_map(|one| one.edits.iter().map(|edit| (one.key.0, bare(&edit.text))))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let is_written = |finding: &Finding| {
        written.contains(&(finding.code.0, bare(after.sources.text(finding.primary.span))))
    };
    checked.findings.iter().any(is_written)
}

/// A text without the quotes around it.
fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// The texts with some fixes made.
fn with(sources: &Sources, texts: &Texts, chosen: &[&Candidate]) -> Texts {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in chosen.iter().flat_map(|one| &one.edits) {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    let mut texts = texts.clone();
    for (id, mut edits) in by_file {
        let Some(file) = sources.file(id) else { continue };
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        texts.insert(file.path.clone(), edited(&file.text, &edits));
    }
    texts
}

/// A text with edits made that are sorted and do not overlap; at one place they stand in their order.
pub fn edited(text: &str, edits: &[&Edit]) -> String {
    let (mut after, mut from) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        after += text.get(from..edit.span.start as usize).unwrap_or_default();
        after += &edit.text;
        from = edit.span.end as usize;
    }
    after + text.get(from..).unwrap_or_default()
}

fn key(sources: &Sources, finding: &Finding) -> FindingIdentity {
    let path = sources.path(finding.primary.span.file).to_owned();
    (finding.code.0, path, finding.message.clone())
}

/// What is wrong with a workspace, to be compared.
struct State {
    /// How far it could be read: what is wrong at one stage hides what is wrong at the next.
    stage: usize,
    errors: BTreeMap<FindingIdentity, usize>,
    all: BTreeMap<FindingIdentity, usize>,
}

impl State {
    fn of(workspace: &Workspace, checked: &Checked) -> Self {
        let mut state = Self { stage: 2, errors: BTreeMap::new(), all: BTreeMap::new() };
        for finding in &checked.findings {
            let key = key(&workspace.sources, finding);
            if finding.severity == Severity::Error {
                *state.errors.entry(key.clone()).or_default() += 1;
            }
            *state.all.entry(key).or_default() += 1;
        }
        if workspace.world.is_none() {
            let unread = |finding: &Finding| [code::SYNTAX, code::SCHEMA].contains(&finding.code);
            state.stage = usize::from(!checked.findings.iter().any(unread));
        }
        state
    }

    /// Whether what was to be mended is gone in another state, and nothing has become worse.
    fn gets_better(&self, after: &Self, chosen: &[&Candidate]) -> bool {
        let count =
            |of: &BTreeMap<FindingIdentity, usize>, key: &FindingIdentity| of.get(key).copied().unwrap_or(0);
        let mut mended: BTreeMap<&FindingIdentity, usize> = BTreeMap::new();
        for one in chosen {
            *mended.entry(&one.key).or_default() += 1;
        }
        let are_gone = mended.iter().all(|(key, n)| count(&after.all, key) + n <= count(&self.all, key));
        let is_no_worse = match (self.stage, after.stage) {
            // A name that is known now may be compared with one that is not.
            (1, 1) => after.errors.values().sum::<usize>() <= self.errors.values().sum(),
            (before, now) if before == now => {
                after.errors.iter().all(|(key, n)| *n <= count(&self.errors, key))
            }
            (before, now) => before < now,
        };
        are_gone && is_no_worse
    }
}
