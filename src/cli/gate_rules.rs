//! What a side of `diff` says of the gate itself.

use std::collections::BTreeMap;

use crate::compile::parts;
use crate::diff::gate::{Planned, Rules};
use crate::model::reviews::Review;
use crate::table::format::Table;
use crate::workspace::{Checked, Workspace};

/// The rules of a workspace.
pub(super) fn of_workspace(workspace: &Workspace, checked: &Checked) -> Rules {
    let silenced = checked.silenced.iter().map(|silenced| {
        let finding = &silenced.finding;
        let place = workspace.sources.place(finding.primary.span);
        ((finding.code.0.to_owned(), finding.message.clone()), place)
    });
    let reviews = workspace.world.iter().flat_map(|world| {
        let on = |review: &Review| (review.name.value.clone(), Planned::on(review, world.as_of));
        workspace.reviews.iter().map(on).collect::<Vec<_>>()
    });
    Rules {
        levels: workspace.levels().map(|(code, level)| (code.to_owned(), level)).collect(),
        folders: workspace.config.folders.clone(),
        silenced: silenced.collect(),
        key: None,
        request: parts::request(workspace.config.request.as_ref()),
        reviews: reviews.collect(),
    }
}

/// The rules of a table, and who signed it.
pub(super) fn of_table(table: &Table, key: Option<String>) -> Rules {
    Rules {
        key,
        levels: BTreeMap::new(),
        folders: Vec::new(),
        silenced: BTreeMap::new(),
        request: table.request.clone(),
        reviews: BTreeMap::new(),
    }
}
