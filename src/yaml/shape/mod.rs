//! Whether a document keeps its schema, told from the values themselves.
//!
//! It says nothing of what is wrong: for that, and for whatever it does not know, the validator is asked. So it may answer
//! "kept" only where the validator surely would; `tests/it/yaml.rs` holds it to that.

mod node;
mod pattern;

use std::collections::{HashMap, HashSet};

use num_traits::ToPrimitive;
use serde_json::Value as Json;

use super::{Kind, Value};
use crate::number::Rational;
use node::{Additional, Node, Type};

/// With so many items a set is quicker than a look at each pair.
const FEW: usize = 32;

/// A schema ready to be asked.
#[derive(Debug)]
pub(super) struct Shape {
    nodes: Vec<Node>,
    /// `#/$defs/…` by its reference.
    names: HashMap<String, usize>,
    root: usize,
}

impl Shape {
    /// A schema; none if it uses a keyword or a pattern that is not known here.
    pub(super) fn new(schema: &Json) -> Option<Self> {
        let mut nodes = Vec::new();
        let root = Node::read(schema, &mut nodes)?;
        let mut names = HashMap::new();
        for (name, part) in schema.get("$defs").and_then(Json::as_object).into_iter().flatten() {
            names.insert(format!("#/$defs/{name}"), Node::read(part, &mut nodes)?);
        }
        Some(Self { nodes, names, root })
    }

    /// True only where a document surely keeps the schema.
    pub(super) fn keeps(&self, document: &Value) -> bool {
        self.fits(self.root, document)
    }

    fn fits(&self, at: usize, value: &Value) -> bool {
        let Some(node) = self.nodes.get(at) else { return false };
        let refers = node.reference.as_ref();
        refers.is_none_or(|name| self.names.get(name).is_some_and(|at| self.fits(*at, value)))
            && (node.types.is_empty() || node.types.iter().any(|of| is(value, *of)))
            && self.one_of(node, value)
            // Of what is no map every list of keys is satisfied.
            && (node.one_required.is_empty() || matches!(value.kind, Kind::Map(_)))
            && match &value.kind {
                Kind::String(text) => node.takes(text),
                _ if node.words.is_some() => false,
                Kind::Null | Kind::Bool(_) => true,
                Kind::Number { exact, .. } => exact.as_ref().is_some_and(|number| node.bounds(number)),
                Kind::List(items) => {
                    (!node.is_unique || all_differ(items))
                        && node.items.is_none_or(|of| items.iter().all(|item| self.fits(of, item)))
                }
                Kind::Map(_) => self.map(node, value),
            }
    }

    /// Alternatives have types of their own (that is checked when they are read), so at most one fits.
    fn one_of(&self, node: &Node, value: &Value) -> bool {
        node.one_of.is_empty() || node.one_of.iter().any(|of| self.fits(*of, value))
    }

    fn map(&self, node: &Node, map: &Value) -> bool {
        let has = |name: &String| map.get(name).is_some();
        let stated = node.required.iter().all(has)
            && node.dependent.iter().all(|(name, needs)| !has(name) || needs.iter().all(has));
        let whole = node.one_required.iter().filter(|names| names.iter().all(has)).count();
        stated
            && (node.one_required.is_empty() || whole == 1)
            && map.entries().iter().all(|(key, value)| {
                let named = node.property_names.and_then(|at| self.nodes.get(at));
                named.is_none_or(|node| node.takes(&key.value))
                    && match node.properties.iter().find(|(name, _)| *name == key.value) {
                        Some((_, of)) => self.fits(*of, value),
                        None => match node.additional {
                            Additional::Any => true,
                            Additional::None => false,
                            Additional::Of(of) => self.fits(of, value),
                        },
                    }
            })
    }
}

fn is(value: &Value, of: Type) -> bool {
    match (&value.kind, of) {
        (Kind::Null, Type::Null)
        | (Kind::Bool(_), Type::Bool)
        | (Kind::Number { .. }, Type::Number)
        | (Kind::String(_), Type::String)
        | (Kind::List(_), Type::List)
        | (Kind::Map(_), Type::Map) => true,
        (Kind::Number { exact, .. }, Type::Integer) => exact.as_ref().is_some_and(Rational::is_integer),
        _ => false,
    }
}

/// Whether all items surely differ: texts do from each other and from maps, maps where one has another text under a key.
/// Of everything else that is the validator's to say.
fn all_differ(items: &[Value]) -> bool {
    let (texts, others): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| item.text().is_some());
    let is_known = others.len() <= 1 || others.len() <= FEW && others.iter().all(|item| is(item, Type::Map));
    let texts: Vec<&str> = texts.iter().filter_map(|item| item.text()).collect();
    is_known
        && if texts.len() > FEW {
            texts.iter().collect::<HashSet<_>>().len() == texts.len()
        } else {
            each_pair(&texts, |one, other| one != other)
        }
        && each_pair(&others, maps_differ)
}

fn each_pair<T: Copy>(items: &[T], differ: impl Fn(T, T) -> bool) -> bool {
    items.iter().enumerate().all(|(at, one)| items.iter().take(at).all(|other| differ(*one, *other)))
}

fn maps_differ(one: &Value, other: &Value) -> bool {
    one.entries().iter().any(|(key, value)| {
        let texts = value.text().zip(other.get(&key.value).and_then(Value::text));
        texts.is_some_and(|(one, other)| one != other)
    })
}

impl Node {
    /// Whether a number lies in the bounds, as the validator compares them.
    fn bounds(&self, number: &Rational) -> bool {
        if self.minimum.is_none() && self.above.is_none() && self.maximum.is_none() {
            return true;
        }
        let Some(number) = number.to_f64() else { return false };
        self.minimum.is_none_or(|least| number >= least)
            && self.above.is_none_or(|least| number > least)
            && self.maximum.is_none_or(|most| number <= most)
    }

    fn takes(&self, text: &str) -> bool {
        let length = || if text.is_ascii() { text.len() } else { text.chars().count() };
        self.words.as_ref().is_none_or(|words| words.iter().any(|word| word == text))
            && self.min_length.is_none_or(|least| length() >= least)
            && self.max_length.is_none_or(|most| length() <= most)
            && self.pattern.is_none_or(|pattern| pattern.matches(text))
    }
}
