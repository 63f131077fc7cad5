//! What moved thresholds of remaining budgets leave of an earlier world's contexts: a use case that no changed statement
//! concerns tells apart what it told apart, and its contexts show other shares.
//!
//! A threshold that both worlds have is a boundary in both. Whatever has not changed is cut by such boundaries alone, so it
//! reads all bands between two of them alike:
//!
//! ```text
//! before:  0 ----- 10 ---------- 25 ------ 100
//! after:   0 -- 9 -------------- 25 ------ 100     between 0 and 25 all is read alike by what has not changed
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::decide::engine::{Classes, Engine, Space};
use crate::model::context::Band;
use crate::model::expr::{Node, Term, Value};
use crate::model::{Axis, Expr, PreferKind, UseCase, World};

/// How the bands of a later world lie beside those of an earlier one.
#[derive(Debug, Default)]
pub(super) struct Recut {
    /// Per axis that is cut otherwise, per band one of the earlier bands that unchanged statements read alike.
    axes: BTreeMap<Axis, Vec<usize>>,
}

/// Spaces of before, by their places in memory, each with the one that stands in its place.
pub(super) type Respaced = HashMap<*const Space, (Arc<Space>, Arc<Space>)>;

impl Recut {
    /// Compares the bands of two worlds; none where that does not say how something unchanged reads them.
    pub(super) fn between(old: &World, new: &World) -> Option<Self> {
        let budgets = |world: &World| world.shares.iter().map(|share| share.budget).collect::<Vec<_>>();
        if budgets(old) != budgets(new) {
            return None;
        }
        let axes = new.shares.iter().map(|share| Axis::Share(share.budget));
        let axes = [Axis::Budget].into_iter().chain(axes);
        let axes = axes.filter(|axis| old.bands_of(*axis) != new.bands_of(*axis));
        let axes: BTreeMap<Axis, Vec<usize>> =
            axes.map(|axis| (axis, beside(old.bands_of(axis), new.bands_of(axis)))).collect();
        (axes.is_empty() || reads_by_percent(new)).then_some(Self { axes })
    }

    /// Whether every axis is cut as it was.
    pub(super) fn is_none(&self) -> bool {
        self.axes.is_empty()
    }

    /// The contexts of a use case that no changed statement concerns, with what they show now; held as those are that are
    /// made anew, so that the same ones are seen to be the same.
    pub(super) fn space(
        &self,
        engine: &Engine,
        use_case: &UseCase,
        old: &Arc<Space>,
        known: &mut Respaced,
    ) -> Arc<Space> {
        let respaced = || {
            if self.axes.is_empty() {
                return engine.adopt(use_case, old);
            }
            let usual = engine.world().baseline(use_case);
            let usual = |axis| engine.world().position(use_case, &usual, axis);
            let classes = old.axes.iter().map(|classes| self.classes(classes, usual(classes.axis)));
            engine.spaced(use_case, classes.collect())
        };
        let (_, now) = known.entry(Arc::as_ptr(old)).or_insert_with(|| (Arc::clone(old), respaced()));
        Arc::clone(now)
    }

    /// The classes of an axis by its bands as they are now: as many, in the same order.
    fn classes(&self, old: &Classes, usual: Option<usize>) -> Classes {
        let Some(beside) = self.axes.get(&old.axis) else { return old.clone() };
        let of: Vec<u32> = beside.iter().filter_map(|at| old.of.get(*at).copied()).collect();
        let mut sizes = vec![0u64; old.shown.len()];
        let mut shown: Vec<usize> = vec![0; old.shown.len()];
        for (at, class) in of.iter().enumerate().rev() {
            let slots = (sizes.get_mut(*class as usize), shown.get_mut(*class as usize));
            if let (Some(size), Some(first)) = slots {
                *size += 1;
                *first = at;
            }
        }
        let own = usual.and_then(|usual| Some((usual, *of.get(usual)?)));
        if let Some((usual, class)) = own
            && let Some(slot) = shown.get_mut(class as usize)
        {
            *slot = usual;
        }
        Classes { axis: old.axis, of, shown, sizes }
    }
}

/// Per new band an old one between the same boundaries of those that both have.
fn beside(old: &[Band], new: &[Band]) -> Vec<usize> {
    let cut = |band: &Band| (band.high.clone(), band.high_in);
    let both: BTreeSet<_> = old.iter().map(cut).collect();
    let both: BTreeSet<_> = new.iter().map(cut).filter(|cut| both.contains(cut)).collect();
    let mut at = 0;
    let mut beside = Vec::with_capacity(new.len());
    for band in new {
        beside.push(at);
        if both.contains(&cut(band)) {
            let rest = old.iter().enumerate().skip(at);
            at = rest.skip_while(|(_, old)| cut(old) != cut(band)).map(|(at, _)| at + 1).next().unwrap_or(at);
        }
    }
    beside
}

/// Whether everything that reads what remains of budgets compares it with written percents, which cut it.
fn reads_by_percent(world: &World) -> bool {
    let mut all: Vec<&Expr> = Vec::new();
    for rule in &world.rules {
        all.extend(rule.when.as_ref());
        all.extend(rule.promises.iter().map(|promise| &promise.expr));
        all.extend(rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
            PreferKind::Where(expr) => Some(expr),
            _ => None,
        }));
    }
    all.extend(world.failovers.iter().filter_map(|failover| failover.when.as_ref()));
    all.extend(world.budgets.iter().filter_map(|budget| budget.when.as_ref()));
    all.extend(world.quotas.iter().filter_map(|quota| quota.when.as_ref()));
    all.extend(world.audits.iter().filter_map(|audit| audit.when.as_ref()));
    for guarantee in &world.guarantees {
        all.extend(guarantee.premise.as_ref());
        all.extend(guarantee.parts.iter().map(|part| &part.expr));
    }
    all.into_iter().all(|expr| {
        let mut is_so = true;
        expr.root.walk(&mut |node| is_so &= by_percent(node));
        is_so
    })
}

/// The same of one node, whatever stands below it.
fn by_percent(node: &Node) -> bool {
    let remains = |term: &Term| match term {
        Term::Attribute(attribute) => matches!(attribute.axis(), Some(Axis::Budget | Axis::Share(_))),
        Term::Value(_) => false,
    };
    let percent = |term: &Term| matches!(term, Term::Value(Value::Number(_)));
    match node {
        Node::Compare(left, _, right) => match (remains(left), remains(right)) {
            (false, false) => true,
            (true, false) => percent(right),
            (false, true) => percent(left),
            (true, true) => false,
        },
        Node::In(term, items) => !remains(term) || items.iter().all(percent),
        Node::Within(term, items) => !remains(term) && !items.iter().any(remains),
        Node::Has(_, term) => !remains(term),
        // These speak of sets and truths, which shares are not.
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Is(_) | Node::Covers(..) => true,
    }
}
