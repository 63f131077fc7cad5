//! Every finding: one folder a code, a workspace that has it and a near miss that has not.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use govctl::check::{CHECKS, Run};
use serde_json::Value;

use crate::bundle::{self, Place};

const FOLDER: &str = "tests/cases/check";

fn known(code: &str) -> bool {
    CHECKS.iter().any(|rule| rule.code.0 == code)
}

fn folders() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(bundle::root(FOLDER)).expect("the folder of cases");
    let paths = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let mut folders: Vec<(String, PathBuf)> =
        paths.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path)).collect();
    folders.sort();
    folders
}

/// Every case of the codes that exist, as code, path and text; those marked `# bug:` are listed and left out.
fn cases() -> Vec<(String, PathBuf, String)> {
    let mut cases = Vec::new();
    for (code, folder) in folders() {
        assert!(known(&code), "`{FOLDER}/{code}` is no finding's: it is not in CHECKS");
        let entries = std::fs::read_dir(&folder).expect("a folder of cases");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "txt")) {
            let text = std::fs::read_to_string(&path).expect("a case");
            match text.lines().next().filter(|line| line.starts_with("# bug:")) {
                Some(bug) => eprintln!("skipped: {}: {bug}", path.display()),
                None => cases.push((code.clone(), path, text)),
            }
        }
    }
    cases
}

