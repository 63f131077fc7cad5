//! What a side of `diff` says of the gate itself.

use std::collections::BTreeMap;

use crate::compile::parts;
use crate::diff::gate::Rules;
use crate::table::format::{Model, Table};
use crate::workspace::{Checked, Workspace};

/// The rules of a workspace.
pub(super) fn of_workspace(workspace: &Workspace, checked: &Checked) -> Rules {
    let silenced = checked.silenced.iter().map(|silenced| {
        let finding = &silenced.finding;
        let place = workspace.sources.place(finding.primary.span);
        ((finding.code.0.to_owned(), finding.message.clone()), place)
    });
    let models = workspace.world.iter().flat_map(|world| {
        world.models.iter().filter_map(|model| Some((model.id.clone(), parts::address(model)?)))
    });
    Rules {
        levels: workspace.levels().map(|(code, level)| (code.to_owned(), level)).collect(),
        folders: workspace.config.folders.clone(),
        silenced: silenced.collect(),
        key: None,
        request: parts::request(workspace.config.request.as_ref()),
        addresses: models.collect(),
    }
}

/// The rules of a table, and who signed it.
pub(super) fn of_table(table: &Table, key: Option<String>) -> Rules {
    let address =
        |model: &Model| Some((model.id.clone(), model.endpoint.get("base_url")?.as_str()?.to_owned()));
    Rules {
        key,
        levels: BTreeMap::new(),
        folders: Vec::new(),
        silenced: BTreeMap::new(),
        request: table.request.clone(),
        addresses: table.models.iter().filter_map(address).collect(),
    }
}
