//! Every bound of `src/limits.rs` is named here with what tries it; passing one is said, with where and what to do.

use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};

/// The bounds that this file passes, and those that tests beside the code, or others of this program, pass.
const TRIED_HERE: [&str; 32] = [
    "MAX_HANDED_DOWN",
    "MAX_MESSAGE_BYTES",
    "MAX_MESSAGE_HEADER_BYTES",
    "MAX_YAML_UNFOLDED_BYTES",
    "MAX_SCHEMA_FAULTS",
    "MAX_NAMED",
    "MAX_TRIAL_WORK",
    "MAX_PAIRS_COMPARED",
    "MAX_FILE_BYTES",
    "MAX_TABLE_BYTES",
    "MAX_KEY_BYTES",
    "MAX_FOLDER_DEPTH",
    "MAX_POLICY_BYTES",
    "MAX_POLICY_NESTING",
    "MAX_YAML_DEPTH",
    "MAX_YAML_ALIASES",
    "MAX_DIGITS",
    "MAX_EXPONENT",
    "MAX_FINDINGS_PER_FILE",
    "MAX_CHECKED_FOR_ONE",
    "MAX_IGNORED_FILES",
    "MAX_DRAWN",
    "MAX_STATEMENT_BYTES",
    "MAX_LINKS",
    "MAX_INCLUDED_FILES",
    "MAX_SCANNED_BYTES",
    "MAX_SCANNED_HITS",
    "MAX_SUMS_SHOWN",
    "MAX_SUMMED",
    "SUMMED_FOR_EACH",
    "MAX_ASKED",
    "ASKED_FOR_EACH",
];
const TRIED_ELSEWHERE: [&str; 49] = [
    "MAX_MONEY_DIGITS",
    "MAX_AMBIGUOUS_SETS",
    "MAX_KEPT_TABLES",
    "MAX_FIRST_BYTE_SECONDS",
    "MAX_COVERAGE_WORK",
    "MAX_SUCCESSION_WORK",
    "MAX_FACTS_TOGETHER",
    "MAX_EXPORTED_LIMITS",
    "MOST_LATER_WORK",
    "MAX_IMPORTED_LINKS",
    "MAX_FIX_ROUNDS",
    "MAX_FIX_TRIALS",
    "MAX_FIX_BYTES",
    "MAX_LATENT_TRIALS",
    "MAX_CAUSE_WORK",
    "MAX_CAUSES_UNTRIED",
    "MAX_COMPARED_CONTEXTS",
    "MAX_COMPARED_PAIRS",
    "MAX_STRUCTURE_BYTES",
    "MAX_LOOKED_AT",
    "MAX_FOLDER_ENTRIES",
    "MAX_ATTRIBUTE_WORK",
    "MAX_SUM_BITS",
    "MAX_LATER_WORK",
    "LEAST_LATER_DAYS",
    "MAX_IMPORTED_ROUTES",
    "MAX_IMPORTED_PICKS",
    "MAX_IMPORTED_ENTRIES",
    "MAX_BYSTANDERS",
    "MAX_POINTER_BYTES",
    "MAX_TRIALS",
    "MAX_RECORD_BYTES",
    "MAX_WORKSPACE_BYTES",
    "MAX_REGION_NESTING",
    "MAX_CONTEXTS",
    "MAX_CELLS",
    "MAX_CELLS_TOGETHER",
    "MAX_CONTEXTS_TOGETHER",
    "MAX_CIRCLES",
    "MAX_CIRCLE_STEPS",
    "MAX_OUTAGE_COMBINATIONS",
    "MAX_SUGGESTIONS",
    "MAX_NAMES_COMPARED",
    "MAX_CATALOGUE_BYTES",
    "MAX_IMPORTED_BYTES",
    "MAX_IMPORTED_EXPRESSION",
    "MAX_IMPORTED_NESTING",
    "MAX_IMPORTED_STEPS",
    "MAX_LINES_COMPARED",
];
/// Not passed in a test, each with why.
const NOT_TRIED: [(&str, &str); 20] = [
    ("MAX_IMPORTED_TESTS", "a few comparisons each: past it rules are listed as left out"),
    ("MAX_CATALOGUE_RULES", "a deeper rule says nothing of any model, as one of a kind that is not known"),
    ("MAX_KEY_LOG_N", "a key is refused like any whose parameters cannot be used"),
    ("MAX_KEY_PARALLEL", "as with the other parameter of keys"),
    ("MAX_NAME_BYTES", "only an editor asks for it, and the schemas refuse such a name"),
    ("MAX_WHOLE", "counts past it say at least so many, and the schemas refuse larger numbers"),
    ("MAX_OBJECT_HEAD_BYTES", "git itself writes the line"),
    ("MAX_IMPORTED_WORK", "takes seconds, and is counted with what it goes through"),
    ("MAX_IMPORTED_VALUE", "a longer value becomes a fact of its own and is lost nowhere"),
    ("MAX_WORKSPACE_FILES", "a hundred thousand files take long to make"),
    ("MAX_YAML_NODES", "twenty million nodes take long to read in a build for tests"),
    ("MAX_COMPARED_CONTEXTS_IN_ALL", "as with those of one use case"),
    ("PAIRS_FOR_EACH", "only lets more use cases be compared"),
    ("MAX_LATENT_WORK", "as with the trials of promises"),
    ("MAX_LATENT_COMPARED", "past it promises are named though they are only stricter"),
    ("MAX_LATENT_CONTEXTS", "past it promises are named though they may still be made"),
    ("MAX_TRAFFIC_ENTRIES", "as with what is spent, and past it requests are counted without a name"),
    ("MAX_LEDGER_ENTRIES", "half a million records take long to read in a build for tests"),
    (
        "MAX_SEEN_EVENTS",
        "two million events take long to read in a build for tests; `event::seen` tries a small bound",
    ),
    ("MAX_CAUSE_TRIALS", "as with the work of causes, which ends first"),
];

