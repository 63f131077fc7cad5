//! Text of others, shown: nothing in it may move a cursor, turn the direction of reading or hide.

use crate::limits::shown;
use std::borrow::Cow;

use unicode_width::UnicodeWidthChar as _;

/// Whether a character is never shown as it is: controls, what turns or joins text unseen, what has no width, and blanks
/// other than the space, which look like one or like nothing. These are Unicode's `Default_Ignorable_Code_Point`,
/// `Cc`, `Cf`, `Zl`, `Zp` and `Zs` but U+0020, with the blank of Braille.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control() || has_no_width(c) || is_blank(c)
}

fn has_no_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
        | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character looks like a space, and is none.
pub fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}'
    )
}

/// Whether a character may stand in prose though it is not shown: line feeds, tabs, the blanks of typesetting, and what
/// joins letters, keeps them apart or picks their shape in several scripts and in emoji.
fn is_of_prose(c: char) -> bool {
    is_blank(c)
        || matches!(c,
            '\n' | '\t' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// The characters of a text, each with whether it is not to be shown as it is: what is hidden, and marks past those that a
/// letter can have.
fn judged(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut marks = 0;
    text.chars().map(move |c| {
        if is_hidden(c) {
            return (c, true);
        }
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        (c, marks > shown::MARKS_ON_A_LETTER)
    })
}

/// Whether a text is of plain letters, digits and signs, with spaces: nothing in it is hidden.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The first character of a name that cannot be in one, with its offset in bytes.
pub fn hidden_in_name(text: &str) -> Option<(usize, char)> {
    if is_plain(text) {
        return None;
    }
    text.char_indices().find(|(_, c)| is_hidden(*c))
}

/// The first character of prose (descriptions, reasons, comments) that cannot be in it, with its offset in bytes. A
/// carriage return before a line feed is a part of it.
pub fn hidden_in_prose(text: &str) -> Option<(usize, char)> {
    let ends_line =
        |at: usize| text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with('\n'));
    text.char_indices().find(|(at, c)| is_hidden(*c) && !is_of_prose(*c) && !(*c == '\r' && ends_line(*at)))
}

/// A character by its number: `U+001B`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Text on one line, with an escape such as `\n` or `\u{1b}` for whatever is hidden.
pub fn inline(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// Text without the marks past those that a letter can have; what is hidden stays.
pub fn unpiled(text: &str) -> Cow<'_, str> {
    let is_pile = |(c, acts): &(char, bool)| *acts && !is_hidden(*c);
    if text.is_ascii() || !judged(text).any(|one| is_pile(&one)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(judged(text).filter(|one| !is_pile(one)).map(|(c, _)| c).collect())
}

/// Text of others in a comment of a file that we write, on one line: it silences no finding.
pub fn comment(text: &str) -> String {
    inline(text).replace("govctl:", "govctl :")
}

/// Text as in [`inline`], but line feeds stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_plain(text) || (text.is_ascii() && !text.chars().any(|c| is_hidden(c) && !stays(c))) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (c, acts) in judged(text) {
        match c {
            c if !acts || stays(c) => shown.push(c),
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c => shown.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// Text in which every hidden character but tabs and line ends is another one of as many bytes, so that offsets into the
/// one are offsets into the other.
pub fn same_length(text: &str) -> Cow<'_, str> {
    let stays = |c: char| matches!(c, '\n' | '\r' | '\t');
    if text.split(stays).all(is_plain) {
        return Cow::Borrowed(text);
    }
    if judged(text).all(|(c, acts)| !acts || stays(c)) {
        return Cow::Borrowed(text);
    }
    let stand_in = |c: char| match c.len_utf8() {
        1 => '?',
        2 => '\u{bf}',
        3 => '\u{fffd}',
        _ => '\u{1f7e5}',
    };
    Cow::Owned(judged(text).map(|(c, acts)| if !acts || stays(c) { c } else { stand_in(c) }).collect())
}

/// A text in one of our colours, such as `1;31`; nothing of what others wrote acts in it.
pub fn painted(text: &str, color: &str, has_color: bool) -> String {
    let text = lines(text);
    if has_color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.into_owned() }
}

/// Talk for a terminal or the log of a pipeline: what is hidden is escaped, and no line is a command to the runner
/// (`::error …`, `##[group]`). Colours stay only where `has_color`: in texts in which everything of others is escaped
/// already, as in [`painted`].
pub fn talk(text: &str, has_color: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        shown += &tame(&without_escapes(line, has_color));
        shown += end;
    }
    shown
}

/// A document for other programs, none of whose lines is a command to the runner of a pipeline whose log it lands in.
/// All else in it stays, since its form says what is escaped.
pub fn document(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        shown += &tame(line);
    }
    shown
}

