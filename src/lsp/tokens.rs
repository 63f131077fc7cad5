//! Semantic tokens of policies: what each word is, by the grammar and by what its name stands for.

use lsp_types::{Position, SemanticToken, SemanticTokenType, SemanticTokensLegend};

use super::operands::Operands;
use super::text::{Encoding, Lines};
use super::{Kind as Named, Occurrence, View, keywords};
use crate::model::attribute::Attribute;
use crate::source::{FileId, FileKind};
use crate::syntax::scan::{self, Kind};
use crate::syntax::words;
use crate::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};

const TYPES: [SemanticTokenType; 11] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::CLASS,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::ENUM_MEMBER,
];

/// What the numbers in the answers stand for.
pub fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: Vec::new() }
}

/// The tokens of a policy, each told by how far it is from the one before; of other files none.
pub fn tokens(view: &View, file: FileId) -> Vec<SemanticToken> {
    let Some(source) = view.workspace.sources.file(file).filter(|source| source.kind == FileKind::Policy)
    else {
        return Vec::new();
    };
    let found = found(&source.text, view.index().in_file(file));
    encoded(view.lines(file).positions(&source.text, view.encoding()), &found)
}

/// The tokens of a policy that stands in no workspace, by the grammar alone.
pub fn of_text(text: &str, encoding: Encoding) -> Vec<SemanticToken> {
    let lines = Lines::of(text);
    encoded(lines.positions(text, encoding), &found(text, &[]))
}

/// What each stretch of a text is, given the names that stand in it.
fn found(text: &str, names: &[Occurrence]) -> Vec<(usize, usize, SemanticTokenType)> {
    let (mut found, mut at) = (Vec::new(), 0);
    let (mut operands, mut last) = (Operands::default(), None);
    for token in scan::tokens(text, 0) {
        comments(text, at, token.start, &mut found);
        at = token.end;
        let is_operand = operands.takes(token.text(text));
        let is_behind_number = last == Some(Kind::Number);
        split((token, || plain(token, text, is_operand, is_behind_number)), names, &mut found);
        last = Some(token.kind);
    }
    comments(text, at, text.len(), &mut found);
    found
}

/// The comments between two tokens.
fn comments(text: &str, from: usize, to: usize, found: &mut Vec<(usize, usize, SemanticTokenType)>) {
    let mut at = from;
    while let Some(hash) = text.get(at..to).and_then(|between| between.find('#')) {
        let start = at + hash;
        let end = scan::line_end(text, start).min(to);
        let end = start + text.get(start..end).unwrap_or_default().trim_end().len();
        found.push((start, end, SemanticTokenType::COMMENT));
        at = scan::line_end(text, start).min(to);
    }
}

/// A token as what it is; one with several names in it, such as `provider/model`, name by name.
fn split(
    (token, plain): (scan::Token, impl Fn() -> SemanticTokenType),
    names: &[Occurrence],
    found: &mut Vec<(usize, usize, SemanticTokenType)>,
) {
    let first = names.partition_point(|one| (one.span.end as usize) <= token.start);
    let within: Vec<&Occurrence> = names
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(|one| (one.span.start as usize) < token.end)
        .filter(|one| one.span.start as usize >= token.start && one.span.end as usize <= token.end)
        .collect();
    if within.is_empty() {
        found.push((token.start, token.end, plain()));
    }
    let mut at = token.start;
    for one in within {
        let (start, end) = (one.span.start as usize, one.span.end as usize);
        if start < at {
            continue;
        }
        found.push((start, end, of_name(&one.symbol.kind)));
        at = end;
    }
}

fn plain(token: scan::Token, text: &str, is_operand: bool, is_behind_number: bool) -> SemanticTokenType {
    let word = token.text(text);
    match token.kind {
        Kind::Number => SemanticTokenType::NUMBER,
        Kind::Text { .. } => SemanticTokenType::STRING,
        Kind::Symbol => SemanticTokenType::OPERATOR,
        Kind::Word if is_operand && Attribute::named(word).is_some() => SemanticTokenType::PROPERTY,
        Kind::Word if is_keyword(word) => SemanticTokenType::KEYWORD,
        // Units have no case.
        Kind::Word if is_behind_number && is_unit(word) => SemanticTokenType::KEYWORD,
        Kind::Word if Attribute::named(word).is_some() => SemanticTokenType::PROPERTY,
        Kind::Word => SemanticTokenType::ENUM_MEMBER,
    }
}

fn is_keyword(word: &str) -> bool {
    keywords::about(word).is_some()
        || Tier::parse(word).is_some()
        || VocabularyKind::parse(word).is_some()
        || Trigger::parse(word).is_some()
        || Aspect::parse(word).is_some()
        || Dimension::parse(word).is_some()
        || Mode::parse(word).is_some()
        || Period::parse(word).is_some()
        || QuotaUnit::parse(word).is_some()
        || QuotaPeriod::parse(word).is_some()
        || TerminalKind::parse(word).is_some()
}

fn is_unit(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    words::UNITS.iter().any(|unit| *unit == word || unit.strip_suffix('s') == Some(word.as_str()))
}

fn of_name(kind: &Named) -> SemanticTokenType {
    match kind {
        Named::Model => SemanticTokenType::CLASS,
        Named::Provider => SemanticTokenType::NAMESPACE,
        Named::Rule
        | Named::Failover
        | Named::Budget
        | Named::Quota
        | Named::Audit
        | Named::Guarantee
        | Named::Test => SemanticTokenType::FUNCTION,
        Named::Fact => SemanticTokenType::PROPERTY,
        Named::UseCase => SemanticTokenType::VARIABLE,
        Named::Value(_) | Named::Classification | Named::Word(_) => SemanticTokenType::ENUM_MEMBER,
    }
}

/// As the protocol wants them: lines and columns from the token before. No token of ours has two lines.
fn encoded(
    mut position: impl FnMut(usize) -> Position,
    found: &[(usize, usize, SemanticTokenType)],
) -> Vec<SemanticToken> {
    let (mut line, mut column) = (0, 0);
    let mut tokens = Vec::with_capacity(found.len());
    for (start, end, kind) in found {
        let (from, to) = (position(*start), position(*end));
        if from.line != to.line || to.character <= from.character {
            continue;
        }
        let delta_line = from.line.saturating_sub(line);
        let delta_start =
            if delta_line == 0 { from.character.saturating_sub(column) } else { from.character };
        let kind = TYPES.iter().position(|known| known == kind).unwrap_or(0);
        tokens.push(SemanticToken {
            delta_line,
            delta_start,
            length: to.character - from.character,
            token_type: u32::try_from(kind).unwrap_or(0),
            token_modifiers_bitset: 0,
        });
        (line, column) = (from.line, from.character);
    }
    tokens
}
