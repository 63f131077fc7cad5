//! Promises that say more than another one did: `require model.tier >= premium` still promises that the tier is `standard`.
//!
//! What is found is certain, whatever is not known: a promise counts as kept only where each model that the new one lets
//! through was let through by the old one. What is written in another shape is not looked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::promises::{ClauseSaid, Promise, places};
use crate::decide::engine::Statement as Id;
use crate::diff::causes::Text;
use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::limits::MAX_LATENT_COMPARED;
use crate::model::attribute::{Level, Order, Type};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::{Date, World};
use crate::number::Rational;
use crate::work;

/// What is promised, in names of the new side.
enum Said {
    /// A condition that is this of everybody who serves: true by `require` and `always`, false by `forbid` and `never`.
    Holds(Part, bool),
    /// `process in`: one of these places.
    Places(BTreeSet<String>),
}

/// A condition of which others may follow.
enum Part {
    And(Vec<Part>),
    Or(Vec<Part>),
    Not(Box<Part>),
    /// What stands on the left lies above or below a bound.
    Bound(String, CompareOp, Amount),
    /// What stands on the left, with the word, is one of these.
    Among(String, BTreeSet<String>),
    /// Anything else: the same text alone says the same.
    Other(String),
}

#[derive(PartialEq, PartialOrd)]
enum Amount {
    Number(Rational),
    Level(Level),
}

/// Reads the promises of one side.
struct Reader<'a> {
    world: &'a World,
    /// The names that things have on the new side.
    names: Option<&'a Names>,
    /// Whether both sides have the same classifications, in the same order.
    same_classifications: bool,
}

/// What the new side promises.
pub(super) struct Kept<'a> {
    old: Reader<'a>,
    new: Vec<(&'a Promise<'a>, Said)>,
    /// Positions by for which requests.
    by_when: BTreeMap<&'a str, Vec<usize>>,
    /// The same by who promises it: one that is only stricter mostly keeps its name.
    by_name: BTreeMap<(&'static str, &'a str), Vec<usize>>,
    /// The same by the words.
    by_words: BTreeMap<&'a str, Vec<usize>>,
    /// Who says something in the same words until a day.
    known: HashMap<(String, Date), Rc<BTreeSet<Id>>>,
    /// How much more may be compared.
    left: usize,
}

/// At most so many promises of one statement, and so many of others, are held against one that is gone.
const MOST_HELD: usize = 32;

impl<'a> Kept<'a> {
    pub(super) fn new(
        (old, new): (&'a Text<'a>, &'a Text<'a>),
        promises: &'a [Promise<'a>],
        names: &'a Names,
    ) -> Self {
        let (old, reader) = readers(old.survey.world, new.survey.world, names);
        let mut kept = Self {
            old,
            new: promises.iter().map(|promise| (promise, reader.said(promise.understood))).collect(),
            by_when: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_words: BTreeMap::new(),
            known: HashMap::new(),
            left: MAX_LATENT_COMPARED,
        };
        for (at, promise) in promises.iter().enumerate() {
            kept.by_when.entry(&promise.when).or_default().push(at);
            kept.by_name.entry(promise.of).or_default().push(at);
            kept.by_words.entry(&promise.said).or_default().push(at);
        }
        kept
    }

    /// Whether promises for the same requests, or for all, together say what one of the old side said, for as long.
    pub(super) fn keeps(&mut self, gone: &Promise, when: &str) -> bool {
        let said = self.old.said(gone.understood);
        let whens = [Some(when), Some("").filter(|_| !when.is_empty())].into_iter().flatten();
        let others = whens.filter_map(|when| self.by_when.get(when)).flatten();
        let own = self.by_name.get(&gone.of).into_iter().flatten();
        let is_same = |other: &&Promise| other.when == when || other.when.is_empty();
        let all = own.take(MOST_HELD).chain(others.take(MOST_HELD)).filter_map(|at| self.new.get(*at));
        let all = all.filter(|(other, _)| is_same(other) && other.outlasts(gone));
        let all: Vec<&Said> = all.map(|(_, said)| said).collect();
        pay(&mut self.left, &said, &all).is_some() && said.is_kept_by(&all)
    }

    /// The statements that still say what one of the old side said, each for its own requests: in these words, or by
    /// themselves in stricter ones. One that ends sooner does not count.
    pub(super) fn still(&mut self, gone: &Promise, words: String) -> Rc<BTreeSet<Id>> {
        let Some(all) = self.by_words.get(words.as_str()) else { return Rc::new(self.stricter(gone)) };
        let all = all.iter().filter_map(|at| self.new.get(*at)).filter(|(one, _)| one.outlasts(gone));
        let known = self.known.entry((words, gone.last()));
        Rc::clone(known.or_insert_with(|| Rc::new(all.map(|(one, _)| one.id).collect())))
    }

    /// Those that say it in stricter words.
    fn stricter(&mut self, gone: &Promise) -> BTreeSet<Id> {
        let said = self.old.said(gone.understood);
        let own = self.by_name.get(&gone.of).into_iter().flatten().take(MOST_HELD);
        let own = own.filter_map(|at| self.new.get(*at));
        let all: Vec<&(&Promise, Said)> = own
            .chain(self.new.iter().take(MOST_HELD))
            .filter(|(promise, _)| promise.outlasts(gone))
            .collect();
        let others: Vec<&Said> = all.iter().map(|(_, other)| other).collect();
        if pay(&mut self.left, &said, &others).is_none() {
            return BTreeSet::new();
        }
        all.into_iter().filter(|(_, other)| other.keeps(&said)).map(|(promise, _)| promise.id).collect()
    }
}

