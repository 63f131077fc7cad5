//! What git makes of files between its store and a checkout or an archive: `.gitattributes` may give them another text.
//!
//! Patterns are read generously: where it is not plain whether one names a file, it does.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::MAX_ATTRIBUTE_WORK;

/// Which texts an attribute makes others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Those of a checkout.
    Checkout,
    /// Those of an archive that git makes, and of what code hosts offer to download.
    Archive,
}

/// The attributes that do. Those of line ends are not among them: no policy or YAML means anything else for them.
const CONVERTING: [(&str, Reach); 5] = [
    ("working-tree-encoding", Reach::Checkout),
    ("filter", Reach::Checkout),
    ("ident", Reach::Checkout),
    ("export-subst", Reach::Archive),
    ("export-ignore", Reach::Archive),
];

/// Files that have an attribute by which they are other texts elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The attribute's name.
    pub attribute: &'static str,
    /// What it changes.
    pub reach: Reach,
    /// The first line that gives it: `ai/.gitattributes:3`, from the top of the repository.
    pub place: String,
    /// The files, from the top of the repository, sorted.
    pub files: Vec<String>,
}

impl Rewritten {
    /// Whether others say the same of all its files.
    pub fn is_among(&self, others: &[Self]) -> bool {
        let of_own = others.iter().filter(|other| other.attribute == self.attribute);
        let known: BTreeSet<&String> = of_own.flat_map(|other| &other.files).collect();
        self.files.iter().all(|file| known.contains(file))
    }
}

/// The text of a file of the repository, and none where there is none; or why it is not read.
pub(super) type Text = Result<Option<Vec<u8>>, String>;

/// Which of these files, by their paths from the top of the repository, are other texts elsewhere. `read` gives the text
/// of a file by such a path.
pub(super) fn rewritten(
    files: &[String],
    read: &mut dyn FnMut(&str) -> Text,
) -> Result<Vec<Rewritten>, String> {
    let folders: BTreeSet<&str> = files.iter().flat_map(|file| above(file)).collect();
    let mut texts = Vec::new();
    for folder in folders {
        let path = if folder.is_empty() { NAME.to_owned() } else { format!("{folder}/{NAME}") };
        if let Some(bytes) = read(&path)? {
            texts.push((folder, path, bytes));
        }
    }
    // What converts the attributes themselves could hide all others.
    let own = texts.iter().map(|(_, path, _)| path.clone());
    let files: BTreeSet<String> = files.iter().cloned().chain(own).collect();
    let mut found = Vec::new();
    let mut work = 0;
    for (attribute, reach) in CONVERTING {
        let names = with_macros(attribute, &texts);
        let mut left: BTreeSet<&String> = files.iter().collect();
        let mut hit = Rewritten { attribute, reach, place: String::new(), files: Vec::new() };
        for (folder, path, bytes) in &texts {
            for (number, line) in (1..).zip(lines(bytes)) {
                let Some(pattern) = line.pattern.filter(|_| line.sets.iter().any(|set| names.contains(set)))
                else {
                    continue;
                };
                let pattern = Pattern::new(pattern);
                let mut named = Vec::new();
                for file in &left {
                    work += pattern.pieces.len().saturating_mul(file.len());
                    if work > MAX_ATTRIBUTE_WORK {
                        return Err(format!("`{path}` says too much of too many files"));
                    }
                    if pattern.names(folder, file) {
                        named.push(*file);
                    }
                }
                if !named.is_empty() && hit.place.is_empty() {
                    hit.place = format!("{path}:{number}");
                }
                left.retain(|file| !named.contains(file));
                hit.files.extend(named.into_iter().cloned());
            }
        }
        if !hit.files.is_empty() {
            hit.files.sort();
            found.push(hit);
        }
    }
    Ok(found)
}

/// The file that gives them.
pub(super) const NAME: &str = ".gitattributes";

/// The folders around a file, the top's empty name among them.
fn above(file: &str) -> impl Iterator<Item = &str> {
    let inner = file.match_indices('/').filter_map(|(at, _)| file.get(..at));
    std::iter::once("").chain(inner)
}

/// A line that gives attributes.
struct Line<'a> {
    /// None: it is of a macro.
    pattern: Option<&'a [u8]>,
    of_macro: Option<&'a [u8]>,
    /// The names of those that it sets.
    sets: Vec<&'a [u8]>,
}

