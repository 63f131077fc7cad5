//! Whether two worlds decide alike for a use case: in every context that either of them tells apart, and by names, since
//! the same statement may have another number in each.
//!
//! ```text
//! share:   old cuts below 20%         0 ───┼──────────── 100
//!          new cuts below 50%         0 ───────┼──────── 100
//!          tried together             0 ───┼───┼──────── 100   three steps, each with its class on both sides
//! ```

pub mod renamed;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::engine::{Classes, Decisions};
use super::{Audit, Decision, Target, show};
use crate::limits::MAX_COMPARED_CONTEXTS;
use crate::model::trigger::Triggers;
use crate::model::{Axis, Band, ModelId, Terminal, UseCase, World};
use crate::number::{Rational, whole};
use crate::table::{following, strides};
use renamed::Renaming;

/// A use case in one of two worlds.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What its ids and names are of.
    pub world: &'a World,
    /// The use case in it.
    pub use_case: &'a UseCase,
    /// Its decisions there.
    pub decisions: &'a Decisions,
}

impl Side<'_> {
    /// Whether both are of one world, and their contexts the same ones.
    fn is_in_space_of(&self, other: Self) -> bool {
        std::ptr::eq(self.world, other.world) && Arc::ptr_eq(&self.decisions.space, &other.decisions.space)
    }
}

/// Whether some decision of the use case is another in outcome, primary, targets with regions, multipliers and actions,
/// terminal, statement or obligations; the list of rules does not count. More contexts than are compared count as one
/// that differs.
pub fn differ(old: Side, new: Side) -> bool {
    !all_pairs(old, new, None, |a, b| alike(old, a, new, b))
}

/// Whether two decisions of one world are alike in the same.
pub fn are_alike(world: &World, a: &Decision, b: &Decision) -> bool {
    same(a, b) || Face::of(world, a) == Face::of(world, b)
}

/// The models that some request newly reaches, as primary or target, where it did not before. Of more contexts than are
/// compared nothing is said.
pub fn newly_reached(old: Side, new: Side) -> BTreeSet<ModelId> {
    let mut reached = BTreeSet::new();
    all_pairs(old, new, None, |a, b| {
        let of = |side: Side, at: u32| match side.decisions.distinct.get(at as usize) {
            Some(Ok(decision)) => decision.reaches(),
            Some(Err(_)) | None => Vec::new(),
        };
        let before = of(old, a);
        reached.extend(of(new, b).into_iter().filter(|model| !before.contains(model)));
        true
    });
    reached
}

/// Whether some request that a model served finds none; none where there are more contexts than are compared.
pub fn stops(old: Side, new: Side) -> Option<bool> {
    if old.is_in_space_of(new) {
        if old.decisions.cells.len() > MAX_COMPARED_CONTEXTS {
            return None;
        }
    } else if product(&steps(old, new, None)) > MAX_COMPARED_CONTEXTS {
        return None;
    }
    let is_served = |side: Side, at: u32| {
        let decision = side.decisions.distinct.get(at as usize);
        decision.is_some_and(|decision| decision.as_ref().is_ok_and(|decision| decision.primary.is_some()))
    };
    let mut stops = false;
    all_pairs(old, new, None, |a, b| {
        stops = is_served(old, a) && !is_served(new, b);
        !stops
    });
    Some(stops)
}

/// Whether every request is tried on the same models, in the same order and on the same triggers; false where there are
/// more contexts than are compared.
pub fn routed_alike(old: Side, new: Side) -> bool {
    let route = |side: Side<'_>, at: u32| {
        let decision = side.decisions.distinct.get(at as usize)?.as_ref().ok()?;
        let paths = decision.paths.iter().map(|path| (path.on, path.models().collect::<Vec<_>>()));
        Some((decision.primary, paths.collect::<Vec<_>>()))
    };
    all_pairs(old, new, None, |a, b| route(old, a) == route(new, b))
}

