//! `when` and `for`: what is left of them for one use case, and where that is true.

use std::collections::HashSet;

use fixedbitset::FixedBitSet;

use super::atom::{self, AtomId, Atoms, Shape};
use super::concern;
use super::scalar::Bindings;
use super::space::{Classes, Space, Split};
use super::tri::Tri;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::expr::{Node, Term};
use crate::model::{Axis, Expr, UseCase, World};
use crate::model::{Id, names::Symbol};
use crate::work;

/// The contexts in which a condition is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// In no context.
    Never,
    /// In every context.
    Always,
    /// These, by position in [`Space::contexts`].
    In(FixedBitSet),
}

impl Held {
    /// Whether it is true in a context.
    pub fn at(&self, context: usize) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::In(contexts) => contexts.contains(context),
        }
    }

    /// Whether it is true in some context.
    pub fn somewhere(&self) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::In(contexts) => !contexts.is_clear(),
        }
    }
}

/// A condition, taken apart by what it depends on.
#[derive(Debug)]
pub(super) enum Condition<'w> {
    /// The statement has no `when`.
    Always,
    /// A written one.
    When(Part<'w>),
}

/// A part of a condition.
#[derive(Debug)]
pub(super) enum Part<'w> {
    /// Depends on the use case alone.
    UseCase(&'w Node),
    /// Whether the use case states one of some names.
    Named(RequestAttribute, HashSet<Symbol>),
    /// Depends on one axis alone: known before any use case is.
    Atom(AtomId),
    /// Compares one axis with the use case.
    Own(Axis, &'w Node),
    /// Compares several axes.
    Each(Vec<Axis>, &'w Node),
    All(Vec<Part<'w>>),
    Any(Vec<Part<'w>>),
    Not(Box<Part<'w>>),
}

/// What is left of a condition for one use case.
#[derive(Debug)]
pub(super) enum Residual<'c> {
    /// The same in every context; none is unknown.
    Same(Option<bool>),
    Atom(AtomId),
    /// The positions of an axis of which it is true.
    Own(Axis, FixedBitSet),
    Each(&'c [Axis], &'c Node),
    All(Vec<Residual<'c>>),
    Any(Vec<Residual<'c>>),
    Not(Box<Residual<'c>>),
}

/// The attributes that a node reads.
pub(super) fn reads(node: &Node) -> Vec<Attribute> {
    let mut found = Vec::new();
    let term = |term: &Term, found: &mut Vec<Attribute>| {
        if let Term::Attribute(attribute) = term {
            found.push(*attribute);
        }
    };
    node.walk(&mut |node| match node {
        Node::Is(attribute) => found.push(*attribute),
        Node::Compare(left, _, right) => {
            term(left, &mut found);
            term(right, &mut found);
        }
        Node::In(left, items) | Node::Within(left, items) => {
            term(left, &mut found);
            for item in items.iter() {
                term(item, &mut found);
            }
        }
        Node::Has(set, element) => {
            found.push(*set);
            term(element, &mut found);
        }
        Node::Covers(outer, inner) => found.extend([*outer, *inner]),
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) => {}
    });
    found
}

impl<'w> Condition<'w> {
    pub(super) fn new(atoms: &mut Atoms, when: Option<&'w Expr>) -> Self {
        when.map_or(Self::Always, |expr| Self::When(part(atoms, &expr.root)))
    }

    /// What is left of it for a use case.
    pub(super) fn residual(&self, world: &World, atoms: &Atoms, use_case: &UseCase) -> Residual<'_> {
        match self {
            Self::Always => Residual::Same(Some(true)),
            Self::When(part) => part.residual(world, atoms, use_case),
        }
    }
}

fn part<'w>(atoms: &mut Atoms, node: &'w Node) -> Part<'w> {
    match (Shape::of(node), node) {
        (Shape::Fixed, Node::In(..)) => match concern::names(node) {
            Some((attribute, names)) => Part::Named(attribute, names.into_iter().collect()),
            None => Part::UseCase(node),
        },
        (Shape::Fixed, Node::And(nodes)) => Part::All(nodes.iter().map(|node| part(atoms, node)).collect()),
        (Shape::Fixed, Node::Or(nodes)) => Part::Any(nodes.iter().map(|node| part(atoms, node)).collect()),
        (Shape::Fixed, _) => Part::UseCase(node),
        (Shape::Atom(axis), _) => Part::Atom(atoms.add(axis, node)),
        (_, Node::And(nodes)) => Part::All(nodes.iter().map(|node| part(atoms, node)).collect()),
        (_, Node::Or(nodes)) => Part::Any(nodes.iter().map(|node| part(atoms, node)).collect()),
        (_, Node::Not(inner)) => Part::Not(Box::new(part(atoms, inner))),
        (Shape::Own(axis), _) => Part::Own(axis, node),
        (Shape::Mixed(axes), _) => Part::Each(axes, node),
    }
}

impl Part<'_> {
    fn residual(&self, world: &World, atoms: &Atoms, use_case: &UseCase) -> Residual<'_> {
        work::step();
        let usual = |axis: &Axis, truth: &FixedBitSet| match axis {
            // Of a budget that does not cover the use case everything remains.
            Axis::Share(budget) if use_case.shares.binary_search(budget).is_err() => {
                Some(truth.contains(world.bands_of(*axis).len().saturating_sub(1)))
            }
            _ => None,
        };
        match self {
            Self::UseCase(node) => Residual::Same(Bindings::of(world, use_case).truth(node)),
            Self::Named(attribute, names) => {
                let name = concern::name_of(world, use_case, *attribute);
                Residual::Same(name.map(|name| names.contains(&name)))
            }
            Self::Atom(id) => match usual(&atoms.of(*id).axis, &atoms.of(*id).truth) {
                Some(value) => Residual::Same(Some(value)),
                None => Residual::Atom(*id),
            },
            Self::Own(axis, node) => {
                let truth = atom::own(world, use_case, *axis, node);
                usual(axis, &truth).map_or(Residual::Own(*axis, truth), |value| Residual::Same(Some(value)))
            }
            Self::Each(axes, node) => Residual::Each(axes, node),
            Self::Not(inner) => match inner.residual(world, atoms, use_case) {
                Residual::Same(value) => Residual::Same(value.map(|value| !value)),
                inner => Residual::Not(Box::new(inner)),
            },
            Self::All(parts) => joined(parts, false, world, atoms, use_case),
            Self::Any(parts) => joined(parts, true, world, atoms, use_case),
        }
    }
}

/// `and` (where false decides) or `or` (where true does).
fn joined<'c>(
    parts: &'c [Part],
    decisive: bool,
    world: &World,
    atoms: &Atoms,
    use_case: &UseCase,
) -> Residual<'c> {
    let mut left = Vec::new();
    for part in parts {
        match part.residual(world, atoms, use_case) {
            Residual::Same(Some(value)) if value == decisive => return Residual::Same(Some(decisive)),
            Residual::Same(Some(_)) => {}
            part => left.push(part),
        }
    }
    match left.len() {
        0 => Residual::Same(Some(!decisive)),
        1 => left.pop().unwrap_or(Residual::Same(None)),
        _ if decisive => Residual::Any(left),
        _ => Residual::All(left),
    }
}

