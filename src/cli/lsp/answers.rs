//! Requests by their method, and answers in the protocol's words.

use std::collections::HashMap;

use lsp_server::{ErrorCode, Request, Response};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeLens, CodeLensParams, Command,
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionTextEdit,
    DocumentFormattingParams, DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams,
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, FoldingRange,
    FoldingRangeKind, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents,
    HoverParams, InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip,
    InsertTextFormat, Location, MarkupContent, MarkupKind, MessageType, Position, PrepareRenameResponse,
    ReferenceParams, RenameParams, SemanticTokens, SemanticTokensParams, SymbolInformation,
    TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit, WorkspaceSymbolParams,
};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::analyst::Analyst;
use super::capabilities::RESOLVE;
use super::open;
use crate::diag::fix::Edit;
use crate::limits::shown;
use crate::lsp::actions::Action;
use crate::lsp::completion::{Item, ItemKind};
use crate::lsp::outline::Entry;
use crate::lsp::{
    Seen, View, actions, completion, diagnostics, format, go, hints, hover, lens, outline, rename, tokens,
};
use crate::source::{FileId, Span, visible};

/// Why a request is not answered.
enum Refusal {
    /// There is no such method.
    Unknown,
    /// What it asks cannot be read.
    Unread(String),
    /// It cannot be done.
    Failed(String),
}

type Answer = Result<Json, Refusal>;

/// The answer to a request. Of a file that is none of the workspace, and before anything could be read, it is nothing.
pub(super) fn answer(analyst: &Analyst, seen: Option<Seen>, request: Request) -> Response {
    let Request { id, method, params } = request;
    let answer = match seen {
        Some(seen) => Asked { analyst, seen }.answer(&method, params),
        None => Ok(Json::Null),
    };
    match answer {
        Ok(result) => Response { id, result: Some(result), error: None },
        Err(Refusal::Unknown) => {
            Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("no method is called `{method}`"))
        }
        Err(Refusal::Unread(why)) => Response::new_err(id, ErrorCode::InvalidParams as i32, why),
        Err(Refusal::Failed(why)) => Response::new_err(id, ErrorCode::RequestFailed as i32, why),
    }
}

fn read<P: DeserializeOwned>(params: Json) -> Result<P, Refusal> {
    serde_json::from_value(params).map_err(|error| Refusal::Unread(error.to_string()))
}

fn written<T: serde::Serialize>(answer: T) -> Answer {
    serde_json::to_value(answer).map_err(|error| Refusal::Failed(error.to_string()))
}

/// A request, who answers it, and what is seen.
struct Asked<'a> {
    analyst: &'a Analyst,
    seen: Seen<'a>,
}

impl<'a> Asked<'a> {
    fn answer(&self, method: &str, params: Json) -> Answer {
        match method {
            "textDocument/hover" => written(self.hover(&read::<HoverParams>(params)?)),
            "textDocument/definition" => {
                let params: GotoDefinitionParams = read(params)?;
                let at = self.place(&params.text_document_position_params);
                let spans =
                    at.map(|(file, offset)| go::definition(self.seen, file, offset)).unwrap_or_default();
                written(GotoDefinitionResponse::Array(self.locations(&spans)))
            }
            "textDocument/references" => {
                let params: ReferenceParams = read(params)?;
                let with = params.context.include_declaration;
                let at = self.place(&params.text_document_position);
                let spans = at.map(|(file, offset)| go::references(self.seen, file, offset, with));
                written(self.locations(&spans.unwrap_or_default()))
            }
            "textDocument/documentHighlight" => written(self.highlights(&read(params)?)),
            "textDocument/prepareRename" => written(self.prepare_rename(&read(params)?)),
            "textDocument/rename" => self.rename(&read(params)?).and_then(written),
            "textDocument/completion" => written(self.completion(&read(params)?)),
            "textDocument/codeAction" => written(self.actions(&read(params)?)),
            "textDocument/codeLens" => written(self.lenses(&read(params)?)),
            "textDocument/formatting" => written(self.formatted(&read(params)?)),
            "textDocument/documentSymbol" => written(self.symbols(&read(params)?)),
            "workspace/symbol" => written(self.everywhere(&read(params)?)),
            "textDocument/foldingRange" => written(self.foldings(&read(params)?)),
            "textDocument/semanticTokens/full" => written(self.tokens(&read(params)?)),
            "textDocument/inlayHint" => written(self.hints(&read(params)?)),
            "workspace/executeCommand" => self.command(&read(params)?),
            _ => Err(Refusal::Unknown),
        }
    }

