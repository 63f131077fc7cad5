//! The kinds that reading and resolving the files report; nothing is left to run here.

use super::{Family, Rule, Run};
use crate::diag::{Code, Severity, code};

const fn reading(code: Code, summary: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, family: Family::Reading, summary, run: Run::Reading }
}

pub(super) const SYNTAX: Rule = reading(code::SYNTAX, "a policy file does not parse");
pub(super) const SCHEMA: Rule = reading(code::SCHEMA, "registry, estate or govctl.yaml breaks its schema");
pub(super) const UNKNOWN_NAME: Rule = reading(code::UNKNOWN_NAME, "a name that nothing has");
pub(super) const DUPLICATE_NAME: Rule = reading(code::DUPLICATE_NAME, "two things share a name");
pub(super) const DUPLICATE_CLAUSE: Rule =
    reading(code::DUPLICATE_CLAUSE, "a clause that stands once stands twice");
pub(super) const TYPE_MISMATCH: Rule =
    reading(code::TYPE_MISMATCH, "a comparison, unit or attribute that does not fit");
pub(super) const IGNORED_FILE: Rule = Rule {
    severity: Severity::Warning,
    ..reading(code::IGNORED_FILE, "a file in a folder of the workspace is not read")
};
