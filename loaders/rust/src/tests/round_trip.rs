//! A table that is written is the table that is read.

use super::{EXAMPLE, TODAY, example, load, sealed};
use crate::format::{Table, Terminal};
use crate::{DecisionTable, LoadOptions};

#[test]
fn the_example_is_read_and_written_again() {
    let table: Table = serde_json::from_str(EXAMPLE).expect("a table");
    assert_eq!(table.to_canonical_json(), EXAMPLE);
    assert_eq!(table.digest(), table.digest);
    let loaded = load(EXAMPLE).expect("it loads");
    assert_eq!(loaded.table(), &table);
    assert_eq!(loaded.digest(), table.digest);
}

#[test]
fn writing_mends_the_digest() {
    let mut table: Table = serde_json::from_str(EXAMPLE).expect("a table");
    table.digest = "sha256:to be computed".to_owned();
    assert_eq!(table.to_canonical_json(), EXAMPLE);
    table.failovers[0].then = Terminal::Degrade { message: None };
    let text = table.to_canonical_json();
    assert!(text.contains(r#""then":{"action":"degrade","message":null}"#), "{text}");
    assert_eq!(load(&text).expect("it loads").digest(), table.digest());
    assert_ne!(table.digest(), load(EXAMPLE).expect("it loads").digest());
}

#[test]
fn the_digest_stands_wherever_its_key_is_sorted() {
    // Everything that sorts before `digest` must be there, so only the text around it differs.
    let text = sealed(example());
    assert_eq!(text, EXAMPLE);
    assert!(text.contains(",\"digest\":\"sha256:"));
}

#[test]
fn a_small_table_is_a_table() {
    let mut table = example();
    for part in [
        "models",
        "failovers",
        "rule_sets",
        "target_lists",
        "audits",
        "decisions",
        "grids",
        "use_cases",
        "budgets",
        "quotas",
    ] {
        table[part] = serde_json::json!([]);
    }
    for part in ["attribution", "valid_until", "ends"] {
        table[part] = serde_json::Value::Null;
    }
    table["facts"] = serde_json::json!({});
    table["sources"] = serde_json::json!({});
    table["reasons"] = serde_json::json!({});
    assert!(load(&sealed(table)).is_ok());
}

#[test]
fn an_expired_table_is_loaded_only_where_that_is_allowed() {
    let on = |today: Option<&str>, allow_expired: bool| {
        let options =
            LoadOptions { as_of: today.map(str::to_owned), allow_expired, ..LoadOptions::default() };
        DecisionTable::from_slice(EXAMPLE.as_bytes(), &options).map(drop).map_err(|error| error.to_string())
    };
    let late = "the table is refused at `valid_until`: it is valid through 2027-01-30 (certification gdpr of \
                anthropic); compile the policy again";
    assert_eq!(on(Some(TODAY), false), Ok(()));
    assert_eq!(on(Some("2027-01-30"), false), Ok(()), "the last day is a good day");
    assert_eq!(on(Some("2027-01-31"), false), Err(late.to_owned()));
    assert_eq!(on(Some("2027-01-31"), true), Ok(()));
    assert_eq!(on(None, false), Ok(()));
    for today in ["2027-02-29", "2027-1-01", "2027-01-01T00:00:00Z", "tomorrow", ""] {
        let no_day = "the table is refused: the current day that the loader was given is not a day";
        assert_eq!(on(Some(today), true), Err(no_day.to_owned()), "{today}");
    }
}

#[test]
fn a_table_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + std::fmt::Debug>() {}
    shared::<DecisionTable>();
}
