//! Whatever others write, in every text of a workspace and in every output, read by what reads that output for real: it has
//! our structure and nothing else.

mod pieces;

use std::fs;
use std::path::Path;
use std::process::Output;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::bundle::{govctl, status, stderr, stdout};
use crate::fuzz_seeds::bodies::has_our_structure;
pub(crate) use pieces::{HIDDEN, PIECES};

pub(crate) fn text(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 1..8).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(&PIECES), 12)
}

pub(crate) fn yaml(text: &str) -> String {
    // JSON leaves a delete as it is, and YAML does not take one.
    serde_json::to_string(text).expect("a string").replace('\u{7f}', "\\u007f")
}

pub(crate) fn gov(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t")
    )
}

/// A workspace with these texts wherever there may be one.
pub(crate) fn workspace(folder: &Path, texts: &[String], price: u32) {
    for name in ["registry", "estate", "policies"] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
    let model = text(0).replace('/', "|");
    let registry = format!(
        "providers:\n  {}:\n    owner: {}\n    models:\n      - name: {}\n        approved_use_cases: [\"*\"]\n        \
         data_classification_max: restricted\n        cost_per_1m_tokens_input: {price}\n        cost_per_1m_tokens_output: 2\n",
        yaml(&text(1).replace('/', "|")),
        yaml(&text(2)),
        yaml(&model),
    );
    let estate = format!(
        "use_cases:\n  - name: {}\n    owner: {}\n    team: {}\n    description: {}\n    data_classification: internal\n    \
         expected_monthly: {{requests: 10, input_tokens: 100, output_tokens: 100}}\n",
        yaml(&text(3)),
        yaml(&text(4)),
        yaml(&text(5)),
        yaml(&text(6)),
    );
    let policy = format!(
        "failover standard {{\n  follow ranking\n  then degrade {}\n  because {}\n}}\n\nbudget b {{\n  limit {price} usd per day\n  \
         at 10% notify {}\n  owner {}\n  escalate {}\n  because {}\n}}\n\ntest {} {{\n  given use_case \"no such\"\n  expect route none\n}}\n",
        gov(&text(7)),
        gov(&text(8)),
        gov(&text(9)),
        gov(&text(10)),
        gov(&text(11)),
        gov(&text(4)),
        gov(&text(5)),
    );
    let policy = policy.split("\ntest ").next().expect("a policy").to_owned();
    for (path, text) in
        [("registry/main.yaml", registry), ("estate/main.yaml", estate), ("policies/main.gov", policy)]
    {
        fs::write(folder.join(path), text).expect("write");
    }
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = govctl().current_dir(folder).args(arguments).output();
    let output = output.expect("govctl runs");
    assert!(matches!(output.status.code(), Some(0..=2)), "{arguments:?}: {}", stderr(&output));
    output
}

pub(crate) fn is_hidden(c: char) -> bool {
    govctl::source::visible::is_hidden(c)
}

/// In the log of a pipeline no line is a command to its runner.
pub(crate) fn commands_nobody(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line:?}");
        let is_command = |(at, _): (usize, &str)| {
            line[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
        };
        assert!(!line.match_indices("##").any(is_command), "{line:?}");
    }
}

/// On a terminal nothing acts, and in a log no line is a command.
pub(crate) fn is_talk(text: &str) {
    for line in text.lines() {
        assert!(!line.chars().any(is_hidden), "{line:?}");
    }
    commands_nobody(text);
    let mut terminal =
        vt100::Parser::new(u16::try_from(text.lines().count() + 2).expect("few lines"), 2_000, 0);
    terminal.process(text.replace('\n', "\r\n").as_bytes());
    let shown: Vec<String> =
        terminal.screen().contents().lines().map(|line| line.trim_end().to_owned()).collect();
    // This terminal draws nothing for U+FFFD, which stands for a hidden character in an excerpt.
    let written = text.trim_end().replace('\u{fffd}', "");
    let written: Vec<&str> = written.lines().map(str::trim_end).collect();
    assert_eq!(shown, written);
}

