//! The quick way to read a table that is as it should be: each part where it must stand, and nothing else.
//!
//! Nearly every table that is loaded was written by `govctl compile`, so its bytes are canonical JSON with the keys of the
//! format in their order. This reads such bytes in one pass, what stands many times by hand. At the first byte that is
//! another it gives up, and the table is read the slow way ([`scan`](super::scan) and serde), which says what is wrong and
//! where: so all that is refused is refused by one reader, and what both take they take alike.

mod decisions;
mod text;

use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::format::{FORMAT, Table};
use super::scan::passed;
use decisions::Kept;

/// A table, and where its member `digest` stands, the comma before it included.
pub(super) fn read(text: &str) -> Option<(Table, Range<usize>)> {
    let mut reader = Reader { text, at: 0, kept: Kept::default() };
    let read = reader.table()?;
    (reader.at == text.len()).then_some(read)
}

struct Reader<'a> {
    text: &'a str,
    /// How many bytes are behind.
    at: usize,
    kept: Kept,
}

impl Reader<'_> {
    fn table(&mut self) -> Option<(Table, Range<usize>)> {
        let as_of = self.part(b"{\"as_of\":")?;
        let attribution = self.part(b",\"attribution\":")?;
        let audits = self.part(b",\"audits\":")?;
        let budgets = self.part(b",\"budgets\":")?;
        let classifications = self.part(b",\"classifications\":")?;
        self.eat(b",\"decisions\":")?;
        let decisions = self.list(Self::decision)?;
        let digest_at = self.at;
        let digest = self.part(b",\"digest\":")?;
        let digest_at = digest_at..self.at;
        let ends = self.part(b",\"ends\":")?;
        let facts = self.part(b",\"facts\":")?;
        let failovers = self.part(b",\"failovers\":")?;
        let format = self.part(b",\"format\":").filter(|format: &String| format == FORMAT)?;
        let grids = self.part(b",\"grids\":")?;
        let models = self.part(b",\"models\":")?;
        let proof = self.part(b",\"proof\":")?;
        let quotas = self.part(b",\"quotas\":")?;
        let reasons = self.part(b",\"reasons\":")?;
        let request = self.part(b",\"request\":")?;
        self.eat(b",\"rule_sets\":")?;
        let rule_sets = self.list(Self::texts)?;
        let sources = self.part(b",\"sources\":")?;
        self.eat(b",\"target_lists\":")?;
        let target_lists = self.list(Self::targets)?;
        self.eat(b",\"use_cases\":")?;
        let use_cases = self.list(Self::use_case)?;
        let valid_until = self.part(b",\"valid_until\":")?;
        self.eat(b"}")?;
        let table = Table {
            format,
            as_of,
            valid_until,
            ends,
            sources,
            classifications,
            facts,
            models,
            failovers,
            rule_sets,
            target_lists,
            audits,
            decisions,
            grids,
            use_cases,
            budgets,
            quotas,
            reasons,
            attribution,
            request,
            proof,
            digest,
        };
        Some((table, digest_at))
    }

    /// A member that is small, read as the slow way reads the whole table.
    fn part<T: DeserializeOwned + Serialize, const N: usize>(&mut self, key: &[u8; N]) -> Option<T> {
        self.eat(key)?;
        // It stands in the table itself.
        self.any(1)
    }

    /// A value inside so many others.
    fn any<T: DeserializeOwned + Serialize>(&mut self, depth: usize) -> Option<T> {
        let end = passed(self.text, self.at, depth)?;
        let json = self.text.get(self.at..end)?;
        let part: T = serde_json::from_str(json).ok()?;
        self.at = end;
        (written_length(&part) == Some(json.len())).then_some(part)
    }
}

/// How long a part is when it is written. serde reads a list where an object belongs, and takes its items for the values
/// in order: without their keys, so that such a list is shorter than what is written again.
pub(super) fn written_length(part: &impl Serialize) -> Option<usize> {
    let mut written = Count(0);
    serde_json::to_writer(&mut written, part).ok()?;
    Some(written.0)
}

/// Counts what is written.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
