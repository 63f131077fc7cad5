//! Files of `tests/cases/syntax`: each beside a `.expect` with its findings. Lines that have a finding
//! say so in the file itself (`# ~ syntax`), so that a blind `GOVCTL_BLESS=1` cannot hide a lost one.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::Finding;
use crate::source::{FileKind, SourceFile, Sources};
use crate::syntax;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/syntax")
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the cases are there");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "gov")).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn parsed(text: &str) -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("case.gov", FileKind::Policy, text));
    let (_, findings) = syntax::parse(id, text);
    (sources, findings)
}

/// One line for each finding, and indented below it what else it says.
fn written(sources: &Sources, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let (line, column) = sources.line_column(finding.primary.span);
        writeln!(text, "{line}:{column} {}: {}", finding.code, finding.message).expect("a string takes it");
        writeln!(text, "    `{}`: {}", sources.text(finding.primary.span), finding.primary.text)
            .expect("a string takes it");
        for label in &finding.related {
            let (line, column) = sources.line_column(label.span);
            writeln!(text, "    at {line}:{column}: {}", label.text).expect("a string takes it");
        }
        if let Some(help) = &finding.help {
            writeln!(text, "    help: {help}").expect("a string takes it");
        }
    }
    text
}

/// The codes that the lines of a file announce, with their lines.
fn announced(text: &str) -> Vec<(u32, String)> {
    let mut all = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let codes = text.split_once("# ~ ").map_or("", |(_, codes)| codes);
        let codes = codes.split_whitespace().map(|code| code.trim_end_matches('"'));
        all.extend(codes.map(|code| (line, code.to_owned())));
    }
    all
}

#[test]
fn every_file_gives_its_findings() {
    let bless = std::env::var_os("GOVCTL_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("a readable case");
        let (sources, findings) = parsed(&text);
        let found = written(&sources, &findings);
        let line = |finding: &Finding| sources.line_column(finding.primary.span).0;
        let mut places: Vec<(u32, String)> =
            findings.iter().map(|finding| (line(finding), finding.code.to_string())).collect();
        places.sort();
        let mut announced = announced(&text);
        announced.sort();
        let expected = path.with_extension("expect");
        if bless {
            fs::write(&expected, &found).expect("a writable folder");
        }
        if places != announced || found != fs::read_to_string(&expected).unwrap_or_default() {
            let differ = places.iter().filter(|place| !announced.contains(place));
            let lost = announced.iter().filter(|place| !places.contains(place));
            let (differ, lost): (Vec<_>, Vec<_>) = (differ.collect(), lost.collect());
            wrong.push(format!("{}\nnot announced: {differ:?}\nlost: {lost:?}\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_is_one_short_phrase() {
    for path in files() {
        let text = fs::read_to_string(&path).expect("a readable case");
        for finding in parsed(&text).1 {
            let texts = [&finding.message, &finding.primary.text].into_iter().chain(&finding.help);
            for text in texts.chain(finding.related.iter().map(|label| &label.text)) {
                let first = text.chars().next().expect("every label says something");
                assert!(!first.is_uppercase() && !text.ends_with('.') && !text.contains('\n'), "{text}");
                assert!(text.chars().count() < 160, "{text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{text}");
            }
        }
    }
}
