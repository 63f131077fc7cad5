//! Many edits in a row in a small workspace in which everything that is taken over by use case occurs: thresholds that
//! meet and part, statements that begin and stop to concern somebody, undefined decisions, models that soon end, rules
//! that change nothing and guarantees that break. After each edit a check is what a fresh one makes.

use std::fmt::Write as _;

use govctl::load::Texts;
use govctl::workspace::{self, Carried, Memory};

use crate::bundle;
use crate::lsp_again::{Dice, read, same};

/// Lines that are typed otherwise, each with what may stand there.
const LINES: &[(&str, &[&str])] = &[
    (
        "@low",
        &[
            "budget.remaining < 10%",
            "budget.remaining < 9%",
            "budget.remaining <= 10%",
            "budget.remaining < 40%",
        ],
    ),
    (
        "@mid",
        &[
            "budget.remaining < 20%",
            "budget.remaining < 10%",
            "budget.remaining > 60%",
            "budget.remaining in [10%, 50%]",
        ],
    ),
    (
        "@own",
        &[
            "budget.money.remaining < 30%",
            "budget.money.remaining < 29%",
            "budget.remaining < 30%",
            "team == red",
        ],
    ),
    (
        "@who",
        &[
            "consent == withheld and data has pii",
            "consent == withheld",
            "use_case == b1",
            "team in [red, blue] and data has pii",
            "consent == given and consent == withheld",
            "data has pii",
        ],
    ),
    ("@days", &["30", "3", "90"]),
    ("@taste", &["cheapest", "fastest", "south/gamma", "north"]),
    ("@other", &["use_case == c1", "use_case == a1", "team == blue", "consent == withheld and team == red"]),
    ("@promise", &["60", "10", "5"]),
    ("@premise", &["data has pii", "team == blue", "budget.remaining < 10%", "classification == restricted"]),
    ("@leads", &["team == red", "use_case == b1", "budget.remaining < 10%", "consent == withheld"]),
    ("@hops", &["1 hop", "3 hops"]),
    ("@spent", &["team == red", "team == blue", "data has pii"]),
];

const POLICY: &str = "fact consent in {given, withheld} default given
compliance rule memory { when @who require model.retention <= @days days because \"x\" }
cost rule saving { when team == red and @low prefer cheapest because \"x\" }
compliance rule short { when team == blue and @mid forbid model.tier == premium because \"x\" }
compliance rule own { when @own forbid model.provider == north because \"x\" }
preference rule taste { when team == red prefer @taste because \"x\" }
preference rule other { when @other prefer fastest because \"x\" }
failover standard { follow ranking limit @hops because \"x\" }
failover led { when @leads chain north/alpha -> south/gamma overrides standard because \"x\" }
budget money {
  when @spent
  limit 100 usd per month
  at 80% notify \"a@example.com\"
  owner \"a@example.com\"
  escalate \"b@example.com\"
}
guarantee kept { for @premise always model.retention <= @promise days because \"x\" }
guarantee few { always chain.max_cost_multiplier <= 4x because \"x\" }
";

fn files() -> String {
    let mut text = String::from("=== registry/a.yaml\nproviders:\n");
    for (provider, retention, models) in [
        ("north", 30, [("alpha", 1, "2027-01-10"), ("beta", 6, "2029-01-10")]),
        ("south", 3, [("gamma", 2, "2026-12-10"), ("delta", 3, "2029-01-10")]),
    ] {
        let _ = writeln!(
            text,
            "  {provider}:\n    owner: n@example.com\n    data_retention: {retention}-days\n    models:"
        );
        for (name, cost, sunset) in models {
            let tier = if cost > 3 { "premium" } else { "standard" };
            let _ = writeln!(
                text,
                "      - name: {name}\n        tier: {tier}\n        approved_use_cases: [\"*\"]\n        data_classification_max: restricted\n        lifecycle: {{sunset: {sunset}}}\n        latency: {{p95_ms: {}}}\n        cost_per_1m_tokens_input: {cost}\n        cost_per_1m_tokens_output: {cost}",
                9000 / cost
            );
        }
    }
    text += "=== estate/a.yaml\nuse_cases:\n";
    // Those with the same letter are decided alike, as long as nothing names one of them.
    for (name, team, data) in [
        ("a1", "red", "[pii]"),
        ("a2", "red", "[pii]"),
        ("b1", "blue", "[pii]"),
        ("b2", "blue", "[pii]"),
        ("c1", "red", "[]"),
        ("c2", "red", "[]"),
        ("d1", "blue", "[]"),
    ] {
        let _ = writeln!(
            text,
            "  - name: {name}\n    owner: c@example.com\n    team: {team}\n    data: {data}\n    data_classification: internal"
        );
    }
    text + "=== policies/a.gov\n" + POLICY
}

/// Of how many steps something was taken over, and in how many of those some use cases and not all.
fn walk(seed: u64, steps: usize) -> (usize, usize) {
    let folder = bundle::unpack_text(&files());
    let (mut dice, mut memory) = (Dice(seed), Memory::default());
    let mut chosen = vec![0; LINES.len()];
    let text = |chosen: &[usize]| {
        let mut text = POLICY.to_owned();
        for ((name, all), at) in LINES.iter().zip(chosen) {
            text = text.replace(name, all[*at]);
        }
        Texts::from([("policies/a.gov".to_owned(), text)])
    };
    let mut texts = text(&chosen);
    let (workspace, trees, _) = read(folder.path(), &texts, &mut memory, None);
    assert!(workspace.world.is_some(), "{:?}", workspace.findings);
    let (mut now, mut carried): (_, Option<Carried>) = ((workspace, trees), None);
    let (mut some, mut part) = (0, 0);
    for step in 0..steps {
        let decided = carried.as_ref().map_or(0, Carried::decided);
        some += usize::from(decided > 0);
        part += usize::from(decided > 0 && decided < 7);
        let (checked, found) = now.0.check_again(carried.take());
        same(folder.path(), &texts, &checked, &format!("seed {seed}, step {step}: {texts:?}"));
        // Sometimes two places at once, and sometimes nothing but its layout.
        let places = [1, 1, 1, 2, 0][dice.below(5)];
        for _ in 0..places {
            let at = dice.below(LINES.len());
            chosen[at] = dice.below(LINES[at].1.len());
        }
        texts = text(&chosen);
        if dice.below(3) == 0 {
            for text in texts.values_mut() {
                *text = format!("# typed {step}\n{text}");
            }
        }
        let (then, trees, since) = read(folder.path(), &texts, &mut memory, Some(&now));
        assert!(then.world.is_some(), "{:?}", then.findings);
        carried = since.and_then(|since| workspace::carried(checked, &found, &then, &since));
        now = (then, trees);
    }
    (some, part)
}

#[test]
fn what_is_taken_over_by_use_case_is_what_a_fresh_check_makes() {
    let mut all = (0, 0);
    for seed in 1..9 {
        let (some, part) = walk(seed, 90);
        all = (all.0 + some, all.1 + part);
    }
    assert!(all.0 > 400 && all.1 > 200, "what was there was hardly ever taken over: {all:?}");
}
