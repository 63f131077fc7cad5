//! The folders of a revision, read as they are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::objects::{Kind, NoObject, Store, checked, structure};
use super::reader::{Found, Place, Refusal};
use crate::limits::{MAX_FILE_BYTES, MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES, MAX_LOOKED_AT};
use crate::source::hex;

const FSCK: &str = "check the repository with `git fsck`";

/// The workspace's folder in a commit.
pub(super) struct Tree<S> {
    store: S,
    root: String,
    /// Folders by their ids.
    read: BTreeMap<String, Folder>,
}

/// What stands in a folder, in the order of git.
type Folder = Rc<Vec<Entry>>;

#[derive(Debug, Clone)]
struct Entry {
    name: Vec<u8>,
    mode: Mode,
    object: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    File,
    Folder,
    Link,
    Repository,
}

/// What is at a path.
enum Node {
    Nothing,
    File(String),
    Folder(String),
    /// Not followed: the path up to a link or a repository of its own.
    Refused(String, Mode),
}

impl<S: Store> Tree<S> {
    /// The folder at a path in a commit, `/`-separated. Each part of it must be a folder of that name.
    pub(super) fn open(mut store: S, commit: &str, inside: &str) -> Result<Self, String> {
        let root = top(&mut store, commit)?;
        let mut tree = Self { store, root, read: BTreeMap::new() };
        tree.root = match tree.walk(inside)? {
            Node::Folder(id) => id,
            Node::Refused(path, _) => return Err(format!("`{path}` is a link or a repository of its own")),
            Node::Nothing | Node::File(_) => return Err(format!("there is no folder `{inside}`")),
        };
        Ok(tree)
    }

    /// Paths at which another commit has a link in the place of what is here: of a folder, a file, or a link to
    /// elsewhere.
    pub(super) fn links_instead(&mut self, commit: &str) -> Result<Vec<String>, String> {
        let mut pairs = vec![(String::new(), self.root.clone(), top(&mut self.store, commit)?)];
        let mut links = Vec::new();
        let mut seen = 0;
        while let Some((path, old, new)) = pairs.pop() {
            let (old, new) = (self.folder(&old)?, self.folder(&new)?);
            seen += old.len() + new.len();
            if seen > MAX_FOLDER_ENTRIES {
                return Err("the two revisions differ in more folders and files than are compared".to_owned());
            }
            let old: BTreeMap<&[u8], &Entry> =
                old.iter().map(|entry| (entry.name.as_slice(), entry)).collect();
            for entry in new.iter() {
                let Some(before) = old.get(entry.name.as_slice()) else { continue };
                let is_same = before.mode == entry.mode && before.object == entry.object;
                let Some(name) = std::str::from_utf8(&entry.name).ok().filter(|_| !is_same) else { continue };
                match (before.mode, entry.mode) {
                    (_, Mode::Link) => links.push(join(&path, name)),
                    (Mode::Folder, Mode::Folder) => {
                        pairs.push((join(&path, name), before.object.clone(), entry.object.clone()));
                    }
                    _ => {}
                }
            }
        }
        links.sort();
        Ok(links)
    }

    /// The names in a folder; none where there is no such folder.
    pub(super) fn names(&mut self, path: &str) -> Result<Option<Vec<String>>, String> {
        let Node::Folder(id) = self.walk(path)? else { return Ok(None) };
        let folder = self.folder(&id)?;
        Ok(Some(folder.iter().map(|entry| String::from_utf8_lossy(&entry.name).into_owned()).collect()))
    }

    /// The repositories of their own at a path, on the way to it and below it.
    pub(super) fn repositories(&mut self, path: &str) -> Result<Vec<String>, String> {
        let id = match self.walk(path)? {
            Node::Folder(id) => id,
            Node::Refused(path, Mode::Repository) => return Ok(vec![path]),
            Node::Refused(..) | Node::File(_) | Node::Nothing => return Ok(Vec::new()),
        };
        let (mut folders, mut found, mut seen) = (vec![(path.to_owned(), id)], Vec::new(), 0);
        while let Some((path, id)) = folders.pop() {
            let folder = self.folder(&id)?;
            seen += folder.len();
            if seen > MAX_FOLDER_ENTRIES {
                return Err(Refusal::too_many(&path).message);
            }
            for entry in folder.iter() {
                let path = join(&path, &String::from_utf8_lossy(&entry.name));
                match entry.mode {
                    Mode::Folder => folders.push((path, entry.object.clone())),
                    Mode::Repository => found.push(path),
                    Mode::File | Mode::Link => {}
                }
            }
        }
        Ok(found)
    }

    fn folder(&mut self, id: &str) -> Result<Folder, String> {
        if let Some(folder) = self.read.get(id) {
            return Ok(Rc::clone(folder));
        }
        let bytes = structure(&mut self.store, id, Kind::Tree)?;
        let entries = entries(&bytes, id.len() / 2).ok_or_else(|| format!("the tree `{id}` is malformed"))?;
        let folder = Rc::new(entries);
        self.read.insert(id.to_owned(), Rc::clone(&folder));
        Ok(folder)
    }

