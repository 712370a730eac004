-- What `setup()` takes, and what it stands at.
local M = {}

---@class kage.Options
---@field keymaps? 'default'|'none' global maps below <leader>k; `none` by default
---@field autostart? boolean whether the host starts with Neovim, so that status() and events are there from the beginning
---@field border? string the border of Kage's floats; by default 'winborder', else "rounded"
local defaults = { keymaps = 'none', autostart = false }

M.options = vim.deepcopy(defaults)

local known = {
  keymaps = function(value)
    return value == 'default' or value == 'none' or 'must be "default" or "none"'
  end,
  autostart = function(value)
    return type(value) == 'boolean' or 'must be true or false'
  end,
  border = function(value)
    local named =
      { none = true, single = true, double = true, rounded = true, solid = true, shadow = true, bold = true }
    return named[value] or 'must be "none", "single", "double", "rounded", "solid", "shadow" or "bold"'
  end,
}

--- How many letters have to change to make one word of the other.
---@param one string
---@param other string
---@return integer
local function distance(one, other)
  local above = {}
  for column = 0, #other do
    above[column] = column
  end
  for row = 1, #one do
    local current = { [0] = row }
    for column = 1, #other do
      local same = one:sub(row, row) == other:sub(column, column) and 0 or 1
      current[column] = math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + same)
    end
    above = current
  end
  return above[#other]
end

---@param key string
---@return string
local function nearest(key)
  local best, least = nil, math.huge
  for name in pairs(known) do
    local far = distance(key, name)
    if far < least or (far == least and name < best) then
      best, least = name, far
    end
  end
  return best
end

--- Looks at options; answers with what is wrong with them, or nil.
---@param options any
---@return string? problem
function M.problem(options)
  if type(options) ~= 'table' then
    return 'setup() takes a table of options.'
  end
  for key, value in pairs(options) do
    local valid = known[key]
    if not valid then
      return ('setup() has no option "%s"; the nearest is "%s".'):format(
        tostring(key),
        nearest(tostring(key))
      )
    end
    local answer = valid(value)
    if answer ~= true then
      return ('setup(): %s %s, not %s.'):format(key, answer, vim.inspect(value))
    end
  end
end

---@param options kage.Options
function M.set(options)
  M.options = vim.tbl_extend('force', defaults, options)
end

return M
