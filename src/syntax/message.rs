//! Says what is wrong with a statement that does not parse.

use crate::diag::{Finding, code};
use crate::limits::shown;
use crate::source::{FileId, Span, listed, visible};

use super::grammar::Rule;
use super::label::{CLAUSE, Label, label};
use super::scan::{self, Kind, Token};
use super::{help, literal, mend, recover, unsaid, words};

/// A statement that does not parse.
pub(super) struct Failure<'t> {
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
    /// Where the statement begins.
    pub(super) start: usize,
    /// Where the parser gave up.
    pub(super) failed: usize,
    /// What stands there, `None` at the end of the file.
    pub(super) found: Option<Token>,
    /// The token before it, within the statement.
    pub(super) before: Option<Token>,
    /// The token before that one.
    pub(super) second_before: Option<Token>,
    /// The first word of the statement.
    pub(super) first: &'t str,
    /// The number that what stands there is glued to.
    pub(super) glued: Option<Token>,
    /// The innermost bracket that is open.
    pub(super) open: Option<Token>,
    /// What could have stood there.
    pub(super) expected: Vec<Label>,
}

/// What is wrong, with what was expected and how to put it right.
pub(super) fn finding(failure: &Failure<'_>) -> Finding {
    let mut finding = said(failure);
    finding.message = scan::spaced(&finding.message);
    finding.help = finding.help.map(|help| scan::spaced(&help));
    finding
}

