//! Where a hit stands: in code that runs, in a comment, a test, a document, a lock file.

use super::{marks, python};

/// Kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Code and configuration: what a migration has to touch.
    Code,
    /// A comment or a docstring.
    Comment,
    /// A test.
    Test,
    /// A document.
    Document,
    /// A lock file, or what a tool made.
    Lock,
}

impl Place {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Code, Self::Comment, Self::Test, Self::Document, Self::Lock];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Comment => "comment",
            Self::Test => "test",
            Self::Document => "document",
            Self::Lock => "lock",
        }
    }
}

const LOCKS: [&str; 10] = [
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "go.sum",
    "Gemfile.lock",
];

const DOCUMENTS: [&str; 9] = [".md", ".mdx", ".rst", ".txt", ".adoc", ".html", ".ipynb", ".svg", ".csv"];

/// What a file is by its path.
pub(super) fn of_path(path: &str) -> Place {
    let mut parts = path.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or_default();
    if LOCKS.contains(&name) || name.ends_with(".min.js") || name.rsplit('.').next() == Some("map") {
        return Place::Lock;
    }
    let is_test_folder =
        |part: &str| ["test", "tests", "__tests__", "spec", "testdata", "fixtures", "e2e"].contains(&part);
    let stem = name.split('.').next().unwrap_or_default();
    let is_test = stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "conftest"
        || name.contains(".test.")
        || name.contains(".spec.");
    if is_test || parts.any(is_test_folder) {
        return Place::Test;
    }
    if DOCUMENTS.iter().any(|end| name.ends_with(end)) || ["LICENSE", "CHANGELOG", "README"].contains(&name) {
        return Place::Document;
    }
    Place::Code
}

/// A line of a text.
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) number: u32,
    text: &'a str,
}

/// Whether what stands behind a part of a line is in a comment.
pub(super) fn in_comment(line: &str, before: &str, marks: &[&str]) -> bool {
    let head = line.trim_start();
    if marks.iter().any(|mark| head.starts_with(mark)) || (head.starts_with("* ") && marks.contains(&"//")) {
        return true;
    }
    let mut quote = None;
    let mut last = ' ';
    for (at, c) in before.char_indices() {
        match quote {
            Some(open) if c == open && last != '\\' => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => {
                let rest = before.get(at..).unwrap_or_default();
                // `https://` is no comment, and neither is `a#b` in YAML.
                let opens = |mark: &&&str| rest.starts_with(**mark) && (at == 0 || last.is_whitespace());
                if marks.iter().find(opens).is_some() {
                    return true;
                }
            }
        }
        last = c;
    }
    false
}

/// The lines of a text, walked through once.
pub(super) struct Lines<'a> {
    text: &'a str,
    marks: &'static [&'static str],
    /// What is not run, where the language says it better than single lines do.
    comments: Option<Vec<(usize, usize)>>,
    start: usize,
    number: u32,
}

impl<'a> Lines<'a> {
    pub(super) fn new(path: &str, text: &'a str) -> Self {
        let end = path.rsplit('.').next().unwrap_or_default();
        let marks = marks::of_file(path, text);
        let comments = ["py", "pyi"].contains(&end).then(|| python::comments(text));
        Self { text, marks, comments, start: 0, number: 1 }
    }

    /// The line that a place is on; places only grow.
    pub(super) fn at(&mut self, place: usize) -> Line<'a> {
        loop {
            let rest = self.text.get(self.start..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            if place <= self.start + length {
                let text = rest.get(..length).unwrap_or_default();
                return Line { start: self.start, number: self.number, text };
            }
            self.start += length + 1;
            self.number = self.number.saturating_add(1);
        }
    }

    /// Whether a place on a line is in a comment or a docstring.
    pub(super) fn is_comment(&self, place: usize, line: &Line) -> bool {
        if let Some(comments) = &self.comments {
            let after = comments.partition_point(|(from, _)| *from <= place);
            return after.checked_sub(1).and_then(|at| comments.get(at)).is_some_and(|(_, to)| place < *to);
        }
        let before = self.text.get(line.start..place).unwrap_or_default();
        in_comment(line.text, before, self.marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is() {
        for (path, place) in [
            ("src/app.py", Place::Code),
            ("deploy/values.yaml", Place::Code),
            ("tests/test_app.py", Place::Test),
            ("src/app.spec.ts", Place::Test),
            ("docs/how.md", Place::Document),
            ("web/yarn.lock", Place::Lock),
        ] {
            assert_eq!(of_path(path), place, "{path}");
        }
    }

    #[test]
    fn comments_are_told_apart_from_texts() {
        let comment = |path: &str, text: &str, word: &str| {
            let at = text.find(word).unwrap_or_default();
            let mut lines = Lines::new(path, text);
            let line = lines.at(at);
            lines.is_comment(at, &line)
        };
        assert!(comment("a.py", "x = 1  # use W", "W"));
        assert!(!comment("a.py", "x = '#1 W'", "W"));
        assert!(comment("a.py", "def f():\n    \"\"\"Asks\n    W\n    \"\"\"\n", "W"));
        assert!(!comment("a.py", "def f():\n    \"\"\"Asks\"\"\"\n    return 'W'\n", "W"));
        assert!(!comment("a.ts", "fetch('https://x/W')", "W"));
        assert!(comment("a.ts", "f() // W", "W"));
        assert!(comment("a.ts", "/**\n * W\n */", "W"));
        assert!(!comment("a.json", "{\"x\": \"// W\"}", "W"));
    }
}
