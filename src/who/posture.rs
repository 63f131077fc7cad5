//! What every model holds on the as-of date, and for how long: the posture matrix.

use crate::model::{Date, Ending, EndingKind, Model, World};
use crate::vocabulary::DpaStatus;

/// A fact and its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The last day; none: it has none.
    pub until: Option<Date>,
    /// Days from the as-of date to it, 0 on the day itself.
    pub days_left: Option<i64>,
}

/// What a model holds.
#[derive(Debug, Clone)]
pub struct Posture {
    /// `provider/name`.
    pub model: String,
    /// `none`, `pending`, `confirmed`; none: not stated.
    pub agreement: Option<&'static str>,
    /// How long a confirmed agreement holds.
    pub agreement_held: Option<Held>,
    /// Certifications by name; none: not known whether it holds any.
    pub compliance: Option<Vec<(String, Held)>>,
    /// Certifications whose day has passed.
    pub expired: Vec<String>,
    /// When the model itself ends.
    pub retires: Option<Held>,
}

/// Every model that is not retired, by id.
pub fn all(world: &World) -> Vec<Posture> {
    let mut all: Vec<Posture> =
        world.models.iter().filter(|model| !model.retired).map(|model| one(world, model)).collect();
    all.sort_by(|a, b| a.model.cmp(&b.model));
    all
}

fn one(world: &World, model: &Model) -> Posture {
    let ends = |kind: EndingKind, name: Option<&str>| {
        let is_it = |ending: &&Ending| ending.kind == kind && name.is_none_or(|name| ending.name == name);
        let of = model.endings.iter().filter(is_it);
        let until = of.map(|ending| ending.last_day).min();
        Held { until, days_left: until.and_then(|day| days(world.as_of, day)) }
    };
    let names = model.compliance.as_ref().map(|set| world.names.sorted(set));
    let agreement = model.dpa.map(DpaStatus::name);
    let stale = model.stale.iter().filter(|ending| ending.kind == EndingKind::Certification);
    let retires = Some(ends(EndingKind::Model, None)).filter(|held| held.until.is_some());
    Posture {
        model: model.id.clone(),
        agreement_held: (agreement == Some("confirmed")).then(|| ends(EndingKind::Dpa, None)),
        agreement,
        compliance: names.map(|names| {
            names
                .into_iter()
                .map(|name| (name.clone(), ends(EndingKind::Certification, Some(&name))))
                .collect()
        }),
        expired: stale.map(|ending| ending.name.clone()).collect(),
        retires,
    }
}

/// Days from one day to another.
fn days(from: Date, to: Date) -> Option<i64> {
    Some(i64::from(from.until(to).ok()?.get_days()))
}
