; Each node is matched by one pattern only, since editors differ in whether the first or the last one wins.

(comment) @comment
(string) @string
(escape_sequence) @string.escape
(pattern) @string.special
(date) @string.special
(number) @number
[
  (unit)
  (usd)
  (rate_scale)
  "x"
  "%"
] @type
(boolean) @boolean

; Statements and their names.
[
  "classifications"
  "regions"
  "precedence"
  "fact"
  "rule"
  "failover"
  "budget"
  "quota"
  "attribution"
  "audit"
  "guarantee"
  "test"
  (tier)
  (vocabulary_kind)
] @keyword

(fact name: (identifier) @variable)
(rule name: (identifier) @function)
(failover name: (identifier) @function)
(budget name: (identifier) @function)
(quota name: (identifier) @function)
(audit name: (identifier) @function)
(guarantee name: (identifier) @function)

; Clauses.
[
  "above"
  "always"
  "anomaly"
  "as"
  "at"
  "because"
  "budget.remaining"
  "chain"
  "cooldown"
  "default"
  "down"
  "escalate"
  "expect"
  "follow"
  "for"
  "forbid"
  "from"
  "given"
  "hop"
  "hops"
  "lineage"
  "limit"
  "log"
  "mask"
  "match"
  "mode"
  "never"
  (none)
  "notify"
  "on"
  "overrides"
  "owner"
  "per"
  "prefer"
  "primary"
  "process"
  "require"
  "required"
  "retain"
  "retry"
  "terminal"
  "then"
  "times"
  "unroutable"
  "until"
  "when"
  "where"
  "within"
] @keyword

(above "cost" @keyword)
(degrade "degrade" @keyword)
(given_classification "classification" @keyword)
(given_use_case "use_case" @keyword)
(queue "queue" @keyword)

; Words that stand for one of a few things.
(at "queue" @constant.builtin)
[
  (trigger)
  (aspect)
  (dimension)
  (period)
  (terminal_kind)
  "block"
  "chargeback"
  "cheapest"
  "confirm"
  "fastest"
  "most-available"
  "ranking"
  "registry"
  "requests"
  "showback"
  "throttle"
  "tokens"
] @constant.builtin

; Conditions.
[
  "and"
  "covers"
  "has"
  "in"
  "not"
  "or"
] @keyword.operator

[
  "=="
  "!="
  "<"
  "<="
  ">"
  ">="
  "->"
] @operator

([
  (comparison left: (identifier) @variable.builtin)
  (comparison right: (identifier) @variable.builtin)
  (when (identifier) @variable.builtin)
  (require (identifier) @variable.builtin)
  (forbid (identifier) @variable.builtin)
  (prefer "where" (identifier) @variable.builtin)
  (for (identifier) @variable.builtin)
  (always (identifier) @variable.builtin)
  (never (identifier) @variable.builtin)
  (and (identifier) @variable.builtin)
  (or (identifier) @variable.builtin)
  (not (identifier) @variable.builtin)
  (group (identifier) @variable.builtin)
] (#match? @variable.builtin "^((model|chain)\\..*|budget\\.(.*\\.)?remaining|use_case|business_unit|team|project|application|workload|classification|risk|criticality|compliance|regulations|residency|data|capabilities|retention_max|latency_sla|availability_target|min_context|regulated_output)$"))

; Models.
(model provider: (identifier) @module)
(model "/" @punctuation.delimiter)
(path) @constant

[
  "{"
  "}"
  "["
  "]"
  "("
  ")"
] @punctuation.bracket

"," @punctuation.delimiter
