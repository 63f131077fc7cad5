//! `review`: one page that answers, as HTML that any reader can take and as Markdown.

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use pulldown_cmark::{Event, Options, Parser, Tag};
use roxmltree::{Document, Node};

use crate::bench_world::{Size, World};
use crate::bundle::{self, root, status, stdout};

const SINCE: [&str; 4] =
    ["review", "examples/logistics-as-published", "--usage", "examples/logistics/logs/spend.csv"];

fn run(arguments: &[&str]) -> Output {
    let mut govctl = bundle::govctl();
    govctl.current_dir(root("")).args(arguments).output().expect("govctl runs")
}

fn review(example: &str, more: &[&str]) -> String {
    let output = run(&[&["review", "-C", example][..], more].concat());
    assert_eq!(status(&output), 0, "{}", bundle::stderr(&output));
    stdout(&output)
}

/// The whole page with everything on it.
fn full(format: &str) -> String {
    let more = ["-C", "examples/logistics", "--as-of", "2026-12-03", "--format", format];
    let output = run(&[&SINCE[..], &more].concat());
    assert_eq!(status(&output), 0, "{}", bundle::stderr(&output));
    stdout(&output)
}

fn text(node: Node) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// The page is ours: no script, nothing fetched, every table with heads, every picture with words, every name resolved.
pub(crate) fn is_page(html: &str) {
    let (first, rest) = html.split_once('\n').expect("lines");
    assert_eq!(first, "<!doctype html>");
    let document = Document::parse(rest).unwrap_or_else(|why| panic!("{why}: {html}"));
    let elements = || document.descendants().filter(Node::is_element);
    let known = "html head meta title style body a header h1 h2 h3 p nav ul li main section dl dt dd div table caption \
                 thead tbody tr th td details summary figure figcaption svg desc rect text line circle code footer";
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let mut ids = BTreeSet::new();
    for element in elements() {
        let name = element.tag_name().name();
        assert!(known.contains(name), "<{name}> is none of ours");
        for attribute in element.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style" && key != "src", "{key}={value}");
            assert!(key != "href" || value.starts_with('#'), "{value} leads out of the page");
            assert!(key != "id" || ids.insert(value.to_owned()), "two elements are `{value}`");
        }
        let scope = element.attribute("scope");
        assert!(name != "th" || (scope == Some("col") || scope == Some("row")) && !text(element).is_empty());
        assert!(name != "table" || element.children().any(|child| child.has_tag_name("caption")));
    }
    for element in elements() {
        for key in ["aria-labelledby", "href"] {
            let names = element.attribute(key).unwrap_or_default();
            for name in names.split_whitespace() {
                assert!(ids.contains(name.trim_start_matches('#')), "nothing is `{name}`");
            }
        }
    }
    for one in ["h1", "main", "nav", "header", "footer"] {
        assert_eq!(elements().filter(|element| element.tag_name().name() == one).count(), 1, "{one}");
    }
}

/// The same of the Markdown.
pub(crate) fn is_markdown(page: &str) {
    let mut headings = 0;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_MATH) {
        match event {
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::BlockQuote(_) | Tag::Emphasis)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => panic!("{event:?} in {page}"),
            _ => {}
        }
    }
    assert_eq!(headings, 14, "{page}");
}

#[test]
fn both_forms_are_ours_and_the_same_every_time() {
    for example in ["examples/logistics", "examples/hospital", "examples/saas"] {
        let html = review(example, &["--format", "html"]);
        is_page(&html);
        assert_eq!(html, review(example, &["--format", "html"]));
        is_markdown(&review(example, &[]));
    }
    is_page(&full("html"));
    is_markdown(&full("markdown"));
}

#[test]
fn the_page_answers_what_owners_auditors_and_finance_ask() {
    let page = full("markdown");
    for answer in [
        // The portfolio owner: what changed, where everything hangs on one provider, what stops.
        "7 use cases change, 5 widened",
        "| Largest provider | 71.8% | openai |",
        "71.8% of the expected spend is on `openai`, over 50%",
        "| `self_hosted` | **2 (1 of high criticality)** | `route-planning` and `fleet-optimization` |",
        // The auditor: who reaches what, what is promised, from which files.
        "| `customer-communication` | `confidential` | pii | first |  | next |",
        "| `restricted-stays-home` | ",
        "| `registry/providers.yaml` | `",
        // Finance: expected, spent, budgets, drift, names that nobody knows.
        "4,593.60 usd a month are expected",
        "| `operations` | 6,000.00 usd a month | 4,311.60 | 71.9% | 5,021.60 | 4,396.50 of 6,000.00 | `operations@example.com` |",
        "| `planning` | 2,790.15 | 2,100.00 | +32.9% |",
        "`planning` spent 32.9% more than expected",
        "| `mail-drafts` | unknown use case | 88.20 |",
    ] {
        assert!(page.contains(answer), "`{answer}` is not in\n{page}");
    }
}

