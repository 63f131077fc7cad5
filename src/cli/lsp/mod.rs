//! `govctl lsp`: the language server that editors start; it speaks over stdin and stdout.
//!
//! This thread shakes hands and hands messages on. Each workspace has a thread of its own, [`analyst`], which reads, checks
//! and answers.

mod analyst;
mod answers;
mod capabilities;
mod documents;
mod stdio;
mod uri;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use clap::Args;
use lsp_server::{Connection, ErrorCode, Message, Response};
use lsp_types::InitializeParams;
use serde_json::Value as Json;

use super::{Answered, Common, Status, terminal};
use crate::load;
use analyst::Analyst;
use capabilities::Client;

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
    let failed =
        |error: lsp_server::ProtocolError| format!("the client does not speak the protocol: {error}");
    let (id, params) = connection.initialize_start().map_err(failed)?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| format!("`initialize` cannot be read: {error}"))?;
    let client = Client::of(&params);
    let result = client.answer();
    connection.initialize_finish(id, result).map_err(failed)?;
    let sender = connection.sender.clone();
    let send: Send = Arc::new(move |message| {
        // A client that is gone reads nothing.
        let _ = sender.send(message);
    });
    if let Some(watch) = client.watch_files() {
        send(Message::Request(watch));
    }
    let mut router = Router { common, client, send, roots: Vec::new() };
    for folder in folders(&params, common) {
        router.root(&folder);
    }
    let status = router.serve(connection);
    router.end();
    Ok(status)
}

/// The workspaces that a client opens: `-C`, else its folders that are workspaces.
fn folders(params: &InitializeParams, common: &Common) -> Vec<PathBuf> {
    if let Some(folder) = &common.workspace {
        return vec![Common::textual(folder)];
    }
    let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    #[expect(deprecated, reason = "what older clients send")]
    let all = folders.chain(params.root_uri.as_ref().filter(|_| params.workspace_folders.is_none()));
    all.filter_map(uri::path).filter(|path| load::is_workspace(path)).collect()
}

/// Hands messages to the workspaces that they concern.
struct Router<'c> {
    common: &'c Common,
    client: Client,
    send: Send,
    roots: Vec<Root>,
}

/// A workspace with its thread.
struct Root {
    folder: PathBuf,
    jobs: mpsc::Sender<Message>,
    thread: JoinHandle<()>,
}

impl Router<'_> {
    /// Hands messages on until the client ends. One that ends without saying so before gets the status that the protocol
    /// asks for.
    fn serve(&mut self, connection: &Connection) -> Status {
        let mut is_shut = false;
        for message in &connection.receiver {
            match message {
                Message::Notification(note) if note.method == "exit" => {
                    return if is_shut { Status::Fine } else { Status::Negative };
                }
                Message::Request(request) if request.method == "shutdown" && !is_shut => {
                    is_shut = true;
                    (self.send)(Message::Response(Response::new_ok(request.id, ())));
                }
                Message::Request(request) if is_shut || request.method == "initialize" => {
                    let why = if is_shut { "the server is shut down" } else { "it is initialized already" };
                    let response =
                        Response::new_err(request.id, ErrorCode::InvalidRequest as i32, why.to_owned());
                    (self.send)(Message::Response(response));
                }
                _ if is_shut => {}
                message => self.route(message),
            }
        }
        Status::Fine
    }

    fn route(&mut self, message: Message) {
        let params = match &message {
            Message::Request(request) => &request.params,
            Message::Notification(note) => &note.params,
            Message::Response(_) => return,
        };
        let concerned = match concerned(params) {
            Some(path) => {
                let opens =
                    matches!(&message, Message::Notification(note) if note.method == "textDocument/didOpen");
                self.of(&path, opens)
            }
            None => None,
        };
        match (concerned, message) {
            (Some(at), message) => self.hand(at, message),
            // Watched files and cancelled requests may concern any of them.
            (None, message @ Message::Notification(_)) => {
                for at in 0..self.roots.len() {
                    self.hand(at, message.clone());
                }
            }
            (None, message @ Message::Request(_)) if !self.roots.is_empty() => self.hand(0, message),
            (None, Message::Request(request)) => {
                let response = Response::new_err(
                    request.id,
                    ErrorCode::RequestFailed as i32,
                    "no workspace is open".to_owned(),
                );
                (self.send)(Message::Response(response));
            }
            (None, Message::Response(_)) => {}
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
        let known = self.roots.iter().enumerate().filter(|(_, root)| path.starts_with(&root.folder));
        let known = known.max_by_key(|(_, root)| root.folder.components().count()).map(|(at, _)| at);
        if known.is_some() || !opens || self.common.workspace.is_some() {
            return known;
        }
        let around = path.ancestors().skip(1).find(|folder| load::is_workspace(folder))?;
        Some(self.root(around))
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

/// The file that a message is about: of its document, or the second argument of a command.
fn concerned(params: &Json) -> Option<PathBuf> {
    let document = params.pointer("/textDocument/uri");
    let command = || params.pointer("/arguments/1");
    uri::path_of(document.or_else(command)?.as_str()?)
}
