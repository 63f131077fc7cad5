//! Nothing of a log is lost without a word: what stands between events, quotes that nothing closes, documents of any size,
//! and logs in which nothing is.

use std::path::Path;

use serde_json::{Value, json};

use super::logs::said;
use super::{audit, table, workspace};
use crate::bundle::{self, status, stderr, stdout};
use crate::schemas;

/// An event with which one thing is wrong.
const WRONG: &str = r#"{"time":"2026-11-20T08:00:00Z","use_case":"nobody"}"#;

fn codes(folder: &Path, name: &str, text: &str) -> Vec<String> {
    let code = |line: &String| line.split(':').next().unwrap_or_default().to_owned();
    said(folder, name, text, &[]).iter().map(code).collect()
}

/// Why a log is refused.
fn refused(folder: &Path, name: &str, bytes: &[u8]) -> String {
    std::fs::write(folder.join(name), bytes).expect("a file");
    let output = audit(folder, &[name, "--table", "table.json"]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{name}");
    stderr(&output)
}

fn report(folder: &Path, name: &str, bytes: &[u8], more: &[&str]) -> Value {
    std::fs::write(folder.join(name), bytes).expect("a file");
    let output = audit(folder, &[&[name, "--table", "table.json", "--format", "json"], more].concat());
    assert!(status(&output) < 2, "{}", stderr(&output));
    let report = bundle::json(&output);
    schemas::holds("audit", &report);
    report
}

#[test]
fn what_stands_between_events_hides_none_of_them() {
    let folder = workspace();
    table(folder.path());
    let (wrong, unread) = ("unknown-use-case", "unreadable-event");
    let cases = [
        (format!("[{WRONG},null,{WRONG}]"), vec![wrong, unread, wrong]),
        (format!("[{WRONG},\n[],7,\"a,]\",{WRONG}]"), vec![wrong, unread, unread, wrong]),
        (format!("[[{WRONG}],[{WRONG},{WRONG}]]"), vec![wrong; 3]),
        (format!("{WRONG}\n[{WRONG},null,{WRONG}]\n{WRONG}\n"), vec![wrong, wrong, unread, wrong, wrong]),
        (format!("[{WRONG}] rest {WRONG}"), vec![wrong, unread, wrong]),
    ];
    for (text, wanted) in cases {
        assert_eq!(codes(folder.path(), "log.json", &text), wanted, "{text}");
    }
    // What may be unreadable is said nevertheless.
    let text = format!("[{WRONG},null]");
    let allowed = ["--allow", "unreadable-event", "--allow", "unknown-use-case"];
    let report = report(folder.path(), "log.json", text.as_bytes(), &allowed);
    assert_eq!(report["summary"]["unreadable_records"], 1);
    let output = audit(folder.path(), &[&["log.json", "--table", "table.json"], &allowed[..]].concat());
    let text = stdout(&output);
    assert!(text.contains("note: 1 record is not an event, and nothing was asked about it\n"), "{text}");
    assert!(text.ends_with("\nnothing is wrong in what was asked\n"), "{text}");
}

#[test]
fn a_quote_that_nothing_closes_is_an_error_with_its_line() {
    let folder = workspace();
    table(folder.path());
    let head = "time,use_case,prompt_version\n2026-11-20T08:00:00Z,vault,v0\n";
    let why = "the quote that opens there is not closed at the end of a cell; close it, or write `\"\"` for one in a cell\n";
    for rest in [
        "2026-11-20T08:00:00Z,vault,\"v1\n2026-11-20T08:00:00Z,nobody,v1\n",
        "2026-11-20T08:00:00Z,vault,\"v1\n2026-11-20T08:00:00Z,nobody,\"v1\"\n",
    ] {
        let said = refused(folder.path(), "log.csv", format!("{head}{rest}").as_bytes());
        assert_eq!(said, format!("error: cannot read `log.csv`: line 3: {why}"));
    }
    let fine = format!(
        "{head}2026-11-20T08:00:00Z,nobody,\"v1\n\"\"a\"\", b\"\n2026-11-20T08:00:00Z,nobody,5\" v\n"
    );
    let found = codes(folder.path(), "log.csv", &fine);
    assert_eq!(found.iter().filter(|code| *code == "unknown-use-case").count(), 2, "{found:?}");
}

/// Larger than a record may be: cut between spans, buckets and rows, wherever its lists are.
#[test]
fn a_document_of_any_size_is_read() {
    let folder = workspace();
    table(folder.path());
    let pad = "x".repeat(1 << 20);
    let attribute = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let span = |at: u64| {
        json!({"spanId": at.to_string(), "startTimeUnixNano": "1795255200000000000", "name": pad,
            "attributes": [attribute("govctl.use_case", "nobody")]})
    };
    let spans: Vec<Value> = (0..18).map(span).collect();
    let resource = json!({"attributes": [attribute("service.name", "app")]});
    let document =
        json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {}, "spans": spans}]}]});
    let text = document.to_string();
    assert!(text.len() > 17 << 20);
    let of = |name: &str, text: &str| {
        let report = report(folder.path(), name, text.as_bytes(), &[]);
        let violations = report["violations"].as_array().expect("violations").iter();
        let codes: Vec<String> = violations.map(|of| format!("{}: {}", of["code"], of["count"])).collect();
        (report["events"].as_u64(), codes)
    };
    let wanted = (Some(18), vec!["\"unknown-use-case\": 18".to_owned()]);
    assert_eq!(of("spans.json", &text), wanted);
    let (_, codes) = of("spans.ndjson", &format!("{{\"resourceSpans\":[]}}\n{text}\n"));
    assert_eq!(codes, wanted.1);
    // What its spans need stands behind them.
    let late = format!(
        "{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":{}}}],\"resource\":{resource}}}]}}",
        json!(spans)
    );
    let said = refused(folder.path(), "late.json", late.as_bytes());
    assert!(said.contains("line 1: a document of this size needs `resource`, "), "{said}");
    let bucket = |at: u64| {
        json!({"object": "bucket", "start_time": 1_795_255_200 + at, "note": pad, "results": [{"object":
            "organization.usage.completions.result", "model": "mystery", "input_tokens": 1, "output_tokens": 1}]})
    };
    let page =
        json!({"object": "page", "data": (0..18).map(bucket).collect::<Vec<Value>>(), "has_more": true});
    let said = refused(folder.path(), "page.json", page.to_string().as_bytes());
    assert!(said.contains("its last page says that more follow"), "{said}");
    let (events, _) = of("page.json", &page.to_string().replace("\"has_more\":true", "\"has_more\":false"));
    assert_eq!(events, Some(18));
    // One of its parts is too large by itself.
    let one = json!({"resourceSpans": [{"scopeSpans": [{"spans": [{"name": pad.repeat(17)}]}]}]}).to_string();
    let said = refused(folder.path(), "one.json", one.as_bytes());
    assert!(
        said.contains("line 1: the record is larger than 16 MiB, so its events cannot be counted"),
        "{said}"
    );
}

