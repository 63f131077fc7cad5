//! Writing to the terminal or a pipe, with or without colour.

use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

use super::{Answered, ColorChoice, Status};
use crate::render::human::Style;
use crate::source::visible;

/// Columns of output that goes to a pipe.
const PIPE_WIDTH: usize = 100;

/// Where output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// The answer.
    Out,
    /// Everything else.
    Err,
}

/// Colour and width of a stream.
pub(super) fn style(choice: ColorChoice, stream: Stream) -> Style {
    let terminal = match stream {
        Stream::Out => stdout().is_terminal(),
        Stream::Err => stderr().is_terminal(),
    };
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let color = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => terminal && !plain,
    };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = if terminal { columns.unwrap_or(PIPE_WIDTH).clamp(40, 160) } else { PIPE_WIDTH };
    let columns = if terminal { columns.unwrap_or(PIPE_WIDTH).max(40) } else { usize::MAX };
    Style { color, width, columns }
}

/// Writes the answer to stdout and keeps the status where all of it was written.
pub(super) fn answer(text: &str, status: Status) -> Answered {
    written(stdout().lock().write_all(text.as_bytes()), status)
}

/// The status after an answer was written, or not. Whoever stops reading has not asked for the rest: nothing is said of
/// it, and a negative answer stays one.
pub(super) fn written(answer: std::io::Result<()>, status: Status) -> Answered {
    match answer.and_then(|()| stdout().lock().flush()) {
        Ok(()) => Ok(status),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(match status {
            Status::Fine => Status::Unasked,
            Status::Negative | Status::Unasked => status,
        }),
        Err(error) => Err(format!("cannot write the answer: {error}").into()),
    }
}

/// Writes an answer that is a document for other programs and may hold anything that others wrote: no line of it is a
/// command to a runner. JSON sees to that itself.
pub(super) fn document(text: &str, status: Status) -> Answered {
    answer(&visible::document(text), status)
}

/// Writes an answer for people: nothing of what others wrote acts in it.
pub(super) fn show(text: &str, status: Status) -> Answered {
    answer(&visible::talk(text, false), status)
}

/// Writes an answer that was drawn in this style, with our colours and everything of others escaped.
pub(super) fn show_drawn(text: &str, style: Style, status: Status) -> Answered {
    answer(&visible::talk(text, style.color), status)
}

/// Writes talk to stderr, in which nothing of what others wrote acts; nobody may be listening.
pub(super) fn say(text: &str) {
    control(&visible::talk(text, false));
}

/// Writes talk that was drawn in this style, with our colours and everything of others escaped.
pub(super) fn say_drawn(text: &str, style: Style) {
    control(&visible::talk(text, style.color));
}

/// Writes to stderr what moves the cursor.
pub(super) fn control(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}
