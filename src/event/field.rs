//! What an event may state: one list, from which the reader, the schema's test and the documents are made.

use super::keys::Keys;

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text as it stands in the record.
    Text,
    /// A whole number of at least 0.
    Count,
    /// A percent, as a number or a text with or without `%`.
    Percent,
    /// US dollars, as a number or a decimal in a text.
    Money,
    /// A list of texts.
    List,
    /// Texts by name.
    Pairs,
    /// Anything: only whether it is there matters.
    Anything,
}

macro_rules! fields {
    ($($name:ident $kind:ident $key:literal $(or $other:literal)* : $about:literal;)*) => {
        /// What an event may state.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $about] $name,)*
        }

        impl Field {
            /// All, in the order of the documents.
            pub const ALL: [Field; [$($key),*].len()] = [$(Self::$name,)*];

            /// Every key with its field.
            const KEYS: &[(&str, Field)] = &[$(($key, Self::$name), $(($other, Self::$name),)*)*];

            /// The field that a key of a record means.
            pub fn of(key: &str) -> Option<Self> {
                static KEYS: Keys = Keys::new(Field::KEYS);
                let (known, field) = Self::KEYS.get(KEYS.position(key))?;
                (*known == key).then_some(*field)
            }

            /// Its key in an event.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The keys that are read besides.
            pub fn other_keys(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($other),*],)* }
            }

            /// What kind of value it has.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            /// What it is, in a few words.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

fields! {
    Time Text "time": "when the request came in, RFC 3339; UTC unless it says otherwise";
    RequestId Text "request_id": "the request's own id";
    CorrelationId Text "correlation_id": "what joins the requests of one task, across agents and providers";
    Application Text "application": "the calling application";
    Agent Text "gen_ai.agent.name": "the calling agent";
    BusinessUnit Text "business_unit": "whose request it was: business unit";
    Team Text "team": "team";
    Project Text "project": "project";
    User Text "user": "user, as `hmac-sha256:` and 64 hex digits where user ids are hashed";
    UseCase Text "use_case": "the use case by name";
    EndpointTag Text "endpoint_tag": "the use case by its second name";
    PromptVersion Text "prompt_version": "version of the prompt";
    Environment Text "environment" or "deployment.environment.name" or "deployment.environment": "`prod`, `staging`, `dev` …";
    DataMode Text "data_mode": "`real`, or `demo` or `test`";
    Classification Text "classification": "the classification that the request stated";
    BudgetRemaining Percent "budget.remaining": "the smallest remaining share over the budgets at that moment";
    Budgets Pairs "budgets": "remaining shares of single budgets, by name";
    Facts Pairs "facts": "the facts that the request stated, by name";
    Workload Text "workload": "`batch` where the batch price applies, else `interactive`";
    Tier Text "service_tier": "at which prices it was served, where not at the ordinary ones: `priority`, `flex`, `fast` …";
    Table Text "table": "digest of the decision table (`x-govctl-table`)";
    Decision Count "decision": "index of the decision in it (`x-govctl-decision`)";
    Policies List "policies": "the rules that applied";
    Route Text "route": "id of the model that was asked (`x-govctl-route`)";
    Hop Count "hop": "0 for the primary, n for the n-th target of the path (`x-govctl-hop`)";
    Trigger Text "trigger": "how the primary failed, where the hop is not 0";
    Failover Text "failover": "the failover statement that led here";
    LoggedAs Text "logged_as": "under which name a failover was logged";
    ConfirmedBy Text "confirmed_by": "who confirmed a target that asks for it";
    Provider Text "gen_ai.provider.name" or "gen_ai.system": "the provider";
    RequestModel Text "gen_ai.request.model": "the model as asked";
    ResponseModel Text "gen_ai.response.model": "the model as answered";
    Region Text "region": "where it was processed";
    InputTokens Count "gen_ai.usage.input_tokens" or "gen_ai.usage.prompt_tokens": "input tokens, those from and to a cache included";
    OutputTokens Count "gen_ai.usage.output_tokens" or "gen_ai.usage.completion_tokens": "output tokens, those of reasoning included";
    CachedTokens Count "gen_ai.usage.cache_read.input_tokens": "input tokens read from a cache";
    CacheWriteTokens Count "gen_ai.usage.cache_write.input_tokens" or "gen_ai.usage.cache_creation.input_tokens": "input tokens written to a cache";
    ReasoningTokens Count "gen_ai.usage.reasoning.output_tokens": "output tokens of reasoning";
    Requests Count "requests": "how many requests the line adds up, where it is not one";
    Cost Money "cost_usd": "cost by the registry's prices";
    Billed Money "billed_usd": "cost as billed";
    Effective Money "effective_usd": "cost as billed, with what was paid in advance spread over what it served";
    GovernanceMs Count "governance_ms": "milliseconds spent on deciding";
    ProviderMs Count "provider_ms": "milliseconds spent at the provider";
    Status Text "status": "`success`, `error`, or `blocked`, `queued`, `degraded` where no model was asked (one that answered or was billed was)";
    HttpStatus Count "http.response.status_code": "the HTTP status";
    Error Text "error.type": "what went wrong";
    Sources List "sources": "data sources that fed the prompt (lineage)";
    Data List "data": "kinds of data that stand in this event in clear";
    Masked List "masked": "kinds of data that were masked before it was written";
    RetainDays Count "retain_days": "how long the event is kept";
    Content Anything "content" or "gen_ai.input.messages" or "gen_ai.output.messages" or "gen_ai.system_instructions": "prompt or answer, if they are logged";
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fields(u64);

impl Fields {
    /// For readers that leave nothing out.
    pub const ALL: Fields = Fields((1 << Field::ALL.len()) - 1);

    /// The set of these.
    pub const fn of(fields: &[Field]) -> Self {
        let (mut set, mut rest) = (0, fields);
        while let [first, after @ ..] = rest {
            set |= 1 << *first as u64;
            rest = after;
        }
        Self(set)
    }

    /// What is left once some are taken out.
    #[must_use]
    pub const fn without(self, fields: &[Field]) -> Self {
        Self(self.0 & !Self::of(fields).0)
    }

    /// Whether a field is one of them.
    pub fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u64) != 0
    }

    /// Takes up one more.
    pub(super) fn add(&mut self, field: Field) {
        self.0 |= 1 << field as u64;
    }

    /// Their places among all, in order.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let place = rest.trailing_zeros() as usize;
            rest &= rest.checked_sub(1)?;
            Some(place)
        })
    }

    /// Those that are not.
    pub fn others(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| !self.has(*field))
    }
}