#[test]
fn a_log_without_events_is_no_answer() {
    let folder = workspace();
    table(folder.path());
    let around =
        json!({"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "GET /"}, {"name": "GET /"}]}]}]});
    for (name, text, more) in [
        ("empty.ndjson", String::new(), ""),
        ("list.json", "[]".to_owned(), ""),
        ("head.csv", "time,use_case\n".to_owned(), ""),
        ("spans.json", around.to_string(), "; 2 records that ask no model, passed over"),
    ] {
        let said = refused(folder.path(), name, text.as_bytes());
        assert_eq!(said, format!("error: nothing was asked: `{name}` holds no event{more}\n"));
    }
    for format in ["lines", "sarif"] {
        let output = audit(folder.path(), &["list.json", "--table", "table.json", "--format", format]);
        assert_eq!(status(&output), 2, "{format}");
    }
    let replayed = ["list.json", "--table", "table.json", "--replay", "table.json"];
    assert_eq!(status(&audit(folder.path(), &replayed)), 2);
    let listed = audit(folder.path(), &[&replayed[..], &["--format", "lines"]].concat());
    assert!(stderr(&listed).contains("which is what `lines` lists: ask for `json`"), "{}", stderr(&listed));
    std::fs::write(folder.path().join("log.ndjson"), WRONG.to_owned() + "\n").expect("a log");
    let both = audit(folder.path(), &["log.ndjson", "list.json", "--table", "table.json"]);
    assert!(stdout(&both).contains("\nnote: `list.json` holds no event\n"), "{}", stdout(&both));
}

#[test]
fn what_is_no_text_is_named() {
    let folder = workspace();
    table(folder.path());
    for (bytes, kind) in [
        (&b"BZh91AY&SY\xff\x00"[..], "compressed with bzip2; unpack it first"),
        (b"\xfd7zXZ\0\0", "compressed with xz; unpack it first"),
        (b"\x28\xb5\x2f\xfd\x04\0", "compressed with zstd; unpack it first"),
        (b"PK\x03\x04\x14\0", "a zip archive, or a workbook; unpack it first"),
        (b"PAR1\x15\0", "Parquet; export it as JSON or CSV"),
        (b"\xff\xfet\0i\0", "UTF-16; write it as UTF-8"),
    ] {
        let said = refused(folder.path(), "log.bin", bytes);
        assert!(said.starts_with(&format!("error: cannot read `log.bin`: it is {kind}")), "{said}");
    }
    let said = refused(folder.path(), "log.ndjson", b"{\"time\":}\n{\"use_case\":}\n");
    assert!(said.contains("no record of it can be read: line 1: this is not JSON: "), "{said}");
}

/// On the day of a new table, the older one may still have decided.
#[test]
fn on_the_day_of_a_new_table_both_are_in_force() {
    let folder = workspace();
    std::fs::create_dir(folder.path().join("tables")).expect("a folder");
    let compile = |day: &str| {
        let path = folder.path().join("tables").join(day.to_owned() + ".json");
        let output =
            bundle::run(folder.path(), &["compile", "--as-of", day, "-o", path.to_str().expect("UTF-8")]);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    };
    compile("2026-11-14");
    let estate = folder.path().join("estate/main.yaml");
    let text = std::fs::read_to_string(&estate).expect("the estate");
    std::fs::write(&estate, text.replace("name: letters", "name: notes")).expect("the estate");
    let tests = folder.path().join("policies");
    for entry in std::fs::read_dir(tests).expect("policies") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a policy").replace("letters", "notes");
        std::fs::write(&path, text).expect("a policy");
    }
    compile("2026-11-16");
    let found = |day: &str, use_case: &str| {
        let event = json!({"time": format!("{day}T00:05:00Z"), "use_case": use_case, "route": "north/beta"})
            .to_string()
            + "\n";
        std::fs::write(folder.path().join("log.ndjson"), event).expect("a log");
        let output = audit(folder.path(), &["log.ndjson", "--table", "tables", "--format", "json"]);
        let report = bundle::json(&output);
        schemas::holds("audit", &report);
        let all = report["violations"].as_array().expect("violations");
        (
            all.iter().any(|of| of["code"] == "unknown-use-case"),
            report["summary"]["events_between_tables"].as_u64(),
        )
    };
    assert_eq!(found("2026-11-16", "letters"), (false, Some(1)));
    assert_eq!(found("2026-11-16", "notes"), (false, Some(1)));
    assert_eq!(found("2026-11-17", "letters"), (true, Some(0)));
    assert_eq!(found("2026-11-15", "notes"), (true, Some(0)));
}

#[test]
fn empty_content_is_no_prompt() {
    let folder = workspace();
    table(folder.path());
    let of = |key: &str, value: Value| {
        let mut event = json!({"time": "2026-11-20T08:00:00Z", "use_case": "letters"});
        event[key] = value;
        codes(folder.path(), "log.ndjson", &(event.to_string() + "\n")).contains(&"masked-data".to_owned())
    };
    for nothing in [json!(""), json!(" "), json!([]), json!({}), json!("[]"), json!("\n"), Value::Null] {
        assert!(
            !of("content", nothing.clone()) && !of("gen_ai.input.messages", nothing.clone()),
            "{nothing}"
        );
    }
    for something in [json!("a"), json!([""]), json!({"a": 1}), json!("\n\"a\""), json!(0)] {
        assert!(of("content", something.clone()), "{something}");
    }
    let both = json!({"gen_ai.input.messages": [1], "gen_ai.output.messages": []});
    let mut event = json!({"time": "2026-11-20T08:00:00Z", "use_case": "letters"});
    event.as_object_mut().expect("an object").extend(both.as_object().expect("an object").clone());
    assert!(
        codes(folder.path(), "log.ndjson", &(event.to_string() + "\n")).contains(&"masked-data".to_owned())
    );
}
