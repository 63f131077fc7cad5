//! A workspace as one text file: sections `=== path`, and marks `# ~ code` where a finding is expected.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The day on which every test happens.
pub(crate) const AS_OF: &str = "2026-11-21";

/// Code, path and line.
pub(crate) type Place = (String, String, u64);

/// A file of a bundle.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Splits a bundle into its files; what stands before the first section is a comment about the case.
pub(crate) fn files(bundle: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in bundle.split_inclusive('\n') {
        match (line.strip_prefix("=== "), files.last_mut()) {
            (Some(path), _) => files.push(File { path: path.trim().to_owned(), text: String::new() }),
            (None, Some(file)) => file.text.push_str(line),
            (None, None) => assert!(line.starts_with('#') || line.trim().is_empty(), "not a section: {line}"),
        }
    }
    assert!(!files.is_empty(), "a bundle without sections");
    files
}

/// Every `# ~ code` of a bundle.
pub(crate) fn marks(files: &[File]) -> BTreeSet<Place> {
    let mut marks = BTreeSet::new();
    for file in files {
        for (line, text) in (1..).zip(file.text.lines()) {
            let codes = text.split_once("# ~ ").map_or("", |(_, codes)| codes);
            marks.extend(codes.split_whitespace().map(|code| (code.to_owned(), file.path.clone(), line)));
        }
    }
    marks
}

/// Where the findings of a `check` in JSON stand.
pub(crate) fn places(report: &serde_json::Value) -> BTreeSet<Place> {
    let findings = report["findings"].as_array().expect("findings");
    let place = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().expect("text").to_owned();
        (text("code"), text("file"), finding["line"].as_u64().expect("a line"))
    };
    findings.iter().map(place).collect()
}

/// Writes a bundle to a folder of its own.
pub(crate) fn unpack(files: &[File]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let path = folder.path().join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("create a folder");
        std::fs::write(path, &file.text).expect("write a file");
    }
    // A bundle need not name folders that it leaves empty.
    std::fs::create_dir_all(folder.path().join("policies")).expect("create a folder");
    folder
}

/// Copies everything in a folder to another.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("an entry");
        let to = to.join(entry.path().strip_prefix(from).expect("inside"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to).expect("create a folder");
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// An example in a folder of its own.
pub(crate) fn copy_of(example: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root("examples").join(example), folder.path());
    folder
}

/// Unpacks the text of a bundle.
pub(crate) fn unpack_text(bundle: &str) -> tempfile::TempDir {
    unpack(&files(bundle))
}

/// The program, on the day of the tests, without what the surroundings would change.
pub(crate) fn govctl() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_govctl"));
    command.args(["--as-of", AS_OF]).env_remove("NO_COLOR").env_remove("COLUMNS").env("TERM", "xterm");
    command
}

/// Runs the program in a workspace.
pub(crate) fn run(workspace: &Path, arguments: &[&str]) -> Output {
    govctl().arg("-C").arg(workspace).args(arguments).output().expect("govctl runs")
}

/// Checks a bundle's workspace, with the catalogue that stands in it, if one does.
pub(crate) fn check(workspace: &Path, arguments: &[&str]) -> Output {
    let catalogue = workspace.join("catalogue.json");
    let mut command = govctl();
    command.arg("-C").arg(workspace).arg("check").args(arguments);
    if catalogue.is_file() {
        command.arg("--catalogue").arg(catalogue);
    }
    command.output().expect("govctl runs")
}

/// stdout as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

/// stderr as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

/// The status, which no signal may have taken.
pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

/// stdout as JSON.
pub(crate) fn json(output: &Output) -> serde_json::Value {
    let text = stdout(output);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}\n{}", stderr(output)))
}

/// A path of the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether expected outputs are to be written instead of compared.
pub(crate) fn bless() -> bool {
    std::env::var_os("GOVCTL_BLESS").is_some_and(|value| value == "1")
}
