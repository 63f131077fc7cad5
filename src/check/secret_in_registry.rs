//! A value of the registry that is a key: reading the registry reports it.

use super::{Check, Family, Run};
use crate::diag::{Severity, code};

pub(super) const CHECK: Check = Check {
    code: code::SECRET_IN_REGISTRY,
    severity: Severity::Error,
    family: Family::Registry,
    summary: "a value of the registry is a key, or not the name of a variable",
    why: "Everybody who can read the repository, its history and the logs of its checks has the key from now on. The registry names the variable that holds it; what was committed has to be replaced by the provider. The value is never shown.",
    example: example!("secret-in-registry"),
    hides: &[],
    run: Run::Reading,
};
