//! Names that some file systems do not tell apart: by case, by how letters with marks are written, by what is not seen, or
//! by dots and spaces at the end. Where they are not told apart, a checkout has one of two files, and which is not said.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{attributes, near};
use crate::limits::MAX_FOLDER_ENTRIES;

/// The names in a folder; none where there is no such folder.
pub(super) type Names = Result<Option<Vec<String>>, String>;

/// A name as file systems see it that tell as little apart as any.
struct Folded {
    exact: String,
    /// The same with one sign for every letter that may be written with marks of its own.
    loose: String,
    has_marks: bool,
}

/// Paths that are read, by folder.
#[derive(Default)]
struct Known(BTreeMap<String, Known>);

/// The names of one folder by what they are folded to, each with at most two: one is another than any name.
#[derive(Default)]
struct Index<'k> {
    exact: HashMap<String, Vec<&'k str>>,
    loose: HashMap<String, Vec<&'k str>>,
    marked: HashMap<String, Vec<&'k str>>,
}

/// Names beside paths that are read, on the way to them too, that are no other names to some file systems: each path with
/// what is like it.
pub(super) fn alike(
    paths: &[String],
    names: &mut dyn FnMut(&str) -> Names,
) -> Result<Vec<(String, String)>, String> {
    let mut known = Known::default();
    for path in paths {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.fold(&mut known, |folder, part| {
            // What git makes of the file may be said in any folder around it.
            folder.0.entry(attributes::NAME.to_owned()).or_default();
            folder.0.entry(part.to_owned()).or_default()
        });
    }
    let mut found = BTreeSet::new();
    let mut folders = vec![(String::new(), &known)];
    let mut seen = 0usize;
    while let Some((path, folder)) = folders.pop() {
        let index = Index::of(folder);
        for name in names(&path)?.into_iter().flatten() {
            seen = seen.saturating_add(1);
            if seen > MAX_FOLDER_ENTRIES {
                return Err(format!("`{path}` and what is around it has too many files"));
            }
            let own = join(&path, &name);
            if let Some(other) = index.like(&name) {
                let other = join(&path, other);
                found.insert(if own < other { (own.clone(), other) } else { (other, own.clone()) });
            }
            if let Some(below) = folder.0.get(&name).filter(|below| !below.0.is_empty()) {
                folders.push((own, below));
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The same in a folder on disk.
pub fn alike_in(root: &Path, paths: &[String]) -> Result<Vec<(String, String)>, String> {
    alike(paths, &mut |path| {
        let folder = root.join(path);
        // A link is told of by itself.
        if !folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Ok(None);
        }
        near::names(&folder).map(Some)
    })
}

impl<'k> Index<'k> {
    fn of(folder: &'k Known) -> Self {
        let mut index = Self::default();
        for name in folder.0.keys() {
            let Folded { exact, loose, has_marks } = folded(name);
            if has_marks {
                put(&mut index.marked, loose.clone(), name);
            }
            put(&mut index.exact, exact, name);
            put(&mut index.loose, loose, name);
        }
        index
    }

    /// A known name that is another one and may not be told apart.
    fn like(&self, name: &str) -> Option<&'k str> {
        let Folded { exact, loose, has_marks } = folded(name);
        let written = if has_marks { &self.loose } else { &self.marked };
        let all = self.exact.get(&exact).into_iter().chain(written.get(&loose)).flatten();
        all.copied().find(|known| *known != name)
    }
}

fn put<'k>(index: &mut HashMap<String, Vec<&'k str>>, key: String, name: &'k str) {
    let names = index.entry(key).or_default();
    if names.len() < 2 {
        names.push(name);
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

fn folded(name: &str) -> Folded {
    let seen = name.chars().filter(|c| !is_unseen(*c)).flat_map(jamo);
    // Up and down again: `ß` is `ss`, and the `ς` at the end of a word is `σ`.
    let exact: String = seen.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let exact = exact.trim_end_matches(['.', ' ']).to_owned();
    let mut loose = String::new();
    let mut has_marks = false;
    for character in exact.chars() {
        if is_mark(character) {
            has_marks = true;
            if loose.pop().is_some() {
                loose.push('\0');
            }
        } else {
            loose.push(if character.is_ascii() { character } else { '\0' });
        }
    }
    Folded { exact, loose, has_marks }
}

/// A Korean syllable as its letters.
fn jamo(character: char) -> impl Iterator<Item = char> {
    let at = u32::from(character).wrapping_sub(0xAC00);
    let letters = if at < 11_172 {
        let last = Some(at % 28).filter(|last| *last > 0).map(|last| 0x11A7 + last);
        [Some(0x1100 + at / 588), Some(0x1161 + at % 588 / 28), last]
    } else {
        [Some(u32::from(character)), None, None]
    };
    letters.into_iter().flatten().filter_map(char::from_u32)
}

/// Characters that leave no trace, which some file systems ignore.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Marks that can be a part of the letter before them.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{65F}' | '\u{93C}' | '\u{9BC}' | '\u{A3C}' | '\u{ABC}' | '\u{B3C}'
            | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_system_may_take_for_one_name_is_found_and_other_names_are_not() {
        let is_alike = |known: &str, name: &str| {
            let known = Known(BTreeMap::from([(known.to_owned(), Known::default())]));
            Index::of(&known).like(name).is_some()
        };
        for (one, other) in [
            ("registry", "Registry"),
            ("ss.gov", "\u{DF}.gov"),
            ("\u{3C3}.gov", "\u{3C2}.gov"),
            ("k.gov", "\u{212A}.gov"),
            ("policies", "policie\u{17F}"),
            ("policies", "polic\u{200C}ies"),
            ("\u{E9}.gov", "e\u{301}.gov"),
            ("\u{C9}.gov", "e\u{301}.gov"),
            ("\u{D55C}.gov", "\u{1112}\u{1161}\u{11AB}.gov"),
            ("\u{304C}.gov", "\u{304B}\u{3099}.gov"),
            ("main.gov", "main.gov."),
            ("main.gov", "main.gov "),
        ] {
            assert!(is_alike(one, other) && is_alike(other, one), "{one:?} {other:?}");
        }
        for (one, other) in
            [("a.gov", "b.gov"), ("\u{E9}.gov", "\u{E1}.gov"), ("\u{898F}.gov", "\u{653F}.gov"), ("a", "a")]
        {
            assert!(!is_alike(one, other), "{one:?} {other:?}");
        }
    }
}
