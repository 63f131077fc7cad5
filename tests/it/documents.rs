//! The documents say what is: their commands are run, their policies parse, their paths exist.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use govctl::source::{FileKind, SourceFile, Sources};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let mut documents =
        vec![root().join("README.md"), root().join("ARCHITECTURE.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "examples/logistics", "examples/logistics-as-published", "examples/hospital"] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder of documents");
        let entries = entries.map(|entry| entry.expect("an entry").path());
        documents.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    documents.sort();
    documents
}

/// Stdout, then stderr, then the status where it is not 0.
fn run(command: &str) -> String {
    let arguments = command.strip_prefix("govctl").expect("a govctl command").split_whitespace();
    let output = Command::new(env!("CARGO_BIN_EXE_govctl"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program runs");
    let mut text = String::from_utf8(output.stdout).expect("UTF-8");
    text += &String::from_utf8(output.stderr).expect("UTF-8");
    match output.status.code() {
        Some(0) => {}
        status => text += &format!("[status {}]\n", status.expect("no signal")),
    }
    text
}

/// The document with every command's output as it is today.
fn refreshed(text: &str) -> String {
    let mut fresh = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        fresh += &format!("{line}\n");
        if line != "```console" {
            continue;
        }
        let command =
            lines.next().and_then(|line| line.strip_prefix("$ ")).expect("a command after ```console");
        fresh += &format!("$ {command}\n{}", run(command));
        let end = lines.by_ref().find(|line| *line == "```").expect("the end of the block");
        fresh += &format!("{end}\n");
    }
    fresh
}

#[test]
fn the_commands_in_the_documents_print_what_is_shown() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let fresh = refreshed(&text);
        if std::env::var_os("GOVCTL_BLESS").is_some() && fresh != text {
            fs::write(&path, &fresh).expect("blessed");
        } else {
            assert!(
                fresh == text,
                "{}: a command prints something else; GOVCTL_BLESS=1 rewrites it",
                path.display()
            );
        }
    }
}

#[test]
fn the_policies_in_the_documents_parse() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        for block in text.split("```gov fragment\n").skip(1) {
            let policy = block.split("```").next().unwrap_or_default();
            let mut sources = Sources::default();
            let id = sources.add(SourceFile::new("block.gov", FileKind::Policy, policy));
            let (_, findings) = govctl::syntax::parse(id, policy);
            assert!(findings.is_empty(), "{}: {findings:#?}", path.display());
        }
    }
}

/// Everything in back quotes that looks like a path of this project, and every relative link.
fn paths(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2).map(str::to_owned);
    let known = ["src/", "tests/", "docs/", "schemas/", "examples/", "grammar/", ".ci/"];
    let quoted = quoted
        .filter(|word| known.iter().any(|start| word.starts_with(start)) && !word.contains(['<', ' ', '*']));
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.starts_with("http") && !link.starts_with('#')).map(str::to_owned);
    quoted.chain(links).collect()
}

#[test]
fn the_paths_that_documents_name_exist() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let folder = path.parent().unwrap_or(Path::new("."));
        for named in paths(&text) {
            let exists = folder.join(&named).exists() || root().join(&named).exists();
            assert!(exists, "{} names `{named}`, which does not exist", path.display());
        }
    }
}
