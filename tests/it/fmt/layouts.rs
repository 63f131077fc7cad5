//! Any layout of a text: the same meaning, the same comments, the same silences.

use std::fs;
use std::sync::LazyLock;

use govctl::load::{Config, Loaded};
use govctl::source::{FileKind, SourceFile, Sources};
use govctl::{syntax, workspace};
use proptest::prelude::*;

use super::{format, held};
use crate::bundle::root;
use crate::fuzz_seeds::bodies::hash;

/// The statements of a text, each as its tokens, more or less: what white space or a comment may stand between.
fn statements(text: &str) -> Vec<Vec<String>> {
    let mut sources = Sources::default();
    let id = sources.add(SourceFile::new("main.gov", FileKind::Policy, text));
    let (tree, findings) = syntax::parse(id, text);
    assert!(findings.is_empty(), "{findings:?}");
    tree.statements.iter().map(|statement| pieces(sources.text(statement.span))).collect()
}

fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    let without_comments =
        text.lines().map(|line| line[..hash(line).unwrap_or(line.len())].to_owned() + "\n");
    for character in without_comments.collect::<String>().chars() {
        let alone = !quoted && "{}[](),".contains(character);
        if alone || (!quoted && character.is_whitespace()) {
            pieces.push(String::new());
        }
        if quoted || !character.is_whitespace() {
            pieces.last_mut().expect("a piece").push(character);
        }
        if alone {
            pieces.push(String::new());
        }
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What may stand between two tokens.
const BETWEEN: [&str; 14] = [
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n  ",
    "\t",
    "\n\n\n",
    "\r\n",
    " # a comment\n",
    "\n# of its own  \n",
    "\n\n # after a blank line\n\n",
    " #first\n#second\n",
    "\n# \"quoted\" # twice\r\n",
];

/// Statements with anything that may stand between their tokens.
fn scattered(pool: &[Vec<String>], picks: &[usize], rolls: &[usize], between: &[&str]) -> String {
    let mut text = String::new();
    let mut rolls = rolls.iter().cycle();
    for pick in picks {
        for piece in &pool[pick % pool.len()] {
            text += piece;
            let roll = rolls.next().copied().unwrap_or_default();
            text += between[roll % between.len()];
        }
    }
    text
}

static POOL: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let mut paths = vec![root("tests/cases/syntax/everything.gov")];
    for entry in fs::read_dir(root("tests/cases/fmt")).expect("the cases") {
        paths.push(entry.expect("an entry").path());
    }
    paths.sort();
    paths.iter().flat_map(|path| statements(&fs::read_to_string(path).expect("a case"))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_keeps_its_meaning_and_its_comments(
        picks in prop::collection::vec(0_usize..1000, 1..5),
        rolls in prop::collection::vec(0_usize..1000, 1..200),
    ) {
        held(&scattered(&POOL, &picks, &rolls, &BETWEEN));
    }

    #[test]
    fn what_a_comment_silences_stays_silent(rolls in prop::collection::vec(0_usize..1000, 1..150)) {
        let text = loud(&rolls, "\n# govctl: allow(missing-owner) x\n");
        assert_eq!(said(&text), said(&held(&text)), "{text}\n---\n{}", format(&text));
    }

    /// A blank line parts a comment from what it stands above, and the layout has none there: it may silence more.
    #[test]
    fn what_is_silent_stays_so_where_blank_lines_go(rolls in prop::collection::vec(0_usize..1000, 1..150)) {
        let text = loud(&rolls, "\n# govctl: allow(missing-owner) x\n\n");
        let mut after = said(&held(&text));
        for finding in said(&text) {
            if let Some(at) = after.iter().position(|other| *other == finding) {
                after.remove(at);
            }
        }
        assert!(after.is_empty(), "newly said: {after:?}\n{text}\n---\n{}", format(&text));
    }
}

/// The loud statements with comments that silence between their tokens, one of them as given.
fn loud(rolls: &[usize], last: &str) -> String {
    let pool = statements(LOUD);
    let picks: Vec<usize> = (0..pool.len()).collect();
    let between = [
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        " # govctl: allow(missing-reason) x\n",
        "\n# govctl: allow(missing-reason) x\n",
        " # govctl: allow(failover-cost) x\n",
        "\n  # govctl: allow(failover-cost) x\n# more\n",
        " # govctl: allow(missing-owner) x\n",
        last,
        "\n# nothing\n",
    ];
    scattered(&pool, &picks, rolls, &between)
}

/// Statements with several warnings each.
const LOUD: &str = "
failover one { chain a1 -> b1 -> c1 -> d1 above 5x cost block }
cost rule two { when use_case in [chat, other] prefer where model.cost < 5 usd per 1m tokens and not model.trains_on_data }
compliance openness
budget three { limit 1 usd per day at 80% notify \"a\", \"b\" }
failover four { when use_case == other chain a1 -> c1 -> b1 limit 2 hops above 2x cost block above 3x cost notify }
guarantee five { for use_case == chat or use_case == other always chain.length >= 1 }
";

/// What `check` says of a policy, sorted, without the places.
fn said(policy: &str) -> Vec<String> {
    let mut registry = "providers:\n".to_owned();
    for (name, price) in [("a", 1), ("b", 20), ("c", 30), ("d", 40)] {
        registry += &format!(
            "  {name}: {{models: [{{name: {name}1, approved_use_cases: [chat, other], data_classification_max: internal, \
             trains_on_data: false, cost_per_1m_tokens_input: {price}, cost_per_1m_tokens_output: {price}}}]}}\n"
        );
    }
    let estate = "use_cases:\n  - {name: chat, owner: o, data_classification: internal}\n  - {name: other, owner: o, \
                  data_classification: internal}\n";
    let mut sources = Sources::default();
    sources.add(SourceFile::new("registry/main.yaml", FileKind::Registry, registry));
    sources.add(SourceFile::new("estate/main.yaml", FileKind::Estate, estate));
    sources.add(SourceFile::new("policies/main.gov", FileKind::Policy, policy));
    let (findings, ignored, links) = Default::default();
    let loaded = Loaded { sources, config: Config::default(), findings, ignored, links };
    let workspace = workspace::read(loaded, "2026-11-21".parse().expect("a day"));
    let checked = workspace.check();
    assert!(workspace.world.is_some(), "{:?}", workspace.findings);
    let mut said: Vec<String> =
        checked.findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect();
    said.sort();
    said
}

#[test]
fn there_is_something_to_silence() {
    let said = said(LOUD).join("\n");
    for code in ["failover-cost", "missing-reason", "missing-owner"] {
        assert!(said.contains(code), "{said}");
    }
}
