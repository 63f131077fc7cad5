//! A workspace checked: everything decided, and what is found, as comments and lint levels have it.

use super::again::Carried;
use super::{Workspace, sort};
use crate::check;
use crate::check::allow;
use crate::decide::survey::Survey;
use crate::diag::{Finding, Severity, Silenced};
use crate::load::LintLevel;

/// A checked workspace.
#[derive(Debug)]
pub struct Checked<'a> {
    /// All findings, sorted, lint levels applied.
    pub findings: Vec<Finding>,
    /// What comments in the files silence.
    pub silenced: Vec<Silenced>,
    /// Every decision; none where there is no world.
    pub survey: Option<Survey<'a>>,
    /// Contexts decided.
    pub contexts: u64,
    /// What nobody asked for and somebody may have to know all the same: [`silent`](super::silent) says it.
    pub unasked: Vec<Finding>,
}

/// Hears how far a check has come.
pub trait Progress: Sync {
    /// Something begins that is done so many times; 0 where that is not known.
    fn begins(&self, what: &'static str, of: usize);
    /// It was done once more.
    fn done(&self);
}

/// For callers that show no progress.
impl Progress for () {
    fn begins(&self, _: &'static str, _: usize) {}
    fn done(&self) {}
}

impl Workspace {
    /// Decides everything and checks it.
    pub fn check(&self) -> Checked<'_> {
        self.check_showing(&())
    }

    /// The same, heard by somebody.
    pub fn check_showing(&self, progress: &impl Progress) -> Checked<'_> {
        let Some(world) = &self.world else {
            return Checked {
                findings: self.findings.clone(),
                silenced: Vec::new(),
                survey: None,
                contexts: 0,
                unasked: Vec::new(),
            };
        };
        progress.begins("deciding use cases", world.use_cases.len());
        let survey = Survey::counted(world, &|| progress.done());
        progress.begins("checking what was decided", 0);
        let found = check::check(&survey);
        self.checked(survey, found)
    }

    /// The same as [`Workspace::check`], without doing again what an earlier check did; and what it found before comments
    /// and lint levels were heard.
    pub fn check_again(&self, carried: Option<Carried>) -> (Checked<'_>, Vec<Finding>) {
        let (Some(world), Some(carried)) = (&self.world, carried) else {
            return self.check_keeping();
        };
        let survey = Survey::again(world, carried.earlier);
        let found = match carried.found {
            Some(found) if carried.is_reworded => check::reworded(&survey, found),
            Some(found) => found,
            None => check::check(&survey),
        };
        (self.checked(survey, found.clone()), found)
    }

    fn check_keeping(&self) -> (Checked<'_>, Vec<Finding>) {
        let Some(world) = &self.world else { return (self.check(), Vec::new()) };
        let survey = Survey::new(world);
        let found = check::check(&survey);
        (self.checked(survey, found.clone()), found)
    }

    /// What was found, as comments and lint levels have it.
    fn checked<'a>(&self, survey: Survey<'a>, mut findings: Vec<Finding>) -> Checked<'a> {
        findings.extend_from_slice(&self.beside);
        let as_of = survey.world.as_of;
        let (mut findings, silenced) = allow::apply(
            &self.sources,
            &self.statements,
            &self.resting,
            as_of,
            self.asked_catalogues,
            findings,
        );
        // Who allows it by name has read it.
        let is_named = self.config.lints.iter().any(|(code, _)| code.value == check::unpinned_region::CODE);
        let is_told = |finding: &Finding| !is_named && finding.code.0 == check::unpinned_region::CODE;
        let mut unasked = Vec::new();
        findings.retain_mut(|finding| {
            let is_asked = self.apply_lint(finding);
            if !is_asked && is_told(finding) {
                unasked.push(finding.clone());
            }
            is_asked
        });
        sort(&self.sources, &mut findings);
        Checked { findings, silenced, contexts: survey.contexts(), survey: Some(survey), unasked }
    }

    /// What comments silence, without looking for anything where there is no such comment.
    pub fn silenced(&self, survey: &Survey<'_>) -> Vec<Silenced> {
        if !self.sources.iter().any(|(_, file)| allow::may_silence(&file.text)) {
            return Vec::new();
        }
        let (found, as_of) = (check::check(survey), survey.world.as_of);
        allow::apply(&self.sources, &self.statements, &self.resting, as_of, self.asked_catalogues, found).1
    }

    /// How each warning counts: by its own code, else by its group, else as it is built in.
    pub fn levels(&self) -> impl Iterator<Item = (&'static str, LintLevel)> + '_ {
        let warnings = check::CHECKS.iter().filter(|check| check.severity == Severity::Warning);
        warnings.map(|check| (check.code.0, self.level(check.code.0, check.is_on())))
    }

    fn level(&self, code: &str, is_on: bool) -> LintLevel {
        let level = |name: &str| {
            let named = self.config.lints.iter().find(|(code, _)| code.value == name);
            named.map(|(_, level)| *level)
        };
        let of_group = || level(check::PRACTICE).unwrap_or(LintLevel::Allow);
        let usual = || if is_on { LintLevel::Warn } else { of_group() };
        level(code).unwrap_or_else(usual)
    }

    /// Applies `lints:` to a warning; false where it is allowed.
    fn apply_lint(&self, finding: &mut Finding) -> bool {
        if finding.severity == Severity::Error {
            return true;
        }
        let is_on = !finding.is_practice && check::named(finding.code.0).is_none_or(check::Check::is_on);
        match self.level(finding.code.0, is_on) {
            LintLevel::Allow => false,
            LintLevel::Deny => {
                finding.severity = Severity::Error;
                true
            }
            LintLevel::Warn => true,
        }
    }
}
