//! Logs read in blocks on all cores: what is read twice, the order of what is found, and SARIF that is whole.

use serde_json::{Value, json};

use super::{audit, made, planted, table, workspace, write};
use crate::bundle::{self, status, stderr, stdout};
use crate::schemas;

/// What stands in two logs, or twice in one, counts once, and is said; a file that is named twice is refused.
#[test]
fn an_event_that_is_read_twice_counts_once() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 5);
    let events: Vec<made::Event> = (0..60).map(|_| maker.clean()).collect();
    write(folder.path(), "first.ndjson", &events[..40]);
    let again = [&events[30..], &events[50..51]].concat();
    write(folder.path(), "second.ndjson", &again);
    let both = ["first.ndjson", "second.ndjson", "--table", "table.json"];
    let output = audit(folder.path(), &[&both[..], &["--format", "lines"]].concat());
    let repeated: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((repeated.len(), status(&output)), (11, 1), "{}", stdout(&output));
    assert!(repeated.iter().all(|one| one["code"] == "repeated-event"));
    assert_eq!(repeated[0]["message"], "`first.ndjson:31` holds it already");
    assert_eq!(repeated[10]["message"], "`second.ndjson:21` holds it already");
    write(folder.path(), "all.ndjson", &events);
    let sums = |logs: &[&str]| {
        let more = ["--table", "table.json", "--format", "json", "--allow", "repeated-event"];
        let output = audit(folder.path(), &[logs, &more].concat());
        assert_eq!(status(&output), 0, "{}", stdout(&output));
        let report = bundle::json(&output);
        (report["cost"].clone(), report["requests"].clone(), report["summary"]["repeated_events"].clone())
    };
    let (cost, requests, _) = sums(&["all.ndjson"]);
    assert_eq!(sums(&["first.ndjson", "second.ndjson"]), (cost, requests, json!(11)));
    let output = audit(folder.path(), &["all.ndjson", "./all.ndjson", "--table", "table.json"]);
    assert_eq!(status(&output), 2);
    assert_eq!(
        stderr(&output),
        "error: `./all.ndjson` is named twice, and would count twice: name it once\n"
    );
    let replayed = [&both[..], &["--replay", "table.json", "--format", "json"]].concat();
    let report = bundle::json(&audit(folder.path(), &replayed));
    schemas::holds("replay", &report);
    assert_eq!((&report["repeated"], &report["summary"]["requests"]), (&json!(11), &json!(60)));
}

/// Many blocks, judged on all cores, give what they give one by one: the lines, the examples and SARIF in their order.
#[test]
fn violations_of_many_blocks_stand_in_their_order() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 13);
    let (events, wanted) = planted(&mut maker, &["not-allowed", "cost-off", "missing-tag"]);
    let mut lines: Vec<String> =
        events.iter().map(|event| Value::Object(event.clone()).to_string()).collect();
    // A blank line of a megabyte between them puts every few events into a block of their own.
    for (at, _) in &wanted {
        let at = usize::try_from(*at).expect("small") - 1;
        lines[at] += &" ".repeat(700_000);
    }
    std::fs::write(folder.path().join("log.ndjson"), lines.join("\n")).expect("a log");
    let ask = |format: &str| {
        audit(folder.path(), &["log.ndjson", "--table", "table.json", "--format", format, "--examples", "2"])
    };
    let output = ask("lines");
    let wanted: Vec<(u64, String)> = wanted.into_iter().collect();
    let of = |value: &Value, line: &Value, code: &str| {
        (line.as_u64().expect("a line"), value[code].as_str().expect("a code").to_owned())
    };
    let found: Vec<(u64, String)> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|one| of(&one, &one["line"], "code"))
        .collect();
    assert_eq!(found, wanted);
    let log: Value = serde_json::from_str(&stdout(&ask("sarif"))).expect("JSON");
    schemas::is_sarif(&log);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let found: Vec<(u64, String)> = results
        .iter()
        .map(|one| of(one, &one["locations"][0]["physicalLocation"]["region"]["startLine"], "ruleId"))
        .collect();
    assert_eq!(found, wanted);
    let report = bundle::json(&ask("json"));
    let first: Vec<&(u64, String)> =
        wanted.iter().filter(|(_, code)| code == "not-allowed").take(2).collect();
    let examples = &report["violations"][0]["examples"];
    assert_eq!([&examples[0]["line"], &examples[1]["line"]], [first[0].0, first[1].0]);
}

/// Nothing wrong and a log that is torn are SARIF too.
#[test]
fn sarif_is_whole_whatever_happens() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 17);
    let events: Vec<made::Event> = (0..3).map(|_| maker.clean()).collect();
    write(folder.path(), "log.ndjson", &events);
    let list = serde_json::to_string_pretty(&events).expect("JSON");
    std::fs::write(folder.path().join("torn.json"), &list[..list.len() - 5]).expect("a log");
    for (log, code, whole) in [("log.ndjson", 0, true), ("torn.json", 2, false)] {
        let output = audit(folder.path(), &[log, "--table", "table.json", "--format", "sarif"]);
        assert_eq!(status(&output), code, "{}", stderr(&output));
        let sarif: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], whole);
        assert_eq!(sarif["runs"][0]["results"], json!([]));
    }
    let output =
        audit(folder.path(), &["log.ndjson", "--table", "table.json", "--replay", ".", "--format", "sarif"]);
    assert_eq!(status(&output), 2);
}
