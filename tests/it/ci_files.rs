//! The files that pipelines include do what docs/ci.md says: their names agree, and their scripts and hooks run.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use govctl::source::FileId;
use govctl::yaml::{self, Kind, Value};

use crate::bundle::{root, status, stderr, stdout};
use crate::diff::with;
use crate::diff_git::{commit, git};

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).expect("a file of the repository")
}

fn parsed(text: &str) -> Value {
    let (value, findings) = yaml::parse(FileId::default(), text);
    assert!(findings.is_empty(), "{findings:?}");
    value.expect("a document")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::text).unwrap_or_default()
}

/// What stands behind every `start` up to what no name has.
fn names<'a>(all: &'a str, start: &str) -> Vec<&'a str> {
    let behind = all.split(start).skip(1);
    behind
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default())
        .collect()
}

fn declares(of: Option<&Value>, name: &str) -> bool {
    of.is_some_and(|of| of.get(name).is_some())
}

#[test]
fn the_action_uses_what_it_declares_and_puts_nothing_into_its_scripts() {
    let (written, action) = (read("action.yml"), parsed(&read("action.yml")));
    let runs = action.get("runs").expect("what it runs");
    assert_eq!(text(runs, "using"), "composite");
    let steps = runs.get("steps").expect("steps").items();
    for step in steps {
        assert!(!text(step, "name").is_empty() && text(step, "shell") == "bash");
        assert!(!text(step, "run").contains("${{"), "an input in a script is an injection");
    }
    for input in names(&written, "inputs.") {
        assert!(declares(action.get("inputs"), input), "no input `{input}`");
    }
    for step in names(&written, "${{ steps.") {
        assert!(steps.iter().any(|known| text(known, "id") == step), "no step `{step}`");
    }
    let page = read("docs/ci.md");
    for name in ["inputs", "outputs"] {
        for (key, _) in action.get(name).expect("names").entries() {
            assert!(
                page.contains(&format!("| `{}` |", key.value)),
                "docs/ci.md does not tell of `{}`",
                key.value
            );
        }
    }
}

#[test]
fn ten_lines_are_enough() {
    let page = read("docs/ci.md");
    let (_, block) = page.split_once("```yaml\non: pull_request\n").expect("a workflow");
    let (block, _) = block.split_once("```").expect("its end");
    assert!(block.lines().count() < 10);
    let workflow = parsed(&format!("on: pull_request\n{block}"));
    let job = workflow.get("jobs").and_then(|jobs| jobs.get("policy")).expect("a job");
    let steps = job.get("steps").expect("steps").items();
    let action = parsed(&read("action.yml"));
    let ours = steps.iter().find(|step| text(step, "uses").starts_with("govctl/govctl")).expect("our step");
    for (input, _) in ours.get("with").expect("inputs").entries() {
        assert!(declares(action.get("inputs"), &input.value));
    }
    for output in names(block, "steps.govctl.outputs.") {
        assert!(declares(action.get("outputs"), output), "no output `{output}`");
    }
}

#[test]
fn the_gitlab_template_uses_what_it_declares() {
    let written = read("templates/govctl.yml");
    let (head, body) = written.split_once("\n---\n").expect("a header and a body");
    let (head, body) = (parsed(head), parsed(body));
    let inputs = head.get("spec").and_then(|spec| spec.get("inputs"));
    for input in names(&written, "$[[ inputs.") {
        assert!(declares(inputs, input), "no input `{input}`");
    }
    let job = body.get("govctl").expect("a job");
    let script = job.get("script").expect("a script").items();
    assert!(script.iter().all(|line| line.text().is_some_and(|line| !line.contains("$[["))), "an injection");
}

/// A repository with a change that widens, not committed.
fn repository() -> tempfile::TempDir {
    let folder = with(&[]);
    git(folder.path(), &["init", "-q"]);
    commit(folder.path(), "first");
    let path = folder.path().join("registry/main.yaml");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(path, text.replace("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]"))
        .expect("write");
    folder
}

#[test]
fn the_hooks_refuse_what_widens() {
    let folder = repository();
    let hooks = parsed(&read(".pre-commit-hooks.yaml"));
    let run = |hook: &Value| -> Output {
        let mut words = text(hook, "entry").split(' ');
        assert_eq!((words.next(), text(hook, "language")), (Some("govctl"), "rust"));
        let always = hook.get("always_run").map(|one| &one.kind);
        assert!(matches!(always, Some(Kind::Bool(true))) && hook.get("files").is_none());
        let mut govctl = Command::new(env!("CARGO_BIN_EXE_govctl"));
        govctl.current_dir(folder.path()).args(words).args(["--as-of", "2026-11-21"]);
        govctl.output().expect("govctl runs")
    };
    let statuses: Vec<(&str, i32)> =
        hooks.items().iter().map(|hook| (text(hook, "id"), status(&run(hook)))).collect();
    assert_eq!(statuses, [("govctl-check", 0), ("govctl-diff", 1)]);
    commit(folder.path(), "on purpose");
    assert!(hooks.items().iter().all(|hook| status(&run(hook)) == 0));
}

