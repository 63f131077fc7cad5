//! How comments begin and end, by what a file is called.

use super::comments::Syntax;

/// How comments are written, where the kind of file is known.
pub(super) fn of_file(path: &str, text: &str) -> Syntax {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let has_hash =
        |known: &str| name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
    if has_ruby(&name) {
        return RUBY;
    }
    if HASH_NAMES.into_iter().any(has_hash) {
        return HASH;
    }
    let Some((stem, end)) = name.rsplit_once('.') else {
        return if text.starts_with("#!") { HASH } else { OTHERS };
    };
    match end {
        "ini" | "cfg" | "properties" => Syntax::new(&["#", ";"], &[]),
        "sql" => Syntax::new(&["--"], &[("/*", "*/")]),
        "lua" => Syntax::new(&["--"], &[("--[[", "]]"), ("--[=[", "]=]")]),
        "hs" | "elm" => Syntax::new(&["--"], &[("{-", "-}")]),
        "adb" | "ads" | "vhd" => Syntax::new(&["--"], &[]),
        "clj" | "cljs" | "edn" | "lisp" | "el" | "scm" | "rkt" | "asm" => Syntax::new(&[";"], &[]),
        "tex" | "erl" | "hrl" => Syntax::new(&["%"], &[]),
        "bat" | "cmd" => Syntax::new(&["rem ", "REM ", "@rem ", "@REM ", "::"], &[]),
        "json" | "ipynb" => Syntax::new(&[], &[]),
        "php" => Syntax { except: &["#["], ..Syntax::new(&["//", "#"], &[("/*", "*/")]) },
        "tf" | "tfvars" | "hcl" => Syntax::new(&["//", "#"], &[("/*", "*/")]),
        "ps1" | "psm1" | "psd1" => Syntax { escape: b'`', ..Syntax::new(&["#"], &[("<#", "#>")]) },
        "coffee" => Syntax::new(&["#"], &[("###", "###")]),
        "ml" | "mli" => Syntax::new(&[], &[("(*", "*)")]),
        "vb" | "vbs" | "bas" => Syntax::new(&["'", "rem ", "REM ", "Rem "], &[]),
        "erb" => Syntax::new(&[], &[("<%#", "%>"), ("<!--", "-->")]),
        "j2" | "jinja" | "jinja2" | "twig" => Syntax::new(&[], &[("{#", "#}"), ("<!--", "-->")]),
        "ex" | "exs" => Syntax::new(
            &["#"],
            &[("@moduledoc \"\"\"", "\"\"\""), ("@doc \"\"\"", "\"\"\""), ("@typedoc \"\"\"", "\"\"\"")],
        ),
        "jl" => Syntax::new(&["#"], &[("#=", "=#")]),
        "pl" | "pm" => Syntax::new(&["#"], &[("=pod", "\n=cut"), ("=head", "\n=cut")]),
        "nim" => Syntax::new(&["#"], &[("#[", "]#")]),
        _ if HASH_ENDS.contains(&end) || stem.is_empty() && HASH_HIDDEN.contains(&end) => HASH,
        _ => OTHERS,
    }
}

const HASH: Syntax = Syntax::new(&["#"], &[]);

const RUBY: Syntax = Syntax::new(&["#"], &[("=begin", "\n=end")]);

const OTHERS: Syntax = Syntax::new(&["//"], &[("/*", "*/"), ("<!--", "-->")]);

fn has_ruby(name: &str) -> bool {
    let is_program = name.rsplit_once('.').is_some_and(|(_, end)| ["rb", "rake", "gemspec"].contains(&end));
    is_program || ["gemfile", "rakefile", "vagrantfile", "brewfile"].contains(&name)
}

/// Files whose comments begin with `#`, by the whole name or its first part.
const HASH_NAMES: [&str; 11] = [
    "dockerfile",
    "containerfile",
    "makefile",
    "gnumakefile",
    "justfile",
    "snakefile",
    "tiltfile",
    "procfile",
    "pipfile",
    "codeowners",
    ".env",
];

const HASH_ENDS: [&str; 24] = [
    "graphql",
    "gql",
    "py",
    "pyi",
    "sh",
    "bash",
    "zsh",
    "fish",
    "ksh",
    "yaml",
    "yml",
    "toml",
    "r",
    "env",
    "conf",
    "nix",
    "mk",
    "cmake",
    "dockerfile",
    "bzl",
    "bazel",
    "star",
    "awk",
    "cr",
];

/// Hidden files with such comments.
const HASH_HIDDEN: [&str; 5] = ["gitignore", "dockerignore", "gitattributes", "bashrc", "profile"];

#[cfg(test)]
mod tests {
    use super::of_file;

    #[test]
    fn a_name_says_how_comments_begin() {
        for (path, mark) in [
            ("app/Dockerfile", "#"),
            ("Dockerfile.dev", "#"),
            ("web.dockerfile", "#"),
            ("Makefile", "#"),
            (".env", "#"),
            (".env.local", "#"),
            ("a.R", "#"),
            ("a.ps1", "#"),
            ("a.sql", "--"),
            ("a.clj", ";"),
            ("a.bat", "rem "),
            ("a.ts", "//"),
            ("Jenkinsfile", "//"),
            ("build.gradle", "//"),
        ] {
            assert_eq!(of_file(path, "").lines.first(), Some(&mark), "{path}");
        }
        assert_eq!(of_file("bin/run", "#!/bin/sh\n").lines, ["#"]);
        assert!(of_file("a.json", "").lines.is_empty());
    }
}
