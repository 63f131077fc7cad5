//! `unknown-model`: a model that no catalogue lists under the names that the registry knows; found in catalogues, by `check --catalogue`.

use super::{Check, Family, Run};
use crate::diag::{Code, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unknown-model"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "a model that no catalogue lists under the names that the registry knows",
    why: "A misspelt model is a route that fails on its first request, and its price and its end cannot be kept true. Found with `--catalogue FILE`; models of one's own machines are left out. A model at an address that is not known to be the vendor's is found too, with the address: what a vendor asks says nothing about what a reseller asks.",
    example: example!("unknown-model"),
    hides: &[],
    run: Run::Catalogues,
};
