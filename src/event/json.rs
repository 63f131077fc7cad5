//! Our own events as JSON, read without copying what needs no copy.

pub(super) mod anything;

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::{Event, Fault, Field, Kind, Text, Value, money, row};

/// Reads one event.
///
/// # Errors
///
/// What is no JSON object, what says two things of one field, and a value that is none of its field.
pub fn read(record: &[u8]) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    read_into(record, &mut event)?;
    Ok(event)
}

/// The same into an event that was another one before, which takes less time.
///
/// # Errors
///
/// As [`read`]; the event is of no use then, until it is read into again.
pub fn read_into<'a>(record: &'a [u8], event: &mut Event<'a>) -> Result<(), Fault> {
    event.clear();
    if super::quick::read(record, event).is_none() {
        *event = read_any(record)?;
    }
    Ok(())
}

/// The same of a record that may be anything.
pub(super) fn read_any(record: &[u8]) -> Result<Event<'_>, Fault> {
    let mut reader = serde_json::Deserializer::from_slice(record);
    let event = (&mut reader).deserialize_map(OfEvent).map_err(|error| fault(&error))?;
    reader.end().map_err(|error| fault(&error))?;
    Ok(event)
}

/// What is wrong with a record, in a few words: the column says where, the line is the record's.
pub fn fault(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    match error.classify() {
        serde_json::error::Category::Data => Fault(plainly(what)),
        _ => Fault(format!("this is not JSON: {what} (column {})", error.column())),
    }
}

/// What the JSON library says of a value of the wrong type, in our words.
fn plainly(what: &str) -> String {
    let Some((found, expected)) =
        what.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    else {
        return what.to_owned();
    };
    let found = match found {
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        "null" => "nothing".to_owned(),
        found => {
            let kinds =
                [("string ", "the text "), ("integer ", "the number "), ("floating point ", "the number ")];
            let kind = kinds.iter().find_map(|(theirs, ours)| Some((ours, found.strip_prefix(theirs)?)));
            kind.map_or_else(|| found.replacen("boolean ", "", 1), |(ours, value)| format!("{ours}{value}"))
        }
    };
    format!("expected {expected}, found {found}")
}

use anything::OfAnything;

struct OfEvent;

impl<'de> Visitor<'de> for OfEvent {
    type Value = Event<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an event, which is a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event<'de>, A::Error> {
        let mut event = Event::default();
        while let Some(OfText(key)) = map.next_key()? {
            if let Some(field) = Field::of(&key) {
                let value = map.next_value_seed(OfField(field, &key))?;
                event.state(field, value).map_err(|Fault(why)| A::Error::custom(why))?;
            } else if row::is_pair(&key) {
                let OfScalar(value) = map.next_value()?;
                if let Some(value) = value {
                    row::put(&mut event, &key, value).map_err(|Fault(why)| A::Error::custom(why))?;
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(event)
    }
}

/// A text, borrowed where it has no escapes.
struct OfText<'a>(Text<'a>);

impl<'de> Deserialize<'de> for OfText<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_str(TextVisitor).map(OfText)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A text, or a number or truth value as a text; nothing where nothing is stated.
struct OfScalar<'a>(Option<Text<'a>>);

impl<'de> Deserialize<'de> for OfScalar<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(ScalarVisitor).map(OfScalar)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Option<Text<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }
}

/// The value of one field, by the key that is written.
struct OfField<'k>(Field, &'k str);

impl<'de> DeserializeSeed<'de> for OfField<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value<'de>, D::Error> {
        match self.0.kind() {
            Kind::Anything => {
                let OfAnything(is_there) = OfAnything::deserialize(reader)?;
                Ok(if is_there { Value::Present } else { Value::Absent })
            }
            _ => reader.deserialize_any(self),
        }
    }
}

impl OfField<'_> {
    fn taken<'a, E: Error>(&self, text: Text<'a>) -> Result<Value<'a>, E> {
        row::value(self.0, self.1, text).map_err(|Fault(why)| E::custom(why))
    }

    fn unfit<E: Error>(&self, what: &str) -> E {
        E::custom(format!("`{}` cannot be {what}", self.1))
    }
}

