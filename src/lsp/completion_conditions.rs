//! What can be written in a condition of a policy: attributes, the operators of their types, and the values of these.

use super::completion::{Item, ItemKind, in_policy};
use super::hover::about_attribute;
use super::index_policies::values_of;
use super::{Kind, Seen, keywords};
use crate::model::attribute::{Attribute, Domain, Subject, Type};
use crate::model::words::written;
use crate::model::{FactDomain, Table};
use crate::syntax::tree::VocabularyKind;

/// What can follow in a condition that may read some subjects.
pub(super) fn expression(seen: Seen, said: &[&str], subjects: &[Subject]) -> Vec<Item> {
    let Some(last) = said.last().copied() else { return attributes(seen, subjects) };
    match last {
        "and" | "or" | "not" | "(" => attributes(seen, subjects),
        "==" | "!=" | "<" | "<=" | ">" | ">=" | "has" | "covers" => {
            let left = said.len().checked_sub(2).and_then(|at| said.get(at));
            left.map(|left| compared(seen, left)).unwrap_or_default()
        }
        "[" | "," => {
            let opened = said.iter().rposition(|token| *token == "in").and_then(|at| at.checked_sub(1));
            opened.and_then(|at| said.get(at)).map(|left| compared(seen, left)).unwrap_or_default()
        }
        "in" => vec![Item::new("[", "[", ItemKind::Operator, "a list of values")],
        name => operators(seen, name),
    }
}

fn attributes(seen: Seen, subjects: &[Subject]) -> Vec<Item> {
    let named = Attribute::all().filter(|attribute| subjects.contains(&attribute.subject()));
    let named = named.map(|attribute| {
        Item::new(attribute.name(), attribute.name(), ItemKind::Attribute, about_attribute(attribute))
    });
    let mut items: Vec<Item> = named.chain(in_policy(seen, &Kind::Fact)).collect();
    for budget in seen.now.index().names(&Kind::Budget) {
        let name = format!("budget.{budget}.remaining");
        if written(&name) == name {
            items.push(Item::new(&name, &name, ItemKind::Attribute, "what remains of this budget"));
        }
    }
    items.push(Item::word("not", keywords::about("not").unwrap_or_default()));
    items
}

/// The operators that fit behind a name: those of its type, and behind a value those that go on.
fn operators(seen: Seen, name: &str) -> Vec<Item> {
    let operator =
        |word: &&str| Item::new(*word, *word, ItemKind::Operator, keywords::about(word).unwrap_or_default());
    let go_on = ["and", "or"];
    let kind = match Attribute::named(name) {
        Some(attribute) => attribute.type_of(&Table::default()),
        None if seen.now.index().names(&Kind::Fact).contains(&name) => Type::Names(Domain::UseCase),
        None => return go_on.iter().map(operator).collect(),
    };
    let fitting: &[&str] = match kind {
        Type::Names(_) => &["==", "!=", "in"],
        Type::Set(_) => &["has", "covers"],
        Type::Boolean => &go_on,
        Type::Ordered(_) => &["==", "!=", "<", "<=", ">", ">=", "in"],
        Type::Number | Type::Multiplier | Type::Duration | Type::Percent | Type::Rate => {
            &["<", "<=", ">", ">=", "==", "!="]
        }
    };
    fitting.iter().map(operator).collect()
}

/// The values that an attribute or fact can be compared with.
fn compared(seen: Seen, name: &str) -> Vec<Item> {
    let Some(attribute) = Attribute::named(name) else { return fact_values(seen, name) };
    if let Some(kind) = values_of(attribute) {
        return in_policy(seen, &kind);
    }
    let plain = |words: &[&str]| -> Vec<Item> {
        words.iter().map(|word| Item::new(*word, *word, ItemKind::Name, "")).collect()
    };
    match attribute.type_of(&Table::default()) {
        Type::Ordered(order) => plain(&order.levels(&[])),
        Type::Names(Domain::Workload) => plain(&["interactive", "batch"]),
        Type::Names(Domain::Hosting) => plain(&["cloud", "private-cloud", "self-hosted"]),
        Type::Names(Domain::Lifecycle) => plain(&["preview", "active", "deprecated", "retired"]),
        Type::Boolean => plain(&["true", "false"]),
        _ => Vec::new(),
    }
}

pub(super) fn fact_values(seen: Seen, name: &str) -> Vec<Item> {
    let domain = seen
        .survey()
        .and_then(|survey| survey.world.facts.iter().find(|fact| fact.name == name).map(|fact| fact.domain));
    match domain {
        Some(FactDomain::Regions) => in_policy(seen, &Kind::Word(VocabularyKind::Regions)),
        Some(FactDomain::Classifications) => in_policy(seen, &Kind::Classification),
        Some(FactDomain::Own) | None => in_policy(seen, &Kind::Value(name.to_owned())),
    }
}
