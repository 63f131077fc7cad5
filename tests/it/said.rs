//! Single things that output says of small workspaces, each once said wrongly.

use std::fs;

use tempfile::TempDir;

use crate::bundle::{check, run, stdout};

/// Three models of three providers, each dearer than the one before; `MORE` is what a provider says besides.
fn registry(more: [&str; 3]) -> String {
    let models = [("a", "x", 1), ("b", "w", 2), ("c", "v", 3)];
    let providers = models.into_iter().zip(more).map(|((provider, model, cost), more)| {
        format!(
            "  {provider}:\n    owner: o@example.com\n{more}    models:\n      - {{name: {model}, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: {cost}, cost_per_1m_tokens_output: {cost}}}\n"
        )
    });
    format!("providers:\n{}", providers.collect::<String>())
}

/// A workspace with one use case `chat`, which says `keys` besides.
pub(crate) fn workspace(more: [&str; 3], keys: &str, policy: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let estate = format!(
        "use_cases:\n  - {{name: chat, owner: o@example.com, data_classification: internal{keys}}}\n"
    );
    for (path, text) in [
        ("registry/r.yaml", registry(more)),
        ("estate/e.yaml", estate),
        ("policies/p.gov", policy.to_owned()),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("write");
    }
    folder
}

pub(crate) const PLAIN: [&str; 3] = ["", "", ""];
pub(crate) const FOLLOW: &str = "failover f {\n  follow ranking\n  because \"x\"\n}\n";

#[test]
fn rules_that_leave_no_region_are_named_together() {
    let regions = "    regions: [de, fr]\n    region_selectable: true\n";
    let policy = format!(
        "regions eu {{ de, fr }}\ncompliance rule p1 {{ process in de because \"x\" }}\ncompliance rule p2 {{ process in fr because \"y\" }}\n{FOLLOW}"
    );
    let text = stdout(&check(workspace([regions; 3], "", &policy).path(), &[]));
    let said = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(said.contains("rule `p1` and rule `p2` together leave no region"), "{text}");
    assert!(!said.contains("narrow the `when`"), "{text}");
    let home =
        format!("compliance rule home {{ require model.hosting == self-hosted because \"x\" }}\n{FOLLOW}");
    let text = stdout(&check(workspace(PLAIN, "", &home).path(), &[]));
    let said = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(said.contains("or give it a `when` that leaves out `chat`"), "{text}");
}

#[test]
fn a_promise_that_no_model_could_keep_is_answered_with_what_is_meant() {
    let helped = |promise: &str, wanted: &str| {
        let policy = format!("compliance rule r {{ require {promise} because \"x\" }}\n{FOLLOW}");
        let text = stdout(&check(workspace(PLAIN, ", workload: batch", &policy).path(), &[]));
        let said = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        assert!(said.contains(wanted), "{text}");
    };
    helped(
        "model.provider == a and model.provider == b",
        "no model has several values of `model.provider`: write `model.provider in [a, b]`",
    );
    helped(
        "compliance has gdpr",
        "this promise of `r` reads the request alone, so no model can keep it: write the condition in its `when`, or ask it of `model.compliance`",
    );
    helped("workload == interactive", "so no model can keep it: write the condition in its `when`");
}

#[test]
fn a_match_that_fails_on_what_is_stated_says_nothing_of_unknowns() {
    let hosting = ["    hosting: cloud\n", "    hosting: self-hosted\n", ""];
    let policy = "failover f {\n  chain a/x -> b/w\n  match hosting\n  because \"x\"\n}\n";
    let text = stdout(&check(workspace(hosting, "", policy).path(), &[]));
    assert!(text.contains("does not match the primary's `hosting`") && !text.contains("states"), "{text}");
    let policy = "failover f {\n  chain a/x -> c/v\n  match hosting\n  because \"x\"\n}\n";
    let text = stdout(&check(workspace(hosting, "", policy).path(), &[]));
    assert!(text.contains("nothing states its `hosting`"), "{text}");
}

#[test]
fn lines_end_in_carriage_returns_too() {
    let crlf = FOLLOW.replace('\n', "\r\n").replace("because", "becuase");
    let text = stdout(&check(workspace(PLAIN, "", &crlf).path(), &[]));
    assert!(text.contains("p.gov:3:3]") && text.contains(" 3 │   becuase \"x\"\n"), "{text}");
    // The last line has no end at all.
    let cut = "failover f {\r\n  follow ranking\r\n  becuase \"x\" }";
    let text = stdout(&check(workspace(PLAIN, "", cut).path(), &[]));
    assert!(text.contains(" 3 │   becuase \"x\" }\n"), "{text}");
}

#[test]
fn a_name_of_nothing_is_refused_where_it_stands() {
    let of = |statement: &str| {
        let text = stdout(&check(
            workspace(PLAIN, "", &format!("{FOLLOW}{statement}\n")).path(),
            &["--format", "github"],
        ));
        let errors = text.lines().filter(|line| line.starts_with("::error"));
        errors
            .map(|line| {
                line.split_once("::")
                    .and_then(|(_, rest)| rest.split_once("::"))
                    .map_or(line, |(_, said)| said)
            })
            .collect::<Vec<&str>>()
            .join("\n")
    };
    let refused = "a name cannot be empty%0Ahelp: write a name between the quotes";
    for statement in [
        "cost rule \"\" { prefer cheapest because \"x\" }",
        "budget \"\" { limit 5 usd per month }",
        "guarantee \"\" { always chain.length > 0 because \"x\" }",
        "fact \"\" in {a, b} default a",
        "fact f in {a, \"\"} default a",
        "audit a { mask \"\" }",
        "classifications public < \"\" < internal < confidential < restricted",
    ] {
        assert_eq!(of(statement), refused, "{statement}");
    }
    // What a test is called is a text.
    assert_eq!(of("test \"\" { given use_case chat expect primary a }"), "");
}

