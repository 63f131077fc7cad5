//! Workspaces with questions: what `check` finds is marked in them, and every command answers as written.
//!
//! A case is a bundle whose last section, `=== asked`, is no file: every line `$ govctl …` there is run in the
//! workspace; what stands below it is stdout, then stderr, then `[status N]` where that is not 0. Lines that begin
//! with `#` say why something is asked. `GOVCTL_BLESS=1` rewrites the answers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::bundle::{self, File, bless, govctl, places, root, status, stderr, stdout};

/// Reports from people who run gateways, a folder each, in their words and in the language's; and single questions.
const FOLDERS: [&str; 2] = ["tests/cases/field", "tests/cases/answers"];

const ASKED: &str = "=== asked\n";

fn below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of cases") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            below(&path, paths);
        } else {
            assert!(path.extension().is_some_and(|ext| ext == "txt"), "{} is no case", path.display());
            paths.push(path);
        }
    }
}

fn cases() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        below(&root(folder), &mut paths);
    }
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("a case"))).collect()
}

/// Words of a command line; single quotes hold spaces together.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('\'').enumerate();
    let words = pieces.flat_map(|(at, piece)| match at % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect(),
        _ => vec![piece.to_owned()],
    });
    words.collect()
}

fn answer(workspace: &Path, line: &str) -> String {
    let arguments = line.strip_prefix("$ govctl ").unwrap_or_else(|| panic!("not a govctl command: {line}"));
    let output = govctl().current_dir(workspace).args(words(arguments)).output().expect("govctl runs");
    let text = stdout(&output) + &stderr(&output);
    let mut text = text.trim_end().to_owned();
    if !text.is_empty() {
        text.push('\n');
    }
    match status(&output) {
        0 => text,
        other => text + &format!("[status {other}]\n"),
    }
}

/// The section again, with the answers that there really are.
fn answered(workspace: &Path, asked: &str) -> String {
    let mut real = String::new();
    for line in asked.lines().filter(|line| line.starts_with("# ") || line.starts_with("$ ")) {
        let after_reason = real.lines().last().is_none_or(|last| last.starts_with("# "));
        if !after_reason {
            real.push('\n');
        }
        let _ = writeln!(real, "{line}");
        if line.starts_with("$ ") {
            real += &answer(workspace, line);
        }
    }
    real
}

fn unmarked(files: &[File], workspace: &Path) -> Result<(), String> {
    let found = places(&bundle::json(&bundle::run(workspace, &["check", "--format", "json"])));
    let marks = bundle::marks(files);
    if found == marks {
        return Ok(());
    }
    let missing: Vec<_> = marks.difference(&found).collect();
    let extra: Vec<_> = found.difference(&marks).collect();
    Err(format!("marked, not found: {missing:?}\nfound, not marked: {extra:?}"))
}

#[test]
fn a_workspace_answers_as_written() {
    let mut report = String::new();
    for (path, text) in cases() {
        let (bundle, asked) = text.split_once(ASKED).expect("questions");
        let files = bundle::files(bundle);
        let workspace = bundle::unpack(&files);
        let name = path.strip_prefix(root("tests/cases")).expect("a path of the cases").display();
        if let Err(why) = unmarked(&files, workspace.path()) {
            let _ = writeln!(report, "--- {name}\n{why}");
        }
        let real = answered(workspace.path(), asked);
        if real == asked {
            continue;
        }
        if bless() {
            std::fs::write(&path, format!("{bundle}{ASKED}{real}")).expect("write the answers");
        } else {
            let _ = writeln!(report, "--- {name}\nwritten:\n{asked}\nreally:\n{real}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
