//! The kinds of change, each with its mirror: what it is called when the sides change places.

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The use case is new.
    Added,
    /// The use case is gone.
    Removed,
    /// Another model serves first.
    Primary,
    /// Other models stand after the primary.
    Failover,
    /// Something else happens when no target is up.
    Terminal,
    /// Notifications, triggers, budgets, quotas, audit, tags, actions, pinned regions, settings.
    Obligations,
    /// A model that serves on both sides costs otherwise.
    Cost,
    /// More is reachable than before: a provider, a region, a jurisdiction, a longer retention, fewer certifications.
    Widened,
    /// Less is reachable than before.
    Narrowed,
    /// No model is left.
    Unroutable,
    /// There was no model, and now there is.
    Routable,
}

impl Kind {
    /// All, in the order in which machine-readable output lists them.
    pub const ALL: [Kind; 11] = [
        Self::Added,
        Self::Removed,
        Self::Primary,
        Self::Failover,
        Self::Terminal,
        Self::Obligations,
        Self::Cost,
        Self::Widened,
        Self::Narrowed,
        Self::Unroutable,
        Self::Routable,
    ];

    /// All, what is to be feared most first.
    pub const BY_RISK: [Kind; 11] = [
        Self::Widened,
        Self::Unroutable,
        Self::Removed,
        Self::Primary,
        Self::Failover,
        Self::Terminal,
        Self::Obligations,
        Self::Cost,
        Self::Narrowed,
        Self::Routable,
        Self::Added,
    ];

    /// As JSON and `--deny` have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Primary => "primary",
            Self::Failover => "failover",
            Self::Terminal => "terminal",
            Self::Obligations => "obligations",
            Self::Cost => "cost",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Unroutable => "unroutable",
            Self::Routable => "routable",
        }
    }

    /// What the same change is called when it is undone.
    #[must_use]
    pub fn mirror(self) -> Self {
        match self {
            Self::Added => Self::Removed,
            Self::Removed => Self::Added,
            Self::Widened => Self::Narrowed,
            Self::Narrowed => Self::Widened,
            Self::Unroutable => Self::Routable,
            Self::Routable => Self::Unroutable,
            Self::Primary | Self::Failover | Self::Terminal | Self::Obligations | Self::Cost => self,
        }
    }

    /// Whether this kind cannot show where another one does, so that it is hidden there and not undone.
    pub fn gives_way_to(self, other: Self) -> bool {
        use Kind::{Added, Cost, Failover, Obligations, Primary, Removed, Routable, Unroutable};
        match other {
            Added | Removed => true,
            Unroutable | Routable => !matches!(self, Added | Removed),
            Primary => matches!(self, Failover | Cost | Obligations),
            Failover => matches!(self, Cost | Obligations),
            _ => false,
        }
    }

    /// Its place in [`Kind::BY_RISK`].
    pub fn risk(self) -> usize {
        Self::BY_RISK.iter().position(|kind| *kind == self).unwrap_or(Self::BY_RISK.len())
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds(u16);

impl Kinds {
    /// Adds a kind where a condition holds.
    pub fn set(&mut self, kind: Kind, holds: bool) {
        if holds {
            self.0 |= 1 << (kind as u16);
        }
    }

    /// Whether a kind is in it.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << (kind as u16)) != 0
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in it, in the order of [`Kind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}
