//! A workspace as a flat list of things that can be put back one by one: statements, registry and estate entries.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::source::{FileId, Sources, Span, Spanned};
use crate::syntax::tree::{File, Statement, StatementKind};
use crate::workspace::Trees;
use crate::yaml::{Kind, Value};

/// The keys of a model that together are its price.
const PRICE: [&str; 5] = [
    "cost_per_1k_tokens_input",
    "cost_per_1k_tokens_output",
    "cost_per_1m_tokens_input",
    "cost_per_1m_tokens_output",
    "pricing",
];

/// What a thing is: kind and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryName {
    /// A statement of a policy.
    Statement(&'static str, String),
    /// A provider, whole.
    Provider(String),
    /// One setting of a provider, by both names.
    ProviderKey(String, String),
    /// A model, whole.
    Model(String, String),
    /// A key of a model; `price` is several.
    ModelKey(String, String, String),
    /// A use case, whole.
    UseCase(String),
    /// One setting of a use case, by both names.
    UseCaseKey(String, String),
}

impl EntryName {
    /// Kind and name in words.
    pub fn words(&self) -> String {
        match self {
            Self::Statement(kind, name) if name.is_empty() => (*kind).to_owned(),
            Self::Statement(kind, name) => format!("{kind} {name}"),
            Self::Provider(provider) => format!("provider {provider}"),
            Self::ProviderKey(provider, key) => format!("provider {provider} {key}"),
            Self::Model(provider, model) => format!("model {provider}/{model}"),
            Self::ModelKey(provider, model, key) => format!("model {provider}/{model} {key}"),
            Self::UseCase(name) => format!("use case {name}"),
            Self::UseCaseKey(name, key) => format!("use case {name} {key}"),
        }
    }
}

/// One side, flat; a copy shares what is not changed in it.
#[derive(Debug, Clone, Default)]
pub struct Flat {
    /// Statements that can change a decision, by kind and name.
    pub statements: Rc<BTreeMap<(&'static str, String), Statement>>,
    /// Providers without their models.
    pub providers: Rc<BTreeMap<String, Entry>>,
    /// Models by provider and name.
    pub models: Rc<BTreeMap<(String, String), Entry>>,
    /// By name, each key apart.
    pub use_cases: Rc<BTreeMap<String, Entry>>,
}

/// A map of the registry or the estate.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it begins.
    pub span: Span,
    /// Its keys with the place and the value of each.
    pub keys: BTreeMap<String, Vec<(Spanned<String>, Value)>>,
}

impl Entry {
    fn new(span: Span, value: &Value, without: &str) -> Self {
        let mut keys: BTreeMap<String, Vec<(Spanned<String>, Value)>> = BTreeMap::new();
        for (key, value) in value.entries().iter().filter(|(key, _)| key.value != without) {
            let group = if PRICE.contains(&key.value.as_str()) { "price" } else { &key.value };
            keys.entry(group.to_owned()).or_default().push((key.clone(), value.clone()));
        }
        Self { span, keys }
    }

    fn value(&self, more: Option<(Spanned<String>, Value)>) -> Value {
        let entries = self.keys.values().flatten().cloned().chain(more);
        Value { span: self.span, kind: Kind::Map(entries.collect()) }
    }
}

impl Flat {
    /// A side's policies, flat.
    pub fn of_policies(trees: &Trees) -> Self {
        let mut flat = Self::default();
        for statement in trees.policies.iter().flat_map(|file| &file.statements) {
            if let Some(key) = statement_key(statement) {
                Rc::make_mut(&mut flat.statements).insert(key, statement.clone());
            }
        }
        flat
    }

    /// Adds registry and estate.
    pub fn with_entries(&mut self, trees: &Trees) {
        for document in trees.registry.iter() {
            let top = document.get("governance").unwrap_or(document);
            let wrapped = document.get("governance").and(document.get("providers"));
            for providers in top.get("providers").into_iter().chain(wrapped) {
                providers.entries().iter().for_each(|(name, value)| self.provider(name, value));
            }
        }
        let use_cases = trees.estate.iter().filter_map(|document| document.get("use_cases"));
        for value in use_cases.flat_map(Value::items) {
            let name = value.get("name").and_then(Value::text).unwrap_or_default();
            Rc::make_mut(&mut self.use_cases).insert(name.to_owned(), Entry::new(value.span, value, ""));
        }
    }

