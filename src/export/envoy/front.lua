-- Reads what a request states, and leaves it in headers `x-decide-…`, which no caller can set. If this script fails,
-- they are missing and the request is refused. GRPC, PREFIX, TABLE, CREDENTIALS, HEADERS, CLAIMS, USE_CASES, TAGS, NAMES, DIMENSIONS,
-- CLAIM_NAMES, ONLY, CLASSIFICATIONS, FACTS, BUDGETS, COUNTS_TOKENS and PER_USER stand before it.
-- For the access log: a use case of the table with its tags. Nobody words what is logged.
local function log_use_case(known, name)
  name = TAGS[name] or name
  if not NAMES[name] then return end
  local of = {use_case = name}
  for dimension, values in pairs(DIMENSIONS) do of[dimension] = values[name] end
  known:set("govctl", "of", of)
end
local function refuse(h, status, code, message, use_case)
  local known = h:streamInfo():dynamicMetadata()
  known:set("govctl", "error", code)
  log_use_case(known, use_case)
  h:headers():replace("x-decide-use-case", "-")  -- it was read: what the proxy says of what was not, stays unsaid
  h:respond({[":status"] = status, ["content-type"] = "application/json", [PREFIX .. "table"] = TABLE, [PREFIX .. "decision"] = "-",
    [PREFIX .. "route"] = "block", [PREFIX .. "hop"] = "-"},
    '{"error":{"type":"govctl","code":"' .. code .. '","message":"' .. message .. '","use_case":null,"decision":null,"table":"' .. TABLE .. '"}}')
end
local function not_understood(h, use_case) refuse(h, "403", "block", "the request states something that is not understood", use_case) end
local function no_user(h, use_case) refuse(h, "403", "block", "a limit counts each user apart, and the token names none in `sub`", use_case) end
local function by_caller(h, use_case) refuse(h, "403", "stated-by-caller", "only credentials state this attribute", use_case) end

