-- Reads the outline of JSON text without building a tree: every byte that nobody replaces stays as it is.
local WS = "^[ \t\r\n]*()"
local function string_end(s, i)            -- i is at the opening quote; the index after the closing one
  local j = i + 1
  while true do
    local k = string.find(s, '"', j, true)
    if not k then return nil end
    local b = k - 1
    while string.byte(s, b) == 92 do b = b - 1 end
    if (k - 1 - b) % 2 == 0 then return k + 1 end
    j = k + 1
  end
end
local function value_end(s, i)
  local c = string.byte(s, i)
  if c == 34 then return string_end(s, i) end
  if c == 123 or c == 91 then
    local depth, j = 0, i
    while true do                          -- anything but JSON's own characters outside strings: not JSON
      local k = string.find(s, "[^%w%.%+%-:, \t\r\n]", j)
      if not k then return nil end
      local b = string.byte(s, k)
      if b == 34 then
        j = string_end(s, k)
        if not j then return nil end
      elseif b == 123 or b == 91 then
        depth, j = depth + 1, k + 1
      elseif b == 125 or b == 93 then
        depth, j = depth - 1, k + 1
        if depth == 0 then return j end
      else
        return nil
      end
    end
  end
  local _, e = string.find(s, "^[%w%.%+%-]+", i)
  return e and e + 1
end
local function plain(k)                    -- a key with its escapes undone, as far as ASCII goes
  if not string.find(k, "\\", 1, true) then return k end
  k = string.gsub(k, "\\u00(%x%x)", function(h) return string.char(tonumber(h, 16)) end)
  return (string.gsub(k, "\\(.)", "%1"))
end
-- Calls visit(key, first, after) for each member of the object at i; the index after the object, or nil: not an object.
local function members(s, i, visit)
  i = string.match(s, WS, i)
  if string.byte(s, i) ~= 123 then return nil end
  i = string.match(s, WS, i + 1)
  if string.byte(s, i) == 125 then return i + 1 end
  while true do
    if string.byte(s, i) ~= 34 then return nil end
    local ke = string_end(s, i)
    if not ke then return nil end
    local key = plain(string.sub(s, i + 1, ke - 2))
    i = string.match(s, WS, ke)
    if string.byte(s, i) ~= 58 then return nil end
    i = string.match(s, WS, i + 1)
    local ve = value_end(s, i)
    if not ve then return nil end
    visit(key, i, ve)
    i = string.match(s, WS, ve)
    local c = string.byte(s, i)
    if c == 125 then return i + 1 end
    if c ~= 44 then return nil end
    i = string.match(s, WS, i + 1)
  end
end
-- Whether the text is one JSON object and nothing else.
local function is_object(s)
  local e = members(s, 1, function() end)
  return e ~= nil and not string.find(s, "[^ \t\r\n]", e)
end
