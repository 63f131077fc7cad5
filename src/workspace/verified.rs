//! The proof that a workspace was checked and has no error.

use std::sync::OnceLock;

use super::{Checked, Workspace};
use crate::decide::endings;
use crate::decide::engine::Engine;
use crate::decide::survey::{Decided, Survey};
use crate::diag::Severity;
use crate::model::{Date, UseCaseId, World};
use crate::source::Sources;
use crate::yaml;

/// A workspace whose check has no error: only this can be compiled.
#[derive(Debug)]
pub struct Verified<'a> {
    world: &'a World,
    sources: &'a Sources,
    request: Option<&'a yaml::Value>,
    survey: Survey<'a>,
    last_day: OnceLock<Option<(Date, String)>>,
}

impl<'a> Verified<'a> {
    /// The last day on which it is as it is though nobody edits anything, and what ends or begins then; none where that is
    /// for ever.
    pub fn last_day(&self) -> Option<&(Date, String)> {
        self.last_day.get_or_init(|| endings::last_day(&self.survey)).as_ref()
    }

    /// The world in which nothing is wrong.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// Where places of its findings lead.
    pub fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// Where gateways find what a request states, as `govctl.yaml` says it.
    pub fn request(&self) -> Option<&'a yaml::Value> {
        self.request
    }

    /// What decided it.
    pub fn engine(&self) -> &Engine<'a> {
        &self.survey.engine
    }

    /// Every use case with a decision in every context, by name.
    pub fn decided(&self) -> Vec<Decided<'_>> {
        self.survey.decided().collect()
    }

    /// The first use case that is decided like one: itself, if none before it is known to be.
    pub fn first_alike(&self, use_case: UseCaseId) -> UseCaseId {
        self.survey.cases[use_case].first_alike
    }
}

impl<'a> Checked<'a> {
    /// The proof that nothing found is an error; none where something is.
    pub fn verified(self, workspace: &'a Workspace) -> Option<Verified<'a>> {
        if self.has_errors() {
            return None;
        }
        let (world, survey) = (workspace.world.as_ref()?, self.survey?);
        let request = workspace.config.request.as_ref();
        Some(Verified { world, sources: &workspace.sources, request, survey, last_day: OnceLock::new() })
    }

    /// Whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}
