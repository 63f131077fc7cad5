//! Where in a table something stands: kept on the stack, and written out only where there is a fault.

use std::fmt;

use super::error::{LoadError, Refusal, shown};

/// A path from the top of the table, such as `use_cases[3].cells[7]`.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The table itself.
    Table,
    /// A member of an object.
    Key(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// The member of the object at this place.
    pub(super) fn key(&'a self, key: &'a str) -> Place<'a> {
        Place::Key(self, key)
    }

    /// The item of the list at this place.
    pub(super) fn item(&'a self, index: usize) -> Place<'a> {
        Place::Item(self, index)
    }

    /// A fault at this place.
    pub(super) fn fault(&self, refusal: Refusal, what: impl Into<String>) -> LoadError {
        LoadError::new(refusal, self.to_string(), what)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Place::Table => Ok(()),
            Place::Item(list, index) => write!(f, "{list}[{index}]"),
            Place::Key(object, key) => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
                if key.is_empty() || !key.bytes().all(plain) {
                    return write!(f, "{object}[\"{}\"]", shown(key));
                }
                let dot = if matches!(object, Place::Table) { "" } else { "." };
                write!(f, "{object}{dot}{}", shown(key))
            }
        }
    }
}
