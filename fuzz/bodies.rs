//! What is asked of an input, one function a target: the fuzzer runs them, and so do the tests, on the seeds.
//!
//! An input is wrong only if one of these stops. That nothing panics, overflows or hangs is asked of all of them by being run.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each fuzz target uses one of the functions")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "stopping is how a body says that an input is wrong"
)]

#[path = "bodies/markdown.rs"]
mod markdown;
#[path = "bodies/revision.rs"]
mod revision;

use std::collections::BTreeMap;

use govctl::audit::Auditor;
use govctl::audit::names::Registry;
use govctl::audit::tables::{Known, Tables};
use govctl::diag::Finding;
use govctl::event::split::{Cut, Shape, Splitter};
use govctl::event::{self, Event, adapters};
use govctl::load::{Config, Loaded};
use govctl::model::Date;
use govctl::render::root::Root;
use govctl::render::{Counts, github, human, json, sarif};
use govctl::source::{FileId, FileKind, SourceFile, Sources, Span, visible};
use govctl::table::{
    DecisionTable, LoadOptions, Outcome, Request, TrustedKey, canonical_json, format::Table,
};
use govctl::workspace::{self, Workspace};
use govctl::yaml::schema::Schema;
use govctl::{compile, estate, registry, syntax, yaml};
pub use markdown::{has_our_structure, markdown};
pub use revision::revision;

/// A target: its name and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target. To add one, see `fuzz/README.md`.
pub const TARGETS: [Target; 11] = [
    ("check", check),
    ("event", event),
    ("format", format),
    ("lookup", lookup),
    ("markdown", markdown),
    ("parse", parse),
    ("policy", policy),
    ("revision", revision),
    ("signature", signature),
    ("table", table),
    ("yaml", yaml),
];

/// Contexts of a workspace beyond which it is not decided here: that is slow as it should be, and no finding.
const MOST_CONTEXTS: u64 = 400;

const EXAMPLE_TABLE: &[u8] = include_bytes!("../loaders/rust/tests/example.table.json");
const REGISTRY: &str = include_str!("../examples/logistics/registry/providers.yaml");
const ESTATE: &str = include_str!("../examples/logistics/estate/use-cases.yaml");
const VOCABULARY: &str = include_str!("../examples/logistics/policies/vocabulary.gov");

/// A log in any form: however it is cut and whatever format it is taken for, every event is judged, and the same
/// pieces come out of pieces of any size.
pub fn event(data: &[u8]) {
    let (mut whole, mut pieces) = (Vec::new(), Vec::new());
    for (size, found) in [(data.len().max(1), &mut whole), (7, &mut pieces)] {
        let mut splitter = Splitter::new(Shape::of(data));
        let mut each = |line: u64, cut: Cut<'_>| {
            found.push((line, if let Cut::Record(bytes) = cut { Some(bytes.to_vec()) } else { None }));
        };
        for piece in data.chunks(size) {
            splitter.feed(piece, &mut each);
        }
        splitter.end(&mut each);
    }
    assert_eq!(whole, pieces, "a stream is cut otherwise in pieces");
    let table = DecisionTable::from_slice(EXAMPLE_TABLE, &LoadOptions::default()).expect("the example");
    let known = Known::new(table, &Registry::default());
    let auditor = Auditor::new(Tables::new(vec![known]), "2026-11-21".to_owned());
    let judge = |event: &Event<'_>, states| {
        auditor.judge(event, states, &mut |_, message| assert!(!message().is_empty()));
    };
    for record in whole.iter().filter_map(|(_, record)| record.as_ref()) {
        if let Ok(event) = event::json::read(record) {
            judge(&event, adapters::OWN.states);
        }
        if let Ok(text) = std::str::from_utf8(record) {
            assert!(!event::row::cells(text).is_empty());
        }
        let Ok(object) = serde_json::from_slice(record) else { continue };
        for adapter in adapters::ALL {
            (adapter.read)(&object, &mut |event| {
                if let Ok(event) = event {
                    judge(&event, adapter.states);
                }
            });
        }
    }
}

/// A signature of any bytes beside a table that nobody signed so, and a key of any bytes: neither is ever taken.
pub fn signature(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(key) = text.parse::<TrustedKey>() {
        let options = LoadOptions::default().trusting(key);
        assert!(DecisionTable::from_signed_slice(EXAMPLE_TABLE, data, &options).is_err());
    }
    // The public key of minisign's own documentation; whoever holds its secret key has signed no table of ours.
    if let Ok(key) = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".parse::<TrustedKey>() {
        let options = LoadOptions::default().trusting(key);
        assert!(DecisionTable::from_signed_slice(EXAMPLE_TABLE, data, &options).is_err());
    }
}

/// A policy file of any bytes: findings stand in the file, and the same text gives the same tree.
pub fn parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("policies/a.gov", FileKind::Policy, text));
    let (tree, findings) = syntax::parse(id, text);
    stand_in_their_files(&sources, &findings);
    let spans = tree.statements.iter().map(|statement| statement.span);
    spans.for_each(|span| stands(&sources, span));
    assert_eq!(syntax::parse(id, text), (tree, findings), "read twice, it reads differently");
}

