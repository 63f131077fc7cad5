//! `govctl drill`: which outages to rehearse.

use clap::{Args, Subcommand};

use super::{Answered, Common, Format, Status, outages as taken, terminal};
use crate::decide::survey::Survey;
use crate::limits::shown;
use crate::outages::{self, drills};
use crate::render::drills as render;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which outages to rehearse next, those that prove most first, with the routes to expect
    Plan(PlanArguments),
}

#[derive(Debug, Args)]
struct PlanArguments {
    /// Most failure domains that are taken down together
    #[arg(short = 'k', long = "down-together", value_name = "N", default_value_t = 1,
          value_parser = super::refused::parse_count)]
    most_down: u16,
    /// Print every outage
    #[arg(long)]
    all: bool,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let Action::Plan(arguments) = &arguments.action;
    super::decided(common, |survey| planned(survey, arguments, common))
}

fn planned(survey: &Survey, arguments: &PlanArguments, common: &Common) -> Answered {
    let report = match outages::report(survey, usize::from(arguments.most_down)) {
        Ok(report) => report,
        Err(too_many) => return Err(taken::too_many_words(arguments.most_down, too_many).into()),
    };
    let status = if report.undecided.is_empty() { Status::Fine } else { Status::Negative };
    if status == Status::Negative {
        super::note_left_out();
    }
    let plan = drills::plan(survey.world, &report);
    let most = if arguments.all { usize::MAX } else { shown::DRILLS };
    let planned = render::Planned { plan: &plan, report: &report, most, as_of: survey.world.as_of };
    match arguments.format {
        Format::Human => {
            let style = common.style_out();
            terminal::show_drawn(&render::human(&planned, style), style, status)
        }
        Format::Json => terminal::answer(&render::json(&planned), status),
    }
}
