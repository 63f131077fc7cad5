//! Text to write instead of what does not parse, tried before it is said: with it, the statement parses on past the line.

mod amount;
mod arrows;
mod bare_list;
mod block;
mod call;
mod clauses;
mod condition;
mod ends;
mod fact;
mod guesses;
mod heads;
mod implied;
mod joined;
mod leftover;
mod levels;
mod list;
mod meant;
mod name;
mod needless;
mod operators;
mod place;
mod process;
mod range;
mod regions;
mod sets;
mod shares;
mod spaced;
mod strangers;
mod stray;
mod tests_of_routes;
mod texts;
mod unless;
mod whole;
mod word;

use pest::Parser;
use pest::error::InputLocation;

use crate::diag::fix::{Applies, Change, Fix};
use crate::limits::effort;
use crate::source::{FileId, Span};

use super::foreign;
use super::grammar::{GovParser, Rule};
use super::message::Scene;
use super::scan::{self, Kind, Token};
use super::words;

/// What to write instead of a stretch of the text.
pub(super) struct Mend {
    /// First byte of what is replaced.
    start: usize,
    /// One past its last byte.
    end: usize,
    /// What to write there.
    text: String,
    /// The help, where it says more than what to write.
    help: Option<String>,
    /// The message, where what is replaced is what is wrong, and not the place where the parser gave up.
    message: Option<String>,
    /// It may be meant otherwise, so that only a person may choose it.
    is_choice: bool,
    /// A text in quotes may be lost, which has no place here.
    drops_texts: bool,
}

/// The help for a failure, and the stretch that is marked for it.
pub(super) struct Advice {
    /// What to do.
    pub(super) help: String,
    /// What to mark, where that is not what stands at the failure.
    pub(super) marked: Option<(usize, usize)>,
    /// What is wrong, where that is not what the parser expected.
    pub(super) message: Option<String>,
    /// What is replaced by what.
    replaced: (usize, usize, String),
    /// Only a person may choose it.
    is_choice: bool,
}

impl Advice {
    /// The same as a fix: made unasked where only marks, spaces and case change, since then nothing is guessed.
    pub(super) fn fix(&self, file: FileId, text: &str) -> Fix {
        let (start, end, right) = &self.replaced;
        let letters = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let replaced = text.get(*start..*end).unwrap_or_default();
        // What stands on a line of its own may be a statement of its own.
        let same = letters(replaced) == letters(right) && !replaced.trim().contains('\n');
        let applies = match (same, right.is_empty() || self.is_choice) {
            (_, true) => Applies::Choice,
            (true, false) => Applies::Safe,
            (false, false) => Applies::Unsafe,
        };
        let title = if right.is_empty() { "leave it out".to_owned() } else { format!("write `{right}`") };
        Fix { applies, ..Fix::safe(title, Change::Text(Span::new(file, *start, *end), right.clone())) }
    }
}

/// What to write, where a guess is right.
pub(super) fn find(scene: &Scene<'_>) -> Option<Advice> {
    if scene.failed.saturating_sub(scene.start) > effort::MEND_BYTES {
        return None;
    }
    // No other words make a condition of it.
    if foreign::clock(scene).is_some() && meant::days(scene).is_none() {
        return None;
    }
    let found = scene.found.map_or(scene.failed, |found| found.start);
    // The statement before a line that begins none is whole: nothing in it is wrong.
    let parts = |before: Token| scene.text.get(before.end..found).is_some_and(|gap| gap.contains('\n'));
    let whole = scene.expects_group("a statement") && scene.before.is_some_and(parts);
    let own = if whole { scan::line_start(scene.text, found) } else { 0 };
    let right = |mend: &Mend| {
        mend.end > mend.start
            && mend.start >= own
            && (mend.drops_texts || scene.in_condition() || scene.keeps_texts(mend))
            && scene.parses_with(mend.start, mend.end, &mend.text)
    };
    let guess = |guess: &fn(&Scene<'_>) -> Option<Mend>| {
        let mend = guess(scene)?;
        let mend = Mend { text: scan::spaced(&mend.text), ..mend };
        Some(sets::of_models(scene, mend)).filter(right)
    };
    let mend = guesses::GUESSES.iter().find_map(guess)?;
    let in_place = mend.start == found || mend.message.is_some();
    let write = if in_place { "write" } else { "write it as" };
    let help = mend.help.unwrap_or_else(|| format!("{write} `{}`", mend.text));
    let marked = in_place.then_some((mend.start, mend.end));
    let replaced = (mend.start, mend.end, mend.text);
    Some(Advice { help, marked, message: mend.message, replaced, is_choice: mend.is_choice })
}

