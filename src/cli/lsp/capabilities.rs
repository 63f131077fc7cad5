//! What the client can do, and what the server can.

use lsp_server::Request;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, CompletionOptions,
    ExecuteCommandOptions, FoldingRangeProviderCapability, HoverProviderCapability, InitializeParams, OneOf,
    PositionEncodingKind, RenameOptions, SaveOptions, SemanticTokensFullOptions, SemanticTokensOptions,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};
use serde_json::{Value as Json, json};

use crate::lsp::text::Encoding;
use crate::lsp::tokens;

/// Shows the sentence of a use case.
pub(super) const RESOLVE: &str = "govctl.resolve";

/// What is asked of the client, and what it can do.
#[derive(Debug, Clone)]
pub(super) struct Client {
    /// In what it counts columns.
    pub(super) encoding: Encoding,
    /// It fills in snippets.
    pub(super) snippets: bool,
    /// It asks again for lenses and hints where it is told to.
    pub(super) refreshes: bool,
    /// It tells of files that change outside of it.
    watches: bool,
}

impl Client {
    pub(super) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let encodings = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let has_bytes = encodings.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8));
        let document = capabilities.text_document.as_ref();
        let item = document.and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
        let workspace = capabilities.workspace.as_ref();
        let watches = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let lenses = workspace.and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support);
        let hints = workspace.and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support);
        Self {
            encoding: if has_bytes { Encoding::Utf8 } else { Encoding::Utf16 },
            snippets: item.is_some_and(|item| item.snippet_support == Some(true)),
            refreshes: lenses == Some(true) && hints == Some(true),
            watches: watches.is_some_and(|watches| watches.dynamic_registration == Some(true)),
        }
    }

    /// The answer to `initialize`.
    pub(super) fn answer(&self) -> Json {
        json!({
            "capabilities": self.capabilities(),
            "serverInfo": {"name": "govctl", "version": env!("CARGO_PKG_VERSION")},
        })
    }

    fn capabilities(&self) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        };
        let triggers = [".", "/", " ", "[", ">", "="].map(str::to_owned).to_vec();
        let tokens = SemanticTokensOptions {
            legend: tokens::legend(),
            full: Some(SemanticTokensFullOptions::Bool(true)),
            ..SemanticTokensOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL]),
            ..CodeActionOptions::default()
        };
        let encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        };
        ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(triggers),
                ..CompletionOptions::default()
            }),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
            document_formatting_provider: Some(OneOf::Left(true)),
            rename_provider: Some(OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: vec![RESOLVE.to_owned()],
                ..ExecuteCommandOptions::default()
            }),
            semantic_tokens_provider: Some(tokens.into()),
            inlay_hint_provider: Some(OneOf::Left(true)),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                ..WorkspaceServerCapabilities::default()
            }),
            ..ServerCapabilities::default()
        }
    }

    /// Asks to be told of files that change on disk, where the client can do that.
    pub(super) fn watch_files(&self) -> Option<Request> {
        let params = json!({"registrations": [{
            "id": "govctl.files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": [{"globPattern": "**/*.{gov,yaml,yml}"}]},
        }]});
        self.watches.then(|| Request {
            id: "govctl.files".to_owned().into(),
            method: "client/registerCapability".to_owned(),
            params,
        })
    }
}
