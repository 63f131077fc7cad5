//! Whatever others write in logs, bills, catalogues, configurations and source code, in every report that is made of it.

use std::fs;
use std::path::Path;
use std::process::Output;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bundle::{status, stderr, stdout};
use crate::hostile_output::{
    HIDDEN, PIECES, commands_nobody, gov, is_hidden, is_json, is_talk, run, text, workspace,
};

/// Both kinds of pieces: nothing checks a log before it is read.
fn anything() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec((text(&PIECES), text(&HIDDEN)).prop_map(|(plain, hidden)| plain + &hidden), 12)
}

/// Nothing acts, on either stream.
fn talk(folder: &Path, arguments: &[&str]) -> Output {
    let output = run(folder, arguments);
    is_talk(&stdout(&output));
    is_talk(&stderr(&output));
    output
}

/// The answer in each of these formats: JSON reads back, and everything else is talk.
fn formats(folder: &Path, arguments: &[&str], formats: &[&str]) {
    for format in formats {
        let output = run(folder, &[arguments, &["--format", format]].concat());
        is_talk(&stderr(&output));
        match *format {
            "json" | "sarif" | "lines" => is_json(&stdout(&output)),
            "csv" | "focus" => is_table(&stdout(&output)),
            _ => is_talk(&stdout(&output)),
        }
    }
}

