//! The table in use, and serial numbers: what is older, broken or unsigned never takes its place.

use std::sync::Arc;

use crate::{DecisionTable, Live, LoadError, LoadOptions, Request, TrustedKey};

const TABLE: &[u8] = include_bytes!("../../tests/signing/table.json");
const PLAIN: &[u8] = include_bytes!("../../tests/signing/table.json.sig");
/// With the serial number 7.
const NUMBERED: &[u8] = include_bytes!("../../tests/signing/numbered.sig");
const PUBLIC: &str = include_str!("../../tests/signing/ci.pub");

fn trusting() -> LoadOptions {
    let key: TrustedKey = PUBLIC.parse().expect("a public key");
    LoadOptions::at(super::TODAY).trusting(key)
}

fn signed(signature: &[u8], options: &LoadOptions) -> Result<DecisionTable, LoadError> {
    DecisionTable::from_signed_slice(TABLE, signature, options)
}

/// The code and the message of a refusal.
fn refused<T>(result: Result<T, LoadError>) -> (&'static str, String) {
    let error = result.map(drop).expect_err("it is refused");
    (error.code(), error.to_string())
}

#[test]
fn a_serial_number_is_read_from_the_signature_and_held_to_the_least() {
    assert_eq!(signed(NUMBERED, &trusting()).expect("it loads").serial(), Some(7));
    assert_eq!(signed(PLAIN, &trusting()).expect("it loads").serial(), None);
    for least in [0, 6, 7] {
        assert!(signed(NUMBERED, &trusting().from_serial(least)).is_ok(), "{least}");
    }
    let why = "the table is refused: its serial number is 7, and a table with 8 was taken before";
    assert_eq!(refused(signed(NUMBERED, &trusting().from_serial(8))), ("expired", why.to_owned()));
    let why = "the table is refused: no signature states its serial number, and 1 is the least that is accepted; \
               compile it with `--serial` and `--sign-key`";
    assert_eq!(refused(signed(PLAIN, &trusting().from_serial(1))), ("unsigned", why.to_owned()));
    // Without a key there is nobody to vouch for a number.
    let unsigned = DecisionTable::from_slice(TABLE, &LoadOptions::at(super::TODAY).from_serial(1));
    assert_eq!(refused(unsigned).0, "unsigned");
}

#[test]
fn a_refused_table_leaves_the_one_in_use() {
    let live = Live::new(signed(PLAIN, &trusting()).expect("it loads"));
    let before = live.table();
    let changed = String::from_utf8_lossy(TABLE).replace("planning", "planned");
    for (bytes, signature, code) in [
        (&b"{}"[..], Some(PLAIN), "signature"),
        (TABLE, None, "unsigned"),
        (changed.as_bytes(), Some(PLAIN), "signature"),
        (TABLE, Some(&b"nothing"[..]), "signature"),
    ] {
        assert_eq!(refused(live.replace(bytes, signature, &trusting())).0, code);
        assert!(Arc::ptr_eq(&before, &live.table()));
    }
    let late = LoadOptions { as_of: Some("2027-01-31".to_owned()), ..trusting() };
    assert_eq!(refused(live.replace(TABLE, Some(PLAIN), &late)).0, "expired");
    assert!(Arc::ptr_eq(&before, &live.table()));
    assert!(live.table().decide(&Request::of("support.reply")).primary().is_some());
}

#[test]
fn an_older_table_does_not_come_back() {
    let live = Live::new(signed(PLAIN, &trusting()).expect("it loads"));
    assert_eq!(live.greatest_serial(), None);
    let taken = live.replace(TABLE, Some(NUMBERED), &trusting()).expect("a numbered one is newer");
    assert_eq!((live.greatest_serial(), taken.serial()), (Some(7), Some(7)));
    assert_eq!(refused(live.replace(TABLE, Some(PLAIN), &trusting())).0, "unsigned");
    assert!(Arc::ptr_eq(&taken, &live.table()));
    // The same number is no step back, so that a table can be fetched twice.
    let again = live.replace(TABLE, Some(NUMBERED), &trusting()).expect("the same number");
    assert!(!Arc::ptr_eq(&taken, &again));
}

#[test]
fn a_request_is_decided_by_one_table_while_others_replace_it() {
    let live = Live::new(signed(NUMBERED, &trusting()).expect("it loads"));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..50 {
                    live.replace(TABLE, Some(NUMBERED), &trusting()).expect("the same number");
                }
            });
        }
        for _ in 0..200 {
            let table = live.table();
            assert!(table.decide(&Request::of("support.reply")).primary().is_some());
        }
    });
    assert_eq!(live.greatest_serial(), Some(7));
}
