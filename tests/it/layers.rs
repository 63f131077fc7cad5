//! The rules of ARCHITECTURE.md about who may use what, held by reading src/.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bundle;

/// Every source file as path below src/ and the text of its code, without tests and comments.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&bundle::root("src"), "", &mut found);
    found.sort();
    assert!(found.len() > 50, "src/ is not where it was");
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let shown = format!("{prefix}{name}");
        if path.is_dir() && !["tests", "target"].contains(&name.as_str()) {
            collect(&path, &format!("{shown}/"), found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !name.starts_with("tests") {
            let text = std::fs::read_to_string(&path).expect("a source");
            // Unit tests stand at the end of a file, and comments may speak of anything.
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((shown, code.collect::<Vec<&str>>().join("\n")));
        }
    }
}

/// Asserts that only some files contain any of some words.
fn only(homes: impl Fn(&str) -> bool, words: &[&str]) {
    let mut strangers = Vec::new();
    for (path, code) in sources().iter().filter(|(path, _)| !homes(path)) {
        for (number, line) in (1..).zip(code.lines()) {
            for word in words.iter().filter(|word| has_word(line, word)) {
                strangers.push(format!("src/{path} (code line {number}) uses {word}: {}", line.trim()));
            }
        }
    }
    assert!(strangers.is_empty(), "{strangers:#?}");
}

/// Whether a line has a word that is not the end of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.as_bytes().get(at.wrapping_sub(1));
        !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

/// The folder's reader, and the only one that starts a program: git, which reads its own store.
fn is_loader(path: &str) -> bool {
    path.starts_with("load/")
}

fn is_cli(path: &str) -> bool {
    path.starts_with("cli/") || path == "cli.rs"
}

#[test]
fn only_the_loaders_and_the_command_line_touch_the_world() {
    let io = [
        "std::fs",
        "fs::",
        "std::env",
        "env::",
        "std::time",
        "SystemTime",
        "Instant::now",
        "std::process",
        "std::net",
        "std::io::",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
        "dbg!",
        "stdout()",
        "stderr()",
        "stdin()",
        "walkdir",
    ];
    let word = |path: &str| is_loader(path) || path == "main.rs" || is_cli(path);
    only(word, &io);
}

#[test]
fn the_loaders_neither_print_nor_read_the_clock() {
    let other = |path: &str| !is_loader(path);
    only(other, &["std::env", "std::time", "Timestamp::now", "println!", "eprintln!"]);
    let starts = ["load/git.rs", "load/objects.rs"];
    only(|path| starts.contains(&path) || !is_loader(path), &["std::process"]);
    let reads = ["load/file.rs", "load/folder.rs", "load/near.rs"];
    only(|path| reads.contains(&path) || !is_loader(path), &["std::fs", "fs::", "walkdir"]);
}

#[test]
fn the_loader_stands_alone() {
    let manifest = std::fs::read_to_string(bundle::root("loaders/rust/Cargo.toml")).expect("a manifest");
    let (_, after) = manifest.split_once("[dependencies]\n").expect("dependencies");
    let (needed, _) = after.split_once("\n[").expect("another section");
    let needed: Vec<&str> =
        needed.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
    assert_eq!(needed, ["serde", "serde_json", "sha2", "minisign-verify"], "what a gateway builds");
    assert!(!manifest.contains("[features]"));
}

#[test]
fn a_library_has_one_home() {
    only(|path| path == "render/human.rs", &["miette"]);
    only(is_cli, &["clap", "clap_complete", "clap_mangen", "ignore::"]);
    only(|path| ["scan/words.rs", "scan/named.rs"].contains(&path), &["aho_corasick"]);
    only(|path| ["diff/source_lines.rs", "cli/fmt.rs", "cli/unified.rs"].contains(&path), &["similar"]);
    only(|path| path.starts_with("yaml/"), &["serde_saphyr", "jsonschema"]);
    only(|_| false, &["minisign_verify"]);
    // What signs and what checks are strangers to each other.
    only(|path| path == "compile/sign.rs", &["ed25519_compact", "blake2", "scrypt::"]);
    only(|path| path.starts_with("syntax/"), &["pest::", "pest_derive"]);
    only(|path| path.starts_with("check/") || path.starts_with("decide/"), &["petgraph"]);
}

