//! Names, strings, references and numbers.

use jiff::civil::Date;

use crate::diag::{Finding, code, day};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::number::{self, MAX_DIGITS, Rational, SECONDS_PER_DAY};
use crate::source::visible;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::tree::{Chain, Day, Name, Quantity, Selector, SelectorKind, Text};

use super::{Lower, child, children, first, last};

impl Lower<'_> {
    /// A name, plain or quoted.
    pub(super) fn name(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let inner = first(pair)?;
        if inner.as_rule() == Rule::string {
            let name = self.quoted(&inner);
            self.shows(&name);
            return Some(name);
        }
        Some(Name { text: inner.as_str().to_owned(), quoted: false, span: self.span(&inner) })
    }

    /// A name is on one line.
    fn shows(&mut self, name: &Name) {
        if let Some((_, c)) = visible::hidden_in_name(&name.text)
            && self.findings.len() < MAX_FINDINGS_PER_FILE
        {
            let message = format!("the character {} cannot be in a name", visible::code_point(c));
            self.findings.push(Finding::error(code::SYNTAX, name.span, message));
        }
    }

    /// A name that stands for something of its own is not empty: no table could hold it.
    pub(super) fn named(&mut self, name: &Name) {
        if name.text.is_empty() && self.findings.len() < MAX_FINDINGS_PER_FILE {
            let finding = Finding::error(code::SYNTAX, name.span, "a name cannot be empty");
            self.findings.push(finding.help("write a name between the quotes"));
        }
    }

    /// A string that is a name.
    pub(super) fn quoted(&self, pair: &Pair<'_>) -> Name {
        Name { text: unescape(pair.as_str()), quoted: true, span: self.span(pair) }
    }

    /// What stands in quotes, escapes resolved.
    pub(super) fn text(&self, pair: &Pair<'_>) -> Text {
        Text { text: unescape(pair.as_str()), span: self.span(pair) }
    }

    /// The strings of a list; none where there is no list.
    pub(super) fn texts(&self, pair: &Pair<'_>) -> Vec<Text> {
        let Some(list) = child(pair, Rule::strings) else { return Vec::new() };
        children(&list, Rule::string).map(|string| self.text(&string)).collect()
    }

    /// A reference to a model or a provider.
    pub(super) fn selector(&mut self, pair: &Pair<'_>) -> Option<Selector> {
        Some(Selector { kind: reference(&first(pair)?)?, span: self.span(pair) })
    }

    /// The references among the children.
    pub(super) fn selectors(&mut self, pair: &Pair<'_>) -> Option<Vec<Selector>> {
        children(pair, Rule::selector).map(|selector| self.selector(&selector)).collect()
    }

    /// The models of a chain and the arrows between them.
    pub(super) fn chain(&mut self, pair: &Pair<'_>) -> Option<Chain> {
        let arrows = children(pair, Rule::arrow).map(|arrow| self.span(&arrow)).collect();
        Some(Chain { models: self.selectors(pair)?, arrows })
    }

    /// The value of a number; one that is too long is a finding, and counts as 0.
    pub(super) fn number(&mut self, pair: &Pair<'_>) -> Rational {
        number::parse_decimal(pair.as_str()).unwrap_or_else(|| {
            let finding = Finding::error(code::SYNTAX, self.span(pair), "number has too many digits")
                .label(format!("at most {MAX_DIGITS} digits are read"));
            if self.findings.len() < MAX_FINDINGS_PER_FILE {
                self.findings.push(finding);
            }
            number::whole(0)
        })
    }

    /// A day; one that does not exist is a finding.
    pub(super) fn day(&mut self, pair: &Pair<'_>) -> Day {
        let (text, span) = (pair.as_str(), self.span(pair));
        if let Ok(date) = text.parse::<Date>() {
            return Day { date, span };
        }
        let finding = Finding::error(code::SYNTAX, span, format!("there is no day `{text}`"))
            .label("no such day")
            .help(day::no_day(text));
        if self.findings.len() < MAX_FINDINGS_PER_FILE {
            self.findings.push(finding);
        }
        Day { date: Date::MIN, span }
    }

    /// The number among the children, with its unit where that is the next token.
    pub(super) fn counted(&mut self, pair: &Pair<'_>) -> Option<Quantity> {
        let mut parts = pair.clone().into_inner().skip_while(|part| part.as_rule() != Rule::number);
        let (number, unit) = (parts.next()?, parts.next()?);
        Some(Quantity { value: self.number(&number), span: self.span(&number).to(self.span(&unit)) })
    }

    /// A duration in seconds.
    pub(super) fn duration(&mut self, pair: &Pair<'_>) -> Option<Quantity> {
        let value = self.number(&child(pair, Rule::number)?) * seconds(last(pair)?.as_str())?;
        Some(Quantity { value, span: self.span(pair) })
    }
}

/// A name, or provider and name of a model.
pub(super) fn reference(pair: &Pair<'_>) -> Option<SelectorKind> {
    let (head, tail) = (first(pair)?, last(pair)?);
    let text = |part: &Pair<'_>| match part.as_rule() {
        Rule::string => unescape(part.as_str()),
        _ => part.as_str().to_owned(),
    };
    Some(if child(pair, Rule::slash).is_some() {
        SelectorKind::Model { provider: text(&head), name: text(&tail) }
    } else {
        SelectorKind::Name { text: text(&head), quoted: head.as_rule() == Rule::string }
    })
}

/// The seconds of a unit of time, in any case.
pub(super) fn seconds(unit: &str) -> Option<Rational> {
    let unit = unit.to_ascii_lowercase();
    let whole = match unit.trim_end_matches('s') {
        // `ms` is the only unit that is not made of seconds.
        "m" => return Some(number::whole(1) / number::whole(1000)),
        "" | "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => SECONDS_PER_DAY,
        "week" => 7 * SECONDS_PER_DAY,
        "year" => 365 * SECONDS_PER_DAY,
        _ => return None,
    };
    Some(number::whole(whole))
}

/// The text of a string, without its quotes and with its escapes resolved.
fn unescape(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(quoted);
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|escaped| match escaped {
                'n' => '\n',
                't' => '\t',
                other => other,
            })),
            other => text.push(other),
        }
    }
    text
}
