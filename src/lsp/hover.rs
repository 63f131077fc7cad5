//! What is said of what one points at: a thing by its name, a word of the language, a key of YAML.

pub use super::hover_names::sentence;
use super::{Seen, hover_names, words, yaml_keys};
use crate::model::attribute::Attribute;
use crate::source::{FileId, FileKind, Span, visible};
use crate::syntax::scan::{self, Kind};

/// What is said, as Markdown, and of which stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What the pointer is over: editors mark it.
    pub span: Span,
}

/// What is said of what stands at a place.
pub fn hover(seen: Seen, file: FileId, offset: usize) -> Option<Hover> {
    let source = seen.now.workspace.sources.file(file)?;
    if let Some(here) = seen.now.index().at(file, offset) {
        return Some(Hover { text: hover_names::about(seen, &here.symbol), span: here.span });
    }
    if source.kind == FileKind::Policy {
        return word(file, &source.text, offset);
    }
    let (text, start, end) = yaml_keys::about(source.kind, &source.text, offset)?;
    Some(Hover { text, span: Span::new(file, start, end) })
}

/// A word of a policy.
fn word(file: FileId, text: &str, offset: usize) -> Option<Hover> {
    let token = token_at(text, offset).filter(|token| token.kind == Kind::Word)?;
    let text = words::about(file, text, token)?;
    Some(Hover { text, span: Span::new(file, token.start, token.end) })
}

/// What an attribute means.
pub(super) fn about_attribute(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Request(attribute) => attribute.about(),
        Attribute::Model(attribute) => attribute.about(),
        Attribute::Chain(attribute) => attribute.about(),
        Attribute::Duty(attribute) => attribute.about(),
    }
}

/// The token at a place, its end counted.
pub(super) fn token_at(text: &str, offset: usize) -> Option<scan::Token> {
    // A string ends with its line, and a comment too, so a line can be read alone.
    let start = scan::line_start(text, offset.min(text.len()));
    let line = text.get(start..scan::line_end(text, start))?;
    let shifted =
        |token: scan::Token| scan::Token { start: token.start + start, end: token.end + start, ..token };
    let tokens = scan::tokens(line, 0).map(shifted);
    tokens.take_while(|token| token.start <= offset).filter(|token| offset <= token.end).last()
}

/// Prose of others in Markdown: what stands between back quotes stays, of the rest nothing acts.
pub(super) fn prose(text: &str) -> String {
    let text = visible::inline(text);
    if text.matches('`').count() % 2 == 1 {
        return code(&text);
    }
    let mut shown = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            shown.push('`');
        }
        for c in part.chars() {
            if at % 2 == 0 && matches!(c, '\\' | '*' | '<' | '>' | '[' | ']' | '#' | '|' | '&' | '!' | '~') {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
    shown
}

/// A name in back quotes.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", visible::inline(name).replace('`', "'"))
}
