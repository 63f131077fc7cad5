//! Regions within others, as other languages say it: `eu > eu-central-1`, `eu: [a, b]`, `a within eu`.

use super::Mend;
use crate::syntax::message::Scene;
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// Words and marks behind which what a region holds stands.
const HOLDS: [&str; 10] = [">", ">=", "->", ":", "=", "/", "contains", "includes", "has", "holds"];

/// Words and marks behind which what a region lies in stands.
const LIES: [&str; 11] =
    ["within", "in", "inside", "of", "under", "part", "part_of", "is", "lies", "<", "<="];

/// A region with those within it.
type Entry<'t> = (&'t str, Vec<&'t str>);

/// The statement with braces around the regions that lie within another.
pub(super) fn nested(scene: &Scene<'_>) -> Option<Mend> {
    if scene.first != "regions" {
        return None;
    }
    let line = scan::line_end(scene.text, scene.failed);
    let tokens: Vec<Token> =
        scan::tokens(scene.text, scene.start).take_while(|token| token.start < line).take(256).collect();
    let mut rest = tokens.get(1..)?;
    let begins = |token: &Token| {
        let said = token.text(scene.text);
        words::is_keyword(said) && !LIES.contains(&said) && !HOLDS.contains(&said)
    };
    if rest.iter().any(begins) {
        return None;
    }
    let mut entries: Vec<Entry<'_>> = Vec::new();
    while let [token, behind @ ..] = rest {
        let said = token.text(scene.text);
        rest = behind;
        if said == "," {
            continue;
        }
        let opens = matches!(said, "[" | "(" | "{");
        if opens || HOLDS.contains(&said) {
            let (_, within) = entries.last_mut()?;
            let closes = |token: &Token| matches!(token.text(scene.text), "]" | ")" | "}");
            let list =
                opens || rest.first().is_some_and(|next| matches!(next.text(scene.text), "[" | "(" | "{"));
            let end = if list { rest.iter().position(closes)? } else { 0 };
            let names = rest.get(..=end)?.iter().filter(|token| token.kind != Kind::Symbol);
            within.extend(names.map(|token| token.text(scene.text)));
            rest = rest.get(end + 1..)?;
        } else if LIES.contains(&said) {
            let skipped = rest.iter().take_while(|token| LIES.contains(&token.text(scene.text))).count();
            let outer = rest.get(skipped)?;
            let (name, _) = entries.pop()?;
            lay(&mut entries, outer.text(scene.text), name);
            rest = rest.get(skipped + 1..)?;
        } else if token.kind == Kind::Symbol {
            return None;
        } else {
            entries.push((said, Vec::new()));
        }
    }
    let written: Vec<String> = entries.iter().map(written).collect();
    Some(Mend::new(scene.start, tokens.last()?.end, format!("regions {}", written.join(", "))))
}

/// Lays a region within another one, which need not be there yet.
fn lay<'t>(entries: &mut Vec<Entry<'t>>, outer: &'t str, inner: &'t str) {
    match entries.iter_mut().find(|(name, _)| *name == outer) {
        Some((_, within)) => within.push(inner),
        None => entries.push((outer, vec![inner])),
    }
}

fn written((name, within): &Entry<'_>) -> String {
    if within.is_empty() { (*name).to_owned() } else { format!("{name} {{{}}}", within.join(", ")) }
}
