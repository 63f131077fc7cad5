//! Which statements apply anywhere.

use crate::decide::survey::Survey;
use crate::model::{Failover, IdSet, Rule};

/// The rules that apply, the failover statements whose `when` is true, and those that are the one left for some
/// trigger, in some context of some use case.
pub(super) fn applying(survey: &Survey) -> (IdSet<Rule>, IdSet<Failover>, IdSet<Failover>) {
    let (rules, failovers) = (&survey.world.rules, &survey.world.failovers);
    let mut all = (IdSet::none_of(rules), IdSet::none_of(failovers), IdSet::none_of(failovers));
    for decided in survey.decided() {
        all.0.add_all(&decided.all.rules);
        all.1.add_all(&decided.all.failovers);
        all.2.add_all(&decided.all.led);
    }
    all
}

/// The rules that apply in some context of some use case.
pub(super) fn alive(survey: &Survey) -> IdSet<Rule> {
    applying(survey).0
}
