//! The attributes of the language and their types.

use super::{Axis, BudgetId, ClassificationId, Classifications, FactDomain, FactId, VocabularyKind};
use crate::vocabulary::{Criticality, DpaStatus, ModelTier, Risk};

/// Something an expression can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Of the request: bare names.
    Request(RequestAttribute),
    /// Of a candidate: `model.…`.
    Model(ModelAttribute),
    /// Of the primary and the targets together: `chain.…`.
    Chain(ChainAttribute),
    /// Of what the decision obliges to: `audit.…`, `failover.…` and whether a budget or quota covers it.
    Duty(DutyAttribute),
}

/// The attributes of one subject: for each its variant, name, type and meaning.
///
/// Whoever matches on them does so without `_`: what is added here is then found by following the compiler.
macro_rules! attributes {
    (
        $(#[$about:meta])* $name:ident
        { $($variant:ident $written:literal $kind:expr, $doc:literal;)* }
        $(with $(#[$extra_doc:meta])* $extra:ident($payload:ty) $extra_name:literal)*
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $doc] $variant,)*
            $($(#[$extra_doc])* $extra($payload),)*
        }

        impl $name {
            /// All whose names are the language's, in the order of the specification.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name as it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $written,)*
                    $(Self::$extra(_) => $extra_name,)*
                }
            }

            /// What it means, in a few words.
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                    $(Self::$extra(_) => $extra_name,)*
                }
            }

            /// Its type, where the language fixes it.
            fn fixed_type(self) -> Option<Type> {
                match self {
                    $(Self::$variant => Some($kind),)*
                    $(Self::$extra(_) => None,)*
                }
            }
        }
    };
}

attributes! {
    /// What is read of the request.
    RequestAttribute {
        UseCase "use_case" Type::Names(Domain::UseCase), "the use case";
        BusinessUnit "business_unit" Type::Names(Domain::BusinessUnit), "the business unit that owns it";
        Team "team" Type::Names(Domain::Team), "the team that owns it";
        Project "project" Type::Names(Domain::Project), "the project that it belongs to";
        Application "application" Type::Names(Domain::Application), "the calling agent or application";
        Workload "workload" Type::Names(Domain::Workload), "interactive or batch";
        Classification "classification" Type::Ordered(Order::Classification), "how confidential the request is";
        Risk "risk" Type::Ordered(Order::Risk), "its risk class";
        Criticality "criticality" Type::Ordered(Order::Criticality), "how critical it is";
        Compliance "compliance" Type::Set(VocabularyKind::Compliance), "certifications that every serving model must hold";
        Regulations "regulations" Type::Set(VocabularyKind::Compliance), "regulations that it falls under";
        Residency "residency" Type::Set(VocabularyKind::Regions), "regions where it may be processed";
        Data "data" Type::Set(VocabularyKind::Data), "kinds of data in the prompt";
        Capabilities "capabilities" Type::Set(VocabularyKind::Capabilities), "what the model must be able to do";
        RetentionMax "retention_max" Type::Duration, "how long a provider may keep it";
        LatencySla "latency_sla" Type::Duration, "how soon it must be answered";
        AvailabilityTarget "availability_target" Type::Percent, "how available its chain must be";
        MinContext "min_context" Type::Number, "the smallest context window that will do";
        RegulatedOutput "regulated_output" Type::Boolean, "whether the output is regulated";
        BudgetRemaining "budget.remaining" Type::Percent, "the smallest share left of the budgets that apply";
    }
    with /// `budget.NAME.remaining`.
    Share(BudgetId) "what remains of a budget"
    with /// A declared fact.
    Fact(FactId) "a fact"
}

