//! Changes and findings that somebody has accepted: by fingerprint, with an owner, a reason and a last day.

use std::path::Path;
use std::process::{Command, Output};

use crate::bundle::{self, govctl, json, status, stderr, stdout};
use crate::diff::with;

/// `chat` may go to `far` too.
const WIDER: (&str, &str) = ("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]");

fn diff(old: &Path, new: &Path, more: &[&str]) -> Output {
    govctl().arg("diff").arg(old).arg(new).args(more).output().expect("govctl runs")
}

/// What is proposed for the one change, with an owner and a reason.
fn accepted(old: &Path, new: &Path) -> String {
    let proposed = stdout(&diff(old, new, &["--write-accept"]));
    assert!(proposed.contains("what: \"chat: failover, widened\""), "{proposed}");
    assert!(proposed.contains("owner: \"o@example.com\"\n    reason: \"proposed on 2026-11-21, not yet explained\"\n    until: 2027-02-19\n"), "{proposed}");
    proposed.replace("proposed on 2026-11-21, not yet explained", "far was reviewed")
}

#[test]
fn an_accepted_change_is_shown_and_denied_no_more() {
    let (old, new) = (with(&[]), with(&[WIDER]));
    let (old, new) = (old.path(), new.path());
    let file = new.join("accepted.yaml");
    std::fs::write(&file, accepted(old, new)).expect("write");
    let file = file.to_str().expect("a path");
    let denied = diff(old, new, &["--deny", "widened"]);
    assert_eq!((status(&denied), stderr(&denied).as_str()), (1, "denied: `widened` for `chat`\n"));
    let fine = diff(old, new, &["--deny", "widened", "--exit-code", "--accept", file]);
    assert_eq!((status(&fine), stderr(&fine).as_str()), (0, ""));
    let text = stdout(&fine).replace("\n  ", " ");
    assert!(text.contains("chat: widened, failover in 1 of 3 contexts (accepted)"), "{text}");
    assert!(
        text.contains("accepts the change of `chat` until 2027-02-19: `far was reviewed` (`o@example.com`)"),
        "{text}"
    );
    let report = json(&diff(old, new, &["--format", "json", "--accept", file]));
    crate::schemas::holds("diff", &report);
    let wanted =
        serde_json::json!({"owner": "o@example.com", "reason": "far was reviewed", "until": "2027-02-19"});
    assert_eq!(report["changes"][0]["accepted"], wanted);
}

#[test]
fn another_change_a_passed_day_and_what_no_longer_occurs_are_said() {
    let (old, new) = (with(&[]), with(&[WIDER]));
    let (old, new) = (old.path(), new.path());
    let file = new.join("accepted.yaml");
    std::fs::write(&file, accepted(old, new)).expect("write");
    let file = file.to_str().expect("a path");
    // Wider still: in another region.
    let more = with(&[WIDER, ("regions: [us]", "regions: [us, asia]")]);
    let other = diff(old, more.path(), &["--deny", "widened", "--accept", file]);
    assert_eq!(status(&other), 1);
    let text = stderr(&other);
    assert!(
        text.contains("accepts what no longer occurs, so remove it: chat: failover, widened\n"),
        "{text}"
    );
    assert!(text.ends_with("denied: `widened` for `chat` and `mail`\n"), "{text}");
    let mut late = Command::new(env!("CARGO_BIN_EXE_govctl"));
    late.arg("diff").arg(old).arg(new).args(["--as-of", "2027-02-20", "--deny", "widened", "--accept", file]);
    let late = late.output().expect("govctl runs");
    assert_eq!(status(&late), 1);
    let text = stderr(&late);
    assert!(
        text.contains("was accepted until 2027-02-19, so it counts again: chat: failover, widened\n"),
        "{text}"
    );
}

#[test]
fn an_edit_of_a_statement_is_accepted_like_a_change() {
    let budget = |limit: &str| {
        format!(
            "then queue because \"b\" }}\nbudget web {{ limit {limit} usd per month owner \"o@example.com\" }}"
        )
    };
    let (old, new) = (budget("100"), budget("200"));
    let (old, new) =
        (with(&[("then queue because \"b\" }", &old)]), with(&[("then queue because \"b\" }", &new)]));
    let (old, new) = (old.path(), new.path());
    let denied = diff(old, new, &["--deny", "obligations"]);
    assert_eq!((status(&denied), stderr(&denied).as_str()), (1, "denied: `obligations` by `budget web`\n"));
    assert_eq!(status(&diff(old, new, &["--exit-code"])), 1);
    let file = new.join("accepted.yaml");
    std::fs::write(&file, stdout(&diff(old, new, &["--write-accept"]))).expect("write");
    let file = file.to_str().expect("a path");
    let fine = diff(old, new, &["--deny", "obligations", "--exit-code", "--accept", file]);
    assert_eq!((status(&fine), stderr(&fine).as_str()), (0, ""));
}

