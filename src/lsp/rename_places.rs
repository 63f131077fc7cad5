//! How a new name is written at each of the places of what gets it, so that each still leads to it.

use super::{Index, Kind, Occurrence, Seen, Symbol};
use crate::diag::fix::Edit;
use crate::fix::{name_at, reference};
use crate::model::attribute::{Attribute, budget_of_share};
use crate::model::words::{string, written};
use crate::source::{FileKind, SourceFile, Sources, Span, visible};
use crate::syntax::tree::Dimension;

/// Words that mean something else where the name of a provider or a model may stand alone, and where that of a fact may.
const WORDS: [&str; 12] = [
    "cheapest",
    "fastest",
    "most-available",
    "primary",
    "never",
    "terminal",
    "unroutable",
    "rule",
    "use_case",
    "classification",
    "down",
    "on",
];

/// The edit of one place; why it cannot say the new name.
pub(super) fn edit(seen: Seen, one: &Occurrence, renamed: &Symbol) -> Result<Edit, String> {
    let sources = &seen.now.workspace.sources;
    let place = || sources.place(one.span);
    let by_hand = || format!("the name at {} cannot be edited as it is written: rename by hand", place());
    let file = sources.file(one.span.file).ok_or_else(by_hand)?;
    let here = Place { index: seen.now.index(), sources, file, one, renamed };
    if file.kind == FileKind::Policy {
        Ok(Edit { span: one.span, text: here.in_policy().map_err(|why| format!("{} ({})", why, place()))? })
    } else {
        here.in_yaml().ok_or_else(by_hand)
    }
}

/// A place of what is renamed.
struct Place<'a> {
    index: &'a Index,
    sources: &'a Sources,
    file: &'a SourceFile,
    one: &'a Occurrence,
    renamed: &'a Symbol,
}

impl Place<'_> {
    fn name(&self) -> &str {
        self.renamed.bare()
    }

    fn byte(&self, at: Option<usize>) -> Option<u8> {
        self.file.text.as_bytes().get(at?).copied()
    }

    fn before(&self) -> Option<u8> {
        self.byte((self.one.span.start as usize).checked_sub(1))
    }

    fn after(&self) -> Option<u8> {
        self.byte(Some(self.one.span.end as usize))
    }

    /// Whether it is a part of a `provider/model`, rather than alone.
    fn is_part(&self) -> bool {
        match self.one.symbol.kind {
            Kind::Provider => self.after() == Some(b'/'),
            Kind::Model => self.before() == Some(b'/'),
            _ => false,
        }
    }

    /// A new name that is read as something else where it stands without quotes.
    fn is_taken(&self) -> bool {
        let new = self.name();
        let is_fact = || self.index.occurrences(&Symbol::new(Kind::Fact, new)).next().is_some();
        let is_share = || budget_of_share(new).is_some();
        self.one.is_read && (Attribute::named(new).is_some() || is_share() || is_fact())
    }

    /// The same of a model that is named without its provider.
    fn needs_provider(&self) -> bool {
        let new = self.name();
        let others = || self.index.names(&Kind::Model);
        let is_other = |id: &&str| id.split_once('/').is_some_and(|(_, name)| name == new);
        new.contains('/') || self.index.is_known(new) || others().iter().any(is_other)
    }

    fn in_policy(&self) -> Result<String, String> {
        let new = self.name();
        let marked = self.sources.text(self.one.span);
        let is_quoted = marked.starts_with('"');
        let plain = if is_quoted { string(new) } else { written(new) };
        let needs_quotes = written(new) != new;
        let shown = visible::inline(new);
        match self.one.symbol.kind {
            Kind::Provider | Kind::Model if !is_quoted && self.is_in_quotes() => {
                let inner = string(new);
                Ok(inner.get(1..inner.len().saturating_sub(1)).unwrap_or_default().to_owned())
            }
            Kind::Model if self.is_part() && is_quoted => Ok(string(new)),
            Kind::Model if self.is_part() => {
                let whole = reference(&format!("a/{new}"));
                Ok(whole.get(2..).unwrap_or_default().to_owned())
            }
            Kind::Provider if self.is_part() => Ok(plain),
            Kind::Model if self.needs_provider() || self.is_taken() => Ok(reference(&self.renamed.name)),
            Kind::Model if WORDS.contains(&new) => Ok(reference(&self.renamed.name)),
            Kind::Budget if !is_quoted && self.before() == Some(b'.') => {
                let why = format!("`budget.NAME.remaining` takes no quotes, which `{shown}` needs");
                if needs_quotes { Err(why) } else { Ok(new.to_owned()) }
            }
            Kind::Fact if self.one.is_read && needs_quotes => {
                Err(format!("a fact is read by its name without quotes, which `{shown}` needs"))
            }
            Kind::Fact if self.one.is_read => Ok(plain),
            Kind::Provider | Kind::Fact if WORDS.contains(&new) => Ok(string(new)),
            Kind::Fact if Dimension::parse(new).is_some() => Ok(string(new)),
            _ if self.is_taken() => Ok(string(new)),
            _ => Ok(plain),
        }
    }

    /// Whether it is a part of a reference that has quotes around the whole.
    fn is_in_quotes(&self) -> bool {
        match self.one.symbol.kind {
            Kind::Provider => self.is_part() && self.before() == Some(b'"'),
            _ => self.is_part() && self.after() == Some(b'"'),
        }
    }

    fn in_yaml(&self) -> Option<Edit> {
        let span = self.one.span;
        if self.is_part() {
            return self.whole_in_yaml();
        }
        if self.one.symbol.kind == Kind::Budget {
            return self.share_in_yaml();
        }
        let is_alone = self.one.symbol.kind == Kind::Model && !self.one.is_definition;
        let name = if is_alone && self.needs_provider() { &self.renamed.name } else { self.name() };
        Some(Edit { span, text: name_at(self.sources, span, name)? })
    }

    /// The edit of a whole `budget.NAME.remaining`.
    fn share_in_yaml(&self) -> Option<Edit> {
        let (start, end) = (self.one.span.start as usize, self.one.span.end as usize);
        let start = start.checked_sub("budget.".len())?;
        let end = end + ".remaining".len();
        self.file.text.get(start..end).and_then(budget_of_share)?;
        let span = self.within_quotes(Span::new(self.one.span.file, start, end));
        Some(Edit { span, text: name_at(self.sources, span, &format!("budget.{}.remaining", self.name()))? })
    }

    /// With the quotes around it, where it has some.
    fn within_quotes(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        let quote = |at: Option<usize>| self.byte(at).filter(|byte| matches!(byte, b'"' | b'\''));
        let is_quoted = quote(start.checked_sub(1)).is_some() && quote(Some(end)).is_some();
        if is_quoted { Span::new(span.file, start - 1, end + 1) } else { span }
    }

    /// The edit of a whole `provider/model`: what one part needs in quotes, all of it does.
    fn whole_in_yaml(&self) -> Option<Edit> {
        let span = self.one.span;
        let (whole, name) = if self.one.symbol.kind == Kind::Provider {
            let model = self.index.at(span.file, span.end as usize + 2)?;
            (span.to(model.span), format!("{}/{}", self.name(), model.symbol.bare()))
        } else {
            let provider = self.index.at(span.file, (span.start as usize).checked_sub(2)?)?;
            (provider.span.to(span), format!("{}/{}", provider.symbol.bare(), self.name()))
        };
        let span = self.within_quotes(whole);
        Some(Edit { span, text: name_at(self.sources, span, &name)? })
    }
}
