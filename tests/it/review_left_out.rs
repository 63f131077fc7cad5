//! `review` certifies nothing that it did not judge, ends no list without a word, and calls more what is more.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::bundle::{self, copy_of, root, run, status, stdout};
use crate::review::{is_markdown, is_page};

fn add(folder: &Path, file: &str, more: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, text + more).expect("a file");
}

fn page(folder: &Path, more: &[&str]) -> String {
    let output = run(folder, &[&["review"], more].concat());
    assert!(status(&output) < 2, "{}", bundle::stderr(&output));
    stdout(&output)
}

/// The page with a bill.
fn with_bill(folder: &Path, bill: &str) -> String {
    fs::write(folder.join("bill.csv"), bill).expect("a bill");
    page(folder, &["--usage", folder.join("bill.csv").to_str().expect("UTF-8")])
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
}

const TWO_VIEWS: &str = "\npreference rule planner-other {\n  when use_case in [planning, structured-output]\n  prefer anthropic, openai\n  because \"another view\"\n}\n";
const AT_HOME: &str = "\nguarantee planning-at-home {\n  for use_case == planning\n  always model.hosting == self-hosted\n  because \"works council\"\n}\n";

/// Where two use cases have no decision, what is said of them is that.
#[test]
fn what_is_not_decided_is_not_certified() {
    let folder = copy_of("logistics");
    add(folder.path(), "policies/routing.gov", TWO_VIEWS);
    add(folder.path(), "policies/guarantees.gov", AT_HOME);
    let of = page(folder.path(), &[]);
    has(
        &of,
        &[
            "`planning` and `structured-output` are not decided, so what is said below of routes, money and promises is of the others.",
            "| `planning-at-home` | `works council` | not known: `planning` is not decided |",
            "| Expected a month | 1,294 usd | a lower bound: 2 use cases are not decided |",
            "`planning` and `structured-output` are not decided, so what they cost is not among this.",
            "| `planning` | `internal` |  | not known |",
            "| at least: 2 use cases are not decided |",
            "`planning` and `structured-output` are not decided, so what stops them is not known.",
            "Guarantees, decided in every context of 5 of 7 use cases",
            "| `company` | 8,000.00 usd a month | at least 1,293.60 | at least 16.2% |",
        ],
    );
    // What speaks of others holds as before.
    has(&of, &["| `personal-data-stays-certified` | `GDPR` | holds |"]);
    is_markdown(&of);
    is_page(&page(folder.path(), &["--format", "html"]));
    let whole = page(&root("examples/logistics"), &[]);
    assert!(!whole.contains("not decided") && !whole.contains("at least"), "{whole}");
}

/// A guarantee is violated where its own finding says so, not where another one's names a use case that is called like it.
#[test]
fn a_guarantee_is_known_by_its_own_finding() {
    let folder = copy_of("logistics");
    let named = AT_HOME.replace("planning-at-home", "works-council");
    let like_it = "\nguarantee planning {\n  for use_case == planning\n  always model.dpa == confirmed\n  because \"an agreement\"\n}\n";
    add(folder.path(), "policies/guarantees.gov", &(named + like_it));
    let of = page(folder.path(), &[]);
    has(
        &of,
        &["| `works-council` | `works council` | **violated** |", "| `planning` | `an agreement` | holds |"],
    );
}

/// More after nothing is more, and so is more after a credit.
#[test]
fn what_was_nothing_or_a_credit_before_is_more_now() {
    let folder = copy_of("logistics");
    let rows = "planning,2026-10,2100\nanalysis,2026-10,390\n";
    let of = |before: &str| with_bill(folder.path(), &format!("use_case,month,usd\n{before}{rows}"));
    has(
        &of("analysis,2026-09,390\n"),
        &[
            "`planning` spent 2,100.00 usd more than the month before",
            "| `planning` | 2,100.00 | 2,100.00 | +0.0% | 0.00 | - |",
        ],
    );
    has(
        &of("planning,2026-09,-100\n"),
        &[
            "`planning` spent 2,200.00 usd more than the month before",
            "2,490.00 usd were spent",
            "-100.00 the month before (-)",
        ],
    );
    has(&of("planning,2026-09,4200\n"), &["`planning` spent 50.0% less than the month before"]);
}

