//! Random workspaces: checking never panics, and what compiles decides as the reference does, everywhere.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use govctl::compile;
use govctl::decide::reference::{self, Reading};
use govctl::decide::{outage, show};
use govctl::load;
use govctl::model::{Context, Date, UseCase, World};
use govctl::number;
use govctl::table::{DecisionTable, LoadOptions, Request, Target};
use govctl::workspace::{self, Workspace};
use proptest::prelude::*;

use crate::bundle;
use crate::worlds::{Dice, rolls, workspace};

pub(crate) fn read(files: &[(&str, String)]) -> Workspace {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("write");
    }
    let as_of: Date = bundle::AS_OF.parse().expect("a day");
    workspace::read(load::load(folder.path()).expect("the workspace"), as_of)
}

/// What a table and the reference each say of one request, as comparable text.
fn compare(
    table: &DecisionTable,
    world: &World,
    use_case: &UseCase,
    context: &Context,
) -> Result<(), TestCaseError> {
    let wanted = reference::decide(world, use_case, context).expect("no error was found");
    let shown = world.show_context(context);
    let of_budget = |name: &str| name.strip_prefix("budget.")?.strip_suffix(".remaining").map(str::to_owned);
    let (budgets, facts): (Vec<_>, Vec<_>) =
        shown.iter().skip(2).partition(|(name, _)| of_budget(name).is_some());
    let budgets: Vec<(String, String)> = budgets
        .into_iter()
        .filter_map(|(name, value)| Some((of_budget(name)?, value.trim_end_matches('%').to_owned())))
        .collect();
    let budgets: Vec<(&str, &str)> =
        budgets.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let facts: Vec<(&str, &str)> =
        facts.into_iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let budget = number::exact(&context.budget);
    let found = table.decide(&Request {
        use_case: &use_case.name.value,
        classification: Some(&shown[0].1),
        budget_remaining: Some(&budget),
        budgets: &budgets,
        facts: &facts,
    });
    let after = found.outage_path().into_iter().flat_map(|path| path.targets());
    let targets: Vec<Target> = found.primary().into_iter().chain(after).collect();
    let ids: Vec<&str> = targets.iter().map(|target| target.model().id.as_str()).collect();
    let wanted_ids: Vec<&str> =
        wanted.chain().into_iter().map(|model| world.models[model].id.as_str()).collect();
    prop_assert_eq!(ids, wanted_ids, "targets of {} in {:?}", use_case.name.value, shown);
    let multipliers: Vec<&str> = targets.iter().map(Target::cost_multiplier).collect();
    let wanted_multipliers: Vec<String> =
        wanted.chain_targets().iter().map(|target| show::multiplier(&target.multiplier)).collect();
    prop_assert_eq!(multipliers, wanted_multipliers);
    let rules: Vec<&str> = wanted.rules.iter().map(|id| world.rules[*id].name.value.as_str()).collect();
    prop_assert_eq!(found.rules(), rules, "rules of {} in {:?}", use_case.name.value, shown);
    let path = found.outage_path();
    let failover = wanted.outage_path().map(|path| world.failovers[path.failover].name.value.clone());
    prop_assert_eq!(path.and_then(|path| path.failover()).map(|failover| failover.name.clone()), failover);
    let then = path.map_or("block", |path| path.then().name());
    prop_assert_eq!(then, outage::terminal(world, &wanted, None).kind().name());
    Ok(())
}

/// Values of `budget.remaining` at, just beside and between everything that a condition may name.
pub(crate) fn budgets() -> impl Iterator<Item = String> {
    let thresholds = ["0", "12.5", "20", "33.3333", "40", "50", "80", "100"];
    let beside =
        ["0.0001", "12.4999", "12.5001", "19.9999", "20.0001", "33.33329", "33.33331", "39", "41", "99.9999"];
    thresholds.into_iter().chain(beside).map(str::to_owned)
}

static COMPILED: AtomicUsize = AtomicUsize::new(0);
static ALL: AtomicUsize = AtomicUsize::new(0);

fn holds(rolls: &[u16]) -> Result<(), TestCaseError> {
    let files = workspace(rolls);
    let read_workspace = read(&files);
    let checked = read_workspace.check();
    ALL.fetch_add(1, Ordering::Relaxed);
    // The generator writes what fits: only what the policy means may be wrong, never its form.
    let form = ["syntax", "schema", "unknown-name", "duplicate-name", "duplicate-clause", "type-mismatch"];
    let broken = checked.findings.iter().find(|finding| form.contains(&finding.code.0));
    prop_assert!(broken.is_none(), "{:?}\n{}", broken, files[2].1);
    let Some(world) = &read_workspace.world else { return Err(TestCaseError::fail("no world")) };
    let Some(verified) = checked.verified(&read_workspace) else { return Ok(()) };
    COMPILED.fetch_add(1, Ordering::Relaxed);
    let text = compile::compile(&verified).to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default());
    let table = table.map_err(|error| TestCaseError::fail(format!("{error}")))?;
    let difference = compile::verify::verify(&table, &verified);
    prop_assert!(difference.is_ok(), "{:?}", difference);
    for use_case in &world.use_cases {
        for context in world.contexts(use_case) {
            compare(&table, world, use_case, &context)?;
        }
        for budget in budgets() {
            let budget = number::parse_decimal(&budget).expect("a decimal");
            compare(&table, world, use_case, &Context { budget, ..world.baseline(use_case) })?;
        }
    }
    // Compiled again from the same bytes it is the same, and so it is with the statements in another order.
    let again = read(&files);
    let again =
        again.check().verified(&again).map(|verified| compile::compile(&verified).to_canonical_json());
    prop_assert_eq!(Some(&text), again.as_ref());
    Ok(())
}

