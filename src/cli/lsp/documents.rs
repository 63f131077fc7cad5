//! What is open in the editor: texts that count instead of the files, saved or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_server::Notification;
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, TextDocumentItem, Uri,
};

use super::{open, uri};
use crate::load::Texts;
use crate::lsp::text::{Encoding, changed};

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// As the client calls it.
    pub(super) uri: Uri,
    /// Which of its versions the text is.
    pub(super) version: i32,
    /// It is a policy by its language or its name.
    is_policy: bool,
}

/// The open documents of a workspace.
#[derive(Debug)]
pub(super) struct Documents {
    root: PathBuf,
    encoding: Encoding,
    /// By path in the workspace.
    pub(super) open: BTreeMap<String, Document>,
    /// What lies over the files on disk.
    pub(super) texts: Texts,
}

impl Documents {
    pub(super) fn new(root: PathBuf, encoding: Encoding) -> Self {
        Self { root, encoding, open: BTreeMap::new(), texts: Texts::new() }
    }

    /// Whether a notification changes what the workspace holds.
    pub(super) fn is_edit(note: &Notification) -> bool {
        matches!(
            note.method.as_str(),
            "textDocument/didOpen"
                | "textDocument/didChange"
                | "textDocument/didClose"
                | "textDocument/didSave"
                | "workspace/didChangeWatchedFiles"
        )
    }

    /// Takes an edit over; one that cannot be read changes nothing.
    pub(super) fn apply(&mut self, note: Notification) {
        let params = note.params;
        match note.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(params) = serde_json::from_value::<DidOpenTextDocumentParams>(params) else { return };
                let document = params.text_document;
                if let Some(path) = self.path(&document.uri) {
                    let is_policy = open::is_policy(&document);
                    let TextDocumentItem { uri, version, text, .. } = document;
                    self.texts.insert(path.clone(), without_mark(text));
                    self.open.insert(path, Document { uri, version, is_policy });
                }
            }
            "textDocument/didChange" => {
                let Ok(params) = serde_json::from_value::<DidChangeTextDocumentParams>(params) else {
                    return;
                };
                let Some(path) = self.path(&params.text_document.uri) else { return };
                let (Some(document), Some(text)) = (self.open.get_mut(&path), self.texts.get_mut(&path))
                else {
                    return;
                };
                document.version = params.text_document.version;
                for change in params.content_changes {
                    *text = changed(text, change.range, &change.text, self.encoding);
                }
            }
            "textDocument/didClose" => {
                let Ok(params) = serde_json::from_value::<DidCloseTextDocumentParams>(params) else { return };
                if let Some(path) = self.path(&params.text_document.uri) {
                    self.texts.remove(&path);
                    self.open.remove(&path);
                }
            }
            _ => {}
        }
    }

    /// The path of a document in the workspace; none where it stands elsewhere.
    pub(super) fn path(&self, uri: &Uri) -> Option<String> {
        let path = uri::path(uri)?;
        Some(super::super::slashed(path.strip_prefix(&self.root).ok()?))
    }

    /// The text of an open policy.
    pub(super) fn policy(&self, uri: &Uri) -> Option<&String> {
        let path = self.path(uri)?;
        self.open.get(&path).filter(|document| document.is_policy)?;
        self.texts.get(&path)
    }

    /// What a file is called: as the client does where it is open.
    pub(super) fn uri(&self, path: &str) -> Option<Uri> {
        match self.open.get(path) {
            Some(document) => Some(document.uri.clone()),
            None => uri::of(&self.root.join(Path::new(path))),
        }
    }
}

/// A byte order mark is no part of what is read.
pub(super) fn without_mark(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}
