//! What is being done, on a terminal, for whatever takes longer than a second; a pipe hears nothing.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::terminal;
use crate::render::human::thousands;
use crate::workspace::Progress;

/// What is quicker shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const REPAINT: Duration = Duration::from_millis(100);
/// To the start of the line, and all of it blank.
const CLEAR: &str = "\r\x1b[2K";

/// Shows what is being done until it is dropped, which must be before anything else is written.
pub(super) struct ProgressLine {
    shown: Option<(Arc<Shared>, JoinHandle<()>)>,
}

struct Shared {
    step: Mutex<Step>,
    over: Condvar,
    done: AtomicUsize,
}

/// What is being done, and how often in all; 0 where that is not known.
struct Step {
    what: &'static str,
    of: usize,
    is_over: bool,
}

impl ProgressLine {
    /// Begins with something that is being done.
    pub(super) fn of(what: &'static str) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if dumb || !stderr().is_terminal() {
            return Self { shown: None };
        }
        let step = Mutex::new(Step { what, of: 0, is_over: false });
        let shared = Arc::new(Shared { step, over: Condvar::new(), done: AtomicUsize::new(0) });
        let painted = Arc::clone(&shared);
        Self { shown: Some((shared, std::thread::spawn(move || paint(&painted)))) }
    }
}

impl Progress for ProgressLine {
    fn begins(&self, what: &'static str, of: usize) {
        if let Some((shared, _)) = &self.shown {
            let mut step = shared.step.lock().unwrap_or_else(PoisonError::into_inner);
            shared.done.store(0, Ordering::Relaxed);
            (step.what, step.of) = (what, of);
        }
    }

    fn done(&self) {
        if let Some((shared, _)) = &self.shown {
            shared.done.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if let Some((shared, painter)) = self.shown.take() {
            shared.step.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
            shared.over.notify_all();
            // A painter that panicked has nothing left to clear.
            let _ = painter.join();
        }
    }
}

/// Paints until it is over, and then leaves the line as it was.
fn paint(shared: &Shared) {
    let mut wait = PATIENCE;
    let mut step = shared.step.lock().unwrap_or_else(PoisonError::into_inner);
    while !step.is_over {
        let waited = shared.over.wait_timeout_while(step, wait, |step| !step.is_over);
        step = waited.unwrap_or_else(PoisonError::into_inner).0;
        if !step.is_over {
            terminal::control(&format!("{CLEAR}{}", words(&step, shared.done.load(Ordering::Relaxed))));
            wait = REPAINT;
        }
    }
    if wait == REPAINT {
        terminal::control(CLEAR);
    }
}

fn words(step: &Step, done: usize) -> String {
    let number = |n: usize| thousands(u64::try_from(n).unwrap_or(u64::MAX));
    match step.of {
        0 => format!("{} …", step.what),
        of => format!("{}: {} of {} …", step.what, number(done.min(of)), number(of)),
    }
}
