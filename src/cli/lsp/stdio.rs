//! Messages over stdin and stdout, each read only when its header says that it is not too long.

use std::io::{self, BufRead, Cursor, Read};
use std::thread::{self, JoinHandle};

use lsp_server::{Connection, Message};

use crate::limits::{MAX_MESSAGE_BYTES, MAX_MESSAGE_HEADER_BYTES};

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

/// The server's end of a connection over stdin and stdout.
pub(super) fn connect() -> (Connection, Threads) {
    let (server, client) = Connection::memory();
    let Connection { sender, receiver } = client;
    let reader = thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Some(message) = read(&mut stdin)? {
            let is_last = matches!(&message, Message::Notification(note) if note.method == "exit");
            if sender.send(message).is_err() || is_last {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        receiver.into_iter().try_for_each(|message| message.write(&mut stdout))
    });
    (server, Threads { reader, writer })
}

/// The next message; none at the end. The library takes the memory that a header asks for, so the header is read first.
fn read(from: &mut impl BufRead) -> io::Result<Option<Message>> {
    let mut header = Vec::new();
    let mut length = None;
    loop {
        let start = header.len();
        let left = MAX_MESSAGE_HEADER_BYTES - start as u64;
        if from.by_ref().take(left).read_until(b'\n', &mut header)? == 0 {
            return if header.is_empty() {
                Ok(None)
            } else {
                Err(refused("a header is cut off or too long"))
            };
        }
        let line = String::from_utf8_lossy(header.get(start..).unwrap_or_default());
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
            if length.is_none_or(|length| length > MAX_MESSAGE_BYTES) {
                return Err(refused(&format!("a message may have at most {MAX_MESSAGE_BYTES} bytes")));
            }
        }
    }
    let length = length.ok_or_else(|| refused("a header has no `Content-Length`"))?;
    Message::read(&mut Cursor::new(header).chain(from.take(length)))
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}
