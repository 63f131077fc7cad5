//! Names mean one thing, and comments say more than names.

use std::path::Path;

use crate::bundle;

/// Every line of code below a folder, with its file and its number from 0.
fn lines(folder: &Path, found: &mut Vec<(String, Vec<String>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            lines(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            found.push((path.display().to_string(), text.lines().map(str::to_owned).collect()));
        }
    }
}

fn sources() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for home in ["src", "loaders/rust/src"] {
        lines(&bundle::root(home), &mut found);
    }
    assert!(found.len() > 500, "the sources are not where they were");
    found
}

/// `Request` is what a gateway asks, and `Outcome` where a request goes, of the loader and of the compiler; what else is
/// a key, a request or an outcome has a name that says of what.
#[test]
fn a_request_and_an_outcome_are_one_thing() {
    let may = [("Request", "lookup.rs"), ("Outcome", "answer.rs"), ("Outcome", "decide/outage.rs")];
    let mut strangers = Vec::new();
    for (path, lines) in sources() {
        for line in &lines {
            let declared = ["struct ", "enum ", "type "].iter().find_map(|word| line.split_once(word));
            let Some((before, after)) = declared else { continue };
            let name = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_declared = before.trim().is_empty() || before.trim().starts_with("pub");
            let is_ours = may.iter().any(|(known, file)| *known == name && path.ends_with(file));
            if is_declared && ["Key", "Request", "Outcome"].contains(&name) && !is_ours {
                strangers.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(strangers.is_empty(), "{strangers:#?}");
}

/// `Its name.` above `name` says nothing. A comment says what the name does not: a shape, a unit, an order, a reason.
#[test]
fn no_comment_only_repeats_the_name() {
    let mut repeated = Vec::new();
    for (path, lines) in sources() {
        let comment = |at: usize| lines.get(at).and_then(|line| line.trim_start().strip_prefix("/// "));
        for (at, _) in lines.iter().enumerate() {
            let Some(said) = comment(at).filter(|said| !said.contains('`')) else { continue };
            let is_alone = comment(at + 1).is_none() && at.checked_sub(1).and_then(comment).is_none();
            let is_code = |line: &&String| !line.trim_start().starts_with("#[");
            let Some(declared) = lines.iter().skip(at + 1).find(is_code) else { continue };
            let name = words(&name(declared));
            let said: Vec<String> =
                words(said).into_iter().filter(|word| !SMALL.contains(&&**word)).collect();
            // A help text of an option is what people read.
            if is_alone && !path.contains("/cli/") && said.iter().all(|word| name.contains(word)) {
                repeated.push(format!("{path}:{}: {}", at + 1, declared.trim()));
            }
        }
    }
    assert!(repeated.is_empty(), "{repeated:#?}");
}

/// Words that add nothing.
const SMALL: [&str; 12] =
    ["the", "a", "an", "it", "their", "thi", "these", "one", "all", "of", "some", "what"];

/// The name that a line declares.
fn name(line: &str) -> String {
    let keywords =
        ["pub", "const", "static", "fn", "struct", "enum", "trait", "type", "async", "crate", "super"];
    let names = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    names.filter(|word| !word.is_empty()).find(|word| !keywords.contains(word)).unwrap_or_default().to_owned()
}

/// The words of a name or a comment, small and without an `s` at the end: `LeftOut` as `left`, `out`.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("a word").extend(c.to_lowercase());
        }
        before = c;
    }
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.map(|word| word.trim_end_matches('s').to_owned()).collect()
}