impl<'de> Visitor<'de> for OfField<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a value of `{}`", self.1)
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Absent)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'de>, E> {
        Err(self.unfit("true or false"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        match self.0.kind() {
            Kind::Count => Ok(Value::Count(number)),
            Kind::Money | Kind::Percent => self.taken(number.to_string().into()),
            _ => Err(self.unfit("a number")),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value<'de>, E> {
        self.taken(number.to_string().into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value<'de>, E> {
        match self.0.kind() {
            Kind::Money => match money::of_float(number) {
                Some(nanos) => Ok(Value::Money(nanos)),
                None => Err(self.unfit("that large")),
            },
            Kind::Count | Kind::Percent => self.taken(number.to_string().into()),
            _ => Err(self.unfit("a number")),
        }
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        self.taken(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        self.taken(Cow::Owned(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        if self.0.kind() != Kind::List {
            return Err(self.unfit("a list"));
        }
        let mut texts = Vec::new();
        while let Some(OfText(text)) = list.next_element()? {
            texts.push(text);
        }
        Ok(Value::List(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        if self.0.kind() != Kind::Pairs {
            return Err(self.unfit("an object"));
        }
        let mut pairs: Vec<(Text, Text)> = Vec::new();
        while let Some((OfText(name), OfScalar(value))) = map.next_entry()? {
            // Empty is not stated.
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom(format!("it says two things of `{}.{name}`", self.0.key())));
            }
            pairs.push((name, value));
        }
        Ok(Value::Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(record: &str) -> String {
        read(record.as_bytes()).map_or_else(|Fault(why)| why, |_| "fine".to_owned())
    }

    #[test]
    fn an_event_is_read_as_it_says() {
        let line = r#"{"time":"2026-11-21T10:00:00Z","use_case":"a\u0062c","facts":{"tenant":"premium"},
            "budget.remaining":12.5,"gen_ai.usage.input_tokens":540,"cost_usd":"0.0035","billed_usd":3.5e-3,
            "sources":["a","b"],"unknown":{"deep":[1]},"content":{"text":"hello"},"hop":null}"#;
        let event = read(line.as_bytes()).expect("an event");
        assert_eq!(event.text(Field::UseCase), Some("abc"));
        assert_eq!(event.pairs(Field::Facts), [("tenant".into(), "premium".into())]);
        assert_eq!(event.text(Field::BudgetRemaining), Some("12.5"));
        assert_eq!(event.count(Field::InputTokens), Some(540));
        assert_eq!(
            (event.money(Field::Cost), event.money(Field::Billed)),
            (Some(3_500_000), Some(3_500_000))
        );
        assert_eq!(event.list(Field::Sources), ["a", "b"]);
        assert!(event.has(Field::Content) && !event.has(Field::Hop));
        let line = r#"{"facts":{"incident":null,"tenant":"","beta":true,"seats":7},"budgets":{"all":50},"budgets.one":"2.5","budget.two.remaining":7}"#;
        let event = read(line.as_bytes()).expect("an event");
        assert_eq!(event.pairs(Field::Facts), [("beta".into(), "true".into()), ("seats".into(), "7".into())]);
        assert_eq!(
            event.pairs(Field::Budgets),
            [("all".into(), "50".into()), ("one".into(), "2.5".into()), ("two".into(), "7".into())]
        );
    }

    #[test]
    fn an_event_is_read_into_another_one_as_into_none() {
        let lines = [
            r#"{"use_case":"a","facts":{"a":"b","c":"d"},"sources":["a"],"hop":1}"#,
            r#"{"use_case":"a\u0062","masked":["a","b"],"hop":null}"#,
            r#"{"hop":"first"}"#,
            r#"{"budgets":{"a":"1"},"facts":{"e":"f"},"sources":[],"policies":"a; b","cost_usd":1.5}"#,
            r#"{"facts":{"a":"b"},"hop":1,"hop":2}"#,
            r#"{"content":"x","sources":["b","c"],"masked":["d"]}"#,
            "{}",
        ];
        let mut event = Event::default();
        for line in lines.iter().chain(&lines) {
            let other = read(line.as_bytes());
            assert_eq!(read_into(line.as_bytes(), &mut event).err(), other.as_ref().err().cloned(), "{line}");
            for field in other.iter().flat_map(|other| Field::ALL.map(|field| (field, other))) {
                assert_eq!(event.get(field.0), field.1.get(field.0), "{line}");
            }
        }
    }

    #[test]
    fn what_is_no_event_is_named() {
        assert_eq!(why("[1]"), "expected an event, which is a JSON object, found a list");
        assert_eq!(why(r#"{"time":"#), "this is not JSON: EOF while parsing a value (column 8)");
        assert_eq!(why(r#"{"hop":1,"hop":2}"#), "it says two things of `hop`");
        assert_eq!(why(r#"{"hop":1,"hop":1}"#), "fine");
        assert_eq!(why(r#"{"hop":-1}"#), "`hop` is a whole number of at least 0, not `-1`");
        assert_eq!(why(r#"{"hop":"first"}"#), "`hop` is a whole number of at least 0, not `first`");
        assert_eq!(
            why(r#"{"gen_ai.usage.prompt_tokens":"many"}"#),
            "`gen_ai.usage.prompt_tokens` is a whole number of at least 0, not `many`"
        );
        assert_eq!(why(r#"{"hop":true}"#), "`hop` cannot be true or false");
        assert_eq!(why(r#"{"use_case":["a"]}"#), "`use_case` cannot be a list");
        assert_eq!(why(r#"{"use_case":7}"#), "`use_case` cannot be a number");
        assert_eq!(why(r#"{"cost_usd":"much"}"#), "`cost_usd` is an amount of US dollars, not `much`");
        assert_eq!(why(r#"{"facts":{"a":"b","a":"b"}}"#), "it says two things of `facts.a`");
        assert_eq!(why("{} {}"), "this is not JSON: trailing characters (column 4)");
        assert_eq!(
            why("{\"use_case\":\"\u{0}\"}").split(" (").next(),
            Some("this is not JSON: control character")
        );
    }

    #[test]
    fn what_is_skipped_takes_no_stack_and_what_is_read_is_bounded() {
        let deep = format!("{{\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(why(&deep), "fine");
        assert_ne!(why(&deep.replace("\"x\"", "\"facts\"")), "fine");
    }
}
