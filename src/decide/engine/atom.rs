//! The smallest parts of conditions that read the context: each one axis, and nothing of the use case.
//!
//! What such a part says of each position of its axis is worked out once for the whole workspace; equal parts of many
//! statements are one.

use std::collections::{BTreeSet, HashMap};

use fixedbitset::FixedBitSet;

use super::condition::reads;
use super::scalar::{Bindings, accepts};
use crate::model::attribute::Subject;
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::Symbol;
use crate::model::{Axis, Band, Context, FactId, Id, Table, UseCase, World};
use crate::number::{Rational, whole};
use crate::work;

/// Index of an atom.
pub(super) type AtomId = Id<Atom>;

/// A part of a condition that reads one axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Atom {
    pub(super) axis: Axis,
    /// The positions of which it is true; of classifications, the levels.
    pub(super) truth: FixedBitSet,
}

/// All atoms of a world.
#[derive(Debug)]
pub(super) struct Atoms<'w> {
    world: &'w World,
    list: Table<Atom>,
    known: HashMap<Atom, AtomId>,
    along: HashMap<Axis, Vec<Context>>,
    /// Per fact, where each value stands.
    positions: HashMap<FactId, HashMap<Symbol, usize>>,
}

/// How an expression over a candidate reads the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    /// Through an atom.
    Atom(AtomId),
    /// Beside something of the use case or the model: any two positions may differ.
    Whole(Axis),
}

/// What a node depends on.
pub(super) enum Shape {
    /// Nothing of the context.
    Fixed,
    /// One axis and written values.
    Atom(Axis),
    /// One axis and the use case.
    Own(Axis),
    /// More than that.
    Mixed(Vec<Axis>),
}

impl Shape {
    pub(super) fn of(node: &Node) -> Self {
        let reads = reads(node);
        let axes: BTreeSet<Axis> = reads.iter().filter_map(|attribute| attribute.axis()).collect();
        let others = || reads.iter().filter(|attribute| attribute.axis().is_none());
        match axes.first() {
            None => Self::Fixed,
            Some(axis) if axes.len() == 1 && others().next().is_none() => Self::Atom(*axis),
            Some(axis) if axes.len() == 1 && others().all(|read| read.subject() == Subject::Request) => {
                Self::Own(*axis)
            }
            Some(_) => Self::Mixed(axes.into_iter().collect()),
        }
    }
}