/// Runs the script of a step as a runner does.
#[cfg(unix)]
fn step(id: &str, folder: &Path, temp: &Path, env: &[(&str, &str)]) -> Output {
    let action = parsed(&read("action.yml"));
    let steps = action.get("runs").and_then(|runs| runs.get("steps")).expect("steps").items();
    let step = steps.iter().find(|step| text(step, "id") == id).expect("the step");
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", text(step, "run")]).current_dir(folder);
    bash.env("RUNNER_TEMP", temp).env("GITHUB_OUTPUT", temp.join("output"));
    bash.env("GITHUB_STEP_SUMMARY", temp.join("summary"));
    let declared = step.get("env").expect("its environment").entries();
    for (key, _) in declared {
        let value = env.iter().find(|(name, _)| *name == key.value).expect("a value of each").1;
        bash.env(&key.value, value);
    }
    bash.output().expect("bash runs")
}

/// Runs the installing script as the action does, downloads coming from a folder.
#[cfg(unix)]
fn install(into: &Path, from: &Path, version: &str, checksum: &str) -> Output {
    let mut script = Command::new(root("packaging/install"));
    script.arg(into.join("govctl")).env("VERSION", version).env("CHECKSUM", checksum);
    script.env("DOWNLOADS", format!("file://{}", from.display())).env_remove("RUNNER_TOOL_CACHE");
    script.output().expect("bash runs")
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn what_is_downloaded_is_held_against_its_checksum_before_anything_is_installed() {
    let (from, into) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let name = "govctl-9.9.9-x86_64-unknown-linux-musl";
    let release = from.path().join("v9.9.9");
    fs::create_dir_all(release.join(name)).expect("a folder");
    fs::write(release.join(name).join("govctl"), "#!/bin/sh\necho it runs\n").expect("write");
    let archive = release.join(format!("{name}.tar.gz"));
    let tar = Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&release).arg(name).status();
    assert!(tar.expect("tar runs").success());
    let right = govctl::table::sha256_hex(&fs::read(&archive).expect("an archive"));
    let program = into.path().join("govctl/bin/govctl");
    let wrong = "0".repeat(64);
    for (version, checksum, why) in [
        ("", right.as_str(), "`version` is a released version such as 0.1.0"),
        ("9.9.9; id", right.as_str(), "`version` is a released version such as 0.1.0"),
        ("9.9.9", "", "`checksum` is the SHA-256 of the archive"),
        ("9.9.9", wrong.as_str(), "is not the archive whose checksum was given: nothing is installed"),
        ("9.9.8", right.as_str(), "cannot be downloaded"),
    ] {
        let refused = install(into.path(), from.path(), version, checksum);
        assert_eq!(status(&refused), 1);
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
        assert!(!program.exists(), "{why}");
    }
    let installed = install(into.path(), from.path(), "9.9.9", &right);
    assert_eq!(status(&installed), 0, "{}", stderr(&installed));
    let ran = Command::new(&program).output().expect("it runs");
    assert_eq!(stdout(&ran), "it runs\n");
}

#[cfg(unix)]
#[test]
fn the_actions_scripts_annotate_write_sarif_and_a_comment_and_end_as_they_should() {
    let (folder, temp) = (repository(), tempfile::tempdir().expect("a folder"));
    let odd = "cost rule says-not-why {\n  when    workload == batch\n  prefer  cheapest\n}\n";
    fs::write(folder.path().join("policies/odd.gov"), odd).expect("write");
    let bin = temp.path().join("govctl/bin");
    fs::create_dir_all(&bin).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_govctl"), bin.join("govctl")).expect("a link");
    let check = step("check", folder.path(), temp.path(), &[("WORKSPACE", "."), ("AS_OF", "2026-11-21")]);
    assert_eq!(status(&check), 0, "{}", stderr(&check));
    assert!(stdout(&check).contains("::warning "), "{}", stdout(&check));
    let sarif = fs::read_to_string(temp.path().join("govctl.sarif")).expect("SARIF");
    assert!(sarif.contains("\"version\": \"2.1.0\"") || sarif.contains("\"version\":\"2.1.0\""));
    let compare = |deny: &str| {
        let env =
            [("WORKSPACE", "."), ("BASE", "HEAD"), ("DENY", deny), ("ACCEPT", ""), ("AS_OF", "2026-11-21")];
        step("diff", folder.path(), temp.path(), &env)
    };
    assert_eq!(status(&compare("")), 0);
    assert_eq!(status(&compare("unroutable widened")), 1);
    let comment = fs::read_to_string(temp.path().join("govctl.md")).expect("a comment");
    assert!(comment.starts_with("<!-- govctl -->\n### govctl: 1 use case changes, 1 widened"), "{comment}");
    assert!(comment.contains("`check` finds 0 errors and "), "{comment}");
    assert!(fs::read_to_string(temp.path().join("summary")).expect("a summary").contains(&comment));
    let output = fs::read_to_string(temp.path().join("output")).expect("outputs");
    let action = parsed(&read("action.yml"));
    for (name, value) in action.get("outputs").expect("outputs").entries() {
        assert!(output.contains(&format!("{}=", name.value)), "{value:?} is never set");
    }
}

