//! What can be written in a condition of a policy: attributes, the operators of their types, and the values of these.

use super::completion::{Item, ItemKind, in_policy};
use super::completion_policies::shares;
use super::hover::about_attribute;
use super::index_policies::values_of;
use super::{Kind, Seen};
use crate::model::attribute::{Attribute, Domain, Order, RequestAttribute, Subject, Type, budget_of_share};
use crate::model::{Classifications, words::written};
use crate::model::{FactDomain, Table};
use crate::registry;
use crate::syntax::ahead::Word;
use crate::syntax::tree::VocabularyKind;
use crate::vocabulary::{Hosting, Lifecycle, Workload};

const OPERATORS: [&str; 9] = ["==", "!=", "<", "<=", ">", ">=", "in", "has", "covers"];

/// What an operand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Attribute(Attribute, Type),
    Fact(FactDomain),
    /// `budget.NAME.remaining`.
    Share,
}

/// A place in a condition.
pub(super) struct Condition<'a> {
    pub(super) seen: Seen<'a>,
    /// What stands before it in its statement.
    pub(super) tokens: &'a [&'a str],
}

impl Condition<'_> {
    /// The attributes and facts that can be read there.
    pub(super) fn attributes(&self) -> Vec<Item> {
        let subjects = self.subjects();
        let named = Attribute::all().filter(|attribute| subjects.contains(&attribute.subject()));
        let mut items: Vec<Item> = named.map(attribute_item).collect();
        items.extend(in_policy(self.seen, &Kind::Fact));
        items.extend(shares(self.seen));
        items
    }

    /// What is spoken of: by the clause, whose word stands where no operand can.
    fn subjects(&self) -> &'static [Subject] {
        use Subject::{Chain, Duty, Model, Request};
        let is_clause = |at: &usize| {
            let before = at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied().unwrap_or_default();
            let opens =
                OPERATORS.contains(&before) || matches!(before, "," | "[" | "(" | "and" | "or" | "not");
            let word = self.tokens.get(*at).copied().unwrap_or_default();
            let words = ["when", "for", "require", "forbid", "where", "always", "never"];
            !opens && words.contains(&word)
        };
        let clause = (0..self.tokens.len()).rev().find(is_clause).and_then(|at| self.tokens.get(at));
        match clause.copied() {
            Some("require" | "forbid" | "where") => &[Request, Model],
            Some("always" | "never") => &[Request, Model, Chain, Duty],
            _ => &[Request],
        }
    }

    /// The operand on the left of what is being written, and the operator between.
    fn left(&self) -> Option<(&str, &str)> {
        let at =
            |back: usize| self.tokens.len().checked_sub(back).and_then(|at| self.tokens.get(at)).copied();
        let opened = self.tokens.iter().rposition(|token| *token == "[");
        let closed = self.tokens.iter().rposition(|token| *token == "]");
        if let Some(open) = opened.filter(|open| closed.is_none_or(|closed| closed < *open)) {
            let left = open.checked_sub(2).and_then(|at| self.tokens.get(at)).copied()?;
            return Some((left, "in"));
        }
        let (last, second) = (at(1)?, at(2)?);
        if OPERATORS.contains(&last) {
            return Some((second, last));
        }
        OPERATORS.contains(&second).then(|| at(3)).flatten().map(|left| (left, second))
    }

    fn of(&self, name: &str) -> Option<Of> {
        if let Some(attribute) = Attribute::named(name) {
            return Some(Of::Attribute(attribute, attribute.type_of(&Table::default())));
        }
        let world = self.seen.survey().map(|survey| survey.world);
        if let Some(fact) = world.and_then(|world| world.facts.iter().find(|fact| fact.name == name)) {
            return Some(Of::Fact(fact.domain));
        }
        let index = self.seen.now.index();
        if index.names(&Kind::Fact).contains(&name) {
            return Some(Of::Fact(FactDomain::Own));
        }
        let budget = budget_of_share(name)?;
        index.names(&Kind::Budget).contains(&budget).then_some(Of::Share)
    }

    /// The words of the grammar that also fit by type: operators that the left side has, units of what it is.
    pub(super) fn fitting<'w>(&self, words: &'w [Word]) -> Vec<&'w Word> {
        let has = |wanted: &dyn Fn(&Word) -> bool| words.iter().any(wanted);
        if has(&|word| word.text == "==") {
            let last = self.tokens.last().copied().unwrap_or_default();
            let Some(of) = self.of(last) else { return words.iter().collect() };
            let operators = of.operators();
            // What is true or false by itself is a condition that may end there.
            let is_whole = matches!(of, Of::Attribute(_, Type::Boolean));
            let fits = |word: &&Word| {
                operators.contains(&word.text) || (is_whole && !OPERATORS.contains(&word.text))
            };
            return words.iter().filter(fits).collect();
        }
        if has(&|word| word.is_unit)
            && let Some(units) = self.left().and_then(|(left, _)| self.of(left)).and_then(Of::units)
        {
            let fits = |word: &&Word| {
                if units.is_empty() { !word.is_unit } else { units.contains(&word.text) }
            };
            return words.iter().filter(fits).collect();
        }
        words.iter().collect()
    }

    /// What the left side can be compared with.
    pub(super) fn compared(&self) -> Vec<Item> {
        let Some((name, operator)) = self.left() else { return Vec::new() };
        let Some(of) = self.of(name) else { return fact_values(self.seen, name) };
        let mut items = if operator == "covers" { Vec::new() } else { self.values(name, of) };
        if operator != "in" {
            items.extend(self.alike(name, of, operator));
        }
        items
    }

    /// The values of an attribute or a fact.
    fn values(&self, name: &str, of: Of) -> Vec<Item> {
        let Of::Attribute(attribute, kind) = of else {
            return if of == Of::Share { Vec::new() } else { fact_values(self.seen, name) };
        };
        if let Some(kind) = values_of(attribute) {
            let is_use_case = kind == Kind::UseCase;
            return if is_use_case { use_cases(self.seen) } else { in_policy(self.seen, &kind) };
        }
        let detail = format!("value of {}", attribute.name());
        let plain = |words: &[&str]| -> Vec<Item> {
            words.iter().map(|word| Item::new(*word, *word, ItemKind::Name, detail.as_str())).collect()
        };
        match kind {
            Type::Ordered(order) => plain(&order.levels(&Classifications::default())),
            Type::Names(Domain::Workload) => plain(Workload::NAMES),
            Type::Names(Domain::Hosting) => plain(Hosting::NAMES),
            Type::Names(Domain::Lifecycle) => plain(Lifecycle::NAMES),
            Type::Names(domain @ (Domain::Jurisdiction | Domain::FailureDomain)) => {
                self.stated(domain, &detail)
            }
            Type::Boolean => plain(&["true", "false"]),
            _ => Vec::new(),
        }
    }

    /// What the registry states of its providers.
    fn stated(&self, domain: Domain, detail: &str) -> Vec<Item> {
        let (registry, _) = registry::read::read(&self.seen.now.trees.registry);
        let mut names: Vec<String> = Vec::new();
        for provider in &registry.providers {
            let models = provider.models.iter().map(|model| &model.facts);
            for facts in models.chain([&provider.facts]) {
                let stated = match domain {
                    Domain::Jurisdiction => &facts.jurisdiction,
                    _ => &facts.failure_domain,
                };
                names.extend(stated.as_ref().map(|name| name.value.clone()));
            }
            // A provider is the failure domain of what states none.
            names.extend((domain == Domain::FailureDomain).then(|| provider.name.value.clone()));
        }
        names.sort_unstable();
        names.dedup();
        names.iter().map(|name| Item::new(name, written(name), ItemKind::Name, detail)).collect()
    }

    /// Other attributes and facts of the same type. What remains of a budget is compared with a percent only.
    fn alike(&self, name: &str, of: Of, operator: &str) -> Vec<Item> {
        let remaining = Attribute::Request(RequestAttribute::BudgetRemaining);
        if of == Of::Share || matches!(of, Of::Attribute(attribute, _) if attribute == remaining) {
            return Vec::new();
        }
        let kind = match of {
            Of::Attribute(_, kind) => Some(kind),
            Of::Fact(FactDomain::Classifications) => Some(Type::Ordered(Order::Classification)),
            Of::Fact(_) | Of::Share => None,
        };
        let subjects = self.subjects();
        let is_alike = |other: &Attribute| {
            let is_other = other.name() != name && *other != remaining && subjects.contains(&other.subject());
            is_other && Some(other.type_of(&Table::default())) == kind && kind != Some(Type::Boolean)
        };
        let mut items: Vec<Item> = Vec::new();
        if operator != "has" {
            items.extend(Attribute::all().filter(is_alike).map(attribute_item));
        }
        let facts = match (kind, of) {
            (Some(Type::Set(VocabularyKind::Regions)), _) if operator == "has" => Some(FactDomain::Regions),
            (Some(Type::Ordered(Order::Classification)), _) => Some(FactDomain::Classifications),
            (None, Of::Fact(FactDomain::Regions)) => Some(FactDomain::Regions),
            _ => None,
        };
        items.extend(facts.map(|domain| facts_in(self.seen, domain)).unwrap_or_default());
        items.retain(|item| item.label != name);
        items
    }
}