/// Lists that end say how many more there are; every unknown kind is there; who answers for the rest is named.
#[test]
fn lists_that_end_say_so() {
    let folder = copy_of("enterprise");
    let mut bill = "use_case,month,usd,provider,model,team\n".to_owned();
    for number in 0..40 {
        let _ = writeln!(bill, "strange-{number},2026-10,{},openai,,", 100 + number);
        let _ = writeln!(bill, ",2026-10,{},openai,model-{number},team-{number}", 50 + number);
    }
    let of = with_bill(folder.path(), &bill);
    has(
        &of,
        &[
            "Spent for names that are not known; 90 more in `govctl usage --format json`",
            "| `strange-39` | unknown use case | 139.00 |",
            "| `model-39` | unknown model | 89.00 |",
            "| `team-39` | unknown team | 89.00 |",
            "Spent by team in 2026-10, in US dollars; ",
            " more in `govctl usage --by team`",
            " more use cases spent otherwise than expected or than the month before: `govctl usage`",
        ],
    );
    // The tile and the list count alike, and what is not shown too.
    let all =
        of.split("| Needs a decision | ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a number");
    has(&of, &[&format!("{all} things to decide, what is broken first")]);
    let section = of.split("things to decide, what is broken first").nth(1).expect("a section");
    let section = section.split("\n## ").next().expect("a section");
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| What |") && !line.starts_with("| ---"))
        .count();
    let more = section
        .lines()
        .find_map(|line| line.strip_prefix("| ")?.split_once(" more use cases spent"))
        .expect("more");
    let (all, more): (usize, usize) = (all.parse().expect("a number"), more.0.parse().expect("a number"));
    assert_eq!(all, rows - 1 + more, "{section}");
}

/// A budget for each team has each team's spending beside it.
#[test]
fn a_budget_for_each_value_is_held_against_each() {
    let folder = copy_of("logistics");
    let each = "\nbudget each-team {\n  per team\n  limit 1000 usd per month\n  at 100% block\n  owner \"a@example.com\"\n  escalate \"b@example.com\"\n}\nbudget the-year {\n  limit 9000 usd per year\n  owner \"a@example.com\"\n}\n";
    add(folder.path(), "policies/budgets.gov", each);
    let mut bill = "use_case,month,usd\nplanning,2026-10,3500\nanalysis,2026-10,1\n".to_owned();
    for month in 1..10 {
        let _ = writeln!(bill, "analysis,2026-{month:02},10");
    }
    has(
        &with_bill(folder.path(), &bill),
        &[
            "| 3,501.00 of 1,000.00 for `planning` (over) |",
            "| More was spent than the budget `each-team` allows for each team: by `planning` | `a@example.com` |",
            "| 3,591.00 of 9,000.00 in the year |",
        ],
    );
}

/// What somebody has accepted needs no decision; a silence that ends soon does.
#[test]
fn what_is_accepted_needs_no_decision_and_what_ends_does() {
    let folder = copy_of("logistics");
    add(folder.path(), "policies/guarantees.gov", AT_HOME);
    let baseline = run(folder.path(), &["check", "--write-baseline"]);
    let accepted = folder.path().parent().expect("a folder").join(format!(
        "{}-accepted.yaml",
        folder.path().file_name().and_then(|name| name.to_str()).expect("UTF-8")
    ));
    fs::write(&accepted, stdout(&baseline)).expect("a file");
    let of = page(folder.path(), &["--accept", accepted.to_str().expect("UTF-8")]);
    fs::remove_file(&accepted).expect("removed");
    has(&of, &["| `planning-at-home` | `works council` | **violated** |"]);
    assert!(!of.contains("| Error: "), "{of}");
    has(&page(folder.path(), &[]), &["| Error: guarantee `planning-at-home` does not hold"]);
    let rule = "\n# govctl: allow(missing-reason) until 2026-12-05 soon\npreference rule plain {\n  when use_case == analysis\n  prefer anthropic\n}\n";
    add(folder.path(), "policies/routing.gov", rule);
    has(
        &page(folder.path(), &[]),
        &["| `missing-reason` in `policies/routing.gov:", "is no longer silenced after that day: "],
    );
}

/// What a provider billed stands beside what was spent, and what does not agree wants somebody.
#[test]
fn bills_stand_beside_what_was_spent() {
    let folder = copy_of("logistics");
    let spent = "use_case,month,usd,provider,model\nplanning,2026-10,2100,openai,gpt-4-turbo\nanalysis,2026-10,390,anthropic,claude-3-5-sonnet\n";
    let billed = "month,usd,provider,model\n2026-10,3000,openai,gpt-4-turbo\n2026-10,395,anthropic,claude-3-5-sonnet\n";
    fs::write(folder.path().join("provider.csv"), billed).expect("a bill");
    fs::write(folder.path().join("gateway.csv"), spent).expect("a log");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (usage, bill) = (path("gateway.csv"), path("provider.csv"));
    has(
        &page(folder.path(), &["--usage", &usage, "--bill", &bill]),
        &[
            "Spent beside what was billed, in US dollars, by month and provider",
            "| 2026-10 | `openai` | 2,100.00 | 3,000.00 | -900.00 | -30.0% | **unreconciled** |",
            "| 2026-10 | `anthropic` | 390.00 | 395.00 | -5.00 | -1.3% |",
            "What was spent and what was billed do not agree: `openai in 2026-10`",
            "provider.csv` | `",
        ],
    );
    assert_eq!(status(&run(folder.path(), &["review", "--bill", &bill])), 2);
}
