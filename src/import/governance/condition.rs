//! `rule:` expressions of the format into conditions of the language.

mod attributes;
mod tokens;

use crate::import::text;
use crate::limits::{MAX_IMPORTED_EXPRESSION, MAX_IMPORTED_NESTING};
use attributes::{ATTRIBUTES, Type, attribute, unknown, unknown_level};
use tokens::{Token, number, tokens};

/// A condition in the language.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    /// As text; none where it is always true.
    pub(super) when: Option<String>,
    /// Use cases that it names.
    pub(super) use_cases: Vec<String>,
    /// Names of levels that no workspace has without declaring them, each with what it would be one of.
    pub(super) levels: Vec<(&'static str, String)>,
    /// Whether it asks for what is left of the budget.
    pub(super) asks_budget: bool,
    /// What in it was read in one of several ways.
    pub(super) readings: Vec<String>,
}

/// Reads an expression; why it cannot be carried over where it cannot.
pub(super) fn read(text: &str) -> Result<Condition, String> {
    if text.len() > MAX_IMPORTED_EXPRESSION {
        return Err(format!("an expression of more than {MAX_IMPORTED_EXPRESSION} bytes is not read"));
    }
    if ["true", "always", "*", "any", "default"].contains(&text.trim().to_ascii_lowercase().as_str()) {
        return Ok(Condition::default());
    }
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0, found: Condition::default() };
    let (when, _) = reader.or()?;
    match reader.peek() {
        None => Ok(Condition { when: Some(when), ..reader.found }),
        Some(token) => Err(format!("{} is not understood after `{when}`", token.shown())),
    }
}

/// Words that other languages have for nothing.
const NOTHING: [&str; 4] = ["null", "nil", "None", "undefined"];

/// Whether a word joins conditions, and so is no unit of a number before it.
fn is_joining(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// How tightly a condition binds: what stands in a tighter place needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
}

