//! Where an expression stands: what it may read there, and where else it may.

use crate::model::attribute::{Attribute, RequestAttribute, Subject};

/// Where an expression stands: what it may read there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Place {
    /// `when` of a rule or failover statement.
    Request,
    /// `for` of a guarantee.
    Premise,
    /// `when` of a budget, quota or audit statement.
    Static,
    /// `require`, `forbid`, `prefer where`.
    Candidate,
    /// `always`, `never`.
    Chain,
}

impl Place {
    /// Whether an attribute may be read.
    pub(in crate::model) fn allows(self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::Request(RequestAttribute::BudgetRemaining | RequestAttribute::Share(_)) => {
                self != Self::Static
            }
            Attribute::Request(_) => true,
            Attribute::Model(_) => self.knows_models(),
            Attribute::Chain(_) | Attribute::Duty(_) => self == Self::Chain,
        }
    }

    /// Whether what a model is like may be read.
    pub(in crate::model) fn knows_models(self) -> bool {
        matches!(self, Self::Candidate | Self::Chain)
    }

    /// Why an attribute may not be read, and where it may.
    pub(in crate::model) fn reason(self, attribute: Attribute) -> &'static str {
        match (self, attribute.subject()) {
            (Self::Static, Subject::Request) => {
                "the `when` of a budget, quota or audit cannot depend on what remains of a budget"
            }
            (Self::Static, Subject::Model) => {
                "`when` may test the request only; what counts for some models only is named after `on` in a budget or quota"
            }
            (Self::Request, Subject::Model) => {
                "a `when` knows the request only: a rule tests models, in `require`, `forbid` or `prefer where`"
            }
            (Self::Premise, Subject::Model) => {
                "a `for` knows the request only: say both in one `always`, as in `always not model.hosting == cloud or model.dpa == confirmed`"
            }
            (Self::Premise, _) => "a `for` knows the request only: test it in `always` or `never`",
            (Self::Request | Self::Static, _) => {
                "a `when` knows the request only: test it in `always` or `never` of a guarantee"
            }
            (Self::Candidate | Self::Chain, Subject::Duty) => {
                "obligations such as `audit.retain` stand in `always` and `never` of a guarantee only"
            }
            (Self::Candidate | Self::Chain, _) => {
                "test it in `always` or `never` of a guarantee: nothing else knows the whole chain"
            }
        }
    }

    /// Where what a model is like is tested instead.
    pub(in crate::model) fn tests_models(self) -> &'static str {
        match self {
            Self::Premise => "test it in `always` or `never`",
            Self::Static => "a budget or quota names models after `on`",
            _ => "test it in `require`, `forbid` or `prefer where`",
        }
    }
}
