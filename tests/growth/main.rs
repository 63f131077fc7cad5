//! How what is done grows with each dimension of a workspace alone: four times as much of something may take little more
//! than four times as many allocations, bytes and steps.
//!
//! Counted, never timed: the same on every machine and under any load. A program of its own, because every thread of a
//! program is counted.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod differences;
mod dimensions;
mod imports;
mod text;

use std::alloc::System;
use std::fs;
use std::sync::{Mutex, PoisonError};

use govctl::render::{Counts, json};
use govctl::{compile, load, testing, work, workspace};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tempfile::TempDir;

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A workspace as its files.
type Files = Vec<(&'static str, String)>;

/// Four times as much may take so many times as much: 4 to the power of 1.2.
const MOST: f64 = 5.28;

/// What something took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    allocations: f64,
    bytes: f64,
    steps: f64,
}

/// Reads, checks, compiles and tests a workspace, and writes down what is found.
fn cost(files: &Files) -> Cost {
    let folder = written(files);
    let counted = Counted::new();
    let loaded = load::load(folder.path()).expect("a workspace");
    let workspace = workspace::read(loaded, "2026-11-21".parse().expect("a day"));
    let checked = workspace.check();
    let counts = Counts { use_cases: 0, models: 0, contexts: checked.contexts };
    let mut written = json::render(&workspace.sources, &checked.findings, counts).len();
    if let Some(survey) = &checked.survey {
        written += testing::run(survey, |_| true).len();
    }
    if let Some(verified) = checked.verified(&workspace) {
        written += compile::compile(&verified).to_canonical_json().len();
    }
    assert!(written > 0);
    counted.cost()
}

/// A workspace on disk.
fn written(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

/// What is counted from now on.
struct Counted {
    region: Region<'static, System>,
    steps: u64,
}

impl Counted {
    fn new() -> Self {
        Self { region: Region::new(GLOBAL), steps: work::steps() }
    }

    fn cost(&self) -> Cost {
        let change = self.region.change();
        Cost {
            allocations: number(change.allocations + change.reallocations),
            bytes: number(change.bytes_allocated),
            steps: number(usize::try_from(work::steps() - self.steps).expect("few steps")),
        }
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a small workspace"))
}

/// Only one is counted at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// What `n` and `4 n` of something take to check, beside what nearly none takes.
#[track_caller]
fn grows(name: &str, n: usize, files: fn(usize) -> Files) {
    measured(name, n, |n| cost(&files(n)));
}

/// What `n` and `4 n` of something take, beside what nearly none takes.
#[track_caller]
fn measured(name: &str, n: usize, cost: impl Fn(usize) -> Cost) {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Tables and schemas that are made once are made before.
    cost(2);
    let [none, few, many] = [2, n, 4 * n].map(cost);
    drop(alone);
    let ratio = |of: fn(&Cost) -> f64, least: f64| {
        let few = (of(&few) - of(&none)).max(least);
        (of(&many) - of(&none)) / few
    };
    let ratios = [
        ("allocations", ratio(|cost| cost.allocations, 200.0)),
        ("bytes", ratio(|cost| cost.bytes, 100_000.0)),
        ("steps", ratio(|cost| cost.steps, 2_000.0)),
    ];
    for (what, ratio) in ratios {
        assert!(
            ratio <= MOST,
            "{name}: four times as much takes {ratio:.2} times the {what}: {few:?} {many:?}"
        );
    }
}
