//! `govctl lsp`: the language server that editors start; it speaks over stdin and stdout.
//!
//! This thread shakes hands and hands messages on. Each workspace has a thread of its own, [`analyst`], which reads, checks
//! and answers.

mod analyst;
mod answers;
mod capabilities;
mod documents;
mod messages;
mod open;
mod renames;
mod stdio;
mod uri;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use clap::Args;
use lsp_server::{ErrorCode, Message, Notification, RequestId, Response};
use lsp_types::notification::{Notification as _, PublishDiagnostics};
use lsp_types::{DidChangeWorkspaceFoldersParams, InitializeParams, PublishDiagnosticsParams, Uri};
use serde_json::Value as Json;

use super::{Answered, Common, Status, terminal};
use crate::load;
use analyst::Analyst;
use capabilities::Client;
use open::Open;
use stdio::{Connection, Out};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Speak over stdin and stdout: the only way there is, named because editors name it
    #[arg(long)]
    stdio: bool,
}

/// Sends a message to the client; what cannot be sent has nobody to read it.
type Send = Arc<dyn Fn(Message) + std::marker::Send + Sync>;

/// So much stack as the main thread has, for what recurses.
const STACK_BYTES: usize = 8 * 1024 * 1024;

pub(super) fn run(_: &Arguments, common: &Common) -> Answered {
    let (connection, threads) = stdio::connect();
    let served = serve(&connection, common);
    // The writer ends when nobody can write any more.
    drop(connection);
    let ended = threads.join();
    match (served, ended) {
        (Ok(status), Ok(())) => Ok(status),
        (_, Err(error)) => Err(format!("the connection broke: {error}").into()),
        (Err(message), Ok(())) => Err(message.into()),
    }
}

fn serve(connection: &Connection, common: &Common) -> Result<Status, String> {
    let sender = connection.sender.clone();
    let send: Send = Arc::new(move |message| {
        // A client that is gone reads nothing.
        let _ = sender.send(Out::Message(message));
    });
    let Some((id, params)) = greeted(connection, &send) else { return Ok(Status::Negative) };
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let why = format!("`initialize` cannot be read: {error}");
            refuse(&send, id, ErrorCode::InvalidParams, &why);
            return Err(why);
        }
    };
    let client = Client::of(&params);
    send(Message::Response(Response { id, result: Some(client.answer()), error: None }));
    let (open, roots) = (Open::new(client.encoding), Vec::new());
    let mut router = Router { common, client, send, open, folders: folders(&params, common), roots };
    for folder in router.folders.clone() {
        router.open(&folder);
    }
    let status = router.serve(connection);
    router.end();
    Ok(status)
}

/// The client's `initialize`, which comes first; none where it ends before.
fn greeted(connection: &Connection, send: &Send) -> Option<(RequestId, Json)> {
    for message in &connection.receiver {
        match message {
            Message::Request(request) if request.method == "initialize" => {
                return Some((request.id, request.params));
            }
            Message::Request(request) => {
                let why = "the server waits for `initialize`, which comes first";
                refuse(send, request.id, ErrorCode::ServerNotInitialized, why);
            }
            Message::Notification(note) if note.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    None
}

fn refuse(send: &Send, id: RequestId, code: ErrorCode, why: &str) {
    send(Message::Response(Response::new_err(id, code as i32, why.to_owned())));
}

/// The folders that a client opens: `-C`, else its own.
fn folders(params: &InitializeParams, common: &Common) -> Vec<PathBuf> {
    if let Some(folder) = &common.workspace {
        return vec![Common::textual(folder)];
    }
    let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    #[expect(deprecated, reason = "what older clients send")]
    let all = folders.chain(params.root_uri.as_ref().filter(|_| params.workspace_folders.is_none()));
    all.filter_map(uri::path).collect()
}

/// Hands messages to the workspaces that they concern.
struct Router<'c> {
    common: &'c Common,
    client: Client,
    send: Send,
    open: Open,
    /// The folders that the client has open, workspaces or not.
    folders: Vec<PathBuf>,
    roots: Vec<Root>,
}

/// A workspace with its thread.
struct Root {
    folder: PathBuf,
    jobs: mpsc::Sender<Message>,
    /// Ends with the files of which it has told something.
    thread: JoinHandle<Vec<Uri>>,
}

impl Root {
    /// Ends it, with nothing told of it any more.
    fn close(self, send: &Send) {
        drop(self.jobs);
        for uri in self.thread.join().unwrap_or_default() {
            let params = PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None };
            send(Message::Notification(Notification::new(PublishDiagnostics::METHOD.to_owned(), params)));
        }
    }
}

