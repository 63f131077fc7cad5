//! Lists in brackets or with other marks between their names: `chain (a, b)`, `compliance soc2 < gdpr`.

use super::Mend;
use crate::syntax::foreign;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// Marks and words that stand between the names of a list elsewhere.
const JOINTS: [&str; 17] =
    [",", "<", ">", "<=", ">=", "|", "||", ";", "and", "or", "->", "=>", "&", "&&", "+", "/", "=="];

/// The names of a list between those marks, where nothing else stands there.
fn names<'t>(scene: &Scene<'t>, tokens: &[Token]) -> Option<Vec<&'t str>> {
    let items = tokens.split(|token| JOINTS.contains(&token.text(scene.text)));
    items.map(|item| scene.written(item).filter(|_| item.len() == 1)).collect()
}

/// `chain (a, b)`, `on [timeout, unavailable]`.
pub(super) fn bracketed(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| matches!(found.text(scene.text), "{" | "[" | "("))?;
    let opener = scene.before_text();
    let is_list = foreign::LISTS.contains(&opener) || opener == "chain";
    if !is_list || scene.in_condition() || scene.expects(found.text(scene.text)) || scene.expects("[") {
        return None;
    }
    let onward = scene.onward();
    let close = onward.iter().position(|token| matches!(token.text(scene.text), ")" | "]" | "}"))?;
    let right = names(scene, onward.get(1..close)?)?.join(if opener == "chain" { " -> " } else { ", " });
    let help = format!("a list has no brackets here: write it as `{right}`");
    Some(Mend::new(found.start, onward.get(close)?.end, right).help(help))
}

/// `compliance soc2 < gdpr`, `teams a; b`: the names of a list of the vocabulary have no order.
pub(super) fn marks(scene: &Scene<'_>) -> Option<Mend> {
    if !words::VOCABULARIES.contains(&scene.first) || scene.first == "regions" {
        return None;
    }
    let end = scan::line_end(scene.text, scene.start);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, scene.start).take_while(|token| token.start < end).take(256).collect();
    let (_, rest) = tokens.split_first()?;
    let right = names(scene, rest)?.join(", ");
    let help = match scene.found_text() {
        "<" | ">" | "<=" | ">=" => format!("the names of this list have no order: write it as `{right}`"),
        _ => format!("write it as `{right}`"),
    };
    (scene.failed < end).then(|| {
        Mend::new(
            rest.first().map_or(end, |first| first.start),
            rest.last().map_or(end, |last| last.end),
            right,
        )
        .help(help)
    })
}

/// `data` with `- pii` in the lines below, `data types pii`: the names of a list stand behind its word.
pub(super) fn entries(scene: &Scene<'_>) -> Option<Mend> {
    const NEEDLESS: [&str; 12] = [
        "types",
        "kinds",
        "categories",
        "frameworks",
        "names",
        "list",
        "values",
        "standards",
        "allowed",
        "known",
        "are",
        "is",
    ];
    if !words::VOCABULARIES.contains(&scene.first) || scene.first == "regions" {
        return None;
    }
    let text = |token: &Token| token.text(scene.text);
    let tokens: Vec<Token> = scan::tokens(scene.text, scene.start).take(256).collect();
    let (word, rest) = tokens.split_first()?;
    let end = scan::line_end(scene.text, word.start);
    let is_listed = rest.first().is_some_and(|first| text(first) == "-");
    let names: Vec<Token> = if is_listed {
        let pairs = rest.chunks(2).take_while(|pair| {
            matches!(pair, [dash, name] if text(dash) == "-" && name.kind != Kind::Symbol && dash.start > end)
        });
        pairs.filter_map(|pair| pair.get(1).copied()).collect()
    } else {
        let needless = rest.first().filter(|first| NEEDLESS.contains(&text(first)) && first.end < end)?;
        let line = rest.iter().skip(1).take_while(|token| token.start < end);
        let all: Vec<Token> = line.copied().collect();
        let begins =
            scene.found.is_some_and(|found| all.first().is_some_and(|first| first.start == found.start));
        if !begins || needless.start == scene.failed {
            return None;
        }
        all.into_iter().filter(|token| text(token) != ",").collect()
    };
    let end = names.last()?.end;
    let names: Vec<&str> = names.iter().map(text).collect();
    let right = format!("{} {}", text(word), names.join(", "));
    let help = if is_listed {
        format!("a list has no dashes here: write its names behind the word, as in `{right}`")
    } else {
        format!("the names stand directly behind the word: write it as `{right}`")
    };
    Some(Mend::new(word.start, end, right).help(help))
}
