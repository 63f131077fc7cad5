//! What the grammars of `editors/` are held to: the texts of the repository, and what comes of them when a token is
//! lost, doubled, swapped or changed, each with what the grammar says of it. Written to `target/editors/judged.jsonl`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pest::Parser;

use crate::source::{FileKind, SourceFile, Sources};
use crate::syntax::grammar::{GovParser, Rule};
use crate::syntax::{bounds, parse, scan};

/// Where policies stand.
const FOLDERS: [&str; 8] =
    ["conformance", "docs", "editors", "examples", "fuzz", "integrations", "src/cli/init", "tests"];
/// Words and marks that take the place of a token, one a line.
const STRANGERS: &str = "and\nin\nhas\nthen\nper\ntrue\nwhere\nrule\ncost\ndata\nfailover\nwhen\nlimit\non\nx\n\"x\"\na/b\n\
    cheapest/x\n\"a\"/b\na/\"b\"\nand/x\nsupport.*\n3\n3x\n80%\n3 days\n2 weeks\n1 second\n1k\n2027-01-31\n\
    2027-01-31x\nbudget.remaining\n{\n}\n,\n->\n(\n# x";
/// How many of the texts that come of one statement are kept.
const MOST_OF_ONE: usize = 40;

/// The policy texts of one file: a policy, the policies of a case, or the blocks of a document.
fn policies(path: &Path, text: &str) -> Vec<String> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("gov") => vec![text.to_owned()],
        Some("txt") => text
            .split("=== ")
            .filter_map(|section| section.split_once('\n'))
            .filter(|(name, _)| Path::new(name.trim_end()).extension().is_some_and(|ending| ending == "gov"))
            .map(|(_, policy)| policy.to_owned())
            .collect(),
        Some("md") => text
            .split("\n```")
            .filter_map(|block| block.split_once('\n'))
            .filter(|(info, _)| info.split(' ').next() == Some("gov"))
            .map(|(_, policy)| policy.to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

fn collect(folder: &Path, all: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    for path in entries.filter(|path| path.file_name().is_some_and(|name| name != "node_modules")) {
        if path.is_dir() {
            collect(&path, all);
        } else if let Ok(text) = fs::read_to_string(&path) {
            all.extend(policies(&path, &text));
        }
    }
}

/// The statements of a text that parse, alone.
fn statements(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("x.gov", FileKind::Policy, ""));
    let (file, _) = parse(id, text);
    let spans = file.statements.iter().map(|statement| statement.span);
    spans.filter_map(|span| text.get(span.start as usize..span.end as usize)).map(str::to_owned).collect()
}

/// What comes of a statement, each time by one change.
fn changed(statement: &str, salt: usize) -> Vec<String> {
    let tokens: Vec<_> = scan::tokens(statement, 0).collect();
    let strangers: Vec<&str> = STRANGERS.lines().collect();
    let part = |from: usize, to: usize| statement.get(from..to).unwrap_or_default();
    let mut all = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let before = part(0, token.start);
        let (word, after) = (token.text(statement), part(token.end, statement.len()));
        let stranger = strangers[(number * 7 + salt) % strangers.len()];
        all.push(format!("{before}{after}"));
        all.push(format!("{before}{word} {word}{after}"));
        all.push(format!("{before}{stranger}{after}"));
        all.push(format!("{before}{}{after}", word.to_uppercase()));
        if let Some(next) = tokens.get(number + 1) {
            let (second, rest) = (next.text(statement), part(next.end, statement.len()));
            all.push(format!("{before}{word}{second}{rest}"));
            all.push(format!("{before}{second} {word}{rest}"));
        }
    }
    let step = all.len().div_ceil(MOST_OF_ONE).max(1);
    all.into_iter().step_by(step).collect()
}

#[test]
fn what_the_grammar_says_of_many_texts_is_written_for_editors() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut texts = BTreeSet::new();
    for folder in FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
        collect(&folder, &mut texts);
    }
    let parts: BTreeSet<String> = texts.iter().flat_map(|text| statements(text)).collect();
    assert!(parts.len() > 300, "the policies are not where they were");
    for (salt, statement) in parts.iter().enumerate() {
        texts.extend(changed(statement, salt));
    }
    let mut lines = String::new();
    let (mut taken, mut refused) = (0, 0);
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("x.gov", FileKind::Policy, ""));
    for text in texts.iter().filter(|text| bounds::check(id, text).is_none()) {
        let whole = GovParser::parse(Rule::file, text).is_ok();
        *(if whole { &mut taken } else { &mut refused }) += 1;
        writeln!(lines, "{}", serde_json::json!({"text": text, "whole": whole})).expect("a string takes it");
    }
    assert!(taken > 2000 && refused > 2000, "{taken} taken, {refused} refused");
    let folder = root.join("target/editors");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("judged.jsonl"), lines).expect("a file");
}