impl Of {
    /// The operators that fit behind it.
    fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Fact(FactDomain::Own | FactDomain::Regions) | Self::Attribute(_, Type::Names(_)) => {
                &["==", "!=", "in"]
            }
            Self::Attribute(_, Type::Set(_)) => &["has", "covers"],
            Self::Attribute(_, Type::Boolean) => &["==", "!="],
            Self::Fact(FactDomain::Classifications) | Self::Attribute(_, Type::Ordered(_)) => {
                &["==", "!=", "<", "<=", ">", ">=", "in"]
            }
            Self::Share | Self::Attribute(..) => &["<", "<=", ">", ">=", "==", "!="],
        }
    }

    /// The units of numbers that it is compared with: none of a plain number, and of what is not a number nothing is known.
    fn units(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Share | Self::Attribute(_, Type::Percent) => Some(&["%"]),
            Self::Attribute(_, Type::Multiplier) => Some(&["x"]),
            Self::Attribute(_, Type::Rate) => Some(&["usd"]),
            Self::Attribute(_, Type::Duration) => {
                Some(&["seconds", "minutes", "hours", "days", "weeks", "years", "ms", "s"])
            }
            Self::Attribute(_, Type::Number) => Some(&[]),
            Self::Fact(_) | Self::Attribute(..) => None,
        }
    }
}

fn attribute_item(attribute: Attribute) -> Item {
    Item::new(attribute.name(), attribute.name(), ItemKind::Attribute, about_attribute(attribute))
}

/// The names of use cases, and their endpoint tags.
pub(super) fn use_cases(seen: Seen) -> Vec<Item> {
    let mut items = in_policy(seen, &Kind::UseCase);
    let tags = seen.now.index().tags();
    items.extend(
        tags.map(|(tag, of)| Item::new(tag, written(tag), ItemKind::Name, format!("endpoint tag of {of}"))),
    );
    items
}

/// The facts whose values are of some kind.
pub(super) fn facts_in(seen: Seen, domain: FactDomain) -> Vec<Item> {
    let Some(survey) = seen.survey() else { return Vec::new() };
    let is_in =
        |item: &Item| survey.world.facts.iter().any(|fact| fact.name == item.label && fact.domain == domain);
    in_policy(seen, &Kind::Fact).into_iter().filter(is_in).collect()
}

/// What a fact may be compared with, as declared.
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
