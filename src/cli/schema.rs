//! `govctl schema`: the JSON Schemas of everything that is read and written, out of the program itself.

use clap::Args;

use super::{Answered, Status, terminal};
use crate::diag::nearest;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What it is the schema of; without it, all names are listed
    name: Option<String>,
}

macro_rules! schemas {
    ($($name:literal $about:literal,)*) => {
        /// Name, what it describes, and text of every schema, by name.
        const SCHEMAS: &[(&str, &str, &str)] =
            &[$(($name, $about, include_str!(concat!("../../schemas/", $name, ".schema.json")))),*];
    };
}

schemas! {
    "accepted" "findings and changes that somebody has accepted",
    "audit" "what `audit` finds",
    "audit-line" "one line of what `audit` finds",
    "check" "what `check` finds",
    "config" "`govctl.yaml`",
    "cost" "what `cost` adds up",
    "diff" "what `diff` explains",
    "drill-plan" "which outages to rehearse next",
    "estate" "use cases",
    "event" "an audit event",
    "export" "what `export` cannot express",
    "import" "what `import` leaves to a person",
    "outages" "what `outages` finds",
    "refresh" "what `registry refresh` changes",
    "registry" "providers and models",
    "replay" "what `audit --replay` says",
    "resolve" "where a request goes",
    "scan" "what `scan` finds",
    "table" "the decision table",
    "test" "what `test` finds",
    "usage" "what `usage` holds against each other",
    "who" "who depends on what",
}

/// The text of a schema.
pub(super) fn text(name: &str) -> Option<&'static str> {
    SCHEMAS.iter().find(|(known, ..)| *known == name).map(|(.., text)| *text)
}

pub(super) fn run(arguments: &Arguments) -> Answered {
    let Some(name) = &arguments.name else {
        let wide = SCHEMAS.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        let list: String =
            SCHEMAS.iter().map(|(name, about, _)| format!("{name:wide$}  {about}\n")).collect();
        return terminal::show(&list, Status::Fine);
    };
    let plain = name.strip_suffix(".schema.json").unwrap_or(name);
    if let Some(text) = text(plain) {
        return terminal::answer(text, Status::Fine);
    }
    let names: Vec<&str> = SCHEMAS.iter().map(|(name, ..)| *name).collect();
    let help = nearest::help(plain, "schema", &names).text;
    Err(format!("no schema is called `{name}`; {help}").into())
}
