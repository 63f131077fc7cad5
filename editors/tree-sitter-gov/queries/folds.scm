[
  (regions)
  (fact)
  (rule)
  (failover)
  (budget)
  (quota)
  (attribution)
  (audit)
  (guarantee)
  (test)
] @fold
