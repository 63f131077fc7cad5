//! The use cases that findings of one kind name: all, until that makes more names than anybody reads.

use crate::diag::Finding;
use crate::limits::MAX_NAMED;
use crate::model::words::count;
use crate::model::{UseCaseId, World};

/// How many use cases may still be named.
pub(super) struct Named {
    left: usize,
}

impl Named {
    pub(super) fn new() -> Self {
        Self { left: MAX_NAMED }
    }

    /// Names the use cases that a finding is about; of those past the most, how many they are. One is always named.
    pub(super) fn on(&mut self, world: &World, finding: Finding, use_cases: &[UseCaseId]) -> Finding {
        let most = self.left.max(1).min(use_cases.len());
        self.left = self.left.saturating_sub(most);
        let named = use_cases.iter().take(most).map(|id| &world.use_cases[*id]);
        let finding = finding.use_cases(named.map(|use_case| use_case.name.value.clone()));
        match use_cases.len() - most {
            0 => finding,
            more => {
                let more = count(more, "more use case", "more use cases");
                finding.note(format!("it concerns {more}, which are not named"))
            }
        }
    }
}
