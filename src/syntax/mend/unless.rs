//! `require a unless b`, where `b` tests a model: the promise is kept by either.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::Token;
use crate::syntax::words;

/// What a model may have instead, behind a promise.
pub(super) fn promised(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let clause = scene.clause();
    let text = |token: &Token| token.text(scene.text);
    let opener = clause.first().map(text)?;
    let onward = scene.onward();
    // `or else model.hosting == …`: the `else` was read as an attribute.
    if let (Some(or), Some(other)) = (scene.second_before, scene.before)
        && (text(&or), text(&other)) == ("or", "else")
        && matches!(opener, "require" | "always")
    {
        let right = format!("or {}", text(&found));
        return Some(Mend::new(or.start, found.end, right));
    }
    let own = match (scene.found_text(), scene.behind(1)) {
        ("unless" | "except" | "excepting" | "otherwise" | "else", _) => 1,
        ("but", Some("not")) | ("or", Some("else")) => 2,
        _ => return None,
    };
    let filler = |token: &&Token| matches!(text(token), "when" | "if" | "where" | "for" | "that" | "it");
    let skipped = own + onward.iter().skip(own).take_while(filler).count();
    let rest = scene.up_to(onward.get(skipped..)?, words::opens_rule);
    let said = scene.written(rest)?;
    let tests_model = rest.iter().any(|token| text(token).starts_with("model."));
    let is_one = clause.len() == 2 && clause.get(1).is_some_and(|token| words::is_boolean(text(token)));
    if !tests_model || !(scene.is_open(&clause) || is_one) {
        return None;
    }
    let has_or = clause.iter().any(|token| text(token) == "or");
    let is_joined = rest.iter().any(|token| matches!(text(token), "and" | "or"));
    let right = match opener {
        "require" | "always" => format!("or {said}"),
        "forbid" | "never" if has_or => return None,
        "forbid" | "never" if is_joined => format!("and not ({said})"),
        "forbid" | "never" => format!("and not {said}"),
        _ => return None,
    };
    Some(Mend::new(found.start, rest.last()?.end, right))
}
