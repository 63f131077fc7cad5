//! A workspace in which a whole kind of thing is missing: it would decide nothing, or promise nothing.

use crate::diag::{Finding, code};
use crate::source::{FileKind, Sources, Span};

/// Says that the files of a kind hold nothing; none where something else keeps them from being read.
pub(super) fn find(sources: &Sources, kind: FileKind, findings: &[Finding]) -> Option<Finding> {
    let of_kind = |finding: &Finding| {
        sources
            .file(finding.primary.span.file)
            .is_none_or(|file| file.kind == kind || file.kind == FileKind::Config)
    };
    if findings.iter().any(of_kind) {
        return None;
    }
    let (id, _) = sources.of_kind(kind).next()?;
    let (message, help) = match kind {
        FileKind::Registry => (
            "the registry has no provider",
            "name a provider with its models under `providers`: `govctl init` shows how",
        ),
        FileKind::Estate => (
            "the estate has no use case",
            "name a use case under `use_cases`, with its owner and the classification of its data",
        ),
        FileKind::Policy => (
            "the policies have no statement",
            "write one, such as `failover standard { follow ranking }`: without any, nothing is promised",
        ),
        FileKind::Config | FileKind::Ignored => return None,
    };
    Some(Finding::error(code::SCHEMA, Span::start_of(id), message).help(help))
}
