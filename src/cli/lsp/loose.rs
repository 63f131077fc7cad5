//! Policies that stand in no workspace, or outside of its policies: what needs none is answered all the same.

use std::collections::BTreeMap;
use std::path::Path;

use lsp_server::{Notification, Request};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, SemanticTokens,
    TextDocumentItem, TextEdit,
};
use serde_json::Value as Json;

use super::documents::without_mark;
use crate::lsp::text::{Encoding, Lines, changed};
use crate::lsp::{format, tokens};

/// The texts of open policies by their URI.
pub(super) struct Loose {
    encoding: Encoding,
    texts: BTreeMap<String, String>,
}

impl Loose {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, texts: BTreeMap::new() }
    }

    /// Whether something is told of a text.
    pub(super) fn is_its(note: &Notification) -> bool {
        matches!(
            note.method.as_str(),
            "textDocument/didOpen" | "textDocument/didChange" | "textDocument/didClose"
        )
    }

    /// Takes an edit over; one that cannot be read changes nothing.
    pub(super) fn apply(&mut self, note: Notification) {
        let params = note.params;
        match note.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(params) = serde_json::from_value::<DidOpenTextDocumentParams>(params) else { return };
                let document = params.text_document;
                if is_policy(&document) {
                    let uri = document.uri.as_str().to_owned();
                    self.texts.insert(uri, without_mark(document.text));
                }
            }
            "textDocument/didChange" => {
                let Ok(params) = serde_json::from_value::<DidChangeTextDocumentParams>(params) else {
                    return;
                };
                let Some(text) = self.texts.get_mut(params.text_document.uri.as_str()) else { return };
                for change in params.content_changes {
                    *text = changed(text, change.range, &change.text, self.encoding);
                }
            }
            "textDocument/didClose" => {
                let Ok(params) = serde_json::from_value::<DidCloseTextDocumentParams>(params) else { return };
                self.texts.remove(params.text_document.uri.as_str());
            }
            _ => {}
        }
    }

    /// The answer to a request about one of them: its layout and its tokens, and of everything else nothing.
    pub(super) fn answer(&self, request: &Request) -> Option<Json> {
        let text = self.texts.get(request.params.pointer("/textDocument/uri")?.as_str()?)?;
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
