-- Answers what quotas on all traffic say where a filter before this one has marked them as used up. PREFIX, TABLE and
-- QUOTAS stand before it.
local RANK = {block = 3, queue = 2, failover = 1}
function envoy_on_request(h)
  local hs, worst = h:headers(), nil
  for _, quota in ipairs(QUOTAS) do
    if hs:get(quota.mark) and (not worst or RANK[quota.action] > RANK[worst.action]) then worst = quota end
  end
  if not worst then return end
  if worst.action == "failover" then  -- the primary counts as rate-limited
    hs:replace("x-decide-limited", "1")
    return
  end
  local cell = h:metadata()
  local name, decision = cell:get("name") or "null", cell:get("decision") or "null"
  -- The route of the cell adds table and decision, here as well.
  local headers = {[":status"] = worst.action == "queue" and "503" or "403", ["content-type"] = "application/json",
    [PREFIX .. "route"] = worst.action, [PREFIX .. "hop"] = "-"}
  if worst.action == "queue" then headers["retry-after"] = tostring(worst.seconds) end
  h:respond(headers, '{"error":{"type":"govctl","code":"' .. worst.action .. '","message":"a quota is used up","use_case":' .. name ..
    ',"decision":' .. decision .. ',"table":"' .. TABLE .. '"}}')
end
