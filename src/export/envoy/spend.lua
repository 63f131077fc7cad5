-- Says what an answer cost, so that the rate limit service counts it when the stream is done. SPENDS (each budget's
-- header, its key, and what it counts apart where the hop knows it), PRICES, LONG and DIGITS stand before it.
-- Prices are dollars for a million tokens: micro-dollars for one.
local LONGEST = 1048576
local function number_in(text, first, after)
  return tonumber(string.match(string.sub(text, first, after - 1), "^%d+$") or "")
end
local function usage_in(text)
  local found = nil
  object(text, function(key, from)
    if key ~= "usage" then return end
    local usage = {cached = 0}
    members(text, from, function(name, first, after)
      if name == "prompt_tokens" then usage.prompt = number_in(text, first, after) end
      if name == "completion_tokens" then usage.completion = number_in(text, first, after) end
      if name ~= "prompt_tokens_details" then return end
      members(text, first, function(detail, f, a)
        if detail == "cached_tokens" then usage.cached = number_in(text, f, a) or 0 end
      end)
    end)
    if usage.prompt and usage.completion then found = usage end
  end)
  return found
end
local function micro_dollars(usage)
  local price = LONG and usage.prompt > LONG.above and LONG or PRICES
  local cached = math.min(usage.cached, usage.prompt)
  return (usage.prompt - cached) * price.input + cached * (price.cached or price.input) + usage.completion * price.output
end
-- Whole units of 10^-digits dollars. A fraction is rounded up as often as it is large, so that sums are right.
local function amount(micro, digits)
  local exact = micro * 10 ^ (digits - 6)
  local whole = math.floor(exact)
  if math.random() < exact - whole then whole = whole + 1 end
  return string.format("%.0f", math.min(whole, 1000000000))
end
local function spend(h, said, usage)
  local known, micro = h:streamInfo():dynamicMetadata(), micro_dollars(usage)
  for _, digits in ipairs(DIGITS) do known:set("govctl", "cost-" .. digits, amount(micro, digits)) end
  for key, value in pairs(said) do known:set("govctl", key, value) end
end
function envoy_on_request(h)
  local known = h:streamInfo():dynamicMetadata()
  for _, one in ipairs(SPENDS) do
    local value = h:headers():get(one.header)
    if value then known:set("govctl", "asks-" .. one.key, one.apart or value) end
  end
end
function envoy_on_response(h)
  if not string.find(h:headers():get(":status") or "", "^2") then return end
  local known, said, any = h:streamInfo():dynamicMetadata():get("govctl") or {}, {}, false
  for _, one in ipairs(SPENDS) do
    local value = known["asks-" .. one.key]
    if value then said[one.key], any = value, true end
  end
  if not any then return end
  -- Where an answer does not say what it used: a token for four bytes, or for an event of a stream.
  local guess = {prompt = math.ceil((tonumber(known.bytes) or 0) / 4), completion = 0, cached = 0}
  local is_stream = string.find(h:headers():get("content-type") or "", "text/event-stream", 1, true)
  -- `rest`: what came of a line that is not through, and its length.
  local parts, size, rest, length, usage = {}, 0, {}, 0, nil
  local function read_line(line)
    local data = string.match(line, "^data:%s*({.*)$")
    if not data then return end
    guess.completion = guess.completion + 1
    if string.find(data, '"usage"', 1, true) then usage = usage_in(data) or usage end
  end
  for chunk in h:bodyChunks() do
    local text = chunk:getBytes(0, chunk:length())
    size = size + #text
    if is_stream then
      local from, to = 1, string.find(text, "\n", 1, true)
      while to do
        rest[#rest + 1], length = string.sub(text, from, to - 1), length + to - from
        if length <= LONGEST then read_line(table.concat(rest)) end
        rest, length, from = {}, 0, to + 1
        to = string.find(text, "\n", from, true)
      end
      length = length + #text - from + 1
      rest[#rest + 1] = length <= LONGEST and string.sub(text, from) or nil
      spend(h, said, usage or guess)       -- whoever leaves early pays for what came
    elseif size <= LONGEST then
      parts[#parts + 1] = text
    end
  end
  if is_stream then return end
  guess.completion = math.ceil(size / 4)
  spend(h, said, size <= LONGEST and usage_in(table.concat(parts)) or guess)
  parts = nil
  tidy(size)
end