#[test]
fn what_finds_is_read_by_the_workspace_and_the_command_line_alone() {
    let inside = |path: &str| path.starts_with("check/") || path.starts_with("workspace");
    only(|path| inside(path) || is_cli(path), &["crate::check"]);
}

#[test]
fn the_two_implementations_of_the_semantics_do_not_know_each_other() {
    let mut engines = 0;
    for (path, code) in sources() {
        if path.starts_with("decide/engine") {
            engines += 1;
            assert!(!code.lines().any(|line| has_word(line, "reference")), "src/{path} knows the reference");
        }
        if path.starts_with("decide/reference") {
            assert!(!code.lines().any(|line| has_word(line, "engine")), "src/{path} knows the engine");
        }
    }
    assert!(engines > 0, "there is no decide/engine");
}

/// What the table of ARCHITECTURE.md lets each module import; none: everything.
fn allowed() -> BTreeMap<String, Option<Vec<String>>> {
    let page = std::fs::read_to_string(bundle::root("ARCHITECTURE.md")).expect("a document");
    let mut allowed = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `src/")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [places, _, uses] = cells.as_slice() else { panic!("a row of another shape: {line}") };
        let uses = (*uses != "everything").then(|| modules(uses));
        for place in places.split(", ") {
            let module = place.trim_matches('`').trim_start_matches("src/").trim_end_matches('/');
            allowed.insert(module.trim_end_matches(".rs").to_owned(), uses.clone());
        }
    }
    allowed
}