/// The promises of two worlds, held against each other one by one.
pub(in crate::diff) struct Implied<'a> {
    old: Reader<'a>,
    new: Reader<'a>,
}

impl<'a> Implied<'a> {
    pub(in crate::diff) fn new(old: &'a World, new: &'a World, names: &'a Names) -> Self {
        let (old, new) = readers(old, new, names);
        Self { old, new }
    }

    /// Whether some promises of the new world together say what one of the old says; not, where no more may be compared.
    pub(in crate::diff) fn keeps(&self, gone: ClauseSaid, others: &[ClauseSaid], left: &mut usize) -> bool {
        let said = self.old.said(gone);
        let others: Vec<Said> = others.iter().take(MOST_HELD).map(|one| self.new.said(*one)).collect();
        let others: Vec<&Said> = others.iter().collect();
        pay(left, &said, &others).is_some() && said.is_kept_by(&others)
    }
}

/// Who reads the promises of the old world and of the new one.
fn readers<'a>(old: &'a World, new: &'a World, names: &'a Names) -> (Reader<'a>, Reader<'a>) {
    let same_classifications = old.classifications == new.classifications;
    let reader = |world, names| Reader { world, names, same_classifications };
    (reader(old, Some(names)), reader(new, None))
}

/// Takes what a comparison costs from what may be compared; none where that is not enough.
fn pay(left: &mut usize, said: &Said, others: &[&Said]) -> Option<()> {
    let size = said.size();
    let work =
        others.iter().fold(0, |sum: usize, other| sum.saturating_add(other.size().saturating_mul(size)));
    *left = left.checked_sub(work)?;
    Some(())
}

impl Reader<'_> {
    fn said(&self, clause: ClauseSaid) -> Said {
        match clause {
            ClauseSaid::True(expr) => Said::Holds(self.part(&expr.root), true),
            ClauseSaid::False(expr) => Said::Holds(self.part(&expr.root), false),
            ClauseSaid::Places(clause) => {
                Said::Places(places(self.world, clause).map(|name| self.renamed(name)).collect())
            }
        }
    }

    fn part(&self, node: &Node) -> Part {
        let other = || Part::Other(self.text(node));
        match node {
            Node::And(parts) => Part::And(parts.iter().map(|part| self.part(part)).collect()),
            Node::Or(parts) => Part::Or(parts.iter().map(|part| self.part(part)).collect()),
            Node::Not(part) => Part::Not(Box::new(self.part(part))),
            Node::Compare(left @ Term::Attribute(attribute), op, right @ Term::Value(value)) => {
                let of = self.term(left, None);
                let of_type = attribute.type_of(&self.world.facts);
                let one =
                    || Part::Among(format!("{of} in"), BTreeSet::from([self.term(right, Some(of_type))]));
                match op {
                    CompareOp::Eq => one(),
                    CompareOp::Ne => Part::Not(Box::new(one())),
                    _ => {
                        self.amount(value, of_type).map_or_else(other, |amount| Part::Bound(of, *op, amount))
                    }
                }
            }
            Node::In(left @ Term::Attribute(_), items) => self.among(left, "in", items),
            Node::Within(left @ Term::Attribute(_), items) => self.among(left, "within", items),
            _ => other(),
        }
    }

    fn among(&self, left: &Term, word: &str, items: &[Term]) -> Part {
        let of_type = match left {
            Term::Attribute(attribute) => Some(attribute.type_of(&self.world.facts)),
            Term::Value(_) => None,
        };
        let items = items.iter().map(|item| self.term(item, of_type)).collect();
        Part::Among(format!("{} {word}", self.term(left, None)), items)
    }

    fn amount(&self, value: &Value, of: Type) -> Option<Amount> {
        match (value, of) {
            (Value::Number(number), _) => Some(Amount::Number(number.clone())),
            (Value::Level(_), Type::Ordered(Order::Classification)) if !self.same_classifications => None,
            (Value::Level(at), Type::Ordered(_)) => Some(Amount::Level(*at)),
            _ => None,
        }
    }

    fn term(&self, term: &Term, of: Option<Type>) -> String {
        self.renamed(conditions::term(self.world, term, of))
    }

    fn text(&self, node: &Node) -> String {
        self.renamed(conditions::node(self.world, node))
    }

    fn renamed(&self, text: String) -> String {
        match self.names {
            Some(names) => conditions::renamed(&text, names),
            None => text,
        }
    }
}

