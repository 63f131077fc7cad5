//! What the documents say is so: their commands print what stands there, their policies parse and check, their
//! paths exist.
//!
//! In Markdown, the info string of a fenced block says what is held:
//!
//! * `console`: every line `$ govctl …` is run in a fresh copy of the examples, as from the repository's root; what
//!   stands below it is stdout, then stderr, then `[status N]` where that is not 0. `GOVCTL_BLESS=1` rewrites it.
//! * `console excerpt`: the same for stretches of the output, with a line `…` for what is left out. Not rewritten.
//!   A line `$ python3 …` runs a script of the examples first.
//! * `yaml excerpt PATH`: lines of that file, in their order.
//! * `json excerpt ARGUMENTS`: part of what `govctl ARGUMENTS` prints: of an object any keys, of a list elements in their
//!   order.
//! * `gov`: the block checks without errors beside the registry and the estate of `examples/logistics`.
//! * `gov fragment`: the block parses. Both are in the canonical layout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use govctl::source::{FileKind, SourceFile, Sources};
use serde_json::Value;

use crate::bundle::{self, bless, root, run, status, stdout};

/// All documents with blocks that are held, by path in the repository.
fn documents() -> Vec<String> {
    let mut paths = vec!["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    paths.retain(|path| root(path).is_file());
    let mut paths: Vec<String> = paths.into_iter().map(str::to_owned).collect();
    let mut below = |folder: &str, name: &dyn Fn(&Path) -> Option<PathBuf>| {
        for entry in fs::read_dir(root(folder)).expect("a folder of documents") {
            let path = entry.expect("an entry").path();
            if let Some(path) = name(&path).filter(|path| path.is_file()) {
                let path = path.strip_prefix(root("")).expect("a path of the repository");
                paths.push(path.to_str().expect("a name in UTF-8").replace('\\', "/"));
            }
        }
    };
    below("docs", &|path| path.extension().is_some_and(|end| end == "md").then(|| path.to_owned()));
    below("examples", &|path| Some(path.join("README.md")));
    paths.sort();
    paths
}

/// A piece of a document, newlines included.
struct Piece<'a> {
    /// The info string of a fenced block; none for what stands between blocks.
    info: Option<&'a str>,
    /// The text; of a block without its fences.
    text: String,
    /// The line of its first line, from 1.
    line: usize,
}

/// A document as pieces that make it up again; the fences are pieces without info.
fn pieces(document: &str) -> Vec<Piece<'_>> {
    let mut pieces = vec![Piece { info: None, text: String::new(), line: 1 }];
    let mut open = false;
    for (line, text) in (1..).zip(document.split_inclusive('\n')) {
        let last = pieces.last_mut().expect("a piece");
        match text.trim_end().strip_prefix("```") {
            Some(_) if open => {
                open = false;
                pieces.push(Piece { info: None, text: text.to_owned(), line });
            }
            Some(info) => {
                open = true;
                last.text.push_str(text);
                pieces.push(Piece { info: Some(info), text: String::new(), line: line + 1 });
            }
            None => last.text.push_str(text),
        }
    }
    assert!(!open, "a block without an end");
    pieces
}

/// The pieces of every document that `wanted` picks by info string, with where they stand.
fn blocks(wanted: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(root(&path)).expect("a document");
        for piece in pieces(&text) {
            if piece.info == Some(wanted) {
                blocks.push((format!("{path}:{}", piece.line), piece.text));
            }
        }
    }
    blocks
}

/// What a shell would make of a line without variables: words, quotes taken off.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Runs a script of the examples in a folder; false where there is no Python.
fn script(folder: &Path, arguments: &str) -> bool {
    match Command::new("python3").args(words(arguments)).current_dir(folder).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("not held: there is no python3 here");
            false
        }
        output => {
            let output = output.expect("python3 runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            true
        }
    }
}

/// Runs `$ govctl …` in a folder: stdout, stderr, status, as a block shows them.
fn answer(folder: &Path, line: &str) -> String {
    let arguments = line.strip_prefix("$ govctl ").unwrap_or_else(|| panic!("not a govctl command: {line}"));
    let dated = ["--as-of", "explain", "fmt", "init", "import", "--version", "--help"]
        .iter()
        .any(|word| arguments.contains(word));
    assert!(dated, "no --as-of, so the answer changes with the day: {line}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
    command.args(words(arguments)).current_dir(folder).env_remove("NO_COLOR").env_remove("COLUMNS");
    let output = command.output().expect("govctl runs");
    let mut text = String::from_utf8(output.stdout).expect("stdout is UTF-8");
    text += &String::from_utf8(output.stderr).expect("stderr is UTF-8");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => text,
        status => text + &format!("[status {}]\n", status.expect("an exit status")),
    }
}

