//! `govctl scan`: models, endpoints and keys that stand in source code.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::{Args, ValueEnum};
use ignore::{WalkBuilder, WalkState};

use super::{Answered, Common, Status, catalogues, output, terminal};
use crate::limits::{MAX_CATALOGUE_BYTES, MAX_SCANNED_BYTES, MAX_SCANNED_HITS};
use crate::load;
use crate::load::file::{self, Unread};
use crate::scan::report::{self, Baseline};
use crate::scan::{self, Found, Scanned, Words};
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

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let words = words(arguments, common)?;
    for path in &arguments.paths {
        let cannot = |why: &str| Err(format!("cannot read `{}`: {why}", path.display()).into());
        match path.metadata() {
            Err(error) => return cannot(&file::reason(&error)),
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
                return cannot(&Unread::NotRegular.to_string());
            }
            Ok(_) => {}
        }
    }
    // What a scan reads and writes itself is no source.
    let own = arguments.catalogue.iter().chain(&arguments.baseline).chain(&arguments.write_baseline);
    let own: Vec<PathBuf> = own.filter_map(|path| path.canonicalize().ok()).collect();
    let mut scanned = walk(&arguments.paths, &words, &own);
    if let Some(path) = &arguments.write_baseline {
        let text = Baseline::of(&scanned.found).to_text();
        output::write(path, text.as_bytes())
            .map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    }
    if let Some(path) = &arguments.baseline {
        let of_file = |why: String| format!("`{}`: {why}", path.display());
        let bytes = file::read(path, MAX_CATALOGUE_BYTES).map_err(|why| of_file(why.to_string()))?;
        Baseline::read(&String::from_utf8_lossy(&bytes)).map_err(of_file)?.leave_new(&mut scanned.found);
    }
    let is_fine = arguments.write_baseline.is_some() || report::score(&scanned.found) == 0;
    let status = if is_fine { Status::Fine } else { Status::Negative };
    let day = common.as_of().to_string();
    match arguments.format {
        Format::Human => terminal::show(&report::human(&scanned, &words, &day), status),
        Format::Json => terminal::answer(&report::to_json(&scanned, &words), status),
        Format::Sarif => terminal::answer(&report::sarif(&scanned, &words, &day), status),
    }
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

/// Everything found below some paths, by path.
fn walk(paths: &[PathBuf], words: &Words, own: &[PathBuf]) -> Scanned {
    let all: Mutex<Scanned> = Mutex::default();
    let Some((first, others)) = paths.split_first() else { return Scanned::default() };
    let mut builder = WalkBuilder::new(first);
    for path in others {
        builder.add(path);
    }
    builder.require_git(false).build_parallel().run(|| {
        Box::new(|entry| {
            let looked = match &entry {
                Ok(entry) => look(entry.path(), words, own),
                Err(error) => Looked::Not(String::new(), error.to_string()),
            };
            if let Ok(mut all) = all.lock() {
                all.take(looked);
            }
            WalkState::Continue
        })
    });
    let mut scanned = all.into_inner().unwrap_or_default();
    scanned.found.sort_by(|a, b| a.path.cmp(&b.path));
    scanned.found.dedup_by(|later, first| later.path == first.path);
    scanned.left_out.sort();
    scanned.left_out.dedup();
    scanned
}

/// What became of one entry.
enum Looked {
    /// It is no source file.
    Data,
    /// It could not be looked into: its path and the reason.
    Not(String, String),
    /// What is in it.
    Into(Found),
}

impl Scanned {
    fn take(&mut self, looked: Looked) {
        match looked {
            Looked::Data => {}
            Looked::Not(path, why) => self.left_out.push((path, why)),
            Looked::Into(found) => {
                self.files += 1;
                if found.is_cut {
                    self.left_out
                        .push((found.path.clone(), format!("more than {MAX_SCANNED_HITS} places in it")));
                }
                if !found.hits.is_empty() {
                    self.found.push(found);
                }
            }
        }
    }
}

fn look(path: &Path, words: &Words, own: &[PathBuf]) -> Looked {
    let is_own = || path.canonicalize().is_ok_and(|real| own.contains(&real));
    if !path.is_file() || is_own() {
        return Looked::Data;
    }
    let shown = path.to_string_lossy().replace('\\', "/");
    let shown = shown.strip_prefix("./").unwrap_or(&shown);
    let bytes = match file::read(path, MAX_SCANNED_BYTES) {
        Ok(bytes) => bytes,
        Err(Unread::TooLarge { .. }) if is_binary(path) => return Looked::Data,
        Err(why) => return Looked::Not(shown.to_owned(), why.to_string()),
    };
    if bytes.iter().take(BINARY_BYTES).any(|byte| *byte == 0) {
        return Looked::Data;
    }
    // Comments in an old encoding do not hide what stands beside them.
    Looked::Into(scan::file(words, shown, &String::from_utf8_lossy(&bytes)))
}

/// Bytes in which a binary shows a zero.
const BINARY_BYTES: usize = 8192;

/// Whether a large file begins as a binary does.
fn is_binary(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = file::open(path).map(|file| file.take(BINARY_BYTES as u64).read_to_end(&mut first));
    matches!(read, Ok(Ok(_))) && first.contains(&0)
}
