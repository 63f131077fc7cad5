//! A checked world as a decision table: made only from [`Verified`], which only a check without errors gives.

mod axes;
mod lists;
pub(crate) mod parts;
mod portable;
pub mod sign;
pub mod verify;

use std::collections::{BTreeMap, HashMap};

use crate::decide::engine::{Held, Statement};
use crate::limits::MAX_WHOLE;
use crate::model::{UseCaseId, World};
use crate::source::Sources;
use crate::table::format::{self, Table};
use crate::work;
use crate::workspace::Verified;

use lists::{Lists, Once};
use portable::Portable;

/// Compiles a table; equal policy gives equal bytes.
pub fn compile(verified: &Verified) -> Table {
    sealed(verified).0
}

/// The same, and what its file holds.
pub fn sealed(verified: &Verified) -> (Table, String) {
    let world = verified.world();
    // Decisions by number, models and failover statements still numbered as in the world.
    let mut known: Once<Portable> = Once::default();
    let mut cut: Vec<(Vec<format::Axis>, Vec<usize>)> = Vec::new();
    let mut alike: HashMap<UseCaseId, Vec<usize>> = HashMap::new();
    for decided in verified.decided() {
        let distinct = alike.entry(verified.first_alike(decided.id)).or_insert_with(|| {
            work::step();
            decided.distinct().map(|decision| known.put(portable::decision(world, decision))).collect()
        });
        let cell = |number: &u32| distinct.get(*number as usize).copied();
        let cells: Vec<usize> = decided.all.cells.iter().filter_map(cell).collect();
        let grid = axes::Grid::new(world, decided.use_case, decided.space, &cells);
        cut.push((grid.axes(), grid.cells()));
    }
    let mut lists = Lists::new(known.items(), cut.iter().flat_map(|(_, cells)| cells).copied());
    let mut grids: Once<Vec<format::Axis>> = Once::default();
    let use_cases = verified.decided().into_iter().zip(cut).map(|(decided, (axes, cells))| {
        let cells = cells.into_iter().map(|cell| lists.decision(cell)).collect();
        parts::use_case(world, decided.use_case, grids.put(axes), cells)
    });
    let use_cases: Vec<format::UseCase> = use_cases.collect();
    let (valid_until, ends) = verified.last_day().map(|(day, ends)| (day.to_string(), ends.clone())).unzip();
    let mut table = Table {
        format: format::FORMAT.to_owned(),
        as_of: world.as_of.to_string(),
        valid_until,
        ends,
        sources: sources(verified.sources()),
        classifications: world.classifications.as_slice().to_vec(),
        facts: parts::facts(world),
        models: lists.models().iter().map(|id| &world.models[*id]).map(|m| parts::model(world, m)).collect(),
        failovers: lists.failovers().iter().map(|id| &world.failovers[*id]).map(parts::failover).collect(),
        reasons: reasons(world, &lists),
        rule_sets: lists.rule_sets.into_items(),
        target_lists: lists.target_lists.into_items(),
        audits: lists.audits.into_items(),
        decisions: lists.decisions,
        grids: grids.into_items(),
        use_cases,
        budgets: parts::budgets(world),
        quotas: parts::quotas(world),
        attribution: parts::attribution(world),
        request: parts::request(verified.request()),
        proof: proof(verified),
        digest: String::new(),
    };
    let (text, digest) = table.sealed();
    table.digest = digest;
    (table, text)
}

/// Why the rules and failover statements that decisions name say what they say.
fn reasons(world: &World, lists: &Lists) -> BTreeMap<String, Option<String>> {
    let named: std::collections::BTreeSet<&String> = lists.rule_sets.items().flatten().collect();
    let rules = world.rules.iter().filter(|rule| named.contains(&rule.name.value));
    let rules = rules.map(|rule| (format!("rule {}", rule.name.value), rule.because.clone()));
    let failovers = lists.failovers().iter().map(|id| &world.failovers[*id]);
    let failovers =
        failovers.map(|failover| (format!("failover {}", failover.name.value), failover.because.clone()));
    rules.chain(failovers).collect()
}

/// SHA-256 of every file read.
pub(crate) fn sources(sources: &Sources) -> BTreeMap<String, String> {
    let read = sources.iter().filter(|(_, file)| file.readable);
    read.map(|(_, file)| (file.path.clone(), format!("sha256:{}", file.sha256))).collect()
}

/// What was proved.
fn proof(verified: &Verified) -> format::Proof {
    let (world, engine, decided) = (verified.world(), verified.engine(), verified.decided());
    let guarantees = world.guarantees.enumerated().map(|(id, guarantee)| {
        let premises = decided.iter().map(|decided| {
            let held = engine.held(decided.use_case, decided.space, Statement::Guarantee(id));
            match held {
                Held::Never => 0,
                Held::Always => world.count_contexts(decided.use_case),
                Held::In(contexts) => {
                    contexts.ones().map(|at| decided.space.weight(at)).fold(0, u64::saturating_add)
                }
            }
        });
        let contexts = premises.fold(0, u64::saturating_add).min(MAX_WHOLE);
        format::GuaranteeProof { name: guarantee.name.value.clone(), contexts }
    });
    let contexts = decided.iter().map(|decided| world.count_contexts(decided.use_case));
    let contexts = contexts.fold(0, u64::saturating_add).min(MAX_WHOLE);
    format::Proof { contexts, guarantees: guarantees.collect() }
}
