//! A finding after an edit that left everything that it rests on and moved some of its places.

use super::fix::{Change, Fix};
use super::{Finding, Label};
use crate::source::moved::Moved;

impl Finding {
    /// The same finding where its places stand now; none where that is not known. Every field is named, so that a new one
    /// is not forgotten.
    pub fn moved(&self, moved: &Moved) -> Option<Self> {
        let Self {
            code,
            severity,
            message,
            primary,
            related,
            notes,
            help,
            offer,
            missing,
            subject,
            use_cases,
            context,
            is_practice,
            fixes,
        } = self;
        let label = |label: &Label| Some(Label { span: moved.of(label.span)?, text: label.text.clone() });
        Some(Self {
            code: *code,
            severity: *severity,
            message: message.clone(),
            primary: label(primary)?,
            related: related.iter().map(label).collect::<Option<_>>()?,
            notes: notes.clone(),
            help: help.clone(),
            offer: offer.clone(),
            missing: missing.clone(),
            subject: subject.clone(),
            use_cases: use_cases.clone(),
            context: context.clone(),
            is_practice: *is_practice,
            fixes: fixes.iter().map(|fix| fix.moved(moved)).collect::<Option<_>>()?,
        })
    }
}

impl Fix {
    fn moved(&self, moved: &Moved) -> Option<Self> {
        let Self { title, applies, changes } = self;
        let changes = changes.iter().map(|change| change.moved(moved)).collect::<Option<_>>()?;
        Some(Self { title: title.clone(), applies: *applies, changes })
    }
}

impl Change {
    fn moved(&self, moved: &Moved) -> Option<Self> {
        Some(match self {
            Self::Text(span, text) => Self::Text(moved.of(*span)?, text.clone()),
            Self::Name(span, name) => Self::Name(moved.of(*span)?, name.clone()),
            Self::Clause(span, clause) => Self::Clause(moved.of(*span)?, clause.clone()),
            Self::Below(span, key, value) => Self::Below(moved.of(*span)?, key, value.clone()),
            Self::Beside(span, key, value) => Self::Beside(moved.of(*span)?, key, value.clone()),
            Self::Comment(span) => Self::Comment(moved.of(*span)?),
            Self::Item(span) => Self::Item(moved.of(*span)?),
        })
    }
}
