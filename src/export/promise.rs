//! What a table promises, and how far an export keeps it.

use serde::Serialize;

use crate::table::format::Trigger;

/// How an export keeps a promise, weakest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The gateway enforces it from this configuration.
    Native,
    /// Our hook inside the gateway enforces it.
    Hook,
    /// It cannot happen in what is generated.
    ByConstruction,
    /// It holds only if whoever calls chooses the named route.
    ByCaller,
    /// It does not hold.
    Lost,
}

impl Level {
    /// Whether `--require-faithful` takes it.
    pub fn is_faithful(self) -> bool {
        matches!(self, Self::Native | Self::Hook | Self::ByConstruction)
    }

    /// Its name in `export.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Hook => "hook",
            Self::ByConstruction => "by-construction",
            Self::ByCaller => "by-caller",
            Self::Lost => "lost",
        }
    }
}

/// A promise's name and what it means.
type Promise = (&'static str, &'static str);

/// Everything that a table promises, in the order in which exports list it.
pub const PROMISES: [Promise; BEFORE.len() + Trigger::ALL.len() + AFTER.len()] = {
    let mut all = [("", ""); BEFORE.len() + Trigger::ALL.len() + AFTER.len()];
    let (before, rest) = all.split_at_mut(BEFORE.len());
    let (triggers, after) = rest.split_at_mut(Trigger::ALL.len());
    before.copy_from_slice(&BEFORE);
    after.copy_from_slice(&AFTER);
    let mut of = Trigger::ALL.as_slice();
    let mut places = triggers;
    while let (Some((trigger, more)), Some((place, rest))) = (of.split_first(), places.split_first_mut()) {
        *place = of_trigger(*trigger);
        (of, places) = (more, rest);
    }
    all
};

/// That a trigger leads to its path.
const fn of_trigger(trigger: Trigger) -> Promise {
    match trigger {
        Trigger::RateLimited => ("trigger:rate-limited", "a rate limit leads to its path"),
        Trigger::ServerError => ("trigger:server-error", "a server error leads to its path"),
        Trigger::Timeout => ("trigger:timeout", "a timeout leads to its path"),
        Trigger::Unavailable => {
            ("trigger:unavailable", "an endpoint that cannot be reached leads to its path")
        }
        Trigger::ContentFiltered => ("trigger:content-filtered", "a filtered prompt leads to its path"),
        Trigger::ContextExceeded => ("trigger:context-exceeded", "a prompt too long leads to its path"),
        Trigger::OutOfCredit => ("trigger:out-of-credit", "an exhausted account leads to its path"),
        Trigger::Unauthorized => ("trigger:unauthorized", "a refused credential leads to its path"),
    }
}

/// What stands before the triggers.
const BEFORE: [Promise; 8] = [
    ("use-case", "a request is decided by its own use case"),
    ("unknown-names", "what the table does not know is refused"),
    ("credentials", "attributes of the credentials are stated by credentials alone"),
    ("caller", "a caller has no way to choose a model or a provider"),
    ("classification", "a higher classification changes the decision, a lower one does not"),
    ("facts", "facts change the decision as the policy says"),
    ("budget-bands", "remaining shares of budgets change the decision as the policy says"),
    ("order", "targets are tried in the order of the path"),
];

/// What stands behind them.
const AFTER: [Promise; 24] = [
    ("no-other-walk", "nothing but a trigger of the path leads to another target"),
    ("retries", "the same endpoint is tried again as often as the path says"),
    ("cooldown", "an endpoint that failed rests as long as the path says"),
    ("action:notify", "a dear target notifies"),
    ("action:throttle", "a dear target is throttled"),
    ("action:confirm", "a dear target waits for a confirmation"),
    ("terminal:queue", "the terminal `queue` is answered as such"),
    ("terminal:degrade", "the terminal `degrade` is answered as such"),
    ("terminal:block", "the terminal `block` is answered as such"),
    ("answers", "refusals and terminals have the status and the body that callers expect"),
    ("headers", "every answer names table, decision, route and hop"),
    ("regions", "a request is processed in the regions of its decision"),
    ("profile", "requests carry the target's settings"),
    ("tags", "requests are attributed"),
    ("log", "decisions and failovers are logged"),
    ("notify", "a failover notifies"),
    ("budgets", "spending is counted and limits act"),
    ("quotas", "requests and tokens are counted and limits act"),
    ("quota-then", "a quota that is used up does what it says"),
    ("audit", "records are kept and masked"),
    ("streams", "streams pass piece by piece, and fail over before their first byte only"),
    ("hot-swap", "a new table replaces the old one without a lost request"),
    ("valid-until", "a table past its last day is refused"),
    ("signature", "an unsigned table is refused"),
];

/// One promise in one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// One of [`PROMISES`].
    pub promise: &'static str,
    /// How it is kept.
    pub level: Level,
    /// Why so, in a sentence.
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trigger_is_promised_in_the_order_of_the_grammar() {
        let promised = PROMISES.iter().filter_map(|(name, _)| name.strip_prefix("trigger:"));
        assert_eq!(promised.collect::<Vec<_>>(), Trigger::ALL.map(Trigger::name));
    }
}
