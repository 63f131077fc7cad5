//! What an import made, carried, left and asks for: for people and for programs.

use serde::Serialize;

use super::{Imported, Note, Sort, Trap, place};
use crate::limits::shown;
use crate::model::words::count;
use crate::render::json::to_text;
use crate::source::{Sources, visible};

/// For a terminal, after the files were written to `folder`.
pub fn human(imported: &Imported, traps: &[Trap], sources: &Sources, folder: &str) -> String {
    let made = format!(
        "{}, {}, {}",
        count(imported.providers, "provider", "providers"),
        count(imported.models, "model", "models"),
        count(imported.use_cases, "use case", "use cases")
    );
    let mut text = format!("imported {made}:\n");
    for (path, _) in &imported.files {
        text += &format!("  {folder}/{path}\n");
    }
    for sort in Sort::ALL {
        let notes: Vec<&Note> = imported.notes.iter().filter(|note| note.sort == sort).collect();
        if notes.is_empty() {
            continue;
        }
        text += &format!("\n{}:\n", sort.heading());
        for note in notes {
            let place = place(sources, note.span).map(|(path, line)| format!("{path}:{line}: "));
            text += &format!("  {}{}\n", place.unwrap_or_default(), note.text);
        }
    }
    text += &found(traps, folder);
    visible::lines(&text).into_owned()
}

/// What `check` finds whatever the missing prices and approvals are.
fn found(traps: &[Trap], folder: &str) -> String {
    if traps.is_empty() {
        return String::new();
    }
    let mut text =
        "\nfound already, as if each model had a price and were approved for what it serves:\n".to_owned();
    for Trap { severity, code, file, line, message } in traps.iter().take(shown::TRAPS) {
        text += &format!("  {severity}[{code}] {folder}/{file}:{line}: {message}\n");
    }
    if let Some(more) = traps.len().checked_sub(shown::TRAPS).filter(|more| *more > 0) {
        text += &format!("  … and {more} more: `check` shows them once that is so\n");
    }
    text
}

#[derive(Serialize)]
struct Report<'a> {
    files: Vec<&'a str>,
    notes: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "<[Trap]>::is_empty")]
    findings: &'a [Trap],
    summary: Summary,
}

#[derive(Serialize)]
struct Item<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    message: &'a str,
}

#[derive(Serialize)]
struct Summary {
    providers: usize,
    models: usize,
    use_cases: usize,
    read: usize,
    state: usize,
    left: usize,
}

/// As `schemas/import.schema.json` has it.
pub fn json(imported: &Imported, traps: &[Trap], sources: &Sources) -> String {
    let of = |sort| imported.notes.iter().filter(|note| note.sort == sort).count();
    let notes = imported.notes.iter().map(|note| {
        let place = place(sources, note.span);
        Item {
            kind: note.sort.key(),
            file: place.map(|(file, _)| file),
            line: place.map(|(_, line)| line),
            message: &note.text,
        }
    });
    let report = Report {
        files: imported.files.iter().map(|(path, _)| *path).collect(),
        notes: notes.collect(),
        findings: traps,
        summary: Summary {
            providers: imported.providers,
            models: imported.models,
            use_cases: imported.use_cases,
            read: of(Sort::Read),
            state: of(Sort::State),
            left: of(Sort::Left),
        },
    };
    to_text(&report)
}
