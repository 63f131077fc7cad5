//! Re-deriving a table: every context looked up in it and decided again by the reference, and everything beside the cells.

use crate::decide::{reference, show};
use crate::model::{Context, UseCase, World};
use crate::number;
use crate::table::{self, DecisionTable, Request, format};
use crate::workspace::Verified;

/// Where a table and its workspace differ first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part of the table, or a request.
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

/// The first difference between a table and a workspace; none where every cell is as the reference decides.
pub fn verify(table: &DecisionTable, verified: &Verified) -> Result<(), Difference> {
    let world = verified.world();
    let names: Vec<&String> = table.table().use_cases.iter().map(|use_case| &use_case.name).collect();
    let wanted: Vec<&String> = world.use_cases.iter().map(|use_case| &use_case.name.value).collect();
    same("use_cases", &names, &wanted)?;
    for use_case in &world.use_cases {
        for context in world.contexts(use_case) {
            cell(table, world, use_case, &context)?;
        }
    }
    // The cells are right; what is left is what stands beside them, and that nothing superfluous stands there.
    let expected = super::compile(verified);
    let found = serde_json::to_value(table.table()).unwrap_or_default();
    let wanted = serde_json::to_value(&expected).unwrap_or_default();
    let (Some(found), Some(wanted)) = (found.as_object(), wanted.as_object()) else { return Ok(()) };
    for (key, wanted) in wanted {
        if key != "digest" {
            beside(key, found.get(key).unwrap_or(&serde_json::Value::Null), wanted)?;
        }
    }
    same("digest", &table.table().digest, &expected.digest)
}

/// Descends to the first difference of two values.
fn beside(place: &str, found: &serde_json::Value, wanted: &serde_json::Value) -> Result<(), Difference> {
    use serde_json::Value as Json;
    match (found, wanted) {
        (Json::Object(a), Json::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().zip(b).try_for_each(|((key, a), (_, b))| beside(&format!("{place}.{key}"), a, b))
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.try_for_each(|(at, (a, b))| beside(&format!("{place}[{at}]"), a, b))
        }
        (a, b) if a == b => Ok(()),
        (a, b) => Err(Difference { place: place.to_owned(), table: a.to_string(), workspace: b.to_string() }),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(place: &str, table: &T, workspace: &T) -> Result<(), Difference> {
    if table == workspace {
        return Ok(());
    }
    let place = place.to_owned();
    Err(Difference { place, table: format!("{table:?}"), workspace: format!("{workspace:?}") })
}

/// Looks one context up and compares everything that a gateway would be told.
fn cell(
    table: &DecisionTable,
    world: &World,
    use_case: &UseCase,
    context: &Context,
) -> Result<(), Difference> {
    let request = shown(world, use_case, context);
    let Ok(decision) = reference::decide(world, use_case, context) else {
        let workspace = "nothing that is defined".to_owned();
        return Err(Difference { place: request, table: "a decision".to_owned(), workspace });
    };
    let context_shown = world.show_context(context);
    let facts: Vec<(&str, &str)> =
        context_shown.iter().skip(2).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let budget = number::exact(&context.budget);
    let found = table.decide(&Request {
        use_case: &use_case.name.value,
        classification: world.classifications.get(context.classification).map(String::as_str),
        budget_remaining: Some(&budget),
        facts: &facts,
    });
    let at = |part: &str| format!("`{part}` of {request}");
    let targets: Vec<String> = found.targets().iter().map(|target| found_target(&target)).collect();
    let wanted = decision.targets.iter().filter_map(|target| {
        let model = world.models.get(target.model)?;
        let regions = show::regions(world, use_case, model);
        Some(describe(
            &model.id,
            &show::multiplier(&target.multiplier),
            &super::parts::actions(target),
            regions.as_deref(),
        ))
    });
    same(&at("targets"), &targets, &wanted.collect())?;
    let rules: Vec<&String> = found.rules().iter().collect();
    let wanted =
        decision.rules.iter().filter_map(|id| world.rules.get(*id)).map(|rule| &rule.name.value).collect();
    same(&at("rules"), &rules, &wanted)?;
    let failover = decision.failover.and_then(|id| world.failovers.get(id)).map(super::parts::failover);
    same(&at("failover"), &found.failover(), &failover.as_ref())?;
    let budgets: Vec<&String> = found.budgets().map(|budget| &budget.name).collect();
    let wanted =
        decision.budgets.iter().filter_map(|id| world.budgets.get(*id)).map(|b| &b.name.value).collect();
    same(&at("budgets"), &budgets, &wanted)?;
    let quotas: Vec<&String> = found.quotas().map(|quota| &quota.name).collect();
    let wanted =
        decision.quotas.iter().filter_map(|id| world.quotas.get(*id)).map(|q| &q.name.value).collect();
    same(&at("quotas"), &quotas, &wanted)?;
    same(&at("audit"), &found.audit(), &decision.audit.as_deref().map(super::parts::audit).as_ref())
}

fn found_target(target: &table::Target) -> String {
    describe(&target.model().id, target.cost_multiplier(), target.actions(), target.regions())
}

fn describe(id: &str, multiplier: &str, actions: &[format::Action], regions: Option<&[String]>) -> String {
    format!("{id} x{multiplier} {actions:?} {regions:?}")
}

fn shown(world: &World, use_case: &UseCase, context: &Context) -> String {
    let context: Vec<String> =
        world.show_context(context).into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!("`{}` with {}", use_case.name.value, context.join(", "))
}