-- Decimal text as whole part and fraction without idle zeros; nil: not a percent. Clamped to 0 to 100.
local function percent(text)
  if string.byte(text, #text) == 37 then text = string.sub(text, 1, #text - 1) end
  -- Each pattern has one way to fit, so that long text costs no more than its length.
  local minus, whole, at = string.match(text, "^(%-?)(%d+)()")
  local fraction = whole and string.sub(text, at)
  if not whole or (fraction ~= "" and not string.find(fraction, "^%.%d+$")) then return nil end
  whole = string.gsub(whole, "^0+(%d)", "%1")
  local last = #fraction
  while string.byte(fraction, last) == 48 do last = last - 1 end
  fraction = string.sub(fraction, 2, last)
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

-- What a caller states, with what it must not state and whether all of it is understood.
local function statement() return {said = {}, understood = true} end
local function state(by, attribute, value)
  local known = attribute and by.said[attribute]
  if not attribute or not value or (known and known ~= value) then by.understood = false end
  if attribute then by.said[attribute] = value or known or "" end
end
local function is_share(attribute) return string.sub(attribute, 1, 7) == "budget." end
local function is_theirs(attribute) return ONLY[attribute] or is_share(attribute) end

-- What stands in headers, which are taken away with all that no provider needs.
local KEPT = {["content-type"] = true, ["content-length"] = true, ["transfer-encoding"] = true, accept = true, te = true,
  ["user-agent"] = true, ["x-request-id"] = true, traceparent = true, tracestate = true, ["idempotency-key"] = true,
  ["x-forwarded-proto"] = true, host = true, connection = true}
local function in_headers(hs, by)
  local names, met = {}, {}
  for key, value in pairs(hs) do
    if string.sub(key, 1, #PREFIX) == PREFIX then
      local name = string.sub(key, #PREFIX + 1)
      if met[name] then by.understood = false end
      met[name] = true
      state(by, HEADERS[name], value)
    end
    if not KEPT[key] and string.sub(key, 1, 1) ~= ":" then names[#names + 1] = key end
  end
  for _, name in ipairs(names) do hs:remove(name) end
end

local function is_null(s, first, after) return string.sub(s, first, after - 1) == "null" end
-- The text of a JSON value: a string's, or a number's digits where they state a share; nil: something else.
local function text_of(s, first, after, may_be_number)
  if string.byte(s, first) == 34 then return plain(string.sub(s, first + 1, after - 2)) end
  local text = string.sub(s, first, after - 1)
  return may_be_number and string.find(text, "^[%-%d]") and not string.find(text, "[eE]") and text or nil
end
local function in_govctl(s, from, by)
  local met = {}
  local function one(attribute, first, after)
    if met[attribute] then by.understood = false end
    met[attribute] = true
    if not is_null(s, first, after) then state(by, attribute, text_of(s, first, after, is_share(attribute))) end
  end
  local e = members(s, from, function(name, first, after)
    if name == "facts" then
      local facts = members(s, first, function(fact, f, a)
        if not FACTS[fact] then by.understood = false end
        one(fact, f, a)
      end)
      if (not facts and not is_null(s, first, after)) or met[name] then by.understood = false end
      met[name] = true
    else
      if FACTS[name] or not CLAIMS[name] then by.understood = false end
      one(name, first, after)
    end
  end)
  if not e then by.understood = false end
end
-- Reads `govctl` in the metadata of the body, which no hop passes on; whether the body is a JSON object.
local function in_metadata(s, by)
  local times, places = 0, 0
  local whole = object(s, function(key, from)
    if key ~= "metadata" then return end
    places = places + 1
    members(s, from, function(name, first)
      if name ~= "govctl" then return end
      times = times + 1
      in_govctl(s, first, by)
    end)
  end)
  if times > 1 or (times > 0 and places > 1) then by.understood = false end
  return whole
end
-- JSON is UTF-8: runs of other bytes must be well-formed sequences.
local function is_utf8(s)
  local i = string.find(s, "[\128-\255]")
  while i do
    local e = string.match(s, "^[\194-\223][\128-\191]()", i) or string.match(s, "^\224[\160-\191][\128-\191]()", i)
      or string.match(s, "^[\225-\236\238\239][\128-\191][\128-\191]()", i) or string.match(s, "^\237[\128-\159][\128-\191]()", i)
      or string.match(s, "^\240[\144-\191][\128-\191][\128-\191]()", i) or string.match(s, "^[\241-\243][\128-\191][\128-\191][\128-\191]()", i)
      or string.match(s, "^\244[\128-\143][\128-\191][\128-\191]()", i)
    if not e then return false end
    i = string.find(s, "[\128-\255]", e)
  end
  return true
end

-- What the verified token states, and the use cases that it allows; nil: something in it is not understood.
local function said_by_claims(h)
  if not CREDENTIALS then return {} end
  local payload = h:streamInfo():dynamicMetadata():get("envoy.filters.http.jwt_authn")
  local claims = payload and payload["govctl"] or {}
  local said, several = {}, claims[USE_CASES]
  for attribute, claim in pairs(CLAIMS) do
    local value = claims[claim]
    if value ~= nil then
      -- Only a share may be a number, and a whole one, as loaders want it; a fraction is text.
      local is_whole = is_share(attribute) and type(value) == "number" and value == math.floor(value)
      if type(value) ~= "string" and not is_whole then return nil end
      said[attribute] = is_whole and string.format("%.0f", value) or value
    end
  end
  for claim in pairs(claims) do
    if string.sub(claim, 1, 7) == "govctl_" and not CLAIM_NAMES[claim] then return nil end
  end
  if several ~= nil and type(several) ~= "table" then return nil end
  local user = claims["sub"]
  return said, several, type(user) == "string" and string.find(user, "^%C+$") and user or nil
end
-- An estimate: a token for four bytes of the request, and as many as the answer may have.
local function tokens_of(s)
  local most = 0
  object(s, function(name, first, after)
    if name ~= "max_tokens" and name ~= "max_completion_tokens" then return end
    -- However it is spelled: 400, 4e2, "400".
    local text = string.byte(s, first) == 34 and plain(string.sub(s, first + 1, after - 2)) or string.sub(s, first, after - 1)
    most = math.max(most, string.find(text, "^%d") and math.ceil(tonumber(text) or 0) or 0)
  end)
  return string.format("%d", math.min(math.ceil(#s / 4) + most, 1000000000))
end
local function among(list, name)
  for _, one in ipairs(list) do
    if one == name or (name and (TAGS[one] or one) == (TAGS[name] or name)) then return true end
  end
  return false
end

-- What all of them state together; nil: not understood.
local function together(stated, trusted, claims, several)
  local said = {}
  for attribute, value in pairs(stated) do said[attribute] = value end
  for attribute, value in pairs(trusted) do said[attribute] = value end
  for attribute, value in pairs(claims) do said[attribute] = value end
  for _, value in pairs(said) do
    if string.find(value, "%c") then return nil end  -- no header carries it
  end
  local level = 0
  for _, by in ipairs({stated, trusted, claims}) do
    local one = by.classification
    if one ~= nil and not CLASSIFICATIONS[one] then return nil end
    if one ~= nil and CLASSIFICATIONS[one] > level then level, said.classification = CLASSIFICATIONS[one], one end
  end
  if several then
    if said.use_case == nil and #several == 1 then said.use_case = several[1] end
    if not among(several, said.use_case) then return nil end
  end
  return said
end

-- Leaves for the access log what the table is asked: of facts and shares those that are stated.
local function log(h, said)
  local known, facts, shares = h:streamInfo():dynamicMetadata(), {}, {}
  log_use_case(known, said.use_case)
  for attribute, value in pairs(said) do
    local budget = string.match(attribute, "^budget%.(.+)%.remaining$")
    if FACTS[attribute] then
      facts[attribute] = value
    elseif budget then
      shares[budget] = value
    elseif attribute ~= "use_case" then
      known:set("govctl", attribute, value)
    end
  end
  if next(facts) then known:set("govctl", "facts", facts) end
  if next(shares) then known:set("govctl", "budgets", shares) end
end

function envoy_on_request(h)
  local hs = h:headers()
  if string.sub(hs:get("content-type") or "", 1, #GRPC) == GRPC then  -- another listener refuses it, which does not know
    hs:replace("content-type", "-")
    return hs:replace("x-decide-use-case", "-")
  end
  local headers, metadata = statement(), statement()
  in_headers(hs, headers)
  local claims, several, user = said_by_claims(h)
  local b = h:body()
  local text = b and b:getBytes(0, b:length()) or ""
  local is_object = in_metadata(text, metadata)
  local name = claims and claims.use_case or headers.said.use_case or metadata.said.use_case
  if not is_object or not is_utf8(text) then return refuse(h, "400", "not-json", "the body is not a JSON object", name) end
  -- Headers are an authenticator's where no token is asked for; metadata is always the caller's.
  local chooses = claims and several and not claims.use_case
  for _, by in ipairs(CREDENTIALS and {headers, metadata} or {metadata}) do
    for attribute in pairs(by.said) do
      if is_theirs(attribute) and not (chooses and attribute == "use_case") then return by_caller(h, name) end
    end
  end
  if not claims or not headers.understood or not metadata.understood then return not_understood(h, name) end
  for attribute, value in pairs(metadata.said) do
    if CREDENTIALS and headers.said[attribute] and headers.said[attribute] ~= value then return not_understood(h, name) end
  end
  local said = together(metadata.said, headers.said, claims, several)
  if not said then return not_understood(h, name) end
  name = said.use_case
  hs = h:headers()
  hs:replace(":path", (string.gsub(hs:get(":path"), "%?.*$", "")))  -- a query is the caller's, and no provider's to see
  hs:replace("x-decide-use-case", said["use_case"] or "")
  hs:replace("x-decide-classification", said["classification"] or "-")
  for attribute, budget in pairs(BUDGETS) do
    local at = band(budget.cuts, said[attribute] or "100")
    if not at then return not_understood(h, name) end
    hs:replace("x-decide-budget-" .. budget.number, at)
  end
  for attribute, fact in pairs(FACTS) do
    local at = fact.values[said[attribute] or fact.default]
    if not at then return not_understood(h, name) end
    hs:replace("x-decide-fact-" .. fact.number, tostring(at))
  end
  if PER_USER and not user and h:metadata():get("per_user") then return no_user(h, name) end
  hs:replace("x-decide-user", user or "-")
  if COUNTS_TOKENS then hs:replace("x-decide-tokens", tokens_of(text)) end
  log(h, said)
end
