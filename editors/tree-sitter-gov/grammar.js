/**
 * The govctl policy language for tree-sitter.
 *
 * `grammar/gov.pest` at the repository's root is the definition; this grammar takes and refuses the same texts, and
 * `.ci/editors` holds the two together. Where a keyword and a name can both stand, it is the keyword: tree-sitter's
 * `word` does that, and `src/scanner.c` sees what needs a look ahead (a name directly before `/`, the end of a date) and
 * reads the words that may stand in any case (units).
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const TIERS = ['compliance', 'cost', 'latency', 'preference'];
const VOCABULARIES = [
  'compliance', 'data', 'capabilities', 'teams', 'business_units', 'projects', 'applications',
];
const TRIGGERS = [
  'rate-limited', 'server-error', 'timeout', 'unavailable', 'content-filtered', 'context-exceeded', 'out-of-credit',
  'unauthorized',
];
const ASPECTS = [
  'compliance', 'classification', 'residency', 'retention', 'hosting', 'capabilities', 'context-window',
];
const DIMENSIONS = [
  'business_unit', 'team', 'project', 'user', 'application', 'use_case', 'provider', 'model',
];
const RESERVED = ['and', 'or', 'not', 'in', 'has', 'covers', 'where', 'then', 'per', 'true', 'false'];

/** One or more, separated. */
const list = (separator, rule) => seq(rule, repeat(seq(separator, rule)));

/** A statement with a name and a block of clauses. */
const block = ($, keyword, name, clause) =>
  seq(keyword, field('name', name), '{', repeat(clause), '}');

