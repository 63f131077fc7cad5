//! Promises that say more than another one did: `require model.tier >= premium` still promises that the tier is `standard`.
//!
//! What is found is certain, whatever is not known: a promise counts as kept only where each model that the new one lets
//! through was let through by the old one. What is written in another shape is not looked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::promises::{ClauseSaid, Promise, places};
use crate::decide::engine::Statement as Id;
use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::limits::MAX_LATENT_COMPARED;
use crate::model::attribute::{Order, Type};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::{Date, World};
use crate::number::Rational;
use crate::work;

/// What is promised, in names of the new side.
enum Said {
    /// `require` and `always`: true of everybody who serves.
    True(Part),
    /// `forbid` and `never`: false of everybody who serves.
    False(Part),
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
    Level(usize),
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
    /// How much more may be compared.
    left: usize,
}

/// At most so many promises of one statement, and so many of others, are held against one that is gone.
const MOST_HELD: usize = 32;

impl<'a> Kept<'a> {
    pub(super) fn new(old: &'a World, new: &'a World, promises: &'a [Promise<'a>], names: &'a Names) -> Self {
        let same_classifications = old.classifications == new.classifications;
        let reader = Reader { world: new, names: None, same_classifications };
        let (mut by_when, mut by_name) = (BTreeMap::<_, Vec<usize>>::new(), BTreeMap::<_, Vec<usize>>::new());
        for (at, promise) in promises.iter().enumerate() {
            by_when.entry(promise.when.as_str()).or_default().push(at);
            by_name.entry(promise.of).or_default().push(at);
        }
        let new = promises.iter().map(|promise| (promise, reader.said(promise.understood))).collect();
        let old = Reader { world: old, names: Some(names), same_classifications };
        Self { old, new, by_when, by_name, left: MAX_LATENT_COMPARED }
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

    /// The statements that alone say it for as long, each for its own requests.
    pub(super) fn keeping(&mut self, gone: &Promise) -> BTreeSet<Id> {
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

/// The promises of the new side by what they say.
pub(super) struct Words<'a> {
    said: BTreeMap<&'a str, Vec<&'a Promise<'a>>>,
    /// What was asked before: of one text, and of what stands until a day.
    known: HashMap<(String, Date), Rc<BTreeSet<Id>>>,
}

impl<'a> Words<'a> {
    pub(super) fn of(promises: &'a [Promise<'a>]) -> Self {
        let mut said: BTreeMap<&str, Vec<&Promise>> = BTreeMap::new();
        for promise in promises {
            said.entry(&promise.said).or_default().push(promise);
        }
        Self { said, known: HashMap::new() }
    }

    /// The statements that still say what one of the old side said, each for its own requests: in these words, or by
    /// themselves in stricter ones. One that ends sooner does not count.
    pub(super) fn keeping(&mut self, gone: &Promise, said: String, stricter: &mut Kept) -> Rc<BTreeSet<Id>> {
        let Some(all) = self.said.get(said.as_str()) else { return Rc::new(stricter.keeping(gone)) };
        let ids = || all.iter().filter(|one| one.outlasts(gone)).map(|one| one.id).collect();
        Rc::clone(self.known.entry((said, gone.last())).or_insert_with(|| Rc::new(ids())))
    }
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
            ClauseSaid::True(expr) => Said::True(self.part(&expr.root)),
            ClauseSaid::False(expr) => Said::False(self.part(&expr.root)),
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
        let all = |parts: &[Part], keeps: &dyn Fn(&Part) -> bool| parts.iter().all(keeps);
        match self {
            Self::True(Part::And(parts)) => all(parts, &|part| {
                others.iter().any(|other| matches!(other, Self::True(own) if own.proves(part)))
            }),
            Self::False(Part::Or(parts)) => all(parts, &|part| {
                others.iter().any(|other| matches!(other, Self::False(own) if own.refutes(part)))
            }),
            _ => false,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::True(part) | Self::False(part) => part.size(),
            Self::Places(places) => places.len().max(1),
        }
    }

    /// Whether whoever holds to this holds to another promise.
    fn keeps(&self, other: &Said) -> bool {
        match (self, other) {
            (Self::True(own), Self::True(other)) => own.proves(other),
            (Self::False(own), Self::False(other)) => own.refutes(other),
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

    /// Whether another one is true wherever this one is.
    fn proves(&self, other: &Part) -> bool {
        work::step();
        match (self, other) {
            (_, Self::And(parts)) => parts.iter().all(|part| self.proves(part)),
            (Self::Or(parts), _) => parts.iter().all(|part| part.proves(other)),
            (Self::And(parts), _) if parts.iter().any(|part| part.proves(other)) => true,
            (_, Self::Or(parts)) => parts.iter().any(|part| self.proves(part)),
            (Self::Not(own), Self::Not(other)) => own.refutes(other),
            (Self::Bound(of, op, own), Self::Bound(on, other_op, other)) => {
                of == on && within((*op, own), (*other_op, other))
            }
            (Self::Among(of, own), Self::Among(on, other)) => of == on && own.is_subset(other),
            (Self::Other(own), Self::Other(other)) => own == other,
            _ => false,
        }
    }

    /// Whether another one is false wherever this one is.
    fn refutes(&self, other: &Part) -> bool {
        work::step();
        match (self, other) {
            (_, Self::Or(parts)) => parts.iter().all(|part| self.refutes(part)),
            (Self::And(parts), _) => parts.iter().all(|part| part.refutes(other)),
            (Self::Or(parts), _) if parts.iter().any(|part| part.refutes(other)) => true,
            (_, Self::And(parts)) => parts.iter().any(|part| self.refutes(part)),
            (Self::Not(own), Self::Not(other)) => own.proves(other),
            (Self::Bound(of, op, own), Self::Bound(on, other_op, other)) => {
                of == on && within((*other_op, other), (*op, own))
            }
            (Self::Among(of, own), Self::Among(on, other)) => of == on && other.is_subset(own),
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
