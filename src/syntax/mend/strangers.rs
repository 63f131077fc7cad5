//! Heads of statements as other languages have them: lists with other names, `resource "budget" "x" {`, `rule -x`.

use super::Mend;
use crate::syntax::message::{Scene, quote};
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Names of lists from elsewhere, each with ours.
const LISTS: &[(&[&str], &str)] = &[
    (
        &["datatypes", "datatype", "datakinds", "kinds", "kindsofdata", "dataclasses", "datacategories"],
        "data",
    ),
    (&["certifications", "certificates", "certs", "standards", "frameworks", "regulations"], "compliance"),
    (&["capability", "features", "abilities"], "capabilities"),
    (&["team", "groups"], "teams"),
    (&["businessunit", "departments", "divisions", "bus"], "business_units"),
    (&["project"], "projects"),
    (&["application", "apps", "services"], "applications"),
    (&["region", "locations", "areas"], "regions"),
    (&["classification", "levels", "sensitivities", "classes", "sensitivity"], "classifications"),
    (&["sensitivitylevels", "classificationlevels", "datalevels"], "classifications"),
];

/// `data_types pii, health`: a list under another name.
pub(super) fn list(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.kind == Kind::Word && scene.expects_group("a statement"))?;
    let onward = scene.onward();
    let next = onward.get(1).filter(|next| matches!(next.kind, Kind::Word | Kind::Text { closed: true }))?;
    let text = found.text(scene.text);
    let ours = list_of(text)?;
    let is_head = onward.iter().any(|token| matches!(token.text(scene.text), "{" | ":" | "="));
    let help = format!("write `{ours}` instead of `{text}`");
    (!is_head && next.text(scene.text) != "rule").then(|| Mend::new(found.start, found.end, ours).help(help))
}

/// Our name of a list with a name from elsewhere.
pub(super) fn list_of(name: &str) -> Option<&'static str> {
    let folded: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    LISTS.iter().find(|(theirs, _)| theirs.contains(&folded.as_str())).map(|(_, ours)| *ours)
}

/// `environments prod, test`: what differs from request to request is a fact.
pub(super) fn fact(scene: &Scene<'_>) -> Option<Mend> {
    const NAMED: [&str; 8] =
        ["environments", "stages", "tenants", "customers", "channels", "plans", "shifts", "languages"];
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let onward = scene.onward();
    let text = |token: &Token| token.text(scene.text);
    let name = NAMED.iter().find(|name| **name == text(&found))?.trim_end_matches('s');
    let values: Vec<&str> =
        onward.iter().skip(1).filter(|token| token.kind == Kind::Word).map(text).collect();
    let is_list = onward.iter().skip(1).all(|token| token.kind == Kind::Word || text(token) == ",");
    let right = format!("fact {name} in {{{}}} default {}", values.join(", "), values.first()?);
    let help = format!("what differs from request to request is a fact: write it as `{right}`");
    is_list.then(|| {
        Mend::new(found.start, onward.last().map_or(found.end, |last| last.end), right.clone()).help(help)
    })
}

/// `priority compliance > cost > …`: the order of the tiers.
pub(super) fn precedence(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let word = found.text(scene.text);
    let is_order =
        matches!(word, "priority" | "priorities" | "tiers" | "order" | "precedences" | "hierarchy");
    // All four of them.
    let goes_on = (0..words::TIERS.len()).all(|at| {
        let is_tier = scene.behind(2 * at + 1).is_some_and(|next| words::TIERS.contains(&next));
        is_tier && (at == 0 || scene.behind(2 * at) == Some(">"))
    });
    let help = format!("write `precedence` instead of `{word}`");
    (is_order && goes_on).then(|| Mend::new(found.start, found.end, "precedence").help(help))
}

/// `resource "budget" "house" {`.
pub(super) fn resource(scene: &Scene<'_>) -> Option<Mend> {
    const KINDS: [&str; 6] = ["budget", "failover", "quota", "audit", "guarantee", "test"];
    let found = scene.found.filter(|_| scene.expects_group("a statement"))?;
    let onward = scene.onward();
    let [_, kind, name, brace, ..] = onward.as_slice() else { return None };
    let ours = kind.text(scene.text).trim_matches('"');
    let ours = KINDS.into_iter().find(|known| *known == ours.rsplit('_').next().unwrap_or(ours))?;
    let is_head = matches!(name.kind, Kind::Text { closed: true }) && brace.text(scene.text) == "{";
    (is_head && matches!(found.text(scene.text), "resource" | "data" | "module"))
        .then(|| Mend::new(found.start, name.end, format!("{ours} {}", name.text(scene.text))))
}

/// `rule x {{`, `rule -x {`: a mark too much.
pub(super) fn marked(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found?;
    let before = scene.before?;
    if found.text(scene.text) == "{" && before.text(scene.text) == "{" && before.end == found.start {
        let help = "a block opens with one brace: write `{`";
        return Some(Mend::new(before.start, found.end, "{").help(help).message("two braces open one block"));
    }
    let onward = scene.onward();
    let name = onward.get(1).filter(|name| name.start == found.end && name.kind == Kind::Word)?;
    let is_head = matches!(
        before.text(scene.text),
        "rule" | "failover" | "budget" | "quota" | "audit" | "guarantee" | "fact"
    );
    let is_mark = matches!(found.text(scene.text), "-" | "$" | "@" | "!" | "*" | ".");
    (is_head && is_mark && scene.expects_group("a name")).then(|| {
        let help = format!("a name begins with a letter: write it as `{}`", name.text(scene.text));
        Mend::new(found.start, name.end, name.text(scene.text)).help(help)
    })
}

/// `compliance SOC 2`: a name is one word, or stands in quotes.
pub(super) fn spaced(scene: &Scene<'_>) -> Option<Mend> {
    let found = scene.found.filter(|found| found.kind == Kind::Number)?;
    let before = scene.before.filter(|before| before.kind == Kind::Word)?;
    let is_list = words::VOCABULARIES.contains(&scene.first);
    let gap = scene.text.get(before.end..found.start).is_some_and(|gap| !gap.contains('\n'));
    let (word, number) = (before.text(scene.text), found.text(scene.text));
    let right = if scene.first == "compliance" && word.chars().all(|c| c.is_ascii_uppercase()) {
        format!("{}{number}", word.to_lowercase())
    } else {
        format!("\"{word} {number}\"")
    };
    let shown = quote(scene.text, Token { start: before.start, ..found });
    (is_list && gap && before.start > scene.start).then(|| {
        let help = format!("a name is one word, so {shown} is none: write it as `{right}`");
        Mend::new(before.start, found.end, right.clone()).help(help)
    })
}
