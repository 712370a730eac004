-- One window of a view: a float with a buffer of its own.
local M = {}

---@param window integer
local function set_window(window)
  local options = {
    wrap = false,
    cursorline = require('kage.highlight').wanted(),
    winfixbuf = true,
    list = false,
    spell = false,
    foldenable = false,
    -- Of the window the person comes from, nothing may lead here.
    diff = false,
    scrollbind = false,
    cursorbind = false,
    rightleft = false,
    conceallevel = 0,
    winhighlight = require('kage.highlight').window(),
  }
  for name, value in pairs(options) do
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
end

--- Opens the window of a pane; its view's keys are not mapped yet.
---@param wanted table
---@param place table
---@param enter boolean
---@return kage.Pane
function M.open(wanted, place, enter)
  local buffer = vim.api.nvim_create_buf(false, true)
  local border, _, titled = require('kage.layout').border()
  local config = vim.tbl_extend('force', place, { relative = 'editor', style = 'minimal', border = border })
  local window = vim.api.nvim_open_win(buffer, enter, config)
  return {
    name = wanted.name,
    buffer = buffer,
    window = window,
    columns = place.width,
    rows = place.height,
    names = {},
    marks = {},
    title = '',
    footer = '',
    titled = titled,
  }
end

--- Makes the buffer and the window of a pane what its view needs.
---@param pane kage.Pane
---@param wanted table
function M.prepare(pane, wanted)
  local buffer = pane.buffer
  vim.bo[buffer].bufhidden = 'wipe'
  -- A name that somebody's buffer has already is refused; the view is the same without one.
  pcall(vim.api.nvim_buf_set_name, buffer, wanted.buffer)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].undolevels = -1
  set_window(pane.window)
end

return M