/// The lines of a file, the first first; those that give nothing are empty.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.split(|byte| *byte == b'\n').map(|line| {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let first = words.next().unwrap_or(b"#");
        let sets = words.filter(|word| !word.starts_with(b"-") && !word.starts_with(b"!"));
        let sets = sets.filter_map(|word| word.split(|byte| *byte == b'=').next()).collect();
        let of_macro = first.strip_prefix(b"[attr]");
        // A pattern in quotes may have blanks and escapes in it: it counts as any.
        let pattern = if first.starts_with(b"\"") { &b"**"[..] } else { first };
        let is_pattern = of_macro.is_none() && !first.starts_with(b"#");
        Line { pattern: is_pattern.then_some(pattern), of_macro, sets }
    })
}

/// An attribute's name, and those of all macros by which it may be set.
fn with_macros<'a>(attribute: &'a str, texts: &'a [(&str, String, Vec<u8>)]) -> BTreeSet<&'a [u8]> {
    let mut by_part: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
    for line in texts.iter().flat_map(|(_, _, bytes)| lines(bytes)) {
        let Some(name) = line.of_macro else { continue };
        for part in line.sets {
            by_part.entry(part).or_default().push(name);
        }
    }
    let mut names = BTreeSet::new();
    let mut open = vec![attribute.as_bytes()];
    while let Some(name) = open.pop() {
        if names.insert(name) {
            open.extend(by_part.get(name).into_iter().flatten());
        }
    }
    names
}

/// A pattern, of which each star stands for any text.
struct Pattern {
    pieces: Vec<Piece>,
    /// Whether it names a path and not just a file in any folder.
    is_path: bool,
}

enum Piece {
    Star,
    Any,
    One(u8),
    /// Any of these ranges.
    Among(Vec<(u8, u8)>),
}

