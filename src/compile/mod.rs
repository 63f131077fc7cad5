//! A checked world as a decision table: made only from [`Verified`], which only a check without errors gives.

mod axes;
pub(crate) mod parts;
pub mod sign;
pub mod verify;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::decide::engine::Statement;
use crate::decide::{Decision, show};
use crate::model::{FailoverId, ModelId, UseCase, World};
use crate::source::Sources;
use crate::table::format::{self, Table};
use crate::workspace::Verified;

/// Compiles a table; equal policy gives equal bytes.
pub fn compile(verified: &Verified) -> Table {
    let world = verified.world();
    let cells: Vec<Cells> = verified
        .decided()
        .iter()
        .map(|decided| {
            let decisions = decided.pairs().map(|(_, decision)| portable(world, decided.use_case, decision));
            Cells::new(world, decided.use_case, &decisions.collect::<Vec<_>>())
        })
        .collect();
    let (models, failovers) = used(&cells);
    let mut decisions: Vec<format::Decision> = Vec::new();
    let mut known: HashMap<format::Decision, usize> = HashMap::new();
    let mut use_cases = Vec::new();
    for (cells, decided) in cells.into_iter().zip(verified.decided()) {
        let numbered = cells.cells.into_iter().map(|decision| {
            let decision = renumbered(decision, &models, &failovers);
            *known.entry(decision.clone()).or_insert_with(|| {
                decisions.push(decision);
                decisions.len() - 1
            })
        });
        let numbered: Vec<usize> = numbered.collect();
        use_cases.push(parts::use_case(world, decided.use_case, cells.axes, numbered));
    }
    let mut table = Table {
        format: format::FORMAT.to_owned(),
        as_of: world.as_of.to_string(),
        valid_until: parts::valid_until(world, &models),
        sources: sources(verified.sources()),
        classifications: world.classifications.clone(),
        facts: parts::facts(world),
        models: models
            .iter()
            .filter_map(|id| world.models.get(*id))
            .map(|m| parts::model(world, m))
            .collect(),
        failovers: failovers.iter().filter_map(|id| world.failovers.get(*id)).map(parts::failover).collect(),
        decisions,
        use_cases,
        budgets: parts::budgets(world),
        quotas: parts::quotas(world),
        attribution: parts::attribution(world),
        proof: proof(verified),
        digest: String::new(),
    };
    table.digest = table.digest();
    table
}

/// A use case's axes and its decisions along them.
struct Cells {
    axes: Vec<format::Axis>,
    cells: Vec<format::Decision>,
}

impl Cells {
    fn new(world: &World, use_case: &UseCase, decisions: &[format::Decision]) -> Self {
        let grid = axes::Grid::new(world, use_case, decisions);
        Self { axes: grid.axes(), cells: grid.cells() }
    }
}

/// A decision as the table has it, models and failover statements still numbered as in the world.
fn portable(world: &World, use_case: &UseCase, decision: &Decision) -> format::Decision {
    let targets = decision.chain_targets();
    let targets = targets.iter().map(|target| format::Target {
        model: target.model,
        cost_multiplier: show::multiplier(&target.multiplier),
        actions: parts::actions(target),
        regions: world.models.get(target.model).and_then(|model| show::regions(world, use_case, model)),
    });
    format::Decision {
        targets: targets.collect(),
        failover: decision.outage_path().map(|path| path.failover),
        rules: decision
            .rules
            .iter()
            .filter_map(|id| world.rules.get(*id))
            .map(|r| r.name.value.clone())
            .collect(),
        budgets: decision.budgets.to_vec(),
        quotas: decision.quotas.to_vec(),
        audit: decision.audit.as_deref().map(parts::audit),
    }
}

/// The models that are targets and the failover statements that are named, in the world's order.
fn used(all: &[Cells]) -> (Vec<ModelId>, Vec<FailoverId>) {
    let decisions = || all.iter().flat_map(|cells| &cells.cells);
    let models: BTreeSet<ModelId> =
        decisions().flat_map(|d| d.targets.iter().map(|target| target.model)).collect();
    let failovers: BTreeSet<FailoverId> = decisions().filter_map(|decision| decision.failover).collect();
    (models.into_iter().collect(), failovers.into_iter().collect())
}

/// A decision with the table's numbers.
fn renumbered(
    mut decision: format::Decision,
    models: &[ModelId],
    failovers: &[FailoverId],
) -> format::Decision {
    for target in &mut decision.targets {
        target.model = models.partition_point(|id| *id < target.model);
    }
    decision.failover = decision.failover.map(|failover| failovers.partition_point(|id| *id < failover));
    decision
}

/// SHA-256 of every file read.
pub(crate) fn sources(sources: &Sources) -> BTreeMap<String, String> {
    sources.iter().map(|(_, file)| (file.path.clone(), format!("sha256:{}", file.sha256))).collect()
}

/// What was proved.
fn proof(verified: &Verified) -> format::Proof {
    let (world, engine, decided) = (verified.world(), verified.engine(), verified.decided());
    let guarantees = world.guarantees.iter().enumerate().map(|(id, guarantee)| {
        let premises = decided.iter().map(|decided| {
            let held = engine.held(decided.use_case, Statement::Guarantee(id));
            decided.range.clone().filter(|at| held.at(*at)).count() as u64
        });
        format::GuaranteeProof { name: guarantee.name.value.clone(), contexts: premises.sum() }
    });
    let contexts = decided.iter().map(|decided| decided.contexts.len() as u64).sum();
    format::Proof { contexts, guarantees: guarantees.collect() }
}
