//! Signed tables on the command line: what `compile --sign-key` writes, and what `--trusted-key` lets through.

use std::path::{Path, PathBuf};
use std::process::Output;

use govctl::compile::sign::SigningKey;
use govctl::table::{DecisionTable, LoadOptions};

use crate::bundle::{self, govctl, status, stderr, stdout};

fn data(name: &str) -> String {
    bundle::root("loaders/rust/tests/signing").join(name).display().to_string()
}

fn text(name: &str) -> String {
    std::fs::read_to_string(data(name)).expect("a file of the tests")
}

/// Runs the program on the logistics example, with or without a password.
fn run(arguments: &[&str], password: Option<&str>) -> Output {
    let mut command = govctl();
    command.arg("-C").arg(bundle::root("examples/logistics")).args(arguments);
    command
        .env_remove("GOVCTL_KEY_PASSWORD")
        .envs(password.map(|password| ("GOVCTL_KEY_PASSWORD", password)));
    command.output().expect("govctl runs")
}

/// A folder with a signed table.
struct Signed {
    _folder: tempfile::TempDir,
    table: PathBuf,
    signature: PathBuf,
}

impl Signed {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (table, signature) = (folder.path().join("table.json"), folder.path().join("table.json.sig"));
        let signed = Self { _folder: folder, table, signature };
        let output = signed.compile("ci.key", None);
        let said = stderr(&output);
        assert_eq!((status(&output), stdout(&output).as_str()), (0, ""), "{said}");
        assert!(said.is_empty() || said.starts_with("note: the table is valid through "), "{said}");
        signed
    }

    fn compile(&self, key: &str, password: Option<&str>) -> Output {
        run(&["compile", "-o", &shown(&self.table), "--sign-key", &data(key)], password)
    }

    fn verify(&self, keys: &[&str]) -> Output {
        let keys: Vec<String> = keys.iter().flat_map(|key| ["--trusted-key".to_owned(), data(key)]).collect();
        let mut arguments = vec!["verify".to_owned(), shown(&self.table)];
        arguments.extend(keys);
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), None)
    }

    /// Asserts that `verify` refuses and why.
    #[track_caller]
    fn refused(&self, why: &str) {
        let output = self.verify(&["ci.pub"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (1, ""));
        assert_eq!(stderr(&output), format!("error: the table is refused: {why}\n"));
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn what_is_signed_is_what_minisign_makes_of_it_byte_for_byte() {
    let table = text("table.json");
    let loaded = DecisionTable::from_slice(table.as_bytes(), &LoadOptions::default()).expect("it loads");
    for (file, password) in [("ci.key", None), ("protected.key", Some("correct horse"))] {
        let key = SigningKey::open(&text(file), password).unwrap_or_else(|why| panic!("{file}: {why}"));
        assert_eq!(key.sign(table.as_bytes(), loaded.digest(), None), text("table.json.sig"));
        assert_eq!(text("ci.pub").lines().nth(1), Some(key.public_key().as_str()));
    }
}

#[test]
fn a_signed_table_verifies_and_says_who_signed_it() {
    let signed = Signed::new();
    for keys in [&["ci.pub"][..], &["other.pub", "ci.pub"]] {
        let output = signed.verify(keys);
        assert_eq!((status(&output), stderr(&output).as_str()), (0, ""));
        assert!(stdout(&output).starts_with("verified: "), "{}", stdout(&output));
        assert!(
            stdout(&output).ends_with("\nsigned with the key `2580472A04C12BB4`\n"),
            "{}",
            stdout(&output)
        );
    }
    let without = signed.verify(&[]);
    assert_eq!((status(&without), stdout(&without).contains("signed")), (0, false));
}

#[test]
fn the_same_table_has_the_same_signature() {
    let (one, two) = (Signed::new(), Signed::new());
    let read = |path| std::fs::read_to_string(path).expect("a signature");
    assert_eq!(read(&one.signature), read(&two.signature));
    one.compile("protected.key", Some("correct horse"));
    assert_eq!(read(&one.signature), read(&two.signature));
}

#[test]
fn a_signature_that_was_taken_away_is_missed() {
    let signed = Signed::new();
    std::fs::remove_file(&signed.signature).expect("remove the signature");
    let why = "it has no signature, and with a trusted key only signed tables are loaded; put the `.sig` file that \
               `govctl compile --sign-key` writes beside it";
    signed.refused(why);
    let table = shown(&signed.table);
    let resolve = ["resolve", "analysis", "--table", &table, "--trusted-key", &data("ci.pub")];
    let output = run(&resolve, None);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert_eq!(stderr(&output), format!("error: the table is refused: {why}\n"));
}

#[test]
fn resolve_answers_from_a_signed_table() {
    let signed = Signed::new();
    let table = shown(&signed.table);
    let resolve =
        |key: &str| run(&["resolve", "analysis", "--table", &table, "--trusted-key", &data(key)], None);
    assert_eq!(status(&resolve("ci.pub")), 0);
    let other = resolve("other.pub");
    assert_eq!((status(&other), stdout(&other).as_str()), (2, ""));
    assert_eq!(
        stderr(&other),
        "error: the table is refused: its signature was made with the key `2580472A04C12BB4`, and the trusted key is \
         `3A7C0CAF6E3AF980`; trust that key if it is yours, or sign the table with one that is trusted\n"
    );
}

#[test]
fn a_table_compiled_again_without_a_key_does_not_pass_by_the_old_signature() {
    let signed = Signed::new();
    let table = shown(&signed.table);
    // Of another day, so that its bytes differ: the signature beside it would be stale, and goes.
    assert_eq!(status(&run(&["compile", "--as-of", "2026-11-20", "-o", &table], None)), 0);
    assert!(!signed.signature.exists());
    let output = signed.verify(&["ci.pub"]);
    assert_eq!(status(&output), 1);
    assert!(
        stderr(&output).starts_with("error: the table is refused: it has no signature, "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_signature_that_is_cut_short_or_foreign_is_refused() {
    let signed = Signed::new();
    let whole = std::fs::read_to_string(&signed.signature).expect("a signature");
    std::fs::write(&signed.signature, whole.get(..100).expect("ASCII")).expect("write");
    signed.refused("its signature is cut short in line 2 of 4; fetch it again");
    std::fs::write(&signed.signature, "").expect("write");
    signed.refused("its signature is cut short in line 1 of 4; fetch it again");
    std::fs::write(&signed.signature, "<html>").expect("write");
    signed.refused(
        "what stands beside it is not a minisign signature: its line 1 does not begin with `untrusted comment:`; put the \
         `.sig` file that `govctl compile --sign-key` writes there",
    );
    std::fs::write(&signed.signature, whole.replace("\tdigest:", "\tDIGEST:")).expect("write");
    signed.refused(
        "the trusted comment of its signature was changed after it was signed; fetch the signature again",
    );
}

#[test]
fn a_key_that_cannot_be_used_is_no_answer() {
    let signed = Signed::new();
    let before = std::fs::read(&signed.signature).expect("a signature");
    let compile = |key: &str, password: Option<&str>, why: &str| {
        let output = signed.compile(key, password);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{key}");
        assert_eq!(stderr(&output), format!("error: {why}\n"));
    };
    let cannot = |key: &str, why: &str| format!("cannot sign with `{}`: {why}", data(key));
    let protected = "this secret key is protected by a password; put it into GOVCTL_KEY_PASSWORD";
    compile("protected.key", None, &cannot("protected.key", protected));
    let wrong = "the password in GOVCTL_KEY_PASSWORD does not open this secret key";
    compile("protected.key", Some("guess"), &cannot("protected.key", wrong));
    compile("protected.key", Some(""), &cannot("protected.key", wrong));
    let public = "this is a public key, which cannot sign; give the secret key made with it";
    compile("ci.pub", None, &cannot("ci.pub", public));
    let none = "this is not a minisign secret key; `minisign -G -W` makes one without a password";
    compile("table.json", None, &cannot("table.json", none));
    let missing = format!("cannot read `{}`: there is no such file or folder", data("missing.key"));
    compile("missing.key", None, &missing);
    assert_eq!(std::fs::read(&signed.signature).expect("a signature"), before);

    let verify = |key: &str, why: &str| {
        let output = signed.verify(&["ci.pub", key]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{key}");
        let tail = "give the `.pub` file that `minisign -G` made, or its second line";
        assert_eq!(stderr(&output), format!("error: cannot trust `{}`: {why}; {tail}\n", data(key)));
    };
    verify("ci.key", "this is a secret key, which belongs only where tables are signed");
    verify("table.json.sig", "this is a signature");
    verify("table.json", "this is not a public key of minisign");
}

#[test]
fn nothing_of_a_secret_key_is_printed() {
    let signed = Signed::new();
    for (file, password) in [("ci.key", Some("correct horse")), ("protected.key", Some("a wrong one"))] {
        let output = signed.compile(file, password);
        let key = text(file);
        let secret = key.lines().nth(1).expect("a key");
        for said in [stdout(&output), stderr(&output)] {
            let lines =
                said.as_bytes().windows(8).any(|window| secret.as_bytes().windows(8).any(|w| w == window));
            assert!(!lines && !said.contains("horse") && !said.contains("a wrong one"), "{said}");
        }
    }
}

#[test]
fn a_damaged_secret_key_does_not_sign() {
    let key = text("ci.key");
    let (comment, line) = key.split_once('\n').expect("two lines");
    let said = |line: &str, password: Option<&str>| {
        SigningKey::open(&format!("{comment}\n{line}\n"), password).err().expect("it is refused")
    };
    // One digit of the seed, and one of the public half.
    for at in [100, 160] {
        let mut damaged = line.trim_end().as_bytes().to_vec();
        damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
        let damaged = String::from_utf8(damaged).expect("ASCII");
        assert_eq!(said(&damaged, None), "this secret key is damaged; take it from where it was kept");
    }
    let greedy = text("protected.key").lines().nth(1).expect("a key").to_owned();
    // Both limits as high as they go.
    let greedy = format!("{}{}{}", &greedy[..52], "/".repeat(18), &greedy[70..]);
    assert_eq!(
        said(&greedy, Some("x")),
        "opening this secret key takes more memory than minisign ever asks for"
    );
    let unknown = line.replacen("RWQAAEIy", "RWRBQUIy", 1);
    assert_eq!(said(&unknown, None), "this secret key is protected in a way that minisign does not know");
}

#[test]
fn a_signature_is_written_only_beside_its_table() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = folder.path().join("table.json");
    let output = run(&["compile", "--sign-key", &data("ci.key")], None);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("--output <FILE>"), "{}", stderr(&output));
    // Where the signature cannot stand, nothing is written.
    std::fs::create_dir(folder.path().join("table.json.sig")).expect("create a folder");
    let output = run(&["compile", "-o", &shown(&table), "--sign-key", &data("ci.key")], None);
    assert_eq!(status(&output), 2);
    assert!(!table.exists());
    let there: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(there.len(), 1);
}

/// Nobody could load it there.
#[test]
#[cfg(unix)]
fn a_signature_stands_beside_no_stream() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let link = folder.path().join("table.json");
    std::os::unix::fs::symlink("/dev/null", &link).expect("a link");
    for path in [shown(&pipe), shown(&link), "/dev/null".to_owned(), "/dev/stdout".to_owned()] {
        let output = run(&["compile", "-o", &path, "--sign-key", &data("ci.key")], None);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{path}");
        assert!(
            stderr(&output).contains("is not a file, so nobody could load a signature beside it"),
            "{path}"
        );
        assert!(!std::path::Path::new(&format!("{path}.sig")).exists(), "{path}");
    }
}

#[test]
#[cfg(unix)]
fn a_signature_is_written_through_no_link_that_leads_away() {
    use std::fs;
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("out")).expect("a folder");
    fs::write(at("victim"), "precious").expect("write");
    let compile =
        |name: &str| run(&["compile", "-o", &shown(&at(name)), "--sign-key", &data("ci.key")], None);
    for target in ["../victim", "../nothing"] {
        symlink(target, at("out/t.json.sig")).expect("a link");
        let output = compile("out/t.json");
        assert_eq!(status(&output), 2, "{}", stderr(&output));
        let why = "t.json.sig` is a link to another file, and a signature is written beside its table and nowhere else";
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
        assert!(!at("out/t.json").exists() && !at("nothing").exists());
        assert_eq!(fs::read_to_string(at("victim")).expect("a file"), "precious");
        fs::remove_file(at("out/t.json.sig")).expect("remove");
    }
    // A table by another name has its signature by another name.
    symlink("v1.json", at("current.json")).expect("a link");
    symlink("v1.json.sig", at("current.json.sig")).expect("a link");
    assert_eq!(status(&compile("current.json")), 0);
    assert!(at("current.json.sig").is_symlink() && at("v1.json.sig").is_file());
}

#[test]
fn a_signed_table_is_compared_with_the_workspace_that_it_was_made_of() {
    let signed = Signed::new();
    let table = shown(&signed.table);
    let key = data("ci.pub");
    let workspace = bundle::root("examples/logistics").display().to_string();
    let diff =
        |old: &str, new: &str| run(&["diff", old, new, "--deny", "widened", "--trusted-key", &key], None);
    let output = diff(&table, &workspace);
    assert_eq!((status(&output), stderr(&output).as_str()), (0, ""), "{}", stdout(&output));
    // A folder in the place of the table is none, and keys say nothing where there is no table.
    let folder = signed.table.with_file_name("other.json");
    std::fs::create_dir(&folder).expect("a folder");
    let output = diff(&shown(&folder), &workspace);
    let why = format!(
        "error: `{}` is a folder, and a decision table is called so: rename the folder\n",
        shown(&folder)
    );
    assert_eq!((status(&output), stderr(&output)), (2, why));
    let output = diff(&workspace, &workspace);
    let why = "error: `--trusted-key` demands that tables are signed, and neither side is a table: leave it out, or name a table\n";
    assert_eq!((status(&output), stderr(&output).as_str()), (2, why));
}
