//! `govctl outages`: what stops, and what goes elsewhere, while failure domains are down.

use clap::Args;

use super::progress::ProgressLine;
use super::{Answered, Common, Format, Status, terminal};
use crate::decide::survey::Survey;
use crate::limits::MAX_OUTAGE_COMBINATIONS;
use crate::outages::{self, TooMany};
use crate::render::{outages as human, outages_json};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Most failure domains that are down at the same time
    #[arg(short = 'k', long = "down-together", value_name = "N", default_value_t = 2,
          value_parser = super::refused::parse_count)]
    most_down: u16,
    /// Print every combination and every use case
    #[arg(long)]
    all: bool,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    super::decided(common, |survey| answer(survey, arguments, common))
}

fn answer(survey: &Survey, arguments: &Arguments, common: &Common) -> Answered {
    let progress = ProgressLine::of("taking failure domains down");
    let report = outages::report(survey, usize::from(arguments.most_down));
    drop(progress);
    let report = match report {
        Ok(report) => report,
        Err(too_many) => return Err(too_many_words(arguments.most_down, too_many).into()),
    };
    let status = if report.undecided.is_empty() { Status::Fine } else { Status::Negative };
    if status == Status::Negative {
        super::note_left_out();
    }
    let style = common.style_out();
    match arguments.format {
        Format::Human => {
            terminal::show_in_pieces(style, status, |out| human::write(&report, arguments.all, style, out))
        }
        Format::Json => terminal::answer_in_pieces(status, |out| outages_json::write(&report, out)),
    }
}

/// Why not every combination is worked out.
pub(super) fn too_many_words(asked: u16, too_many: TooMany) -> String {
    let TooMany { failure_domains, combinations, possible } = too_many;
    let many = if combinations == usize::MAX { "too many".to_owned() } else { combinations.to_string() };
    let help = match possible {
        0 => "the workspace has too many failure domains for that".to_owned(),
        possible => format!("ask for fewer with `-k {possible}`"),
    };
    format!(
        "up to {asked} of {failure_domains} failure domains down are {many} combinations, and at most \
         {MAX_OUTAGE_COMBINATIONS} are worked out; {help}"
    )
}
