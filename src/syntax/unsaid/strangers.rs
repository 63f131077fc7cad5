//! What other languages put before or into a statement: `@id("x")`, `- name: x`, `because <<EOT`, `from header "x"`.

use super::Said;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};

/// `@id("x")`, `#[x]`: nothing is said of a statement but by its clauses.
pub(super) fn annotation(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|found| found.text(scene.text) == "@" && scene.beginnings().is_some())?;
    let onward = scene.onward();
    let name = onward.get(1).filter(|name| name.start == found.end && name.kind == Kind::Word)?;
    let opens = onward.get(2).is_some_and(|next| next.text(scene.text) == "(" && next.start == name.end);
    let close = onward.iter().find(|token| opens && token.text(scene.text) == ")");
    let said = Token { end: close.map_or(name.end, |close| close.end), ..found };
    Some(Said::new(
        said,
        format!("there are no annotations, found {}", quote(scene.text, said)),
        "leave it out: what a statement is for stands in its `because`, and a comment begins with `#`",
    ))
}

/// `- name: x`, `- when a == b`: nothing begins with a `-`.
pub(super) fn item(scene: &Scene<'_>) -> Option<Said> {
    let dash = scene.found.filter(|found| found.text(scene.text) == "-" && scene.beginnings().is_some())?;
    let next = scene.behind(1)?;
    let begins = scene.beginnings()?;
    // A clause or a statement stands behind it.
    if begins.contains(&next) {
        return Some(Said::new(dash, "no `-` stands before a clause or statement", "leave the `-` out"));
    }
    let is_key = scene.onward().get(2).is_some_and(|colon| colon.text(scene.text) == ":");
    is_key.then(|| {
        let help = if scene.expects_group("a statement") {
            "this looks like YAML: registry and estate stand in `.yaml` files, and a statement has a head and braces, as in `compliance rule NAME {`"
        } else {
            "this looks like YAML: a clause is a word and what it takes, without `-` and `:`"
        };
        Said::new(dash, "a policy has no list with `-`", help)
    })
}

/// `because <<EOT`, `because |`: a text stands on one line.
pub(super) fn block_text(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.expects_group("a string"))?;
    let keyword = scene.before_text();
    let onward = scene.onward();
    let is_here = scene.text.get(found.start..).is_some_and(|rest| rest.starts_with("<<"));
    let is_block = matches!(scene.found_text(), "|" | ">" | "|-" | ">-")
        && onward.iter().skip(1).all(|token| matches!(token.text(scene.text), "-" | "+"));
    let is_text = matches!(keyword, "because" | "degrade" | "owner" | "notify" | "escalate");
    (is_text && (is_here || is_block)).then(|| {
        let said = Token { end: onward.last().map_or(found.end, |last| last.end), ..found };
        Said::new(
            said,
            format!("a text stands on one line, found {}", quote(scene.text, said)),
            format!("write it in double quotes: `{keyword} \"…\"`; a line break in it is `\\n`"),
        )
    })
}

/// `fact tenant in {a, b} default a from header "x"`: how requests state a fact is no part of it.
pub(super) fn fact_source(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found?;
    let onward = scene.onward();
    let said: Vec<&str> = onward.iter().take(3).map(|token| token.text(scene.text)).collect();
    let is_source = |word: &str| {
        matches!(
            word,
            "header"
                | "headers"
                | "claim"
                | "jwt"
                | "metadata"
                | "label"
                | "query"
                | "cookie"
                | "field"
                | "token"
                | "tag"
                | "body"
        )
    };
    let is_from = match said.as_slice() {
        ["from" | "in" | "by" | "via" | "of" | "at", word, ..] | [word, ..] => is_source(word),
        [] => false,
    };
    // Behind its default, the fact is over.
    let is_over = scene.expects_group("a statement") && scene.first == "fact";
    let is_open = scene.first == "fact" && scene.expects("default");
    let said = Token { end: onward.last().map_or(found.end, |last| last.end), ..found };
    let name = scan::tokens(scene.text, scene.start).nth(1).map_or("NAME", |name| name.text(scene.text));
    let instead =
        if is_open { "write its default in place of it, as in `default NAME`" } else { "leave it out" };
    let help = format!("{instead}: requests state it in the header `x-govctl-fact-{name}`");
    ((is_over || is_open) && is_from).then(|| {
        let message = format!("a fact does not say how it is stated, found {}", quote(scene.text, said));
        Said::new(said, message, help)
    })
}
