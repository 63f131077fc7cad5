//! What is no ordinary file, on the way in and on the way out.

#![cfg(unix)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::bundle::{govctl, root, status, stderr, stdout};
use crate::diff::with;

fn compile_to(path: &Path) -> Output {
    let mut govctl = govctl();
    govctl.args(["compile", "--as-of", "2026-11-21"]).arg(root("examples/hospital")).arg("-o").arg(path);
    govctl.output().expect("govctl runs")
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// Runs a command that must not wait for anybody.
#[track_caller]
fn at_once(arguments: &[&str], folder: &Path) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(arguments).stdin(Stdio::piped());
    govctl.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = govctl.spawn().expect("govctl runs");
    let begun = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if begun.elapsed() > Duration::from_secs(60) {
            child.kill().expect("kill");
            panic!("{arguments:?} waits");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("its output")
}

#[test]
fn a_pipe_is_written_to_and_stays_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    fifo(&path);
    let reader = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut text = String::new();
            fs::File::open(path).expect("a pipe").read_to_string(&mut text).expect("text");
            text
        }
    });
    let output = compile_to(&path);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(reader.join().expect("a reader").starts_with("{\"as_of\""));
    assert!(fs::metadata(&path).expect("a pipe").file_type().is_fifo());
}

#[test]
fn a_device_and_an_open_file_are_written_to_and_a_socket_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for target in ["/dev/null", "/proc/self/fd/1"] {
        let link = folder.path().join("link");
        symlink(target, &link).expect("a link");
        let output = compile_to(&link);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        assert_eq!(stdout(&output).starts_with("{\"as_of\""), target != "/dev/null");
        assert_eq!(fs::read_link(&link).expect("still a link"), Path::new(target));
        fs::remove_file(link).expect("remove");
    }
    let socket = folder.path().join("socket");
    let _open = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let output = compile_to(&socket);
    assert!(status(&output) == 2 && stderr(&output).contains("it is a socket"), "{}", stderr(&output));
    assert!(fs::metadata(&socket).expect("a socket").file_type().is_socket());
    assert_eq!(status(&compile_to(Path::new("/dev/full"))), 2);
}

#[test]
fn a_dangling_link_is_written_through_and_a_circle_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("real")).expect("a folder");
    symlink("real/table.json", folder.path().join("link")).expect("a link");
    assert_eq!(status(&compile_to(&folder.path().join("link"))), 0);
    assert!(folder.path().join("link").is_symlink() && folder.path().join("real/table.json").is_file());
    symlink("circle", folder.path().join("circle")).expect("a link");
    let output = compile_to(&folder.path().join("circle"));
    assert!(status(&output) == 2 && folder.path().join("circle").is_symlink(), "{}", stderr(&output));
    assert_eq!(status(&compile_to(folder.path())), 2);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".govctl")), "{left:?}");
}

#[test]
fn the_users_umask_holds_for_new_files_and_old_ones_keep_their_mode() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("table.json");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    let script = "umask 027; exec \"$0\" compile --as-of 2026-11-21 \"$1\" -o \"$2\"";
    let run = || {
        let mut bash = Command::new("bash");
        bash.args(["-c", script, env!("CARGO_BIN_EXE_govctl")]).arg(root("examples/hospital")).arg(&table);
        assert!(bash.output().expect("bash runs").status.success());
    };
    run();
    assert_eq!(mode(&table), 0o640);
    fs::set_permissions(&table, fs::Permissions::from_mode(0o604)).expect("chmod");
    run();
    assert_eq!(mode(&table), 0o604);
}

#[test]
fn a_signature_of_the_table_before_is_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (table, beside) = (folder.path().join("t.json"), folder.path().join("t.json.sig"));
    fs::write(&beside, "an old signature").expect("write");
    let output = compile_to(&table);
    assert_eq!(status(&output), 0);
    assert!(
        stderr(&output).contains("t.json.sig` signed the table before and is removed"),
        "{}",
        stderr(&output)
    );
    assert!(table.is_file() && !beside.exists());
    fs::create_dir(&beside).expect("a folder");
    assert_eq!(status(&compile_to(&table)), 2);
}

#[test]
fn fmt_stays_in_the_folder_that_it_is_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let (named, victim) = (folder.path().join("p"), folder.path().join("victim.gov"));
    fs::create_dir(&named).expect("a folder");
    fs::write(&victim, "classifications a<b<c\n").expect("write");
    symlink("../victim.gov", named.join("x.gov")).expect("a link");
    for arguments in [&["fmt", "p"][..], &["fmt", "p/x.gov"], &["fmt", "--check", "p"]] {
        let output = at_once(arguments, folder.path());
        assert_eq!(status(&output), 2, "{}", stdout(&output));
        assert!(
            stderr(&output).contains("`p/x.gov` is a link that leads out of its folder"),
            "{}",
            stderr(&output)
        );
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "classifications a<b<c\n");
    }
    // A link that stays is followed.
    fs::rename(&victim, named.join("y.gov")).expect("move");
    fs::remove_file(named.join("x.gov")).expect("remove");
    symlink("y.gov", named.join("x.gov")).expect("a link");
    assert_eq!(status(&at_once(&["fmt", "p"], folder.path())), 0);
    assert!(named.join("x.gov").is_symlink());
}

