(fact name: (_) @name) @definition.constant
(rule name: (_) @name) @definition.function
(failover name: (_) @name) @definition.function
(budget name: (_) @name) @definition.function
(quota name: (_) @name) @definition.function
(audit name: (_) @name) @definition.function
(guarantee name: (_) @name) @definition.function
(test name: (_) @name) @definition.function

(overrides (_) @name) @reference.call
(within (_) @name) @reference.call
(expect_rule (_) @name) @reference.call