type Part = (String, Binding);

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    found: Condition,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Takes the next token if it is one of these words or signs, in any case.
    fn takes(&mut self, words: &[&str]) -> bool {
        let is = match self.peek() {
            Some(Token::Word(word)) => words.contains(&word.to_ascii_lowercase().as_str()),
            Some(Token::Sign(sign)) => words.contains(sign),
            _ => false,
        };
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Result<Part, String> {
        self.several(&["or", "||"], " or ", Binding::Or, Self::and)
    }

    fn and(&mut self) -> Result<Part, String> {
        self.several(&["and", "&&"], " and ", Binding::And, Self::not)
    }

    fn several(
        &mut self,
        words: &[&str],
        joint: &str,
        binding: Binding,
        inner: fn(&mut Self) -> Result<Part, String>,
    ) -> Result<Part, String> {
        let first = inner(self)?;
        let mut parts = vec![first];
        while self.takes(words) {
            parts.push(inner(self)?);
        }
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| "a condition is missing".to_owned());
        }
        let parts: Vec<String> = parts.into_iter().map(|part| within(part, binding)).collect();
        Ok((parts.join(joint), binding))
    }

    fn not(&mut self) -> Result<Part, String> {
        if !self.takes(&["not", "!"]) {
            return self.one();
        }
        self.deeper()?;
        let inner = self.not()?;
        self.depth -= 1;
        Ok((format!("not {}", within(inner, Binding::Not)), Binding::Not))
    }

    fn one(&mut self) -> Result<Part, String> {
        if !self.takes(&["("]) {
            return self.comparison().map(|text| (text, Binding::Comparison));
        }
        self.deeper()?;
        let inner = self.or()?;
        self.depth -= 1;
        if self.takes(&[")"]) { Ok(inner) } else { Err("a `(` is not closed".to_owned()) }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_IMPORTED_NESTING {
            return Err(format!("more than {MAX_IMPORTED_NESTING} levels of parentheses are not read"));
        }
        Ok(())
    }

    /// Turns `'restricted' == data_classification` round: the language compares an attribute with a value.
    fn turn(&mut self) {
        let is_attribute =
            |token: Option<&Token>| matches!(token, Some(Token::Word(word)) if attribute(word).is_some());
        let at = self.at;
        let Some(Token::Sign(sign)) = self.tokens.get(at + 1) else { return };
        let turned = match *sign {
            "<" => ">",
            "<=" => ">=",
            ">" => "<",
            ">=" => "<=",
            same @ ("==" | "=" | "!=") => same,
            _ => return,
        };
        let is_value = !matches!(self.tokens.get(at), Some(Token::Sign(_)));
        if is_value && !is_attribute(self.tokens.get(at)) && is_attribute(self.tokens.get(at + 2)) {
            self.tokens.swap(at, at + 2);
            if let Some(token) = self.tokens.get_mut(at + 1) {
                *token = Token::Sign(turned);
            }
        }
    }

    fn comparison(&mut self) -> Result<String, String> {
        self.turn();
        let left = self.take().ok_or("a condition is missing at the end")?;
        // `'gdpr' in compliance`: the set stands on the right.
        if let Token::Text(value) = &left {
            if self.takes(&["in"])
                && let Some(Token::Word(word)) = self.take()
                && let Some((_, ours, Type::Set)) = attribute(&word)
            {
                return Ok(format!("{ours} has {}", text::name(value)));
            }
            return Err(format!("{} stands where an attribute is expected", left.shown()));
        }
        let Token::Word(word) = &left else {
            return Err(format!("{} stands where an attribute is expected", left.shown()));
        };
        let (_, ours, kind) = attribute(word).ok_or_else(|| unknown(word))?;
        self.found.asks_budget |= ours == "budget.remaining";
        if self.takes(&["in"]) {
            return self.list(ours, kind, "");
        }
        if self.takes(&["not"]) {
            if self.takes(&["in"]) {
                return self.list(ours, kind, "not ");
            }
            return Err(format!("`not` is not understood after `{word}`"));
        }
        if self.takes(&["has", "contains", "includes"]) {
            if kind != Type::Set {
                return Err(format!("`{ours}` is not a set"));
            }
            return Ok(format!("{ours} has {}", self.value(ours, kind)?));
        }
        let Some(Token::Sign(sign @ ("==" | "=" | "!=" | "<" | "<=" | ">" | ">="))) = self.peek() else {
            return if kind == Type::Boolean {
                Ok(ours.to_owned())
            } else {
                Err(format!("`{word}` is compared with nothing"))
            };
        };
        let sign = if *sign == "=" {
            self.found.readings.push(format!("`{word} = …` as `==`"));
            "=="
        } else {
            *sign
        };
        self.at += 1;
        let orders = !matches!(sign, "==" | "!=");
        match kind {
            Type::Set => Err(format!("`{ours}` is a set: it takes `has`, not `{sign}`")),
            Type::Name | Type::Boolean if orders => Err(format!("`{ours}` has no order")),
            _ => Ok(format!("{ours} {sign} {}", self.value(ours, kind)?)),
        }
    }

    fn list(&mut self, ours: &str, kind: Type, not: &str) -> Result<String, String> {
        if kind == Type::Set {
            return Err(format!("`{ours}` is a set: it takes `has`, not `in`"));
        }
        if !self.takes(&["[", "("]) {
            return Err("`in` needs a list".to_owned());
        }
        if self.takes(&["]", ")"]) {
            return Err(format!("`{ours}` is compared with an empty list"));
        }
        let mut values = vec![self.value(ours, kind)?];
        while self.takes(&[","]) {
            if matches!(self.peek(), Some(Token::Sign("]" | ")"))) {
                break;
            }
            values.push(self.value(ours, kind)?);
        }
        if !self.takes(&["]", ")"]) {
            return Err("a list is not closed".to_owned());
        }
        Ok(format!("{not}{ours} in [{}]", values.join(", ")))
    }

    /// A length of time: a number with its unit.
    fn duration(&mut self, ours: &str, token: &Token) -> Result<String, String> {
        let unit = match (token, self.peek()) {
            (Token::Number(_), Some(Token::Word(unit))) if !is_joining(unit) => Some(unit.clone()),
            _ => None,
        };
        self.at += usize::from(unit.is_some());
        attributes::duration(ours, token, unit.as_deref())
    }

    fn value(&mut self, ours: &str, kind: Type) -> Result<String, String> {
        let token = self.take().ok_or_else(|| format!("`{ours}` is compared with nothing"))?;
        if kind == Type::Duration {
            return self.duration(ours, &token);
        }
        if kind == Type::Number {
            return match &token {
                Token::Number(digits) if crate::number::parse_decimal(digits).is_some() => Ok(digits.clone()),
                other => Err(format!("{} is not a number, as `{ours}` is", other.shown())),
            };
        }
        if kind == Type::Percent {
            let (whole, share_of) = if ours == "budget.remaining" {
                ("the whole of a budget", "a share of the budget")
            } else {
                ("always", "an availability")
            };
            let percent = match &token {
                Token::Percent(digits) => Some(digits.clone()),
                Token::Text(text) => match number(text) {
                    (Token::Percent(digits), "") => Some(digits),
                    _ => None,
                },
                _ => None,
            };
            let share = percent.as_ref().and_then(|digits| crate::number::parse_decimal(digits));
            if share.as_ref().is_some_and(|share| *share > crate::number::whole(100)) {
                return Err(format!("{} is more than {whole}", token.shown()));
            }
            let percent = percent.filter(|_| share.is_some());
            return percent
                .map(|digits| format!("{digits}%"))
                .ok_or_else(|| format!("{} is not a percent, and {share_of} has to be one", token.shown()));
        }
        match token {
            Token::Word(word) if kind == Type::Boolean => match word.to_ascii_lowercase().as_str() {
                "true" => Ok("true".to_owned()),
                "false" => Ok("false".to_owned()),
                _ => Err(format!("`{word}` is neither `true` nor `false`")),
            },
            Token::Text(value) if kind != Type::Boolean && value.trim().is_empty() => {
                Err(format!("`{ours}` is compared with an empty text, which names nothing"))
            }
            Token::Word(word) if kind != Type::Boolean && NOTHING.contains(&word.as_str()) => Err(format!(
                "`{ours}` is compared with `{word}`: no condition asks whether something is stated"
            )),
            Token::Text(value) | Token::Word(value) if kind != Type::Boolean => {
                if ours == "use_case" {
                    self.found.use_cases.push(value.clone());
                }
                self.found.levels.extend(unknown_level(ours, &value));
                if value.contains('*') {
                    let reading =
                        format!("`{value}` as that very name: `*` stands for nothing else in a comparison");
                    self.found.readings.push(reading);
                }
                // A word that is an attribute of the language would be read as one.
                let is_attribute = ATTRIBUTES.iter().any(|(_, ours, _)| *ours == value);
                Ok(if is_attribute { text::string(&value) } else { text::name(&value) })
            }
            other => Err(format!("{} cannot be compared with `{ours}`", other.shown())),
        }
    }
}

fn within((text, binding): Part, place: Binding) -> String {
    if binding < place || (binding == place && place != Binding::Not) { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests;
