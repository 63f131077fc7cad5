//! What the registry states and no longer holds.

use crate::decide::survey::Survey;
use crate::model::{Ending, EndingKind};

/// What has passed its date, with the provider or model that it is written on.
pub(super) fn stale<'a>(survey: &'a Survey, kind: EndingKind) -> Vec<(&'a str, &'a Ending)> {
    let providers =
        survey.world.providers.iter().map(|provider| (provider.name.value.as_str(), &provider.stale));
    let models = survey.world.models.iter().map(|model| (model.id.as_str(), &model.stale));
    let all =
        providers.chain(models).flat_map(|(owner, stale)| stale.iter().map(move |ending| (owner, ending)));
    all.filter(|(_, ending)| ending.kind == kind).collect()
}
