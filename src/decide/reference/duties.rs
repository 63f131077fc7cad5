//! What a decision obliges to, as guarantees read it.

use std::borrow::Cow;

use super::evaluation::{Datum, Many};
use crate::decide::Decision;
use crate::model::World;
use crate::model::attribute::DutyAttribute;
use crate::model::names::Set;
use crate::number::{Rational, SECONDS_PER_DAY, whole};

/// The obligations of a decision.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each attribute that is yes or no")]
pub(super) struct Duties {
    /// Seconds, of whole days; none where no statement says.
    retain: Option<Rational>,
    lineage: bool,
    mask: Set,
    logged: bool,
    notified: bool,
    budgets: bool,
    quotas: bool,
}

impl Duties {
    pub(super) fn of(world: &World, decision: &Decision) -> Self {
        let audit = decision.audit.as_deref();
        let taken = || {
            let leading = decision.paths.iter().filter(|path| !path.targets.is_empty());
            leading.map(|path| &world.failovers[path.failover])
        };
        let mask = audit.map(|audit| audit.mask.as_slice()).unwrap_or_default();
        Self {
            retain: audit.and_then(|audit| Some(whole(audit.retain_days?) * whole(SECONDS_PER_DAY))),
            lineage: audit.is_some_and(|audit| audit.lineage),
            mask: mask.iter().filter_map(|name| world.names.find(name)).collect(),
            logged: taken().all(|failover| failover.log_as.is_some()),
            notified: taken().all(|failover| !failover.notify.is_empty()),
            budgets: !decision.budgets.is_empty(),
            quotas: !decision.quotas.is_empty(),
        }
    }

    pub(super) fn read(&self, attribute: DutyAttribute) -> Datum<'_> {
        match attribute {
            DutyAttribute::Retain => match &self.retain {
                Some(seconds) => Datum::Number(Cow::Borrowed(seconds)),
                None => Datum::Unknown,
            },
            DutyAttribute::Lineage => Datum::Bool(self.lineage),
            DutyAttribute::Logged => Datum::Bool(self.logged),
            DutyAttribute::Notified => Datum::Bool(self.notified),
            DutyAttribute::BudgetCovered => Datum::Bool(self.budgets),
            DutyAttribute::QuotaCovered => Datum::Bool(self.quotas),
            DutyAttribute::Mask => Datum::Unknown,
        }
    }

    pub(super) fn set(&self, attribute: DutyAttribute) -> Many<'_> {
        match attribute {
            DutyAttribute::Mask => Many::These(Cow::Borrowed(&self.mask)),
            DutyAttribute::Retain
            | DutyAttribute::Lineage
            | DutyAttribute::Logged
            | DutyAttribute::Notified
            | DutyAttribute::BudgetCovered
            | DutyAttribute::QuotaCovered => Many::Unknown,
        }
    }
}
