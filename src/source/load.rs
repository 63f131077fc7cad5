//! Reading a workspace: the only file that touches the disk on the way in.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::{FileKind, SourceFile, Sources, Span, Spanned};
use crate::diag::{Code, Finding, code};
use crate::limits::MAX_FILE_BYTES;
use crate::yaml::schema::{Schema, validate};
use crate::yaml::{self, Value};

/// A workspace's files and configuration, and what was wrong with reading them.
#[derive(Debug)]
pub struct Loaded {
    /// The files.
    pub sources: Sources,
    /// `govctl.yaml`, or its defaults.
    pub config: Config,
    /// What could not be read.
    pub findings: Vec<Finding>,
}

/// What `govctl.yaml` says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// How loud warnings are, by code.
    pub lints: Vec<(Spanned<String>, LintLevel)>,
}

/// How loud a warning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// As usual.
    Warn,
    /// An error.
    Deny,
}

const CONFIG: &str = "govctl.yaml";

/// Reads every file of a workspace; an error where there is no folder at all.
pub fn load(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, |_| true)
}

/// The same for its policies alone.
pub fn load_policies(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, |kind| kind == FileKind::Policy)
}

fn load_kinds(root: &Path, wanted: impl Fn(FileKind) -> bool) -> Result<Loaded, String> {
    let shown = root.display();
    let real = std::fs::canonicalize(root)
        .map_err(|error| format!("cannot open the workspace `{shown}`: {}", reason(&error)))?;
    if !real.is_dir() {
        return Err(format!("the workspace `{shown}` is not a folder"));
    }
    let mut reader =
        Reader { root: root.to_path_buf(), real, sources: Sources::default(), findings: Vec::new() };
    let (config, roots) = reader.config();
    for (kind, paths, configured) in roots.into_iter().filter(|(kind, ..)| wanted(*kind)) {
        reader.kind(kind, &paths, configured);
    }
    Ok(Loaded { sources: reader.sources, config, findings: reader.findings })
}

type Roots = Vec<(FileKind, Vec<Spanned<String>>, bool)>;

struct Reader {
    root: PathBuf,
    real: PathBuf,
    sources: Sources,
    findings: Vec<Finding>,
}

impl Reader {
    /// Reads `govctl.yaml`, and says where each kind of file is.
    fn config(&mut self) -> (Config, Roots) {
        let kinds =
            [(FileKind::Registry, "registry"), (FileKind::Estate, "estate"), (FileKind::Policy, "policies")];
        let path = self.root.join(CONFIG);
        let document = if path.symlink_metadata().is_ok() { self.config_document(&path) } else { None };
        let root = Span::start_of(super::FileId(u32::MAX));
        let roots = kinds.map(|(kind, key)| {
            let paths = document.as_ref().and_then(|document| document.get(key));
            match paths {
                Some(paths) => (kind, paths.items().iter().filter_map(Value::spanned).collect(), true),
                None => (kind, vec![Spanned::new(key.to_owned(), root)], false),
            }
        });
        let lints = document.as_ref().and_then(|document| document.get("lints")).map(Value::entries);
        let lints = lints.unwrap_or_default().iter().filter_map(|(code, level)| {
            let level = match level.text()? {
                "allow" => LintLevel::Allow,
                "deny" => LintLevel::Deny,
                _ => LintLevel::Warn,
            };
            Some((code.clone(), level))
        });
        (Config { lints: lints.collect() }, roots.to_vec())
    }

    fn config_document(&mut self, path: &Path) -> Option<Value> {
        self.file(FileKind::Config, path, CONFIG);
        let (id, file) = self.sources.iter().last()?;
        let (document, mut findings) =
            if file.readable { yaml::parse(id, &file.text) } else { (None, Vec::new()) };
        let document = document.filter(|document| {
            let broken = validate(Schema::Config, document);
            let fine = broken.is_empty();
            findings.extend(broken);
            fine
        });
        self.findings.extend(findings);
        document
    }

    /// Reads all files of a kind, in byte order of their paths.
    fn kind(&mut self, kind: FileKind, roots: &[Spanned<String>], configured: bool) {
        let before = self.sources.iter().count();
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        let mut missing = false;
        for root in roots {
            let Some(relative) = inside(&root.value) else {
                let message = format!("`{}` leads out of the workspace", root.value);
                let finding = Finding::error(code::SCHEMA, root.span, message);
                self.findings.push(finding.help("name files and folders inside the workspace"));
                missing = true;
                continue;
            };
            let path = self.root.join(&relative);
            if path.symlink_metadata().is_err() {
                missing = true;
                self.absent(kind, &relative, configured.then_some(root.span));
            } else {
                self.walk(kind, &path, &mut files);
            }
        }
        files.sort();
        files.dedup();
        for (shown, path) in files {
            self.file(kind, &path, &shown);
        }
        let none = self.sources.iter().count() == before;
        if none && !missing && kind != FileKind::Policy {
            let what = if kind == FileKind::Registry { "registry" } else { "estate" };
            let folder = roots.first().map_or(what, |root| root.value.as_str()).to_owned();
            let message = format!("there is no {what} file in `{folder}/`");
            self.unreadable(
                kind,
                &folder,
                message,
                &format!("put a file such as `{folder}/main.yaml` there"),
            );
        }
    }