/// Runs a check over all cases and reports all that fail at once.
fn each(check: impl Fn(&str, &str, &str) -> Result<(), String>) {
    let mut report = String::new();
    for (code, path, text) in cases() {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if let Err(why) = check(&code, &name, &text) {
            let _ = writeln!(report, "--- {code}/{name}\n{why}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn a_case_has_exactly_the_findings_that_it_marks() {
    each(|code, name, text| {
        let files = bundle::files(text);
        let output = bundle::check(bundle::unpack(&files).path(), &["--format", "json"]);
        let report = bundle::json(&output);
        let marks: BTreeSet<Place> =
            bundle::marks(&files).into_iter().filter(|(code, ..)| known(code)).collect();
        let found = bundle::places(&report);
        if found != marks {
            let missing: Vec<&Place> = marks.difference(&found).collect();
            let extra: Vec<&Place> = found.difference(&marks).collect();
            return Err(format!("marked, not found: {missing:?}\nfound, not marked: {extra:?}"));
        }
        let has = marks.iter().any(|(marked, ..)| marked == code);
        if has == name.starts_with("near-miss") {
            return Err(format!("`{code}` is {}", if has { "there" } else { "missing" }));
        }
        let errors = report["summary"]["errors"].as_u64().unwrap_or_default();
        let wanted = i32::from(errors > 0);
        let status = bundle::status(&output);
        if status == wanted { Ok(()) } else { Err(format!("status {status} with {errors} errors")) }
    });
}

#[test]
fn a_case_reads_as_blessed() {
    each(|code, name, text| {
        if name.starts_with("near-miss") {
            return Ok(());
        }
        let output = bundle::check(bundle::unpack_text(text).path(), &[]);
        let human = bundle::stdout(&output);
        let path = bundle::root(FOLDER).join(code).join(format!("{name}.human"));
        if bundle::bless() {
            std::fs::write(path, human).expect("write the expected output");
            return Ok(());
        }
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        if human == wanted { Ok(()) } else { Err(format!("expected:\n{wanted}\nfound:\n{human}")) }
    });
}

#[test]
fn a_message_is_a_short_phrase_about_a_place_in_its_file() {
    each(|_, _, text| {
        let files = bundle::files(text);
        let output = bundle::check(bundle::unpack(&files).path(), &["--format", "json"]);
        let mut faults = String::new();
        let report = bundle::json(&output);
        for finding in report["findings"].as_array().expect("findings") {
            let message = finding["message"].as_str().expect("a message");
            phrase(&mut faults, "message", message);
            if message.is_empty() || message.contains('\n') {
                let _ = writeln!(faults, "not one line: {message}");
            }
            let related = finding["related"].as_array().expect("related places");
            for label in related {
                phrase(&mut faults, "label", label["message"].as_str().expect("a message"));
            }
            for text in finding["notes"].as_array().into_iter().flatten().chain(finding.get("help")) {
                for line in text.as_str().expect("text").lines() {
                    phrase(&mut faults, "note", line);
                }
            }
            if finding.get("help").is_none() {
                let _ = writeln!(faults, "no help: {message}");
            }
            for place in std::iter::once(finding).chain(related) {
                span(&mut faults, &files, place);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    });
}

/// Lower case at the start (a name in backquotes may stand there), no period at the end, backquotes in pairs.
fn phrase(faults: &mut String, what: &str, text: &str) {
    let first = text.trim_start().chars().next();
    if first.is_some_and(char::is_uppercase) {
        let _ = writeln!(faults, "{what} starts upper case: {text}");
    }
    if text.ends_with('.') && !text.ends_with("...") {
        let _ = writeln!(faults, "{what} ends with a period: {text}");
    }
    if !text.matches('`').count().is_multiple_of(2) {
        let _ = writeln!(faults, "{what} has an odd backquote: {text}");
    }
    for debug in ["Some(", "None", "Symbol(", "Err(", "Ok(", "  "] {
        if text.trim_start().contains(debug) {
            let _ = writeln!(faults, "{what} shows `{debug}`: {text}");
        }
    }
}

/// A place lies in a file of the workspace, its end not before its start.
fn span(faults: &mut String, files: &[bundle::File], place: &Value) {
    let path = place["file"].as_str().expect("a file");
    let number = |key: &str| place[key].as_u64().and_then(|n| usize::try_from(n).ok());
    let Some(file) = files.iter().find(|file| file.path == path) else {
        // What is missing has a place too: its path, at the very start.
        if (number("line"), number("column")) != (Some(1), Some(1)) {
            let _ = writeln!(faults, "no such file: {path}");
        }
        return;
    };
    // The end of a file is a place, after its last line feed too.
    let inside = |line: usize, column: usize| {
        let text = file.text.split('\n').nth(line.wrapping_sub(1));
        text.is_some_and(|text| (1..=text.chars().count() + 1).contains(&column))
    };
    let start = (number("line").expect("a line"), number("column").expect("a column"));
    let end = (number("end_line").unwrap_or(start.0), number("end_column").unwrap_or(start.1));
    if !inside(start.0, start.1) || !inside(end.0, end.1) || end < start {
        let _ = writeln!(faults, "not in {path}: {start:?} to {end:?}");
    }
}

#[test]
fn every_finding_has_its_folder_and_its_file() {
    let mut missing = Vec::new();
    for rule in CHECKS {
        let code = rule.code.0;
        for name in ["has.txt", "near-miss.txt"] {
            let path = format!("{FOLDER}/{code}/{name}");
            if !bundle::root(&path).is_file() {
                missing.push(path);
            }
        }
        let source = match code {
            "unused-allow" => "allow".to_owned(),
            // What reading and resolving report has no check to run, and its codes stand in `diag`.
            _ if matches!(rule.run, Run::Reading) => "reading".to_owned(),
            _ => code.replace('-', "_"),
        };
        let path = format!("src/check/{source}.rs");
        let text = std::fs::read_to_string(bundle::root(&path)).unwrap_or_default();
        if text.is_empty() {
            missing.push(path.clone());
        }
        if source != "reading" && !text.contains(&format!("Code(\"{code}\")")) {
            missing.push(format!("`{code}` in {path}"));
        }
    }
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

#[test]
fn every_check_that_is_written_is_listed() {
    let mut written = 0;
    for entry in std::fs::read_dir(bundle::root("src/check")).expect("the folder of checks") {
        let path = entry.expect("an entry").path();
        // What stands in a folder is a part of the check beside it.
        let text =
            if path.is_dir() { String::new() } else { std::fs::read_to_string(path).expect("a source") };
        written += text.matches("const ").count().min(text.matches(": Check =").count());
    }
    assert_eq!(CHECKS.len(), written, "a check in src/check/ is not in CHECKS, or stands there twice");
    for check in CHECKS {
        assert!(check.hides.iter().all(|code| known(code.0)), "`{}` hides what is no finding", check.code);
    }
}

#[test]
fn a_folder_holds_nothing_that_no_test_reads() {
    for (code, folder) in folders() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let fits = match path.extension().and_then(|extension| extension.to_str()) {
                Some("txt") => stem.starts_with("has") || stem.starts_with("near-miss"),
                Some("human") => path.with_extension("txt").is_file() && stem.starts_with("has"),
                _ => false,
            };
            assert!(fits, "`{code}` has a file that nothing reads: {}", path.display());
        }
    }
}
