//! What a request states of what promises read, as it is written beside other promises.

use crate::decide::engine::{Bindings, Known, Members};
use crate::diff::conditions;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::{UseCase, World};
use crate::number::exact;

/// What a request states of one attribute.
pub(super) enum Stated<'a> {
    Nothing,
    One(Known<'a>),
    Several(Members<'a>),
}

impl<'a> Stated<'a> {
    pub(super) fn of(request: Bindings<'a>, read: RequestAttribute) -> Self {
        let attribute = Attribute::Request(read);
        let several = || request.set(attribute).map(Self::Several);
        request.read(attribute).map(Self::One).or_else(several).unwrap_or(Self::Nothing)
    }

    /// The same as one text.
    pub(super) fn words(&self, world: &World) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::One(Known::Number(number)) => exact(number),
            Self::One(Known::Level(level)) => level.name(&world.classifications).to_owned(),
            Self::One(Known::Name(symbol)) => conditions::quoted(world.names.name(*symbol)),
            Self::One(Known::Flag(flag)) => flag.to_string(),
            Self::Several(Members::Every) => "everywhere".to_owned(),
            Self::Several(Members::Of(set)) => {
                let names = world.names.sorted(set);
                names.iter().map(|name| conditions::quoted(name)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// What a request states of some attributes, as one text.
pub(super) fn values(
    world: &World,
    request: Bindings,
    reads: impl IntoIterator<Item = RequestAttribute>,
) -> String {
    let values = reads.into_iter().map(|read| Stated::of(request, read).words(world));
    values.collect::<Vec<String>>().join("\u{1f}")
}

/// Everything that promises may read of a use case, as one text.
pub(super) fn stated_by(world: &World, use_case: &UseCase) -> String {
    let all = RequestAttribute::ALL.iter().copied().filter(|read| read.axis().is_none());
    let values = values(world, Bindings::of(world, use_case), all);
    format!("{}\u{1f}{values}", &world.classifications[use_case.classification])
}