    /// A folder or file that is not there.
    fn absent(&mut self, kind: FileKind, path: &str, configured: Option<Span>) {
        let message = format!("there is no `{path}` in the workspace");
        let help =
            "a workspace has the folders `registry`, `estate` and `policies`; `govctl.yaml` can name others";
        match configured {
            Some(span) => {
                self.findings.push(Finding::error(code::SCHEMA, span, message).help("correct the path"));
            }
            None => self.unreadable(kind, path, message, help),
        }
    }

    /// All files of a kind below a path. Links are followed while they stay inside the workspace.
    fn walk(&mut self, kind: FileKind, path: &Path, files: &mut Vec<(String, PathBuf)>) {
        let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
        };
        let mut walk = walk.into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if !visible(&entry) => {
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) => {
                    let shown = self.shown(entry.path());
                    let is_dir = entry.file_type().is_dir();
                    if (entry.path_is_symlink() || entry.depth() == 0) && !self.stays_inside(entry.path()) {
                        let message = format!("`{shown}` leads out of the workspace");
                        let help = "a workspace is read from its own folder only: copy the file into it";
                        self.unreadable(kind, &shown, message, help);
                        if is_dir {
                            walk.skip_current_dir();
                        }
                    } else if !is_dir && (entry.depth() == 0 || has_extension(kind, entry.path())) {
                        files.push((shown, entry.into_path()));
                    }
                }
                Err(error) => {
                    let shown = error.path().map(|path| self.shown(path)).unwrap_or_default();
                    let why = error
                        .io_error()
                        .map_or_else(|| "a link leads back to a folder above it".to_owned(), reason);
                    self.unreadable(
                        kind,
                        &shown,
                        format!("cannot read `{shown}`: {why}"),
                        "remove the link or mend it",
                    );
                }
            }
        }
    }

    fn stays_inside(&self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.real))
    }

    /// A path as it is shown: relative to the workspace, with `/`.
    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts = relative.components().filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        });
        parts.collect::<Vec<String>>().join("/")
    }

    /// Reads one file; what cannot be read stands there empty, with a finding.
    fn file(&mut self, kind: FileKind, path: &Path, shown: &str) {
        if !self.stays_inside(path) && path.exists() {
            let message = format!("`{shown}` leads out of the workspace");
            self.unreadable(kind, shown, message, "a workspace is read from its own folder only");
            return;
        }
        let size = std::fs::metadata(path).map(|metadata| metadata.len());
        if size.as_ref().is_ok_and(|size| *size > MAX_FILE_BYTES) {
            let message = format!("`{shown}` is larger than {} MiB", MAX_FILE_BYTES / 1024 / 1024);
            self.unreadable(kind, shown, message, "split the file");
            return;
        }
        let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let bytes = if is_file {
            std::fs::read(path).map_err(|error| reason(&error))
        } else {
            Err("it is not a file".to_owned())
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.unreadable(
                    kind,
                    shown,
                    format!("cannot read `{shown}`: {why}"),
                    "check the file and its permissions",
                );
                return;
            }
        };
        let sha256 = hex(&Sha256::digest(&bytes));
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                let mut file = SourceFile::new(shown, kind, text);
                file.sha256 = sha256;
                self.sources.add(file);
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
                let message = format!("`{shown}` is not UTF-8: byte {} of the file, in line {line}", at + 1);
                self.unreadable(kind, shown, message, "save the file as UTF-8");
            }
        }
    }

    /// Something that should be a file and cannot be read.
    fn unreadable(&mut self, kind: FileKind, shown: &str, message: String, help: &str) {
        let mut file = SourceFile::new(shown, kind, "");
        file.readable = false;
        let id = self.sources.add(file);
        self.findings.push(Finding::error(code_of(kind), Span::start_of(id), message).help(help));
    }
}

/// The code under which a kind of file is reported.
fn code_of(kind: FileKind) -> Code {
    match kind {
        FileKind::Policy => code::SYNTAX,
        FileKind::Config | FileKind::Registry | FileKind::Estate => code::SCHEMA,
    }
}

fn has_extension(kind: FileKind, path: &Path) -> bool {
    let wanted: &[&str] = match kind {
        FileKind::Policy => &["gov"],
        FileKind::Config | FileKind::Registry | FileKind::Estate => &["yaml", "yml"],
    };
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| wanted.contains(&extension))
}

/// A configured path as parts inside the workspace; none where it leads out.
fn inside(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?.to_owned()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
