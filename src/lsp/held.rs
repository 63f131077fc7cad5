//! A rename held to what it promises: each place of what is renamed leads to it, no other place leads elsewhere, and
//! nothing is decided otherwise.

use std::collections::BTreeMap;

use super::held_decisions::{decided_alike, falls_alike};
use super::rename::{renamable, renamed};
use super::{Kind, Symbol, View};
use crate::diag::fix::Edit;
use crate::source::{FileId, Span, visible};

/// Where names lead to, by file and by where they begin.
type Leads<'v> = BTreeMap<(&'v str, u32), Vec<Symbol>>;

/// Why the texts after a rename do not mean what those before it do; nothing where they do.
pub fn held(
    before: &View,
    after: &View,
    (file, offset, new): (FileId, usize, &str),
    edits: &[Edit],
) -> Result<(), String> {
    let Some(here) = renamable(before.index(), file, offset) else { return Ok(()) };
    let rename = Rename { old: &here.symbol, renamed: renamed(&here.symbol, new) };
    let shifts = Shifts::of(edits);
    let (wanted, found) = (rename.wanted(before, &shifts), rename.found(before, after, &shifts)?);
    let places = wanted.keys().chain(found.keys());
    let mut other = places.filter(|place| wanted.get(*place) != found.get(*place));
    let Some(place) = other.next() else {
        falls_alike(before, &rename)?;
        return decided_alike(before, after, &rename);
    };
    let symbols = |leads: &Leads| leads.get(place).cloned().unwrap_or_default();
    Err(rename.otherwise(after, *place, &symbols(&wanted), &symbols(&found)))
}

/// What is renamed, and what it is then.
pub(super) struct Rename<'a> {
    pub(super) old: &'a Symbol,
    renamed: Symbol,
}

impl Rename<'_> {
    /// The new name, of a model that behind its provider.
    pub(super) fn name(&self) -> &str {
        self.renamed.bare()
    }

    /// What a name of some kind is after the rename.
    pub(super) fn name_after(&self, kind: &Kind, name: &str) -> String {
        self.after(&Symbol::new(kind.clone(), name)).name
    }

    /// What something is called after the rename.
    fn after(&self, symbol: &Symbol) -> Symbol {
        if symbol == self.old {
            return self.renamed.clone();
        }
        match (&self.old.kind, &symbol.kind, symbol.name.split_once('/')) {
            (Kind::Provider, Kind::Model, Some((provider, name))) if provider == self.old.name => {
                Symbol::new(Kind::Model, format!("{}/{name}", self.renamed.name))
            }
            (Kind::Fact, Kind::Value(fact), _) if *fact == self.old.name => {
                Symbol::new(Kind::Value(self.renamed.name.clone()), symbol.name.clone())
            }
            _ => symbol.clone(),
        }
    }

    /// Whether it may stand where the new name is written: a model may have got its provider with it.
    fn fits(&self, symbol: &Symbol) -> bool {
        let within = |model: &Symbol, provider: &Symbol| {
            model.kind == Kind::Model
                && provider.kind == Kind::Provider
                && model.name.split_once('/').is_some_and(|(name, _)| name == provider.name)
        };
        *symbol == self.renamed || within(&self.renamed, symbol) || within(symbol, &self.renamed)
    }

    /// Where names have to lead to, outside of what is edited.
    fn wanted<'v>(&self, before: &'v View, shifts: &Shifts) -> Leads<'v> {
        let unread = before.unread();
        let mut leads = Leads::new();
        for (id, file) in before.workspace.sources.iter().filter(|(id, _)| !unread.contains(id)) {
            for one in before.index().in_file(id) {
                if let Some(start) = shifts.start(one.span) {
                    leads.entry((file.path.as_str(), start)).or_default().push(self.after(&one.symbol));
                }
            }
        }
        leads
    }

    /// Where names lead to, outside of what is edited; what is edited leads to what is renamed.
    fn found<'v>(&self, before: &View, after: &'v View, shifts: &Shifts) -> Result<Leads<'v>, String> {
        let unread = before.unread();
        let mut leads = Leads::new();
        for (id, file) in before.workspace.sources.iter().filter(|(id, _)| !unread.contains(id)) {
            let Some((now, file)) = after.file(&file.path) else { continue };
            let all = after.index().in_file(now);
            for (start, end) in shifts.edited(id) {
                let here = all.iter().filter(|one| start <= one.span.start && one.span.end <= end);
                let here: Vec<Symbol> = here.map(|one| one.symbol.clone()).collect();
                if !here.contains(&self.renamed) || !here.iter().all(|symbol| self.fits(symbol)) {
                    let wanted = std::slice::from_ref(&self.renamed);
                    return Err(self.otherwise(after, (file.path.as_str(), start), wanted, &here));
                }
            }
            let edited: Vec<(u32, u32)> = shifts.edited(id).collect();
            let is_edited =
                |span: Span| edited.iter().any(|(start, end)| *start <= span.start && span.end <= *end);
            for one in all.iter().filter(|one| !is_edited(one.span)) {
                leads.entry((file.path.as_str(), one.span.start)).or_default().push(one.symbol.clone());
            }
        }
        Ok(leads)
    }

    /// That a place would lead elsewhere.
    fn otherwise(
        &self,
        after: &View,
        (path, start): (&str, u32),
        wanted: &[Symbol],
        found: &[Symbol],
    ) -> String {
        let named = |symbols: &[Symbol]| {
            let symbol = symbols.iter().find(|one| wanted.contains(one) != found.contains(one));
            let symbol = symbol.or(symbols.first());
            symbol.map(|one| format!("the {} `{}`", one.kind.word(), visible::inline(&one.name)))
        };
        let place = after
            .file(path)
            .map(|(id, _)| after.workspace.sources.place(Span::new(id, start as usize, start as usize)));
        let place = place.unwrap_or_else(|| path.to_owned());
        let new = visible::inline(self.name());
        let why = match (named(found), named(wanted)) {
            (Some(found), Some(wanted)) => format!("{place} would name {found} and not {wanted}"),
            (Some(found), None) => format!("{place} would name {found}"),
            (None, Some(wanted)) => format!("{place} would no longer name {wanted}"),
            (None, None) => format!("{place} would mean something else"),
        };
        format!("as `{new}`, {why}: choose another name, or write that place otherwise first")
    }
}

