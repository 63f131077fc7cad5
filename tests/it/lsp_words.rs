//! What a word of a policy is where it stands: in hovers, in colours.

use std::fmt::Write as _;

use govctl::load::Texts;
use govctl::lsp::text::Encoding;
use govctl::lsp::{hover, tokens};
use govctl::source::FileKind;
use govctl::syntax::scan;

use crate::bundle;
use crate::lsp::{look, look_half_written};

/// What is said of the word at the mark.
fn said(text: &str) -> String {
    let at = text.find('¦').expect("a mark");
    let text = text.replace('¦', "");
    look_half_written(&bundle::root("examples/logistics"), "policies/new.gov", &text, |seen, file| {
        hover::hover(seen, file, at).map(|hover| hover.text.replace("\n\n", " | ")).unwrap_or_default()
    })
}

#[test]
fn a_word_is_explained_as_what_it_is_where_it_stands() {
    let mut wrong = String::new();
    for (text, wanted) in [
        ("¦compliance rule a { require true }", "`compliance`, a tier: rules about what is allowed"),
        ("¦latency rule a { prefer fastest }", "`latency`, a tier: rules about speed"),
        (
            "precedence ¦compliance > cost > latency > preference",
            "`compliance`, a tier: rules about what is allowed",
        ),
        ("precedence compliance > cost > ¦latency > preference", "`latency`, a tier: rules about speed"),
        ("¦compliance soc2", "`compliance`, a vocabulary: certifications and regulations"),
        ("¦data pii", "`data`, a vocabulary: kinds of data in a prompt"),
        ("¦teams a", "`teams`, a vocabulary: teams that own use cases"),
        ("¦business_units a", "`business_units`, a vocabulary: business units that own use cases"),
        ("¦regions eu", "`regions`, a vocabulary: where a request may be processed"),
        (
            "failover f { follow ranking match ¦residency }",
            "`residency`, an aspect: it processes nowhere else than the primary",
        ),
        (
            "failover f { follow ranking match hosting, ¦capabilities }",
            "`capabilities`, an aspect: it is able to do all that the primary is",
        ),
        (
            "compliance rule a { when ¦compliance has gdpr }",
            "`compliance`: certifications that every serving model must hold | a set",
        ),
        ("compliance rule a { require true and ¦residency covers model.regions }", "`residency`: "),
        ("compliance rule a { ¦require true }", "`require` | A promise: "),
        ("attribution { ¦require team }", "`require` | Which dimensions every use case states"),
        ("attribution { require ¦team }", "`team`, a dimension: its team"),
        ("attribution { anomaly ¦above 40% }", "`above` | From what rise"),
        ("attribution { mode ¦chargeback }", "`chargeback`: the cost is charged to whoever caused it"),
        ("budget b { limit 5 usd per ¦quarter }", "`quarter`: a quarter of a year"),
        ("budget b { limit 5 ¦USD per day }", "`USD` | US dollars"),
        ("quota q { limit 5 ¦requests per minute }", "`requests`: requests"),
        ("quota q { limit 5 requests per ¦minute }", "`minute`: a minute"),
        (
            "quota q { limit 5 requests per minute ¦then block }",
            "`then` | What happens when the quota is used up",
        ),
        ("failover f { limit 1 ¦hop }", "`hop` | How many targets"),
        ("failover f { limit 2 ¦hops }", "`hops` | How many targets"),
        ("failover f { cooldown 1 ¦minute }", "`minute` | A unit of time."),
        ("failover f { above 3 ¦x cost block }", "`x` | So many times as much"),
        ("failover f { above 3x ¦cost block }", "`cost` | "),
        ("failover f { on ¦timeout }", "`timeout`, a trigger: no answer in time"),
        ("failover f { then ¦queue }", "`queue` | The request waits"),
        (
            "test \"t\" { given ¦classification internal expect unroutable }",
            "`classification` | How confidential",
        ),
        ("compliance rule a { when ¦classification == internal }", "`classification`: "),
        ("fact f in ¦classifications default internal", "`classifications` | The values of the fact"),
        ("compliance rule a { require ¦true }", "`true` | "),
        // What stands before it cannot be read.
        ("compliance rule a { require = } ¦residency", "`residency`: "),
    ] {
        let said = said(text);
        if !said.starts_with(wanted) {
            let _ = writeln!(wrong, "{text}: {said}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The words of a policy that stands in no workspace, each with the number of its kind.
fn coloured(text: &str) -> Vec<(String, String)> {
    let legend = tokens::legend().token_types;
    let (mut line, mut column) = (0, 0);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = Vec::new();
    for token in tokens::of_text(text, Encoding::Utf8) {
        line += token.delta_line as usize;
        column = if token.delta_line > 0 { 0 } else { column } + token.delta_start as usize;
        let word = &lines[line][column..column + token.length as usize];
        found.push((word.to_owned(), legend[token.token_type as usize].as_str().to_owned()));
    }
    found
}

#[test]
fn a_word_has_the_colour_of_what_it_is_where_it_stands() {
    let mut wrong = String::new();
    for (text, word, wanted) in [
        ("compliance rule a { require true }", "compliance", "keyword"),
        ("precedence compliance > cost", "compliance", "keyword"),
        ("precedence compliance > cost", "cost", "keyword"),
        ("compliance soc2", "compliance", "keyword"),
        ("data pii", "data", "keyword"),
        ("capabilities tools", "capabilities", "keyword"),
        ("failover f { match capabilities }", "capabilities", "keyword"),
        ("attribution { require team }", "team", "keyword"),
        ("test \"t\" { given use_case a }", "use_case", "keyword"),
        ("cost rule a { when compliance has x }", "compliance", "property"),
        ("cost rule a { when team == b and data has x }", "data", "property"),
        ("cost rule a { when model.cost < 3 USD per 1m tokens and data has x }", "USD", "keyword"),
        ("cost rule a { when model.cost < 3 USD per 1m tokens and data has x }", "data", "property"),
        ("cost rule a { when not regulated_output }", "regulated_output", "property"),
        ("budget b { limit 5 USD per day }", "USD", "keyword"),
        ("failover f { above 3 X cost block }", "X", "keyword"),
        ("failover f { cooldown 1 Minute }", "Minute", "keyword"),
        ("failover f { then degrade }", "degrade", "keyword"),
        ("cost rule a { when workload == batch }", "batch", "enumMember"),
        ("cost rule a { when regulated_output == false }", "false", "keyword"),
    ] {
        let kind = coloured(text).into_iter().find(|(known, _)| known == word).map(|(_, kind)| kind);
        if kind.as_deref() != Some(wanted) {
            let _ = writeln!(wrong, "{text}: `{word}` is {kind:?}, not {wanted}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// In policies that parse, every word that is no name is explained, and what has the colour of an attribute is explained as
/// one.
#[test]
fn hovers_and_colours_agree_in_every_example() {
    let (mut wrong, mut words) = (String::new(), 0);
    for example in ["saas", "hospital", "enterprise", "logistics"] {
        look(&bundle::root(&format!("examples/{example}")), &Texts::new(), |seen| {
            for (file, source) in seen.now.workspace.sources.of_kind(FileKind::Policy) {
                let text = source.text.as_str();
                let colours = coloured(text);
                let named = |at: usize| seen.now.index().at(file, at).is_some();
                for token in scan::tokens(text, 0).filter(|token| token.kind == scan::Kind::Word) {
                    let word = token.text(text);
                    let is_known = colours.iter().any(|(known, kind)| {
                        known == word && ["keyword", "property"].contains(&kind.as_str())
                    });
                    if named(token.start) || !is_known || word.contains('/') {
                        continue;
                    }
                    words += 1;
                    if hover::hover(seen, file, token.start).is_none() {
                        let _ = writeln!(wrong, "{}: nothing is said of `{word}`", source.path);
                    }
                }
            }
        });
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(words > 500, "{words}");
}