pub(crate) const REGISTRY: &str = "providers:\n  alpha:\n    owner: a@example.com\n    models:\n      - name: a1\n        \
    approved_use_cases: [\"*\"]\n        data_classification_max: restricted\n        cost_per_1m_tokens_input: 1\n        \
    cost_per_1m_tokens_output: 2\n";
pub(crate) const ESTATE: &str =
    "use_cases:\n  - name: chat\n    owner: o\n    data_classification: internal\n";

pub(crate) fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "registry/main.yaml", REGISTRY);
    write(folder.path(), "estate/main.yaml", ESTATE);
    write(
        folder.path(),
        "policies/main.gov",
        "failover standard {\n  follow  ranking\n  because \"base\"\n}\n",
    );
    folder
}

pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("write");
}

/// A file of so many bytes, which takes no room on disk.
fn large(path: &Path, bytes: u64) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    File::create(path).expect("a file").set_len(bytes).expect("a length");
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    govctl().current_dir(folder).args(arguments).output().expect("govctl runs")
}

/// `check` names the bound in a finding with its place.
#[track_caller]
fn found(folder: &Path, message: &str, place: &str) {
    let output = run(folder, &["check"]);
    let text = stdout(&output);
    assert_eq!(status(&output), 1, "{text}{}", stderr(&output));
    assert!(text.contains(message) && text.contains(place), "{text}");
}

#[test]
fn every_bound_is_named_here() {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/limits.rs"));
    let source = source.expect("the limits");
    let names = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    let mut names: Vec<&str> = names.collect();
    let mut named: Vec<&str> = [&TRIED_HERE[..], &TRIED_ELSEWHERE].concat();
    named.extend(NOT_TRIED.iter().map(|(name, _)| *name));
    names.sort_unstable();
    named.sort_unstable();
    assert_eq!(names, named);
}

#[test]
fn files_past_their_size_are_findings() {
    let folder = workspace();
    large(&folder.path().join("policies/main.gov"), 256 * 1024 * 1024 + 1);
    found(folder.path(), "`policies/main.gov` is larger than 256 MiB", "policies/main.gov:1:1");
    large(&folder.path().join("policies/main.gov"), 16 * 1024 * 1024 + 1);
    found(folder.path(), "a policy file has at most 16 MiB", "policies/main.gov:1:1");
}

#[test]
fn what_a_provider_hands_down_is_bounded() {
    let folder = workspace();
    let (settings, models) = (1_001, 500);
    let profile: String = (0..settings).map(|key| format!("      k{key}: 1\n")).collect();
    let models: String = (0..models)
        .map(|model| {
            format!("      - {{name: m{model}, approved_use_cases: [\"*\"], data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}}\n")
        })
        .collect();
    let registry = format!(
        "providers:\n  alpha:\n    owner: a@example.com\n    profile:\n{profile}    models:\n{models}"
    );
    write(folder.path(), "registry/main.yaml", &registry);
    found(
        folder.path(),
        "`alpha` hands 1,001 facts and settings down to each of its 500 models: more than 500,000 together",
        "registry/main.yaml:2:3",
    );
}