#[test]
fn a_file_that_accepts_nothing_readable_is_refused_at_its_line() {
    let (old, new) = (with(&[]), with(&[WIDER]));
    let (old, new) = (old.path(), new.path());
    let file = new.join("accepted.yaml");
    let entry =
        "accepted:\n  - {fingerprint: \"0123456789abcdef\", owner: o, reason: r, until: 2027-01-31}\n";
    let run = |text: &str| {
        std::fs::write(&file, text).expect("write");
        let output = diff(old, new, &["--accept", file.to_str().expect("a path")]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{text}");
        stderr(&output)
    };
    let text = run(&entry.replace("01-31", "02-30"));
    assert!(
        text.contains("error[schema]: there is no day `2027-02-30` (") && text.contains("accepted.yaml:2:"),
        "{text}"
    );
    let text = run(&entry.replace("reason: r", "reason: \"\""));
    assert!(text.contains("error[schema]"), "{text}");
    let text = run(&format!("{entry}{}", entry.replace("accepted:\n", "")));
    assert!(text.contains("`0123456789abcdef` is accepted twice"), "{text}");
    let text = run("accepted: {}\n");
    assert!(text.contains("error[schema]"), "{text}");
}

#[test]
fn a_pull_request_cannot_accept_itself() {
    let folder = with(&[]);
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments);
        assert!(git.output().expect("git runs").status.success(), "{arguments:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "base"]);
    let old = with(&[]);
    let registry = folder.path().join("registry/main.yaml");
    let text = std::fs::read_to_string(&registry).expect("a registry");
    std::fs::write(&registry, text.replace(WIDER.0, WIDER.1)).expect("write");
    let file = folder.path().join("accepted.yaml");
    std::fs::write(&file, accepted(old.path(), folder.path())).expect("write");
    let with = |old: &[&str], path: &Path| {
        let mut govctl = govctl();
        govctl
            .current_dir(folder.path())
            .arg("diff")
            .args(old)
            .args(["--deny", "widened", "--accept"])
            .arg(path);
        govctl.output().expect("govctl runs")
    };
    for old in [&["git:main"][..], &["main"]] {
        assert_eq!(status(&with(old, Path::new("accepted.yaml"))), 1, "{old:?}");
    }
    let run = |path: &Path| with(&["--old-revision", "main"], path);
    for path in [file.as_path(), Path::new("accepted.yaml"), Path::new("./policies/../accepted.yaml")] {
        let output = run(path);
        assert_eq!(status(&output), 1, "{}", stderr(&output));
        assert!(
            stderr(&output).contains("accepts more than `main` does, and 1 entry of it does not count"),
            "{}",
            stderr(&output)
        );
    }
    // What the base accepts already counts, and so does a file from elsewhere.
    let elsewhere = old.path().join("accepted.yaml");
    std::fs::copy(&file, &elsewhere).expect("a copy");
    assert_eq!(status(&run(&elsewhere)), 0);
    git(&["add", "accepted.yaml"]);
    git(&["commit", "-qm", "accept"]);
    assert_eq!(status(&run(Path::new("accepted.yaml"))), 0);
    // Nor its findings.
    let policies = folder.path().join("policies/main.gov");
    let text = std::fs::read_to_string(&policies).expect("policies");
    std::fs::write(&policies, format!("{text}\ncost rule new {{ when use_case == chat prefer cheapest }}\n"))
        .expect("write");
    let check = |more: &[&str]| {
        let mut govctl = govctl();
        govctl.current_dir(folder.path()).args(["check", "--deny", "warnings"]).args(more);
        govctl.output().expect("govctl runs")
    };
    std::fs::write(folder.path().join("baseline.yaml"), stdout(&check(&["--write-baseline"])))
        .expect("write");
    let own = ["--baseline", "baseline.yaml"];
    let of_main = ["--baseline", "baseline.yaml", "--baseline-revision", "main"];
    assert_eq!((status(&check(&own)), status(&check(&of_main))), (0, 1));
    let said = stderr(&check(&of_main));
    assert!(said.contains("`baseline.yaml` accepts more than `main` does, and "), "{said}");
    git(&["add", "baseline.yaml"]);
    git(&["commit", "-qm", "accept"]);
    assert_eq!(status(&check(&of_main)), 0);
}

#[test]
fn a_baseline_lets_an_existing_estate_start_and_fails_on_what_is_new() {
    let folder = with(&[]);
    let check =
        |more: &[&str]| govctl().arg("check").arg(folder.path()).args(more).output().expect("govctl runs");
    let before = check(&["--deny", "warnings"]);
    assert_eq!(status(&before), 1, "{}", stdout(&before));
    let file = folder.path().join("baseline.yaml");
    std::fs::write(&file, stdout(&check(&["--write-baseline"]))).expect("write");
    let file = file.to_str().expect("a path").to_owned();
    let accepted = check(&["--deny", "warnings", "--baseline", &file]);
    assert_eq!(status(&accepted), 0, "{}{}", stdout(&accepted), stderr(&accepted));
    assert!(stderr(&accepted).contains(&format!("accepted by `{file}`\n")), "{}", stderr(&accepted));
    let report = json(&check(&["--format", "json", "--baseline", &file]));
    assert_eq!(report["findings"], serde_json::json!([]));
    // One more, and one less.
    let policies = folder.path().join("policies/main.gov");
    let text = std::fs::read_to_string(&policies).expect("policies");
    std::fs::write(&policies, format!("{text}\ncost rule new {{ when use_case == chat prefer cheapest }}\n"))
        .expect("write");
    let new = check(&["--deny", "warnings", "--baseline", &file]);
    assert_eq!(status(&new), 1);
    assert!(stdout(&new).contains("missing-reason"), "{}", stdout(&new));
    let mut late = Command::new(env!("CARGO_BIN_EXE_govctl"));
    late.arg("check").arg(folder.path()).args([
        "--deny",
        "warnings",
        "--as-of",
        "2027-06-01",
        "--baseline",
        &file,
    ]);
    let late = late.output().expect("govctl runs");
    assert_eq!(status(&late), 1);
    assert!(stderr(&late).contains("so it counts again"), "{}", stderr(&late));
    let _ = bundle::AS_OF;
}
