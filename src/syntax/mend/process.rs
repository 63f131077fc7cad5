//! Where a request may be processed: `process only in eu`, `model.regions subset [eu]`.

use super::Mend;
use super::sets::is_places;
use crate::syntax::message::Scene;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words;

/// Words that `process in` needs no more: it means that already.
const NEEDLESS: [&str; 22] = [
    "only",
    "in",
    "within",
    "inside",
    "exclusively",
    "solely",
    "just",
    "always",
    "strictly",
    "data",
    "requests",
    "at",
    "the",
    "region",
    "regions",
    "to",
    "on",
    "within",
    "from",
    "of",
    "all",
    "it",
];

/// Words that turn it round.
const TURNED: [&str; 8] = ["not", "no", "outside", "except", "never", "without", "but", "everywhere"];

/// Another clause begins, or the block is over.
fn ends(word: &str) -> bool {
    word == "}" || (words::is_clause(word) && !NEEDLESS.contains(&word))
}

/// Whether a `process` clause says where a request must not be processed.
pub(in crate::syntax) fn is_turned(scene: &Scene<'_>) -> bool {
    let clause = scene.clause();
    let text = |at: usize| clause.get(at).map_or("", |token| token.text(scene.text));
    let is_forbidden = text(0) == "forbid" && text(1) == "process";
    let is_required = text(0) == "require" && text(1) == "process";
    let skipped = if is_forbidden || is_required { 2 } else { 1 };
    let is_process = skipped == 2 || text(0) == "process";
    let tokens = clause.iter().copied().skip(skipped).chain(scene.onward());
    let mut said = tokens.map(|token| token.text(scene.text)).take_while(|text| !ends(text));
    is_process && (is_forbidden || said.any(|text| TURNED.contains(&text)))
}

/// `require process in eu`: where a request is processed is a clause of its own.
pub(super) fn required(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let [require, process, ..] = clause.as_slice() else { return None };
    let text = |token: &Token| token.text(scene.text);
    let of_process = ["process", "processed", "processing", "process_in", "processed_in"];
    if text(require) != "require" || !of_process.contains(&text(process)) || is_turned(scene) {
        return None;
    }
    let all: Vec<Token> = clause.iter().skip(2).chain(&scene.onward()).copied().collect();
    let all: Vec<Token> = all.into_iter().take_while(|token| !ends(text(token))).collect();
    let skips = |token: &&Token| {
        let said = text(token);
        NEEDLESS.contains(&said) || matches!(said, "and" | "or" | "," | "[" | "]" | "(" | ")" | "{" | "==")
    };
    let names: Vec<&str> = all.iter().filter(|token| !skips(token)).map(text).collect();
    let is_list = all
        .iter()
        .all(|token| skips(&token) || matches!(token.kind, Kind::Word | Kind::Text { closed: true }));
    let right = format!("process in {}", names.join(", "));
    let help = format!("leave out `require`, for it is a clause of its own: write it as `{right}`");
    (is_list && !names.is_empty())
        .then(|| Mend::new(require.start, all.last().map_or(process.end, |last| last.end), right).help(help))
}

/// A `process` clause with other words in it.
pub(super) fn clause_words(scene: &Scene<'_>) -> Option<Mend> {
    let clause = scene.clause();
    let process = clause.first().filter(|token| token.text(scene.text) == "process")?;
    let mut tokens: Vec<Token> = clause.get(1..)?.to_vec();
    tokens.extend(scene.onward());
    let text = |token: &Token| token.text(scene.text);
    let tokens: Vec<Token> = tokens.into_iter().take_while(|token| !ends(text(token))).collect();
    if is_turned(scene) {
        return None;
    }
    let is_name = |token: &&Token| {
        matches!(token.kind, Kind::Word | Kind::Text { closed: true }) && !NEEDLESS.contains(&text(token))
    };
    let names: Vec<&str> =
        tokens.iter().filter(is_name).map(text).filter(|name| !matches!(*name, "and" | "or")).collect();
    let other = |token: &Token| token.kind == Kind::Number || matches!(text(token), "==" | "!=" | "<" | ">");
    if names.is_empty() || tokens.iter().any(other) {
        return None;
    }
    let right = format!("process in {}", names.join(", "));
    let help = format!("write it as `{right}`");
    Some(Mend::new(process.start, tokens.last()?.end, right).help(help))
}

/// A `require` of the regions of a model, as the clause that promises what it means.
pub(super) fn clause(scene: &Scene<'_>, regions: &[&str], start: usize, end: usize) -> Option<Mend> {
    let clause = scene.clause();
    let require = clause.first().filter(|token| token.text(scene.text) == "require")?;
    let directly = clause.get(1).is_none_or(|first| first.start == start);
    let goes_on = scene.behind_text(end);
    if !directly || matches!(goes_on, "and" | "or") {
        return None;
    }
    let right = format!("process in {}", regions.join(", "));
    let of_request = scene.text.get(start..).is_some_and(|left| left.starts_with("residency"));
    let why = if of_request {
        "`residency` is what the use case states"
    } else {
        "`has` asks only that a model can work there too"
    };
    let help = format!("in place of the whole `require`, write it as `{right}`: {why}");
    Some(Mend::new(require.start, end, right).help(help))
}

/// `require model.regions only eu`, `require model.processed_in within [eu]`.
pub(super) fn subset(scene: &Scene<'_>) -> Option<Mend> {
    const WORDS: [&str; 14] = [
        "only",
        "subset",
        "of",
        "within",
        "inside",
        "in",
        "is",
        "a",
        "are",
        "exclusively",
        "solely",
        "just",
        "all",
        "contained",
    ];
    let mut tokens = scene.comparison();
    tokens.extend(scene.onward());
    let (left, rest) = tokens.split_first()?;
    if !is_places(left.text(scene.text)) {
        return None;
    }
    // `has only eu`
    let has = usize::from(rest.first().is_some_and(|first| first.text(scene.text) == "has"));
    let after = rest.get(has..)?;
    let skipped = after.iter().take_while(|token| WORDS.contains(&token.text(scene.text))).count();
    let skipped = if skipped == 0 { 0 } else { skipped + has };
    let right = scene.operand(rest.get(skipped..)?);
    let names = |token: &&Token| matches!(token.kind, Kind::Word | Kind::Text { closed: true });
    let regions: Vec<&str> = right.iter().filter(names).map(|token| token.text(scene.text)).collect();
    let is_set = regions.iter().any(|region| words::is_set(region));
    if skipped == 0 || regions.is_empty() || is_set {
        return None;
    }
    clause(scene, &regions, left.start, right.last()?.end)
}

/// `require eu only`: a promise holds without the word.
pub(super) fn only(scene: &Scene<'_>) -> Option<Mend> {
    let found =
        scene.found.filter(|found| matches!(found.text(scene.text), "only" | "exclusively" | "solely"))?;
    let clause = scene.clause();
    let [require, name] = clause.as_slice() else { return None };
    let is_last = scene.onward().len() == 1 && require.text(scene.text) == "require";
    let right = name.text(scene.text);
    let help = format!(
        "a promise holds for all requests without `{}`: write it as `{right}`",
        found.text(scene.text)
    );
    (is_last && name.kind == Kind::Word).then(|| Mend::new(name.start, found.end, right).help(help))
}
