//! Bad input: always a message with the path and status 0, 1 or 2; never a panic, a hang or half an answer.

mod policies;
#[cfg(unix)]
mod unix;

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use crate::bundle::{self, run, status, stderr, stdout};

/// How long any input may take in a debug build.
/// Only to tell a hang from work on a busy machine; speed is measured elsewhere.
const PATIENCE: Duration = Duration::from_secs(120);

const REGISTRY: &str = "\
providers:
  north:
    owner: north@example.com
    models:
      - name: alpha
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 1
";
const ESTATE: &str =
    "use_cases:\n  - name: chat\n    owner: a@example.com\n    data_classification: internal\n";
const POLICY: &str = "failover standard {\n  none\n  because \"an example\"\n}\n";

const FILES: [(&str, &str); 3] =
    [("registry/main.yaml", REGISTRY), ("estate/main.yaml", ESTATE), ("policies/main.gov", POLICY)];

/// A clean workspace with one file replaced.
fn with(path: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in FILES {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("write");
    }
    std::fs::write(folder.path().join(path), bytes).expect("write");
    folder
}

/// Runs every reading command; each ends in time and without a panic.
#[track_caller]
fn survives(workspace: &Path) -> Output {
    let commands: [&[&str]; 3] =
        [&["check", "--format", "json"], &["check", "--format", "sarif"], &["compile"]];
    let mut first = None;
    for arguments in commands {
        let start = Instant::now();
        let output = run(workspace, arguments);
        let took = start.elapsed();
        assert!(took < PATIENCE, "{arguments:?} took {took:?}");
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_fault = |words: &str| talk.contains(words);
        assert!(
            !["panicked", "RUST_BACKTRACE", "internal error"].into_iter().any(is_fault),
            "{arguments:?}: {talk}"
        );
        assert!(matches!(output.status.code(), Some(0..=2)), "{arguments:?}: {:?} {talk}", output.status);
        assert!(output.stdout.len() < 4_000_000, "{arguments:?} prints {} bytes", output.stdout.len());
        if status(&output) == 2 {
            assert!(output.stdout.is_empty(), "{arguments:?}: {}", stdout(&output));
        }
        first.get_or_insert(output);
    }
    first.expect("a first command")
}

/// The input is refused by a finding in its file.
#[track_caller]
fn refused(path: &str, bytes: &[u8]) {
    let folder = with(path, bytes);
    let output = survives(folder.path());
    assert_eq!(status(&output), 1, "{}{}", stdout(&output), stderr(&output));
    let report = bundle::json(&output);
    let findings = report["findings"].as_array().expect("findings");
    assert!(!findings.is_empty() && findings.len() <= 1000);
    assert!(
        findings.iter().any(|finding| finding["file"] == path),
        "{path} is not named: {}",
        stdout(&output)
    );
    for finding in findings {
        let message = finding["message"].as_str().expect("a message");
        assert!(message.len() < 1000, "a message of {} bytes", message.len());
    }
}

