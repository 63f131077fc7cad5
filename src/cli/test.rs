//! `govctl test`: what the `test` statements expect, held against what is decided.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::{Answered, Common, Status, ask, output, resolve, terminal};
use crate::decide::survey::Survey;
use crate::diag::Code;
use crate::limits::MAX_SUGGESTIONS;
use crate::model::words::count;
use crate::number::{Rational, round_half_even};
use crate::render::{coverage as report, junit, test_json, test_run};
use crate::source::{FileId, visible};
use crate::syntax;
use crate::testing::coverage::{self, Coverage};
use crate::testing::suggest::{self, Suggestions};
use crate::testing::{self, TestRun};
use crate::workspace::Workspace;

/// What stands above suggestions.
const SUGGESTED: &str = "\
# Written by `govctl test --suggest`: today's answers, for a person to confirm or to mend.

";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workspace, as with -C
    pub(super) dir: Option<PathBuf>,
    /// Run only the tests whose name contains this, in any case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Say which rules, preferences, links, budgets and guarantees no test reaches, and how many decisions
    #[arg(long)]
    coverage: bool,
    /// Write the coverage of policy files for viewers
    #[arg(long, value_name = "FILE")]
    coverage_lcov: Option<PathBuf>,
    /// End with status 1 where the total coverage is lower
    #[arg(long, value_name = "PERCENT", value_parser = percent_of_the_policy)]
    fail_under: Option<Rational>,
    /// Write tests for what none reaches, with today's answers, for a person to confirm
    #[arg(long, conflicts_with = "filter")]
    suggest: bool,
}

impl Arguments {
    /// Whether it is asked what the tests reach.
    fn measures(&self) -> bool {
        self.coverage || self.coverage_lcov.is_some() || self.fail_under.is_some() || self.suggest
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Junit,
}

/// `42` or `42%`: here nothing else than a percent can be meant.
fn percent_of_the_policy(text: &str) -> Result<Rational, String> {
    ask::parse_percent(text).or_else(|error| ask::parse_percent(&format!("{text}%")).map_err(|_| error))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    if arguments.suggest && arguments.format == Format::Junit {
        return Err("`--suggest` writes policy text or JSON, not JUnit".into());
    }
    if let Some(name) = arguments.dir.as_deref().filter(|dir| !dir.exists()).and_then(Path::to_str) {
        let name = visible::inline(name);
        return Err(format!(
            "there is no workspace `{name}`\n  help: a plain argument is a folder; to run tests by their name, `govctl test --filter \"{name}\"`"
        )
        .into());
    }
    let workspace = common.read(arguments.dir.as_deref())?;
    let checked = super::checked_with_progress(&workspace);
    let mut findings = checked.findings;
    findings.retain(|finding| finding.code != Code("test-failed"));
    resolve::note_errors(&workspace, &findings, common);
    let Some(survey) = &checked.survey else {
        return Err(super::UNDECIDED.into());
    };
    let runs = wanted(survey, arguments.filter.as_deref())?;
    let progress = ProgressLine::of("measuring what tests reach");
    let measured = arguments.measures().then(|| coverage::coverage(survey, &runs));
    let suggested = measured
        .as_ref()
        .filter(|_| arguments.suggest)
        .map(|measured| laid_out(suggest::suggest(survey, &workspace.sources, measured)));
    drop(progress);
    let all = Answer { workspace: &workspace, survey, runs: &runs, measured, suggested };
    if let (Some(path), Some(measured)) = (&arguments.coverage_lcov, &all.measured) {
        let prefix = prefix(common.folder(arguments.dir.as_deref()));
        let text = report::lcov(&workspace.sources, measured, &prefix);
        if let Err(error) = output::write(path, text.as_bytes()) {
            return Err(format!("cannot write `{}`: {error}", path.display()).into());
        }
    }
    let status = all.status(arguments);
    let text = all.text(arguments, common);
    let is_talk = matches!(arguments.format, Format::Human) && !arguments.suggest;
    if is_talk {
        terminal::show_drawn(&text, common.style_out(), status)
    } else if matches!(arguments.format, Format::Json) {
        terminal::answer(&text, status)
    } else {
        terminal::document(&text, status)
    }
}

/// The same in the canonical layout: what is proposed is pasted as it is.
fn laid_out(mut suggestions: Suggestions) -> Suggestions {
    for one in &mut suggestions.tests {
        if let Ok(text) = syntax::format(FileId::default(), &one.text) {
            one.text = text;
        }
    }
    suggestions
}

/// Runs the tests that a filter picks; a filter that picks none is a slip.
fn wanted<'a>(survey: &'a Survey<'a>, filter: Option<&str>) -> Result<Vec<TestRun<'a>>, String> {
    let Some(filter) = filter else { return Ok(testing::run(survey, |_| true)) };
    let lower = filter.to_lowercase();
    let runs = testing::run(survey, |name| name.to_lowercase().contains(&lower));
    if runs.is_empty() {
        let tests = count(survey.world.tests.len(), "test", "tests");
        return Err(format!("no test has `{filter}` in its name; the workspace has {tests}"));
    }
    Ok(runs)
}

/// What leads from the current folder to the workspace, as a viewer of coverage needs it.
fn prefix(folder: &Path) -> String {
    let shown = folder.to_string_lossy().replace('\\', "/");
    let shown = shown.trim_start_matches("./").trim_end_matches('/');
    match shown {
        "" | "." if !folder.is_absolute() => String::new(),
        shown => format!("{shown}/"),
    }
}

struct Answer<'a> {
    workspace: &'a Workspace,
    survey: &'a Survey<'a>,
    runs: &'a [TestRun<'a>],
    measured: Option<Coverage>,
    suggested: Option<Suggestions>,
}