#[test]
fn the_form_is_told_by_the_name_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let path = path.to_str().expect("a path");
        let output = run(&[&["review", "-C", "examples/saas", "-o", path][..], more].concat());
        assert_eq!((status(&output), stdout(&output)), (0, String::new()));
        fs::read_to_string(path).expect("the page")
    };
    assert!(write("review.html", &[]).starts_with("<!doctype html>"));
    assert!(write("review.md", &[]).starts_with("# Review of saas\n"));
    assert!(write("review", &[]).starts_with("# Review of saas\n"));
    assert!(write("review.txt", &["--format", "html"]).starts_with("<!doctype html>"));
}

#[test]
fn reviews_and_exceptions_stand_with_their_days() {
    let folder = tempfile::tempdir().expect("a folder");
    bundle::copy(&root("examples/saas"), folder.path());
    let reviews = "reviews:\n  - {name: provider portfolio, owner: governance@example.com, cadence: quarterly, last: 2026-06-30}\n  - {name: costs, owner: finance@example.com, cadence: monthly, last: 2026-11-02}\n";
    let config = folder.path().join("govctl.yaml");
    let before = fs::read_to_string(&config).unwrap_or_default();
    fs::write(&config, before + reviews).expect("written");
    let accepted = folder.path().join("accepted.yaml");
    let entry = "accepted:\n  - fingerprint: 0123456789abcdef\n    what: \"assistant: widened\"\n    owner: risk@example.com\n    reason: agreed for the trial\n    until: 2026-12-01\n";
    fs::write(&accepted, entry).expect("written");
    let path = accepted.to_str().expect("a path");
    let page = stdout(&bundle::run(folder.path(), &["review", "--accept", path]));
    for part in [
        "| `provider portfolio` | `governance@example.com` | quarterly | 2026-06-30 | **due since 2026-09-30** |",
        "| `costs` | `finance@example.com` | monthly | 2026-11-02 | 2026-12-02 |",
        "The review `provider portfolio` was due on 2026-09-30: the last one was on 2026-06-30",
        "| `agreed for the trial` | `risk@example.com` | 2026-12-01 | 10 |",
    ] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
}

/// The enterprise's page: a week's budget beside what a month allows, what ends soon among what is on its way out, and
/// retired models where `who` has them.
#[test]
fn what_stands_side_by_side_can_be_compared() {
    let spent = ["--usage", "examples/enterprise/logs/spend.csv", "--as-of", "2026-11-26"];
    let page = review("examples/enterprise", &spent);
    for part in [
        "what was spent stands beside what the limit allows in a month of 30 days",
        "| `engineering` | 4,500.00 usd a week | 1,427.35 | 31.7% | 3,705.87 | 7,758.55 of 19,285.71 |",
        "| **967.63 of 900.00 (over)** | `people@example.com` |",
        "| `anthropic/claude-sonnet-4-5` | active, ends | 2026-11-30 | 1 | `hr.training` | route elsewhere before that day; ",
        "| `openai/gpt-4-turbo` | retired | 2026-10-23 | 0 | nobody | take it out |",
        "| Requests go to `vertex-eu/gemini-3.1-pro-preview`, which is a preview |",
        "| Model `anthropic/claude-sonnet-4-5` ends |",
    ] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
    let known = page.split("What is known of each model that is not retired").nth(1).expect("a table");
    let known = known.split("\n## ").next().expect("a table");
    assert!(!known.contains("openai/gpt-4-turbo"), "{known}");
    let who = ["who", "-C", "examples/enterprise", "--agreement", "openai", "--as-of", "2026-11-26"];
    let said = stdout(&run(&who));
    let (covers, rest) = said.split_once('\n').expect("lines");
    assert!(!covers.contains("gpt-4-turbo"), "{said}");
    assert!(rest.starts_with("`openai/gpt-4-turbo` is retired\n"), "{said}");
    let output = run(&[&["review", "-C", "examples/enterprise", "--month", "2027-05"], &spent[..]].concat());
    assert_eq!(
        (status(&output), bundle::stderr(&output)),
        (2, "error: 2027-05 has not begun on 2026-11-26\n".to_owned())
    );
}

