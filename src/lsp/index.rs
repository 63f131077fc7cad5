//! Every name that is written in a workspace: where it is defined and where it is used.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{index_config, index_policies, index_yaml};
use crate::source::{FileId, Sources, Span, Spanned};
use crate::syntax::scan;
use crate::syntax::tree::VocabularyKind;
use crate::workspace::{Trees, Workspace};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the things of docs/language.md")]
pub enum Kind {
    UseCase,
    Provider,
    /// By `provider/name`.
    Model,
    Rule,
    Failover,
    Budget,
    Quota,
    Audit,
    Guarantee,
    Test,
    Fact,
    /// A value of a fact, by the fact's name.
    Value(String),
    Classification,
    /// A name of a vocabulary.
    Word(VocabularyKind),
}

impl Kind {
    /// What people call it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::UseCase => "use case",
            Self::Provider => "provider",
            Self::Model => "model",
            Self::Rule => "rule",
            Self::Failover => "failover statement",
            Self::Budget => "budget",
            Self::Quota => "quota",
            Self::Audit => "audit statement",
            Self::Guarantee => "guarantee",
            Self::Test => "test",
            Self::Fact => "fact",
            Self::Value(_) => "value",
            Self::Classification => "classification",
            Self::Word(kind) => kind.thing(),
        }
    }
}

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol {
    /// What it is.
    pub kind: Kind,
    /// Its name; of a model `provider/name`.
    pub name: String,
}

impl Symbol {
    /// A thing by its name.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// The part of the name that a rename changes: of a model what stands behind its provider.
    pub fn bare(&self) -> &str {
        match self.kind {
            Kind::Model => self.name.split_once('/').map_or(self.name.as_str(), |(_, name)| name),
            _ => &self.name,
        }
    }
}

/// A place where a name is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What is meant.
    pub symbol: Symbol,
    /// Where the name stands, quotes included.
    pub span: Span,
    /// It is defined here.
    pub is_definition: bool,
    /// What is written is another name of it: an alias, an endpoint tag.
    pub is_other_name: bool,
    /// A name that stands here without quotes, and is that of an attribute or of a fact, is that one.
    pub is_read: bool,
}

impl Occurrence {
    /// A place where something is used by its name.
    pub(super) fn of(symbol: Symbol, span: Span) -> Self {
        Self { symbol, span, is_definition: false, is_other_name: false, is_read: false }
    }
}

/// Occurrences, by place and by what is meant.
#[derive(Debug, Default)]
struct Part {
    all: Vec<Occurrence>,
    by_symbol: BTreeMap<Symbol, Vec<usize>>,
}

impl Part {
    fn of(mut all: Vec<Occurrence>) -> Self {
        all.sort_by_key(|one| (one.span, !one.is_definition));
        all.dedup_by(|a, b| a.span == b.span && a.symbol == b.symbol);
        let mut by_symbol: BTreeMap<Symbol, Vec<usize>> = BTreeMap::new();
        for (at, one) in all.iter().enumerate() {
            match by_symbol.get_mut(&one.symbol) {
                Some(places) => places.push(at),
                None => {
                    by_symbol.insert(one.symbol.clone(), vec![at]);
                }
            }
        }
        Self { all, by_symbol }
    }

    fn at(&self, file: FileId, place: u32) -> Option<&Occurrence> {
        let holds =
            |one: &&Occurrence| one.span.file == file && one.span.start <= place && place <= one.span.end;
        // Of two that meet here the one that begins here.
        let end = self.all.partition_point(|one| (one.span.file, one.span.start) <= (file, place));
        self.all.get(..end)?.iter().rev().take(4).find(holds)
    }

    fn occurrences(&self, symbol: &Symbol) -> impl Iterator<Item = &Occurrence> {
        let places = self.by_symbol.get(symbol).into_iter().flatten();
        places.filter_map(|at| self.all.get(*at))
    }

