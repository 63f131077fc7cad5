//! `govctl fmt`: cases as data, and for any layout: the same meaning, the same comments, and nothing left to do.

mod layouts;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use govctl::source::{FileKind, SourceFile, Sources};
use govctl::syntax;

use crate::bundle::{self, bless, govctl, root, run, status, stderr, stdout};
use crate::fuzz_seeds::bodies::layout_holds;

/// The canonical layout of a text.
fn format(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("main.gov", FileKind::Policy, text));
    let formatted = syntax::format(id, text);
    formatted.unwrap_or_else(|findings| panic!("{:?}\n{text}", findings.first().map(|f| &f.message)))
}

/// Holds what is promised of every text that parses; returns its layout.
fn held(text: &str) -> String {
    layout_holds(text, &format(text));
    format(text)
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

/// A workspace whose two policies are laid out badly and well.
fn workspace_folder() -> tempfile::TempDir {
    bundle::unpack_text("=== policies/bad.gov\nregions   eu\n=== policies/good.gov\ndata pii\n")
}

fn with_stdin(arguments: &[&str], text: &[u8]) -> Output {
    let mut command: Command = govctl();
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("govctl runs");
    child.stdin.take().expect("stdin").write_all(text).expect("it is read");
    child.wait_with_output().expect("govctl ends")
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).expect("a file")
}

#[test]
fn a_workspace_is_formatted_once() {
    let folder = workspace_folder();
    let first = run(folder.path(), &["fmt"]);
    assert_eq!((status(&first), stdout(&first).as_str()), (0, "policies/bad.gov\n"), "{}", stderr(&first));
    assert_eq!(stderr(&first), "1 of 2 files changed\n");
    assert_eq!(read(folder.path(), "policies/bad.gov"), "regions eu\n");
    let second = run(folder.path(), &["fmt"]);
    assert_eq!((status(&second), stdout(&second).as_str()), (0, ""));
    assert_eq!(stderr(&second), "ok: 2 files in the canonical layout\n");
}

#[test]
fn check_names_what_would_change_and_writes_nothing() {
    let folder = workspace_folder();
    let output = run(folder.path(), &["fmt", "--check"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, "policies/bad.gov\n"));
    assert_eq!(read(folder.path(), "policies/bad.gov"), "regions   eu\n");
    let good = folder.path().join("policies/good.gov");
    let output = run(folder.path(), &["fmt", "--check", good.to_str().expect("a path")]);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, ""));
}

