//! Worlds of any size to measure on: registry, estate and policies that check without an error.
//!
//! The models' names, prices, limits and retirement dates are real (`benches/data/models.csv`); who may use them for what is
//! invented by a generator of random numbers that always starts alike, so equal sizes give equal bytes. Two providers
//! of our own, the datacentres, hold every certificate and may serve everything: every use case has somewhere to go,
//! and every promise of a rule is one that they keep.

#![allow(dead_code, unreachable_pub, reason = "each program that includes this file uses a part of it")]

pub mod catalogue;
pub mod clauses;
pub mod estate;
pub mod policies;
pub mod random;
pub mod registry;
pub mod rules;

use std::path::Path;

/// The day on which the worlds are checked.
pub const AS_OF: &str = "2026-11-21";

/// Thresholds on what remains of a budget, in percent: they cut it into three bands.
pub const THRESHOLDS: [u32; 2] = [25, 10];

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub use_cases: usize,
    pub models: usize,
    pub rules: usize,
}

/// A world: as data, and as the files of a workspace.
#[derive(Debug)]
pub struct World {
    pub providers: Vec<registry::Provider>,
    pub models: Vec<registry::Model>,
    pub use_cases: Vec<estate::UseCase>,
    /// Path in the workspace and text.
    pub files: Vec<(String, String)>,
}

impl World {
    /// The world of a size.
    pub fn new(size: Size) -> Self {
        let (providers, models) = registry::invent(size);
        let use_cases = estate::invent(size.use_cases);
        let mut files = vec![("govctl.yaml".to_owned(), CONFIG.to_owned())];
        files.extend(registry::files(&providers, &models));
        files.extend(estate::files(&use_cases));
        files.extend(policies::files(&providers, &models, &use_cases, size.rules));
        Self { providers, models, use_cases, files }
    }

    /// The same world with every clause that a policy can have; the measured ones leave some out.
    pub fn with_every_clause(size: Size) -> Self {
        let mut world = Self::new(size);
        clauses::add(&mut world.files);
        world
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum()
    }

    /// Writes the workspace into a folder, which is made where it is missing.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

/// A catalogue of every model that one could buy has many that nobody uses; all else is reported as usual.
const CONFIG: &str = "lints:\n  unused-model: allow\n";
