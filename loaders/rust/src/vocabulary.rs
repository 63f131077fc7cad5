//! The words of a table that stand for one of a few things: for each its variant, name and meaning, once.
//!
//! What compiles a table takes the same ones.

use serde::{Deserialize, Serialize};

/// An enum whose variants are words: parsing, name, lists and meaning come from one table.
#[doc(hidden)]
#[macro_export]
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($variant:ident $word:literal, $doc:literal;)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $doc] $variant,)*
        }

        impl $name {
            /// All, in the order of the grammar.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// All their names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($word),*];

            /// The one that a name stands for.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The name as it is written.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// What it means, in a few words.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                }
            }
        }
    };
}

vocabulary! {
    /// How an attempt fails, and what makes a failover happen.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    Trigger {
        RateLimited "rate-limited", "the provider refuses for now: too many requests";
        ServerError "server-error", "the provider answers with an error of its own";
        Timeout "timeout", "no answer in time";
        Unavailable "unavailable", "the provider cannot be reached";
        ContentFiltered "content-filtered", "the provider's filter refuses the prompt or the answer";
        ContextExceeded "context-exceeded", "the prompt is too long for the model";
        OutOfCredit "out-of-credit", "the account with the provider is used up";
        Unauthorized "unauthorized", "the provider does not accept the credentials";
    }
}

vocabulary! {
    /// What happens when no target is up.
    TerminalKind {
        Queue "queue", "the request waits";
        Degrade "degrade", "the caller answers with less";
        Block "block", "the request is refused";
    }
}

vocabulary! {
    /// What happens to a target that costs too much.
    CostActionKind {
        Notify "notify", "somebody is told";
        Confirm "confirm", "somebody has to agree first";
        Throttle "throttle", "requests are slowed down";
        Block "block", "the target is not used";
    }
}

vocabulary! {
    /// What a budget does at a share spent, the mildest first.
    BudgetActionKind {
        Notify "notify", "somebody is told";
        Throttle "throttle", "requests are slowed down";
        Queue "queue", "requests wait";
        Block "block", "requests are refused";
    }
}

vocabulary! {
    /// The period of a budget.
    Period {
        Day "day", "a day";
        Week "week", "a week";
        Month "month", "a month";
        Quarter "quarter", "a quarter of a year";
        Year "year", "a year";
    }
}

vocabulary! {
    /// Whether the cost of a use case is charged to its owner, or only shown.
    Mode {
        Chargeback "chargeback", "the cost is charged to whoever caused it";
        Showback "showback", "the cost is shown to whoever caused it";
    }
}

vocabulary! {
    /// What spend is attributed to.
    Dimension {
        BusinessUnit "business_unit", "the business unit of the use case";
        Team "team", "its team";
        Project "project", "its project";
        User "user", "whoever asks, known at run time";
        Application "application", "the calling agent or application";
        UseCase "use_case", "the use case";
        Provider "provider", "who serves it, known at run time";
        Model "model", "what serves it, known at run time";
    }
}

vocabulary! {
    /// Where a model runs.
    Hosting {
        Cloud "cloud", "at the provider, beside everybody else";
        PrivateCloud "private-cloud", "in a cloud of one's own";
        SelfHosted "self-hosted", "on one's own machines";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_is_written_as_it_is_called() {
        assert_eq!(Trigger::ALL.map(Trigger::name), Trigger::NAMES);
        for trigger in Trigger::ALL {
            assert_eq!(serde_json::to_value(trigger).expect("JSON"), trigger.name());
            assert_eq!(Trigger::parse(trigger.name()), Some(trigger));
        }
    }
}