/// The axes of a use case on their way into classes.
pub(super) struct Splits<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    axes: Vec<(Axis, Split)>,
}

impl<'a> Splits<'a> {
    pub(super) fn new(world: &'a World, use_case: &'a UseCase) -> Self {
        let axes = world.axes(use_case);
        let axes = axes.map(|axis| (axis, Split::new(world.positions(use_case, axis))));
        Self { world, use_case, axes: axes.collect() }
    }

    /// The classes of each axis.
    pub(super) fn finish(&self) -> Vec<Classes> {
        let usual = self.world.baseline(self.use_case);
        let position = |axis| self.world.position(self.use_case, &usual, axis).unwrap_or(0);
        self.axes.iter().map(|(axis, split)| split.finish(*axis, position(*axis))).collect()
    }

    /// The split of an axis, if the use case has it.
    pub(super) fn of(&mut self, axis: Axis) -> Option<&mut Split> {
        let at = self.axes.binary_search_by_key(&axis, |(known, _)| *known).ok()?;
        self.axes.get_mut(at).map(|(_, split)| split)
    }

    /// Tells apart where an atom is true.
    pub(super) fn by(&mut self, axis: Axis, truth: &FixedBitSet) {
        let own = self.use_case.classification;
        let above_own = self.world.classifications.rest(own).len();
        let Some(split) = self.of(axis) else { return };
        if axis == Axis::Classification {
            let mut above = FixedBitSet::with_capacity(above_own);
            above.extend(truth.ones().filter_map(|level| Id::new(level).places_after(own)));
            split.by(&above);
        } else {
            split.by(truth);
        }
    }
}

