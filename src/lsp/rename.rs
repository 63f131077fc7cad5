//! A thing gets another name, in every file at once.

use super::rename_places::edit;
use super::{Index, Kind, Occurrence, Seen, Symbol, provider_id, rename_unread};
use crate::diag::fix::Edit;
use crate::limits::MAX_NAME_BYTES;
use crate::registry;
use crate::source::{FileId, Span, visible};

/// What a rename at a place would change: where its name stands there, and the name.
pub fn prepare(seen: Seen, file: FileId, offset: usize) -> Option<(Span, String)> {
    let here = renamable(seen.now.index(), file, offset)?;
    Some((here.span, here.symbol.bare().to_owned()))
}

/// What a rename changes; why it cannot be done. [`held`](super::held) says whether it does that and nothing else.
pub fn rename(seen: Seen, file: FileId, offset: usize, new: &str) -> Result<Vec<Edit>, String> {
    let index = seen.now.index();
    let here = renamable(index, file, offset).ok_or("nothing stands here that has a name of yours")?;
    let symbol = &here.symbol;
    fits(&symbol.kind, new)?;
    let renamed = renamed(symbol, new);
    if renamed != *symbol && index.occurrences(&renamed).next().is_some() {
        return Err(format!("there is a {} `{}` already", symbol.kind.word(), visible::inline(new)));
    }
    if symbol.kind == Kind::UseCase {
        stays_approved(seen, &symbol.name, new)?;
        stays_matched(seen, &symbol.name, new)?;
    }
    rename_unread::is_read(seen, symbol, new)?;
    let places = index.occurrences(symbol).filter(|one| !one.is_other_name);
    let mut edits: Vec<Edit> = places.map(|one| edit(seen, one, &renamed)).collect::<Result<_, String>>()?;
    if symbol.kind == Kind::Model && renamed != *symbol {
        edits.extend(provider_id::kept(seen, symbol)?);
    }
    Ok(edits)
}

pub(super) fn renamable(index: &Index, file: FileId, offset: usize) -> Option<&Occurrence> {
    index.at(file, offset).filter(|one| !one.is_other_name)
}

/// What something is after a rename.
pub(super) fn renamed(symbol: &Symbol, new: &str) -> Symbol {
    match (&symbol.kind, symbol.name.split_once('/')) {
        (Kind::Model, Some((provider, _))) => Symbol::new(Kind::Model, format!("{provider}/{new}")),
        (kind, _) => Symbol::new(kind.clone(), new),
    }
}

/// Whether the same prefixes in `approved_use_cases` match the new name: a rename changes no decision.
fn stays_approved(seen: Seen, old: &str, new: &str) -> Result<(), String> {
    let (registry, _) = registry::read::read(&seen.now.trees.registry);
    let models = registry.providers.iter().flat_map(|provider| &provider.models);
    for entry in models.flat_map(|model| &model.approved_use_cases) {
        let Some(prefix) = entry.value.strip_suffix('*') else { continue };
        let (was, is) = (old.starts_with(prefix), new.starts_with(prefix));
        if was != is {
            let (entry, place) =
                (visible::inline(&entry.value), seen.now.workspace.sources.place(entry.span));
            let new = visible::inline(new);
            return Err(if was {
                format!("`{entry}` ({place}) approves it and would not approve `{new}`: name it there first")
            } else {
                format!(
                    "`{entry}` ({place}) does not approve it and would approve `{new}`: choose another name"
                )
            });
        }
    }
    Ok(())
}

/// Whether the same patterns of policies match the new name.
fn stays_matched(seen: Seen, old: &str, new: &str) -> Result<(), String> {
    let patterns = seen.now.index().patterns().iter();
    let mut changed = patterns.filter(|one| old.starts_with(&one.value) != new.starts_with(&one.value));
    let Some(one) = changed.next() else { return Ok(()) };
    let (pattern, place) = (visible::inline(&one.value), seen.now.workspace.sources.place(one.span));
    let new = visible::inline(new);
    Err(if old.starts_with(&one.value) {
        format!("`{pattern}*` ({place}) matches it and would not match `{new}`: name it there first")
    } else {
        format!("`{pattern}*` ({place}) does not match it and would match `{new}`: choose another name")
    })
}

fn fits(kind: &Kind, new: &str) -> Result<(), String> {
    if new.is_empty() || new.len() > MAX_NAME_BYTES || visible::hidden_in_name(new).is_some() {
        return Err(format!("a name has 1 to {MAX_NAME_BYTES} characters that show"));
    }
    if *kind == Kind::Provider && new.contains('/') {
        return Err("a provider's name has no `/`".to_owned());
    }
    Ok(())
}
