//! `govctl resolve`: where a use case's requests go, in one sentence.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCandidates;
use rayon::prelude::*;

use super::answer::{self, Answer};
use super::ask::{self, RequestArguments};
use super::{Answered, Common, Format, Status, completions, table_answer, terminal};
use crate::check::missing_attribute;
use crate::decide::survey::{Case, Survey};
use crate::diag::{Finding, Severity};
use crate::explain::{self, Explanation, story};
use crate::limits::MAX_CHECKED_FOR_ONE;
use crate::model::{Down, UseCase, UseCaseId, World};
use crate::render::{human, json};
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A use case, by name or endpoint tag
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    #[arg(add = ArgValueCandidates::new(completions::use_cases))]
    use_case: Option<String>,
    #[command(flatten)]
    request: RequestArguments,
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
    /// Require a signature of that table, in TABLE.sig, by this minisign public key; if repeated, any one of the keys
    /// will do
    #[arg(long, value_name = "FILE", requires = "table")]
    trusted_key: Vec<PathBuf>,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Trace the decision step by step
    #[arg(short, long)]
    verbose: bool,
}

/// An answer, and the lines that `-v` adds.
struct Resolved {
    answer: Answer,
    story: String,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    if let Some(path) = &arguments.table {
        let asked = arguments.use_case.as_deref();
        let answers = table_answer::answers(path, &arguments.trusted_key, asked, &arguments.request, common)?;
        let resolved = answers.into_iter().map(|(answer, story)| Resolved { answer, story });
        return print(arguments, &resolved.collect::<Vec<_>>());
    }
    let workspace = common.read(None)?;
    let answer = |survey: &Survey| match &arguments.use_case {
        Some(name) => print(arguments, &[resolve(survey, name, arguments)?]),
        None => stream(survey, arguments),
    };
    match (&workspace.world, &arguments.use_case) {
        (Some(world), Some(name)) if world.use_cases.len() > MAX_CHECKED_FOR_ONE => {
            let (id, _) = named(world, name)?;
            terminal::say(UNCHECKED);
            answer(&Survey::of_one(world, id))
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

/// What answers are asked of beside the use case.
struct Asked {
    down: Vec<Down>,
    why_not: Option<Down>,
}

impl Asked {
    fn of(survey: &Survey, arguments: &Arguments) -> Result<Self, String> {
        let why_not = arguments.why_not.as_deref();
        Ok(Self {
            down: ask::down(survey.world, &arguments.request.down)?,
            why_not: why_not.map(|name| ask::one_down(survey.world, name)).transpose()?,
        })
    }
}

/// The answer for a use case by name.
fn resolve(survey: &Survey, name: &str, arguments: &Arguments) -> Result<Resolved, String> {
    let asked = Asked::of(survey, arguments)?;
    let (id, use_case) = named(survey.world, name)?;
    let case = &survey.cases[id];
    let resolved = one(survey, case, arguments, &asked)?.ok_or_else(|| super::undefined(survey, case))?;
    let level = ask::context(survey.world, use_case, &arguments.request)?.classification;
    let level = &survey.world.classifications[level];
    ask::note_lower(arguments.request.classification.as_deref(), level, &use_case.name.value);
    Ok(resolved)
}

/// The use case that is asked of.
fn named<'a>(world: &'a World, name: &str) -> Result<(UseCaseId, &'a UseCase), String> {
    ask::use_case(world, name).map_err(|unknown| ask::not_several(name).err().unwrap_or(unknown))
}

/// How many answers are held at a time.
const AT_ONCE: usize = 256;

/// Prints the answers for all use cases, some at a time: together they can be larger than memory.
fn stream(survey: &Survey, arguments: &Arguments) -> Answered {
    let asked = Asked::of(survey, arguments)?;
    // What cannot be asked is refused before anything is printed.
    let mut left_out = false;
    for case in &survey.cases {
        left_out |= ask::asked(survey, case, &arguments.request)?.is_none();
    }
    if left_out {
        super::note_left_out();
    }
    let mut status = if left_out { Status::Negative } else { Status::Fine };
    let mut is_first = true;
    for cases in survey.cases.as_slice().chunks(AT_ONCE) {
        let text = |case: &Case| {
            let resolved = one(survey, case, arguments, &asked)?;
            Ok(resolved.map(|one| (shown(arguments, &one), one.answer.route.is_none())))
        };
        let texts: Vec<Option<(String, bool)>> = cases.par_iter().map(text).collect::<Result<_, String>>()?;
        let mut together = String::new();
        for (text, has_no_route) in texts.into_iter().flatten() {
            if has_no_route {
                status = Status::Negative;
            }
            together += &match arguments.format {
                Format::Human => text,
                Format::Json => json::item(&text, is_first),
            };
            is_first = false;
        }
        let wrote = match arguments.format {
            Format::Human => terminal::show(&together, Status::Fine),
            Format::Json => terminal::answer(&together, Status::Fine),
        };
        if wrote? != Status::Fine {
            // Nobody reads on.
            return Ok(if status == Status::Negative { status } else { Status::Unasked });
        }
    }
    match arguments.format {
        Format::Human => Ok(status),
        Format::Json => terminal::answer(json::items_end(is_first), status),
    }
}

/// An answer as it is printed.
fn shown(arguments: &Arguments, resolved: &Resolved) -> String {
    let Resolved { answer, story } = resolved;
    match arguments.format {
        Format::Json => json::to_text(answer),
        Format::Human => {
            let why = answer.why_not.as_ref().map(|why| format!("{why}\n")).unwrap_or_default();
            let story = if arguments.verbose { story.as_str() } else { "" };
            format!("{}\n{why}{story}", answer.sentence)
        }
    }
}

/// The answer for one use case; none where its decision is not defined.
fn one(
    survey: &Survey,
    case: &Case,
    arguments: &Arguments,
    asked: &Asked,
) -> Result<Option<Resolved>, String> {
    let Some(request) = ask::asked(survey, case, &arguments.request)? else { return Ok(None) };
    let explanation = Explanation::of(request.question(survey.world, &asked.down));
    let mut answer = match arguments.format {
        Format::Human => answer::in_words(&explanation),
        Format::Json => {
            Answer { excluded: Some(answer::excluded(&explanation)), ..answer::from_world(&explanation) }
        }
    };
    answer.why_not = asked.why_not.map(|asked| {
        let models = survey.world.models.ids().filter(|model| asked.takes(survey.world, *model));
        let answers = models.map(|model| explain::why_not(&explanation, model));
        answers.collect::<Vec<String>>().join("\n")
    });
    let story = if arguments.verbose { story::story(&explanation) } else { String::new() };
    Ok(Some(Resolved { answer, story }))
}

fn print(arguments: &Arguments, resolved: &[Resolved]) -> Answered {
    let no_route = resolved.iter().any(|one| one.answer.route.is_none());
    let status = if no_route { Status::Negative } else { Status::Fine };
    let text = match arguments.format {
        Format::Json if arguments.all => {
            json::to_text(&resolved.iter().map(|one| &one.answer).collect::<Vec<&Answer>>())
        }
        Format::Human | Format::Json => resolved.iter().map(|one| shown(arguments, one)).collect(),
    };
    let is_talk = matches!(arguments.format, Format::Human);
    if is_talk { terminal::show(&text, status) } else { terminal::answer(&text, status) }
}
