//! Everything that can be wrong with a table that is well-formed JSON.

use std::collections::HashSet;

use super::error::LoadError;
use super::format::{FORMAT, Table, UseCase};

type Checked = Result<(), LoadError>;

fn fault(place: impl Into<String>, what: impl Into<String>) -> Checked {
    Err(LoadError::new(place, what))
}

/// Checks the whole table but its digest; the first fault.
pub(super) fn check(table: &Table) -> Checked {
    if table.format != FORMAT {
        return fault("format", format!("`{}` is not `{FORMAT}`", table.format));
    }
    date("as_of", &table.as_of)?;
    if let Some(until) = &table.valid_until {
        date("valid_until", until)?;
        if *until < table.as_of {
            return fault("valid_until", "it lies before `as_of`");
        }
    }
    for (path, digest) in &table.sources {
        hash(&format!("sources.{path}"), digest)?;
    }
    hash("digest", &table.digest)?;
    vocabulary(table)?;
    models(table)?;
    ascending("failovers", table.failovers.iter().map(|failover| failover.name.as_str()))?;
    for (at, failover) in table.failovers.iter().enumerate() {
        ascending(&format!("failovers[{at}].on"), failover.on.iter().map(String::as_str))?;
    }
    budgets(table)?;
    ascending("quotas", table.quotas.iter().map(|quota| quota.name.as_str()))?;
    ascending("proof.guarantees", table.proof.guarantees.iter().map(|guarantee| guarantee.name.as_str()))?;
    decisions(table)?;
    use_cases(table)
}

fn vocabulary(table: &Table) -> Checked {
    distinct("classifications", &table.classifications)?;
    if table.classifications.is_empty() {
        return fault("classifications", "there is none");
    }
    for (name, fact) in &table.facts {
        let place = format!("facts.{name}");
        distinct(&format!("{place}.values"), &fact.values)?;
        if !fact.values.contains(&fact.default) {
            return fault(format!("{place}.default"), format!("`{}` is none of its values", fact.default));
        }
        if ["classification", "budget.remaining"].contains(&name.as_str()) {
            return fault(place, "a fact cannot be called that");
        }
    }
    Ok(())
}

fn models(table: &Table) -> Checked {
    ascending("models", table.models.iter().map(|model| model.id.as_str()))?;
    for (at, model) in table.models.iter().enumerate() {
        let place = format!("models[{at}]");
        if model.id != format!("{}/{}", model.provider, model.name) {
            return fault(format!("{place}.id"), "it is not provider and name");
        }
        for (key, price) in [("input", &model.input_usd_per_1m), ("output", &model.output_usd_per_1m)] {
            decimal(&format!("{place}.{key}_usd_per_1m"), price, 9)?;
        }
        for (key, set) in [("regions", &model.regions), ("compliance", &model.compliance)] {
            ascending(&format!("{place}.{key}"), set.iter().flatten().map(String::as_str))?;
        }
    }
    Ok(())
}

fn budgets(table: &Table) -> Checked {
    ascending("budgets", table.budgets.iter().map(|budget| budget.name.as_str()))?;
    for (at, budget) in table.budgets.iter().enumerate() {
        let place = format!("budgets[{at}]");
        decimal(&format!("{place}.limit_usd"), &budget.limit_usd, 9)?;
        one_of(&format!("{place}.period"), &budget.period, &["day", "week", "month"])?;
        if let Some(mode) = &budget.mode {
            one_of(&format!("{place}.mode"), mode, &["chargeback", "showback"])?;
        }
        if let Some(parent) = &budget.within
            && !table.budgets.iter().any(|other| other.name == *parent)
        {
            return fault(format!("{place}.within"), format!("there is no budget `{parent}`"));
        }
        for (step, action) in budget.at.iter().enumerate() {
            let place = format!("{place}.at[{step}]");
            one_of(&format!("{place}.action"), &action.action, &["notify", "throttle", "queue", "block"])?;
            percent(&format!("{place}.used"), &action.used)?;
        }
    }
    Ok(())
}

