//! Quantities as people write them, and what to write here instead: `20k USD/month` is `20000 usd per month`.

mod read;

pub use read::read;

use num_traits::{One, Zero};

use crate::number::{self, Rational, SECONDS_PER_DAY, whole};

/// What a place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A percent of at most 100%.
    Percent,
    /// A percent of any size.
    Growth,
    /// `2x`.
    Multiplier,
    /// A length of time; what a bare number is taken for.
    Duration(Bare),
    /// `2 usd per 1m tokens`.
    Rate,
    /// `500 usd per month`.
    Budget,
    /// `600 requests per minute`.
    Quota,
    /// `2 hops`.
    Hops,
    /// `2 times`.
    Times,
    /// A plain number.
    Number,
    /// A whole number in YAML, of milliseconds.
    Milliseconds,
    /// A retention in YAML: `30-days`, `zero-retention`.
    Days,
    /// A number of targets, providers or failure domains of a chain.
    Targets,
    /// A whole number in YAML, of requests or tokens.
    Count,
    /// The same, for a minute.
    Rpm,
    /// A number in YAML, of US dollars or anything else.
    Amount,
}

/// The unit that a number without one is taken to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    /// Milliseconds; below a hundred, seconds.
    Latency,
    /// `cooldown 30`: in seconds.
    Seconds,
    /// `queue for 15`: in minutes.
    Minutes,
    /// `retention: 30`: in days.
    Days,
    /// Years; from thirty on, days.
    Keeping,
}

/// A number with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The number, with `k` and the like multiplied in.
    pub value: Rational,
    /// In which the number is to be read.
    pub unit: Unit,
    /// What it is per.
    pub per: Option<Per>,
}

/// What a number is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// None is written.
    Bare,
    /// `20%`.
    Percent,
    /// Times: `2x`.
    Times,
    /// US dollars.
    Usd,
    /// Another currency.
    Currency,
    /// Time, by the word of the language and its seconds.
    Time(&'static str, Rational),
    /// `600 requests`.
    Requests,
    /// `1m tokens`.
    Tokens,
    /// `2 hops`.
    Hops,
}

/// What a quantity is per.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Per {
    /// A stretch of time, by its word.
    Time(&'static str),
    /// So many tokens.
    Tokens(Rational),
}

impl Wanted {
    /// What an attribute of a condition is compared with; none where it is a name, a set or a boolean.
    pub fn of_attribute(name: &str) -> Option<Self> {
        Some(match name.rsplit('.').next().unwrap_or_default() {
            name if super::elsewhere::is_percent(name) => Self::Percent,
            "max_cost_multiplier" => Self::Multiplier,
            "latency_p50" | "latency_p95" | "latency_sla" => Self::Duration(Bare::Latency),
            "retention" | "retention_max" => Self::Duration(Bare::Days),
            "retain" => Self::Duration(Bare::Keeping),
            "cost" | "input_cost" | "output_cost" => Self::Rate,
            "context_window" | "min_context" => Self::Number,
            "length" | "providers" | "failure_domains" => Self::Targets,
            _ => return None,
        })
    }

    /// What the value of a YAML key is; none where it is no quantity.
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "availability" | "availability_target" | "batch_discount" | "long_prompts" => Self::Percent,
            "overhead" => Self::Growth,
            "data_retention" | "retention_max" => Self::Days,
            key if key.ends_with("_ms") => Self::Milliseconds,
            "context_window"
            | "min_context"
            | "requests"
            | "input_tokens"
            | "output_tokens"
            | "cached_input_tokens"
            | "above_tokens"
            | "max_output_tokens" => Self::Count,
            key if key.ends_with("_per_minute") => Self::Rpm,
            _ => Self::Amount,
        })
    }

    /// What it is, for messages.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Percent | Self::Growth => "a percent",
            Self::Multiplier => "a multiplier",
            Self::Duration(_) => "a duration",
            Self::Rate => "a price per tokens",
            Self::Budget => "an amount per period",
            Self::Quota => "a number of requests or tokens per minute or day",
            Self::Hops => "a number of hops",
            Self::Times => "a number of times",
            Self::Number | Self::Targets | Self::Amount => "a number",
            Self::Milliseconds => "a number of milliseconds",
            Self::Days => "a number of days",
            Self::Count | Self::Rpm => "a whole number",
        }
    }

    /// One as it is written.
    pub fn example(self) -> &'static str {
        match self {
            Self::Percent | Self::Growth => "20%",
            Self::Multiplier => "2x",
            Self::Duration(Bare::Latency) => "800 ms",
            Self::Duration(Bare::Seconds) => "30 seconds",
            Self::Duration(Bare::Minutes) => "15 minutes",
            Self::Duration(Bare::Days) => "30 days",
            Self::Duration(Bare::Keeping) => "7 years",
            Self::Rate => "2 usd per 1m tokens",
            Self::Budget => "500 usd per month",
            Self::Quota => "600 requests per minute",
            Self::Hops => "2 hops",
            Self::Times => "2 times",
            Self::Number => "128000",
            Self::Milliseconds => "3000",
            Self::Days => "30-days",
            Self::Targets => "2",
            Self::Count => "400000",
            Self::Rpm => "600",
            Self::Amount => "0.25",
        }
    }
}

