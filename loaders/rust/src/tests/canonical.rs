//! Canonical JSON: how it is written, and that nothing else is read.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::canonical::canonical_json;
use crate::scan::scan;
use crate::sha256_hex;

#[test]
fn keys_are_sorted_by_utf16_code_units() {
    // The example of RFC 8785 3.2.3, as integers.
    let value = json!({
        "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7
    });
    let text = canonical_json(&value);
    assert_eq!(
        text,
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
    // By bytes the last two would stand the other way round.
    assert!("\u{fb33}" < "\u{1f600}");
    assert!(scan(&text).is_ok());
}

#[test]
fn strings_have_the_shortest_escapes() {
    let text = canonical_json(&json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{8}\t\u{c}\r\u{1f}\u{7f}\u{1f600}"));
    let wanted = "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\\u001f\u{7f}\u{1f600}\"";
    assert_eq!(text, wanted);
    assert!(scan(&text).is_ok());
}

#[test]
fn nothing_stands_between_values() {
    let value =
        json!({"b": [true, false, null, -1, 0, [], {}], "a": {"d": "", "c": 9_007_199_254_740_991_u64}});
    let text = canonical_json(&value);
    assert_eq!(text, r#"{"a":{"c":9007199254740991,"d":""},"b":[true,false,null,-1,0,[],{}]}"#);
    assert!(scan(&text).is_ok());
}

#[test]
fn a_digest_is_lower_case_hex() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(sha256_hex(b""), empty);
}

#[test]
fn other_forms_of_the_same_json_are_refused() {
    let at_a = "the table is refused at `a`: ";
    let top = "the table is refused: ";
    let canonical = "it is not canonical JSON (RFC 8785): ";
    for (text, place, what) in [
        (" {}", top, format!("{canonical}white space at byte 0")),
        ("{\"a\" :1}", top, format!("{canonical}white space at byte 4")),
        ("{\"a\":1,\n\"b\":2}", top, format!("{canonical}white space at byte 7")),
        ("{\"a\":[1, 2]}", "the table is refused at `a[1]`: ", format!("{canonical}white space at byte 8")),
        ("{\"a\":1}\n", top, format!("{canonical}white space at byte 7")),
        ("{\"b\":1,\"a\":2}", at_a, format!("{canonical}its key is out of order")),
        ("{\"a\":1,\"a\":2}", at_a, "the key appears twice".to_owned()),
        ("{\"a\":1,\"\\u0061\":2}", top, format!("{canonical}a needless escape at byte 8")),
        ("{\"a\":\"\\/\"}", at_a, format!("{canonical}a needless escape at byte 6")),
        ("{\"a\":\"\\u000A\"}", at_a, format!("{canonical}a needless escape at byte 6")),
        ("{\"a\":\"\\u000a\"}", at_a, format!("{canonical}a needless escape at byte 6")),
        ("{\"a\":\"\\u001F\"}", at_a, format!("{canonical}a needless escape at byte 6")),
        ("{\"a\":\"\\ud83d\\ude00\"}", at_a, format!("{canonical}a needless escape at byte 6")),
        ("{\"a\":-0}", at_a, format!("{canonical}zero has a sign")),
    ] {
        assert_eq!(scan(text).expect_err(text).to_string(), format!("{place}{what}"), "{text}");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    for (text, message) in [
        ("", "the table is refused: the JSON ends where a value should follow"),
        ("{", "the table is refused: the JSON ends where a key should follow"),
        ("{\"a", "the table is refused: the JSON ends where `\"` should follow"),
        ("{\"a\"", "the table is refused: the JSON ends where `:` should follow"),
        ("{\"a\":", "the table is refused at `a`: the JSON ends where a value should follow"),
        ("{\"a\":1", "the table is refused: the JSON ends where `,` or `}` should follow"),
        ("{\"a\":[1", "the table is refused at `a`: the JSON ends where `,` or `]` should follow"),
        ("{\"a\":tru}", "the table is refused at `a`: it is not JSON: something else than a value at byte 5"),
        ("{\"a\":01}", "the table is refused at `a`: it is not JSON: a number with a leading zero at byte 7"),
        ("{\"a\":-}", "the table is refused at `a`: it is not JSON: something else than a digit at byte 6"),
        ("{\"a\":\"\\x\"}", "the table is refused at `a`: it is not JSON: an unknown escape at byte 6"),
        ("{\"a\":\"\\u12\"}", "the table is refused at `a`: it is not JSON: an unknown escape at byte 6"),
        ("{\"a\":\"\t\"}", "the table is refused at `a`: it is not JSON: a bare control character at byte 6"),
        (
            "{\"a\":[1,]}",
            "the table is refused at `a[1]`: it is not JSON: something else than a value at byte 8",
        ),
        ("{\"a\":1,}", "the table is refused: it is not JSON: something else than a key at byte 7"),
        ("{}{}", "the table is refused: it is not JSON: something else than the end at byte 2"),
        ("\u{feff}{}", "the table is refused: it is not JSON: something else than a value at byte 0"),
    ] {
        assert_eq!(scan(text).expect_err(text).to_string(), message, "{text}");
    }
}

#[test]
fn numbers_are_whole_and_exact_in_every_language() {
    for number in ["1.0", "1.5", "1e3", "1E3", "9007199254740992", "-9007199254740992", &"9".repeat(400)] {
        let message = "the table is refused at `a[0]`: it is not a whole number below 2^53";
        assert_eq!(scan(&format!("{{\"a\":[{number}]}}")).expect_err(number).to_string(), message);
    }
    assert!(scan("[0,1,-1,9007199254740991,-9007199254740991]").is_ok());
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(scan(&nested(64)).is_ok());
    let message = scan(&nested(65)).expect_err("too deep").to_string();
    assert!(message.ends_with("[0]`: it is nested deeper than 64"), "{message}");
    assert!(scan(&"{\"a\":".repeat(1_000_000)).is_err());
}

#[test]
fn a_place_is_quoted_shortly_and_cannot_act_on_a_terminal() {
    let key = format!("a.b\u{1b}[31m\u{202e}{}", "x".repeat(1000));
    let text = canonical_json(&json!({ (key.as_str()): 1 })).replace(":1", ":1.5");
    let message = scan(&text).expect_err("a fraction").to_string();
    assert!(message.starts_with("the table is refused at `[\"a.b\\u{1b}[31m\\u{202e}xxx"), "{message}");
    assert!(message.ends_with("x…\"]`: it is not a whole number below 2^53"), "{message}");
    assert!(message.len() < 200, "{message}");
}

/// JSON as a table may hold it.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        ".{0,6}".prop_map(Value::String),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map(".{0,3}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in any_json()) {
        let text = canonical_json(&value);
        prop_assert!(scan(&text).is_ok(), "{:?}", scan(&text));
        prop_assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }

    /// The scanner passes a text exactly when reading and writing it again gives the same bytes.
    #[test]
    fn only_canonical_text_is_passed(value in any_json(), at in any::<prop::sample::Index>(), to in any::<char>()) {
        let mut characters: Vec<char> = canonical_json(&value).chars().collect();
        let at = at.index(characters.len());
        characters[at] = to;
        let text: String = characters.into_iter().collect();
        let same = serde_json::from_str::<Value>(&text)
            .is_ok_and(|read| whole_numbers(&read) && canonical_json(&read) == text);
        prop_assert_eq!(scan(&text).is_ok(), same, "{}", text);
    }
}

fn whole_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_i64().is_some_and(|number| number.abs() < 1 << 53),
        Value::Array(items) => items.iter().all(whole_numbers),
        Value::Object(members) => members.values().all(whole_numbers),
        _ => true,
    }
}