/// A policy file of any bytes through `fmt`: what parses has a layout, which says the same and stays as it is.
pub fn format(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match syntax::format(policy_file(text), text) {
        Ok(formatted) => layout_holds(text, &formatted),
        Err(findings) => assert!(findings.iter().all(|finding| !finding.message.contains("would not say"))),
    }
}

fn policy_file(text: &str) -> FileId {
    Sources::default().add(SourceFile::new("main.gov", FileKind::Policy, text))
}

/// Holds what is promised of the layout of a text.
pub fn layout_holds(text: &str, formatted: &str) {
    let again = syntax::format(policy_file(formatted), formatted);
    assert_eq!(again.as_deref(), Ok(formatted), "a second time it changes again:\n{text}");
    assert_eq!(tree(formatted), tree(text), "it says something else:\n{text}");
    assert_eq!(comments(formatted), comments(text), "a comment is gone or elsewhere:\n{text}");
}

/// The tree of a text, as text, without the places in it.
fn tree(text: &str) -> String {
    let (tree, _) = syntax::parse(policy_file(text), text);
    let tree = format!("{:?}", tree.statements);
    let mut parts = tree.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// Where the comment of a line begins, found without the program's help.
pub fn hash(line: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    let mut hash = line.char_indices().filter(|(_, character)| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '#' => return !quoted,
            _ => {}
        }
        false
    });
    hash.next().map(|(at, _)| at)
}

/// The comments of a text in order.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(line[hash(line)?..].trim_end())).collect()
}

/// A registry, an estate or a configuration, by the first byte.
pub fn yaml(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let mut sources = Sources::default();
    let (kind, path) = match first % 2 {
        0 => (FileKind::Registry, "registry/a.yaml"),
        _ => (FileKind::Estate, "estate/a.yaml"),
    };
    let id = sources.add(SourceFile::new(path, kind, text));
    let (document, findings) = yaml::parse(id, text);
    stand_in_their_files(&sources, &findings);
    read_alike(id, text);
    let documents: Vec<yaml::Value> = document.into_iter().collect();
    let findings = match kind {
        FileKind::Registry => registry::read::read(&documents).1,
        _ => estate::read::read(&documents).1,
    };
    stand_in_their_files(&sources, &findings);
}

/// Where the plain reader answers, the library has the same tree with the same places and nothing to report; and where
/// the quick look at a schema says that it is kept, the validator says so too.
pub fn read_alike(id: FileId, text: &str) {
    let Some(document) = yaml::parse_plain(id, text) else { return };
    let (whole, findings) = yaml::parse_whole(id, text);
    assert!(findings.is_empty(), "the library refuses what the plain reader takes: {findings:?}");
    assert_eq!(whole.as_ref(), Some(&document), "the two readers differ");
    for schema in [Schema::Registry, Schema::Estate, Schema::Config, Schema::Accepted] {
        if yaml::schema::keeps(schema, &document) {
            let findings = yaml::schema::validate_whole(schema, &document);
            let broken = findings.iter().find(|finding| !finding.message.starts_with("the character "));
            assert!(broken.is_none(), "the validator finds what the quick look does not: {broken:?}");
        }
    }
}

/// A table of any bytes; where it is JSON, also with its form and its digest mended.
pub fn table(data: &[u8]) {
    load(data);
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(data) else { return };
    load(canonical_json(&value).as_bytes());
    let Ok(table) = serde_json::from_value::<Table>(value) else { return };
    load(table.to_canonical_json().as_bytes());
}

/// What loads is written again as the same bytes, and every use case of it has an answer.
fn load(bytes: &[u8]) {
    let Ok(table) = DecisionTable::from_slice(bytes, &LoadOptions::default()) else { return };
    assert_eq!(
        table.table().to_canonical_json().as_bytes(),
        bytes,
        "what was loaded is not what was written"
    );
    for use_case in &table.table().use_cases {
        let decision = table.decide(&Request::of(&use_case.name));
        assert_eq!(decision.not_understood(), None);
        assert_eq!(decision.use_case().map(|found| &found.name), Some(&use_case.name));
        if let Some(tag) = &use_case.endpoint_tag {
            let tagged = table.decide(&Request::of(tag));
            assert_eq!(tagged.use_case().map(|found| &found.name), Some(&use_case.name));
        }
    }
}

