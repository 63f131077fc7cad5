//! Reads a quantity in whatever way people write it.

use num_traits::Zero;

use super::{Per, Quantity, Unit, Wanted};
use crate::limits::effort;
use crate::number::{self, Rational, SECONDS_PER_DAY, whole};

/// The quantity that a text begins with, and how many bytes of the text it takes.
pub fn read(text: &str, wanted: Wanted) -> Option<(Quantity, usize)> {
    let end = (0..=effort::QUANTITY_BYTES.min(text.len())).rev().find(|&at| text.is_char_boundary(at))?;
    let text = text.get(..end)?;
    let is_time = matches!(wanted, Wanted::Duration(_) | Wanted::Milliseconds);
    if let Some(found) = iso(text).or_else(|| clock(text).or_else(|| several(text)).filter(|_| is_time)) {
        return Some(found);
    }
    let mut cursor = Cursor { text, at: 0 };
    let before = cursor.currency();
    let mut value = cursor.number(wanted)?;
    if let Some(scale) = cursor.scale(wanted) {
        value *= scale;
    }
    let (unit, mut per) = cursor.unit(wanted);
    let unit = match (before, unit) {
        (Some(currency), Unit::Bare) => currency,
        (_, unit) => unit,
    };
    per = per.or_else(|| cursor.per());
    Some((Quantity { value, unit, per }, cursor.at))
}

impl Quantity {
    /// Whether it is of a period that no quota has, and is said of another one.
    pub fn is_spread(&self) -> bool {
        matches!(self.per, Some(Per::Time("hour" | "week")))
    }
}

/// `PT30S`, `P30D` and the like.
fn iso(text: &str) -> Option<(Quantity, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let whole_text = text.get(..length)?;
    let (clock, rest) = match whole_text.strip_prefix("PT") {
        Some(rest) => (true, rest),
        None => (false, whole_text.strip_prefix('P')?),
    };
    let number = number::parse_decimal(rest.get(..rest.len().checked_sub(1)?)?)?;
    let word = match (clock, rest.chars().next_back()?) {
        (true, 'S') => "s",
        (true, 'M') => "minutes",
        (true, 'H') => "hours",
        (false, 'D') => "days",
        (false, 'W') => "weeks",
        (false, 'Y') => "years",
        _ => return None,
    };
    let unit = time(word)?;
    let unit = if word == "s" { Unit::Time("seconds", whole(1)) } else { unit };
    Some((Quantity { value: number, unit, per: None }, length))
}

/// `00:15:00`, hours, minutes and seconds; with two parts it is not said which.
fn clock(text: &str) -> Option<(Quantity, usize)> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b':').count();
    let parts: Vec<&str> = text.get(..length)?.split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u32>().ok();
    let seconds = number(hours)?
        .checked_mul(3_600)?
        .checked_add(number(minutes)?.checked_mul(60)?)?
        .checked_add(number(seconds)?)?;
    Some((lasting(whole(seconds.into())), length))
}

