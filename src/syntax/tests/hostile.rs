//! Text that nobody means well with: it is read at once, without a panic, and every place lies in it.

use std::time::{Duration, Instant};

use pest::Parser;
use proptest::prelude::*;

use crate::diag::Finding;
use crate::limits::{MAX_FINDINGS_PER_FILE, MAX_POLICY_BYTES, MAX_POLICY_NESTING};
use crate::source::{FileKind, SourceFile, Sources};
use crate::syntax::grammar::{GovParser, Rule};
use crate::syntax::tree::Statement;
use crate::syntax::{parse, shape};

const EVERYTHING: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/syntax/everything.gov"));

/// Parses, and holds what holds of any text.
fn parsed(text: &str) -> (Vec<Statement>, Vec<Finding>) {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("x.gov", FileKind::Policy, ""));
    let (file, findings) = parse(id, text);
    assert!(findings.len() <= MAX_FINDINGS_PER_FILE);
    assert!(findings.is_sorted_by_key(|finding| finding.primary.span));
    for finding in &findings {
        for label in finding.related.iter().chain([&finding.primary]) {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(text.get(start..end).is_some(), "{finding:?}");
        }
        assert!(finding.message.chars().count() < 200, "{finding:?}");
        assert!(!finding.message.starts_with("unexpected"), "{finding:?}");
    }
    assert!(file.statements.is_sorted_by_key(|statement| statement.span));
    (file.statements, findings)
}

/// The reader finds a file right exactly where the grammar does.
fn agrees_with_grammar(text: &str) {
    let (statements, findings) = parsed(text);
    let mut shapes = Vec::new();
    for statement in &statements {
        shape::check(text, statement, &mut shapes);
    }
    let file = GovParser::parse(Rule::file, text);
    if let Ok(pairs) = &file {
        let written = pairs.clone().flatten().filter(|pair| pair.as_rule() == Rule::statement).count();
        assert_eq!(statements.len(), written, "{text:?}");
    }
    let whole = file.is_ok();
    // A character that does not show is no matter of the grammar.
    let shows = |finding: &&Finding| !finding.message.ends_with(" does not show");
    let only_shapes = findings.iter().filter(shows).all(|finding| shapes.contains(finding));
    assert_eq!(whole, only_shapes, "{text:?}\n{findings:#?}");
}

fn at_once(name: &str, text: &str) -> Vec<Finding> {
    let start = Instant::now();
    let (_, findings) = parsed(text);
    assert!(start.elapsed() < Duration::from_secs(30), "{name} took {:?}", start.elapsed());
    findings
}

/// Some text that repeats a part until it is about a size.
fn repeated(part: &str, bytes: usize) -> String {
    part.repeat(bytes / part.len().max(1))
}

#[test]
fn deep_nesting_is_one_finding() {
    for open in ["(", "[", "{", "not ", "not (", "((", "not\n#\n"] {
        let findings = at_once(open, &format!("cost rule x {{ when {}", repeated(open, 400_000)));
        assert_eq!(findings.len(), 1, "{open}");
        assert!(findings.iter().all(|finding| finding.message == "policy is nested too deep"), "{open}");
    }
    for open in ["a {", "\"a\" {b, c {", "a{#\n"] {
        let findings = at_once(open, &format!("regions {}", repeated(open, 400_000)));
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, ["policy is nested too deep"], "{open}");
    }
}