    fn view(&self) -> &'a View<'a> {
        self.seen.now
    }

    fn file(&self, uri: &Uri) -> Option<FileId> {
        let path = self.analyst.documents.path(uri)?;
        self.view().file(&path).map(|(id, _)| id)
    }

    fn place(&self, at: &TextDocumentPositionParams) -> Option<(FileId, usize)> {
        let file = self.file(&at.text_document.uri)?;
        Some((file, self.view().offset(file, at.position)))
    }

    fn uri(&self, file: FileId) -> Option<Uri> {
        self.analyst.documents.uri(self.view().workspace.sources.path(file))
    }

    fn locations(&self, spans: &[Span]) -> Vec<Location> {
        let location =
            |span: &Span| Some(Location { uri: self.uri(span.file)?, range: self.view().range(*span) });
        spans.iter().filter_map(location).collect()
    }

    #[expect(clippy::mutable_key_type, reason = "the protocol's type has it")]
    fn edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for (path, edits) in self.view().edits(edits) {
            if let Some(uri) = self.analyst.documents.uri(&path) {
                changes.entry(uri).or_default().extend(edits);
            }
        }
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }

    fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let (file, offset) = self.place(&params.text_document_position_params)?;
        let hover = hover::hover(self.seen, file, offset)?;
        let contents = MarkupContent { kind: MarkupKind::Markdown, value: hover.text };
        Some(Hover { contents: HoverContents::Markup(contents), range: Some(self.view().range(hover.span)) })
    }

    fn highlights(&self, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
        let (file, offset) = self.place(&params.text_document_position_params)?;
        let highlight = |(span, is_definition): (Span, bool)| DocumentHighlight {
            range: self.view().range(span),
            kind: Some(if is_definition {
                DocumentHighlightKind::WRITE
            } else {
                DocumentHighlightKind::READ
            }),
        };
        Some(go::highlights(self.seen, file, offset).into_iter().map(highlight).collect())
    }

    fn prepare_rename(&self, params: &TextDocumentPositionParams) -> Option<PrepareRenameResponse> {
        let (file, offset) = self.place(params)?;
        let (span, placeholder) = rename::prepare(self.seen, file, offset)?;
        let range = self.view().range(span);
        Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder })
    }

    fn rename(&self, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Refusal> {
        let Some((file, offset)) = self.place(&params.text_document_position) else { return Ok(None) };
        let edits = rename::rename(self.seen, file, offset, &params.new_name).map_err(Refusal::Failed)?;
        let asked = (file, offset, params.new_name.as_str());
        self.analyst.breaks(self.view(), asked, &edits).map_err(Refusal::Failed)?;
        Ok(Some(self.edit(&edits)))
    }

    fn completion(&self, params: &CompletionParams) -> Option<CompletionList> {
        let (file, offset) = self.place(&params.text_document_position)?;
        let found = completion::complete(self.seen, file, offset)?;
        let range = self.view().range(found.span);
        let items = found.items.into_iter().enumerate().map(|(at, item)| self.item(at, item, range));
        Some(CompletionList { is_incomplete: false, items: items.collect() })
    }

    fn item(&self, at: usize, item: Item, range: lsp_types::Range) -> CompletionItem {
        let kind = match item.kind {
            ItemKind::Keyword if item.is_snippet => CompletionItemKind::SNIPPET,
            ItemKind::Keyword => CompletionItemKind::KEYWORD,
            ItemKind::Attribute => CompletionItemKind::PROPERTY,
            ItemKind::Name => CompletionItemKind::VALUE,
            ItemKind::Model => CompletionItemKind::CLASS,
            ItemKind::Key => CompletionItemKind::FIELD,
            ItemKind::Operator => CompletionItemKind::OPERATOR,
        };
        let is_snippet = item.is_snippet && self.analyst.client.snippets;
        let new_text = if item.is_snippet && !is_snippet { item.label.clone() } else { item.text };
        CompletionItem {
            label: visible::inline(&item.label).into_owned(),
            kind: Some(kind),
            detail: (!item.detail.is_empty()).then(|| visible::inline(&item.detail).into_owned()),
            sort_text: Some(format!("{at:05}")),
            filter_text: Some(new_text.clone()).filter(|_| !item.is_snippet),
            insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
            ..CompletionItem::default()
        }
    }

    fn actions(&self, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
        let file = self.file(&params.text_document.uri)?;
        let wants = |kind: &CodeActionKind| {
            params
                .context
                .only
                .as_ref()
                .is_none_or(|only| only.iter().any(|wanted| kind.as_str().starts_with(wanted.as_str())))
        };
        let mut all = Vec::new();
        if wants(&CodeActionKind::QUICKFIX) {
            let found = actions::at(self.view(), file, params.range);
            all.extend(found.into_iter().map(|action| CodeActionOrCommand::CodeAction(self.action(&action))));
        }
        if wants(&CodeActionKind::SOURCE_FIX_ALL)
            && params.context.only.is_some()
            && let Some(edit) = self.analyst.mended(self.view(), file)
        {
            all.push(CodeActionOrCommand::CodeAction(CodeAction {
                title: "mend what can be mended".to_owned(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: Some(self.edit(&[edit])),
                ..CodeAction::default()
            }));
        }
        Some(all)
    }

    fn action(&self, action: &Action) -> CodeAction {
        let uri = |path: &str| self.analyst.documents.uri(path);
        CodeAction {
            title: visible::inline(&action.fix.title).into_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostics::diagnostic(self.view(), action.finding, &uri)]),
            edit: Some(self.edit(&action.edits)),
            is_preferred: Some(action.is_preferred),
            ..CodeAction::default()
        }
    }

    fn lenses(&self, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
        let file = self.file(&params.text_document.uri)?;
        let uri = params.text_document.uri.as_str();
        let lens = |lens: lens::Lens| {
            let range = self.view().range(lens.span);
            let title = visible::inline(&lens.text).into_owned();
            // One use case is a text, several are a list of them.
            let asked = match <[String; 1]>::try_from(lens.resolve) {
                Ok([one]) => Some(Json::from(one)),
                Err(several) => (!several.is_empty()).then(|| Json::from(several)),
            };
            let arguments = asked.map(|asked| vec![asked, Json::from(uri)]);
            let command = if arguments.is_some() { RESOLVE } else { "" };
            let title = if arguments.is_some() { format!("{title} | resolve") } else { title };
            let command = Command { title, command: command.to_owned(), arguments };
            CodeLens { range, command: Some(command), data: None }
        };
        Some(lens::lenses(self.seen, file).into_iter().map(lens).collect())
    }

    fn formatted(&self, params: &DocumentFormattingParams) -> Option<Vec<TextEdit>> {
        let uri = &params.text_document.uri;
        let Some(file) = self.file(uri) else {
            let text = self.analyst.documents.policy(uri)?;
            return Some(open::formatted(text, self.analyst.client.encoding));
        };
        let edit = format::format(self.view(), file);
        let edits = edit.map(|edit| TextEdit { range: self.view().range(edit.span), new_text: edit.text });
        Some(edits.into_iter().collect())
    }

    fn symbols(&self, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
        let file = self.file(&params.text_document.uri)?;
        let entries = outline::outline(self.view(), file);
        Some(DocumentSymbolResponse::Nested(entries.into_iter().map(|entry| self.symbol(entry)).collect()))
    }

    fn symbol(&self, entry: Entry) -> DocumentSymbol {
        let inside: Vec<DocumentSymbol> = entry.inside.into_iter().map(|entry| self.symbol(entry)).collect();
        #[expect(deprecated, reason = "the protocol's type has it")]
        DocumentSymbol {
            name: visible::inline(&entry.name).into_owned(),
            detail: Some(entry.detail),
            kind: entry.kind,
            tags: None,
            deprecated: None,
            range: self.view().range(entry.span),
            selection_range: self.view().range(entry.name_span),
            children: (!inside.is_empty()).then_some(inside),
        }
    }

    /// Names of the workspace with the letters of a query in their order.
    fn everywhere(&self, params: &WorkspaceSymbolParams) -> Vec<SymbolInformation> {
        let mut found = Vec::new();
        for (id, _) in self.view().workspace.sources.iter() {
            let mut entries = outline::outline(self.view(), id);
            while let Some(entry) = entries.pop() {
                if found.len() < shown::SYMBOLS && has_letters(&entry.name, &params.query) {
                    found.extend(self.information(&entry, id));
                }
                entries.extend(entry.inside);
            }
        }
        found
    }

    fn information(&self, entry: &Entry, file: FileId) -> Option<SymbolInformation> {
        let location = Location { uri: self.uri(file)?, range: self.view().range(entry.name_span) };
        #[expect(deprecated, reason = "the protocol's type has it")]
        Some(SymbolInformation {
            name: visible::inline(&entry.name).into_owned(),
            kind: entry.kind,
            tags: None,
            deprecated: None,
            location,
            container_name: Some(entry.detail.clone()),
        })
    }

    fn foldings(&self, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
        let file = self.file(&params.text_document.uri)?;
        let folding = |(start_line, end_line, is_comment)| FoldingRange {
            start_line,
            end_line,
            kind: Some(if is_comment { FoldingRangeKind::Comment } else { FoldingRangeKind::Region }),
            ..FoldingRange::default()
        };
        Some(outline::foldings(self.view(), file).into_iter().map(folding).collect())
    }

    fn tokens(&self, params: &SemanticTokensParams) -> Option<SemanticTokens> {
        let uri = &params.text_document.uri;
        let Some(file) = self.file(uri) else {
            let text = self.analyst.documents.policy(uri)?;
            return Some(open::coloured(text, self.analyst.client.encoding));
        };
        Some(SemanticTokens { result_id: None, data: tokens::tokens(self.view(), file) })
    }

    fn hints(&self, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
        let file = self.file(&params.text_document.uri)?;
        let place = |position: Position| self.view().offset(file, position);
        let found = hints::hints(self.seen, file, place(params.range.start), place(params.range.end));
        let hint = |hint: hints::Hint| InlayHint {
            position: self.view().range(hint.span).end,
            label: InlayHintLabel::String(hint.text),
            kind: Some(InlayHintKind::TYPE),
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(hint.about.to_owned())),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        };
        Some(found.into_iter().map(hint).collect())
    }

    /// Shows the sentences of use cases, a line for each, and answers with them.
    fn command(&self, params: &ExecuteCommandParams) -> Answer {
        if params.command != RESOLVE {
            return Err(Refusal::Failed(format!("no command is called `{}`", params.command)));
        }
        let survey = self.seen.survey();
        let survey =
            survey.ok_or_else(|| Refusal::Failed("the workspace cannot be decided yet".to_owned()))?;
        let names: Vec<&str> = match params.arguments.first() {
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
            one => vec![one.and_then(Json::as_str).unwrap_or_default()],
        };
        let said = names.into_iter().map(|name| {
            let said = hover::sentence(survey, name);
            let said = said.ok_or_else(|| Refusal::Failed(format!("`{name}` is not decided")))?;
            Ok(visible::inline(&said).into_owned())
        });
        let said = said.collect::<Result<Vec<String>, Refusal>>()?.join("\n");
        self.analyst.show(MessageType::INFO, said.clone());
        Ok(Json::from(said))
    }
}

fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}