impl Mend {
    fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self {
            start,
            end,
            text: text.into(),
            help: None,
            message: None,
            is_choice: false,
            drops_texts: false,
        }
    }

    /// A condition in place of another one, in brackets where what stands around it would take only a part of it.
    fn condition(scene: &Scene<'_>, start: usize, end: usize, text: &str) -> Self {
        let (mut depth, mut has_or, mut has_and) = (0_usize, false, false);
        for token in scan::tokens(text, 0) {
            match token.text(text) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                "or" if depth == 0 => has_or = true,
                "and" if depth == 0 => has_and = true,
                _ => {}
            }
        }
        let before = scan::tokens(scene.text, scene.start).take_while(|token| token.end <= start).last();
        let before = before.map_or("", |token| token.text(scene.text));
        let behind = scene.behind_text(end);
        let is_part = (before == "not" && (has_or || has_and))
            || (has_or && (matches!(before, "and" | "&&") || matches!(behind, "and" | "&&")));
        let text = if is_part { format!("({text})") } else { text.to_owned() };
        let help = format!("write it as `{text}`");
        Self::new(start, end, text).help(help)
    }

    fn choice(mut self) -> Self {
        self.is_choice = true;
        self
    }

    /// A text in quotes is left out.
    fn dropping(mut self) -> Self {
        self.drops_texts = true;
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// As many bytes behind the line are read with it: it counts only what follows at once.
const BEHIND: usize = 256;

/// Whether a text stands behind a `#` as a comment.
pub(super) fn is_commented(scene: &Scene<'_>) -> bool {
    texts::comment(scene).is_some()
}

pub(super) use block::{said as said_of_unseen, unseen_in};
pub(super) use ends::chain_end;
pub(super) use process::is_turned;
pub(super) use stray::{compares_itself, stated};

/// Whether what a test expects is mended.
pub(super) fn expects(scene: &Scene<'_>) -> bool {
    tests_of_routes::expected(scene).is_some_and(|mend| scene.parses_with(mend.start, mend.end, &mend.text))
}

impl<'t> Scene<'t> {
    /// The text of the token behind a place.
    fn behind_text(&self, place: usize) -> &'t str {
        scan::next(self.text, place).map_or("", |token| token.text(self.text))
    }

    /// Whether no text in quotes is lost: an address that is not written again would be told nothing any more.
    fn keeps_texts(&self, mend: &Mend) -> bool {
        let replaced = scan::tokens(self.text, mend.start).take_while(|token| token.end <= mend.end);
        let mut texts = replaced.filter(|token| matches!(token.kind, Kind::Text { closed: true }));
        texts.all(|text| mend.text.contains(text.text(self.text).trim_matches('"')))
    }

    /// Whether the statement parses on past the line once this text stands there.
    pub(super) fn parses_with(&self, start: usize, end: usize, right: &str) -> bool {
        let limit = scan::line_end(self.text, end).saturating_add(BEHIND);
        let limit =
            scan::boundary(self.text, limit.min(self.text.len()).min(end.saturating_add(effort::MEND_BYTES)));
        let (Some(head), Some(tail)) = (self.text.get(self.start..start), self.text.get(end..limit)) else {
            return false;
        };
        let mended = format!("{head}{right}{tail}");
        let at = match GovParser::parse(Rule::entry, &mended) {
            Ok(_) => return true,
            Err(error) => match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            },
        };
        let past = scan::line_end(&mended, head.len() + right.len());
        let Some(token) = scan::next(&mended, at) else { return true };
        // What begins right behind the line and cannot stand there shows that something is missing in the line.
        let first = scan::next(&mended, past).is_some_and(|next| next.start == token.start);
        let begins = token.text(&mended) == "}" || words::is_keyword(token.text(&mended));
        token.start >= past && !(first && begins)
    }

    /// The tokens from the last word that begins a clause up to the failure, that word first.
    pub(super) fn clause(&self) -> Vec<Token> {
        let mut clause: Vec<Token> = Vec::new();
        let mut line = self.start;
        for token in scan::tokens(self.text, self.start).take_while(|token| token.start < self.failed) {
            let text = token.text(self.text);
            let first = self.text.get(line..token.start).is_none_or(|between| between.contains('\n'));
            let opens = clause.last().is_some_and(|last| matches!(last.text(self.text), "{" | "}"));
            let keyword = words::is_clause(text) || text == "where";
            // What a budget does at a share begins anew on the line of its limit, too.
            let first = first || (text == "at" && self.first == "budget");
            if keyword && (first || opens || clause.is_empty() || text == "where" || self.is_open(&clause)) {
                clause.clear();
            }
            clause.push(token);
            line = token.end;
        }
        clause
    }

    /// Whether a word behind these could begin a clause on the same line: a comparison is complete there.
    pub(super) fn is_open(&self, clause: &[Token]) -> bool {
        let operator = clause.iter().any(|token| {
            let text = token.text(self.text);
            words::COMPARISONS.contains(&text) || matches!(text, "has" | "in" | "covers")
        });
        let last = clause.last().map_or("", |token| token.text(self.text));
        operator
            && !(words::COMPARISONS.contains(&last)
                || matches!(last, "has" | "in" | "covers" | "," | "and" | "or" | "not" | "[" | "("))
    }

    /// The tokens of the comparison in which the parser gave up, those before it.
    pub(super) fn comparison(&self) -> Vec<Token> {
        let mut tokens = self.clause();
        let joins = |token: &Token| matches!(token.text(self.text), "and" | "or" | "not" | "(");
        let begins =
            |token: &Token| words::is_clause(token.text(self.text)) || token.text(self.text) == "where";
        let from = tokens
            .iter()
            .rposition(joins)
            .map_or_else(|| usize::from(tokens.first().is_some_and(begins)), |at| at + 1);
        tokens.drain(..from.min(tokens.len()));
        tokens
    }

    /// The tokens from the failure to the end of its line, a comment left out.
    pub(super) fn onward(&self) -> Vec<Token> {
        let Some(found) = self.found else { return Vec::new() };
        let end = scan::line_end(self.text, found.start);
        scan::tokens(self.text, found.start).take_while(|token| token.start < end).take(64).collect()
    }

    /// Those of the tokens that belong to the comparison: up to what joins, closes or begins something else.
    pub(super) fn operand<'a>(&self, tokens: &'a [Token]) -> &'a [Token] {
        self.up_to(tokens, |text| matches!(text, "and" | "or" | "&&" | "||") || words::opens_rule(text))
    }

    /// The tokens up to the end of the block or what ends them outside of brackets.
    pub(super) fn up_to<'a>(&self, tokens: &'a [Token], ends: impl Fn(&str) -> bool) -> &'a [Token] {
        let mut depth = 0_usize;
        let end = tokens.iter().position(|token| {
            let text = token.text(self.text);
            match text {
                "[" | "(" | "{" => depth += 1,
                "]" | ")" | "}" if depth > 0 => depth -= 1,
                "]" | ")" | "}" => return true,
                _ => {}
            }
            depth == 0 && ends(text)
        });
        tokens.get(..end.unwrap_or(tokens.len())).unwrap_or_default()
    }

    /// The text from the first to the last of some tokens; none where there is none.
    pub(super) fn written(&self, tokens: &[Token]) -> Option<&'t str> {
        self.text.get(tokens.first()?.start..tokens.last()?.end)
    }

    /// A condition is read where the parser gave up.
    fn in_condition(&self) -> bool {
        self.expects("and") || self.expects_group("a value or attribute") || self.expects_group("a condition")
    }

    /// A token is a word.
    fn is_word(&self, token: &Token) -> bool {
        token.kind == Kind::Word && !words::is_clause(token.text(self.text))
    }
}