impl Quantity {
    /// How it is written where this is wanted; none where it is something else.
    pub fn written(&self, wanted: Wanted) -> Option<String> {
        let number = number::exact(&self.value);
        match wanted {
            Wanted::Percent => {
                self.percent().filter(|percent| *percent <= whole(100)).map(|percent| percented(&percent))
            }
            Wanted::Growth => match self.unit {
                // `1.25x` is the whole and a quarter more.
                Unit::Times if self.value >= Rational::one() => {
                    Some(percented(&((&self.value - Rational::one()) * whole(100))))
                }
                Unit::Times => None,
                _ => self.percent().map(|percent| percented(&percent)),
            },
            Wanted::Multiplier => self.multiplier().map(|times| format!("{}x", number::exact(&times))),
            Wanted::Duration(bare) => self.duration(bare),
            Wanted::Rate => self.rate(),
            Wanted::Budget => self.budget(),
            Wanted::Quota => self.quota(),
            Wanted::Hops => self.counted(&[Unit::Bare, Unit::Hops, Unit::Times], "hops"),
            // The grammar has no singular here.
            Wanted::Times => self.counted(&[Unit::Bare, Unit::Times], "times"),
            Wanted::Number => {
                let plain =
                    matches!(self.unit, Unit::Bare | Unit::Tokens | Unit::Times) && self.per.is_none();
                plain.then_some(number)
            }
            Wanted::Targets => {
                let plain = matches!(self.unit, Unit::Bare | Unit::Hops | Unit::Times) && self.per.is_none();
                plain.then_some(number)
            }
            Wanted::Milliseconds => self.milliseconds(),
            Wanted::Days => self.days(),
            Wanted::Count => self.count(),
            Wanted::Rpm => self.per_minute(),
            Wanted::Amount => matches!(self.unit, Unit::Bare | Unit::Usd | Unit::Tokens).then_some(number),
        }
    }

    /// Whether writing it so takes it for one of several things that may be meant: a period or a unit that is not written,
    /// a multiple where a percent stands.
    pub fn is_guess(&self, wanted: Wanted) -> bool {
        let is_bare = self.unit == Unit::Bare;
        match wanted {
            Wanted::Growth => matches!(self.unit, Unit::Bare | Unit::Times),
            Wanted::Multiplier => self.unit == Unit::Percent,
            Wanted::Percent => is_bare && self.value.is_one(),
            // Twelve months are a year, and any other number is not so many days.
            Wanted::Duration(_) => {
                is_bare
                    || matches!(self.unit, Unit::Time("months", _)) && !(&self.value / whole(12)).is_integer()
            }
            Wanted::Budget | Wanted::Rate => self.per.is_none(),
            Wanted::Quota => is_bare || self.per.is_none() || self.is_spread(),
            _ => false,
        }
    }

    fn percent(&self) -> Option<Rational> {
        match self.unit {
            Unit::Percent => Some(self.value.clone()),
            Unit::Bare if self.per.is_none() => {
                let share = self.value < Rational::one();
                Some(if share { &self.value * whole(100) } else { self.value.clone() })
            }
            _ => None,
        }
    }

    fn multiplier(&self) -> Option<Rational> {
        match self.unit {
            Unit::Bare | Unit::Times => Some(self.value.clone()),
            // `above 50%` is half as much again.
            Unit::Percent if self.value < whole(100) => Some((&self.value + whole(100)) / whole(100)),
            Unit::Percent => Some(&self.value / whole(100)),
            _ => None,
        }
    }

    fn duration(&self, bare: Bare) -> Option<String> {
        let hundred = whole(100);
        let word = match &self.unit {
            Unit::Time("months", _) => return self.months(bare),
            Unit::Time(word, _) => word,
            Unit::Bare => match bare {
                Bare::Latency if self.value < hundred => "s",
                Bare::Latency => "ms",
                Bare::Seconds => "seconds",
                Bare::Minutes => "minutes",
                Bare::Days => "days",
                Bare::Keeping if self.value < whole(30) => "years",
                Bare::Keeping => "days",
            },
            _ => return None,
        };
        if self.per.is_some() {
            return None;
        }
        let one = self.value.is_one() && word.len() > 2;
        let word = if one { word.trim_end_matches('s') } else { word };
        Some(format!("{} {word}", number::exact(&self.value)))
    }

