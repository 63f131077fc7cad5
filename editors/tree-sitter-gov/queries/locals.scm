; Statements see each other in whatever order they stand.
(source_file) @local.scope

(fact name: (_) @local.definition.var)
(rule name: (_) @local.definition.function)
(failover name: (_) @local.definition.function)
(budget name: (_) @local.definition.function)
(quota name: (_) @local.definition.function)
(audit name: (_) @local.definition.function)
(guarantee name: (_) @local.definition.function)

(overrides (_) @local.reference)
(within (_) @local.reference)
(expect_rule (_) @local.reference)
(given_fact fact: (_) @local.reference)
(comparison left: (identifier) @local.reference)
(comparison right: (identifier) @local.reference)
