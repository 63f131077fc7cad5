//! How much people are shown of a list, a text or a table; the rest is counted, cut or shown on demand.

/// Characters of other people's texts in a message of `audit`.
pub const AUDIT_QUOTED: usize = 100;

/// Logs that are named.
pub const LOGS: usize = 5;

/// Moves of one use case in a replay.
pub const MOVES: usize = 5;

/// Models that are named one by one where chains are cut.
pub const MODELS_CUT: usize = 4;

/// Names of each kind that lose what expires.
pub const EXPIRING: usize = 6;

/// Models that are named one by one where nobody is left.
pub const MODELS_OUT: usize = 6;

/// Of more statements than these nobody chooses from a list.
pub const OVERRIDERS: usize = 6;

/// Statements that read an axis.
pub const AXIS_READERS: usize = 4;

/// Use cases of a team or business unit that an approval names.
pub const APPROVED: usize = 6;

/// Use cases of an unpinned region.
pub const UNPINNED: usize = 5;

/// Ids of models that share the name that was asked for.
pub const SHARED_NAMES: usize = 5;

/// Findings of one kind that people are shown.
pub const FINDINGS_OF_A_KIND: usize = 20;

/// Use cases of a kind that `--deny` refuses.
pub const DENIED: usize = 10;

/// Outages that are to be rehearsed.
pub const DRILLS: usize = 5;

/// Promises that are lost; more are counted, and `LOSSES.md` names each.
pub const LOSSES: usize = 8;

/// Names that a search of the workspace gives to an editor.
pub const SYMBOLS: usize = 500;

/// Rules that are named without their reasons.
pub const RULES_WITHOUT_REASON: usize = 2;

/// Months of spending.
pub const MONTHS: usize = 12;

/// Characters of a value in which a table differs.
pub const VERIFIED_VALUE: usize = 160;

/// Values of `per` that a message names.
pub const GROUPS: usize = 4;

/// Characters of a message: names may be hostile.
pub const MESSAGE: usize = 700;

/// Names of one kind in an entry of `diff`: use cases, models, promises, values.
pub const DIFF_NAMES: usize = 3;

/// Files that differ from the revision.
pub const CHANGED_FILES: usize = 3;

/// Characters of a setting.
pub const SETTING: usize = 80;

/// Warnings whose level moves.
pub const LEVELS_MOVED: usize = 5;

/// Use cases that lose a promise.
pub const PROMISE_LOSERS: usize = 5;

/// What begins or ends on one day.
pub const DAY_EVENTS: usize = 2;

/// Characters of one line of Markdown.
pub const MARKDOWN_LINE: usize = 2_000;

/// Changes that people are shown.
pub const CHANGES: usize = 100;

/// Causes of one change.
pub const CAUSES: usize = 10;

/// Obligations of one change.
pub const DUTIES: usize = 10;

/// Lines that differ for one cause.
pub const CAUSE_LINES: usize = 40;

/// Lines before a difference, where there are too many.
pub const LINES_BEFORE: usize = 3;

/// Use cases that one line about a statement names.
pub const STATED_USE_CASES: usize = 6;

/// Models that a line about the portfolio names.
pub const PORTFOLIO: usize = 12;

/// Characters of a text that is shown whole; of a longer one only that it differs.
pub const QUIET_TEXT: usize = 120;

/// Use cases that a line of the summary names.
pub const SUMMED_USE_CASES: usize = 5;

/// Groups of use cases of which the summary says what they newly reach.
pub const SUMMED_GROUPS: usize = 3;

/// Causes that the summary names.
pub const SUMMED_CAUSES: usize = 3;

/// Words more that may stand where what is worth most would give way otherwise.
pub const EXTRA_WORDS: usize = 5;

/// A sentence takes up more than where a request goes, why, and what happens on an outage only while it has at most
/// so many words.
pub const SENTENCE: usize = 35;

/// Models not approved for the use case that are told one by one.
pub const UNAPPROVED: usize = 6;

/// Keys of a profile that are named one by one.
pub const PROFILE_KEYS: usize = 5;

/// Characters of one such key.
pub const PROFILE_KEY: usize = 60;

/// Reasons at a model that is cut from a chain.
pub const CUT_REASONS: usize = 3;

/// Triggers at a link of the graph.
pub const LINK_TRIGGERS: usize = 3;

/// Workspaces near by.
pub const NEAR_FOLDERS: usize = 3;

/// Names of a list in a hover.
pub const HOVERED: usize = 6;

