//! `govctl registry`: what it edits, that it edits nothing else, and what it never writes.

use std::path::Path;

use govctl::yaml::edit::{self, Edit};

use crate::bundle::{json, root, run, status, stderr, stdout, unpack_text};
use crate::schemas;
use crate::worlds::rolls;

/// A part of a document.
enum Part {
    /// What no edit touches.
    Text(String),
    /// A number that may be replaced.
    Number { path: Vec<String>, text: String },
    /// The end of the line, or of the entry in braces, behind which a new key stands.
    Place { path: Vec<String>, indent: Option<usize> },
}

/// A registry in a random layout.
struct Writer {
    dice: std::vec::IntoIter<u16>,
    parts: Vec<Part>,
    newline: &'static str,
}

impl Writer {
    fn roll(&mut self, of: u16) -> u16 {
        self.dice.next().unwrap_or(0) % of
    }

    fn text(&mut self, text: &str) {
        self.parts.push(Part::Text(text.to_owned()));
    }

    fn line(&mut self) {
        let comments = ["", "   # a price: {odd}", " # it's \"so\"", "  # - x: 1, [y"];
        let comment = comments[usize::from(self.roll(4))];
        let newline = self.newline;
        self.text(&format!("{comment}{newline}"));
        if self.roll(6) == 0 {
            let between = ["", "        # between: 3", "# at the left"][usize::from(self.roll(3))];
            self.text(&format!("{between}{newline}"));
        }
    }

    fn string(&mut self, text: &str) {
        let quoted = [text.to_owned(), format!("'{text}'"), format!("\"{text}\"")];
        let at = usize::from(self.roll(3));
        self.text(&quoted[at].clone());
    }

    fn number(&mut self, path: &[String], key: &str) {
        let written = ["0.25", "3", "1e1", "1_0.5", "007", ".5"][usize::from(self.roll(3))];
        let mut path = path.to_vec();
        path.push(key.to_owned());
        self.parts.push(Part::Number { path, text: written.to_owned() });
    }

    fn place(&mut self, path: &[String], indent: Option<usize>) {
        self.parts.push(Part::Place { path: path.to_vec(), indent });
    }

    fn model(&mut self, path: &[String], name: &str) {
        let dash = if self.roll(2) == 0 { 4 } else { 6 };
        // All items of a list stand equally far right; the first item's choice would have to hold for all.
        let dash = if path.last().is_some_and(|at| at == "0") { dash } else { self.last_dash() };
        let keys = ["cost_per_1m_tokens_input", "cost_per_1m_tokens_output"];
        self.text(&format!("{}- ", " ".repeat(dash)));
        if self.roll(3) == 0 {
            self.text("{name: ");
            self.string(name);
            for key in keys {
                let gap =
                    if self.roll(3) == 0 { format!(",{}          ", self.newline) } else { ", ".to_owned() };
                self.text(&format!("{gap}{key}: "));
                self.number(path, key);
            }
            self.place(path, None);
            let end = ["}", " }", ", aliases: [a, 'b]']}"][usize::from(self.roll(3))];
            self.text(end);
            self.line();
            return;
        }
        self.text("name: ");
        self.string(name);
        self.line();
        for key in keys {
            self.text(&format!("{}  {key}: ", " ".repeat(dash)));
            self.number(path, key);
            if key == keys[1] {
                let comment = ["", "  # end"][usize::from(self.roll(2))];
                self.text(comment);
                self.place(path, Some(dash + 2));
                let newline = self.newline;
                self.text(newline);
            } else {
                self.line();
            }
        }
        if self.roll(2) == 0 {
            let newline = self.newline;
            self.text(&format!("{}  capabilities:{newline}", " ".repeat(dash)));
            self.text(&format!("{}    - tools", " ".repeat(dash)));
            self.line();
        }
    }