pub(crate) fn is_json(text: &str) {
    for value in serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>() {
        value.expect("JSON");
    }
    assert!(!text.chars().any(|c| is_hidden(c) && c != '\n') && !text.contains("##"), "{text}");
}

fn is_annotations(text: &str) {
    for line in text.lines() {
        let rest = line.strip_prefix("::warning ").or_else(|| line.strip_prefix("::error "));
        let (properties, _) = rest.expect("an annotation").split_once("::").expect("its message");
        let keys: Vec<&str> =
            properties.split(',').map(|part| part.split_once('=').expect("a property").0).collect();
        assert_eq!(keys, ["file", "line", "col", "endLine", "endColumn", "title"], "{line}");
        assert!(!line.chars().any(is_hidden), "{line:?}");
    }
}

/// So many headings, our own tags, no link, no picture, and outside of code nothing that a code host makes one of.
fn is_markdown(text: &str, wanted: usize) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM | Options::ENABLE_MATH;
    let mut headings = 0;
    let mut in_fence = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::CodeBlock(_)) => in_fence = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_fence = false,
            Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::BlockQuote(_)
                | Tag::Strikethrough
                | Tag::Emphasis,
            )
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => panic!("{event:?} in {text}"),
            Event::Html(html) | Event::InlineHtml(html) => {
                let mut tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
                let ours = ["details", "/details", "summary", "/summary", "code", "/code"];
                assert!(tags.all(|tag| ours.contains(&tag)), "{html}");
            }
            Event::Text(words) if !in_fence => {
                let acts = ["@", "://", "www.", "#1"].iter().any(|sign| words.contains(sign));
                // The em space is our own indent in tables.
                let is_hidden = |c: char| is_hidden(c) && c != '\u{2003}';
                assert!(!acts && !words.chars().any(is_hidden), "{words:?} in {text}");
            }
            _ => {}
        }
    }
    assert_eq!(headings, wanted, "{text}");
}

fn is_xml(text: &str) {
    let document = roxmltree::Document::parse(text).expect("XML");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(
            !["script", "a", "image", "use", "foreignObject", "iframe", "h1", "b", "img"].contains(&name),
            "{text}"
        );
        assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn every_output_has_our_structure(texts in texts()) {
        let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        workspace(old.path(), &texts, 1);
        workspace(new.path(), &texts.iter().rev().cloned().collect::<Vec<_>>(), 9);
        let before = old.path().to_str().expect("a path");
        let at = |arguments: &[&str]| run(new.path(), arguments);
        for arguments in [&["check", "--deny", "warnings"][..], &["check"], &["resolve", "--all", "-v"], &["test", "--coverage"], &["outages"], &["drill", "plan"], &["diff", before, "--source"]] {
            let output = at(arguments);
            is_talk(&stdout(&output));
            is_talk(&stderr(&output));
        }
        is_annotations(&stdout(&at(&["check", "--format", "github"])));
        for arguments in [&["check", "--format", "json"][..], &["check", "--format", "sarif"], &["resolve", "--all", "--format", "json"], &["diff", before, "--format", "json"], &["outages", "--format", "json"], &["drill", "plan", "--format", "json"]] {
            is_json(&stdout(&at(arguments)));
        }
        let comment = at(&["diff", before, "--format", "markdown", "--source"]);
        if status(&comment) == 0 {
            has_our_structure(&stdout(&comment));
            for more in [&[][..], &["--compact"]] {
                let comment = stdout(&at(&[&["diff", before, "--format", "comment"][..], more].concat()));
                let body = comment.strip_prefix("<!-- govctl -->\n").expect("a first line by which it is found");
                has_our_structure(body);
            }
        }
        if status(&at(&["review", before])) != 2 {
            crate::review::is_page(&stdout(&at(&["review", before, "--format", "html"])));
            is_markdown(&stdout(&at(&["review", before])), 14);
        }
        let drawn = at(&["graph", "--format", "svg"]);
        if status(&drawn) == 0 {
            is_xml(&stdout(&drawn));
            commands_nobody(&stdout(&drawn));
        }
        let tested = at(&["test", "--format", "junit"]);
        if status(&tested) == 0 {
            is_xml(&stdout(&tested));
        }
    }

    #[test]
    fn what_does_not_show_is_a_finding_wherever_it_stands(hidden in text(&HIDDEN), at in 0usize..6) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut texts: Vec<String> = (0..12).map(|n| format!("text {n}")).collect();
        texts[at] = format!("x{hidden}x");
        workspace(folder.path(), &texts, 1);
        let output = run(folder.path(), &["check"]);
        assert_eq!(status(&output), 1);
        assert!(stdout(&output).contains("the character U+"), "{}", stdout(&output));
        is_talk(&stdout(&output));
        is_annotations(&stdout(&run(folder.path(), &["check", "--format", "github"])));
        is_json(&stdout(&run(folder.path(), &["check", "--format", "json"])));
    }
}

