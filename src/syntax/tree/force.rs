//! When statements are in force.

use super::{
    AuditClause, Block, BudgetClause, Day, FailoverClause, GuaranteeClause, QuotaClause, RuleClause,
    StatementKind,
};
use jiff::civil::Date;

/// When a statement is in force: always, unless it says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Force {
    /// The first day, where it is written.
    pub from: Option<Day>,
    /// The last day, where it is written.
    pub until: Option<Day>,
}

impl Force {
    /// The first day.
    pub fn first(self) -> Date {
        self.from.map_or(Date::MIN, |day| day.date)
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.until.map_or(Date::MAX, |day| day.date)
    }

    /// Whether it is in force on a day.
    pub fn holds(self, day: Date) -> bool {
        self.first() <= day && day <= self.last()
    }
}

/// A clause that may say when its statement is in force.
pub trait InForce {
    /// The day after `from`.
    fn from(&self) -> Option<Day>;
    /// The day after `until`.
    fn until(&self) -> Option<Day>;
}

macro_rules! in_force {
    ($($clause:ident)*) => {$(
        impl InForce for $clause {
            fn from(&self) -> Option<Day> {
                if let Self::From(day) = self { Some(*day) } else { None }
            }

            fn until(&self) -> Option<Day> {
                if let Self::Until(day) = self { Some(*day) } else { None }
            }
        }
    )*};
}

in_force! { RuleClause FailoverClause BudgetClause QuotaClause AuditClause GuaranteeClause }

impl<C: InForce> Block<C> {
    /// When the statement is in force.
    pub fn force(&self) -> Force {
        let clauses = || self.clauses.iter().map(|clause| &clause.kind);
        Force { from: clauses().find_map(InForce::from), until: clauses().find_map(InForce::until) }
    }

    /// Takes away the last day on which the statement is in force.
    fn stay(&mut self) {
        self.clauses.retain(|clause| clause.kind.until().is_none());
    }
}

/// Asks the block of a statement that may say when it is in force; of others something else.
macro_rules! of_block {
    ($kind:expr, $method:ident, $undated:expr) => {
        match $kind {
            Self::Rule(rule) => rule.block.$method(),
            Self::Failover(block) => block.$method(),
            Self::Budget(block) => block.$method(),
            Self::Quota(block) => block.$method(),
            Self::Audit(block) => block.$method(),
            Self::Guarantee(block) => block.$method(),
            Self::Classifications(_)
            | Self::Regions(_)
            | Self::Vocabulary(..)
            | Self::Precedence(_)
            | Self::Fact(_)
            | Self::Attribution(_)
            | Self::Test(_) => $undated,
        }
    };
}

impl StatementKind {
    /// When the statement is in force.
    pub fn force(&self) -> Force {
        of_block!(self, force, Force::default())
    }

    /// Takes away the last day on which the statement is in force.
    pub fn stay(&mut self) {
        of_block!(self, stay, ());
    }
}
