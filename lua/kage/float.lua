-- Small floats in the middle of the screen.
local M = {}

---@param lines string[]
---@param title string
---@param filetype string?
---@param room integer rows beyond the lines, for what is written; with none, nothing can be
---@return integer buffer
---@return integer window
local function open(lines, title, filetype, room)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].undolevels = -1
  -- It is not, where the person has 'nomodifiable' for all.
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].undolevels = vim.o.undolevels
  vim.bo[buffer].bufhidden = 'wipe'
  local border, edge = require('kage.layout').border()
  local widest = 40
  for _, line in ipairs(lines) do
    widest = math.max(widest, vim.fn.strdisplaywidth(line) + 1)
  end
  local width = math.max(1, math.min(widest, vim.o.columns - 2 * edge))
  local height = math.max(1, math.min(#lines + room, vim.o.lines - 2 * edge - 2))
  local config = {
    relative = 'editor',
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 1),
    col = math.max(0, math.floor((vim.o.columns - width) / 2) - edge),
    width = width,
    height = height,
    style = 'minimal',
    border = border,
    zindex = 70,
  }
  if edge > 0 then
    config.title, config.title_pos = ' ' .. title .. ' ', 'center'
  end
  local window = vim.api.nvim_open_win(buffer, true, config)
  vim.wo[window].winfixbuf = true
  vim.wo[window].linebreak = true
  vim.wo[window].diff = false
  -- Lines that the screen is too narrow for go on below.
  local tall = vim.api.nvim_win_text_height(window, {}).all + room
  if tall > height then
    config.height = math.max(1, math.min(tall, vim.o.lines - 2 * edge - 2))
    config.row = math.max(0, math.floor((vim.o.lines - config.height) / 2) - 1)
    vim.api.nvim_win_set_config(window, config)
  end
  vim.wo[window].winhighlight = require('kage.highlight').window()
  vim.bo[buffer].modifiable = room > 0
  -- Its keys are those of Normal mode, whatever mode it comes up in.
  vim.cmd.stopinsert()
  if filetype then
    vim.bo[buffer].filetype = filetype
  end
  return buffer, window
end

---@param lines string[]
---@param title string
---@param filetype string?
---@param room integer rows beyond the lines, for what is written; with none, nothing can be
---@return integer buffer
---@return integer window
function M.open(lines, title, filetype, room)
  local opened = require('kage.undisturbed').run(function()
    return { open(lines, title, filetype, room) }
  end)
  return opened[1], opened[2]
end

local namespace = vim.api.nvim_create_namespace('kage-float')

--- Gives a whole row a highlight group.
---@param buffer integer
---@param row integer from 0
---@param group string
function M.mark(buffer, row, group)
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
  vim.api.nvim_buf_set_extmark(buffer, namespace, row, 0, { end_col = #line, hl_group = group })
end

---@param window integer
function M.close(window)
  if vim.api.nvim_win_is_valid(window) then
    require('kage.undisturbed').run(function()
      vim.api.nvim_win_close(window, true)
    end)
  end
end

return M
