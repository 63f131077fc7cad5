//! A quantity that is not written as it is here: `limit 20k`, `at 0.8`, `retain 7y`; says what to write instead.

use crate::diag::fix::{Change, Fix};
use crate::diag::quantity::{Bare, Quantity, Unit, Wanted, read};
use crate::diag::{Finding, code};
use crate::number;
use crate::source::{FileId, Span};

use super::message::{Scene, quote};
use super::scan::{self, Kind, Token};
use super::words;

/// The word behind which a quantity stands, and what it should be.
#[derive(Clone, Copy)]
pub(super) struct Opener {
    /// Where it stands, as it is written.
    pub(super) token: Token,
    /// What should stand behind it.
    pub(super) wanted: Wanted,
}

/// What is wrong where the parser gave up inside or right behind a quantity, or none was found where one stands.
pub(super) fn misread(file: FileId, scene: &Scene<'_>) -> Option<Finding> {
    let Opener { token, wanted } = opener(scene)?;
    let start = scan::skip(scene.text, token.end);
    let line = scene.text.get(start..scan::line_end(scene.text, start))?;
    let unquoted = line.strip_prefix('"').unwrap_or(line);
    let (quantity, length) = read(unquoted, wanted)?;
    let quotes = line.len() - unquoted.len();
    let closed = quotes + usize::from(unquoted.get(length..)?.starts_with('"')).min(quotes);
    let end = start + length + closed;
    let written = scene.text.get(start..end)?.trim_end();
    let right = quantity.written(wanted);
    let plural = matches!(wanted, Wanted::Duration(_) | Wanted::Hops);
    let is_right = right.as_deref().is_some_and(|right| bare(right, plural) == bare(written, plural));
    if is_right || !is_whole(scene, end, quantity.per.is_some()) {
        return None;
    }
    let span = Span::new(file, start, start + written.len());
    let token_text = quote(scene.text, token);
    let shown = quote(scene.text, Token { start, end: start + written.len(), kind: Kind::Number });
    let message = format!("expected {} after {token_text}, found {shown}", wanted.phrase());
    let help = match &right {
        Some(right) if wanted == Wanted::Quota && quantity.is_spread() => {
            format!("write `{right}`: a quota counts per minute or per day")
        }
        Some(right) => format!("write `{right}`"),
        None if quantity.unit == Unit::Currency => {
            format!("amounts are in US dollars: convert it and write, for example, `{}`", wanted.example())
        }
        None => months(&quantity).unwrap_or_else(|| elsewhere(scene, token, &quantity, wanted)),
    };
    let label = format!("expected {}", wanted.phrase());
    let finding = Finding::error(code::SYNTAX, span, message).label(label).help(help);
    Some(match right.filter(|_| quantity.is_guess(wanted)) {
        Some(right) => {
            let title = format!("write `{right}`");
            finding.fix(Fix::not_safe(title, Change::Text(span, right)))
        }
        None => finding,
    })
}

/// A quantity without what makes no difference in it: white space, the zeros of a fraction, the plural of its unit.
fn bare(written: &str, plural: bool) -> String {
    let mut text = written.to_lowercase().replace('_', "");
    if let Some(space) = text.find(char::is_whitespace)
        && !text.get(space..).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    {
        text = text.split_whitespace().collect();
    }
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, unit) = text.split_at_checked(digits).unwrap_or((&text, ""));
    let number =
        number::parse_decimal(number).map_or_else(|| number.to_owned(), |value| number::exact(&value));
    number + if plural { unit.trim_end_matches('s') } else { unit }
}

/// What to write for months: as many days as they never have more of.
fn months(quantity: &Quantity) -> Option<String> {
    let Unit::Time("months", _) = quantity.unit else { return None };
    let days = number::exact(&(&quantity.value * number::whole(31)));
    Some(format!("a month has no fixed length: write days, for example `{days} days`, which is never less"))
}

/// What to write where a quantity of another kind stands.
fn elsewhere(scene: &Scene<'_>, opener: Token, quantity: &Quantity, wanted: Wanted) -> String {
    let attribute = before(scene, opener).filter(|name| name.ends_with("remaining"));
    match (attribute, wanted) {
        (Some(attribute), _) => {
            format!("`{attribute}` is the percent of the limit that is left: write, for example, `20%`")
        }
        (_, Wanted::Percent) => "write a percent of at most 100%, for example `80%`".to_owned(),
        (_, Wanted::Quota) if quantity.unit == Unit::Usd => {
            "a quota counts requests or tokens: money stands in a budget, `limit 500 usd per month`"
                .to_owned()
        }
        (_, Wanted::Budget) if matches!(quantity.unit, Unit::Tokens | Unit::Requests) => {
            "a budget counts money: tokens and requests stand in a quota, `limit 100000 tokens per minute`"
                .to_owned()
        }
        (_, Wanted::Multiplier) if before_cost(scene, opener) => {
            "what a target may cost is a multiple of the primary's cost: write, for example, `2x cost`"
                .to_owned()
        }
        (_, Wanted::Quota) => {
            "a quota counts per minute or per day: write, for example, `600 requests per minute`".to_owned()
        }
        (_, Wanted::Budget) => {
            "a budget is per day, week, month, quarter or year: write, for example, `500 usd per month`"
                .to_owned()
        }
        _ => format!("write, for example, `{}`", wanted.example()),
    }
}

