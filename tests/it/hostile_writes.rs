//! What is written and where: through no link that somebody else laid, all or nothing, and never unnoticed.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::bundle::{govctl, root, status, stderr, stdout};
use crate::diff::with;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    govctl()
        .current_dir(folder)
        .args(arguments)
        .args(["--as-of", "2026-11-21"])
        .output()
        .expect("govctl runs")
}

/// Names and texts of everything in a folder.
fn all(folder: &Path) -> Vec<(String, Option<String>)> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut all: Vec<_> = entries
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).ok())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn an_old_signature_goes_by_whatever_name_the_table_is_written() {
    let folder = with(&[]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("out")).expect("a folder");
    symlink("out/t.json", at("middle.json")).expect("a link");
    symlink("middle.json", at("link.json")).expect("a link");
    for old in ["out/t.json.sig", "middle.json.sig", "link.json.sig"] {
        fs::write(at(old), "an old signature").expect("write");
    }
    let output = run(folder.path(), &["compile", "-o", "link.json"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    for name in ["t.json.sig", "middle.json.sig", "link.json.sig"] {
        assert!(
            stderr(&output).contains(&format!("{name}` signed the table before and is removed")),
            "{name}"
        );
    }
    assert_eq!(all(&at("out")).len(), 1);
    assert!(at("link.json").is_symlink() && at("middle.json").is_symlink() && !at("link.json.sig").exists());
}

#[test]
fn a_table_is_not_replaced_where_its_old_signature_would_stay() {
    let folder = with(&[]);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("t.json"), "the table before").expect("write");
    fs::create_dir(at("t.json.sig")).expect("a folder");
    symlink("t.json", at("link.json")).expect("a link");
    for named in ["t.json", "link.json"] {
        let output = run(folder.path(), &["compile", "-o", named]);
        assert_eq!(status(&output), 2);
        let why = "t.json.sig` signed the table before and cannot be removed, so no table is written: ";
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
        assert_eq!(fs::read_to_string(at("t.json")).expect("a file"), "the table before");
    }
    assert!(all(folder.path()).iter().all(|(name, _)| !name.starts_with(".govctl-")));
}

/// What is outside stays as it is, and inside nothing appears.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], link: &str) {
    let outside = all(&folder.join("outside"));
    let output = run(folder, arguments);
    assert_eq!(status(&output), 2, "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    let why = format!("{link}` is a link that does not lead to anything in `");
    assert!(stderr(&output).contains(&why), "{}", stderr(&output));
    assert_eq!(all(&folder.join("outside")), outside);
}

#[test]
fn what_makes_a_folder_writes_through_no_link_that_leads_out_of_it() {
    let folder = with(&[]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("outside")).expect("a folder");
    fs::write(at("outside/precious"), "precious").expect("write");
    let registry = fs::read_to_string(at("registry/main.yaml")).expect("a registry");
    let reached =
        registry.replace("    models:", "    endpoint: {base_url: \"https://x.example/v1\"}\n    models:");
    fs::write(at("registry/main.yaml"), reached).expect("write");
    fs::write(
        at("proxy.yaml"),
        "model_list:\n  - model_name: g\n    litellm_params: {model: openai/gpt-4o}\n",
    )
    .expect("write");
    fs::write(
        at("prices.json"),
        "{\"new/m\": {\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6, \"mode\": \"chat\", \"litellm_provider\": \"new\"}}",
    )
    .expect("write");
    for name in ["exported", "imported", "made", "pages"] {
        fs::create_dir(at(name)).expect("a folder");
    }
    // A file, a folder that is empty, and what is not there yet.
    symlink("../outside/precious", at("exported/table.json")).expect("a link");
    refused(folder.path(), &["export", "litellm", "-o", "exported"], "exported/table.json");
    assert_eq!(all(&at("exported")).len(), 1);
    fs::create_dir(at("outside/empty")).expect("a folder");
    symlink("../outside/empty", at("imported/registry")).expect("a link");
    refused(folder.path(), &["import", "litellm", "proxy.yaml", "-o", "imported"], "imported/registry");
    assert!(all(&at("outside/empty")).is_empty() && all(&at("imported")).len() == 1);
    symlink("../outside/empty", at("made/policies")).expect("a link");
    refused(folder.path(), &["init", "made"], "made/policies");
    assert!(all(&at("outside/empty")).is_empty() && all(&at("made")).len() == 1);
    symlink("../outside/new", at("pages/govctl.1")).expect("a link");
    refused(folder.path(), &["man", "-o", "pages"], "pages/govctl.1");
    // A link that stays inside is followed, and the folder itself may be one.
    fs::remove_file(at("exported/table.json")).expect("remove");
    fs::write(at("exported/real.json"), "x").expect("write");
    symlink("real.json", at("exported/table.json")).expect("a link");
    symlink("exported", at("named")).expect("a link");
    let output = run(folder.path(), &["export", "litellm", "-o", "named"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(
        at("exported/table.json").is_symlink()
            && fs::read(at("exported/real.json")).expect("a file").len() > 9
    );
}

/// Commands that answer, with what they answer about.
const ANSWERS: [&[&str]; 16] = [
    &["check"],
    &["check", "--format", "json"],
    &["resolve", "--all"],
    &["explain"],
    &["explain", "unroutable"],
    &["compile"],
    &["diff", "."],
    &["graph"],
    &["cost"],
    &["who"],
    &["outages"],
    &["drill"],
    &["fmt", "--check"],
    &["man"],
    &["completions", "bash"],
    &["test"],
];

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_a_full_disk_takes_is_none() {
    let folder = root("examples/hospital");
    let help: [&[&str]; 4] = [&["--help"], &["--version"], &["check", "--help"], &["help", "check"]];
    for arguments in ANSWERS.iter().chain(&help) {
        let full = fs::File::options().write(true).open("/dev/full").expect("a device");
        let mut govctl = govctl();
        govctl.current_dir(&folder).args(*arguments).stdout(full).stderr(Stdio::piped());
        let output = govctl.output().expect("govctl runs");
        // `fmt` on what is formatted answers nothing.
        let answers = !run(&folder, arguments).stdout.is_empty();
        assert!(!answers || status(&output) == 2, "{arguments:?}: {}", stderr(&output));
        assert!(!answers || stderr(&output).contains("cannot write the answer: "), "{arguments:?}");
    }
}

#[test]
fn an_answer_that_nobody_reads_is_none() {
    let folder = root("examples/hospital");
    let help: [&[&str]; 2] = [&["--help"], &["check", "--help"]];
    for arguments in ANSWERS.iter().chain(&help) {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut govctl = govctl();
        govctl.current_dir(&folder).args(*arguments).stdout(writer).stderr(Stdio::piped());
        let output = govctl.output().expect("govctl runs");
        let whole = Command::new(env!("CARGO_BIN_EXE_govctl")).current_dir(&folder).args(*arguments).output();
        let whole = whole.expect("govctl runs");
        // Nothing more is said; a negative answer, and one that is empty, stay what they are.
        let wanted = if status(&whole) == 0 && !whole.stdout.is_empty() { 2 } else { status(&whole) };
        assert_eq!(status(&output), wanted, "{arguments:?}");
        assert!(stderr(&whole).starts_with(&stderr(&output)), "{arguments:?}: {}", stderr(&output));
    }
}