impl Pattern {
    fn new(pattern: &[u8]) -> Self {
        let pattern = pattern.strip_suffix(b"/").unwrap_or(pattern);
        let is_path = pattern.contains(&b'/');
        let mut rest = pattern.strip_prefix(b"/").unwrap_or(pattern);
        let mut pieces = Vec::new();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match first {
                b'*' => {
                    let stars = rest.iter().take_while(|byte| **byte == b'*').count();
                    rest = rest.get(stars..).unwrap_or_default();
                    // `a/**/b` names `a/b` as well.
                    rest = rest.strip_prefix(b"/").filter(|_| stars > 0).unwrap_or(rest);
                    pieces.push(Piece::Star);
                }
                b'?' => pieces.push(Piece::Any),
                b'[' => {
                    // What is not read may stand for anything, to its end.
                    let (piece, after) = among(rest).unwrap_or((Piece::Star, &[]));
                    pieces.push(piece);
                    rest = after;
                }
                b'\\' => match rest.split_first() {
                    Some((byte, after)) => {
                        pieces.push(Piece::One(byte.to_ascii_lowercase()));
                        rest = after;
                    }
                    None => pieces.push(Piece::Star),
                },
                byte => pieces.push(Piece::One(byte.to_ascii_lowercase())),
            }
        }
        Self { pieces, is_path }
    }

    /// Whether it may name a file or a folder around it, as seen from the folder that it is written in.
    fn names(&self, folder: &str, file: &str) -> bool {
        let inside = if folder.is_empty() {
            Some(file)
        } else {
            file.strip_prefix(folder).and_then(|inside| inside.strip_prefix('/'))
        };
        let Some(inside) = inside else { return false };
        let paths = above(inside).skip(1).chain([inside]);
        paths
            .map(|path| if self.is_path { path } else { last(path) })
            .any(|path| self.matches(path.as_bytes()))
    }

    /// Whether it names all of a text: where a star took too little, the last one takes one more.
    fn matches(&self, text: &[u8]) -> bool {
        let (mut piece, mut at) = (0, 0);
        let mut star = None;
        while at < text.len() || piece < self.pieces.len() {
            let fits = match (self.pieces.get(piece), text.get(at)) {
                (Some(Piece::Star), _) => {
                    star = Some((piece, at));
                    piece += 1;
                    continue;
                }
                (Some(Piece::Any), Some(_)) => true,
                (Some(Piece::One(one)), Some(byte)) => *one == byte.to_ascii_lowercase(),
                (Some(Piece::Among(ranges)), Some(byte)) => {
                    let within =
                        |byte: u8| ranges.iter().any(|(first, last)| (*first..=*last).contains(&byte));
                    within(byte.to_ascii_lowercase()) || within(byte.to_ascii_uppercase())
                }
                _ => false,
            };
            if fits {
                (piece, at) = (piece + 1, at + 1);
            } else {
                let Some((starred, from)) = star.filter(|(_, from)| *from < text.len()) else { return false };
                star = Some((starred, from + 1));
                (piece, at) = (starred + 1, from + 1);
            }
        }
        true
    }
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What stands in brackets, after the first of them, and what follows; none where that takes more reading than is done.
fn among(rest: &[u8]) -> Option<(Piece, &[u8])> {
    let end = rest.iter().skip(1).position(|byte| *byte == b']')? + 1;
    let (inside, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    if inside.iter().any(|byte| matches!(byte, b'[' | b'\\' | b']' | b'/')) {
        return None;
    }
    if inside.starts_with(b"!") || inside.starts_with(b"^") {
        return Some((Piece::Any, after));
    }
    let mut ranges = Vec::new();
    let mut left = inside;
    while let Some((first, more)) = left.split_first() {
        let (last, more) = match more {
            [b'-', last, more @ ..] => (last, more),
            more => (first, more),
        };
        ranges.push((*first, *last));
        left = more;
    }
    Some((Piece::Among(ranges), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(attributes: &[(&str, &str)], files: &[&str]) -> Vec<String> {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        let mut read = |path: &str| {
            let found = attributes.iter().find(|(at, _)| *at == path);
            Ok(found.map(|(_, text)| text.as_bytes().to_vec()))
        };
        let found = rewritten(&files, &mut read).expect("not too much");
        found.iter().map(|one| format!("{} {} {}", one.attribute, one.place, one.files.join(" "))).collect()
    }

    const TOP: &str = ".gitattributes";

    #[test]
    fn what_names_a_file_is_found() {
        let file = "ai/policy/policies/main.gov";
        for pattern in [
            "*",
            "*.gov",
            "main.gov",
            "/ai/policy/policies/main.gov",
            "ai/**",
            "ai/**/main.gov",
            "**/main.gov",
            "ai/policy/policies/*.gov",
            "m?in.*",
            "*.[Gg]ov",
            "*.GOV",
            "[!x]ain.gov",
            "[[:alpha:]]*",
            "\\main.gov",
            "\"ma\\151n.gov\"",
            "*\\.gov",
            "ai/policy/**/policies/main.gov",
            "ma**n.gov",
        ] {
            let text = format!("# none\n{pattern} text filter=x eol=lf\n");
            let found = found(&[(TOP, &text)], &[file]).concat();
            assert!(
                found.starts_with(&format!("filter {TOP}:2 ")) && found.ends_with(file),
                "{pattern}: {found}"
            );
        }
    }

    #[test]
    fn what_names_no_file_of_the_workspace_is_not() {
        let large = "*.png filter=lfs diff=lfs merge=lfs -text\n*.[jJ][pP][gG] filter=lfs\nassets/** filter=lfs\n\
            /policies/*.gov filter=x\ngov ident\n* text=auto eol=crlf\n*.gov -filter !ident\nx.gov ident\n#* ident\n";
        assert_eq!(found(&[(TOP, large)], &["ai/policies/main.gov", "ai/govctl.yaml"]), [""; 0]);
        // Those of other folders say nothing here.
        assert_eq!(found(&[("b/.gitattributes", "* ident\n")], &["a/x.gov"]), [""; 0]);
    }

    #[test]
    fn macros_are_seen_through_and_attributes_of_attributes_count() {
        let text = "[attr]one filter=x\n[attr]two one\n*.gov two\n";
        assert_eq!(found(&[(TOP, text)], &["a/x.gov"]), [format!("filter {TOP}:3 a/x.gov")]);
        let own = ".gitattributes working-tree-encoding=UTF-7\n";
        assert_eq!(found(&[(TOP, own)], &["a/x.gov"]), [format!("working-tree-encoding {TOP}:1 {TOP}")]);
        let inner = ("a/.gitattributes", "x.gov export-ignore\n/y export-subst");
        assert_eq!(
            found(&[inner], &["a/x.gov", "a/y/z.gov"]),
            ["export-subst a/.gitattributes:2 a/y/z.gov", "export-ignore a/.gitattributes:1 a/x.gov"]
        );
    }

    #[test]
    fn what_takes_too_long_is_refused() {
        let files: Vec<String> = (0..2_000).map(|at| format!("policies/{at}.gov")).collect();
        let text = "a*a*a*a*a*a*a*a*b ident\n".repeat(4_000);
        let refused = rewritten(&files, &mut |path| Ok((path == TOP).then(|| text.clone().into_bytes())));
        assert_eq!(refused, Err("`.gitattributes` says too much of too many files".to_owned()));
    }
}
