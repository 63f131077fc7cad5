//! Mistakes that people make, one at a time, in a workspace without errors: what is said about each, word for word.
//!
//! A file of `tests/cases/mistakes/` has groups. A group begins with `@ path` and what is done to that file: `- ` lines
//! that stand in it once and `+ ` lines that replace them, or `+ ` lines alone, which are appended. Each `* ` line of the
//! group is a mistake: it stands for `{}` in the lines of the group (`{n}` is a line break). The `> ` lines below it are
//! what `check` says: line, column, code, message, and the help in a line of its own.

use std::fmt::Write as _;

use govctl::diag::{Finding, Severity};
use govctl::{load, workspace};

use crate::bundle;

const FOLDER: &str = "tests/cases/mistakes";

/// What is done to one file.
#[derive(Clone, Default)]
struct Group {
    path: String,
    old: String,
    new: String,
}

impl Group {
    /// The text of the file with a mistake in it.
    fn apply(&self, text: &str, mistake: &str) -> String {
        let new = self.new.replace("{}", &mistake.replace("{n}", "\n").replace("{t}", "\t"));
        if self.old.is_empty() {
            return format!("{text}\n{new}");
        }
        assert_eq!(text.matches(&self.old).count(), 1, "{}: not once: {:?}", self.path, self.old);
        text.replace(&self.old, &new)
    }
}

/// The base with one file changed.
fn changed(path: &str, text: String) -> Vec<bundle::File> {
    let base = std::fs::read_to_string(bundle::root(FOLDER).join("base.txt")).expect("the base");
    let mut files = bundle::files(&base);
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the base");
    file.text = text;
    files
}

fn original(path: &str) -> String {
    let base = std::fs::read_to_string(bundle::root(FOLDER).join("base.txt")).expect("the base");
    bundle::files(&base).into_iter().find(|file| file.path == path).expect("a file of the base").text
}

