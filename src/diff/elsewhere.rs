//! Names that lead to another use case now: what a request by such a name gets, before and after.

use super::change::Compared;
use super::comparison::Comparing;
use super::extent::Extent;
use super::grid::Part;
use super::money::{Money, Parts};
use super::sides::{Case, Side};
use super::{Change, Diff, endpoints, fingerprint};

impl Diff {
    /// Hears which models of a use case are worse than they were.
    pub(super) fn worse(&mut self, (use_case, asked_as): (&str, Option<&str>), compared: &Compared) {
        let Extent { worse, worse_bound, .. } = &compared.extent;
        if !worse.is_empty() {
            let whom = (use_case.to_owned(), asked_as.map(str::to_owned));
            self.worse.push(endpoints::Case { whom, worse: worse.clone(), bound: worse_bound.clone() });
        }
    }

    /// Compares what a request by one name gets where the name leads to another use case now.
    pub(super) fn led_elsewhere<'a>(
        &mut self,
        comparing: &mut Comparing<'a>,
        old: (&'a Side, &'a Case),
        new: (&'a Side, &'a Case),
        (asked_as, before, after): (&str, &str, &str),
    ) {
        let (old_part, new_part) = (Part { side: old.0, case: old.1 }, Part { side: new.0, case: new.1 });
        let both = comparing.both(old_part, new_part, false);
        let Some(((compared, usual), losses)) = both.zip(comparing.unheld(old_part, new_part)) else {
            self.left_out.push((after.to_owned(), "both sides together have too many contexts"));
            return;
        };
        self.worse((after, Some(asked_as)), &compared);
        self.unheld((after, Some(asked_as)), &losses);
        if compared.details.is_empty() {
            return;
        }
        let name = format!("{after} as {asked_as}");
        self.changes.push(Change {
            use_case: after.to_owned(),
            renamed_from: Some(before.to_owned()),
            asked_as: Some(asked_as.to_owned()),
            owner: new.1.owner.clone().or_else(|| old.1.owner.clone()),
            team: new.1.team().or_else(|| old.1.team()).map(str::to_owned),
            fingerprint: fingerprint::fingerprint(&name, &compared),
            parts: Parts::between(
                comparing.lens.store,
                ((old.0, Some(old.1)), usual.0),
                ((new.0, Some(new.1)), usual.1),
                &self.names,
            ),
            compared,
            money: Money::default(),
            spent: None,
            causes: Vec::new(),
            accepted: None,
        });
    }
}
