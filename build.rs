//! Says what the program was built from, and lists all findings: the `Check` of each module that `src/check/mod.rs`
//! names, in the order of its lines. So a new finding is one file and one line, and a file without its line does not build.

use std::collections::BTreeSet;
use std::path::Path;

const FOLDER: &str = "src/check";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build.rs");
    say_origin();
    let modules = std::fs::read_to_string(format!("{FOLDER}/mod.rs"))?;
    let modules: Vec<&str> = modules.lines().filter_map(module).collect();
    for file in files()?.iter().filter(|file| !modules.contains(&file.as_str())) {
        if !checks(file)?.is_empty() {
            println!("cargo::error={FOLDER}/{file}.rs is not in {FOLDER}/mod.rs: add the line `mod {file};`");
        }
    }
    let mut list = String::from("&[\n");
    for module in modules {
        for check in checks(module)? {
            list += &format!("    {module}::{check},\n");
        }
    }
    list += "]\n";
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("checks.rs"), list)?;
    Ok(())
}

/// What `--version --verbose` says: the commit, the target and the profile of this build.
///
/// A release is told its commit in `GOVCTL_COMMIT`; else git is asked, of a build for development nothing, which would be
/// made anew for each commit.
fn say_origin() {
    println!("cargo::rerun-if-env-changed=GOVCTL_COMMIT");
    let given = std::env::var("GOVCTL_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = given.or_else(|| is_release.then(head).flatten()).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=GOVCTL_BUILT_FROM={commit}");
    println!("cargo::rustc-env=GOVCTL_BUILT_FOR={}", std::env::var("TARGET").unwrap_or_default());
    // `target/dist/build/govctl-…/out`: `PROFILE` knows of two profiles alone.
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    let profile = Path::new(&out).ancestors().nth(3).and_then(|folder| folder.file_name()?.to_str());
    println!("cargo::rustc-env=GOVCTL_BUILT_AS={}", profile.unwrap_or("unknown"));
}

/// The commit that is checked out, where git knows it.
fn head() -> Option<String> {
    let log = Path::new(".git/logs/HEAD");
    if log.exists() {
        println!("cargo::rerun-if-changed={}", log.display());
    }
    let output = std::process::Command::new("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && commit.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(commit)
}

/// `pub mod dead_rule;` → `dead_rule`.
fn module(line: &str) -> Option<&str> {
    let (before, name) = line.strip_suffix(';')?.split_once("mod ")?;
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

/// The files that can be modules, without their ending; a folder holds parts of the file beside it.
fn files() -> std::io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(FOLDER)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        found.extend(name.strip_suffix(".rs").filter(|name| *name != "mod").map(str::to_owned));
    }
    Ok(found)
}

/// The names of the constants of type `Check` in a file.
fn checks(module: &str) -> std::io::Result<Vec<String>> {
    let text = std::fs::read_to_string(format!("{FOLDER}/{module}.rs"))?;
    let name = |line: &str| {
        let (before, rest) = line.split_once("const ")?;
        let (name, _) = rest.split_once(": Check = ")?;
        (before.is_empty() || before.starts_with("pub")).then(|| name.to_owned())
    };
    Ok(text.lines().filter_map(name).collect())
}
