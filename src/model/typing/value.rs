//! Values of the type that an attribute asks for, and comparisons with sets of them.

use super::{Place, Side, describe, named, sets};
use crate::diag::{Finding, Help, nearest};
use crate::model::FactId;
use crate::model::attribute::{Attribute, Domain, Level, Order, Type};
use crate::model::build::Builder;
use crate::model::expr::{Items, Node, Term, Value};
use crate::number::{self, whole};
use crate::source::Span;
use crate::syntax::tree::{self, Operand, OperandKind};
use crate::syntax::words;
use crate::vocabulary::{Hosting, Lifecycle, Workload};

impl Builder {
    /// The value that an attribute is compared with, or what is said of what is none.
    pub(super) fn fitting(&mut self, attribute: Attribute, operand: &Operand, place: Place) -> Option<Value> {
        if self.asks_nothing(attribute, operand) {
            return None;
        }
        if let Some(help) = self.beside(attribute, operand, place) {
            self.no_attribute(operand, help);
            return None;
        }
        self.value(attribute, operand)
    }

    /// A written value of the type of an attribute.
    pub(super) fn value(&mut self, attribute: Attribute, operand: &Operand) -> Option<Value> {
        let kind = attribute.type_of(&self.facts);
        match (kind, &operand.kind) {
            (Type::Names(Domain::ModelId), OperandKind::Model { provider, name }) => {
                self.model_value(&format!("{provider}/{name}"), operand.span)
            }
            (
                Type::Names(domain @ (Domain::Provider | Domain::FailureDomain)),
                OperandKind::Model { provider, name },
            ) => self.name_value(attribute, domain, &format!("{provider}/{name}"), operand.span),
            (Type::Names(domain), OperandKind::Name(text) | OperandKind::Quoted(text)) => {
                self.name_value(attribute, domain, text, operand.span)
            }
            (Type::Ordered(order), OperandKind::Name(text) | OperandKind::Quoted(text)) => {
                self.level(order, text, operand.span)
            }
            (Type::Number | Type::Multiplier, OperandKind::Number(n)) => Some(Value::Number(n.clone())),
            (Type::Multiplier, OperandKind::Multiplier(n)) => Some(Value::Number(n.clone())),
            (Type::Percent, OperandKind::Percent(n)) if *n <= whole(100) => Some(Value::Number(n.clone())),
            (Type::Percent, OperandKind::Percent(n)) => {
                let message = format!("`{}%` is more than 100%", number::exact(n));
                self.mismatch(operand.span, message, "write `100%` or less");
                None
            }
            (Type::Duration, OperandKind::Duration(n)) | (Type::Rate, OperandKind::Rate(n)) => {
                Some(Value::Number(n.clone()))
            }
            (Type::Boolean, OperandKind::Bool(value)) => Some(Value::Bool(*value)),
            _ => {
                self.no_value(attribute, kind, operand);
                None
            }
        }
    }

    pub(super) fn level(&mut self, order: Order, text: &str, span: Span) -> Option<Value> {
        if let Some(level) = Level::parse(order, text, &self.classifications) {
            return Some(Value::Level(level));
        }
        if self.is_full(span.file) && order == Order::Classification {
            return None;
        }
        let classifications = self.classifications.clone();
        let levels = order.levels(&classifications);
        let what = match order {
            Order::Classification => "classification",
            Order::Risk => "risk",
            Order::Criticality => "criticality",
            Order::Tier => "tier",
            Order::Dpa => "DPA status",
        };
        self.unknown(span, what, text, &levels);
        None
    }

    pub(super) fn model_value(&mut self, text: &str, span: Span) -> Option<Value> {
        let model = self.model_reference(text, span)?;
        let id = self.references.names.get(model.position())?.clone();
        Some(Value::Symbol(self.names.intern(&id)))
    }

    pub(super) fn name_value(
        &mut self,
        attribute: Attribute,
        domain: Domain,
        text: &str,
        span: Span,
    ) -> Option<Value> {
        if domain == Domain::ModelId {
            return self.model_value(text, span);
        }
        if domain == Domain::UseCase {
            if let Some(help) = self.pattern_for(text) {
                self.find(Finding::missing("use case", text, span).help(help));
                return None;
            }
            let id = self.use_case_reference(text, span)?;
            let name = self.use_case_names[id].clone();
            return Some(Value::Symbol(self.names.intern(&name)));
        }
        if self.is_member(domain, text) {
            return Some(Value::Symbol(self.names.intern(text)));
        }
        if self.is_full(span.file) && !matches!(domain, Domain::Regions(_)) {
            // What is fixed is short; of what is not, nothing more is shown.
            if !matches!(domain, Domain::Workload | Domain::Hosting | Domain::Lifecycle) {
                return None;
            }
        }
        if let Domain::Regions(_) = domain {
            return Some(Value::Symbol(self.member(tree::VocabularyKind::Regions, text, span, false)));
        }
        let (what, values) = self.values_of_domain(attribute, domain)?;
        if values.iter().any(|value| value == text) {
            return Some(Value::Symbol(self.names.intern(text)));
        }
        let candidates: Vec<&str> = values.iter().map(String::as_str).collect();
        self.unknown_word(span, &what, text, &candidates);
        None
    }

