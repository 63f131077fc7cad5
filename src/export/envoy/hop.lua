-- Sets top-level members of the JSON body of one hop and removes those that choose a model; every other byte stays.
-- filter_context: each key is a member, each value its JSON text; an empty one removes the member.
-- An error in Lua is logged and the request goes on as it is, so a body that was done is marked by a header
-- without which the hop has no route.
local function splice(s, fields)           -- every occurrence, so that a second one cannot win; nil: not a JSON object
  local found, seen = {}, {}
  local e = members(s, 1, function(key, from, after)
    found[#found + 1] = {key, from, after}
  end)
  if not e or string.find(s, "[^ \t\r\n]", e) then return nil end
  local parts = {}
  for _, m in ipairs(found) do
    local key, from, after = m[1], m[2], m[3]
    local new = fields[key]
    if new == nil then
      parts[#parts + 1] = {key, string.sub(s, from, after - 1)}
    elseif new ~= "" and not seen[key] then
      parts[#parts + 1] = {key, new}
      seen[key] = true
    end
  end
  for key, new in pairs(fields) do
    if new ~= "" and not seen[key] then parts[#parts + 1] = {key, new} end
  end
  local texts = {}
  for i, part in ipairs(parts) do
    local quoted = string.gsub(part[1], '[%c"\\]', function(c) return string.format("\\u%04x", string.byte(c)) end)
    texts[i] = '"' .. quoted .. '":' .. part[2]
  end
  return "{" .. table.concat(texts, ",") .. "}"
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
  local hs = h:headers()
  hs:replace("content-type", "application/json")
  hs:replace("x-decide-body", "done")
end
