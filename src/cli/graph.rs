//! `govctl graph`: the failover graph of one use case, or of all.

use clap::{Args, ValueEnum};

use super::ask::{self, Request};
use super::{Common, Status, resolve, terminal};
use crate::check::survey::{Case, Survey};
use crate::decide::Decision;
use crate::explain::Question;
use crate::graph::build::{Scope, build};
use crate::graph::{Graph, dot, mermaid, svg};
use crate::model::{Context, Selector, UseCase, World};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A use case, by name or endpoint tag [default: all]
    use_case: Option<String>,
    #[command(flatten)]
    request: Request,
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

/// A use case as it is asked about, and its decision.
struct Asked<'a> {
    use_case: &'a UseCase,
    context: Context,
    decision: &'a Decision,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let workspace = match common.read(None) {
        Ok(workspace) => workspace,
        Err(status) => return status,
    };
    let checked = super::check_watched(&workspace);
    resolve::note_errors(&workspace, &checked.findings, common);
    let (Some(world), Some(survey)) = (&workspace.world, &checked.survey) else {
        return refuse("the workspace has errors that keep decisions from being made");
    };
    let drawn = draw(world, survey, arguments)
        .and_then(|(graph, left_out)| Ok((write(&graph, arguments.format)?, left_out)));
    match drawn {
        Ok((text, 0)) => terminal::answer(&text, Status::Fine),
        Ok((text, _)) => {
            terminal::say(
                "note: use cases whose decision is not defined are left out; `govctl check` says why\n",
            );
            terminal::answer(&text, Status::Negative)
        }
        Err(message) => refuse(&message),
    }
}

fn refuse(message: &str) -> Status {
    terminal::say(&format!("error: {message}\n"));
    Status::Unasked
}

/// The graph, and how many use cases had to be left out of it.
fn draw(world: &World, survey: &Survey, arguments: &Arguments) -> Result<(Graph, usize), String> {
    let down = ask::down(world, &arguments.request.down)?;
    let (scope, asked) = if let Some(name) = &arguments.use_case {
        let (id, _) = ask::use_case(world, name)?;
        let case = survey.cases.get(id).ok_or("the use case was not decided")?;
        let undefined = || format!("the decision for `{name}` is not defined; `govctl check` says why");
        (Scope::One, vec![one(survey, case, arguments)?.ok_or_else(undefined)?])
    } else {
        let asked = survey.cases.iter().filter_map(|case| one(survey, case, arguments).transpose());
        (Scope::All, asked.collect::<Result<_, String>>()?)
    };
    let questions: Vec<Question> = asked.iter().map(|asked| asked.question(world, &down)).collect();
    let all = if scope == Scope::All { survey.cases.len() } else { 1 };
    Ok((build(world, &questions, scope), all - questions.len()))
}

/// What is asked of one use case; none where its decision is not defined.
fn one<'a>(survey: &'a Survey, case: &'a Case, arguments: &Arguments) -> Result<Option<Asked<'a>>, String> {
    let world = survey.world;
    let Some(use_case) = world.use_cases.get(case.id) else { return Ok(None) };
    let context = ask::context(world, use_case, &arguments.request)?;
    if !case.is_decided() {
        return Ok(None);
    }
    let Some(Ok(decision)) = survey.decision(case, &context) else { return Ok(None) };
    Ok(Some(Asked { use_case, context, decision }))
}

impl Asked<'_> {
    fn question<'b>(&'b self, world: &'b World, down: &'b [Selector]) -> Question<'b> {
        Question { world, use_case: self.use_case, context: &self.context, decision: self.decision, down }
    }
}

fn write(graph: &Graph, format: Format) -> Result<String, String> {
    match format {
        Format::Dot => Ok(dot::write(graph)),
        Format::Mermaid => Ok(mermaid::write(graph)),
        Format::Svg => svg::write(graph),
    }
}
