//! Writing to the terminal or a pipe, with or without colour.

use std::borrow::Cow;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write, stderr, stdout};
use std::sync::LazyLock;

use super::{Answered, ColorChoice, Status};
use crate::render::human::Style;
use crate::render::pieces::Take;
use crate::source::visible;

/// Columns of output that goes to a pipe.
const PIPE_WIDTH: usize = 100;

/// So many bytes of an answer in pieces are written at once.
const PIECE: usize = 256 * 1024;

/// Where output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output: the answer alone.
    Out,
    /// Standard error: notes, progress and refusals.
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

/// Writes an answer piece by piece as it is made: it can be larger than memory.
pub(super) fn answer_in_pieces(
    status: Status,
    make: impl FnOnce(&mut Take) -> std::io::Result<()>,
) -> Answered {
    let mut out = BufWriter::with_capacity(PIECE, stdout().lock());
    let made = make(&mut |piece| out.write_all(piece.as_bytes())).and_then(|()| out.flush());
    drop(out.into_parts());
    written(made, status)
}

/// The same of an answer that is a document for other programs, in pieces of whole lines.
pub(super) fn document_in_pieces(
    status: Status,
    make: impl FnOnce(&mut Take) -> std::io::Result<()>,
) -> Answered {
    answer_in_pieces(status, |out| make(&mut |piece| out(&visible::document(piece))))
}

/// The same of an answer that was drawn in this style, in pieces of whole lines.
pub(super) fn show_in_pieces(
    style: Style,
    status: Status,
    make: impl FnOnce(&mut Take) -> std::io::Result<()>,
) -> Answered {
    answer_in_pieces(status, |out| make(&mut |piece| out(&talk(piece, style.color))))
}

/// Writes an answer that is a document for other programs and may hold anything that others wrote: no line of it is a
/// command to a runner. JSON sees to that itself.
pub(super) fn document(text: &str, status: Status) -> Answered {
    answer(&visible::document(text), status)
}

/// Writes an answer for people: nothing of what others wrote acts in it.
pub(super) fn show(text: &str, status: Status) -> Answered {
    answer(&talk(text, false), status)
}

/// Writes an answer that was drawn in this style, with our colours and everything of others escaped.
pub(super) fn show_drawn(text: &str, style: Style, status: Status) -> Answered {
    answer(&talk(text, style.color), status)
}

/// Writes talk to stderr, in which nothing of what others wrote acts; nobody may be listening.
pub(super) fn say(text: &str) {
    control(&talk(text, false));
}

/// Writes talk that was drawn in this style, with our colours and everything of others escaped.
pub(super) fn say_drawn(text: &str, style: Style) {
    control(&talk(text, style.color));
}

/// Talk in which nothing of what others wrote acts, nor what the command line names and the text repeats.
fn talk(text: &str, has_color: bool) -> String {
    static ARGUMENTS: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| {
        let arguments = std::env::args_os().skip(1);
        escapes(arguments.map(|argument| argument.to_string_lossy().into_owned()))
    });
    visible::talk(&repeating(text, &ARGUMENTS), has_color)
}

/// What is repeated of arguments in which line feeds would begin lines, each with how it is shown.
fn escapes(arguments: impl Iterator<Item = String>) -> Vec<[String; 2]> {
    let broken = arguments.filter(|argument| argument.trim().contains('\n'));
    let mut all: Vec<[String; 2]> = Vec::new();
    for argument in broken {
        // `git:REV` and `NAME=VALUE` are repeated without what they begin with.
        let rest = [":", "="].into_iter().filter_map(|mark| Some(argument.split_once(mark)?.1.to_owned()));
        let said: Vec<String> = rest.chain([argument.clone()]).collect();
        for said in said.into_iter().filter(|said| said.trim().contains('\n')) {
            let shown = visible::inline(&said).into_owned();
            all.push([visible::lines(&said).into_owned(), shown.clone()]);
            all.push([said, shown]);
        }
    }
    // What holds others is replaced before them.
    all.sort_by(|a, b| b.iter().map(String::len).cmp(a.iter().map(String::len)));
    all
}

fn repeating<'a>(text: &'a str, escapes: &[[String; 2]]) -> Cow<'a, str> {
    escapes.iter().fold(Cow::Borrowed(text), |text, [said, shown]| {
        if text.contains(said.as_str()) { Cow::Owned(text.replace(said.as_str(), shown)) } else { text }
    })
}

/// Writes to stderr what moves the cursor.
pub(super) fn control(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_line_names_begins_no_line() {
        let arguments = ["--fact=a\n::error::x", "git:b\n\u{1b}[2J", "\n", "plain"];
        let escapes = escapes(arguments.into_iter().map(str::to_owned));
        let said = "no `a\n::error::x`, `b\n\u{1b}[2J`, `b\n\\u{1b}[2J`\n  help: plain\n";
        let shown = "no `a\\n::error::x`, `b\\n\\u{1b}[2J`, `b\\n\\u{1b}[2J`\n  help: plain\n";
        assert_eq!(repeating(said, &escapes), shown);
    }
}
