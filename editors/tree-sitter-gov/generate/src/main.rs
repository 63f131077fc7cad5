//! Writes `src/parser.c`, `src/grammar.json` and `src/node-types.json` of the grammar in the first folder into the
//! second one.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// The newest version of the parser's format, which reserved words need.
const ABI_VERSION: usize = 15;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(grammar), Some(out)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: tree-sitter-gov-generate FOLDER OUT");
        return ExitCode::from(2);
    };
    let source = grammar.join("grammar.js");
    let made = generate_parser_in_directory(
        grammar,
        Some(out),
        Some(source),
        ABI_VERSION,
        None,
        Some("node"),
        true,
        OptLevel::default(),
    );
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
