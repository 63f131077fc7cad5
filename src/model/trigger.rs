//! The ways in which a primary fails, and sets of them.

use super::Trigger;
use super::build::Builder;
use crate::diag::fix::{Change, Fix};
use crate::diag::{Finding, code};
use crate::source::Span;

/// The triggers that what is down fails as, in the order in which they are asked for the outage path.
pub const OUTAGE: [Trigger; 3] = [Trigger::Unavailable, Trigger::ServerError, Trigger::Timeout];

/// A set of triggers; read in the order of the grammar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Triggers(u16);

const _: () = assert!(Trigger::ALL.len() <= u16::BITS as usize, "`Triggers` has a bit for each trigger");

impl Triggers {
    /// What a failover statement answers that states no `on`.
    pub fn usual() -> Self {
        [Trigger::RateLimited, Trigger::ServerError, Trigger::Timeout, Trigger::Unavailable]
            .into_iter()
            .collect()
    }

    /// Whether a trigger is in it.
    pub fn has(self, trigger: Trigger) -> bool {
        self.0 & bit(trigger) != 0
    }

    /// With a trigger more.
    pub fn add(&mut self, trigger: Trigger) {
        self.0 |= bit(trigger);
    }

    /// Those of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each, in the order of the grammar.
    pub fn iter(self) -> impl Iterator<Item = Trigger> {
        Trigger::ALL.into_iter().filter(move |trigger| self.has(*trigger))
    }

    /// Their names, in the order of the grammar.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Trigger::name).collect()
    }
}

impl FromIterator<Trigger> for Triggers {
    fn from_iter<I: IntoIterator<Item = Trigger>>(triggers: I) -> Self {
        let mut set = Self::default();
        for trigger in triggers {
            set.add(trigger);
        }
        set
    }
}

impl std::fmt::Debug for Triggers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Builder {
    /// The triggers of an `on`; one that appears twice is reported.
    pub(super) fn triggers(&mut self, written: &[(Trigger, Span)]) -> Triggers {
        let mut triggers = Triggers::default();
        for (trigger, span) in written {
            let name = trigger.name();
            let first = written.iter().find(|(other, _)| other == trigger);
            if let Some((_, first)) = first.filter(|_| triggers.has(*trigger)) {
                self.find(
                    Finding::error(
                        code::DUPLICATE_NAME,
                        *span,
                        format!("the trigger `{name}` appears twice"),
                    )
                    .label("again here")
                    .related(*first, "first here")
                    .help("remove one of the two")
                    .fix(Fix::safe("remove it here", Change::Item(*span))),
                );
            }
            triggers.add(*trigger);
        }
        triggers
    }
}

fn bit(trigger: Trigger) -> u16 {
    1 << (trigger as u16)
}
