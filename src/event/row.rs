//! Events as names with texts: a row of a table, the attributes of a span, a request's metadata.

use super::{Event, Fault, Field, Kind, Text, Value, money};
use crate::limits::effort;
use crate::limits::shown;

/// The value that a text is for a field, which the record calls by a key.
///
/// # Errors
///
/// A number or an amount that is none.
pub fn value<'a>(field: Field, key: &str, text: Text<'a>) -> Result<Value<'a>, Fault> {
    match field.kind() {
        Kind::Text | Kind::Percent => Ok(Value::Text(text)),
        Kind::Anything if holds_nothing(&text) => Ok(Value::Absent),
        Kind::Anything => Ok(Value::Present),
        Kind::Count => match count(&text) {
            Some(count) => Ok(Value::Count(count)),
            None => Err(unfit(key, "a whole number of at least 0", &text)),
        },
        Kind::Money => match money::parse(&text) {
            Some(nanos) => Ok(Value::Money(nanos)),
            None => Err(no_amount(key, &text)),
        },
        Kind::List => Ok(Value::List(list(&text))),
        Kind::Pairs => Err(Fault(format!("`{key}` has names of its own: `{key}.NAME`"))),
    }
}

/// Whether a text says nothing, or is JSON of nothing.
pub fn holds_nothing(text: &str) -> bool {
    let text = text.trim();
    let said = || text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    text.is_empty()
        || (text.len() <= effort::NOTHING_BYTES && ["[]", "{}", "\"\"", "null"].contains(&&*said()))
}

pub(super) fn unfit(key: &str, wanted: &str, text: &str) -> Fault {
    let shown: String = text.chars().take(shown::QUOTED).collect();
    Fault(format!("`{key}` is {wanted}, not `{shown}`"))
}

/// Why a text is no amount, and how it is written.
fn no_amount(key: &str, text: &str) -> Fault {
    let number = text.trim().trim_start_matches('$');
    let is_large = number.parse::<f64>().is_ok_and(|number| number.abs() >= 1e12);
    if is_large && number.contains(|c: char| c.is_ascii_digit()) {
        let shown: String = text.chars().take(shown::QUOTED).collect();
        return Fault(format!("`{key}` is more than 1,000,000,000,000 US dollars: `{shown}`"));
    }
    let Fault(why) = unfit(key, "an amount of US dollars", text);
    let how = if number.starts_with('(') {
        "; write what is below zero with a minus"
    } else if number.contains(',') {
        "; write a point before the cents, and nothing between thousands"
    } else {
        ""
    };
    Fault(why + how)
}

/// A whole number, also as `12.0`, as tables of numbers write it.
fn count(text: &str) -> Option<u64> {
    let text = text.trim();
    let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'));
    whole.map_or(text, |(whole, _)| whole).parse().ok()
}

/// Texts with `;` between them.
fn list(text: &str) -> Vec<Text<'static>> {
    let texts = text.split(';').map(str::trim).filter(|text| !text.is_empty());
    texts.map(|text| text.to_owned().into()).collect()
}

/// Whether a key names one of several: `facts.tenant`, `budgets.daily`, `budget.daily.remaining`.
pub fn is_pair(key: &str) -> bool {
    pair(key).is_some()
}

fn pair(key: &str) -> Option<(Field, &str)> {
    if let Some(name) = key.strip_prefix("facts.") {
        return Some((Field::Facts, name));
    }
    if let Some(name) = key.strip_prefix("budgets.") {
        return Some((Field::Budgets, name));
    }
    let name = key.strip_prefix("budget.")?.strip_suffix(".remaining")?;
    Some((Field::Budgets, name))
}

/// States what a key and a text say; whether the key means anything.
///
/// # Errors
///
/// As [`value`], and where two things are said of one field.
pub fn put<'a>(event: &mut Event<'a>, key: &str, text: Text<'a>) -> Result<bool, Fault> {
    if let Some(field) = Field::of(key) {
        if !text.is_empty() {
            event.state(field, value(field, key, text)?)?;
        }
        return Ok(true);
    }
    let Some((field, name)) = pair(key) else { return Ok(false) };
    if !text.is_empty() {
        event.pair(field, name.to_owned().into(), text)?;
    }
    Ok(true)
}

/// Cuts a row of a CSV file into its cells (RFC 4180), quotes taken off.
pub fn cells(row: &str) -> Vec<Text<'_>> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let Some((cell, after)) = rest.split_once(',') else {
                cells.push(rest.into());
                return cells;
            };
            cells.push(cell.into());
            rest = after;
            continue;
        };
        let (cell, after) = unquoted(quoted);
        cells.push(cell.into());
        match after.split_once(',') {
            Some((_, after)) => rest = after,
            None => return cells,
        }
    }
}

/// What stands up to the closing quote, and what stands after it.
fn unquoted(quoted: &str) -> (String, &str) {
    let (mut cell, mut rest) = (String::new(), quoted);
    while let Some((text, after)) = rest.split_once('"') {
        cell += text;
        match after.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return (cell, after),
        }
    }
    cell += rest;
    (cell, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_as_spreadsheets_write_them() {
        assert_eq!(cells("a,b,c"), ["a", "b", "c"]);
        assert_eq!(cells(r#""a,b","say ""hi""",,"#), ["a,b", "say \"hi\"", "", ""]);
        assert_eq!(cells(r#""open,b"#), ["open,b"]);
        assert_eq!(cells(""), [""]);
    }

    #[test]
    fn what_is_no_amount_is_told_how_to_write_it() {
        let why = |text: &'static str| value(Field::Billed, "usd", text.into()).map_err(|Fault(why)| why);
        let is = "`usd` is an amount of US dollars, not";
        for (text, wanted) in [
            ("much", format!("{is} `much`")),
            ("12,50", format!("{is} `12,50`; write a point before the cents, and nothing between thousands")),
            (
                "$1,250.50",
                format!("{is} `$1,250.50`; write a point before the cents, and nothing between thousands"),
            ),
            ("(10.00)", format!("{is} `(10.00)`; write what is below zero with a minus")),
            ("NULL", format!("{is} `NULL`")),
            (
                "9223372036854775807",
                "`usd` is more than 1,000,000,000,000 US dollars: `9223372036854775807`".to_owned(),
            ),
            ("1e400", "`usd` is more than 1,000,000,000,000 US dollars: `1e400`".to_owned()),
        ] {
            assert_eq!(why(text), Err(wanted));
        }
    }

    #[test]
    fn a_key_may_name_one_of_several() {
        let mut event = Event::default();
        let put = |event: &mut Event<'static>, key: &str, text: &'static str| put(event, key, text.into());
        assert_eq!(put(&mut event, "facts.tenant", "premium"), Ok(true));
        assert_eq!(put(&mut event, "budget.planning-daily.remaining", "15%"), Ok(true));
        assert_eq!(put(&mut event, "budget.remaining", "20"), Ok(true));
        assert_eq!(put(&mut event, "sources", "a; b;"), Ok(true));
        assert_eq!(put(&mut event, "hop", "1.0"), Ok(true));
        assert_eq!(put(&mut event, "hop", ""), Ok(true));
        assert_eq!(put(&mut event, "colour", "red"), Ok(false));
        assert!(put(&mut event, "facts.tenant", "standard").is_err());
        assert!(put(&mut event, "facts", "standard").is_err());
        assert_eq!(event.pairs(Field::Budgets), [("planning-daily".into(), "15%".into())]);
        assert_eq!((event.list(Field::Sources).len(), event.count(Field::Hop)), (2, Some(1)));
    }
}
