//! One workspace: reads and checks it after every edit, tells what is found, and answers what is asked.
//!
//! Edits that are waiting are taken together before a check. While what is written cannot be decided, the last reading that
//! could stays at hand. A reading borrows from what was read, so each is held by the loop that serves it.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{Diagnostic, MessageType, NumberOrString, PublishDiagnosticsParams, ShowMessageParams, Uri};

use super::Send;
use super::answers;
use super::capabilities::Client;
use super::documents::Documents;
use crate::diag::fix::Edit;
use crate::fix::{self, Wanted};
use crate::load::{self, Texts};
use crate::lsp::{Memory, Seen, View, diagnostics, format};
use crate::model::Date;
use crate::source::{FileId, Span};
use crate::workspace::{self, Checked, Since, Trees, Workspace};

/// A workspace as read, before it is checked.
type Read = (Workspace, Trees);

/// Why a reading is no longer served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Edited,
    Ended,
}

pub(super) struct Analyst {
    pub(super) root: PathBuf,
    as_of: Option<Date>,
    pub(super) client: Client,
    send: Send,
    jobs: Receiver<Message>,
    /// Requests that came before the check of an edit was done.
    waiting: VecDeque<Message>,
    pub(super) documents: Documents,
    /// What was told last, with the version of the text that it was told of.
    told: BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>,
    /// Something was saved, or changed on disk.
    is_saved: bool,
    refreshes: u32,
    /// Registry and estate as they were read last.
    entries: workspace::Memory,
}

impl Analyst {
    pub(super) fn new(
        root: PathBuf,
        as_of: Option<Date>,
        client: Client,
        send: Send,
        jobs: Receiver<Message>,
    ) -> Self {
        let documents = Documents::new(root.clone(), client.encoding);
        let (waiting, told, entries) = (VecDeque::new(), BTreeMap::new(), workspace::Memory::default());
        let (is_saved, refreshes) = (false, 0);
        Self { root, as_of, client, send, jobs, waiting, documents, told, is_saved, refreshes, entries }
    }

    /// Serves until nobody asks any more; of which files something was told.
    pub(super) fn run(mut self) -> Vec<Uri> {
        self.work();
        let told = std::mem::take(&mut self.told);
        told.into_keys().filter_map(|path| self.documents.uri(&path)).collect()
    }

    fn work(&mut self) {
        // What was opened together is read together.
        self.drain();
        let names = Memory::default();
        let mut read = self.read(None).map(|(now, _)| (now, None));
        loop {
            let Some((now, carried)) = read else {
                self.withdraw();
                if self.serve(None) == Next::Ended {
                    return;
                }
                read = self.read(None).map(|(now, _)| (now, None));
                continue;
            };
            let (checked, found) = now.0.check_again(carried);
            let good = self.told_view(&now, &checked, &names, None);
            let mut next = self.serve(Some(Seen { now: &good }));
            // While nothing can be decided, the last good reading stays.
            let then = loop {
                if next == Next::Ended {
                    return;
                }
                let Some((then, since)) = self.read(Some(&now)) else { break None };
                if then.0.world.is_some() || good.checked.survey.is_none() {
                    break Some((then, since));
                }
                let checked = then.0.check();
                let view = self.told_view(&then, &checked, &names, Some(&good));
                next = self.serve(Some(Seen { now: &view }));
            };
            drop(good);
            read = then.map(|(then, since)| {
                let carried = since.and_then(|since| workspace::carried(checked, &found, &then.0, &since));
                (then, carried)
            });
        }
    }

    /// What `check --fix` makes of a file.
    pub(super) fn mended(&self, view: &View, file: FileId) -> Option<Edit> {
        let source = view.workspace.sources.file(file)?;
        let read = |texts: &Texts| {
            let mut all = self.documents.texts.clone();
            all.extend(texts.iter().map(|(path, text)| (path.clone(), text.clone())));
            Ok(workspace::read(load::load_over(&self.root, &all)?, self.as_of()))
        };
        let mended = fix::mend_in(read, Wanted::Safe, &source.path).ok()?;
        let (start, end, text) = format::differing(&source.text, mended.texts.get(&source.path)?)?;
        Some(Edit { span: Span::new(file, start, end), text })
    }

    pub(super) fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// Reads what is written now; what it has of an earlier reading.
    fn read(&mut self, earlier: Option<&Read>) -> Option<(Read, Option<Since>)> {
        let as_of = self.as_of();
        match load::load_over(&self.root, &self.documents.texts) {
            Ok(loaded) => {
                let earlier = earlier.map(|(workspace, trees)| (workspace, trees));
                let (workspace, trees, since) =
                    workspace::read_again(loaded, as_of, &mut self.entries, earlier);
                Some(((workspace, trees), since))
            }
            Err(message) => {
                self.show(MessageType::ERROR, message);
                None
            }
        }
    }