/// Runs the script that comments with a `gh` that writes down what it is asked, and knows these comments of ours.
#[cfg(unix)]
fn comments(body: &str, known: &str) -> (i32, String) {
    let (code, log, _) = comments_of("", body, known);
    (code, log)
}

/// The same with a token of somebody, and whose comments were asked for.
#[cfg(unix)]
fn comments_of(login: &str, body: &str, known: &str) -> (i32, String, String) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (gh, log, file) =
        (folder.path().join("gh"), folder.path().join("log"), folder.path().join("body.md"));
    fs::write(&file, body).expect("written");
    let asked = "#!/usr/bin/env bash\ncase \"$*\" in *graphql*) [ -n \"$LOGIN\" ] && printf '%s\\n' \"$LOGIN\" ;; *--paginate*) printf '%s' \"$KNOWN\"; printf '%s' \"$*\" > \"$LOG.asked\" ;; *) printf '%s\\n' \"$*\" >> \"$LOG\"; case \"$*\" in *@-*) cat >> \"$LOG\" ;; esac ;; esac\n";
    fs::write(&gh, asked).expect("written");
    fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap_or_default());
    let mut script = Command::new(root("packaging/comment"));
    script.arg(&file).args(["acme/ai", "7"]).env("PATH", path).env("LOG", &log).env("KNOWN", known);
    script.env("LOGIN", login);
    let output = script.output().expect("bash runs");
    let asked = fs::read_to_string(folder.path().join("log.asked")).unwrap_or_default();
    let log = fs::read_to_string(&log).unwrap_or_default();
    (status(&output), log.replace(&file.display().to_string(), "BODY"), asked)
}

#[cfg(unix)]
#[test]
fn there_is_one_comment_and_none_where_nothing_is_to_be_said() {
    let patch = "api --method PATCH repos/acme/ai/issues/comments/31 -F body=";
    assert_eq!(comments("", ""), (0, String::new()));
    let new = "api --method POST repos/acme/ai/issues/7/comments -F body=@BODY\n";
    assert_eq!(comments("<!-- govctl -->\nx\n", ""), (0, new.to_owned()));
    assert_eq!(comments("<!-- govctl -->\nx\n", "31\n32\n"), (0, format!("{patch}@BODY\n")));
    let over = format!("{patch}@-\n<!-- govctl -->\n### govctl: nothing changes any more\n");
    assert_eq!(comments("", "31\n"), (0, over));
    // Only comments of whom the token belongs to.
    for (login, wanted) in [("", "github-actions[bot]"), ("our-app[bot]", "our-app[bot]"), ("robot", "robot")]
    {
        let (code, log, asked) = comments_of(login, "<!-- govctl -->\nx\n", "31\n");
        assert_eq!((code, log), (0, format!("{patch}@BODY\n")), "{login}");
        assert!(asked.contains(&format!(".user.login == \"{wanted}\"")), "{asked}");
    }
    let (code, log, asked) = comments_of("x\" or true", "<!-- govctl -->\nx\n", "31\n");
    assert_eq!((code, log.as_str(), asked.as_str()), (2, "", ""));
}

#[test]
fn a_comment_is_empty_where_nothing_differs_and_short_where_nothing_folds() {
    let folder = repository();
    let ask = |more: &[&str]| {
        let mut govctl = crate::bundle::govctl();
        govctl
            .current_dir(folder.path())
            .args(["diff", "--old-revision", "HEAD", "--format", "comment"])
            .args(more);
        stdout(&govctl.output().expect("govctl runs"))
    };
    let (whole, short) = (ask(&[]), ask(&["--compact"]));
    assert!(whole.contains("<details>"), "{whole}");
    assert!(!short.replace("<!-- govctl -->", "").contains('<'), "{short}");
    assert!(short.len() < whole.len());
    commit(folder.path(), "what was asked");
    assert_eq!(ask(&[]), "");
    assert_eq!(ask(&["--compact"]), "");
}

