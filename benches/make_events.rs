//! Writes events for a table: `cargo run --release --example events -- TABLE COUNT [WRONG_ONCE_IN]`, lines on stdout.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a tool of the benchmarks"
)]

mod events;

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(table), Some(Ok(count))) =
        (arguments.first(), arguments.get(1).map(|count| count.parse::<usize>()))
    else {
        eprintln!("usage: events TABLE COUNT [WRONG_ONCE_IN]");
        return ExitCode::from(2);
    };
    let wrong_once_in: Option<usize> = arguments.get(2).and_then(|number| number.parse().ok());
    let text = std::fs::read_to_string(table).expect("the table is read");
    let mut maker = events::Maker::new(&text, 1);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for number in 1..=count {
        let wrong = wrong_once_in.filter(|once_in| number % once_in == 0);
        let kind = wrong.map(|once_in| events::PLANTED[number / once_in % events::PLANTED.len()]);
        let event = kind.and_then(|kind| maker.planted(kind)).unwrap_or_else(|| maker.clean());
        writeln!(out, "{}", serde_json::Value::Object(event)).expect("a line is written");
    }
    ExitCode::SUCCESS
}