    /// The view of a reading, told to the client.
    fn told_view<'a>(
        &mut self,
        read: &'a Read,
        checked: &'a Checked<'a>,
        names: &'a Memory,
        good: Option<&'a View<'a>>,
    ) -> View<'a> {
        let view = View::new(&read.0, &read.1, checked, self.client.encoding, names, good);
        self.tell(&view);
        // Behind what is told, so that the first hover does not wait for it.
        names.note(&read.1, &read.0.sources);
        view
    }

    /// Withdraws everything that was told: where nothing can be read, nothing is found.
    fn withdraw(&mut self) {
        for (path, (_, diagnostics)) in std::mem::take(&mut self.told) {
            let Some(uri) = self.documents.uri(&path).filter(|_| !diagnostics.is_empty()) else { continue };
            let version = self.documents.open.get(&path).map(|document| document.version);
            let params = PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version };
            self.notify("textDocument/publishDiagnostics", &params);
        }
    }

    /// Tells what is found, of files of which it is not what was told last.
    fn tell(&mut self, view: &View) {
        let mut found = diagnostics::all(view, &|path| self.documents.uri(path));
        let open = self.documents.open.keys().chain(self.told.keys()).cloned();
        for path in open.collect::<Vec<String>>() {
            found.entry(path).or_default();
        }
        for (path, diagnostics) in found {
            let version = self.documents.open.get(&path).map(|document| document.version);
            let is_old = self.told.get(&path).is_some_and(|told| told.0 == version && told.1 == diagnostics);
            let Some(uri) = self.documents.uri(&path).filter(|_| !is_old) else { continue };
            let params = PublishDiagnosticsParams { uri, diagnostics: diagnostics.clone(), version };
            self.notify("textDocument/publishDiagnostics", &params);
            if diagnostics.is_empty() && version.is_none() {
                self.told.remove(&path);
            } else {
                self.told.insert(path, (version, diagnostics));
            }
        }
        if std::mem::take(&mut self.is_saved) && self.client.refreshes {
            for what in ["workspace/codeLens/refresh", "workspace/inlayHint/refresh"] {
                self.refreshes = self.refreshes.wrapping_add(1);
                let id = RequestId::from(format!("govctl.{}", self.refreshes));
                let params = serde_json::Value::Null;
                (self.send)(Message::Request(Request { id, method: what.to_owned(), params }));
            }
        }
    }

    /// Answers until there is an edit.
    fn serve(&mut self, seen: Option<Seen>) -> Next {
        loop {
            let job = match self.waiting.pop_front() {
                Some(job) => job,
                None => match self.jobs.recv() {
                    Ok(job) => job,
                    Err(_) => return Next::Ended,
                },
            };
            match job {
                Message::Notification(note) if Documents::is_edit(&note) => {
                    self.edit(note);
                    self.drain();
                    return Next::Edited;
                }
                Message::Request(request) => {
                    let response = answers::answer(self, seen, request);
                    (self.send)(Message::Response(response));
                }
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
    }

    fn edit(&mut self, note: Notification) {
        self.is_saved |=
            ["textDocument/didSave", "workspace/didChangeWatchedFiles"].contains(&note.method.as_str());
        self.documents.apply(note);
    }

    /// Takes everything that waits: edits at once, requests for later. One that an edit follows asks about a text that is
    /// no more.
    fn drain(&mut self) {
        while let Ok(job) = self.jobs.try_recv() {
            match job {
                Message::Notification(note) if Documents::is_edit(&note) => {
                    for old in std::mem::take(&mut self.waiting) {
                        self.refuse(old, ErrorCode::ContentModified, "the text has changed");
                    }
                    self.edit(note);
                }
                Message::Notification(note) if note.method == "$/cancelRequest" => self.cancel(&note),
                Message::Request(_) => self.waiting.push_back(job),
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
    }

    fn cancel(&mut self, note: &Notification) {
        let id = note.params.get("id").cloned();
        let Some(Ok(id)) = id.map(serde_json::from_value::<NumberOrString>) else { return };
        let id = match id {
            NumberOrString::Number(number) => RequestId::from(number),
            NumberOrString::String(text) => RequestId::from(text),
        };
        let is_it = |job: &Message| matches!(job, Message::Request(request) if request.id == id);
        if let Some(job) = self.waiting.iter().position(is_it).and_then(|at| self.waiting.remove(at)) {
            self.refuse(job, ErrorCode::RequestCanceled, "cancelled");
        }
    }

    fn refuse(&self, job: Message, code: ErrorCode, why: &str) {
        if let Message::Request(request) = job {
            let response = Response::new_err(request.id, code as i32, why.to_owned());
            (self.send)(Message::Response(response));
        }
    }

    /// Shows something to whoever sits there.
    pub(super) fn show(&self, typ: MessageType, message: String) {
        self.notify("window/showMessage", &ShowMessageParams { typ, message });
    }

    fn notify<P: serde::Serialize>(&self, method: &str, params: &P) {
        (self.send)(Message::Notification(Notification::new(method.to_owned(), params)));
    }
}