    /// How far right the items of this list stand.
    fn last_dash(&self) -> usize {
        let lists = self.parts.iter().rev().filter_map(|part| match part {
            Part::Text(text) if text.ends_with("- ") && text.trim() == "-" => Some(text.len() - 2),
            _ => None,
        });
        lists.into_iter().next().unwrap_or(4)
    }
}

/// A document of a seed.
fn document(seed: u64) -> Vec<Part> {
    let mut writer = Writer { dice: rolls(seed, 400).into_iter(), parts: Vec::new(), newline: "\n" };
    if writer.roll(4) == 0 {
        writer.newline = "\r\n";
    }
    let newline = writer.newline;
    writer.text(&format!("# a registry{newline}providers:{newline}"));
    for provider in 0..=writer.roll(3) {
        writer.text(&format!("  p{provider}:"));
        writer.line();
        writer.text(&format!("    models:{newline}"));
        for model in 0..=writer.roll(4) {
            let path =
                ["providers", &format!("p{provider}"), "models", &model.to_string()].map(str::to_owned);
            writer.model(&path, &format!("m{model}"));
        }
    }
    writer.parts
}

#[test]
fn an_edit_changes_the_bytes_that_it_must_and_no_others() {
    let mut edited = 0;
    for seed in 1..=400 {
        let parts = document(seed);
        let mut dice = rolls(seed ^ 0x5eed, 200).into_iter();
        let (mut before, mut after, mut edits) = (String::new(), String::new(), Vec::new());
        for part in &parts {
            let hit = dice.next().unwrap_or(0).is_multiple_of(3);
            match part {
                Part::Text(text) => {
                    before += text;
                    after += text;
                }
                Part::Number { path, text } if hit => {
                    before += text;
                    after += "12.75";
                    edits.push(Edit { path: path.clone(), behind: Vec::new(), new: "12.75".to_owned() });
                }
                Part::Number { text, .. } => {
                    before += text;
                    after += text;
                }
                Part::Place { path, indent } if hit => {
                    let newline = if before.contains("\r\n") { "\r\n" } else { "\n" };
                    after += &indent.map_or_else(
                        || ", context_window: 9".to_owned(),
                        |indent| format!("{newline}{}context_window: 9", " ".repeat(indent)),
                    );
                    let path = [path.as_slice(), &["context_window".to_owned()]].concat();
                    let behind = vec!["cost_per_1m_tokens_output".to_owned()];
                    edits.push(Edit { path, behind, new: "9".to_owned() });
                }
                Part::Place { .. } => {}
            }
        }
        edited += edits.len();
        assert_eq!(edit::apply(&before, &edits).as_deref(), Ok(after.as_str()), "seed {seed}\n{before}");
    }
    assert!(edited > 1000, "{edited}");
}

#[test]
fn what_cannot_be_edited_alone_is_refused() {
    let edit = |path: &[&str]| Edit {
        path: path.iter().map(|step| (*step).to_owned()).collect(),
        behind: Vec::new(),
        new: "2".to_owned(),
    };
    // The anchor's other users would change with it.
    assert!(edit::apply("a: &x 1\nb: *x\n", &[edit(&["a"])]).is_err());
    assert_eq!(edit::apply("a: &x 1\nb: *x\n", &[edit(&["b"])]).as_deref(), Ok("a: &x 1\nb: 2\n"));
    // What stands at an alias is elsewhere: the edit is refused, and not what its author wrote.
    let shared = "a:\n  - &x\n    b: 1\n    c: 1\nd: [*x]\n";
    assert_eq!(
        edit::apply(shared, &[edit(&["d", "0", "e"])]),
        Err("`d.0.e` cannot be edited in place: edit it by hand".to_owned())
    );
    // Where nothing stands, an entry is put in: what the key is for stays.
    for (empty, filled) in [
        ("a: {}\nc: 1\n", "a: {b: 2}\nc: 1\n"),
        ("a:\nc: 1\n", "a: {b: 2}\nc: 1\n"),
        ("a:   # why\nc: 1\n", "a: {b: 2}   # why\nc: 1\n"),
        ("a: ~\n", "a: {b: 2}\n"),
        ("a: { }  # why\n", "a: {b: 2}  # why\n"),
    ] {
        assert_eq!(edit::apply(empty, &[edit(&["a", "b"])]).as_deref(), Ok(filled), "{empty}");
    }
    let two = [edit(&["a", "b"]), edit(&["a", "c"])];
    assert_eq!(edit::apply("a:\n", &two).as_deref(), Ok("a: {b: 2, c: 2}\n"));
    assert!(edit::apply("a: 1\n", &[edit(&["b", "c"])]).is_err());
}

