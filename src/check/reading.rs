//! The kinds that reading and resolving the files report; nothing is left to run here.

use super::{Check, Example, Family, Run};
use crate::diag::{Code, Severity, code};

const fn reading(code: Code, summary: &'static str, why: &'static str, example: Example) -> Check {
    let (severity, family) = (Severity::Error, Family::Reading);
    Check { code, severity, family, summary, why, example, hides: &[], run: Run::Reading }
}

pub(super) const SYNTAX: Check = reading(
    code::SYNTAX,
    "a policy file does not parse",
    "A policy that does not parse decides nothing. While there is one, nothing else is reported, so that no message rests on a guess.",
    example!("syntax"),
);

pub(super) const SCHEMA: Check = reading(
    code::SCHEMA,
    "registry, estate or govctl.yaml breaks its schema",
    "The registry and the estate are evidence. A misspelt key or an invalid date would otherwise be read as not stated, and what is not stated is not assumed: a model would silently lose its approval.",
    example!("schema"),
);

pub(super) const UNKNOWN_NAME: Check = reading(
    code::UNKNOWN_NAME,
    "a name that does not exist",
    "A rule about `customer-comunication` protects nobody. Every name of a provider, model, use case, region, certification or rule is looked up, and the nearest ones are shown.",
    example!("unknown-name"),
);

pub(super) const DUPLICATE_NAME: Check = reading(
    code::DUPLICATE_NAME,
    "two things share a name",
    "Two definitions of one name mean that a reader sees one and the gateway uses the other. Which one counts is never guessed.",
    example!("duplicate-name"),
);

pub(super) const DUPLICATE_CLAUSE: Check = reading(
    code::DUPLICATE_CLAUSE,
    "a clause that may appear once appears twice",
    "A second `when` or `limit` in one statement is usually left over from a merge. Taking the last in silence would change who may serve what.",
    example!("duplicate-clause"),
);

pub(super) const TYPE_MISMATCH: Check = reading(
    code::TYPE_MISMATCH,
    "a comparison, unit or attribute that does not fit",
    "Comparing a set with `==`, or a share of a budget with a number of dollars, gives a condition that is never true, and a safeguard that never acts.",
    example!("type-mismatch"),
);

pub(super) const IGNORED_FILE: Check = Check {
    severity: Severity::Warning,
    ..reading(
        code::IGNORED_FILE,
        "a file in a folder of the workspace is not read",
        "A policy that was renamed to `routing.gov.bak` while somebody tried something decides nothing any more, and nothing else says so. What is meant to count is renamed, the rest is moved out of the folder.",
        example!("ignored-file"),
    )
};
