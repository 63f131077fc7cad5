//! `govctl fmt`: cases as data, and for any layout: the same meaning, the same comments, and nothing left to do.

use std::fs;
use std::path::PathBuf;

use govctl::source::{FileKind, SourceFile, Sources};
use govctl::syntax;

use crate::bundle::{bless, root};

/// The canonical layout of a text.
fn format(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("main.gov", FileKind::Policy, text));
    let formatted = syntax::format(id, text);
    formatted.unwrap_or_else(|findings| panic!("{:?}\n{text}", findings.first().map(|f| &f.message)))
}

/// The tree of a text, as text, without the places in it.
fn tree(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("main.gov", FileKind::Policy, text));
    let (tree, _) = syntax::parse(id, text);
    let tree = format!("{:?}", tree.statements);
    let mut parts = tree.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// The comments of a text in order, found without the program's help.
fn comments(text: &str) -> Vec<&str> {
    let comment = |line| {
        let (mut quoted, mut escaped) = (false, false);
        let line: &str = line;
        let hash = line.char_indices().find(|(_, character)| {
            match character {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '#' => return !quoted,
                _ => {}
            }
            false
        });
        hash.and_then(|(at, _)| line.get(at..)).map(str::trim_end)
    };
    text.lines().filter_map(comment).collect()
}

/// Holds what is promised of every text that parses; returns its layout.
fn held(text: &str) -> String {
    let once = format(text);
    assert_eq!(format(&once), once, "a second time it changes again:\n{text}");
    assert_eq!(tree(&once), tree(text), "it says something else:\n{text}");
    assert_eq!(comments(&once), comments(text), "a comment is gone or elsewhere:\n{text}");
    once
}

#[test]
fn every_case_comes_out_as_expected() {
    let mut inputs: Vec<PathBuf> = fs::read_dir(root("tests/cases/fmt"))
        .expect("the cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".in.gov"))
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "no cases");
    for path in inputs {
        let formatted = held(&fs::read_to_string(&path).expect("a case"));
        let expected = PathBuf::from(path.to_string_lossy().replace(".in.gov", ".out.gov"));
        if bless() {
            fs::write(&expected, &formatted).expect("the expectation is written");
        }
        let expected = fs::read_to_string(&expected).expect("an expectation; GOVCTL_BLESS=1 writes it");
        assert_eq!(formatted, expected, "{}", path.display());
    }
}
