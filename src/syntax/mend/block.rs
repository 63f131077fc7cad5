//! Braces, arrows and spaces in other characters: `end`, `do`, `->>`, and what only looks like a space.

use super::Mend;
use crate::source::visible;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};

/// Words that end a block elsewhere.
const ENDS: [&str; 10] =
    ["end", "endrule", "end_rule", "end-rule", "endblock", "done", "fi", "endif", "esac", "END"];

/// `end` in place of `}`.
pub(super) fn end(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let word = found.text(scene.text);
    if !ENDS.contains(&word) || !scene.expects("}") {
        return None;
    }
    let before = scene.text.get(scan::line_start(scene.text, found.start)..found.start)?;
    let behind = scene.text.get(found.end..scan::line_end(scene.text, found.end))?;
    let behind = behind.split('#').next().unwrap_or_default().trim();
    let is_alone = before.trim().is_empty() && matches!(behind, "" | ";" | "}");
    let end = if behind.is_empty() { found.end } else { scan::next(scene.text, found.end)?.end };
    is_alone.then(|| Mend::new(found.start, end, "}").help(format!("write `}}` instead of `{word}`")))
}

/// `do` in place of `{`.
pub(super) fn begin(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.only_brace())?;
    let word = found.text(scene.text);
    let is_begin = matches!(word, "do" | "begin" | "is" | "then" | "as" | "=" | ":=" | "=>" | "->");
    let is_last = scan::next(scene.text, found.end)
        .is_none_or(|next| next.start > scan::line_end(scene.text, found.end));
    (is_begin && is_last)
        .then(|| Mend::new(found.start, found.end, "{").help(format!("write `{{` instead of `{word}`")))
}

/// A character that nobody sees, and the others of its line.
pub(super) fn unseen(scene: &Scene<'_>) -> Option<Mend> {
    let first = scene.found.filter(|token| unseen_in(scene, token).is_some())?;
    let mut all = scene.onward();
    all.retain(|token| unseen_in(scene, token).is_some());
    let end = all.last()?.end;
    let written = |to: &dyn Fn(char) -> &'static str| {
        let (mut text, mut at) = (String::new(), first.start);
        for token in &all {
            text += scene.text.get(at..token.start)?;
            text += to(unseen_in(scene, token)?);
            at = token.end;
        }
        Some(text)
    };
    let as_seen = written(&|c| if visible::is_blank(c) { " " } else { "" })?;
    let spaced = written(&|_| " ")?;
    let is_read = |text: &String| scene.parses_with(first.start, end, text);
    let text = [as_seen, spaced].into_iter().find(is_read)?;
    let is_space = text.starts_with(' ');
    let mut help = said(unseen_in(scene, &first)?, is_space);
    if all.len() > 1 {
        help += ", and so with the others of this line";
    }
    Some(Mend::new(first.start, end, text).help(help))
}

/// What to do with a character that nobody sees.
pub(in crate::syntax) fn said(c: char, is_space: bool) -> String {
    let (number, looks) = (visible::code_point(c), visible::is_blank(c));
    match (is_space, looks) {
        (true, true) => format!("put a space in the place of {number}, which only looks like one"),
        (true, false) => format!("put a space in the place of {number}, which does not show"),
        (false, _) => format!("leave out {number}, which does not show"),
    }
}

/// The character of a token that is one that nobody sees.
pub(in crate::syntax) fn unseen_in(scene: &Scene<'_>, token: &Token) -> Option<char> {
    let mut chars = token.text(scene.text).chars();
    let c = chars.next().filter(|c| token.kind == Kind::Symbol && visible::is_hidden(*c))?;
    chars.next().is_none().then_some(c)
}

/// `&lt;`, `&amp;&amp;`: marks as a web page has them.
pub(super) fn entity(scene: &Scene<'_>) -> Option<Mend> {
    const MARKS: [(&str, &str); 6] =
        [("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", "\""), ("apos", "\""), ("nbsp", " ")];
    let found = scene.found.filter(|found| found.text(scene.text).starts_with('&'))?;
    let line = scan::line_end(scene.text, found.start);
    let written = scene.text.get(found.start..line)?;
    let (mut rest, mut right) = (written, String::new());
    while let Some(at) = rest.find('&') {
        right += rest.get(..at)?;
        rest = rest.get(at..)?;
        let known = MARKS.iter().find_map(|(name, mark)| {
            let behind = rest.strip_prefix('&')?.strip_prefix(name)?.strip_prefix(';')?;
            Some((*mark, behind))
        });
        let (mark, behind) = known.unwrap_or(("&", rest.get(1..)?));
        right += mark;
        rest = behind;
    }
    right += rest;
    let right = right.replace("&&", "and");
    let trimmed = written.trim_end();
    let end = found.start + trimmed.len();
    let right = right.trim_end();
    let is_entity = MARKS.iter().any(|(name, _)| trimmed.contains(&format!("&{name};")));
    (is_entity && !right.contains('&')).then(|| {
        let help = format!("marks stand here as they are: write it as `{right}`");
        Mend::new(found.start, end, right).help(help)
    })
}

/// `a ->> b`, `a - > b`, and in a test `a > b`: an arrow with a mark too much, or apart.
pub(super) fn arrow(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let is = |token: Token, text: &str| token.text(scene.text) == text;
    if let Some(before) = scene.before.filter(|before| is(*before, "->") && before.end == found.start)
        && is(found, ">")
    {
        let help = "write `->` instead of `->>`";
        let message = "an arrow is `->`";
        return Some(Mend::new(before.start, found.end, "->").help(help).message(message));
    }
    if !scene.expects("->") {
        return None;
    }
    let next = scan::next(scene.text, found.end)?;
    let apart = matches!(found.text(scene.text), "-" | "--" | "=") && is(next, ">");
    if apart {
        return Some(Mend::new(found.start, next.end, "->"));
    }
    let is_model = |text: &str| text.contains('/');
    let joins = scene.first == "test" && is_model(scene.before_text()) && is_model(next.text(scene.text));
    (joins && matches!(found.text(scene.text), ">" | "|" | "to"))
        .then(|| Mend::new(found.start, found.end, "->"))
}
