//! What `fmt --diff` would change, as unified differences, in time that grows as the file does.

use std::ops::Range;

use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use crate::limits::MAX_LINES_COMPARED;
use crate::render::human::Style;
use crate::source::visible;

/// Lines around what changes that are shown with it.
const CONTEXT: usize = 3;

/// What would change in a file; nothing where nothing does.
pub(super) fn difference(path: &str, old: &str, new: &str, style: Style) -> String {
    if old == new {
        return String::new();
    }
    let paint = |color: &str, text: &str| visible::painted(&visible::inline(text), color, style.color);
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut text = paint("1", &format!("--- {path}")) + "\n" + &paint("1", &format!("+++ {path}")) + "\n";
    for hunk in group_diff_ops(changes(&old, &new), CONTEXT) {
        text += &(paint("36", &UnifiedHunkHeader::new(&hunk).to_string()) + "\n");
        for change in hunk {
            let (tag, old_lines, new_lines) = change.as_tag_tuple();
            let mut lines = |all: &[&str], range: Range<usize>, sign: &str, color: Option<&str>| {
                for line in all.get(range).unwrap_or_default() {
                    let shown = format!("{sign}{}", line.trim_end_matches('\n'));
                    text += &color
                        .map_or_else(|| visible::inline(&shown).into_owned(), |color| paint(color, &shown));
                    text.push('\n');
                    if !line.ends_with('\n') {
                        text += "\\ No newline at end of file\n";
                    }
                }
            };
            if tag == DiffTag::Equal {
                lines(&old, old_lines, " ", None);
            } else {
                lines(&old, old_lines, "-", Some("31"));
                lines(&new, new_lines, "+", Some("32"));
            }
        }
    }
    text
}

/// The changes from one text to the other, in order, neighbours of a kind joined.
fn changes(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut changes: Vec<(bool, Range<usize>, Range<usize>)> = Vec::new();
    for (of_old, of_new) in pieces(old, new) {
        let lines = |all: &[&'_ str], range: &Range<usize>| -> Vec<String> {
            all.get(range.clone()).unwrap_or_default().iter().map(|line| (*line).to_owned()).collect()
        };
        let (before, after) = (lines(old, &of_old), lines(new, &of_new));
        let ops = if is_long(&before, &after) {
            let (old_len, new_len) = (before.len(), after.len());
            vec![DiffOp::Replace { old_index: 0, old_len, new_index: 0, new_len }]
        } else {
            // Most lines of a policy are the only ones of their kind; from them on, what stands between is short.
            capture_diff_slices(Algorithm::Patience, &before, &after)
        };
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        for op in ops {
            let (tag, in_old, in_new) = op.as_tag_tuple();
            let (in_old, in_new) = (moved(in_old, of_old.start), moved(in_new, of_new.start));
            let equal = tag == DiffTag::Equal;
            match changes.last_mut().filter(|(kind, ..)| *kind == equal) {
                Some((_, to_old, to_new)) => (to_old.end, to_new.end) = (in_old.end, in_new.end),
                None => changes.push((equal, in_old, in_new)),
            }
        }
    }
    let joined = changes.into_iter().map(|(equal, old, new)| {
        let (old_index, new_index) = (old.start, new.start);
        match (equal, old.len(), new.len()) {
            (true, len, _) => DiffOp::Equal { old_index, new_index, len },
            (_, 0, new_len) => DiffOp::Insert { old_index, new_index, new_len },
            (_, old_len, 0) => DiffOp::Delete { old_index, old_len, new_index },
            (_, old_len, new_len) => DiffOp::Replace { old_index, old_len, new_index, new_len },
        }
    });
    joined.collect()
}

/// Whether comparing two texts line by line takes long: one line against many does too, for each is tried in each place.
fn is_long<T>(old: &[T], new: &[T]) -> bool {
    let both = usize::midpoint(old.len(), new.len());
    both.saturating_mul(both) > MAX_LINES_COMPARED
}

/// Where texts are long, pieces of both that end at the same place: the layout changes only what is blank, so places agree
/// where as many other characters stand before them.
fn pieces(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    if !is_long(old, new) {
        return vec![(0..old.len(), 0..new.len())];
    }
    let weight = |line: &str| line.chars().filter(|c| !c.is_whitespace()).count();
    let (mut at_old, mut at_new) = (0, 0);
    let (mut before_old, mut before_new) = (0, 0);
    let mut from = (0, 0, 0);
    let mut pieces = Vec::new();
    loop {
        match (old.get(at_old), new.get(at_new)) {
            (Some(line), next) if next.is_none() || before_old <= before_new => {
                before_old += weight(line);
                at_old += 1;
            }
            (_, Some(line)) => {
                before_new += weight(line);
                at_new += 1;
            }
            _ => break,
        }
        if before_old == before_new && before_old > from.2 {
            pieces.push((from.0..at_old, from.1..at_new));
            from = (at_old, at_new, before_old);
        }
    }
    pieces.push((from.0..old.len(), from.1..new.len()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{changes, is_long, pieces};

    /// A statement of five lines whose layout changes in four.
    fn texts(statements: usize) -> (Vec<&'static str>, Vec<&'static str>) {
        let old = ["rule   x {\n", " when use_case == a\n", " forbid model.trains_on_data }\n", "\n", "\n"];
        let new = ["rule x {\n", "  when use_case == a\n", "  forbid model.trains_on_data\n", "}\n", "\n"];
        (old.repeat(statements), new.repeat(statements))
    }

    #[test]
    fn the_lines_compared_grow_as_the_file_does() {
        let compared = |statements| {
            let (old, new) = texts(statements);
            pieces(&old, &new).iter().map(|(old, new)| old.len() * new.len()).sum::<usize>()
        };
        let (once, tenfold) = (compared(1_000), compared(10_000));
        assert!(tenfold <= 11 * once && tenfold < 200_000, "{once}, then {tenfold}");
    }

    #[test]
    fn one_line_against_many_is_not_tried_in_each_place() {
        let lines = |count: usize| vec!["x"; count];
        assert!(is_long(&lines(1), &lines(2_001)) && is_long(&lines(2_001), &lines(1)));
        assert!(!is_long(&lines(900), &lines(1_000)));
    }

    #[test]
    fn the_changes_lead_from_one_text_to_the_other() {
        for statements in [1, 1_000] {
            let (old, new) = texts(statements);
            let mut made: Vec<&str> = Vec::new();
            for change in changes(&old, &new) {
                let (tag, of_old, of_new) = change.as_tag_tuple();
                let kept = tag == similar::DiffTag::Equal;
                made.extend(if kept { &old[of_old] } else { &new[of_new] });
            }
            assert!(made == new);
        }
    }
}
