//! The plain reader of YAML reads as the library does, and the quick look at a schema as the validator.

use std::path::{Path, PathBuf};

use govctl::source::{FileKind, SourceFile, Sources};
use govctl::yaml::{self, schema::Schema};
use proptest::prelude::*;

use crate::bundle;
use crate::fuzz_seeds::bodies;

/// Every YAML file of examples, cases and seeds of the fuzzer: as text.
fn texts() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["examples", "tests/cases", "fuzz/corpus/yaml"] {
        collect(&bundle::root(folder), &mut found);
    }
    found.sort();
    let mut texts = Vec::new();
    for path in found {
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let of_folder = path.extension().and_then(|extension| extension.to_str());
        match of_folder {
            Some("yaml" | "yml") => texts.push(text),
            Some("txt") => {
                let files = text.split("=== ").filter(|file| file.split('\n').next().is_some_and(is_yaml));
                texts.extend(files.filter_map(|file| Some(file.split_once('\n')?.1.to_owned())));
            }
            None => texts.push(text.chars().skip(1).collect()),
            _ => {}
        }
    }
    texts
}

fn is_yaml(path: &str) -> bool {
    Path::new(path.trim()).extension().is_some_and(|extension| extension == "yaml")
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { collect(&path, found) } else { found.push(path) }
    }
}

fn alike(text: &str) {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("registry/a.yaml", FileKind::Registry, text));
    bodies::read_alike(id, text);
}

#[test]
fn both_readers_give_the_same_trees() {
    let texts = texts();
    assert!(texts.len() > 300, "only {} texts were found", texts.len());
    for text in &texts {
        alike(text);
    }
}

#[test]
fn the_files_of_the_examples_need_no_library() {
    let mut found = Vec::new();
    collect(&bundle::root("examples"), &mut found);
    for path in found.iter().filter(|path| is_yaml(&path.to_string_lossy()) && !is_kept_for_import(path)) {
        let text = std::fs::read_to_string(path).expect("a file");
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("registry/a.yaml", FileKind::Registry, text.as_str()));
        let document = yaml::parse_plain(id, &text);
        let document =
            document.unwrap_or_else(|| panic!("{} is not read by the plain reader", path.display()));
        let whole_path = path.to_string_lossy();
        let schema = match whole_path.as_ref() {
            path if path.contains("/registry/") => Schema::Registry,
            path if path.contains("/estate/") => Schema::Estate,
            _ => Schema::Config,
        };
        assert!(yaml::schema::keeps(schema, &document), "{whole_path} needs the validator");
    }
}

#[test]
fn keys_of_which_one_alone_may_stand_need_no_validator() {
    for (keys, is_kept) in [
        ("url: https://a.example", true),
        ("file: keys.json", true),
        ("url: https://a.example, file: keys.json", false),
        ("issuer: a", false),
    ] {
        let text = format!("request:\n  jwks: {{{keys}}}\n");
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("govctl.yaml", FileKind::Config, text.as_str()));
        let document = yaml::parse_whole(id, &text).0.expect("a document");
        assert_eq!(yaml::schema::keeps(Schema::Config, &document), is_kept, "{keys}");
        let faults = yaml::schema::validate_whole(Schema::Config, &document);
        assert_eq!(faults.is_empty(), is_kept, "{keys}: {faults:?}");
    }
}

/// Documents of other programs, which only `import` reads.
fn is_kept_for_import(path: &Path) -> bool {
    let text = path.to_string_lossy();
    !["/registry/", "/estate/", "/govctl.yaml"].iter().any(|part| text.contains(part))
}

/// What is put into a text, taken out of it, or written over it.
#[derive(Debug, Clone)]
enum Edit {
    Insert(usize, &'static str),
    Remove(usize, usize),
    Copy(usize, usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let pieces = [
        ":",
        ": ",
        " ",
        "  ",
        "\n",
        "- ",
        "-",
        "#",
        " #",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        "null",
        "~",
        "no",
        "1e3",
        ".5",
        "0x1F",
        "&a ",
        "*a",
        "!t ",
        "|",
        ">",
        "%",
        "é",
        "\t",
        "\r",
        "? ",
        "<<",
        "---\n",
        "...",
        "a: b\n",
        "failover_to: null\n",
        "\\",
    ];
    prop_oneof![
        3 => (any::<usize>(), prop::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (any::<usize>(), 1..12_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (any::<usize>(), any::<usize>(), 1..40_usize).prop_map(|(from, to, length)| Edit::Copy(from, to, length)),
    ]
}

fn apply(text: &mut Vec<char>, edit: &Edit) {
    let size = text.len() + 1;
    match *edit {
        Edit::Insert(at, piece) => {
            text.splice(at % size..at % size, piece.chars());
        }
        Edit::Remove(at, length) => {
            let at = at % size;
            text.drain(at..(at + length).min(size - 1).max(at));
        }
        Edit::Copy(from, to, length) => {
            let piece: Vec<char> = text.iter().skip(from % size).take(length).copied().collect();
            text.splice(to % size..to % size, piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::properties::cases() * 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_give_the_same_trees_of_edited_files(which in any::<usize>(), edits in prop::collection::vec(edit(), 1..6)) {
        static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
        let texts = TEXTS.get_or_init(texts);
        let mut text: Vec<char> = texts[which % texts.len()].chars().collect();
        for edit in &edits {
            apply(&mut text, edit);
        }
        alike(&text.into_iter().collect::<String>());
    }
}