fn decisions(table: &Table) -> Checked {
    for (at, decision) in table.decisions.iter().enumerate() {
        let place = format!("decisions[{at}]");
        let mut met = HashSet::new();
        for (position, target) in decision.targets.iter().enumerate() {
            let place = format!("{place}.targets[{position}]");
            index(&format!("{place}.model"), target.model, table.models.len())?;
            if !met.insert(target.model) {
                return fault(format!("{place}.model"), "the same model is a target twice");
            }
            if target.cost_multiplier != "inf" {
                decimal(&format!("{place}.cost_multiplier"), &target.cost_multiplier, 4)?;
            }
            ascending(&format!("{place}.regions"), target.regions.iter().flatten().map(String::as_str))?;
        }
        if let Some(failover) = decision.failover {
            index(&format!("{place}.failover"), failover, table.failovers.len())?;
        }
        ascending(&format!("{place}.rules"), decision.rules.iter().map(String::as_str))?;
        for (key, indices, size) in [
            ("budgets", &decision.budgets, table.budgets.len()),
            ("quotas", &decision.quotas, table.quotas.len()),
        ] {
            for (position, one) in indices.iter().enumerate() {
                index(&format!("{place}.{key}[{position}]"), *one, size)?;
            }
            ascending(&format!("{place}.{key}"), indices.iter())?;
        }
        if let Some(audit) = &decision.audit {
            ascending(&format!("{place}.audit.mask"), audit.mask.iter().map(String::as_str))?;
            ascending(&format!("{place}.audit.owners"), audit.owners.iter().map(String::as_str))?;
        }
    }
    Ok(())
}

fn use_cases(table: &Table) -> Checked {
    ascending("use_cases", table.use_cases.iter().map(|use_case| use_case.name.as_str()))?;
    let mut names: HashSet<&str> = table.use_cases.iter().map(|use_case| use_case.name.as_str()).collect();
    let mut first_needed = 0;
    for (at, use_case) in table.use_cases.iter().enumerate() {
        let place = format!("use_cases[{at}]");
        if let Some(tag) = &use_case.endpoint_tag
            && *tag != use_case.name
            && !names.insert(tag)
        {
            return fault(format!("{place}.endpoint_tag"), format!("`{tag}` means another use case too"));
        }
        let Some(level) = table.classifications.iter().position(|known| *known == use_case.classification)
        else {
            let what = format!("`{}` is no classification", use_case.classification);
            return fault(format!("{place}.classification"), what);
        };
        let size = axes(table, use_case, level, &place)?;
        if use_case.cells.len() != size {
            let what = format!("there are {} cells where the axes make {size}", use_case.cells.len());
            return fault(format!("{place}.cells"), what);
        }
        for (position, cell) in use_case.cells.iter().enumerate() {
            let place = format!("{place}.cells[{position}]");
            index(&place, *cell, table.decisions.len())?;
            match (*cell).cmp(&first_needed) {
                std::cmp::Ordering::Greater => {
                    return fault(place, "decisions are not in the order of their first use");
                }
                std::cmp::Ordering::Equal => first_needed += 1,
                std::cmp::Ordering::Less => {}
            }
        }
    }
    if first_needed != table.decisions.len() {
        return fault(format!("decisions[{first_needed}]"), "no cell needs it");
    }
    Ok(())
}

/// Checks the axes of a use case and says how many cells they make.
fn axes(table: &Table, use_case: &UseCase, level: usize, place: &str) -> Result<usize, LoadError> {
    let mut size = 1usize;
    let mut before: Option<(u8, &str)> = None;
    for (position, axis) in use_case.axes.iter().enumerate() {
        let place = format!("{place}.axes[{position}]");
        let rank = match axis.fact.as_str() {
            "classification" => 0,
            "budget.remaining" => 1,
            _ => 2,
        };
        if before.is_some_and(|before| before >= (rank, &axis.fact)) {
            return Err(LoadError::new(place, "the axes are not in order"));
        }
        before = Some((rank, &axis.fact));
        let positions = match (rank, &axis.values, &axis.cuts) {
            (1, None, Some(cuts)) => {
                let mut last: Option<Cut> = None;
                for (at, cut) in cuts.iter().enumerate() {
                    let place = format!("{place}.cuts[{at}]");
                    let parsed = Cut::parse(cut)
                        .ok_or_else(|| LoadError::new(&place, format!("`{cut}` is no cut")))?;
                    if last.as_ref().is_some_and(|last| *last >= parsed) {
                        return Err(LoadError::new(place, "the cuts do not ascend"));
                    }
                    last = Some(parsed);
                }
                cuts.len() + 1
            }
            (0, Some(values), None) => {
                let expected = table.classifications.get(level..).unwrap_or_default();
                if values != expected {
                    return Err(LoadError::new(
                        place,
                        "its values are not the classifications from the use case's own up",
                    ));
                }
                values.len()
            }
            (2, Some(values), None) => {
                let fact = table.facts.get(&axis.fact);
                if fact.is_none_or(|fact| fact.values != *values) {
                    return Err(LoadError::new(
                        place,
                        format!("`{}` is no fact with these values", axis.fact),
                    ));
                }
                values.len()
            }
            _ => return Err(LoadError::new(place, "it needs `values`, or `cuts` for `budget.remaining`")),
        };
        size = size
            .checked_mul(positions)
            .ok_or_else(|| LoadError::new(place, "the axes make too many cells"))?;
    }
    Ok(size)
}

