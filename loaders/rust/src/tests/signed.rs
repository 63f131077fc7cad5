//! Signatures: made by minisign itself, and everything that is refused beside them, word by word.

use proptest::prelude::*;

use super::{DecisionTable, LoadError, LoadOptions};
use crate::TrustedKey;
use crate::signature::base64;

/// A table with its keys and signatures; the folder says how each was made.
const TABLE: &str = include_str!("../../tests/signing/table.json");
const SIGNATURE: &str = include_str!("../../tests/signing/table.json.sig");
const BY_MINISIGN: &str = include_str!("../../tests/signing/by-minisign.sig");
const NAMING_ANOTHER: &str = include_str!("../../tests/signing/naming-another.sig");
const OLD_FORM: &str = include_str!("../../tests/signing/old-form.sig");
const PUBLIC: &str = include_str!("../../tests/signing/ci.pub");
const OTHER: &str = include_str!("../../tests/signing/other.pub");
const SECRET: &str = include_str!("../../tests/signing/ci.key");

const DIGEST: &str = "sha256:c9d0ee576b635ce18aac552994d88a26f92b9805e2497e8f3314df891bd2663a";

fn key(text: &str) -> TrustedKey {
    text.parse().expect("a public key")
}

fn trusting(keys: &[&str]) -> LoadOptions {
    keys.iter().fold(LoadOptions::at(super::TODAY), |options, text| options.trusting(key(text)))
}

fn load(table: &str, signature: &str) -> Result<DecisionTable, LoadError> {
    DecisionTable::from_signed_slice(table.as_bytes(), signature.as_bytes(), &trusting(&[PUBLIC]))
}

/// Asserts why a table is refused beside a signature.
#[track_caller]
fn refused(table: &str, signature: &str, why: &str) {
    let error = load(table, signature).map(drop).expect_err("it is refused");
    assert_eq!(error.to_string(), format!("the table is refused: {why}"));
}

/// The signature with one of its lines replaced.
fn with_line(number: usize, line: &str) -> String {
    let lines = SIGNATURE.lines().enumerate();
    lines.map(|(at, old)| format!("{}\n", if at + 1 == number { line } else { old })).collect()
}

#[test]
fn what_minisign_signed_loads_and_says_who_signed_it() {
    for signature in [SIGNATURE, BY_MINISIGN, SIGNATURE.trim_end(), &SIGNATURE.replace('\n', "\r\n")] {
        let table = load(TABLE, signature).expect("it loads");
        assert_eq!(table.signed_by(), Some("2580472A04C12BB4"));
        assert_eq!(table.digest(), DIGEST);
    }
    let untrusted = with_line(1, "untrusted comment: anybody may write here");
    assert!(load(TABLE, &untrusted).is_ok());
}

#[test]
fn one_of_several_keys_suffices() {
    for keys in [[PUBLIC, OTHER], [OTHER, PUBLIC]] {
        let loaded =
            DecisionTable::from_signed_slice(TABLE.as_bytes(), SIGNATURE.as_bytes(), &trusting(&keys));
        assert_eq!(loaded.expect("it loads").signed_by(), Some("2580472A04C12BB4"));
    }
}

#[test]
fn without_a_trusted_key_no_signature_is_asked_for() {
    let table = DecisionTable::from_slice(TABLE.as_bytes(), &LoadOptions::at(super::TODAY));
    assert_eq!(table.expect("it loads").signed_by(), None);
}

#[test]
fn with_a_trusted_key_a_missing_signature_is_refused() {
    let error = DecisionTable::from_slice(TABLE.as_bytes(), &trusting(&[PUBLIC])).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "the table is refused: it has no signature, and with a trusted key only signed tables are loaded; put the \
         `.sig` file that `govctl compile --sign-key` writes beside it"
    );
}

#[test]
fn a_signature_that_nothing_could_check_is_refused() {
    let options = LoadOptions::at(super::TODAY);
    let error = DecisionTable::from_signed_slice(TABLE.as_bytes(), SIGNATURE.as_bytes(), &options);
    assert_eq!(
        error.expect_err("it is refused").to_string(),
        "the table is refused: it has a signature and there is no trusted key to check it with; give the public key \
         of whoever signs"
    );
}

#[test]
fn a_key_that_is_not_trusted_is_named() {
    let signed = |keys: &[&str]| {
        let options = trusting(keys);
        let loaded = DecisionTable::from_signed_slice(TABLE.as_bytes(), SIGNATURE.as_bytes(), &options);
        loaded.expect_err("it is refused").to_string()
    };
    assert_eq!(
        signed(&[OTHER]),
        "the table is refused: its signature was made with the key `2580472A04C12BB4`, and the trusted key is \
         `3A7C0CAF6E3AF980`; trust that key if it is yours, or sign the table with one that is trusted"
    );
    assert_eq!(
        signed(&[OTHER, OTHER]),
        "the table is refused: its signature was made with the key `2580472A04C12BB4`, and the trusted keys are \
         `3A7C0CAF6E3AF980`, `3A7C0CAF6E3AF980`; trust that key if it is yours, or sign the table with one that is \
         trusted"
    );
}

