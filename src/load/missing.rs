//! What a workspace lacks, and what stands in its folders and is not read.

use std::collections::BTreeSet;

use super::reader::{CONFIG, Place, Reader, inside};
use crate::diag::{Finding, code, nearest};
use crate::limits::{MAX_IGNORED_FILES, MAX_WORKSPACE_FILES};
use crate::source::{FileKind, Span, Spanned, listed};

/// How many letters two names of folders begin with alike, where the one may be meant by the other.
const ALIKE: usize = 4;

impl<P: Place> Reader<P> {
    /// A folder or file that is not there; `configured` is where `govctl.yaml` names it.
    pub(super) fn absent(&mut self, kind: FileKind, path: &str, configured: Option<Span>) {
        let message = format!("there is no `{path}` in the workspace");
        let standing = self.near(path);
        if let Some(span) = configured {
            let folder = path.split(['*', '?', '[']).next().unwrap_or(path);
            let help = if folder.len() < path.len() {
                let folder = folder.rsplit_once('/').map_or(kind.folder(), |(folder, _)| folder);
                format!(
                    "there are no patterns: write `{folder}`, and every file of the kind in that folder is read"
                )
            } else {
                match standing.or_else(|| self.usual(kind, path)) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => {
                        "name a file or folder of the workspace by its path from `govctl.yaml`".to_owned()
                    }
                }
            };
            self.findings.push(Finding::error(code::SCHEMA, span, message).help(help));
            return;
        }
        let help = match standing {
            Some(name) => format!(
                "is it `{name}`? rename that folder to `{path}`, or write `{path}: [{name}]` in `govctl.yaml`"
            ),
            None => format!(
                "a workspace has the folders `registry`, `estate` and `policies`: put {} there, or name another folder in `govctl.yaml`",
                file_of(kind, path)
            ),
        };
        let at = self.unread(kind, path);
        self.findings.push(Finding::error(code::SCHEMA, at, message).help(help));
    }

    /// No file of a kind in its folders.
    pub(super) fn none(&mut self, kind: FileKind, roots: &[Spanned<String>]) {
        let folder = roots.first().map_or(kind.folder(), |root| root.value.as_str()).to_owned();
        let endings: Vec<String> = kind.extensions().iter().map(|ending| format!("`.{ending}`")).collect();
        let what = if kind == FileKind::Policy { "policy" } else { kind.folder() };
        let at = self.unread(kind, &folder);
        let mut finding = Finding::error(code::SCHEMA, at, format!("there is no {what} file in `{folder}/`"));
        let inside = format!("{}/", folder.trim_end_matches('/'));
        let unread: Vec<&String> = self.unwanted.iter().filter(|path| path.starts_with(&inside)).collect();
        finding = match unread.as_slice() {
            [] => finding.help(format!("put {} there", file_of(kind, &folder))),
            [first, rest @ ..] => {
                let unread = listed::and_more(&format!("`{first}`"), rest.len());
                let (is, it) = if rest.is_empty() { ("is", "it") } else { ("are", "those that are meant") };
                let note =
                    format!("{unread} {is} not read: only names that end in {} are", endings.join(" or "));
                finding.note(note).help(format!("rename {it}, or put {} there", file_of(kind, &folder)))
            }
        };
        self.findings.push(finding);
    }

    /// An empty list in `govctl.yaml` of what is read of a kind.
    pub(super) fn nothing_named(&mut self, kind: FileKind, list: Span) {
        let folder = kind.folder();
        let message =
            format!("`{folder}` of `{CONFIG}` names no file or folder, so nothing is read of that kind");
        let help = if self.place.at(folder).is_some() {
            format!("take `{folder}` out of `{CONFIG}`, and `{folder}/` is read")
        } else {
            format!(
                "name a file or folder, as in `{folder}: [{folder}]`, and put {} there",
                file_of(kind, folder)
            )
        };
        self.findings.push(Finding::error(code::SCHEMA, list, message).help(help));
    }

    /// Notes what stands in the usual folder of a kind where `govctl.yaml` names only some of it, or nothing at all.
    pub(super) fn beside(&mut self, kind: FileKind, roots: &[Spanned<String>]) {
        let folder = kind.folder();
        let paths: Vec<String> = roots.iter().filter_map(|root| inside(&root.value)).collect();
        let is_part = |path: &String| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let is_whole = paths.iter().any(|path| path.is_empty() || path == folder);
        if is_whole || !(paths.is_empty() || paths.iter().any(is_part)) {
            return;
        }
        let Some(key) = self.place.at(folder) else { return };
        let unwanted = &mut self.unwanted;
        let mut all = |shown: &str| {
            if unwanted.len() < MAX_WORKSPACE_FILES {
                unwanted.insert(shown.to_owned());
            }
            false
        };
        // What cannot be read need not be: nothing of it would be.
        self.place.below(&key, &mut all);
    }

    /// A folder that stands in the workspace and whose name is much like a path.
    fn near(&mut self, path: &str) -> Option<String> {
        let known = [FileKind::Registry, FileKind::Estate, FileKind::Policy].map(FileKind::folder);
        let mut folders = self.place.folders();
        folders.retain(|name| !known.contains(&name.as_str()));
        let close =
            nearest::nearest(path, folders.iter().map(String::as_str)).first().map(|name| (*name).to_owned());
        let begins_alike = |name: &&String| {
            let pairs =
                name.chars().flat_map(char::to_lowercase).zip(path.chars().flat_map(char::to_lowercase));
            pairs.take_while(|(a, b)| a == b).count() >= ALIKE
        };
        let words: &[&str] = match path {
            "estate" => &["use_cases", "use-cases", "usecases", "workloads", "applications", "apps"],
            "registry" => &["models", "providers", "catalogue", "catalog", "endpoints"],
            "policies" => &["rules", "governance", "routing"],
            _ => &[],
        };
        let in_other_words = |name: &&String| words.contains(&name.to_lowercase().as_str());
        let others = || folders.iter().find(begins_alike).or_else(|| folders.iter().find(in_other_words));
        close.or_else(|| others().cloned())
    }

    /// The usual folder of a kind, where a path is much like it and it stands there.
    fn usual(&mut self, kind: FileKind, path: &str) -> Option<String> {
        let is_near = !nearest::nearest(path, [kind.folder()]).is_empty() && path != kind.folder();
        let stands = self.place.folders().iter().any(|name| name == kind.folder());
        (is_near && stands).then(|| kind.folder().to_owned())
    }

    /// A warning for each file in the folders of the workspace that nothing reads.
    pub(super) fn ignored(&mut self) -> Vec<Finding> {
        let read: BTreeSet<&str> = self.sources.iter().map(|(_, file)| file.path.as_str()).collect();
        let unread = self.unwanted.iter().filter(|path| !read.contains(path.as_str()));
        let unread: Vec<String> = unread.cloned().collect();
        let mut findings = self.other_configs();
        for path in unread.iter().take(MAX_IGNORED_FILES) {
            let at = self.unread(FileKind::Ignored, path);
            let finding = Finding::warning(code::IGNORED_FILE, at, format!("`{path}` is not read"));
            findings.push(unnamed(&finding, path).unwrap_or_else(|| explained(finding, path)));
        }
        let more = unread.len().saturating_sub(MAX_IGNORED_FILES);
        if let (Some(last), 1..) = (findings.last_mut(), more) {
            last.notes.push(format!("{more} more files in the folders of the workspace are not read"));
        }
        findings
    }
}

