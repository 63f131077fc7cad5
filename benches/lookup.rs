//! `cargo bench --bench lookup`: a decision looked up in a loaded table, beside deciding each request anew.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing amiss"
)]

mod measure;
mod requests;
mod world;

use std::alloc::System;
use std::hint::black_box;

use govctl::compile;
use govctl::decide::reference;
use govctl::load;
use govctl::model::{Context, Date, Id};
use govctl::number;
use govctl::table::{DecisionTable, LoadOptions, Request};
use govctl::workspace;
use measure::{Spread, nanoseconds, time};
use requests::Asked;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use world::{AS_OF, Size, World};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REQUESTS: usize = 1 << 12;
const SAMPLES: usize = 101;

fn main() {
    println!("a decision, median of {SAMPLES} samples of {REQUESTS} requests (least to most)\n");
    // Deciding anew is slow, and looking up does not depend on how many use cases there are: the second world is small.
    lookups(Size { use_cases: 1_000, models: 30, rules: 200 });
    lookups(Size { use_cases: 100, models: 2_500, rules: 200 });
}

fn lookups(size: Size) {
    let made = World::new(size);
    let folder = tempfile::tempdir().expect("a folder");
    made.write(folder.path()).expect("the world is written");
    let as_of: Date = AS_OF.parse().expect("a day");
    let read = workspace::read(load::load(folder.path()).expect("the world is read"), as_of);
    let verified = read.check().verified(&read).expect("the world has no error");
    let text = compile::compile(&verified).to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::at(AS_OF)).expect("the table loads");
    let asked = requests::requests(&made, REQUESTS);

    println!("{} use cases × {} models × {} rules", size.use_cases, size.models, size.rules);
    let data = table.table();
    let cells: usize = data.use_cases.iter().map(|use_case| use_case.cells.len()).sum();
    println!("  table: {} bytes, {cells} cells, {} distinct decisions", text.len(), data.decisions.len());
    let full = lookup(&table, "everything stated", &asked.iter().map(whole).collect::<Vec<_>>());
    lookup(
        &table,
        "use case alone",
        &asked.iter().map(|asked| Request::of(&asked.use_case)).collect::<Vec<_>>(),
    );
    let naive = anew(verified.world(), &asked, &table);
    println!("  decided anew: {}; {:.0} times the lookup", naive.shown(), naive.middle / full.middle);
    println!("  loading the table: {}\n", loading(&text).shown());
}

fn whole(asked: &Asked) -> Request<'_> {
    Request {
        use_case: &asked.use_case,
        classification: Some(asked.classification),
        budget_remaining: Some(&asked.budget_remaining),
        budgets: &[],
        facts: &asked.facts,
    }
}

fn lookup(table: &DecisionTable, what: &str, requests: &[Request<'_>]) -> Spread {
    let pass = || {
        for request in requests {
            black_box(table.decide(black_box(request)).primary());
        }
    };
    let region = Region::new(ALLOCATOR);
    pass();
    let allocations = region.change().allocations;
    let spread = time(SAMPLES, 1, pass).over(requests.len());
    println!("  lookup, {what}: {}; {allocations} allocations in {}", spread.shown(), requests.len());
    assert!(allocations == 0, "a lookup allocates");
    spread
}

/// The plain way: every gate and rule of every model, for each request; the request is understood before the clock runs.
fn anew(world: &govctl::model::World, asked: &[Asked], table: &DecisionTable) -> Spread {
    let few: Vec<_> = asked.iter().take(if world.models.len() > 100 { 16 } else { 256 }).collect();
    let contexts: Vec<_> = few
        .iter()
        .map(|asked| {
            let use_case = world.use_cases.iter().find(|use_case| use_case.name.value == asked.use_case);
            let use_case = use_case.expect("a use case");
            let facts = world.facts.iter().map(|fact| {
                let stated = asked.facts.iter().find(|(name, _)| *name == fact.name);
                let value = stated.map(|(_, value)| *value);
                fact.values.position(|known| Some(known.as_str()) == value).unwrap_or(fact.default)
            });
            let budget = number::parse_decimal(&asked.budget_remaining).expect("a decimal");
            (
                use_case,
                Context {
                    classification: Id::new(asked.level),
                    budget,
                    facts: facts.collect(),
                    ..world.baseline(use_case)
                },
            )
        })
        .collect();
    for (asked, (use_case, context)) in few.iter().zip(&contexts) {
        let wanted = reference::decide(world, use_case, context).expect("a decision");
        let wanted: Vec<&str> = wanted.chain().into_iter().map(|id| world.models[id].id.as_str()).collect();
        let found = table.decide(&whole(asked));
        let after = found.outage_path().into_iter().flat_map(|path| path.targets());
        let found = found.primary().into_iter().chain(after).map(|target| target.model().id.as_str());
        assert!(found.eq(wanted), "not the same question");
    }
    let pass = || {
        for (use_case, context) in &contexts {
            black_box(reference::decide(world, use_case, black_box(context)).ok());
        }
    };
    let region = Region::new(ALLOCATOR);
    pass();
    let allocations = region.change().allocations / contexts.len();
    let spread = time(5, 1, pass).over(contexts.len());
    println!("  ({allocations} allocations and {} to decide anew)", nanoseconds(spread.middle));
    spread
}

fn loading(text: &str) -> Spread {
    time(11, 1, || {
        black_box(DecisionTable::from_slice(text.as_bytes(), &LoadOptions::at(AS_OF)).is_ok());
    })
}
