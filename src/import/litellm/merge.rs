//! A configuration with what it includes, as one: lists are joined, and of everything else the last one counts whole.

use crate::import::{Notes, text};
use crate::model::words;
use crate::source::{FileId, Sources, Spanned};
use crate::yaml::{Kind, Value};

/// All documents as one, and a list of what is lost.
pub(super) fn merged(sources: &Sources, documents: &[(FileId, Value)], notes: &mut Notes) -> Value {
    let mut entries: Vec<(Spanned<String>, Value)> = Vec::new();
    for (id, root) in documents {
        includes(root, notes);
        if !matches!(root.kind, Kind::Map(_)) {
            let what = text::kind(root);
            notes.left(root.span, format!("the whole file: it is {what}, and no map"));
        }
        for (key, value) in root.entries() {
            let Some((_, known)) = entries.iter_mut().find(|(known, _)| known.value == key.value) else {
                entries.push((key.clone(), value.clone()));
                continue;
            };
            if let (Kind::List(items), Kind::List(more)) = (&mut known.kind, &value.kind) {
                items.extend(more.iter().cloned());
            } else {
                lost(key, known, value, (sources.path(*id), documents), notes);
                *known = value.clone();
            }
        }
    }
    let span = documents.first().map_or(crate::source::Span::start_of(FileId::NONE), |(_, root)| root.span);
    Value { span, kind: Kind::Map(entries) }
}

/// Whether some document includes a file.
fn is_included(file: &str, documents: &[(FileId, Value)]) -> bool {
    let mut all = documents.iter().flat_map(|(_, root)| super::includes(root));
    all.any(|(_, named)| last_part(&named) == file)
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What the value of a later file takes the place of.
fn lost(
    key: &Spanned<String>,
    before: &Value,
    after: &Value,
    (file, documents): (&str, &[(FileId, Value)]),
    notes: &mut Notes,
) {
    if key.value == "include" || text::flow(before) == text::flow(after) {
        return;
    }
    let name = text::comment(&key.value);
    let why = if is_included(last_part(file), documents) {
        "which is included, has it too, and LiteLLM takes the included value as a whole"
    } else {
        "which is named behind this file, has it too, and counts as if this one included it: its value is taken as a whole"
    };
    let file = text::comment(last_part(file));
    let is_kept =
        |key: &str, value: &Value| after.get(key).is_some_and(|new| text::flow(new) == text::flow(value));
    let keys: Vec<String> = before
        .entries()
        .iter()
        .filter(|(key, value)| !is_kept(&key.value, value))
        .map(|(key, _)| format!("`{}`", text::comment(&key.value)))
        .collect();
    let what =
        if keys.is_empty() { String::new() } else { format!(" with {}", words::some_plain(&keys, 20)) };
    if !keys.is_empty() || before.entries().is_empty() {
        notes.left(before.span, format!("`{name}`{what}: `{file}`, {why}"));
    }
}

/// Lists what `include` names that is no file.
fn includes(root: &Value, notes: &mut Notes) {
    let Some(list) = root.get("include") else { return };
    let Kind::List(items) = &list.kind else {
        let shown = text::comment(&text::flow(list));
        if list.text().is_some() {
            notes.read(
                list.span,
                format!(
                    "`include`, `{shown}`, as a list of one file: LiteLLM refuses to start without a list"
                ),
            );
        } else {
            notes.left(
                list.span,
                format!("`include`: it is {}, `{shown}`, and no list of files", text::kind(list)),
            );
        }
        return;
    };
    for item in items.iter().filter(|item| item.text().is_none()) {
        let shown = text::comment(&text::flow(item));
        notes.left(item.span, format!("an entry of `include`: `{shown}` is not a file"));
    }
}
