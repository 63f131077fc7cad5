//! The objects of a repository, each held against its id: a store that lies is found out.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::git;
use super::repository::Repository;
use crate::limits::MAX_OBJECT_HEAD_BYTES;
use crate::limits::MAX_STRUCTURE_BYTES;
use crate::source::hex;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Leads to a folder and to what came before.
    Commit,
    /// Names with the objects of a folder.
    Tree,
    /// The content of a file.
    Blob,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
        }
    }
}

/// Why there is no object.
#[derive(Debug, PartialEq, Eq)]
pub enum NoObject {
    /// It has more bytes than the limit.
    TooLarge,
    /// Everything else, in words.
    Broken(String),
}

/// What hands out objects as they are stored.
pub trait Store {
    /// The kind and the bytes of an object by its id, at most `limit` of them.
    fn get(&mut self, id: &str, limit: u64) -> Result<(String, Vec<u8>), NoObject>;
}

/// An object, held against its id.
pub(super) fn checked(store: &mut dyn Store, id: &str, kind: Kind, limit: u64) -> Result<Vec<u8>, NoObject> {
    let (said, bytes) = store.get(id, limit)?;
    if said != kind.name() {
        return Err(NoObject::Broken(format!("`{id}` is a {said} and no {}", kind.name())));
    }
    if name(kind, &bytes, id.len()) != id {
        return Err(NoObject::Broken(format!("what the repository has as `{id}` is another object")));
    }
    Ok(bytes)
}

/// A commit or a folder, held against its id.
pub(super) fn structure(store: &mut dyn Store, id: &str, kind: Kind) -> Result<Vec<u8>, String> {
    checked(store, id, kind, MAX_STRUCTURE_BYTES).map_err(|why| match why {
        NoObject::TooLarge => format!("the {} `{id}` is too large", kind.name()),
        NoObject::Broken(why) => why,
    })
}

/// The id of an object: the hash of its header and its bytes, SHA-256 where ids have 64 digits.
pub fn name(kind: Kind, bytes: &[u8], digits: usize) -> String {
    let header = format!("{} {}\0", kind.name(), bytes.len());
    if digits == 64 {
        hex(&Sha256::new().chain_update(header).chain_update(bytes).finalize())
    } else {
        hex(&Sha1::new().chain_update(header).chain_update(bytes).finalize())
    }
}

/// A running `git cat-file --batch`.
pub(super) struct Objects {
    repository: Repository,
    running: Running,
}

struct Running {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    pub(super) fn open(repository: &Repository) -> Result<Self, String> {
        Ok(Self { repository: repository.clone(), running: Running::start(repository)? })
    }
}

impl Running {
    fn start(repository: &Repository) -> Result<Self, String> {
        let mut git = git::program(repository);
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn().map_err(|error| git::cannot_start(&error))?;
        let (Some(ask), Some(answer)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the program `git` cannot be spoken with".to_owned());
        };
        Ok(Self { child, ask, answer: BufReader::new(answer) })
    }

    fn fetch(&mut self, id: &str, limit: u64) -> std::io::Result<Result<(String, Vec<u8>), NoObject>> {
        self.ask.write_all(format!("{id}\n").as_bytes())?;
        self.ask.flush()?;
        let mut head = String::new();
        (&mut self.answer).take(MAX_OBJECT_HEAD_BYTES).read_line(&mut head)?;
        let mut words = head.split_ascii_whitespace().skip(1);
        let (kind, size) =
            (words.next().unwrap_or_default(), words.next().and_then(|size| size.parse().ok()));
        let Some(size) = size else {
            return Ok(Err(NoObject::Broken("the repository does not have it".to_owned())));
        };
        if size > limit {
            return Ok(Err(NoObject::TooLarge));
        }
        let mut bytes = Vec::new();
        (&mut self.answer).take(size).read_to_end(&mut bytes)?;
        let mut end = [0u8];
        self.answer.read_exact(&mut end)?;
        Ok(if bytes.len() as u64 == size {
            Ok((kind.to_owned(), bytes))
        } else {
            Err(NoObject::Broken("the repository does not have all of it".to_owned()))
        })
    }
}

impl Store for Objects {
    fn get(&mut self, id: &str, limit: u64) -> Result<(String, Vec<u8>), NoObject> {
        let answer = self.running.fetch(id, limit);
        let answer = answer.unwrap_or_else(|error| Err(NoObject::Broken(format!("git: {error}"))));
        if answer.is_err() {
            // What it had begun to say would be taken for the next answer.
            self.running = Running::start(&self.repository).map_err(NoObject::Broken)?;
        }
        answer
    }
}

impl Drop for Running {
    /// Nothing is left to be asked, and nobody to hear of an error.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
