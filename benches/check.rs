//! `cargo bench --bench check`: a check in phases, each in a process of its own, so that its memory can be told.
//!
//! `-- --sizes 100,1000` chooses how many use cases, `--large` adds 100,000, `--models` and `--rules` the rest.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing amiss"
)]

mod measure;
mod world;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use govctl::load::{self, Loaded};
use govctl::model::Date;
use govctl::source::FileKind;
use govctl::{workspace, yaml};
use measure::{Spread, count, peak_memory, spread};
use world::{AS_OF, Size, World};

/// What a process of its own does.
const PHASES: [&str; 4] = ["nothing", "yaml", "read", "check"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, phase, folder] = arguments.as_slice()
        && flag == "--phase"
    {
        return alone(phase, Path::new(folder));
    }
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let number = |name: &str, default| value(name).map_or(default, |text| text.parse().expect("a number"));
    let sizes = value("--sizes").map_or("100,1000,10000", String::as_str);
    let mut sizes: Vec<usize> = sizes.split(',').map(|size| size.parse().expect("a number")).collect();
    if arguments.iter().any(|argument| argument == "--large") {
        sizes.push(100_000);
    }
    small();
    let mut before = None;
    for use_cases in sizes {
        let size = Size { use_cases, models: number("--models", 2_500), rules: number("--rules", 200) };
        let whole = check(size);
        if let Some((fewer, time)) = before {
            let (more, longer) = (count(use_cases) / count(fewer), whole / time);
            println!("  {more:.1} times the use cases take {longer:.1} times the time\n");
        }
        before = Some((use_cases, whole));
    }
}

/// From start to exit of the program, on a small example and on one of the size of a company, beside a program that does nothing.
fn small() {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/logistics");
    let company = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/enterprise");
    println!("start to exit, median of 200 processes (least to most)\n");
    let timed = |name: &str, program: &str, arguments: &[&str]| {
        let one = |_| {
            let mut command = Command::new(program);
            command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
            let start = Instant::now();
            command.status().expect("the program runs");
            start.elapsed().as_secs_f64() * 1e9
        };
        println!("  {name:<28} {}", spread((0..200).map(one).collect()).shown());
    };
    let govctl = env!("CARGO_BIN_EXE_govctl");
    timed("a program that does nothing", "/bin/true", &[]);
    timed("govctl --version", govctl, &["--version"]);
    timed("govctl check, small example", govctl, &["check", small, "--as-of", AS_OF]);
    timed("govctl check, enterprise", govctl, &["check", company, "--as-of", AS_OF]);
    println!();
}

/// Every phase on one world; gives the time of the whole check.
fn check(size: Size) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let made = World::new(size);
    made.write(folder.path()).expect("the world is written");
    let yaml_files = made.files.iter().filter(|(path, _)| !path.starts_with("policies/"));
    let yaml: usize = yaml_files.map(|(_, text)| text.len()).sum();
    let bytes = made.bytes();
    drop(made);
    println!(
        "{} use cases × {} models × {} rules: {:.1} MB, of it {:.1} MB of YAML",
        size.use_cases,
        size.models,
        size.rules,
        count(bytes) / 1e6,
        count(yaml) / 1e6
    );
    let measured: Vec<(Spread, usize)> = PHASES.iter().map(|phase| phase_of(phase, folder.path())).collect();
    let nothing = measured[0].1;
    for (phase, (time, memory)) in PHASES.iter().zip(&measured).skip(1) {
        let over = count(memory.saturating_sub(nothing)) / count(bytes);
        let memory = count(*memory) / f64::from(1 << 20);
        println!(
            "  {phase:<6} {:<40} {:>5.1} × yaml, {:>6.1} MB/s, peak {memory:.0} MiB: {over:.1} × the bytes read",
            time.shown(),
            time.middle / measured[1].0.middle,
            count(bytes) / 1e6 / (time.middle / 1e9),
        );
    }
    println!();
    measured[3].0.middle
}

/// Runs a phase in processes of its own: its time, and the most memory of any of them.
fn phase_of(phase: &str, folder: &Path) -> (Spread, usize) {
    let (mut times, mut most) = (Vec::new(), 0);
    let start = Instant::now();
    // Five samples, or as many as fit into a minute.
    while times.len() < 5 && (times.is_empty() || start.elapsed().as_secs() < 60) {
        let program = std::env::current_exe().expect("this program");
        let output =
            Command::new(program).args(["--phase", phase]).arg(folder).output().expect("it runs again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut words = text.split_whitespace();
        let time: f64 = words.next().and_then(|word| word.parse().ok()).expect("a time");
        let memory: usize = words.next().and_then(|word| word.parse().ok()).expect("bytes");
        times.push(time);
        most = most.max(memory);
    }
    (spread(times), most)
}

/// One phase: prints nanoseconds and the most memory in bytes. The files are read from disk before the clock runs.
fn alone(phase: &str, folder: &Path) {
    let as_of: Date = AS_OF.parse().expect("a day");
    if phase == "nothing" {
        println!("0 {}", peak_memory());
        return;
    }
    let loaded = load::load(folder).expect("the world is read");
    let start = Instant::now();
    match phase {
        "yaml" => parse(&loaded),
        "read" => {
            black_box(workspace::read(loaded, as_of).world.is_some());
        }
        _ => {
            let read = workspace::read(loaded, as_of);
            let checked = read.check();
            assert!(!checked.has_errors(), "the world has an error");
            black_box(&checked.findings);
        }
    }
    println!("{} {}", start.elapsed().as_secs_f64() * 1e9, peak_memory());
}

/// The YAML alone, file by file; nothing is kept.
fn parse(loaded: &Loaded) {
    for kind in [FileKind::Registry, FileKind::Estate] {
        for (id, file) in loaded.sources.of_kind(kind) {
            black_box(yaml::parse(id, &file.text).0.is_some());
        }
    }
}
