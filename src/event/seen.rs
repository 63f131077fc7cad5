//! Which events were read before: by what identifies them, in bounded memory.

use std::hash::{DefaultHasher, Hash as _, Hasher};

use super::{Event, Field, time};
use crate::limits::MAX_SEEN_EVENTS;

/// Texts that are the same where an event is.
const TEXTS: [Field; 6] = [
    Field::RequestId,
    Field::Trigger,
    Field::Route,
    Field::ResponseModel,
    Field::RequestModel,
    Field::Status,
];

/// Numbers that are.
const COUNTS: [Field; 3] = [Field::Hop, Field::InputTokens, Field::OutputTokens];

/// How many places an id may stand at.
const WAY: usize = 32;

/// What identifies an event; none where it names no request. A request may have several events: one for each model that
/// was asked, each with its hop, its model and its time.
pub fn id(event: &Event<'_>) -> Option<u64> {
    event.text(Field::RequestId)?;
    let mut gathered = Gathered { bytes: [0; 512], length: 0, hasher: DefaultHasher::new() };
    // One moment is one, however it is written.
    event.text(Field::Time).map(time::of_one_spelling).hash(&mut gathered);
    for field in TEXTS {
        event.text(field).hash(&mut gathered);
    }
    for field in COUNTS {
        event.count(field).hash(&mut gathered);
    }
    // 0 is no id.
    Some(gathered.finished().max(1))
}

/// Hands on to a hasher many bytes at once: it takes long for a few of them.
struct Gathered {
    bytes: [u8; 512],
    length: usize,
    hasher: DefaultHasher,
}

impl Gathered {
    fn hand_on(&mut self) {
        self.hasher.write(self.bytes.get(..self.length).unwrap_or_default());
        self.length = 0;
    }

    fn finished(mut self) -> u64 {
        self.hand_on();
        self.hasher.finish()
    }
}

impl Hasher for Gathered {
    fn write(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(bytes);
            self.length = end;
        } else {
            self.hand_on();
            self.hasher.write(bytes);
        }
    }

    /// What is handed on so far.
    fn finish(&self) -> u64 {
        self.hasher.finish()
    }
}

/// Where an event was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The position of its file among all.
    pub file: u32,
    /// The line on which its record begins, from 1.
    pub line: u64,
}

/// An id and where it was read; 0 is none.
type Slot = (u64, u64);

/// So many bits of a place are the line.
const LINE_BITS: u32 = 40;

fn packed(place: Place) -> u64 {
    let most = (1 << LINE_BITS) - 1;
    u64::from(place.file) << LINE_BITS | place.line.min(most)
}

fn unpacked(place: u64) -> Place {
    let file = u32::try_from(place >> LINE_BITS).unwrap_or(u32::MAX);
    Place { file, line: place & ((1 << LINE_BITS) - 1) }
}

/// The ids that were read, the latest [`MAX_SEEN_EVENTS`] or so of them.
#[derive(Debug)]
pub struct Seen {
    slots: Vec<Slot>,
    most: usize,
    forgotten: u64,
}

impl Default for Seen {
    fn default() -> Self {
        Self::up_to(MAX_SEEN_EVENTS)
    }
}

impl Seen {
    /// Of nothing yet; `most` is a power of two.
    fn up_to(most: usize) -> Self {
        Self { slots: vec![(0, 0); most.min(1024)], most, forgotten: 0 }
    }

    /// Where an event was read before; where it was not, it is from now on.
    pub fn before(&mut self, id: u64, place: Place) -> Option<Place> {
        loop {
            for at in way(id, self.slots.len()) {
                let Some(slot) = self.slots.get_mut(at) else { continue };
                if slot.0 == id {
                    return Some(unpacked(slot.1));
                }
                if slot.0 == 0 {
                    *slot = (id, packed(place));
                    return None;
                }
            }
            if self.slots.len() >= self.most {
                let first = way(id, self.slots.len()).next();
                if let Some(slot) = first.and_then(|at| self.slots.get_mut(at)) {
                    *slot = (id, packed(place));
                    self.forgotten += 1;
                }
                return None;
            }
            self.grow();
        }
    }

