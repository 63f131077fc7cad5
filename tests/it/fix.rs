//! `check --fix`: what is mended, byte for byte, and that a fresh check finds it no more.
//!
//! A case is a folder of `tests/cases/fix/`: `before.txt` is a workspace, `safe.txt` and `unsafe.txt` what `--fix` and
//! `--fix --unsafe` make of it, each with what they say as a comment at its head. Files that stay are left out.

use std::fmt::Write as _;
use std::path::Path;

use govctl::diag::Finding;
use govctl::diag::fix::{Applies, Edit};
use govctl::fix::{Wanted, edits, fixes, mend};
use govctl::load;
use govctl::load::Texts;
use govctl::workspace::{self, Workspace};

use crate::bundle;

fn read(folder: &Path, texts: &Texts) -> Result<Workspace, String> {
    let loaded = load::load_over(folder, texts)?;
    Ok(workspace::read(loaded, bundle::AS_OF.parse().expect("a day")))
}

/// Runs `check --fix` in a workspace; what it says and the files that changed.
fn fixed(before: &[bundle::File], more: &[&str]) -> String {
    let folder = bundle::unpack(before);
    let output = bundle::check(folder.path(), &[&["--fix"], more].concat());
    let said = bundle::stderr(&output) + &bundle::stdout(&output);
    let mut text = String::new();
    for line in said.lines().filter(|line| line.starts_with("fixed ")) {
        let _ = writeln!(text, "# {line}");
    }
    for file in before {
        let now = std::fs::read_to_string(folder.path().join(&file.path)).expect("a file");
        if now != file.text {
            let _ = write!(text, "=== {}\n{now}", file.path);
        }
    }
    text
}

