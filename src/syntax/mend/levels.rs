//! Levels and orders in the marks of others: `in [standard+]`, `precedence = [compliance, cost]`, `sensitivity: low, high`.

use super::{Mend, strangers};
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `model.tier in [standard+]`, `model.tier == standard+`: that level and all above it.
pub(super) fn and_more(scene: &Scene<'_>) -> Option<Mend> {
    let plus = scene.found.filter(|found| matches!(found.text(scene.text), "+" | "++" | "↑"))?;
    let left = scene.comparison();
    let text = |token: &Token| token.text(scene.text);
    let (attribute, level, is_listed) = match left.as_slice() {
        [attribute, sign, level] if matches!(text(sign), "==" | ">=" | "in") => (attribute, level, false),
        [attribute, sign, open, level] if text(sign) == "in" && text(open) == "[" => (attribute, level, true),
        _ => return None,
    };
    let onward = scene.onward();
    let close = onward.get(1).filter(|next| text(next) == "]");
    // `a + b` is a sum.
    let is_alone = onward.get(1).is_none_or(|next| {
        matches!(text(next), "]" | "}" | ")" | "and" | "or") || words::opens_rule(text(next))
    });
    let end = if is_listed { close?.end } else { plus.end };
    let is_name = level.kind == Kind::Word && level.end == plus.start && is_alone;
    let right = format!("{} >= {}", text(attribute), text(level));
    is_name.then(|| Mend::condition(scene, attribute.start, end, &right))
}

/// `precedence = [compliance, latency]`, `sensitivity: public, internal`: a list behind a mark or in brackets.
pub(super) fn assigned(scene: &Scene<'_>) -> Option<Mend> {
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let (start, ours, rest) = if scene.expects_group("a statement") {
        let ours = strangers::list_of(text(onward.first()?))?;
        (onward.first()?.start, ours, onward.get(1..)?)
    } else {
        let known = matches!(scene.first, "precedence" | "classifications");
        let is_first = scene.before.is_some_and(|before| before.start == scene.start);
        (scene.start, scene.first, Some(onward.as_slice()).filter(|_| known && is_first)?)
    };
    // Brackets alone are told elsewhere.
    if scene.first == ours && !matches!(text(rest.first()?), ":" | "=" | ":=" | "=>") {
        return None;
    }
    let opens = |token: &&Token| matches!(text(token), ":" | "=" | ":=" | "=>" | "[" | "(" | "{");
    let opened = rest.iter().take_while(opens).count();
    let closes = |token: &Token| matches!(text(token), "]" | ")" | "}");
    let inner = rest.get(opened..)?;
    let inner = inner.get(..inner.iter().position(closes).unwrap_or(inner.len()))?;
    let plain = |token: &Token| {
        matches!(token.kind, Kind::Word | Kind::Text { closed: true })
            || matches!(text(token), "," | "<" | ">" | ";" | "|")
    };
    let names: Vec<&str> = inner
        .iter()
        .filter(|token| token.kind != Kind::Symbol)
        .map(|token| if ours == "precedence" { text(token).trim_matches('"') } else { text(token) })
        .collect();
    let turned = inner.iter().any(|token| text(token) == ">") && ours == "classifications";
    let names: Vec<&str> = if turned { names.into_iter().rev().collect() } else { names };
    let joint = match ours {
        "precedence" => " > ",
        "classifications" => " < ",
        _ => ", ",
    };
    let last = rest.last().filter(|_| opened > 0 && !names.is_empty() && inner.iter().all(plain))?;
    let right = format!("{ours} {}", names.join(joint));
    let help = match ours {
        "classifications" => format!("write it as `{right}`, the lowest first"),
        "precedence" => format!("write it as `{right}`, the strongest first"),
        _ => format!("write it as `{right}`"),
    };
    let mend = Mend::new(start, last.end, right).help(help);
    Some(if joint == ", " { mend } else { mend.choice() })
}