#[test]
fn a_signature_under_a_trusted_id_by_another_key_is_refused() {
    // The id is no secret: anybody can make a key that has it.
    let bytes = |text: &str| base64::decode(text.lines().nth(1).expect("a key")).expect("base64");
    let forged = [&bytes(PUBLIC)[..10], &bytes(OTHER)[10..]].concat();
    let forged = key(&base64::encode(&forged));
    assert_eq!(forged.id(), "2580472A04C12BB4");
    let options = LoadOptions::at(super::TODAY).trusting(forged);
    let error = DecisionTable::from_signed_slice(TABLE.as_bytes(), SIGNATURE.as_bytes(), &options);
    assert_eq!(error.expect_err("it is refused").to_string(), format!("the table is refused: {CHANGED}"));
}

const CHANGED: &str = "its signature does not fit: the table or the signature was changed after it was signed; fetch \
                       both again, or compile and sign the policy again";

#[test]
fn every_place_to_cut_a_signature_is_refused() {
    for end in 0..SIGNATURE.len() - 1 {
        let line = SIGNATURE.get(..end).expect("ASCII").lines().count().max(1);
        // Where a line is whole but for its end, the next one is missing.
        let cut = SIGNATURE.get(..end).expect("ASCII");
        let error = load(TABLE, cut).map(drop).expect_err("it is refused").to_string();
        let lines = [line, line + 1].map(|line| {
            format!("the table is refused: its signature is cut short in line {line} of 4; fetch it again")
        });
        // A trusted comment that is cut short is whole as far as it goes.
        assert!(lines.contains(&error), "{end}: {error}");
    }
}

#[test]
fn a_foreign_file_is_refused() {
    let foreign = |why: &str| {
        format!(
            "what stands beside it is not a minisign signature: {why}; put the `.sig` file that `govctl compile \
             --sign-key` writes there"
        )
    };
    let pgp = "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n";
    refused(TABLE, pgp, &foreign("its line 1 does not begin with `untrusted comment:`"));
    refused(TABLE, TABLE, &foreign("its line 1 does not begin with `untrusted comment:`"));
    refused(TABLE, PUBLIC, &foreign("its line 2 is not 74 bytes in base64"));
    refused(TABLE, SECRET, &foreign("its line 2 is not 74 bytes in base64"));
    refused(TABLE, &with_line(2, "?"), &foreign("its line 2 is not 74 bytes in base64"));
    refused(TABLE, &with_line(3, "comment:"), &foreign("its line 3 does not begin with `trusted comment:`"));
    refused(TABLE, &with_line(4, "AAAA"), &foreign("its line 4 is not 64 bytes in base64"));
    refused(TABLE, &format!("{SIGNATURE}\n"), &foreign("it has more than four lines"));
    refused(TABLE, &"untrusted comment: ".repeat(1000), &foreign("it is larger than 16384 bytes"));
    let other = SIGNATURE.replace("\nRUS", "\nRVS");
    refused(TABLE, &other, &foreign("its line 2 names another algorithm"));
    let bytes = DecisionTable::from_signed_slice(TABLE.as_bytes(), b"\xff\xfe", &trusting(&[PUBLIC]));
    assert_eq!(
        bytes.expect_err("it is refused").to_string(),
        format!("the table is refused: {}", foreign("it is not UTF-8 text"))
    );
}

#[test]
fn minisigns_old_form_is_refused() {
    refused(
        TABLE,
        OLD_FORM,
        "its signature has minisign's old form, which is not accepted; sign it again without `minisign -l`",
    );
}

#[test]
fn the_signature_of_another_table_is_refused() {
    let mut other = super::example();
    other["as_of"] = "2026-11-20".into();
    let other = super::sealed(other);
    let digest = DecisionTable::from_slice(other.as_bytes(), &LoadOptions::at(super::TODAY));
    let digest = digest.expect("it loads without").digest().to_owned();
    refused(
        &other,
        SIGNATURE,
        &format!(
            "its signature is of another table: it names `{DIGEST}`, and this one is `{digest}`; take both files of \
             one `govctl compile`"
        ),
    );
    // One that names none is not of this table either.
    refused(&other, BY_MINISIGN, CHANGED);
}

#[test]
fn a_signature_that_names_another_table_is_refused_though_it_is_of_these_bytes() {
    refused(
        TABLE,
        NAMING_ANOTHER,
        &format!(
            "its signature is of another table: it names `sha256:{}`, and this one is `{DIGEST}`; take both files of \
             one `govctl compile`",
            "0".repeat(64)
        ),
    );
}