#[test]
fn a_case_is_mended_as_blessed() {
    let mut wrong = String::new();
    let folder = bundle::root("tests/cases/fix");
    let mut cases: Vec<_> =
        std::fs::read_dir(&folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    assert!(cases.len() > 5, "the cases are not where they were");
    for case in cases {
        let before = std::fs::read_to_string(case.join("before.txt")).expect("a case");
        let before = bundle::files(&before);
        for (name, more) in [("safe.txt", &[][..]), ("unsafe.txt", &["--unsafe"][..])] {
            let (now, path) = (fixed(&before, more), case.join(name));
            if bundle::bless() {
                std::fs::write(&path, &now).expect("blessed");
            } else if std::fs::read_to_string(&path).unwrap_or_default() != now {
                let _ = writeln!(wrong, "{}:\n{now}", path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The text of a file with edits made, checked to leave every other byte alone.
fn edited(text: &str, edits: &[&Edit]) -> String {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|edit| edit.span.start);
    let (mut after, mut from) = (String::new(), 0);
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        assert!(from <= start && start <= end, "edits overlap: {edits:?}");
        after += &text[from..start];
        after += &edit.text;
        from = end;
    }
    after + &text[from..]
}

fn same(finding: &Finding, other: &Finding) -> bool {
    finding.code == other.code && finding.message == other.message
}

/// Makes every fix of every finding of a workspace, each alone, and says what is wrong with one.
fn each_alone(folder: &Path) -> (usize, String) {
    let (mut made, mut wrong) = (0, String::new());
    let workspace = read(folder, &Texts::new()).expect("a workspace");
    let checked = workspace.check();
    for finding in &checked.findings {
        for fix in fixes(&workspace.sources, finding) {
            let Some(edits) = edits(&workspace, &fix) else { continue };
            let mut texts = Texts::new();
            for (id, file) in workspace.sources.iter() {
                let here: Vec<&Edit> = edits.iter().filter(|edit| edit.span.file == id).collect();
                if !here.is_empty() {
                    texts.insert(file.path.clone(), edited(&file.text, &here));
                }
            }
            made += 1;
            let after = read(folder, &texts).expect("a workspace");
            let now = after.check().findings;
            let count = |all: &[Finding]| all.iter().filter(|one| same(one, finding)).count();
            // What is only guessed may be wrong: `--fix --unsafe` then leaves it as it was.
            if count(&now) >= count(&checked.findings) && fix.applies != Applies::Unsafe {
                let _ = writeln!(
                    wrong,
                    "{}: {} is left after `{}`\n{texts:?}",
                    finding.code, finding.message, fix.title
                );
            }
        }
    }
    (made, wrong)
}

#[test]
fn a_fix_of_a_case_mends_its_finding() {
    let (mut made, mut wrong) = (0, String::new());
    let folder = bundle::root("tests/cases/check");
    for code in std::fs::read_dir(folder).expect("the cases") {
        for case in std::fs::read_dir(code.expect("an entry").path()).expect("a folder of cases") {
            let path = case.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let text = std::fs::read_to_string(&path).expect("a case");
                let (n, faults) = each_alone(bundle::unpack_text(&text).path());
                made += n;
                if !faults.is_empty() {
                    let _ = writeln!(wrong, "{}: {faults}", path.display());
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(made > 40, "only {made} fixes were made");
}

#[test]
fn what_is_mended_stays_mended_and_nothing_else_changes() {
    let mut fixed = 0;
    for code in std::fs::read_dir(bundle::root("tests/cases/check")).expect("the cases") {
        let path = code.expect("an entry").path().join("has.txt");
        let text = std::fs::read_to_string(&path).expect("a case");
        let folder = bundle::unpack_text(&text);
        for wanted in [Wanted::Safe, Wanted::All] {
            let mended = mend(|texts| read(folder.path(), texts), wanted).expect("a workspace");
            fixed += mended.count();
            assert_eq!(mended.texts.is_empty(), mended.fixed.is_empty(), "{}", path.display());
            // A second time there is nothing to mend.
            let over = |texts: &Texts| {
                let mut all = mended.texts.clone();
                all.extend(texts.clone());
                read(folder.path(), &all)
            };
            assert_eq!(mend(over, wanted).expect("a workspace").count(), 0, "{}", path.display());
        }
    }
    assert!(fixed > 5, "only {fixed} findings were mended");
}

#[test]
fn carriage_returns_a_byte_order_mark_and_permissions_stay() {
    let files = bundle::files(
        &std::fs::read_to_string(bundle::root("tests/cases/fix/comments/before.txt")).expect("a case"),
    );
    let folder = bundle::unpack(&files);
    let path = folder.path().join("policies/rules.gov");
    let text = std::fs::read_to_string(&path).expect("a policy").replace('\n', "\r\n");
    std::fs::write(&path, format!("\u{feff}{text}")).expect("written");
    let output = bundle::check(folder.path(), &["--fix"]);
    assert!(bundle::stdout(&output).contains("fixed "), "{}", bundle::stderr(&output));
    let now = std::fs::read_to_string(&path).expect("a policy");
    assert!(now.starts_with('\u{feff}') && !now[3..].contains('\u{feff}'));
    assert!(!now.replace("\r\n", "").contains(['\r', '\n']), "{now:?}");
    assert!(!now.contains("govctl: allow"), "{now}");
}

#[test]
fn without_anything_to_mend_nothing_is_written() {
    let folder = bundle::root("examples/logistics");
    let before = std::fs::metadata(folder.join("policies")).expect("a folder").modified().expect("a time");
    let output = bundle::check(&folder, &["--fix"]);
    assert!(bundle::stdout(&output).ends_with("fixed 0 findings, 0 left\n"), "{}", bundle::stdout(&output));
    assert_eq!(
        before,
        std::fs::metadata(folder.join("policies")).expect("a folder").modified().expect("a time")
    );
    let output = bundle::check(&folder, &["--unsafe"]);
    assert_eq!(bundle::status(&output), 2);
}

/// A fix that failed because of what another one has mended since is tried again, and one run does all that two would.
#[test]
fn nothing_is_left_for_a_second_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        (
            "registry/r.yaml",
            "providers:\n  p:\n    owner: p@example.com\n    models:\n      - {name: m, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n",
        ),
        (
            "estate/e.yaml",
            "use_cases:\n  - {name: a, team: growth, data_classification: internal}\n  - name: b\n    team: growth\n    data_classification: internal\n    compliance: [gdpr, gdpr]\n  - name: c\n    data_classification: internal\n    compliance: [gdpr, gdpr]\n",
        ),
        ("policies/p.gov", "teams product\n"),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let last = || {
        let output = bundle::run(folder.path(), &["check", "--fix", "--unsafe"]);
        bundle::stdout(&output).lines().last().map(str::to_owned)
    };
    assert_eq!(last().as_deref(), Some("fixed 5 findings, 2 left"));
    assert_eq!(last().as_deref(), Some("fixed 0 findings, 2 left"));
}
