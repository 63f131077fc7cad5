//! What people read where a rule of the grammar is expected.
//!
//! The table has every rule, so a new one does not compile until someone has decided what it is called.

use crate::diag::nearest;

use super::grammar::Rule;
use super::words;

/// What people read for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A word or symbol, as it is written.
    Word(&'static str),
    /// A word or symbol that can stand after any condition or number, with the words of its kind; only
    /// said where nothing else is.
    More(&'static str, &'static [&'static str]),
    /// Something with a name of its own, and the words that it can begin with.
    Group(&'static str, &'static [&'static str]),
    /// The end of the file; only said where nothing else is.
    End,
}

/// How the names of all clauses begin.
pub(super) const CLAUSE: &str = "a clause of";

impl Label {
    /// The name of a group, the word of a word.
    pub(super) fn phrase(&self) -> &'static str {
        match self {
            Self::Word(text) | Self::More(text, _) | Self::Group(text, _) => text,
            Self::End => "",
        }
    }

    /// The words that can go on from here.
    pub(super) fn more(&self) -> &'static [&'static str] {
        match self {
            Self::More(_, words) => words,
            _ => &[],
        }
    }

    /// As part of a sentence; the long form has examples.
    pub(super) fn say(&self, long: bool) -> String {
        match self {
            Self::Group("a statement", _) if long => {
                "a statement such as `compliance rule`, `failover`, `budget` …".to_owned()
            }
            Self::Group(phrase, words) if long && phrase.starts_with(CLAUSE) => {
                format!("a clause such as {}", sample(words))
            }
            Self::Group(phrase, words) | Self::More(phrase, words)
                if long && words.len() > 2 && !phrase.contains('`') =>
            {
                format!("{phrase} such as {}", sample(words))
            }
            Self::More("a unit", _) => "a unit".to_owned(),
            Self::Word(word) | Self::More(word, _) => format!("`{word}`"),
            Self::Group(phrase, _) => (*phrase).to_owned(),
            Self::End => "the end of the file".to_owned(),
        }
    }

    /// Its place in an enumeration: what goes on, what is wanted, what ends; examples last.
    pub(super) fn rank(&self, long: bool) -> u8 {
        match self {
            Self::Word("," | "->" | "<" | ">") => 0,
            Self::Word("}" | ")" | "]") => 3,
            Self::Group(phrase, _) if phrase.starts_with(CLAUSE) || *phrase == "a statement" => {
                2 + 2 * u8::from(long)
            }
            _ => 1,
        }
    }
}

/// A few words of a group.
fn sample(words: &[&str]) -> String {
    let first: Vec<&str> = words.iter().take(3).copied().collect();
    if words.len() > first.len() { format!("`{}` …", first.join("`, `")) } else { nearest::either(&first) }
}

/// One arm for each rule: its kind, then the rules with what they are called.
macro_rules! labels {
    (
        word { $($word:ident $text:literal,)* }
        more { $($more:ident $symbol:literal $others:expr,)* }
        group { $($group:ident $phrase:literal $words:expr,)* }
    ) => {
        /// What people read for a rule.
        pub(super) fn label(kind: Rule) -> Label {
            match kind {
                Rule::EOI => Label::End,
                $(Rule::$word => Label::Word($text),)*
                $(Rule::$more => Label::More($symbol, $others),)*
                $(Rule::$group => Label::Group($phrase, $words),)*
            }
        }
    };
}

labels! {
    word {
        comma ",", lbrace "{", rbrace "}", lbracket "[", rbracket "]", lparen "(", rparen ")", arrow "->",
        below "<", above ">", usd "usd", rate_scale "1m", percent_sign "%", multiplier_sign "x",
        kw_above "above", kw_always "always", kw_anomaly "anomaly", kw_as "as", kw_at "at",
        kw_attribution "attribution", kw_audit "audit", kw_because "because", kw_block "block",
        kw_budget "budget", kw_budget_remaining "budget.remaining", kw_chain "chain",
        kw_cheapest "cheapest", kw_classification "classification", kw_classifications "classifications",
        kw_confirm "confirm", kw_cooldown "cooldown", kw_cost "cost", kw_default "default",
        kw_degrade "degrade", kw_down "down", kw_escalate "escalate", kw_expect "expect", kw_fact "fact",
        kw_failover "failover", kw_fastest "fastest", kw_follow "follow", kw_for "for", kw_forbid "forbid",
        kw_from "from", kw_given "given", kw_guarantee "guarantee", kw_hops "hops",
        kw_limit "limit", kw_lineage "lineage", kw_log "log", kw_mask "mask", kw_match "match",
        kw_mode "mode", kw_most_available "most-available", kw_never "never",
        kw_none "none", kw_not "not", kw_notify "notify", kw_on "on", kw_overrides "overrides",
        kw_owner "owner", kw_per "per", kw_precedence "precedence", kw_prefer "prefer",
        kw_primary "primary", kw_process "process", kw_queue "queue", kw_quota "quota", kw_ranking "ranking",
        kw_regions "regions", kw_registry "registry", kw_require "require", kw_required "required",
        kw_retain "retain", kw_retry "retry", kw_rule "rule", kw_terminal "terminal", kw_test "test",
        kw_then "then", kw_throttle "throttle", kw_times "times", kw_tokens "tokens",
        kw_unroutable "unroutable", kw_until "until", kw_use_case "use_case", kw_when "when", kw_where "where",
        kw_within "within",
    }
    more {
        kw_and "and" &["and"], kw_or "or" &["or"], kw_in "in" &["in"], kw_has "has" &["has"],
        kw_covers "covers" &["covers"], compare_op "==" words::COMPARISONS, unit "a unit" words::UNITS,
        slash "/" &["/"],
    }
    group {
        WHITESPACE "white space" &[],
        COMMENT "a comment" &[],
        spacing "white space" &[],
        file "a policy file" words::STATEMENTS,
        entry "a statement" words::STATEMENTS,
        statement_start "a statement" words::STATEMENTS,
        statement "a statement" words::STATEMENTS,
        name_start "a letter" &[],
        name_more "a letter or digit" &[],
        end "the end of the word" &[],
        reserved "a reserved word" words::RESERVED,
        tier_word "a tier" words::TIERS,
        plain_name "a name" &[],
        string "a string" &[],
        name "a name" &[],
        path "the name of a model" &[],
        reference "a model or provider" &[],
        selector "a model or provider" &[],
        number "a number" &[],
        duration_unit "a unit of time" words::DURATIONS,
        rate_unit "`usd per 1m tokens`" &["usd"],
        quantity "a number" &[],
        duration "a duration" &[],
        date "a day" &[],
        pattern "a pattern" &[],
        boolean "`true` or `false`" &["true", "false"],
        tier "a tier" words::TIERS,
        vocabulary_kind "a vocabulary" words::VOCABULARIES,
        trigger "a trigger" words::TRIGGERS,
        aspect "an aspect" words::ASPECTS,
        dimension "a dimension" words::DIMENSIONS,
        period "`day`, `week`, `month`, `quarter` or `year`" words::PERIODS,
        mode "`chargeback` or `showback`" words::MODES,
        quota_unit "`requests` or `tokens`" words::QUOTA_UNITS,
        quota_period "`minute` or `day`" words::QUOTA_PERIODS,
        terminal_kind "`queue`, `degrade` or `block`" words::TERMINALS,
        names "a name" &[],
        strings "a string" &[],
        selectors "a model or provider" &[],
        chain "a model or provider" &[],
        triggers "a trigger" words::TRIGGERS,
        aspects "an aspect" words::ASPECTS,
        dimensions "a dimension" words::DIMENSIONS,
        classifications "`classifications`" &["classifications"],
        regions "`regions`" &["regions"],
        region "a name" &[],
        vocabulary "a vocabulary" words::VOCABULARIES,
        precedence "`precedence`" &["precedence"],
        fact "a fact" &["fact"],
        fact_domain "`{`, `regions` or `classifications`" &["{", "regions", "classifications"],
        rule "a rule" words::TIERS,
        rule_clause "a clause of a rule" words::RULE,
        when_clause "`when`" &["when"],
        require_clause "`require`" &["require"],
        forbid_clause "`forbid`" &["forbid"],
        process_clause "`process in`" &["process"],
        prefer_clause "`prefer`" &["prefer"],
        overrides_clause "`overrides`" &["overrides"],
        from_clause "`from`" &["from"],
        until_clause "`until`" &["until"],
        because_clause "`because`" &["because"],
        preference "`cheapest`, `fastest`, `most-available`, `where` or a list of models" words::PREFERENCES,
        preference_where "`where`" &["where"],
        failover "a failover statement" &["failover"],
        failover_clause "a clause of a failover statement" words::FAILOVER,
        on_clause "`on`" &["on"],
        chain_clause "`chain`" &["chain"],
        follow_clause "`follow`" &["follow"],
        none_clause "`none`" &["none"],
        match_clause "`match`" &["match"],
        hops_clause "`limit`" &["limit"],
        above_clause "`above`" &["above"],
        cost_action "`notify`, `confirm`, `throttle` or `block`" words::COST_ACTIONS,
        notify_action "`notify`" &["notify"],
        retry_clause "`retry`" &["retry"],
        cooldown_clause "`cooldown`" &["cooldown"],
        then_clause "`then`" &["then"],
        terminal "`queue`, `degrade` or `block`" words::TERMINALS,
        queue_terminal "`queue`" &["queue"],
        degrade_terminal "`degrade`" &["degrade"],
        log_clause "`log as`" &["log"],
        notify_clause "`notify`" &["notify"],
        budget "a budget" &["budget"],
        budget_clause "a clause of a budget" words::BUDGET,
        spent_clause "`on`" &["on"],
        per_clause "`per`" &["per"],
        money_clause "`limit`" &["limit"],
        at_clause "`at`" &["at"],
        budget_action "`notify`, `throttle`, `queue` or `block`" words::BUDGET_ACTIONS,
        mode_clause "`mode`" &["mode"],
        within_clause "`within`" &["within"],
        owner_clause "`owner`" &["owner"],
        escalate_clause "`escalate`" &["escalate"],
        quota "a quota" &["quota"],
        quota_clause "a clause of a quota" words::QUOTA,
        target_clause "`on`" &["on"],
        rate_clause "`limit`" &["limit"],
        used_up_clause "`then`" &["then"],
        used_up "`queue`, `failover` or `block`" words::USED_UP,
        attribution "`attribution`" &["attribution"],
        attribution_clause "a clause of `attribution`" words::ATTRIBUTION,
        attribute_clause "`require`" &["require"],
        anomaly_clause "`anomaly above`" &["anomaly"],
        audit "an audit statement" &["audit"],
        audit_clause "a clause of an audit statement" words::AUDIT,
        retain_clause "`retain`" &["retain"],
        lineage_clause "`lineage required`" &["lineage"],
        mask_clause "`mask`" &["mask"],
        guarantee "a guarantee" &["guarantee"],
        guarantee_clause "a clause of a guarantee" words::GUARANTEE,
        for_clause "`for`" &["for"],
        always_clause "`always`" &["always"],
        never_clause "`never`" &["never"],
        test "a test" &["test"],
        test_clause "a clause of a test" words::TEST,
        given_clause "`given`" &["given"],
        given "`use_case`, `classification`, `budget.remaining`, `down`, `on` or a fact" words::GIVEN,
        given_use_case "`use_case`" &["use_case"],
        given_classification "`classification`" &["classification"],
        given_budget "`budget.remaining`" &["budget.remaining"],
        given_down "`down`" &["down"],
        given_on "`on`" &["on"],
        given_share "the name of a fact" &[],
        given_fact "the name of a fact" &[],
        expect_clause "`expect`" &["expect"],
        expectation "targets, `primary`, `never`, `terminal`, `unroutable` or `rule`" words::EXPECTED,
        expect_primary "`primary`" &["primary"],
        expect_never "`never`" &["never"],
        expect_terminal "`terminal`" &["terminal"],
        expect_rule "`rule`" &["rule"],
        expect_targets "a model or provider" &[],
        expr "a condition" &["not"],
        conjunction "a condition" &["not"],
        unary "a condition" &["not"],
        negation "`not`" &["not"],
        group "`(`" &["("],
        comparison "a condition" &[],
        operands "`[`" &["["],
        operand "a value or attribute" &["true", "false"],
    }
}