/// Whether something is true of each pair of decisions that some request has on both sides, by their numbers; false where
/// there are more contexts than are compared.
fn all_pairs(
    old: Side,
    new: Side,
    renaming: Option<&Renaming>,
    mut holds: impl FnMut(u32, u32) -> bool,
) -> bool {
    if old.is_in_space_of(new) {
        let pairs = old.decisions.cells.iter().copied().zip(new.decisions.cells.iter().copied());
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        return old.decisions.cells.len() <= MAX_COMPARED_CONTEXTS
            && pairs.into_iter().all(|(a, b)| !seen.insert((a, b)) || holds(a, b));
    }
    let steps = steps(old, new, renaming);
    if product(&steps) > MAX_COMPARED_CONTEXTS {
        return false;
    }
    let mut seen: HashSet<(u32, u32)> = HashSet::new();
    let mut at = vec![0usize; steps.len()];
    loop {
        let here = steps.iter().zip(&at).filter_map(|(steps, at)| steps.get(*at));
        let (a, b) = here.fold((0, 0), |(a, b), step| (a + step.0, b + step.1));
        let (Some(&a), Some(&b)) = (old.decisions.cells.get(a), new.decisions.cells.get(b)) else {
            return false;
        };
        if seen.insert((a, b)) && !holds(a, b) {
            return false;
        }
        if !following(&mut at, steps.iter().map(Vec::len)) {
            return true;
        }
    }
}

/// How many contexts steps lead to.
fn product(steps: &[Vec<Step>]) -> usize {
    steps.iter().fold(1, |n, steps| n.saturating_mul(steps.len()))
}

/// How far a position of an axis leads among the contexts of each side.
type Step = (usize, usize);

/// Per axis of either side its steps, those that lead to the same contexts once.
fn steps(old: Side, new: Side, renaming: Option<&Renaming>) -> Vec<Vec<Step>> {
    let (a, b) = (old.axes(renaming), new.axes(None));
    let mut names: Vec<&String> = a.iter().chain(&b).map(|axis| &axis.name).collect();
    names.sort();
    names.dedup();
    let of = |name: &String| {
        let find = |axes: &'_ [Strided<'_>]| axes.iter().position(|axis| axis.name == *name);
        let (a, b) = (find(&a).and_then(|at| a.get(at)), find(&b).and_then(|at| b.get(at)));
        let bands = |axis: Option<&Strided>| axis.map_or(0, |axis| axis.bands.len());
        let steps: BTreeSet<Step> = if bands(a) + bands(b) > 0 {
            let shares = shares([a, b].into_iter().flatten().flat_map(|axis| axis.bands));
            let of = |axis: Option<&Strided>, share| axis.map_or(0, |axis| axis.at_share(share));
            shares.iter().map(|share| (of(a, share), of(b, share))).collect()
        } else {
            let positions = [a, b].into_iter().flatten().map(|axis| axis.classes.of.len()).max().unwrap_or(1);
            let of = |axis: Option<&Strided>, at| axis.map_or(0, |axis| axis.at(at));
            let there =
                |at| renaming.zip(a).map_or(at, |(renaming, axis)| renaming.position(axis.axis(), at));
            (0..positions).map(|at| (of(a, at), of(b, there(at)))).collect()
        };
        steps.into_iter().collect()
    };
    names.into_iter().map(of).collect()
}

/// Shares of which at least one lies in every stretch that the bands make together: their ends and what lies between.
fn shares<'a>(bands: impl Iterator<Item = &'a Band>) -> Vec<Rational> {
    let ends: BTreeSet<&Rational> = bands.flat_map(|band| [&band.low, &band.high]).collect();
    let ends: Vec<&Rational> = ends.into_iter().collect();
    let between = ends.iter().zip(ends.iter().skip(1)).map(|(low, high)| (*low + *high) / whole(2));
    between.chain(ends.iter().map(|end| (*end).clone())).collect()
}

/// An axis, and how many contexts one class of it spans.
struct Strided<'a> {
    name: String,
    classes: &'a Classes,
    bands: &'a [Band],
    stride: usize,
}

