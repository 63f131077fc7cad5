//! Text in a picture: how wide it is, where it breaks, how it is written.

use unicode_width::UnicodeWidthChar;

use crate::source::markup::{MARKS, escaped, shown};
use crate::source::visible;

/// The width of a text in pixels, as wide as the common sans-serif fonts set it at most.
pub(super) fn width(text: &str, size: i64, bold: bool) -> i64 {
    let thousandths: i64 = text.chars().map(advance).sum();
    let thousandths = if bold { thousandths * 28 / 25 } else { thousandths };
    thousandths * size / 1000 + 1
}

/// The advance of a character in thousandths of the font's size.
fn advance(c: char) -> i64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 290,
        'f' | 't' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | '(' | ')' | '[' | ']'
        | '-' => 370,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 900,
        'A'..='Z' | '&' => 700,
        c if c.is_ascii() => 630,
        c => match c.width() {
            Some(0) => 0,
            Some(2) => 1050,
            _ => 680,
        },
    }
}

/// The text on at most `most` lines of a width, broken where words and names have a joint; cut with an ellipsis.
pub(super) fn wrap(text: &str, size: i64, bold: bool, most_wide: i64, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let Some(last) = lines.last_mut() else { break };
        if last.is_empty() || width(&format!("{last}{piece}"), size, bold) <= most_wide {
            last.push_str(piece);
        } else {
            lines.push(piece.trim_start().to_owned());
        }
    }
    let cut = lines.len() > most;
    lines.truncate(most);
    let count = lines.len();
    for (number, line) in lines.iter_mut().enumerate() {
        *line = line.trim_end().to_owned();
        let more = cut && number + 1 == count;
        if more || width(line, size, bold) > most_wide {
            let mut short: String = line.clone();
            while !short.is_empty() && width(&format!("{short}…"), size, bold) > most_wide {
                short.pop();
            }
            *line = format!("{short}…");
        }
    }
    lines
}

/// Stretches that stay together, each with the joint at its end.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '-', '.', '/', ':', '_', '@', ',']).collect()
}

/// Text as XML holds it; what XML cannot hold is replaced. A line end is a reference, so that no line of the file begins
/// with what others wrote.
pub(super) fn escape(text: &str) -> String {
    escaped(&visible::unpiled(text), &MARKS, |escaped, c| match c {
        '\n' => *escaped += "&#10;",
        c => escaped.push(shown(c)),
    })
}
