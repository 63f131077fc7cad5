//! A name that nothing has may stand in a file that is not read: it is named with what keeps it from being read.

use crate::diag::slip::is_slip;
use crate::diag::{Finding, Offer, code};
use crate::load::Config;
use crate::source::{FileKind, Sources};

/// Endings of files that never hold anything of a workspace.
const BESIDE: [&str; 12] =
    ["md", "rst", "adoc", "html", "pdf", "png", "svg", "lock", "gitignore", "gitkeep", "py", "sh"];

/// Names in the help of unknown names the files that are not read and may have them.
pub(super) fn name(findings: &mut [Finding], ignored: &[Finding], sources: &Sources, config: &Config) {
    let unread = ignored.iter().filter(|finding| finding.code == code::IGNORED_FILE);
    let unread: Vec<(Vec<FileKind>, &str, &str)> = unread
        .filter_map(|finding| {
            let path = sources.path(finding.primary.span.file);
            Some((kinds_of(path, config), path, finding.help.as_deref()?))
        })
        .collect();
    if unread.is_empty() {
        return;
    }
    for finding in findings {
        let (Some(missing), Some(help)) = (&finding.missing, &finding.help) else { continue };
        let Some(kind) = kind_of(&missing.wanted) else { continue };
        let is_elsewhere = match &finding.offer {
            Offer::Near(near) => kind == FileKind::Registry && is_of_another_provider(&missing.name, near),
            Offer::Names | Offer::Nothing => false,
            Offer::Else => continue,
        };
        if let (Offer::Near(_), false) = (&finding.offer, is_elsewhere) {
            continue;
        }
        let mut of_kind = unread.iter().filter(|(kinds, ..)| kinds.contains(&kind));
        let Some((_, path, what_to_do)) = of_kind.next() else { continue };
        let more = match of_kind.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        finding.advise(if is_elsewhere {
            format!("if it stands in `{path}`{more}, which is not read: {what_to_do}; if not, {help}")
        } else {
            format!("{help}; if it stands in `{path}`{more}, which is not read: {what_to_do}")
        });
    }
}

/// Whether a model is named with its provider, and all that is near to it is of others.
fn is_of_another_provider(name: &str, near: &[String]) -> bool {
    let Some((provider, _)) = name.split_once('/') else { return false };
    near.iter().all(|near| !near.starts_with(&format!("{provider}/")) && !is_slip(name, near))
}

/// Where a thing of this kind is written; none for one that stands in lists, or may be of several files.
fn kind_of(what: &str) -> Option<FileKind> {
    Some(match what {
        "rule" | "failover statement" | "budget" | "dimension or fact" | "attribute or fact" => {
            FileKind::Policy
        }
        "provider" | "model" | "provider or model" | "provider, failure domain or model" => {
            FileKind::Registry
        }
        "use case" => FileKind::Estate,
        _ => return None,
    })
}

/// What a file that is not read may have been meant to hold: by the endings of its name, else by its folder.
fn kinds_of(path: &str, config: &Config) -> Vec<FileKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let endings: Vec<&str> = name.split('.').skip(1).collect();
    if endings.last().is_none_or(|last| BESIDE.contains(last)) {
        return Vec::new();
    }
    if endings.contains(&"gov") {
        return vec![FileKind::Policy];
    }
    let folder = [FileKind::Registry, FileKind::Estate, FileKind::Policy].into_iter().find(|kind| {
        let roots = config.folders.iter().filter(|(folder, _)| *folder == kind.folder());
        roots.flat_map(|(_, roots)| roots).any(|root| {
            let root = root.trim_start_matches("./").trim_end_matches('/');
            path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
        })
    });
    let is_data = ["yaml", "yml", "json", "toml"].iter().any(|ending| endings.contains(ending));
    match folder {
        Some(FileKind::Policy) if is_data => vec![FileKind::Registry, FileKind::Estate],
        Some(kind) => vec![kind],
        None => Vec::new(),
    }
}
