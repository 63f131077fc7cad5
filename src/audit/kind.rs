//! What can be wrong with an event: one list, from which the command line and the documents are made.

macro_rules! kinds {
    ($($name:ident $code:literal: $about:literal;)*) => {
        /// What is wrong with an event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $about] $name,)*
        }

        impl Kind {
            /// All, in the order of reports.
            pub const ALL: [Kind; [$($code),*].len()] = [$(Self::$name,)*];

            /// Its name on the command line and in JSON.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it means, in a few words.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

kinds! {
    UnreadableEvent "unreadable-event": "the line is not an event, or has no `time`";
    RepeatedEvent "repeated-event": "the same event was read before; its cost counts once";
    UnknownTable "unknown-table": "it names a decision table that was not given, or was made later";
    ExpiredTable "expired-table": "its table was no longer valid on its day";
    OldTable "old-table": "a newer table was in force on its day";
    UnknownUseCase "unknown-use-case": "no use case has this name or endpoint tag";
    NotUnderstood "not-understood": "it states what the table does not know, which a gateway blocks";
    UnknownModel "unknown-model": "the table has no model of this name";
    NotAllowed "not-allowed": "the decision does not lead to this model";
    WrongHop "wrong-hop": "the model stands at another place of the path";
    WrongTrigger "wrong-trigger": "no trigger is named that leads to this model";
    WrongRegion "wrong-region": "it was processed where the decision does not allow it";
    WrongDecision "wrong-decision": "it names another decision, rule or failover statement than the table";
    MissingTag "missing-tag": "a dimension that `attribution` requires is not stated";
    WrongTag "wrong-tag": "a dimension that `attribution` requires is stated otherwise than the use case has it";
    MissingPromptVersion "missing-prompt-version": "no version of the prompt is stated";
    MissingLineage "missing-lineage": "`audit` asks for lineage, and no data source is stated";
    TestInProduction "test-in-production": "test data in a production environment";
    FailoverNotLogged "failover-not-logged": "the statement says `log as`, and the event does not";
    NotConfirmed "not-confirmed": "the target asks for a confirmation, and none is stated";
    MaskedData "masked-data": "what `audit` masks stands in the event, or nothing says that it was masked";
    RawUser "raw-user": "the user is not hashed though personal data is masked";
    CostOff "cost-off": "the cost is off by more than a cent from the table's price";
    MissingRetention "missing-retention": "`audit` says how long to retain, and the event does not say as much";
}

impl Kind {
    /// The kind with a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Kind {
    /// No decision is known for the event.
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::UnknownTable | Self::UnknownUseCase | Self::NotUnderstood)
    }

    /// It is about where a request went.
    pub fn is_of_route(self) -> bool {
        matches!(
            self,
            Self::ExpiredTable
                | Self::UnknownModel
                | Self::NotAllowed
                | Self::WrongHop
                | Self::WrongTrigger
                | Self::WrongRegion
                | Self::WrongDecision
        )
    }
}