impl Said {
    /// Whether all of some promises together promise this.
    fn is_kept_by(&self, others: &[&Said]) -> bool {
        if others.iter().any(|other| other.keeps(self)) {
            return true;
        }
        let Self::Holds(part, value) = self else { return false };
        let is_kept = |part: &Part| {
            others.iter().any(|other| matches!(other, Self::Holds(own, own_value) if own_value == value && own.implies(part, *value)))
        };
        part.joined(*value).is_some_and(|parts| parts.iter().all(is_kept))
    }

    fn size(&self) -> usize {
        match self {
            Self::Holds(part, _) => part.size(),
            Self::Places(places) => places.len().max(1),
        }
    }

    /// Whether whoever holds to this holds to another promise.
    fn keeps(&self, other: &Said) -> bool {
        match (self, other) {
            (Self::Holds(own, value), Self::Holds(other, wanted)) => {
                value == wanted && own.implies(other, *value)
            }
            (Self::Places(own), Self::Places(other)) => own.is_subset(other),
            _ => false,
        }
    }
}

impl Part {
    /// How many comparisons and listed items it has.
    fn size(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().map(Self::size).sum::<usize>().saturating_add(1)
            }
            Self::Not(part) => part.size(),
            Self::Among(_, items) => items.len().max(1),
            Self::Bound(..) | Self::Other(_) => 1,
        }
    }

    /// The parts that all have to have a value for it to have that: of `and` to be true, of `or` to be false.
    fn joined(&self, value: bool) -> Option<&[Part]> {
        match self {
            Self::And(parts) if value => Some(parts),
            Self::Or(parts) if !value => Some(parts),
            _ => None,
        }
    }

    /// Whether another one has a value wherever this one has it.
    fn implies(&self, other: &Part, value: bool) -> bool {
        work::step();
        if let Some(parts) = other.joined(value) {
            return parts.iter().all(|part| self.implies(part, value));
        }
        // One of these has it wherever the whole does, and nobody knows which.
        if let Some(parts) = self.joined(!value) {
            return parts.iter().all(|part| part.implies(other, value));
        }
        if self.joined(value).is_some_and(|parts| parts.iter().any(|part| part.implies(other, value))) {
            return true;
        }
        if let Some(parts) = other.joined(!value) {
            return parts.iter().any(|part| self.implies(part, value));
        }
        if let (Self::Not(own), Self::Not(other)) = (self, other) {
            return own.implies(other, !value);
        }
        // What is false is false of more where less is true.
        let (narrow, wide) = if value { (self, other) } else { (other, self) };
        match (narrow, wide) {
            (Self::Bound(of, op, own), Self::Bound(on, other_op, other)) => {
                of == on && within((*op, own), (*other_op, other))
            }
            (Self::Among(of, own), Self::Among(on, other)) => of == on && own.is_subset(other),
            (Self::Other(own), Self::Other(other)) => own == other,
            _ => false,
        }
    }
}

/// Whether what lies on a side of one bound lies on the same side of another.
fn within((op, own): (CompareOp, &Amount), (other_op, other): (CompareOp, &Amount)) -> bool {
    use CompareOp::{Ge, Gt, Le, Lt};
    match (op, other_op) {
        (Ge | Gt, Ge) | (Gt, Gt) => own >= other,
        (Ge, Gt) => own > other,
        (Le | Lt, Le) | (Lt, Lt) => own <= other,
        (Le, Lt) => own < other,
        _ => false,
    }
}