/// The eligible models of every use case in every context.
fn eligible(workspace: &Workspace) -> Option<Vec<(String, Vec<String>)>> {
    let world = workspace.world.as_ref()?;
    let mut all = Vec::new();
    for use_case in &world.use_cases {
        for context in world.contexts(use_case) {
            let out = Reading::of(world, use_case, &context).removed();
            let left = world.models.ids().filter(|model| out.iter().all(|removed| removed.model != *model));
            let left = left.map(|model| world.models[model].id.clone()).collect();
            all.push((format!("{} {:?}", use_case.name.value, world.show_context(&context)), left));
        }
    }
    Some(all)
}

/// Few enough that `cargo test` stays quick; `PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000` looks elsewhere.
pub(crate) fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_compiles_decides_as_the_reference_does(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        holds(&rolls)?;
    }

    /// A reader can add any `require` without making routing less safe.
    #[test]
    fn a_promise_only_ever_narrows(rolls in prop::collection::vec(any::<u16>(), 0..400), more in prop::collection::vec(any::<u16>(), 8)) {
        let mut files = workspace(&rolls);
        let before = eligible(&read(&files));
        let dice = &mut Dice::new(&more);
        let word = dice.pick(&["require", "forbid"]);
        // About the candidate alone: another threshold would make other contexts.
        let promise = ["model.hosting == cloud", "model.trains_on_data", "model.cost < 5 usd per 1m tokens", "not model.compliance has soc2"][dice.roll(4)];
        let _ = writeln!(files[2].1, "preference rule one-more {{ {word} {promise} because \"b\" }}");
        let after = eligible(&read(&files));
        prop_assert_eq!(before.is_some(), after.is_some());
        for ((place, before), (other, after)) in before.into_iter().flatten().zip(after.into_iter().flatten()) {
            prop_assert_eq!(&place, &other);
            prop_assert!(after.iter().all(|model| before.contains(model)), "{}: {:?} became {:?}", place, before, after);
        }
    }

    /// A reader can delete any wish without making routing less safe; the order of statements does not matter.
    #[test]
    fn wishes_and_the_order_of_statements_admit_no_model(rolls in prop::collection::vec(any::<u16>(), 0..400)) {
        let files = workspace(&rolls);
        let before = eligible(&read(&files));
        let mut bare = files.clone();
        bare[2].1 = bare[2].1.replace("prefer cheapest ", "").replace("prefer fastest ", "").replace("prefer most-available ", "");
        prop_assert_eq!(&before, &eligible(&read(&bare)));
        let mut turned = files.clone();
        turned[2].1 = files[2].1.lines().rev().map(|line| format!("{line}\n")).collect();
        let turned = read(&turned);
        prop_assert_eq!(&before, &eligible(&turned));
        let read_files = read(&files);
        let one = read_files.check().verified(&read_files).map(|verified| compile::compile(&verified).decisions);
        let other = turned.check().verified(&turned).map(|verified| compile::compile(&verified).decisions);
        prop_assert_eq!(one, other);
    }

    /// Whatever stands in the files, reading and checking them end.
    #[test]
    fn words_of_the_language_in_any_order_are_survived(words in prop::collection::vec(any::<u16>(), 0..60)) {
        const WORDS: [&str; 40] = [
            "rule", "cost", "compliance", "failover", "test", "guarantee", "budget", "quota", "audit", "fact", "a", "b", "{", "}",
            "when", "require", "prefer", "where", "chain", "->", "follow", "ranking", "none", "then", "queue", "for", "5", "%",
            "classification", "==", "not", "and", "(", ")", "[", ",", "\"x\"", "given", "expect", "# c\n",
        ];
        let text: Vec<&str> = words.iter().map(|word| WORDS[usize::from(*word) % WORDS.len()]).collect();
        let mut files = workspace(&[]);
        files[2].1 = text.join(" ");
        let workspace = read(&files);
        let checked = workspace.check();
        prop_assert!(workspace.world.is_some() || checked.has_errors());
    }
}

#[test]
fn the_generator_makes_workspaces_that_compile() {
    // The plainest one does, and of random ones a good part: else the properties above would say nothing.
    for seed in 1..=40 {
        holds(&rolls(seed, 400)).expect("the property");
    }
    let (compiled, all) = (COMPILED.load(Ordering::Relaxed), ALL.load(Ordering::Relaxed));
    eprintln!("{compiled} of {all} random workspaces compile");
    assert!(compiled * 6 >= all, "only {compiled} of {all} compile");
}
