//! `govctl graph`: the failover graph of one use case, or of all.

use clap::{Args, ValueEnum};

use super::ask::{self, RequestArguments};
use super::{Answered, Common, Status, terminal};
use crate::decide::survey::Survey;
use crate::explain::Explanation;
use crate::graph::build::{Scope, build};
use crate::graph::{Graph, dot, mermaid, svg};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A use case, by name or endpoint tag [default: all]
    use_case: Option<String>,
    #[command(flatten)]
    request: RequestArguments,
    /// How to write the graph
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
    Svg,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    super::decided(common, |survey| answer(survey, arguments))
}

fn answer(survey: &Survey, arguments: &Arguments) -> Answered {
    let drawn = draw(survey, arguments)
        .and_then(|(graph, left_out)| Ok((write(&graph, arguments.format)?, left_out)));
    match drawn {
        Ok((text, 0)) => terminal::document(&text, Status::Fine),
        Ok((text, _)) => {
            super::note_left_out();
            terminal::document(&text, Status::Negative)
        }
        Err(message) => Err(message.into()),
    }
}

/// The graph, and how many use cases had to be left out of it.
fn draw(survey: &Survey, arguments: &Arguments) -> Result<(Graph, usize), String> {
    let world = survey.world;
    let down = ask::down(world, &arguments.request.down)?;
    let (scope, asked) = if let Some(name) = &arguments.use_case {
        let (id, _) = ask::use_case(world, name)?;
        let case = &survey.cases[id];
        let undefined = || super::undefined(survey, case);
        (Scope::One, vec![ask::asked(survey, case, &arguments.request)?.ok_or_else(undefined)?])
    } else {
        let asked =
            survey.cases.iter().filter_map(|case| ask::asked(survey, case, &arguments.request).transpose());
        (Scope::All, asked.collect::<Result<_, String>>()?)
    };
    let explained = asked.iter().map(|asked| Explanation::of(asked.question(world, &down)));
    let explained: Vec<Explanation> = explained.collect();
    let all = if scope == Scope::All { survey.cases.len() } else { 1 };
    Ok((build(world, &explained, scope), all - explained.len()))
}

fn write(graph: &Graph, format: Format) -> Result<String, String> {
    match format {
        Format::Dot => Ok(dot::write(graph)),
        Format::Mermaid => Ok(mermaid::write(graph)),
        Format::Svg => svg::write(graph),
    }
}
