//! Reviews with their days, owners with what is theirs, and lines to sign on.

use std::collections::BTreeMap;

use super::{Block, Cell, Input, Section, Table, Tone};
use crate::cost::forecast::{Forecast, Scenario};
use crate::limits::shown;
use crate::model::words::some;
use crate::number::{Rational, add_up, whole};

/// A line to write on.
const LINE: &str = "____________________";

pub(super) fn section(input: &Input<'_>, forecast: &Forecast) -> Section {
    let lead = match input.reviews.len() {
        0 => "`govctl.yaml` plans no reviews: `reviews: [{name: …, owner: …, cadence: quarterly, last: …}]`.",
        _ => "Write the day of a review that was held as `last` into `govctl.yaml`.",
    };
    let blocks = vec![Block::Table(reviews(input)), Block::Table(owners(input, forecast))];
    let lead = lead.to_owned() + &input.left_out(", so what they cost is not among the sums");
    Section { id: "sign", title: "Owners and sign-off", lead, blocks }
}

fn reviews(input: &Input<'_>) -> Table {
    let as_of = input.survey.world.as_of;
    let heads = ["Review", "Owner", "How often", "Last", "Next", "Signed", "Day"];
    let mut table = Table::new("Reviews", &heads, "No review is planned.");
    table.rows = input
        .reviews
        .iter()
        .map(|review| {
            let (next, tone) = match review.next {
                None => ("due: never held".to_owned(), Tone::Bad),
                Some(next) if review.is_due(as_of) => (format!("due since {next}"), Tone::Bad),
                Some(next) => (next.to_string(), Tone::Plain),
            };
            vec![
                Cell::name(&review.name.value),
                Cell::name(&review.owner),
                Cell::text(&review.cadence),
                Cell::text(review.last.map_or_else(|| "never".to_owned(), |(day, _)| day.to_string())),
                Cell::text(next).tone(tone),
                Cell::text(LINE),
                Cell::text(LINE),
            ]
        })
        .collect();
    table
}

fn owners(input: &Input<'_>, forecast: &Forecast) -> Table {
    let world = input.survey.world;
    let mut owners: BTreeMap<&str, (Vec<&str>, Rational)> = BTreeMap::new();
    for use_case in &world.use_cases {
        let entry = owners.entry(&use_case.owner).or_insert_with(|| (Vec::new(), whole(0)));
        let name = use_case.name.value.as_str();
        entry.0.push(name);
        let at = forecast.lines.binary_search_by(|line| line.use_case.cmp(name));
        let line = at.ok().and_then(|at| forecast.lines.get(at));
        if let Some(serving) = line.and_then(|line| forecast.serving(line, Scenario::Baseline)) {
            add_up(&mut entry.1, &serving.usd);
        }
    }
    let heads = ["Owner", "Answers for", "Use cases#", "USD a month#", "Signed", "Day"];
    let mut table = Table::new("Owners of use cases", &heads, "No use case has an owner.");
    table.rows = owners
        .into_iter()
        .map(|(owner, (names, usd))| {
            vec![
                Cell::name(owner),
                Cell::text(some(&names, shown::REVIEW_NAMES)),
                Cell::text(names.len().to_string()),
                Cell::text(super::money::usd(&usd)),
                Cell::text(LINE),
                Cell::text(LINE),
            ]
        })
        .collect();
    table.folded_past(shown::OPEN_REACH)
}