#[test]
fn diff_shows_what_would_change_and_writes_nothing() {
    let folder = workspace_folder();
    let expected = "--- policies/bad.gov\n+++ policies/bad.gov\n@@ -1 +1 @@\n-regions   eu\n+regions eu\n";
    let output = run(folder.path(), &["fmt", "--diff"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (0, expected));
    let output = run(folder.path(), &["fmt", "--diff", "--check"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (1, expected));
    assert_eq!(read(folder.path(), "policies/bad.gov"), "regions   eu\n");
}

#[test]
fn what_does_not_parse_is_left_as_it_is_and_the_rest_is_formatted() {
    let broken = "regions   eu\ncost rule x { prefer chepest, }\n";
    let folder = workspace_folder();
    fs::write(folder.path().join("policies/broken.gov"), broken).expect("a file");
    for arguments in [["fmt", "--check"], ["fmt", "--color=never"]] {
        let output = run(folder.path(), &arguments);
        assert_eq!((status(&output), stdout(&output).as_str()), (1, "policies/bad.gov\n"));
        assert!(stderr(&output).contains("policies/broken.gov:2:"), "{}", stderr(&output));
        assert!(stderr(&output).contains("1 file left as written"), "{}", stderr(&output));
    }
    assert_eq!(read(folder.path(), "policies/broken.gov"), broken);
    assert_eq!(read(folder.path(), "policies/bad.gov"), "regions eu\n");
    let output = with_stdin(&["fmt", "-"], broken.as_bytes());
    assert_eq!((status(&output), stdout(&output).as_str()), (1, ""));
    assert!(stderr(&output).contains("<stdin>:2:"), "{}", stderr(&output));
}

#[test]
fn a_clause_too_many_is_no_reason_not_to_format() {
    let twice = "failover a{none because \"x\" because \"y\"}";
    assert_eq!(format(twice), "failover a {\n  none\n  because \"x\"\n  because \"y\"\n}\n");
}

#[test]
fn stdin_goes_to_stdout() {
    let output = with_stdin(&["fmt", "-"], b"\xef\xbb\xbfregions   eu");
    assert_eq!(
        (status(&output), stdout(&output), stderr(&output)),
        (0, "regions eu\n".to_owned(), String::new())
    );
    let output = with_stdin(&["fmt", "--check", "-"], b"regions   eu");
    assert_eq!((status(&output), stdout(&output).as_str()), (1, "<stdin>\n"));
    let output = with_stdin(&["fmt", "-"], b"regions \xff");
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    let output = with_stdin(&["fmt", "-", "x.gov"], b"");
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
}

#[test]
fn lines_end_as_the_first_one_does_and_files_with_a_newline() {
    let cases = [
        ("", ""),
        ("\n\n  \n", ""),
        ("regions eu", "regions eu\n"),
        ("# only a comment", "# only a comment\n"),
        ("\n\n# one  \n\n\n#two", "# one\n\n#two\n"),
        ("\r\nregions eu\n", "regions eu\r\n"),
        ("# a\r\n\r\nregions eu # b\r\ndata pii\r\n", "# a\r\n\r\nregions eu  # b\r\ndata    pii\r\n"),
        ("regions eu\n# b\r\n", "regions eu\n# b\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(held(text), expected, "{text:?}");
    }
}

#[test]
fn folders_are_walked_and_what_is_not_there_is_2() {
    let folder = workspace_folder();
    fs::write(folder.path().join("policies/.hidden.gov"), "regions   eu\n").expect("a file");
    let policies = folder.path().join("policies");
    let policies = policies.to_str().expect("a path");
    let output = run(folder.path(), &["fmt", "--check", policies, policies]);
    assert_eq!((status(&output), stdout(&output)), (1, format!("{policies}/bad.gov\n")));
    let missing = folder.path().join("none.gov");
    let output = run(folder.path(), &["fmt", policies, missing.to_str().expect("a path")]);
    assert_eq!((status(&output), stdout(&output)), (2, format!("{policies}/bad.gov\n")));
    assert!(stderr(&output).contains("there is no such file or folder"), "{}", stderr(&output));
    assert_eq!(status(&run(&missing, &["fmt"])), 2);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = workspace_folder();
    let (real, link) = (folder.path().join("policies/bad.gov"), folder.path().join("policies/link.gov"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).expect("permissions");
    symlink("bad.gov", &link).expect("a link");
    assert_eq!(status(&run(folder.path(), &["fmt", link.to_str().expect("a path")])), 0);
    assert!(link.is_symlink());
    assert_eq!(read(folder.path(), "policies/bad.gov"), "regions eu\n");
    assert_eq!(fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_policy_that_people_read_is_formatted() {
    for example in fs::read_dir(root("examples")).expect("the examples") {
        let path = example.expect("an entry").path();
        // The configuration of a gateway, and code to scan, are no workspaces.
        if !path.join("policies").is_dir() {
            continue;
        }
        let output = run(&path, &["fmt", "--check"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (0, ""), "{}", path.display());
    }
}

/// A bundle with every policy in it that parses in the canonical layout.
fn formatted(bundle: &str) -> String {
    let mut text =
        bundle.lines().take_while(|line| !line.starts_with("=== ")).map(|l| l.to_owned() + "\n").collect();
    for file in bundle::files(bundle) {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new(file.path.as_str(), FileKind::Policy, file.text.as_str()));
        let is_policy = Path::new(&file.path).extension().is_some_and(|extension| extension == "gov");
        let policy = is_policy.then(|| syntax::format(id, &file.text).ok()).flatten();
        text = format!("{text}=== {}\n{}", file.path, policy.unwrap_or(file.text));
    }
    text
}

#[test]
fn the_examples_of_findings_are_formatted() {
    for (folder, name) in
        govctl::check::CHECKS.iter().flat_map(|r| [(r.code.0, "has"), (r.code.0, "near-miss")])
    {
        let path = root(&format!("tests/cases/check/{folder}/{name}.txt"));
        let bundle = fs::read_to_string(&path).expect("an example");
        let formatted = formatted(&bundle);
        if bless() && formatted != bundle {
            fs::write(&path, &formatted).expect("the example is written");
        } else {
            assert_eq!(formatted, bundle, "{}; GOVCTL_BLESS=1 cargo test formats it", path.display());
        }
    }
}
