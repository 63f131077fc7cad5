//! The contexts that a plain reading of the statements tells apart for a use case: what verification goes through.
//!
//! It shares nothing with the way in which the engine groups contexts, so that a mistake there is noticed: a comparison
//! that can never matter to the use case is passed over, and two values are alike only if every other one answers alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::reference;
use crate::model::attribute::{Attribute, RequestAttribute, Subject};
use crate::model::expr::{Node, Term, Value};
use crate::model::{Axis, Band, ClassificationId, Context, Expr, PreferKind, UseCase, World};
use crate::number::Rational;
use crate::table::following;

/// The positions of each axis, and which of them are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    axes: Vec<(Axis, Alike)>,
}

/// The positions of an axis by how they are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The positions that stand for others, each with how many it stands for.
    shown: Vec<(usize, u64)>,
    /// Per position the one that stands for it.
    pub of: Vec<usize>,
}

/// What is read of the context for one use case.
struct Reads<'a> {
    world: &'a World,
    use_case: &'a UseCase,
    usual: Context,
    /// Axes of which every position is told apart.
    whole: BTreeSet<Axis>,
    /// Comparisons that read this axis alone.
    asked: BTreeMap<Axis, Vec<&'a Node>>,
    percents: BTreeMap<Axis, BTreeSet<Rational>>,
}

impl Telling {
    /// The positions that have to be told apart for a use case.
    pub fn new(world: &World, use_case: &UseCase) -> Self {
        let mut reads = Reads::new(world, use_case);
        reads.statements();
        Self::of(&reads, world.axes(use_case))
    }

    /// Those that one condition tells apart; none where it is true in no context, whatever that is.
    pub fn of_condition(world: &World, use_case: &UseCase, when: &Expr) -> Option<Self> {
        let mut reads = Reads::new(world, use_case);
        // On the others the condition is what it is on the baseline.
        let read: BTreeSet<Axis> = when.reads.iter().filter_map(|(attribute, _)| attribute.axis()).collect();
        reads.when(Some(when)).then(|| Self::of(&reads, read.into_iter()))
    }

    fn of(reads: &Reads, axes: impl Iterator<Item = Axis>) -> Self {
        Self { axes: axes.map(|axis| (axis, reads.alike(axis))).collect() }
    }

    /// Which positions of an axis are alike.
    pub fn along(&self, axis: Axis) -> Option<&Alike> {
        self.axes.iter().find(|(known, _)| *known == axis).map(|(_, alike)| alike)
    }

    /// One context for each combination of positions, with how many contexts it stands for.
    pub fn contexts<'a>(
        &'a self,
        world: &'a World,
        use_case: &'a UseCase,
    ) -> impl Iterator<Item = (Context, u64)> + 'a {
        let mut next = Some(vec![0usize; self.axes.len()]);
        std::iter::from_fn(move || {
            let mut at = next.take()?;
            let (mut context, mut weight) = (world.baseline(use_case), 1u64);
            for ((axis, alike), at) in self.axes.iter().zip(&at) {
                let (position, count) = alike.shown.get(*at).copied()?;
                world.move_to(use_case, &mut context, *axis, position);
                weight = weight.saturating_mul(count);
            }
            next = following(&mut at, self.axes.iter().map(|(_, alike)| alike.shown.len())).then_some(at);
            Some((context, weight))
        })
    }
}

impl<'a> Reads<'a> {
    fn new(world: &'a World, use_case: &'a UseCase) -> Self {
        let usual = world.baseline(use_case);
        let (whole, asked, percents) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Self { world, use_case, usual, whole, asked, percents }
    }

