//! The page as one HTML file: no script, nothing fetched, light and dark, on a screen and on paper.

use std::fmt::Write as _;

use super::charts::{self, class};
use super::style::STYLE;
use super::{Block, Cell, Page, Section, Table, Tile};
use crate::limits::shown;
use crate::source::markup::escaped;
use crate::source::{spans, visible};

/// The page as one HTML file.
pub fn render(page: &Page) -> String {
    let mut text = String::new();
    let title = escape(&page.title);
    let _ = write!(
        text,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">To the page</a>\n\
         <header>\n<h1>{title}</h1>\n<p>{}</p>\n</header>\n",
        prose(&page.lead)
    );
    text += "<nav aria-label=\"Sections\">\n<ul>\n";
    for section in &page.sections {
        let _ = writeln!(text, "<li><a href=\"#{}\">{}</a></li>", section.id, escape(section.title));
    }
    text += "</ul>\n</nav>\n<main id=\"main\">\n<section aria-label=\"At a glance\">\n<dl class=\"tiles\">\n";
    for tile in &page.tiles {
        text += &self::tile(tile);
    }
    text += "</dl>\n</section>\n";
    let mut charts = 0;
    for section in &page.sections {
        text += &self::section(section, &mut charts);
    }
    let _ = write!(
        text,
        "</main>\n<footer>\n<p>Decided for {} by govctl {}.</p>\n</footer>\n</body>\n</html>\n",
        page.as_of,
        env!("CARGO_PKG_VERSION")
    );
    text
}

fn tile(tile: &Tile) -> String {
    format!(
        "<div class=\"tile {}\"><dt>{}</dt><dd class=\"value\">{}</dd><dd>{}</dd></div>\n",
        class(tile.tone),
        escape(tile.label),
        escape(&tile.value),
        escape(&tile.note)
    )
}

fn section(section: &Section, charts: &mut usize) -> String {
    let id = section.id;
    let mut text = format!(
        "<section id=\"{id}\" aria-labelledby=\"h-{id}\">\n<h2 id=\"h-{id}\">{}</h2>\n",
        escape(section.title)
    );
    if !section.lead.is_empty() {
        text += &format!("<p>{}</p>\n", prose(&section.lead));
    }
    for block in &section.blocks {
        match block {
            Block::Lines(title, lines) => text += &self::lines(title, lines),
            Block::Table(table) => text += &self::table(table),
            Block::Bars(bars) => {
                *charts += 1;
                text += &figure(&bars.title, &bars.description, &charts::bars(bars, *charts));
            }
            Block::Days(days) => {
                *charts += 1;
                text += &figure(&days.title, "", &charts::days(days, *charts));
            }
        }
    }
    text + "</section>\n"
}

/// Sentences; many of them on demand.
fn lines(title: &str, lines: &[String]) -> String {
    let list: String = lines.iter().map(|line| format!("<li>{}</li>\n", prose(line))).collect();
    let list = format!("<ul>\n{list}</ul>\n");
    match (title, lines.len()) {
        ("", _) => list,
        (_, n) if n > shown::OPEN_LINES => {
            format!("<details>\n<summary>{} ({n})</summary>\n{list}</details>\n", prose(title))
        }
        _ => format!("<h3>{}</h3>\n{list}", prose(title)),
    }
}

/// A chart with what its shapes mean, where they mean several things: those who hear it are told by the chart itself.
fn figure(title: &str, legend: &str, svg: &str) -> String {
    let title = escape(title);
    let legend = match legend.strip_suffix(" The table below has the numbers.") {
        Some(legend) => format!("<p class=\"legend\" aria-hidden=\"true\">{}</p>\n", escape(legend)),
        None => String::new(),
    };
    format!(
        "<figure>\n<figcaption>{title}</figcaption>\n{legend}\
         <div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{title}, chart\">\n{svg}\n</div>\n</figure>\n"
    )
}

fn table(table: &Table) -> String {
    let caption = prose(&table.caption);
    if table.rows.is_empty() {
        if table.none.is_empty() {
            return String::new();
        }
        return format!("<h3>{caption}</h3>\n<p class=\"none\">{}</p>\n", prose(table.none));
    }
    // A table that is wider than the page is scrolled alone, with the keyboard too.
    let label = escape(&table.caption);
    let mut text =
        format!("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\n<table>\n");
    let hidden = if table.is_folded { " class=\"unseen\"" } else { "" };
    let _ = write!(text, "<caption{hidden}>{caption}</caption>\n<thead><tr>");
    for (head, is_number) in &table.columns {
        let class = if *is_number { " class=\"n\"" } else { "" };
        let _ = write!(text, "<th scope=\"col\"{class}>{}</th>", escape(head));
    }
    text += "</tr></thead>\n<tbody>\n";
    for row in &table.rows {
        text += "<tr>";
        for (at, (cell, (_, is_number))) in row.iter().zip(&table.columns).enumerate() {
            text += &self::cell(cell, at == 0, *is_number);
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    if table.is_folded {
        return format!(
            "<details>\n<summary>{caption} ({} rows)</summary>\n{text}</details>\n",
            table.rows.len()
        );
    }
    text
}

fn cell(cell: &Cell, is_head: bool, is_number: bool) -> String {
    let mut classes = Vec::new();
    if is_number {
        classes.push("n");
    }
    if cell.tone != super::Tone::Plain && !cell.text.is_empty() {
        classes.push(class(cell.tone));
    }
    // A day is one word.
    if cell.text.len() == 10 && cell.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        classes.push("day");
    }
    let classes =
        if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
    let text = if cell.is_name { escape(&cell.text) } else { prose(&cell.text) };
    if is_head {
        format!("<th scope=\"row\"{classes}>{text}</th>")
    } else {
        format!("<td{classes}>{text}</td>")
    }
}

/// Text in which nothing is markup, and nothing hides; of a long one the rest is counted.
pub(super) fn escape(text: &str) -> String {
    let shown = shortened(&visible::inline(text), shown::HTML_TEXT);
    escaped(&shown, &['&', '<', '>', '"', '\''], String::push)
}

/// Our words, and those of others in back quotes as code.
fn prose(words: &str) -> String {
    let mut text = String::new();
    for (is_code, part) in spans::parts(words) {
        let part = escape(part);
        if is_code {
            let _ = write!(text, "<code>{part}</code>");
        } else {
            text += &part;
        }
    }
    text
}

/// At most so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    start + "…"
}
