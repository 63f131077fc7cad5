//! Tests of the parser.

use crate::source::{FileKind, SourceFile, Sources};

#[test]
fn everything_parses() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/syntax/everything.gov"));
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("x.gov", FileKind::Policy, text));
    let (file, findings) = super::parse(id, text);
    println!("{file:#?}");
    for f in &findings { println!("{:?} {}", sources.line_column(f.primary.span), f.message); }
    assert!(findings.is_empty());
}
