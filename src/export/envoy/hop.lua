-- Sets top-level members of the JSON body of one hop, and keeps of the caller's those in PASSED, byte by byte. It stands before.
-- filter_context: each key is a member, each value its JSON text; an empty one removes the member.
-- An error in Lua is logged and the request goes on as it is, so a body that was done is marked by a header
-- without which the hop has no route.
local function splice(s, fields)           -- every occurrence, so that no other one can win; nil: not a JSON object
  local parts, seen = {}, {}
  local whole = object(s, function(key, _, after, key_first)
    local new = fields[key]
    if new == nil then
      if PASSED[key] then parts[#parts + 1] = string.sub(s, key_first, after - 1) end
    elseif new ~= "" and not seen[key] then
      parts[#parts + 1] = '"' .. key .. '":' .. new
      seen[key] = true
    end
  end)
  if not whole then return nil end
  for name, new in pairs(fields) do
    if new ~= "" and not seen[name] then parts[#parts + 1] = '"' .. name .. '":' .. new end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end
function envoy_on_request(h)
  local fields = {}
  for k, v in pairs(h:filterContext()) do fields[k] = v end   -- before body(): it yields, and objects do not outlive that
  -- The headers are gone when the proxy itself answers for a provider.
  local known = h:streamInfo():dynamicMetadata()
  known:set("govctl", "name", h:headers():get("x-decide-name") or "null")
  known:set("govctl", "decision", h:headers():get("x-decide-decision") or "null")
  local b = h:body()
  local new = b and splice(b:getBytes(0, b:length()), fields)
  if not new then
    h:respond({[":status"] = "400", ["content-type"] = "application/json"},
      '{"error":{"type":"govctl","code":"not-json","message":"the body is not a JSON object"}}')
    return
  end
  b:setBytes(new)
  local length = #new
  new = nil
  tidy(length)
  h:streamInfo():dynamicMetadata():set("govctl", "bytes", tostring(length))
  local hs = h:headers()
  hs:replace("content-type", "application/json")
  hs:replace("x-decide-body", "done")
end
