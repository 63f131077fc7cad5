//! A lookup allocates nothing: counted here, in a program of its own, because every thread of a program is counted.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::alloc::System;
use std::hint::black_box;

use govctl_table::{Decision, DecisionTable, LoadOptions, Outcome, Request};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const TABLE: &[u8] = include_bytes!("example.table.json");

/// How many allocations something takes: the least of several times, because the program that runs the tests may
/// allocate beside it.
fn allocations(mut run: impl FnMut()) -> usize {
    let count = |_| {
        let region = Region::new(GLOBAL);
        run();
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..10).map(count).min().unwrap_or_default()
}

/// Everything that a gateway reads of an answer.
fn read(decision: &Decision) {
    let after = decision.paths().flat_map(|path| path.targets());
    for target in decision.primary().into_iter().chain(after) {
        black_box((target.model(), target.cost_multiplier(), target.actions(), target.regions()));
    }
    for path in decision.paths() {
        black_box((path.triggers(), path.failover(), path.then()));
    }
    black_box((
        decision.index(),
        decision.outage_path(),
        decision.rules(),
        decision.audit(),
        decision.tags(),
    ));
    black_box((decision.budgets().count(), decision.quotas().count(), decision.classification()));
    black_box(decision.not_understood());
}

#[test]
fn a_lookup_allocates_nothing() {
    let table = DecisionTable::from_slice(TABLE, &LoadOptions::at("2026-11-21")).expect("the example loads");
    let long = "9".repeat(500);
    let first = table.table().use_cases.first().expect("a use case").name.clone();
    let requests = [
        Request::of(&first),
        Request::of("customer-communication"),
        Request::of("support.reply"),
        Request {
            use_case: "customer-communication",
            classification: Some("restricted"),
            budget_remaining: Some("12.5%"),
            budgets: &[("planning-daily", "12.5%"), ("company", "7")],
            facts: &[("tenant", "premium")],
        },
        // What is not understood allocates no more than what is.
        Request::of("no-such-use-case"),
        Request { classification: Some("secret"), ..Request::of("customer-communication") },
        Request { budget_remaining: Some("much"), ..Request::of("customer-communication") },
        Request { budget_remaining: Some(&long), ..Request::of("customer-communication") },
        Request { facts: &[("tenant", "gold")], ..Request::of("customer-communication") },
        Request {
            facts: &[("tenant", "premium"), ("tenant", "premium")],
            ..Request::of("customer-communication")
        },
    ];
    let understood =
        requests.iter().filter(|request| table.decide(request).not_understood().is_none()).count();
    assert_eq!(understood, 5, "the requests are not what they were");
    for request in &requests {
        assert_eq!(allocations(|| read(black_box(&table.decide(request)))), 0, "{request:?}");
        let outcome = |down: &dyn Fn(&str) -> bool| {
            let outcome = table.route(request, |model| down(&model.provider));
            if let Outcome::Route(target) = black_box(outcome) {
                black_box(target.model());
            }
        };
        assert_eq!(allocations(|| outcome(&|_| false)), 0, "{request:?}");
        assert_eq!(allocations(|| outcome(&|provider| provider == "anthropic")), 0, "{request:?}");
        assert_eq!(allocations(|| outcome(&|_| true)), 0, "{request:?}");
    }
    // The counter counts.
    assert!(allocations(|| drop(black_box(vec![1]))) > 0);
}
