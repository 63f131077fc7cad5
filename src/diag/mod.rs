//! Findings as plain data: what is wrong, where, in how many files, and what to do about it.

mod help;
pub mod cloud;
pub mod among;
pub mod day;
pub mod elsewhere;
pub mod fix;
mod kind;
mod moved;
pub mod nearest;
pub mod quantity;
pub mod slip;
pub mod untested;

pub use help::{Help, Offer, UnknownName};
pub use kind::{Kind, Silenced};

use std::borrow::Cow;

use crate::limits::shown;
use crate::source::{Span, keys};

/// The name of a kind of finding, such as `failover-cycle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// The codes that reading and resolving give; the others stand in `check`, one file each.
pub mod code {
    use super::Code;
    /// The file does not parse.
    pub const SYNTAX: Code = Code("syntax");
    /// Registry, estate or `govctl.yaml` breaks its schema.
    pub const SCHEMA: Code = Code("schema");
    /// No such thing; the nearest names.
    pub const UNKNOWN_NAME: Code = Code("unknown-name");
    /// Two things share a name.
    pub const DUPLICATE_NAME: Code = Code("duplicate-name");
    /// A clause that stands once appears twice.
    pub const DUPLICATE_CLAUSE: Code = Code("duplicate-clause");
    /// A use case has more contexts than are decided.
    pub const TOO_MANY_CONTEXTS: Code = Code("too-many-contexts");
    /// A file in one of the workspace's folders that is not read.
    pub const IGNORED_FILE: Code = Code("ignored-file");
    /// A value of the registry is a key, or no name of a variable.
    pub const SECRET_IN_REGISTRY: Code = Code("secret-in-registry");
    /// A comparison, unit or attribute that does not fit.
    pub const TYPE_MISMATCH: Code = Code("type-mismatch");
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// `check` ends with 1, and nothing is compiled.
    Error,
    /// Shown, and denied where somebody asks for that.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place and what is to be said about it (empty: the place speaks for itself).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place, which may be empty: something is missing there.
    pub span: Span,
    /// A short phrase, lower case, no final period.
    pub text: String,
}

/// What a finding is about: the same on both sides of a comparison, however it is worded there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// A name of the workspace, which another revision may have changed.
    pub name: String,
    /// What is counted, where the same name has a limit for each of several things; else empty.
    pub unit: &'static str,
}

/// One thing found. The message is lower case, has no final period and back-quotes the user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which documents, comments that silence and `lints` name.
    pub code: Code,
    /// Whether it stops `compile`.
    pub severity: Severity,
    /// What is wrong; stands alone in a one-line output.
    pub message: String,
    /// The place it is reported at.
    pub primary: Label,
    /// Other places concerned, in any file.
    pub related: Vec<Label>,
    /// Why, one line each.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// What the help offers in place of a name.
    pub offer: Offer,
    /// The name that nothing has, where it is about one.
    pub missing: Option<UnknownName>,
    /// What it is about, where its place alone does not tell it from others of its kind.
    pub subject: Option<Subject>,
    /// The use cases concerned, sorted; empty where the kind names none.
    pub use_cases: Vec<String>,
    /// A context that shows it: names and values in the order in which they are printed.
    pub context: Option<Vec<(String, String)>>,
    /// More than the language asks of its kind: reported where good practice is.
    pub is_practice: bool,
    /// Ways to mend it, the best first, where its kind knows more than its help says.
    pub fixes: Vec<fix::Fix>,
}

impl Finding {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: bounded(message.into()),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            offer: Offer::Else,
            missing: None,
            subject: None,
            use_cases: Vec::new(),
            context: None,
            is_practice: false,
            fixes: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// Says something about the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = bounded(text.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: bounded(text.into()) });
        self
    }

    /// Adds a line of reasons.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(bounded(text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, advice: impl Into<Help>) -> Self {
        self.advise(advice);
        self
    }

    /// Says what it is about: a name of the workspace.
    #[must_use]
    pub fn about(self, name: impl Into<String>) -> Self {
        self.about_each(name, "")
    }

    /// Says what it is about, and which of several limits that this has.
    #[must_use]
    pub fn about_each(mut self, name: impl Into<String>, unit: &'static str) -> Self {
        self.subject = Some(Subject { name: name.into(), unit });
        self
    }

    /// Names the use cases concerned; sorts them and drops repeats.
    #[must_use]
    pub fn use_cases(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.use_cases.extend(names);
        self.use_cases.sort();
        self.use_cases.dedup();
        self
    }

    /// Says that the language does not ask for it.
    #[must_use]
    pub fn practice(mut self) -> Self {
        self.is_practice = true;
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn fix(mut self, fix: fix::Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Shows a context that has it.
    #[must_use]
    pub fn context(mut self, context: Vec<(String, String)>) -> Self {
        self.context = Some(context);
        self
    }
}

fn bounded(text: String) -> String {
    // Logs are read by more people than the files.
    let text = match keys::masked(&text) {
        Cow::Owned(masked) => masked,
        Cow::Borrowed(_) => text,
    };
    match text.char_indices().nth(shown::MESSAGE) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}
