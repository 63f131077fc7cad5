//! The quick reader and the slow one take the same tables, and read them alike.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EXAMPLE, edited, example, load, sealed};
use crate::{load, quick};

/// Bytes that mean something, and some that mean nothing.
const OTHERS: [&str; 19] = [
    "", "\"", "\\", "0", "9", "-", "[", "]", "{", "}", ",", ":", "n", " ", "\n", "\u{1}", "ü", "\\n",
    "\\u0001",
];

/// Whether a text is a table; the two readers agree on it.
fn is_read(text: &str) -> bool {
    let (quick, slow) = (quick::read(text), load::read(text).ok());
    assert!(quick == slow, "{text}\n{quick:?}\n{slow:?}");
    quick.is_some()
}

#[test]
fn tables_are_read_the_quick_way() {
    assert!(is_read(EXAMPLE));
    assert!(is_read(include_str!("../../tests/signing/table.json")));
}

#[test]
fn a_text_with_escapes_is_read_the_quick_way() {
    for text in
        ["", "\"", "\\", "\\\"", "a\"b\\c/\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}", "ü😀\u{e000}", "\\u0041"]
    {
        let mut table = example();
        for pointer in ["/use_cases/0/name", "/rule_sets/1/0", "/target_lists/1/0/cost_multiplier", "/as_of"]
        {
            *table.pointer_mut(pointer).expect("a place") = json!(text);
        }
        table["use_cases"][0]["tags"] = json!({"a": text, text: "b", "😀": "", "\u{e000}": "\u{e000}"});
        table["target_lists"][1][0]["actions"] = json!([{"action": "notify", "notify": [text, text]}]);
        let text = sealed(table);
        assert!(is_read(&text), "{text}");
    }
}

#[test]
fn lists_of_any_length_are_read_the_quick_way() {
    for length in [0, 1, 2, 3, 4, 5, 9, 100] {
        let mut table = example();
        let numbers: Vec<usize> = (0..length).map(|at| at * 97).collect();
        for pointer in ["/decisions/1/budgets", "/decisions/1/quotas", "/use_cases/0/cells"] {
            *table.pointer_mut(pointer).expect("a place") = json!(numbers);
        }
        table["decisions"][1]["paths"] = Value::from(vec![table["decisions"][1]["paths"][0].clone(); length]);
        table["rule_sets"] = json!(vec![vec!["a rule"; length]; length]);
        table["target_lists"] = json!(vec![vec![table["target_lists"][1][0].clone(); length]; length]);
        table["use_cases"][0]["tags"] = numbers
            .iter()
            .map(|at| (at.to_string(), json!(at.to_string())))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert!(is_read(&sealed(table)), "{length}");
    }
}

/// One byte replaced by one of those that mean something, doubled, or taken away.
#[test]
fn both_readers_refuse_the_same_texts() {
    let mut read = 0;
    for at in (0..EXAMPLE.len()).filter(|at| EXAMPLE.is_char_boundary(*at)) {
        let (before, after) = EXAMPLE.split_at(at);
        let Some(next) = after.chars().next() else { continue };
        let rest = after.strip_prefix(next).expect("it is the next one");
        // Each byte with some of them, and each of them at every seventh byte.
        let some = OTHERS.into_iter().enumerate().filter(|(number, _)| (number + at) % 7 == 0);
        for (_, other) in some {
            read += usize::from(is_read(&format!("{before}{other}{rest}")));
            read += usize::from(is_read(&format!("{before}{other}{after}")));
        }
    }
    // Within texts and numbers nearly everything is a table, if only one that is refused later.
    assert!(read > 1000, "{read}");
}

#[test]
fn large_numbers_are_read_as_far_as_all_languages_read_them() {
    for (number, fits) in [
        ("0", true),
        ("00", false),
        ("01", false),
        ("-0", false),
        ("9007199254740991", true),
        ("9007199254740992", false),
        ("18446744073709551616", false),
        ("99999999999999999999999999", false),
        ("1e3", false),
        ("1.0", false),
    ] {
        let text = EXAMPLE.replacen("\"rules\":0", &format!("\"rules\":{number}"), 1);
        assert_eq!(is_read(&text), fits, "{number}");
    }
}

#[test]
fn what_is_nested_too_deep_is_read_by_neither() {
    for (depth, fits) in [(58, true), (62, true), (63, false), (64, false), (5_000, false)] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let text = EXAMPLE.replacen("\"request\":{", &format!("\"request\":{{\"a\":{open}{close},"), 1);
        let text = text.replacen(",}", "}", 1);
        assert_eq!(is_read(&text), fits, "{depth}");
    }
}

proptest! {
    #[test]
    fn both_readers_agree_on_values_of_any_kind(
        at in any::<prop::sample::Index>(),
        value in prop::option::of(super::hostile::any_value()),
    ) {
        let mut places = Vec::new();
        super::hostile::pointers("", &example(), &mut places);
        let place = &places[at.index(places.len())];
        let text = edited(place, value);
        let read = is_read(&text);
        prop_assert!(read || load(&text).is_err());
    }
}
