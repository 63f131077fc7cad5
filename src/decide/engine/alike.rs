//! Use cases that a decision cannot tell apart: one of them is decided, and the others are like it.
//!
//! What gates, prices and conditions read of a use case stands in its key, all of it but what nothing in this world reads:
//! who owns it, how much it is expected to be used, and names that no condition names.

use std::collections::{BTreeSet, HashMap, HashSet};

use fixedbitset::FixedBitSet;

use super::Engine;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::expr::{Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{BudgetId, Expr, PreferKind, UseCase, UseCaseId, World};
use crate::model::{ClassificationId, price::Usage};
use crate::number::Rational;
use crate::vocabulary::{Criticality, Risk};

/// Everything that a decision may depend on.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Traits<'w> {
    approved: FixedBitSet,
    /// The name, business unit, team, project and application, as far as conditions can tell.
    names: [Stated; 5],
    workload: Symbol,
    levels: (ClassificationId, Option<Risk>, Criticality),
    sets: [&'w Set; 5],
    quantities: [&'w Option<Rational>; 4],
    regulated_output: bool,
    data_sources: usize,
    shares: &'w [BudgetId],
    blend: &'w (Rational, Rational),
    usage: &'w Usage,
}

/// A name that a use case may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stated {
    /// No condition reads it.
    Unread,
    /// It has none.
    None,
    /// One that no condition names: all of these are alike.
    Other,
    Name(Symbol),
}

/// What the conditions of a world read of names.
#[derive(Debug, Default)]
struct Read {
    attributes: BTreeSet<RequestAttribute>,
    /// Every name that stands in a condition.
    named: HashSet<Symbol>,
    /// Whether some condition holds two attributes against each other.
    compares_attributes: bool,
}

impl Engine<'_> {
    /// Per use case the first one that is decided alike in every context: itself, if none before it is.
    pub fn first_alike(&self) -> Vec<UseCaseId> {
        let all: Vec<UseCaseId> = self.world.use_cases.ids().collect();
        self.first_alike_among(&all)
    }

    /// The same among some use cases, for each of them.
    pub fn first_alike_among(&self, ids: &[UseCaseId]) -> Vec<UseCaseId> {
        let read = Read::of(self.world);
        let mut known: HashMap<Traits, UseCaseId> = HashMap::new();
        let key = |id: &UseCaseId| self.key_of(&read, &self.world.use_cases[*id]);
        ids.iter().map(|id| *known.entry(key(id)).or_insert(*id)).collect()
    }

    /// The key of a use case. Every field is named, so that a new one is not forgotten.
    fn key_of<'a>(&self, read: &Read, use_case: &'a UseCase) -> Traits<'a> {
        let UseCase {
            name,
            symbol,
            business_unit,
            team,
            project,
            application,
            workload,
            classification,
            risk,
            criticality,
            compliance,
            regulations,
            residency,
            data,
            capabilities,
            retention_max,
            latency_sla,
            availability_target,
            min_context,
            regulated_output,
            data_sources,
            shares,
            blend,
            usage,
            // People, forecasts and messages read these.
            span: _,
            owner: _,
            endpoint_tag: _,
            classification_span: _,
            requests: _,
            tokens: _,
            peak_requests_per_minute: _,
            budget_estimate: _,
            spans: _,
        } = use_case;
        Traits {
            approved: self.index.approved(&name.value),
            names: [
                read.stated(RequestAttribute::UseCase, Some(*symbol)),
                read.stated(RequestAttribute::BusinessUnit, *business_unit),
                read.stated(RequestAttribute::Team, *team),
                read.stated(RequestAttribute::Project, *project),
                read.stated(RequestAttribute::Application, *application),
            ],
            workload: *workload,
            levels: (*classification, *risk, *criticality),
            sets: [compliance, regulations, residency, data, capabilities],
            quantities: [retention_max, latency_sla, availability_target, min_context],
            regulated_output: *regulated_output,
            data_sources: *data_sources,
            shares,
            blend,
            usage,
        }
    }
}

impl Read {
    fn of(world: &World) -> Self {
        let mut read = Self::default();
        for rule in &world.rules {
            read.all(rule.when.as_ref());
            read.all(rule.promises.iter().map(|promise| &promise.expr));
            read.all(rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
                PreferKind::Where(expr) => Some(expr),
                _ => None,
            }));
        }
        read.all(world.failovers.iter().filter_map(|failover| failover.when.as_ref()));
        read.all(world.budgets.iter().filter_map(|budget| budget.when.as_ref()));
        read.all(world.quotas.iter().filter_map(|quota| quota.when.as_ref()));
        read.all(world.audits.iter().filter_map(|audit| audit.when.as_ref()));
        for guarantee in &world.guarantees {
            read.all(guarantee.premise.as_ref());
            read.all(guarantee.parts.iter().map(|part| &part.expr));
        }
        read
    }

    fn all<'w>(&mut self, expressions: impl IntoIterator<Item = &'w Expr>) {
        for expr in expressions {
            let request = expr.reads.iter().filter_map(|(attribute, _)| match attribute {
                Attribute::Request(attribute) => Some(*attribute),
                Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
            });
            self.attributes.extend(request);
            expr.root.walk(&mut |node| self.node(node));
        }
    }

    fn node(&mut self, node: &Node) {
        let attributes =
            |terms: &[&Term]| terms.iter().filter(|term| matches!(term, Term::Attribute(_))).count();
        let terms: Vec<&Term> = match node {
            Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Is(_) => return,
            Node::Covers(..) => {
                self.compares_attributes = true;
                return;
            }
            Node::Compare(left, _, right) => vec![left, right],
            Node::In(term, items) | Node::Within(term, items) => {
                [term].into_iter().chain(items.iter()).collect()
            }
            Node::Has(_, term) => vec![term],
        };
        let own = usize::from(matches!(node, Node::Has(..)));
        self.compares_attributes |= own + attributes(&terms) > 1;
        self.named.extend(terms.iter().filter_map(|term| match term {
            Term::Value(Value::Symbol(symbol)) => Some(*symbol),
            _ => None,
        }));
    }

    /// What conditions can tell of a name.
    fn stated(&self, attribute: RequestAttribute, name: Option<Symbol>) -> Stated {
        if !self.attributes.contains(&attribute) {
            return Stated::Unread;
        }
        match name {
            None => Stated::None,
            Some(name) if self.compares_attributes || self.named.contains(&name) => Stated::Name(name),
            Some(_) => Stated::Other,
        }
    }
}
