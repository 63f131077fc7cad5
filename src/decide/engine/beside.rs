//! A use case beside what was decided of it before some rules changed.

use super::case::Case;
use crate::decide::Decision;
use crate::model::RuleId;

use super::Decisions;

/// What was decided of a use case in a world from which this one differs by some rules and guarantees alone, with its
/// places where they stand now.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// What was decided.
    pub decisions: &'a Decisions,
    /// The rules that have changed.
    pub changed: &'a [RuleId],
}

impl<'a> Beside<'a> {
    /// The same, where its contexts stand where they stood.
    pub(super) fn aligned(self, case: &Case) -> Option<Self> {
        (self.decisions.space.axes == case.space.axes).then_some(self)
    }

    /// What was decided in a context, where it is decided so still: no changed rule applied there, and none does.
    pub(super) fn at(self, at: usize, case: &Case) -> Option<&'a Decision> {
        let cell = *self.decisions.cells.get(at)? as usize;
        // Which rules applied where nothing is defined is not known.
        let before = self.decisions.distinct.get(cell)?.as_ref().ok()?;
        let is_changed = |rules: &[RuleId]| self.changed.iter().any(|id| rules.contains(id));
        (!is_changed(&before.rules) && !is_changed(&case.applying(at))).then_some(before)
    }
}

impl Case<'_, '_> {
    /// A decision of before, with its lists as all others have them.
    pub(super) fn taken_over(&self, before: &Decision) -> Decision {
        let mut decision = before.clone();
        decision.paths = self.engine.shared.paths(decision.paths);
        decision
    }
}