    fn provider(&mut self, name: &Spanned<String>, value: &Value) {
        for model in value.get("models").map(Value::items).unwrap_or_default() {
            let model_name = model.get("name").and_then(Value::text).unwrap_or_default();
            let entry = Entry::new(model.span, model, "");
            Rc::make_mut(&mut self.models).insert((name.value.clone(), model_name.to_owned()), entry);
        }
        Rc::make_mut(&mut self.providers).insert(name.value.clone(), Entry::new(name.span, value, "models"));
    }

    /// A model by its id, or a use case by its name.
    pub fn entry(&self, kind: &str, name: &str) -> Option<&Entry> {
        match kind {
            "model" => {
                let (provider, model) = name.split_once('/')?;
                self.models.get(&(provider.to_owned(), model.to_owned()))
            }
            _ => self.use_cases.get(name),
        }
    }

    /// Policy files that read as this side's do.
    pub fn policies(&self) -> Vec<File> {
        vec![File { id: FileId::default(), statements: self.statements.values().cloned().collect() }]
    }

    /// Registry files that read as this side's do.
    pub fn registry(&self) -> Vec<Value> {
        let mut models: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for ((provider, _), model) in self.models.iter() {
            models.entry(provider).or_default().push(model.value(None));
        }
        let providers = self.providers.iter().map(|(name, entry)| {
            let models = models.remove(name.as_str()).map(|models| (key("models"), list(models)));
            (Spanned::new(name.clone(), entry.span), entry.value(models))
        });
        vec![map(vec![(key("providers"), map(providers.collect()))])]
    }

    /// Estate files that read as this side's do.
    pub fn estate(&self) -> Vec<Value> {
        let use_cases = self.use_cases.values().map(|entry| entry.value(None)).collect();
        vec![map(vec![(key("use_cases"), list(use_cases))])]
    }

    /// Makes one thing as it is on another side.
    pub fn put_back(&mut self, key: &EntryName, other: &Flat) {
        fn set<K: Ord + Clone, V: Clone>(to: &mut BTreeMap<K, V>, from: &BTreeMap<K, V>, key: &K) {
            match from.get(key) {
                Some(value) => to.insert(key.clone(), value.clone()),
                None => to.remove(key),
            };
        }
        fn set_key(to: Option<&mut Entry>, from: Option<&Entry>, key: &String) {
            if let (Some(to), Some(from)) = (to, from) {
                set(&mut to.keys, &from.keys, key);
            }
        }
        match key {
            EntryName::Statement(kind, name) => {
                set(Rc::make_mut(&mut self.statements), &other.statements, &(*kind, name.clone()));
            }
            EntryName::Provider(provider) => {
                set(Rc::make_mut(&mut self.providers), &other.providers, provider);
                Rc::make_mut(&mut self.models).retain(|(of, _), _| of != provider);
                let models = other.models.iter().filter(|((of, _), _)| of == provider);
                Rc::make_mut(&mut self.models)
                    .extend(models.map(|(key, model)| (key.clone(), model.clone())));
            }
            EntryName::ProviderKey(provider, key) => {
                set_key(
                    Rc::make_mut(&mut self.providers).get_mut(provider),
                    other.providers.get(provider),
                    key,
                );
            }
            EntryName::Model(provider, model) => {
                set(Rc::make_mut(&mut self.models), &other.models, &(provider.clone(), model.clone()));
            }
            EntryName::ModelKey(provider, model, key) => {
                let id = (provider.clone(), model.clone());
                set_key(Rc::make_mut(&mut self.models).get_mut(&id), other.models.get(&id), key);
            }
            EntryName::UseCase(name) => set(Rc::make_mut(&mut self.use_cases), &other.use_cases, name),
            EntryName::UseCaseKey(name, key) => {
                set_key(Rc::make_mut(&mut self.use_cases).get_mut(name), other.use_cases.get(name), key);
            }
        }
    }

    /// Makes a use case state a key so, or not at all.
    pub fn state(&mut self, use_case: &str, key: &str, values: Option<&Vec<(Spanned<String>, Value)>>) {
        let Some(entry) = Rc::make_mut(&mut self.use_cases).get_mut(use_case) else { return };
        match values {
            Some(values) => entry.keys.insert(key.to_owned(), values.clone()),
            None => entry.keys.remove(key),
        };
    }

