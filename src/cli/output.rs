//! Writing files: they are there whole or not at all.

use std::fs::{File, Metadata, Permissions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crate::limits::MAX_LINKS;

/// The status of a program that Ctrl-C ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// A file that could not be written, and why.
pub(super) type Failure<'a> = (&'a Path, std::io::Error);

/// Where a file is to be written.
enum Place {
    /// An ordinary file, there or not: it is replaced whole.
    File(PathBuf),
    /// A device or a pipe, which is written to and never replaced.
    Through(PathBuf),
}

/// What is ready to appear.
enum Ready {
    File(PathBuf, tempfile::NamedTempFile),
    Through(PathBuf),
}

/// Writes a file so that it is there whole or not at all. One that is there already keeps its permissions, and a link
/// stays one: what it leads to is written. What is no ordinary file is written to.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_all(&[(path, bytes)]).map_err(|(_, error)| error)
}

/// Writes several files, each as [`write`] does. Nothing appears before all of them can; then they appear in their
/// order, so that whoever sees one sees those before it.
pub(super) fn write_all<'a>(files: &[(&'a Path, &'a [u8])]) -> Result<(), Failure<'a>> {
    replace(files, &[]).map(|_| ())
}

/// Writes several files, as [`write_all`] does, in place of others that go before any of them appears; which of these
/// were there. Where one of them cannot go, nothing is written.
pub(super) fn replace<'a>(
    files: &[(&'a Path, &'a [u8])],
    gone: &'a [PathBuf],
) -> Result<Vec<&'a Path>, Failure<'a>> {
    let mut ready = Vec::new();
    for (path, bytes) in files {
        let one = place(path).and_then(|place| prepared(place, bytes)).map_err(|error| (*path, error))?;
        ready.push((*path, *bytes, one));
    }
    let old = gone.iter().map(|path| is_there(path).map(|there| (path.as_path(), there)));
    let old: Vec<(&Path, bool)> = old.collect::<Result<_, _>>()?;
    let old: Vec<&Path> = old.into_iter().filter(|(_, there)| *there).map(|(path, _)| path).collect();
    // Held to the end, so that Ctrl-C does not part a table from its signature.
    let mut half = half_written();
    for path in &old {
        std::fs::remove_file(path).map_err(|error| (*path, error))?;
    }
    for (path, bytes, one) in ready {
        let done = match one {
            Ready::File(real, file) => file.persist(&real).map(|_| ()).map_err(|error| error.error),
            Ready::Through(real) => through(&real, bytes),
        };
        done.map_err(|error| (path, error))?;
    }
    half.clear();
    Ok(old)
}

/// Whether something is there that can be removed as a file can.
fn is_there(path: &Path) -> Result<bool, Failure<'_>> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => Err((path, ErrorKind::IsADirectory.into())),
        Ok(_) => Ok(true),
        Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => Ok(false),
        Err(error) => Err((path, error)),
    }
}

/// Writes several files below a folder which somebody named, and the folders above them; nothing where one would not
/// stay there.
pub(super) fn write_below<'a>(
    home: &'a Path,
    files: &'a [(PathBuf, impl AsRef<str>)],
) -> Result<(), Failure<'a>> {
    replace_below(home, files, &[])
}

/// The same in place of others there, which go before any of them appears.
pub(super) fn replace_below<'a>(
    home: &'a Path,
    files: &'a [(PathBuf, impl AsRef<str>)],
    gone: &'a [PathBuf],
) -> Result<(), Failure<'a>> {
    for path in files.iter().map(|(path, _)| path).chain(gone) {
        stays_in(home, path).map_err(|error| (path.as_path(), error))?;
    }
    for (path, _) in files {
        std::fs::create_dir_all(folder(path)).map_err(|error| (folder(path), error))?;
    }
    let all: Vec<(&Path, &[u8])> =
        files.iter().map(|(path, text)| (path.as_path(), text.as_ref().as_bytes())).collect();
    replace(&all, gone).map(|_| ())
}

/// That a file below a folder which somebody named stays in it: nothing that leads there may be a link out of it.
fn stays_in(folder: &Path, path: &Path) -> std::io::Result<()> {
    // What is not there leads nowhere.
    let Ok(home) = folder.canonicalize() else { return Ok(()) };
    let below: Vec<&Path> = path.ancestors().take_while(|above| *above != folder).collect();
    for above in below.into_iter().rev() {
        let is_link = above.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        if is_link && !above.canonicalize().is_ok_and(|real| real.starts_with(&home)) {
            let (above, folder) = (above.display(), folder.display());
            let why = format!("`{above}` is a link that does not lead to anything in `{folder}`");
            return Err(std::io::Error::other(why));
        }
    }
    Ok(())
}

