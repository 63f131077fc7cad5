//! The words, texts, numbers and signs of an expression.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// A number of percent.
    Percent(String),
    /// A number of nothing.
    Number(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

impl Token {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) => format!("`{text}`"),
            Self::Text(text) => format!("`'{text}'`"),
            Self::Percent(number) => format!("`{number}%`"),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

const SIGNS: [&str; 15] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", ",", "!", "="];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, after) = match c {
            '\'' | '"' => quoted(rest, c)?,
            c if c.is_ascii_digit() => number(rest),
            c if c.is_alphabetic() || c == '_' => {
                let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
                let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                (Token::Word(word.to_owned()), after)
            }
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let sign = sign.ok_or_else(|| format!("`{c}` is not understood"))?;
                (Token::Sign(sign), rest.get(sign.len()..).unwrap_or_default())
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn quoted(text: &str, quote: char) -> Result<(Token, &str), String> {
    let inner = text.strip_prefix(quote).unwrap_or_default();
    let (inner, after) = inner.split_once(quote).ok_or("a text is not closed")?;
    Ok((Token::Text(inner.to_owned()), after))
}

/// `20_percent`, `20%`, `20 percent`, `20`.
pub(super) fn number(text: &str) -> (Token, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let unit = rest.trim_start_matches(['_', ' ']);
    let after = unit.strip_prefix('%').or_else(|| {
        let after = unit.strip_prefix("percent")?;
        (!after.starts_with(|c: char| c.is_alphanumeric() || c == '_')).then_some(after)
    });
    match after {
        Some(after) => (Token::Percent(digits.to_owned()), after),
        None => (Token::Number(digits.to_owned()), rest),
    }
}