/// No cell is a formula, every row has the columns of the first, and nothing hides.
fn is_table(text: &str) {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    for row in rows.records() {
        let row = row.expect("as many cells as the first row");
        for cell in &row {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            assert!(!cell.chars().any(is_hidden), "{cell:?}");
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("write");
}

/// An event with these texts wherever it may have one.
fn event(texts: &[String]) -> Value {
    let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
    json!({
        "time": "2026-11-21T08:01:15Z", "request_id": text(0), "application": text(1), "team": text(2),
        "use_case": text(3), "prompt_version": text(4), "environment": text(5), "facts": {text(6): text(7)},
        "route": text(8), "trigger": text(9), "gen_ai.provider.name": text(10), "gen_ai.request.model": text(11),
        "gen_ai.response.model": text(0), "classification": text(1), "data_mode": text(2), "policies": [text(3)],
        "gen_ai.usage.input_tokens": 540, "gen_ai.usage.output_tokens": 180, "cost_usd": "0.0006",
        "sources": [text(4)], "masked": [text(5)], "status": text(6), "table": text(7), "user": text(8),
    })
}

/// A bill with one row of these texts.
fn bill(texts: &[String]) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(["use_case", "month", "usd", "provider", "model"]).expect("a row");
    rows.write_record([texts[0].as_str(), "2026-10", "12.5", &texts[1], &texts[2]]).expect("a row");
    String::from_utf8(rows.into_inner().expect("the rows")).expect("UTF-8")
}

/// The configuration of a proxy with these texts wherever it may have one; JSON is YAML.
fn proxy(texts: &[String]) -> String {
    let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
    // JSON leaves a delete as it is, and YAML does not take one.
    json!({
        "model_list": [{"model_name": text(0), "litellm_params": {
            "model": text(1), "api_base": text(2), "api_key": text(3), text(4): text(5), "rpm": text(6)}}],
        "router_settings": {"fallbacks": [{text(0): [text(7), text(8)]}], text(9): text(10)},
        text(11): text(0),
    })
    .to_string()
    .replace('\u{7f}', "\\u007f")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn reports_on_a_workspace_have_our_structure(texts in prop::collection::vec(text(&PIECES), 12)) {
        let folder = tempfile::tempdir().expect("a folder");
        workspace(folder.path(), &texts, 1);
        for by in ["use_case", "team", "provider", "model"] {
            formats(folder.path(), &["cost", "--by", by], &["human", "json", "csv", "focus"]);
        }
        let provider = texts[1].replace('/', "|");
        formats(folder.path(), &["who"], &["human", "json"]);
        formats(folder.path(), &["who", &format!("--provider={provider}")], &["human", "json"]);
        formats(folder.path(), &["who", &format!("--model={}", texts[0])], &["human", "json"]);
    }

    #[test]
    fn reports_on_logs_and_bills_have_our_structure(texts in anything()) {
        let folder = tempfile::tempdir().expect("a folder");
        workspace(folder.path(), &(0..12).map(|n| format!("text {n}")).collect::<Vec<_>>(), 1);
        write(folder.path(), "log.ndjson", &format!("{}\n{{{}\n", event(&texts), texts[0]));
        formats(folder.path(), &["audit", "log.ndjson"], &["human", "json", "lines"]);
        formats(folder.path(), &["audit", "log.ndjson", "--replay"], &["human", "json"]);
        write(folder.path(), "bill.csv", &bill(&texts));
        for by in ["use_case", "provider", "model"] {
            formats(folder.path(), &["usage", "bill.csv", "--by", by, "--month", "2026-10"], &["human", "json"]);
        }
        formats(folder.path(), &["usage", "log.ndjson", "--bill", "bill.csv", "--month", "2026-10"], &["human", "json"]);
        talk(folder.path(), &["usage", "bill.csv", "--suggest", "--month", "2026-10"]);
    }

    #[test]
    fn reports_on_configurations_catalogues_and_code_have_our_structure(texts in anything()) {
        let folder = tempfile::tempdir().expect("a folder");
        workspace(folder.path(), &(0..12).map(|n| format!("text {n}")).collect::<Vec<_>>(), 1);
        write(folder.path(), "proxy.yaml", &proxy(&texts));
        formats(folder.path(), &["import", "litellm", "proxy.yaml", "-o", "imported"], &["human"]);
        formats(folder.path(), &["import", "litellm", "proxy.yaml", "-o", "again"], &["json"]);
        if folder.path().join("imported").exists() {
            talk(folder.path(), &["check", "-C", "imported"]);
        }
        let prices = json!({"input_cost_per_token": 0.000_001, "output_cost_per_token": 0.000_002, "max_input_tokens": 9, "mode": "chat", "litellm_provider": texts[1], "deprecation_date": texts[2]});
        let catalogue = json!({texts[0].clone(): prices, "text 1/text 0": prices, "text 0": prices}).to_string();
        write(folder.path(), "prices.json", &catalogue);
        formats(folder.path(), &["registry", "refresh", "--from", "prices.json", "--dry-run"], &["human", "json"]);
        formats(folder.path(), &["registry", "add", &format!("text 1/{}", texts[0]), "--from", "prices.json", "--dry-run"], &["human", "json"]);
        talk(folder.path(), &["check", "--catalogue", "prices.json"]);
        fs::create_dir(folder.path().join("code")).expect("a folder");
        write(folder.path(), "code/a.py", &format!("model = \"text 0\" # {}\nmodel = \"gpt-4o\"; {}\n", texts[0], texts[1]));
        let name: String = texts[2].chars().filter(|c| !['/', '\0'].contains(c)).take(40).collect();
        write(folder.path(), &format!("code/{name}.py"), "key = \"sk-ant-REDACTED\"\n");
        formats(folder.path(), &["scan", "code", "--catalogue", "prices.json"], &["human", "json", "sarif"]);
        let written = run(folder.path(), &["scan", "code", "--catalogue", "prices.json", "--write-baseline", "known.json"]);
        assert!(status(&written) <= 1, "{}", stderr(&written));
        is_talk(&stdout(&written));
    }
}

#[test]
fn no_document_commands_a_runner() {
    let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let text = |at: usize| format!("::warning title=forged::{at} ##[group]x ##vso[task.x]y");
    let texts: Vec<String> = (0..12).map(text).collect();
    workspace(old.path(), &texts, 1);
    workspace(new.path(), &texts, 9);
    let suggested = stdout(&run(new.path(), &["test", "--suggest"]));
    assert!(suggested.contains("given"), "{suggested}");
    commands_nobody(&suggested);
    let name = gov(&texts[3]);
    let test = format!("test {name} {{\n  given use_case {name}\n  expect unroutable\n}}\n");
    write(new.path(), "policies/test.gov", &test);
    let before = old.path().to_str().expect("a path");
    for arguments in [
        &["graph"][..],
        &["graph", "--format", "mermaid"],
        &["graph", "--format", "svg"],
        &["test", "--format", "junit"],
        &["cost", "--format", "csv"],
        &["cost", "--format", "focus"],
        &["check", "--write-baseline"],
        &["diff", before, "--format", "markdown", "--source"],
        &["diff", before, "--format", "comment", "--source"],
        &["diff", before, "--write-accept"],
        &["review", before],
        &["review", before, "--format", "html"],
    ] {
        let output = run(new.path(), arguments);
        assert!(
            !output.stdout.is_empty() || arguments.contains(&"--write-baseline"),
            "{arguments:?}: {}",
            stderr(&output)
        );
        commands_nobody(&stdout(&output));
    }
}
