//! How fast events are read and judged: `cargo bench --bench audit`, one core.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints what it measures and stops at what is amiss"
)]

mod events;
mod measure;

use std::hint::black_box;

use govctl::audit::names::Registry;
use govctl::audit::tables::{Known, Tables};
use govctl::audit::{Auditor, decide};
use govctl::event::{Event, adapters, json};
use govctl::table::{DecisionTable, LoadOptions};
use measure::time;

/// The table that the events are of.
const TABLE: &str = include_str!("../conformance/tables/logistics.json");

const EVENTS: usize = 20_000;
const ROUNDS: usize = 15;

/// The median of some rounds, in seconds.
fn median(round: impl FnMut()) -> f64 {
    time(ROUNDS, 1, round).middle / 1e9
}

fn main() {
    let mut maker = events::Maker::new(TABLE, 1);
    let lines: Vec<Vec<u8>> =
        (0..EVENTS).map(|_| serde_json::Value::Object(maker.clean()).to_string().into_bytes()).collect();
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let table = DecisionTable::from_slice(TABLE.as_bytes(), &LoadOptions::default()).expect("a table");
    let known = Known::new(table, &Registry::default());
    let auditor = Auditor::new(Tables::new(vec![known]), "2026-11-21".to_owned());
    let states = adapters::OWN.states;
    let read: Vec<Event<'_>> = lines.iter().map(|line| json::read(line).expect("an event")).collect();
    let reading = median(|| {
        for line in &lines {
            black_box(json::read(line).expect("an event"));
        }
    });
    let known = auditor.tables().all().first().expect("a table");
    let deciding = median(|| {
        for event in &read {
            black_box(decide(known, event).index());
        }
    });
    let judging = median(|| {
        for event in &read {
            black_box(auditor.judge(event, states, &mut |kind, _| panic_on(kind.code())));
        }
    });
    let million = |seconds: f64| EVENTS as f64 / seconds / 1e6;
    println!("{EVENTS} events of {} bytes on average, {ROUNDS} rounds, medians", bytes / EVENTS);
    println!("read    {:7.2} million a second, {:.0} MB/s", million(reading), bytes as f64 / reading / 1e6);
    println!("decided {:7.2} million a second", million(deciding));
    println!("judged  {:7.2} million a second, with everything that `audit` asks", million(judging));
}

#[expect(clippy::panic, reason = "the events are clean")]
fn panic_on(code: &str) {
    panic!("a clean event has {code}");
}
