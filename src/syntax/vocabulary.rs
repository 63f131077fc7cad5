//! The words of the language that stand for one of a few things: for each its variant, word and meaning, once.

/// An enum whose variants are words: parsing, word, list and meaning come from one table.
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($variant:ident $word:literal, $doc:literal;)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $doc] $variant,)*
        }

        impl $name {
            /// All, in the order of the grammar.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// All their words, in the same order.
            pub const WORDS: &[&str] = &[$($word),*];

            /// The one that a word stands for.
            pub fn read(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Its word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// What it means, in a few words.
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $doc,)*
                }
            }
        }
    };
}

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
    /// What makes a failover happen.
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
    /// The kinds of terminal that a test names.
    TerminalKind {
        Queue "queue", "the request waits";
        Degrade "degrade", "the caller answers with less";
        Block "block", "the request is refused";
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
    /// Who pays.
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
    /// What a quota counts.
    QuotaUnit {
        Requests "requests", "requests";
        Tokens "tokens", "tokens in and out";
    }
}

vocabulary! {
    /// The period of a quota.
    QuotaPeriod {
        Minute "minute", "a minute";
        Day "day", "a day";
    }
}
