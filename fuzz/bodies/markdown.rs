//! Texts of others in a comparison that is written as Markdown.

use govctl::diff;
use govctl::diff::causes::{self, Text, Texts};
use govctl::load::{Config, Loaded};
use govctl::model::Date;
use govctl::source::{FileKind, SourceFile, Sources, visible};
use govctl::workspace;
use pulldown_cmark::{Event as Markdown, Options, Parser, Tag, TagEnd};

/// Two workspaces with texts of the input, one a line, wherever there may be one: their comparison as Markdown has our
/// structure, and nothing of the texts stands outside of code.
pub fn markdown(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let texts: Vec<String> = text.lines().take(12).map(|line| format!("{MARK}{line}")).collect();
    let reversed: Vec<String> = texts.iter().rev().cloned().collect();
    let day: Date = "2026-11-21".parse().expect("a day");
    let sides = [(&texts, 1), (&reversed, 9)]
        .map(|(texts, price)| workspace::read_with_trees(texts_everywhere(texts, price), day));
    let [(old, old_trees), (new, new_trees)] = &sides;
    let (before, after) = (old.check(), new.check());
    let (Some(old_survey), Some(new_survey)) = (&before.survey, &after.survey) else { return };
    let mut store = diff::store::Store::default();
    let old_side = diff::sides::Side::of_workspace("old", old_survey, &mut store);
    let new_side = diff::sides::Side::of_workspace("new", new_survey, &mut store);
    let mut compared = diff::diff(&store, &old_side, &new_side);
    let old_text = Text { trees: old_trees, sources: &old.sources, as_of: day, survey: old_survey };
    let new_text = Text { trees: new_trees, sources: &new.sources, as_of: day, survey: new_survey };
    let texts = Texts::new(old_text, new_text);
    causes::find(&mut compared, &mut store, (&old_side, &new_side), &texts);
    let names = compared.names.clone();
    let gone = diff::latent::find(&compared, &mut store, &new_side, &texts, &names);
    compared.latent = gone.latent;
    compared.gate.extend(gone.felt);
    let old_found = (&old.sources, before.findings.as_slice());
    let new_found = (&new.sources, after.findings.as_slice());
    let findings = diff::findings::between(old_found, new_found, compared.renamed());
    for is_compact in [false, true] {
        let look = diff::render_markdown::Look { with_source: true, is_compact, ..Default::default() };
        has_our_structure(&diff::render_markdown::render(&compared, &findings, look));
    }
}

/// Stands at the beginning of every text of the input, and in no word of ours.
const MARK: &str = "zq";

/// A workspace with these texts wherever there may be one.
fn texts_everywhere(texts: &[String], price: u32) -> Loaded {
    let text = |at: usize| texts.get(at).map_or(MARK, String::as_str);
    // JSON leaves a delete as it is, and YAML does not take one.
    let yaml = |at: usize| serde_json::to_string(text(at)).expect("a string").replace('\u{7f}', "\\u007f");
    let gov = |at: usize| format!("\"{}\"", text(at).replace('\\', "\\\\").replace('"', "\\\""));
    let name = serde_json::to_string(&text(1).replace('/', "|")).expect("a string");
    let registry = format!(
        "providers:\n  {}: {{owner: {}, regions: [{}], models: [{{name: {name}, approved_use_cases: [\"*\"], \
         data_classification_max: restricted, cost_per_1m_tokens_input: {price}, cost_per_1m_tokens_output: 2}}]}}\n",
        serde_json::to_string(&text(0).replace('/', "|")).expect("a string"),
        yaml(2),
        yaml(3),
    );
    let estate = format!(
        "use_cases:\n  - {{name: {MARK}, owner: {}, team: {}, data_classification: internal, \
         expected_monthly: {{requests: 10, input_tokens: 100, output_tokens: 100}}}}\n",
        yaml(4),
        yaml(5),
    );
    let policy = format!(
        "failover standard {{\n  follow ranking\n  then degrade {}\n  because {}\n}}\nbudget {} {{\n  limit {price} usd per day\n  \
         at 10% notify {}\n  owner {}\n  escalate {}\n  because {}\n}}\n",
        gov(6),
        gov(7),
        gov(8),
        gov(9),
        gov(10),
        gov(11),
        gov(7),
    );
    let mut sources = Sources::default();
    sources.add(SourceFile::new("registry/main.yaml", FileKind::Registry, registry));
    sources.add(SourceFile::new("estate/main.yaml", FileKind::Estate, estate));
    sources.add(SourceFile::new("policies/main.gov", FileKind::Policy, policy));
    let (findings, ignored, links) = Default::default();
    Loaded { sources, config: Config::default(), findings, ignored, links }
}

/// One heading, our own tags, no link, no picture, and outside of code nothing of others and nothing that a code host makes
/// a link of.
pub fn has_our_structure(text: &str) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM | Options::ENABLE_MATH;
    let (mut headings, mut in_fence) = (0, false);
    for event in Parser::new_ext(text, options) {
        match event {
            Markdown::Start(Tag::Heading { .. }) => headings += 1,
            Markdown::Start(Tag::CodeBlock(_)) => in_fence = true,
            Markdown::End(TagEnd::CodeBlock) => in_fence = false,
            Markdown::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::BlockQuote(_)
                | Tag::Strikethrough
                | Tag::Emphasis,
            )
            | Markdown::InlineMath(_)
            | Markdown::DisplayMath(_) => panic!("{event:?} in {text}"),
            Markdown::Html(html) | Markdown::InlineHtml(html) => {
                let mut tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
                let ours = ["details", "/details", "summary", "/summary", "code", "/code"];
                assert!(tags.all(|tag| ours.contains(&tag)), "{html}");
            }
            Markdown::Text(words) if !in_fence => {
                let acts = ["@", "://", "www.", "#1", "GH-", MARK].iter().any(|sign| words.contains(sign));
                let is_commit = words
                    .split(|c: char| !c.is_ascii_hexdigit())
                    .any(|digits| (7..=64).contains(&digits.len()));
                let hidden = words.chars().any(visible::is_hidden);
                assert!(!acts && !is_commit && !hidden, "{words:?} in {text}");
            }
            _ => {}
        }
    }
    assert_eq!(headings, 1, "{text}");
}