#[test]
fn tables_and_keys_past_their_size_are_no_answer() {
    let folder = workspace();
    large(&folder.path().join("table.json"), 256 * 1024 * 1024 + 1);
    let output = run(folder.path(), &["verify", "table.json"]);
    assert_eq!(
        (status(&output), stderr(&output).as_str()),
        (2, "error: cannot read `table.json`: it is larger than 256 MiB\n")
    );
    large(&folder.path().join("ci.key"), 64 * 1024 + 1);
    let output = run(folder.path(), &["compile", "-o", "new.json", "--sign-key", "ci.key"]);
    assert_eq!(
        (status(&output), stderr(&output).as_str()),
        (2, "error: cannot read `ci.key`: it is larger than 64 KiB\n")
    );
}

#[test]
fn folders_past_their_depth_are_findings() {
    let folder = workspace();
    write(folder.path(), &format!("policies/{}x.gov", "a/".repeat(65)), "");
    found(folder.path(), "`policies` has more folders and files below it than are read", "policies:1:1");
}

#[test]
fn nesting_aliases_and_numbers_past_their_bound_are_findings() {
    let rule = format!(
        "compliance rule x {{\n  when {}regulated_output{}\n  forbid model.trains_on_data\n  because \"x\"\n}}\n",
        "(".repeat(65),
        ")".repeat(65)
    );
    let budget = format!("budget b {{\n  limit {} usd per month\n}}\n", "1".repeat(61));
    let aliases = format!("a: &a 1\nb: [{}]\n", ["*a"; 1_001].join(", "));
    let repeated = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), ["*a"; 200].join(", "));
    let lists = format!("use_cases: {}{}\n", "[".repeat(33), "]".repeat(33));
    let price = REGISTRY.replace("input: 1", "input: 1e61");
    for (path, text, message) in [
        ("policies/x.gov", rule.as_str(), "policy is nested too deep"),
        ("policies/x.gov", &budget, "number has too many digits"),
        ("estate/main.yaml", &aliases, "aliases unfold to more than is read"),
        ("estate/main.yaml", &repeated, "aliases unfold to more than is read"),
        ("estate/main.yaml", &lists, "nested deeper than 32 levels"),
        ("registry/main.yaml", &price, "`1e61` cannot be read as an exact number"),
    ] {
        let folder = workspace();
        write(folder.path(), path, text);
        found(folder.path(), message, path);
    }
}

#[test]
fn the_last_finding_of_a_file_says_that_there_may_be_more() {
    let folder = workspace();
    // Each entry has four faults.
    write(folder.path(), "estate/main.yaml", &format!("use_cases:\n{}", "  - {bad: 1}\n".repeat(600)));
    let output = run(folder.path(), &["check", "--all-findings"]);
    let said = "no more than 100 findings of a file are shown: there may be more";
    assert!(stdout(&output).contains(said), "{}", stdout(&output));
}

#[test]
fn files_beside_the_workspace_past_their_number_are_counted() {
    let folder = workspace();
    for at in 0..103 {
        write(folder.path(), &format!("policies/note-{at:03}.txt"), "x");
    }
    let text = stdout(&run(folder.path(), &["check", "--format", "json"]));
    assert!(text.contains("note-099.txt") && !text.contains("note-100.txt"), "{text}");
    assert!(text.contains("3 more files in the folders of the workspace are not read"), "{text}");
}

#[test]
fn a_statement_past_its_size_is_a_finding() {
    let folder = workspace();
    let long =
        format!("cost rule long {{\n  prefer cheapest\n  because \"{}\"\n}}\n", "x".repeat(1024 * 1024));
    write(folder.path(), "policies/long.gov", &long);
    found(folder.path(), "1 MiB", "policies/long.gov:1:1");
}

