//! Measuring: the middle of many samples and how far they spread, allocations, and the memory of a process.
//!
//! A harness of our own, for three reasons: what must be reached are ratios within one run, allocations are counted
//! beside the time, and memory and start are measured on processes.

#![allow(dead_code, unreachable_pub, reason = "each program that includes this file uses a part of it")]

use std::time::Instant;

/// Samples of one thing, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub least: f64,
    pub middle: f64,
    pub most: f64,
}

/// Times something so many times, each sample so many rounds of it; nanoseconds a round.
pub fn time(samples: usize, rounds: usize, mut what: impl FnMut()) -> Spread {
    // Once before, so that caches and branches know it.
    (0..rounds).for_each(|_| what());
    let sample = |_| {
        let start = Instant::now();
        (0..rounds).for_each(|_| what());
        start.elapsed().as_secs_f64() * 1e9 / count(rounds)
    };
    spread((0..samples.max(1)).map(sample).collect())
}

/// Least, middle and most of some samples.
pub fn spread(mut samples: Vec<f64>) -> Spread {
    samples.sort_by(f64::total_cmp);
    let at = |position: usize| samples.get(position).copied().unwrap_or(f64::NAN);
    Spread { least: at(0), middle: at(samples.len() / 2), most: at(samples.len().saturating_sub(1)) }
}

impl Spread {
    /// The same of something that is so many times as much.
    #[must_use]
    pub fn over(self, parts: usize) -> Self {
        let by = count(parts);
        Self { least: self.least / by, middle: self.middle / by, most: self.most / by }
    }

    /// The middle, and in brackets least and most.
    pub fn shown(&self) -> String {
        format!("{} ({} to {})", nanoseconds(self.middle), nanoseconds(self.least), nanoseconds(self.most))
    }
}

/// A time in a unit that people read.
pub fn nanoseconds(time: f64) -> String {
    match time {
        t if t < 1e3 => format!("{t:.1} ns"),
        t if t < 1e6 => format!("{:.2} µs", t / 1e3),
        t if t < 1e9 => format!("{:.2} ms", t / 1e6),
        t => format!("{:.2} s", t / 1e9),
    }
}

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "no count here is near 2^52")]
pub fn count(of: usize) -> f64 {
    of as f64
}

/// The most memory that this process has had, in bytes; 0 where the system does not say.
pub fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kibibytes.unwrap_or(0) * 1024
}
