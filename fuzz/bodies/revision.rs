//! Objects of a git store, made of the input.

use std::collections::BTreeMap;

use govctl::load::git;
use govctl::load::objects::{self, Kind, NoObject, Store};

use super::stand_in_their_files;

/// A store of any objects, made of the input: no shape of them stops the reading, and what is not what its id says is never
/// taken for a file.
pub fn revision(data: &[u8]) {
    let mut store = Made::of(data);
    let commit = store.commit.clone();
    let lies: Vec<String> = store.lies.clone();
    for inside in ["", "a", "a/b"] {
        let Ok(loaded) = git::load_from(&mut store, &commit, inside) else { continue };
        stand_in_their_files(&loaded.sources, &loaded.findings);
        for (_, file) in loaded.sources.iter().filter(|(_, file)| file.readable) {
            assert!(!lies.contains(&file.text), "a false object was read");
            assert!(!file.path.split('/').any(|part| part.is_empty() || part == ".."), "{}", file.path);
        }
    }
}

/// Objects by their ids, some of them not what the id says.
struct Made {
    objects: BTreeMap<String, (String, Vec<u8>)>,
    lies: Vec<String>,
    commit: String,
}

impl Made {
    /// Each line is an object: a file's text, or a folder of those before it; the last one is what the commit names.
    fn of(data: &[u8]) -> Self {
        let mut made = Self { objects: BTreeMap::new(), lies: Vec::new(), commit: String::new() };
        let mut known: Vec<(Kind, String)> = Vec::new();
        for line in data.split(|byte| *byte == b'\n').take(200) {
            let (first, rest) = line.split_first().unwrap_or((&b'b', &[]));
            let (kind, bytes) = match first {
                b't' => (Kind::Tree, folder(rest, &known)),
                _ => (Kind::Blob, rest.to_vec()),
            };
            let id = objects::name(kind, &bytes, 40);
            let name = if kind == Kind::Tree { "tree" } else { "blob" };
            let is_lie = *first == b'!';
            let kept = if is_lie { [b"a lie: ", bytes.as_slice()].concat() } else { bytes };
            if is_lie {
                made.lies.push(String::from_utf8_lossy(&kept).into_owned());
            }
            made.objects.insert(id.clone(), (name.to_owned(), kept));
            known.push((kind, id));
        }
        let root = known.last().map_or_else(String::new, |(_, id)| id.clone());
        let text = format!("tree {root}\n").into_bytes();
        let id = objects::name(Kind::Commit, &text, 40);
        made.objects.insert(id.clone(), ("commit".to_owned(), text));
        made.commit = id;
        made
    }
}

/// A folder: for each word its first byte is the mode, the second which object, the rest the name.
fn folder(text: &[u8], known: &[(Kind, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in text.split(|byte| *byte == b' ').filter(|word| word.len() > 2) {
        let (Some(mode), Some(which)) = (word.first(), word.get(1)) else { continue };
        let mode: &[u8] = match mode {
            b'd' => b"40000",
            b'l' => b"120000",
            b'r' => b"160000",
            b'x' => b"7",
            _ => b"100644",
        };
        let Some((_, id)) = known.get(usize::from(*which) % known.len().max(1)) else { continue };
        let digits = id.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
        bytes.extend_from_slice(&[mode, b" ", word.get(2..).unwrap_or_default(), b"\0"].concat());
        bytes.extend(digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()));
    }
    bytes
}

impl Store for &mut Made {
    fn get(&mut self, id: &str, limit: u64) -> Result<(String, Vec<u8>), NoObject> {
        match self.objects.get(id) {
            Some((_, bytes)) if bytes.len() as u64 > limit => Err(NoObject::TooLarge),
            Some(object) => Ok(object.clone()),
            None => Err(NoObject::Broken("it is not there".to_owned())),
        }
    }
}