/// How places move with edits: by file, the edits in their order.
struct Shifts<'e>(BTreeMap<FileId, Vec<&'e Edit>>);

impl<'e> Shifts<'e> {
    fn of(edits: &'e [Edit]) -> Self {
        let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in edits {
            by_file.entry(edit.span.file).or_default().push(edit);
        }
        for edits in by_file.values_mut() {
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        }
        Self(by_file)
    }

    fn of_file(&self, file: FileId) -> &[&'e Edit] {
        self.0.get(&file).map(Vec::as_slice).unwrap_or_default()
    }

    /// Where a name begins after the edits; none where it is edited itself.
    fn start(&self, span: Span) -> Option<u32> {
        let mut start = span.start;
        for edit in self.of_file(span.file) {
            if edit.span.start <= span.start && span.end <= edit.span.end {
                return None;
            }
            if edit.span.end <= span.start {
                start = moved(start, edit);
            }
        }
        Some(start)
    }

    /// The names that are edited, where they stand afterwards. What is put in beside them is none.
    fn edited(&self, file: FileId) -> impl Iterator<Item = (u32, u32)> {
        let edits = self.of_file(file);
        let names = edits.iter().enumerate().filter(|(_, edit)| edit.span.start < edit.span.end);
        names.map(|(at, edit)| {
            let before = edits.get(..at).unwrap_or_default();
            let start = before.iter().fold(edit.span.start, |start, edit| moved(start, edit));
            (start, start + u32::try_from(edit.text.len()).unwrap_or(0))
        })
    }
}

/// A place behind an edit.
fn moved(place: u32, edit: &Edit) -> u32 {
    let grown = u32::try_from(edit.text.len()).unwrap_or(0);
    (place + grown).saturating_sub(edit.span.end - edit.span.start)
}