/// Runs the script of the template as a runner does: as one script that ends at the first line that fails.
#[cfg(unix)]
fn gitlab(folder: &Path, path: &Path, more: &[(&str, &str)]) -> Output {
    let written = read("templates/govctl.yml");
    let (_, body) = written.split_once("\n---\n").expect("a header and a body");
    let body = parsed(body);
    let script = body.get("govctl").and_then(|job| job.get("script")).expect("a script").items();
    let lines: Vec<&str> = script.iter().filter_map(Value::text).collect();
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &lines.join("\n")]).current_dir(folder);
    bash.env("PATH", format!("{}:/usr/bin:/bin", path.display()))
        .env("CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD");
    bash.env("GOVCTL_WORKSPACE", ".").env("GOVCTL_DENY", "widened");
    bash.env("GOVCTL_VERSION", "0.1.0").env("GOVCTL_CHECKSUM", "0".repeat(64)).env("GOVCTL_ACCEPT", "");
    for (name, value) in more {
        bash.env(name, value);
    }
    bash.output().expect("bash runs")
}

/// A program that is found before the one of the system.
#[cfg(unix)]
fn program(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("write");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("chmod");
}

#[cfg(unix)]
#[test]
fn the_gitlab_job_writes_through_nothing_that_a_merge_request_put_there() {
    let (folder, bin) = (repository(), tempfile::tempdir().expect("a folder"));
    let victim = bin.path().join("victim");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_govctl"), bin.path().join("govctl")).expect("a link");
    program(bin.path(), "pip", "exit 0");
    let at = |name: &str| folder.path().join(name);
    for is_folder in [false, true] {
        fs::write(&victim, "precious").expect("write");
        let _ = fs::remove_file(at("govctl.md"));
        if is_folder {
            fs::create_dir(at("govctl.md")).expect("a folder");
            std::os::unix::fs::symlink(&victim, at("govctl.md/govctl.md")).expect("a link");
        } else {
            std::os::unix::fs::symlink(&victim, at("govctl.md")).expect("a link");
        }
        let output = gitlab(folder.path(), bin.path(), &[]);
        assert_eq!(status(&output), 1, "{}", stderr(&output));
        assert!(stderr(&output).contains("denied: `widened`"), "{}", stderr(&output));
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "precious");
        assert!(!at("govctl.md").is_symlink());
        let comment = fs::read_to_string(at("govctl.md")).expect("the artifact");
        assert!(
            comment.starts_with("<!-- govctl -->\n### govctl: 1 use case changes, 1 widened"),
            "{comment}"
        );
        assert!(stdout(&output).contains(&comment), "{}", stdout(&output));
    }
}

/// Python looks for its modules where it is called, and there a merge request can bring any.
#[cfg(unix)]
#[test]
fn the_gitlab_job_runs_no_module_of_a_merge_request() {
    let (folder, bin) = (repository(), tempfile::tempdir().expect("a folder"));
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_govctl"), bin.path().join("govctl")).expect("a link");
    program(bin.path(), "pip", "exit 0");
    for module in ["json", "os", "urllib"] {
        let text = "import os\nopen('stolen', 'w').write(os.environ['GOVCTL_TOKEN'])\n";
        fs::write(folder.path().join(format!("{module}.py")), text).expect("write");
    }
    let unreachable = [
        ("GOVCTL_TOKEN", "secret"),
        ("CI_API_V4_URL", "http://127.0.0.1:1"),
        ("CI_PROJECT_ID", "1"),
        ("CI_MERGE_REQUEST_IID", "1"),
    ];
    let output = gitlab(folder.path(), bin.path(), &unreachable);
    assert_ne!(status(&output), 0);
    assert!(!folder.path().join("stolen").exists(), "{}", stderr(&output));
}

/// `rustup` and `cargo` look for their settings where they are called, and above it.
#[cfg(unix)]
#[test]
fn the_source_is_built_by_no_toolchain_that_a_pull_request_names() {
    let (checkout, bin) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let into = checkout.path().join("out");
    program(bin.path(), "cargo", "pwd -P; for word; do echo \"$word\"; done");
    let source = bin.path().join("source");
    fs::create_dir(&source).expect("a folder");
    let mut script = Command::new(root("packaging/install"));
    script.arg("out").current_dir(checkout.path()).env("VERSION", "source").env("SOURCE", &source);
    script.env("PATH", format!("{}:/usr/bin:/bin", bin.path().display()));
    let output = script.output().expect("bash runs");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let said = stdout(&output);
    let mut lines = said.lines();
    let real = source.canonicalize().expect("a path");
    assert_eq!(lines.next(), real.to_str(), "{said}");
    // What is named is named from the root, for it is no longer called from there.
    assert!(
        lines.any(|line| Path::new(line) == into || Path::new(line) == into.canonicalize().expect("a path"))
    );
}
