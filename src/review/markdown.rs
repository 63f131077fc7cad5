//! The page as Markdown: the same sections and tables; charts are left out, since their numbers stand in tables.

use super::{Block, Cell, Page, Section, Table, Tone};
use crate::render::markdown::{code, prose, within};

/// The page as Markdown.
pub fn render(page: &Page) -> String {
    let mut text = format!("# {}\n\n{}\n\n", prose(&page.title), prose(&page.lead));
    text += "| | | |\n| --- | ---: | --- |\n";
    for tile in &page.tiles {
        text += &format!(
            "| {} | {} | {} |\n",
            within(tile.label),
            bold(&tile.value, tile.tone),
            within(&tile.note)
        );
    }
    for section in &page.sections {
        text += &self::section(section);
    }
    text + &format!("\nDecided for {} by govctl {}.\n", page.as_of, env!("CARGO_PKG_VERSION"))
}

fn section(section: &Section) -> String {
    let mut text = format!("\n## {}\n", section.title);
    if !section.lead.is_empty() {
        text += &format!("\n{}\n", prose(&section.lead));
    }
    for block in &section.blocks {
        match block {
            Block::Lines(title, lines) => {
                text += &if title.is_empty() { "\n".to_owned() } else { format!("\n{}:\n\n", prose(title)) };
                for line in lines {
                    text += &format!("- {}\n", prose(line));
                }
            }
            Block::Table(table) => text += &self::table(table),
            Block::Bars(_) | Block::Days(_) => {}
        }
    }
    text
}

fn table(table: &Table) -> String {
    if table.rows.is_empty() {
        let none = format!("\n{}: {}\n", prose(&table.caption), prose(table.none));
        return if table.none.is_empty() { String::new() } else { none };
    }
    let mut text = format!("\n{}:\n\n|", prose(&table.caption));
    for (head, _) in &table.columns {
        text += &format!(" {} |", prose(head));
    }
    text += "\n|";
    for (_, is_number) in &table.columns {
        text += if *is_number { " ---: |" } else { " --- |" };
    }
    text.push('\n');
    for row in &table.rows {
        text.push('|');
        for cell in row {
            text += &format!(" {} |", self::cell(cell));
        }
        text.push('\n');
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell { text, .. } if text.is_empty() => String::new(),
        // A line to write on is ours, and no emphasis.
        Cell { text, .. } if text.bytes().all(|byte| byte == b'_') => "\u{2003}".to_owned(),
        Cell { text, is_name: true, .. } => code(text),
        Cell { text, tone, .. } => bold(text, *tone),
    }
}

fn bold(text: &str, tone: Tone) -> String {
    let shown = within(text);
    // What is code already is not made bold: where it begins or ends so, no two Markdowns agree.
    if tone == Tone::Bad && !shown.contains('`') { format!("**{shown}**") } else { shown }
}
