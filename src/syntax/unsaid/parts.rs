//! Parts that are missing before or between others, and lists that a clause does not take.

use super::Said;
use crate::diag::elsewhere;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{self, Kind, Token};
use crate::syntax::words;

/// `when has pii`: which set has it is not said.
pub(super) fn no_set(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.expects_group("a condition"))?;
    let asks = matches!(scene.found_text(), "has" | "contains" | "includes" | "covers" | "have");
    let name = scene.behind(1).filter(|name| asks && name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    // `has risk`
    let value = elsewhere::example_of(name);
    if value != "…" || matches!(name, "team" | "classification" | "use_case" | "business_unit" | "project")
    {
        let message = format!("`{name}` is not a set: {} asks what a set has", quote(scene.text, found));
        return Some(Said::new(
            found,
            message,
            format!("compare it with a value, as in `{name} == {value}`"),
        ));
    }
    let example = if scene.before_text() == "when" || scene.before_text() == "for" {
        format!("data has {name}")
    } else {
        format!("model.compliance has {name}")
    };
    let help = format!("write the set before it, for example `{example}`");
    Some(Said::new(found, format!("nothing stands before {}", quote(scene.text, found)), help))
}

/// `test {`: what a test is called is a text.
pub(super) fn no_title(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|found| found.text(scene.text) == "{")?;
    let lacks = scene.first == "test" && scene.before_text() == "test";
    let help = "write in quotes what it is for, for example `test \"support survives an outage\" {`";
    lacks.then(|| Said::new(found, "nothing stands between `test` and `{`", help))
}

/// `chain -> a/b`: a chain begins at the model that fails.
pub(super) fn no_first(scene: &Scene<'_>) -> Option<Said> {
    let arrow = scene.found.filter(|found| found.text(scene.text) == "->")?;
    let lacks = scene.before_text() == "chain" && scene.first == "failover";
    let help = "write the model before it that fails, as in `chain a/b -> c/d`";
    lacks.then(|| Said::new(arrow, "nothing stands before `->`", help))
}

/// `then block "sorry"`: only a degraded answer has a text.
pub(super) fn no_words(scene: &Scene<'_>) -> Option<Said> {
    let onward = scene.onward();
    let filler =
        |token: &&Token| matches!(token.text(scene.text), "with" | "message" | ":" | "and" | "by" | "saying");
    let skipped = onward.iter().take_while(filler).count();
    let text = *onward.get(skipped).filter(|found| found.text(scene.text).starts_with('"'))?;
    let end = scene.before_text();
    let then = scene.second_before.is_some_and(|second| second.text(scene.text) == "then");
    (then && matches!(end, "block" | "queue")).then(|| {
        let help = format!("leave the text out, or write `then degrade {}`", text.text(scene.text));
        Said::new(text, format!("`{end}` has no text"), help)
    })
}

/// `follow chain`: a chain is a clause of its own.
pub(super) fn no_chain(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.before_text() == "follow")?;
    let is_chain = matches!(scene.found_text(), "chain" | "chains" | "list" | "models" | "targets");
    let name = found.text(scene.text);
    if name.contains('/') {
        let help = format!(
            "a model follows another one in a chain: write `chain MODEL -> {name}`, the one that fails first"
        );
        return Some(Said::new(found, format!("`follow` names no model, found `{name}`"), help));
    }
    is_chain.then(|| {
        let message =
            format!("`follow` goes with `ranking` or `registry`, found {}", quote(scene.text, found));
        Said::new(found, message, "write the models in their order: `chain a/b -> c/d`, without `follow`")
    })
}

/// `fact home in teams`: a fact has no list of the estate for its values.
pub(super) fn fact_of(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|_| scene.first == "fact" && scene.before_text() == "in")?;
    let list = found.text(scene.text);
    let known = words::VOCABULARIES.contains(&list) && list != "regions";
    known.then(|| {
        let help =
            "write the values themselves, as in `{a, b}`: only `regions` and `classifications` are named";
        Said::new(found, format!("a fact does not take its values from `{list}`"), help)
    })
}

/// `regions eu { eu-west-1, us` and the next statement: where a region's list ends is not said.
pub(super) fn open_region(scene: &Scene<'_>) -> Option<Said> {
    let open = scene.open.filter(|open| open.text(scene.text) == "{" && scene.first == "regions")?;
    let is_over = scene.found.is_none_or(|found| {
        let gap = scene.before.and_then(|before| scene.text.get(before.end..found.start));
        gap.is_some_and(|gap| gap.contains('\n')) && words::STATEMENTS.contains(&found.text(scene.text))
    });
    let before = scan::tokens(scene.text, scene.start).take_while(|token| token.start < open.start);
    let region = before.last().map_or("it", |token| token.text(scene.text));
    (is_over && scene.expects("}")).then(|| {
        let help = format!("close it with `}}` behind the last region that lies within `{region}`");
        Said::new(open, format!("the braces of `{region}` are not closed"), help)
    })
}

/// `0.01 usd per request`: prices are per tokens.
pub(super) fn per_what(scene: &Scene<'_>) -> Option<Said> {
    let found = scene.found.filter(|token| token.kind == Kind::Word)?;
    let is_price = scene.before_text() == "per" && scene.expects("1m");
    let other = matches!(
        scene.found_text().to_lowercase().as_str(),
        "request"
            | "requests"
            | "call"
            | "calls"
            | "query"
            | "message"
            | "image"
            | "second"
            | "minute"
            | "hour"
            | "day"
            | "week"
            | "month"
            | "year"
            | "user"
            | "use_case"
            | "document"
            | "page"
            | "character"
    );
    (is_price && other).then(|| {
        let shown = quote(scene.text, found);
        Said::new(
            found,
            format!("a price is not per {shown}"),
            "prices are per tokens, as in `2 usd per 1m tokens`; what may be spent in a time stands in a budget",
        )
    })
}
