//! Writing files: they are there whole or not at all.

use std::fs::{File, Permissions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// The status of a program that Ctrl-C ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// Writes a file so that it is there whole or not at all. One that is there already keeps its permissions, and a link
/// stays one: what it leads to is written.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let permissions = std::fs::metadata(&real).ok().map(|metadata| metadata.permissions());
    temporary(folder(&real), bytes, permissions)?.persist(&real).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file that is not there yet, and the folders above it.
pub(super) fn create(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder(path))?;
    temporary(folder(path), bytes, None)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The temporary file that is being written, if any.
fn half_written() -> MutexGuard<'static, Option<PathBuf>> {
    static HALF: Mutex<Option<PathBuf>> = Mutex::new(None);
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
    if let Some(path) = half.take() {
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
    let mut file = tempfile::Builder::new().prefix(".govctl-").tempfile_in(folder)?;
    *half = Some(file.path().to_path_buf());
    drop(half);
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    permit(file.as_file(), permissions)?;
    Ok(file)
}

/// A temporary file is readable by its owner alone; what is written is an ordinary file.
#[cfg(unix)]
fn permit(file: &File, permissions: Option<Permissions>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(permissions.unwrap_or_else(|| Permissions::from_mode(0o644)))
}

#[cfg(not(unix))]
fn permit(_: &File, _: Option<Permissions>) -> std::io::Result<()> {
    Ok(())
}