/// Names that a configuration has elsewhere.
const OTHER_CONFIGS: [&str; 13] = [
    "GOVCTL.yaml",
    "Govctl.yaml",
    "govctl.yaml.bak",
    ".govctl.json",
    ".govctl.toml",
    ".govctl.yaml",
    ".govctl.yml",
    "govctl.conf",
    "govctl.config.yaml",
    "govctl.json",
    "govctl.toml",
    "govctl.yml",
    ".govctlrc",
];

impl<P: Place> Reader<P> {
    /// A warning for each file that looks like the configuration and has another name.
    fn other_configs(&mut self) -> Vec<Finding> {
        let there = OTHER_CONFIGS.into_iter().filter(|name| self.place.at(name).is_some());
        let there: Vec<&str> = there.collect();
        let is_read = self.sources.iter().any(|(_, file)| file.kind == FileKind::Config);
        let finding = |name: &str, at: Span| {
            let help = if is_read {
                "move what counts of it to `govctl.yaml`, and remove it".to_owned()
            } else if name.ends_with("yml") || name.ends_with("yaml") {
                "rename it to `govctl.yaml`".to_owned()
            } else {
                "write what it says as YAML, in `govctl.yaml`".to_owned()
            };
            Finding::warning(code::IGNORED_FILE, at, format!("`{name}` is not read"))
                .note("the configuration of a workspace is `govctl.yaml`")
                .help(help)
        };
        there
            .into_iter()
            .map(|name| (name, self.unread(FileKind::Ignored, name)))
            .map(|(name, at)| finding(name, at))
            .collect()
    }
}

/// Of a file that would be read if `govctl.yaml` named it.
fn unnamed(finding: &Finding, path: &str) -> Option<Finding> {
    let kinds = [FileKind::Registry, FileKind::Estate, FileKind::Policy];
    let (folder, _) = path.split_once('/')?;
    let kind = kinds.into_iter().find(|kind| kind.folder() == folder)?;
    let (_, ending) = path.rsplit_once('.')?;
    kind.extensions().contains(&ending).then(|| {
        finding.clone().note(format!("`{folder}` of `{CONFIG}` does not name it")).help(format!(
            "name it there too, take `{folder}` out of `{CONFIG}`, or move the file out of `{folder}/`"
        ))
    })
}

/// Why a file is not read, and what to do with it.
fn explained(finding: Finding, path: &str) -> Finding {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let lower = ending.to_ascii_lowercase();
    let folder = path.split('/').next().unwrap_or(path);
    match lower.as_str() {
        "gov" if ending != lower => finding.help(format!("end its name in `.{lower}`, in lower case")),
        "yaml" | "yml" if ending != lower => {
            finding.help(format!("end its name in `.{lower}`, in lower case"))
        }
        "gov" => finding
            .note("a `.gov` file holds statements, which stand in `policies/`")
            .help("move it to `policies/`"),
        "yaml" | "yml" => finding
            .note("a YAML file holds providers or use cases: policies are `.gov` files")
            .help("move it to `registry/` or `estate/`, or out of the workspace's folders"),
        "toml" | "json" if folder != "policies" => {
            let right = format!("{}.yaml", path.rsplit_once('.').map_or(path, |(stem, _)| stem));
            let finding = finding.note("registry and estate are read from `.yaml` and `.yml` files");
            match lower.as_str() {
                "json" => finding.help(format!("rename it to `{right}`: JSON is YAML too")),
                _ => finding.help(format!("write what it says as YAML, in `{right}`: TOML is not read")),
            }
        }
        _ => finding
            .note("policies are read from `.gov` files, registry and estate from `.yaml` and `.yml` files")
            .help(format!("move it out of `{folder}/`, or rename it if it is meant to count")),
    }
}

/// A file that could stand in a folder.
fn file_of(kind: FileKind, folder: &str) -> String {
    let ending = kind.extensions().first().copied().unwrap_or_default();
    format!("a file such as `{}/main.{ending}`", folder.trim_end_matches('/'))
}
