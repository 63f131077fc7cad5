//! What a side of `diff` says of the gate itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::compile::parts;
use crate::diff::bounds::Bounds;
use crate::diff::gate::{Planned, Rules, Silence};
use crate::model::reviews::Review;
use crate::render::fingerprint;
use crate::table::format::Table;
use crate::workspace::{Checked, Workspace};

/// The rules of a workspace.
pub(super) fn of_workspace(workspace: &Workspace, checked: &Checked) -> Rules {
    let mut silenced: BTreeMap<(String, String), Silence> = BTreeMap::new();
    for one in &checked.silenced {
        let finding = &one.finding;
        let place = workspace.sources.place(finding.primary.span);
        let path = workspace.sources.path(finding.primary.span.file).to_owned();
        let silence = Silence {
            place,
            path,
            message: finding.message.clone(),
            until: one.until,
            use_cases: finding.use_cases.iter().cloned().collect(),
        };
        // A sum that moves makes no other finding of it.
        let subject = fingerprint::without_amounts(&finding.message);
        match silenced.entry((finding.code.0.to_owned(), subject)) {
            Entry::Vacant(slot) => drop(slot.insert(silence)),
            Entry::Occupied(mut known) => known.get_mut().join(silence),
        }
    }
    let reviews = workspace.world.iter().flat_map(|world| {
        let on = |review: &Review| (review.name.value.clone(), Planned::on(review, world.as_of));
        workspace.reviews.iter().map(on).collect::<Vec<_>>()
    });
    Rules {
        levels: workspace.levels().map(|(code, level)| (code.to_owned(), level)).collect(),
        folders: workspace.config.folders.clone(),
        silenced,
        key: None,
        request: parts::request(workspace.config.request.as_ref()),
        reviews: reviews.collect(),
        bounds: workspace.world.as_ref().map(Bounds::of_world).unwrap_or_default(),
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
        bounds: Bounds::of_table(table),
    }
}
