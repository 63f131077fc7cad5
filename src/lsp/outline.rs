//! What stands in a file: its statements, providers, models and use cases; and what can be folded.

use lsp_types::SymbolKind;

use super::View;
use super::text::Lines;
use crate::source::{FileId, FileKind, Span};
use crate::syntax::tree::{Statement, StatementKind};
use crate::yaml::Value;

/// Something that stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the list shows.
    pub name: String,
    /// What it is, in a word or two.
    pub detail: String,
    /// What editors draw for it.
    pub kind: SymbolKind,
    /// From its first word to the brace that ends it.
    pub span: Span,
    /// What is selected when somebody goes there.
    pub name_span: Span,
    /// What stands in it.
    pub inside: Vec<Entry>,
}

/// The outline of a file.
pub fn outline(view: &View, file: FileId) -> Vec<Entry> {
    match view.workspace.sources.file(file).map(|source| source.kind) {
        Some(FileKind::Policy) => statements(view, file).map(statement).collect(),
        Some(FileKind::Registry) => of_trees(&view.trees.registry, file, providers),
        Some(FileKind::Estate) => of_trees(&view.trees.estate, file, use_cases),
        Some(FileKind::Config | FileKind::Ignored) | None => Vec::new(),
    }
}

fn statements<'v>(view: &'v View, file: FileId) -> impl Iterator<Item = &'v Statement> {
    view.trees.policies.iter().filter(move |tree| tree.id == file).flat_map(|tree| &tree.statements)
}

fn of_trees(trees: &[Value], file: FileId, entries: fn(&Value) -> Vec<Entry>) -> Vec<Entry> {
    trees.iter().filter(|tree| tree.span.file == file).flat_map(entries).collect()
}

fn statement(statement: &Statement) -> Entry {
    let named = |name: &crate::syntax::tree::Name| (name.text.clone(), name.span);
    let plain = |word: &str| (word.to_owned(), statement.head);
    let ((name, name_span), detail, kind) = match &statement.kind {
        StatementKind::Rule(rule) => {
            (named(&rule.block.name), format!("{} rule", rule.tier.name()), SymbolKind::FUNCTION)
        }
        StatementKind::Failover(block) => (named(&block.name), "failover".to_owned(), SymbolKind::EVENT),
        StatementKind::Budget(block) => (named(&block.name), "budget".to_owned(), SymbolKind::NUMBER),
        StatementKind::Quota(block) => (named(&block.name), "quota".to_owned(), SymbolKind::NUMBER),
        StatementKind::Audit(block) => (named(&block.name), "audit".to_owned(), SymbolKind::OBJECT),
        StatementKind::Guarantee(block) => {
            (named(&block.name), "guarantee".to_owned(), SymbolKind::INTERFACE)
        }
        StatementKind::Test(block) => (named(&block.name), "test".to_owned(), SymbolKind::METHOD),
        StatementKind::Fact(fact) => (named(&fact.name), "fact".to_owned(), SymbolKind::VARIABLE),
        StatementKind::Vocabulary(kind, _) => (plain(kind.name()), kind.about().to_owned(), SymbolKind::ENUM),
        StatementKind::Classifications(_) => (plain("classifications"), String::new(), SymbolKind::ENUM),
        StatementKind::Regions(_) => (plain("regions"), String::new(), SymbolKind::ENUM),
        StatementKind::Precedence(_) => (plain("precedence"), String::new(), SymbolKind::CONSTANT),
        StatementKind::Attribution(_) => (plain("attribution"), String::new(), SymbolKind::OBJECT),
    };
    Entry { name: shown(name), detail, kind, span: statement.span, name_span, inside: Vec::new() }
}

/// The protocol asks for a name that is not empty.
fn shown(name: String) -> String {
    if name.trim().is_empty() { "\"\"".to_owned() } else { name }
}

fn providers(root: &Value) -> Vec<Entry> {
    let root = root.get("governance").unwrap_or(root);
    let all = root.get("providers").map(Value::entries).unwrap_or_default();
    let entry = |(name, value): &(crate::source::Spanned<String>, Value)| {
        let models = value.get("models").map(Value::items).unwrap_or_default();
        Entry {
            name: shown(name.value.clone()),
            detail: "provider".to_owned(),
            kind: SymbolKind::MODULE,
            span: whole(name.span, value.span),
            name_span: name.span,
            inside: models.iter().filter_map(|model| item(model, "model", SymbolKind::CLASS)).collect(),
        }
    };
    all.iter().map(entry).collect()
}

fn use_cases(root: &Value) -> Vec<Entry> {
    let all = root.get("use_cases").map(Value::items).unwrap_or_default();
    all.iter().filter_map(|one| item(one, "use case", SymbolKind::PACKAGE)).collect()
}

fn item(value: &Value, what: &str, kind: SymbolKind) -> Option<Entry> {
    let name = value.get("name")?.spanned()?;
    let span = whole(value.span, name.span);
    let (name, name_span) = (shown(name.value), name.span);
    Some(Entry { name, detail: what.to_owned(), kind, span, name_span, inside: Vec::new() })
}

/// A name with its value: an alias may have it stand elsewhere.
fn whole(name: Span, value: Span) -> Span {
    if value.file == name.file { name.to(value) } else { name }
}

/// What can be folded, as first and last line, and whether it is a run of comments.
pub fn foldings(view: &View, file: FileId) -> Vec<(u32, u32, bool)> {
    let mut found = Vec::new();
    let lines = |span: Span| {
        let range = view.range(span);
        (range.start.line, range.end.line)
    };
    let mut entries = outline(view, file);
    while let Some(entry) = entries.pop() {
        let (first, last) = lines(entry.span);
        found.push((first, last, false));
        entries.extend(entry.inside);
    }
    if let Some(source) = view.workspace.sources.file(file) {
        let mut begun: Option<u32> = None;
        let ends = std::iter::once("");
        let lines = Lines::of(&source.text);
        for (line, text) in (0..).zip(lines.texts(&source.text).chain(ends)) {
            let is_comment = text.trim_start().starts_with('#');
            match begun {
                None if is_comment => begun = Some(line),
                Some(first) if !is_comment => {
                    found.push((first, line.saturating_sub(1), true));
                    begun = None;
                }
                _ => {}
            }
        }
    }
    found.retain(|(first, last, _)| first < last);
    found.sort_unstable();
    found
}