/// The commands of a block, each with what stands below it.
fn commands(block: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in block.split_inclusive('\n') {
        match commands.last_mut() {
            _ if line.starts_with("$ ") => commands.push((line.trim_end(), String::new())),
            Some((_, answer)) => answer.push_str(line),
            None => panic!("a block that does not begin with a command: {line}"),
        }
    }
    commands
}

#[test]
fn every_command_prints_what_the_document_shows() {
    let mut stale = Vec::new();
    for path in documents() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        bundle::copy(&root("examples"), &folder.path().join("examples"));
        fs::create_dir(folder.path().join("target")).expect("a folder");
        let text = fs::read_to_string(root(&path)).expect("a document");
        let mut real = String::new();
        for piece in pieces(&text) {
            if piece.info != Some("console") {
                real += &piece.text;
                continue;
            }
            for (line, _) in commands(&piece.text) {
                real += &format!("{line}\n{}", answer(folder.path(), line));
            }
        }
        if real != text {
            if bless() {
                fs::write(root(&path), real).expect("the document is written");
            } else {
                let same = real.lines().zip(text.lines()).take_while(|(real, shown)| real == shown).count();
                let of = |text: &str| text.lines().nth(same).unwrap_or("").to_owned();
                stale.push(format!("{path}:{}\n  shows  {}\n  really {}", same + 1, of(&text), of(&real)));
            }
        }
    }
    assert!(stale.is_empty(), "{}\nGOVCTL_BLESS=1 cargo test rewrites them", stale.join("\n"));
}

#[test]
fn every_excerpt_is_part_of_what_the_command_prints() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    bundle::copy(&root("examples"), &folder.path().join("examples"));
    for (place, block) in blocks("console excerpt") {
        for (line, shown) in commands(&block) {
            if let Some(arguments) = line.strip_prefix("$ python3 ") {
                if script(folder.path(), arguments) {
                    continue;
                }
                break;
            }
            let real = answer(folder.path(), line);
            let mut rest = real.as_str();
            for stretch in shown.split("…\n").map(str::trim).filter(|stretch| !stretch.is_empty()) {
                let found = rest.split_once(stretch);
                rest = found.unwrap_or_else(|| panic!("{place}: not printed:\n{stretch}\nbut:\n{real}")).1;
            }
        }
    }
}

#[test]
fn every_policy_parses_and_is_formatted() {
    let policies = [blocks("gov"), blocks("gov fragment")].concat();
    assert!(!policies.is_empty(), "no document shows a policy");
    for (place, text) in policies {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new(place.as_str(), FileKind::Policy, text.as_str()));
        let (_, findings) = govctl::syntax::parse(id, &text);
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(messages.is_empty(), "{place}: {messages:?}");
        assert_eq!(
            govctl::syntax::format(id, &text).as_deref(),
            Ok(text.as_str()),
            "{place} is not formatted"
        );
    }
}

#[test]
fn every_complete_policy_checks() {
    for (place, text) in blocks("gov") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in ["registry", "estate"] {
            bundle::copy(&root("examples/logistics").join(part), &folder.path().join(part));
        }
        fs::create_dir(folder.path().join("policies")).expect("a folder");
        fs::write(folder.path().join("policies/main.gov"), text).expect("a file");
        let output = run(folder.path(), &["check"]);
        assert_eq!(status(&output), 0, "{place}:\n{}", stdout(&output));
    }
}

/// Every block says what it is, so that none is shown unheld by a slip.
#[test]
fn every_block_has_a_known_kind() {
    let known = [
        "console",
        "console excerpt",
        "gov",
        "gov fragment",
        "yaml",
        "json",
        "jsonc",
        "ebnf",
        "rust",
        "sh",
        "text",
        "toml",
    ];
    for path in documents() {
        let text = fs::read_to_string(root(&path)).expect("a document");
        for piece in pieces(&text) {
            let info = piece.info.unwrap_or("text");
            let is_known = known.contains(&info)
                || ["yaml excerpt ", "json excerpt "].iter().any(|of| info.starts_with(of));
            assert!(is_known, "{path}:{}: a block `{info}`", piece.line);
        }
    }
}

