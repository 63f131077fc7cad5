//! What is valid and does nothing, for which the language has no finding: said beside what was found, and never counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::diag::slip::is_slip;
use crate::diag::{Finding, code, nearest};
use crate::limits::shown;
use crate::model::expr::{Expr, Node};
use crate::model::{ClassificationId, Date, World, days_between};
use crate::source::{FileId, FileKind, Sources, Span};
use crate::workspace::{Checked, Workspace};
use crate::yaml::Value;
use crate::yaml::apparent::{self, Said};

mod policies;

/// A line for each, in the order of the statements.
pub fn notes(sources: &Sources, checked: &Checked<'_>) -> Vec<String> {
    let Some(survey) = checked.survey.as_ref().filter(|survey| survey.complete()) else { return Vec::new() };
    let world = survey.world;
    let mut notes = Vec::new();
    for guarantee in world.guarantees.iter().filter(|guarantee| guarantee.parts.is_empty()) {
        let (place, name) = (sources.place(guarantee.name.span), &guarantee.name.value);
        notes
            .push(format!("{place}: guarantee `{name}` promises nothing: it has no `always` and no `never`"));
    }
    notes.extend(constants(sources, world));
    notes.extend(of_requests_alone(sources, world));
    notes.extend(unasked(sources, &checked.unasked));
    notes.extend(drills(sources, world));
    notes.extend(lowered(sources, world));
    let nobody = |statement| !applies_somewhere(survey, statement);
    let none = |kind: &str, name: &crate::source::Spanned<String>| {
        let (place, name) = (sources.place(name.span), &name.value);
        format!("{place}: {kind} `{name}` is of no request: its `when` is true in no context of any use case")
    };
    let budgets = world.budgets.enumerated().filter(|(id, _)| nobody(Statement::Budget(*id)));
    notes.extend(budgets.map(|(_, budget)| none("budget", &budget.name)));
    let quotas = world.quotas.enumerated().filter(|(id, _)| nobody(Statement::Quota(*id)));
    notes.extend(quotas.map(|(_, quota)| none("quota", &quota.name)));
    let audits = world.audits.enumerated().filter(|(id, _)| nobody(Statement::Audit(*id)));
    notes.extend(audits.map(|(_, audit)| none("audit statement", &audit.name)));
    bounded(notes, ["statement does nothing", "statements do nothing"])
}

/// The first of them, and how many more there are.
fn bounded(mut notes: Vec<String>, [one, several]: [&str; 2]) -> Vec<String> {
    let more = notes.len().saturating_sub(shown::SILENT);
    notes.truncate(shown::SILENT);
    if more > 0 {
        notes.push(format!("{more} more {}", if more == 1 { one } else { several }));
    }
    notes
}

/// Promises that hold whatever is decided: `require true`, `never false`.
fn constants(sources: &Sources, world: &World) -> Vec<String> {
    let is = |expr: &Expr, value: bool| matches!(expr.root, Node::Const(known) if known == value);
    let note = |span: Span, word: &str, value: bool| {
        let place = sources.place(span);
        format!("{place}: `{word} {value}` promises nothing: it holds whatever is decided")
    };
    let rules = world.rules.iter().flat_map(|rule| &rule.promises);
    let rules = rules.filter(|promise| is(&promise.expr, !promise.forbid)).map(|promise| {
        note(promise.span, if promise.forbid { "forbid" } else { "require" }, !promise.forbid)
    });
    let parts = world.guarantees.iter().flat_map(|guarantee| &guarantee.parts);
    let parts = parts
        .filter(|part| is(&part.expr, !part.never))
        .map(|part| note(part.span, if part.never { "never" } else { "always" }, !part.never));
    rules.chain(parts).collect()
}

/// Promises of rules that read what a request asks for, where a model holds something of that name: they ask it of no
/// model.
fn of_requests_alone(sources: &Sources, world: &World) -> Vec<String> {
    let promises = world.rules.iter().flat_map(|rule| &rule.promises);
    let notes = promises.filter_map(|promise| {
        let of_model = promise.expr.of_request_alone()??.name();
        let (place, name) = (sources.place(promise.span), of_model.trim_start_matches("model."));
        Some(format!(
            "{place}: this promise reads the request alone, and asks nothing of a model: `{name}` is what the use case needs, and `{of_model}` what a model has"
        ))
    });
    notes.collect()
}

/// What was found and nobody asked for, each in a line.
fn unasked(sources: &Sources, found: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let why = finding.notes.first().map(|why| format!(": {why}")).unwrap_or_default();
        let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}: {}{why}{help}", sources.place(finding.primary.span), finding.message)
    };
    found.iter().map(line).collect()
}

