-- The keys of a view, from its shape: shown without the host.
local M = {}

--- Opens a small float over a view with its keys; any of q, ?, <Esc> closes it.
---@param shape table
function M.open(shape)
  local lines, width = {}, 20
  for _, key in ipairs(shape.keys) do
    local line = (' %-7s %s '):format(key.key, key.help)
    lines[#lines + 1] = line
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  local border, edge = require('kage.layout').border()
  width = math.min(width, vim.o.columns - 2 * edge)
  local height = math.max(1, math.min(#lines, vim.o.lines - 2 * edge - 2))
  local config = {
    relative = 'editor',
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 1),
    col = math.max(0, math.floor((vim.o.columns - width) / 2) - 1),
    width = width,
    height = height,
    style = 'minimal',
    border = border,
    zindex = 60,
  }
  if edge > 0 then
    config.title, config.title_pos = ' Kage: keys ', 'center'
  end
  local window = vim.api.nvim_open_win(buffer, true, config)
  vim.wo[window].winhighlight = require('kage.highlight').window()
  vim.bo[buffer].filetype = 'kage-help'
  local function close()
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_win_close(window, true)
    end
  end
  for _, key in ipairs({ 'q', '?', '<Esc>' }) do
    vim.keymap.set('n', key, close, { buffer = buffer, nowait = true, desc = 'Kage: close' })
  end
  vim.api.nvim_create_autocmd(
    'WinLeave',
    { buffer = buffer, once = true, callback = vim.schedule_wrap(close) }
  )
end

return M