/// Names that are unknown are counted apart from what is spent for nobody, and what was spent stands before what was not.
#[test]
fn what_bills_name_is_counted_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = |example: &str, spent: &str| {
        let path = folder.path().join("spend.csv");
        fs::write(&path, spent).expect("written");
        review(example, &["--usage", path.to_str().expect("a path"), "--as-of", "2026-11-21"])
    };
    let untagged = page("examples/hospital", "use_case,month,usd\n,2026-10,150\n");
    assert!(untagged.contains("| 150.00 usd on bills are spent for nobody in particular |"), "{untagged}");
    assert!(!untagged.contains("on bills is known") && !untagged.contains("on bills are known"));
    let one = page("examples/hospital", "use_case,month,usd\nnobody,2026-10,150\n");
    assert!(one.contains("| 1 name on bills is known to no file here |"), "{one}");
    let two =
        page("examples/hospital", "use_case,month,usd,team\nnobody,2026-10,150,\n,2026-10,1,strangers\n");
    assert!(two.contains("| 2 names on bills are known to no file here |"), "{two}");
    let enterprise = page("examples/enterprise", "use_case,month,usd\ncode.docs,2026-10,40\n");
    let rows = enterprise.split("Spent in 2026-10, in US dollars").nth(1).expect("a table");
    let first = rows.lines().find(|line| line.starts_with("| `")).expect("a row");
    assert!(first.starts_with("| `code.docs` | 40.00 |"), "{first}");
}

/// What was logged stands on the page by kind, in both forms; what was spent in the year, by month.
#[test]
fn what_an_auditor_asks_next_is_answered() {
    let more = ["--audit", "examples/logistics/logs/november.ndjson", "--as-of", "2026-11-21"];
    let usage = ["--usage", "examples/logistics/logs/spend.csv"];
    let page = review("examples/logistics", &[&more[..], &usage].concat());
    for part in [
        "\n## Logged and decided\n\n4 events on 2026-11-21 were held against the decisions of 2026-11-21: something is wrong with 2 of them. By the prices of the decisions they cost 0.05 usd, stated are 0.04, billed are 0.04.\n",
        "| `not-allowed` | **the decision does not lead to this model** | 1 | `examples/logistics/logs/november.ndjson:3` | `customer-communication` |",
        "| `missing-tag` | a dimension that `attribution` requires is not stated | 1 |",
        "2 events in the logs are not as decided: `not-allowed` 1, `test-in-production` 1, `raw-user` 1 and 5 other kinds",
        "| `examples/logistics/logs/november.ndjson` | `",
        "Spent in 2026 through 2026-10, in US dollars, as far as the files go back:",
        "| 2026-10 | 4,745.05 | ",
    ] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
    is_markdown(&page);
    let html = review("examples/logistics", &[&more[..], &usage, &["--format", "html"]].concat());
    is_page(&html);
    assert!(html.contains("<th scope=\"row\">not-allowed</th>"), "{html}");
    // Logs are held against the tables that were in force.
    let folder = tempfile::tempdir().expect("a folder");
    for day in ["2026-11-01", "2026-11-21"] {
        let path = folder.path().join(format!("{day}.json"));
        let path = path.to_str().expect("a path");
        let output = run(&["compile", "-C", "examples/logistics", "--as-of", day, "-o", path]);
        assert_eq!(status(&output), 0, "{}", bundle::stderr(&output));
    }
    let tables = folder.path().to_str().expect("a path");
    let page = review("examples/logistics", &[&more[..], &["--table", tables]].concat());
    assert!(page.contains("4 events on 2026-11-21 were held against the decisions of 2026-11-21:"), "{page}");
    assert!(page.contains("2026-11-01.json` | `"), "{page}");
    let none = review("examples/logistics", &[]);
    assert!(none.contains("\nNo log was read: name logs with `--audit FILE` to"), "{none}");
    let output = run(&["review", "-C", "examples/logistics", "--table", tables]);
    assert_eq!(status(&output), 2);
}

/// What is a sentence begins with a capital letter, unless it begins with a name or a number.
#[test]
fn sentences_begin_as_sentences_do() {
    let page = full("markdown");
    let changes = page.split("## What changed\n\n").nth(1).expect("a section");
    let changes = changes.split("\n## ").next().expect("a section");
    let of_sentences = changes.lines().filter(|line| line.ends_with('.'));
    for line in of_sentences {
        let first = line.trim_start_matches("- ").chars().next().expect("a character");
        assert!(!first.is_ascii_lowercase(), "{line}");
    }
}

#[test]
fn what_cannot_be_reviewed_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = bundle::run(folder.path(), &["review"]);
    assert_eq!(status(&output), 2);
    let output = run(&["review", "-C", "examples/saas", "--month", "2026-10"]);
    assert_eq!(status(&output), 2);
    let output = run(&["review", "no-such-revision", "-C", "examples/saas"]);
    assert_eq!(status(&output), 2);
}

