//! The command line: arguments in, exit status out. The only home of clap, the terminal, the clock and the environment.

mod about;
mod accept;
mod add;
mod answer;
mod ask;
mod audit;
mod audited;
mod catalogues;
mod checkout;
mod check;
mod compile;
mod completions;
mod cost;
mod denied;
mod diff;
mod drill;
mod earlier;
mod error;
mod explain;
mod export;
mod fix;
mod fmt;
mod gate_rules;
mod graph;
mod guard;
mod hand_over;
mod help;
mod import;
mod init;
mod keys;
mod logs;
mod lsp;
mod man;
mod outages;
mod output;
mod progress;
mod refused;
mod registry;
mod resolve;
mod review;
mod scan;
mod schema;
mod side;
mod table_answer;
mod table_story;
mod table_words;
mod terminal;
mod test;
mod unified;
mod usage;
mod vectors;
mod verify;
mod watch;
mod who;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::decide::survey::{Case, Survey};
use crate::load;
use crate::model::Date;
use crate::render::root::Root;
use crate::source::visible;
use crate::testing;
use crate::workspace::{self, Checked, Workspace};
use error::{Answered, CommandError};
use progress::ProgressLine;
use refused::parse_date;

/// How every command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0: done, and nothing speaks against it.
    Fine,
    /// 1: the question has a negative answer.
    Negative,
    /// 2: it could not be asked.
    Unasked,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::Negative => 1,
            Status::Unasked => 2,
        })
    }
}

/// Policy as code for LLM routing, failover and budgets.
#[derive(Debug, Parser)]
#[command(name = "govctl", version, about, disable_help_subcommand = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The workspace: a folder with registry/, estate/ and policies/ [default: the current folder]
    #[arg(short = 'C', long = "workspace", value_name = "DIR", global = true)]
    workspace: Option<PathBuf>,
    /// The day for which everything is decided: certifications, agreements, retirements [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD", global = true, value_parser = parse_date)]
    as_of: Option<Date>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: ColorChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// How most commands print their answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Decide every context of every use case and report what is wrong
    Check(check::Arguments),
    /// Explain where a use case's requests go, in one sentence
    Resolve(resolve::Arguments),
    /// Explain what a finding means, with an example that has it and one that does not
    Explain(explain::Arguments),
    /// Write the verified decision table that gateways load
    Compile(compile::Arguments),
    /// Re-derive every cell of a decision table from the workspace
    Verify(verify::Arguments),
    /// Write test requests with the answers that every loader of a table must give
    Vectors(vectors::Arguments),
    /// Write a gateway's own configuration from the verified decisions, and list what it cannot express
    Export(export::Arguments),
    /// Explain what a change does, to whom, and what it costs
    Diff(diff::Arguments),
    /// Run the workspace's tests and measure what they reach
    Test(test::Arguments),
    /// Take down every combination of failure domains: what stops, what moves, what it costs
    Outages(outages::Arguments),
    /// Plan which outages to rehearse
    Drill(drill::Arguments),
    /// Add up what is expected to be spent, and what outages make of it
    Cost(cost::Arguments),
    /// Say who depends on a certification, an agreement, a provider, a region or a model, or what each model holds
    Who(who::Arguments),
    /// Compare spending with forecasts and limits
    Usage(usage::Arguments),
    /// Put what a quarterly review needs on one page
    Review(review::Arguments),
    /// Compare logs with the decisions that were in force, or replay them against others
    Audit(audit::Arguments),
    /// Draw the failover graph: which model leads to which, and what cuts a link
    Graph(graph::Arguments),
    /// Format policy files in the canonical layout
    Fmt(fmt::Arguments),
    /// Make a small, commented workspace to start from
    Init(init::Arguments),
    /// Make a workspace from the configuration of another program
    Import(import::Arguments),
    /// Update the registry's prices, context windows and last days from public catalogues
    Registry(registry::Arguments),
    /// Find hardcoded models, endpoints and keys in source code
    Scan(scan::Arguments),
    /// Print a JSON Schema of something that is read or written
    Schema(schema::Arguments),
    /// Serve an editor: diagnostics, hover, completion, renames and fixes while one writes
    Lsp(lsp::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Print a manual page, or write all of them
    Man(man::Arguments),
}

