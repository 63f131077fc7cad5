//! Rows in columns for people, each as wide as its widest cell; one column gives way where the line would be too long.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::source::visible;

/// Between two columns.
const GAP: usize = 2;

/// The narrowest that the column which gives way becomes.
const NARROWEST: usize = 12;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Words.
    Left,
    /// Numbers.
    Right,
    /// Words that are cut where the line would be too long.
    Cut,
}

/// Lines of rows, indented, without trailing white space; every row has as many cells as there are columns, and a
/// column that is empty takes no room.
/// What others wrote in a cell does not act.
pub(super) fn lines(columns: &[Column], rows: &[Vec<String>], indent: usize, width: usize) -> Vec<String> {
    let escaped = |row: &Vec<String>| row.iter().map(|cell| visible::inline(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(escaped).collect();
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max();
    let mut widths: Vec<usize> = (0..columns.len()).map(|at| widest(at).unwrap_or(0)).collect();
    let gaps = GAP * widths.iter().filter(|width| **width > 0).count().saturating_sub(1);
    let mut over = (indent + gaps + widths.iter().sum::<usize>()).saturating_sub(width);
    // Where several give way, the last does first: it is the least needed.
    for (_, width) in columns.iter().zip(&mut widths).rev().filter(|(column, _)| **column == Column::Cut) {
        let less = over.min(width.saturating_sub(NARROWEST));
        *width -= less;
        over -= less;
    }
    rows.iter().map(|row| line(columns, row, &widths, indent)).collect()
}

fn line(columns: &[Column], row: &[String], widths: &[usize], indent: usize) -> String {
    let mut line = " ".repeat(indent);
    let cells = columns.iter().zip(row).zip(widths).filter(|(_, width)| **width > 0);
    for (at, ((column, cell), width)) in cells.enumerate() {
        if at > 0 {
            line += &" ".repeat(GAP);
        }
        let cell = if *column == Column::Cut { cut(cell, *width) } else { cell.clone() };
        let space = " ".repeat(width.saturating_sub(cell.width()));
        line += &if *column == Column::Right { space + &cell } else { cell + &space };
    }
    line.trim_end().to_owned()
}

/// Text of at most so many columns, its end left out where it is longer.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 1;
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        if taken > width {
            break;
        }
        kept.push(character);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::{Column, cut, lines};

    #[test]
    fn rows_stand_in_columns_and_one_gives_way() {
        let rows = [["a", "12", "a long name indeed"], ["bcd", "3", "short"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let columns = [Column::Left, Column::Right, Column::Cut];
        assert_eq!(lines(&columns, &rows, 2, 24), ["  a    12  a long name …", "  bcd   3  short"]);
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(cut("日本語", 6), "日本語");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
    }
}
