//! A workspace's files and configuration from wherever they are kept: a folder and a git tree read alike.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

use super::file;
use crate::diag::{Code, Finding, code};
use crate::limits::{MAX_FILE_BYTES, MAX_WORKSPACE_BYTES, MAX_WORKSPACE_FILES};
use crate::source::{FileId, FileKind, SourceFile, Sources, Span, Spanned, hex, visible};
use crate::yaml::schema::{Schema, validate};
use crate::yaml::{self, Value};

/// A workspace's files and configuration, and what was wrong with reading them.
#[derive(Debug)]
pub struct Loaded {
    /// Every file that was read, with its path and text.
    pub sources: Sources,
    /// `govctl.yaml`, or its defaults.
    pub config: Config,
    /// What could not be read.
    pub findings: Vec<Finding>,
    /// Warnings of what stands in the workspace's folders and is not read.
    pub ignored: Vec<Finding>,
    /// Paths in the workspace that are links and were followed, the first by name first; a revision has none.
    pub links: BTreeSet<String>,
}

/// What `govctl.yaml` says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// How loud warnings are, by code.
    pub lints: Vec<(Spanned<String>, LintLevel)>,
    /// Where gateways find what a request states, as written; checked against its schema.
    pub request: Option<Value>,
    /// Reviews that are planned, as written; checked against its schema.
    pub reviews: Option<Value>,
    /// Where each kind of file is read from.
    pub folders: Vec<(&'static str, Vec<String>)>,
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

/// What says where everything is.
pub const CONFIG: &str = "govctl.yaml";

/// Where files are kept.
pub(super) trait Place {
    /// How a file or folder is found again.
    type Handle: Ord;

    /// What is at a path in the workspace, be it a file, a folder or a link.
    fn at(&mut self, path: &str) -> Option<Self::Handle>;

    /// The file at a key, or all files below it whose path is wanted, hidden ones left out.
    fn below(&mut self, key: &Self::Handle, wanted: &mut dyn FnMut(&str) -> bool)
    -> Vec<Found<Self::Handle>>;

    /// The folders that stand in the workspace's own, hidden ones left out, sorted.
    fn folders(&mut self) -> Vec<String>;

    /// Size in bytes and content of a file.
    fn read(&mut self, key: &Self::Handle, shown: &str) -> Result<Vec<u8>, Refusal>;

    /// The links that were followed so far.
    fn links(&mut self) -> BTreeSet<String>;
}

/// A file by its path in the workspace, or why there is none.
pub(super) type Found<K> = Result<(String, K), (String, Refusal)>;

/// Why a file is not read, and what to do about it.
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, help: &'static str) -> Self {
        Self { message: message.into(), help }
    }

    /// A name that has no text: two such names can look the same.
    pub(super) fn not_utf8(shown: &str) -> Self {
        Self::new(format!("the name of `{shown}` is not UTF-8"), "rename it")
    }

    /// A name that looks like another one, or acts where it is shown.
    fn hidden(shown: &str, c: char) -> Self {
        let character = visible::code_point(c);
        Self::new(
            format!("the name of `{shown}` has the character {character}, which does not show"),
            "rename it",
        )
    }

    /// More folders and files than are looked at.
    pub(super) fn too_many(shown: &str) -> Self {
        let message = format!("`{shown}` has more folders and files below it than are read");
        Self::new(message, "name the folders that count in `govctl.yaml`")
    }

    /// A file past the limit.
    pub(super) fn too_large(shown: &str) -> Self {
        Self::new(format!("`{shown}` is larger than {}", file::size(MAX_FILE_BYTES)), "split the file")
    }
}

/// Reads the files of a workspace whose kind is wanted.
pub(super) fn read<P: Place>(place: P, wanted: impl Fn(FileKind) -> bool) -> Loaded {
    let mut reader = Reader {
        place,
        sources: Sources::default(),
        findings: Vec::new(),
        unwanted: BTreeSet::new(),
        bytes: 0,
    };
    let (config, roots) = reader.config();
    for (kind, paths, configured) in roots.into_iter().filter(|(kind, ..)| wanted(*kind)) {
        reader.kind(kind, &paths, configured);
    }
    let ignored = reader.ignored();
    let links = reader.place.links();
    Loaded { sources: reader.sources, config, findings: reader.findings, ignored, links }
}

/// Whether anything of a workspace is there.
pub(super) fn is_workspace(place: &mut impl Place) -> bool {
    let kinds = [FileKind::Registry, FileKind::Estate, FileKind::Policy];
    place.at(CONFIG).is_some() || kinds.iter().any(|kind| place.at(kind.folder()).is_some())
}

/// Per kind what is read, and where `govctl.yaml` says so, if it does.
type Roots = Vec<(FileKind, Vec<Spanned<String>>, Option<Span>)>;

pub(super) struct Reader<P> {
    pub(super) place: P,
    pub(super) sources: Sources,
    pub(super) findings: Vec<Finding>,
    /// Paths of files that are not of the kind whose folder they stand in.
    pub(super) unwanted: BTreeSet<String>,
    /// Read so far.
    bytes: u64,
}

