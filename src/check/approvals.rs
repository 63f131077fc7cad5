//! Which use cases the approvals of models match.

use crate::decide::reference;
use crate::model::{UseCase, World};

/// Whether an entry of `approved_use_cases` names or prefixes some use case.
pub(super) fn is_matched(world: &World, entry: &str) -> bool {
    first_matched(world, entry).is_some()
}

/// The first use case by name that an entry of `approved_use_cases` names or prefixes.
pub(super) fn first_matched<'w>(world: &'w World, entry: &str) -> Option<&'w UseCase> {
    let wanted = entry.strip_suffix('*').unwrap_or(entry);
    // Use cases are sorted by name: those with a prefix stand together.
    let use_cases = world.use_cases.as_slice();
    let at = use_cases.partition_point(|use_case| use_case.name.value.as_str() < wanted);
    use_cases.get(at).filter(|use_case| reference::approves(entry, &use_case.name.value))
}
