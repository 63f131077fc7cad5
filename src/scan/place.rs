//! Where a hit stands: in code that runs, in a comment, a test, a document, a lock file.

use super::{comments, marks, python};

/// Kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Code and configuration: what a migration has to touch.
    Code,
    /// A comment or a docstring.
    Comment,
    /// Code that only tests run.
    Test,
    /// Prose about the code.
    Document,
    /// A lock file, or what a tool made.
    Lock,
}

impl Place {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Code, Self::Comment, Self::Test, Self::Document, Self::Lock];

    /// As JSON and SARIF have it.
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
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) number: u32,
}

/// Whether what stands behind a part of a line is in a comment that `#` begins.
pub(super) fn is_behind_hash(before: &str) -> bool {
    let mut quote = None;
    let mut last = ' ';
    for (at, c) in before.char_indices() {
        match quote {
            Some(open) if c == open && last != '\\' => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c == '#' && (at == 0 || last.is_whitespace()) => return true,
            None => {}
        }
        last = c;
    }
    false
}

/// The lines of a text, walked through once.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// What is not run, in order.
    comments: Vec<(usize, usize)>,
    start: usize,
    number: u32,
}

impl<'a> Lines<'a> {
    pub(super) fn new(path: &str, text: &'a str) -> Self {
        let end = path.rsplit('.').next().unwrap_or_default();
        let comments = match end {
            "py" | "pyi" => python::comments(text),
            _ => comments::ranges(text, marks::of_file(path, text)),
        };
        Self { text, comments, start: 0, number: 1 }
    }

    /// The line that a place is on; places only grow.
    pub(super) fn at(&mut self, place: usize) -> Line {
        loop {
            let rest = self.text.get(self.start..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            if place <= self.start + length {
                return Line { start: self.start, number: self.number };
            }
            self.start += length + 1;
            self.number = self.number.saturating_add(1);
        }
    }

    /// Whether a place is in a comment or a docstring.
    pub(super) fn is_comment(&self, place: usize) -> bool {
        let after = self.comments.partition_point(|(from, _)| *from <= place);
        after.checked_sub(1).and_then(|at| self.comments.get(at)).is_some_and(|(_, to)| place < *to)
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
        let comment = |path: &str, text: &str| {
            let at = text.find('W').unwrap_or_default();
            Lines::new(path, text).is_comment(at)
        };
        for (path, text) in [
            ("a.py", "x = 1  # use W"),
            ("a.py", "def f():\n    \"\"\"Asks\n    W\n    \"\"\"\n"),
            ("a.ts", "f() // W"),
            ("a.ts", "f();// W"),
            ("a.ts", "/**\n * W\n */"),
            ("a.c", "/* first\n   W\n*/"),
            ("a.java", "x = 1; /* it's W */"),
            ("a.rs", "fn f<'a>(x: &'a str) {} // W"),
            ("a.sql", "select 1 /* W */"),
            ("a.rb", "x = 1\n=begin\nW\n=end\n"),
            ("a.lua", "--[[ first\nW ]]"),
            ("a.ps1", "<#\nW\n#>"),
            ("a.ex", "  @moduledoc \"\"\"\n  W\n  \"\"\""),
            ("a.vue", "<template>\n<!-- W -->"),
            ("a.graphql", "type A { # W"),
            ("a.coffee", "###\nW\n###"),
            ("a.ml", "let x = 1 (* W *)"),
            ("a.vb", "x = 1 ' W"),
            ("a.erb", "<p><%# W %></p>"),
            ("a.j2", "{# W #}"),
            ("a.sh", "cat <<EOF\nx\nEOF\n# W"),
            ("a.rs", "let x = r#\"a\"#; // W"),
        ] {
            assert!(comment(path, text), "{path}: {text}");
        }
        for (path, text) in [
            ("a.py", "x = '#1 W'"),
            ("a.py", "def f():\n    \"\"\"Asks\"\"\"\n    return 'W'\n"),
            ("a.ts", "fetch('https://x/W')"),
            ("a.ts", "/** doc */ const m = \"W\";"),
            ("a.ts", "const m = /** @type {string} */ (\"W\");"),
            ("a.java", "foo(); /* x */ bar(\"W\");"),
            ("a.ts", "const glob = \"src/*\"; const m = \"W\"; /* x */"),
            ("a.ts", "const t = `// ${W}`;"),
            ("a.c", "#include <W>"),
            ("a.c", "x = /* never closed\nW"),
            ("a.json", "{\"x\": \"// W\"}"),
            ("a.yaml", "x: a#b W"),
            ("a.sh", "echo ${#list[@]} \"W\""),
            ("a.sh", "cat <<EOF\n# W\nEOF\n"),
            ("a.tf", "x = <<-END\n  # W\n  END\n"),
            ("a.php", "#[Attribute(\"W\")]"),
            ("a.php", "$x = <<<END\n// W\nEND;\n"),
            ("a.rs", "let x = r##\"a \"# // W\"##;"),
            ("a.ps1", "$x = \"a`\" # W\""),
        ] {
            assert!(!comment(path, text), "{path}: {text}");
        }
    }
}