/// What a document names in the repository: targets of links, and paths between back quotes.
fn named(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let links = links.filter(|target| !target.contains("://") && !target.starts_with('#'));
    let links = links.map(|target| target.split('#').next().unwrap_or(target).to_owned());
    let quoted = text.split('`').skip(1).step_by(2).filter(|text| {
        let top = text.split('/').next().unwrap_or("");
        let folders = ["src", "tests", "docs", "examples", "schemas", "grammar", ".ci", "benches", "fuzz"];
        let plain = !text.contains([' ', '<', '*', '…', '\n', '{']);
        plain && text.contains('/') && folders.contains(&top)
    });
    links.chain(quoted.map(str::to_owned)).collect()
}

#[test]
fn every_path_that_is_named_exists() {
    for path in documents() {
        let text = fs::read_to_string(root(&path)).expect("a document");
        let prose: String =
            pieces(&text).into_iter().filter(|piece| piece.info.is_none()).map(|p| p.text).collect();
        // Fences would leave an odd back quote behind.
        let prose = prose.replace("```", "");
        let home = root(&path);
        let home = home.parent().expect("a folder");
        for name in named(&prose) {
            assert!(
                home.join(&name).exists() || root(&name).exists(),
                "{path} names {name}, which is not there"
            );
        }
    }
}

#[test]
fn excerpts_of_yaml_stand_in_their_files() {
    let mut seen = 0;
    for path in documents() {
        let text = fs::read_to_string(root(&path)).expect("a document");
        for piece in pieces(&text) {
            let Some(of) = piece.info.and_then(|info| info.strip_prefix("yaml excerpt ")) else { continue };
            seen += 1;
            let file = fs::read_to_string(root(of)).expect("the file of an excerpt");
            let mut lines = file.lines();
            for line in piece.text.lines() {
                assert!(
                    lines.any(|known| known == line),
                    "{path}:{}: {of} has no `{line}` there",
                    piece.line
                );
            }
        }
    }
    assert!(seen > 1, "no document shows an excerpt");
}

/// Whether a value is part of another one: of an object some keys, of a list some elements in their order.
fn is_part(shown: &Value, real: &Value) -> bool {
    match (shown, real) {
        (Value::Object(shown), Value::Object(real)) => {
            shown.iter().all(|(key, value)| real.get(key).is_some_and(|real| is_part(value, real)))
        }
        (Value::Array(shown), Value::Array(real)) => {
            let mut rest = real.iter();
            shown.iter().all(|value| rest.any(|real| is_part(value, real)))
        }
        _ => shown == real,
    }
}

#[test]
fn excerpts_of_json_are_part_of_what_the_command_prints() {
    let mut seen = 0;
    for path in documents() {
        let text = fs::read_to_string(root(&path)).expect("a document");
        for piece in pieces(&text) {
            let Some(arguments) = piece.info.and_then(|info| info.strip_prefix("json excerpt ")) else {
                continue;
            };
            seen += 1;
            let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
            let output = command.args(words(arguments)).current_dir(root("")).output().expect("govctl runs");
            let real = bundle::json(&output);
            let shown: Value = serde_json::from_str(&piece.text).expect("an excerpt is JSON");
            assert!(is_part(&shown, &real), "{path}:{}: not part of:\n{real:#}", piece.line);
        }
    }
    assert!(seen > 2, "no document shows JSON");
}

#[test]
fn the_language_page_names_every_finding() {
    let text = fs::read_to_string(root("docs/language.md")).expect("a document");
    for rule in govctl::check::CHECKS {
        let row = format!("\n| `{}` | {} |", rule.code, rule.severity.name());
        assert!(text.contains(&row), "docs/language.md has no row `{}`", row.trim());
    }
}

/// Blessing an example whose names have changed would show an error as if it were meant.
#[test]
fn no_example_shows_a_command_that_could_not_be_asked() {
    for path in documents().iter().filter(|path| path.starts_with("examples/") || *path == "README.md") {
        let text = fs::read_to_string(root(path)).expect("a document");
        assert!(!text.contains("[status 2]"), "{path} shows a command that ends with status 2");
    }
}
