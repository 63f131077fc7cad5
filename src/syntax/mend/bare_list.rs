//! Lists in brackets or with other marks between their names: `chain (a, b)`, `compliance soc2 < gdpr`.

use super::Mend;
use crate::syntax::foreign;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Token};
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
