//! The attributes of the language and their types.

use super::{FactDomain, FactId, VocabularyKind};

/// Something an expression can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub enum Attribute {
    UseCase,
    BusinessUnit,
    Team,
    Project,
    Application,
    Workload,
    Classification,
    Risk,
    Criticality,
    Compliance,
    Regulations,
    Residency,
    Data,
    Capabilities,
    RetentionMax,
    LatencySla,
    AvailabilityTarget,
    MinContext,
    RegulatedOutput,
    BudgetRemaining,
    Fact(FactId),
    ModelId,
    ModelProvider,
    ModelHosting,
    ModelJurisdiction,
    ModelLifecycle,
    ModelTier,
    ModelDpa,
    ModelCeiling,
    ModelCompliance,
    ModelRegions,
    ModelCapabilities,
    ModelRetention,
    ModelLatencyP50,
    ModelLatencyP95,
    ModelAvailability,
    ModelContextWindow,
    ModelCost,
    ModelInputCost,
    ModelOutputCost,
    ModelTrainsOnData,
    ModelOpenWeights,
    ChainLength,
    ChainProviders,
    ChainMaxCostMultiplier,
    ChainAvailability,
}

/// What an attribute speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The request.
    Request,
    /// A candidate.
    Model,
    /// The whole chain of targets.
    Chain,
}

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the types of docs/language.md")]
pub enum Type {
    Names(Domain),
    Ordered(Order),
    Set(VocabularyKind),
    Number,
    Multiplier,
    Duration,
    Percent,
    Rate,
    Boolean,
}

/// Where the values of a names attribute come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub enum Domain {
    UseCase,
    BusinessUnit,
    Team,
    Project,
    Application,
    Workload,
    ModelId,
    Provider,
    Hosting,
    Jurisdiction,
    Lifecycle,
    /// A fact in regions: its values are regions.
    Regions(FactId),
    /// A fact with values of its own.
    Fact(FactId),
}

impl Domain {
    /// Whether values of both may be compared: the same one, or regions both.
    pub fn same(self, other: Domain) -> bool {
        self == other || matches!((self, other), (Self::Regions(_), Self::Regions(_)))
    }
}

/// An order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub enum Order {
    Classification,
    Risk,
    Criticality,
    Tier,
    Dpa,
}

impl Order {
    /// Its names, lowest first; of classifications the workspace's.
    pub fn levels(self, classifications: &[String]) -> Vec<&str> {
        match self {
            Self::Classification => classifications.iter().map(String::as_str).collect(),
            Self::Risk => vec!["minimal", "limited", "high"],
            Self::Criticality => vec!["low", "normal", "high"],
            Self::Tier => vec!["economy", "standard", "premium"],
            Self::Dpa => vec!["none", "pending", "confirmed"],
        }
    }
}

