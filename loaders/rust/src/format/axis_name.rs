//! What the axes of a table are called.

use std::fmt::{self, Display, Formatter};

/// What requests differ in, in the order in which axes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AxisName<S> {
    /// `classification`.
    Classification,
    /// `budget.remaining`: what remains of the budget that has the least left.
    Remaining,
    /// `budget.NAME.remaining`.
    RemainingOf(S),
    /// What requests state under a name of the policy.
    Fact(S),
}

impl<'a> AxisName<&'a str> {
    /// What a name in a table means.
    pub fn of(name: &'a str) -> Self {
        match name {
            "classification" => Self::Classification,
            "budget.remaining" => Self::Remaining,
            _ => match name.strip_prefix("budget.").and_then(|rest| rest.strip_suffix(".remaining")) {
                Some(budget) if !budget.is_empty() => Self::RemainingOf(budget),
                _ => Self::Fact(name),
            },
        }
    }

    /// The same with texts of its own.
    pub fn owned(self) -> AxisName<String> {
        match self {
            Self::Classification => AxisName::Classification,
            Self::Remaining => AxisName::Remaining,
            Self::RemainingOf(budget) => AxisName::RemainingOf(budget.to_owned()),
            Self::Fact(fact) => AxisName::Fact(fact.to_owned()),
        }
    }
}

impl<S: Display> Display for AxisName<S> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Classification => f.write_str("classification"),
            Self::Remaining => f.write_str("budget.remaining"),
            Self::RemainingOf(budget) => write!(f, "budget.{budget}.remaining"),
            Self::Fact(fact) => fact.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_written_as_it_was_read() {
        let names = [
            ("classification", AxisName::Classification),
            ("budget.remaining", AxisName::Remaining),
            ("budget.a.b.remaining", AxisName::RemainingOf("a.b")),
            ("budget.budget.x.remaining", AxisName::RemainingOf("budget.x")),
            ("budget..remaining", AxisName::Fact("budget..remaining")),
            ("consent", AxisName::Fact("consent")),
        ];
        for (text, name) in names {
            assert_eq!((AxisName::of(text), name.to_string().as_str()), (name, text));
        }
    }
}
