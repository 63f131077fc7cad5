//! Re-deriving a table: every context looked up in it and decided again by the reference, and everything beside the cells.

mod beside;
mod derive;
mod differ;

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::decide::telling::Telling;
use crate::decide::{self, Decision, reference};
use crate::limits::MAX_WHOLE;
use crate::model::{Context, Guarantee, Table, UseCase, World};
use crate::number;
use crate::table::{self, DecisionTable, Request, format};
use crate::work;
use crate::workspace::Verified;

use differ::first_difference;

/// Where a table and its workspace differ first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part of the table, or of what it answers to a request.
    pub place: String,
    /// What stands in the table.
    pub table: String,
    /// What the workspace says.
    pub workspace: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: the table says {}, the workspace says {}", self.place, self.table, self.workspace)
    }
}

type Same<T = ()> = Result<T, Difference>;

/// The first difference between a table and a workspace; none where every cell is as the reference decides.
pub fn verify(table: &DecisionTable, verified: &Verified) -> Same {
    let world = verified.world();
    let names: Vec<&String> = table.table().use_cases.iter().map(|use_case| &use_case.name).collect();
    let wanted: Vec<&String> = world.use_cases.iter().map(|use_case| &use_case.name.value).collect();
    same("use_cases", &names, &wanted)?;
    // On all cores; the first use case that differs is named whichever is found first.
    let each = world.use_cases.as_slice().par_iter();
    let walked: Vec<Same<Proved>> =
        each.map_init(Held::new, |held, use_case| walk(table, world, use_case, held)).collect();
    let walked: Vec<Proved> = walked.into_iter().collect::<Same<_>>()?;
    proof(&table.table().proof, world, &walked)?;
    beside::check(table, verified)
}

/// Decisions of the reference that decisions of the table, by position, were held against: what is the same needs no
/// second look.
type Held = HashMap<usize, Decision>;

/// What walking a use case shows.
struct Proved {
    contexts: u64,
    /// In how many of them each guarantee's `for` is true.
    premises: Table<Guarantee, u64>,
}

/// Walks all contexts of a use case that a plain reading tells apart, as far as the first difference.
fn walk(table: &DecisionTable, world: &World, use_case: &UseCase, held: &mut Held) -> Same<Proved> {
    let mut proved = Proved { contexts: 0, premises: world.guarantees.iter().map(|_| 0).collect() };
    let telling = Telling::new(world, use_case);
    let reader = reference::Reader::new(world, use_case);
    for (context, weight) in telling.contexts(world, use_case) {
        let Ok(decision) = reader.decide(&context) else {
            return Err(Difference {
                place: shown(world, use_case, &context),
                table: "what is to be done".to_owned(),
                workspace: "nothing that is defined".to_owned(),
            });
        };
        cell(table, world, use_case, &context, decision, held)?;
        proved.contexts = proved.contexts.saturating_add(weight);
        for guarantee in reader.premises(&context) {
            let count = &mut proved.premises[guarantee];
            *count = count.saturating_add(weight);
        }
    }
    Ok(proved)
}

/// What the table says was proved, against what walking showed.
fn proof(found: &format::Proof, world: &World, walked: &[Proved]) -> Same {
    let sum = |counts: &mut dyn Iterator<Item = u64>| counts.fold(0, u64::saturating_add).min(MAX_WHOLE);
    let premises = |at| sum(&mut walked.iter().map(|proved| proved.premises[at]));
    let guarantees = world.guarantees.enumerated().map(|(at, guarantee)| format::GuaranteeProof {
        name: guarantee.name.value.clone(),
        contexts: premises(at),
    });
    let contexts = sum(&mut walked.iter().map(|proved| proved.contexts));
    same("proof", found, &format::Proof { contexts, guarantees: guarantees.collect() })
}

/// A target as a gateway is told it.
#[derive(PartialEq, Serialize)]
struct Told<'a> {
    model: &'a str,
    cost_multiplier: Cow<'a, str>,
    actions: Cow<'a, [format::Action]>,
    regions: Option<Cow<'a, [String]>>,
}