/// Ids of models that share a name.
pub const WHOLE_IDS: usize = 3;

/// Lines of a list about coverage.
pub const COVERAGE: usize = 40;

/// The longest line that is drawn: of longer ones (minified, hostile) only the place is named.
pub const DRAWN_LINE: usize = 400;

/// Places of a finding that are drawn: drawing takes time with the square of them, and nobody looks at more.
pub const DRAWN_PLACES: usize = 40;

/// Characters of one text in Markdown.
pub const MARKDOWN_TEXT: usize = 200;

/// Words of one line of Markdown.
pub const MARKDOWN_WORDS: usize = 100;

/// Combinations of providers that are down.
pub const OUTAGES: usize = 10;

/// Use cases of one combination.
pub const OUTAGE_USE_CASES: usize = 12;

/// Use cases that a finding is about.
pub const TOLD_USE_CASES: usize = 5;

/// Unknown names of one kind in `usage`.
pub const UNKNOWN_NAMES: usize = 10;

/// Models that rest on one fact.
pub const WHO_MODELS: usize = 8;

/// Use cases that are named in a row or a line of the review.
pub const REVIEW_NAMES: usize = 4;

/// Models that are newly reached.
pub const NEWLY_REACHED: usize = 3;

/// Rows of a table of the review.
pub const ROWS: usize = 60;

/// Rows that stand open; of a longer table they are shown on demand.
pub const OPEN_ROWS: usize = 15;

/// Errors that the review shows one by one.
pub const ERRORS: usize = 20;

/// Owners of one thing.
pub const OWNERS: usize = 3;

/// Rows of the table of changes that stand open.
pub const OPEN_CHANGES: usize = 40;

/// Causes of a change in the review.
pub const REVIEW_CAUSES: usize = 1;

/// Marks of the chart of endings.
pub const MARKS: usize = 14;

/// Characters of one text in HTML.
pub const HTML_TEXT: usize = 400;

/// Lines of a list that stands open in HTML.
pub const OPEN_LINES: usize = 8;

/// Kinds of records that are named in one breath.
pub const LOG_KINDS: usize = 3;

/// Rows of how the review was made that stand open: none.
pub const OPEN_MADE: usize = 0;

/// Rows of the table of movers.
pub const MOVERS: usize = 10;

/// Values of a budget's `per` in the review.
pub const BUDGET_VALUES: usize = 3;

/// Bars of a chart.
pub const BARS: usize = 12;

/// Use cases that an outage stops or moves.
pub const REVIEW_OUTAGE_NAMES: usize = 5;

/// Outages to rehearse.
pub const REHEARSALS: usize = 5;

/// Rows of the table of outages that stand open.
pub const OPEN_OUTAGES: usize = 30;

/// Rows of the tables of models and signatures that stand open.
pub const OPEN_REACH: usize = 60;

/// Rows of what was spent.
pub const SPENT_ROWS: usize = 25;

/// Files that `scan` did not look into.
pub const NOT_SCANNED: usize = 5;

/// As much of a key is shown: whose it is.
pub const KEY_CHARACTERS: usize = 4;

/// Marks on one letter that are shown as they are: scripts stack some four, and hundreds draw over other lines.
pub const MARKS_ON_A_LETTER: usize = 5;

/// The column that no line of a policy passes if it can be broken.
pub const COLUMNS: usize = 100;

/// Lines longer than this keep the comment behind them out of its neighbours' column.
pub const ALIGNED: usize = 80;

/// Characters of a token in back quotes.
pub const TOKEN: usize = 40;

/// Models of a provider that are explained.
pub const REASONED: usize = 3;

/// Models that a comparison with names lists.
pub const OTHERS: usize = 6;

/// Statements without effect that are told.
pub const SILENT: usize = 5;

/// Things of the wrong form that are told.
pub const FORM: usize = 20;

/// The longest variable that is repeated in a message, in bytes.
pub const VARIABLE: usize = 60;

/// The longest template that is repeated in a message, in bytes.
pub const TEMPLATE: usize = 60;

/// The longest text that is repeated in a message, in characters.
pub const SLIP: usize = 60;

/// Characters of a text of others that a message quotes.
pub const QUOTED: usize = 40;

/// Use cases of which a code lens shows the sentences at once: more nobody reads in a message.
pub const RESOLVED: usize = 5;

/// Models that a code lens names as primaries.
pub const PRIMARIES: usize = 2;

/// Findings that the report of an import shows beside what is missing.
pub const TRAPS: usize = 20;
