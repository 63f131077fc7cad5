//! `govctl scan`: models, endpoints and keys that stand in source code.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::{Args, ValueEnum};
use ignore::{WalkBuilder, WalkState};

use super::{Common, Status, catalogues, output, terminal};
use crate::limits::{MAX_CATALOGUE_BYTES, MAX_SCANNED_BYTES};
use crate::load::{self, file};
use crate::scan::report::{self, Baseline};
use crate::scan::{self, Found, Words};
use crate::source::FileKind;
use crate::yaml;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files and folders to look into; ignore files are honoured
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// A catalogue of models to look for, besides those of the registry
    #[arg(long, value_name = "FILE")]
    catalogue: Vec<PathBuf>,
    /// Report only what this file does not know
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write everything that is found as a baseline, and end with status 0
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Sarif,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    scanned(arguments, common).unwrap_or_else(|message| terminal::refuse(&message))
}

fn scanned(arguments: &Arguments, common: &Common) -> Result<Status, String> {
    let words = words(arguments, common)?;
    if let Some(path) = arguments.paths.iter().find(|path| !path.exists()) {
        return Err(format!("cannot read `{}`: there is no such file or folder", path.display()));
    }
    // What a scan reads and writes itself is no source.
    let own = arguments.catalogue.iter().chain(&arguments.baseline).chain(&arguments.write_baseline);
    let own: Vec<PathBuf> = own.filter_map(|path| path.canonicalize().ok()).collect();
    let (mut found, files) = walk(&arguments.paths, &words, &own);
    if let Some(path) = &arguments.write_baseline {
        let text = Baseline::of(&found).to_text();
        output::write(path, text.as_bytes())
            .map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    }
    if let Some(path) = &arguments.baseline {
        let of_file = |why: String| format!("`{}`: {why}", path.display());
        let bytes = file::read(path, MAX_CATALOGUE_BYTES).map_err(|why| of_file(why.to_string()))?;
        Baseline::read(&String::from_utf8_lossy(&bytes)).map_err(of_file)?.leave_new(&mut found);
    }
    let is_fine = arguments.write_baseline.is_some() || report::score(&found) == 0;
    let status = if is_fine { Status::Fine } else { Status::Negative };
    let day = common.as_of().to_string();
    Ok(match arguments.format {
        Format::Human => terminal::show(&report::human(&found, &words, &day, files), status),
        Format::Json => terminal::answer(&report::to_json(&found, &words, files), status),
        Format::Sarif => terminal::answer(&report::sarif(&found, &words, &day), status),
    })
}

/// What is looked for: the models of the workspace, if there is one, and of catalogues.
fn words(arguments: &Arguments, common: &Common) -> Result<Words, String> {
    let catalogues = catalogues::read_all(&arguments.catalogue, common)?;
    let registries = match load::load(common.folder(None)) {
        Ok(loaded) => {
            let files = loaded.sources.of_kind(FileKind::Registry).filter(|(_, file)| file.readable);
            files.filter_map(|(id, file)| yaml::parse(id, &file.text).0).collect()
        }
        Err(why) if catalogues.is_empty() => return Err(why),
        Err(_) => Vec::new(),
    };
    Words::new(&registries, &catalogues)
}

/// Everything found below some paths, by path, and how many files were looked into.
fn walk(paths: &[PathBuf], words: &Words, own: &[PathBuf]) -> (Vec<Found>, usize) {
    let all: Mutex<(Vec<Found>, usize)> = Mutex::new((Vec::new(), 0));
    let Some((first, others)) = paths.split_first() else { return (Vec::new(), 0) };
    let mut builder = WalkBuilder::new(first);
    for path in others {
        builder.add(path);
    }
    builder.require_git(false).max_filesize(Some(MAX_SCANNED_BYTES)).build_parallel().run(|| {
        Box::new(|entry| {
            let looked = entry.ok().and_then(|entry| look(entry.path(), words, own));
            if let Some(found) = looked
                && let Ok(mut all) = all.lock()
            {
                all.1 += 1;
                if !found.hits.is_empty() {
                    all.0.push(found);
                }
            }
            WalkState::Continue
        })
    });
    let (mut found, files) = all.into_inner().unwrap_or_default();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|later, first| later.path == first.path);
    (found, files)
}

/// One file; none where it is no text.
fn look(path: &Path, words: &Words, own: &[PathBuf]) -> Option<Found> {
    let is_own = || path.canonicalize().is_ok_and(|real| own.contains(&real));
    if !path.is_file() || is_own() {
        return None;
    }
    let bytes = file::read(path, MAX_SCANNED_BYTES).ok()?;
    if bytes.iter().take(8192).any(|byte| *byte == 0) {
        return None;
    }
    let text = String::from_utf8(bytes).ok()?;
    let shown = path.to_string_lossy().replace('\\', "/");
    Some(scan::file(words, shown.strip_prefix("./").unwrap_or(&shown), &text))
}
