//! Decisions and the lists that they name: each distinct, each needed, with indices that lead somewhere.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::Hash;

use super::Checked;
use super::forms::{ascending, decimal, index, indices};
use crate::error::Refusal;
use crate::format::{Action, Decision, Model, Path, Table, Target};
use crate::hash::Seed;
use crate::place::Place;

const MULTIPLIER_DECIMALS: usize = 4;

/// Lists of targets up to this long are searched for a model that appears twice; longer ones are hashed.
const FEW: usize = 16;

pub(super) fn decisions(table: &Table) -> Checked {
    let top = Place::Table;
    let seed = Seed::of(&table.digest);
    lists(table, seed)?;
    let decisions = top.key("decisions");
    let long = table.target_lists.iter().enumerate().filter(|(_, list)| list.len() > FEW);
    let long = long.flat_map(|(at, list)| list.iter().map(move |target| (at, target.model))).collect();
    let mut needed = Needed { long, ..Needed::default() };
    for (at, decision) in table.decisions.iter().enumerate() {
        one(&decisions.item(at), table, decision, &mut needed)?;
    }
    distinct(&decisions, &table.decisions, seed, "an equal decision stands before it")?;
    needed.all(table)
}

/// What stands in the lists that decisions name by index.
fn lists(table: &Table, seed: Seed) -> Checked {
    let top = Place::Table;
    let rule_sets = top.key("rule_sets");
    for (at, rules) in table.rule_sets.iter().enumerate() {
        ascending(&rule_sets.item(at), rules)?;
    }
    distinct(&rule_sets, &table.rule_sets, seed, "an equal list stands before it")?;
    let target_lists = top.key("target_lists");
    for (at, list) in table.target_lists.iter().enumerate() {
        targets(&target_lists.item(at), list, &table.models)?;
    }
    distinct(&target_lists, &table.target_lists, seed, "an equal list stands before it")?;
    let audits = top.key("audits");
    for (at, audit) in table.audits.iter().enumerate() {
        let place = audits.item(at);
        ascending(&place.key("mask"), &audit.mask)?;
        ascending(&place.key("owners"), &audit.owners)?;
    }
    distinct(&audits, &table.audits, seed, "an equal duty stands before it")
}

/// None twice. The hash is seeded by the digest, so nobody can prepare items that collide.
pub(super) fn distinct<T: Eq + Hash>(place: &Place, items: &[T], seed: Seed, what: &str) -> Checked {
    let mut met = HashSet::with_capacity_and_hasher(items.len(), seed);
    match items.iter().position(|item| !met.insert(item)) {
        Some(at) => Err(place.item(at).fault(Refusal::Order, what)),
        None => Ok(()),
    }
}

fn targets(place: &Place, targets: &[Target], models: &[Model]) -> Checked {
    let mut many = HashSet::new();
    for (position, one) in targets.iter().enumerate() {
        let place = place.item(position);
        index(&place.key("model"), one.model, "models", models.len())?;
        let before = targets.get(..position).unwrap_or_default();
        let met = match targets.len() {
            ..=FEW => before.iter().any(|other| other.model == one.model),
            _ => !many.insert(one.model),
        };
        if met {
            return Err(place.key("model").fault(Refusal::Order, "the model is a target already"));
        }
        target(&place, one, models.get(one.model))?;
    }
    Ok(())
}

fn target(place: &Place, target: &Target, model: Option<&Model>) -> Checked {
    if target.cost_multiplier != "inf" {
        decimal(&place.key("cost_multiplier"), &target.cost_multiplier, MULTIPLIER_DECIMALS)?;
    }
    let order = |action: &Action| match action {
        Action::Notify { .. } => 0,
        Action::Throttle {} => 1,
        Action::Confirm {} => 2,
    };
    if !target.actions.iter().map(order).is_sorted_by(|a, b| a < b) {
        return Err(place
            .key("actions")
            .fault(Refusal::Order, "they stand in the order notify, throttle, confirm, each once"));
    }
    pinned(&place.key("regions"), target.regions.as_deref(), model)
}

/// The regions of a primary or a target.
fn pinned(place: &Place, regions: Option<&[String]>, model: Option<&Model>) -> Checked {
    let Some(regions) = regions else { return Ok(()) };
    ascending(place, regions)?;
    let served = model.and_then(|model| model.regions.as_deref()).unwrap_or_default();
    match regions.iter().position(|region| served.binary_search(region).is_err()) {
        Some(at) => Err(place.item(at).fault(Refusal::Index, "the model is not served there")),
        None if regions.is_empty() => {
            Err(place.fault(Refusal::Range, "there is none that it could be pinned to"))
        }
        None => Ok(()),
    }
}

