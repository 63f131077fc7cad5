//! Messages over stdin and stdout, by two threads.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use lsp_server::Message;

use super::messages::{self, Bad};

/// The server's end of a connection over stdin and stdout.
pub(super) struct Connection {
    /// What the client says.
    pub(super) receiver: Receiver<Message>,
    /// What it is told.
    pub(super) sender: Sender<Out>,
}

/// The two threads that read and write.
pub(super) struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits until both have ended; the first thing that broke.
    pub(super) fn join(self) -> io::Result<()> {
        let joined = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread broke off")))
        };
        joined(self.reader).and(joined(self.writer))
    }
}

/// What is written.
pub(super) enum Out {
    /// A message of ours.
    Message(Message),
    /// The answer to what is no message.
    Refused(Bad),
}

/// Begins to read and to write.
pub(super) fn connect() -> (Connection, Threads) {
    let (said, receiver) = mpsc::channel();
    let (sender, told) = mpsc::channel();
    let refused = sender.clone();
    let reader = thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Some(message) = messages::read(&mut stdin)? {
            let message = match message {
                Ok(message) => message,
                Err(bad) => {
                    // A writer that is gone has nobody to tell.
                    let _ = refused.send(Out::Refused(bad));
                    continue;
                }
            };
            let is_last = matches!(&message, Message::Notification(note) if note.method == "exit");
            if said.send(message).is_err() || is_last {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        told.into_iter().try_for_each(|out| match out {
            Out::Message(message) => message.write(&mut stdout),
            Out::Refused(bad) => {
                let text = bad.response().to_string();
                write!(stdout, "Content-Length: {}\r\n\r\n{text}", text.len())?;
                stdout.flush()
            }
        })
    });
    (Connection { receiver, sender }, Threads { reader, writer })
}
