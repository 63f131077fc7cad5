//! Writes a world of the benchmarks: `cargo run --example generate -- DIR USE_CASES MODELS CHECKS [--every-clause]`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a tool of the benchmarks"
)]

mod world;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let every_clause = arguments.pop_if(|last| last == "--every-clause").is_some();
    let [folder, use_cases, models, rules] = arguments.as_slice() else {
        eprintln!("usage: generate DIR USE_CASES MODELS CHECKS [--every-clause]");
        return ExitCode::from(2);
    };
    let (Ok(use_cases), Ok(models), Ok(rules)) = (use_cases.parse(), models.parse(), rules.parse()) else {
        eprintln!("USE_CASES, MODELS and CHECKS are whole numbers");
        return ExitCode::from(2);
    };
    let size = world::Size { use_cases, models, rules };
    let made = if every_clause { world::World::with_every_clause(size) } else { world::World::new(size) };
    if let Err(error) = made.write(Path::new(folder)) {
        eprintln!("cannot write `{folder}`: {error}");
        return ExitCode::from(2);
    }
    println!("{} files, {} bytes; check them with --as-of {}", made.files.len(), made.bytes(), world::AS_OF);
    ExitCode::SUCCESS
}
