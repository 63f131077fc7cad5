//! How comments begin, by what a file is called.

/// What a comment begins with, where the kind of file is known; a mark stands at the start of a line or behind white space.
pub(super) fn of_file(path: &str, text: &str) -> &'static [&'static str] {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let has_hash =
        |known: &str| name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
    if HASH_NAMES.into_iter().any(has_hash) {
        return &["#"];
    }
    let Some((stem, end)) = name.rsplit_once('.') else {
        return if text.starts_with("#!") { &["#"] } else { OTHERS };
    };
    match end {
        "ini" | "cfg" | "properties" => &["#", ";"],
        "sql" | "lua" | "hs" | "elm" | "adb" | "ads" | "vhd" => &["--"],
        "clj" | "cljs" | "edn" | "lisp" | "el" | "scm" | "rkt" | "asm" => &[";"],
        "tex" | "erl" | "hrl" => &["%"],
        "bat" | "cmd" => &["rem ", "REM ", "@rem ", "@REM ", "::"],
        "json" | "ipynb" => &[],
        "php" | "tf" | "tfvars" | "hcl" => &["//", "#", "/*"],
        _ if HASH_ENDS.contains(&end) || stem.is_empty() && HASH_HIDDEN.contains(&end) => &["#"],
        _ => OTHERS,
    }
}

const OTHERS: &[&str] = &["//", "/*", "<!--"];

/// Files whose comments begin with `#`, by the whole name or its first part.
const HASH_NAMES: [&str; 15] = [
    "dockerfile",
    "containerfile",
    "makefile",
    "gnumakefile",
    "gemfile",
    "rakefile",
    "vagrantfile",
    "brewfile",
    "justfile",
    "snakefile",
    "tiltfile",
    "procfile",
    "pipfile",
    "codeowners",
    ".env",
];

const HASH_ENDS: [&str; 32] = [
    "py",
    "pyi",
    "rb",
    "sh",
    "bash",
    "zsh",
    "fish",
    "ksh",
    "yaml",
    "yml",
    "toml",
    "r",
    "pl",
    "pm",
    "env",
    "conf",
    "ex",
    "exs",
    "jl",
    "ps1",
    "psm1",
    "psd1",
    "nix",
    "mk",
    "cmake",
    "dockerfile",
    "bzl",
    "bazel",
    "star",
    "awk",
    "cr",
    "nim",
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
            assert_eq!(of_file(path, "").first(), Some(&mark), "{path}");
        }
        assert_eq!(of_file("bin/run", "#!/bin/sh\n"), ["#"]);
        assert!(of_file("a.json", "").is_empty());
    }
}
