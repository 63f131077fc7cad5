//! Random workspaces: what `check` says of a guarantee is what trying every context of every use case says.

use std::collections::BTreeSet;

use govctl::decide::reference;
use govctl::model::{Guarantee, World};
use proptest::prelude::*;

use crate::properties::{cases, read};
use crate::worlds::{rolls, workspace};

/// The use cases that break a guarantee in some context. One that has no decision in some context takes part in nothing.
fn breaking(world: &World, guarantee: &Guarantee) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for use_case in &world.use_cases {
        let contexts: Vec<_> = world.contexts(use_case).collect();
        let decided = contexts.iter().map(|context| reference::decide(world, use_case, context));
        let Ok(decisions) = decided.collect::<Result<Vec<_>, _>>() else { continue };
        let is_broken = contexts.iter().zip(&decisions).any(|(context, decision)| {
            reference::premise_holds(world, use_case, context, guarantee)
                && reference::breaks(world, use_case, context, decision, guarantee).is_some()
        });
        if is_broken {
            found.insert(use_case.name.value.clone());
        }
    }
    found
}

/// Guarantees about where requests are processed, which differs between use cases and contexts as nothing else of a model.
fn of_places() -> String {
    let premises = ["", "for use_case == u0 ", "for classification >= confidential "];
    let claims =
        ["model.processed_in has eu", "model.processed_in has us", "residency covers model.processed_in"];
    let all = premises.iter().flat_map(|premise| claims.iter().map(move |claim| (premise, claim)));
    let all = all.enumerate().flat_map(|(at, (premise, claim))| {
        ["always", "never"]
            .map(|word| format!("guarantee place-{word}-{at} {{ {premise}{word} {claim} because \"b\" }}\n"))
    });
    all.collect()
}

/// How many guarantees were compared, and how many of them are broken.
fn compare(rolls: &[u16]) -> Result<(usize, usize), TestCaseError> {
    let mut files = workspace(rolls);
    files[2].1 += &of_places();
    let read = read(&files);
    let checked = read.check();
    let Some(world) = &read.world else { return Err(TestCaseError::fail("no world")) };
    let (mut all, mut broken) = (0, 0);
    for guarantee in &world.guarantees {
        let wanted = breaking(world, guarantee);
        let mut found = checked.findings.iter();
        let found = found
            .find(|one| one.code.0 == "guarantee-violated" && one.primary.span == guarantee.name.span)
            .map(|one| one.use_cases.iter().cloned().collect::<BTreeSet<String>>())
            .unwrap_or_default();
        prop_assert_eq!(&found, &wanted, "{} in\n{}\n{}", guarantee.name.value, files[1].1, files[2].1);
        all += 1;
        broken += usize::from(!wanted.is_empty());
    }
    Ok((all, broken))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 4, failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_guarantee_is_broken_where_some_context_breaks_it(rolls in prop::collection::vec(any::<u16>(), 0..1000)) {
        compare(&rolls)?;
    }
}

#[test]
fn random_guarantees_are_kept_and_broken() {
    let (mut all, mut broken) = (0, 0);
    for seed in 1..=15 {
        let (of_seed, broken_of_seed) = compare(&rolls(seed, 1500)).expect("the property");
        all += of_seed;
        broken += broken_of_seed;
    }
    eprintln!("{broken} of {all} random guarantees are broken");
    assert!(broken >= 10 && broken + 10 <= all, "{broken} of {all}");
}
