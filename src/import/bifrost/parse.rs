//! Expressions of routing rules as text, into trees.

use std::iter::Peekable;
use std::str::Chars;

use super::cel::{Expr, Operand};
use crate::import::text;
use crate::limits::{MAX_IMPORTED_EXPRESSION, MAX_IMPORTED_NESTING};
use crate::number;

/// Reads an expression; why not where it is not understood.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > MAX_IMPORTED_EXPRESSION {
        return Err(format!("an expression of more than {MAX_IMPORTED_EXPRESSION} bytes is not read"));
    }
    if text.trim().is_empty() {
        return Ok(Expr::Is(true));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expr = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(expr),
        Some(token) => Err(format!("`{}` is not understood", token.shown())),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(String),
    Sign(&'static str),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) => text.clone(),
            Self::Text(text) => format!("\"{}\"", text::comment(text)),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }
}

const SIGNS: [&str; 17] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", ",", "!", ".", "{", "}"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, after) = if c == '"' || c == '\'' {
            quoted(rest, c)?
        } else if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            (Token::Number(digits.to_owned()), after)
        } else if c.is_ascii_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            (Token::Word(word.to_owned()), after)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign =
                sign.ok_or_else(|| format!("`{}` is not understood", text::comment(&c.to_string())))?;
            (Token::Sign(sign), rest.get(sign.len()..).unwrap_or_default())
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn quoted(text: &str, quote: char) -> Result<(Token, &str), String> {
    let mut inner = String::new();
    let mut chars: Peekable<Chars> = text.chars().peekable();
    let mut length = chars.next().map_or(0, char::len_utf8);
    while let Some(c) = chars.next() {
        length += c.len_utf8();
        match c {
            '\\' => {
                let escaped = chars.next().ok_or("a text is not closed")?;
                length += escaped.len_utf8();
                match escaped {
                    '\\' | '"' | '\'' | '`' | '?' => inner.push(escaped),
                    'n' => inner.push('\n'),
                    't' => inner.push('\t'),
                    other => {
                        return Err(format!("`\\{}` is not understood", text::comment(&other.to_string())));
                    }
                }
            }
            c if c == quote => return Ok((Token::Text(inner), text.get(length..).unwrap_or_default())),
            c => inner.push(c),
        }
    }
    Err("a text is not closed".to_owned())
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn takes(&mut self, sign: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.and()?];
        while self.takes("||") {
            all.push(self.and()?);
        }
        Ok(if all.len() == 1 { all.pop().unwrap_or(Expr::Is(false)) } else { Expr::Any(all) })
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.not()?];
        while self.takes("&&") {
            all.push(self.not()?);
        }
        Ok(if all.len() == 1 { all.pop().unwrap_or(Expr::Is(false)) } else { Expr::All(all) })
    }

    fn not(&mut self) -> Result<Expr, String> {
        if self.takes("!") {
            self.deeper()?;
            let inner = self.not()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        if self.takes("(") {
            self.deeper()?;
            let inner = self.or()?;
            self.depth -= 1;
            return if self.takes(")") { Ok(inner) } else { Err("a `(` is not closed".to_owned()) };
        }
        self.comparison()
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_IMPORTED_NESTING {
            return Err(format!("more than {MAX_IMPORTED_NESTING} levels of parentheses are not read"));
        }
        Ok(())
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        if let Some(Token::Word(word)) = self.tokens.get(self.at)
            && let Some(value) = ["false", "true"].iter().position(|known| known == word)
        {
            self.at += 1;
            return Ok(Expr::Is(value == 1));
        }
        let left = self.operand()?;
        if self.takes(".") {
            let Some(Token::Word(method)) = self.tokens.get(self.at).cloned() else {
                return Err("nothing stands behind a `.`".to_owned());
            };
            self.at += 1;
            if !self.takes("(") {
                return Err(format!("`{}.{method}` is not understood", left.shown()));
            }
            let Operand::Text(argument) = self.operand()? else {
                return Err(format!("`{method}` of what is not a text is not understood"));
            };
            return if self.takes(")") {
                Ok(Expr::Call(left, method, argument))
            } else {
                Err("a `(` is not closed".to_owned())
            };
        }
        if self.tokens.get(self.at) == Some(&Token::Word("in".to_owned())) {
            self.at += 1;
            return self.list().map(|list| Expr::In(left, list));
        }
        let sign = ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|sign| self.takes(sign));
        let sign = sign.ok_or_else(|| format!("`{}` is compared with nothing", left.shown()))?;
        Ok(Expr::Compare(left, sign, self.operand()?))
    }

    fn list(&mut self) -> Result<Vec<Operand>, String> {
        if !self.takes("[") {
            return Err("`in` of what is not a list is not understood".to_owned());
        }
        let mut all = Vec::new();
        while !self.takes("]") {
            all.push(self.operand()?);
            if !self.takes(",") && self.tokens.get(self.at) != Some(&Token::Sign("]")) {
                return Err("a list is not closed".to_owned());
            }
        }
        Ok(all)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self.tokens.get(self.at).cloned().ok_or("something is missing at the end")?;
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Operand::Text(text)),
            Token::Number(digits) => number::parse_decimal(&digits)
                .map(Operand::Number)
                .ok_or_else(|| format!("`{digits}` is not a number")),
            Token::Word(word) => {
                if self.takes("[") {
                    let Operand::Text(key) = self.operand()? else {
                        return Err(format!("`{word}[…]` of what is not a text is not understood"));
                    };
                    // Bifrost looks headers up in any case.
                    let key = if word == "headers" { key.to_ascii_lowercase() } else { key };
                    return if self.takes("]") {
                        Ok(Operand::Field(word, key))
                    } else {
                        Err("a `[` is not closed".to_owned())
                    };
                }
                Ok(Operand::Variable(word))
            }
            Token::Sign(sign) => Err(format!("`{sign}` is not understood")),
        }
    }
}