    fn in_file(&self, file: FileId) -> &[Occurrence] {
        let start = self.all.partition_point(|one| one.span.file < file);
        let end = self.all.partition_point(|one| one.span.file <= file);
        self.all.get(start..end).unwrap_or_default()
    }
}

/// The names of registry and estate.
#[derive(Debug)]
pub(super) struct Entries {
    part: Part,
    names: Names,
}

impl Entries {
    pub(super) fn of(trees: &Trees, sources: &Sources) -> Self {
        let (mut names, mut all) = (Names::default(), Vec::new());
        index_yaml::collect(trees, sources, &mut names, &mut all);
        Self { part: Part::of(all), names }
    }
}

/// Every occurrence of a workspace: registry and estate, which are read before policies, and these.
#[derive(Debug)]
pub struct Index {
    entries: Rc<Entries>,
    policies: Part,
    /// What stands before the `*` of the patterns of policies.
    patterns: Vec<Spanned<String>>,
    /// Files that cannot be read as they are: all that is known of their names stands with those of policies.
    unread: BTreeSet<FileId>,
}

impl Index {
    /// The names of what was read, those of `govctl.yaml` beside those of policies, which may also name what an earlier
    /// reading knew.
    pub(super) fn of(
        (trees, workspace): (&Trees, &Workspace),
        entries: Rc<Entries>,
        earlier: Option<&Self>,
    ) -> Self {
        let sources = &workspace.sources;
        let mut all = index_config::stated(workspace);
        let patterns = match earlier {
            Some(earlier) => {
                let names = entries.names.with(&earlier.entries.names);
                index_policies::collect(&trees.policies, sources, &names, &mut all)
            }
            None => index_policies::collect(&trees.policies, sources, &entries.names, &mut all),
        };
        Self { policies: Part::of(all), patterns, entries, unread: BTreeSet::new() }
    }

    /// With the names that stood in files which cannot be read now, where they still stand.
    pub(super) fn with(mut self, unread: BTreeSet<FileId>, stood: Vec<Occurrence>) -> Self {
        let mut all = self.policies.all;
        for file in &unread {
            all.extend_from_slice(self.entries.part.in_file(*file));
        }
        let known: BTreeSet<Span> = all.iter().map(|one| one.span).collect();
        all.extend(stood.into_iter().filter(|one| !known.contains(&one.span)));
        self.policies = Part::of(all);
        self.unread = unread;
        self
    }

    /// What is written at a place; its end counts too.
    pub fn at(&self, file: FileId, offset: usize) -> Option<&Occurrence> {
        let place = u32::try_from(offset).unwrap_or(u32::MAX);
        let entries = || self.entries.part.at(file, place).filter(|_| !self.unread.contains(&file));
        self.policies.at(file, place).or_else(entries)
    }

    /// Everywhere that something is written, in the order of files.
    pub fn occurrences(&self, symbol: &Symbol) -> impl Iterator<Item = &Occurrence> {
        let entries = self.entries.part.occurrences(symbol);
        let entries = entries.filter(|one| !self.unread.contains(&one.span.file));
        entries.chain(self.policies.occurrences(symbol))
    }

    /// Where something is defined.
    pub fn definitions(&self, symbol: &Symbol) -> impl Iterator<Item = &Occurrence> {
        self.occurrences(symbol).filter(|one| one.is_definition)
    }

    /// Every occurrence in a file, in order.
    pub fn in_file(&self, file: FileId) -> &[Occurrence] {
        let policies = self.policies.in_file(file);
        if policies.is_empty() { self.entries.part.in_file(file) } else { policies }
    }

    /// What stands before the `*` of the patterns of policies.
    pub(super) fn patterns(&self) -> &[Spanned<String>] {
        &self.patterns
    }

    /// Whether a reference of one word already leads somewhere.
    pub(super) fn is_known(&self, word: &str) -> bool {
        let names = &self.entries.names;
        names.providers.contains(word) || names.models.contains_key(word)
    }

