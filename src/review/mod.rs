//! A quarter on one page: what changed, who may reach what, what it costs, what ends, what is due, who signs.
//!
//! [`page`] computes a [`Page`], which is plain: sections of text, tables and charts. `html` and `markdown` write it.

mod afterwards;
mod attention;
mod changes;
mod charts;
mod endings;
mod exceptions;
pub mod html;
mod logs;
mod made;
pub mod markdown;
mod models;
mod money;
mod outage;
mod promises;
mod reach;
mod signing;
mod spent;
mod style;
mod traffic;

use std::sync::Arc;

pub use logs::Logged;

use crate::accepted::Accepted;
use crate::cost::forecast::Forecast;
use crate::decide::survey::Survey;
use crate::diag::{Finding, Kind, Silenced};
use crate::diff::Diff;
use crate::diff::findings::Findings;
use crate::limits::shown;
use crate::model::Date;
use crate::model::reviews::Review;
use crate::model::words::{count, number, some};
use crate::number::Rational;
use crate::source::Sources;
use crate::source::spans::quoted;
use crate::usage;

/// Everything that a page is made from.
#[derive(Debug)]
pub struct Input<'a> {
    /// What the workspace is called.
    pub name: &'a str,
    /// Where its findings point to.
    pub sources: &'a Sources,
    /// Other files that the page rests on, each with its SHA-256 in hexadecimal; empty where it cannot be known.
    pub also: &'a [(String, String)],
    /// Every decision of every use case.
    pub survey: &'a Survey<'a>,
    /// What `check` finds.
    pub findings: &'a [Finding],
    /// What of it nobody has accepted.
    pub open: &'a [&'a Finding],
    /// What is known of every kind of finding.
    pub kinds: &'a [Kind],
    /// What comments silence.
    pub silenced: &'a [Silenced],
    /// What is accepted.
    pub accepted: &'a Accepted,
    /// The reviews that `govctl.yaml` names.
    pub reviews: &'a [Review],
    /// What was there before, and what is found newly.
    pub since: Option<(&'a Diff, &'a Findings<'a>)>,
    /// What was spent in a month.
    pub spent: Option<(&'a usage::report::Asked<'a>, &'a usage::report::Report)>,
    /// What that was added up from.
    pub ledger: Option<&'a usage::Ledger>,
    /// That beside bills of providers, where there are some.
    pub pairs: &'a [usage::reconcile::Pair],
    /// What `audit` finds in logs.
    pub logged: Option<Logged<'a>>,
    /// From which share of the expected spend on one provider is too much, in percent.
    pub concentration: &'a Rational,
}

/// What is written, in sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What it is of, one sentence.
    pub lead: String,
    /// The day on which everything is decided.
    pub as_of: Date,
    /// What to know first.
    pub tiles: Vec<Tile>,
    /// In the order of reading.
    pub sections: Vec<Section>,
}

/// A number at the head of the page, with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "plain words")]
pub struct Tile {
    pub label: &'static str,
    pub value: String,
    pub note: String,
    pub tone: Tone,
}

/// How something is to be taken. The words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// To be mended.
    Bad,
    /// By the way.
    Muted,
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What links lead to: `#money`.
    pub id: &'static str,
    /// As the list of contents shows it.
    pub title: &'static str,
    /// What it says, in sentences; words of others in back quotes.
    pub lead: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// What stands in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Sentences, one a line, with a heading that may be empty.
    Lines(String, Vec<String>),
    /// Rows below a head.
    Table(Table),
    /// Bars; the numbers stand in a table beside it.
    Bars(Bars),
    /// Days; they stand in a table beside it.
    Days(Days),
}

/// A table; the first cell of a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Heads of columns, and whether numbers stand below.
    pub columns: Vec<(String, bool)>,
    /// A cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// What is said where there are no rows.
    pub none: &'static str,
    /// It is shown on demand.
    pub is_folded: bool,
}

/// What stands in a row, with its tone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Words of others in back quotes, unless all of it is such. Cells of several rows may share it.
    pub text: Arc<str>,
    /// All of it is a name of others.
    pub is_name: bool,
    /// How to take it.
    pub tone: Tone,
}

/// Bars from the left, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What is shown.
    pub title: String,
    /// What a reader who does not see it is told.
    pub description: String,
    /// Names, and how long each bar is in thousandths of the width.
    pub rows: Vec<Bar>,
    /// A line across, in thousandths, and what it means.
    pub line: Option<(u16, String)>,
}

