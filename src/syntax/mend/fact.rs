//! Facts: what has the values of a boolean, and what has no default.

use super::Mend;
use crate::limits::effort;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `fact tenant in {a, b}` without its default, or with a `default` and nothing behind it.
pub(super) fn default(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "fact" {
        return None;
    }
    let said = |token: &Token| token.text(scene.text);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, scene.start).take_while(|token| token.start < scene.failed).collect();
    let [fact, name, rest @ ..] = tokens.as_slice() else { return None };
    let lacks = scene.expects("default");
    let written = match rest {
        all if lacks => all,
        // The next statement: its word was read as the value.
        [all @ .., last] if words::STATEMENTS.contains(&said(last)) && is_default(scene, all) => all,
        all if is_default(scene, all) => all,
        _ => return None,
    };
    let last = written.last()?;
    let opens = written.iter().position(|token| said(token) == "{");
    let value = match opens {
        Some(at) => said(written.get(at + 1)?),
        None => first_of(scene, said(written.iter().rfind(|token| said(token) != "default")?))?,
    };
    let head = scene.text.get(fact.start..last.end)?;
    let (start, head) = if head.contains('\n') || head.chars().count() > 120 {
        (last.start, said(last))
    } else {
        (fact.start, head)
    };
    let right = if lacks { format!("{head} default {value}") } else { format!("{head} {value}") };
    let message = format!("the fact `{}` has no default", said(name));
    if !lacks {
        return Some(Mend::new(start, last.end, right).message(message));
    }
    // What stands there instead of a default is a value, or says nothing here.
    let onward = scene.onward();
    let rest = onward.iter().take_while(|token| !words::STATEMENTS.contains(&said(token)));
    let rest: Vec<Token> = rest.copied().collect();
    let Some(end) = rest.last().map(|token| token.end) else {
        return Some(Mend::new(start, last.end, right).message(message));
    };
    let values = opens.and_then(|at| written.get(at + 1..)).unwrap_or_default();
    let named = rest.iter().map(said).find(|word| values.iter().any(|value| said(value) == *word));
    let right = format!("{head} default {}", named.unwrap_or(value));
    let is_said = named.is_some() || rest.iter().any(|token| is_vague(said(token)));
    let shown = quote(scene.text, Token { end, ..*rest.first()? });
    let help = match named {
        Some(_) => format!("write it as `{right}`"),
        None => format!("a fact always has a value, so {shown} says nothing: write it as `{right}`"),
    };
    is_said.then(|| Mend::new(start, end, right).help(help))
}

/// Words that leave open whether a fact is stated.
fn is_vague(word: &str) -> bool {
    matches!(
        word,
        "optional"
            | "required"
            | "nullable"
            | "null"
            | "none"
            | "mandatory"
            | "undefined"
            | "unknown"
            | "empty"
            | "?"
            | "maybe"
            | "any"
    )
}

/// `fact tenant tier in {a, b}`: a condition tests a fact by its name, which is one word without quotes.
pub(super) fn name(scene: &Scene<'_>) -> Option<Mend> {
    let first = scene.before.filter(|_| scene.first == "fact" && scene.expects("in"))?;
    let is_named = scene.second_before.is_some_and(|second| second.start == scene.start);
    let onward = scene.onward();
    let words = onward.iter().take_while(|token| scene.is_word(token) && token.text(scene.text) != "in");
    let words: Vec<&str> = words.map(|token| token.text(scene.text)).collect();
    let known =
        ["of", "is", "one", "from", "as", "type", "values", "default", "enum", "string", "bool", "boolean"];
    let is_name = words.iter().all(|word| !known.contains(word));
    let last = onward.get(words.len().checked_sub(1)?)?;
    let goes_on =
        onward.get(words.len()).is_some_and(|next| matches!(next.text(scene.text), "in" | ":" | "{" | "="));
    let right = format!("{}_{}", first.text(scene.text), words.join("_"));
    let help = format!("the name of a fact is one word: write it as `{right}`");
    (is_named && is_name && goes_on && first.kind == Kind::Word)
        .then(|| Mend::new(first.start, last.end, right).help(help))
}

fn is_default(scene: &Scene<'_>, tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| token.text(scene.text) == "default")
}

/// The first name of the list of regions or classifications that the file has.
fn first_of<'t>(scene: &Scene<'t>, list: &str) -> Option<&'t str> {
    let text = scene.text.get(..scan::boundary(scene.text, effort::LIST_READ))?;
    let mut before = "";
    let mut tokens = scan::tokens(text, 0);
    while let Some(token) = tokens.next() {
        let word = token.text(text);
        if word == list && before != "in" {
            return tokens.next().filter(|token| token.kind != Kind::Symbol).map(|token| token.text(text));
        }
        before = word;
    }
    None
}

