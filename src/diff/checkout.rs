//! What git does to files between its store and a checkout, where one side is a revision: what is compared may not be what
//! is read later on.

use super::gate::Moved;
use crate::limits::shown;
use crate::load::attributes::{Reach, Rewritten};
use crate::model::words::some;

/// What git says of the files of both sides.
#[derive(Debug, Default)]
pub struct Around {
    /// Files of the old side that are other texts elsewhere.
    pub old: Vec<Rewritten>,
    /// Files of the new side.
    pub new: Vec<Rewritten>,
    /// Links that are newly in the place of something else and lead to the workspace, each with where.
    pub links: Vec<(String, String)>,
    /// Repositories of their own in the folders that the new side reads.
    pub repositories: Vec<String>,
    /// Names of the new side, in pairs that a checkout may not tell apart.
    pub alike: Vec<(String, String)>,
}

/// Why what is compared may not be what a checkout or an archive has. A checkout that converts is told of on either side,
/// since what it hides on the old one is gone on the new one unseen.
pub fn moved(around: &Around) -> Vec<Moved> {
    let mut all: Vec<Moved> = Vec::new();
    for one in &around.new {
        let text = match one.reach {
            Reach::Checkout => "git checks out another text than it stores",
            Reach::Archive if one.is_among(&around.old) => continue,
            Reach::Archive => "archives of the repository have another text, or none",
        };
        all.push(entry(one, "sets", text));
    }
    let gone = around.old.iter().filter(|one| one.reach == Reach::Checkout && !one.is_among(&around.new));
    all.extend(
        gone.map(|one| entry(one, "of the old side sets", "git checked out another text than it stores")),
    );
    all.extend(around.links.iter().map(|(link, to)| {
        let text = format!(
            "`{link}` is now a link that leads to `{to}`, with the workspace that is compared: whoever names `{link}` means another one"
        );
        Moved::loosened(text)
    }));
    all.extend(around.repositories.iter().map(|path| {
        let text = format!(
            "`{path}` is a repository of its own, which is empty in a checkout without submodules: what it holds is not compared, and read wherever it is checked out"
        );
        Moved::loosened(text)
    }));
    all.extend(around.alike.iter().map(|(one, other)| {
        let so = if one.to_lowercase() == other.to_lowercase() {
            "differ in case only: where names have no case, a checkout has one of the two"
        } else {
            "are one name to some file systems: there a checkout has one of the two"
        };
        Moved::loosened(format!("`{one}` and `{other}` {so}"))
    }));
    all
}

fn entry(one: &Rewritten, sets: &str, so: &str) -> Moved {
    let files = some(&one.files, shown::CHANGED_FILES);
    let text = format!("`{}` {sets} `{}` on {files}: {so}", one.place, one.attribute);
    Moved::loosened(text).binding(one.files.iter().skip(shown::CHANGED_FILES).cloned().collect())
}
