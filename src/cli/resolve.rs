//! `govctl resolve`: where a use case's requests go, in one sentence.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::answer::{self, Answer};
use super::ask::{self, Request};
use super::{Common, Format, Status, completions, table_answer, terminal};
use crate::check::missing_attribute;
use crate::decide::survey::{Case, Survey};
use crate::diag::{Finding, Severity};
use crate::explain::{self, Explanation, story};
use crate::limits::MAX_CHECKED_FOR_ONE;
use crate::model::Down;
use crate::render::{human, json};
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A use case, by name or endpoint tag
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    #[arg(add = ArgValueCandidates::new(completions::use_cases))]
    use_case: Option<String>,
    #[command(flatten)]
    request: Request,
    /// Say why this model, or each model of this provider, does not serve the request
    #[arg(long, value_name = "MODEL|PROVIDER", conflicts_with = "table")]
    #[arg(add = ArgValueCandidates::new(completions::selectors))]
    why_not: Option<String>,
    /// Every use case, by name
    #[arg(long)]
    all: bool,
    /// Answer from a compiled table; no workspace is read
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Ask for a signature of that table by this minisign public key; repeated: by one of them
    #[arg(long, value_name = "FILE", requires = "table")]
    trusted_key: Vec<PathBuf>,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Say how it came about, model by model
    #[arg(short, long)]
    verbose: bool,
}

/// An answer, and the lines that `-v` adds.
struct Resolved {
    answer: Answer,
    story: String,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    if let Some(path) = &arguments.table {
        let asked = arguments.use_case.as_deref();
        return match table_answer::answers(path, &arguments.trusted_key, asked, &arguments.request, common) {
            Ok(answers) => {
                let resolved = answers.into_iter().map(|(answer, story)| Resolved { answer, story });
                print(arguments, &resolved.collect::<Vec<_>>(), false)
            }
            Err(message) => terminal::refuse(&message),
        };
    }
    let workspace = match common.read(None) {
        Ok(workspace) => workspace,
        Err(status) => return status,
    };
    let answer = |survey: &Survey| match resolve(survey, arguments) {
        Ok((resolved, left_out)) => print(arguments, &resolved, left_out),
        Err(message) => terminal::refuse(&message),
    };
    match (&workspace.world, &arguments.use_case) {
        (Some(world), Some(name)) if world.use_cases.len() > MAX_CHECKED_FOR_ONE => {
            match ask::use_case(world, name) {
                Ok((id, _)) => {
                    terminal::say(UNCHECKED);
                    answer(&Survey::of_one(world, id))
                }
                Err(message) => terminal::refuse(&message),
            }
        }
        _ => super::decided_all(&workspace, common, answer),
    }
}

/// What is said where nothing but the use case in question was decided.
const UNCHECKED: &str = "note: only this use case was decided, and nothing was checked: errors elsewhere are what `govctl check` finds\n";

/// Names the errors of the workspace on stderr; of the rest `check` tells.
pub(super) fn note_errors(workspace: &Workspace, findings: &[Finding], common: &Common) {
    let together = missing_attribute::together(findings);
    let errors: Vec<_> = together.iter().filter(|f| f.severity == Severity::Error).collect();
    if errors.is_empty() {
        return;
    }
    let style = common.style_err();
    let mut text = String::new();
    for finding in errors.iter().take(10) {
        text += &human::one_line(&workspace.sources, finding, style);
    }
    let more = errors.len().saturating_sub(10);
    if more > 0 {
        let errors = if more == 1 { "error" } else { "errors" };
        text += &format!("and {more} more {errors}; `govctl check` shows them all\n");
    }
    terminal::say_drawn(&text, style);
}

/// The answers, and whether a use case had to be left out.
fn resolve(survey: &Survey, arguments: &Arguments) -> Result<(Vec<Resolved>, bool), String> {
    let world = survey.world;
    let down = ask::down(world, &arguments.request.down)?;
    let why_not = arguments.why_not.as_deref().map(|name| ask::one_down(world, name)).transpose()?;
    let Some(name) = &arguments.use_case else {
        let answers = survey.cases.iter().map(|case| one(survey, case, arguments, &down, why_not));
        let answers: Vec<Option<Resolved>> = answers.collect::<Result<_, String>>()?;
        let left_out = answers.iter().any(Option::is_none);
        return Ok((answers.into_iter().flatten().collect(), left_out));
    };
    let (id, _) = ask::use_case(world, name)?;
    let case = &survey.cases[id];
    match one(survey, case, arguments, &down, why_not)? {
        Some(resolved) => Ok((vec![resolved], false)),
        None => Err(super::undefined(survey, case)),
    }
}

/// The answer for one use case; none where its decision is not defined.
fn one(
    survey: &Survey,
    case: &Case,
    arguments: &Arguments,
    down: &[Down],
    why_not: Option<Down>,
) -> Result<Option<Resolved>, String> {
    let Some(asked) = ask::asked(survey, case, &arguments.request)? else { return Ok(None) };
    let explanation = Explanation::of(asked.question(survey.world, down));
    let mut answer = answer::from_world(&explanation);
    answer.why_not = why_not.map(|asked| {
        let models = survey.world.models.ids().filter(|model| asked.takes(survey.world, *model));
        let answers = models.map(|model| explain::why_not(&explanation, model));
        answers.collect::<Vec<String>>().join("\n")
    });
    let story = if arguments.verbose { story::story(&explanation) } else { String::new() };
    Ok(Some(Resolved { answer, story }))
}

fn print(arguments: &Arguments, resolved: &[Resolved], left_out: bool) -> Status {
    let no_route = resolved.iter().any(|one| one.answer.route.is_none());
    let status = if no_route || left_out { Status::Negative } else { Status::Fine };
    if left_out {
        super::note_left_out();
    }
    let text = match arguments.format {
        Format::Human => {
            let mut text = String::new();
            for one in resolved {
                text += &format!("{}\n", one.answer.sentence);
                text += &one.answer.why_not.as_ref().map(|why| format!("{why}\n")).unwrap_or_default();
                if arguments.verbose {
                    text += &one.story;
                }
            }
            text
        }
        Format::Json if arguments.all => {
            json::to_text(&resolved.iter().map(|one| &one.answer).collect::<Vec<&Answer>>())
        }
        Format::Json => resolved.iter().map(|one| json::to_text(&one.answer)).collect(),
    };
    let is_talk = matches!(arguments.format, Format::Human);
    if is_talk { terminal::show(&text, status) } else { terminal::answer(&text, status) }
}