/// A path and the links that it leads through, one by one, up to what is no link; it may not be there yet.
pub(super) fn names(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut names = vec![path.to_path_buf()];
    for _ in 0..MAX_LINKS {
        let Some(real) = names.last() else { break };
        match real.symlink_metadata() {
            // The links of open files, as behind /dev/stdout, lead to what has no name.
            Ok(metadata) if metadata.is_symlink() && special(real)?.is_none() => {
                let next = folder(real).join(std::fs::read_link(real)?);
                names.push(next);
            }
            Ok(_) => return Ok(names),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::other("too many links lead from one to the other"))
}

/// Whether a path leads to a device or a pipe: what is written there goes through, and nothing is left beside it.
pub(super) fn is_stream(path: &Path) -> bool {
    matches!(place(path), Ok(Place::Through(_)))
}

/// What a path leads to: the last of its links may lead to what is not there yet.
fn place(path: &Path) -> std::io::Result<Place> {
    let real = names(path)?.pop().unwrap_or_else(|| path.to_path_buf());
    Ok(special(&real)?.unwrap_or(Place::File(real)))
}

/// What is there and no ordinary file.
fn special(path: &Path) -> std::io::Result<Option<Place>> {
    let Ok(metadata) = path.metadata() else { return Ok(None) };
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if is_socket(&metadata) {
        return Err(std::io::Error::other("it is a socket"));
    }
    Ok((!metadata.is_file()).then(|| Place::Through(path.to_path_buf())))
}

#[cfg(unix)]
fn is_socket(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_socket(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_socket(_: &Metadata) -> bool {
    false
}

fn prepared(place: Place, bytes: &[u8]) -> std::io::Result<Ready> {
    match place {
        Place::Through(real) => Ok(Ready::Through(real)),
        Place::File(real) => {
            let permissions = std::fs::metadata(&real).ok().map(|metadata| metadata.permissions());
            let file = temporary(folder(&real), bytes, permissions)?;
            Ok(Ready::File(real, file))
        }
    }
}

fn through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    file.write_all(bytes)?;
    file.flush()
}

/// Writes files that are not there yet below a folder, and the folders above them; none where one would not stay there.
pub(super) fn create_all<'a>(
    home: &Path,
    files: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), (PathBuf, std::io::Error)> {
    let files: Vec<(PathBuf, &str)> = files.map(|(path, text)| (home.join(path), text)).collect();
    for (path, _) in &files {
        stays_in(home, path).map_err(|error| (path.clone(), error))?;
    }
    for (path, text) in files {
        create(&path, text.as_bytes()).map_err(|error| (path, error))?;
    }
    Ok(())
}

fn create(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder(path))?;
    temporary(folder(path), bytes, None)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The temporary files that were begun.
fn half_written() -> MutexGuard<'static, Vec<PathBuf>> {
    static HALF: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    HALF.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From the first file on, Ctrl-C and the like remove what is half written before they end the program.
fn hear_interrupts() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        // Where signals cannot be heard, they end the program as ever.
        let _ = ctrlc::set_handler(interrupted);
    });
}

#[expect(clippy::exit, reason = "what a signal asks for")]
fn interrupted() {
    // Held to the end, so that no other file is begun.
    let mut half = half_written();
    for path in half.drain(..) {
        // Gone already where it has just been given its name.
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(INTERRUPTED);
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn temporary(
    folder: &Path,
    bytes: &[u8],
    permissions: Option<Permissions>,
) -> std::io::Result<tempfile::NamedTempFile> {
    hear_interrupts();
    let mut half = half_written();
    let mut builder = tempfile::Builder::new();
    ordinary(builder.prefix(".govctl-"));
    if !folder.is_dir() {
        return Err(std::io::Error::other(format!(
            "there is no folder `{}`; make it first",
            folder.display()
        )));
    }
    // The error names the temporary file, which nobody asked for.
    let mut file = builder.tempfile_in(folder).map_err(|error| std::io::Error::from(error.kind()))?;
    half.push(file.path().to_path_buf());
    drop(half);
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Some(permissions) = permissions.filter(|_| cfg!(unix)) {
        file.as_file().set_permissions(permissions)?;
    }
    Ok(file)
}

/// What is written is an ordinary file: as readable as the user's umask has it.
#[cfg(unix)]
fn ordinary<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    builder
}
