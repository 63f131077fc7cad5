//! `govctl scan`: models, endpoints and keys that stand in source code.

use std::collections::HashSet;
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

/// Everything found below some paths, by path; a file that is reached twice counts once.
fn walk(paths: &[PathBuf], words: &Words, own: &[PathBuf]) -> Scanned {
    let all: Mutex<Vec<Seen>> = Mutex::default();
    let Some((first, others)) = paths.split_first() else { return Scanned::default() };
    let mut builder = WalkBuilder::new(first);
    for path in others {
        builder.add(path);
    }
    builder.require_git(false).build_parallel().run(|| {
        Box::new(|entry| {
            let seen = match &entry {
                Ok(entry) => look(entry.path(), words, own).map(|looked| Seen {
                    is_link: entry.path().is_symlink(),
                    file: identity(entry.path()),
                    looked,
                }),
                Err(error) => {
                    let looked = Looked::Not(String::new(), error.to_string());
                    Some(Seen { is_link: false, file: None, looked })
                }
            };
            if let (Some(seen), Ok(mut all)) = (seen, all.lock()) {
                all.push(seen);
            }
            WalkState::Continue
        })
    });
    let mut all = all.into_inner().unwrap_or_default();
    // A file counts under its own name rather than under that of a link to it.
    all.sort_by(|a, b| (a.is_link, a.looked.path()).cmp(&(b.is_link, b.looked.path())));
    let mut met = HashSet::new();
    let mut scanned = Scanned::default();
    for seen in all {
        if seen.file.is_none_or(|file| met.insert(file)) {
            scanned.take(seen.looked);
        }
    }
    scanned.found.sort_by(|a, b| a.path.cmp(&b.path));
    scanned.left_out.sort();
    scanned.left_out.dedup();
    scanned
}

/// An entry with what tells it from others, however it is reached.
struct Seen {
    is_link: bool,
    file: Option<Identity>,
    looked: Looked,
}

/// Its device and its number there.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Where it really is.
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.canonicalize().ok()
}

/// What became of a source file.
enum Looked {
    /// It could not be looked into: its path and the reason.
    Not(String, String),
    /// What is in it.
    Into(Found),
}

impl Looked {
    fn path(&self) -> &str {
        match self {
            Self::Not(path, _) => path,
            Self::Into(found) => &found.path,
        }
    }
}

impl Scanned {
    fn take(&mut self, looked: Looked) {
        match looked {
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

/// Looks into a file; none where it is no source.
fn look(path: &Path, words: &Words, own: &[PathBuf]) -> Option<Looked> {
    let is_own = || path.canonicalize().is_ok_and(|real| own.contains(&real));
    if !path.is_file() || is_own() {
        return None;
    }
    let shown = path.to_string_lossy().replace('\\', "/");
    let shown = shown.strip_prefix("./").unwrap_or(&shown);
    let bytes = match file::read(path, MAX_SCANNED_BYTES) {
        Ok(bytes) => bytes,
        Err(Unread::TooLarge { .. }) if is_binary(path) => return None,
        Err(why) => return Some(Looked::Not(shown.to_owned(), why.to_string())),
    };
    if bytes.iter().take(BINARY_BYTES).any(|byte| *byte == 0) {
        return None;
    }
    // Comments in an old encoding do not hide what stands beside them.
    Some(Looked::Into(scan::file(words, shown, &String::from_utf8_lossy(&bytes))))
}

/// Bytes in which a binary shows a zero.
const BINARY_BYTES: usize = 8192;

/// Whether a large file begins as a binary does.
fn is_binary(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = file::open(path).map(|file| file.take(BINARY_BYTES as u64).read_to_end(&mut first));
    matches!(read, Ok(Ok(_))) && first.contains(&0)
}
