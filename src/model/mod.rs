//! The world by index: names resolved, expressions typed, values inherited. All that later stages read.

mod advice;
mod advice_selectors;
mod alone;
pub mod attribute;
pub mod build;
pub mod context;
mod cuts;
mod dotted;
mod down;
mod drill;
mod entity;
mod estate;
mod expiry;
pub mod expr;
mod force;
mod index;
mod lists;
pub mod moment;
pub mod names;
mod other_kind;
mod places;
mod policy;
pub mod policy_parts;
pub mod price;
mod reference;
pub mod regions;
mod registry;
pub mod reviews;
mod spent;
mod statement;
mod test_statement;
pub mod trigger;
mod typing;
mod view;
pub mod words;

use std::sync::Arc;

use crate::estate::Estate;
pub use crate::registry::Date;
use crate::registry::Registry;
pub use crate::registry::{LongPrompt, RateLimits};
use crate::source::Span;
use crate::syntax::tree::File;
pub use crate::syntax::tree::{
    Aspect, Dimension, Mode, Period, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};
pub use context::{Axis, Band, Context, Share};
pub use down::Down;
pub use drill::{Drill, days_between};
pub use entity::*;
pub use expr::Expr;
pub use force::Timed;
pub use index::{Id, IdSet, Table};
pub use moment::{Expiry, Moment};
use names::{Interner, Symbol};
pub use price::Usage;
pub use statement::*;

/// A model of [`World::models`], which is sorted by id: the order of indices is the byte order of ids.
pub type ModelId = Id<Model>;
/// A provider of [`World::providers`], which is sorted by name.
pub type ProviderId = Id<Provider>;
/// A use case of [`World::use_cases`], which is sorted by name.
pub type UseCaseId = Id<UseCase>;
/// A rule of [`World::rules`], which is sorted by name.
pub type RuleId = Id<Rule>;
/// A failover statement of [`World::failovers`], which is sorted by name.
pub type FailoverId = Id<Failover>;
/// A budget of [`World::budgets`], which is sorted by name.
pub type BudgetId = Id<Budget>;
/// A quota of [`World::quotas`], which is sorted by name.
pub type QuotaId = Id<Quota>;
/// An audit statement of [`World::audits`], which is sorted by name.
pub type AuditId = Id<Audit>;
/// A guarantee of [`World::guarantees`], which is sorted by name.
pub type GuaranteeId = Id<Guarantee>;
/// A fact of [`World::facts`], which is sorted by name.
pub type FactId = Id<Fact>;
/// Where a value stands among those that its fact declares.
pub type FactValueId = Id<FactValue>;
/// A level of [`World::classifications`], which stand lowest first: of two ids, the greater is the more sensitive one.
pub type ClassificationId = Id<Classification>;
/// The names of classifications, lowest first.
pub type Classifications = Table<Classification, String>;

/// What a world is made from.
#[derive(Debug, Default)]
pub struct Written {
    /// Parsed, in the order of their paths.
    pub policies: Arc<Vec<File>>,
    /// Providers and models.
    pub registry: Arc<Registry>,
    /// The use cases as they are written.
    pub estate: Arc<Estate>,
}

/// The classifications of a workspace that names none, lowest first.
pub const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];

/// A whole workspace, resolved and typed.
#[derive(Debug, Clone)]
pub struct World {
    /// The date that expiries are measured against.
    pub as_of: Date,
    /// Every name, by symbol.
    pub names: Interner,
    /// How sensitive data may be, lowest first.
    pub classifications: Classifications,
    /// Tiers, first to last.
    pub precedence: [Tier; 4],
    /// Facts by name.
    pub facts: Table<Fact>,
    /// Providers by name.
    pub providers: Table<Provider>,
    /// What may be down as a whole: the providers, and the failure domains that the registry states, by name.
    pub failure_domains: Vec<Symbol>,
    /// Models by id.
    pub models: Table<Model>,
    /// Use cases by name.
    pub use_cases: Table<UseCase>,
    /// Drills by day. No decision reads them.
    pub drills: Vec<Drill>,
    /// Rules by name.
    pub rules: Table<Rule>,
    /// Failover statements by name.
    pub failovers: Table<Failover>,
    /// Budgets by name.
    pub budgets: Table<Budget>,
    /// Quotas by name.
    pub quotas: Table<Quota>,
    /// Attribution, if stated.
    pub attribution: Option<Attribution>,
    /// Audit statements by name.
    pub audits: Table<Audit>,
    /// Guarantees by name.
    pub guarantees: Table<Guarantee>,
    /// Tests by name.
    pub tests: Vec<Test>,
    /// Statements that say when they are in force, those that are not included, as written.
    pub timed: Vec<Timed>,
    /// Entries of the registry with a last day that has not passed, as written.
    pub expiries: Vec<Expiry>,
    /// What it was made from, where something in it ends or begins: to ask what is decided then.
    pub written: Option<Arc<Written>>,
    /// What lies within what.
    pub regions: regions::Regions,
    /// The bands of `budget.remaining`, lowest first; at least one.
    pub bands: Table<Band>,
    /// The budgets whose own `budget.NAME.remaining` is compared, by name.
    pub shares: Vec<Share>,
}

impl World {
    /// Leaves out some use cases, and every drill and test, which name use cases by where they stand.
    pub fn keep_use_cases(&mut self, keep: impl FnMut(&UseCase) -> bool) {
        let all = std::mem::take(&mut self.use_cases);
        self.use_cases = all.into_iter().filter(keep).collect();
        self.drills.clear();
        self.tests.clear();
    }

    /// The models that a reference names: one by id, `provider/alias` or alias, all that share a bare name.
    pub fn find_model(&self, reference: &str) -> Vec<ModelId> {
        if let Some(id) = self.models.position(|model| model.id == reference) {
            return vec![id];
        }
        let provider = |model: &Model| self.providers[model.provider].name.value.as_str();
        let full_alias = |model: &Model| {
            reference
                .strip_prefix(provider(model))
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| model.aliases.iter().any(|alias| alias == rest))
        };
        if let Some(id) = self.models.position(full_alias) {
            return vec![id];
        }
        let bare = self.models.ids().filter(|id| self.models[*id].name.value == reference);
        let bare: Vec<ModelId> = bare.collect();
        if !bare.is_empty() {
            return bare;
        }
        let alias = self.models.position(|model| model.aliases.iter().any(|alias| alias == reference));
        alias.into_iter().collect()
    }
}

/// How sensitive data is. Nothing is known of it besides its name and its place.
#[derive(Debug, Clone, Copy)]
pub enum Classification {}

/// A fact that requests may state.
#[derive(Debug, Clone)]
pub struct Fact {
    /// As policies and requests write it.
    pub name: String,
    /// Where it is declared: the place of findings about it.
    pub span: Span,
    /// Values in declared order.
    pub values: Table<FactValue, String>,
    /// The values' symbols, in the same order.
    pub symbols: Table<FactValue, Symbol>,
    /// The value of a request that does not state it.
    pub default: FactValueId,
    /// What its values are.
    pub domain: FactDomain,
}

/// One of the values of a fact. Nothing is known of it besides its text and its place.
#[derive(Debug, Clone, Copy)]
pub enum FactValue {}

/// What a fact's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactDomain {
    /// A type of its own.
    Own,
    /// Every name of the vocabulary `regions`.
    Regions,
    /// Classifications, ordered; the value's index is its level.
    Classifications,
}
