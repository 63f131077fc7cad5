//! Why a table is refused.

/// A fault of a table: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The path of the fault, such as `use_cases[3].cells[7]`; empty: the whole table.
    pub place: String,
    /// What is wrong there: lower case, no final period.
    pub what: String,
}

impl LoadError {
    /// A fault at a place.
    pub(super) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.place.is_empty() {
            write!(f, "the table is refused: {}", self.what)
        } else {
            write!(f, "the table is refused at `{}`: {}", self.place, self.what)
        }
    }
}

impl std::error::Error for LoadError {}
