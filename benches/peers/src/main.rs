//! `cargo run --release` in `benches/peers/`: one question, asked of govctl's table and of other policy engines.
//!
//! Two numbers as arguments choose how many use cases and models; without, a small and a large world are measured.

mod cedar;
#[path = "../../measure.rs"]
mod measure;
mod question;
mod rego;
#[path = "../../requests.rs"]
mod requests;
mod start;
#[path = "../../world/mod.rs"]
mod world;

use std::alloc::System;
use std::hint::black_box;

use govctl::compile;
use govctl::model::Date;
use govctl::load;
use govctl::table::{DecisionTable, LoadOptions, Request};
use govctl::workspace;
use measure::{Spread, time};
use question::Question;
use rego::Rego;
use requests::Asked;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use world::{AS_OF, Size, World, policies, rules};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REQUESTS: usize = 1 << 12;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, what] = arguments.as_slice()
        && flag == "--only"
    {
        return start::only(what);
    }
    start::measure();
    let arguments: Vec<usize> = arguments.iter().filter_map(|number| number.parse().ok()).collect();
    let sizes = match arguments.as_slice() {
        [use_cases, models] => vec![(*use_cases, *models)],
        _ => vec![(1_000, 30), (200, 2_500)],
    };
    for (use_cases, models) in sizes {
        ask(Size { use_cases, models, rules: 6 });
    }
}

/// Asks everybody about a world of a size.
fn ask(size: Size) {
    let mut made = World::new(size);
    made.files.retain(|(path, _)| !path.starts_with("policies/"));
    let policy = format!("{}{}", rules::ALWAYS, question::POLICY);
    made.files.push(("policies/routing.gov".to_owned(), policy));
    made.files.push(("policies/vocabulary.gov".to_owned(), policies::VOCABULARY.to_owned()));
    let question = Question::new(&made);
    let asked = requests::requests(&made, REQUESTS);
    println!("\n{} use cases × {} models; a question, median (least to most)\n", size.use_cases, size.models);

    let table = table(&made);
    let ours = lookup(&table, &asked);
    // The slower a peer, the fewer questions: each takes a second or two.
    let some = |count: usize| &asked[..count];
    let few = some(if size.models > 100 { 24 } else { 512 });
    let answers: Vec<Vec<String>> = asked.iter().map(|asked| answer(&table, asked)).collect();
    let row = |name: &str, asked: &[Asked], answer: &mut dyn FnMut(&Asked) -> Vec<String>| {
        peer(name, asked, &answers, &ours, answer);
    };
    row("a loop by hand, bit masks", &asked, &mut |asked| owned(question.by_hand(asked)));
    for (name, policies) in
        [("cedar, one permit", cedar::ONE_PERMIT), ("cedar, permit and forbids", cedar::FORBIDS)]
    {
        let cedar = cedar::Cedar::new(&question, policies);
        row(name, few, &mut |asked| owned(cedar.answer(asked)));
    }
    for (how, policy) in [("natural", rego::NATURAL), ("tuned", rego::TUNED)] {
        let mut interpreter = Rego::interpreter(&question, policy);
        row(&format!("regorus interpreter, {how}"), few, &mut |asked| interpreter.answer(asked));
        match Rego::machine(&question, policy) {
            Ok(mut machine) => {
                row(&format!("regorus machine, {how}"), few, &mut |asked| machine.answer(asked))
            }
            Err(error) => println!("  regorus machine, {how}: does not compile: {error}"),
        }
    }
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

fn table(made: &World) -> DecisionTable {
    let folder = std::env::temp_dir().join(format!("govctl-peers-{}", std::process::id()));
    made.write(&folder).expect("the world is written");
    let as_of: Date = AS_OF.parse().expect("a day");
    let read = workspace::read(load::load(&folder).expect("the world is read"), as_of);
    std::fs::remove_dir_all(&folder).expect("the world is removed");
    let checked = read.check();
    let error = checked.findings.iter().find(|finding| finding.severity == govctl::diag::Severity::Error);
    assert!(error.is_none(), "{error:?}");
    let text = compile::compile(&checked.verified(&read).expect("no error")).to_canonical_json();
    DecisionTable::from_slice(text.as_bytes(), &LoadOptions::at(AS_OF)).expect("the table loads")
}

fn request(asked: &Asked) -> Request<'_> {
    Request {
        use_case: &asked.use_case,
        classification: Some(asked.classification),
        budget_remaining: Some(&asked.budget_remaining),
        budgets: &[],
        facts: &asked.facts,
    }
}

fn answer(table: &DecisionTable, asked: &Asked) -> Vec<String> {
    let decision = table.decide(&request(asked));
    let after = decision.outage_path().into_iter().flat_map(|path| path.targets());
    decision.primary().into_iter().chain(after).map(|target| target.model().id.clone()).collect()
}

/// Our own lookup: nanoseconds a decision.
fn lookup(table: &DecisionTable, asked: &[Asked]) -> Spread {
    let requests: Vec<Request<'_>> = asked.iter().map(request).collect();
    let pass = || {
        for request in &requests {
            let decision = table.decide(black_box(request));
            let after = decision.outage_path().into_iter().flat_map(|path| path.targets());
            decision.primary().into_iter().chain(after).for_each(|target| {
                black_box(target.model());
            });
        }
    };
    let region = Region::new(ALLOCATOR);
    pass();
    let allocations = region.change().allocations;
    let spread = time(101, 1, pass).over(requests.len());
    println!("  {:<32} {}; {allocations} allocations in {}", "govctl, table", spread.shown(), requests.len());
    spread
}

/// One peer: how many answers are ours, how long a question takes, and how many lookups fit into that time.
fn peer(
    name: &str,
    asked: &[Asked],
    answers: &[Vec<String>],
    ours: &Spread,
    answer: &mut dyn FnMut(&Asked) -> Vec<String>,
) {
    let region = Region::new(ALLOCATOR);
    let found: Vec<Vec<String>> = asked.iter().map(&mut *answer).collect();
    let allocations = region.change().allocations / asked.len();
    let right = found.iter().zip(answers).filter(|(found, wanted)| found == wanted).count();
    let spread = time(9, 1, || {
        for asked in asked {
            black_box(answer(black_box(asked)));
        }
    })
    .over(asked.len());
    let ratio = spread.middle / ours.middle;
    let right = if right == asked.len() {
        "all right".to_owned()
    } else {
        format!("{right} of {} right", asked.len())
    };
    println!("  {name:<32} {}; {right}; {allocations} allocations; {ratio:.0} × the lookup", spread.shown());
}