/// A request of any text to the table of the documentation: lines for the use case, the classification, the budget, and
/// then facts as `name=value` and single budgets as `budget.NAME.remaining=share`.
pub fn lookup(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let table = DecisionTable::from_slice(EXAMPLE_TABLE, &LoadOptions::default()).expect("the example loads");
    let mut lines = text.split('\n');
    let use_case = lines.next().unwrap_or_default();
    let classification = lines.next().filter(|line| !line.is_empty());
    let budget_remaining = lines.next().filter(|line| !line.is_empty());
    let stated: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once('=')).collect();
    let budgets = stated.iter().filter_map(|(name, share)| Some((budget_of(name)?, *share)));
    let budgets: Vec<(&str, &str)> = budgets.collect();
    let facts: Vec<(&str, &str)> = stated.into_iter().filter(|(name, _)| budget_of(name).is_none()).collect();
    let request = Request { use_case, classification, budget_remaining, budgets: &budgets, facts: &facts };
    let decision = table.decide(&request);
    let outcome = decision.route(|_| false);
    if decision.not_understood().is_some() {
        assert!(decision.primary().is_none(), "what is not understood is blocked");
        assert!(matches!(outcome, Outcome::Unroutable));
        return;
    }
    assert_eq!(table.decide(&request).index(), decision.index());
    let primary = decision.primary().map(|target| target.model().id.as_str());
    match outcome {
        Outcome::Route(target) => assert_eq!(Some(target.model().id.as_str()), primary),
        Outcome::Terminal(_) => panic!("nothing is down"),
        Outcome::Unroutable => assert!(primary.is_none()),
    }
    let all_down = decision.route(|_| true);
    assert!(!matches!(all_down, Outcome::Route(_)), "everything is down");
}

/// The budget whose remaining share has this name.
fn budget_of(name: &str) -> Option<&str> {
    name.strip_prefix("budget.")?.strip_suffix(".remaining")
}

/// A workspace of any files: sections `=== path`, as in `tests/cases/`.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("=== "), files.last_mut()) {
            (Some(path), _) => files.push((path.trim(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    whole(&files);
}

/// A policy file of any text beside a registry and an estate in order: reaches further than `check`.
pub fn policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    whole(&[
        ("registry/main.yaml", REGISTRY.to_owned()),
        ("estate/main.yaml", ESTATE.to_owned()),
        ("policies/main.gov", text.to_owned()),
        ("policies/vocabulary.gov", VOCABULARY.to_owned()),
    ]);
}

/// Reads, checks, prints in every format; what has no error compiles, and the table decides as the reference does.
fn whole(files: &[(&str, String)]) {
    let workspace = read(files);
    stand_in_their_files(&workspace.sources, &workspace.findings);
    if let Some(world) = &workspace.world {
        let contexts = world.use_cases.iter().map(|use_case| world.count_contexts(use_case));
        if contexts.fold(0, u64::saturating_add) > MOST_CONTEXTS {
            return;
        }
    }
    let checked = workspace.check();
    stand_in_their_files(&workspace.sources, &checked.findings);
    print(&workspace, &checked.findings);
    let Some(verified) = checked.verified(&workspace) else { return };
    let text = compile::compile(&verified).to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default());
    let table = table.unwrap_or_else(|error| panic!("what was compiled does not load: {error}"));
    compile::verify::verify(&table, &verified).unwrap_or_else(|difference| panic!("{difference}"));
}

fn read(files: &[(&str, String)]) -> Workspace {
    let mut sources = Sources::default();
    for (path, text) in files {
        let kind = match path.split('/').next() {
            Some("registry") => FileKind::Registry,
            Some("estate") => FileKind::Estate,
            _ => FileKind::Policy,
        };
        // A file's own digest is taken where it is read; any will do here.
        let mut file = SourceFile::new(*path, kind, text.as_str());
        file.sha256 = "0".repeat(64);
        sources.add(file);
    }
    let (findings, ignored, links) = Default::default();
    let loaded = Loaded { sources, config: Config::default(), findings, ignored, links };
    let as_of: Date = "2026-11-21".parse().expect("a day");
    workspace::read(loaded, as_of)
}

fn print(workspace: &Workspace, findings: &[Finding]) {
    let sources = &workspace.sources;
    let counts = Counts { use_cases: workspace.use_cases, models: workspace.models, contexts: 0 };
    let printed = [
        json::render(sources, findings, counts),
        sarif::render(&govctl::check::kinds(), sources, &Root::default(), findings, &[]),
        github::render(sources, &Root::default(), findings),
        findings.iter().map(|finding| human::finding(sources, finding, STYLE)).collect(),
    ];
    assert!(printed.iter().all(|text| !text.contains("Backtrace") && !text.contains("OutOfBounds")));
}

const STYLE: human::Style = human::Style { color: false, width: 100, columns: 100 };

fn stand_in_their_files(sources: &Sources, findings: &[Finding]) {
    for finding in findings {
        let related = finding.related.iter().map(|label| label.span);
        std::iter::once(finding.primary.span).chain(related).for_each(|span| stands(sources, span));
    }
}

/// A span lies in its file and between characters.
fn stands(sources: &Sources, span: Span) {
    let Some(file) = sources.file(span.file) else { return };
    let range = span.start as usize..span.end as usize;
    assert!(file.text.get(range.clone()).is_some(), "{range:?} does not lie in {}", file.path);
}