#[test]
fn the_deepest_nesting_is_read() {
    let levels = MAX_POLICY_NESTING - 1;
    let nested = |open: &str, close: &str, levels: usize| {
        format!("cost rule x {{ when {} a {} }}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [("(", ")"), ("not ", "")] {
        let (statements, findings) = parsed(&nested(open, close, levels));
        assert_eq!((statements.len(), findings.len()), (1, 0));
        let (statements, findings) = parsed(&nested(open, close, levels + 1));
        assert_eq!((statements.len(), findings.len()), (0, 1));
    }
    let (statements, findings) = parsed(&nested("not(", ")", levels / 2));
    assert_eq!((statements.len(), findings.len()), (1, 0));
    let text = format!("cost rule x {{ when {} }}", vec!["(not a)"; 500].join(" and "));
    assert!(parsed(&text).1.is_empty());
}

#[test]
fn brackets_in_strings_and_comments_do_not_nest() {
    let deep = "(".repeat(500);
    let text = format!("cost rule x {{ because \"{deep}\" # {deep}\n}}");
    assert!(parsed(&text).1.is_empty());
}

#[test]
fn open_brackets_of_broken_statements_do_not_add_up() {
    let text = repeated("cost rule x { when ((( }\n", 2500);
    let findings = at_once("open brackets", &text);
    assert_eq!(findings.len(), 100);
    assert!(findings.iter().all(|finding| finding.message.starts_with("expected a condition")));
}

#[test]
fn a_file_that_is_too_big_is_one_finding() {
    let findings = at_once("big", &"a".repeat(50 * 1024 * 1024));
    assert_eq!(findings.len(), 1);
    let findings = at_once("just too big", &" ".repeat(MAX_POLICY_BYTES + 1));
    assert!(findings.iter().all(|finding| finding.message == "policy file is too big to read"));
    assert!(at_once("just right", &" ".repeat(MAX_POLICY_BYTES)).is_empty());
}

#[test]
fn repeated_text_is_read_at_once() {
    let parts = [
        "\"",
        "\\",
        "#",
        "#\n",
        "\0",
        "ü",
        "data ",
        "data a ",
        "data a, ",
        "cost ",
        "cost rule ",
        "cost rule x { ",
        "} ",
        "test \"",
        "fact a in {a, \n",
        "budget x { foo } ",
        "\u{a0}",
        "\"\\",
        "rule x { data\n",
        "a/",
        "1",
        "1 ",
        "=",
    ];
    for part in parts {
        at_once(part, &repeated(part, 500_000));
        at_once(part, &format!("cost rule x {{ when {}", repeated(part, 500_000)));
    }
}

#[test]
fn a_statement_that_is_too_long_hides_nothing() {
    let text = format!("data a\nregions a{}\nfact b in {{c}} default c\nbogus", ", a".repeat(500_000));
    let (statements, findings) = parsed(&text);
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["statement is too long", "expected a statement, found `bogus`"]);
    assert_eq!(statements.len(), 2);
}

#[test]
fn space_between_statements_is_no_part_of_them() {
    let space = format!("# {}\n{}", "x".repeat(1_500_000), " ".repeat(1_500_000));
    for (first, second) in [("data a", "regions b"), ("cost rule x { }", "cost rule y { }"), ("data a", "")] {
        let (statements, findings) = parsed(&format!("{first}{space}{second}{space}"));
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(statements.len(), 1 + usize::from(!second.is_empty()));
    }
}

#[test]
fn statements_of_any_length_are_read_whole() {
    for count in [5_000, 8_190, 8_191, 8_192, 20_000, 200_000] {
        let list = vec!["a"; count].join(",");
        for text in
            [format!("data {list}\nregions b"), format!("cost rule x {{ when a in [{list}] }} data b")]
        {
            let (statements, findings) = parsed(&text);
            assert_eq!((statements.len(), findings.len()), (2, 0), "{count}");
        }
    }
}

#[test]
fn errors_of_far_statements_are_all_reported_up_to_the_limit() {
    let text = repeated("cost rule x { foo }\ndata a\n", 27 * 60);
    let (statements, findings) = parsed(&text);
    assert_eq!((statements.len(), findings.len()), (60, 60));
    let (_, findings) = parsed(&repeated("cost rule x { foo }\n", 20 * 300));
    assert_eq!(findings.len(), MAX_FINDINGS_PER_FILE);
}

#[test]
fn random_bytes_never_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..2_000 {
        let length = next() % 80;
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(next() % 256).unwrap_or(0)).collect();
        agrees_with_grammar(&String::from_utf8_lossy(&bytes));
    }
}

/// Words of the language and some others.
const WORDS: &[&str] = &[
    "cost",
    "rule",
    "compliance",
    "failover",
    "budget",
    "quota",
    "test",
    "fact",
    "data",
    "precedence",
    "attribution",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    "->",
    "==",
    "<",
    ">",
    "=",
    "\n",
    "#",
    "\"",
    "\"a\"",
    "a",
    "a/b",
    "b.c",
    "1",
    "30 days",
    "5%",
    "3x",
    "1 usd",
    "per",
    "when",
    "require",
    "prefer",
    "cheapest",
    "in",
    "has",
    "not",
    "and",
    "or",
    "true",
    "where",
    "then",
    "none",
    "chain",
    "limit",
    "hops",
    "given",
    "use_case",
    "expect",
    "unroutable",
    "down",
    "because",
    "/",
    "x/",
    "é",
    "\r\n",
    ";",
    "default",
    "regions",
    "over",
    "queue",
    "for",
    "log as",
    "name",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        agrees_with_grammar(&text);
    }

    #[test]
    fn any_words_are_read(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        agrees_with_grammar(&words.join(" "));
    }

    #[test]
    fn a_policy_with_a_piece_replaced_is_read(
        at in 0..EVERYTHING.len(),
        removed in 0..40_usize,
        words in prop::collection::vec(prop::sample::select(WORDS), 0..3),
    ) {
        let head = EVERYTHING.get(..at).unwrap_or("");
        let tail = EVERYTHING.get(at + removed..).unwrap_or("");
        agrees_with_grammar(&format!("{head}{}{tail}", words.join(" ")));
    }
}