/// `help check` as `check --help`, which is how the help of a command is asked for.
fn without_help(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// The arguments; what help ends with is put together only where help is asked for.
fn parse(arguments: &[OsString]) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(arguments).map_err(|error| {
        let is_help = error.kind() == ErrorKind::DisplayHelp;
        let whole = || help::with_endings(Arguments::command()).try_get_matches_from(arguments).err();
        if is_help {
            return whole().unwrap_or(error);
        }
        refused::with_advice(error, arguments)
    })
}

/// Says why the arguments are refused. The parser repeats them as they are, so it is asked again with what is hidden in
/// them escaped.
fn say_refused(error: clap::Error) {
    let shown = |argument: OsString| visible::inline(&argument.to_string_lossy()).into_owned().into();
    let arguments: Vec<OsString> = without_help(std::env::args_os().map(shown).collect());
    let again = parse(&arguments).err().filter(|again| again.kind() == error.kind());
    let style = terminal::style(ColorChoice::Auto, terminal::Stream::Err);
    match again {
        Some(again) if style.color => terminal::say_drawn(&again.render().ansi().to_string(), style),
        again => terminal::say(&again.unwrap_or(error).render().to_string()),
    }
}

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    if let Some(status) = completions::answer().or_else(about::answer) {
        return status.into();
    }
    let arguments = match parse(&without_help(std::env::args_os().collect())) {
        Ok(arguments) => arguments,
        Err(error) => {
            if error.use_stderr() {
                say_refused(error);
                return Status::Unasked.into();
            }
            return terminal::written(error.print(), Status::Fine).unwrap_or_else(CommandError::say).into();
        }
    };
    guard::guarded(|| dispatch(arguments).unwrap_or_else(CommandError::say)).into()
}

/// The workspace that a command was given as a plain argument.
fn plain(command: &Command) -> Option<&Path> {
    let dir = match command {
        Command::Check(arguments) => &arguments.dir,
        Command::Compile(arguments) if arguments.output_meant().is_none() => &arguments.dir,
        Command::Test(arguments) => &arguments.dir,
        Command::Init(arguments) => &arguments.dir,
        _ => return None,
    };
    dir.as_deref()
}

fn dispatch(arguments: Arguments) -> Answered {
    let common = &arguments.common;
    if let (Some(plain), Some(named)) = (plain(&arguments.command), &common.workspace) {
        let (plain, named) = (plain.display(), named.display());
        return Err(format!("two workspaces are named, `{plain}` and `-C {named}`: name one").into());
    }
    match arguments.command {
        Command::Check(arguments) => check::run(&arguments, common),
        Command::Resolve(arguments) => resolve::run(&arguments, common),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Export(arguments) => export::run(&arguments, common),
        Command::Diff(arguments) => diff::run(&arguments, common),
        Command::Graph(arguments) => graph::run(&arguments, common),
        Command::Compile(arguments) => compile::run(&arguments, common),
        Command::Verify(arguments) => verify::run(&arguments, common),
        Command::Vectors(arguments) => vectors::run(&arguments, common),
        Command::Fmt(arguments) => fmt::run(&arguments, common),
        Command::Init(arguments) => init::run(&arguments, common),
        Command::Scan(arguments) => scan::run(&arguments, common),
        Command::Registry(arguments) => registry::run(&arguments, common),
        Command::Import(arguments) => import::run(&arguments, common),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments, common),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Test(arguments) => test::run(&arguments, common),
        Command::Cost(arguments) => cost::run(&arguments, common),
        Command::Who(arguments) => who::run(&arguments, common),
        Command::Review(arguments) => review::run(&arguments, common),
        Command::Usage(arguments) => usage::run(&arguments, common),
        Command::Audit(arguments) => audit::run(&arguments, common),
        Command::Outages(arguments) => outages::run(&arguments, common),
        Command::Drill(arguments) => drill::run(&arguments, common),
    }
}

impl Common {
    /// `--as-of`, by default today in UTC: the only reading of the clock.
    fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The same for another workspace.
    fn at(&self, workspace: &Path) -> Self {
        Self { workspace: Some(workspace.to_path_buf()), ..*self }
    }