#[test]
fn a_comment_that_means_to_silence_is_told_how() {
    let reports = |comment: &str, wanted: &str| {
        let policy = format!("{comment}\nfailover f {{\n  follow ranking\n}}\n");
        let text = stdout(&check(workspace(PLAIN, "", &policy).path(), &[]));
        let said = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        assert!(said.contains("missing-reason"), "{text}");
        assert!(said.contains(wanted), "{text}");
    };
    let until = |day: &str| format!("# govctl: allow(missing-reason) until {day} legal knows");
    reports(&until("31.12.2026"), "write `2026-12-31`");
    reports(&until("31 December 2026"), "write `2026-12-31`");
    reports(&until("2026/12/31"), "write `2026-12-31`");
    reports(&until("12-2026"), "a day is written year-month-day");
    let right = "write `# govctl: allow(missing-reason) reason`";
    reports("# govctl: ignore missing-reason", right);
    reports("# govctl:disable=missing-reason", right);
    reports("# govctl: allow missing-reason", right);
    // A reason may begin with the word, and a comment may speak of us.
    let policy = "# govctl: allow(missing-reason) until we know more\n# govctl: see the handbook\nfailover f {\n  follow ranking\n}\n";
    let text = stdout(&check(workspace(PLAIN, "", policy).path(), &[]));
    assert!(!text.contains("unused-allow") && !text.contains("missing-reason"), "{text}");
}

#[test]
fn the_review_names_who_rests_on_what_ends_as_check_does() {
    let ends = ["    compliance: [{name: hipaa, expires: 2026-12-31}]\n", "", ""];
    let review = |keys: &str| {
        let folder = workspace(ends, keys, FOLLOW);
        let output = run(folder.path(), &["review", "--as-of", "2026-11-25"]);
        let text = stdout(&output);
        let row = text.lines().find(|line| line.contains("hipaa") && line.starts_with('|'));
        row.expect("a row").to_owned()
    };
    assert!(!review("").contains("chat"), "nobody asks for it");
    assert!(review(", compliance: [hipaa]").contains("chat"));
}

/// What the comparison of two workspaces says.
fn compared(old: &TempDir, new: &TempDir) -> String {
    let path = |folder: &TempDir| folder.path().to_str().expect("a path").to_owned();
    let output = run(new.path(), &["diff", &path(old), &path(new), "--as-of", "2026-11-25"]);
    stdout(&output).split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[test]
fn a_failed_test_says_each_reason_once_and_of_models_that_could_do_the_work() {
    let policy = "preference rule p { prefer c because \"x\" }\nfailover f {\n  chain a/x -> b/w\n  because \"x\"\n}\ntest \"t\" {\n  given use_case chat, down c\n  expect b\n}\n";
    let folder = workspace(PLAIN, "", policy);
    let path = folder.path().join("registry/r.yaml");
    let registry = fs::read_to_string(&path).expect("a file");
    let model = |name: &str, approved: &str| {
        format!(
            "      - {{name: {name}, approved_use_cases: {approved}, data_classification_max: restricted, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}}\n"
        )
    };
    let more = format!("{}{}", model("embed", "[other]"), model("w2", "[\"*\"]"));
    fs::write(&path, registry.replace("      - {name: w,", &format!("{more}      - {{name: w,")))
        .expect("write");
    let text = stdout(&run(folder.path(), &["test", "--as-of", "2026-11-25"]));
    assert_eq!(text.matches("  because ").count(), 1, "{text}");
    assert!(text.contains("the primary `c/v` is on no chain of `f`, so nothing follows it"), "{text}");
}

#[test]
fn other_tokens_are_no_other_price() {
    let of = |volume: &str| workspace(PLAIN, &format!(", expected_monthly: {{{volume}}}"), FOLLOW);
    let before = of("requests: 10, input_tokens: 4000000, output_tokens: 1000000");
    let text = compared(&before, &of("requests: 10, input_tokens: 8000000, output_tokens: 1000000"));
    assert!(text.contains("chat: cost (volume) in"), "{text}");
    let text = compared(&before, &of("requests: 20, input_tokens: 4000000, output_tokens: 1000000"));
    assert!(!text.contains("(volume)"), "{text}");
}

#[test]
fn what_each_use_case_newly_reaches_is_said_of_it_alone() {
    let of = |block: &str| {
        let folder = workspace(
            PLAIN,
            "",
            &format!("failover f {{ follow ranking limit 1 hop above {block}x cost block because \"x\" }}\n"),
        );
        let registry = fs::read_to_string(folder.path().join("registry/r.yaml")).expect("a file");
        let approved = ["[one]", "[one]", "[two]"];
        let registry = approved.iter().fold(registry, |text, who| text.replacen("[\"*\"]", who, 1));
        let more = "  d:\n    owner: o@example.com\n    models:\n      - {name: u, approved_use_cases: [two], data_classification_max: restricted, cost_per_1m_tokens_input: 6, cost_per_1m_tokens_output: 6}\n";
        fs::write(folder.path().join("registry/r.yaml"), registry + more).expect("write");
        let estate = "use_cases:\n  - {name: one, owner: o, data_classification: internal}\n  - {name: two, owner: o, data_classification: internal}\n";
        fs::write(folder.path().join("estate/e.yaml"), estate).expect("write");
        folder
    };
    let text = compared(&of("1.5"), &of("2"));
    assert!(text.contains("newly reachable for `one`: provider `b`; for `two`: provider `d`"), "{text}");
}