    /// Where a thing stands, and its text; none where this side does not have it.
    pub fn place(&self, sources: &Sources, key: &EntryName) -> Option<(Span, String)> {
        let whole = |entry: &Entry| {
            let ends = entry.keys.values().flatten().filter(|(key, _)| key.span.file == entry.span.file);
            ends.fold(entry.span, |span, (_, value)| span.to(value.span))
        };
        let part = |entry: Option<&Entry>, key: &String| {
            let pairs = entry?.keys.get(key)?;
            let spans = pairs.iter().map(|(key, value)| key.span.to(value.span));
            spans.reduce(Span::to)
        };
        let span = match key {
            EntryName::Statement(kind, name) => self.statements.get(&(*kind, name.clone()))?.span,
            EntryName::Provider(provider) => whole(self.providers.get(provider)?),
            EntryName::ProviderKey(provider, key) => part(self.providers.get(provider), key)?,
            EntryName::Model(provider, model) => whole(self.models.get(&(provider.clone(), model.clone()))?),
            EntryName::ModelKey(provider, model, key) => {
                part(self.models.get(&(provider.clone(), model.clone())), key)?
            }
            EntryName::UseCase(name) => whole(self.use_cases.get(name)?),
            EntryName::UseCaseKey(name, key) => part(self.use_cases.get(name), key)?,
        };
        let span = closed(sources, span);
        Some((span, from_the_margin(sources, span)))
    }
}

fn nowhere() -> Span {
    Span::start_of(FileId::default())
}

fn key(name: &str) -> Spanned<String> {
    Spanned::new(name.to_owned(), nowhere())
}

fn map(entries: Vec<(Spanned<String>, Value)>) -> Value {
    Value { span: nowhere(), kind: Kind::Map(entries) }
}

fn list(items: Vec<Value>) -> Value {
    Value { span: nowhere(), kind: Kind::List(items) }
}

/// A span with the brackets that it opens: a value's place ends with what stands in them.
fn closed(sources: &Sources, span: Span) -> Span {
    let open = |text: &str, brackets: [char; 2]| text.matches(brackets).count();
    let text = sources.text(span);
    let mut missing = open(text, ['{', '[']).saturating_sub(open(text, ['}', ']']));
    let after = sources.file(span.file).and_then(|file| file.text.get(span.end as usize..)).unwrap_or("");
    let mut end = span.end;
    for (at, character) in after.char_indices() {
        match character {
            '}' | ']' if missing > 0 => {
                missing -= 1;
                end = span.end.saturating_add(u32::try_from(at + 1).unwrap_or(0));
            }
            ' ' | '\n' | ',' if missing > 0 => {}
            _ => break,
        }
    }
    Span { end, ..span }
}

/// The text of a span, with the white space before it where nothing else stands on its first line.
fn from_the_margin(sources: &Sources, span: Span) -> String {
    let text = sources.text(span);
    let before = sources.text(Span { start: 0, end: span.start, ..span });
    let indent: String = before.chars().rev().take_while(|character| *character == ' ').collect();
    let margin = before.trim_end_matches(' ');
    if margin.is_empty() || margin.ends_with('\n') { indent + text } else { text.to_owned() }
}

/// Kind and name of a statement, and its first day where it says one, for its name may have stood for another one before;
/// none of guarantees and tests, which decide nothing.
fn statement_key(statement: &Statement) -> Option<(&'static str, String)> {
    let (kind, name) = match &statement.kind {
        StatementKind::Classifications(_) => ("classifications", ""),
        StatementKind::Regions(_) => ("regions", ""),
        StatementKind::Vocabulary(kind, _) => (kind.name(), ""),
        StatementKind::Precedence(_) => ("precedence", ""),
        StatementKind::Fact(fact) => ("fact", fact.name.text.as_str()),
        StatementKind::Rule(rule) => ("rule", rule.block.name.text.as_str()),
        StatementKind::Failover(block) => ("failover", block.name.text.as_str()),
        StatementKind::Budget(block) => ("budget", block.name.text.as_str()),
        StatementKind::Quota(block) => ("quota", block.name.text.as_str()),
        StatementKind::Attribution(_) => ("attribution", ""),
        StatementKind::Audit(block) => ("audit", block.name.text.as_str()),
        StatementKind::Guarantee(_) | StatementKind::Test(_) => return None,
    };
    let from = statement.kind.force().from.map(|day| format!(" from {}", day.date)).unwrap_or_default();
    Some((kind, format!("{name}{from}")))
}