    /// The workspace's folder: a plain argument or `-C`, which do not stand together, else the current folder.
    fn folder<'a>(&'a self, argument: Option<&'a Path>) -> &'a Path {
        argument.or(self.workspace.as_deref()).unwrap_or(Path::new("."))
    }

    /// Reads the workspace; or says why there is none.
    fn read(&self, argument: Option<&Path>) -> Result<Workspace, CommandError> {
        self.read_on(self.as_of(), argument)
    }

    /// The same, with what is said of its values.
    fn read_saying(&self, argument: Option<&Path>) -> Result<Workspace, CommandError> {
        self.reading(argument, |loaded| workspace::read_saying(loaded, self.as_of()))
    }

    /// The same on a day of its own.
    fn read_on(&self, as_of: Date, argument: Option<&Path>) -> Result<Workspace, CommandError> {
        self.reading(argument, |loaded| workspace::read(loaded, as_of))
    }

    fn reading(
        &self,
        argument: Option<&Path>,
        read: impl FnOnce(load::Loaded) -> Workspace,
    ) -> Result<Workspace, CommandError> {
        let progress = ProgressLine::of("reading the workspace");
        let read = load::load(self.folder(argument)).map(read);
        drop(progress);
        Ok(read?)
    }

    /// An absolute path as people write it: from the folder that the shell names, whose links are not resolved.
    fn textual(path: &Path) -> PathBuf {
        let here = std::env::current_dir().unwrap_or_default();
        let named = std::env::var_os("PWD").map(PathBuf::from).filter(|named| {
            let same = |a: &Path, b: &Path| Some(a.canonicalize().ok()? == b.canonicalize().ok()?);
            named.is_absolute() && same(named, &here) == Some(true)
        });
        named.unwrap_or(here).join(path)
    }

    /// What code hosts write paths from: the root of the git repository around the workspace, else the current folder, or
    /// the workspace itself where it lies elsewhere.
    fn root(&self, argument: Option<&Path>) -> Root {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let folder = self.folder(argument).canonicalize().unwrap_or_else(|_| here.clone());
        let top = load::repository::top(&folder).unwrap_or(&here);
        let inside = folder.strip_prefix(top);
        let top = if inside.is_ok() { top } else { folder.as_path() };
        Root { inside: inside.map(slashed).unwrap_or_default(), folder: slashed(top) }
    }

    fn style_out(&self) -> crate::render::human::Style {
        terminal::style(self.color, terminal::Stream::Out)
    }

    fn style_err(&self) -> crate::render::human::Style {
        terminal::style(self.color, terminal::Stream::Err)
    }
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// Decides everything and checks it, and shows how far that is.
fn checked_with_progress(workspace: &Workspace) -> Checked<'_> {
    workspace.check_showing(&ProgressLine::of("checking"))
}

/// Reads and decides the workspace, names its errors, and answers from its decisions where there are any.
fn decided(common: &Common, answer: impl FnOnce(&Survey) -> Answered) -> Answered {
    let workspace = common.read(None)?;
    decided_all(&workspace, common, answer)
}

/// Decides a workspace that was read, names its errors, and answers from its decisions where there are any.
fn decided_all(workspace: &Workspace, common: &Common, answer: impl FnOnce(&Survey) -> Answered) -> Answered {
    let checked = checked_with_progress(workspace);
    resolve::note_errors(workspace, &checked.findings, common);
    match &checked.survey {
        Some(survey) => answer(survey),
        None => Err(UNDECIDED.into()),
    }
}

/// Why nothing can be asked of a workspace.
const UNDECIDED: &str = "the workspace has errors that keep decisions from being made";

/// That a use case has no decision, and why.
fn undefined(survey: &Survey, case: &Case) -> String {
    let name = survey.world.use_cases[case.id].name.value.as_str();
    format!("the decision for `{name}` is not defined{}", testing::undefined::in_words(survey, case))
}

/// Says that an answer about all use cases is not about all of them.
fn note_left_out() {
    terminal::say("note: use cases whose decision is not defined are left out; `govctl check` says why\n");
}
