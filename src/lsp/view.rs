//! One reading of a workspace with what its check gives, and the last good one behind it.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use lsp_types::{Position, Range};

use super::index::{Entries, Index, Occurrence};
use super::text::{Encoding, Lines};
use crate::decide::survey::Survey;
use crate::diag::code;
use crate::diag::fix::Edit;
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::workspace::{Checked, Trees, Workspace};
use crate::yaml::Value;

/// The names of registry and estate, kept for as long as their trees are the same.
#[derive(Debug, Default)]
pub struct Memory(RefCell<Option<Known>>);

#[derive(Debug)]
struct Known {
    registry: Arc<Vec<Value>>,
    estate: Arc<Vec<Value>>,
    entries: Rc<Entries>,
}

impl Memory {
    /// Notes the names before somebody asks, where they are not known.
    pub fn note(&self, trees: &Trees, sources: &Sources) {
        let _known = self.entries(trees, sources);
    }

    fn entries(&self, trees: &Trees, sources: &Sources) -> Rc<Entries> {
        let is_same = |known: &&Known| {
            Arc::ptr_eq(&known.registry, &trees.registry) && Arc::ptr_eq(&known.estate, &trees.estate)
        };
        if let Some(known) = self.0.borrow().as_ref().filter(is_same) {
            return Rc::clone(&known.entries);
        }
        let entries = Rc::new(Entries::of(trees, sources));
        let (registry, estate) = (Arc::clone(&trees.registry), Arc::clone(&trees.estate));
        *self.0.borrow_mut() = Some(Known { registry, estate, entries: Rc::clone(&entries) });
        entries
    }
}

/// One reading of a workspace, checked.
#[derive(Debug)]
pub struct View<'a> {
    /// What was read, and what is wrong with reading it.
    pub workspace: &'a Workspace,
    /// What was written, nothing resolved.
    pub trees: &'a Trees,
    /// What its check gives.
    pub checked: &'a Checked<'a>,
    encoding: Encoding,
    memory: &'a Memory,
    /// The last reading that could be decided, where this one cannot.
    pub good: Option<&'a View<'a>>,
    index: OnceCell<Index>,
    lines: RefCell<BTreeMap<FileId, Rc<Lines>>>,
}

impl<'a> View<'a> {
    /// A view whose places are counted in some measure, and the last good one where this one cannot be decided.
    pub fn new(
        workspace: &'a Workspace,
        trees: &'a Trees,
        checked: &'a Checked<'a>,
        encoding: Encoding,
        memory: &'a Memory,
        good: Option<&'a View<'a>>,
    ) -> Self {
        let (index, lines) = (OnceCell::new(), RefCell::default());
        Self { workspace, trees, checked, encoding, memory, good, index, lines }
    }

    /// Every name in every file. What a file that cannot be read now held in the last good reading counts where it still
    /// stands.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let sources = &self.workspace.sources;
            let entries = self.memory.entries(self.trees, sources);
            let Some(good) = self.good else { return Index::of((self.trees, self.workspace), entries, None) };
            let index = Index::of((self.trees, self.workspace), entries, Some(good.index()));
            let unread = self.unread();
            let stood = unread.iter().flat_map(|file| stood(good, self, *file)).collect();
            index.with(unread, stood)
        })
    }

    /// The files that cannot be read as they are.
    pub(super) fn unread(&self) -> BTreeSet<FileId> {
        let reading = [code::SYNTAX, code::SCHEMA];
        let findings = self.checked.findings.iter();
        findings.filter(|one| reading.contains(&one.code)).map(|one| one.primary.span.file).collect()
    }

    /// A file by its path in the workspace.
    pub fn file(&self, path: &str) -> Option<(FileId, &'a SourceFile)> {
        self.workspace.sources.iter().find(|(_, file)| file.path == path)
    }

    /// The measure in which places are counted.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn lines(&self, id: FileId) -> Rc<Lines> {
        let text = self.workspace.sources.file(id).map_or("", |file| file.text.as_str());
        Rc::clone(self.lines.borrow_mut().entry(id).or_insert_with(|| Rc::new(Lines::of(text))))
    }

    /// The range of a span.
    pub fn range(&self, span: Span) -> Range {
        let text = self.workspace.sources.file(span.file).map_or("", |file| file.text.as_str());
        self.lines(span.file).range(text, span.start as usize, span.end as usize, self.encoding)
    }

    /// The place of a byte offset.
    pub fn position(&self, file: FileId, offset: usize) -> Position {
        self.range(Span::new(file, offset, offset)).start
    }

    /// The byte offset of a place.
    pub fn offset(&self, file: FileId, position: Position) -> usize {
        let text = self.workspace.sources.file(file).map_or("", |file| file.text.as_str());
        self.lines(file).offset(text, position, self.encoding)
    }

    /// Edits by the path of their file, as the protocol has them.
    pub fn edits(&self, edits: &[Edit]) -> BTreeMap<String, Vec<lsp_types::TextEdit>> {
        let mut by_path: BTreeMap<String, Vec<lsp_types::TextEdit>> = BTreeMap::new();
        for edit in edits {
            let path = self.workspace.sources.path(edit.span.file).to_owned();
            let edit = lsp_types::TextEdit { range: self.range(edit.span), new_text: edit.text.clone() };
            by_path.entry(path).or_default().push(edit);
        }
        by_path
    }
}

/// The names of a file in an earlier reading that still stand in it: before the first difference, or behind the last.
fn stood(then: &View, now: &View, file: FileId) -> Vec<Occurrence> {
    let sources = &now.workspace.sources;
    let (Some(text), Some((old, before))) =
        (sources.file(file).map(|file| file.text.as_bytes()), then.file(sources.path(file)))
    else {
        return Vec::new();
    };
    let before = before.text.as_bytes();
    let same = |(a, b): &(&u8, &u8)| a == b;
    let head = before.iter().zip(text).take_while(same).count();
    let most = before.len().min(text.len()) - head;
    let tail = before.iter().rev().zip(text.iter().rev()).take_while(same).count().min(most);
    let moved = |one: &Occurrence| {
        let (start, end) = (one.span.start as usize, one.span.end as usize);
        let span = if end <= head {
            Span::new(file, start, end)
        } else if start >= before.len() - tail {
            Span::new(file, text.len() - (before.len() - start), text.len() - (before.len() - end))
        } else {
            return None;
        };
        Some(Occurrence { span, ..one.clone() })
    };
    then.index().in_file(old).iter().filter_map(moved).collect()
}

/// What is seen of a workspace while somebody edits it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The newest reading.
    pub now: &'a View<'a>,
}

impl<'a> Seen<'a> {
    /// The decisions to answer from: of the newest reading, else of the last good one.
    pub fn survey(&self) -> Option<&'a Survey<'a>> {
        let of = |view: &'a View<'a>| view.checked.survey.as_ref();
        of(self.now).or_else(|| self.now.good.and_then(of))
    }
}
