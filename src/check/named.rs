//! What findings of one kind name: all use cases and sums, until that makes more than anybody reads.

use crate::cost::Exceeded;
use crate::diag::Finding;
use crate::limits::{MAX_NAMED, MAX_SUMS_SHOWN};
use crate::model::words::{count, some_of};
use crate::model::{UseCaseId, World};

/// How much may still be named.
pub(super) struct Named {
    use_cases: usize,
    sums: usize,
}

impl Named {
    pub(super) fn new() -> Self {
        Self { use_cases: MAX_NAMED, sums: MAX_SUMS_SHOWN }
    }

    /// Names the use cases that a finding is about; of those past the most, how many they are. One is always named.
    pub(super) fn on(&mut self, world: &World, finding: Finding, use_cases: &[UseCaseId]) -> Finding {
        let most = taken(&mut self.use_cases, use_cases.len());
        naming(world, finding, use_cases.iter().take(most), use_cases.len())
    }

    /// Names those that add to an exceeded sum, in the same way.
    pub(super) fn adding(&mut self, world: &World, finding: Finding, exceeded: &Exceeded) -> Finding {
        let all = exceeded.count();
        let most = taken(&mut self.use_cases, all);
        naming(world, finding, exceeded.use_cases(most).iter(), all)
    }

    /// A line for each exceeded sum; of those past the most, how many they are. One is always shown.
    pub(super) fn sums(&mut self, world: &World, exceeded: &Exceeded, on: &str) -> Vec<String> {
        let most = taken(&mut self.sums, exceeded.sums().len());
        exceeded.notes(world, on, most)
    }
}

/// Takes as many of all as are left, and one at least.
fn taken(left: &mut usize, all: usize) -> usize {
    let most = (*left).max(1).min(all);
    *left = left.saturating_sub(most);
    most
}

fn naming<'a>(
    world: &World,
    finding: Finding,
    named: impl Iterator<Item = &'a UseCaseId> + Clone,
    all: usize,
) -> Finding {
    let most = named.clone().count();
    let finding = finding.use_cases(named.map(|id| world.use_cases[*id].name.value.clone()));
    match all - most {
        0 => finding,
        more => {
            let more = count(more, "more use case", "more use cases");
            finding.note(format!("it concerns {more}, which are not named"))
        }
    }
}

/// Says that more is to be expected, where some use cases state no volume.
pub(super) fn lower_bound(world: &World, finding: Finding, unknown: &[UseCaseId]) -> Finding {
    if unknown.is_empty() {
        return finding;
    }
    let state = if unknown.len() == 1 { "states" } else { "state" };
    let names = unknown.iter().map(|id| world.use_cases[*id].name.value.as_str());
    finding.note(format!("this is a lower bound: {} {state} no volume", some_of(names, unknown.len(), 5)))
}