/// `fact vip boolean default false`: a fact has names as its values.
pub(super) fn boolean(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "fact" {
        return None;
    }
    let onward = scene.onward();
    let at =
        |token: &Token| matches!(token.text(scene.text).to_lowercase().as_str(), "bool" | "boolean" | "flag");
    let in_braces =
        matches!(scene.found_text(), "true" | "false") && matches!(scene.before_text(), "{" | ",");
    if !onward.iter().take(3).any(at) && !in_braces {
        return None;
    }
    let opened = scene.clause();
    let is_in = |token: &&Token| matches!(token.text(scene.text), "in" | ":");
    let start = opened.iter().find(is_in).map_or(scene.found?.start, |token| token.start);
    let text = |token: &Token| token.text(scene.text);
    let default = onward.iter().skip_while(|token| !matches!(text(token), "default" | "=")).nth(1);
    let default = default.map_or("no", |token| if text(token) == "true" { "yes" } else { "no" });
    let end = onward.iter().take_while(|token| text(token) != "fact").last()?.end;
    let text = format!("in {{no, yes}} default {default}");
    Some(Mend::new(start, end, text))
}

/// `fact beta one of {yes, no} default no`, `fact beta default no in {yes, no}`: the parts in other words or another order.
pub(super) fn parts(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "fact" {
        return None;
    }
    let end = scan::line_end(scene.text, scene.start);
    let said = |token: &Token| token.text(scene.text);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, scene.start).take_while(|token| token.start < end).take(64).collect();
    let [fact, name, rest @ ..] = tokens.as_slice() else { return None };
    let last = rest.last()?;
    let opens = |token: &Token| matches!(said(token), "{" | "[" | "(");
    let closes = |token: &Token| matches!(said(token), "}" | "]" | ")");
    let from = rest.iter().position(opens)?;
    let to = from + rest.get(from..)?.iter().position(closes)?;
    let is_value = |token: &&Token| token.kind != Kind::Symbol && !matches!(said(token), "or" | "and");
    let values: Vec<&str> = rest.get(from + 1..to)?.iter().filter(is_value).map(said).collect();
    let others: Vec<&Token> = rest.get(..from)?.iter().chain(rest.get(to + 1..)?).collect();
    let default = others.windows(2).find_map(|pair| {
        let [word, value] = pair else { return None };
        let is_default = matches!(said(word), "default" | "=" | "defaults" | "else" | "otherwise" | "to");
        (is_default && value.kind != Kind::Symbol && values.contains(&said(value))).then(|| said(value))
    })?;
    let known = |token: &&Token| {
        let fillers = [
            "in",
            "one",
            "of",
            "oneof",
            "is",
            "values",
            "value",
            "enum",
            "default",
            "defaults",
            "to",
            "=",
            ":",
            "else",
            "otherwise",
            "from",
            "any",
            "among",
            "as",
            "type",
            "==",
            "with",
            ",",
        ];
        fillers.contains(&said(token)) || said(token) == default
    };
    if !others.iter().all(known) {
        return None;
    }
    let right = format!("fact {} in {{{}}} default {default}", said(name), values.join(", "));
    Some(Mend::new(fact.start, last.end, right.clone()).help(format!("write it as `{right}`")))
}

/// `fact size in {1, 2, 3} default 1`: names that begin with a digit stand in quotes, all of them at once.
pub(super) fn numbers(scene: &Scene<'_>) -> Option<Mend> {
    let is_list = scene.first == "fact" || words::VOCABULARIES.contains(&scene.first);
    let found = scene.found.filter(|found| found.kind == Kind::Number && is_list && scene.expects_name())?;
    let end = scan::line_end(scene.text, found.start);
    let text = |token: &Token| token.text(scene.text);
    let goes_on = |token: &Token| {
        token.start < end && (matches!(text(token), "," | "}" | "default") || token.kind != Kind::Symbol)
    };
    let tokens: Vec<Token> = scan::tokens(scene.text, found.start).take_while(goes_on).take(64).collect();
    // With its brace, so that what is written is whole.
    let start = scene.before.filter(|before| text(before) == "{").map_or(found.start, |brace| brace.start);
    let mut right = scene.text.get(start..found.start)?.to_owned();
    let mut last = found.start;
    for token in &tokens {
        right += scene.text.get(last..token.start)?;
        if token.kind == Kind::Number {
            right += &format!("\"{}\"", text(token));
        } else {
            right += text(token);
        }
        last = token.end;
    }
    let numbers = tokens.iter().filter(|token| token.kind == Kind::Number).count();
    let help = format!("a name that begins with a digit stands in quotes: write it as `{right}`");
    (numbers > 1).then(|| Mend::new(start, last, right).help(help))
}
