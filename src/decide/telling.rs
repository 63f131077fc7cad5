//! The contexts that a plain reading of the statements tells apart for a use case: what verification goes through.
//!
//! It shares nothing with the way in which the engine groups contexts, so that a mistake there is noticed: a statement
//! that can never apply to the use case is passed over, everything else that reads a fact tells all its values apart,
//! and every percent that is compared cuts its share.

use std::collections::{BTreeMap, BTreeSet};

use super::reference;
use crate::model::expr::{Node, Term, Value};
use crate::model::{Axis, Context, Expr, PreferKind, UseCase, World, context::following};
use crate::number::Rational;

/// Some positions of each axis, and for how many positions each of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    axes: Vec<(Axis, Vec<(usize, u64)>)>,
}

/// What is read of the context for one use case.
struct Reads<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    usual: Context,
    axes: BTreeSet<Axis>,
    percents: BTreeMap<Axis, BTreeSet<Rational>>,
}

impl Telling {
    /// The positions that have to be told apart for a use case.
    pub fn new(world: &World, use_case: &UseCase) -> Self {
        let usual = world.baseline(use_case);
        let mut reads = Reads { world, use_case, usual, axes: BTreeSet::new(), percents: BTreeMap::new() };
        reads.statements();
        let axes = world.axes(use_case).map(|axis| (axis, reads.positions(axis)));
        Self { axes: axes.collect() }
    }

    /// One context for each combination of positions, with how many contexts it stands for.
    pub fn contexts<'a>(
        &'a self,
        world: &'a World,
        use_case: &'a UseCase,
    ) -> impl Iterator<Item = (Context, u64)> + 'a {
        let mut next = Some(vec![0usize; self.axes.len()]);
        std::iter::from_fn(move || {
            let at = next.take()?;
            let (mut context, mut weight) = (world.baseline(use_case), 1u64);
            for ((axis, positions), at) in self.axes.iter().zip(&at) {
                let (position, count) = positions.get(*at).copied()?;
                world.move_to(use_case, &mut context, *axis, position);
                weight = weight.saturating_mul(count);
            }
            next = following(at, self.axes.iter().map(|(_, positions)| positions.len()));
            Some((context, weight))
        })
    }
}

impl Reads<'_> {
    fn statements(&mut self) {
        let world = self.world;
        for rule in &world.rules {
            if self.when(rule.when.as_ref()) {
                rule.promises.iter().for_each(|promise| self.node(&promise.expr.root));
                self.axes.extend(rule.placing_facts().map(Axis::Fact));
                for prefer in &rule.prefers {
                    if let PreferKind::Where(expr) = &prefer.kind {
                        self.node(&expr.root);
                    }
                }
            }
        }
        for guarantee in &world.guarantees {
            if self.when(guarantee.premise.as_ref()) {
                guarantee.parts.iter().for_each(|part| self.node(&part.expr.root));
            }
        }
        let others = world.failovers.iter().map(|failover| failover.when.as_ref());
        let others = others.chain(world.budgets.iter().map(|budget| budget.when.as_ref()));
        let others = others.chain(world.quotas.iter().map(|quota| quota.when.as_ref()));
        for when in others.chain(world.audits.iter().map(|audit| audit.when.as_ref())) {
            self.when(when);
        }
    }

    /// Reads a condition; whether it may be true in some context.
    fn when(&mut self, when: Option<&Expr>) -> bool {
        let Some(expr) = when else { return true };
        if self.is_never(&expr.root) {
            return false;
        }
        self.node(&expr.root);
        true
    }

    /// Whether the use case alone keeps a condition from ever being true.
    fn is_never(&self, node: &Node) -> bool {
        if !reads_context(node) {
            return reference::truth(self.world, self.use_case, &self.usual, node) != Some(true);
        }
        match node {
            Node::And(parts) => parts.iter().any(|part| self.is_never(part)),
            Node::Or(parts) => parts.iter().all(|part| self.is_never(part)),
            _ => false,
        }
    }

    fn node(&mut self, node: &Node) {
        let mut axes = BTreeSet::new();
        let mut percents = Vec::new();
        node.walk(&mut |node| {
            let read = axes_of(node);
            for term in values_of(node) {
                percents.extend(read.iter().map(|axis| (*axis, term.clone())));
            }
            axes.extend(read);
        });
        self.axes.extend(axes);
        for (axis, percent) in percents {
            self.percents.entry(axis).or_default().insert(percent);
        }
    }

    fn positions(&self, axis: Axis) -> Vec<(usize, u64)> {
        let all = self.world.positions(self.use_case, axis);
        let usual = self.world.position(self.use_case, &self.usual, axis).unwrap_or(0);
        match axis {
            // Ceilings are held against every classification.
            Axis::Classification => (0..all).map(|at| (at, 1)).collect(),
            Axis::Fact(_) if self.axes.contains(&axis) => (0..all).map(|at| (at, 1)).collect(),
            Axis::Fact(_) => vec![(usual, all as u64)],
            Axis::Budget | Axis::Share(_) => {
                let mut kept: Vec<(usize, u64)> = Vec::new();
                let percents = self.percents.get(&axis);
                let bands = self.world.bands_of(axis);
                for at in 0..bands.len() {
                    let before = at.checked_sub(1).and_then(|before| bands.get(before));
                    let is_cut = |high: &Rational| percents.is_some_and(|percents| percents.contains(high));
                    match kept.last_mut() {
                        Some((_, count)) if before.is_some_and(|band| !is_cut(&band.high)) => *count += 1,
                        _ => kept.push((at, 1)),
                    }
                }
                kept
            }
        }
    }
}

fn reads_context(node: &Node) -> bool {
    let mut reads = false;
    node.walk(&mut |node| reads |= !axes_of(node).is_empty());
    reads
}

/// The axes that a comparison reads itself, its parts aside.
fn axes_of(node: &Node) -> Vec<Axis> {
    let term = |term: &Term| match term {
        Term::Attribute(attribute) => attribute.axis(),
        Term::Value(_) => None,
    };
    match node {
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) => Vec::new(),
        Node::Is(attribute) => attribute.axis().into_iter().collect(),
        Node::Compare(left, _, right) => [left, right].into_iter().filter_map(term).collect(),
        Node::In(left, items) | Node::Within(left, items) => {
            [left].into_iter().chain(items.iter()).filter_map(term).collect()
        }
        Node::Has(set, element) => set.axis().into_iter().chain(term(element)).collect(),
        Node::Covers(outer, inner) => [outer, inner].into_iter().filter_map(|one| one.axis()).collect(),
    }
}

/// The numbers that a comparison compares with.
fn values_of(node: &Node) -> Vec<Rational> {
    let number = |term: &Term| match term {
        Term::Value(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    match node {
        Node::Compare(left, _, right) => [left, right].into_iter().filter_map(number).collect(),
        Node::In(_, items) => items.iter().filter_map(number).collect(),
        _ => Vec::new(),
    }
}
