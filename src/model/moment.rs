//! The day of a world, and what is taken to have ended or begun on it whatever its own days say.

use std::collections::{BTreeMap, BTreeSet};

use super::{Date, EndingKind, ModelId};
use crate::source::Span;
use crate::syntax::tree::Force;

/// A day, and what is taken to have ended or begun on it besides.
#[derive(Debug, Clone)]
pub struct Moment {
    day: Date,
    /// The day that statements are taken to be on.
    statements: Date,
    /// Entries of the registry by place, with the provider or model that has each: a YAML alias shares a place.
    ended: BTreeMap<Span, Vec<String>>,
    /// Heads of statements.
    resting: BTreeSet<Span>,
    /// Heads of statements.
    begun: BTreeSet<Span>,
}

impl Moment {
    /// A day on which everything is as it says.
    pub fn on(day: Date) -> Self {
        Self {
            day,
            statements: day,
            ended: BTreeMap::new(),
            resting: BTreeSet::new(),
            begun: BTreeSet::new(),
        }
    }

    /// The same with the statements that are in force on another day.
    #[must_use]
    pub fn with_statements_of(self, day: Date) -> Self {
        Self { statements: day, ..self }
    }

    /// The day for which everything is decided.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Takes an entry of the registry to have ended.
    pub fn end(&mut self, expiry: &Expiry) {
        self.ended.entry(expiry.span).or_default().push(expiry.owner.clone());
    }

    /// Takes the statement with this head to be over.
    pub fn end_statement(&mut self, head: Span) {
        self.resting.insert(head);
    }

    /// Takes the statement with this head to be in force.
    pub fn begin_statement(&mut self, head: Span) {
        self.begun.insert(head);
    }

    /// Whether an entry of the registry is over: its last day has passed, or it is taken to have ended.
    pub(super) fn is_over(&self, last_day: Option<Date>, owner: &str, span: Span) -> bool {
        let ended = || self.ended.get(&span).is_some_and(|owners| owners.iter().any(|known| known == owner));
        last_day.is_some_and(|last| last < self.day) || ended()
    }

    /// Whether a statement is in force.
    pub(super) fn has(&self, force: Force, head: Span) -> bool {
        self.begun.contains(&head) || (force.holds(self.statements) && !self.resting.contains(&head))
    }
}

/// An entry of the registry whose last day is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// What kind of entry ends.
    pub kind: EndingKind,
    /// The name of a certification.
    pub name: String,
    /// The provider's name or the model's id where it stands.
    pub owner: String,
    /// The last day on which it stands.
    pub last_day: Date,
    /// The models that it bears on, none of them for evidence of a provider without models.
    pub models: Vec<ModelId>,
    /// What tells it from every other entry: where its last day or the whole of it is written.
    pub span: Span,
    /// The line at which it stands: of a model that ends, its name.
    pub place: Span,
}

impl Expiry {
    /// What ends, as a table says it.
    pub fn words(&self) -> String {
        let Self { name, owner, .. } = self;
        match self.kind {
            EndingKind::Certification => format!("certification {name} of {owner}"),
            EndingKind::Dpa => format!("agreement of {owner}"),
            EndingKind::Evidence => format!("evidence of {owner}"),
            EndingKind::Model => format!("model {owner}"),
        }
    }
}