#[test]
fn what_is_no_regular_file_is_refused_before_it_is_opened() {
    let folder = with(&[]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("f")).expect("a folder");
    fifo(&at("f/x.gov"));
    fifo(&at("pipe"));
    symlink("/dev/zero", at("zero")).expect("a link");
    fs::write(at("key.pub"), "x").expect("write");
    fs::write(at("empty.jsonl"), "").expect("write");
    for arguments in [
        &["fmt", "--check", "f"][..],
        &["fmt", "f/x.gov"],
        &["verify", "pipe"],
        &["verify", "zero"],
        &["verify", "x", "--trusted-key", "pipe"],
        &["verify", "x", "--trusted-key", "zero"],
        &["compile", "-o", "t", "--sign-key", "zero"],
        &["resolve", "chat", "--table", "pipe"],
        &["diff", "./pipe"],
        &["diff", "./zero"],
        &["audit", "pipe"],
        &["audit", "zero"],
        &["usage", "pipe"],
        &["usage", "zero"],
        &["usage", "empty.jsonl", "--bill", "pipe"],
        &["scan", "pipe"],
        &["scan", "zero"],
        &["scan", "policies", "--baseline", "pipe"],
        &["import", "litellm", "pipe", "-o", "new"],
        &["registry", "refresh", "--from", "zero"],
    ] {
        let output = at_once(arguments, folder.path());
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(
            stderr(&output).contains("not a regular file") || stderr(&output).contains("leads out"),
            "{}",
            stderr(&output)
        );
    }
    fs::write(at("policies/link.txt"), "").expect("write");
    symlink("/dev/zero", at("policies/z.gov")).expect("a link");
    fifo(&at("policies/y.gov"));
    assert_eq!(status(&at_once(&["check"], folder.path())), 1);
}

#[test]
fn links_between_folders_do_not_multiply() {
    let folder = with(&[]);
    let policies = folder.path().join("policies");
    for level in 0..30 {
        fs::create_dir(policies.join(format!("d{level}"))).expect("a folder");
    }
    for level in 0..29 {
        for name in ["a", "b"] {
            symlink(format!("../d{}", level + 1), policies.join(format!("d{level}/{name}"))).expect("a link");
        }
    }
    let output = at_once(&["check", "--format", "json"], folder.path());
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("is the same folder as"), "{}", stdout(&output));
}

/// An editor's lock is a hidden link to nowhere; a link that nobody reads does not matter, and one that should be read does.
#[test]
fn links_that_lead_nowhere_stop_only_what_would_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("write");
    };
    write(
        "registry/r.yaml",
        "providers:\n  n:\n    owner: o\n    models:\n      - {name: a, approved_use_cases: [\"*\"], \
         data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}\n",
    );
    write("estate/e.yaml", "use_cases:\n  - {name: chat, owner: a, data_classification: internal}\n");
    write("policies/p.gov", "failover f {\n  follow  ranking\n  because \"x\"\n}\n");
    let check = || {
        let output = govctl().current_dir(folder.path()).arg("check").output().expect("govctl runs");
        (status(&output), stdout(&output))
    };
    for (link, to) in [(".#p.gov", "user@host.1:2"), (".again", ".."), (".#sub/q.gov", "x")] {
        let path = folder.path().join("policies").join(link);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        symlink(to, path).expect("a link");
    }
    let (code, text) = check();
    assert!(code == 0 && !text.contains("ignored-file"), "{text}");
    for (link, to) in [("README", "../nowhere"), ("x.txt", "../nowhere"), ("away.md", "/etc/hostname")] {
        symlink(to, folder.path().join("policies").join(link)).expect("a link");
        let (code, text) = check();
        assert!(code == 0 && text.contains(&format!("`policies/{link}` is not read")), "{text}");
        assert!(text.contains("warning[ignored-file]"), "{text}");
    }
    symlink("nowhere.gov", folder.path().join("policies/q.gov")).expect("a link");
    let (code, text) = check();
    assert!(code == 1 && text.contains("cannot read `policies/q.gov`"), "{text}");
}

/// Whoever reads a table takes no such name, so none is compiled into one.
#[test]
fn a_file_whose_name_does_not_show_is_refused() {
    let names = ["x\t.gov", "x\u{7f}.gov", "x\u{1b}[2K.gov", "x\u{202e}.gov", "\n/x.gov"];
    for (name, number) in names.into_iter().zip(["U+0009", "U+007F", "U+001B", "U+202E", "U+000A"]) {
        let folder = with(&[]);
        let path = folder.path().join("policies").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "regions eu\n").expect("write");
        for arguments in [&["check"][..], &["compile", "-o", "t.json"]] {
            let output = at_once(arguments, folder.path());
            let text = stdout(&output) + &stderr(&output);
            assert_eq!(status(&output), 1, "{text}");
            assert!(text.contains(&format!("has the character {number}, which does not show")), "{text}");
        }
    }
    // What letters and emoji are joined by may stand there, as in prose.
    let folder = with(&[]);
    fs::rename(
        folder.path().join("policies/main.gov"),
        folder.path().join("policies/a\u{fe0f}\u{3000}b.gov"),
    )
    .expect("move");
    let output = at_once(&["compile", "-o", "t.json"], folder.path());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let output = at_once(&["resolve", "chat", "--table", "t.json"], folder.path());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
}
