//! Charts as inline SVG: shapes take their colours from the page, so that they follow light, dark and print. What they
//! show stands as numbers in the table beside them.

use std::fmt::Write as _;

use super::html::{escape, shortened};
use super::{Bars, Days, Tone};

/// The width of a chart, in its own units.
const WIDTH: u32 = 760;
/// Where bars begin: before it stand names.
const LEFT: u32 = 210;
/// What a bar of full length takes; past it there is room for its label.
const ROOM: u32 = 400;
/// Between the end of a bar and its label.
const GAP: u32 = 8;
/// What a character of a label takes at most.
const CHARACTER: u32 = 8;
/// From one bar to the next.
const STEP: u32 = 30;
/// Most characters of a name before a bar.
const NAME: usize = 27;
/// Above the first bar, for what the line across means.
const TOP: u32 = 24;

/// The class of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Muted => "muted",
    }
}

fn open(text: &mut String, id: usize, title: &str, description: &str, height: u32) {
    let _ = write!(
        text,
        "<svg class=\"chart\" role=\"img\" aria-labelledby=\"t{id} d{id}\" viewBox=\"0 0 {WIDTH} {height}\">\
         <title id=\"t{id}\">{}</title><desc id=\"d{id}\">{}</desc>",
        escape(title),
        escape(description)
    );
}

pub(super) fn bars(bars: &Bars, id: usize) -> String {
    let mut text = String::new();
    let height = TOP + STEP * u32::try_from(bars.rows.len()).unwrap_or(0) + 6;
    open(&mut text, id, &bars.title, &bars.description, height);
    let at = |thousandths: u16| u32::from(thousandths.min(1000)) * ROOM / 1000;
    if let Some((line, meaning)) = &bars.line {
        let x = LEFT + at(*line);
        let _ = write!(
            text,
            "<line class=\"limit\" x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{height}\"/>\
             <text class=\"limit\" x=\"{x}\" y=\"12\" text-anchor=\"middle\">{}</text>",
            TOP - 6,
            escape(meaning)
        );
    }
    for (number, bar) in (0..).zip(&bars.rows) {
        let y = TOP + STEP * number;
        let middle = y + 14;
        let _ = write!(
            text,
            "<text class=\"name\" x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{}\" x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\"/>",
            LEFT - 10,
            escape(&shortened(&bar.name, NAME)),
            class(bar.tone),
            y + 3,
            at(bar.length).max(1),
            if bar.second.is_some() { 10 } else { 16 },
        );
        if let Some(second) = bar.second {
            let _ = write!(
                text,
                "<rect class=\"muted\" x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"5\" rx=\"2\"/>",
                y + 15,
                at(second).max(1)
            );
        }
        let reach = at(bar.length).max(bar.second.map_or(0, at)).max(1);
        let begin =
            beside(LEFT + reach + GAP, &bar.label, bars.line.as_ref().map(|(line, _)| LEFT + at(*line)));
        let _ =
            write!(text, "<text class=\"label\" x=\"{begin}\" y=\"{middle}\">{}</text>", escape(&bar.label));
    }
    text + "</svg>"
}

/// Where a label begins behind the end of its bar: past the line across where the two would meet.
fn beside(begin: u32, label: &str, line: Option<u32>) -> u32 {
    let width = CHARACTER * u32::try_from(label.chars().count()).unwrap_or(WIDTH);
    match line {
        Some(line) if begin < line + GAP && line < begin + width + GAP => line + GAP,
        _ => begin,
    }
}

/// Days on a line: each mark has a line of its own, so that no two names meet.
pub(super) fn days(days: &Days, id: usize) -> String {
    let mut text = String::new();
    let rows = u32::try_from(days.marks.len()).unwrap_or(0);
    let (bottom, step) = (TOP + 22 * rows + 4, 22);
    open(&mut text, id, &days.title, &days.description, bottom + 24);
    let x = |day: u16| 12 + u32::from(day.min(days.length)) * (WIDTH - 24) / u32::from(days.length.max(1));
    for (day, name) in &days.ticks {
        let (x, anchor) = match *day {
            0 => (x(0), "start"),
            day if day >= days.length => (x(day), "end"),
            day => (x(day), "middle"),
        };
        let _ = write!(
            text,
            "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"8\" y2=\"{bottom}\"/>\
             <text class=\"label\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            bottom + 16,
            escape(name)
        );
    }
    for (number, (day, name, tone)) in (0..).zip(&days.marks) {
        let (x, y) = (x(*day), TOP + step * number);
        let is_right = u32::from(*day) * 2 > u32::from(days.length);
        let (at, anchor) = if is_right { (x - 10, "end") } else { (x + 10, "start") };
        let _ = write!(
            text,
            "<circle class=\"{}\" cx=\"{x}\" cy=\"{}\" r=\"5\"/>\
             <text class=\"name\" x=\"{at}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            class(*tone),
            y - 4,
            escape(&shortened(name, 60))
        );
    }
    text + "</svg>"
}