/// The input changes nothing.
#[track_caller]
fn harmless(path: &str, bytes: &[u8]) {
    let folder = with(path, bytes);
    let output = survives(folder.path());
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn the_workspace_of_these_tests_is_clean() {
    let output = survives(with("policies/main.gov", POLICY.as_bytes()).path());
    assert_eq!((status(&output), bundle::json(&output)["findings"].to_string().as_str()), (0, "[]"));
}

#[test]
fn a_missing_folder_is_2_with_its_path() {
    for arguments in [&["check"][..], &["resolve", "chat"], &["compile"]] {
        let output = run(Path::new("/nonexistent/workspace"), arguments);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
        assert!(stderr(&output).contains("/nonexistent/workspace"), "{}", stderr(&output));
    }
    let file = with("policies/main.gov", b"");
    let output = run(&file.path().join("policies/main.gov"), &["check"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("main.gov"), "{}", stderr(&output));
}

#[test]
fn an_empty_workspace_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = survives(folder.path());
    assert_eq!(status(&output), 2);
    for name in ["registry", "estate", "policies", "govctl init"] {
        assert!(stderr(&output).contains(name), "{name}: {}", stderr(&output));
    }
}

#[test]
fn empty_files_are_answered() {
    for text in ["", "\n", "   \n\n", "# only a comment\n", "\u{feff}"] {
        // A workspace without a statement promises nothing, and says so.
        for path in ["policies/main.gov", "registry/main.yaml", "estate/main.yaml"] {
            let output = survives(with(path, text.as_bytes()).path());
            assert!(status(&output) <= 1, "{path}");
        }
    }
    for text in [
        "---\n",
        "null\n",
        "{}\n",
        "[]\n",
        "~\n",
        "providers:\n",
        "providers: {}\n",
        "use_cases: []\n",
        "...\n",
        "---\n---\n",
    ] {
        for path in ["registry/main.yaml", "estate/main.yaml", "policies/main.gov"] {
            survives(with(path, text.as_bytes()).path());
        }
        survives(with("govctl.yaml", text.as_bytes()).path());
    }
}

#[test]
fn crlf_and_a_byte_order_mark_are_harmless() {
    for (path, text) in FILES {
        harmless(path, text.replace('\n', "\r\n").as_bytes());
        harmless(path, format!("\u{feff}{text}").as_bytes());
        harmless(path, text.trim_end().as_bytes());
    }
    harmless("policies/main.gov", POLICY.replace("  ", "\t").as_bytes());
    harmless("policies/main.gov", POLICY.replace('\n', "\u{c}\n").replace('\u{c}', " ").as_bytes());
}

#[test]
fn tabs_in_yaml_are_refused_where_they_stand() {
    refused("registry/main.yaml", REGISTRY.replace("    owner", "\towner").as_bytes());
    refused("estate/main.yaml", ESTATE.replace("    owner", "\towner").as_bytes());
}

#[test]
fn lone_carriage_returns_and_odd_spaces_are_survived() {
    for (path, text) in FILES {
        for odd in ["\r", "\u{85}", "\u{2028}", "\u{a0}", "\0", "\u{7f}", "\u{200b}", "\u{202e}", "\u{feff}"]
        {
            survives(with(path, text.replace('\n', odd).as_bytes()).path());
            survives(with(path, format!("{text}{odd}").as_bytes()).path());
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    for (path, text) in FILES {
        refused(path, &[text.as_bytes(), b"# \xff\xfe\n"].concat());
        refused(path, b"\xff\xfea\0b\0");
        refused(path, &[0xc3]);
    }
}

#[test]
fn random_bytes_are_survived() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let alphabet: Vec<char> =
        "{}[]()\"'#:-,.&*!|>%@`\\ \n\t<=/~?0123456789eax_ruleforwhen\u{e9}\u{1f600}".chars().collect();
    for round in 0..12 {
        for (path, text) in FILES {
            let bytes: Vec<u8> = (0..4000).map(|_| u8::try_from(next() % 256).unwrap_or(0)).collect();
            let drawn: String =
                (0..4000).map(|_| alphabet[usize::try_from(next()).unwrap_or(0) % alphabet.len()]).collect();
            let mut mutated = text.as_bytes().to_vec();
            for _ in 0..=round {
                let at = usize::try_from(next()).unwrap_or(0) % mutated.len();
                mutated[at] = b"{}[]()\"':-,.&*!|>#\n\t 0a/"[usize::try_from(next()).unwrap_or(0) % 24];
            }
            for bytes in [bytes, drawn.into_bytes(), mutated] {
                let folder = with(path, &bytes);
                let output = run(folder.path(), &["check", "--format", "json"]);
                assert!(
                    matches!(output.status.code(), Some(0 | 1)),
                    "{path}: {}",
                    String::from_utf8_lossy(&bytes)
                );
                assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
            }
        }
    }
}

#[test]
fn duplicate_keys_and_values_are_refused() {
    refused("registry/main.yaml", format!("{REGISTRY}        cost_per_1m_tokens_input: 2\n").as_bytes());
    refused("registry/main.yaml", format!("{REGISTRY}  north: {{}}\n").as_bytes());
    refused("estate/main.yaml", format!("{ESTATE}    owner: b@example.com\n").as_bytes());
    refused("estate/main.yaml", format!("{ESTATE}    data: [pii, pii]\n").as_bytes());
    refused("estate/main.yaml", format!("{ESTATE}    \"owner\": b@example.com\n").as_bytes());
    refused("estate/main.yaml", format!("{ESTATE}    <<: {{team: a}}\n").as_bytes());
    refused("registry/main.yaml", REGISTRY.replace("[chat]", "[chat, chat]").as_bytes());
}

#[test]
fn alias_bombs_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let before = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
    }
    let maps = (1..40).fold("a0: &a0 {x: 1}\n".to_owned(), |text, level| {
        let before = level - 1;
        text + &format!("a{level}: &a{level} {{l: *a{before}, r: *a{before}}}\n")
    });
    for path in ["registry/main.yaml", "estate/main.yaml", "govctl.yaml"] {
        refused(path, bomb.as_bytes());
        refused(path, maps.as_bytes());
        refused(path, b"a: &a [*a]\n");
        refused(path, b"a: *nowhere\n");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let n = 100_000;
    let spaces: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let deep = [
        "[".repeat(n),
        "[".repeat(n) + &"]".repeat(n),
        "{a: ".repeat(n),
        "{a: ".repeat(n) + "1" + &"}".repeat(n),
        "- ".repeat(n),
        "? ".repeat(n),
        "{".repeat(n),
        "&a ".repeat(n),
        "!".repeat(n),
        spaces,
    ];
    for text in &deep {
        for path in ["registry/main.yaml", "estate/main.yaml", "govctl.yaml"] {
            refused(path, text.as_bytes());
        }
        survives(with("registry/main.yaml", format!("providers: {text}").as_bytes()).path());
    }
}

#[test]
fn one_line_of_five_megabytes_is_survived() {
    let long = "a".repeat(5_000_000);
    for text in [
        long.clone(),
        format!("# {long}\n{POLICY}"),
        format!("\"{long}"),
        POLICY.replace("an example", &long),
        format!("failover {long} {{ none }}"),
        "failover a { none } ".repeat(500),
        "1".repeat(5_000_000),
        format!("budget b {{ limit {}.{} usd per day }}", "9".repeat(1000), "9".repeat(100_000)),
    ] {
        survives(with("policies/main.gov", text.as_bytes()).path());
    }
    for (path, text) in [
        ("registry/main.yaml", long.clone()),
        ("registry/main.yaml", format!("{REGISTRY}# {long}\n")),
        ("registry/main.yaml", REGISTRY.replace("name: alpha", &format!("name: {long}"))),
        ("registry/main.yaml", REGISTRY.replace("input: 1", &format!("input: {}", "9".repeat(1_000_000)))),
        ("registry/main.yaml", REGISTRY.replace("input: 1", "input: 1e999999999")),
        ("registry/main.yaml", REGISTRY.replace("input: 1", "input: 1e-999999999")),
        ("registry/main.yaml", REGISTRY.replace("input: 1", "input: 1e-2147483648")),
        ("estate/main.yaml", ESTATE.replace("chat", &long)),
        ("estate/main.yaml", format!("{ESTATE}    data: [{}]\n", "a, ".repeat(1_000_000))),
        (
            "estate/main.yaml",
            ESTATE.replace("name: chat", &format!("name: \"chat\" \"{}", "\\\"".repeat(200_000))),
        ),
    ] {
        survives(with(path, text.as_bytes()).path());
    }
}

#[test]
fn numbers_at_the_edge_are_survived() {
    for price in [
        "0", "-1", "-0", ".nan", ".inf", "0x10", "1_000", "1e5", "'1'", "null", "1e400", "0.0", "+1", "1.",
        ".5",
    ] {
        survives(
            with("registry/main.yaml", REGISTRY.replace("input: 1", &format!("input: {price}")).as_bytes())
                .path(),
        );
    }
    for volume in [
        "0",
        "-1",
        "18446744073709551615",
        "18446744073709551616",
        "1e30",
        "1.5",
        "99999999999999999999999999",
    ] {
        let text = format!(
            "{ESTATE}    expected_monthly: {{requests: {volume}, input_tokens: {volume}, output_tokens: {volume}}}\n\
             \x20   peak_requests_per_minute: {volume}\n    min_context: {volume}\n    latency_sla_ms: {volume}\n"
        );
        survives(with("estate/main.yaml", text.as_bytes()).path());
    }
    for number in ["0", "99999999999999999999", "0.5", "1_000", "18446744073709551616"] {
        for clause in [
            format!("follow ranking limit {number} hops"),
            format!("follow ranking retry {number} times"),
            format!("follow ranking above {number}x cost block"),
            format!("none then queue for {number} years"),
        ] {
            survives(
                with("policies/main.gov", format!("failover a {{ {clause} because \"b\" }}").as_bytes())
                    .path(),
            );
        }
        let policy = format!(
            "budget b {{ limit {number} usd per day at {number}% block owner \"a\" escalate \"b\" }}\n{POLICY}"
        );
        survives(with("policies/main.gov", policy.as_bytes()).path());
        let policy = format!(
            "audit a {{ retain {number} years }}\nquota q {{ limit {number} tokens per minute }}\n{POLICY}"
        );
        survives(with("policies/main.gov", policy.as_bytes()).path());
    }
}

#[test]
fn names_in_other_scripts_are_names_where_yaml_has_them() {
    let estate = ESTATE.replace("chat", "\u{5bfe}\u{8a71}");
    let registry = REGISTRY.replace("[chat]", "[\u{5bfe}\u{8a71}]");
    let folder = with("estate/main.yaml", estate.as_bytes());
    std::fs::write(folder.path().join("registry/main.yaml"), registry).expect("write");
    let output = run(folder.path(), &["resolve", "\u{5bfe}\u{8a71}", "--format", "json"]);
    assert_eq!(bundle::json(&output)["route"], "north/alpha");
}

#[test]
fn a_configuration_that_leads_out_is_refused() {
    for path in ["../elsewhere", "/etc", "a/../../b", "nowhere"] {
        refused("govctl.yaml", format!("policies: [{path}]\n").as_bytes());
    }
    refused("govctl.yaml", b"lints: {unroutable: allow}\n");
    refused("govctl.yaml", b"lints: {no-such-code: allow}\n");
    refused("govctl.yaml", b"lints: {missing-reason: loud}\n");
    refused("govctl.yaml", b"lint: {}\n");
}