    /// The names that are values of an attribute, and what one is called; none where any model or use case may be one.
    pub(super) fn values_of_domain(
        &self,
        attribute: Attribute,
        domain: Domain,
    ) -> Option<(String, Vec<String>)> {
        let fixed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let listed = |kind| self.names_of(kind);
        let fact = |id: FactId| self.facts[id].values.as_slice().to_vec();
        Some(match domain {
            Domain::BusinessUnit => ("business unit".to_owned(), listed(tree::VocabularyKind::BusinessUnits)),
            Domain::Team => ("team".to_owned(), listed(tree::VocabularyKind::Teams)),
            Domain::Project => ("project".to_owned(), listed(tree::VocabularyKind::Projects)),
            Domain::Application => ("application".to_owned(), listed(tree::VocabularyKind::Applications)),
            Domain::Workload => ("workload".to_owned(), fixed(Workload::NAMES)),
            Domain::Provider => ("provider".to_owned(), self.references.providers.keys().cloned().collect()),
            Domain::FailureDomain => {
                let providers = self.references.providers.keys();
                let all: std::collections::BTreeSet<&String> =
                    providers.chain(&self.failure_domains).collect();
                ("failure domain".to_owned(), all.into_iter().cloned().collect())
            }
            Domain::Hosting => ("hosting".to_owned(), fixed(Hosting::NAMES)),
            Domain::Jurisdiction => ("jurisdiction".to_owned(), self.jurisdictions.iter().cloned().collect()),
            Domain::Lifecycle => ("lifecycle".to_owned(), fixed(Lifecycle::NAMES)),
            // Regions like any others: where their list is not written, any name may be one.
            Domain::Regions(_) => ("region".to_owned(), listed(tree::VocabularyKind::Regions)),
            Domain::Fact(id) => (format!("value of the fact `{}`", self.attribute_name(attribute)), fact(id)),
            Domain::ModelId | Domain::UseCase => return None,
        })
    }

    /// Whether a name is known to be a value; the lists of names are not gone through.
    fn is_member(&self, domain: Domain, text: &str) -> bool {
        let listed = |kind| {
            self.vocabularies.get(&kind).is_some_and(|vocabulary| match vocabulary.closed {
                Some(_) => vocabulary.known.contains(text),
                None => vocabulary.used.contains(text),
            })
        };
        match domain {
            Domain::BusinessUnit => listed(tree::VocabularyKind::BusinessUnits),
            Domain::Team => listed(tree::VocabularyKind::Teams),
            Domain::Project => listed(tree::VocabularyKind::Projects),
            Domain::Application => listed(tree::VocabularyKind::Applications),
            Domain::Provider => self.references.providers.contains_key(text),
            Domain::FailureDomain => {
                self.references.providers.contains_key(text) || self.failure_domains.contains(text)
            }
            Domain::Jurisdiction => self.jurisdictions.contains(text),
            Domain::Fact(id) => {
                let symbol = self.names.find(text);
                let fact = &self.facts[id];
                symbol.is_some_and(|symbol| fact.symbols.as_slice().contains(&symbol))
            }
            _ => false,
        }
    }

