-- Reads JSON text without building a tree: every byte that nobody replaces stays as it is. What RFC 8259 does not allow
-- is nil everywhere.
local DEEPEST = 200
local function skip(s, i) return string.match(s, "^[ \t\r\n]*()", i) end
-- The next place from i on where something special stands: one search through long text serves many strings. What was
-- found is true of where it was looked for and behind, up to the place found: text is read again from earlier places.
-- Without text it forgets the last.
local function finder(search)
  local of, from, at = nil, nil, nil
  return function(s, i)
    if not s then of = nil return end
    if of ~= s or at < i then
      of, from, at = s, i, search(s, i)
    elseif i < from then
      local near = search(string.sub(s, i, from - 1), 1)
      if near <= from - i then at = i + near - 1 end
      from = i
    end
    return at
  end
end
local next_escape = finder(function(s, i) return string.find(s, "\\", i, true) or math.huge end)
local next_control = finder(function(s, i) return string.match(s, "^%C*()", i) end)
local function forget() next_escape() next_control() end
-- Every hop has a heap of its own, which would keep what it read last until it is asked again.
local LARGE = 65536
local function tidy(length)
  forget()
  if length > LARGE then collectgarbage() end
end
local function string_end(s, i)            -- i is at the opening quote; the index after the closing one
  local j = i + 1
  local quote = string.find(s, '"', j, true)
  if not quote then return nil end
  if next_escape(s, j) > quote and next_control(s, j) > quote then return quote + 1 end
  while true do
    local k = string.find(s, '[%z\1-\31"\\]', j)
    local b = k and string.byte(s, k)
    if b == 34 then return k + 1 end
    if b ~= 92 then return nil end         -- the end of the text, or a control character
    if string.find(s, '^["\\/bfnrt]', k + 1) then
      j = k + 2
    elseif string.find(s, "^u%x%x%x%x", k + 1) then
      j = k + 6
    else
      return nil
    end
  end
end
local function number_end(s, i)
  local e = string.match(s, "^%-?0()", i) or string.match(s, "^%-?[1-9]%d*()", i)
  if not e then return nil end
  e = string.match(s, "^%.%d+()", e) or e
  e = string.match(s, "^[eE][%+%-]?%d+()", e) or e
  return e
end
local function utf8(code)
  if code < 128 then return string.char(code) end
  if code < 2048 then return string.char(192 + math.floor(code / 64), 128 + code % 64) end
  local low = string.char(128 + math.floor(code / 64) % 64, 128 + code % 64)
  if code < 65536 then return string.char(224 + math.floor(code / 4096)) .. low end
  return string.char(240 + math.floor(code / 262144), 128 + math.floor(code / 4096) % 64) .. low
end
local SHORT = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t"}
local function plain(text)                 -- the inside of a string with its escapes undone
  if not string.find(text, "\\", 1, true) then return text end
  local parts, j = {}, 1
  while true do
    local k = string.find(text, "\\", j, true)
    if not k then break end
    parts[#parts + 1] = string.sub(text, j, k - 1)
    local c = string.sub(text, k + 1, k + 1)
    j = k + 2
    if c == "u" then
      local code = tonumber(string.sub(text, k + 2, k + 5), 16)
      local low = tonumber(string.match(text, "^\\u([dD][c-fC-F]%x%x)", k + 6) or "0", 16)
      j = k + 6
      if code >= 55296 and code < 56320 and low > 0 then
        code, j = 65536 + (code - 55296) * 1024 + low - 56320, k + 12
      end
      parts[#parts + 1] = utf8(code)
    else
      parts[#parts + 1] = SHORT[c] or c
    end
  end
  return table.concat(parts) .. string.sub(text, j)
end
local value_end
-- Calls visit(key, first, after, key_first) for each member of the object at i; the index after the object.
local function members(s, i, visit, depth)
  i = skip(s, i)
  depth = depth or 1
  if string.byte(s, i) ~= 123 or depth > DEEPEST then return nil end
  i = skip(s, i + 1)
  if string.byte(s, i) == 125 then return i + 1 end
  while true do
    if string.byte(s, i) ~= 34 then return nil end
    local ke = string_end(s, i)
    if not ke then return nil end
    local colon = skip(s, ke)
    if string.byte(s, colon) ~= 58 then return nil end
    local from = skip(s, colon + 1)
    local ve = value_end(s, from, depth + 1)
    if not ve then return nil end
    if visit then visit(plain(string.sub(s, i + 1, ke - 2)), from, ve, i) end
    i = skip(s, ve)
    local c = string.byte(s, i)
    if c == 125 then return i + 1 end
    if c ~= 44 then return nil end
    i = skip(s, i + 1)
  end
end
local function items(s, i, depth)          -- the index after the array at i
  if depth > DEEPEST then return nil end
  i = skip(s, i + 1)
  if string.byte(s, i) == 93 then return i + 1 end
  while true do
    local ve = value_end(s, i, depth + 1)
    if not ve then return nil end
    i = skip(s, ve)
    local c = string.byte(s, i)
    if c == 93 then return i + 1 end
    if c ~= 44 then return nil end
    i = skip(s, i + 1)
  end
end
value_end = function(s, i, depth)
  local c = string.byte(s, i)
  if c == 34 then return string_end(s, i) end
  if c == 123 then return members(s, i, nil, depth) end
  if c == 91 then return items(s, i, depth) end
  return string.match(s, "^true()", i) or string.match(s, "^false()", i) or string.match(s, "^null()", i) or number_end(s, i)
end
-- Visits the members of a text that is one JSON object and nothing else; nil: it is not.
local function object(s, visit)
  local e = members(s, 1, visit)
  forget()
  return e and not string.find(s, "[^ \t\r\n]", e) and e
end
