-- Reads what a request states, and leaves it in headers `x-decide-…`, which no caller can set. If this script fails,
-- they are missing and the request is refused. PREFIX, TABLE, CREDENTIALS, HEADERS, CLAIMS, ONLY, CLASSIFICATIONS, FACTS
-- and BUDGETS stand before it.
local function refuse(h, status, code, message)
  h:respond({[":status"] = status, ["content-type"] = "application/json", [PREFIX .. "table"] = TABLE, [PREFIX .. "decision"] = "-",
    [PREFIX .. "route"] = "block", [PREFIX .. "hop"] = "-"},
    '{"error":{"type":"govctl","code":"' .. code .. '","message":"' .. message .. '","use_case":null,"decision":null,"table":"' .. TABLE .. '"}}')
end
local function not_understood(h) refuse(h, "403", "block", "the request states something that is not understood") end
local function by_caller(h) refuse(h, "403", "stated-by-caller", "only credentials state this attribute") end

-- Decimal text as whole part and fraction without idle zeros; nil: not a percent. Clamped to 0 to 100.
local function percent(text)
  text = string.gsub(text, "%s*%%$", "")
  local minus, whole, fraction = string.match(text, "^(%-?)(%d+)%.?(%d*)$")
  if not whole or #text > 40 then return nil end
  whole = string.gsub(whole, "^0+(%d)", "%1")
  fraction = string.gsub(fraction, "0+$", "")
  if minus == "-" then return "0", "" end
  if #whole > 3 or (tonumber(whole) >= 100) then return "100", "" end
  return whole, fraction
end
local function below(whole, fraction, cut)  -- exact: digits are compared, not floating point
  local a, b = tonumber(whole), tonumber(cut.whole)
  if a ~= b then return a < b end
  local n = math.max(#fraction, #cut.fraction)
  local x = fraction .. string.rep("0", n - #fraction)
  local y = cut.fraction .. string.rep("0", n - #cut.fraction)
  if x ~= y then return x < y end
  return cut.closed
end
local function band(cuts, text)
  local whole, fraction = percent(text)
  if not whole then return nil end
  for i, cut in ipairs(cuts) do
    if below(whole, fraction, cut) then return tostring(i) end
  end
  return "0"
end

-- Which attributes `govctl` in the body's metadata states; nil: none. This proxy does not read it, so it refuses it.
local function in_metadata(text)
  local carries, only = false, false
  members(text, 1, function(key, from)
    if key ~= "metadata" then return end
    members(text, from, function(name, first)
      if name ~= "govctl" then return end
      carries = true
      members(text, first, function(attribute) only = only or ONLY[attribute] == true end)
    end)
  end)
  return carries, only
end

-- What the verified token states, and the use cases that it allows; nil: something in it is not understood.
local function said_by_claims(h)
  if not CREDENTIALS then return {} end
  local payload = h:streamInfo():dynamicMetadata():get("envoy.filters.http.jwt_authn")
  local claims = payload and payload["govctl"] or {}
  local said = {}
  for attribute, claim in pairs(CLAIMS) do
    local value = claims[claim]
    if value ~= nil then
      if type(value) ~= "string" and type(value) ~= "number" then return nil end
      said[attribute] = tostring(value)
    end
  end
  local several = claims[CLAIMS["use_case"] .. "s"]
  return said, type(several) == "table" and several or nil
end
local function among(list, name)
  for _, one in ipairs(list) do
    if one == name then return true end
  end
  return false
end

-- What the caller states in headers, which are taken away; nil: something is not understood.
local function said_by_caller(hs)
  local said, names, understood = {}, {}, true
  for key, value in pairs(hs) do
    if string.sub(key, 1, #PREFIX) == PREFIX then names[#names + 1] = {string.sub(key, #PREFIX + 1), value} end
  end
  for _, pair in ipairs(names) do
    hs:remove(PREFIX .. pair[1])
    local attribute = HEADERS[pair[1]]
    if not attribute or said[attribute] then understood = false else said[attribute] = pair[2] end
  end
  return said, understood
end

function envoy_on_request(h)
  local hs = h:headers()
  local said, understood = said_by_caller(hs)
  local claims, several = said_by_claims(h)
  if CREDENTIALS then
    for attribute in pairs(said) do
      local chosen = attribute == "use_case" and several
      if not chosen and (ONLY[attribute] or BUDGETS[attribute]) then return by_caller(h) end
    end
  end
  if not understood or claims == nil then return not_understood(h) end
  if several and not claims["use_case"] and not among(several, said["use_case"]) then return not_understood(h) end
  for attribute, value in pairs(claims) do said[attribute] = value end
  hs:replace("x-decide-use-case", said["use_case"] or "")
  local level = said["classification"]
  if level and not CLASSIFICATIONS[level] then return not_understood(h) end
  hs:replace("x-decide-classification", level or "-")
  for attribute, budget in pairs(BUDGETS) do
    local at = band(budget.cuts, said[attribute] or "100")
    if not at then return not_understood(h) end
    hs:replace("x-decide-budget-" .. budget.number, at)
  end
  for attribute, fact in pairs(FACTS) do
    local at = fact.values[said[attribute] or fact.default]
    if not at then return not_understood(h) end
    hs:replace("x-decide-fact-" .. fact.number, tostring(at))
  end
  local b = h:body()
  local text = b and b:getBytes(0, b:length()) or ""
  if not is_object(text) then return refuse(h, "400", "not-json", "the body is not a JSON object") end
  local carries, only = in_metadata(text)
  if only then return by_caller(h) end
  if carries then return not_understood(h) end
end