impl<'w> Atoms<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self {
            world,
            list: Table::default(),
            known: HashMap::new(),
            along: HashMap::new(),
            positions: HashMap::new(),
        }
    }

    pub(super) fn of(&self, id: AtomId) -> &Atom {
        &self.list[id]
    }

    /// The atom of a node that reads one axis and nothing else.
    pub(super) fn add(&mut self, axis: Axis, node: &Node) -> AtomId {
        let truth = self.truth(axis, node);
        let atom = Atom { axis, truth };
        if let Some(id) = self.known.get(&atom) {
            return *id;
        }
        let id = self.list.push(atom.clone());
        self.known.insert(atom, id);
        id
    }

    /// How an expression over a candidate, or over the chain, reads the context.
    pub(super) fn readings(&mut self, node: &Node) -> Vec<Reading> {
        let mut found = Vec::new();
        self.read(node, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn read(&mut self, node: &Node, found: &mut Vec<Reading>) {
        match (Shape::of(node), node) {
            (Shape::Fixed, _) => {}
            (Shape::Atom(axis), _) => found.push(Reading::Atom(self.add(axis, node))),
            (_, Node::And(parts) | Node::Or(parts)) => parts.iter().for_each(|part| self.read(part, found)),
            (_, Node::Not(part)) => self.read(part, found),
            (Shape::Own(axis), _) => found.push(Reading::Whole(axis)),
            (Shape::Mixed(axes), _) => found.extend(axes.into_iter().map(Reading::Whole)),
        }
    }

    /// The positions of which a node is true: of `or`, `and` and `not` each part is looked at once, however many positions
    /// there are.
    fn truth(&mut self, axis: Axis, node: &Node) -> FixedBitSet {
        match node {
            Node::Or(parts) => self.decided(axis, parts, false),
            Node::And(parts) => {
                let mut truth = self.decided(axis, parts, true);
                truth.toggle_range(..);
                truth
            }
            Node::Not(part) => {
                let mut truth = self.truth(axis, part);
                truth.toggle_range(..);
                truth
            }
            _ => self.alone(axis, node),
        }
    }

    /// Where one of several parts decides: where one is true, or of `and` where one is false.
    fn decided(&mut self, axis: Axis, parts: &[Node], is_and: bool) -> FixedBitSet {
        let mut decided = FixedBitSet::new();
        if let Axis::Fact(fact) = axis {
            decided.grow(self.world.facts[fact].values.len());
        }
        for part in parts {
            work::step();
            if let Some(at) = self.single(axis, part, is_and) {
                decided.extend(at);
                continue;
            }
            let mut truth = self.truth(axis, part);
            if is_and {
                truth.toggle_range(..);
            }
            decided.union_with(&truth);
        }
        decided
    }

    fn alone(&mut self, axis: Axis, node: &Node) -> FixedBitSet {
        if let Some(truth) = banded(self.world.bands_of(axis), axis, node) {
            return truth;
        }
        if let Axis::Fact(fact) = axis
            && let Some(truth) = self.valued(fact, node)
        {
            return truth;
        }
        let world = self.world;
        let along = self.along.entry(axis).or_insert_with(|| along(world, axis));
        let mut truth = FixedBitSet::with_capacity(along.len());
        // Any use case will do: what is worked out here reads none.
        if let Some(use_case) = world.use_cases.first() {
            truth.extend(holding(world, use_case, along, node));
        }
        truth
    }
}

impl Atoms<'_> {
    /// The one value of which `f == v` is true, or `f != v` false; none where a node is nothing of the kind.
    #[expect(
        clippy::option_option,
        reason = "a value that the fact does not have is true of none of its values"
    )]
    fn single(&mut self, axis: Axis, node: &Node, is_other: bool) -> Option<Option<usize>> {
        let wanted = if is_other { CompareOp::Ne } else { CompareOp::Eq };
        let (Axis::Fact(fact), Node::Compare(Term::Attribute(read), op, Term::Value(Value::Symbol(symbol)))) =
            (axis, node)
        else {
            return None;
        };
        (*op == wanted && read.axis() == Some(axis)).then(|| self.positions(fact).get(symbol).copied())
    }

    /// Where each value of a fact stands.
    fn positions(&mut self, fact: FactId) -> &HashMap<Symbol, usize> {
        let symbols = &self.world.facts[fact].symbols;
        self.positions
            .entry(fact)
            .or_insert_with(|| symbols.iter().enumerate().map(|(at, symbol)| (*symbol, at)).collect())
    }

    /// A fact beside written names, without looking at every value.
    fn valued(&mut self, fact: FactId, node: &Node) -> Option<FixedBitSet> {
        let known = &self.world.facts[fact];
        let is_fact = |term: &Term| match term {
            Term::Attribute(attribute) => attribute.axis() == Some(Axis::Fact(fact)),
            Term::Value(_) => false,
        };
        let (wanted, is_other): (Vec<&Term>, bool) = match node {
            Node::Compare(left, op @ (CompareOp::Eq | CompareOp::Ne), right) if is_fact(left) => {
                (vec![right], *op == CompareOp::Ne)
            }
            Node::In(left, items) if is_fact(left) => (items.iter().collect(), false),
            _ => return None,
        };
        let mut truth = FixedBitSet::with_capacity(known.values.len());
        let positions = self.positions(fact);
        for term in wanted {
            let Term::Value(Value::Symbol(symbol)) = term else { return None };
            truth.extend(positions.get(symbol).copied());
        }
        if is_other {
            truth.toggle_range(..);
        }
        Some(truth)
    }
}

