//! YAML as exports write it: no name and no text of others is anything but itself, and no key appears twice.

use crate::limits::gateways;
use serde_json::Value;

/// What is written; objects keep the order in which they were put together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    /// Keys with their values, each once.
    Object(Vec<(String, Yaml)>),
    /// One after the other.
    List(Vec<Yaml>),
    /// A text, a number, a truth or nothing.
    Scalar(Value),
}

impl Yaml {
    /// An object. Of a key that is given twice the first one stays.
    pub(crate) fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut known: Vec<(String, Self)> = Vec::new();
        for (key, value) in members {
            let key = key.into();
            if known.iter().all(|(other, _)| *other != key) {
                known.push((key, value));
            }
        }
        Self::Object(known)
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Scalar(Value::String(text.to_owned()))
    }

    /// The document, in block style.
    pub(crate) fn block(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text
    }

    /// Lines from this column on; the first one is not indented.
    fn write(&self, column: usize, text: &mut String) {
        match self {
            Self::Object(members) if !members.is_empty() => {
                for (number, (key, value)) in members.iter().enumerate() {
                    indent(number, column, text);
                    let key = word(key);
                    if key.len() > gateways::YAML_KEY {
                        *text += &format!("? {key}\n{}:", " ".repeat(column));
                    } else {
                        *text += &format!("{key}:");
                    }
                    if value.is_whole_line() {
                        text.push(' ');
                    } else {
                        *text += &format!("\n{}", " ".repeat(column + 2));
                    }
                    value.write(column + 2, text);
                }
            }
            Self::List(items) if !items.is_empty() => {
                for (number, item) in items.iter().enumerate() {
                    indent(number, column, text);
                    *text += "- ";
                    item.write(column + 2, text);
                }
            }
            Self::Object(_) => *text += "{}\n",
            Self::List(_) => *text += "[]\n",
            Self::Scalar(scalar) => *text += &format!("{}\n", written(scalar)),
        }
    }

    fn is_whole_line(&self) -> bool {
        match self {
            Self::Object(members) => members.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Scalar(_) => true,
        }
    }
}

impl From<Value> for Yaml {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            scalar => Self::Scalar(scalar),
        }
    }
}

/// A comment of one line.
pub(crate) fn comment(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' });
    format!("# {}\n", plain.collect::<String>())
}

/// A document as JSON, which is YAML once everything is escaped that readers of YAML do not take.
pub(crate) fn json(value: &Value) -> String {
    format!("{}\n", escaped(&format!("{value:#}")))
}

fn indent(number: usize, column: usize, text: &mut String) {
    if number > 0 {
        *text += &" ".repeat(column);
    }
}

fn written(scalar: &Value) -> String {
    match scalar {
        Value::String(text) => word(text),
        Value::Number(number) => with_point(&number.to_string()),
        other => other.to_string(),
    }
}

/// A text as it is where that cannot be read otherwise, else in quotes.
fn word(text: &str) -> String {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let is_plain = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_inner);
    let has_meaning = matches!(text, "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null");
    if is_plain && !has_meaning && text.len() <= gateways::YAML_KEY {
        return text.to_owned();
    }
    escaped(&Value::String(text.to_owned()).to_string())
}

/// What JSON leaves as it is within quotes and YAML does not: what ends a line or is not to be printed.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                text += &format!("\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text
}

/// Readers of YAML 1.1 know a number with an exponent by its point and its sign.
fn with_point(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return number.to_owned() };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
    use serde_json::{Value, json};

    use super::{Yaml, comment, json};

    /// What an attacker would call things.
    const HOSTILE: [&str; 22] = [
        "api_base: \"https://evil.example/v1\" #",
        "a\nb: c",
        "a\r\nb",
        "- a",
        "? a",
        ": a",
        "&a *a",
        "<<",
        "!!python/object",
        "%TAG",
        "---",
        "...",
        "{a: b}",
        "\" : \"",
        "a\u{85}b\u{2028}c\u{2029}d",
        "\u{feff}\u{7f}\u{fffe}",
        "yes",
        "null",
        "1e3",
        " a ",
        "",
        "# a",
    ];

    fn name() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
            any::<String>(),
            "[a-z_]{1,3}"
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            name().prop_map(Value::String),
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
            prop::sample::select(&[0.1, 1e-7, 1e21, -2.5][..]).prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(name(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn read(text: &str) -> Value {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back(value in value()) {
            // A document of one scalar is no export's.
            let value = json!({"a": value});
            let block = format!("{}{}", comment("a\nb"), Yaml::from(value.clone()).block());
            assert_eq!(read(&block), value, "{block}");
            assert_eq!(read(&json(&value)), value);
        }
    }

    #[test]
    fn a_key_stands_once_and_a_long_one_is_read() {
        let long = "x y".repeat(2000);
        let object = Yaml::object([
            ("a".to_owned(), Yaml::text("first")),
            ("a".to_owned(), Yaml::text("second")),
            (long.clone(), json!({"b": [[], {}, [1, [2]]]}).into()),
        ]);
        assert_eq!(read(&object.block()), json!({"a": "first", long: {"b": [[], {}, [1, [2]]]}}));
    }
}
