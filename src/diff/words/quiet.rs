//! What is written otherwise and moves no decision of the day, in words.

use super::super::causes::Cause;
use super::super::phrase::Phrase;
use super::super::{Diff, source_lines};
use crate::limits::shown;

/// One line each: ``registry/openai.yaml:7 provider openai regions changed: `regions: [us]` → `regions: [us, eu]` ``.
pub fn quiet(diff: &Diff) -> Vec<Phrase> {
    let line = |cause: &Cause| {
        let line = Phrase::default().text(cause.to_string());
        let text = |sign: char| {
            let lines = source_lines::lines(cause).into_iter().filter(|line| line.sign == sign);
            let words = lines
                .flat_map(|line| line.text.split_whitespace().map(str::to_owned).collect::<Vec<String>>());
            words.collect::<Vec<String>>().join(" ")
        };
        let (old, new) = (text('-'), text('+'));
        let is_short = old.chars().count() + new.chars().count() <= shown::QUIET_TEXT;
        if old.is_empty() || new.is_empty() || !is_short {
            return line;
        }
        line.words(": ").name(&old).words(" → ").name(&new)
    };
    diff.quiet.iter().map(line).collect()
}
