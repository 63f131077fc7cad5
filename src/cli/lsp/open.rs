//! Everything that is open, and the workspace that each document is handed to. Of a policy that stands in none, or outside
//! of its policies, what needs none is answered all the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_server::{Notification, Request};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, SemanticTokens,
    TextDocumentItem, TextEdit,
};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use super::documents::without_mark;
use super::uri;
use crate::lsp::text::{Encoding, Lines, changed};
use crate::lsp::{format, tokens};

/// The open documents by their URI.
pub(super) struct Open {
    encoding: Encoding,
    documents: BTreeMap<String, Document>,
}

/// A document with the folder of the workspace that has it.
struct Document {
    item: TextDocumentItem,
    workspace: Option<PathBuf>,
}

impl Open {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, documents: BTreeMap::new() }
    }

    /// Whether something is told of a text.
    pub(super) fn is_its(note: &Notification) -> bool {
        matches!(
            note.method.as_str(),
            "textDocument/didOpen" | "textDocument/didChange" | "textDocument/didClose"
        )
    }

    /// Takes an edit over that is handed to a workspace, or to none; one that cannot be read changes nothing.
    pub(super) fn apply(&mut self, note: &Notification, workspace: Option<&Path>) {
        let params = &note.params;
        match note.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(params) = DidOpenTextDocumentParams::deserialize(params) else { return };
                let mut item = params.text_document;
                item.text = without_mark(item.text);
                let workspace = workspace.map(Path::to_path_buf);
                self.documents.insert(item.uri.as_str().to_owned(), Document { item, workspace });
            }
            "textDocument/didChange" => {
                let Ok(params) = DidChangeTextDocumentParams::deserialize(params) else {
                    return;
                };
                let named = params.text_document;
                let Some(Document { item, .. }) = self.documents.get_mut(named.uri.as_str()) else { return };
                item.version = named.version;
                for change in params.content_changes {
                    item.text = changed(&item.text, change.range, &change.text, self.encoding);
                }
            }
            "textDocument/didClose" => {
                let Ok(params) = DidCloseTextDocumentParams::deserialize(params) else { return };
                self.documents.remove(params.text_document.uri.as_str());
            }
            _ => {}
        }
    }

    /// Gives each document to the workspace that it stands in by now: what is to be told to which, in order. `of` says
    /// where a path stands.
    pub(super) fn move_to(&mut self, of: impl Fn(&Path) -> Option<PathBuf>) -> Vec<(PathBuf, Notification)> {
        let mut told = Vec::new();
        for Document { item, workspace } in self.documents.values_mut() {
            let now = uri::path(&item.uri).and_then(|path| of(&path));
            if now == *workspace {
                continue;
            }
            let closed = json!({"textDocument": {"uri": item.uri}});
            let note = |what: &str, params| Notification { method: format!("textDocument/{what}"), params };
            told.extend(workspace.take().map(|before| (before, note("didClose", closed))));
            let opened = json!({"textDocument": item});
            told.extend(now.clone().map(|now| (now, note("didOpen", opened))));
            *workspace = now;
        }
        told
    }

    /// The answer to a request about one of them: its layout and its tokens, and of everything else nothing.
    pub(super) fn answer(&self, request: &Request) -> Option<Json> {
        let Document { item, .. } =
            self.documents.get(request.params.pointer("/textDocument/uri")?.as_str()?)?;
        let text = is_policy(item).then_some(&item.text)?;
        let answer = match request.method.as_str() {
            "textDocument/formatting" => serde_json::to_value(formatted(text, self.encoding)),
            "textDocument/semanticTokens/full" => serde_json::to_value(coloured(text, self.encoding)),
            _ => return None,
        };
        answer.ok()
    }
}

/// Whether a document is a policy: by its language, else by its name.
pub(super) fn is_policy(document: &TextDocumentItem) -> bool {
    let path = Path::new(document.uri.as_str());
    document.language_id == "gov" || path.extension().is_some_and(|extension| extension == "gov")
}

/// What the canonical layout changes.
pub(super) fn formatted(text: &str, encoding: Encoding) -> Vec<TextEdit> {
    let lines = Lines::of(text);
    let change = format::change(text)
        .map(|(start, end, new_text)| TextEdit { range: lines.range(text, start, end, encoding), new_text });
    change.into_iter().collect()
}

/// What each word is, by the grammar.
pub(super) fn coloured(text: &str, encoding: Encoding) -> SemanticTokens {
    SemanticTokens { result_id: None, data: tokens::of_text(text, encoding) }
}