/// A finding with its place, as a person counts.
struct Said {
    finding: Finding,
    /// What its fixes do, the best first.
    fixes: Vec<String>,
    path: String,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

/// The errors of a workspace, and of warnings those that stand in the changed file.
fn said(files: &[bundle::File], changed: &str) -> Vec<Said> {
    let folder = bundle::unpack(files);
    let loaded = load::load(folder.path()).expect("a workspace");
    let workspace = workspace::read(loaded, bundle::AS_OF.parse().expect("a day"));
    let checked = workspace.check();
    let mut all = Vec::new();
    for finding in &checked.findings {
        let span = finding.primary.span;
        let path = workspace.sources.path(span.file).to_owned();
        let text = &files.iter().find(|file| file.path == path).expect("a file").text;
        let (start, end) = (span.start as usize, span.end as usize);
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        if finding.severity == Severity::Error || path == changed {
            let fixes = govctl::fix::fixes(&workspace.sources, finding);
            let fixes = fixes.into_iter().map(|fix| fix.title).collect();
            all.push(Said { finding: finding.clone(), fixes, path, start, end, line, column });
        }
    }
    all.sort_by_key(|said| (said.finding.severity, said.path.clone(), said.start));
    all
}

fn printed(all: &[Said], changed: &str) -> String {
    let errors = all.iter().filter(|said| said.finding.severity == Severity::Error).count();
    let shown = if errors > 0 { errors.min(3) } else { all.len().min(2) };
    let mut text = String::new();
    for said in all.iter().take(shown) {
        let elsewhere = if said.path == changed { String::new() } else { format!("{}:", said.path) };
        let Said { finding, line, column, .. } = said;
        let _ = writeln!(text, "> {elsewhere}{line}:{column} {}: {}", finding.code, finding.message);
        for help in finding.help.iter().flat_map(|help| help.lines()) {
            let _ = writeln!(text, ">   {help}");
        }
    }
    if errors > shown {
        let _ = writeln!(text, "> and {} more", errors - shown);
    }
    if all.is_empty() { "> nothing\n".to_owned() } else { text }
}

/// What a help says to write instead of the marked text: ``write `X` ``, and what follows it.
fn replacement(help: &str) -> Option<&str> {
    let (inner, rest) = help.strip_prefix("write `")?.split_once('`')?;
    let instead = rest.strip_prefix(" instead of `").and_then(|rest| rest.split_once('`'));
    let one =
        rest.is_empty() || rest.starts_with([':', ';']) || instead.is_some_and(|(_, rest)| rest.is_empty());
    (one && !inner.contains('…')).then_some(inner)
}

/// What a help says to write for some stretch of the line: ``write it as `X` ``.
fn rewriting(help: &str) -> Option<&str> {
    let (_, written) = help.split_once("write it as `")?;
    let (inner, _) = written.split_once('`')?;
    (!inner.contains('…')).then_some(inner)
}

/// Whether a text that was put into a file leaves nothing there that cannot be read, or only what is said how to mend.
fn is_read(path: &str, text: &str, tries: u8) -> bool {
    if tries == 0 && path.starts_with("policies/") {
        return govctl::syntax::format(govctl::source::FileId::NONE, text).is_ok();
    }
    let unread = |said: &Said| ["syntax", "schema"].contains(&said.finding.code.0);
    let all = self::said(&changed(path, text.to_owned()), path);
    let Some(said) = all.iter().find(|said| unread(said)) else { return true };
    let again = said.finding.help.as_deref().and_then(replacement).filter(|_| tries > 0);
    again.is_some_and(|right| {
        is_read(path, &format!("{}{right}{}", &text[..said.start], &text[said.end..]), tries - 1)
    })
}

/// Every place of a line where a word, a number or a symbol may begin or end.
fn edges(line: &str) -> Vec<usize> {
    let mut edges: Vec<usize> = vec![0, line.len()];
    let mut last = ' ';
    for (at, c) in line.char_indices() {
        let joins = |c: char| c.is_alphanumeric() || "_-./:@".contains(c);
        if !(joins(c) && joins(last)) {
            edges.push(at);
        }
        last = c;
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// What is wrong with the text that a help gives, put where it belongs.
fn advice(path: &str, text: &str, said: &Said) -> Option<String> {
    let help = said.finding.help.as_deref()?;
    let put = |start: usize, end: usize, right: &str| format!("{}{right}{}", &text[..start], &text[end..]);
    if !["syntax", "schema"].contains(&said.finding.code.0) {
        return None;
    }
    if let Some(right) = replacement(help) {
        let again = !is_read(path, &put(said.start, said.end, right), 3);
        return again.then(|| format!("`{right}` cannot be read there"));
    }
    let right = rewriting(help)?;
    let line = text[..said.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[line..].find('\n').map_or(text.len(), |at| line + at);
    let edges: Vec<usize> = edges(&text[line..end]).into_iter().map(|at| line + at).collect();
    let found = edges.iter().rev().any(|&from| {
        let ends = edges.iter().filter(|&&to| to > from && from <= said.start && to >= said.end);
        ends.into_iter().any(|&to| is_read(path, &put(from, to, right), 0))
    });
    (!found).then(|| format!("`{right}` can be read nowhere on that line"))
}

/// What is wrong with what is said of a mistake; empty where nothing is.
fn faults(group: &Group, text: &str, all: &[Said]) -> String {
    let mut faults = String::new();
    let errors: Vec<&Said> = all.iter().filter(|said| said.finding.severity == Severity::Error).collect();
    for said in &errors {
        let Said { finding, .. } = said;
        if finding.help.is_none() {
            let _ = writeln!(faults, "no help: {}", finding.message);
        }
        let long = finding.message.chars().count() > 160 || finding.message.contains('\n');
        let help = finding.help.as_deref().unwrap_or_default();
        if long || help.chars().count() > 260 || help.contains('\n') {
            let _ = writeln!(faults, "too long: {}\n{help}", finding.message);
        }
        // A word in place of another is named in the help, which may say more than the fix.
        if let (Some(right), [fix, ..]) =
            (finding.help.as_deref().and_then(replacement), said.fixes.as_slice())
            && *fix != format!("write `{right}`")
        {
            let _ =
                writeln!(faults, "the help says to write `{right}`, and the fix does another thing: {fix}");
        }
        if text[said.start..said.end].contains('\n') {
            let _ = writeln!(faults, "marks more than a line: {}", finding.message);
        }
    }
    if let [said] = errors.as_slice()
        && said.path == group.path
    {
        if let Some(right) = said.finding.help.as_deref().and_then(replacement) {
            let mended = format!("{}{right}{}", &text[..said.start], &text[said.end..]);
            let left: Vec<String> = self::said(&changed(&group.path, mended), &group.path)
                .iter()
                .filter(|left| left.finding.severity == Severity::Error)
                .filter(|left| (left.line, left.column) == (said.line, said.column))
                .filter(|left| left.finding.code == said.finding.code)
                .map(|left| left.finding.message.clone())
                .collect();
            if !left.is_empty() {
                let _ = writeln!(faults, "`{right}` is wrong again: {left:?}");
            }
        }
        if let Some(fault) = advice(&group.path, text, said) {
            let _ = writeln!(faults, "{fault}");
        }
    }
    faults
}

/// Runs every mistake of a file; returns the file with what is said, and what is wrong with that.
fn run(text: &str) -> (String, String) {
    let (mut out, mut wrong) = (String::new(), String::new());
    let mut group = Group::default();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("@ ") {
            group = Group { path: path.to_owned(), ..Group::default() };
        } else if let Some(old) = line.strip_prefix("- ") {
            group.old += &format!("{old}\n");
        } else if let Some(new) = line.strip_prefix("+ ") {
            group.new += &format!("{new}\n");
        }
        if line.starts_with('>') {
            continue;
        }
        let _ = writeln!(out, "{line}");
        if let Some(mistake) = line.strip_prefix("* ") {
            let text = group.apply(&original(&group.path), mistake);
            let all = said(&changed(&group.path, text.clone()), &group.path);
            out += &printed(&all, &group.path);
            let faults = faults(&group, &text, &all);
            if !faults.is_empty() {
                let _ = writeln!(wrong, "* {mistake}\n{faults}");
            }
        }
    }
    (out, wrong)
}

#[test]
fn the_base_has_no_error() {
    let all = said(&changed("policies/rules.gov", original("policies/rules.gov")), "policies/rules.gov");
    assert_eq!(printed(&all, "policies/rules.gov"), "> nothing\n");
}

#[test]
fn a_mistake_is_answered_with_what_to_write() {
    let folder = bundle::root(FOLDER);
    let entries = std::fs::read_dir(&folder).expect("the folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name != "base.txt"));
    paths.sort();
    let mut wrong = String::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of mistakes");
        let (found, faults) = run(&text);
        wrong += &faults;
        if bundle::bless() {
            std::fs::write(&path, &found).expect("blessed");
        } else if found != text {
            let _ = writeln!(wrong, "{}:\n{found}", path.display());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