/// One line of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is of: a name of others.
    pub name: String,
    /// What is written at its end.
    pub label: String,
    /// Thousandths of the width.
    pub length: u16,
    /// A second, thinner bar below.
    pub second: Option<u16>,
    /// How to take it.
    pub tone: Tone,
}

/// Days on a line from the as-of date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// What is shown.
    pub title: String,
    /// What a reader who does not see it is told.
    pub description: String,
    /// How many days there are.
    pub length: u16,
    /// The days that are marked below the line, with their names.
    pub ticks: Vec<(u16, String)>,
    /// What happens: day, name, how to take it.
    pub marks: Vec<(u16, String, Tone)>,
}

impl Cell {
    /// Our words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into().into(), ..Self::default() }
    }

    /// A name of others.
    pub fn name(name: impl Into<String>) -> Self {
        Self { text: name.into().into(), is_name: true, tone: Tone::Plain }
    }

    /// The same to be taken so.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Table {
    /// A table without rows. A head that ends in `#` stands over numbers.
    pub fn new(caption: impl Into<String>, heads: &[&str], none: &'static str) -> Self {
        let column = |head: &&str| {
            let number = head.strip_suffix('#');
            (number.unwrap_or(head).to_owned(), number.is_some())
        };
        Self { caption: caption.into(), columns: heads.iter().map(column).collect(), none, ..Self::default() }
    }

    /// The first so many rows; of the others it is said how many they are and what lists them.
    #[must_use]
    pub fn cut(mut self, most: usize, listed: &str) -> Self {
        let more = self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
        self.is_short_of(more, listed)
    }

    /// The same with a word of so many rows that it does not have.
    #[must_use]
    pub fn is_short_of(mut self, more: usize, listed: &str) -> Self {
        if more > 0 {
            self.caption += &format!("; {} more in `{listed}`", number(more));
        }
        self
    }

    /// The same, shown on demand where it is long.
    #[must_use]
    pub fn folded_past(mut self, rows: usize) -> Self {
        self.is_folded = self.rows.len() > rows;
        self
    }
}

impl Input<'_> {
    /// The use cases without a decision, by name: nothing that rests on decisions says anything of them.
    fn undecided(&self) -> Vec<&str> {
        let world = self.survey.world;
        let cases = self.survey.cases.iter().filter(|case| !case.is_decided());
        cases.map(|case| world.use_cases[case.id].name.value.as_str()).collect()
    }

    /// That they are left out, as a further sentence; nothing where every use case is decided.
    fn left_out(&self, what: &str) -> String {
        let names = self.undecided();
        if names.is_empty() {
            return String::new();
        }
        let (are, named) = (if names.len() == 1 { "is" } else { "are" }, some(&names, shown::REVIEW_NAMES));
        format!(" {named} {are} not decided{what}.")
    }
}

/// A sentence, which begins with a capital letter unless it begins with a name.
fn sentence(text: &impl ToString) -> String {
    let text = text.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// What a chart shows, and how much of it.
fn titled(title: &str, which: &str, shown: usize, all: usize) -> String {
    if all <= shown { title.to_owned() } else { format!("{title}: the {which} {shown} of {all}") }
}

/// The page of a workspace.
pub fn page(input: &Input<'_>) -> Page {
    let world = input.survey.world;
    let as_of = world.as_of;
    let forecast = Forecast::new(input.survey);
    let money = money::Money::new(input, &forecast);
    let endings = endings::all(input);
    let outages = outage::Outages::new(input);
    let open = attention::all(input, &money, &endings);
    let mut tiles = vec![attention::tile(&open)];
    tiles.extend(money.tiles());
    tiles.extend([endings::tile(&endings), outages.tile(), exceptions::tile(input)]);
    let since = input.since.map(|(diff, _)| format!(" since {}", quoted(&diff.old.label)));
    Page {
        title: format!("Review of {}", input.name),
        lead: format!(
            "LLM routing of {} on {as_of}{}: {}, {}, {}.{}",
            quoted(input.name),
            since.unwrap_or_default(),
            count(world.use_cases.len(), "use case", "use cases"),
            count(world.providers.len(), "provider", "providers"),
            count(world.models.len(), "model", "models"),
            input.left_out(", so what is said below of routes, money and promises is of the others")
        ),
        as_of,
        tiles,
        sections: vec![
            attention::section(open),
            changes::section(input),
            money.section(),
            spent::section(input, &forecast),
            logs::section(input),
            endings::section(input, &endings),
            outages.section(),
            reach::section(input),
            promises::section(input),
            models::section(input),
            exceptions::section(input),
            signing::section(input, &forecast),
            made::section(input),
        ],
    }
}