    /// Twelve months are a year. Else a month is taken as 30 days, but where that would be too short.
    fn months(&self, bare: Bare) -> Option<String> {
        let years = &self.value / whole(12);
        let (value, word) = match bare {
            _ if self.per.is_some() => return None,
            _ if years.is_integer() => (years, "year"),
            Bare::Keeping => return None,
            _ => (&self.value * whole(30), "day"),
        };
        let plural = if value.is_one() { "" } else { "s" };
        Some(format!("{} {word}{plural}", number::exact(&value)))
    }

    fn rate(&self) -> Option<String> {
        if !matches!(self.unit, Unit::Bare | Unit::Usd) {
            return None;
        }
        let million = whole(1_000_000);
        let (value, scale) = match &self.per {
            None => (self.value.clone(), "1m"),
            Some(Per::Tokens(tokens)) if *tokens == whole(1_000) => (self.value.clone(), "1k"),
            Some(Per::Tokens(tokens)) if !tokens.is_zero() => (&self.value * million / tokens, "1m"),
            Some(_) => return None,
        };
        Some(format!("{} usd per {scale} tokens", number::exact(&value)))
    }

    fn budget(&self) -> Option<String> {
        if !matches!(self.unit, Unit::Bare | Unit::Usd) {
            return None;
        }
        let period = match self.per {
            None => "month",
            Some(Per::Time(period @ ("day" | "week" | "month" | "quarter" | "year"))) => period,
            Some(_) => return None,
        };
        Some(format!("{} usd per {period}", number::exact(&self.value)))
    }

    fn quota(&self) -> Option<String> {
        let what = match self.unit {
            Unit::Bare | Unit::Requests => "requests",
            Unit::Tokens => "tokens",
            _ => return None,
        };
        let (value, period) = match self.per {
            None | Some(Per::Time("minute")) => (self.value.clone(), "minute"),
            Some(Per::Time("day")) => (self.value.clone(), "day"),
            Some(Per::Time("second")) => (&self.value * whole(60), "minute"),
            // No more in an hour, nor in a week, than is meant.
            Some(Per::Time("hour")) if self.value < whole(60) => (self.value.clone(), "day"),
            Some(Per::Time("hour")) => ((&self.value / whole(60)).floor(), "minute"),
            Some(Per::Time("week")) => (&self.value / whole(7), "day"),
            Some(_) => return None,
        };
        number::to_whole(&value).map(|value| format!("{value} {what} per {period}"))
    }

    fn counted(&self, units: &[Unit], word: &str) -> Option<String> {
        let fits = units.contains(&self.unit) && self.per.is_none();
        let number = number::to_whole(&self.value).filter(|_| fits)?;
        let word = if number == 1 && word == "hops" { "hop" } else { word };
        Some(format!("{number} {word}"))
    }

    fn milliseconds(&self) -> Option<String> {
        match &self.unit {
            Unit::Bare => Some(number::exact(&self.value)),
            Unit::Time(_, seconds) => Some(number::exact(&(&self.value * seconds * whole(1_000)))),
            _ => None,
        }
    }

    fn days(&self) -> Option<String> {
        let days = match &self.unit {
            Unit::Bare => self.value.clone(),
            Unit::Time("months", _) if (&self.value / whole(12)).is_integer() => {
                &self.value / whole(12) * whole(365)
            }
            Unit::Time(_, seconds) => &self.value * seconds / whole(SECONDS_PER_DAY),
            _ => return None,
        };
        let days = number::to_whole(&days)?;
        Some(if days == 0 { "zero-retention".to_owned() } else { format!("{days}-days") })
    }

    fn count(&self) -> Option<String> {
        let plain = matches!(self.unit, Unit::Bare | Unit::Requests | Unit::Tokens | Unit::Usd);
        let fits = plain && matches!(self.per, None | Some(Per::Time("month")));
        number::to_whole(&self.value).filter(|_| fits).map(|value| value.to_string())
    }

    fn per_minute(&self) -> Option<String> {
        let plain = matches!(self.unit, Unit::Bare | Unit::Requests | Unit::Tokens);
        let value = match self.per {
            None | Some(Per::Time("minute")) => self.value.clone(),
            Some(Per::Time("second")) => &self.value * whole(60),
            Some(Per::Time("hour")) => &self.value / whole(60),
            Some(_) => return None,
        };
        number::to_whole(&value).filter(|_| plain).map(|value| value.to_string())
    }
}

fn percented(percent: &Rational) -> String {
    format!("{}%", number::exact(percent))
}

#[cfg(test)]
mod tests;
