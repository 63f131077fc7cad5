//! `price-drift`: a stated price that a catalogue lists otherwise; found in catalogues, by `check --catalogue`.

use super::{Check, Family, Run};
use crate::diag::{Code, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("price-drift"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "a stated price that a catalogue lists otherwise",
    why: "Costs, budgets and the choice of the cheapest rest on prices. One that has moved makes all of them wrong in silence. Found with `--catalogue FILE`.",
    example: example!("price-drift"),
    hides: &[],
    run: Run::Catalogues,
};