    fn walk(&mut self, path: &str) -> Result<Node, String> {
        let mut node = Node::Folder(self.root.clone());
        let mut so_far = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let Node::Folder(id) = &node else { return Ok(Node::Nothing) };
            let folder = self.folder(&id.clone())?;
            let Some(entry) = folder.iter().find(|entry| entry.name == part.as_bytes()) else {
                return Ok(Node::Nothing);
            };
            so_far = join(&so_far, part);
            node = match entry.mode {
                Mode::File => Node::File(entry.object.clone()),
                Mode::Folder => Node::Folder(entry.object.clone()),
                mode => return Ok(Node::Refused(so_far, mode)),
            };
        }
        Ok(node)
    }

    /// All files below a folder.
    fn all(
        &mut self,
        path: &str,
        id: String,
        wanted: &mut dyn FnMut(&str) -> bool,
        found: &mut Vec<Found<String>>,
    ) {
        let mut folders = vec![(path.to_owned(), id, 0)];
        let mut seen = 0;
        while let Some((path, id, depth)) = folders.pop() {
            let folder = match self.folder(&id) {
                Ok(folder) => folder,
                Err(why) => {
                    let refusal = Refusal::new(format!("cannot read `{path}`: {why}"), FSCK);
                    found.push(Err((path, refusal)));
                    continue;
                }
            };
            seen += folder.len();
            if seen > MAX_FOLDER_ENTRIES || depth > MAX_FOLDER_DEPTH {
                found.push(Err((path.clone(), Refusal::too_many(&path))));
                return;
            }
            for entry in folder.iter().filter(|entry| !entry.name.starts_with(b".")) {
                let Ok(name) = std::str::from_utf8(&entry.name) else {
                    let shown = join(&path, &entry.name.escape_ascii().to_string());
                    found.push(Err((shown.clone(), Refusal::not_utf8(&shown))));
                    continue;
                };
                let shown = join(&path, name);
                match entry.mode {
                    Mode::Folder => folders.push((shown, entry.object.clone(), depth + 1)),
                    Mode::File if wanted(&shown) => found.push(Ok((shown.clone(), shown))),
                    Mode::File => {}
                    mode => found.push(Err((shown.clone(), refusal(&shown, mode)))),
                }
            }
        }
    }
}

impl<S: Store> Place for Tree<S> {
    type Handle = String;

    fn at(&mut self, path: &str) -> Option<String> {
        let node = self.walk(path);
        (!matches!(node, Ok(Node::Nothing))).then(|| path.to_owned())
    }

    fn below(&mut self, key: &String, wanted: &mut dyn FnMut(&str) -> bool) -> Vec<Found<String>> {
        let mut found = Vec::new();
        match self.walk(key) {
            Ok(Node::Nothing) => {}
            Ok(Node::File(_)) => found.push(Ok((key.clone(), key.clone()))),
            Ok(Node::Folder(id)) => self.all(key, id, wanted, &mut found),
            Ok(Node::Refused(path, mode)) => {
                let refusal = refusal(&path, mode);
                found.push(Err((path, refusal)));
            }
            Err(why) => {
                let refusal = Refusal::new(format!("cannot read `{key}`: {why}"), FSCK);
                found.push(Err((key.clone(), refusal)));
            }
        }
        found
    }

    fn folders(&mut self) -> Vec<String> {
        let root = self.root.clone();
        let Ok(entries) = self.folder(&root) else { return Vec::new() };
        let folders =
            entries.iter().filter(|entry| entry.mode == Mode::Folder && !entry.name.starts_with(b"."));
        let names = folders.filter_map(|entry| std::str::from_utf8(&entry.name).ok().map(str::to_owned));
        names.take(MAX_LOOKED_AT).collect()
    }

    fn read(&mut self, key: &String, shown: &str) -> Result<Vec<u8>, Refusal> {
        let cannot = |why: &str| Refusal::new(format!("cannot read `{shown}`: {why}"), FSCK);
        let id = match self.walk(key) {
            Ok(Node::File(id)) => id,
            Ok(Node::Refused(path, mode)) => return Err(refusal(&path, mode)),
            Ok(Node::Nothing | Node::Folder(_)) => return Err(cannot("it is not a regular file")),
            Err(why) => return Err(cannot(&why)),
        };
        checked(&mut self.store, &id, Kind::Blob, MAX_FILE_BYTES).map_err(|why| match why {
            NoObject::TooLarge => Refusal::too_large(shown),
            NoObject::Broken(why) => cannot(&why),
        })
    }

    /// None is followed.
    fn links(&mut self) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

/// The id of a commit's top folder.
fn top(store: &mut dyn Store, commit: &str) -> Result<String, String> {
    let text = structure(store, commit, Kind::Commit)?;
    let id = text.strip_prefix(b"tree ").and_then(|rest| rest.get(..commit.len()));
    let id = id.and_then(|id| std::str::from_utf8(id).ok()).ok_or("the commit names no folder")?;
    Ok(id.to_owned())
}

/// A path and a name in it.
fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// Links and other repositories: what they lead to is no part of the revision.
fn refusal(path: &str, mode: Mode) -> Refusal {
    if mode == Mode::Link {
        let message = format!("`{path}` is a link, which is not followed in a revision");
        Refusal::new(message, "commit the file itself")
    } else {
        Refusal::new(format!("`{path}` is a repository of its own"), "commit its files into this one")
    }
}

/// The entries of a tree object: `mode SPACE name NUL id`, the id as bytes. None where it is not one that git writes.
fn entries(bytes: &[u8], id_bytes: usize) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut names = BTreeSet::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let mode = match rest.get(..space)? {
            b"100644" | b"100755" | b"100664" => Mode::File,
            b"40000" => Mode::Folder,
            b"120000" => Mode::Link,
            b"160000" => Mode::Repository,
            _ => return None,
        };
        rest = rest.get(space + 1..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        let name = rest.get(..end)?;
        let is_name = !name.is_empty() && name != b"." && name != b".." && !name.contains(&b'/');
        if !is_name || !names.insert(name) {
            return None;
        }
        let object = hex(rest.get(end + 1..end + 1 + id_bytes)?);
        entries.push(Entry { name: name.to_vec(), mode, object });
        rest = rest.get(end + 1 + id_bytes..)?;
    }
    Some(entries)
}
