-- Names what an upstream's answer means: x-decide-outcome goes from `role:up-STATUS` to `role:trigger`, or to `role:none`.
local FILTERED = {content_filter = true, content_policy_violation = true, responsible_ai_policy_violation = true, responsibleaipolicyviolation = true}
local TOO_LONG = {context_length_exceeded = true, context_window_exceeded = true, string_above_max_length = true}
local NO_CREDIT = {insufficient_quota = true, billing_hard_limit_reached = true, billing_not_active = true, insufficient_credits = true}
local LONGEST = 1048576                    -- of an error that is read
local function codes(text)                 -- error.code and error.type
  local found = {}
  members(text, 1, function(key, from)
    if key ~= "error" then return end
    members(text, from, function(name, first, after)
      if (name == "code" or name == "type") and string.byte(text, first) == 34 then
        found[#found + 1] = string.lower(plain(string.sub(text, first + 1, after - 2)))
      end
    end)
  end)
  return found
end
local function any(found, set)
  for _, code in ipairs(found) do
    if set[code] then return true end
  end
  return false
end
local function trigger(status, found)
  if status < 400 or status > 599 then return "none" end
  if status < 500 then
    if any(found, FILTERED) then return "content-filtered" end
    if any(found, TOO_LONG) then return "context-exceeded" end
    if status == 402 or ((status == 403 or status == 429) and any(found, NO_CREDIT)) then return "out-of-credit" end
    if status == 429 then return "rate-limited" end
    if status == 408 then return "timeout" end
    if status == 401 or status == 403 then return "unauthorized" end
    return "none"
  end
  if status == 504 then return "timeout" end
  if status == 503 or status == 529 then return "unavailable" end
  return "server-error"
end
function envoy_on_response(h)
  local hs = h:headers()
  local role, what = string.match(hs:get("x-decide-outcome") or "", "^([^:]+):up%-(%d+)$")
  if not role then return end
  local status, found = tonumber(what), {}
  -- What is too long to be read is not waited for either.
  if status >= 400 and status < 500 and (tonumber(hs:get("content-length")) or 0) <= LONGEST then
    h:streamInfo():dynamicMetadata():set("govctl", "begun", "yes")
    local b = h:body()
    found = b and b:length() <= LONGEST and codes(b:getBytes(0, b:length())) or {}
    tidy(b and b:length() or 0)
  end
  h:headers():replace("x-decide-outcome", role .. ":" .. trigger(status, found))
end
