//! What any path of a failover statement has, in any context: shared by the findings on whole paths.

use std::collections::BTreeMap;

use crate::decide::Path;
use crate::decide::survey::Survey;
use crate::model::{Failover, FailoverId, ModelId, UseCase};

/// A path of a decision.
pub(super) struct Look<'a> {
    pub(super) use_case: &'a UseCase,
    pub(super) primary: ModelId,
    pub(super) failover: &'a Failover,
    pub(super) path: &'a Path,
}

/// What was seen of a statement.
pub(super) struct Seen<T> {
    /// The greatest of all that was seen, and of which use case.
    pub(super) worst: T,
    pub(super) of: String,
    /// Those of which something was seen, by name.
    pub(super) use_cases: Vec<String>,
}

/// Per failover statement what is seen of its paths in any context; nothing of those that are fine.
pub(super) fn every_path<T: Ord>(
    survey: &Survey,
    look: impl Fn(&Look) -> Option<T>,
) -> BTreeMap<FailoverId, Seen<T>> {
    let mut all: BTreeMap<FailoverId, Seen<T>> = BTreeMap::new();
    for decided in survey.decided() {
        let name = &decided.use_case.name.value;
        for decision in decided.distinct() {
            let Some(primary) = decision.primary else { continue };
            for path in decision.paths.iter() {
                let failover = &survey.world.failovers[path.failover];
                let Some(found) = look(&Look { use_case: decided.use_case, primary, failover, path }) else {
                    continue;
                };
                match all.get_mut(&path.failover) {
                    None => {
                        let seen = Seen { worst: found, of: name.clone(), use_cases: vec![name.clone()] };
                        all.insert(path.failover, seen);
                    }
                    Some(seen) => {
                        if found > seen.worst {
                            (seen.worst, seen.of) = (found, name.clone());
                        }
                        seen.use_cases.push(name.clone());
                    }
                }
            }
        }
    }
    all
}