/// Looks one context up and compares everything that a gateway would be told.
fn cell(
    table: &DecisionTable,
    world: &World,
    use_case: &UseCase,
    context: &Context,
    decision: Decision,
    held: &mut Held,
) -> Same {
    let facts: Vec<(&str, &str)> = world
        .facts
        .iter()
        .zip(&context.facts)
        .map(|(fact, value)| (fact.name.as_str(), fact.values[*value].as_str()))
        .collect();
    let budget = number::exact(&context.budget);
    let shares = context
        .shares
        .iter()
        .map(|(id, share)| (world.budgets[*id].name.value.as_str(), number::exact(share)));
    let shares: Vec<(&str, String)> = shares.collect();
    let shares: Vec<(&str, &str)> = shares.iter().map(|(name, share)| (*name, share.as_str())).collect();
    let found = table.decide(&Request {
        use_case: &use_case.name.value,
        classification: Some(&world.classifications[context.classification]),
        budget_remaining: Some(&budget),
        budgets: &shares,
        facts: &facts,
    });
    let index = found.index();
    if index.is_some_and(|index| held.get(&index) == Some(&decision)) {
        return Ok(());
    }
    work::step();
    told(&found, world, &decision).map_err(|mut difference| {
        difference.place = format!("{} of {}", difference.place, shown(world, use_case, context));
        difference
    })?;
    held.extend(index.map(|index| (index, decision)));
    Ok(())
}

/// A path as a gateway is told it.
#[derive(PartialEq, Serialize)]
struct ToldPath<'a> {
    on: Cow<'a, [format::Trigger]>,
    failover: Option<Cow<'a, format::Failover>>,
    targets: Vec<Told<'a>>,
}

fn told(found: &table::Decision, world: &World, decision: &Decision) -> Same {
    let primary = decision.primary.map(|id| &world.models[id]).map(|model| Told {
        model: &model.id,
        cost_multiplier: "1".into(),
        actions: Cow::default(),
        regions: derive::regions(world, decision, model).map(Cow::Owned),
    });
    same("primary", &found.primary().as_ref().map(found_target), &primary)?;
    let paths: Vec<ToldPath> = found
        .paths()
        .map(|path| ToldPath {
            on: path.triggers().into(),
            failover: path.failover().map(Cow::Borrowed),
            targets: path.targets().map(|target| found_target(&target)).collect(),
        })
        .collect();
    let wanted = decision.paths.iter().map(|path| ToldPath {
        on: derive::triggers(path.on).into(),
        failover: Some(Cow::Owned(derive::failover(&world.failovers[path.failover]))),
        targets: path.targets.iter().map(|target| wanted_target(world, decision, target)).collect(),
    });
    same("paths", &paths, &wanted.collect())?;
    let rules: Vec<&String> = found.rules().iter().collect();
    let wanted = decision.rules.iter().map(|id| &world.rules[*id]).map(|rule| &rule.name.value);
    same("rules", &rules, &wanted.collect())?;
    let budgets: Vec<&String> = found.budgets().map(|budget| &budget.name).collect();
    let wanted = decision.budgets.iter().map(|id| &world.budgets[*id]).map(|b| &b.name.value);
    same("budgets", &budgets, &wanted.collect())?;
    let quotas: Vec<&String> = found.quotas().map(|quota| &quota.name).collect();
    let wanted = decision.quotas.iter().map(|id| &world.quotas[*id]).map(|q| &q.name.value);
    same("quotas", &quotas, &wanted.collect())?;
    same("audit", &found.audit(), &decision.audit.as_deref().map(derive::audit).as_ref())
}

fn wanted_target<'a>(world: &'a World, decision: &Decision, target: &decide::Target) -> Told<'a> {
    let model = &world.models[target.model];
    Told {
        model: &model.id,
        cost_multiplier: derive::multiplier(&target.multiplier).into(),
        actions: derive::actions(target).into(),
        regions: derive::regions(world, decision, model).map(Cow::Owned),
    }
}

fn found_target<'a>(target: &table::Target<'a>) -> Told<'a> {
    Told {
        model: &target.model().id,
        cost_multiplier: target.cost_multiplier().into(),
        actions: target.actions().into(),
        regions: target.regions().map(Cow::Borrowed),
    }
}

/// Compares two parts; only where they differ is anything made of them.
fn same<T: PartialEq + Serialize + ?Sized>(place: &str, table: &T, workspace: &T) -> Same {
    if table == workspace {
        return Ok(());
    }
    let json = |part| serde_json::to_value(part).unwrap_or_default();
    let (inside, table, workspace) = first_difference(place, &json(table), &json(workspace));
    Err(Difference { place: format!("`{inside}`"), table, workspace })
}

fn shown(world: &World, use_case: &UseCase, context: &Context) -> String {
    let context: Vec<String> =
        world.show_context(context).into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!("`{}` with {}", use_case.name.value, context.join(", "))
}