/// A condition on `budget.remaining`, ordered by what satisfies it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// The percent.
    pub(super) percent: Percent,
    /// `<=` rather than `<`.
    pub(super) inclusive: bool,
}

impl Cut {
    /// `<20%` or `<=20.5%`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('<')?;
        let (inclusive, rest) = rest.strip_prefix('=').map_or((false, rest), |rest| (true, rest));
        Some(Self { percent: Percent::parse(rest.strip_suffix('%')?)?, inclusive })
    }

    /// Whether a percent satisfies it.
    pub(super) fn holds(&self, percent: Percent) -> bool {
        percent < self.percent || (self.inclusive && percent == self.percent)
    }
}

/// A share between 0% and 100%, exact to 30 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Percent(u128);

const PERCENT_DECIMALS: usize = 30;

impl Percent {
    /// 100%.
    pub(super) const ALL: Percent = Percent(100 * 10u128.pow(30));

    /// A decimal such as `20` or `12.5`; more than 100 is clamped, more than 30 decimals are not read.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > PERCENT_DECIMALS {
            return None;
        }
        let whole = whole.parse::<u128>().unwrap_or(u128::MAX).min(100);
        let mut scaled = whole * 10u128.pow(30);
        let mut unit = 10u128.pow(29);
        for digit in fraction.bytes() {
            scaled += u128::from(digit - b'0') * unit;
            unit /= 10;
        }
        Some(Self(scaled.min(Self::ALL.0)))
    }
}

fn index(place: &str, index: usize, size: usize) -> Checked {
    if index < size { Ok(()) } else { fault(place, format!("{index} is past the last of {size}")) }
}

fn ascending<T: PartialOrd>(place: &str, items: impl Iterator<Item = T>) -> Checked {
    let mut last: Option<T> = None;
    for (at, item) in items.enumerate() {
        if last.as_ref().is_some_and(|last| *last >= item) {
            return fault(format!("{place}[{at}]"), "it is out of order or stands twice");
        }
        last = Some(item);
    }
    Ok(())
}

fn distinct(place: &str, names: &[String]) -> Checked {
    let mut seen = HashSet::new();
    match names.iter().position(|name| !seen.insert(name)) {
        Some(at) => fault(format!("{place}[{at}]"), "it stands twice"),
        None => Ok(()),
    }
}

fn one_of(place: &str, value: &str, known: &[&str]) -> Checked {
    if known.contains(&value) { Ok(()) } else { fault(place, format!("`{value}` is not known")) }
}

fn hash(place: &str, text: &str) -> Checked {
    let digits = text.strip_prefix("sha256:").unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() == 64 && digits.bytes().all(hex) { Ok(()) } else { fault(place, "it is no SHA-256") }
}

/// A decimal with at most so many decimals and no trailing zeros.
fn decimal(place: &str, text: &str, decimals: usize) -> Checked {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical =
        (whole == "0" || !whole.starts_with('0')) && (!text.contains('.') || !text.ends_with('0'));
    if digits(whole) && digits(fraction) && fraction.len() <= decimals && canonical {
        Ok(())
    } else {
        fault(place, format!("`{text}` is no decimal of at most {decimals} decimals"))
    }
}

fn percent(place: &str, text: &str) -> Checked {
    let digits = text.strip_suffix('%').unwrap_or_default();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if number(whole) && number(fraction) { Ok(()) } else { fault(place, format!("`{text}` is no percent")) }
}

/// A real day, `YYYY-MM-DD`.
pub(super) fn date(place: &str, text: &str) -> Checked {
    if is_date(text) { Ok(()) } else { fault(place, format!("`{text}` is no day")) }
}

pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    shaped && digits && (1..=days).contains(&day)
}
