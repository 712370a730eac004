-- Where the windows of a view lie on a screen of any size.
local M = {}

local float_columns_most = 140
local pane_columns_least = 24

--- The border of Kage's floats, how many cells of a side it takes, and whether words have room in it.
---@return string? border nil: Neovim's own 'winborder'
---@return integer cells
---@return boolean titled
function M.border()
  local own = require('kage.config').options.border
  local wanted = own or (vim.fn.exists('+winborder') == 1 and vim.o.winborder or '')
  if wanted == '' then
    return 'rounded', 1, true
  end
  return own, wanted == 'none' and 0 or 1, wanted ~= 'none' and wanted ~= 'shadow'
end

--- The area for floats: all but the tab line, the status line and the command line.
---@return { row: integer, columns: integer, rows: integer }
local function area()
  local tabs = #vim.api.nvim_list_tabpages()
  local top = (vim.o.showtabline == 2 or (vim.o.showtabline == 1 and tabs > 1)) and 1 or 0
  local bottom = vim.o.cmdheight + (vim.o.laststatus > 0 and 1 or 0)
  return { row = top, columns = vim.o.columns, rows = math.max(3, vim.o.lines - top - bottom) }
end

--- The windows of a view, each with the size of its inside.
---@param shape table
---@return table<string, { row: integer, col: integer, width: integer, height: integer }>
function M.places(shape)
  local _, edge = M.border()
  local space = area()
  local columns, left = space.columns, 0
  if shape.place == 'float' then
    columns = math.min(columns, float_columns_most)
    left = math.floor((space.columns - columns) / 2)
  end
  local stacked = false
  for _, pane in ipairs(shape.panes) do
    stacked = stacked or (#shape.panes > 1 and columns * pane.share - 2 * edge < pane_columns_least)
  end
  local places, at = {}, 0
  for index, pane in ipairs(shape.panes) do
    local whole = stacked and space.rows or columns
    local size = index == #shape.panes and whole - at or math.floor(whole * pane.share)
    places[pane.name] = {
      row = space.row + (stacked and at or 0),
      col = left + (stacked and 0 or at),
      width = math.max(1, (stacked and columns or size) - 2 * edge),
      height = math.max(1, (stacked and size or space.rows) - 2 * edge),
    }
    at = at + size
  end
  return places
end

return M
