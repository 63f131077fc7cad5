//! A workspace with thirty different findings and more at once: all are there, in an order to mend them in.

use std::collections::BTreeSet;

use govctl::check::CHECKS;

use crate::bundle;

const CASE: &str = "tests/cases/all/workspace.txt";

#[test]
fn many_findings_at_once_are_printed_in_an_order_to_mend_them_in() {
    let text = std::fs::read_to_string(bundle::root(CASE)).expect("the case");
    let folder = bundle::unpack_text(&text);
    let run = |format: &str| bundle::stdout(&bundle::run(folder.path(), &["check", "--format", format]));
    let human = run("human");
    let shown: Vec<&str> = human
        .lines()
        .filter(|line| line.starts_with("error[") || line.starts_with("warning["))
        .filter_map(|line| line.split(['[', ']']).nth(1))
        .collect();
    let distinct: BTreeSet<&str> = shown.iter().copied().collect();
    assert!(distinct.len() >= 30, "only {}: {distinct:?}", distinct.len());
    let rank = |code: &str| {
        let position = CHECKS.iter().position(|rule| rule.code.0 == code).expect("a known code");
        (CHECKS[position].severity, position)
    };
    assert!(shown.windows(2).all(|pair| rank(pair[0]) <= rank(pair[1])), "{shown:?}");
    let blessed = bundle::root("tests/cases/all/workspace.human");
    if bundle::bless() {
        std::fs::write(&blessed, &human).expect("blessed");
    }
    assert_eq!(human, std::fs::read_to_string(&blessed).unwrap_or_default());
}

#[test]
fn sarif_keeps_to_its_published_schema() {
    let text =
        std::fs::read_to_string(bundle::root("tests/data/sarif-2.1.0.schema.json")).expect("the schema");
    // The published schema has one pattern with a stray bracket, which strict engines refuse.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&text).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let all = std::fs::read_to_string(bundle::root(CASE)).expect("the case");
    // A silenced finding, too: it stays in the log as a suppression.
    let silenced =
        all.replace("failover alone-chain", "# govctl: allow(missing-reason) later\nfailover alone-chain");
    for text in [all, silenced] {
        let folder = bundle::unpack_text(&text);
        let log = bundle::json(&bundle::run(folder.path(), &["check", "--format", "sarif"]));
        let wrong: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let results = log["runs"][0]["results"].as_array().expect("results");
        let suppressed = results.iter().filter(|result| result["suppressions"].is_array()).count();
        assert_eq!(suppressed, usize::from(text.contains(") later")));
    }
}