/// For so many days it is told that no model is called as the one that answered a drill: later it may be gone.
const RECENT: i32 = 90;

/// Drills that a model answered which is not in the registry: it is gone by now, or misspelt.
fn drills(sources: &Sources, world: &World) -> Vec<String> {
    let known: Vec<&str> = world.models.iter().map(|model| model.id.as_str()).collect();
    let told = world.drills.iter().filter_map(|drill| {
        let answered = drill.answered_by.as_deref().filter(|name| world.find_model(name).is_empty())?;
        let near = nearest::nearest(answered, known.iter().copied());
        let is_recent = days_between(drill.date, world.as_of) <= RECENT;
        let is_misspelt = near.iter().any(|known| is_slip(answered, known));
        (is_recent || is_misspelt).then(|| {
            let place = sources.place(drill.span);
            let help = match near.as_slice() {
                [] => "what it proves is not known".to_owned(),
                near => format!("did you mean {}?", nearest::either(near)),
            };
            format!("{place}: this drill was answered by `{answered}`, and no model is called so: {help}")
        })
    });
    told.collect()
}

/// Tests that are given a lower classification than their use cases have: it lowers nothing.
fn lowered(sources: &Sources, world: &World) -> Vec<String> {
    let mut notes: Vec<(Span, Option<String>)> = Vec::new();
    for test in &world.tests {
        let use_case = &world.use_cases[test.use_case];
        let level = |level: ClassificationId| world.classifications[level].as_str();
        let note = test.classification.filter(|given| *given < use_case.classification).map(|given| {
            let (name, own, given) = (&use_case.name.value, level(use_case.classification), level(given));
            let place = sources.place(test.name.span);
            format!(
                "{place}: test `{}` is given classification `{given}`, and `{name}` is `{own}` by its own data, which nothing lowers: it is tested as `{own}`",
                test.name.value
            )
        });
        match notes.last_mut().filter(|(span, _)| *span == test.name.span) {
            // Of several use cases it lowers none.
            Some((_, known)) => *known = known.take().filter(|_| note.is_some()),
            None => notes.push((test.name.span, note)),
        }
    }
    notes.into_iter().filter_map(|(_, note)| note).collect()
}

/// What is valid in the files and not read as it looks: a line for each, in the order of the files.
///
/// Of a file that cannot be read whole nothing is said: what is wrong with it may be the same.
pub fn of_texts(workspace: &Workspace, found: &[Finding], as_of: Date) -> Vec<String> {
    let sources = &workspace.sources;
    let broken = found.iter().filter(|finding| finding.code == code::SCHEMA);
    let broken: BTreeSet<FileId> = broken.map(|finding| finding.primary.span.file).collect();
    let files = || sources.iter().filter(|(id, file)| file.readable && !broken.contains(id));
    let as_of = as_of.to_string();
    let unread = files().filter(|(id, file)| is_yaml(file.kind) && !workspace.said.contains_key(id));
    let unread: BTreeMap<FileId, Said> =
        unread.map(|(id, file)| (id, said(id, &file.text, None, &as_of))).collect();
    let of = |id: FileId| workspace.said.get(&id).or_else(|| unread.get(&id));
    let note = |id, at: usize, note: &str| format!("{}: {note}", sources.place(Span::new(id, at, at)));
    let mut notes = Vec::new();
    for (id, file) in files() {
        if let Some(said) = of(id) {
            notes.extend(said.notes.iter().map(|(at, text)| note(id, *at, text)));
        } else if file.kind == FileKind::Policy {
            notes.extend(policies::notes(&file.text).iter().map(|(at, text)| note(id, *at, text)));
        }
    }
    let across = apparent::across(files().filter_map(|(id, _)| of(id)));
    notes.extend(across.iter().map(|(id, at, text)| note(*id, *at, text)));
    bounded(notes, ["value is not read as it looks", "values are not read as they look"])
}

fn is_yaml(kind: FileKind) -> bool {
    matches!(kind, FileKind::Registry | FileKind::Estate | FileKind::Config)
}

/// What is said of a file, by its document where that is known with the keys that hold nothing.
pub(super) fn said(id: FileId, text: &str, document: Option<&Value>, as_of: &str) -> Said {
    match document {
        Some(document) => Said::of(text, Some(document), as_of),
        None => Said::of(text, apparent::document(id, text).as_ref(), as_of),
    }
}

fn applies_somewhere(survey: &Survey<'_>, statement: Statement) -> bool {
    survey
        .concerned(statement)
        .any(|decided| survey.engine.held(decided.use_case, decided.space, statement).somewhere())
}
