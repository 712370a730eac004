-- The keys of a view, from its shape: shown without the host.
local M = {}

--- Opens a small float over a view with its keys; any of q, ?, <Esc> closes it, as leaving it does.
---@param shape table
function M.open(shape)
  local lines = {}
  for _, key in ipairs(shape.keys) do
    lines[#lines + 1] = (' %-7s %s '):format(key.key, key.help)
  end
  local buffer, window = require('kage.float').open(lines, 'Kage: keys', 'kage-help', 0)
  vim.bo[buffer].modifiable = false
  local function close()
    require('kage.float').close(window)
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