#[test]
fn a_table_that_was_changed_is_refused() {
    refused(&TABLE.replace("\"cells\":[4]", "\"cells\":[3]"), SIGNATURE, CHANGED);
    refused(&format!("{TABLE}\n"), SIGNATURE, CHANGED);
    refused("", SIGNATURE, CHANGED);
}

#[test]
fn a_trusted_comment_that_was_changed_is_refused() {
    let comment =
        "the trusted comment of its signature was changed after it was signed; fetch the signature again";
    refused(TABLE, &with_line(3, "trusted comment: approved by the board"), comment);
    refused(TABLE, &with_line(3, "trusted comment: "), comment);
    refused(TABLE, &SIGNATURE.replace(DIGEST, &format!("sha256:{}", "0".repeat(64))), comment);
    // Of a comment in other words nothing says whether it or the rest was changed.
    refused(TABLE, &BY_MINISIGN.replace("timestamp:1", "timestamp:2"), CHANGED);
}

#[test]
fn every_byte_of_a_signature_counts_but_those_of_the_untrusted_comment() {
    let start = SIGNATURE.find('\n').expect("a line");
    for at in start..SIGNATURE.len() - 1 {
        let mut bytes = SIGNATURE.as_bytes().to_vec();
        bytes[at] ^= 1;
        let loaded = DecisionTable::from_signed_slice(TABLE.as_bytes(), &bytes, &trusting(&[PUBLIC]));
        assert!(loaded.is_err(), "byte {at} was changed");
    }
}

#[test]
fn every_byte_of_a_signed_table_counts() {
    for at in (0..TABLE.len()).step_by(7) {
        let mut bytes = TABLE.as_bytes().to_vec();
        bytes[at] ^= 1;
        let loaded = DecisionTable::from_signed_slice(&bytes, SIGNATURE.as_bytes(), &trusting(&[PUBLIC]));
        assert!(loaded.is_err(), "byte {at} was changed");
    }
}

#[test]
fn a_public_key_is_read_from_its_file_or_its_line() {
    let line = PUBLIC.lines().nth(1).expect("a key");
    for text in [PUBLIC, line, &format!("  {line}\r\n"), &PUBLIC.replace('\n', "\r\n")] {
        assert_eq!(key(text).id(), "2580472A04C12BB4");
        assert_eq!(key(text), key(PUBLIC));
    }
}

#[test]
fn what_is_no_public_key_is_refused() {
    let refused = |text: &str| text.parse::<TrustedKey>().expect_err("it is refused").to_string();
    let said =
        |what: &str| format!("{what}; give the `.pub` file that `minisign -G` made, or its second line");
    assert_eq!(refused(SECRET), said("this is a secret key, which belongs only where tables are signed"));
    assert_eq!(refused(SIGNATURE), said("this is a signature"));
    let nothing = said("this is not a public key of minisign");
    let line = PUBLIC.lines().nth(1).expect("a key");
    let (short, comment) = (line.get(..52).expect("ASCII"), PUBLIC.lines().next().expect("a comment"));
    for text in ["", "\n", comment, short, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA", &format!("{line}="), TABLE]
    {
        assert_eq!(refused(text), nothing, "{text}");
    }
    let other = line.replacen("RW", "RV", 1);
    assert_eq!(refused(&other), said("this is a public key of a kind that minisign does not make"));
}

#[test]
fn base64_has_one_text_for_some_bytes() {
    for length in 0..20_u8 {
        let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(83).wrapping_add(length)).collect();
        let text = base64::encode(&bytes);
        assert_eq!(text.len(), bytes.len().div_ceil(3) * 4);
        assert_eq!(base64::decode(&text), Some(bytes));
    }
    assert_eq!(base64::encode(b"\xff\xef\xbe"), "/+++");
    for text in ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA=A", "AA==AAAA", "AA A", "AA-_", "é==="]
    {
        assert_eq!(base64::decode(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_else_passes_for_a_signature(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        lines in "(untrusted comment: .{0,9}\n)?([A-Za-z0-9+/=]{90,110}\n)?(trusted comment: .{0,9}\n)?([A-Za-z0-9+/=]{80,90}\n?)?",
        cut in 0..400_usize,
    ) {
        let mixed = [&SIGNATURE.as_bytes()[..cut.min(SIGNATURE.len() - 2)], &bytes].concat();
        for signature in [bytes.as_slice(), lines.as_bytes(), &mixed] {
            let loaded = DecisionTable::from_signed_slice(TABLE.as_bytes(), signature, &trusting(&[PUBLIC]));
            prop_assert!(loaded.is_err() || signature.starts_with(&SIGNATURE.as_bytes()[..SIGNATURE.len() - 1]));
        }
    }

    #[test]
    fn nothing_else_passes_for_a_key(text in "(untrusted comment: .{0,9}\n)?[A-Za-z0-9+/=]{50,60}\n?.{0,5}") {
        let _ = text.parse::<TrustedKey>();
    }
}