/// A page of a thousand use cases is one that a browser opens at once.
#[test]
fn a_thousand_use_cases_are_a_page_of_bounded_size() {
    let world = World::new(Size { use_cases: 1000, models: 60, rules: 40 });
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in &world.files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    let output = bundle::run(folder.path(), &["review", "--format", "html"]);
    let html = stdout(&output);
    is_page(&html);
    assert!(html.len() < 4_000_000, "{} bytes", html.len());
}

/// `diff --usage` puts what was really spent beside what is expected.
#[test]
fn a_comparison_tells_what_was_really_spent() {
    let folder = tempfile::tempdir().expect("a folder");
    bundle::copy(&root("examples/logistics"), folder.path());
    let registry = folder.path().join("registry/providers.yaml");
    let text = fs::read_to_string(&registry).expect("a registry");
    let dearer = text.replacen("cost_per_1k_tokens_input: 0.01", "cost_per_1k_tokens_input: 0.02", 1);
    assert_ne!(text, dearer);
    fs::write(&registry, dearer).expect("written");
    let new = folder.path().to_str().expect("a path");
    let bill = "examples/logistics/logs/spend.csv";
    let ask = |format: &str| {
        let more = ["--usage", bill, "--as-of", "2026-12-03", "--format", format];
        stdout(&run(&[&["diff", "examples/logistics", new][..], &more].concat()))
    };
    assert!(
        ask("human").contains("spent: 2,790.15 usd in 2026-10; the same use would now be "),
        "{}",
        ask("human")
    );
    assert!(ask("markdown").contains("- spent: 2,790.15 usd in 2026-10"), "{}", ask("markdown"));
    let report: serde_json::Value = serde_json::from_str(&ask("json")).expect("JSON");
    let change = &report["changes"].as_array().expect("changes")[0];
    let number = |text: &serde_json::Value| text.as_str().expect("text").parse::<f64>().expect("a number");
    let ratio = number(&change["monthly_cost"]["new"]) / number(&change["monthly_cost"]["old"]);
    let spent = &change["spent"];
    assert!((number(&spent["would_have_been"]) - number(&spent["usd"]) * ratio).abs() < 0.02, "{change}");
}

/// A log of which little can be asked is no log with which nothing is wrong.
#[test]
fn what_was_not_asked_of_logs_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a log");
        review("examples/logistics", &["--audit", path.to_str().expect("UTF-8"), "--as-of", "2026-11-21"])
    };
    let bucket = "{\"data\":[{\"starting_at\":\"2026-11-21T00:00:00Z\",\"results\":[{\"model\":\"claude-3-5-sonnet\",\"uncached_input_tokens\":5,\"output_tokens\":1}]}],\"has_more\":false}";
    let of = page("usage.json", bucket);
    for part in [
        "1 event on 2026-11-21 was held against the decisions of 2026-11-21: nothing is wrong in what was asked.",
        "- 1 event of 1 is of a format that names no use case, so whether it was allowed was not asked.",
        "- `anthropic` does not say `use_case`, `classification`, ",
    ] {
        assert!(of.contains(part), "`{part}` is not in\n{of}");
    }
    let of = page("empty.ndjson", "");
    assert!(of.contains("0 events: there is none in the logs, so nothing was asked.\n"), "{of}");
}

/// What was spent stands by provider and team too, and in quarters; what is accepted and nearly over wants somebody.
#[test]
fn spending_has_shares_and_accepted_entries_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("accepted.yaml");
    let entry = |days: &str, what: &str, n: u8| {
        format!(
            "  - fingerprint: \"{}\"\n    what: {what}\n    owner: o@example.com\n    reason: for now\n    until: {days}\n",
            format!("{n:02x}").repeat(8)
        )
    };
    let text = format!(
        "accepted:\n{}{}{}",
        entry("2027-06-30", "late", 1),
        entry("2026-12-01", "soon", 2),
        entry("2026-11-01", "over", 3)
    );
    fs::write(&path, text).expect("a file");
    let spend = ["--usage", "examples/logistics/logs/spend.csv", "--as-of", "2026-11-21", "--accept"];
    let page = review("examples/logistics", &[&spend[..], &[path.to_str().expect("UTF-8")]].concat());
    for part in [
        "Spent by provider in 2026-10, in US dollars",
        "Spent by team in 2026-10, in US dollars",
        "| Month | Spent | Quarter so far | Year so far |",
        "| The accepted entry `soon` ends |",
        "| The accepted entry `over` is over |",
    ] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
    let at = |what: &str| page.find(&format!("| accepted: `{what}` |")).expect("an exception");
    assert!(at("over") < at("soon") && at("soon") < at("late"));
}
