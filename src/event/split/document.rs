//! A document that holds a list of everything, of any size: where it can be cut, and how its next part begins.

use crate::limits::MAX_RECORD_BYTES;
use crate::limits::effort;

/// A document is cut where it has so many bytes.
const PART: usize = MAX_RECORD_BYTES / 4;

/// Lists of documents that may be cut, under the root or within another one of them.
const LISTS: [&[u8]; 6] =
    [b"resourceSpans", b"scopeSpans", b"instrumentationLibrarySpans", b"spans", b"data", b"results"];

/// What all parts need of the object in which such a list stands.
const NEEDED: [&[u8]; 3] = [b"resource", b"start_time", b"starting_at"];

/// An object or a list that is open.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
struct Frame {
    is_list: bool,
    /// Of a list: it may be cut. Of an object: its last key is one of [`LISTS`].
    is_listed: bool,
    /// Of a list: its first element is an object.
    has_objects: bool,
    /// Of an object: a key comes next.
    wants_key: bool,
    /// Of a list: where it begins.
    at: usize,
    /// Of a list: where its open element begins.
    element: usize,
    was_cut: bool,
}

/// What is open of a document.
#[derive(Debug, Default)]
pub(super) struct Document {
    frames: Vec<Frame>,
    key: Vec<u8>,
    is_key: bool,
    /// So long is what the parts begin with.
    begin: usize,
    is_of_many: bool,
    is_late: bool,
}

impl Document {
    /// An object begins.
    pub(super) fn begin(&mut self) {
        self.frames.clear();
        self.frames.push(Frame { wants_key: true, ..Frame::default() });
        (self.begin, self.is_of_many, self.is_late, self.is_key) = (0, false, false, false);
    }

    /// Whether it holds a list of which every element may be an event.
    pub(super) fn is_of_many(&self) -> bool {
        self.is_of_many
    }

    /// Whether something stands behind the parts that they need.
    pub(super) fn is_late(&self) -> bool {
        self.is_late
    }

    /// The innermost one that is open, if it is looked at.
    fn last(&mut self, depth: usize) -> Option<&mut Frame> {
        if self.frames.len() == depth { self.frames.last_mut() } else { None }
    }

    /// A byte of a text or of the quotes around it.
    pub(super) fn text(&mut self, byte: u8, was_quoted: bool, is_quoted: bool, depth: usize) {
        if !was_quoted {
            self.key.clear();
            self.is_key = self.last(depth).is_some_and(|frame| std::mem::take(&mut frame.wants_key));
        } else if !is_quoted && self.is_key {
            self.is_key = false;
            let (is_listed, is_needed) = (LISTS.contains(&&*self.key), NEEDED.contains(&&*self.key));
            let Some(frame) = self.last(depth) else { return };
            frame.is_listed = is_listed;
            let is_late = is_needed && frame.was_cut;
            self.is_late |= is_late;
        } else if self.is_key && self.key.len() < effort::FRAME_NAME_BYTES {
            self.key.push(byte);
        }
    }

    /// An object or a list opens at a place, which makes it so deep.
    pub(super) fn open(&mut self, is_list: bool, at: usize, depth: usize) {
        let parent = depth.saturating_sub(1);
        let Some(frame) = self.last(parent) else { return };
        if frame.is_list && !is_list && frame.element == frame.at {
            frame.has_objects = true;
        }
        // Only lists of lists of everything: what else has such a name holds something else.
        let is_listed = is_list && !frame.is_list && frame.is_listed;
        let is_in_listed = match self.frames.len() {
            1 => true,
            // In an object in a list that may be cut.
            count => self.frames.get(count - 2).is_some_and(|list| list.is_list && list.is_listed),
        };
        let is_listed = is_listed && is_in_listed;
        self.is_of_many |= is_listed;
        if self.frames.len() < effort::FRAMES {
            let at = at + 1;
            self.frames.push(Frame {
                is_list,
                is_listed,
                wants_key: !is_list,
                at,
                element: at,
                ..Frame::default()
            });
        }
    }

    /// What is so deep closes.
    pub(super) fn close(&mut self, depth: usize) {
        if self.frames.len() == depth {
            self.frames.pop();
        }
    }

    /// A comma at a place.
    pub(super) fn comma(&mut self, depth: usize) {
        if let Some(frame) = self.last(depth) {
            frame.wants_key = !frame.is_list;
        }
    }

    /// Whether it can be cut at a comma, which stands at a place.
    pub(super) fn can_be_cut(&mut self, at: usize, depth: usize) -> bool {
        let is_due = at > PART.max(2 * self.begin);
        let Some(frame) = self.last(depth).filter(|frame| frame.is_list) else { return false };
        let is_due = is_due && frame.is_listed && frame.has_objects;
        if !is_due {
            frame.element = at + 1;
        }
        is_due
    }

    /// Ends a part, which is everything so far, and says how the next one begins.
    pub(super) fn cut(&mut self, part: &mut Vec<u8>) -> Vec<u8> {
        let (mut begin, mut from) = (Vec::new(), 0);
        for frame in &mut self.frames {
            frame.was_cut = true;
            if frame.is_list {
                begin.extend_from_slice(part.get(from..frame.at).unwrap_or_default());
                from = frame.element;
                (frame.at, frame.element) = (begin.len(), begin.len());
            }
        }
        let ends = self.frames.iter().rev().map(|frame| if frame.is_list { b']' } else { b'}' });
        part.extend(ends);
        self.begin = begin.len();
        begin
    }
}