attributes! {
    /// What is read of a candidate.
    ModelAttribute {
        Id "model.id" Type::Names(Domain::ModelId), "`provider/name`";
        Provider "model.provider" Type::Names(Domain::Provider), "the provider";
        FailureDomain "model.failure_domain" Type::Names(Domain::FailureDomain), "what falls together with it";
        Hosting "model.hosting" Type::Names(Domain::Hosting), "cloud, private-cloud or self-hosted";
        Jurisdiction "model.jurisdiction" Type::Names(Domain::Jurisdiction), "where the provider is established";
        Lifecycle "model.lifecycle" Type::Names(Domain::Lifecycle), "preview, active, deprecated or retired";
        Tier "model.tier" Type::Ordered(Order::Tier), "economy, standard or premium";
        Dpa "model.dpa" Type::Ordered(Order::Dpa), "the state of the data processing agreement";
        Ceiling "model.data_classification_max" Type::Ordered(Order::Classification), "the highest classification that it may see";
        Compliance "model.compliance" Type::Set(VocabularyKind::Compliance), "certifications that it holds";
        Regions "model.regions" Type::Set(VocabularyKind::Regions), "regions where it may process";
        ProcessedIn "model.processed_in" Type::Set(VocabularyKind::Regions), "regions where this request would be processed";
        Capabilities "model.capabilities" Type::Set(VocabularyKind::Capabilities), "what it is able to do";
        Retention "model.retention" Type::Duration, "how long the provider keeps prompts";
        LatencyP50 "model.latency_p50" Type::Duration, "median latency";
        LatencyP95 "model.latency_p95" Type::Duration, "latency that 95% of the requests stay below";
        Availability "model.availability" Type::Percent, "the share of time in which it answers";
        ContextWindow "model.context_window" Type::Number, "tokens that a request may have";
        Cost "model.cost" Type::Rate, "blended cost for the use case";
        InputCost "model.input_cost" Type::Rate, "plain price of input";
        OutputCost "model.output_cost" Type::Rate, "plain price of output";
        TrainsOnData "model.trains_on_data" Type::Boolean, "whether the provider trains on prompts";
        OpenWeights "model.open_weights" Type::Boolean, "whether its weights are open";
        RegionSelectable "model.region_selectable" Type::Boolean, "whether a request can be pinned to one of its regions";
    }
}

attributes! {
    /// What is read of the primary and the targets of the outage path together.
    ChainAttribute {
        Length "chain.length" Type::Number, "how many there are, the primary included";
        Providers "chain.providers" Type::Number, "how many distinct providers";
        FailureDomains "chain.failure_domains" Type::Number, "how many distinct failure domains";
        MaxCostMultiplier "chain.max_cost_multiplier" Type::Multiplier, "the largest cost multiplier";
        Availability "chain.availability" Type::Percent, "how available they are together";
    }
}

attributes! {
    /// What is read of a decision's obligations.
    DutyAttribute {
        Retain "audit.retain" Type::Duration, "how long records are kept, in whole days";
        Lineage "audit.lineage" Type::Boolean, "whether lineage is required";
        Mask "audit.mask" Type::Set(VocabularyKind::Data), "kinds of data that are masked";
        Logged "failover.logged" Type::Boolean, "whether every path with a target is logged";
        Notified "failover.notified" Type::Boolean, "whether somebody is told of every path with a target";
        BudgetCovered "budget.covered" Type::Boolean, "whether a budget covers it";
        QuotaCovered "quota.covered" Type::Boolean, "whether a quota covers it";
    }
}

/// What an attribute speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// What asks: a use case in one of its contexts.
    Request,
    /// A model that may serve it: `model.…`.
    Model,
    /// The whole chain of targets.
    Chain,
    /// The obligations of the decision.
    Duty,
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
    FailureDomain,
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

/// A level of one of the orders. Conditions compare those of one order only, and of it by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub enum Level {
    Classification(ClassificationId),
    Risk(Risk),
    Criticality(Criticality),
    Tier(ModelTier),
    Dpa(DpaStatus),
}

impl Level {
    /// The level of an order that a name stands for.
    pub fn parse(order: Order, name: &str, classifications: &Classifications) -> Option<Self> {
        match order {
            Order::Classification => {
                classifications.position(|known| *known == name).map(Self::Classification)
            }
            Order::Risk => Risk::parse(name).map(Self::Risk),
            Order::Criticality => Criticality::parse(name).map(Self::Criticality),
            Order::Tier => ModelTier::parse(name).map(Self::Tier),
            Order::Dpa => DpaStatus::parse(name).map(Self::Dpa),
        }
    }

    /// Its name in the workspace that it is of.
    pub fn name(self, classifications: &Classifications) -> &str {
        match self {
            Self::Classification(id) => &classifications[id],
            Self::Risk(risk) => risk.name(),
            Self::Criticality(criticality) => criticality.name(),
            Self::Tier(tier) => tier.name(),
            Self::Dpa(status) => status.name(),
        }
    }
}

