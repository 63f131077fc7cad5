//! What a refresh changed, and what it left: for people and for programs.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::facts::models;
use super::findings::{hosted_models, otherwise_priced};
use super::refresh::{Disagreement, Refreshed};
use crate::model::words::{count, joined};
use crate::render::json::to_text;
use crate::source::{SourceFile, Span, visible};
use crate::yaml::Value;

/// A file of a registry.
#[derive(Debug)]
pub struct File {
    /// As it is shown, within the workspace.
    pub path: String,
    /// As it stands on disk: places count in its bytes.
    pub text: String,
    /// What it says.
    pub root: Value,
    /// Where its lines begin, once somebody asks.
    lines: OnceCell<SourceFile>,
}

impl File {
    /// A file that was read.
    pub fn new(path: String, text: String, root: Value) -> Self {
        Self { path, text, root, lines: OnceCell::new() }
    }

    fn line(&self, span: Span) -> u32 {
        let kind = crate::source::FileKind::Registry;
        let lines = || SourceFile::new(self.path.as_str(), kind, self.text.as_str());
        self.lines.get_or_init(lines).line_column(span.start).0
    }
}

/// The models that a registry has.
pub fn ids(files: &[(PathBuf, File)]) -> BTreeSet<String> {
    files.iter().flat_map(|(_, file)| models(&file.root)).map(|model| model.id).collect()
}

/// For a terminal.
pub fn human(outcomes: &[(&File, Refreshed)], written: bool) -> String {
    let mut text = String::new();
    let changes: usize = outcomes.iter().map(|(_, outcome)| outcome.changes.len()).sum();
    let verb = if written { "changed" } else { "would change" };
    for (file, outcome) in outcomes {
        for change in &outcome.changes {
            let place = format!("{}:{}", file.path, file.line(change.span));
            let old = change.old.as_deref().map_or_else(|| "not stated".to_owned(), |old| format!("`{old}`"));
            let (alone, rest) = alone(&change.silent);
            text += &format!(
                "{place}: `{}`: `{}` was {old}, `{}`{alone} says `{}`{rest}\n",
                change.model, change.key, change.source, change.new
            );
        }
    }
    text += &headline(outcomes, changes, verb);
    let mut list = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text += &format!("\n{heading}:\n{}", lines.concat());
        }
    };
    let lines = |of: &dyn Fn(&File, &Refreshed) -> Vec<String>| -> Vec<String> {
        outcomes.iter().flat_map(|(file, outcome)| of(file, outcome)).collect()
    };
    list(
        "the catalogues do not agree",
        lines(&|file, outcome| outcome.disagreements.iter().map(|one| disagreement(file, one)).collect()),
    );
    list(
        "not compared",
        lines(&|file, outcome| {
            let one = |(model, span, why): &(String, Span, String)| {
                format!("  {}:{}: `{model}`: {why}\n", file.path, file.line(*span))
            };
            let elsewhere = outcome.elsewhere.iter().map(|(model, span, why)| {
                let why = format!("{why}, so nothing is taken from a catalogue");
                one(&(model.clone(), *span, why))
            });
            outcome.refused.iter().map(one).chain(elsewhere).collect()
        }),
    );
    list(
        "kept as it stands, as a comment in the registry says",
        lines(&|file, outcome| {
            let one = |(model, span, why): &(String, Span, String)| {
                format!("  {}:{}: `{model}`: {why}\n", file.path, file.line(*span))
            };
            outcome.kept.iter().map(one).collect()
        }),
    );
    list(
        "in no catalogue under these names; `endpoint: {model: …}` says what the provider calls it",
        unlisted(outcomes, Whose::Sold),
    );
    list(
        "priced by `pricing`, and in no catalogue under these names",
        unlisted(outcomes, Whose::PricedOtherwise),
    );
    list("of your own, so that no catalogue has them", unlisted(outcomes, Whose::Own));
    visible::lines(&text).into_owned()
}

/// What each catalogue says of a fact.
fn disagreement(file: &File, one: &Disagreement) -> String {
    let said: Vec<String> = one.said.iter().map(|(name, what)| format!("`{name}` says `{what}`")).collect();
    let taken = one
        .taken
        .as_ref()
        .map_or_else(|| "nothing was taken".to_owned(), |name| format!("`{name}` was preferred"));
    let (line, said) = (file.line(one.span), said.join(", "));
    format!("  {}:{line}: `{}`: `{}`: {said}; {taken}\n", file.path, one.model, one.key)
}

