//! Comments that JSON does not have and people write into it all the same.

use std::borrow::Cow;

/// A text in braces or brackets without what `//` and `/* … */` hold outside its strings; all else stays where it is.
pub fn without(text: &str) -> Cow<'_, str> {
    let begins = ["{", "[", "//", "/*"].iter().any(|begin| text.trim_start().starts_with(begin));
    if !begins || !text.contains('/') {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let (taken, is_remark) = if c == '"' {
            (string(rest), false)
        } else if c == '\'' {
            // No JSON has these, and YAML in braces does.
            (rest.get(1..).and_then(|text| text.find('\'')).map_or(rest.len(), |at| at + 2), false)
        } else if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), true)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |at| at + 2), true)
        } else {
            (c.len_utf8(), false)
        };
        let (piece, behind) = rest.split_at(taken);
        if is_remark {
            kept.extend(
                piece.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }),
            );
        } else {
            kept.push_str(piece);
        }
        rest = behind;
    }
    Cow::Owned(kept)
}

/// How long the string at the beginning of a text is.
fn string(text: &str) -> usize {
    let mut is_escaped = true;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn remarks_become_blanks() {
        let text = "{ // a \"b\"\r\n\"u\": \"http://x\\\"//y\", /* é\n */ \"n\": 1 }";
        let kept = without(text);
        assert_eq!(kept.len(), text.len());
        let read: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
        assert_eq!(read, serde_json::json!({"u": "http://x\"//y", "n": 1}));
        assert_eq!(without("{'a': 'http://x'} // b"), "{'a': 'http://x'}     ");
        assert_eq!(without("a: b // c"), "a: b // c", "no braces");
        assert_eq!(without("{\"a\": \"\\"), "{\"a\": \"\\");
    }
}