/// A line with its colours and nothing else that is hidden; tabs are spaces.
fn without_escapes(line: &str, has_color: bool) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut colored = 0;
    let mut at = 0;
    for (c, acts) in judged(line) {
        let here = at;
        at += c.len_utf8();
        if has_color && here >= colored {
            colored = here + color_length(line.get(here..).unwrap_or_default());
        }
        match c {
            _ if here < colored => shown.push(c),
            '\t' => shown.push(' '),
            _ if !acts => shown.push(c),
            _ => shown.extend(c.escape_unicode()),
        }
    }
    shown
}

/// Length of the colour that a text begins with: `ESC [ digits m`; 0 without one.
fn color_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if rest.as_bytes().get(digits) == Some(&b'm') { digits + 3 } else { 0 }
}

/// A line that runners of pipelines take for text.
fn tame(line: &str) -> String {
    let mut start = 0;
    loop {
        let rest = line.get(start..).unwrap_or_default();
        let color = color_length(rest);
        let space = rest.chars().next().filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
        if color + space == 0 {
            break;
        }
        start += color.max(space);
    }
    let mut line = line.to_owned();
    if line.get(start..).is_some_and(|rest| rest.starts_with("::")) {
        line.insert(start + 1, ' ');
    }
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find("##")).map(|at| from + at) {
        let after = line.get(at + 2..).unwrap_or_default();
        let word = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        if after.as_bytes().get(word) == Some(&b'[') {
            line.insert(at + 2, ' ');
        }
        from = at + 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_escaped_and_colours_of_ours_stay() {
        assert_eq!(inline("a\n\u{1b}[2J\u{202e}b"), "a\\n\\u{1b}[2J\\u{202e}b");
        assert_eq!(lines("a\n\u{9b}b"), "a\n\\u{9b}b");
        assert_eq!(
            talk("\u{1b}[1;31ma\u{1b}[0m\u{1b}[2J\r\n", true),
            "\u{1b}[1;31ma\u{1b}[0m\\u{1b}[2J\\u{d}\n"
        );
        assert_eq!(talk("\u{1b}[31ma", false), "\\u{1b}[31ma");
    }

    #[test]
    fn marks_do_not_pile_up_over_other_lines() {
        let piled = format!("a{}b", "\u{301}".repeat(400));
        let cut = format!("a{}{}b", "\u{301}".repeat(5), "\\u{301}".repeat(395));
        assert_eq!(inline(&piled), cut);
        assert_eq!(lines(&piled), cut);
        assert_eq!(unpiled(&piled), format!("a{}b", "\u{301}".repeat(5)));
        assert_eq!(talk(&piled, true), cut);
        assert_eq!(same_length(&piled).len(), piled.len());
        assert_eq!(same_length(&piled), format!("a{}{}b", "\u{301}".repeat(5), "\u{bf}".repeat(395)));
        // A colour of ours does not begin a letter of theirs, and what is written in such scripts stays.
        let parted = format!("a{}\u{1b}[1m{}", "\u{301}".repeat(4), "\u{301}".repeat(4));
        assert_eq!(talk(&parted, true).matches("\\u{301}").count(), 0);
        for word in [
            "\u{5e9}\u{5c1}\u{5bc}\u{5b8}\u{591}",
            "e\u{302}\u{301}",
            "\u{e19}\u{e49}\u{e33}",
            "na\u{308}ive",
        ] {
            assert_eq!(inline(word), word);
        }
    }

    #[test]
    fn no_line_is_a_command() {
        assert_eq!(
            talk("  ::error::x\n\u{1b}[1m::add-mask::y", true),
            "  : :error::x\n\u{1b}[1m: :add-mask::y"
        );
        assert_eq!(talk("a ##[group]b ##vso[task] ### [c]", false), "a ## [group]b ## vso[task] ### [c]");
        assert_eq!(talk("###[error]", false), "### [error]");
        assert_eq!(talk("a::b", false), "a::b");
        assert_eq!(document("\ta\r\n ::error::x ##[group]\n\n"), "\ta\r\n : :error::x ## [group]\n\n");
    }

    #[test]
    fn stand_ins_are_as_long() {
        let text = "a\u{1b}\u{9b}\u{202e}\u{e0001}\tb\r\n";
        let shown = same_length(text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, "a?\u{bf}\u{fffd}\u{1f7e5}\tb\r\n");
    }

    #[test]
    fn prose_has_lines_and_names_have_none() {
        assert_eq!(hidden_in_prose("a\r\nb\tc \u{645}\u{200c}\u{200d}"), None);
        assert_eq!(hidden_in_prose("a\rb"), Some((1, '\r')));
        assert_eq!(hidden_in_prose("\u{2764}\u{fe0f}\u{a0}\u{3000}"), None);
        assert_eq!(hidden_in_prose("a\u{e0100}"), Some((1, '\u{e0100}')));
        assert_eq!(hidden_in_name("a\nb"), Some((1, '\n')));
        assert_eq!(hidden_in_name("a b\u{a0}"), Some((3, '\u{a0}')));
        assert_eq!(code_point('\u{1b}'), "U+001B");
    }
}