pub(crate) const WORKSPACE: &str = "\
=== registry/main.yaml
providers:
  openai:   # the first
    owner: o@example.com
    models:
      - name: gpt-4o          # ours
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1k_tokens_input: 0.005   # dear
        cost_per_1k_tokens_output: 0.01
        capabilities: [tools]
      - {name: gpt-4o-mini, data_classification_max: public, cost_per_1m_tokens_input: 0.15,   # flow
         cost_per_1m_tokens_output: 0.6, capabilities: [tools, vision]}
  acme:
    owner: o@example.com
    models:
      - name: own
        data_classification_max: internal
        pricing: {unit: reserved, per_month: 3, tokens_per_month: 4}
=== estate/main.yaml
use_cases:
  - name: chat
    owner: o
    data_classification: internal
=== policies/main.gov
failover standard {
  none
  because \"an example\"
}
";

pub(crate) fn prices() -> String {
    root("examples/litellm/prices.json").to_str().expect("a path").to_owned()
}

pub(crate) fn registry(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("registry/main.yaml")).expect("the registry")
}

#[test]
fn a_refresh_edits_what_differs_and_then_nothing() {
    let folder = unpack_text(WORKSPACE);
    let prices = prices();
    let before = registry(folder.path());
    let check =
        run(folder.path(), &["registry", "refresh", "--from", &prices, "--check", "--format", "json"]);
    assert_eq!(status(&check), 1, "{}", stderr(&check));
    schemas::holds("refresh", &json(&check));
    assert_eq!(json(&check)["unknown"][0]["model"], "acme/own");
    let dry = run(folder.path(), &["registry", "refresh", "--from", &prices, "--dry-run"]);
    assert!(stdout(&dry).contains("+        cost_per_1k_tokens_input: 0.0025   # dear"), "{}", stdout(&dry));
    assert_eq!(registry(folder.path()), before, "nothing is written");
    let done = run(folder.path(), &["registry", "refresh", "--from", &prices]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let after = before
        .replace("tokens_input: 0.005 ", "tokens_input: 0.0025 ")
        .replace(
            "tokens_output: 0.01\n",
            "tokens_output: 0.01\n        cost_per_1k_tokens_cached_input: 0.00125\n        batch_discount: 50%\n        \
             context_window: 128000\n",
        )
        .replace("[tools]", "[tools, vision]")
        .replace(
            "tokens_output: 0.6,",
            "tokens_output: 0.6, cost_per_1m_tokens_cached_input: 0.075, batch_discount: 50%, context_window: 128000,",
        );
    assert_eq!(registry(folder.path()), after);
    let again = run(folder.path(), &["registry", "refresh", "--from", &prices, "--check"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
    assert!(stdout(&again).starts_with("nothing differs\n"));
    assert_eq!(status(&run(folder.path(), &["check"])), 0);
}

#[test]
fn what_catalogues_do_not_agree_on_is_reported_with_both() {
    let folder = unpack_text(WORKSPACE);
    let other = folder.path().join("api.json");
    let models_dev = r#"{"openai": {"models": {"gpt-4o": {"tool_call": true,
        "cost": {"input": 3, "output": 10}, "limit": {"context": 128000}}}}}"#;
    std::fs::write(&other, models_dev).expect("a catalogue");
    let (prices, other) = (prices(), other.to_str().expect("a path").to_owned());
    let from = ["registry", "refresh", "openai/gpt-4o", "--from", &prices, "--from", &other];
    let report = json(&run(folder.path(), &[&from[..], &["--format", "json", "--check"]].concat()));
    schemas::holds("refresh", &report);
    let one = &report["disagreements"][0];
    // In the unit of the registry.
    assert_eq!((&one["key"], &one["taken"]), (&"cost_per_1k_tokens_input".into(), &serde_json::Value::Null));
    assert_eq!(one["said"][0], serde_json::json!({"catalogue": "prices.json", "value": "0.0025"}));
    assert_eq!(one["said"][1], serde_json::json!({"catalogue": "api.json", "value": "0.003"}));
    let discount =
        report["changes"].as_array().expect("changes").iter().find(|one| one["key"] == "batch_discount");
    assert_eq!(discount.map(|one| &one["silent"]), Some(&serde_json::json!(["api.json"])), "{report}");
    let shown = stdout(&run(folder.path(), &[&from[..], &["--check"]].concat()));
    let alone = "`openai/gpt-4o`: `batch_discount` was not stated, `prices.json` alone says `50%`; `api.json` lists the model without it\n";
    assert!(shown.contains(alone), "{shown}");
    let both = "`openai/gpt-4o`: `context_window` was not stated, `prices.json` says `128000`\n";
    assert!(shown.contains(both), "{shown}");
    let done = run(folder.path(), &[&from[..], &["--prefer", &other]].concat());
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    assert!(registry(folder.path()).contains("cost_per_1k_tokens_input: 0.003   # dear"));
    let strange = run(folder.path(), &[&from[..], &["--prefer", "nobody.json"]].concat());
    assert_eq!(status(&strange), 2);
}

