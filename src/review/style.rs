//! How the page looks.

/// The style sheet of the page.
pub(super) const STYLE: &str = include_str!("style.css");