fn one(place: &Place, table: &Table, decision: &Decision, needed: &mut Needed) -> Checked {
    match &decision.primary {
        Some(primary) => {
            let place = place.key("primary");
            index(&place.key("model"), primary.model, "models", table.models.len())?;
            pinned(&place.key("regions"), primary.regions.as_deref(), table.models.get(primary.model))?;
        }
        None if decision.paths.is_empty() => {}
        None => {
            return Err(place.key("paths").fault(Refusal::Range, "without a primary there is none"));
        }
    }
    paths(&place.key("paths"), table, decision, needed)?;
    index(&place.key("rules"), decision.rules, "rule_sets", table.rule_sets.len())?;
    first_need(&place.key("rules"), decision.rules, &mut needed.rule_sets, "rule_sets")?;
    indices(&place.key("budgets"), &decision.budgets, "budgets", table.budgets.len())?;
    indices(&place.key("quotas"), &decision.quotas, "quotas", table.quotas.len())?;
    if let Some(audit) = decision.audit {
        index(&place.key("audit"), audit, "audits", table.audits.len())?;
        first_need(&place.key("audit"), audit, &mut needed.audits, "audits")?;
    }
    Ok(())
}

fn paths(place: &Place, table: &Table, decision: &Decision, needed: &mut Needed) -> Checked {
    let mut seen: u32 = 0;
    let mut first = None;
    for (at, path) in decision.paths.iter().enumerate() {
        let place = place.item(at);
        triggers(&place.key("on"), path, &mut seen)?;
        if first >= path.on.first() {
            return Err(place.fault(Refusal::Order, "paths stand in the order of their first trigger"));
        }
        first = path.on.first();
        index(&place.key("failover"), path.failover, "failovers", table.failovers.len())?;
        index(&place.key("targets"), path.targets, "target_lists", table.target_lists.len())?;
        first_need(&place.key("targets"), path.targets, &mut needed.target_lists, "target_lists")?;
        let before = decision.paths.get(..at).unwrap_or_default();
        if before.iter().any(|other| (other.failover, other.targets) == (path.failover, path.targets)) {
            return Err(
                place.fault(Refusal::Order, "an equal path stands before it: they share their triggers")
            );
        }
        let primary = decision.primary.as_ref().map(|primary| primary.model);
        let targets = table.target_lists.get(path.targets).map(Vec::as_slice).unwrap_or_default();
        let among = match targets.len() {
            ..=FEW => targets.iter().any(|target| Some(target.model) == primary),
            _ => primary.is_some_and(|primary| needed.long.contains(&(path.targets, primary))),
        };
        if among {
            return Err(place.key("targets").fault(Refusal::Order, "the primary is among them"));
        }
    }
    Ok(())
}

/// At least one, in the order of the grammar, each on one path of the decision.
fn triggers(place: &Place, path: &Path, seen: &mut u32) -> Checked {
    if path.on.is_empty() {
        return Err(place.fault(Refusal::Range, "no trigger leads to it"));
    }
    let mut last = None;
    for (at, trigger) in path.on.iter().enumerate() {
        if last >= Some(trigger) {
            let what = format!("`{}` is out of order or appears twice", trigger.name());
            return Err(place.item(at).fault(Refusal::Order, what));
        }
        last = Some(trigger);
        let bit = 1 << (*trigger as u32);
        if *seen & bit != 0 {
            let what = format!("`{}` leads to another path too", trigger.name());
            return Err(place.item(at).fault(Refusal::Order, what));
        }
        *seen |= bit;
    }
    Ok(())
}

/// How many items of each list decisions have needed so far.
#[derive(Default)]
struct Needed {
    /// The models of long lists of targets, by list: looked for once a decision.
    long: HashSet<(usize, usize)>,
    rule_sets: usize,
    target_lists: usize,
    audits: usize,
}

impl Needed {
    /// Everything that stands in the table is needed.
    fn all(&self, table: &Table) -> Checked {
        left_over("rule_sets", self.rule_sets, table.rule_sets.len(), "decision")?;
        left_over("target_lists", self.target_lists, table.target_lists.len(), "decision")?;
        left_over("audits", self.audits, table.audits.len(), "decision")?;
        let paths = || table.decisions.iter().flat_map(|decision| &decision.paths);
        let primaries = table.decisions.iter().filter_map(|decision| decision.primary.as_ref());
        let models = primaries.map(|primary| primary.model);
        let targets = table.target_lists.iter().flatten().map(|target| target.model);
        unnamed("models", table.models.len(), models.chain(targets))?;
        unnamed("failovers", table.failovers.len(), paths().map(|path| path.failover))
    }
}

/// Items stand in the order in which they are first needed.
pub(super) fn first_need(place: &Place, item: usize, needed: &mut usize, part: &str) -> Checked {
    match item.cmp(needed) {
        Ordering::Less => {}
        Ordering::Equal => *needed += 1,
        Ordering::Greater => {
            let what = format!("it needs `{part}[{item}]` before anything needs `{part}[{needed}]`");
            return Err(place.fault(Refusal::Order, what));
        }
    }
    Ok(())
}

/// Nothing stands there that is not needed.
pub(super) fn left_over(part: &str, needed: usize, size: usize, by: &str) -> Checked {
    if needed < size {
        return Err(Place::Table.key(part).item(needed).fault(Refusal::Index, format!("no {by} needs it")));
    }
    Ok(())
}

fn unnamed(part: &str, size: usize, named: impl Iterator<Item = usize>) -> Checked {
    let mut left: Vec<bool> = vec![true; size];
    for at in named {
        if let Some(left) = left.get_mut(at) {
            *left = false;
        }
    }
    match left.iter().position(|left| *left) {
        Some(at) => Err(Place::Table.key(part).item(at).fault(Refusal::Index, "no decision names it")),
        None => Ok(()),
    }
}
