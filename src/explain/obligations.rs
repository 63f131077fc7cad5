//! What else a decision obliges to: what audits ask for, and what each failover statement does beside leading on.

use super::explanation::Explanation;
use super::phrases::{self, Duties};
use crate::model::FailoverId;

/// The audit duty, and the duties of each failover statement that is taken.
pub(super) fn all(explanation: &Explanation) -> Vec<String> {
    let decision = explanation.decision();
    let audit = decision.audit.as_ref();
    let audit =
        audit.map(|audit| phrases::audit(audit.retain_days, audit.lineage, &audit.mask, &audit.owners));
    let mut lines: Vec<String> =
        audit.or_else(|| decision.primary.map(|_| phrases::NO_AUDIT.to_owned())).into_iter().collect();
    let mut told: Vec<FailoverId> = Vec::new();
    for path in decision.paths.iter() {
        if told.contains(&path.failover) {
            continue;
        }
        told.push(path.failover);
        let mut its = decision.paths.iter().filter(|other| other.failover == path.failover);
        let leads = its.any(|path| !path.targets.is_empty());
        let failover = explanation.statement(path);
        let duties = Duties {
            log_as: failover.log_as.as_deref(),
            notify: &failover.notify,
            retry: failover.retry,
            cooldown: failover.cooldown.as_ref(),
        };
        lines.extend(phrases::duties(&failover.name.value, &duties, leads));
    }
    lines
}
