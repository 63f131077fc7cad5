//! `diff` for people: what to be feared most first, readable in 100 columns.

use std::collections::BTreeSet;

use super::causes::{Cause, Place};
use super::change::Example;
use super::findings::Findings;
use super::kind::Kind;
use super::phrase::Phrase;
use super::words::{self, Row};
use super::{Change, Diff, source_lines};
use crate::limits::shown;
use crate::model::words::{count, number};
use crate::render::human::Style;
use crate::source::visible as escape;

const RED: &str = "31";
const GREEN: &str = "32";
const BOLD: &str = "1";
const FAINT: &str = "2";

/// The whole comparison.
pub fn render(diff: &Diff, findings: &Findings, with_source: bool, style: Style) -> String {
    let mut page = Page { text: String::new(), style, shown: BTreeSet::new() };
    page.line(0, &words::sides(diff).to_string());
    page.led(0, &page.painted(&words::headline(diff), BOLD), "");
    for line in words::summary(diff, findings) {
        page.line(0, &line.to_string());
    }
    if let Some(total) = words::total(diff) {
        page.line(0, &format!("expected cost: {total}"));
    }
    for moved in diff.gate.iter().take(shown::CHANGES) {
        let what = if moved.loosened { page.painted("gate loosened", "1;31") } else { "gate".to_owned() };
        page.led(0, &format!("{what}: "), &moved.text);
    }
    page.more(diff.gate.len(), shown::CHANGES);
    for change in diff.changes.iter().take(shown::CHANGES) {
        page.change(change, with_source);
    }
    let more = diff.changes.len().saturating_sub(shown::CHANGES);
    if more > 0 {
        let more = count(more, "more use case changes", "more use cases change");
        page.text += &format!("\n… and {more}; `--format json` names them all\n");
    }
    page.section("budgets", &words::budgets(diff));
    page.section("obligations", &words::obligations(diff));
    page.section("promises gone though no decision changes", &words::latent(diff));
    page.section("edited without effect on a decision", &words::quiet(diff));
    let (new, gone) = words::findings(findings);
    page.section("newly found by check", &new);
    page.section("no longer found by check", &gone);
    page.portfolio(diff);
    page.text
}

struct Page {
    text: String,
    style: Style,
    /// Places of the causes whose source was shown.
    shown: BTreeSet<Option<Place>>,
}

impl Page {
    fn painted(&self, text: &str, color: &str) -> String {
        escape::painted(&escape::inline(text), color, self.style.color)
    }

    /// One logical line: what others wrote in it does not act.
    fn line(&mut self, indent: usize, text: &str) {
        self.led(indent, "", text);
    }

    /// One logical line that begins with painted words, wrapped at spaces; what follows is indented a little more.
    fn led(&mut self, indent: usize, painted: &str, text: &str) {
        let text = format!("{painted}{}", escape::inline(text));
        let width = self.style.width.max(40);
        let (mut column, mut first) = (indent, true);
        self.text += &" ".repeat(indent);
        for word in text.split(' ') {
            let length = visible(word);
            if !first && column + 1 + length > width {
                self.text += &format!("\n{}", " ".repeat(indent + 2));
                column = indent + 2;
            } else if !first {
                self.text.push(' ');
                column += 1;
            }
            self.text += word;
            column += length;
            first = false;
        }
        self.text.push('\n');
    }

    fn change(&mut self, change: &Change, with_source: bool) {
        self.text.push('\n');
        let kinds = words::kinds(change);
        let names: Vec<String> =
            kinds.iter().map(|kind| self.kind(*kind) + words::behind(*kind, change)).collect();
        let from = change.was().map(|was| format!(" ({})", escape::inline(&was))).unwrap_or_default();
        let name = self.painted(&change.use_case, BOLD);
        let accepted = if change.accepted.is_some() { " (accepted)" } else { "" };
        let contexts = count(change.compared.contexts, "context", "contexts");
        let extent = format!("in {} of {contexts}", number(change.compared.changed));
        self.led(0, &format!("{name}{from}: {} {extent}{accepted}", names.join(", ")), "");
        if let Some(concerned) = words::concerned(change) {
            self.line(2, &concerned.to_string());
        }
        for (details, example) in words::by_example(change) {
            self.line(2, &format!("{}:", words::extent(&details, example)));
            self.example(example);
        }
        let reach = [
            ("now reachable", &change.compared.gained, RED),
            ("no longer reachable", &change.compared.lost, GREEN),
        ];
        for (what, gain, color) in reach {
            if !gain.is_empty() {
                let what = self.painted(what, color);
                self.led(2, &format!("{what}: "), &gain.words().join(", "));
            }
        }
        for duty in change.compared.duties.iter().take(shown::DUTIES) {
            self.line(2, duty);
        }
        self.more(change.compared.duties.len(), shown::DUTIES);
        if let Some(money) = words::cost(change) {
            self.line(2, &format!("cost: {money}"));
        }
        if let Some(spent) = words::spent(change) {
            self.line(2, &format!("spent: {spent}"));
        }
        self.causes(change, with_source);
    }

