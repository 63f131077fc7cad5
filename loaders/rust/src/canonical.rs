//! Canonical JSON (RFC 8785) and SHA-256.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Lower-case hex of the SHA-256 of some bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    sha256_hex_of(&[bytes])
}

/// Lower-case hex of the SHA-256 of some bytes that stand apart.
pub(super) fn sha256_hex_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value in canonical form: keys sorted by UTF-16 code units, no white space, the shortest escapes.
///
/// Numbers are integers in every table; others are written as `serde_json` does.
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                separate(position, text);
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(entries) => {
            text.push('{');
            write_members(entries.iter().collect(), text);
            text.push('}');
        }
    }
}

/// The members of an object in canonical form, without its braces.
pub(super) fn canonical_members(members: Vec<(&String, &Value)>) -> String {
    let mut text = String::new();
    write_members(members, &mut text);
    text
}

fn write_members(mut members: Vec<(&String, &Value)>, text: &mut String) {
    members.sort_by(|(a, _), (b, _)| utf16_order(a, b));
    for (position, (key, item)) in members.into_iter().enumerate() {
        separate(position, text);
        write_string(key, text);
        text.push(':');
        write(item, text);
    }
}

fn separate(position: usize, text: &mut String) {
    if position > 0 {
        text.push(',');
    }
}

/// The order of keys: by UTF-16 code units, which differs from the order of bytes past U+D7FF.
pub(super) fn utf16_order(a: &str, b: &str) -> std::cmp::Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Writes a string with its quotes.
pub(super) fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            c if u32::from(c) < 0x20 => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}