/// The attributes that are not facts, with names and types.
pub const ATTRIBUTES: &[(Attribute, &str, Type)] = &[
    (Attribute::UseCase, "use_case", Type::Names(Domain::UseCase)),
    (Attribute::BusinessUnit, "business_unit", Type::Names(Domain::BusinessUnit)),
    (Attribute::Team, "team", Type::Names(Domain::Team)),
    (Attribute::Project, "project", Type::Names(Domain::Project)),
    (Attribute::Application, "application", Type::Names(Domain::Application)),
    (Attribute::Workload, "workload", Type::Names(Domain::Workload)),
    (Attribute::Classification, "classification", Type::Ordered(Order::Classification)),
    (Attribute::Risk, "risk", Type::Ordered(Order::Risk)),
    (Attribute::Criticality, "criticality", Type::Ordered(Order::Criticality)),
    (Attribute::Compliance, "compliance", Type::Set(VocabularyKind::Compliance)),
    (Attribute::Regulations, "regulations", Type::Set(VocabularyKind::Compliance)),
    (Attribute::Residency, "residency", Type::Set(VocabularyKind::Regions)),
    (Attribute::Data, "data", Type::Set(VocabularyKind::Data)),
    (Attribute::Capabilities, "capabilities", Type::Set(VocabularyKind::Capabilities)),
    (Attribute::RetentionMax, "retention_max", Type::Duration),
    (Attribute::LatencySla, "latency_sla", Type::Duration),
    (Attribute::AvailabilityTarget, "availability_target", Type::Percent),
    (Attribute::MinContext, "min_context", Type::Number),
    (Attribute::RegulatedOutput, "regulated_output", Type::Boolean),
    (Attribute::BudgetRemaining, "budget.remaining", Type::Percent),
    (Attribute::ModelId, "model.id", Type::Names(Domain::ModelId)),
    (Attribute::ModelProvider, "model.provider", Type::Names(Domain::Provider)),
    (Attribute::ModelHosting, "model.hosting", Type::Names(Domain::Hosting)),
    (Attribute::ModelJurisdiction, "model.jurisdiction", Type::Names(Domain::Jurisdiction)),
    (Attribute::ModelLifecycle, "model.lifecycle", Type::Names(Domain::Lifecycle)),
    (Attribute::ModelTier, "model.tier", Type::Ordered(Order::Tier)),
    (Attribute::ModelDpa, "model.dpa", Type::Ordered(Order::Dpa)),
    (Attribute::ModelCeiling, "model.data_classification_max", Type::Ordered(Order::Classification)),
    (Attribute::ModelCompliance, "model.compliance", Type::Set(VocabularyKind::Compliance)),
    (Attribute::ModelRegions, "model.regions", Type::Set(VocabularyKind::Regions)),
    (Attribute::ModelCapabilities, "model.capabilities", Type::Set(VocabularyKind::Capabilities)),
    (Attribute::ModelRetention, "model.retention", Type::Duration),
    (Attribute::ModelLatencyP50, "model.latency_p50", Type::Duration),
    (Attribute::ModelLatencyP95, "model.latency_p95", Type::Duration),
    (Attribute::ModelAvailability, "model.availability", Type::Percent),
    (Attribute::ModelContextWindow, "model.context_window", Type::Number),
    (Attribute::ModelCost, "model.cost", Type::Rate),
    (Attribute::ModelInputCost, "model.input_cost", Type::Rate),
    (Attribute::ModelOutputCost, "model.output_cost", Type::Rate),
    (Attribute::ModelTrainsOnData, "model.trains_on_data", Type::Boolean),
    (Attribute::ModelOpenWeights, "model.open_weights", Type::Boolean),
    (Attribute::ChainLength, "chain.length", Type::Number),
    (Attribute::ChainProviders, "chain.providers", Type::Number),
    (Attribute::ChainMaxCostMultiplier, "chain.max_cost_multiplier", Type::Multiplier),
    (Attribute::ChainAvailability, "chain.availability", Type::Percent),
];

impl Attribute {
    /// The attribute of a name, facts aside.
    pub fn named(name: &str) -> Option<Self> {
        ATTRIBUTES.iter().find(|(_, known, _)| *known == name).map(|(attribute, ..)| *attribute)
    }

    /// Its name, facts aside (theirs are the workspace's).
    pub fn name(self) -> &'static str {
        ATTRIBUTES.iter().find(|(known, ..)| *known == self).map_or("a fact", |(_, name, _)| name)
    }

    /// Whether a context decides it, rather than the use case, the model or the chain.
    pub fn is_of_context(self) -> bool {
        matches!(self, Self::Classification | Self::BudgetRemaining | Self::Fact(_))
    }

    /// What it speaks of.
    pub fn subject(self) -> Subject {
        let name = self.name();
        if name.starts_with("model.") {
            Subject::Model
        } else if name.starts_with("chain.") {
            Subject::Chain
        } else {
            Subject::Request
        }
    }

    /// Its type, given what facts are.
    pub fn type_of(self, facts: &[super::Fact]) -> Type {
        if let Self::Fact(id) = self {
            return match facts.get(id).map(|fact| fact.domain) {
                Some(FactDomain::Regions) => Type::Names(Domain::Regions(id)),
                Some(FactDomain::Classifications) => Type::Ordered(Order::Classification),
                _ => Type::Names(Domain::Fact(id)),
            };
        }
        ATTRIBUTES.iter().find(|(known, ..)| *known == self).map_or(Type::Boolean, |(.., kind)| *kind)
    }
}

impl Type {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Names(_) => "a name",
            Self::Ordered(_) => "an ordered name",
            Self::Set(_) => "a set",
            Self::Number => "a number",
            Self::Multiplier => "a number or a multiplier such as `3x`",
            Self::Duration => "a duration such as `30 days`",
            Self::Percent => "a percent such as `20%`",
            Self::Rate => "a rate such as `2 usd per 1m tokens`",
            Self::Boolean => "`true` or `false`",
        }
    }
}