impl<P: Place> Reader<P> {
    /// Reads `govctl.yaml`, and says where each kind of file is.
    fn config(&mut self) -> (Config, Roots) {
        let kinds =
            [FileKind::Registry, FileKind::Estate, FileKind::Policy].map(|kind| (kind, kind.folder()));
        let key = self.place.at(CONFIG);
        let document = key.and_then(|key| self.config_document(&key));
        let root = Span::start_of(FileId::NONE);
        let roots = kinds.map(|(kind, key)| {
            let paths = document.as_ref().and_then(|document| document.get(key));
            match paths {
                Some(paths) => {
                    (kind, paths.items().iter().filter_map(Value::spanned).collect(), Some(paths.span))
                }
                None => (kind, vec![Spanned::new(key.to_owned(), root)], None),
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
        let request = document.as_ref().and_then(|document| document.get("request")).cloned();
        let reviews = document.as_ref().and_then(|document| document.get("reviews")).cloned();
        let names = |paths: &[Spanned<String>]| paths.iter().map(|path| path.value.clone()).collect();
        let folders = kinds.iter().zip(&roots).map(|((_, what), (_, paths, _))| (*what, names(paths)));
        let config = Config { lints: lints.collect(), folders: folders.collect(), request, reviews };
        (config, roots.to_vec())
    }

    fn config_document(&mut self, key: &P::Handle) -> Option<Value> {
        self.file(FileKind::Config, key, CONFIG);
        let (id, file) = self.sources.iter().last()?;
        let (document, mut findings) =
            if file.readable { yaml::parse_as(Schema::Config, id, &file.text) } else { (None, Vec::new()) };
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
    fn kind(&mut self, kind: FileKind, roots: &[Spanned<String>], configured: Option<Span>) {
        let before = self.sources.iter().len();
        let mut files: Vec<(String, P::Handle)> = Vec::new();
        let mut missing = false;
        for root in roots {
            let Some(relative) = inside(&root.value) else {
                let message = format!("`{}` leads out of the workspace", root.value);
                let finding = Finding::error(code::SCHEMA, root.span, message);
                self.findings.push(finding.help("name files and folders inside the workspace"));
                missing = true;
                continue;
            };
            let Some(key) = self.place.at(&relative) else {
                missing = true;
                self.absent(kind, &relative, configured.map(|_| root.span));
                continue;
            };
            let unwanted = &mut self.unwanted;
            let mut wanted = |shown: &str| {
                let wanted = has_extension(kind, shown);
                if !wanted && unwanted.len() < MAX_WORKSPACE_FILES {
                    unwanted.insert(shown.to_owned());
                }
                wanted
            };
            for found in self.place.below(&key, &mut wanted) {
                match found {
                    Ok(file) => files.push(file),
                    Err((shown, refusal)) => self.unreadable(kind, &shown, refusal.message, refusal.help),
                }
            }
        }
        files.sort();
        files.dedup();
        for (shown, key) in files {
            if let Some(why) = self.full() {
                self.unreadable(kind, &shown, format!("`{shown}` is not read: {why}"), "split the workspace");
                break;
            }
            self.file(kind, &key, &shown);
        }
        if configured.is_some() {
            self.beside(kind, roots);
        }
        if self.sources.iter().len() == before && !missing {
            match configured {
                Some(list) if roots.is_empty() => self.nothing_named(kind, list),
                _ => self.none(kind, roots),
            }
        }
    }

    /// Why no more is read.
    fn full(&self) -> Option<String> {
        if self.sources.iter().len() >= MAX_WORKSPACE_FILES {
            return Some(format!("the workspace has more than {MAX_WORKSPACE_FILES} files"));
        }
        let most = file::size(MAX_WORKSPACE_BYTES);
        (self.bytes >= MAX_WORKSPACE_BYTES).then(|| format!("the workspace has more than {most}"))
    }

    /// Reads one file; what cannot be read stands there empty, with a finding.
    fn file(&mut self, kind: FileKind, key: &P::Handle, shown: &str) {
        if let Some(c) = hidden(shown) {
            let Refusal { message, help } = Refusal::hidden(shown, c);
            self.unreadable(kind, shown, message, help);
            return;
        }
        let bytes = match self.place.read(key, shown) {
            Ok(bytes) => bytes,
            Err(refusal) => {
                self.unreadable(kind, shown, refusal.message, refusal.help);
                return;
            }
        };
        self.bytes += bytes.len() as u64;
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
        let at = self.unread(kind, shown);
        self.findings.push(Finding::error(code_of(kind), at, message).help(help));
    }

    /// The place of what is not read.
    pub(super) fn unread(&mut self, kind: FileKind, shown: &str) -> Span {
        let mut file = SourceFile::new(shown, kind, "");
        file.readable = false;
        Span::start_of(self.sources.add(file))
    }
}

/// A character that the names of a table's files cannot have: who reads tables refuses what no text shows.
fn hidden(shown: &str) -> Option<char> {
    let found = visible::hidden_in_prose(shown).map(|(_, c)| c);
    found.or_else(|| shown.chars().find(|c| c.is_control()))
}

/// The code under which a kind of file is reported.
fn code_of(kind: FileKind) -> Code {
    match kind {
        FileKind::Policy => code::SYNTAX,
        FileKind::Config | FileKind::Registry | FileKind::Estate | FileKind::Ignored => code::SCHEMA,
    }
}

fn has_extension(kind: FileKind, path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| kind.extensions().contains(&extension))
}

/// A configured path as parts inside the workspace; none where it leads out.
pub fn inside(path: &str) -> Option<String> {
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