module.exports = grammar({
  name: 'gov',

  word: ($) => $.identifier,
  extras: ($) => [/[ \t\r\n]/, $.comment],
  externals: ($) => [$._provider, $.date, $.rate_scale, $.unit, $.usd, $._times],
  supertypes: ($) => [$.statement, $.expression],
  inline: ($) => [$._name, $._tier_name, $._names, $._strings, $._selectors],
  reserved: {
    global: (_) => RESERVED,
    // A tier followed by `rule` begins a rule.
    after_tier: (_) => [...RESERVED, 'rule'],
  },

  rules: {
    source_file: ($) => repeat($.statement),

    statement: ($) =>
      choice(
        $.classifications, $.regions, $.vocabulary, $.precedence, $.fact, $.rule, $.failover, $.budget, $.quota,
        $.attribution, $.audit, $.guarantee, $.test,
      ),

    // ---- Names and literals

    comment: (_) => token(/#[^\n]*/),
    identifier: (_) => /[A-Za-z_]([A-Za-z0-9_]|[.-][A-Za-z0-9_])*/,
    string: ($) => seq('"', repeat(choice($._string_text, $.escape_sequence)), token.immediate('"')),
    _string_here: ($) =>
      seq(token.immediate('"'), repeat(choice($._string_text, $.escape_sequence)), token.immediate('"')),
    _string_text: (_) => token.immediate(prec(1, /[^"\\\n]+/)),
    escape_sequence: (_) => token.immediate(/\\["\\nt]/),
    _name: ($) => choice($.identifier, $.string),
    _names: ($) => list(',', $._name),
    _strings: ($) => list(',', $.string),

    model: ($) =>
      seq(
        field('provider', choice(alias($._provider, $.identifier), $.string)),
        token.immediate('/'),
        field('name', choice($.path, alias($._string_here, $.string))),
      ),
    path: (_) => token.immediate(/[A-Za-z0-9]([A-Za-z0-9_]|[.:@\/-][A-Za-z0-9_])*/),
    selector: ($) => choice($._name, $.model),
    _selectors: ($) => list(',', $.selector),

    number: (_) => /[0-9][0-9_]*(\.[0-9]+)?/,
    percent: ($) => seq($.number, '%'),
    multiplier: ($) => seq($.number, alias($._times, 'x')),
    duration: ($) => seq($.number, $.unit),
    rate: ($) => seq($.number, $.usd, 'per', $.rate_scale, 'tokens'),
    pattern: (_) => /[A-Za-z_][A-Za-z0-9_.-]*\*/,
    boolean: (_) => choice('true', 'false'),

    tier: (_) => choice(...TIERS),
    trigger: (_) => choice(...TRIGGERS),
    aspect: (_) => choice(...ASPECTS),
    dimension: (_) => choice(...DIMENSIONS),
    period: (_) => choice('day', 'week', 'month', 'quarter', 'year'),
    terminal_kind: (_) => choice('queue', 'degrade', 'block'),

    // ---- Vocabulary, precedence, facts

    classifications: ($) => seq('classifications', list('<', $._name)),
    regions: ($) => seq('regions', list(',', $.region)),
    region: ($) => seq(field('name', $._name), optional(seq('{', list(',', $.region), '}'))),
    vocabulary: ($) => seq(field('kind', alias(choice(...VOCABULARIES), $.vocabulary_kind)), $._names),
    precedence: ($) => seq('precedence', list('>', $.tier)),
    fact: ($) =>
      seq(
        'fact',
        field('name', $._name),
        'in',
        field('domain', choice(seq('{', $._names, '}'), 'regions', 'classifications')),
        'default',
        field('default', $._name),
      ),

    // ---- Clauses that several statements have

    when: ($) => seq('when', $.expression),
    overrides: ($) => seq('overrides', $._names),
    from: ($) => seq('from', $.date),
    until: ($) => seq('until', $.date),
    because: ($) => seq('because', $.string),
    notify: ($) => seq('notify', $._strings),
    owner: ($) => seq('owner', $.string),
    mode: (_) => seq('mode', choice('chargeback', 'showback')),
    per: ($) => seq('per', choice($.dimension, $._name)),
    notify_action: ($) => seq('notify', optional($._strings)),
    queue: ($) => seq('queue', optional(seq('for', $.duration))),

    // ---- Rules

    rule: ($) => seq(field('tier', $.tier), block($, 'rule', $._name, $._rule_clause)),
    _rule_clause: ($) =>
      choice(
        $.when, $.require, $.forbid, $.process, $.prefer, $.overrides, $.from, $.until, $.because,
      ),
    require: ($) => seq('require', $.expression),
    forbid: ($) => seq('forbid', $.expression),
    process: ($) => seq('process', 'in', $._names),
    prefer: ($) =>
      seq('prefer', choice('cheapest', 'fastest', 'most-available', seq('where', $.expression), $._selectors)),

    // ---- Failover

    failover: ($) => block($, 'failover', $._name, $._failover_clause),
    _failover_clause: ($) =>
      choice(
        $.when, $.on, $.chain, $.follow, $.none, $.match, $.hops, $.above, $.retry, $.cooldown, $.then, $.log,
        $.notify, $.overrides, $.from, $.until, $.because,
      ),
    on: ($) => seq('on', list(',', $.trigger)),
    chain: ($) => seq('chain', list('->', $.selector)),
    follow: (_) => seq('follow', choice('registry', 'ranking')),
    none: (_) => 'none',
    match: ($) => seq('match', list(',', $.aspect)),
    hops: ($) => seq('limit', $.number, choice('hops', 'hop')),
    above: ($) =>
      seq('above', $.multiplier, 'cost', choice($.notify_action, 'confirm', 'throttle', 'block')),
    retry: ($) => seq('retry', $.number, 'times'),
    cooldown: ($) => seq('cooldown', $.duration),
    then: ($) => seq('then', choice($.queue, $.degrade, 'block')),
    degrade: ($) => seq('degrade', optional($.string)),
    log: ($) => seq('log', 'as', $._name),

    // ---- Budgets and quotas

    budget: ($) => block($, 'budget', $._name, $._budget_clause),
    _budget_clause: ($) =>
      choice(
        $.when, alias($.spent, $.on), $.per, alias($.money, $.limit), $.at, $.mode, $.within, $.owner, $.escalate,
        $.from, $.until, $.because,
      ),
    spent: ($) => seq('on', $._selectors),
    money: ($) => seq('limit', $.number, $.usd, 'per', $.period),
    at: ($) => seq('at', $.percent, choice($.notify_action, 'throttle', 'queue', 'block')),
    within: ($) => seq('within', $._name),
    escalate: ($) => seq('escalate', $._strings),

    quota: ($) => block($, 'quota', $._name, $._quota_clause),
    _quota_clause: ($) =>
      choice(
        $.when, alias($.target, $.on), $.per, $.limit, alias($.used_up, $.then), $.from, $.until, $.because,
      ),
    target: ($) => seq('on', $.selector),
    limit: ($) =>
      seq(
        'limit',
        $.number,
        choice('requests', 'tokens'),
        'per',
        alias(choice('minute', 'day'), $.period),
      ),
    used_up: ($) => seq('then', choice($.queue, 'failover', 'block')),

    // ---- Attribution and audit

    attribution: ($) => seq('attribution', '{', repeat($._attribution_clause), '}'),
    _attribution_clause: ($) => choice(alias($.attributes, $.require), $.mode, $.anomaly),
    attributes: ($) => seq('require', list(',', $.dimension)),
    anomaly: ($) => seq('anomaly', 'above', $.percent),

    audit: ($) => block($, 'audit', $._name, $._audit_clause),
    _audit_clause: ($) =>
      choice($.when, $.retain, $.lineage, $.mask, $.owner, $.from, $.until, $.because),
    retain: ($) => seq('retain', $.duration),
    lineage: (_) => seq('lineage', 'required'),
    mask: ($) => seq('mask', $._names),

    // ---- Guarantees and tests

    guarantee: ($) => block($, 'guarantee', $._name, $._guarantee_clause),
    _guarantee_clause: ($) => choice($.for, $.always, $.never, $.from, $.until, $.because),
    for: ($) => seq('for', $.expression),
    always: ($) => seq('always', $.expression),
    never: ($) => seq('never', $.expression),

    test: ($) => block($, 'test', $.string, $._test_clause),
    _test_clause: ($) => choice($.given, $.expect),
    given: ($) => seq('given', list(',', $._given)),
    _given: ($) =>
      choice(
        $.given_use_case, $.given_classification, $.given_budget, $.given_down, $.given_on, $.given_share,
        $.given_fact,
      ),
    given_use_case: ($) => seq('use_case', $._name),
    given_classification: ($) => seq('classification', $._name),
    given_budget: ($) => seq('budget.remaining', $.percent),
    given_down: ($) => seq('down', $.selector),
    given_on: ($) => seq('on', $.trigger),
    given_share: ($) => seq(field('budget', choice($._name, $._tier_name)), $.percent),
    given_fact: ($) =>
      choice(
        seq(field('fact', $._name), field('value', $._name)),
        seq(field('fact', $._tier_name), field('value', choice(reserved('after_tier', $.identifier), $.string))),
      ),
    _tier_name: ($) => alias(choice(...TIERS), $.identifier),
    expect: ($) =>
      seq(
        'expect',
        choice(
          $.expect_primary, $.expect_never, $.expect_terminal, 'unroutable', $.expect_rule, $.expect_targets,
        ),
      ),
    expect_primary: ($) => seq('primary', $.selector),
    expect_never: ($) => seq('never', $.selector),
    expect_terminal: ($) => seq('terminal', $.terminal_kind),
    expect_rule: ($) => seq('rule', $._name),
    expect_targets: ($) => seq(list('->', $.selector), optional(seq('then', $.terminal_kind))),

    // ---- Expressions

    expression: ($) => choice($.or, $.and, $.not, $.group, $.comparison, $._operand),
    or: ($) => prec.left(1, seq($.expression, 'or', $.expression)),
    and: ($) => prec.left(2, seq($.expression, 'and', $.expression)),
    not: ($) => prec(3, seq('not', $.expression)),
    group: ($) => seq('(', $.expression, ')'),
    comparison: ($) =>
      seq(
        field('left', $._operand),
        choice(
          seq(
            field('operator', choice('==', '!=', '<=', '>=', '<', '>', 'has', 'covers')),
            field('right', $._operand),
          ),
          seq(field('operator', 'in'), '[', list(',', field('right', $._operand)), ']'),
        ),
      ),
    _operand: ($) =>
      choice(
        $.number, $.percent, $.multiplier, $.duration, $.rate, $.pattern, $.boolean, $._name, $.model,
      ),
  },
});
