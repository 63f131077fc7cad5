//! Where code hosts look for files: paths from the root of the repository, whatever folder the workspace is.

use crate::source::{FileId, Sources};

/// The folder that paths are written from.
#[derive(Debug, Clone, Default)]
pub struct Root {
    /// From it to the workspace, `/`-separated; empty where they are the same.
    pub inside: String,
    /// Its absolute path, `/`-separated; empty where it is not known.
    pub folder: String,
}

impl Root {
    /// The path of a file of the workspace.
    pub fn path(&self, sources: &Sources, file: FileId) -> String {
        let path = sources.path(file);
        if self.inside.is_empty() { path.to_owned() } else { format!("{}/{path}", self.inside) }
    }

    /// The folder as a URI that others are resolved against.
    pub(super) fn uri(&self) -> Option<String> {
        let folder = self.folder.trim_matches('/');
        match (self.folder.is_empty(), folder.is_empty()) {
            (true, _) => None,
            (false, true) => Some("file:///".to_owned()),
            (false, false) => Some(format!("file:///{}/", uri(folder))),
        }
    }
}

/// A path as a relative URI reference.
pub fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