#[test]
fn a_name_is_no_link_in_a_list_of_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<String> = (0..12).map(|n| format!("text {n} [log in](https://evil.example)")).collect();
    workspace(folder.path(), &texts, 1);
    let sarif = stdout(&run(folder.path(), &["check", "--format", "sarif"]));
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list").iter();
    let texts: Vec<&str> = results.filter_map(|one| one["message"]["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(r"\[log in\](https://evil.example)")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("n](")), "{texts:?}");
}

#[cfg(unix)]
#[test]
fn the_name_of_a_file_is_shown_on_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<String> = (0..12).map(|n| format!("text {n}")).collect();
    workspace(folder.path(), &texts, 1);
    let name = "policies/a\n::error::x\u{1b}[2J.gov";
    fs::write(folder.path().join(name), "rule {").expect("write");
    let output = run(folder.path(), &["check"]);
    is_talk(&stdout(&output));
    assert!(stdout(&output).contains("policies/a\\n::error::x\\u{1b}[2J.gov"), "{}", stdout(&output));
    is_annotations(&stdout(&run(folder.path(), &["check", "--format", "github"])));
    is_json(&stdout(&run(folder.path(), &["check", "--format", "sarif"])));
    is_talk(&stdout(&run(folder.path(), &["fmt", "--check"])));
    is_talk(&stderr(&run(folder.path(), &["fmt", "--check"])));
}

/// Hundreds of marks on one letter are drawn over whatever stands above and below.
#[test]
fn marks_do_not_pile_up() {
    let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let texts: Vec<String> = (0..12).map(|n| format!("text {n}{}", "\u{301}\u{489}".repeat(90))).collect();
    workspace(old.path(), &texts, 1);
    workspace(new.path(), &texts, 9);
    fs::write(new.path().join("policies/more.gov"), format!("bogus \"{}\"\n", texts[0])).expect("write");
    let piles = |text: &str| {
        let mut run = 0;
        text.chars().any(|c| {
            run = if matches!(c, '\u{301}' | '\u{489}') { run + 1 } else { 0 };
            run > 5
        })
    };
    let before = old.path().to_str().expect("a path");
    let at = |folder: &Path, arguments: &[&str]| {
        let output = run(folder, arguments);
        for text in [stdout(&output), stderr(&output)] {
            assert!(!piles(&text), "{arguments:?}: {text}");
        }
        assert_ne!(status(&output), 2, "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    };
    at(new.path(), &["check", "--all-findings", "--color", "always"]);
    at(new.path(), &["check", "--format", "github"]);
    fs::remove_file(new.path().join("policies/more.gov")).expect("remove");
    for format in ["human", "markdown", "comment"] {
        let text = at(new.path(), &["diff", before, "--source", "--format", format]);
        assert!(text.contains("text"), "{text}");
    }
    for format in ["html", "markdown"] {
        assert!(at(new.path(), &["review", before, "--format", format]).contains("text"));
    }
    for format in ["svg", "mermaid", "dot"] {
        at(new.path(), &["graph", "--format", format]);
    }
    for arguments in [&["resolve", "--all", "-v"][..], &["who"], &["outages"], &["cost"], &["test"]] {
        at(new.path(), arguments);
    }
}

#[test]
fn one_long_text_does_not_push_out_what_matters() {
    let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut texts: Vec<String> = (0..12).map(|n| format!("text {n}")).collect();
    workspace(old.path(), &texts, 1);
    texts[7] = "please wait ".repeat(5_500);
    workspace(new.path(), &texts, 9);
    let more = fs::read_to_string(new.path().join("registry/main.yaml")).expect("a registry")
        + "  evil:\n    models:\n      - {name: e, approved_use_cases: [\"*\"], data_classification_max: restricted, \
           cost_per_1m_tokens_input: 0, cost_per_1m_tokens_output: 0}\n";
    fs::write(new.path().join("registry/main.yaml"), more).expect("write");
    let text =
        stdout(&run(new.path(), &["diff", old.path().to_str().expect("a path"), "--format", "markdown"]));
    assert!(text.contains("now reachable") && text.contains("more characters"), "{text}");
    assert!(!text.contains("more use case;"), "{text}");
}

/// Escape sequences in a text with our colours: each must be one that we paint with.
#[track_caller]
fn has_our_colors(text: &str) {
    for (at, _) in text.match_indices('\u{1b}') {
        let sequence: String = text[at + 1..].chars().take_while(|c| *c != 'm').collect();
        // A conceal, a cursor or a title is none of ours, and neither is red on its own, which `31;0` stands for here.
        let is_ours = sequence.starts_with('[') && !["[8", "[31;0"].contains(&sequence.as_str());
        assert!(
            is_ours && sequence[1..].chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{sequence:?} in {text:?}"
        );
    }
}

/// What is called like a colour stays text, on both streams, with our colours and without.
#[cfg(unix)]
#[test]
fn no_colour_of_others_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<String> = (0..12).map(|n| format!("text {n}")).collect();
    workspace(folder.path(), &texts, 1);
    let at = |name: &str| folder.path().join(name);
    let (conceal, red) = ("\u{1b}[8m", "\u{1b}[31;0m");
    std::os::unix::fs::symlink("/etc/passwd", at(&format!("policies/{conceal}link.gov"))).expect("a link");
    fs::write(at(&format!("policies/{red}x.gov")), format!("bogus {conceal} {{\n")).expect("write");
    fs::write(at(&format!("policies/{conceal}y.gov")), format!("# {conceal}\nclassifications a<b # {red}\n"))
        .expect("write");
    fs::write(at(&format!("{conceal}t.json")), "{").expect("write");
    fs::write(at(&format!("{red}log.jsonl")), format!("{{\"time\": \"{red}\"\n")).expect("write");
    fs::create_dir(at(conceal)).expect("a folder");
    let table = format!("{conceal}t.json");
    let log = format!("{red}log.jsonl");
    for arguments in [
        &["check"][..],
        &["check", "--all-findings"],
        &["fmt", "--check", "policies"],
        &["fmt", "--diff", "policies"],
        &["fmt", "--diff"],
        &["diff", &table],
        &["diff", conceal],
        &["diff", red],
        &["verify", &table],
        &["resolve", conceal],
        &["resolve", "--all", "-v"],
        &["test", "--coverage"],
        &["outages", "--all"],
        &["drill"],
        &["compile", "-o", &format!("{conceal}/no/t")],
        &["registry", "refresh", "--dry-run", "--from", &table],
        &["registry", "add", &format!("{red}/{conceal}"), "--from", &table],
        &["import", "litellm", &table, "-o", &format!("{red}new")],
        &["audit", &log],
        &["usage", &log],
        &["scan", ".", conceal, &table],
        &["who", "--model", conceal],
        &["init", &format!("{conceal}/made")],
        &["man", conceal],
        &["explain", conceal],
    ] {
        let plain = run(folder.path(), arguments);
        is_talk(&stdout(&plain));
        is_talk(&stderr(&plain));
        let colored = run(folder.path(), &[arguments, &["--color", "always"]].concat());
        has_our_colors(&stdout(&colored));
        has_our_colors(&stderr(&colored));
        let _ = fs::remove_dir_all(at(&format!("{conceal}/made")));
    }
}