/// The clause has no `cost` yet behind its amount.
fn before_cost(scene: &Scene<'_>, opener: Token) -> bool {
    let end = scan::line_end(scene.text, opener.end);
    let mut behind = scan::tokens(scene.text, opener.end).take_while(|token| token.start < end);
    opener.text(scene.text) == "above" && !behind.any(|token| token.text(scene.text) == "cost")
}

/// A quantity as it is written where one is expected and something else stands.
pub(super) fn example(scene: &Scene<'_>) -> Option<String> {
    let Opener { token, wanted } = opener(scene)?;
    let directly = scene.before.is_some_and(|before| before.start == token.start);
    directly.then(|| {
        let cost = if wanted == Wanted::Multiplier && before_cost(scene, token) { " cost" } else { "" };
        format!("write, for example, `{}{cost}`", wanted.example())
    })
}

/// The word before a token.
fn before<'t>(scene: &Scene<'t>, token: Token) -> Option<&'t str> {
    let last = scan::tokens(scene.text, scene.start).take_while(|other| other.end <= token.start).last()?;
    Some(last.text(scene.text))
}

/// Nothing is left of what was read: the line ends, or a word or symbol of ours goes on.
fn is_whole(scene: &Scene<'_>, end: usize, has_period: bool) -> bool {
    let Some(next) = scan::next(scene.text, end) else { return true };
    let text = next.text(scene.text);
    if text == "per" {
        return has_period;
    }
    let same_line = !scene.text.get(end..next.start).unwrap_or_default().contains('\n');
    // On the same line, only a clause of this statement goes on.
    let begins = clauses_of(scene.first).is_some_and(|clauses| clauses.contains(&text));
    let ours = begins
        || matches!(text, "and" | "or" | "cost" | "price")
        || words::COST_ACTIONS.contains(&text)
        || words::COMPARISONS.contains(&text);
    !same_line || ours || (next.kind == Kind::Symbol && matches!(text, "}" | "]" | ")" | ","))
}

/// The clauses of the statement that a word begins.
fn clauses_of(first: &str) -> Option<&'static [&'static str]> {
    words::CLAUSES.iter().find(|(home, _)| home.ends_with(home_of(first))).map(|(_, clauses)| *clauses)
}

/// What a quantity stands behind, as far as nothing but a quantity stands between it and the failure.
pub(super) fn opener(scene: &Scene<'_>) -> Option<Opener> {
    let clauses = clauses_of(scene.first)?;
    let (mut clause, mut found) = ("", None);
    let (mut last, mut attribute, mut depth, mut brackets) = ("", "", 0_usize, 0_usize);
    for token in scan::tokens(scene.text, scene.start).take_while(|token| token.start < scene.failed) {
        let text = token.text(scene.text);
        match text {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        let opens = match text {
            symbol if words::COMPARISONS.contains(&symbol) || symbol == "=" => {
                attribute = last;
                Wanted::of_attribute(attribute)
            }
            "in" => {
                attribute = last;
                None
            }
            "[" => Wanted::of_attribute(attribute),
            "," if brackets > 0 => Wanted::of_attribute(attribute),
            _ if depth == 1 && brackets == 0 => {
                if clauses.contains(&text) && !(text == "per" && found.is_some()) {
                    clause = text;
                }
                of_word(scene.first, clause, text)
            }
            _ => None,
        };
        found = match opens {
            Some(wanted) => Some(Opener { token, wanted }),
            None if is_part(token, text) => found,
            None => None,
        };
        last = text;
    }
    found
}

/// How the clauses of a statement are listed.
fn home_of(first: &str) -> &str {
    match first {
        "compliance" | "cost" | "latency" | "preference" => "rule",
        "failover" => "failover statement",
        "audit" => "audit statement",
        "attribution" => "`attribution`",
        other => other,
    }
}

/// The quantity with which a clause goes on.
pub(super) fn of_clause(first: &str, clause: &str) -> Option<Wanted> {
    of_word(first, clause, clause)
}

/// What stands behind a word of a clause.
fn of_word(statement: &str, clause: &str, word: &str) -> Option<Wanted> {
    Some(match (statement, clause, word) {
        ("budget", "limit", "limit") => Wanted::Budget,
        ("quota", "limit", "limit") => Wanted::Quota,
        ("failover", "limit", "limit") => Wanted::Hops,
        ("budget", "at", "at") => Wanted::Percent,
        ("failover", "above", "above") => Wanted::Multiplier,
        ("attribution", "anomaly", "above") => Wanted::Growth,
        ("failover", "retry", "retry") => Wanted::Times,
        ("failover", "cooldown", "cooldown") => Wanted::Duration(Bare::Seconds),
        ("failover" | "quota", "then", "for") => Wanted::Duration(Bare::Minutes),
        ("audit", "retain", "retain") => Wanted::Duration(Bare::Keeping),
        ("test", "given", name) if name.ends_with(".remaining") => Wanted::Percent,
        _ => return None,
    })
}

/// A token that may be part of a quantity.
fn is_part(token: Token, text: &str) -> bool {
    match token.kind {
        Kind::Number => true,
        Kind::Text { .. } => {
            text.strip_prefix('"').is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        }
        Kind::Symbol => matches!(text, "$" | "€" | "£" | "%" | "," | "." | "'" | "/" | "-" | "_" | "×" | "*"),
        Kind::Word => !words::is_keyword(text) || text == "per",
    }
}
