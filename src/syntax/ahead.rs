//! What can stand next where a policy ends in the middle of something, by the grammar alone.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use super::grammar::{GovParser, Rule};
use super::label::{Label, label};
use super::{bounds, recover, scan};
use crate::source::FileId;

/// What can stand at the end of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead<'t> {
    /// The statement that goes on there, from its first word; empty where one begins.
    pub statement: &'t str,
    /// Words and symbols that can stand there.
    pub words: Vec<Word>,
    /// What else can stand there.
    pub slots: Vec<Slot>,
}

/// A word or symbol of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// As it is written.
    pub text: &'static str,
    /// What it is one of, as messages call it: `a trigger`.
    pub of: &'static str,
    /// It is a unit of a number in a condition.
    pub is_unit: bool,
}

/// Something with many forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A statement begins.
    Statement,
    /// Anything that can be called so, quoted or not.
    Name,
    /// A model or a provider.
    Selector,
    /// A condition, or a part of one.
    Condition,
    /// What an attribute is compared with.
    Operand,
    /// Something that a test is given.
    Given,
}

/// No policy has this character, so that whatever is read fails there and says what it expected.
const PROBE: &str = " \u{1}";

/// What can stand at the end of a text, which has no string or comment there that is open.
pub fn ahead(file: FileId, text: &str) -> Ahead<'_> {
    let mut ahead = Ahead { statement: "", words: Vec::new(), slots: Vec::new() };
    let Some(reading) = read(file, text) else { return ahead };
    ahead.statement = text.get(reading.start..).unwrap_or_default().trim();
    for kind in reading.expected {
        let slot = slot(kind);
        ahead.slots.extend(slot.filter(|slot| !ahead.slots.contains(slot)));
        if slot == Some(Slot::Statement) {
            continue;
        }
        for word in words(kind) {
            if !ahead.words.iter().any(|known| known.text == word.text) {
                ahead.words.push(word);
            }
        }
    }
    ahead.slots.sort_unstable();
    ahead
}

/// Whether a text can stand at the end of another one, as far as that goes.
pub fn takes(file: FileId, text: &str, next: &str) -> bool {
    let from = read(file, text).map_or(0, |reading| reading.start);
    let whole = format!("{text} {next}");
    read(file, &whole).is_some_and(|reading| reading.broken.is_none_or(|broken| broken < from))
}

/// What is read up to the end of a text.
struct Reading {
    /// Where the last statement begins.
    start: usize,
    /// What could have gone on at the end.
    expected: Vec<Rule>,
    /// Where the last statement begins that does not parse as far as it goes.
    broken: Option<usize>,
}

/// Reads one statement after another; none of a text that is nested too deep.
fn read(file: FileId, text: &str) -> Option<Reading> {
    if bounds::check(file, text).is_some() {
        return None;
    }
    let probed = format!("{text}{PROBE}");
    let end = probed.len() - 1;
    let (mut at, mut broken) = (0, None);
    loop {
        at = scan::skip(&probed, at);
        let rest = probed.get(at..)?;
        let error = match GovParser::parse(Rule::entry, rest) {
            Ok(mut pairs) => {
                let statement = pairs.next().and_then(|entry| entry.into_inner().next())?;
                at += statement.as_span().end().max(1);
                continue;
            }
            Err(error) => error,
        };
        let (InputLocation::Pos(failed) | InputLocation::Span((failed, _))) = error.location;
        let failed = at + failed;
        if failed >= end {
            let expected = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            return Some(Reading { start: at, expected, broken });
        }
        broken = Some(at);
        let from = scan::next(&probed, at).map_or(end, |token| token.end);
        let next = recover::resume(&probed, at, from, failed).min(end);
        at = next.max(at + 1);
    }
}

/// The words that a rule begins with, as messages list them.
fn words(kind: Rule) -> Vec<Word> {
    let (of, words): (&str, &[&'static str]) = match label(kind) {
        Label::Word(text) => return vec![Word { text, of: "", is_unit: false }],
        Label::More(of, words) | Label::Group(of, words) => (of, words),
        Label::End => return Vec::new(),
    };
    let is_unit = kind == Rule::unit;
    let mut words: Vec<Word> = words.iter().map(|text| Word { text, of, is_unit }).collect();
    match kind {
        Rule::expr | Rule::conjunction | Rule::unary => words.push(Word { text: "(", of, is_unit }),
        // A value has the words of its type, which are names here.
        Rule::operand | Rule::boolean => words.clear(),
        _ => {}
    }
    words
}

fn slot(kind: Rule) -> Option<Slot> {
    match kind {
        Rule::file | Rule::entry | Rule::statement | Rule::statement_start => Some(Slot::Statement),
        Rule::name | Rule::names | Rule::plain_name | Rule::region => Some(Slot::Name),
        Rule::reference
        | Rule::selector
        | Rule::selectors
        | Rule::chain
        | Rule::preference
        | Rule::expectation
        | Rule::expect_targets => Some(Slot::Selector),
        Rule::expr | Rule::conjunction | Rule::unary | Rule::negation | Rule::group | Rule::comparison => {
            Some(Slot::Condition)
        }
        Rule::operand => Some(Slot::Operand),
        Rule::given | Rule::given_share | Rule::given_fact => Some(Slot::Given),
        _ => None,
    }
}
