//! Why a command does not answer as it was asked: the one type in which commands say so.

use super::{Status, terminal};
use crate::render::human::Style;

/// What a command ends with: its status where it answered, else why not.
pub(super) type Answered = Result<Status, CommandError>;

/// Why there is no answer, or only a refusal, and the status that goes with it.
#[derive(Debug)]
pub(super) struct CommandError {
    status: Status,
    talk: Talk,
}

#[derive(Debug)]
enum Talk {
    /// One message, said after `error: `.
    Message(String),
    /// Text in our colours in which everything of others is escaped.
    Drawn(String, Style),
    /// It was said where it came up.
    Nothing,
}

impl CommandError {
    /// The answer is no, and this is why.
    pub(super) fn negative(message: impl Into<String>) -> Self {
        Self { status: Status::Negative, talk: Talk::Message(message.into()) }
    }

    /// The answer is no, said in this style.
    pub(super) fn negative_drawn(talk: String, style: Style) -> Self {
        Self { status: Status::Negative, talk: Talk::Drawn(talk, style) }
    }

    /// A message with the status that goes with it.
    pub(super) fn with(status: Status, message: impl Into<String>) -> Self {
        Self { status, talk: Talk::Message(message.into()) }
    }

    /// The question could not be asked, and that has been said.
    pub(super) fn told() -> Self {
        Self { status: Status::Unasked, talk: Talk::Nothing }
    }

    /// Says it on stderr; the status to end with.
    pub(super) fn say(self) -> Status {
        match self.talk {
            Talk::Message(message) => terminal::say(&format!("error: {message}\n")),
            Talk::Drawn(talk, style) => terminal::say_drawn(&talk, style),
            Talk::Nothing => {}
        }
        self.status
    }
}

/// The question could not be asked, and this is why.
impl From<String> for CommandError {
    fn from(message: String) -> Self {
        Self::with(Status::Unasked, message)
    }
}

impl From<&str> for CommandError {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}