#[cfg(unix)]
#[test]
fn links_past_their_number_are_no_place_to_write() {
    let folder = workspace();
    std::os::unix::fs::symlink("link-0", folder.path().join("link-1")).expect("a link");
    std::os::unix::fs::symlink("link-1", folder.path().join("link-0")).expect("a link");
    let output = run(folder.path(), &["compile", "-o", "link-0"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("too many"), "{}", stderr(&output));
}

#[test]
fn a_picture_past_its_size_is_refused() {
    let folder = workspace();
    let model = |at: usize| {
        format!(
            "      - {{name: m{at}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
             cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2, failover_to: \"alpha/m{}\"}}\n",
            at % 1_001 + 1
        )
    };
    let models: String = (1..=1_001).map(model).collect();
    let registry = format!("providers:\n  alpha:\n    owner: a\n    models:\n{models}");
    write(folder.path(), "registry/main.yaml", &registry);
    let policy = "failover standard {\n  follow  registry\n  because \"base\"\n}\n";
    write(folder.path(), "policies/main.gov", policy);
    let output = run(folder.path(), &["graph", "--format", "svg"]);
    assert_eq!(status(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("a picture of 1001 models"), "{}", stderr(&output));
}

#[test]
fn a_question_about_one_of_many_use_cases_says_that_nothing_was_checked() {
    let folder = workspace();
    let estate = |count: usize| -> String {
        let one = |at| format!("  - {{name: case-{at}, owner: o, data_classification: internal}}\n");
        format!("use_cases:\n{}", (0..count).map(one).collect::<String>())
    };
    write(folder.path(), "estate/main.yaml", &estate(500));
    let few = run(folder.path(), &["resolve", "case-7"]);
    write(folder.path(), "estate/main.yaml", &estate(501));
    let many = run(folder.path(), &["resolve", "case-7"]);
    assert_eq!((status(&few), status(&many), stdout(&few)), (0, 0, stdout(&many)));
    assert_eq!(
        (stderr(&few).as_str(), stderr(&many).as_str()),
        (
            "",
            "note: only this use case was decided, and nothing was checked: errors elsewhere are what `govctl check` finds\n"
        )
    );
}

#[test]
fn an_import_past_its_size_lists_what_is_left() {
    let folder = workspace();
    for at in 0..=101 {
        let models = if at == 0 {
            "model_list: [{model_name: m, litellm_params: {model: openai/gpt-4o}}]\n"
        } else {
            ""
        };
        let part = format!("include: [part-{}.yaml]\n{models}", at + 1);
        write(folder.path(), &format!("part-{at}.yaml"), &part);
    }
    let text = stdout(&run(folder.path(), &["import", "litellm", "part-0.yaml", "-o", "parts"]));
    assert!(text.contains("`part-100.yaml`: more than 100 files are not read"), "{text}");
}

#[test]
fn what_a_scan_does_not_look_into_is_named() {
    let folder = workspace();
    write(folder.path(), "code/many.py", &"x = \"alpha/a1\"\n".repeat(10_001));
    write(folder.path(), "code/large.py", &" ".repeat(8 * 1024 * 1024 + 1));
    large(&folder.path().join("code/data.bin"), 8 * 1024 * 1024 + 1);
    fs::write(folder.path().join("code/old.py"), b"# caf\xe9\nx = \"alpha/a1\"\n").expect("write");
    let output = run(folder.path(), &["scan", "code"]);
    let text = stdout(&output);
    assert!(text.contains("code/old.py:2:6: `alpha/a1`"), "{text}");
    let named = text.lines().filter(|line| line.starts_with("not looked into")).collect::<Vec<_>>();
    assert_eq!(
        named,
        [
            "not looked into: code/large.py: it is larger than 8 MiB",
            "not looked into: code/many.py: more than 10000 places in it"
        ]
    );
}

#[test]
fn an_editor_cannot_ask_for_memory_by_a_header() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let long = format!("Content-Length: 2\r\nX: {}\r\n\r\n{{}}", "x".repeat(5_000));
    for (sent, said) in [
        ("Content-Length: 99999999999999\r\n\r\n{}", "a message may have at most 67108864 bytes"),
        ("Content-Length: -1\r\n\r\n[1]", "a header has no `Content-Length`"),
        ("Content-Type: json\r\n\r\n{\"id\": ", "a header has no `Content-Length`"),
        (long.as_str(), "a header is cut off or too long"),
    ] {
        let mut server = Command::new(env!("CARGO_BIN_EXE_govctl"));
        let server = server.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = server.spawn().expect("it starts");
        let mut stdin = server.stdin.take().expect("a pipe");
        // It may refuse before everything is sent.
        let _ = stdin.write_all(sent.as_bytes());
        drop(stdin);
        let output = server.wait_with_output().expect("it ends");
        assert_eq!(status(&output), 2, "{sent:.60}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{sent:.60}: {}", stderr(&output));
    }
}