/// How much there was to take.
fn headline(outcomes: &[(&File, Refreshed)], changes: usize, verb: &str) -> String {
    let disputes = outcomes.iter().flat_map(|(_, outcome)| &outcome.disagreements);
    match (changes, disputes.filter(|one| one.taken.is_none()).count()) {
        (0, 0) => "nothing differs\n".to_owned(),
        (0, open) => {
            format!("nothing to take: the catalogues do not agree on {}\n", count(open, "value", "values"))
        }
        _ => format!("{verb} {}\n", count(changes, "value", "values")),
    }
}

/// That a catalogue alone says something, and which others know the model.
fn alone(silent: &[String]) -> (&'static str, String) {
    if silent.is_empty() {
        return ("", String::new());
    }
    let names: Vec<String> = silent.iter().map(|name| format!("`{name}`")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let list = if names.len() == 1 { "lists" } else { "list" };
    (" alone", format!("; {} {list} the model without it", joined(&names)))
}

/// Whose a model is that no catalogue lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Somebody sells it per token.
    Sold,
    /// Somebody sells it by another unit.
    PricedOtherwise,
    /// It runs on machines of one's own.
    Own,
}

/// The models that no catalogue lists, of one kind.
fn unlisted(outcomes: &[(&File, Refreshed)], whose: Whose) -> Vec<String> {
    let of = |(file, outcome): &(&File, Refreshed)| {
        let (own, otherwise) = (hosted_models(&file.root), otherwise_priced(&file.root));
        let is = |model: &String| match (own.contains(model), otherwise.contains(model)) {
            (true, _) => Whose::Own,
            (false, true) => Whose::PricedOtherwise,
            (false, false) => Whose::Sold,
        };
        let wanted = outcome.unknown.iter().filter(|(model, _)| is(model) == whose);
        let lines = wanted.map(|(model, span)| format!("  {}:{}: `{model}`\n", file.path, file.line(*span)));
        lines.collect::<Vec<String>>()
    };
    outcomes.iter().flat_map(of).collect()
}

#[derive(Serialize)]
struct Report<'a> {
    changes: Vec<ChangeItem<'a>>,
    disagreements: Vec<DisagreementItem<'a>>,
    refused: Vec<Item<'a>>,
    unknown: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct ChangeItem<'a> {
    file: &'a str,
    line: u32,
    model: &'a str,
    key: &'a str,
    old: Option<&'a str>,
    new: &'a str,
    catalogue: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    silent: &'a [String],
}

#[derive(Serialize)]
struct DisagreementItem<'a> {
    file: &'a str,
    line: u32,
    model: &'a str,
    key: &'a str,
    said: Vec<Said<'a>>,
    taken: Option<&'a str>,
}

#[derive(Serialize)]
struct Said<'a> {
    catalogue: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    file: &'a str,
    line: u32,
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// As `schemas/refresh.schema.json` has it.
pub fn json(outcomes: &[(&File, Refreshed)]) -> String {
    let mut report = Report { changes: vec![], disagreements: vec![], refused: vec![], unknown: vec![] };
    for (file, outcome) in outcomes {
        let line = |span: Span| file.line(span);
        report.changes.extend(outcome.changes.iter().map(|one| ChangeItem {
            file: &file.path,
            line: line(one.span),
            model: &one.model,
            key: &one.key,
            old: one.old.as_deref(),
            new: &one.new,
            catalogue: &one.source,
            silent: &one.silent,
        }));
        report.disagreements.extend(outcome.disagreements.iter().map(|one| DisagreementItem {
            file: &file.path,
            line: line(one.span),
            model: &one.model,
            key: &one.key,
            said: one.said.iter().map(|(catalogue, value)| Said { catalogue, value }).collect(),
            taken: one.taken.as_deref(),
        }));
        let item = |model, span, reason| Item { file: &file.path, line: line(span), model, reason };
        report.refused.extend(
            outcome
                .refused
                .iter()
                .chain(&outcome.elsewhere)
                .chain(&outcome.kept)
                .map(|(model, span, why)| item(model.as_str(), *span, Some(why.as_str()))),
        );
        report.unknown.extend(outcome.unknown.iter().map(|(model, span)| item(model.as_str(), *span, None)));
    }
    to_text(&report)
}