impl Answer<'_> {
    fn status(&self, arguments: &Arguments) -> Status {
        let mut status = if self.runs.iter().all(TestRun::passed) { Status::Fine } else { Status::Negative };
        if let (Some(least), Some(measured)) = (&arguments.fail_under, &self.measured) {
            let percent = measured.total().percent();
            if percent < *least {
                let (is, least) = (round_half_even(&percent, 1), round_half_even(least, 1));
                terminal::say(&format!("error: tests reach {is}% of the policy, which is under {least}%\n"));
                status = Status::Negative;
            }
        }
        status
    }

    fn text(&self, arguments: &Arguments, common: &Common) -> String {
        let (sources, runs) = (&self.workspace.sources, self.runs);
        let left_out = self.survey.world.tests.len() - runs.len();
        let table = |style| {
            let measured = self.measured.as_ref().filter(|_| arguments.coverage);
            measured.map(|measured| report::table(sources, measured, style)).unwrap_or_default()
        };
        if let Some(suggested) = &self.suggested {
            if suggested.left > 0 {
                let more = format!("there is more to reach than {MAX_SUGGESTIONS} tests do");
                terminal::say(&format!("note: {more}; keep these and ask again\n"));
            }
            if suggested.tests.is_empty() {
                terminal::say("note: tests reach everything that a request can\n");
            }
        }
        match arguments.format {
            Format::Human => {
                if let Some(suggested) = &self.suggested {
                    let texts: Vec<&str> = suggested.tests.iter().map(|one| one.text.as_str()).collect();
                    let head = if texts.is_empty() { "" } else { SUGGESTED };
                    return head.to_owned() + &texts.join("\n");
                }
                if runs.is_empty() {
                    terminal::say("note: the workspace has no tests; `--suggest` writes some\n");
                }
                let table = table(common.style_out());
                let gap = if table.is_empty() { "" } else { "\n" };
                test_run::render(sources, runs, left_out, common.style_out()) + gap + &table
            }
            Format::Json => {
                let more = test_json::More {
                    left_out,
                    coverage: self.measured.as_ref().filter(|_| arguments.coverage),
                    suggestions: self.suggested.as_ref().map(|suggested| suggested.tests.as_slice()),
                };
                test_json::render(sources, self.survey.world, runs, more)
            }
            Format::Junit => {
                terminal::say_drawn(&table(common.style_err()), common.style_err());
                junit::render(sources, &common.root(arguments.dir.as_deref()), runs)
            }
        }
    }
}
