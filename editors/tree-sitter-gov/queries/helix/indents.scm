; For Helix.

[
  (rule)
  (failover)
  (budget)
  (quota)
  (attribution)
  (audit)
  (guarantee)
  (test)
] @indent

"}" @outdent