/// `1h30m`, `1 hour and 30 minutes`: several units, one behind the other.
fn several(text: &str) -> Option<(Quantity, usize)> {
    let (mut sum, mut parts, mut at) = (whole(0), 0, 0);
    while let Some(rest) = text.get(at..) {
        let joint = if parts == 0 { 0 } else { rest.len() - unjoined(rest).len() };
        let rest = rest.get(joint..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let spaces = rest.bytes().skip(digits).take_while(|byte| *byte == b' ').count();
        let word = digits + spaces;
        let letters = rest.bytes().skip(word).take_while(u8::is_ascii_alphabetic).count();
        let unit = rest.get(word..word + letters).and_then(|word| time(&word.to_lowercase()));
        let (Some(Unit::Time(name, seconds)), 1..) = (unit, digits) else { break };
        if name == "months" {
            return None;
        }
        sum += number::parse_decimal(rest.get(..digits)?)? * seconds;
        at += joint + word + letters;
        parts += 1;
    }
    (parts > 1).then(|| (lasting(sum), at))
}

/// What follows the white space, the comma and the `and` between two lengths of time.
fn unjoined(text: &str) -> &str {
    let rest = text.trim_start_matches(' ').trim_start_matches([',', '+', '&']).trim_start_matches(' ');
    rest.strip_prefix("and ").unwrap_or(rest).trim_start_matches(' ')
}

/// So many seconds in the largest unit of which they are a whole number.
fn lasting(seconds: Rational) -> Quantity {
    let units = [("days", SECONDS_PER_DAY), ("hours", 3_600), ("minutes", 60), ("seconds", 1)];
    let fits = |unit: &(&str, u64)| seconds.is_zero() || (&seconds / whole(unit.1)).is_integer();
    let (word, length) = units.into_iter().find(fits).unwrap_or(("seconds", 1));
    Quantity { value: seconds / whole(length), unit: Unit::Time(word, whole(length)), per: None }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The place behind white space.
    fn begun(&self) -> usize {
        let rest = self.rest();
        self.at + (rest.len() - rest.trim_start().len())
    }

    /// The place behind white space, `-` and `_`, with which people join a unit.
    fn joined(&self) -> usize {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '-', '_', '\u{a0}', '\u{202f}']);
        self.at + (rest.len() - trimmed.len())
    }

    /// The letters at a place, in lower case, or a symbol.
    fn word_at(&self, at: usize) -> (String, usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let letters: usize = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        let length = if letters > 0 { letters } else { rest.chars().next().map_or(0, char::len_utf8) };
        let end = at + length;
        (self.text.get(at..end).unwrap_or_default().to_lowercase(), end)
    }

    /// A currency before the number.
    fn currency(&mut self) -> Option<Unit> {
        let start = self.begun();
        let (word, end) = self.word_at(start);
        let unit = currency(&word)?;
        let rest = self.text.get(end..).unwrap_or_default();
        let rest = rest.strip_prefix('$').unwrap_or(rest);
        let digits = rest.trim_start();
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.at = self.text.len() - digits.len();
        Some(unit)
    }

    fn number(&mut self, wanted: Wanted) -> Option<Rational> {
        let start = self.begun();
        let rest = self.text.get(start..).unwrap_or_default();
        let fraction =
            rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !rest.starts_with(|c: char| c.is_ascii_digit()) && !fraction {
            let (word, end) = self.word_at(start);
            let words =
                ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
            let value = match word.as_str() {
                "once" => 1,
                "twice" => 2,
                word => words.iter().position(|known| *known == word)?,
            };
            self.at = end;
            return Some(whole(u64::try_from(value).ok()?));
        }
        let length = digits(rest);
        self.at = start + length;
        let mut text = plain(rest.get(..length)?, wanted)?;
        if fraction {
            text.insert(0, '0');
        }
        // `1e6`
        let exponent = self.rest().strip_prefix(['e', 'E']).unwrap_or_default();
        let exponent = exponent.bytes().take_while(u8::is_ascii_digit).count();
        if exponent > 0 {
            text += self.rest().get(..=exponent)?;
            self.at += exponent + 1;
        }
        number::parse_decimal(&text)
    }

    /// `k`, `M` and the like; `m` of a duration is minutes.
    fn scale(&mut self, wanted: Wanted) -> Option<Rational> {
        let time = matches!(wanted, Wanted::Duration(_) | Wanted::Milliseconds | Wanted::Days);
        let (word, end) = self.word_at(self.joined());
        let scale = match word.as_str() {
            "k" | "thousand" => 1_000,
            "m" if !time => 1_000_000,
            "mn" | "mio" | "million" | "millions" => 1_000_000,
            "b" | "bn" | "billion" => 1_000_000_000,
            _ => return None,
        };
        self.at = end;
        Some(whole(scale))
    }

    fn unit(&mut self, wanted: Wanted) -> (Unit, Option<Per>) {
        let (word, end) = self.word_at(self.joined());
        let (unit, per) = match word.as_str() {
            "%" | "percent" | "pct" | "prozent" => (Unit::Percent, None),
            "x" | "×" | "*" | "times" | "time" | "fold" => (Unit::Times, None),
            "requests" | "request" | "reqs" | "req" | "calls" | "call" | "prompts" => (Unit::Requests, None),
            "tokens" | "token" | "toks" | "tok" => (Unit::Tokens, None),
            "hops" | "hop" | "targets" | "target" | "models" | "model" | "steps" => (Unit::Hops, None),
            "providers" | "provider" | "domains" | "domain" if wanted == Wanted::Targets => {
                (Unit::Hops, None)
            }
            "rpm" => (Unit::Requests, Some("minute")),
            "rps" | "qps" => (Unit::Requests, Some("second")),
            "rpd" => (Unit::Requests, Some("day")),
            "tpm" => (Unit::Tokens, Some("minute")),
            "tps" => (Unit::Tokens, Some("second")),
            "tpd" => (Unit::Tokens, Some("day")),
            word => match (time(word), currency(word)) {
                (Some(unit), _) if wanted != Wanted::Budget => (unit, None),
                (_, Some(unit)) => (unit, None),
                _ => return (Unit::Bare, None),
            },
        };
        self.at = end;
        (unit, per.map(Per::Time))
    }

    fn per(&mut self) -> Option<Per> {
        let (word, end) = self.word_at(self.joined());
        if let Some(period) = every(&word) {
            self.at = end;
            return Some(Per::Time(period));
        }
        let joins = matches!(word.as_str(), "/" | "per" | "a" | "an" | "each" | "every");
        let mut behind = Cursor { text: self.text, at: end };
        let per = if joins { behind.per_what()? } else { return None };
        self.at = behind.at;
        Some(per)
    }

    /// What stands behind a `per`: a period, or a number of tokens.
    fn per_what(&mut self) -> Option<Per> {
        let start = self.joined();
        let (word, end) = self.word_at(start);
        if let Some(period) = period(&word) {
            self.at = end;
            return Some(Per::Time(period));
        }
        let written = Cursor { text: self.text, at: start }.number(Wanted::Number);
        let tokens = match (written, word.as_str()) {
            (Some(number), _) => {
                let mut behind = Cursor { text: self.text, at: start };
                behind.number(Wanted::Number)?;
                let scale = behind.scale(Wanted::Number).unwrap_or_else(|| whole(1));
                self.at = behind.at;
                number * scale
            }
            (None, "million" | "m" | "mtok" | "mtokens") => {
                self.at = end;
                whole(1_000_000)
            }
            (None, "thousand" | "k" | "ktok" | "ktokens") => {
                self.at = end;
                whole(1_000)
            }
            (None, "token") => {
                self.at = end;
                return Some(Per::Tokens(whole(1)));
            }
            _ => return None,
        };
        let (word, end) = self.word_at(self.joined());
        if matches!(word.as_str(), "tokens" | "token" | "toks" | "tok") {
            self.at = end;
        }
        Some(Per::Tokens(tokens))
    }
}

