; For nvim-treesitter.

[
  (rule)
  (failover)
  (budget)
  (quota)
  (attribution)
  (audit)
  (guarantee)
  (test)
] @indent.begin

"}" @indent.branch @indent.end

[
  (comment)
  (ERROR)
] @indent.auto
