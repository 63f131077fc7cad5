//! Where a row of CSV ends: not at a line feed within quotes.

/// What is known of the row that is being read.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub(super) struct Rows {
    /// Nothing of the cell has been read.
    is_begun: bool,
    is_quoted: bool,
    /// The last byte was a quote that closed, or the first of two that stand for one.
    is_closed: bool,
    /// The line on which the last quote opened.
    quoted_on: u64,
    /// Of a quote that opened on an earlier line, the closing one stands within a cell.
    is_broken: bool,
}

impl Default for Rows {
    fn default() -> Self {
        Self { is_begun: true, is_quoted: false, is_closed: false, quoted_on: 0, is_broken: false }
    }
}

impl Rows {
    /// The line of the quote that is open.
    pub(super) fn open_on(&self) -> Option<u64> {
        (self.is_quoted || self.is_broken).then_some(self.quoted_on)
    }

    /// Whether no row can be told any more.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Where the row ends, if it does; counts the lines within it.
    pub(super) fn end_of_row(&mut self, bytes: &[u8], line: &mut u64) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_quoted {
                (self.is_quoted, self.is_closed) = (*byte != b'"', *byte == b'"');
                *line += u64::from(*byte == b'\n');
                continue;
            }
            let is_after_quote = std::mem::take(&mut self.is_closed);
            match byte {
                b'"' if is_after_quote => self.is_quoted = true,
                b'"' if self.is_begun => (self.is_quoted, self.quoted_on) = (true, *line),
                b'\n' => {
                    self.is_begun = true;
                    return Some(at);
                }
                b',' => {
                    self.is_begun = true;
                    continue;
                }
                // What follows the closing quote of a cell of several lines is text: the opening one was never closed, and
                // this one opens another cell.
                byte if is_after_quote && *line > self.quoted_on && !byte.is_ascii_whitespace() => {
                    self.is_broken = true;
                    return None;
                }
                _ => {}
            }
            self.is_begun = false;
        }
        None
    }
}
