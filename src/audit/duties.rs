//! What an event owes besides its route: tags, prompt version, lineage, masking, retention.

use super::{Case, Kind, Wrong, cut};
use crate::event::{Event, Field};
use crate::render::human::thousands;
use crate::table::Decision;
use crate::table::format::Audit;

/// Words of the names of production environments.
pub const PRODUCTION: [&str; 4] = ["prod", "production", "prd", "live"];

/// Words of the names of real data.
pub const REAL: [&str; 5] = ["real", "prod", "production", "prd", "live"];

/// Words by which a name means something else.
pub const NOT: [&str; 5] = ["non", "not", "no", "pre", "like"];

/// Kinds of data that are masked wherever users are to be hashed.
const PERSONAL: [&str; 2] = ["pii", "user"];

/// What a hashed user begins with, before 64 hexadecimal digits.
const HASH: &str = "hmac-sha256:";

impl Case<'_> {
    pub(super) fn duties(&self, decision: &Decision<'_>, wrong: &mut Wrong<'_>) {
        self.tags(decision, wrong);
        if self.lacks(Field::PromptVersion) {
            wrong(Kind::MissingPromptVersion, &|| "`prompt_version` is missing".to_owned());
        }
        if let Some(audit) = decision.audit() {
            self.audit(audit, wrong);
        }
    }

    fn tags(&self, decision: &Decision<'_>, wrong: &mut Wrong<'_>) {
        let Some(use_case) = decision.use_case() else { return };
        if let (Some(name), Some(tag)) =
            (self.event.text(Field::UseCase), self.event.text(Field::EndpointTag))
        {
            let is_its =
                [Some(use_case.name.as_str()), use_case.endpoint_tag.as_deref()].contains(&Some(tag));
            if !is_its {
                wrong(Kind::WrongTag, &|| {
                    format!("`{}` is not an endpoint tag of `{}`", cut(tag), cut(name))
                });
            }
        }
        let attribution = self.known.table.table().attribution.as_ref();
        for dimension in attribution.into_iter().flat_map(|attribution| &attribution.require) {
            if !has_dimension(self.event, dimension) && can_state(self, dimension) {
                wrong(Kind::MissingTag, &|| format!("`{dimension}` is missing"));
            }
        }
        for (dimension, value) in decision.tags() {
            let said = Field::of(dimension).filter(|field| *field != Field::UseCase);
            if let Some(said) = said.and_then(|field| self.event.text(field)).filter(|said| said != value) {
                wrong(Kind::WrongTag, &|| {
                    format!("`{dimension}` is `{}`, and that of `{}` is `{value}`", cut(said), use_case.name)
                });
            }
        }
    }

    fn audit(&self, audit: &Audit, wrong: &mut Wrong<'_>) {
        if audit.lineage
            && self.states.has(Field::Sources)
            && self.event.list(Field::Sources).iter().all(|one| one.trim().is_empty())
        {
            wrong(Kind::MissingLineage, &|| "`sources` is missing".to_owned());
        }
        self.masked(audit, wrong);
        let (Some(asked), true) = (audit.retain_days, self.states.has(Field::RetainDays)) else { return };
        match self.event.count(Field::RetainDays) {
            Some(said) if said >= asked => {}
            Some(said) => {
                wrong(Kind::MissingRetention, &|| {
                    format!("retained for {} days; {} required", thousands(said), thousands(asked))
                });
            }
            None => {
                wrong(Kind::MissingRetention, &|| {
                    format!("`retain_days` is missing; {} required", thousands(asked))
                });
            }
        }
    }

    /// What is not said to be masked is taken to stand there.
    fn masked(&self, audit: &Audit, wrong: &mut Wrong<'_>) {
        let (clear, masked) = (self.event.list(Field::Data), self.event.list(Field::Masked));
        for kind in &audit.mask {
            if clear.iter().any(|one| one == kind) {
                wrong(Kind::MaskedData, &|| format!("`{kind}` stands in it in clear"));
            } else if self.event.has(Field::Content) && !masked.iter().any(|one| one == kind) {
                wrong(Kind::MaskedData, &|| {
                    format!("it holds prompt or answer, and nothing says that `{kind}` was masked")
                });
            }
        }
        let is_personal = audit.mask.iter().any(|kind| PERSONAL.contains(&kind.as_str()));
        if let Some(user) = self.event.text(Field::User).filter(|user| is_personal && !is_hashed(user)) {
            // The message is an output of ours: the user does not stand in it either.
            wrong(Kind::RawUser, &|| {
                format!(
                    "`user` has {} characters and is not `{HASH}` and 64 hex digits",
                    user.chars().count()
                )
            });
        }
    }
}

fn is_hashed(user: &str) -> bool {
    let digits = user.strip_prefix(HASH).unwrap_or_default();
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The fields that state a dimension: any of them is enough.
fn fields(dimension: &str) -> &'static [Field] {
    match dimension {
        "use_case" => &[Field::UseCase, Field::EndpointTag],
        "provider" => &[Field::Provider, Field::Route],
        "model" => &[Field::ResponseModel, Field::RequestModel, Field::Route],
        "business_unit" => &[Field::BusinessUnit],
        "team" => &[Field::Team],
        "project" => &[Field::Project],
        "user" => &[Field::User],
        "application" => &[Field::Application],
        _ => &[],
    }
}

fn has_dimension(event: &Event<'_>, dimension: &str) -> bool {
    // Where no model was asked there is none to name.
    let is_of_model = ["provider", "model"].contains(&dimension) && !event.is_served();
    is_of_model || fields(dimension).iter().any(|field| event.text(*field).is_some())
}

fn can_state(case: &Case<'_>, dimension: &str) -> bool {
    fields(dimension).iter().any(|field| case.states.has(*field))
}

/// Test data where real requests are served.
pub(super) fn test_in_production(event: &Event<'_>, wrong: &mut Wrong<'_>) {
    let (Some(mode), Some(environment)) = (event.text(Field::DataMode), event.text(Field::Environment))
    else {
        return;
    };
    if !is_called(mode, &REAL) && is_called(environment, &PRODUCTION) {
        wrong(Kind::TestInProduction, &|| format!("`{}` data in `{}`", cut(mode), cut(environment)));
    }
}

/// Whether a name has one of some words, and none by which it means something else: `prod-eu-1`, and not `pre-prod`.
fn is_called(name: &str, of: &[&str]) -> bool {
    let is_one = |word: &str, of: &[&str]| of.iter().any(|known| word.eq_ignore_ascii_case(known));
    let words = || {
        name.split(['-', '_', '.', '/', ' ']).map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
    };
    words().any(|word| is_one(word, of)) && !words().any(|word| is_one(word, &NOT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_their_words() {
        for name in ["prod", "PROD", "prod ", "prd", "prod-eu", "production-eu-1", "eu/prod2", "live_eu.west"]
        {
            assert!(is_called(name, &PRODUCTION), "{name}");
        }
        for name in
            ["", "non-prod", "pre-production", "not_live", "prod-like", "staging", "products", "preprod"]
        {
            assert!(!is_called(name, &PRODUCTION), "{name}");
        }
        assert!(is_called("real ", &REAL) && is_called("real-users", &REAL));
        assert!(!is_called("test", &REAL) && !is_called("production-like", &REAL));
    }
}
