//! Characters that mean something in XML and HTML.

/// The entity of a character that begins or ends markup; none of any other.
pub fn entity(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => return None,
    })
}

/// Text in which each of some marks is its entity, and `rest` writes every other character.
pub fn escaped(text: &str, marks: &[char], mut rest: impl FnMut(&mut String, char)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match entity(c).filter(|_| marks.contains(&c)) {
            Some(entity) => escaped += entity,
            None => rest(&mut escaped, c),
        }
    }
    escaped
}

/// What ends text and the values of attributes in double quotes.
pub const MARKS: [char; 4] = ['&', '<', '>', '"'];

/// A character as a document holds it that draws text: a replacement of what XML cannot hold and of what acts.
pub fn shown(c: char) -> char {
    if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_entities_and_the_rest_is_written_as_asked() {
        let text = escaped("<a b='\"&\u{1}'>", &MARKS, |text, c| text.push(shown(c)));
        assert_eq!(text, "&lt;a b='&quot;&amp;\u{fffd}'&gt;");
    }
}
