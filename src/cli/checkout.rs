//! What git does to a workspace between its store and the folder that is read: `diff` compares the one with the other.

use super::Common;
use super::side::{self as sides, Content, Read};
use crate::diff::Origin;
use crate::diff::checkout::{self, Around};
use crate::diff::gate::Moved;
use crate::load;
use crate::load::git::{self, NoCommit};

/// Why the texts of a revision and of a folder may not be what git makes of one another, where a side is a revision.
pub(super) fn moved(old: &Read, new: &Read, common: &Common) -> Result<Vec<Moved>, String> {
    let is_commit = |read: &Read| matches!(read.origin, Origin::Commit(_));
    if !is_commit(old) && !is_commit(new) {
        return Ok(Vec::new());
    }
    let mut links = Vec::new();
    if let Origin::Commit(id) = &old.origin {
        let repository = sides::repository(common)?;
        let commit = git::commit(&repository, id).map_err(NoCommit::message)?;
        links = git::links_here(&repository, &commit)?;
    }
    let repositories = repositories(new)?;
    let alike = alike(new, common)?;
    let (old, new) = (rewritten(old, common)?, rewritten(new, common)?);
    let around = Around { old, new, links, repositories, alike };
    Ok(checkout::moved(&around))
}

/// Names that a checkout may not tell apart from what is read, from the folders that are, and from those around them.
fn alike(new: &Read, common: &Common) -> Result<Vec<(String, String)>, String> {
    let Content::Workspace(written) = &new.content else { return Ok(Vec::new()) };
    let folders = written.workspace.config.folders.iter().flat_map(|(_, paths)| paths);
    let mut paths = written.files();
    paths.extend(folders.filter_map(|folder| load::inside(folder)));
    paths.push(load::CONFIG.to_owned());
    match (&new.origin, &new.folder) {
        (Origin::Commit(id), _) => {
            let repository = sides::repository(common)?;
            let commit = git::commit(&repository, id).map_err(NoCommit::message)?;
            git::alike(&repository, &commit, &paths)
        }
        (_, Some(folder)) => match sides::repository_of(folder) {
            Ok(repository) => git::alike_here(&repository, &paths),
            // A folder may lie outside of any repository.
            Err(_) => load::alike::alike_in(folder, &paths),
        },
        _ => Ok(Vec::new()),
    }
}

/// Those in the folders that a work tree reads; a revision that has any is not read.
fn repositories(new: &Read) -> Result<Vec<String>, String> {
    let (Content::Workspace(written), Some(folder)) = (&new.content, &new.folder) else {
        return Ok(Vec::new());
    };
    let folders: Vec<String> =
        written.workspace.config.folders.iter().flat_map(|(_, paths)| paths).cloned().collect();
    sides::repository_of(folder)
        .map_or_else(|_| Ok(Vec::new()), |repository| git::repositories_here(&repository, &folders))
}

fn rewritten(read: &Read, common: &Common) -> Result<Vec<git::Rewritten>, String> {
    let Content::Workspace(written) = &read.content else { return Ok(Vec::new()) };
    let files = written.files();
    match (&read.origin, &read.folder) {
        (Origin::Commit(id), _) => {
            let repository = sides::repository(common)?;
            let commit = git::commit(&repository, id).map_err(NoCommit::message)?;
            git::rewritten(&repository, &commit, &files)
        }
        // A folder may lie outside of any repository.
        (_, Some(folder)) => sides::repository_of(folder)
            .map_or_else(|_| Ok(Vec::new()), |repository| git::rewritten_here(&repository, &files)),
        _ => Ok(Vec::new()),
    }
}
