//! A replay for a terminal and for programs.

use serde::Serialize;

use super::replay::{Replay, Row, Went};
use crate::event::Nanos;
use crate::event::money::{self, cents, exact};
use crate::limits::shown;
use crate::render::human::thousands;
use crate::render::json::to_text;
use crate::source::visible;

fn name(of: Option<&String>) -> &str {
    of.map_or("unknown use cases", String::as_str)
}

/// What changes, by use case; those where nothing does are counted.
pub fn human(replay: &Replay) -> String {
    let total = replay.total();
    let mut text = format!("{}, by use case as they would be\n", requests(total.requests));
    let mut same = 0;
    for (of, row) in &replay.rows {
        if row.moves.is_empty() && row.cost == row.would_cost {
            same += 1;
            continue;
        }
        text += &format!("\n{}: {}\n", visible::inline(name(of.as_ref())), sentence(row));
        for ((from, to), count) in moves(row).into_iter().take(shown::MOVES) {
            text += &format!("  {} from {} to {}\n", thousands(count), words(from), words(to));
        }
        if row.moves.len() > shown::MOVES {
            let others = row.moves.len() - shown::MOVES;
            text += &format!("  … and {others} other move{}\n", if others == 1 { "" } else { "s" });
        }
    }
    match same {
        0 => {}
        1 => text += "\n1 use case stays as it is\n",
        more => text += &format!("\n{more} use cases stay as they are\n"),
    }
    if replay.unread > 0 {
        let records = if replay.unread == 1 {
            "1 record".to_owned()
        } else {
            format!("{} records", thousands(replay.unread))
        };
        text += &format!(
            "\nnote: {records} cannot be replayed: no event, no time, no use case, or a table that \
                          was not given\n"
        );
    }
    if replay.unserved > 0 {
        let is_one = replay.unserved == 1;
        let (was, each) = if is_one { ("was", "its") } else { ("were", "their") };
        text += &format!(
            "\nnote: {} {was} served by no model though {each} table led to one, as in an outage or for a budget, and \
             {was} not replayed\n",
            requests(replay.unserved)
        );
    }
    if replay.repeated > 0 {
        let (events, one) = (thousands(replay.repeated), replay.repeated == 1);
        let was =
            if one { "event was read before: it counts" } else { "events were read before: they count" };
        text += &format!("\nnote: {events} {was} once\n");
    }
    text + &format!("\ntogether: {}\n", sentence(&total))
}

/// `1 request`, `1,200 requests`.
fn requests(count: u64) -> String {
    if count == 1 { "1 request".to_owned() } else { format!("{} requests", thousands(count)) }
}

fn sentence(row: &Row) -> String {
    let moved = row.requests.saturating_sub(row.same);
    let go = if moved == 1 { "goes" } else { "go" };
    let mut text = format!("{} of {} {go} elsewhere", thousands(moved), requests(row.requests));
    if row.refused() > 0 {
        text += &format!(", {} of them nowhere", thousands(row.refused()));
    }
    text + &format!("; {} usd become {} usd ({})", cents(row.cost), cents(row.would_cost), change(row))
}

fn change(row: &Row) -> String {
    let by: Nanos = row.would_cost - row.cost;
    let sign = if by < 0 { "" } else { "+" };
    money::change(by, row.cost).unwrap_or_else(|| format!("{sign}{} usd", cents(by)))
}

/// The moves, the most frequent first.
fn moves(row: &Row) -> Vec<(&(Went, Went), u64)> {
    let mut moves: Vec<(&(Went, Went), u64)> = row.moves.iter().map(|(way, count)| (way, *count)).collect();
    moves.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    moves
}

fn words(went: &Went) -> String {
    match went {
        Went::To(id) => format!("`{}`", visible::inline(id)),
        Went::Refused => "nowhere".to_owned(),
        Went::Elsewhere => "a model that the table does not know".to_owned(),
    }
}

#[derive(Serialize)]
struct Document<'r> {
    use_cases: Vec<UseCase<'r>>,
    unread: u64,
    unserved: u64,
    repeated: u64,
    summary: Sum,
}

#[derive(Serialize)]
struct UseCase<'r> {
    use_case: Option<&'r str>,
    #[serde(flatten)]
    sum: Sum,
    moves: Vec<Move<'r>>,
}

#[derive(Serialize)]
struct Sum {
    requests: u64,
    same: u64,
    refused: u64,
    cost_usd: String,
    would_cost_usd: String,
}

#[derive(Serialize)]
struct Move<'r> {
    from: &'r str,
    to: &'r str,
    requests: u64,
}

fn sum(row: &Row) -> Sum {
    Sum {
        requests: row.requests,
        same: row.same,
        refused: row.refused(),
        cost_usd: exact(row.cost),
        would_cost_usd: exact(row.would_cost),
    }
}

fn id(went: &Went) -> &str {
    match went {
        Went::To(id) => id,
        Went::Refused => "refused",
        Went::Elsewhere => "unknown",
    }
}

/// The whole replay.
pub fn json(replay: &Replay) -> String {
    let use_cases = replay.rows.iter().map(|(of, row)| UseCase {
        use_case: of.as_deref(),
        sum: sum(row),
        moves: moves(row)
            .into_iter()
            .map(|((from, to), requests)| Move { from: id(from), to: id(to), requests })
            .collect(),
    });
    let document = Document {
        use_cases: use_cases.collect(),
        unread: replay.unread,
        unserved: replay.unserved,
        repeated: replay.repeated,
        summary: sum(&replay.total()),
    };
    to_text(&document)
}
