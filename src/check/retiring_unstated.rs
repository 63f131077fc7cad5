//! `retiring-unstated`: an end that a catalogue knows and the registry does not state; found in catalogues, by `check --catalogue`.

use super::{Check, Family, Run};
use crate::diag::{Code, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("retiring-unstated"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "an end that a catalogue knows and the registry does not state",
    why: "A model that is switched off takes every route with it that nobody prepared. What the registry does not state, no check can warn of. Found with `--catalogue FILE`.",
    example: example!("retiring-unstated"),
    hides: &[],
    run: Run::Catalogues,
};
