//! Words that stand apart here and are one elsewhere, or one too many: `budget remaining`, `order by cost`, `on provider x`.

use super::Mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// `budget remaining < 20%`, `model hosting == cloud`: an attribute is one word, with a dot.
pub(super) fn dotted(scene: &Scene<'_>) -> Option<Mend> {
    let before = scene.before.filter(|before| {
        matches!(before.text(scene.text), "budget" | "model" | "chain" | "fact" | "attribute")
    })?;
    let found = scene.found.filter(|found| found.kind == Kind::Word)?;
    let compared = scene.behind(1).is_some_and(|next| {
        words::COMPARISONS.contains(&next) || matches!(next, "has" | "in" | "covers" | "=" | "is")
    });
    let right = match before.text(scene.text) {
        "fact" | "attribute" => found.text(scene.text).to_owned(),
        family => format!("{family}.{}", found.text(scene.text)),
    };
    let mend = || Mend::new(before.start, found.end, right.clone()).help(format!("write it as `{right}`"));
    compared.then(mend)
}

/// `forbid model gpt-4o`: a model is compared by its id.
pub(super) fn model_named(scene: &Scene<'_>) -> Option<Mend> {
    let model = scene.before.filter(|before| before.text(scene.text) == "model")?;
    let name = scene.found.filter(|found| matches!(found.kind, Kind::Word | Kind::Text { closed: true }))?;
    let opener = scene.second_before?.text(scene.text);
    let is_condition = matches!(opener, "require" | "forbid" | "always" | "never" | "where");
    let same_line = !scene.text.get(model.end..name.start)?.contains('\n');
    let is_name =
        !words::is_clause(name.text(scene.text)) && !words::RESERVED.contains(&name.text(scene.text));
    let right = format!("model.id == {}", name.text(scene.text));
    (is_condition && same_line && is_name)
        .then(|| Mend::new(model.start, name.end, right.clone()).help(format!("write it as `{right}`")))
}

/// `order by cost`, `sort by latency`: a wish.
pub(super) fn ordered(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| words::TIERS.contains(&scene.first) && scene.expects("prefer"))?;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let is_order = matches!(
        scene.found_text(),
        "order"
            | "sort"
            | "rank"
            | "sorted"
            | "ordered"
            | "ranked"
            | "minimize"
            | "minimise"
            | "maximize"
            | "maximise"
            | "optimize"
            | "optimise"
    );
    let filler = |token: &&Token| matches!(text(token), "by" | "for" | "the" | "on");
    let skipped = 1 + onward.iter().skip(1).take_while(filler).count();
    let what = onward.get(skipped)?;
    let order = words::order_of(text(what))?;
    let is_most = matches!(scene.found_text(), "maximize" | "maximise");
    let is_least = matches!(scene.found_text(), "minimize" | "minimise");
    let is_wrong = if order == "most-available" { is_least } else { is_most };
    let rising = if order == "most-available" { "desc" } else { "asc" };
    let end = onward
        .get(skipped + 1)
        .filter(|next| text(next).starts_with(rising))
        .map_or(what.end, |next| next.end);
    let is_by = skipped > 1 || scene.found_text().ends_with("ize") || scene.found_text().ends_with("ise");
    (is_order && is_by && !is_wrong).then(|| Mend::new(found.start, end, format!("prefer {order}")))
}

/// `stay in eu`, `keep in eu`: where a request may be processed.
pub(super) fn staying(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| words::TIERS.contains(&scene.first))?;
    let onward = scene.onward();
    let [_, preposition, _] = onward.get(..3)? else { return None };
    let stays = matches!(
        scene.found_text(),
        "stay"
            | "stays"
            | "keep"
            | "remain"
            | "remains"
            | "run"
            | "processed"
            | "serve"
            | "served"
            | "hosted"
    );
    let inside = matches!(preposition.text(scene.text), "in" | "inside" | "within");
    (stays && inside).then(|| Mend::new(found.start, preposition.end, "process in"))
}

/// `on provider openai`, `prefer model gpt-4o`: a provider or a model stands there by its name alone.
pub(super) fn kind_before(scene: &Scene<'_>) -> Option<Mend> {
    let kind = scene.before.filter(|before| {
        let word = before.text(scene.text);
        matches!(word, "provider" | "providers" | "model" | "models" | "failure_domain" | "each" | "every")
    })?;
    let name = scene.found.filter(|found| matches!(found.kind, Kind::Word | Kind::Text { closed: true }))?;
    let opener = scene.second_before?.text(scene.text);
    let is_list =
        matches!(opener, "on" | "per" | "prefer" | "chain" | "->" | "down" | "never" | "primary" | ",");
    // In a guarantee, a condition stands behind `never`.
    let is_list = is_list && (opener != "never" || scene.first == "test");
    let same_line = !scene.text.get(kind.end..name.start)?.contains('\n');
    if !is_list || !same_line || words::is_clause(name.text(scene.text)) {
        return None;
    }
    let right = name.text(scene.text);
    let shown = quote(scene.text, kind);
    Some(Mend::new(kind.start, name.end, right).help(format!("leave out {shown}: write it as `{right}`")))
}

/// `at 80% of limit notify`, `cooldown for 30 seconds`, `match same region`: a word or two that say nothing more.
pub(super) fn filler(scene: &Scene<'_>) -> Option<Mend> {
    const FILLERS: [&str; 18] = [
        "for", "of", "then", "each", "every", "least", "exactly", "about", "same", "the", "a", "an", "limit",
        "or", "more", "calendar", "up", "to",
    ];
    let found = scene.found.filter(|_| !scene.in_condition())?;
    let onward = scene.onward();
    let count = onward.iter().take_while(|token| FILLERS.contains(&token.text(scene.text))).count();
    let kept = onward.get(count).filter(|_| (1..=3).contains(&count))?;
    let last = onward.get(count - 1)?;
    let shown = quote(scene.text, Token { end: last.end, ..found });
    let right = kept.text(scene.text);
    let same_line = scene.before.is_some_and(|before| {
        scene.text.get(before.end..found.start).is_some_and(|between| !between.contains('\n'))
    });
    same_line.then(|| Mend::new(found.start, kept.end, right).help(format!("leave out {shown}")))
}

/// `lineage required true`, `expect unroutable yes`: what stands there is true as it stands.
pub(super) fn said_twice(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let before =
        scene.before.filter(|before| matches!(before.text(scene.text), "required" | "unroutable"))?;
    let is_true = matches!(scene.found_text(), "true" | "yes" | "on" | "=" | "==" | ":");
    let onward = scene.onward();
    let is_other = |token: &Token| matches!(token.text(scene.text), "true" | "yes" | "on");
    let end = onward.get(1).filter(|next| is_other(next)).map_or(found.end, |next| next.end);
    let right = before.text(scene.text);
    is_true.then(|| {
        Mend::new(before.start, end, right).help(format!("leave out what stands behind it: write `{right}`"))
    })
}