    fn example(&mut self, example: &Example) {
        if words::same_route(example) {
            self.line(4, &format!("  {}", words::route(example.on, &example.new, &example.new_then)));
            return;
        }
        let sides =
            [("-", &example.old, &example.old_then, RED), ("+", &example.new, &example.new_then, GREEN)];
        for (sign, targets, then, color) in sides {
            let sign = self.painted(sign, color);
            self.led(4, &format!("{sign} "), &words::route(example.on, targets, then));
        }
    }

    fn causes(&mut self, change: &Change, with_source: bool) {
        let reasons = words::reasons(change);
        for reason in reasons.iter().take(shown::CAUSES) {
            let because = self.painted(reason.because(), FAINT);
            if let [cause] = reason.causes.as_slice() {
                self.led(2, &format!("{because} "), &format!("{cause}{}", reason.of()));
                self.source(cause, with_source);
                continue;
            }
            self.led(2, &because, &reason.of());
            for cause in reason.causes.iter().take(shown::CAUSES) {
                self.line(4, &cause.to_string());
                self.source(cause, with_source);
            }
            self.more(reason.causes.len(), shown::CAUSES);
        }
        self.more(reasons.len(), shown::CAUSES);
    }

    /// How the text of a cause differs, where it was not shown yet.
    fn source(&mut self, cause: &Cause, with_source: bool) {
        if !with_source || !self.shown.insert(cause.place.clone()) {
            return;
        }
        for line in source_lines::lines(cause) {
            let text = format!("{} {}", line.sign, line.text);
            let text = match line.sign {
                '-' => self.painted(text.trim_end(), RED),
                '+' => self.painted(text.trim_end(), GREEN),
                _ => escape::inline(text.trim_end()).into_owned(),
            };
            self.led(6, &text, "");
        }
    }

    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            self.line(2, &format!("… and {} more; `--format json` names them all", all - shown));
        }
    }

    fn kind(&self, kind: Kind) -> String {
        match kind {
            Kind::Widened | Kind::Unroutable | Kind::Removed => self.painted(kind.name(), "1;31"),
            Kind::Narrowed | Kind::Routable => self.painted(kind.name(), GREEN),
            _ => kind.name().to_owned(),
        }
    }

    /// Lines under a title; nothing where there are none.
    fn section(&mut self, title: &str, lines: &[Phrase]) {
        if !lines.is_empty() {
            self.text += &format!("\n{}\n", self.painted(title, BOLD));
        }
        for line in lines.iter().take(shown::CHANGES) {
            self.line(2, &line.to_string());
        }
        self.more(lines.len(), shown::CHANGES);
    }

    fn portfolio(&mut self, diff: &Diff) {
        self.section("portfolio", &words::portfolio(diff));
        let spend = &diff.spend;
        for (title, by_name) in [("provider", &spend.by_provider), ("team", &spend.by_team)] {
            let rows = words::spend(by_name, &spend.total);
            if !rows.is_empty() {
                self.text += &format!("\n{}\n", self.painted(&format!("usd a month by {title}"), BOLD));
                self.table(&rows);
            }
        }
    }

    /// Columns: name to the left, amounts to the right.
    fn table(&mut self, rows: &[Row]) {
        let escaped = |row: &Row| row.each_ref().map(|cell| escape::inline(cell).into_owned());
        let rows: Vec<Row> = rows.iter().map(escaped).collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..6).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                let space = " ".repeat(width.saturating_sub(visible(cell)));
                match at {
                    0 => format!("{cell}{space}"),
                    2 | 5 => format!("→ {space}{cell}"),
                    _ => format!(" {space}{cell}"),
                }
            });
            self.text += &format!("  {}\n", cells.collect::<Vec<String>>().join(" "));
        }
    }
}

/// Columns that a word takes, escape sequences left out.
fn visible(word: &str) -> usize {
    let mut columns = 0;
    let mut escaped = false;
    for character in word.chars() {
        match character {
            '\u{1b}' => escaped = true,
            'm' if escaped => escaped = false,
            _ if escaped => {}
            character => columns += unicode_width::UnicodeWidthChar::width(character).unwrap_or(0),
        }
    }
    columns
}
