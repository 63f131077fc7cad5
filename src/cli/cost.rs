//! `govctl cost`: what is expected to be spent a month, and what outages make of it.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::{Answered, Common, Status, terminal};
use crate::cost::forecast::{By, Forecast};
use crate::decide::survey::Survey;
use crate::render::cost as render;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to add up by
    #[arg(long, value_name = "DIMENSION", default_value = "use_case", value_parser = dimensions())]
    by: By,
    /// How to print the answer; `focus` is CSV in the columns of FOCUS, one charge for each use case
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Csv,
    Json,
    Focus,
}

/// A dimension by its name.
pub(super) fn dimensions() -> impl TypedValueParser<Value = By> {
    let named = |name: String| By::ALL.into_iter().find(|by| by.name() == name);
    PossibleValuesParser::new(By::ALL.map(By::name)).map(move |name| named(name).unwrap_or(By::UseCase))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    super::decided(common, |survey| answer(survey, arguments, common))
}

fn answer(survey: &Survey, arguments: &Arguments, common: &Common) -> Answered {
    let forecast = Forecast::new(survey);
    let status = if forecast.undecided.is_empty() { Status::Fine } else { Status::Negative };
    if status == Status::Negative {
        super::note_left_out();
    }
    let by = arguments.by;
    match arguments.format {
        Format::Human => terminal::show(&render::human(&forecast, by, common.style_out().width), status),
        Format::Csv => terminal::document_in_pieces(status, |out| render::csv(&forecast, by, out)),
        Format::Json => {
            terminal::answer_in_pieces(status, |out| render::json(&forecast, by, common.as_of(), out))
        }
        Format::Focus => terminal::document(&render::focus(&forecast, common.as_of()), status),
    }
}
