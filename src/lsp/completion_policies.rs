//! What can be written at a place of a policy, which need not parse behind it: the grammar says what can stand there, and
//! what stands before it of which kind and type that is.

use super::completion::{Item, ItemKind, in_policy};
use super::completion_conditions::Condition;
use super::completion_names::names;
use super::{Kind, Seen, keywords};
use crate::model::words::written;
use crate::source::FileId;
use crate::syntax::ahead::{self, Ahead, Slot, Word};
use crate::syntax::scan;
use crate::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};

/// Where the word begins that is being written at a place, and what it can become; none in comments and strings.
pub(super) fn items(seen: Seen, file: FileId, text: &str, offset: usize) -> Option<(usize, Vec<Item>)> {
    let before = text.get(..offset)?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | '*');
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let head = before.get(..start)?;
    if is_in_prose(head) {
        return None;
    }
    let ahead = ahead::ahead(file, head);
    let tokens: Vec<&str> =
        scan::tokens(ahead.statement, 0).map(|token| token.text(ahead.statement)).collect();
    Some((start, Here { seen, ahead: &ahead, tokens: &tokens }.items()))
}

/// Whether a text ends in a comment or in a string: both end with their line.
fn is_in_prose(text: &str) -> bool {
    let line = text.get(scan::line_start(text, text.len())..).unwrap_or_default();
    let last = scan::tokens(line, 0).last();
    let is_open = last.is_some_and(|token| matches!(token.kind, scan::Kind::Text { closed: false }));
    let behind = line.get(last.map_or(0, |token| token.end)..).unwrap_or_default();
    is_open || behind.contains('#')
}

/// A place in a statement.
struct Here<'a> {
    seen: Seen<'a>,
    ahead: &'a Ahead<'a>,
    /// What stands before it in its statement.
    tokens: &'a [&'a str],
}

impl Here<'_> {
    fn items(&self) -> Vec<Item> {
        let condition = Condition { seen: self.seen, tokens: self.tokens };
        let mut items: Vec<Item> =
            self.ahead.slots.iter().flat_map(|slot| self.of_slot(*slot, &condition)).collect();
        let (symbols, words): (Vec<&Word>, Vec<&Word>) =
            condition.fitting(&self.ahead.words).into_iter().partition(|word| is_bracket(word.text));
        let is_one = self.tokens.last() == Some(&"1");
        items.extend(words.into_iter().chain(symbols).map(|word| item(word, is_one)));
        let mut known = std::collections::BTreeSet::new();
        items.retain(|item| known.insert(item.label.clone()));
        items
    }

    fn of_slot(&self, slot: Slot, condition: &Condition) -> Vec<Item> {
        match slot {
            Slot::Statement => statements(),
            Slot::Name => names(self.seen, self.tokens),
            Slot::Selector => self.selectors(),
            Slot::Condition => condition.attributes(),
            Slot::Operand => condition.compared(),
            Slot::Given => {
                let mut items = in_policy(self.seen, &Kind::Fact);
                items.extend(shares(self.seen));
                items
            }
        }
    }

    fn selectors(&self) -> Vec<Item> {
        let models = in_policy(self.seen, &Kind::Model);
        if self.tokens.first() == Some(&"failover") {
            return models;
        }
        let mut items = in_policy(self.seen, &Kind::Provider);
        if self.tokens.last() == Some(&"down")
            && let Some(survey) = self.seen.survey()
        {
            let world = survey.world;
            let domains = world.failure_domains.iter().map(|domain| world.names.name(*domain));
            let item = |name: &str| Item::new(name, written(name), ItemKind::Name, "failure domain");
            items.extend(domains.map(item));
        }
        items.extend(models);
        items
    }
}

/// What remains of each budget, as far as it can be written.
pub(super) fn shares(seen: Seen) -> Vec<Item> {
    let names = seen.now.index().names(&Kind::Budget);
    let names = names.into_iter().map(|budget| format!("budget.{budget}.remaining"));
    let plain = names.filter(|name| written(name) == *name);
    let item = |name: String| Item::new(&name, &name, ItemKind::Attribute, "what remains of this budget");
    plain.map(item).collect()
}

fn is_bracket(word: &str) -> bool {
    matches!(word, "{" | "}" | "(" | ")" | "[" | "]" | "," | "<")
}

/// A word; behind a `1` a unit of which there is one.
fn item(word: &Word, is_one: bool) -> Item {
    let text = match word.text {
        "seconds" | "minutes" | "hours" | "days" | "weeks" | "years" | "hops" if is_one => {
            word.text.strip_suffix('s').unwrap_or(word.text)
        }
        text => text,
    };
    let is_symbol = !text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let kind = if is_symbol { ItemKind::Operator } else { ItemKind::Keyword };
    Item::new(text, text, kind, meaning(word))
}

/// What a word means where it stands.
pub(super) fn meaning(word: &Word) -> &'static str {
    let text = word.text;
    let of = match word.of {
        "a trigger" => Trigger::parse(text).map(Trigger::about),
        "an aspect" => Aspect::parse(text).map(Aspect::about),
        "a dimension" => Dimension::parse(text).map(Dimension::about),
        "a tier" => Tier::parse(text).map(Tier::about),
        "a vocabulary" => VocabularyKind::parse(text).map(VocabularyKind::about),
        _ => None,
    };
    let of = of.or_else(|| keywords::about(text));
    let of = of.or_else(|| Mode::parse(text).map(Mode::about));
    let of = of.or_else(|| Period::parse(text).map(Period::about));
    let of = of.or_else(|| QuotaUnit::parse(text).map(QuotaUnit::about));
    let of = of.or_else(|| QuotaPeriod::parse(text).map(QuotaPeriod::about));
    of.or_else(|| TerminalKind::parse(text).map(TerminalKind::about)).unwrap_or_default()
}

pub(super) fn about(word: &str) -> &'static str {
    keywords::about(word).unwrap_or_default()
}

fn statements() -> Vec<Item> {
    let snippet = |label: &str, text: &str, word: &str| Item {
        is_snippet: true,
        ..Item::new(label, text, ItemKind::Keyword, about(word))
    };
    let mut items: Vec<Item> = Tier::ALL
        .iter()
        .map(|tier| {
            let tier = tier.name();
            snippet(&format!("{tier} rule"), &format!("{tier} rule ${{1:name}} {{\n  $0\n}}"), "rule")
        })
        .collect();
    for word in ["failover", "budget", "quota", "audit", "guarantee"] {
        items.push(snippet(word, &format!("{word} ${{1:name}} {{\n  $0\n}}"), word));
    }
    items.push(snippet("attribution", "attribution {\n  require $0\n}", "attribution"));
    items.push(snippet(
        "test",
        "test \"${1:what is expected}\" {\n  given  use_case $2\n  expect $0\n}",
        "test",
    ));
    items.push(snippet("fact", "fact ${1:name} in {${2:a, b}} default ${3:a}", "fact"));
    for word in ["classifications", "precedence"] {
        items.push(Item::word(word, about(word)));
    }
    items.extend(VocabularyKind::ALL.iter().map(|kind| Item::word(kind.name(), kind.about())));
    items
}