    /// How many ids there was no room for any more.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Makes room for twice as many, or more where one would find no place.
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        let mut size = old.len() * 2;
        loop {
            let (slots, lost) = spread(&old, size);
            if lost == 0 || size >= self.most {
                self.slots = slots;
                self.forgotten += lost;
                return;
            }
            size *= 2;
        }
    }
}

/// The same ids among so many slots, and how many find no place.
fn spread(old: &[Slot], size: usize) -> (Vec<Slot>, u64) {
    let (mut slots, mut lost): (Vec<Slot>, u64) = (vec![(0, 0); size], 0);
    for slot in old.iter().filter(|(id, _)| *id != 0) {
        let mut way = way(slot.0, size);
        let free = way.find(|at| slots.get(*at).is_some_and(|(id, _)| *id == 0));
        match free.and_then(|at| slots.get_mut(at)) {
            Some(place) => *place = *slot,
            None => lost += 1,
        }
    }
    (slots, lost)
}

/// Where an id may stand among so many slots, a power of two.
fn way(id: u64, size: usize) -> impl Iterator<Item = usize> {
    let start = usize::try_from(id & u64::from(u32::MAX)).unwrap_or(0);
    (start..start + WAY).map(move |at| at & (size - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64) -> Place {
        Place { file: 0, line }
    }

    /// An id whose bits are spread.
    fn mixed(number: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn what_was_read_is_known_with_its_place() {
        let mut seen = Seen::default();
        for number in 1..=100_000 {
            assert_eq!(seen.before(mixed(number), place(number)), None);
        }
        let known =
            (1..=100_000).filter(|number| seen.before(mixed(*number), place(0)) == Some(place(*number)));
        assert_eq!((known.count(), seen.forgotten()), (100_000, 0));
    }

    #[test]
    fn past_its_bound_it_forgets_and_says_how_many() {
        let mut seen = Seen::up_to(2048);
        for number in 1..=10_000 {
            assert_eq!(seen.before(mixed(number), place(number)), None);
        }
        assert_eq!(seen.slots.len(), 2048);
        let held = seen.slots.iter().filter(|(id, _)| *id != 0).count();
        assert_eq!(seen.forgotten() + held as u64, 10_000);
        assert_eq!(seen.before(mixed(10_000), place(0)), Some(place(10_000)));
    }

    #[test]
    fn what_is_gathered_hashes_as_what_is_handed_on_at_once() {
        for (length, many) in [(0, 3), (1, 700), (40, 30), (511, 3), (512, 2), (513, 2), (5000, 2)] {
            let mut gathered = Gathered { bytes: [0; 512], length: 0, hasher: DefaultHasher::new() };
            let mut plain = DefaultHasher::new();
            for number in 0..many {
                let text = "x".repeat(length);
                (Some(text.as_str()), None::<&str>, number).hash(&mut gathered);
                (Some(text.as_str()), None::<&str>, number).hash(&mut plain);
            }
            assert_eq!(gathered.finished(), plain.finish(), "{length}");
        }
    }

    #[test]
    fn an_event_is_known_by_its_request_and_what_was_asked() {
        let event = |line: &'static str| super::super::json::read(line.as_bytes()).expect("an event");
        let one = id(&event(r#"{"request_id":"r","time":"t","hop":0,"cost_usd":1}"#));
        assert!(one.is_some());
        assert_eq!(one, id(&event(r#"{"hop":0,"time":"t","request_id":"r","cost_usd":2}"#)));
        assert_ne!(one, id(&event(r#"{"request_id":"r","time":"t","hop":1}"#)));
        assert_eq!(id(&event(r#"{"time":"t","hop":0}"#)), None);
    }
}