/// `model (words), yaml` as names; what stands in brackets explains.
fn modules(list: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0;
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The modules of the crate that a line of code names.
fn imports(code: &str) -> Vec<&str> {
    let end = |rest: &str| rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
    code.split("crate::").skip(1).filter_map(|rest| rest.get(..end(rest))).collect()
}

#[test]
fn a_module_imports_what_the_table_of_the_house_allows() {
    const ANYWHERE: [&str; 7] = ["source", "diag", "invariant", "limits", "number", "vocabulary", "work"];
    let allowed = allowed();
    let mut strangers = Vec::new();
    for (path, code) in sources() {
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some(uses) = allowed.get(module) else { panic!("ARCHITECTURE.md has no row for src/{path}") };
        let Some(uses) = uses else { continue };
        assert!(!code.contains("use crate::{"), "src/{path} names several modules in one `use`");
        for name in imports(&code) {
            let is_own = name == module || name.is_empty();
            if !is_own && !ANYWHERE.contains(&name) && !uses.iter().any(|known| known == name) {
                strangers.push(format!("src/{path} uses {name}"));
            }
        }
    }
    strangers.dedup();
    assert!(strangers.is_empty(), "not in the table of ARCHITECTURE.md: {strangers:#?}");
}

/// A constant that is called as bounds are stands in `limits.rs` of its crate, or in a file beside it.
#[test]
fn limits_name_every_bound() {
    let begins = ["MAX", "MOST", "LONGEST", "LARGEST", "DEEPEST", "MANY", "SHOWN", "NAMED", "LIMIT"];
    let is_number = |kind: &str| kind.len() <= 5 && kind.starts_with(['u', 'i']);
    let is_bound = |line: &str| {
        let (_, rest) = line.split_once("const ")?;
        let (name, rest) = rest.split_once(": ")?;
        let (kind, _) = rest.split_once(" = ")?;
        (is_number(kind) && begins.iter().any(|word| name.starts_with(word))).then(|| name.to_owned())
    };
    let mut strangers = Vec::new();
    for home in ["src", "loaders/rust/src"] {
        let mut found = Vec::new();
        collect(&bundle::root(home), "", &mut found);
        assert!(
            found
                .iter()
                .any(|(path, code)| path == "limits.rs" && code.lines().any(|line| is_bound(line).is_some()))
        );
        for (path, code) in found.iter().filter(|(path, _)| !path.starts_with("limits")) {
            strangers.extend(code.lines().filter_map(is_bound).map(|name| format!("{home}/{path}: {name}")));
        }
    }
    assert!(strangers.is_empty(), "bounds that limits.rs does not name: {strangers:#?}");
}

#[test]
fn the_library_lists_its_modules_in_the_order_of_the_table() {
    let page = std::fs::read_to_string(bundle::root("ARCHITECTURE.md")).expect("a document");
    let (_, page) = page.split_once("| place |").expect("the table");
    let library = std::fs::read_to_string(bundle::root("src/lib.rs")).expect("a source");
    let listed = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let place = |module: &str| {
        let at = |name: &str| page.find(&format!("`src/{module}{name}`"));
        at("/").into_iter().chain(at(".rs")).min().unwrap_or_else(|| panic!("no row for {module}"))
    };
    let places: Vec<(usize, &str)> = listed.map(|module| (place(module), module)).collect();
    assert!(places.is_sorted(), "src/lib.rs: {places:#?}");
}

#[test]
fn no_finding_reaches_into_another_one() {
    let is_finding = |code: &str| code.contains("const CHECK: Check = ");
    let checks: Vec<(String, String)> =
        sources().into_iter().filter(|(path, _)| path.starts_with("check/")).collect();
    let findings = checks.iter().filter(|(_, code)| is_finding(code));
    let findings: Vec<&str> = findings
        .filter_map(|(path, _)| path.strip_prefix("check/")?.strip_suffix(".rs"))
        .filter(|name| *name != "mod")
        .collect();
    assert!(findings.len() > 60, "{findings:#?}");
    let mut strangers = Vec::new();
    for (path, code) in checks.iter().filter(|(path, _)| path != "check/mod.rs") {
        let named = |name: &&&str| code.contains(&format!("super::{name}::"));
        strangers.extend(findings.iter().filter(named).map(|name| format!("src/{path} uses {name}")));
    }
    assert!(strangers.is_empty(), "{strangers:#?}");
}

/// The two sides of a diff are decided before it sees them.
#[test]
fn a_diff_decides_nothing_by_the_reference() {
    only(|path| !path.starts_with("diff/"), &["crate::decide::reference", "crate::explain"]);
}

#[test]
fn every_file_says_what_it_is_for_and_is_of_a_size_to_read() {
    for home in ["src", "loaders/rust/src", "tests/it", "benches", "fuzz"] {
        let mut found = Vec::new();
        collect(&bundle::root(home), "", &mut found);
        for (path, _) in found {
            let text = std::fs::read_to_string(bundle::root(home).join(&path)).expect("a source");
            assert!(text.starts_with("//! "), "{home}/{path} does not begin with what it is for");
            let lines = text.lines().count();
            assert!(lines <= 400, "{home}/{path} has {lines} lines");
        }
    }
}

#[test]
fn no_function_is_too_long_to_be_read_at_once() {
    let mut long = Vec::new();
    for home in ["src", "tests", "benches", "loaders/rust", "fuzz"] {
        let mut found = Vec::new();
        collect(&bundle::root(home), "", &mut found);
        for (path, _) in found {
            let text = std::fs::read_to_string(bundle::root(home).join(&path)).expect("a source");
            let too_long = functions(&text).into_iter().filter(|(_, lines)| *lines > 70);
            long.extend(too_long.map(|(name, lines)| format!("{home}/{path}: {name} has {lines} lines")));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_lines_of_functions_are_counted_from_their_name_to_their_end() {
    let text =
        "impl A {\n    pub fn a(\n        self,\n    ) -> u8 {\n        1\n    }\n\n    const fn b() {}\n}\n";
    assert_eq!(functions(text), [("a", 5), ("b", 1)]);
}

/// Every function with its lines, as rustfmt lays them out: it ends where a bracket stands below its first line.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let written = line.trim_start();
        let indent = line.len() - written.len();
        let Some((before, after)) = written.split_once("fn ") else { continue };
        let is_head = before.split_whitespace().all(|word| {
            word.starts_with("pub")
                || ["const", "async", "unsafe", "extern", "\"C\"", "crate)"].contains(&word)
        });
        let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if !is_head || name.is_empty() {
            continue;
        }
        let ends = |line: &&str| {
            let rest = line.strip_prefix(" ".repeat(indent).as_str()).unwrap_or_default();
            rest == "}" || rest.starts_with(')') && rest.ends_with(';')
        };
        let is_whole = line.ends_with('}') || line.ends_with(';');
        let rest = lines.get(at..).unwrap_or_default();
        let end = if is_whole { Some(0) } else { rest.iter().position(ends) };
        found.push((name, end.expect("an end") + 1));
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    let read = |path: &str| std::fs::read_to_string(bundle::root(path)).expect("a file");
    let manifest = read("Cargo.toml") + &read("loaders/rust/Cargo.toml");
    let page = read("ARCHITECTURE.md");
    let mut before = "";
    let mut is_dependency = false;
    let mut seen = 0;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependency = line.ends_with("dependencies]");
        } else if is_dependency && let Some((name, _)) = line.split_once(" = ") {
            seen += 1;
            assert!(before.starts_with("# "), "Cargo.toml gives no reason for {name}");
            assert!(page.contains(&format!("\n| {name} | ")), "ARCHITECTURE.md does not name {name}");
        }
        before = line;
    }
    assert!(seen > 20, "the manifest was read: {seen}");
}

#[test]
fn an_attribute_of_models_stands_in_eight_files() {
    // What the import of governance files understands is a vocabulary of its own.
    let reads = |code: &str| has_any(code, &["open_weights", "OpenWeights"]);
    let files: Vec<String> = sources()
        .into_iter()
        .filter(|(path, code)| !path.starts_with("import/") && reads(code))
        .map(|(path, _)| path)
        .collect();
    let guide = std::fs::read_to_string(bundle::root("CONTRIBUTING.md")).expect("the guide");
    assert_eq!(files.len(), 8, "{files:#?}");
    for file in files {
        assert!(guide.contains(&format!("`src/{file}`")), "CONTRIBUTING.md does not name {file}");
    }
}

/// Nothing else lists all triggers without `_`, so the compiler names these files alone.
#[test]
fn a_trigger_stands_in_five_files() {
    let all = |code: &str| {
        let names = ["Unauthorized", "OutOfCredit", "ContextExceeded", "ContentFiltered", "RateLimited"];
        let is_arm =
            |name: &&str| has_any(code, &[&format!("Trigger::{name} =>"), &format!("Trigger::{name} |")]);
        names.iter().all(is_arm)
    };
    let listed = sources().into_iter().filter(|(_, code)| all(code)).map(|(path, _)| format!("src/{path}"));
    let mut files: Vec<String> = listed.collect();
    files.extend(["loaders/rust/src/vocabulary.rs".to_owned(), "grammar/gov.pest".to_owned()]);
    let guide = std::fs::read_to_string(bundle::root("CONTRIBUTING.md")).expect("the guide");
    assert_eq!(files.len(), 5, "{files:#?}");
    for file in files {
        assert!(guide.contains(&format!("`{file}`")), "CONTRIBUTING.md does not name {file}");
    }
}

fn has_any(code: &str, words: &[&str]) -> bool {
    words.iter().any(|word| code.contains(word))
}