/// How long the digits of a number are, with what people put between them.
fn digits(text: &str) -> usize {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let digit = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_ascii_digit());
    let mut at = 0;
    while let Some((_, c)) = chars.get(at) {
        let three = digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
        let between = match c {
            '.' | ',' | '_' => digit(at + 1),
            ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}' => three,
            _ => false,
        };
        if !(c.is_ascii_digit() || between) {
            break;
        }
        at += 1;
    }
    chars.get(at).map_or(text.len(), |(at, _)| *at)
}

/// The digits with a point and nothing else: a last comma that does not stand before three digits is the point, nor is a
/// point before three digits where an amount of money or a count is wanted, `20.000`.
fn plain(text: &str, wanted: Wanted) -> Option<String> {
    let counts =
        matches!(wanted, Wanted::Budget | Wanted::Quota | Wanted::Count | Wanted::Rpm | Wanted::Number);
    let is_grouped = |(before, behind): (&str, &str)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (first, all) = (before.len(), digits(before) && digits(behind));
        all && behind.len() == 3 && (1..=3).contains(&first) && !before.starts_with('0')
    };
    if counts && text.split_once('.').is_some_and(is_grouped) {
        return Some(text.chars().filter(char::is_ascii_digit).collect());
    }
    let text: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let decimal = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) => Some(point.max(comma)),
        (Some(point), None) if text.matches('.').count() == 1 => Some(point),
        (Some(_), None) => {
            let groups = text.split('.').skip(1).all(|group| group.len() == 3);
            groups.then_some(None)?
        }
        (None, Some(comma)) => {
            let groups: Vec<&str> = text.split(',').collect();
            let thousands = groups.iter().skip(1).all(|group| group.len() == 3) && !text.starts_with('0');
            if thousands { None } else { Some(comma) }
        }
        (None, None) => None,
    };
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    Some(match decimal {
        Some(at) => format!("{}.{}", digits(text.get(..at)?), digits(text.get(at..)?)),
        None => digits(&text),
    })
}

fn currency(word: &str) -> Option<Unit> {
    match word {
        "$" | "usd" | "us" | "dollar" | "dollars" => Some(Unit::Usd),
        "€" | "£" | "¥" | "eur" | "euro" | "euros" | "gbp" | "pounds" | "chf" | "jpy" | "cents" => {
            Some(Unit::Currency)
        }
        _ => None,
    }
}

fn time(word: &str) -> Option<Unit> {
    let (word, seconds) = match word {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => {
            return Some(Unit::Time("ms", Rational::new(1.into(), 1_000.into())));
        }
        "s" => ("s", 1),
        "sec" | "secs" | "second" | "seconds" => ("seconds", 1),
        "m" | "min" | "mins" | "minute" | "minutes" => ("minutes", 60),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("hours", 3_600),
        "d" | "day" | "days" => ("days", SECONDS_PER_DAY),
        "w" | "wk" | "wks" | "week" | "weeks" => ("weeks", 7 * SECONDS_PER_DAY),
        "mo" | "mon" | "month" | "months" => ("months", 30 * SECONDS_PER_DAY),
        "y" | "yr" | "yrs" | "year" | "years" => ("years", 365 * SECONDS_PER_DAY),
        _ => return None,
    };
    Some(Unit::Time(word, whole(seconds)))
}

fn period(word: &str) -> Option<&'static str> {
    Some(match word {
        "s" | "sec" | "second" => "second",
        "min" | "minute" | "minutes" => "minute",
        "h" | "hr" | "hour" | "hours" => "hour",
        "d" | "day" | "days" => "day",
        "w" | "wk" | "week" | "weeks" => "week",
        "mo" | "mon" | "month" | "months" => "month",
        "q" | "quarter" | "quarters" => "quarter",
        "y" | "yr" | "year" | "years" | "annum" => "year",
        _ => return None,
    })
}

fn every(word: &str) -> Option<&'static str> {
    Some(match word {
        "hourly" => "hour",
        "daily" => "day",
        "weekly" => "week",
        "monthly" => "month",
        "quarterly" => "quarter",
        "yearly" | "annually" => "year",
        _ => return None,
    })
}