#[test]
fn every_format_of_a_catalogue_is_read() {
    let folder = unpack_text(WORKSPACE);
    let cases = [
        (
            r#"[{"id": "openai", "models": [{"id": "gpt-4o-latest", "match": {"or": [{"equals": "GPT-4o"}, {"starts_with": "gpt-4o-latest"}]},
                "context_window": 128000, "prices": [{"prices": {"input_mtok": 9, "output_mtok": 9}},
                {"constraint": {"start_date": "2026-11-01"}, "prices": {"input_mtok": 4, "output_mtok":
                {"base": 8, "tiers": [{"start": 1, "price": 9}]}}},
                {"constraint": {"start_date": "2026-12-01"}, "prices": {"input_mtok": 1, "output_mtok": 1}}]}]}]"#,
            "0.004",
        ),
        (
            r#"{"data": [{"id": "openai/gpt-4o", "context_length": 5, "pricing": {"prompt": "0.000002", "completion": "0.000008"}}]}"#,
            "-",
        ),
        (
            r#"{"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 4e-6, "output_cost_per_token": 1e-5}}"#,
            "0.004",
        ),
        (r#"{"openai": {"models": {"gpt-4o": {"cost": {"input": 4, "output": 1.5}}}}}"#, "0.004"),
    ];
    for (catalogue, input) in cases {
        let path = folder.path().join("catalogue.json");
        std::fs::write(&path, catalogue).expect("a catalogue");
        let from = path.to_str().expect("a path");
        let report = run(
            folder.path(),
            &["registry", "refresh", "openai/gpt-4o", "--from", from, "--check", "--format", "json"],
        );
        let report = json(&report);
        let new = report["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .find(|one| one["key"] == "cost_per_1k_tokens_input");
        assert_eq!(new.and_then(|one| one["new"].as_str()).unwrap_or("-"), input, "{report}");
    }
    for (text, why) in [("{}", "this is not a known catalogue"), ("[", "this is not JSON")] {
        let path = folder.path().join("catalogue.json");
        std::fs::write(&path, text).expect("a catalogue");
        let refused = run(folder.path(), &["registry", "refresh", "--from", path.to_str().expect("a path")]);
        assert_eq!(status(&refused), 2);
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    }
}