impl Router<'_> {
    /// Hands messages on until the client ends. One that ends without saying so before gets the status that the protocol
    /// asks for.
    fn serve(&mut self, connection: &Connection) -> Status {
        let mut is_shut = false;
        let status = |is_shut: bool| if is_shut { Status::Fine } else { Status::Negative };
        for message in &connection.receiver {
            match message {
                Message::Notification(note) if note.method == "exit" => return status(is_shut),
                Message::Request(request) if request.method == "shutdown" && !is_shut => {
                    is_shut = true;
                    (self.send)(Message::Response(Response::new_ok(request.id, ())));
                }
                Message::Request(request) if is_shut || request.method == "initialize" => {
                    let why = if is_shut { "the server is shut down" } else { "it is initialized already" };
                    refuse(&self.send, request.id, ErrorCode::InvalidRequest, why);
                }
                _ if is_shut => {}
                Message::Notification(note) if note.method == "initialized" => {
                    if let Some(watch) = self.client.watch_files() {
                        (self.send)(Message::Request(watch));
                    }
                }
                Message::Notification(note) if note.method == "workspace/didChangeWorkspaceFolders" => {
                    self.change_folders(note);
                }
                message => self.route(message),
            }
        }
        status(is_shut)
    }

    fn route(&mut self, message: Message) {
        let (params, opens) = match &message {
            Message::Request(request) => (&request.params, false),
            Message::Notification(note) => (&note.params, note.method == "textDocument/didOpen"),
            Message::Response(_) => return,
        };
        let concerned = concerned(params).and_then(|path| self.of(&path, opens));
        if let Message::Notification(note) = &message {
            let folder = concerned.and_then(|at| self.roots.get(at)).map(|root| root.folder.as_path());
            self.open.apply(note, folder);
        }
        match (concerned, message) {
            (Some(at), message) => self.hand(at, message),
            // A text of no workspace concerns none; watched files and cancelled requests may concern any of them.
            (None, Message::Notification(note)) if Open::is_its(&note) => {}
            (None, message @ Message::Notification(_)) => {
                for at in 0..self.roots.len() {
                    self.hand(at, message.clone());
                }
            }
            (None, Message::Request(request)) => match self.open.answer(&request) {
                Some(answer) => {
                    let response = Response { id: request.id, result: Some(answer), error: None };
                    (self.send)(Message::Response(response));
                }
                None if self.roots.is_empty() => {
                    refuse(&self.send, request.id, ErrorCode::RequestFailed, "no workspace is open");
                }
                None => self.hand(0, Message::Request(request)),
            },
            (None, Message::Response(_)) => {}
        }
    }

    /// Takes over that the client has opened or closed folders. `-C` names the only one there is.
    fn change_folders(&mut self, note: Notification) {
        if self.common.workspace.is_some() {
            return;
        }
        let params = serde_json::from_value::<DidChangeWorkspaceFoldersParams>(note.params);
        let Ok(DidChangeWorkspaceFoldersParams { event }) = params else { return };
        let removed: Vec<PathBuf> =
            event.removed.iter().filter_map(|folder| uri::path(&folder.uri)).collect();
        self.folders.retain(|folder| !removed.contains(folder));
        for folder in event.added.iter().filter_map(|folder| uri::path(&folder.uri)) {
            self.folders.push(folder.clone());
            self.open(&folder);
        }
        let within =
            |root: &Root, folders: &[PathBuf]| folders.iter().any(|folder| root.folder.starts_with(folder));
        let all = std::mem::take(&mut self.roots);
        for root in all {
            if within(&root, &removed) && !within(&root, &self.folders) {
                root.close(&self.send);
            } else {
                self.roots.push(root);
            }
        }
        self.settle();
    }

    /// Hands what is open to the workspaces that have it by now.
    fn settle(&mut self) {
        let roots = &self.roots;
        let told = self.open.move_to(|path| Some(roots.get(innermost(roots, path)?)?.folder.clone()));
        for (folder, note) in told {
            if let Some(at) = self.roots.iter().position(|root| root.folder == folder) {
                self.hand(at, Message::Notification(note));
            }
        }
    }

    fn hand(&self, at: usize, message: Message) {
        if let Some(root) = self.roots.get(at) {
            // A thread that has ended answers nothing.
            let _ = root.jobs.send(message);
        }
    }

    /// The workspace of a file; where it is opened, the folder around it that is one.
    fn of(&mut self, path: &Path, opens: bool) -> Option<usize> {
        let known = innermost(&self.roots, path);
        if known.is_some() || !opens || self.common.workspace.is_some() {
            return known;
        }
        let around = path.ancestors().skip(1).find(|folder| load::is_workspace(folder))?;
        let at = self.root(around);
        self.settle();
        Some(at)
    }

    /// Opens a folder, where it is a workspace or is named as one.
    fn open(&mut self, folder: &Path) {
        if self.common.workspace.is_some() || load::is_workspace(folder) {
            self.root(folder);
        }
    }

    /// Opens a workspace.
    fn root(&mut self, folder: &Path) -> usize {
        if let Some(at) = self.roots.iter().position(|root| root.folder == folder) {
            return at;
        }
        let (jobs, receiver) = mpsc::channel();
        let analyst = Analyst::new(
            folder.to_path_buf(),
            self.common.as_of,
            self.client.clone(),
            Arc::clone(&self.send),
            receiver,
        );
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || analyst.run());
        match thread {
            Ok(thread) => self.roots.push(Root { folder: folder.to_path_buf(), jobs, thread }),
            Err(error) => terminal::say(&format!("error: no thread can be started: {error}\n")),
        }
        self.roots.len().saturating_sub(1)
    }

    /// Waits until all have ended.
    fn end(self) {
        for root in self.roots {
            drop(root.jobs);
            // One that panicked has said so itself.
            let _ = root.thread.join();
        }
    }
}

/// The workspace around a file, the innermost of several.
fn innermost(roots: &[Root], path: &Path) -> Option<usize> {
    let around = roots.iter().enumerate().filter(|(_, root)| path.starts_with(&root.folder));
    around.max_by_key(|(_, root)| root.folder.components().count()).map(|(at, _)| at)
}

/// The file that a message is about: of its document, or the second argument of a command.
fn concerned(params: &Json) -> Option<PathBuf> {
    let document = params.pointer("/textDocument/uri");
    let command = || params.pointer("/arguments/1");
    uri::path_of(document.or_else(command)?.as_str()?)
}
