// What needs a look ahead: a name directly before `/`, and where a date or the `1k` of a price ends; and the words of
// quantities, which may stand in any case.

#include "tree_sitter/parser.h"

#include <string.h>

// In the order of `externals` in grammar.js.
enum Token { PROVIDER, DATE, RATE_SCALE, UNIT, USD, TIMES };

static const char *const RESERVED[] = {"and",   "or",   "not", "in",   "has",  "covers",
                                       "where", "then", "per", "true", "false"};
static const char *const UNITS[] = {"seconds", "second", "minutes", "minute", "hours", "hour", "days",
                                    "day",     "weeks",  "week",    "years",  "year",  "ms",   "s"};
enum { LONGEST_RESERVED = 6, LONGEST_UNIT = 7 };
#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_word(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }
static bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

// Whether what was read is whole: no name goes on here. Reads on; the token's end must have been marked.
static bool ends(TSLexer *lexer) {
  if (is_word(lexer->lookahead)) return false;
  if (lexer->lookahead != '-' && lexer->lookahead != '.') return true;
  advance(lexer);
  return !is_word(lexer->lookahead);
}

// The same, and no model reference goes on either.
static bool ends_keyword(TSLexer *lexer) {
  if (lexer->lookahead != '/') return ends(lexer);
  advance(lexer);
  return !is_letter(lexer->lookahead) && !is_digit(lexer->lookahead) && lexer->lookahead != '"';
}

static bool is_one_of(const char *word, const char *const *words, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (strcmp(word, words[i]) == 0) return true;
  }
  return false;
}

static bool digits(TSLexer *lexer, int count) {
  for (; count > 0; count--) {
    if (!is_digit(lexer->lookahead)) return false;
    advance(lexer);
  }
  return true;
}

static bool hyphen(TSLexer *lexer) {
  if (lexer->lookahead != '-') return false;
  advance(lexer);
  return true;
}

static bool scan_date(TSLexer *lexer) {
  if (!digits(lexer, 4) || !hyphen(lexer) || !digits(lexer, 2) || !hyphen(lexer) || !digits(lexer, 2)) return false;
  lexer->mark_end(lexer);
  lexer->result_symbol = DATE;
  return ends(lexer);
}

static bool scan_rate_scale(TSLexer *lexer) {
  if (lexer->lookahead != '1') return false;
  advance(lexer);
  int32_t scale = lexer->lookahead;
  if (scale != 'k' && scale != 'K' && scale != 'm' && scale != 'M') return false;
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = RATE_SCALE;
  return ends_keyword(lexer);
}

// A word after a number: a unit, `usd` or `x`, in any case.
static bool scan_quantity(TSLexer *lexer, const bool *valid) {
  char word[LONGEST_UNIT + 1] = {0};
  unsigned length = 0;
  for (; is_letter(lexer->lookahead) && length < LONGEST_UNIT; length++) {
    word[length] = (char)(lexer->lookahead | 0x20);
    advance(lexer);
  }
  if (valid[UNIT] && is_one_of(word, UNITS, COUNT(UNITS))) {
    lexer->result_symbol = UNIT;
  } else if (valid[USD] && strcmp(word, "usd") == 0) {
    lexer->result_symbol = USD;
  } else if (valid[TIMES] && strcmp(word, "x") == 0) {
    lexer->result_symbol = TIMES;
  } else {
    return false;
  }
  lexer->mark_end(lexer);
  return ends_keyword(lexer);
}

// A name with a `/` and what can follow it there; without the look ahead `cheapest/x` would begin with a keyword.
static bool scan_provider(TSLexer *lexer) {
  if (!is_letter(lexer->lookahead) && lexer->lookahead != '_') return false;
  char word[LONGEST_RESERVED + 1] = {0};
  unsigned length = 0;
  for (;;) {
    if (is_word(lexer->lookahead)) {
      if (length < LONGEST_RESERVED) word[length] = (char)lexer->lookahead;
      length++;
      advance(lexer);
    } else if (lexer->lookahead == '-' || lexer->lookahead == '.') {
      advance(lexer);
      if (!is_word(lexer->lookahead)) return false;
      length += LONGEST_RESERVED + 1;
    } else {
      break;
    }
  }
  lexer->mark_end(lexer);
  if (lexer->lookahead != '/') return false;
  advance(lexer);
  if (!is_letter(lexer->lookahead) && !is_digit(lexer->lookahead) && lexer->lookahead != '"') return false;
  lexer->result_symbol = PROVIDER;
  return length > LONGEST_RESERVED || !is_one_of(word, RESERVED, COUNT(RESERVED));
}

void *tree_sitter_gov_external_scanner_create(void) { return NULL; }
void tree_sitter_gov_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_gov_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_gov_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_gov_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  // Everything is valid only while tree-sitter recovers from an error: leave that to the grammar.
  if (valid[PROVIDER] && valid[DATE] && valid[RATE_SCALE]) return false;
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  if (valid[DATE]) return scan_date(lexer);
  if (valid[RATE_SCALE]) return scan_rate_scale(lexer);
  if (valid[UNIT] || valid[USD] || valid[TIMES]) return scan_quantity(lexer, valid);
  return valid[PROVIDER] && scan_provider(lexer);
}
