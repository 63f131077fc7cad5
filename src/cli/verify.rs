//! `govctl verify`: every cell of a table derived again.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::ProgressLine;
use super::{Answered, CommandError, Common, Status, keys, parse_date, terminal};
use crate::compile;
use crate::limits::MAX_TABLE_BYTES;
use crate::limits::MAX_WHOLE;
use crate::load::file;
use crate::model::Date;
use crate::model::words::{self, count};
use crate::source::visible;
use crate::table::format::Table;
use crate::table::{DecisionTable, LoadOptions};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The table
    table: PathBuf,
    /// Require a signature in TABLE.sig by this minisign public key; if repeated, any one of the keys will do
    #[arg(long, value_name = "FILE")]
    trusted_key: Vec<PathBuf>,
}

/// Reads and loads a table, with the signature beside it where there is a trusted key; a fault of the table is a negative
/// answer, an unreadable file none at all.
pub(super) fn load_table(path: &Path, options: &LoadOptions) -> Result<DecisionTable, (Status, String)> {
    let bytes = file::read(path, MAX_TABLE_BYTES)
        .map_err(|why| (Status::Unasked, format!("cannot read `{}`: {why}", path.display())))?;
    let signature = if options.trusted_keys.is_empty() { Ok(None) } else { keys::signature_beside(path) };
    let loaded = match signature.map_err(|message| (Status::Unasked, message))? {
        None => DecisionTable::from_slice(&bytes, options),
        Some(signature) => DecisionTable::from_signed_slice(&bytes, &signature, options),
    };
    let is_written = path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "gov");
    let table = loaded.map_err(|error| {
        let other = "; this is a file of a workspace: `govctl check` reads those, and `govctl compile -o table.json` makes a table of them";
        (Status::Negative, format!("{error}{}", if is_written { other } else { "" }))
    })?;
    match std::str::from_utf8(&bytes).ok().and_then(hidden) {
        None => Ok(table),
        Some(c) => {
            let what = visible::code_point(c);
            Err((Status::Negative, format!("a text in it has the character {what}, which does not show")))
        }
    }
}

/// A character that no compiled table has, though JSON holds it: it would act where the table's texts are shown.
fn hidden(text: &str) -> Option<char> {
    if let Some((_, c)) = visible::hidden_in_prose(text) {
        return Some(c);
    }
    // Of the escapes, canonical JSON has none but these.
    text.split("\\u").skip(1).find_map(|rest| {
        let number = u32::from_str_radix(rest.get(..4)?, 16).ok()?;
        char::from_u32(number).filter(|c| visible::hidden_in_prose(c.encode_utf8(&mut [0; 4])).is_some())
    })
}

/// What has ended by a later day than the last one for which a table holds.
fn ended(table: &Table, as_of: Date) -> String {
    let last = table.valid_until.as_ref().zip(table.ends.as_ref());
    let past = last.filter(|(until, _)| parse_date(until).is_ok_and(|until| until < as_of));
    let past = past.map(|(until, ends)| {
        format!("\n  note: on {as_of} it is past its last day: it was valid through {until} ({ends})")
    });
    past.unwrap_or_default()
}

/// Why no table can be held against a workspace.
pub(super) const NO_TABLE: &str = "the workspace has errors, so no table stands for it; see `govctl check`";

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let mut options = LoadOptions::default();
    options.trusted_keys = keys::trusted(&arguments.trusted_key)?;
    let table = load_table(&arguments.table, &options)
        .map_err(|(status, message)| CommandError::with(status, message))?;
    // The table says for which day it was made; another day is another question.
    let made_on = parse_date(&table.table().as_of).unwrap_or_else(|_| common.as_of());
    let as_of = common.as_of.unwrap_or(made_on);
    let workspace = common.read_on(as_of, None)?;
    let Some(verified) = super::checked_with_progress(&workspace).verified(&workspace) else {
        return Err(CommandError::negative(NO_TABLE));
    };
    let progress = ProgressLine::of("deriving the table again");
    let verdict = compile::verify::verify(&table, &verified);
    drop(progress);
    match verdict {
        Ok(()) => {
            let proof = &table.table().proof;
            let is_one = proof.contexts == 1;
            let mut text = format!(
                "verified: {} of {} {} as the workspace decides {} on {as_of}\n",
                match proof.contexts {
                    1 => "1 context".to_owned(),
                    contexts if contexts < MAX_WHOLE => format!("{contexts} contexts"),
                    contexts => words::contexts(contexts, MAX_WHOLE),
                },
                count(table.table().use_cases.len(), "use case", "use cases"),
                if is_one { "is" } else { "are" },
                if is_one { "it" } else { "them" },
            );
            if let (Some(until), Some(ends)) = (&table.table().valid_until, &table.table().ends) {
                text += &format!("valid through {until} ({ends})\n");
            }
            text +=
                &table.signed_by().map(|key| format!("signed with the key `{key}`\n")).unwrap_or_default();
            terminal::show(&text, Status::Fine)
        }
        Err(difference) => Err(CommandError::negative(format!(
            "the table does not stand for this workspace: {difference}{}",
            ended(table.table(), as_of)
        ))),
    }
}
