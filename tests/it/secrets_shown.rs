//! Keys in the files of a workspace: whatever is wrong around them, no output shows them.

use std::path::Path;

use govctl::source::keys::{masked, veiled};

use crate::bundle;

const KEY: &str = "sk-proj-abcdefgh12345678abcd";
const RANDOM: &str = "8f14e45fceea167a5a36dedd4bea2543";

/// Lines of a provider, each of which holds a key where none belongs.
const LINES: &[&str] = &[
    "hosting: KEY",
    "hostin: KEY",
    "api_key: KEY",
    "regions: KEY",
    "regions: {eu: KEY}",
    "compliance: [KEY, KEY]",
    "dpa: KEY",
    "availability: KEY",
    "availability: 12 # KEY",
    "endpoint: {protocol: openai, api_key: KEY}",
    "endpoint: {protocol: openai, headers: {x-api-key: RANDOM}}",
    "endpoint: {protocol: openai, headers: {authorization: Bearer RANDOM}}",
    "endpoint: {protocol: openai, token: RANDOM}",
    "token: RANDOM",
    "endpoint: {protcol: openai, api_key_env: RANDOM}",
    "endpoint: {protocol: openai, base_url: \"https://x.example/v1?api_key=RANDOM\", x: 1}",
    "hosting: [KEY",
    "hosting: KEY: KEY",
    "{ KEY",
];

fn workspace(folder: &Path, line: &str) {
    let registry = format!(
        "providers:\n  north:\n    owner: north@example.com\n    {line}\n    models:\n      - {{name: alpha, approved_use_cases: [\"*\"], \
         data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2}}\n"
    );
    let estate = "use_cases:\n  - {name: chat, owner: o@example.com, data_classification: internal}\n";
    let policy = "compliance rule r {\n  require model.dpa == confirmed\n}\n";
    for (path, text) in [
        ("registry/main.yaml", registry.as_str()),
        ("estate/main.yaml", estate),
        ("policies/main.gov", policy),
    ] {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("create a folder");
        std::fs::write(path, text).expect("write a file");
    }
}

#[test]
fn no_output_of_a_check_shows_a_key() {
    for line in LINES {
        let line = line.replace("KEY", KEY).replace("RANDOM", RANDOM);
        let folder = tempfile::tempdir().expect("a folder");
        workspace(folder.path(), &line);
        let mut says = false;
        for format in ["human", "json", "sarif", "github"] {
            let arguments = ["check", "--format", format];
            let output =
                bundle::govctl().args(arguments).current_dir(folder.path()).output().expect("govctl runs");
            let said = format!("{}{}", bundle::stdout(&output), bundle::stderr(&output));
            says |= said.contains("registry/main.yaml");
            for key in [KEY, RANDOM] {
                assert!(!said.contains(key.get(..12).unwrap_or(key)), "{line} as {format}:\n{said}");
            }
        }
        assert!(says, "{line}");
    }
}

#[test]
fn the_places_around_a_key_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(folder.path(), &format!("endpoint: {{api_key: {KEY}, hos: 1}}"));
    let arguments = ["check"];
    let output = bundle::govctl().args(arguments).current_dir(folder.path()).output().expect("govctl runs");
    let said = bundle::stdout(&output);
    let line = said.lines().find(|line| line.contains("sk-p***")).expect("the line of the key");
    assert!(line.ends_with(", hos: 1}"), "{said}");
}

#[test]
fn keys_are_shown_by_their_beginning_alone() {
    for (text, short) in [
        ("`hosting` cannot be `sk-proj-abcdefgh12345678`", "`hosting` cannot be `sk-p…`"),
        ("headers: {x-api-key: 8f14e45fceea167a5a36dedd}", "headers: {x-api-key: 8f14…}"),
        ("{\"api_key\": \"8f14e45fceea167a5a36/dedd=\"}", "{\"api_key\": \"8f14…\"}"),
        ("authorization: Bearer 8f14e45fceea167a5a36dedd", "authorization: Bearer 8f14…"),
        ("token=8f14e45fceea167a5a36dedd end", "token=8f14… end"),
        ("at https://user:word@x.example/v1, there", "at https://user…, there"),
        ("api_key_env: OPENAI_API_KEY", "api_key_env: OPENAI_API_KEY"),
        ("sha: 8f14e45fceea167a5a36dedd", "sha: 8f14e45fceea167a5a36dedd"),
        (
            "a\n-----BEGIN RSA PRIVATE KEY-----\nabc1\n-----END RSA PRIVATE KEY-----\nb",
            "a\n-----BEGIN RSA PRIVATE KEY-----\nabc…-----END RSA PRIVATE KEY-----\nb",
        ),
    ] {
        assert_eq!(masked(text), short);
        let veiled = veiled(text);
        assert_eq!(veiled.len(), text.len());
        assert_eq!(veiled.contains('*'), text != short, "{veiled}");
        assert_eq!(veiled.lines().count(), text.lines().count());
    }
}