fn said(failure: &Failure<'_>) -> Finding {
    let scene = Scene::new(failure);
    if let Some(finding) = broken_string(failure.file, &scene) {
        return finding;
    }
    if let Some(finding) = unsaid::find(failure.file, &scene) {
        return finding;
    }
    if let Some(finding) = literal::misread(failure.file, &scene) {
        return finding;
    }
    let advice = mend::find(&scene);
    if let Some(advice @ mend::Advice { marked: Some((start, end)), message: Some(message), .. }) = &advice {
        let span = Span::new(failure.file, *start, *end);
        let finding = Finding::error(code::SYNTAX, span, message.as_str()).label("this");
        return finding.help(advice.help.as_str()).fix(advice.fix(failure.file, failure.text));
    }
    let end = scene.before.map_or(failure.text.len(), |token| token.end);
    let (start, end) = scene.found.map_or((end, end), |token| (token.start, token.end));
    let (start, end) = advice.as_ref().and_then(|advice| advice.marked).unwrap_or((start, end));
    let span = Span::new(failure.file, start, end);
    let found =
        scene.found.map_or_else(|| "the end of the file".to_owned(), |token| quote(scene.text, token));
    if scene.expected.is_empty() {
        return Finding::error(code::SYNTAX, span, format!("unexpected {found}")).label("cannot be read");
    }
    let message = format!("expected {}{}, found {found}", scene.wanted(false), scene.after());
    let mut finding =
        Finding::error(code::SYNTAX, span, message).label(format!("expected {}", scene.wanted(true)));
    if let Some(open) = scene.unclosed() {
        finding = finding.related(Span::new(failure.file, open.start, open.end), "opened here");
    }
    if let Some(advice) = advice {
        return finding.fix(advice.fix(failure.file, failure.text)).help(advice.help);
    }
    // What begins on the next line was not meant to stand there.
    let is_over = scene.before.is_some_and(|before| unsaid::is_over(&scene, before));
    let half = || unsaid::half_written(&scene);
    let help = if is_over { half().or_else(|| help::help(&scene)) } else { help::help(&scene).or_else(half) };
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

impl<'t> Scene<'t> {
    fn new(failure: &Failure<'t>) -> Self {
        let Failure { text, start, failed, .. } = *failure;
        let (mut before, mut second_before) = (None, None);
        let mut open: Vec<Token> = Vec::new();
        for token in scan::tokens(text, start).take_while(|token| token.start < failed) {
            second_before = before.replace(token);
            match token.text(text) {
                "(" | "[" | "{" => open.push(token),
                ")" | "]" | "}" => drop(open.pop()),
                _ => {}
            }
        }
        let mut found = scan::next(text, failed);
        let glued = before.filter(|token| token.kind == Kind::Number && token.end > failed);
        if let Some(token) = glued {
            before = Some(Token { end: failed, ..token });
            found = Some(Token { start: failed, end: token.end, kind: Kind::Word });
        }
        let first = scan::next(text, start).map_or("", |token| token.text(text));
        let mut expected = labels(&failure.expected);
        let mut failed = failed;
        // `===` begins like `==`: the whole symbol is what stands there.
        let compares = |token: &Token| token.text(text).starts_with(['<', '>', '=', '!']);
        if let Some(symbol) = before.filter(|token| token.end > failed && compares(token)) {
            failed = symbol.start;
            found = Some(symbol);
            before = second_before;
            second_before = scan::tokens(text, start)
                .take_while(|token| before.is_some_and(|before| token.end <= before.start))
                .last();
            expected = vec![label(match first {
                "classifications" => Rule::below,
                "precedence" => Rule::above,
                _ => Rule::compare_op,
            })];
        }
        Self { text, start, failed, found, first, before, second_before, glued, open: open.pop(), expected }
    }

    /// The text of what stands there, empty at the end of the file.
    pub(super) fn found_text(&self) -> &'t str {
        self.found.map_or("", |token| token.text(self.text))
    }

    /// The text of the token so many places behind what stands there.
    pub(super) fn behind(&self, places: usize) -> Option<&'t str> {
        let found = self.found?;
        let token = scan::tokens(self.text, found.start).nth(places)?;
        Some(token.text(self.text))
    }

    /// The text of the third token before.
    pub(super) fn third_before(&self) -> Option<&'t str> {
        let second = self.second_before?;
        let last =
            scan::tokens(self.text, self.start).take_while(|token| token.end <= second.start).last()?;
        Some(last.text(self.text))
    }

    /// The rest of the line from so many tokens behind what stands there, on one line and shortened.
    pub(super) fn rest_of_line(&self, places: usize) -> String {
        let from = self.found.and_then(|found| scan::tokens(self.text, found.start).nth(places));
        let Some(from) = from else { return "…".to_owned() };
        let line = self.text.get(from.start..scan::line_end(self.text, from.start)).unwrap_or_default();
        let line = line.split('#').next().unwrap_or_default().trim_end();
        if line.chars().count() <= 80 { line.to_owned() } else { "…".to_owned() }
    }

    /// What stands from so many tokens behind on, up to a comma, a bracket or the end of the line.
    pub(super) fn phrase(&self, places: usize) -> String {
        let rest = self.rest_of_line(places);
        let end = rest.find([',', '}', ';']).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().trim_end().to_owned()
    }

    /// The names of a list that begins so many tokens behind what stands there: up to a bracket, a few.
    pub(super) fn listed(&self, places: usize) -> Vec<&'t str> {
        let Some(found) = self.found else { return Vec::new() };
        let end = scan::line_end(self.text, found.start);
        let tokens =
            scan::tokens(self.text, found.start).skip(places).take_while(|token| token.start < end).take(16);
        let names = tokens.map(|token| (token, token.text(self.text)));
        let names = names.take_while(|(_, text)| !matches!(*text, "]" | ")" | "}" | "{"));
        names.filter(|(token, _)| token.kind != Kind::Symbol).map(|(_, text)| text).collect()
    }

    /// The text of the token before, empty at the beginning of a statement.
    pub(super) fn before_text(&self) -> &'t str {
        self.before.map_or("", |token| token.text(self.text))
    }

    /// This word or symbol could have stood there.
    pub(super) fn expects(&self, word: &str) -> bool {
        self.expected.iter().any(|label| match label {
            Label::Word(text) => *text == word,
            Label::More(_, words) | Label::Group(_, words) => words.contains(&word),
            Label::End => false,
        })
    }

    /// Something with this name could have stood there.
    pub(super) fn expects_group(&self, name: &str) -> bool {
        self.expected.iter().any(|label| matches!(label, Label::Group(phrase, _) if *phrase == name))
    }

    /// A name could have stood there, as such or as a reference.
    pub(super) fn expects_name(&self) -> bool {
        let names = [
            "a name",
            "a model or provider",
            label(Rule::preference).phrase(),
            label(Rule::expectation).phrase(),
        ];
        names.iter().any(|name| self.expects_group(name))
    }

    /// The words with which a clause or a statement could have begun there.
    pub(super) fn beginnings(&self) -> Option<&'static [&'static str]> {
        self.expected.iter().find_map(|label| match label {
            Label::Group("a statement", words) => Some(*words),
            Label::Group(phrase, words) if phrase.starts_with(CLAUSE) => Some(*words),
            _ => None,
        })
    }

    /// Nothing but the beginning of a block could have stood there.
    pub(super) fn only_brace(&self) -> bool {
        self.expected == [Label::Word("{")]
    }

    /// The word or symbol of ours that was meant by one from elsewhere.
    pub(super) fn meant(&self) -> Option<&'static str> {
        let found = self.found_text();
        // In a condition a comma or an arrow stands for no comparison.
        let is_joint = matches!(found, "," | "->" | "→") && (self.expects("and") || self.expects("=="));
        let symbols =
            words::SYMBOLS.iter().filter(|(_, ours)| !is_joint || !words::COMPARISONS.contains(ours));
        let mut symbols = symbols.filter(|(theirs, ours)| *theirs == found && self.expects(ours));
        let symbol = symbols.next();
        if let Some((_, ours)) = symbol {
            return Some(ours);
        }
        let found = found.to_ascii_lowercase();
        let operators: Vec<&str> = self.expected.iter().flat_map(Label::more).copied().collect();
        let synonyms = words::SYNONYMS.iter().filter(|(theirs, _)| *theirs == found).map(|(_, ours)| *ours);
        synonyms
            .chain(operators.iter().copied().find(|word| *word == found))
            .find(|ours| operators.contains(ours))
    }

    /// A unit was meant, of which there is none like it.
    fn odd_unit(&self) -> bool {
        let number = self.before.is_some_and(|token| token.kind == Kind::Number);
        let word = self.found.is_some_and(|token| token.kind == Kind::Word);
        let unit = self.expected.contains(&label(Rule::unit));
        number && word && unit && (self.glued.is_some() || !words::is_keyword(self.found_text()))
    }

    /// The bracket that should have been closed before what stands there.
    pub(super) fn unclosed(&self) -> Option<Token> {
        let open = self.open?;
        let (closer, others) = match open.text(self.text) {
            "(" => (")", ["]", "}"]),
            "[" => ("]", [")", "}"]),
            _ => ("}", ["", ""]),
        };
        let over = self.found.is_none_or(|token| {
            others.contains(&token.text(self.text)) || recover::is_head(self.text, token)
        });
        (over && self.expects(closer)).then_some(open)
    }

    /// What could have stood there: short for the message, with examples for the label.
    fn wanted(&self, long: bool) -> String {
        if let Some(meant) = self.meant() {
            return format!("`{meant}`");
        }
        if self.odd_unit() {
            return label(Rule::unit).say(long);
        }
        let only_more = !self.expected.iter().any(|label| matches!(label, Label::Word(_) | Label::Group(..)));
        let mut phrases: Vec<(u8, String)> = Vec::new();
        for label in &self.expected {
            let phrase = (label.rank(long), label.say(long));
            let hidden = matches!(label, Label::More(..) | Label::End) && !only_more;
            if !hidden && !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        phrases.sort_by_key(|(rank, _)| *rank);
        listed::joined(&phrases.into_iter().map(|(_, phrase)| phrase).collect::<Vec<_>>(), "or")
    }

    /// After what it could have stood, where that is not plain.
    fn after(&self) -> String {
        match self.before {
            Some(_) if self.only_brace() && self.first != "attribution" => {
                let what = if words::TIERS.contains(&self.first) { "rule" } else { self.first };
                format!(" after the {what}'s name")
            }
            Some(before) if self.odd_unit() || self.beginnings().is_none() => {
                format!(" after {}", quote(self.text, before))
            }
            _ => String::new(),
        }
    }
}

/// What people read for the rules, each once.
fn labels(rules: &[Rule]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for label in rules.iter().map(|kind| label(*kind)) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// A string that is wrong in itself.
fn broken_string(file: FileId, scene: &Scene<'_>) -> Option<Finding> {
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

/// A token in back quotes, shortened and on one line.
pub(super) fn quote(text: &str, token: Token) -> String {
    let written = token.text(text);
    let mut shown: String = written.chars().take(shown::TOKEN).flat_map(shown_as).collect();
    if written.chars().nth(shown::TOKEN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// A character as it can be shown: what has no look of its own, or changes that of others, by its number.
fn shown_as(c: char) -> Vec<char> {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}');
    if visible::is_hidden(c) || is_private { visible::code_point(c).chars().collect() } else { vec![c] }
}