    /// The attribute on the left of `in`, `has` or `covers`, or on the right of `covers`.
    pub(super) fn needed(
        &mut self,
        operand: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Attribute> {
        match self.side(operand, place, reads) {
            Side::Attribute(attribute) => Some(attribute),
            Side::Reported => None,
            Side::Other(other) => {
                self.not_an_attribute(other, place);
                None
            }
        }
    }

    pub(super) fn is_in(
        &mut self,
        span: Span,
        left: &Operand,
        items: &[Operand],
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        if self.is_in_models(span, left, items, place) {
            return None;
        }
        let attribute = self.needed(left, place, reads)?;
        if let kind @ Type::Set(_) = attribute.type_of(&self.facts) {
            let name = self.attribute_name(attribute);
            let message = format!("`in` does not test `{name}`, which is {}", kind.label());
            let help =
                sets::instead(&name, false, &items.iter().filter_map(named).collect::<Vec<_>>(), self.aim);
            self.mismatch(span, message, help);
            return None;
        }
        let before = self.findings.len();
        let mut terms = Vec::new();
        for item in items {
            terms.push(match self.side(item, place, reads) {
                Side::Reported => None,
                Side::Attribute(other) => {
                    self.one_type(attribute, other, item.span).map(|()| vec![Term::Attribute(other)])
                }
                Side::Other(Operand { kind: OperandKind::Pattern(prefix), span }) => {
                    self.pattern(attribute, prefix, *span).map(|items| items.to_vec())
                }
                Side::Other(value) => self.value(attribute, value).map(|value| vec![Term::Value(value)]),
            });
        }
        self.listed(
            before,
            &items.iter().filter_map(|item| match &item.kind {
                OperandKind::Name(text) | OperandKind::Quoted(text) => Some(text.as_str()),
                _ => None,
            }),
        );
        let terms: Option<Vec<Vec<Term>>> = terms.into_iter().collect();
        let (left, terms): (Term, Items) = (Term::Attribute(attribute), terms?.concat().into());
        let is_region = matches!(attribute.type_of(&self.facts), Type::Names(Domain::Regions(_)));
        Some(if is_region { Node::Within(left, terms) } else { Node::In(left, terms) })
    }

    pub(super) fn set_needed(
        &mut self,
        operand: &Operand,
        word: &str,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<(Attribute, tree::VocabularyKind)> {
        let attribute = self.needed(operand, place, reads)?;
        match attribute.type_of(&self.facts) {
            Type::Set(kind) => Some((attribute, kind)),
            other => {
                let name = self.attribute_name(attribute);
                let message = format!("`{word}` needs a set, and `{name}` is {}", other.label());
                self.mismatch(
                    operand.span,
                    message,
                    "sets are `compliance`, `regulations`, `residency`, `data`, \
                    `capabilities`, `model.compliance`, `model.regions`, `model.processed_in`, \
                    `model.capabilities` and, in guarantees, `audit.mask`",
                );
                None
            }
        }
    }

    pub(super) fn has(
        &mut self,
        left: &Operand,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        if self.is_held(left, right, place) {
            return None;
        }
        let set = match self.side(left, place, &mut Vec::new()) {
            Side::Attribute(attribute) if !matches!(attribute.type_of(&self.facts), Type::Set(_)) => {
                self.no_set(attribute, left, right, place);
                return None;
            }
            Side::Reported => return None,
            _ => self.set_needed(left, "has", place, reads),
        };
        let right_side = self.side(right, place, reads);
        let (attribute, kind) = set?;
        let element = match right_side {
            Side::Reported => return None,
            Side::Attribute(other) => {
                let regions = matches!(other.type_of(&self.facts), Type::Names(Domain::Regions(_)));
                if !(regions && kind == tree::VocabularyKind::Regions) {
                    let (set, name) = (self.attribute_name(attribute), self.attribute_name(other));
                    let message = format!("`{name}` cannot be an element of `{set}`");
                    let help = if matches!(other.type_of(&self.facts), Type::Set(_)) {
                        format!("to test that one set has all of another, write `{set} covers {name}`")
                    } else {
                        format!("quote it if the name `{name}` is meant: `{set} has \"{name}\"`")
                    };
                    self.mismatch(right.span, message, help);
                    return None;
                }
                Term::Attribute(other)
            }
            Side::Other(Operand { kind: OperandKind::Name(text) | OperandKind::Quoted(text), span }) => {
                let before = self.findings.len();
                let symbol = self.member(kind, text, *span, false);
                if self.findings.len() > before {
                    return None;
                }
                Term::Value(Value::Symbol(symbol))
            }
            Side::Other(other) => {
                let message = format!("`has` needs a name of `{}`, not {}", kind.name(), describe(other));
                self.mismatch(other.span, message, "write one name, as in `compliance has soc2`");
                return None;
            }
        };
        Some(Node::Has(attribute, element))
    }

    pub(super) fn covers(
        &mut self,
        left: &Operand,
        right: &Operand,
        place: Place,
        reads: &mut Vec<(Attribute, Span)>,
    ) -> Option<Node> {
        let a = self.set_needed(left, "covers", place, reads);
        let b = match (&a, named(right), self.side(right, place, &mut Vec::new())) {
            (Some((set, _)), _, Side::Other(other)) if let Some(help) = self.beside(*set, other, place) => {
                self.no_attribute(right, help);
                None
            }
            (Some((set, _)), Some(element), Side::Other(_)) => {
                let set = self.attribute_name(*set);
                if matches!(element.trim_matches('"'), "all" | "everything" | "any" | "every") {
                    self.no_attribute(right, covered(&set));
                    return None;
                }
                let known = self.attribute_names(place);
                let sets =
                    known.iter().map(String::as_str).filter(|name| words::is_set(name) && *name != set);
                let near = nearest::nearest(&element, sets);
                let promised = sets::promised(&set, false, std::slice::from_ref(&element), self.aim);
                let help = match (near.as_slice(), promised) {
                    ([], Some(promised)) => promised.into(),
                    ([], None) => {
                        format!("`covers` compares two sets: write it as `{set} has {element}`").into()
                    }
                    (near, _) => Help::near(near),
                };
                self.no_attribute(right, help);
                None
            }
            (_, _, Side::Reported) => None,
            _ => self.set_needed(right, "covers", place, reads),
        };
        let ((a, x), (b, y)) = (a?, b?);
        if x != y {
            self.one_type(a, b, left.span.to(right.span))?;
        }
        Some(Node::Covers(a, b))
    }
}

/// What is said of `covers all`: of what it should be all.
fn covered(set: &str) -> String {
    let other = match set {
        "model.compliance" => "compliance",
        "model.capabilities" => "capabilities",
        "model.regions" | "model.processed_in" => "residency",
        "compliance" => "regulations",
        _ => return format!("`covers` compares two sets: name what it must have, as in `{set} has …`"),
    };
    format!("say of which set it must have all, as in `{set} covers {other}`")
}
