//! Arrows of a chain that are written twice or in other marks: `a ->-> b`, `a - b`, `a ~> b`.

use super::Mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{Kind, Token};

/// `chain a ->-> b`: one is enough.
pub(super) fn twice(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.text(scene.text) == "->")?;
    let onward = scene.onward();
    let more = onward.iter().take_while(|token| token.text(scene.text) == "->").last()?;
    let first = scene.before.filter(|before| before.text(scene.text) == "->")?;
    let message = "one arrow stands between two models";
    let help = "write `->`: one arrow is enough";
    let is_near = !scene.text.get(first.end..found.start)?.contains('\n');
    is_near.then(|| Mend::new(first.start, more.end, "->").message(message).help(help))
}

/// `chain a - b`, `expect a ~> b`: the arrow in other marks.
pub(super) fn other(scene: &Scene<'_>) -> Option<Mend> {
    const MARKS: [&str; 13] = ["-", "--", "–", "—", "~", "=", "|", "+", ">>", "..", "»", "›", "➔"];
    let found = scene.found.filter(|found| found.kind == Kind::Symbol && scene.expects("->"))?;
    let onward = scene.onward();
    let symbols: Vec<Token> =
        onward.iter().take_while(|token| token.kind == Kind::Symbol).take(3).copied().collect();
    let (last, written) = (symbols.last()?, scene.written(&symbols)?);
    let opens = scene.clause();
    let is_chain = opens.first().is_some_and(|first| matches!(first.text(scene.text), "chain" | "expect"));
    let next = onward.get(symbols.len())?;
    let is_arrow = MARKS.contains(&written) || (written.ends_with('>') && written.len() <= 4);
    let is_name = matches!(next.kind, Kind::Word | Kind::Text { closed: true });
    let help = format!("write `->` instead of {}", quote(scene.text, Token { end: last.end, ..found }));
    (is_chain && is_arrow && is_name).then(|| Mend::new(found.start, last.end, "->").help(help))
}