    /// The endpoint tags, each with its use case.
    pub(super) fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        let tags = self.entries.names.use_cases.iter().filter(|(_, (_, is_name))| !is_name);
        tags.map(|(tag, (of, _))| (tag.as_str(), of.as_str()))
    }

    /// The names of one kind that are defined, or of a vocabulary used, sorted.
    pub fn names(&self, kind: &Kind) -> Vec<&str> {
        let mut names = self.of_part(&self.entries.part, kind);
        names.extend(self.of_part(&self.policies, kind));
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Index {
    fn of_part<'p>(&self, part: &'p Part, kind: &Kind) -> Vec<&'p str> {
        let is_open = matches!(kind, Kind::Word(_) | Kind::Value(_) | Kind::Classification);
        let first = Symbol::new(kind.clone(), "");
        let from = part.by_symbol.range(first..).take_while(|(symbol, _)| symbol.kind == *kind);
        let known = from.filter(|(symbol, _)| is_open || self.definitions(symbol).next().is_some());
        known.map(|(symbol, _)| symbol.name.as_str()).collect()
    }
}

/// What a reference can name.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    pub(super) providers: std::collections::BTreeSet<String>,
    /// Models by id, by `provider/alias`, by alias and by the bare name where one alone has it; false for aliases.
    pub(super) models: BTreeMap<String, (String, bool)>,
    /// Use cases by name and, false, by endpoint tag.
    pub(super) use_cases: BTreeMap<String, (String, bool)>,
}

impl Names {
    /// With those that only others know.
    fn with(&self, others: &Self) -> Self {
        let mut all = others.clone();
        all.providers.extend(self.providers.iter().cloned());
        let entry = |(name, of): (&String, &(String, bool))| (name.clone(), of.clone());
        all.models.extend(self.models.iter().map(entry));
        all.use_cases.extend(self.use_cases.iter().map(entry));
        all
    }
}

/// Collects the occurrences of a reference to a provider or a model, given what is written for it, quotes included.
pub(super) fn reference(names: &Names, text: &str, span: Span, written: &str, all: &mut Vec<Occurrence>) {
    let mut push = |symbol: Symbol, span: Span, is_other_name: bool| {
        all.push(Occurrence { is_other_name, ..Occurrence::of(symbol, span) });
    };
    let provider = text.split_once('/').map(|(provider, _)| provider);
    match (names.models.get(text), provider.filter(|provider| names.providers.contains(*provider))) {
        (Some((id, is_name)), Some(provider)) => match parts(written, text, span) {
            Some((first, second)) => {
                push(Symbol::new(Kind::Provider, provider), first, false);
                push(Symbol::new(Kind::Model, id), second, !is_name);
            }
            // Behind escapes the place of the slash is not known.
            None => push(Symbol::new(Kind::Model, id), span, true),
        },
        _ if names.providers.contains(text) => push(Symbol::new(Kind::Provider, text), span, false),
        (Some((id, is_name)), None) => push(Symbol::new(Kind::Model, id), span, !is_name),
        (None, _) => {}
    }
}

/// The places of the two parts of a `provider/model`, each with the quotes that it has by itself.
fn parts(written: &str, text: &str, span: Span) -> Option<(Span, Span)> {
    let first = match written.chars().next()? {
        '"' => scan::next(written, 0)?.end,
        _ => written.find('/')?,
    };
    let place = |start: usize, end: usize| {
        let place = Span::new(span.file, span.start as usize + start, span.start as usize + end);
        (start < end).then_some(place)
    };
    if written.get(first..)?.starts_with('/') && !written.starts_with('\'') {
        return Some((place(0, first)?, place(first + 1, written.len())?));
    }
    // Quotes around the whole, without escapes.
    let is_whole = written.starts_with(['"', '\'']) && written.len() == text.len() + 2;
    let slash = text.find('/').filter(|_| is_whole)? + 1;
    Some((place(1, slash)?, place(slash + 1, written.len() - 1)?))
}