    fn statements(&mut self) {
        let world = self.world;
        for rule in &world.rules {
            if self.when(rule.when.as_ref()) {
                rule.promises.iter().for_each(|promise| self.node(&promise.expr.root));
                self.whole.extend(rule.placing_facts().map(Axis::Fact));
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
    fn when(&mut self, when: Option<&'a Expr>) -> bool {
        let Some(expr) = when else { return true };
        if self.is_never(&expr.root) {
            return false;
        }
        self.node(&expr.root);
        true
    }

    /// What the use case alone makes of a node, whatever the context and the model are; none where it does not, or where
    /// that is unknown.
    fn settled(&self, node: &Node) -> Option<bool> {
        let by_one = |parts: &[Node], value: bool| {
            parts.iter().any(|part| self.settled(part) == Some(value)).then_some(value)
        };
        match node {
            _ if !reads_more(node) => reference::truth(self.world, self.use_case, &self.usual, node),
            Node::And(parts) => by_one(parts, false),
            Node::Or(parts) => by_one(parts, true),
            Node::Not(inner) => self.settled(inner).map(|value| !value),
            _ => None,
        }
    }

    /// Whether the use case alone keeps a condition from ever being true.
    fn is_never(&self, node: &Node) -> bool {
        match (self.settled(node), node) {
            (Some(value), _) => !value,
            (None, _) if !reads_more(node) => true,
            (None, Node::And(parts)) => parts.iter().any(|part| self.is_never(part)),
            (None, Node::Or(parts)) => parts.iter().all(|part| self.is_never(part)),
            (None, _) => false,
        }
    }

    /// Reads a node: as one where a single axis is all that its parts read, else part by part.
    fn node(&mut self, node: &'a Node) {
        if self.settled(node).is_some() {
            return;
        }
        let mut read = Vec::new();
        node.walk(&mut |node| read.extend(attributes_of(node)));
        let axes: BTreeSet<Axis> = read.iter().filter_map(|attribute| attribute.axis()).collect();
        // The effective residency is another where a rule narrows it.
        let by_more = |attribute: &Attribute| {
            attribute.subject() != Subject::Request
                || *attribute == Attribute::Request(RequestAttribute::Residency)
        };
        match (axes.first(), node) {
            (Some(axis), _) if axes.len() == 1 && !read.iter().any(by_more) => {
                let percents = self.percents.entry(*axis).or_default();
                node.walk(&mut |node| percents.extend(values_of(node)));
                self.asked.entry(*axis).or_default().push(node);
            }
            (_, Node::And(parts) | Node::Or(parts)) => parts.iter().for_each(|part| self.node(part)),
            (_, Node::Not(inner)) => self.node(inner),
            _ => self.whole.extend(axes),
        }
    }

    /// Which positions of an axis are alike: told apart by nothing that is read of it.
    fn alike(&self, axis: Axis) -> Alike {
        let all = self.world.positions(self.use_case, axis);
        let usual = self.world.position(self.use_case, &self.usual, axis).unwrap_or(0);
        let mut groups: Vec<usize> = match axis {
            _ if self.whole.contains(&axis) => (0..all).collect(),
            // Ceilings are held against every classification.
            Axis::Classification => self.ceilings_below(all),
            Axis::Fact(_) => vec![0; all],
            Axis::Budget | Axis::Share(_) => self.runs(axis),
        };
        let asked = self.asked.get(&axis).filter(|_| !self.whole.contains(&axis));
        for node in asked.into_iter().flatten() {
            self.tell_apart(axis, node, &mut groups);
        }
        let mut shown: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            let (first, count) = shown.entry(*group).or_insert((at, 0));
            *count += 1;
            if at == usual {
                *first = at;
            }
        }
        let of = groups.iter().filter_map(|group| shown.get(group)).map(|(at, _)| *at).collect();
        let mut shown: Vec<(usize, u64)> = shown.into_values().collect();
        shown.sort_unstable();
        Alike { shown, of }
    }

    /// Splits groups of positions by what a comparison says of them.
    fn tell_apart(&self, axis: Axis, node: &Node, groups: &mut [usize]) {
        let mut context = self.usual.clone();
        let mut known: HashMap<(usize, Option<bool>), usize> = HashMap::new();
        // Bands within one run are alike.
        let mut last: Option<(usize, usize)> = None;
        let is_share = matches!(axis, Axis::Budget | Axis::Share(_));
        for (at, group) in groups.iter_mut().enumerate() {
            let before = *group;
            *group = match last {
                Some((same, now)) if is_share && same == before => now,
                _ => {
                    self.world.move_to(self.use_case, &mut context, axis, at);
                    let truth = reference::truth(self.world, self.use_case, &context, node);
                    let new = known.len();
                    *known.entry((before, truth)).or_insert(new)
                }
            };
            last = Some((before, *group));
        }
    }

    /// Per position of the classification how many ceilings of models lie below it.
    fn ceilings_below(&self, positions: usize) -> Vec<usize> {
        let ceilings: BTreeSet<ClassificationId> =
            self.world.models.iter().map(|model| model.ceiling).collect();
        let levels = (0..positions).map(|above| self.use_case.classification.after(above));
        levels.map(|level| ceilings.range(..level).count()).collect()
    }

    /// Per band the number of its run: one ends where a percent that is compared cuts.
    fn runs(&self, axis: Axis) -> Vec<usize> {
        let percents = self.percents.get(&axis);
        let mut run = 0usize;
        let number = |band: &Band| {
            let own = run;
            run += usize::from(percents.is_some_and(|percents| percents.contains(&band.high)));
            own
        };
        self.world.bands_of(axis).iter().map(number).collect()
    }
}

/// Whether a node reads anything beside the use case.
fn reads_more(node: &Node) -> bool {
    let more = |attribute: &Attribute| attribute.axis().is_some() || attribute.subject() != Subject::Request;
    let term = |term: &Term| matches!(term, Term::Attribute(attribute) if more(attribute));
    match node {
        Node::Const(_) => false,
        Node::And(parts) | Node::Or(parts) => parts.iter().any(reads_more),
        Node::Not(inner) => reads_more(inner),
        Node::Is(attribute) => more(attribute),
        Node::Compare(left, _, right) => term(left) || term(right),
        Node::In(left, items) | Node::Within(left, items) => term(left) || items.iter().any(term),
        Node::Has(set, element) => more(set) || term(element),
        Node::Covers(outer, inner) => more(outer) || more(inner),
    }
}

/// The attributes that a comparison reads itself, its parts aside.
fn attributes_of(node: &Node) -> Vec<Attribute> {
    let term = |term: &Term| match term {
        Term::Attribute(attribute) => Some(*attribute),
        Term::Value(_) => None,
    };
    match node {
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) => Vec::new(),
        Node::Is(attribute) => vec![*attribute],
        Node::Compare(left, _, right) => [left, right].into_iter().filter_map(term).collect(),
        Node::In(left, items) | Node::Within(left, items) => {
            [left].into_iter().chain(items.iter()).filter_map(term).collect()
        }
        Node::Has(set, element) => [*set].into_iter().chain(term(element)).collect(),
        Node::Covers(outer, inner) => vec![*outer, *inner],
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
