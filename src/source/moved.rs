//! Where stretches of text stand after an edit that only changed what lies around them.

use std::collections::BTreeMap;

use super::{FileId, Span};

/// The files whose text has changed, each with the stretches that still stand in it. Of every other file all places stay.
#[derive(Debug, Default)]
pub struct Moved(BTreeMap<FileId, Vec<Stretch>>);

/// Text that stands elsewhere now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first byte before.
    pub start: u32,
    /// One past its last byte before.
    pub end: u32,
    /// Its first byte now.
    pub now: u32,
}

impl Stretch {
    /// Where one of its places stands now, its end counted.
    fn place(&self, before: u32) -> u32 {
        self.now.saturating_add(before.saturating_sub(self.start))
    }
}

impl Moved {
    /// Notes a file: what still stands in it, in the order in which it stood before and stands now.
    pub fn file(&mut self, file: FileId, stretches: Vec<Stretch>) {
        self.0.insert(file, stretches);
    }

    /// Where a stretch of text stands now; none where it began or ended in what has changed.
    pub fn of(&self, span: Span) -> Option<Span> {
        let Some(stretches) = self.0.get(&span.file) else { return Some(span) };
        let (start, end) = if span.start == span.end {
            let place = empty(stretches, span.start)?;
            (place, place)
        } else {
            (begins(stretches, span.start)?.place(span.start), ends(stretches, span.end)?.place(span.end))
        };
        (start <= end).then_some(Span { file: span.file, start, end })
    }
}

/// The stretch with the byte behind a place.
fn begins(stretches: &[Stretch], place: u32) -> Option<&Stretch> {
    let behind = stretches.partition_point(|one| one.start <= place);
    stretches.get(behind.checked_sub(1)?).filter(|one| place < one.end)
}

/// The stretch with the byte before a place.
fn ends(stretches: &[Stretch], place: u32) -> Option<&Stretch> {
    stretches.get(stretches.partition_point(|one| one.end < place)).filter(|one| one.start < place)
}

/// Where a place without text stands now: what it touches on both sides has to agree. The start of a file may stand for
/// the whole of it, so it stays or is not known.
fn empty(stretches: &[Stretch], place: u32) -> Option<u32> {
    let mut sides = [begins(stretches, place), ends(stretches, place)].into_iter().flatten();
    let now = sides.next()?.place(place);
    let agrees = sides.all(|side| side.place(place) == now) && (place > 0 || now == 0);
    agrees.then_some(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_file_moves_and_what_has_changed_does_not() {
        let file = FileId::default();
        let mut moved = Moved::default();
        // `ab cd` has become `ab   cd`, and what stood between 10 and 12 is another text.
        let stretch = |start, end, now| Stretch { start, end, now };
        moved.file(file, vec![stretch(0, 2, 0), stretch(3, 5, 5), stretch(5, 6, 7), stretch(12, 14, 20)]);
        let of = |start, end| moved.of(Span { file, start, end }).map(|span| (span.start, span.end));
        assert_eq!(of(0, 2), Some((0, 2)));
        assert_eq!(of(0, 5), Some((0, 7)));
        assert_eq!(of(4, 5), Some((6, 7)));
        assert_eq!(of(5, 6), Some((7, 8)));
        assert_eq!(of(5, 5), Some((7, 7)));
        assert_eq!(of(3, 14), Some((5, 22)));
        assert_eq!(of(0, 0), Some((0, 0)));
        assert_eq!(of(2, 3), None);
        assert_eq!(of(10, 14), None);
        assert_eq!(of(3, 11), None);
        assert_eq!(of(11, 11), None);
        let other = Span { file: FileId::NONE, start: 10, end: 11 };
        assert_eq!(moved.of(other), Some(other));
        let mut moved = Moved::default();
        moved.file(file, vec![stretch(0, 2, 3)]);
        assert_eq!(moved.of(Span::start_of(file)), None);
    }
}
