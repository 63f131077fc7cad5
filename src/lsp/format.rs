//! The canonical layout, as `fmt` has it: of a policy that parses.

use super::View;
use crate::diag::fix::Edit;
use crate::source::{FileId, FileKind, SourceFile, Sources, Span};
use crate::syntax;

/// What the canonical layout changes: one edit from the first byte that differs to the last; none where nothing does, or
/// where the file is no policy or does not parse.
pub fn format(view: &View, file: FileId) -> Option<Edit> {
    let source = view.workspace.sources.file(file).filter(|source| source.kind == FileKind::Policy)?;
    let (start, end, text) = change(&source.text)?;
    Some(Edit { span: Span::new(file, start, end), text })
}

/// The same of a text alone.
pub fn change(text: &str) -> Option<(usize, usize, String)> {
    let file = Sources::default().add(SourceFile::new("new.gov", FileKind::Policy, text));
    differing(text, &syntax::format(file, text).ok()?)
}

/// From where to where two texts differ, and what stands there in the second; nothing where they do not.
pub fn differing(old: &str, new: &str) -> Option<(usize, usize, String)> {
    if new == old {
        return None;
    }
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let start = (0..=same).rev().find(|at| is_place(old, *at) && is_place(new, *at))?;
    let rest = old.len().min(new.len()) - start;
    let same = old.bytes().rev().zip(new.bytes().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let fits = |n: &usize| is_place(old, old.len() - n) && is_place(new, new.len() - n);
    let end = (0..=same).rev().find(fits)?;
    Some((start, old.len() - end, new.get(start..new.len() - end)?.to_owned()))
}

/// Whether a client can point at a place: not within a character, and not within a line break of two.
fn is_place(text: &str, at: usize) -> bool {
    let is_within = text.get(at..).is_some_and(|rest| rest.starts_with('\n'))
        && text.get(..at).is_some_and(|before| before.ends_with('\r'));
    text.is_char_boundary(at) && !is_within
}
