//! Says what is wrong with a statement that does not parse.

use crate::diag::{Finding, code};
use crate::source::{FileId, Span};

use super::grammar::Rule;
use super::label::{Label, label};
use super::scan::{self, Kind, Token};
use super::{help, recover};

/// A statement that does not parse.
pub(super) struct Failure<'t> {
    /// The file.
    pub(super) file: FileId,
    /// Its whole text.
    pub(super) text: &'t str,
    /// Where the statement begins.
    pub(super) start: usize,
    /// Where the parser gave up.
    pub(super) failed: usize,
    /// What could have stood there.
    pub(super) expected: Vec<Rule>,
}

/// The failure with the tokens around it.
pub(super) struct Scene<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// What stands there, `None` at the end of the file.
    pub(super) found: Option<Token>,
    /// The token before it, within the statement.
    pub(super) before: Option<Token>,
    /// The token before that one.
    pub(super) second_before: Option<Token>,
    /// The innermost bracket that is open.
    pub(super) open: Option<Token>,
    /// What could have stood there.
    pub(super) expected: Vec<Label>,
}

/// What is wrong, with what was expected and how to put it right.
pub(super) fn finding(failure: &Failure<'_>) -> Finding {
    let scene = Scene::new(failure);
    if let Some(finding) = literal(failure.file, &scene) {
        return finding;
    }
    let span = scene.found.map_or_else(
        || {
            let end = scene.before.map_or(failure.text.len(), |token| token.end);
            Span::new(failure.file, end, end)
        },
        |token| Span::new(failure.file, token.start, token.end),
    );
    let found = scene.found.map_or_else(|| "the end of the file".to_owned(), |token| quote(scene.text, token));
    let expected = expected(&scene, false);
    let mut finding = Finding::error(code::SYNTAX, span, format!("expected {expected}, found {found}"))
        .label(format!("expected {}", self::expected(&scene, true)));
    if let Some(open) = scene.unclosed() {
        let place = Span::new(failure.file, open.start, open.end);
        finding = finding.related(place, "opened here");
    }
    finding.help = help::help(&scene);
    finding
}

impl<'t> Scene<'t> {
    fn new(failure: &Failure<'t>) -> Self {
        let text = failure.text;
        let (mut before, mut second_before) = (None, None);
        let mut open: Vec<Token> = Vec::new();
        for token in scan::tokens(text, failure.start).take_while(|token| token.start < failure.failed) {
            second_before = before.replace(token);
            match token.text(text) {
                "(" | "[" | "{" => open.push(token),
                ")" | "]" | "}" => drop(open.pop()),
                _ => {}
            }
        }
        let mut labels: Vec<Label> = Vec::new();
        for label in failure.expected.iter().map(|kind| label(*kind)) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let found = scan::next(text, failure.failed);
        Self { text, found, before, second_before, open: open.pop(), expected: labels }
    }

    /// The text of what stands there, empty at the end of the file.
    pub(super) fn found_text(&self) -> &'t str {
        self.found.map_or("", |token| token.text(self.text))
    }

    /// This word or symbol could have stood there.
    pub(super) fn expects(&self, word: &str) -> bool {
        self.expected.iter().any(|label| match label {
            Label::Word(text) | Label::More(text) => *text == word,
            Label::Group(_, words) => words.contains(&word),
            Label::End => false,
        })
    }

    /// Something with this name could have stood there.
    pub(super) fn expects_group(&self, name: &str) -> bool {
        self.expected.iter().any(|label| matches!(label, Label::Group(phrase, _) if *phrase == name))
    }

    /// The bracket that should have been closed before what stands there.
    fn unclosed(&self) -> Option<Token> {
        let open = self.open?;
        let closer = match open.text(self.text) {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        let over = self.found.is_none_or(|token| {
            matches!(token.text(self.text), ")" | "]" | "}") || recover::is_head(self.text, token)
        });
        (over && self.expects(closer)).then_some(open)
    }
}

/// A string or a number that is wrong in itself.
fn literal(file: FileId, scene: &Scene<'_>) -> Option<Finding> {
    let token = scene.found?;
    let Kind::Text { closed } = token.kind else { return None };
    let text = token.text(scene.text);
    if !closed {
        let span = Span::new(file, token.start, token.end);
        let finding = Finding::error(code::SYNTAX, span, "string is not closed")
            .label("its line ends before its second `\"`")
            .help("close it on the same line; a line break in a string is written `\\n`");
        return Some(finding);
    }
    let (at, escaped) = bad_escape(text)?;
    let start = token.start + at;
    let span = Span::new(file, start, start + 1 + escaped.len_utf8());
    let finding = Finding::error(code::SYNTAX, span, format!("unknown escape `\\{escaped}` in a string"))
        .label("no such escape")
        .help("the escapes are `\\\"`, `\\\\`, `\\n` and `\\t`; a backslash itself is written `\\\\`");
    Some(finding)
}

/// The first escape that does not exist.
fn bad_escape(text: &str) -> Option<(usize, char)> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            let (_, escaped) = chars.next()?;
            if !matches!(escaped, '"' | '\\' | 'n' | 't') {
                return Some((at, escaped));
            }
        }
    }
    None
}

/// What could have stood there: short for the message, with examples for the label.
fn expected(scene: &Scene<'_>, long: bool) -> String {
    let nothing_else = !scene.expected.iter().any(|label| matches!(label, Label::Word(_) | Label::Group(..)));
    let mut phrases: Vec<String> = Vec::new();
    for label in &scene.expected {
        let phrase = match label {
            Label::Word(word) => format!("`{word}`"),
            Label::Group(phrase, words) if long && words.len() > 2 && !phrase.contains('`') => {
                format!("{phrase} such as {}", sample(words))
            }
            Label::Group(phrase, _) => (*phrase).to_owned(),
            Label::More(word) if nothing_else => format!("`{word}`"),
            Label::End if nothing_else => "the end of the file".to_owned(),
            Label::More(_) | Label::End => continue,
        };
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    joined(&phrases)
}

/// A few words of a group.
fn sample(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().take(3).map(|word| format!("`{word}`")).collect();
    if words.len() > 3 { format!("{} …", quoted.join(", ")) } else { joined(&quoted) }
}

/// Joined by commas and a final `or`.
fn joined(phrases: &[String]) -> String {
    match phrases {
        [] => "something else".to_owned(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

/// A token in back quotes, shortened and on one line.
pub(super) fn quote(text: &str, token: Token) -> String {
    const MOST: usize = 40;
    let written = token.text(text);
    let mut shown: String = written.chars().take(MOST).flat_map(visible).collect();
    if written.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// A character as it can be shown: what has no look of its own, or changes that of others, by its number.
fn visible(c: char) -> Vec<char> {
    let hidden = c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{3000}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}');
    if hidden { format!("U+{:04X}", u32::from(c)).chars().collect() } else { vec![c] }
}
