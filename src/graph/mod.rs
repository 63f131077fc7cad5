//! The failover graph: models by provider, what leads from one to the next, and what cuts it.
//!
//! [`build`] makes it from decisions; [`dot`], [`mermaid`] and [`svg`] write it, one file a format.

pub mod build;
pub mod dot;
pub mod layout;
mod links;
pub mod mermaid;
mod reason;
pub mod svg;
mod told;
mod walk;

/// A failover graph, ready to be written: every text is plain, each writer escapes for its own format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// What it shows.
    pub title: String,
    /// What there is to say of it, line by line.
    pub subtitle: Vec<String>,
    /// Providers with a model in it, by name.
    pub providers: Vec<String>,
    /// Models, by provider and name.
    pub nodes: Vec<Node>,
    /// Links, by the models that they join.
    pub links: Vec<Link>,
}

/// A model as the picture shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Index into [`Graph::providers`].
    pub provider: usize,
    /// Its name, without the provider.
    pub name: String,
    /// Its price and its ceiling.
    pub lines: Vec<String>,
    /// What it is in what is shown.
    pub role: Role,
    /// The role in words: `primary`, `target 2`, what keeps it out; empty where there is nothing to say.
    pub mark: String,
    /// Everything there is to say, for a reader who points at it.
    pub hint: String,
}

/// What a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The first that is asked, for some use case shown.
    Primary,
    /// Asked when what stands before it fails.
    Target,
    /// May serve, but nothing leads to it.
    Bystander,
    /// May not serve.
    Out,
    /// Would serve and is assumed to be down.
    Down,
}

/// What leads from one model to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Index into [`Graph::nodes`].
    pub from: usize,
    /// Index into [`Graph::nodes`].
    pub to: usize,
    /// What becomes of it.
    pub state: LinkState,
    /// What stands at it, line by line; of a cut link the reasons.
    pub label: Vec<String>,
    /// Everything there is to say, for a reader who points at it.
    pub hint: String,
}

/// What becomes of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkState {
    /// Requests go over it.
    Live,
    /// A gate, a rule, a `match` or an `above … block` keeps requests from it.
    Cut,
    /// It is written, and no use case shown reaches it.
    Idle,
}
