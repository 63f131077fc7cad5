//! Conditions as text that means the same on both sides, and the certifications that they ask for.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::rename::Names;
use crate::model::attribute::{Attribute, Domain, ModelAttribute, RequestAttribute, Type};
use crate::model::expr::{Node, Term, Value};
use crate::model::names::Symbol;
use crate::model::{Expr, FactId, World};
use crate::number;

/// Stands around a name that may be called otherwise on the other side; no name holds it.
const MARK: char = '\u{1}';

/// What may be called otherwise on the other side, with the word that marks it in a condition.
const RENAMED: [(&str, Domain); 6] = [
    ("use_case", Domain::UseCase),
    ("model", Domain::ModelId),
    ("team", Domain::Team),
    ("business_unit", Domain::BusinessUnit),
    ("project", Domain::Project),
    ("application", Domain::Application),
];

/// A condition as text: equal texts mean the same; nothing where there is no condition.
pub fn text(world: &World, when: Option<&Expr>) -> String {
    when.map(|expr| Words { world }.node(&expr.root)).unwrap_or_default()
}

/// A part of a condition as text.
pub fn node(world: &World, part: &Node) -> String {
    Words { world }.node(part)
}

/// What is compared in one, as a value of a type, as text.
pub fn term(world: &World, term: &Term, of: Option<Type>) -> String {
    Words { world }.term(term, of)
}

/// The same with the names that things have on the new side.
pub fn renamed(text: &str, names: &Names) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut kind = "";
    for (at, part) in text.split(MARK).enumerate() {
        if at > 0 {
            renamed.push(MARK);
        }
        // Between marks stand what it is, and its name.
        let is_name = at % 3 == 2;
        let other = if is_name { names.of(kind, part) } else { None };
        match other {
            Some(name) => renamed.push_str(&unmarked(name)),
            None => renamed.push_str(part),
        }
        kind = part;
    }
    renamed
}

/// A condition as a person reads it.
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (at, part) in text.split(MARK).enumerate() {
        // Between marks stand what it is, and its name.
        match at % 3 {
            0 => shown.push_str(part),
            1 => {}
            _ => shown.push_str(&quoted(part)),
        }
    }
    // What all of it is needs no brackets.
    let inner = shown.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).map(str::to_owned).unwrap_or(shown)
}

/// The name of a classification or another level: as it is where it is one word and no attribute is called so.
fn level(name: &str) -> String {
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_word && Attribute::named(name).is_none() { name.to_owned() } else { quoted(name) }
}

/// A name in back quotes that nothing in it can end.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', r"\\").replace('`', r"\`"))
}

fn marked(what: &str, name: &str) -> String {
    format!("{MARK}{what}{MARK}{}{MARK}", unmarked(name))
}

/// A name in which nothing ends it.
fn unmarked(name: &str) -> Cow<'_, str> {
    if name.contains(MARK) { Cow::Owned(name.replace(MARK, "\u{2}")) } else { Cow::Borrowed(name) }
}

/// A fact as text: equal texts mean the same fact.
pub fn fact(world: &World, id: FactId) -> String {
    marked("fact", &world.facts[id].name)
}

/// The certifications that a condition asks a model for by name.
pub(super) fn certifications(world: &World, expr: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    expr.root.walk(&mut |node| {
        if let Node::Has(Attribute::Model(ModelAttribute::Compliance), Term::Value(Value::Symbol(name))) =
            node
        {
            found.insert(world.names.name(*name).to_owned());
        }
    });
    found
}

struct Words<'a> {
    world: &'a World,
}

impl Words<'_> {
    fn node(&self, node: &Node) -> String {
        match node {
            Node::Const(value) => value.to_string(),
            Node::And(parts) => self.joined(parts, " and "),
            Node::Or(parts) => self.joined(parts, " or "),
            Node::Not(part) => format!("not {}", self.node(part)),
            Node::Is(attribute) => self.attribute(*attribute),
            Node::Compare(left, op, right) => {
                let of = self.type_of([left, right]);
                format!("{} {} {}", self.term(left, of), op.sign(), self.term(right, of))
            }
            Node::In(left, items) => self.listed(left, "in", items),
            Node::Within(left, items) => self.listed(left, "within", items),
            Node::Has(set, item) => {
                let of = Some(set.type_of(&self.world.facts));
                format!("{} has {}", self.attribute(*set), self.term(item, of))
            }
            Node::Covers(a, b) => format!("{} covers {}", self.attribute(*a), self.attribute(*b)),
        }
    }

    fn joined(&self, parts: &[Node], word: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.node(part)).collect();
        format!("({})", parts.join(word))
    }

    /// What is listed is a set: its order means nothing.
    fn listed(&self, left: &Term, word: &str, items: &[Term]) -> String {
        let of = self.type_of(std::iter::once(left).chain(items));
        let items: BTreeSet<String> = items.iter().map(|item| self.term(item, of)).collect();
        let items: Vec<String> = items.into_iter().collect();
        format!("{} {word} [{}]", self.term(left, of), items.join(", "))
    }

    /// The type of a comparison: that of an attribute in it.
    fn type_of<'t>(&self, terms: impl IntoIterator<Item = &'t Term>) -> Option<Type> {
        terms.into_iter().find_map(|term| match term {
            Term::Attribute(attribute) => Some(attribute.type_of(&self.world.facts)),
            Term::Value(_) => None,
        })
    }

    fn term(&self, term: &Term, of: Option<Type>) -> String {
        match term {
            Term::Attribute(attribute) => self.attribute(*attribute),
            Term::Value(Value::Symbol(symbol)) => self.symbol(*symbol, of),
            Term::Value(Value::Level(at)) => level(at.name(&self.world.classifications)),
            Term::Value(Value::Number(number)) => number::exact(number),
            Term::Value(Value::Bool(value)) => value.to_string(),
        }
    }

    fn symbol(&self, symbol: Symbol, of: Option<Type>) -> String {
        let name = self.world.names.name(symbol);
        let what = match of {
            Some(Type::Names(domain)) => RENAMED.into_iter().find(|(_, known)| *known == domain),
            _ => None,
        };
        what.map_or_else(|| quoted(name), |(what, _)| marked(what, name))
    }

    fn attribute(&self, attribute: Attribute) -> String {
        match attribute {
            Attribute::Request(RequestAttribute::Fact(id)) => fact(self.world, id),
            Attribute::Request(RequestAttribute::Share(id)) => {
                let budget = self.world.budgets.if_there(id).map(|budget| budget.name.value.as_str());
                format!("budget.{}.remaining", budget.unwrap_or_default())
            }
            other => other.name().to_owned(),
        }
    }
}