impl Order {
    /// Its names, lowest first; of classifications the workspace's.
    pub fn levels(self, classifications: &Classifications) -> Vec<&str> {
        match self {
            Self::Classification => classifications.iter().map(String::as_str).collect(),
            Self::Risk => Risk::NAMES.to_vec(),
            Self::Criticality => Criticality::NAMES.to_vec(),
            Self::Tier => ModelTier::NAMES.to_vec(),
            Self::Dpa => DpaStatus::NAMES.to_vec(),
        }
    }
}

/// The budget of which an attribute is the share that is left: NAME of `budget.NAME.remaining`.
pub fn budget_of_share(attribute: &str) -> Option<&str> {
    attribute.strip_prefix("budget.")?.strip_suffix(".remaining")
}

impl Attribute {
    /// All whose names are the language's.
    pub fn all() -> impl Iterator<Item = Self> {
        let request = RequestAttribute::ALL.iter().copied().map(Self::Request);
        let model = ModelAttribute::ALL.iter().copied().map(Self::Model);
        let chain = ChainAttribute::ALL.iter().copied().map(Self::Chain);
        let duty = DutyAttribute::ALL.iter().copied().map(Self::Duty);
        request.chain(model).chain(chain).chain(duty)
    }

    /// The attribute of a name, facts aside.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|attribute| attribute.name() == name)
    }

    /// A declared fact.
    pub fn fact(id: FactId) -> Self {
        Self::Request(RequestAttribute::Fact(id))
    }

    /// Its name, facts aside (theirs are the workspace's).
    pub fn name(self) -> &'static str {
        match self {
            Self::Request(attribute) => attribute.name(),
            Self::Model(attribute) => attribute.name(),
            Self::Chain(attribute) => attribute.name(),
            Self::Duty(attribute) => attribute.name(),
        }
    }

    /// Whether a context decides it, rather than the use case, the model or the chain.
    pub fn is_of_context(self) -> bool {
        self.axis().is_some()
    }

    /// Whether it is about where a request may be processed, which `process in` narrows in some contexts and not in others.
    pub fn is_of_place(self) -> bool {
        matches!(self, Self::Request(RequestAttribute::Residency) | Self::Model(ModelAttribute::ProcessedIn))
    }

    /// The axis of contexts that it reads; none where the use case, the model or the chain decides it.
    pub fn axis(self) -> Option<Axis> {
        match self {
            Self::Request(attribute) => attribute.axis(),
            Self::Model(_) | Self::Chain(_) | Self::Duty(_) => None,
        }
    }

    /// What it speaks of.
    pub fn subject(self) -> Subject {
        match self {
            Self::Request(_) => Subject::Request,
            Self::Model(_) => Subject::Model,
            Self::Chain(_) => Subject::Chain,
            Self::Duty(_) => Subject::Duty,
        }
    }

    /// Its type, given what facts are.
    pub fn type_of(self, facts: &super::Table<super::Fact>) -> Type {
        let fixed = match self {
            Self::Request(RequestAttribute::Fact(id)) => {
                return match facts[id].domain {
                    FactDomain::Regions => Type::Names(Domain::Regions(id)),
                    FactDomain::Classifications => Type::Ordered(Order::Classification),
                    FactDomain::Own => Type::Names(Domain::Fact(id)),
                };
            }
            Self::Request(RequestAttribute::Share(_)) => Some(Type::Percent),
            Self::Request(attribute) => attribute.fixed_type(),
            Self::Model(attribute) => attribute.fixed_type(),
            Self::Chain(attribute) => attribute.fixed_type(),
            Self::Duty(attribute) => attribute.fixed_type(),
        };
        fixed.unwrap_or(Type::Boolean)
    }
}

impl RequestAttribute {
    /// The axis of contexts that it reads; none where the use case decides it.
    pub fn axis(self) -> Option<Axis> {
        match self {
            Self::Classification => Some(Axis::Classification),
            Self::BudgetRemaining => Some(Axis::Budget),
            Self::Share(budget) => Some(Axis::Share(budget)),
            Self::Fact(fact) => Some(Axis::Fact(fact)),
            Self::UseCase
            | Self::BusinessUnit
            | Self::Team
            | Self::Project
            | Self::Application
            | Self::Workload
            | Self::Risk
            | Self::Criticality
            | Self::Compliance
            | Self::Regulations
            | Self::Residency
            | Self::Data
            | Self::Capabilities
            | Self::RetentionMax
            | Self::LatencySla
            | Self::AvailabilityTarget
            | Self::MinContext
            | Self::RegulatedOutput => None,
        }
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