impl Residual<'_> {
    /// Whether it is not the same falsehood in every context.
    pub(super) fn may_hold(&self) -> bool {
        !matches!(self, Self::Same(Some(false) | None))
    }

    /// Whether it reads an axis.
    pub(super) fn reads(&self, atoms: &Atoms, axis: Axis) -> bool {
        match self {
            Self::Same(_) => false,
            Self::Atom(id) => atoms.of(*id).axis == axis,
            Self::Own(own, _) => *own == axis,
            Self::Each(axes, _) => axes.contains(&axis),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.reads(atoms, axis)),
            Self::Not(inner) => inner.reads(atoms, axis),
        }
    }

    /// Tells apart the positions that it does not read alike.
    pub(super) fn split(&self, atoms: &Atoms, splits: &mut Splits) {
        match self {
            Self::Same(_) => {}
            Self::Atom(id) => splits.by(atoms.of(*id).axis, &atoms.of(*id).truth),
            Self::Own(axis, truth) => splits.by(*axis, truth),
            Self::Each(axes, _) => axes.iter().for_each(|axis| {
                if let Some(split) = splits.of(*axis) {
                    split.whole();
                }
            }),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.split(atoms, splits)),
            Self::Not(inner) => inner.split(atoms, splits),
        }
    }

    /// Where it is true.
    pub(super) fn held(&self, world: &World, atoms: &Atoms, space: &Space, use_case: &UseCase) -> Held {
        if let Self::Same(value) = self {
            return if *value == Some(true) { Held::Always } else { Held::Never };
        }
        let yes = self.tri(world, atoms, space, use_case).yes;
        match yes.count_ones(..) {
            0 => Held::Never,
            all if all == space.contexts.len() => Held::Always,
            _ => Held::In(yes),
        }
    }

    fn tri(&self, world: &World, atoms: &Atoms, space: &Space, use_case: &UseCase) -> Tri {
        let all = space.contexts.len();
        let along = |axis: Axis, truth: &FixedBitSet| {
            let own = if axis == Axis::Classification { use_case.classification.position() } else { 0 };
            Tri::of(space.spread(axis, |position| truth.contains(position.saturating_add(own))), all)
        };
        let tri = |part: &Residual| part.tri(world, atoms, space, use_case);
        match self {
            Self::Same(value) => Tri::same(all, *value),
            Self::Atom(id) => along(atoms.of(*id).axis, &atoms.of(*id).truth),
            Self::Own(axis, truth) => along(*axis, truth),
            Self::Each(_, node) => {
                let request = Bindings::of(world, use_case);
                Tri::each(all, |at| Bindings { context: space.contexts.get(at), ..request }.truth(node))
            }
            Self::Not(inner) => tri(inner).not(),
            Self::All(parts) => parts.iter().fold(Tri::same(all, Some(true)), |mut tri_of, part| {
                tri_of.and(&tri(part));
                tri_of
            }),
            Self::Any(parts) => parts.iter().fold(Tri::same(all, Some(false)), |mut tri_of, part| {
                tri_of.or(&tri(part));
                tri_of
            }),
        }
    }
}