/// The contexts of a list in which a node is true for a use case.
fn holding<'a>(
    world: &'a World,
    use_case: &'a UseCase,
    along: &'a [Context],
    node: &'a Node,
) -> impl Iterator<Item = usize> + 'a {
    let request = Bindings::of(world, use_case);
    along
        .iter()
        .enumerate()
        .filter(move |(_, context)| Bindings { context: Some(context), ..request }.truth(node) == Some(true))
        .map(|(at, _)| at)
}

/// Where a node that reads one axis and the use case is true, by position of the axis.
pub(super) fn own(world: &World, use_case: &UseCase, axis: Axis, node: &Node) -> FixedBitSet {
    let along = along(world, axis);
    let mut truth = FixedBitSet::with_capacity(along.len());
    truth.extend(holding(world, use_case, &along, node));
    truth
}

/// One context for each position of an axis; of classifications, for each level.
fn along(world: &World, axis: Axis) -> Vec<Context> {
    let usual = Context {
        classification: Id::new(0),
        budget: whole(100),
        shares: Vec::new(),
        facts: world.facts.iter().map(|fact| fact.default).collect(),
    };
    let shown = || world.bands_of(axis).iter().map(Band::shown);
    match axis {
        Axis::Classification => world
            .classifications
            .ids()
            .map(|classification| Context { classification, ..usual.clone() })
            .collect(),
        Axis::Budget => shown().map(|budget| Context { budget, ..usual.clone() }).collect(),
        // Of a budget that is not in force everything remains.
        Axis::Share(_) if world.bands_of(axis).is_empty() => vec![usual],
        Axis::Share(budget) => {
            shown().map(|share| Context { shares: vec![(budget, share)], ..usual.clone() }).collect()
        }
        Axis::Fact(fact) => {
            let at = |value| {
                let mut context = usual.clone();
                context.facts[fact] = value;
                context
            };
            world.facts[fact].values.ids().map(at).collect()
        }
    }
}

/// A remaining share beside one percent or several, without looking at every band.
fn banded(bands: &[Band], axis: Axis, node: &Node) -> Option<FixedBitSet> {
    let is_axis = |term: &Term| matches!(term, Term::Attribute(attribute) if attribute.axis() == Some(axis));
    if bands.is_empty() {
        return None;
    }
    let mut truth = FixedBitSet::with_capacity(bands.len());
    match node {
        Node::Compare(left, op, Term::Value(Value::Number(percent))) if is_axis(left) => {
            beside(bands, *op, percent, &mut truth);
        }
        Node::Compare(Term::Value(Value::Number(percent)), op, right) if is_axis(right) => {
            beside(bands, op.swapped(), percent, &mut truth);
        }
        Node::In(left, items) if is_axis(left) => {
            for item in items.iter() {
                let Term::Value(Value::Number(percent)) = item else { return None };
                beside(bands, CompareOp::Eq, percent, &mut truth);
            }
        }
        _ => return None,
    }
    Some(truth)
}

/// Adds the bands of which a comparison with a percent is true.
fn beside(bands: &[Band], op: CompareOp, percent: &Rational, truth: &mut FixedBitSet) {
    // The thresholds of the workspace cut the bands, so each lies on one side of a percent or is that percent.
    let side = |band: &Band| -> std::cmp::Ordering { band.shown().cmp(percent) };
    let (low, high) =
        (bands.partition_point(|band| side(band).is_lt()), bands.partition_point(|band| side(band).is_le()));
    let sides = [
        (0..low, std::cmp::Ordering::Less),
        (low..high, std::cmp::Ordering::Equal),
        (high..bands.len(), std::cmp::Ordering::Greater),
    ];
    for (range, order) in sides {
        if accepts(op, order) {
            truth.insert_range(range);
        }
    }
}
