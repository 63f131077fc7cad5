//! Quantities as people write them, each with what is written here.

use super::{Bare, Wanted, read};

#[test]
fn what_people_write_becomes_what_is_written_here() {
    let cases = [
        ("$500", Wanted::Budget, Some("500 usd per month")),
        ("20k usd", Wanted::Budget, Some("20000 usd per month")),
        ("20,000 usd per month", Wanted::Budget, Some("20000 usd per month")),
        ("20 000 usd per month", Wanted::Budget, Some("20000 usd per month")),
        ("1.5M USD/year", Wanted::Budget, Some("1500000 usd per year")),
        ("2 million dollars annually", Wanted::Budget, Some("2000000 usd per year")),
        ("USD 500 / month", Wanted::Budget, Some("500 usd per month")),
        ("500 eur per month", Wanted::Budget, None),
        ("500 usd per hour", Wanted::Budget, None),
        ("0.8", Wanted::Percent, Some("80%")),
        ("80", Wanted::Percent, Some("80%")),
        ("99,9 %", Wanted::Percent, Some("99.9%")),
        ("20_percent", Wanted::Percent, Some("20%")),
        ("500%", Wanted::Percent, None),
        ("2x", Wanted::Growth, Some("100%")),
        ("1.25x", Wanted::Growth, Some("25%")),
        ("0.5x", Wanted::Growth, None),
        ("200%", Wanted::Multiplier, Some("2x")),
        ("50%", Wanted::Multiplier, Some("1.5x")),
        ("2 times", Wanted::Multiplier, Some("2x")),
        ("2000", Wanted::Duration(Bare::Latency), Some("2000 ms")),
        ("2.5", Wanted::Duration(Bare::Latency), Some("2.5 s")),
        ("15m", Wanted::Duration(Bare::Minutes), Some("15 minutes")),
        ("7y", Wanted::Duration(Bare::Keeping), Some("7 years")),
        ("6 months", Wanted::Duration(Bare::Keeping), None),
        ("84 months", Wanted::Duration(Bare::Keeping), Some("7 years")),
        ("6 months", Wanted::Duration(Bare::Days), Some("180 days")),
        ("1h30m", Wanted::Duration(Bare::Seconds), Some("90 minutes")),
        ("00:15:00", Wanted::Duration(Bare::Minutes), Some("15 minutes")),
        ("1m30s", Wanted::Milliseconds, Some("90000")),
        ("15:00", Wanted::Duration(Bare::Minutes), None),
        ("20.000 usd/month", Wanted::Budget, Some("20000 usd per month")),
        ("20.00 usd/month", Wanted::Budget, Some("20 usd per month")),
        ("0.125 usd per 1m tokens", Wanted::Rate, Some("0.125 usd per 1m tokens")),
        ("PT30S", Wanted::Duration(Bare::Seconds), Some("30 seconds")),
        ("5 usd/1m", Wanted::Rate, Some("5 usd per 1m tokens")),
        ("0.01 usd per 1k tokens", Wanted::Rate, Some("0.01 usd per 1k tokens")),
        ("5 usd per million tokens", Wanted::Rate, Some("5 usd per 1m tokens")),
        ("500 rpm", Wanted::Quota, Some("500 requests per minute")),
        ("10 rps", Wanted::Quota, Some("600 requests per minute")),
        ("10k tokens/min", Wanted::Quota, Some("10000 tokens per minute")),
        ("1000 requests per hour", Wanted::Quota, Some("16 requests per minute")),
        ("7 requests per hour", Wanted::Quota, Some("7 requests per day")),
        ("70 requests per week", Wanted::Quota, Some("10 requests per day")),
        ("71 requests per week", Wanted::Quota, None),
        ("300 requests per month", Wanted::Quota, None),
        ("two", Wanted::Hops, Some("2 hops")),
        ("once", Wanted::Times, Some("1 times")),
        ("128k tokens", Wanted::Number, Some("128000")),
        ("3s", Wanted::Milliseconds, Some("3000")),
        ("30 days", Wanted::Days, Some("30-days")),
        ("1 month", Wanted::Days, Some("30-days")),
        ("480M", Wanted::Count, Some("480000000")),
        ("480M/month", Wanted::Count, Some("480000000")),
        ("10/s", Wanted::Count, None),
        ("7200/h", Wanted::Rpm, Some("120")),
        ("10 rps", Wanted::Rpm, Some("600")),
        ("100 per hour", Wanted::Rpm, None),
        ("2 models", Wanted::Targets, Some("2")),
        ("2 providers", Wanted::Targets, Some("2")),
        ("$2.50", Wanted::Amount, Some("2.5")),
    ];
    for (text, wanted, right) in cases {
        let found = read(text, wanted).filter(|(_, length)| *length == text.len());
        let found = found.and_then(|(quantity, _)| quantity.written(wanted));
        assert_eq!(found.as_deref(), right, "{text}");
    }
}

#[test]
fn several_lengths_of_time_are_one() {
    for text in ["1 hour 30 minutes", "1h 30m", "1 hour, 30 minutes", "1 hour and 30 minutes", "1h30m"] {
        let (quantity, length) = read(text, Wanted::Duration(Bare::Minutes)).expect("a length of time");
        assert_eq!(length, text.len(), "{text}");
        assert_eq!(
            quantity.written(Wanted::Duration(Bare::Minutes)).as_deref(),
            Some("90 minutes"),
            "{text}"
        );
    }
}
