//! The words of policies and of the workspace's files that stand for one of a few things: for each its variant, name and
//! meaning, once. Those that a table has come from its loader.

pub use crate::table::vocabulary::{
    BudgetActionKind, CostActionKind, Dimension, Hosting, Mode, Period, TerminalKind, Trigger,
};

use crate::table::vocabulary;

vocabulary! {
    /// The vocabularies that a list can close.
    VocabularyKind {
        Compliance "compliance", "certifications and regulations";
        Regions "regions", "where a request may be processed";
        Data "data", "kinds of data in a prompt";
        Capabilities "capabilities", "what a model is able to do";
        Teams "teams", "teams that own use cases";
        BusinessUnits "business_units", "business units that own use cases";
        Projects "projects", "projects that use cases belong to";
        Applications "applications", "calling agents and applications";
    }
}

impl VocabularyKind {
    /// What one of its names is called in messages.
    pub fn thing(self) -> &'static str {
        match self {
            Self::Compliance => "certification or regulation",
            Self::Regions => "region",
            Self::Data => "kind of data",
            Self::Capabilities => "capability",
            Self::Teams => "team",
            Self::BusinessUnits => "business unit",
            Self::Projects => "project",
            Self::Applications => "application",
        }
    }
}

vocabulary! {
    /// The tiers of rules.
    Tier {
        Compliance "compliance", "rules about what is allowed";
        Cost "cost", "rules about money";
        Latency "latency", "rules about speed";
        Preference "preference", "rules about taste";
    }
}

vocabulary! {
    /// What a target must share with the primary.
    Aspect {
        Compliance "compliance", "it holds every certification of the primary";
        Classification "classification", "its ceiling is not lower";
        Residency "residency", "it processes nowhere else than the primary";
        Retention "retention", "it keeps prompts no longer";
        Hosting "hosting", "it is hosted alike";
        Capabilities "capabilities", "it is able to do all that the primary is";
        ContextWindow "context-window", "its context window is larger";
    }
}

vocabulary! {
    /// What a quota counts.
    QuotaUnit {
        Requests "requests", "requests";
        Tokens "tokens", "tokens in and out";
    }
}

vocabulary! {
    /// The span over which a quota counts, after which it begins anew.
    QuotaPeriod {
        Minute "minute", "a minute";
        Day "day", "a day";
    }
}

vocabulary! {
    /// How a use case asks.
    Workload {
        Interactive "interactive", "somebody waits for the answer";
        Batch "batch", "nobody waits";
    }
}

vocabulary! {
    /// How far a model is in its life.
    Lifecycle {
        Preview "preview", "not yet meant for production";
        Active "active", "in use";
        Deprecated "deprecated", "to be left";
        Retired "retired", "gone";
    }
}

vocabulary! {
    /// What a model is meant for, the cheapest first.
    ModelTier {
        Economy "economy", "cheap and plain";
        Standard "standard", "for most things";
        Premium "premium", "the best there is";
    }
}

vocabulary! {
    /// The risk class of a use case, the lowest first.
    Risk {
        Minimal "minimal", "nothing to look after";
        Limited "limited", "people have to know that they talk to a machine";
        High "high", "what people's lives depend on";
    }
}

vocabulary! {
    /// How critical a use case is, the lowest first.
    Criticality {
        Low "low", "it can wait";
        Normal "normal", "it should work";
        High "high", "it must not stop";
    }
}

vocabulary! {
    /// The state of a data processing agreement, the weakest first.
    DpaStatus {
        None "none", "there is none";
        Pending "pending", "it is not signed yet";
        Confirmed "confirmed", "it is in force";
    }
}