impl Strided<'_> {
    fn axis(&self) -> Axis {
        self.classes.axis
    }

    fn at(&self, position: usize) -> usize {
        self.classes.of.get(position).map_or(0, |class| (*class as usize).saturating_mul(self.stride))
    }

    fn at_share(&self, share: &Rational) -> usize {
        self.bands.iter().position(|band| band.holds(share)).map_or(0, |position| self.at(position))
    }
}

impl<'a> Side<'a> {
    fn axes(&self, renaming: Option<&Renaming>) -> Vec<Strided<'a>> {
        let all = strides(&self.decisions.space.axes, |classes| classes.shown.len());
        let axes = all.map(|(classes, stride)| {
            let bands = match classes.axis {
                Axis::Budget | Axis::Share(_) => self.world.bands_of(classes.axis),
                Axis::Classification | Axis::Fact(_) => &[],
            };
            let name = || self.world.axis_name(classes.axis);
            let name = renaming.map_or_else(name, |renaming| renaming.axis(classes.axis));
            Strided { name, classes, bands, stride }
        });
        axes.collect()
    }
}

impl<'a> Face<'a> {
    fn of(world: &'a World, decision: &'a Decision) -> Self {
        let regions = |id: ModelId| show::regions(world, decision, &world.models[id]);
        let paths = decision.paths.iter().map(|path| {
            let failover = &world.failovers[path.failover];
            FacePath {
                on: path.on,
                statement: &failover.name.value,
                then: &failover.then,
                again: (failover.retry, failover.cooldown.as_ref()),
                told: (failover.log_as.as_deref(), &failover.notify),
                targets: path.targets.iter().map(|target| (target, regions(target.model))).collect(),
            }
        });
        let budgets = decision.budgets.iter().map(|id| &world.budgets[*id]);
        let quotas = decision.quotas.iter().map(|id| &world.quotas[*id]);
        Self {
            primary: decision.primary.map(|id| (id, regions(id))),
            paths: paths.collect(),
            budgets: budgets.map(|budget| budget.name.value.as_str()).collect(),
            quotas: quotas.map(|quota| quota.name.value.as_str()).collect(),
            audit: decision.audit.as_deref(),
        }
    }
}

/// What of a decision is compared.
#[derive(PartialEq)]
struct Face<'a> {
    primary: Option<(ModelId, Option<Vec<String>>)>,
    paths: Vec<FacePath<'a>>,
    budgets: Vec<&'a str>,
    quotas: Vec<&'a str>,
    audit: Option<&'a Audit>,
}

#[derive(PartialEq)]
struct FacePath<'a> {
    on: Triggers,
    statement: &'a str,
    then: &'a Terminal,
    again: (u64, Option<&'a Rational>),
    told: (Option<&'a str>, &'a [String]),
    targets: Vec<(&'a Target, Option<Vec<String>>)>,
}

/// Whether two decisions are alike; undefined ones are.
fn alike(old: Side, a: u32, new: Side, b: u32) -> bool {
    match (old.decisions.distinct.get(a as usize), new.decisions.distinct.get(b as usize)) {
        // What is the same by number is the same by name, in one world.
        (Some(Ok(a)), Some(Ok(b))) if std::ptr::eq(old.world, new.world) && same(a, b) => true,
        (Some(Ok(a)), Some(Ok(b))) => Face::of(old.world, a) == Face::of(new.world, b),
        (a, b) => a.is_some_and(Result::is_err) && b.is_some_and(Result::is_err),
    }
}

/// Whether two decisions are the same but for the rules that apply.
fn same(a: &Decision, b: &Decision) -> bool {
    a.primary == b.primary
        && (Arc::ptr_eq(&a.paths, &b.paths) || a.paths == b.paths)
        && (a.budgets == b.budgets && a.quotas == b.quotas)
        && (a.audit == b.audit && a.residency == b.residency)
}
